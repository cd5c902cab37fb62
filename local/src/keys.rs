//! Creates, lists, disables and rotates API keys, on this machine or in a deployed stack.
//!
//! A key has two entries: an item in the keys table, which names its tenant, and a membership of a usage plan, which API
//! Gateway stores by the key's SHA-256 (locally the data directory does). The two cannot be written in one transaction,
//! so the steps are in an order in which a crash never leaves a usable key behind, and the command can be repeated:
//!
//! - Create: write the item as disabled; add the key to the plan; enable the item; show the key. A crash leaves a
//!   disabled key whose text nobody has. `list` shows it, and `disable` removes it from its plan.
//! - Disable: disable the item first, because the authorizer reads it; then the membership. A repeat completes the steps.
//! - Rotate: create and show the new key before the old one is changed. A crash leaves the old key valid.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assent_shared::domain::api_key::{ApiKeyStatus, ApiKeyText};
use assent_shared::domain::identifiers::RecipientId;
use assent_shared::domain::scope::{Area, Scopes};
use assent_shared::domain::{DomainError, RequestContext};
use assent_shared::store::{ApiKeys, Database, Error as StoreError, IssuedKey, KeyOrder, KnownKey, Recipients};
use uuid::Uuid;

use crate::Error;
use crate::data::Data;
use crate::database::remote::Remote;
use crate::database::{Commits, Engine, socket};
use crate::stack::{Aws, Stack};
use crate::template::Template;
use crate::usage_plans::UsagePlanKeys;

/// The default usage plan.
pub const DEFAULT_PLAN: &str = "enterprise";
/// The time that a command waits for a database that another process is starting.
const START_TIMEOUT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(100);

/// The system whose keys are managed.
#[derive(Debug, Clone)]
pub enum Location {
    /// The data directory of a system on this machine, which may be running.
    Directory(PathBuf),
    /// The CloudFormation stack of this name.
    Stack(String),
}

/// The properties of a key to be created.
#[derive(Debug, Clone)]
pub struct Order {
    tenant: String,
    label: String,
    scopes: Scopes,
    plan: String,
    recipient: Option<RecipientId>,
}

impl Order {
    /// Checks the arguments of `keys create`. A new tenant is created, the label may be empty, and the scopes are
    /// separated by commas (`*` means all scopes).
    pub fn parse(tenant: &str, label: &str, scopes: &str, plan: &str) -> Result<Self, Error> {
        let (tenant, label) = (one_line("--tenant", tenant, 1)?, one_line("--label", label, 0)?);
        Ok(Self { tenant, label, scopes: parse_scopes(scopes)?, plan: plan.to_owned(), recipient: None })
    }

    /// The same for a recipient of the tenant: its key may only read what it is told, and answer.
    pub fn of_recipient(self, recipient: &str) -> Result<Self, Error> {
        let recipient = RecipientId::parse(recipient.trim()).map_err(|_| {
            let hint = "GET /v1/recipients shows the id of each recipient, such as rcp_01ARZ3NDEKTSV4RRFFQ69G5FAV";
            Error::Key(format!("--recipient: {recipient:?} is not the id of a recipient: {hint}"))
        })?;
        Ok(Self { scopes: Scopes::All.of_area(Area::Deliveries), recipient: Some(recipient), ..self })
    }

    /// A key with all scopes, on the default plan.
    pub(crate) fn of_everything(tenant: &str) -> Self {
        let (label, plan) = (String::new(), DEFAULT_PLAN.to_owned());
        Self { tenant: tenant.to_owned(), label, scopes: Scopes::All, plan, recipient: None }
    }
}

/// Parses the id of a key.
pub fn parse_id(text: &str) -> Result<Uuid, Error> {
    let hint = "`keys list` shows the id of each key";
    text.trim().parse().map_err(|_| {
        // A key is not repeated in the message, because it is secret and standard error may be stored.
        let given = if text.contains("ak_") { "a key itself".to_owned() } else { format!("{text:?}") };
        Error::Key(format!("{given} is not the id of a key, such as 6e2e8db4-c278-4eca-bb4c-ef2b213a8464: {hint}"))
    })
}

/// Creates a key and shows it.
pub async fn create(location: &Location, order: &Order, show: impl FnOnce(&IssuedKey)) -> Result<(), Error> {
    show(&at(location, async |registry| registry.create(order).await).await?);
    Ok(())
}

/// All keys, one line each, the newest last. The day of a key's last use is in UTC. It may be five minutes late, because
/// the gateway caches the authorizer's policies.
pub async fn list(location: &Location) -> Result<String, Error> {
    at(location, async |registry| registry.list().await).await
}

/// Disables a key. A key that is disabled already is removed from its plan, if it is still on one.
pub async fn disable(location: &Location, key: Uuid) -> Result<(), Error> {
    at(location, async |registry| registry.disable(&registry.find(key).await?).await).await
}

/// Creates a key like this one, shows it, and lets this one expire after `overlap_hours`.
pub async fn rotate(
    location: &Location,
    key: Uuid,
    overlap_hours: u32,
    show: impl FnOnce(&IssuedKey),
) -> Result<(), Error> {
    at(location, async |registry| registry.rotate(key, overlap_hours, show).await).await
}

/// Runs `work` with the keys of a location.
async fn at<T>(location: &Location, work: impl AsyncFnOnce(&Registry) -> Result<T, Error>) -> Result<T, Error> {
    match location {
        Location::Stack(name) => {
            let stack = Stack::find(Aws::from_environment(), name).await?;
            let (keys, recipients) = (stack.api_keys().await?, stack.recipients().await?);
            work(&Registry { keys, recipients, plans: Plans::Stack(stack), context: RequestContext::system() }).await
        }
        Location::Directory(directory) => {
            let template = Template::own()?;
            let data = Data::find(directory)?;
            at_database(directory, async |database| work(&registry(&template, &data, database).await?).await).await
        }
    }
}

/// Runs `work` with the database of a data directory: with the one elsewhere that the system uses, through the socket if
/// another process runs it, and otherwise in this process.
pub(crate) async fn at_database<T>(
    directory: &Path,
    work: impl AsyncFnOnce(&Database) -> Result<T, Error>,
) -> Result<T, Error> {
    let data = Data::find(directory)?;
    if let Some(url) = data.database_endpoint() {
        return work(&Remote::at(&url).connect()).await;
    }
    let Some(_lock) = data.try_lock()? else {
        return work(&running(&data).await?).await;
    };
    let template = Template::own()?;
    let engine = Engine::open(&data.database_file(), Commits::Synced)?;
    engine.create_tables(&template).await?;
    work(&engine.connect()).await
}

/// Waits for the database that another process runs on this directory.
async fn running(data: &Data) -> Result<Database, Error> {
    let (socket, deadline) = (data.socket(), tokio::time::Instant::now() + START_TIMEOUT);
    while !socket::is_served(&socket).await {
        if tokio::time::Instant::now() > deadline {
            return Err(Error::Key("the local system is still starting: try again once it is ready".to_owned()));
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(socket::connect(&socket))
}

/// The keys of a data directory, whose tables are in this database.
pub(crate) async fn registry(template: &Template, data: &Data, database: &Database) -> Result<Registry, Error> {
    let plan_keys = data.usage_plan_keys();
    let registry = Registry {
        keys: ApiKeys::new(database),
        recipients: Recipients::new(database),
        plans: Plans::Local { keys: plan_keys.clone(), plans: template.usage_plans.keys().cloned().collect() },
        context: RequestContext::system(),
    };
    if plan_keys.is_new() {
        // These keys were created before there were usage plans.
        for known in registry.all().await? {
            plan_keys.put(&known.hash.to_string(), DEFAULT_PLAN)?;
        }
    }
    Ok(registry)
}

/// The keys of one location.
pub(crate) struct Registry {
    keys: ApiKeys,
    recipients: Recipients,
    plans: Plans,
    context: RequestContext,
}

/// The usage plans of the keys.
enum Plans {
    Local { keys: UsagePlanKeys, plans: Vec<String> },
    Stack(Stack),
}

impl Registry {
    /// Creates a key, in the order of steps that the module describes.
    pub(crate) async fn create(&self, order: &Order) -> Result<IssuedKey, Error> {
        let known = self.plans.names();
        if !known.contains(&order.plan) {
            return Err(Error::Key(format!(
                "there is no usage plan {:?}; the plans are {}",
                order.plan,
                known.join(", ")
            )));
        }
        if let Some(recipient) = order.recipient {
            self.require_current(&order.tenant, recipient).await?;
        }
        let item = KeyOrder {
            tenant_name: &order.tenant,
            label: &order.label,
            scopes: order.scopes.clone(),
            expires_at: None,
            status: ApiKeyStatus::Disabled,
            recipient_id: order.recipient,
        };
        let issued = self.keys.issue(item, &self.context).await.map_err(|error| database(&error))?;
        let hash = issued.text.hash();
        match &self.plans {
            Plans::Local { keys, .. } => keys.put(&hash.to_string(), &order.plan)?,
            Plans::Stack(stack) => stack.put(issued.caller.key_id, &hash.to_string(), &order.plan).await?,
        }
        let changed = self.keys.set_status(&hash, ApiKeyStatus::Active, &self.context).await;
        changed.map_err(|error| database(&error))?;
        Ok(issued)
    }

    /// Refuses a recipient that the tenant does not have, or that has ended.
    async fn require_current(&self, tenant: &str, recipient: RecipientId) -> Result<(), Error> {
        let missing = || Error::Key(format!("the tenant {tenant:?} has no recipient {recipient}"));
        let id = self.keys.tenant_named(tenant).await.map_err(|error| database(&error))?.ok_or_else(missing)?;
        match self.recipients.get(id, recipient).await {
            Ok(dated) if dated.recipient.ended_at.is_none() => Ok(()),
            Ok(_) => Err(Error::Key(format!("the recipient {recipient} has ended"))),
            Err(StoreError::Domain(DomainError::NotFound(_))) => Err(missing()),
            Err(error) => Err(database(&error)),
        }
    }

    /// Disables a key, in the order of steps that the module describes.
    async fn disable(&self, known: &KnownKey) -> Result<(), Error> {
        let changed = self.keys.set_status(&known.hash, ApiKeyStatus::Disabled, &self.context).await;
        changed.map_err(|error| database(&error))?;
        match &self.plans {
            Plans::Local { keys, .. } => keys.disable(&known.hash.to_string()),
            Plans::Stack(stack) => stack.delete(known.key.caller.key_id).await,
        }
    }

    /// Rotates a key, in the order of steps that the module describes.
    async fn rotate(&self, key: Uuid, overlap_hours: u32, show: impl FnOnce(&IssuedKey)) -> Result<(), Error> {
        let old = self.find(key).await?;
        let now = self.context.now;
        if old.key.status != ApiKeyStatus::Active || !old.key.caller.is_good_at(now) {
            return Err(Error::Key(format!("the key {key} is no longer valid: create a new one")));
        }
        let plan = self.plans.plan_of(&old).await?;
        let plan = plan.ok_or_else(|| Error::Key(format!("the key {key} is on no usage plan: create a new one")))?;
        let caller = &old.key.caller;
        let (tenant, label, scopes) = (caller.tenant_name.clone(), old.key.label.clone(), caller.scopes.clone());
        let new = self.create(&Order { tenant, label, scopes, plan, recipient: caller.recipient() }).await?;
        show(&new);
        if overlap_hours == 0 {
            return self.disable(&old).await;
        }
        let end = now.plus_seconds(overlap_hours.saturating_mul(3600));
        if caller.is_good_at(end) {
            self.keys.end_at(&old.hash, end, &self.context).await.map_err(|error| database(&error))?;
        }
        Ok(())
    }

    async fn list(&self) -> Result<String, Error> {
        let all = self.all().await?;
        let plans = self.plans.of_all(&all).await?;
        let mut lines = format!(
            "{:36}  {:12}  {:8}  {:10}  {:24}  {:24}  {:10}  tenant, scopes, label",
            "key", "begins", "status", "plan", "made", "ends", "last used"
        );
        for (known, plan) in all.iter().zip(plans) {
            let (key, caller) = (&known.key, &known.key.caller);
            let status = match key.status {
                ApiKeyStatus::Disabled => "disabled",
                ApiKeyStatus::Active if caller.is_good_at(self.context.now) => "active",
                ApiKeyStatus::Active => "ended",
            };
            let ends = caller.expires_at.map_or_else(|| "-".to_owned(), |end| end.to_string());
            let or_none = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
            // Writing to a String cannot fail.
            let _ = write!(
                lines,
                "\n{:36}  {:12}  {status:8}  {:10}  {:24}  {ends:24}  {:10}  {}, {}{}, {}",
                caller.key_id,
                or_none(&key.prefix),
                plan.as_deref().unwrap_or("-"),
                key.created_at.to_string(),
                or_none(key.last_used_on.as_deref().unwrap_or_default()),
                caller.tenant_name,
                caller.scopes,
                caller.recipient().map(|recipient| format!(" of {recipient}")).unwrap_or_default(),
                or_none(&key.label),
            );
        }
        Ok(lines)
    }

    /// Whether the key is valid, belongs to the tenant, has all scopes and is on a plan.
    pub(crate) async fn is_valid_demo_key(&self, tenant: &str, key: &str) -> Result<bool, Error> {
        let Some(text) = ApiKeyText::parse(key) else { return Ok(false) };
        let caller = self.keys.caller(&text.hash(), self.context.now).await.map_err(|error| database(&error))?;
        let on_plan = match &self.plans {
            Plans::Local { keys, .. } => keys.plan_of(&text.hash().to_string()).is_some(),
            Plans::Stack(_) => true,
        };
        Ok(on_plan && caller.is_some_and(|caller| caller.tenant_name == tenant && caller.scopes == Scopes::All))
    }

    async fn find(&self, key: Uuid) -> Result<KnownKey, Error> {
        let found = self.all().await?.into_iter().find(|known| known.key.caller.key_id == key);
        found.ok_or_else(|| Error::Key(format!("there is no key {key}: `keys list` shows all keys")))
    }

    async fn all(&self) -> Result<Vec<KnownKey>, Error> {
        let mut all = self.keys.list().await.map_err(|error| database(&error))?;
        all.sort_by_key(|known| (known.key.created_at, known.key.caller.key_id));
        Ok(all)
    }
}

impl Plans {
    fn names(&self) -> Vec<String> {
        match self {
            Self::Local { plans, .. } => plans.clone(),
            Self::Stack(stack) => stack.plans(),
        }
    }

    async fn plan_of(&self, known: &KnownKey) -> Result<Option<String>, Error> {
        let plans = self.of_all(std::slice::from_ref(known)).await?;
        Ok(plans.into_iter().next().flatten())
    }

    /// The plan of each of these keys, in their order.
    async fn of_all(&self, all: &[KnownKey]) -> Result<Vec<Option<String>>, Error> {
        match self {
            Self::Local { keys, .. } => Ok(all.iter().map(|known| keys.any_plan_of(&known.hash.to_string())).collect()),
            Self::Stack(stack) => {
                let plans = stack.plans_of_keys().await?;
                Ok(all.iter().map(|known| plans.get(&known.key.caller.key_id).cloned()).collect())
            }
        }
    }
}

fn database(error: &StoreError) -> Error {
    Error::Database(error.to_string())
}

fn parse_scopes(list: &str) -> Result<Scopes, Error> {
    let names: Vec<_> = list.split(',').map(str::trim).collect();
    // Each is parsed by itself first, so that the message can name the invalid one.
    for name in &names {
        Scopes::parse([*name]).map_err(|invalid| Error::Key(format!("the scope {name:?} {invalid}")))?;
    }
    Scopes::parse(names).map_err(|_| Error::Key("the scope * cannot be combined with others".to_owned()))
}

/// A name without surrounding blanks, of at least `least` characters.
fn one_line(option: &str, name: &str, least: usize) -> Result<String, Error> {
    let name = name.trim();
    if !(least..=200).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Error::Key(format!("{option}: a name of {least} to 200 characters on one line is needed")));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests;
