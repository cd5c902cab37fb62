//! What needs doing today.

use super::{ConsoleDeliveries, ConsoleGrievances, ConsoleNotices, Visit, grievances::Listed, notices::Version};
use crate::{
    api::{Error, Response, operations},
    store::Database,
};
use assent_pages::console::{self as pages, List, Today};

/// How many items of each kind the page shows.
const SHOWN: usize = 20;
/// Among how many of the newest deliveries it looks for those that are overdue. No list has these alone.
const DELIVERIES: usize = 200;
/// For how many days ahead it shows the grievances that are due.
const DAYS: u32 = 7;

/// Shows what needs doing.
pub struct WhatNeedsDoing {
    deliveries: ConsoleDeliveries,
    grievances: ConsoleGrievances,
    notices: ConsoleNotices,
}

impl WhatNeedsDoing {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self {
            deliveries: ConsoleDeliveries::new(database),
            grievances: ConsoleGrievances::new(database),
            notices: ConsoleNotices::new(database),
        }
    }

    /// The page. It reads only what the visit may see.
    pub async fn page(&self, visit: &Visit<'_>) -> Result<Response, Error> {
        let (tenant, now) = (visit.request.tenant(), visit.request.context().now);
        let deliveries = if visit.may(&operations::SHOW_CONSOLE_DELIVERIES) {
            // The futures of database calls are large.
            Some(Box::pin(self.deliveries.overdue(tenant, DELIVERIES, SHOWN)).await?)
        } else {
            None
        };
        let grievances = if visit.may(&operations::SHOW_CONSOLE_GRIEVANCES) {
            let by = now.plus_days(DAYS);
            let (due, more) = Box::pin(self.grievances.grievances().due(tenant, by, SHOWN)).await?;
            Some((due.into_iter().map(Listed::of).collect::<Vec<_>>(), more))
        } else {
            None
        };
        let notices = if visit.may(&operations::SHOW_CONSOLE_NOTICES) {
            Some(Box::pin(self.notices.unfinished(tenant, SHOWN)).await?)
        } else {
            None
        };
        let view = Today {
            // To send one again is on the page of deliveries.
            deliveries: deliveries.as_ref().map(|(found, more)| List { items: found.views(false), more: *more }),
            grievances: grievances.as_ref().map(|(listed, more)| List {
                items: listed.iter().map(|listed| listed.view(now)).collect(),
                more: *more,
            }),
            days: DAYS,
            notices: notices.as_ref().map(|(versions, more)| List {
                items: versions.iter().filter_map(Version::view).collect(),
                more: *more,
            }),
        };
        Ok(Response::page(200, &pages::today(&visit.frame(), &view)))
    }
}
