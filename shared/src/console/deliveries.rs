//! What recipients were told, and what they have confirmed.

use super::{Visit, moment, named};
use crate::{
    api::{Error, Response, operations},
    domain::{
        Invalid, Tenant,
        delivery::{AcknowledgementStatus, Channel, Delivery, DeliveryStatus},
        identifiers::{DeliveryId, RecipientId},
    },
    store::{Database, Deliveries, DeliveryFilter, Page, PageRequest, Recipients},
};
use assent_pages::console::{self as pages, Confirmation, RetryBanner};
use std::collections::{BTreeMap, HashMap};

/// How many deliveries a page examines.
const EXAMINED: usize = 50;

/// Shows deliveries.
pub struct ConsoleDeliveries {
    deliveries: Deliveries,
    recipients: Recipients,
}

/// Which deliveries a page shows.
#[derive(Default)]
pub struct Selected {
    filter: DeliveryFilter,
    after: Option<DeliveryId>,
}

/// Deliveries with the names that pages show of them.
pub(super) struct Found {
    page: Page<Delivery>,
    /// The names of all recipients.
    names: HashMap<RecipientId, String>,
    /// The name of the status of each delivery.
    statuses: Vec<String>,
}

impl Selected {
    /// The parameters of the page.
    pub const PARAMETERS: [&'static str; 3] = ["status", "overdue", "cursor"];

    /// Reads them. A status without a value selects all.
    pub fn read(parameters: &BTreeMap<String, String>) -> Result<Self, Error> {
        let given = |name: &str| parameters.get(name).filter(|value| !value.is_empty());
        let malformed = |name: &str, invalid: Invalid| Error::BadRequest(format!("{name} {}", invalid.0));
        let status = given("status").map(|status| DeliveryStatus::parse(status)).transpose();
        let overdue = match given("overdue").map(String::as_str) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some(_) => Err(Invalid::new("must be true")),
        };
        let after = given("cursor").map(|cursor| DeliveryId::parse(cursor)).transpose();
        Ok(Self {
            filter: DeliveryFilter {
                status: status.map_err(|it| malformed("status", it))?,
                overdue: overdue.map_err(|it| malformed("overdue", it))?,
                event_id: None,
            },
            after: after.map_err(|it| malformed("cursor", it))?,
        })
    }

    fn status(&self) -> String {
        self.filter.status.map(named).unwrap_or_default()
    }

    fn is_overdue(&self) -> bool {
        self.filter.overdue == Some(true)
    }
}

impl Found {
    /// What pages show of them. `can_retry` says whether the visit may send them again.
    pub(super) fn views(&self, can_retry: bool) -> Vec<pages::Delivery<'_>> {
        let deliveries = self.page.items.iter().zip(&self.statuses);
        deliveries.map(|(delivery, status)| self.view(delivery, status, can_retry)).collect()
    }

    fn view<'a>(&'a self, delivery: &'a Delivery, status: &'a str, can_retry: bool) -> pages::Delivery<'a> {
        let failure = delivery.last_failure.as_ref().map(|failure| match failure.status_code {
            Some(status) => format!("{} {status}", failure.reason),
            None => failure.reason.clone(),
        });
        let confirmation = delivery.acknowledgement.as_ref().map(|it| {
            let said = moment(it.received_at.unwrap_or(it.due_at));
            match it.status {
                AcknowledgementStatus::Awaited => Confirmation::Awaited(moment(it.due_at)),
                AcknowledgementStatus::Overdue => Confirmation::Overdue(moment(it.due_at)),
                AcknowledgementStatus::Confirmed => Confirmation::Confirmed(said),
                AcknowledgementStatus::Refused => Confirmation::Refused(said),
            }
        });
        let is_sent = delivery.channel == Channel::Webhook && delivery.status != DeliveryStatus::Delivered;
        pages::Delivery {
            id: delivery.id.to_string(),
            recipient: self.names.get(&delivery.recipient_id).map(String::as_str).unwrap_or_default(),
            kind: delivery.kind.name(),
            purposes: &delivery.purposes,
            record: delivery.record_id.map(|id| id.to_string()),
            occurred: moment(delivery.occurred_at),
            status,
            attempts: delivery.attempts,
            failure,
            confirmation,
            can_retry: can_retry && is_sent,
        }
    }
}

impl ConsoleDeliveries {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { deliveries: Deliveries::new(database), recipients: Recipients::new(database) }
    }

    /// Deliveries among so many, those of the newest event first.
    pub(super) async fn find(
        &self,
        tenant: Tenant,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Found, Error> {
        let recipients = self.recipients.all(tenant).await?;
        let ids: Vec<RecipientId> = recipients.iter().map(|recipient| recipient.id).collect();
        let page = self.deliveries.list(tenant, &ids, filter, page).await?;
        let names =
            recipients.into_iter().map(|recipient| (recipient.id, recipient.profile.name.to_string())).collect();
        let statuses = page.items.iter().map(|delivery| named(delivery.status)).collect();
        Ok(Found { page, names, statuses })
    }

    /// The overdue ones among the newest so many, and whether there may be more.
    pub(super) async fn overdue(&self, tenant: Tenant, examined: usize, limit: usize) -> Result<(Found, bool), Error> {
        let filter = DeliveryFilter { overdue: Some(true), ..DeliveryFilter::default() };
        let page = PageRequest { limit: examined, after: None };
        let mut found = self.find(tenant, &filter, &page).await?;
        let more = found.page.next.is_some() || found.page.items.len() > limit;
        found.page.items.truncate(limit);
        Ok((found, more))
    }

    /// The page of the selected deliveries.
    pub async fn page(
        &self,
        visit: &Visit<'_>,
        selected: &Selected,
        banner: Option<RetryBanner>,
    ) -> Result<Response, Error> {
        let page = PageRequest { limit: EXAMINED, after: selected.after.map(|after| after.to_string()) };
        let found = self.find(visit.request.tenant(), &selected.filter, &page).await?;
        let (status, is_overdue) = (selected.status(), selected.is_overdue());
        let next = found.page.next.as_ref().map(|next| {
            let overdue = if is_overdue { "&overdue=true" } else { "" };
            format!("deliveries?status={status}{overdue}&cursor={next}")
        });
        let view = pages::Deliveries {
            banner,
            status: &status,
            overdue: is_overdue,
            deliveries: found.views(visit.may(&operations::RETRY_ON_CONSOLE)),
            next,
        };
        Ok(Response::page(200, &pages::deliveries(&visit.frame(), &view)))
    }
}
