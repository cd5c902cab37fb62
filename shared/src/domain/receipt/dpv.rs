//! A receipt in the terms of W3C's Data Privacy Vocabulary, as JSON-LD 1.1, in the
//! structure of its guide (<https://w3id.org/dpv/guides/consent-27560>).

use super::{
    ConsentState, ConsentType, Entity, Event, Information, Party, Period, Purpose, Receipt, ReceivingParty,
    ReceivingRole, WithdrawalMethod,
};
use crate::domain::{Tenant, Timestamp, decision::Decision};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The guide's profile of receipts.
const RECEIPT_PROFILE: &str = "dpv-27560:receipt";
/// The guide's profile of records.
const RECORD_PROFILE: &str = "dpv-27560:record";

impl Receipt<'_> {
    /// The receipt as JSON-LD. It claims to conform to the profile of the vocabulary only
    /// if no mandatory field is missing, and the notice says which data each purpose needs
    /// and where rights are exercised, which only the profile demands.
    pub fn to_json_ld(&self) -> Value {
        let rights = &self.pii_processing.privacy_rights;
        let has_rights = rights.rights.is_some() || rights.complaint.is_some();
        let has_data = self.pii_processing.purposes.iter().all(|purpose| !purpose.pii_information.is_empty());
        let is_complete = self.missing.is_empty() && has_rights && has_data;
        let conforms = |profile: &str| is_complete.then(|| json!({ "@id": profile }));
        let [controller] = self.pii_processing.pii_controllers.map(iri);
        object([
            (
                "@context",
                // `null` makes the context of an enclosing document void: only what is signed has a meaning.
                Some(json!([null, {
                    "dcat": "http://www.w3.org/ns/dcat#",
                    "dct": "http://purl.org/dc/terms/",
                    "dpv": "https://w3id.org/dpv#",
                    "dpv-27560": "https://w3id.org/dpv/schema/dpv-27560#",
                    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
                    "xsd": "http://www.w3.org/2001/XMLSchema#",
                }])),
            ),
            ("@type", Some(json!("dpv:ConsentReceipt"))),
            ("dct:conformsTo", conforms(RECEIPT_PROFILE)),
            ("dpv:hasIdentifier", Some(json!(self.receipt_metadata.receipt_id))),
            ("dct:created", Some(moment(self.receipt_metadata.issued_at))),
            ("dct:publisher", Some(json!({ "@id": controller }))),
            ("dpv:hasRecordOfActivity", Some(self.record(conforms(RECORD_PROFILE), &controller))),
        ])
    }

    fn record(&self, conforms_to: Option<Value>, controller: &str) -> Value {
        let (header, processing) = (&self.record_header, &self.pii_processing);
        let notice = &processing.privacy_notice;
        let rights = [processing.privacy_rights.rights, processing.privacy_rights.complaint];
        let rights: Vec<Value> = rights
            .into_iter()
            .flatten()
            .map(|link| json!({ "@type": "dpv:DataSubjectRight", "dpv:isExercisedAt": { "@id": link } }))
            .collect();
        object([
            ("@type", Some(json!("dpv:ConsentRecord"))),
            ("dct:conformsTo", conforms_to),
            ("dct:identifier", Some(json!(header.record_id))),
            ("dct:replaces", header.renews.map(|renews| json!(renews))),
            ("dct:isReplacedBy", header.renewed_by.map(|renewed_by| json!(renewed_by))),
            (
                "dpv:hasDataSubject",
                Some(json!({ "@id": PERSON, "@type": "dpv:DataSubject", "dct:identifier": header.pii_principal_id })),
            ),
            ("dpv:hasDataController", Some(json!({ "@id": controller }))),
            ("dpv:hasEntity", Some(self.entities())),
            ("dpv:hasJurisdiction", processing.jurisdiction.map(place)),
            (
                "dpv:hasNotice",
                Some(json!({
                    "@id": notice.url,
                    "@type": "dpv:ConsentNotice",
                    "dct:identifier": notice.notice_id,
                    "dcat:version": notice.version,
                    "dct:language": notice.language,
                })),
            ),
            (
                "dpv:hasConsentControl",
                Some(json!({
                                   "@type": "dpv:WithdrawConsent",
                                   "dpv:isExercisedAt": match &processing.withdrawal_method {
                WithdrawalMethod::Link(link) => json!({ "@id": link }),
                WithdrawalMethod::Operation(operation) => json!(operation),
                },
                               })),
            ),
            ("dpv:hasRight", Some(json!(rights))),
            ("dpv:hasProcess", Some(self.processes())),
            ("dpv:hasPersonalData", Some(self.data_of_no_purpose()).filter(|data| !data.is_empty()).map(Value::Array)),
            ("dpv:hasConsentStatus", Some(self.events.iter().map(|event| self.status(event)).collect())),
        ])
    }

    /// The organisation, and those who receive data.
    fn entities(&self) -> Value {
        let recipients = self.receiving_parties().map(|(position, party)| recipient(position, party));
        self.party_identification.iter().map(entity).chain(recipients).collect()
    }

    fn receiving_parties(&self) -> impl Iterator<Item = (usize, &ReceivingParty<'_>)> {
        self.pii_processing.recipient_third_parties.iter().flatten().enumerate()
    }

    /// A process for each purpose.
    fn processes(&self) -> Value {
        let processing = &self.pii_processing;
        let items = || processing.pii_information.iter().enumerate();
        let mut stated = BTreeSet::new();
        let process = |(position, purpose): (usize, &Purpose<'_>)| {
            let data = items().filter(|(_, item)| purpose.pii_information.contains(item.pii_attribute_id));
            let data: Vec<Value> =
                data.map(|(position, item)| once(&mut stated, self.personal_data(position, item))).collect();
            // Nothing is stored for what was denied.
            let storage = if purpose.decision == Some(Decision::Denied) { Vec::new() } else { self.storage() };
            let storage: Vec<Value> = storage.into_iter().map(|condition| once(&mut stated, condition)).collect();
            object([
                ("@type", Some(json!("dpv:Process"))),
                (
                    "dpv:hasPurpose",
                    Some(json!({
                        "@id": purpose_id(position),
                        "@type": "dpv:Purpose",
                        "dct:identifier": purpose.purpose,
                        "dct:description": self.worded(purpose.description),
                    })),
                ),
                ("dpv:hasLegalBasis", purpose.lawful_basis.map(|_| json!({ "@id": "dpv:Consent" }))),
                ("dpv:hasPersonalData", Some(json!(data))),
                (
                    "dpv:hasService",
                    purpose
                        .services
                        .map(|services| json!({ "@type": "dpv:Service", "dct:description": self.worded(services) })),
                ),
                ("dpv:hasRecipient", Some(self.recipients_of(purpose)).filter(|all| !all.is_empty()).map(Value::Array)),
                ("dpv:hasStorageCondition", Some(json!(storage))),
            ])
        };
        processing.purposes.iter().enumerate().map(process).collect()
    }

    fn recipients_of(&self, purpose: &Purpose<'_>) -> Vec<Value> {
        let parties = self.receiving_parties().filter(|(_, party)| party.purposes.contains(&purpose.purpose));
        parties.map(|(position, _)| json!({ "@id": recipient_id(position) })).collect()
    }

    /// Where and until when the data may be stored.
    fn storage(&self) -> Vec<Value> {
        let places = self.pii_processing.storage_locations.map(|places| {
            let places: Vec<Value> = places.iter().map(place).collect();
            json!({ "@id": "_:locations", "@type": "dpv:StorageLocation", "dpv:hasLocation": places })
        });
        let retention = self.pii_processing.retention_period.map(
            |period| json!({ "@id": "_:retention", "@type": "dpv:StorageDuration", "dpv:hasDuration": until(period) }),
        );
        [places, retention].into_iter().flatten().collect()
    }

    /// The data of which the notice does not say which purposes need it.
    fn data_of_no_purpose(&self) -> Vec<Value> {
        let (items, purposes) = (self.pii_processing.pii_information.iter(), &self.pii_processing.purposes);
        let is_named = |item: &Information<'_>| {
            purposes.iter().any(|purpose| purpose.pii_information.contains(item.pii_attribute_id))
        };
        let unnamed = items.enumerate().filter(|(_, item)| !is_named(item));
        unnamed.map(|(position, item)| self.personal_data(position, item)).collect()
    }

    fn personal_data(&self, position: usize, item: &Information<'_>) -> Value {
        json!({
            "@id": data_id(position),
            "@type": "dpv:PersonalData",
            "dct:identifier": item.pii_attribute_id,
            "dct:description": self.worded(item.pii_type),
        })
    }

    /// A text of the notice, with its language.
    fn worded(&self, text: &impl Serialize) -> Value {
        json!({ "@language": self.pii_processing.privacy_notice.language, "@value": text })
    }

    fn status(&self, event: &Event<'_>) -> Value {
        let purposes = self.pii_processing.purposes.iter().enumerate();
        let purposes = purposes.filter(|(_, purpose)| event.purposes.contains(&purpose.purpose));
        let purposes: Vec<Value> = purposes.map(|(position, _)| json!({ "@id": purpose_id(position) })).collect();
        // Only what gives a consent is one.
        let gives = matches!(event.event_state, ConsentState::Given | ConsentState::Renewed);
        let types = [Some(state(event.event_state)), event.event_type.filter(|_| gives).map(consent_type)];
        object([
            ("@type", Some(types.into_iter().flatten().collect())),
            ("dpv:isIndicatedAtTime", Some(moment(event.event_time))),
            (
                "dpv:isIndicatedBy",
                event.entity_id.map(|entity| match entity {
                    Entity::Principal(_) => json!({ "@id": PERSON }),
                    Entity::Controller(tenant) => json!({ "@id": iri(tenant) }),
                }),
            ),
            ("dpv:hasDuration", event.validity_duration.map(until)),
            ("dpv:hasPurpose", Some(json!(purposes))),
        ])
    }
}

/// The node of the person.
const PERSON: &str = "_:person";

/// A node where it occurs first, and its id alone where it occurs again: a receipt would
/// otherwise grow with the product of its purposes and its data items.
fn once(stated: &mut BTreeSet<String>, node: Value) -> Value {
    match node.get("@id").and_then(Value::as_str) {
        Some(id) if !stated.insert(id.to_owned()) => json!({ "@id": id }),
        _ => node,
    }
}

fn state(state: ConsentState) -> &'static str {
    match state {
        ConsentState::Requested => "dpv:ConsentRequested",
        ConsentState::Given => "dpv:ConsentGiven",
        ConsentState::Renewed => "dpv:RenewedConsentGiven",
        ConsentState::Refused => "dpv:ConsentRefused",
        ConsentState::Withdrawn => "dpv:ConsentWithdrawn",
        ConsentState::Expired => "dpv:ConsentExpired",
        // The vocabulary has no narrower term for it.
        ConsentState::Terminated => "dpv:ConsentStatusInvalidForProcessing",
    }
}

fn consent_type(kind: ConsentType) -> &'static str {
    match kind {
        ConsentType::Expressed => "dpv:ExpressedConsent",
    }
}

fn entity(party: &Party<'_>) -> Value {
    let officer = party.data_protection_officer.map(|officer| {
        let phone = officer.phone.as_ref().map(|phone| json!(phone));
        let contact: Vec<Value> = [Some(json!(officer.email)), phone].into_iter().flatten().collect();
        json!({ "@type": "dpv:DataProtectionOfficer", "dpv:hasName": officer.name, "dpv:hasContact": contact })
    });
    object([
        ("@id", Some(json!(iri(party.party_id)))),
        ("@type", Some(json!(["dpv:DataController", "dpv:Organisation"]))),
        ("dpv:hasIdentifier", Some(json!(party.party_id))),
        ("dpv:hasName", Some(json!(party.party_name))),
        ("dpv:hasAddress", party.party_address.map(|address| json!(address))),
        ("dpv:hasContact", party.party_contact.map(|contact| json!(contact))),
        ("dpv:hasDataProtectionOfficer", officer),
    ])
}

fn recipient(position: usize, party: &ReceivingParty<'_>) -> Value {
    let role = match party.party_role {
        ReceivingRole::Processor => "dpv:DataProcessor",
        ReceivingRole::JointFiduciary => "dpv:DataController",
        ReceivingRole::ThirdParty => "dpv:ThirdParty",
    };
    object([
        ("@id", Some(json!(recipient_id(position)))),
        ("@type", Some(json!([role, "dpv:Recipient"]))),
        ("dpv:hasIdentifier", Some(json!(party.party_id))),
        ("dpv:hasName", Some(json!(party.party_name))),
        ("dpv:hasContact", party.party_contact.map(|contact| json!(contact))),
        ("dpv:hasLocation", party.country.map(place)),
    ])
}

fn place(place: &impl Serialize) -> Value {
    json!({ "@type": "dpv:Location", "dct:title": place })
}

fn until(period: Period) -> Value {
    json!({ "@type": "dpv:UntilTimeDuration", "rdf:value": moment(period.end) })
}

fn moment(moment: Timestamp) -> Value {
    json!({ "@type": "xsd:dateTime", "@value": moment })
}

fn iri(tenant: Tenant) -> String {
    format!("urn:uuid:{tenant}")
}

fn purpose_id(position: usize) -> String {
    format!("_:purpose{position}")
}

fn recipient_id(position: usize) -> String {
    format!("_:recipient{position}")
}

fn data_id(position: usize) -> String {
    format!("_:data{position}")
}

/// An object of the members that there are.
fn object<const MEMBERS: usize>(members: [(&str, Option<Value>); MEMBERS]) -> Value {
    let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(members.collect::<Map<_, _>>())
}
