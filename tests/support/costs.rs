//! The cost of each endpoint in database calls and capacity units, as the database itself counts them. Each function is
//! a process of its own with a proxy of its own before the database, so the proxy sees all of the function's calls.

use std::collections::HashMap;

use hyper::Method;
use serde_json::{Value, json};

use crate::client::{Request, Response};
use crate::fault_proxy::{ActiveRule, Consumption, FaultProxy, Matching};
use crate::fixtures::{
    CATALOG, CHECKS, EXPORTS, FEED, GRANTS, GRIEVANCES, NOTICES, ORGANISATION, PROJECTS, RECIPIENTS, RECORDS, SESSION,
    accepted, complete_draft, consent_type, draft_path, events_path, export, export_path, grant, grievance,
    grievance_path, key_header, notice, public_path, publish_path, recipient, recipient_path, record, record_path,
    state_path, text, text_of, version_path, visitors_path, with, withdraw_path,
};
use crate::lone_function::{LoneFunction, Outcome};
use crate::portal::{CONSOLE_SESSIONS, PORTAL_SESSIONS, Page, form, path_of};
use crate::system::announcement;
use crate::telling::{DELIVERIES, delivery_path};

/// The cost of one call of the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// The function, and the special case where the call is one.
    pub call: String,
    /// The database calls and capacity units.
    pub consumption: Consumption,
    /// How many connections the call opened. Those that the function opened when it started are not counted.
    pub connections: usize,
}

/// The cost of each call, in the order in which the calls are made below: database calls, read units, write units.
/// The comment before a line says what is read and written, and why no less is possible. docs/performance.md lists the
/// rules for the least possible cost. A function that adds to a list of the tenant also reads the list's number of shards,
/// once a minute; the comments do not repeat that. An event is an entry of such a list, and is in the index of what is due:
/// 2 units and 1.
pub const EXPECTED: &[(&str, usize, f64, f64)] = &[
    // The key, by its hash; then the day of its last use, which shows keys that nobody uses any more.
    ("authorizer, a key on its first call of a day", 2, 1.0, 1.0),
    // The key, by its hash.
    ("authorizer, a key", 1, 1.0, 0.0),
    ("openapi", 0, 0.0, 0.0),
    ("get-reference", 0, 0.0, 0.0),
    ("get-reference-page", 0, 0.0, 0.0),
    ("get-snippet", 0, 0.0, 0.0),
    // One read of an item that does not exist shows that the database responds.
    ("health", 1, 1.0, 0.0),
    // One query for all keys.
    ("jwks", 1, 1.0, 0.0),
    ("get-consent-receipt-schema", 0, 0.0, 0.0),
    // Written: the notice in its language; its content, as an item of its own because it may be 256 KiB and most
    // readers do not need it; its entries in the lists of the tenant and of the notice; the version, whose purposes all
    // translations must have; the number of the newest version; and the item that leads from the id to the tenant, by
    // which anyone reads the notice. Read: the version, because the write depends on whether it exists. A write without
    // that read would cost each translation a failed transaction.
    ("create-consent-notice", 3, 2.0, 14.0),
    // The condition of the write detects the duplicate, so other calls need no read for it. AWS also charges for writes
    // whose condition fails; the local database does not show that.
    ("create-consent-notice, a duplicate", 2, 1.0, 0.0),
    // The list's number of shards, and its only shard.
    ("list-consent-notices", 2, 2.0, 0.0),
    // The list of versions, the notices, and their contents. Contents are read twelve at a time, so that no page is
    // larger than a response may be.
    ("get-consent-notice", 3, 3.0, 0.0),
    // Written: the same as for a notice that is published at once, but for the number of the newest version. Nothing is
    // read: any number of drafts may be added to a version. The notice has more than 1 KB.
    ("create-consent-notice, a draft", 1, 0.0, 14.0),
    // Read: the draft. Written: the draft, its content, and its entry in the tenant's list, which shows the title.
    ("replace-consent-notice-draft", 3, 2.0, 8.0),
    // Read: the version; then all its languages, in one query. Written: each draft, and its entry in the tenant's list,
    // which shows that it is a draft; the version, and the number of the newest version.
    ("publish-consent-notice, of one draft", 4, 3.0, 10.0),
    // The item that leads to the tenant, the notice and its content.
    ("get-public-notice", 3, 3.0, 0.0),
    // Read: the draft. Deleted: the draft and everything that its registration added.
    ("delete-consent-notice-draft", 3, 2.0, 12.0),
    // The grant, its entries in the lists of the tenant and of the principal, its trail's first audit entry and data
    // key. For a child, one more call reads the ancestors.
    ("create-grant", 2, 1.0, 10.0),
    // The list's number of shards, its only shard, and the grants of the page in one call. List entries only refer to grants, so a revocation writes
    // one item and not three.
    ("list-grants", 3, 3.0, 0.0),
    // The grant.
    ("get-grant", 1, 1.0, 0.0),
    // Read: the grant, whose chain the audit entry continues; and the principal's lists of records and of grants, for the
    // event names what is granted beneath. Written: the grant, the audit entry, the event, and its entry in the principal's
    // list, from which a consent check learns of the revocation.
    ("revoke-grant", 5, 4.0, 9.0),
    // Read: the grant, the number of the notice's newest version, that version in its first language, the person's
    // latest decisions about the notice, and, once a minute in each function, the signing key. Written: the record
    // (less than 1 KB) and its details (between 1 and 2 KB, two thirds of it the signed proof), its two list entries,
    // its trail's first audit entry and data key; the latest decisions; and the event. The same transaction requires that the
    // grant is not revoked. What each of these 2 units (for the details: 4) would cost, if it were saved:
    // - the details: without the parts of the proof that repeat what the record says, they would have 1 KB, but then
    //   an old proof would be valid only as long as the program builds the same bytes again;
    // - the list entries: an index of the table would hold them for half the price, but would lag behind, and nothing
    //   whose truth matters is read from one;
    // - the audit entry: within the details, it would cost as much, because they would have between 2 and 3 KB;
    // - the data key: wrapped under a key of the person, it could be within the record, but then a withdrawal could not
    //   delete it from the backups of the table;
    // - the latest decisions, and 1 unit to read them: a consent and a denial at the same moment could miss each other;
    // - the grant: a record could begin after its grant was revoked.
    ("create-consent-record", 8, 7.0, 21.0),
    // The list's number of shards, its only shard, and each record of the page. A record has three items: one query of them costs 1 unit, and a batch
    // would cost 3.
    ("list-consent-records", 3, 3.0, 0.0),
    // One query of the record's items, and at the same time a write that counts the access and returns the number. The
    // first access has another write: only when the record was read it is known that the number may be created. AWS
    // also charges 1 unit for the first write, whose condition then fails.
    ("get-consent-record, the first access", 3, 1.0, 1.0),
    ("get-consent-record", 2, 1.0, 1.0),
    // The principal's list, each record, and for each a write that counts the access and returns the number.
    ("list-data-principal-records", 3, 2.0, 1.0),
    // The record, its trail and the trail's data key: in three tables, and only the table of data keys has no backups.
    ("get-consent-record-audit", 3, 3.0, 0.0),
    // The list's number of shards, and its only shard.
    ("list-events", 2, 2.0, 0.0),
    // The list's number of shards, which says to which shard the event belongs; and the event.
    ("get-event", 2, 2.0, 0.0),
    // The record's items in one query, what the organisation says of itself, and its current recipients in one query; then
    // the notice that the record names, and, once a minute in each function, the signing key. The notice is read for its
    // data items in the record's language.
    ("get-consent-receipt", 5, 5.0, 0.0),
    // The principal's lists of records and of grants, whose entries contain all that decides; and, once in five seconds
    // in each function, the number of the notice's newest version.
    ("check-consents", 3, 3.0, 0.0),
    // The same twice, because a question about the same person again reads nothing. Written: the log (between 1 and
    // 2 KB for three questions).
    ("check-consents, of two persons, logged", 5, 4.0, 2.0),
    // Read: the record, whose chain the audit entry continues, and the data key that encrypts the reason. Written: the
    // record (less than 1 KB, because what never changes is in its details), the audit entry, the event, and the entry in
    // the principal's list, from which a consent check learns of the withdrawal.
    ("withdraw-consent-record", 4, 3.0, 9.0),
    // The record shows that it was withdrawn. The data key is read at the same time, so that a first withdrawal does
    // not wait for one read after the other.
    ("withdraw-consent-record, a duplicate", 2, 2.0, 0.0),
    // Also read: the grant, and the principal's two lists. Also written: the grant, its audit entry, its event and its entry
    // in the principal's list; and the data key is deleted.
    ("withdraw-consent-record, with its grant and its data", 6, 5.0, 20.0),
    // Also read: the stored response, which does not exist yet. Also written: the response, in the same transaction.
    ("withdraw-consent-record, under an Idempotency-Key", 4, 3.0, 11.0),
    // The stored response.
    ("withdraw-consent-record, repeated under its key", 1, 1.0, 0.0),
    // The session, its trail's first audit entry and data key.
    ("create-dpdp-session", 1, 0.0, 6.0),
    // The session.
    ("get-dpdp-session", 1, 1.0, 0.0),
    // Read: the session and the data key. Written: the session and the audit entry.
    ("update-dpdp-session", 3, 2.0, 4.0),
    // The grievance, its two list entries, its trail's first audit entry and data key.
    ("create-grievance", 2, 1.0, 10.0),
    // The list's number of shards, and its only shard, whose entries contain all that a list shows.
    ("list-grievances", 2, 2.0, 0.0),
    // The grievance.
    ("get-grievance", 1, 1.0, 0.0),
    // Read: the grievance and the data key. Written: the grievance, the audit entry, and the two list entries, which
    // show the status.
    ("update-grievance", 4, 3.0, 8.0),
    // Written: the export's parameters. Then the same reads as in get-export: the first page is made like each later
    // page.
    ("create-export", 13, 12.0, 1.0),
    // The export's parameters, the only shard of the list, and for each of three records its items in one query, its
    // trail and the trail's data key.
    ("get-export", 12, 12.0, 0.0),
    // The principal's list, the records in one call, and for each record its trail and the trail's data key.
    ("list-data-principal-decisions", 4, 4.0, 0.0),
    // Read before each of the two transactions: the principal's list. Read before the first also: whether this
    // withdrawal is in progress, the records in one call, and the data key of each. Written by the first: the
    // withdrawal, the item that leads to it, and what a single withdrawal writes; by the second: the withdrawal, which
    // is completed, and the deletion of the item that leads to it.
    ("withdraw-data-principal", 8, 6.0, 17.0),
    // Whether this withdrawal is in progress, and the principal's list.
    ("withdraw-data-principal, a duplicate", 2, 2.0, 0.0),
    // The withdrawal.
    ("get-withdrawal", 1, 1.0, 0.0),
    // The organisation.
    ("get-organisation", 1, 1.0, 0.0),
    // Read and written: the organisation.
    ("replace-organisation, the first", 2, 1.0, 1.0),
    ("replace-organisation", 2, 1.0, 2.0),
    // Read: the number of current recipients, which is limited. Written: that number, the recipient, its entry in the
    // register, from which a receipt reads all current recipients in one query; and the signing secret of its webhooks.
    ("create-recipient", 2, 1.0, 11.0),
    // Read: the recipient, and its secrets. Written: the secrets.
    ("rotate-recipient-secret", 3, 2.0, 2.0),
    // The register.
    ("list-recipients", 1, 1.0, 0.0),
    // The recipient with its history.
    ("get-recipient", 1, 1.0, 0.0),
    // Read: the recipient. Written: the recipient, and its entry in the register.
    ("update-recipient", 2, 1.0, 7.0),
    // Read: the recipient, and the number of current recipients. Written: both, and the entry in the register, which has
    // another place among those that have ended.
    ("end-recipient", 3, 2.0, 8.0),
    // The project, its list entry, and its domain, by which a preflight finds the project without a key.
    ("create-project", 2, 1.0, 6.0),
    // The list's number of shards, and its only shard.
    ("list-projects", 2, 2.0, 0.0),
    // The project.
    ("get-project", 1, 1.0, 0.0),
    // Read: the project. Written: the project, its list entry, which holds the whole project, and its site.
    ("update-project", 3, 2.0, 6.0),
    // The type, its list entry, its first version and that version's audit entry.
    ("create-consent-type", 2, 1.0, 8.0),
    // The list's number of shards, its only shard, and the types of the page in one call.
    ("list-consent-types", 3, 3.0, 0.0),
    // The site, the list's number of shards, its only shard, and the types and the versions of the page in one call each.
    ("list-site-consent-types", 5, 5.0, 0.0),
    // The type.
    ("get-consent-type", 1, 1.0, 0.0),
    // Read: the type. Written: the type.
    ("update-consent-type", 2, 1.0, 2.0),
    // Read: the type. Written: the type, the previous version (no longer the newest), the new version and its audit
    // entry.
    ("create-consent-type-version", 2, 1.0, 8.0),
    // The version and its type: a deletion deletes the type and its newest versions, and leaves the older ones.
    ("get-consent-type-version", 2, 2.0, 0.0),
    // Read: the same. Written: the version and its audit entry.
    ("update-consent-type-version", 3, 2.0, 4.0),
    // The project, which is cached for five seconds. The session itself is not stored: its token is signed.
    ("create-site-session", 1, 1.0, 0.0),
    // Read: the user of this userId, who does not exist yet. The project is cached. Written: the new user, the item that
    // maps the userId to the user, and the item that maps the user to the userId. An erasure needs both directions.
    ("create-site-session, the first of a userId", 2, 1.0, 6.0),
    // The user of this userId. The project is cached.
    ("create-site-session, another of a userId", 1, 1.0, 0.0),
    // The key that issued the session, because it may have been disabled. It is cached for five seconds.
    ("authorizer, a site session", 1, 1.0, 0.0),
    // Read: the project, the type, its version, and the visitor's own item. Written: the event; the visitor's own item,
    // which has the latest event about each type and says that the visitor was not erased; the request's entry in the
    // project's list; and the version, which is marked as used at its first use. What 2 units less would cost:
    // - without the visitor's item, an event could be stored after an erasure, and the state of a visitor would have to
    //   be found among all of the visitor's events;
    // - without the list entry, the events of a project could be listed only from an index, which lags behind.
    ("create-consent-events, the first of a version", 6, 5.0, 8.0),
    // The project, because its deletion ends the session, and one query.
    ("list-consent-events", 2, 2.0, 0.0),
    // The project and the event.
    ("get-consent-event", 2, 2.0, 0.0),
    // The project, the visitor's own item, and the latest events in one call.
    ("get-consent-state", 3, 3.0, 0.0),
    // As for the first event of a version, but without marking the version.
    ("create-consent-events", 3, 2.0, 6.0),
    // The project, the list's number of shards, its only shard, and the two events in one call.
    ("list-consent-events, of a project", 4, 5.0, 0.0),
    // Read: the project. Written: the project, which is marked as deleted, its list entry and its site.
    ("delete-project", 3, 2.0, 6.0),
    // Read: the type and its versions. Written: the type, its list entry, its version and that version's last audit
    // entry.
    ("delete-consent-type", 4, 3.0, 8.0),
    // Read: the event, the register, the recipient's health, and the counts of the day. Written: the delivery; that the
    // event is relayed, and the counts.
    ("relay, a withdrawal, to one recipient", 7, 5.0, 7.0),
    // The recipient's list.
    ("list-deliveries", 1, 1.0, 0.0),
    // The delivery, its trail, and the trail's data key, which it never has.
    ("get-delivery", 3, 3.0, 0.0),
    // Read: the delivery. Written: the delivery, and what was said in its trail, which for one that has not been told
    // before says this too.
    ("acknowledge-delivery", 2, 1.0, 7.0),
    // The record with its trail and its key, the grant, the register, the events, and the deliveries of each recipient; and
    // the signing key.
    ("get-consent-record-cessation", 11, 11.0, 0.0),
    // Read: the recipient, its health, and the number of shards. Written: the event and the delivery.
    ("ping-recipient", 4, 3.0, 6.0),
    // Read: the delivery, and the recipient's health. Written: the delivery.
    ("retry-delivery", 3, 2.0, 4.0),
    // Read: the recipient, its health, the list, and each delivery. Written: each delivery, and how far the replay has come.
    ("replay-to-recipient, of two messages", 8, 5.0, 9.0),
    // The link, sealed. A repeat under an idempotency key makes another one, so none is looked up here.
    ("create-portal-session", 1, 0.0, 1.0),
    // Read: the number of the notice's newest version, that version in its first language, and the grant.
    ("create-portal-session, with a question", 4, 3.0, 1.0),
    // The link. One in a message is used up only by the button.
    ("open-portal, with a button", 1, 1.0, 0.0),
    // Read: the link. Written: the link, which goes, and the session. AWS charges twice for a transaction; without one, a
    // link could be lost, or open twice.
    ("enter-portal", 2, 1.0, 4.0),
    ("open-portal", 2, 1.0, 4.0),
    // The session, and whether the person was erased since. The key is cached for five seconds.
    ("authorizer, a session of pages", 2, 2.0, 0.0),
    // The notice: the number of the newest version would do for the version, but its first language needs the version's
    // own item; then the notice in its language, and the three items of its content. All are cached for good.
    ("show-portal-question", 5, 5.0, 0.0),
    // As create-consent-record, with every purpose decided; the form's nonce, which makes it take effect once; and the
    // person's records, for the one that it renews and those that a denial ends.
    ("answer-portal-question", 10, 9.0, 25.0),
    // The person's list, and each notice that it names, once for a function.
    ("show-portal-home", 2, 2.0, 0.0),
    // The record, its notice in the language of the page, and the three items of the content.
    ("show-portal-notice", 5, 5.0, 0.0),
    // As get-consent-receipt, and before it the record, which has to be the person's.
    ("get-portal-receipt", 6, 6.0, 0.0),
    // The person's list, and each record.
    ("show-portal-copy", 2, 2.0, 0.0),
    // As withdraw-data-principal, and then the page: the person's list once more, because it shows what is there now.
    ("withdraw-on-portal, of one record", 10, 8.0, 17.0),
    // The person's list, the record, its trail and the trail's data key.
    ("show-portal-history, of one record", 4, 4.0, 0.0),
    // The person's list and the record; then as get-consent-record-cessation, without a signature.
    ("show-portal-told, of one record", 13, 13.0, 0.0),
    // As create-grievance, with the form's nonce; and then the page of the complaints.
    ("complain-on-portal", 3, 2.0, 12.0),
    // The person's list, whose entries hold all that is shown.
    ("show-portal-grievances", 1, 1.0, 0.0),
    // The person's two lists, and each record.
    ("get-portal-data", 3, 3.0, 0.0),
    ("show-portal-erasure", 0, 0.0, 0.0),
    // As erase-data-principal.
    ("erase-on-portal, of a record, its grant and a complaint", 25, 20.0, 54.0),
    ("get-portal-font", 0, 0.0, 0.0),
    // The link.
    ("create-console-session", 1, 0.0, 1.0),
    // Read: the link. Deleted: the link. Written: the session.
    ("open-console", 2, 1.0, 4.0),
    // The session. Its key is cached.
    ("authorizer, a session of the console", 1, 1.0, 0.0),
    // The register, the lists of two recipients; the shards of the lists of grievances and of notices, and these lists; and
    // each notice of the page, because the list does not say what it lacks.
    ("show-console-today", 8, 16.0, 0.0),
    // The principal's list, and the notice.
    ("show-console-person", 2, 2.0, 0.0),
    // As for the cessation, and the record with its trail and its key once more, to verify the trail.
    ("show-console-record", 10, 10.0, 0.0),
    // The list's number of shards, its only shard, and each notice.
    ("show-console-notices", 3, 11.0, 0.0),
    // The list of versions, and the notice.
    ("show-console-notice", 2, 2.0, 0.0),
    // The notice and its content, of both versions: the notice is cached, and its content is not.
    ("show-console-difference", 3, 3.0, 0.0),
    // The register, and the lists of two recipients.
    ("show-console-deliveries", 3, 3.0, 0.0),
    // The list's number of shards, and its only shard.
    ("show-console-grievances", 2, 2.0, 0.0),
    // The grievance.
    ("show-console-grievance", 1, 1.0, 0.0),
    // As for the update, and the grievance as it is then.
    ("decide-on-console", 5, 4.0, 8.0),
    // As for the retry, and the page.
    ("retry-on-console", 6, 5.0, 4.0),
    // Sixteen shards, each for all days.
    ("show-console-charts", 16, 16.0, 0.0),
    // An erasure runs in steps. Each step is a transaction that also stores the progress, so that a crash leaves no
    // step half done. Written: the request with its trail (14), the grant with two audit entries, its event, its list
    // entry and its data key (13), the record with an audit entry, its list entry and its data key (8), the event of the
    // step with its data key (5), and the person's latest decisions (2). The record's details and the number of accesses
    // name nobody and stay. Read: each of the six kinds of resources, until none is left; and each kind once before,
    // because a person without any resource gets a 404.
    ("erase-data-principal, of a record and its grant", 20, 16.0, 42.0),
    // The request.
    ("get-erasure-request", 1, 1.0, 0.0),
    // The user is marked as erased before their events are read, so that no event is added later. The mark replaces the
    // latest events. Then written: each event, without the user and under another key; its request's entry in the
    // project's list, which is deleted; the items that map the userId to the user; and the data key, which is deleted.
    // Read: before each step, the five other kinds of resources.
    ("erase-data-principal, of a site's user and an event", 34, 30.0, 30.0),
    // The same calls again, for another person where there is one. What the calls of all persons read is cached by now:
    // what never changes for good, and the rest for five seconds.
    // Read: the grant, and the person's latest decisions. The notice and the signing key are cached.
    ("create-consent-record, again", 3, 2.0, 21.0),
    // The record, and what the organisation says of itself and its recipients, which a receipt shows as of this moment.
    // The notice is cached for good.
    ("get-consent-receipt, again", 3, 3.0, 0.0),
    // A published notice is cached for good.
    ("get-public-notice, again", 0, 0.0, 0.0),
    // The principal's lists of records and of grants.
    ("check-consents, again", 2, 2.0, 0.0),
    // The key is cached for five seconds, on the paths for which API Gateway does not cache the authorizer's response.
    ("authorizer, a key of a site, again", 0, 0.0, 0.0),
    // The project is cached.
    ("create-site-session, again", 0, 0.0, 0.0),
    // The key is cached.
    ("authorizer, a site session, again", 0, 0.0, 0.0),
    // Read: the visitor's own item. The project and the type are cached for five seconds, and that the version is used
    // for good. Written: the event, the visitor's own item, and the request's entry in the project's list.
    ("create-consent-events, again", 2, 1.0, 6.0),
    // The visitor's own item, and the latest events in one call.
    ("get-consent-state, again", 2, 2.0, 0.0),
];

struct Scale<'a, Start> {
    start: Start,
    proxy: &'a FaultProxy,
    weight: ActiveRule,
    functions: HashMap<String, LoneFunction>,
    context: Value,
    key: String,
    costs: Vec<Cost>,
}

impl<Start: AsyncFn(&str) -> LoneFunction> Scale<'_, Start> {
    /// Invokes the function, and records the cost.
    async fn weigh(&mut self, function: &str, particular: &str, event: &Value) -> Value {
        if !self.functions.contains_key(function) {
            let started = (self.start)(function).await;
            self.functions.insert(function.to_owned(), started);
        }
        self.weight.consumption();
        let opened = self.proxy.connections();
        let outcome = self.functions[function].invoke(event).await;
        let call = format!("{function}{}{particular}", if particular.is_empty() { "" } else { ", " });
        let Outcome::Answered(response) = outcome else { panic!("{call}: {outcome:?}") };
        let connections = self.proxy.connections() - opened;
        self.costs.push(Cost { call, consumption: self.weight.consumption(), connections });
        response
    }

    async fn call(&mut self, function: &str, particular: &str, request: Request, status: u16) -> Value {
        let event = request.event(&self.context);
        let response = Response::of_function(&self.weigh(function, particular, &event).await);
        assert_eq!(response.status(), status, "{function} {particular}: {response}");
        if status == 204 {
            response.expect_no_content();
            return Value::Null;
        }
        response.expect(status)
    }

    async fn get(&mut self, function: &str, path: impl Into<String>) -> Value {
        self.call(function, "", Request::new(Method::GET, path), 200).await
    }

    /// The same for a body that is not JSON.
    async fn read(&mut self, function: &str, path: &str) {
        let event = Request::new(Method::GET, path).event(&self.context);
        let response = Response::of_function(&self.weigh(function, "", &event).await);
        assert_eq!(response.status(), 200, "{function}: {response}");
    }

    async fn post(&mut self, function: &str, path: impl Into<String>, body: &Value, status: u16) -> Value {
        self.call(function, "", Request::new(Method::POST, path).json(body), status).await
    }

    /// Invokes the authorizer, and uses its context in the calls that follow.
    async fn authorize(&mut self, particular: &str, name: &str, value: &str) {
        let policy = self.weigh("authorizer", particular, &authorizer_event(name, value)).await;
        self.context = policy["context"].clone();
    }

    async fn a_record(&mut self, principal: &str) -> Value {
        let notice = self.post("create-consent-notice", NOTICES, &notice(), 201).await;
        let grant = self.post("create-grant", GRANTS, &grant(principal), 201).await;
        self.post("create-consent-record", RECORDS, &record(&grant, &notice, principal), 201).await
    }

    /// Does work without recording its cost: the cost of such calls is recorded elsewhere.
    async fn unmeasured<T>(&mut self, work: impl AsyncFnOnce(&mut Self) -> T) -> T {
        let before = self.costs.len();
        let made = work(self).await;
        self.costs.truncate(before);
        made
    }

    async fn all(&mut self) {
        self.open().await;
        self.notices_and_grants().await;
        self.records().await;
        self.sessions_grievances_and_exports().await;
        self.withdrawals_of_persons().await;
        self.site().await;
        self.deliveries().await;
        self.pages().await;
        self.console().await;
        self.erasures().await;
        self.again().await;
    }

    async fn open(&mut self) {
        self.get("openapi", "/openapi.json").await;
        self.read("get-reference", "/docs").await;
        self.read("get-reference-page", "/docs/health").await;
        self.read("get-snippet", "/assent.js").await;
        self.get("health", "/health").await;
        self.get("jwks", "/.well-known/jwks.json").await;
        self.get("get-consent-receipt-schema", "/v1/schemas/consent-receipt-1.json").await;
    }

    async fn notices_and_grants(&mut self) {
        let first = notice();
        self.post("create-consent-notice", NOTICES, &first, 201).await;
        let again = Request::new(Method::POST, NOTICES).json(&first);
        self.call("create-consent-notice", "a duplicate", again, 409).await;
        self.get("list-consent-notices", NOTICES).await;
        self.get("get-consent-notice", format!("{NOTICES}/{}", text(&first, "noticeId"))).await;

        let draft = complete_draft("en");
        let body = Request::new(Method::POST, NOTICES).json(&draft);
        let made = self.call("create-consent-notice", "a draft", body, 201).await;
        let replacement = with(&text_of(&draft), "title", Some(json!("Other")));
        let replacement = Request::new(Method::PUT, draft_path(&draft)).json(&replacement);
        self.call("replace-consent-notice-draft", "", replacement, 200).await;
        let publication = Request::new(Method::POST, publish_path(&draft)).json(&json!({}));
        self.call("publish-consent-notice", "of one draft", publication, 200).await;
        self.get("get-public-notice", public_path(&made)).await;
        let draft = complete_draft("en");
        self.unmeasured(async |scale| scale.post("create-consent-notice", NOTICES, &draft, 201).await).await;
        let deletion = Request::new(Method::DELETE, draft_path(&draft));
        self.call("delete-consent-notice-draft", "", deletion, 204).await;

        let made = self.post("create-grant", GRANTS, &grant("user-1"), 201).await;
        let path = format!("{GRANTS}/{}", text(&made, "grantId"));
        self.get("list-grants", GRANTS).await;
        self.get("get-grant", path.clone()).await;
        self.call("revoke-grant", "", Request::new(Method::DELETE, path), 204).await;
    }

    async fn records(&mut self) {
        let notice =
            self.unmeasured(async |scale| scale.post("create-consent-notice", NOTICES, &notice(), 201).await).await;
        let grant =
            self.unmeasured(async |scale| scale.post("create-grant", GRANTS, &grant("user-1"), 201).await).await;
        let made = self.post("create-consent-record", RECORDS, &record(&grant, &notice, "user-1"), 201).await;
        let path = format!("{RECORDS}/{}", text(&made, "recordId"));
        self.get("list-consent-records", RECORDS).await;
        self.call("get-consent-record", "the first access", Request::new(Method::GET, path.clone()), 200).await;
        self.get("get-consent-record", path.clone()).await;
        self.get("list-data-principal-records", "/v1/dpdp/data-principals/user-1/records").await;
        let trail = self.get("get-consent-record-audit", format!("{path}/audit")).await;
        self.get("list-events", FEED).await;
        self.get("get-event", format!("{FEED}/{}", text(&trail["entries"][0]["details"], "eventId"))).await;
        self.get("get-consent-receipt", format!("{path}/receipt")).await;
        let question = |principal: &str| json!({"dataPrincipalId": principal, "purpose": "analytics"});
        self.post("check-consents", CHECKS, &json!({"items": [question("user-1")]}), 200).await;
        let items = ["user-1", "user-2", "user-1"].map(question);
        let request = Request::new(Method::POST, CHECKS).json(&json!({"items": items, "log": true}));
        self.call("check-consents", "of two persons, logged", request, 200).await;
        self.post("withdraw-consent-record", withdraw_path(&made), &json!({"reason": "x"}), 200).await;
        let again = Request::new(Method::POST, withdraw_path(&made)).json(&json!({"reason": "x"}));
        self.call("withdraw-consent-record", "a duplicate", again, 409).await;

        let other = self.unmeasured(async |scale| scale.a_record("user-1").await).await;
        let both = json!({"reason": "x", "revokeGrant": true, "deleteProcessedData": true});
        let request = Request::new(Method::POST, withdraw_path(&other)).json(&both);
        self.call("withdraw-consent-record", "with its grant and its data", request, 200).await;

        let keyed = self.unmeasured(async |scale| scale.a_record("user-1").await).await;
        let request = Request::new(Method::POST, withdraw_path(&keyed)).json(&json!({"reason": "x"}));
        let request = request.header("Idempotency-Key", "once");
        self.call("withdraw-consent-record", "under an Idempotency-Key", request.clone(), 200).await;
        self.call("withdraw-consent-record", "repeated under its key", request, 200).await;
    }

    async fn sessions_grievances_and_exports(&mut self) {
        let session = self.post("create-dpdp-session", SESSION, &json!({}), 201).await;
        let path = format!("{SESSION}/{}", text(&session, "sessionId"));
        self.get("get-dpdp-session", path).await;
        let change = json!({"sessionId": text(&session, "sessionId"), "metadata": {"name": "x"}});
        self.call("update-dpdp-session", "", Request::new(Method::PATCH, SESSION).json(&change), 200).await;

        let made = self.post("create-grievance", GRIEVANCES, &grievance("user-1"), 202).await;
        self.get("list-grievances", GRIEVANCES).await;
        self.get("get-grievance", grievance_path(&made)).await;
        let step = Request::new(Method::PATCH, grievance_path(&made)).json(&json!({"status": "in_review"}));
        self.call("update-grievance", "", step, 200).await;

        let made = self.post("create-export", EXPORTS, &export(), 201).await;
        self.get("get-export", export_path(&made)).await;
    }

    async fn withdrawals_of_persons(&mut self) {
        self.unmeasured(async |scale| scale.a_record("user-4").await).await;
        let person = "/v1/dpdp/data-principals/user-4";
        self.get("list-data-principal-decisions", format!("{person}/decisions")).await;
        let (path, body) = (format!("{person}/withdrawals"), json!({"purposes": ["analytics"], "reason": "x"}));
        let made = self.post("withdraw-data-principal", &path, &body, 201).await;
        let again = Request::new(Method::POST, &path).json(&body);
        self.call("withdraw-data-principal", "a duplicate", again, 409).await;
        self.get("get-withdrawal", format!("/v1/dpdp/withdrawals/{}", text(&made, "withdrawalId"))).await;
    }

    async fn deliveries(&mut self) {
        let (recipient, record) = self
            .unmeasured(async |scale| {
                let of_all = with(&recipient(), "purposes", Some(json!(["*"])));
                let recipient = scale.post("create-recipient", RECIPIENTS, &of_all, 201).await;
                let record = scale.a_record("user-7").await;
                scale.post("withdraw-consent-record", withdraw_path(&record), &json!({"reason": "x"}), 200).await;
                (recipient, record)
            })
            .await;
        let audit = format!("{}/audit", record_path(&record));
        let trail = self.unmeasured(async |scale| scale.get("get-consent-record-audit", audit).await).await;
        let event = text(&trail["entries"][1]["details"], "eventId");
        let announced = announcement(&format!("{}#list#feed#0#0", text(&trail, "tenantId")), &event);
        self.weigh("relay", "a withdrawal, to one recipient", &announced).await;
        let page = self.get("list-deliveries", format!("{DELIVERIES}?recipientId={}", text(&recipient, "id"))).await;
        let path = delivery_path(&page["deliveries"][0]);
        self.get("get-delivery", path.clone()).await;
        let ceased = json!({"outcome": "ceased"});
        self.post("acknowledge-delivery", &format!("{path}/acknowledgement"), &ceased, 200).await;
        self.get("get-consent-record-cessation", format!("{}/cessation", record_path(&record))).await;
        let path = recipient_path(&recipient);
        let ping = Request::new(Method::POST, format!("{path}/ping"));
        let pinged = self.call("ping-recipient", "", ping, 202).await;
        let retry = Request::new(Method::POST, format!("{}/retry", delivery_path(&pinged)));
        self.call("retry-delivery", "", retry, 200).await;
        let since = json!({"since": record["createdAt"]});
        self.call(
            "replay-to-recipient",
            "of two messages",
            Request::new(Method::POST, format!("{path}/replay")).json(&since),
            200,
        )
        .await;
    }

    async fn site(&mut self) {
        self.get("get-organisation", ORGANISATION).await;
        let organisation = Request::new(Method::PUT, ORGANISATION).json(&json!({"name": "Acme"}));
        self.call("replace-organisation", "the first", organisation.clone(), 200).await;
        self.call("replace-organisation", "", organisation, 200).await;
        let made = self.post("create-recipient", RECIPIENTS, &recipient(), 201).await;
        let path = recipient_path(&made);
        let secret = Request::new(Method::POST, format!("{path}/rotate-secret"));
        self.call("rotate-recipient-secret", "", secret, 200).await;
        self.get("list-recipients", RECIPIENTS).await;
        self.get("get-recipient", path.clone()).await;
        let change = Request::new(Method::PATCH, path.clone()).json(&json!({"purposes": ["*"]}));
        self.call("update-recipient", "", change, 200).await;
        self.call("end-recipient", "", Request::new(Method::DELETE, path), 204).await;
        let project = json!({"name": "Shop", "domain": "shop.example"});
        let project = text(&self.post("create-project", PROJECTS, &project, 201).await, "id");
        self.get("list-projects", PROJECTS).await;
        let path = format!("{PROJECTS}/{project}");
        self.get("get-project", path.clone()).await;
        let change = Request::new(Method::PATCH, path).json(&json!({"name": "Other"}));
        self.call("update-project", "", change, 200).await;
        let kind = text(&self.post("create-consent-type", CATALOG, &consent_type(), 201).await, "id");
        let path = format!("{CATALOG}/{kind}");
        self.get("list-consent-types", CATALOG).await;
        self.get("list-site-consent-types", format!("/site-v1/{project}/consent-types")).await;
        self.get("get-consent-type", path.clone()).await;
        let change = Request::new(Method::PATCH, path.clone()).json(&json!({"title": "Other"}));
        self.call("update-consent-type", "", change, 200).await;
        let version = json!({"url": "https://example.com/2"});
        self.post("create-consent-type-version", format!("{path}/version"), &version, 201).await;
        self.get("get-consent-type-version", version_path(&kind, "2")).await;
        let change = Request::new(Method::PATCH, version_path(&kind, "2")).json(&json!({"description": "Other"}));
        self.call("update-consent-type-version", "", change, 200).await;

        // The function reads the key from the header.
        let (name, key) = key_header(&visitors_path(&project), &self.key);
        let request = Request::new(Method::POST, visitors_path(&project)).header(name, key);
        let session = self.call("create-site-session", "", request.clone().json(&json!({})), 201).await;
        let named = request.json(&json!({"userId": "user-3"}));
        self.call("create-site-session", "the first of a userId", named.clone(), 201).await;
        let of_user = self.call("create-site-session", "another of a userId", named, 201).await;
        let of_key = self.context.clone();
        self.authorize("a site session", "x-session", &text(&session, "sessionToken")).await;
        let agreed = Request::new(Method::POST, events_path(&project)).json(&accepted(&kind));
        let first = "the first of a version";
        let events = self.call("create-consent-events", first, agreed.clone(), 201).await;
        self.get("list-consent-events", events_path(&project)).await;
        self.get("get-consent-event", format!("{}/{}", events_path(&project), text(&events["items"][0], "id"))).await;
        self.get("get-consent-state", state_path(&project)).await;
        let token = text(&of_user, "sessionToken");
        self.unmeasured(async |scale| scale.authorize("a site session", "x-session", &token).await).await;
        self.call("create-consent-events", "", agreed, 201).await;
        self.context = of_key;
        let listed = Request::new(Method::GET, events_path(&project));
        self.call("list-consent-events", "of a project", listed, 200).await;
        let unused = self.unmeasured(async |scale| {
            text(&scale.post("create-project", PROJECTS, &json!({"name": "Shop"}), 201).await, "id")
        });
        let unused = format!("{PROJECTS}/{}", unused.await);
        self.call("delete-project", "", Request::new(Method::DELETE, unused), 204).await;
        // One that nobody has consented to.
        let unused =
            self.unmeasured(async |scale| scale.post("create-consent-type", CATALOG, &consent_type(), 201).await);
        let unused = format!("{CATALOG}/{}", text(&unused.await, "id"));
        self.call("delete-consent-type", "", Request::new(Method::DELETE, unused), 204).await;
    }

    /// The calls that many persons make one after the other: what they all read is in the function's caches.
    async fn again(&mut self) {
        let shown =
            self.unmeasured(async |scale| scale.post("create-consent-notice", NOTICES, &notice(), 201).await).await;
        let mut consents = Vec::new();
        for person in ["user-7", "user-8"] {
            let grant = self.unmeasured(async |scale| scale.post("create-grant", GRANTS, &grant(person), 201).await);
            let body = record(&grant.await, &shown, person);
            consents.push(Request::new(Method::POST, RECORDS).json(&body));
        }
        let given = self.again_after("create-consent-record", consents, 201).await;
        let get = |path: String| vec![Request::new(Method::GET, path); 2];
        self.again_after("get-consent-receipt", get(format!("{}/receipt", record_path(&given))), 200).await;
        self.again_after("get-public-notice", get(public_path(&shown)), 200).await;
        let question = json!({"items": [{"dataPrincipalId": "user-8", "purpose": "analytics"}]});
        self.again_after("check-consents", vec![Request::new(Method::POST, CHECKS).json(&question); 2], 200).await;
        let (project, kind) = self
            .unmeasured(async |scale| {
                let project = scale.post("create-project", PROJECTS, &json!({"name": "Shop"}), 201).await;
                let kind = scale.post("create-consent-type", CATALOG, &consent_type(), 201).await;
                (text(&project, "id"), text(&kind, "id"))
            })
            .await;
        let (name, value) = key_header(&visitors_path(&project), &self.key);
        self.unmeasured(async |scale| scale.authorize("a key of a site", name, &value).await).await;
        self.authorize("a key of a site, again", name, &value).await;
        let visit = Request::new(Method::POST, visitors_path(&project)).header(name, value).json(&json!({}));
        let session = self.again_after("create-site-session", vec![visit; 2], 201).await;
        let token = text(&session, "sessionToken");
        self.unmeasured(async |scale| scale.authorize("a site session", "x-session", &token).await).await;
        self.authorize("a site session, again", "x-session", &token).await;
        // The first event to the version marks it as used, and the second finds that.
        let event = Request::new(Method::POST, events_path(&project)).json(&accepted(&kind));
        self.again_after("create-consent-events", vec![event; 3], 201).await;
        self.again_after("get-consent-state", get(state_path(&project)), 200).await;
    }

    /// Makes these calls of a function, and records the cost of the last one.
    async fn again_after(&mut self, function: &str, mut requests: Vec<Request>, status: u16) -> Value {
        let last = requests.pop().expect("a request");
        self.unmeasured(async |scale| {
            for request in requests {
                scale.call(function, "", request, status).await;
            }
        })
        .await;
        self.call(function, "again", last, status).await
    }

    /// The pages of a person, and the links to them.
    async fn pages(&mut self) {
        let of_key = self.context.clone();
        let (grant, shown) = self
            .unmeasured(async |scale| {
                let shown = scale.post("create-consent-notice", NOTICES, &notice(), 201).await;
                (scale.post("create-grant", GRANTS, &grant("user-9"), 201).await, shown)
            })
            .await;
        let consent = json!({
            "noticeId": shown["noticeId"], "grantId": grant["grantId"],
            "processingExpiresAt": "2190-01-01T00:00:00.000Z",
        });
        let asked = json!({"dataPrincipalId": "user-9", "flow": "consent", "consent": consent});
        let (name, value) = key_header(PORTAL_SESSIONS, &self.key);
        let link = |body: &Value| Request::new(Method::POST, PORTAL_SESSIONS).header(name, value.clone()).json(body);
        let message = json!({"dataPrincipalId": "user-9", "delivery": "message"});
        let message = self.call("create-portal-session", "", link(&message), 201).await;
        let asked = self.call("create-portal-session", "with a question", link(&asked), 201).await;
        self.page("open-portal", "with a button", Request::new(Method::GET, path_of(&message)), 200).await;
        let token = path_of(&message);
        let token = token.split('=').next_back().expect("a token");
        let enter = form(Request::new(Method::POST, "/p/enter"), &[("link", token)]);
        self.page("enter-portal", "", enter, 303).await;
        let opened = self.page("open-portal", "", Request::new(Method::GET, path_of(&asked)), 303).await;
        let cookie =
            opened.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
        self.unmeasured(async |scale| scale.authorize("a session of pages", "cookie", &cookie).await).await;
        self.authorize("a session of pages", "cookie", &cookie).await;
        let get = |path: String| Request::new(Method::GET, format!("/p/{path}")).header("cookie", &cookie);
        let submit = |path: &str, fields: &[(&str, &str)]| {
            form(Request::new(Method::POST, format!("/p/{path}")).header("cookie", &cookie), fields)
        };
        let question = Page::of(self.page("show-portal-question", "", get("question".to_owned()), 200).await, 200);
        let (token, shown) = (question.field("token"), question.field("shown"));
        let answers = [
            ("token", token.as_str()),
            ("shown", &shown),
            ("purpose.analytics", "granted"),
            ("purpose.personalization", "denied"),
        ];
        self.page("answer-portal-question", "", submit("answer", &answers), 200).await;
        let home = Page::of(self.page("show-portal-home", "", get("home".to_owned()), 200).await, 200);
        let token = home.field("token");
        let link = home.links().into_iter().find(|link| link.starts_with("notice?record=")).expect("a notice");
        let record = link.trim_start_matches("notice?record=").split('&').next().unwrap_or_default().to_owned();
        self.page("show-portal-notice", "", get(format!("notice?record={record}")), 200).await;
        self.page("get-portal-receipt", "", get(format!("receipt?record={record}")), 200).await;
        self.page("show-portal-copy", "", get("copy".to_owned()), 200).await;
        self.page("withdraw-on-portal", "of one record", submit("withdraw", &[("token", &token)]), 200).await;
        self.page("show-portal-history", "of one record", get("history".to_owned()), 200).await;
        self.page("show-portal-told", "of one record", get("told".to_owned()), 200).await;
        self.page("complain-on-portal", "", submit("grievances", &[("token", &token), ("description", "x")]), 200)
            .await;
        self.page("show-portal-grievances", "", get("grievances".to_owned()), 200).await;
        self.page("get-portal-data", "", get("data".to_owned()), 200).await;
        self.page("show-portal-erasure", "", get("erasure".to_owned()), 200).await;
        let confirmed = submit("erase", &[("token", &token), ("confirmed", "yes")]);
        self.page("erase-on-portal", "of a record, its grant and a complaint", confirmed, 200).await;
        self.page("get-portal-font", "", Request::new(Method::GET, "/p/fonts/ol-chiki.css"), 200).await;
        self.context = of_key;
    }

    /// The console, and the links to it.
    async fn console(&mut self) {
        let of_key = self.context.clone();
        let (grievance, record, pinged) = self
            .unmeasured(async |scale| {
                let grievance = scale.post("create-grievance", GRIEVANCES, &grievance("user-8"), 202).await;
                let record = scale.a_record("user-8").await;
                let recipients = scale.get("list-recipients", RECIPIENTS).await;
                let ping = format!("{}/ping", recipient_path(&recipients["recipients"][0]));
                (grievance, record, scale.call("ping-recipient", "", Request::new(Method::POST, ping), 202).await)
            })
            .await;
        let (name, value) = key_header(CONSOLE_SESSIONS, &self.key);
        let link = Request::new(Method::POST, CONSOLE_SESSIONS).header(name, value);
        let link = self.call("create-console-session", "", link, 201).await;
        let opened = self.page("open-console", "", Request::new(Method::GET, path_of(&link)), 303).await;
        let cookie =
            opened.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
        self.unmeasured(async |scale| scale.authorize("a session of the console", "cookie", &cookie).await).await;
        self.authorize("a session of the console", "cookie", &cookie).await;
        let get = |path: String| Request::new(Method::GET, format!("/console/{path}")).header("cookie", &cookie);
        let submit = |path: &str, fields: &[(&str, &str)]| {
            form(Request::new(Method::POST, format!("/console/{path}")).header("cookie", &cookie), fields)
        };
        self.page("show-console-today", "", get("today".to_owned()), 200).await;
        self.page("show-console-person", "", get("person?id=user-8".to_owned()), 200).await;
        self.page("show-console-record", "", get(format!("record?id={}", text(&record, "recordId"))), 200).await;
        self.page("show-console-notices", "", get("notices".to_owned()), 200).await;
        let (notice, version) = (text(&record, "consentNoticeId"), text(&record, "consentNoticeVersion"));
        self.page("show-console-notice", "", get(format!("notice?id={notice}")), 200).await;
        let difference = format!("difference?id={notice}&left={version}&right={version}&language=en");
        self.page("show-console-difference", "", get(difference), 200).await;
        self.page("show-console-deliveries", "", get("deliveries".to_owned()), 200).await;
        self.page("show-console-grievances", "", get("grievances".to_owned()), 200).await;
        let id = text(&grievance, "grievanceId");
        let page = self.page("show-console-grievance", "", get(format!("grievance?id={id}")), 200).await;
        let token = Page::of(page, 200).field("token");
        let fields = [("token", token.as_str()), ("grievance", &id), ("status", "in_review")];
        self.page("decide-on-console", "", submit("decide", &fields), 200).await;
        let delivery = text(&pinged, "id");
        let fields = [("token", token.as_str()), ("delivery", delivery.as_str())];
        self.page("retry-on-console", "", submit("retry", &fields), 200).await;
        self.page("show-console-charts", "", get("charts".to_owned()), 200).await;
        self.context = of_key;
    }

    /// Calls a function whose response is a page or leads to one.
    async fn page(&mut self, function: &str, particular: &str, request: Request, status: u16) -> Response {
        let event = request.event(&self.context);
        let response = Response::of_function(&self.weigh(function, particular, &event).await);
        assert_eq!(response.status(), status, "{function} {particular}: {response}");
        response
    }

    async fn erasures(&mut self) {
        self.unmeasured(async |scale| scale.a_record("user-2").await).await;
        let path = "/v1/dpdp/data-principals/user-2/erasure";
        let made =
            self.call("erase-data-principal", "of a record and its grant", Request::new(Method::POST, path), 201);
        let request = text(&made.await, "requestId");
        self.get("get-erasure-request", format!("/v1/dpdp/erasure-requests/{request}")).await;
        let of_user = Request::new(Method::POST, "/v1/dpdp/data-principals/user-3/erasure");
        self.call("erase-data-principal", "of a site's user and an event", of_user, 201).await;
    }
}

/// The event with which API Gateway invokes the authorizer for a request with this header.
pub(crate) fn authorizer_event(name: &str, value: &str) -> Value {
    let mut event = Request::new(Method::GET, NOTICES).header(name, value).event(&Value::Null);
    event["methodArn"] = json!("arn:aws:execute-api:us-east-1:000000000000:api/live/GET/");
    event["resource"] = json!(match name {
        "Authorization" => NOTICES,
        "cookie" if value.starts_with("__Host-assent-console=") => "/console/today",
        "cookie" => "/p/home",
        _ => "/site-v1/{projectId}/consent-state",
    });
    event
}

/// Calls every endpoint and returns the costs. The key's tenant must have no data yet. The functions reach the database
/// through this proxy.
pub async fn of_every_endpoint(start: impl AsyncFn(&str) -> LoneFunction, proxy: &FaultProxy, key: &str) -> Vec<Cost> {
    let weight = proxy.weigh(Matching::every(&""));
    let mut scale = Scale {
        start,
        proxy,
        weight,
        functions: HashMap::new(),
        context: Value::Null,
        key: key.to_owned(),
        costs: Vec::new(),
    };
    let (name, value) = key_header(NOTICES, key);
    scale.authorize("a key on its first call of a day", name, &value).await;
    scale.authorize("a key", name, &value).await;
    scale.all().await;
    scale.costs
}
