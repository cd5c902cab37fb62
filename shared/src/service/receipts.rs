//! What a receipt is made of, from the tables that hold it.

use crate::{
    domain::{
        Tenant, Timestamp,
        consent_notice::RegisteredNotice,
        consent_record::{ConsentRecord, RecordDetails, WholeRecord},
        identifiers::RecordId,
        organisation::Organisation,
        proof::SigningKey,
        recipient::Recipient,
    },
    store::{ConsentNotices, ConsentRecords, Database, Error, Organisations, Recipients, Signer},
};
use futures_util::future::{try_join, try_join3};
use std::sync::Arc;

/// Reads what receipts are made of.
pub struct Receipts {
    records: ConsentRecords,
    notices: ConsentNotices,
    organisations: Organisations,
    recipients: Recipients,
    signer: Signer,
}

/// A record, and all that a receipt of it needs.
pub struct Evidence {
    /// The record, as it is at this moment.
    pub record: ConsentRecord,
    /// What is only shown of it.
    pub details: RecordDetails,
    /// The notice that the person was shown.
    pub notice: RegisteredNotice,
    /// What the tenant says of itself at this moment, if it says anything.
    pub organisation: Option<Organisation>,
    /// The tenant's recipients at this moment.
    pub recipients: Vec<Recipient>,
    /// The key that signs at this moment.
    pub key: Arc<SigningKey>,
}

impl Receipts {
    /// With the tables and the signing secret of the environment.
    pub fn new(database: &Database) -> Self {
        Self {
            records: ConsentRecords::new(database),
            notices: ConsentNotices::new(database),
            organisations: Organisations::new(database),
            recipients: Recipients::new(database),
            signer: Signer::from_environment(database),
        }
    }

    /// The evidence of a record. Fails with [`Error::Unavailable`] without a signing key.
    pub async fn evidence(&self, tenant: Tenant, record_id: RecordId, now: Timestamp) -> Result<Evidence, Error> {
        let (whole, stored, recipients) = Box::pin(try_join3(
            self.records.whole(tenant, record_id),
            self.organisations.get(tenant),
            self.recipients.current(tenant),
        ))
        .await?;
        let WholeRecord { record, details, .. } = whole;
        let edition = record.edition();
        let (notice, key) = try_join(self.notices.shown(tenant, &edition), self.signer.key(now)).await?;
        let organisation = stored.map(|stored| stored.organisation);
        Ok(Evidence { record, details, notice, organisation, recipients, key })
    }
}
