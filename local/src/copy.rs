//! Copies the tables of a data directory to another `DynamoDB`: when the data moves to AWS.
//!
//! Items are copied as they are, so every hash and every signature stays valid. An item is put only where none is, or where
//! the same one is already: the command can be repeated after it was interrupted, and overwrites nothing.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use assent_shared::domain::RequestContext;
use assent_shared::store::{ApiKeys, Database};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::Error;
use crate::data::Data;
use crate::database::remote::Remote;
use crate::database::{Commits, Engine};
use crate::stack::{Aws, Stack};
use crate::template::{Table, Template};

/// The items that are written at the same time.
const AT_ONCE: usize = 16;

type Item = HashMap<String, AttributeValue>;

/// The database that gets the items.
#[derive(Debug, Clone)]
pub enum Target {
    /// The one at this URL. Tables that it lacks are created.
    Endpoint(String),
    /// That of the CloudFormation stack of this name. Its usage plans get the keys too.
    Stack(String),
}

/// Copies all tables of a directory in which no system runs. `report` gets a line for each table that is complete.
pub async fn copy_tables(directory: &Path, target: &Target, report: impl Fn(String)) -> Result<(), Error> {
    let data = Data::find(directory)?;
    let _lock = data.lock()?;
    let template = Template::own()?;
    if !data.database_file().exists() {
        return Err(Error::NoDatabase(PathBuf::from(directory)));
    }
    let engine = Engine::open(&data.database_file(), Commits::Synced)?;
    engine.create_tables(&template).await?;
    match target {
        Target::Endpoint(url) => {
            let remote = Remote::at(url);
            remote.create_tables(&template).await?;
            copy_all(&engine, &template, &remote.connect(), &BTreeMap::new(), report).await
        }
        Target::Stack(name) => {
            let stack = Stack::find(Aws::from_environment(), name).await?;
            let names = stack.table_names()?;
            copy_all(&engine, &template, &stack.database().await?, &names, report).await?;
            copy_usage_plans(&engine, &data, &stack).await
        }
    }
}

async fn copy_all(
    engine: &Engine,
    template: &Template,
    database: &Database,
    names: &BTreeMap<String, String>,
    report: impl Fn(String),
) -> Result<(), Error> {
    for table in &template.tables {
        let name = names.get(&table.name).unwrap_or(&table.name);
        let items = copy_table(&engine.client(), table, database.client(), name).await?;
        report(format!("{name}: {items} items"));
    }
    Ok(())
}

/// Copies a table. Returns the number of its items.
async fn copy_table(source: &Client, table: &Table, target: &Client, name: &str) -> Result<usize, Error> {
    let (mut copied, mut start) = (0, None);
    loop {
        #[expect(clippy::disallowed_methods, reason = "all items are copied; no request waits for this")]
        let page = source.scan().table_name(&table.name).set_exclusive_start_key(start).send().await;
        let page = page.map_err(|error| Error::Database(format!("{}: {}", table.name, DisplayErrorContext(&error))))?;
        let items = page.items.unwrap_or_default();
        copied += items.len();
        let puts = items.into_iter().map(|item| copy_item(table, item, target, name));
        stream::iter(puts).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(copied);
        }
    }
}

async fn copy_item(table: &Table, item: Item, target: &Client, name: &str) -> Result<(), Error> {
    let partition = table.key_schema.first().map(|element| element.attribute_name.as_str()).unwrap_or_default();
    let put = target
        .put_item()
        .table_name(name)
        .set_item(Some(item.clone()))
        .condition_expression("attribute_not_exists(#partition)")
        .expression_attribute_names("#partition", partition)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    let Err(error) = put.send().await else { return Ok(()) };
    match error.as_service_error() {
        // From an earlier run, or because the response to this very put was lost.
        Some(PutItemError::ConditionalCheckFailedException(found)) if found.item() == Some(&item) => Ok(()),
        Some(PutItemError::ConditionalCheckFailedException(_)) => Err(Error::Database(format!(
            "{name} holds another item under a key of {}: nothing was overwritten",
            table.name
        ))),
        _ => Err(Error::Database(format!("{name}: {}", DisplayErrorContext(&error)))),
    }
}

/// Puts the keys that are enabled here on the same usage plans of the stack, unless they are on one.
async fn copy_usage_plans(engine: &Engine, data: &Data, stack: &Stack) -> Result<(), Error> {
    let keys = ApiKeys::new(&engine.connect()).list().await.map_err(|error| Error::Database(error.to_string()))?;
    let (plans, known) = (data.usage_plan_keys(), stack.plans_of_keys().await?);
    let now = RequestContext::system().now;
    for key in keys.iter().filter(|key| key.key.caller.is_good_at(now)) {
        let (id, hash) = (key.key.caller.key_id, key.hash.to_string());
        if let Some(plan) = plans.plan_of(&hash).filter(|_| !known.contains_key(&id)) {
            stack.put(id, &hash, &plan).await?;
        }
    }
    Ok(())
}
