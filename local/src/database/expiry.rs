//! The deletion of expired items, which is `DynamoDB`'s work on AWS (time to live).

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::types::AttributeValue;

use super::engine::Engine;
use crate::Error;
use crate::template::{Table, Template};

/// The items that are read at once, so that other calls wait only for so many.
const PAGE: i32 = 100;

impl Engine {
    /// Deletes the items of the template's tables that expired before `now`, in Unix seconds. Returns their number.
    pub(crate) async fn delete_expired(&self, template: &Template, now: i64) -> Result<usize, Error> {
        let (client, mut deleted) = (self.client(), 0);
        for table in &template.tables {
            if let Some(expiry) = table.time_to_live_specification.as_ref().filter(|expiry| expiry.enabled) {
                deleted += delete_expired(&client, table, &expiry.attribute_name, now).await?;
            }
        }
        Ok(deleted)
    }
}

async fn delete_expired(client: &Client, table: &Table, attribute: &str, now: i64) -> Result<usize, Error> {
    let (now, mut deleted, mut start) = (AttributeValue::N(now.to_string()), 0, None);
    loop {
        #[expect(clippy::disallowed_methods, reason = "an expired item may have any key; no request waits for this")]
        let page = client
            .scan()
            .table_name(&table.name)
            .limit(PAGE)
            .set_exclusive_start_key(start)
            .filter_expression("#expiry < :now")
            .expression_attribute_names("#expiry", attribute)
            .expression_attribute_values(":now", now.clone())
            .send()
            .await
            .map_err(|error| Error::Database(format!("{}: {}", table.name, DisplayErrorContext(&error))))?;
        for item in page.items.unwrap_or_default() {
            let keys = table.key_schema.iter().map(|element| &element.attribute_name);
            let key: HashMap<_, _> = keys.filter_map(|name| Some((name.clone(), item.get(name)?.clone()))).collect();
            let done = client
                .delete_item()
                .table_name(&table.name)
                .set_key(Some(key))
                // It may have been renewed since it was read.
                .condition_expression("#expiry < :now")
                .expression_attribute_names("#expiry", attribute)
                .expression_attribute_values(":now", now.clone())
                .send()
                .await;
            match done {
                Ok(_) => deleted += 1,
                Err(error)
                    if error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception) => {
                }
                Err(error) => {
                    return Err(Error::Database(format!("{}: {}", table.name, DisplayErrorContext(&error))));
                }
            }
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(deleted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_has_expired_is_deleted() -> Result<(), Box<dyn std::error::Error>> {
        let (engine, template) = (Engine::memory()?, Template::own()?);
        engine.create_tables(&template).await?;
        let client = engine.client();
        let number = |number: i64| AttributeValue::N(number.to_string());
        let text = |text: String| AttributeValue::S(text);
        // More than a page of each kind.
        for item in 0..150 {
            for (kind, expiry) in [("past", Some(999)), ("now", Some(1000)), ("never", None)] {
                let put =
                    client.put_item().table_name("StoredResponsesTable").item("pk", text(format!("{kind}{item}")));
                let put = put.item("sk", text("s".to_owned()));
                let put = match expiry {
                    Some(expiry) => put.item("expiresAt", number(expiry)),
                    None => put,
                };
                put.send().await?;
            }
        }
        assert_eq!(engine.delete_expired(&template, 1000).await?, 150);
        assert_eq!(engine.delete_expired(&template, 1000).await?, 0);
        #[expect(clippy::disallowed_methods, reason = "the test looks at the whole table")]
        let left = client.scan().table_name("StoredResponsesTable").send().await?.items.unwrap_or_default();
        assert_eq!(left.len(), 300);
        assert!(left.iter().all(|item| item.get("expiresAt").is_none_or(|expiry| *expiry == number(1000))));
        Ok(())
    }
}
