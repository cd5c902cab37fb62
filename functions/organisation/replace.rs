//! `PUT /v1/organisation`: set what receipts and notices say of the tenant. What is
//! absent is not set any more.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::OrganisationResponse,
    },
    domain::{
        consent_notice::{Contact, Email, OfficerName, Phone},
        organisation::{
            Address, DataProtectionOfficer, Organisation, OrganisationName, Place, STORAGE_LOCATIONS,
            StoredOrganisation,
        },
    },
    environment::Environment,
    store::{Database, Organisations},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let organisations = Organisations::new(&database);
    Endpoint::write(&operations::REPLACE_ORGANISATION, &database, organisations, replace)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn replace(organisations: &Organisations, request: &Request) -> Result<Committed, Error> {
    let (expected, organisation) = request.conditional_body(organisation)?;
    let mut unit = request.unit_of_work();
    let stored = organisations.replace(&mut unit, request.tenant(), organisation, &expected).await?;
    let response = Response::ok(&OrganisationResponse::of(Some(&stored), &request.caller().tenant_name));
    request.commit(unit, response.etag(&StoredOrganisation::tag(Some(&stored)))).await
}

fn organisation(fields: &mut Fields) -> Validated<Organisation> {
    let name = fields.text("name", OrganisationName::parse);
    let address = fields.optional_text("address", Address::parse);
    let contact = fields.optional_text("contact", Contact::parse);
    let jurisdiction = fields.optional_text("jurisdiction", Place::parse);
    let storage_locations = fields.optional_texts("storageLocations", STORAGE_LOCATIONS, Place::parse);
    let data_protection_officer = fields.optional_object("dataProtectionOfficer", officer);
    Ok(Organisation {
        name: name?,
        address: address?,
        contact: contact?,
        jurisdiction: jurisdiction?,
        storage_locations: storage_locations?,
        data_protection_officer: data_protection_officer?,
    })
}

fn officer(fields: &mut Fields) -> Validated<DataProtectionOfficer> {
    let name = fields.text("name", OfficerName::parse);
    let email = fields.text("email", Email::parse);
    let phone = fields.optional_text("phone", Phone::parse);
    Ok(DataProtectionOfficer { name: name?, email: email?, phone: phone? })
}
