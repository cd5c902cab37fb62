//! Receipts: evidence of a consent and its later events, which can be given to the
//! person. A receipt has the mandatory fields of ISO/IEC TS 27560:2023, with the
//! meanings that W3C's guide to that document describes
//! (<https://w3id.org/dpv/guides/consent-27560>), and its names in camel case.

mod dpv;

use crate::domain::{
    RequestContext, Tenant, Timestamp,
    consent_notice::{
        Contact, DataItemCode, DataItemDescription, Language, Link, NoticeId, NoticePurpose, NoticeVersion,
        PurposeCode, PurposeDescription, RegisteredNotice, Services,
    },
    consent_record::{ConsentRecord, RecordDetails, RecordStatus, RecordedPurpose},
    decision::{DeciderRole, Decision},
    grant::GrantScope,
    identifiers::{GrantId, ReceiptId, RecipientId, RecordId},
    organisation::{Address, DataProtectionOfficer, Organisation, Place},
    recipient::{Recipient, RecipientName, RecipientRole},
};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// What a receipt is made of.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptSources<'a> {
    /// The organisation that the record belongs to.
    pub tenant: Tenant,
    /// The record.
    pub record: &'a ConsentRecord,
    /// What is only shown of it.
    pub details: &'a RecordDetails,
    /// The notice that the person was shown, in the record's language.
    pub notice: &'a RegisteredNotice,
    /// What the tenant says of itself, if it says anything.
    pub organisation: Option<&'a Organisation>,
    /// The tenant's recipients at this moment.
    pub recipients: &'a [Recipient],
    /// Where the JSON Schema of receipts is published.
    pub schema: &'a str,
    /// Where the notice can be read.
    pub notice_url: &'a str,
}

/// A receipt of a consent at a moment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt<'a> {
    receipt_metadata: Metadata<'a>,
    record_header: Header<'a>,
    pii_processing: Processing<'a>,
    party_identification: [Party<'a>; 1],
    events: Vec<Event<'a>>,
    missing: Vec<MandatoryField>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    schema_version: &'a str,
    receipt_id: ReceiptId,
    issued_at: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Header<'a> {
    schema_version: &'a str,
    record_id: RecordId,
    /// The commitment to the person: the receipt itself names nobody.
    pii_principal_id: &'a str,
    status: RecordStatus,
    renews: Option<RecordId>,
    renewed_by: Option<RecordId>,
    erased_at: Option<Timestamp>,
    retention_until: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Processing<'a> {
    privacy_notice: Notice<'a>,
    purposes: Vec<Purpose<'a>>,
    pii_information: Vec<Information<'a>>,
    pii_controllers: [Tenant; 1],
    storage_locations: Option<&'a [Place]>,
    retention_period: Option<Period>,
    jurisdiction: Option<&'a Place>,
    /// `None` if the tenant has no recipient but systems of its own.
    recipient_third_parties: Option<Vec<ReceivingParty<'a>>>,
    withdrawal_method: WithdrawalMethod<'a>,
    privacy_rights: Rights<'a>,
    grant_id: Option<GrantId>,
    scopes: &'a [GrantScope],
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum WithdrawalMethod<'a> {
    /// The notice's link.
    Link(&'a Link),
    /// The operation of this API, if the notice has no link.
    Operation(String),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Notice<'a> {
    notice_id: &'a NoticeId,
    version: &'a NoticeVersion,
    language: &'a Language,
    content_hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_hash: Option<&'a str>,
    url: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Purpose<'a> {
    purpose: &'a PurposeCode,
    description: &'a PurposeDescription,
    /// `None` if the person denied it: then there is none.
    lawful_basis: Option<LawfulBasis>,
    /// The codes of the data items that it needs.
    pii_information: &'a [DataItemCode],
    #[serde(skip_serializing_if = "Option::is_none")]
    services: Option<&'a Services>,
    /// The decision, if the request stated one.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Decision>,
    /// When the purpose ended by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum LawfulBasis {
    Consent,
}

/// An item of personal data, in the words of the notice.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Information<'a> {
    pii_attribute_id: &'a DataItemCode,
    pii_type: &'a DataItemDescription,
}

/// Where the person exercises rights, as the notice says.
#[derive(Debug, Serialize)]
struct Rights<'a> {
    rights: Option<&'a Link>,
    complaint: Option<&'a Link>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Party<'a> {
    party_id: Tenant,
    party_name: &'a str,
    party_address: Option<&'a Address>,
    party_contact: Option<&'a Contact>,
    party_role: PartyRole,
    party_type: PartyType,
    data_protection_officer: Option<&'a DataProtectionOfficer>,
}

/// A recipient of the data of some of the record's purposes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceivingParty<'a> {
    party_id: RecipientId,
    party_name: &'a RecipientName,
    party_contact: Option<&'a Contact>,
    party_role: ReceivingRole,
    country: Option<&'a Place>,
    /// Those that the person granted.
    purposes: Vec<&'a PurposeCode>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum PartyRole {
    /// The data fiduciary of the DPDP Act, the controller of the GDPR.
    PiiController,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum PartyType {
    Organisation,
}

/// What a recipient is to the organisation.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum ReceivingRole {
    Processor,
    JointFiduciary,
    ThirdParty,
}

impl ReceivingRole {
    /// `None` for a system of the organisation itself: it is part of the controller, and receives nothing from it.
    fn of(role: RecipientRole) -> Option<Self> {
        match role {
            RecipientRole::Processor => Some(Self::Processor),
            RecipientRole::JointFiduciary => Some(Self::JointFiduciary),
            RecipientRole::ThirdParty => Some(Self::ThirdParty),
            RecipientRole::OwnSystem => None,
        }
    }
}

/// An event of the consent, which concerns some of the purposes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    event_time: Timestamp,
    /// For how long a given consent is valid. The other states have no end.
    validity_duration: Option<Period>,
    entity_id: Option<Entity<'a>>,
    event_type: Option<ConsentType>,
    event_state: ConsentState,
    purposes: Vec<&'a PurposeCode>,
}

/// A time interval, written as its start and end (ISO 8601-1, section 5.5.2.1).
#[derive(Clone, Copy, Debug)]
struct Period {
    start: Timestamp,
    end: Timestamp,
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}/{}", self.start, self.end))
    }
}

/// Whose act an event is.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
enum Entity<'a> {
    /// The person, by the commitment.
    Principal(&'a str),
    /// The organisation.
    Controller(Tenant),
}

/// How the consent was expressed.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum ConsentType {
    /// By an act that was meant to express it, which `method` names.
    Expressed,
}

/// The state of the consent after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum ConsentState {
    /// The notice was shown.
    Requested,
    Given,
    /// Given again: the record renews another.
    Renewed,
    Refused,
    Withdrawn,
    /// The end of its validity has passed.
    Expired,
    /// Another record has renewed it, or the person was erased.
    Terminated,
}

/// A mandatory field of ISO/IEC TS 27560 about which nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum MandatoryField {
    #[serde(rename = "piiProcessing.piiInformation")]
    PiiInformation,
    #[serde(rename = "piiProcessing.storageLocations")]
    StorageLocations,
    #[serde(rename = "piiProcessing.jurisdiction")]
    Jurisdiction,
    #[serde(rename = "piiProcessing.recipientThirdParties")]
    RecipientThirdParties,
    #[serde(rename = "partyIdentification.partyAddress")]
    PartyAddress,
    #[serde(rename = "partyIdentification.partyContact")]
    PartyContact,
    #[serde(rename = "events.entityId")]
    EntityId,
    #[serde(rename = "events.eventType")]
    EventType,
}

impl<'a> Receipt<'a> {
    /// A new receipt. It is issued at this moment, or at that of the last change of the
    /// record, if the clock of that change was ahead.
    pub fn of(sources: &ReceiptSources<'a>, context: &RequestContext) -> Self {
        let ReceiptSources { tenant, record, details, organisation, schema, .. } = *sources;
        let issued_at = last_change(record).max(context.now);
        let mut receipt = Self {
            receipt_metadata: Metadata { schema_version: schema, receipt_id: ReceiptId::fresh(context), issued_at },
            record_header: Header {
                schema_version: schema,
                record_id: record.record_id,
                pii_principal_id: &details.data_principal_commitment,
                status: record.status(issued_at),
                renews: record.circumstances.renews,
                renewed_by: record.renewed_by,
                erased_at: record.erased_at,
                retention_until: record.retention_until,
            },
            pii_processing: Processing::of(sources),
            party_identification: [Party {
                party_id: tenant,
                party_name: organisation.map_or(details.data_fiduciary_name.as_str(), |it| it.name.as_str()),
                party_address: organisation.and_then(|it| it.address.as_ref()),
                party_contact: organisation
                    .and_then(|it| it.contact.as_ref())
                    .or(sources.notice.data_fiduciary_contact.as_ref()),
                party_role: PartyRole::PiiController,
                party_type: PartyType::Organisation,
                data_protection_officer: organisation.and_then(|it| it.data_protection_officer.as_ref()),
            }],
            events: events(record, &details.data_principal_commitment, tenant, issued_at),
            missing: Vec::new(),
        };
        receipt.missing = receipt.missing();
        receipt
    }

    /// The mandatory fields that the receipt cannot state.
    fn missing(&self) -> Vec<MandatoryField> {
        let (processing, [party]) = (&self.pii_processing, &self.party_identification);
        [
            (MandatoryField::PiiInformation, processing.pii_information.is_empty()),
            (MandatoryField::StorageLocations, processing.storage_locations.is_none()),
            (MandatoryField::Jurisdiction, processing.jurisdiction.is_none()),
            (MandatoryField::RecipientThirdParties, processing.recipient_third_parties.is_none()),
            (MandatoryField::PartyAddress, party.party_address.is_none()),
            (MandatoryField::PartyContact, party.party_contact.is_none()),
            (MandatoryField::EntityId, self.events.iter().any(|event| event.entity_id.is_none())),
            (MandatoryField::EventType, self.events.iter().any(|event| event.event_type.is_none())),
        ]
        .into_iter()
        .filter_map(|(field, missing)| missing.then_some(field))
        .collect()
    }
}

impl<'a> Processing<'a> {
    fn of(sources: &ReceiptSources<'a>) -> Self {
        let ReceiptSources { tenant, record, details, notice, organisation, .. } = *sources;
        let links = notice.particulars.links.as_ref();
        let in_notice = |code: &PurposeCode| notice.purposes.iter().find(|purpose| purpose.code == *code);
        let purpose = |(recorded, description): (&'a RecordedPurpose, &'a PurposeDescription)| {
            let shown = in_notice(&recorded.code);
            Purpose {
                purpose: &recorded.code,
                description,
                lawful_basis: (!recorded.is_denied()).then_some(LawfulBasis::Consent),
                pii_information: shown.map_or(&[], |purpose| &purpose.data_items),
                services: shown.and_then(|purpose| purpose.services.as_ref()),
                decision: recorded.decision,
                withdrawn_at: recorded.withdrawn_at,
            }
        };
        let is_recorded = |purpose: &NoticePurpose| record.purposes.iter().any(|it| it.code == purpose.code);
        // What only purposes need about which the person did not decide is not part of the consent.
        let items = notice.particulars.data_items.iter().filter(|item| {
            let mut needed_by =
                notice.purposes.iter().filter(|purpose| purpose.data_items.contains(&item.code)).peekable();
            needed_by.peek().is_none() || needed_by.any(is_recorded)
        });
        Self {
            privacy_notice: Notice {
                notice_id: &record.consent_notice_id,
                version: &record.consent_notice_version,
                language: &record.consent_notice_language,
                content_hash: &details.consent_notice_hash,
                document_hash: details.document_hash.as_deref(),
                url: sources.notice_url,
            },
            purposes: record.purposes.iter().zip(&details.purpose_descriptions).map(purpose).collect(),
            pii_information: items
                .map(|item| Information { pii_attribute_id: &item.code, pii_type: &item.description })
                .collect(),
            pii_controllers: [tenant],
            storage_locations: organisation.and_then(|it| it.storage_locations.as_deref()),
            // To store data is to process it (DPDP Act s.2(x)).
            retention_period: retention(record),
            jurisdiction: organisation.and_then(|it| it.jurisdiction.as_ref()),
            recipient_third_parties: receiving_parties(sources.recipients, record),
            withdrawal_method: match links.and_then(|links| links.withdraw.as_ref()) {
                Some(link) => WithdrawalMethod::Link(link),
                None => {
                    WithdrawalMethod::Operation(format!("POST /v1/dpdp/consent-records/{}/withdraw", record.record_id))
                }
            },
            privacy_rights: Rights {
                rights: links.and_then(|links| links.rights.as_ref()),
                complaint: links.and_then(|links| links.complaint.as_ref()),
            },
            grant_id: record.grant_id,
            scopes: &details.scopes,
        }
    }
}

/// Who receives the data of the purposes that the person granted. `None` if it is not known of
/// anybody else than the organisation what they receive.
fn receiving_parties<'a>(recipients: &'a [Recipient], record: &'a ConsentRecord) -> Option<Vec<ReceivingParty<'a>>> {
    let party = |recipient: &'a Recipient| {
        let profile = &recipient.profile;
        let granted = record.purposes.iter().filter(|purpose| !purpose.is_denied()).map(|purpose| &purpose.code);
        Some(ReceivingParty {
            party_id: recipient.id,
            party_name: &profile.name,
            party_contact: profile.contact.as_ref(),
            party_role: ReceivingRole::of(profile.role)?,
            country: profile.country.as_ref(),
            purposes: granted.filter(|code| profile.purposes.contain(code)).collect(),
        })
    };
    let mut parties: Vec<ReceivingParty<'a>> = recipients.iter().filter_map(party).collect();
    let is_known = !parties.is_empty();
    parties.retain(|party| !party.purposes.is_empty());
    is_known.then_some(parties)
}

/// From when until when what is granted may be processed, unless it ends earlier; `None`
/// if nothing was granted.
fn validity(record: &ConsentRecord) -> Option<Period> {
    let grants = record.purposes.iter().any(|purpose| !purpose.is_denied());
    record.processing_expires_at.filter(|_| grants).map(|end| Period { start: record.created_at, end })
}

/// From when until when the data may be stored: the validity, or what there was of it.
fn retention(record: &ConsentRecord) -> Option<Period> {
    let ends = [record.withdrawn_at, record.renewed_at, record.erased_at];
    let ended = ends.into_iter().flatten().min();
    validity(record).map(|period| Period { end: ended.map_or(period.end, |end| end.min(period.end)), ..period })
}

/// When the record changed last. The expiry is no change.
fn last_change(record: &ConsentRecord) -> Timestamp {
    let ended = record.purposes.iter().filter_map(|purpose| purpose.withdrawn_at);
    let whole = [record.withdrawn_at, record.renewed_at, record.erased_at].into_iter().flatten();
    ended.chain(whole).fold(record.created_at, Timestamp::max)
}

/// The events of a consent until a moment, in the order of time. `person` is the commitment
/// to the person.
fn events<'a>(record: &'a ConsentRecord, person: &'a str, tenant: Tenant, now: Timestamp) -> Vec<Event<'a>> {
    let event_type = record.circumstances.method.map(|_| ConsentType::Expressed);
    let (person, organisation) = (Entity::Principal(person), Entity::Controller(tenant));
    // Who acts for the person is not named, because that is personal data too.
    let decider = match record.circumstances.actor.as_ref().map(|actor| actor.role) {
        None | Some(DeciderRole::Principal) => Some(person),
        Some(DeciderRole::Operator) => Some(organisation),
        Some(DeciderRole::Guardian | DeciderRole::Nominee | DeciderRole::ConsentManager) => None,
    };
    let event = |event_time, event_state, entity_id, purposes: Vec<_>| Event {
        event_time,
        validity_duration: None,
        entity_id,
        event_type,
        event_state,
        purposes,
    };
    let (refused, granted): (Vec<_>, Vec<_>) = record.purposes.iter().partition(|purpose| purpose.is_denied());
    let mut events = Vec::new();
    if let Some(shown_at) = record.circumstances.shown_at {
        let all = record.purposes.iter().map(|purpose| &purpose.code).collect();
        events.push(event(shown_at, ConsentState::Requested, Some(organisation), all));
    }
    if !granted.is_empty() {
        let state = if record.circumstances.renews.is_some() { ConsentState::Renewed } else { ConsentState::Given };
        let given = event(record.created_at, state, decider, codes(&granted));
        events.push(Event { validity_duration: validity(record), ..given });
    }
    if !refused.is_empty() {
        events.push(event(record.created_at, ConsentState::Refused, decider, codes(&refused)));
    }
    let mut withdrawn: BTreeMap<Timestamp, Vec<&PurposeCode>> = BTreeMap::new();
    for purpose in &granted {
        if let Some(ended) = purpose.withdrawn_at.or(record.withdrawn_at) {
            withdrawn.entry(ended).or_default().push(&purpose.code);
        }
    }
    // What still was granted at a moment, unless it was withdrawn before.
    let left_at = |moment: Timestamp| -> Vec<&PurposeCode> {
        let left = granted.iter().filter(|it| it.withdrawn_at.or(record.withdrawn_at).is_none_or(|end| end > moment));
        left.map(|purpose| &purpose.code).collect()
    };
    // A record is renewed only while it is valid, and what was renewed or has expired does not end once more.
    let ends = [
        (record.renewed_at, ConsentState::Terminated, person),
        (record.processing_expires_at.filter(|expiry| *expiry <= now), ConsentState::Expired, organisation),
        (record.erased_at, ConsentState::Terminated, organisation),
    ];
    let ends = ends.into_iter().filter_map(|(at, state, entity)| at.map(|at| (at, state, entity)));
    if let Some((at, state, entity)) = ends.min_by_key(|(at, ..)| *at) {
        let left = left_at(at);
        if !left.is_empty() {
            events.push(event(at, state, Some(entity), left));
        }
    }
    events.extend(withdrawn.into_iter().map(|(at, codes)| event(at, ConsentState::Withdrawn, Some(person), codes)));
    events.sort_by_key(|event| event.event_time);
    events
}

fn codes<'a>(purposes: &[&'a RecordedPurpose]) -> Vec<&'a PurposeCode> {
    purposes.iter().map(|purpose| &purpose.code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::consent_record::RecordState;
    use proptest::prelude::*;
    use serde_json::json;
    use uuid::Uuid;

    /// A change of a record.
    #[derive(Clone, Copy, Debug)]
    enum Step {
        WithdrawOne(usize),
        WithdrawAll,
        Renew,
        Erase,
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_milliseconds(second * 1000).unwrap()
    }

    /// A record of two granted purposes and a denied one, which is made at 0 and valid until then.
    fn record(expires_at: i64) -> ConsentRecord {
        serde_json::from_value(json!({
            "recordId": "cr_01ARZ3NDEKTSV4RRFFQ69G5FAV", "grantId": null, "dataPrincipalId": "p",
            "consentNoticeId": "n", "consentNoticeVersion": "1", "consentNoticeLanguage": "en",
            "purposes": [{"code": "a"}, {"code": "b"}, {"code": "c", "decision": "denied"}],
            "commitmentSalt": null, "processingExpiresAt": at(expires_at),
            "retentionUntil": at(expires_at), "state": "active", "createdAt": at(0), "withdrawnAt": null,
            "withdrawnReason": null, "erasedAt": null,
            "chain": {"length": 0, "head": null},
        }))
        .unwrap()
    }

    /// The record after the step, if the step is possible.
    fn after(record: ConsentRecord, step: Step, now: Timestamp) -> ConsentRecord {
        let can_end = record.require_withdrawable().is_ok();
        match step {
            Step::WithdrawOne(position) if can_end => {
                let codes: Vec<PurposeCode> = record.granted_codes().into_iter().cloned().collect();
                record.without(codes.get(position).map_or(&codes, std::slice::from_ref), None, None, now)
            }
            Step::WithdrawAll if can_end => record.withdrawn(None, now),
            Step::Renew => record.renewed(record.record_id, now).unwrap_or(record),
            Step::Erase if record.state != RecordState::Erased => {
                ConsentRecord { state: RecordState::Erased, erased_at: Some(now), ..record }
            }
            _ => record,
        }
    }

    proptest! {
        #[test]
        fn each_purpose_has_the_events_of_its_history(
            expires_at in 1_i64..12,
            steps in prop::collection::vec(
                prop_oneof![
                    (0..2_usize).prop_map(Step::WithdrawOne), Just(Step::WithdrawAll), Just(Step::Renew),
                    Just(Step::Erase),
                ],
                0..5,
            ),
            wait in 0_i64..12,
        ) {
            let (mut record, mut now) = (record(expires_at), 0);
            // When each granted purpose ended, and by what.
            let mut ended: BTreeMap<PurposeCode, (Timestamp, ConsentState)> = BTreeMap::new();
            for step in steps {
                now += 2;
                let changed = after(record.clone(), step, at(now));
                let end = match step {
                    Step::WithdrawOne(_) | Step::WithdrawAll => ConsentState::Withdrawn,
                    Step::Renew | Step::Erase => ConsentState::Terminated,
                };
                for code in record.granted_codes() {
                    if !changed.granted_codes().contains(&code) {
                        ended.insert(code.clone(), (at(now), end));
                    }
                }
                record = changed;
            }
            let (now, expiry) = (at(now + wait), at(expires_at));
            let events = events(&record, "c", Tenant(Uuid::nil()), now);
            prop_assert!(events.is_sorted_by_key(|event| event.event_time));
            prop_assert!(events.iter().all(|event| event.event_time <= now && !event.purposes.is_empty()));
            for purpose in &record.purposes {
                let of_purpose = events.iter().filter(|event| event.purposes.contains(&&purpose.code));
                let states: Vec<ConsentState> = of_purpose.map(|event| event.event_state).collect();
                let expected = match ended.get(&purpose.code) {
                    _ if purpose.is_denied() => vec![ConsentState::Refused],
                    // What has expired can still be withdrawn, and does not end by an erasure.
                    Some((at, ConsentState::Withdrawn)) if expiry < *at => {
                        vec![ConsentState::Given, ConsentState::Expired, ConsentState::Withdrawn]
                    }
                    Some((at, ConsentState::Terminated)) if expiry <= *at => {
                        vec![ConsentState::Given, ConsentState::Expired]
                    }
                    Some((_, end)) => vec![ConsentState::Given, *end],
                    None if expiry <= now => vec![ConsentState::Given, ConsentState::Expired],
                    None => vec![ConsentState::Given],
                };
                prop_assert_eq!(states, expected, "{}", purpose.code);
            }
        }
    }
}
