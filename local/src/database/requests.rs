//! Deserializes requests.
//!
//! dynoxide deserializes each attribute into a tree of JSON first, and nested attributes again at each level. For a
//! transaction, this was a third of all its work. The two requests that contain whole items are therefore deserialized
//! here, if they have the form that this project sends. Requests of any other form, and invalid ones, are left to
//! dynoxide and its error messages.

use std::collections::HashMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::transact_write_items::{
    TransactConditionCheck, TransactDelete, TransactPut, TransactUpdate, TransactWriteItem, TransactWriteItemsRequest,
};
use dynoxide::types::validate_dynamo_number;
use dynoxide::{AttributeValue, DynoxideError};
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Deserializes a request as dynoxide does.
pub(super) fn read<Request: DeserializeOwned>(body: &[u8]) -> Result<Request, DynoxideError> {
    serde_json::from_slice(body).map_err(|error| {
        if !error.is_data() {
            return DynoxideError::SerializationException(String::new());
        }
        let error = error.to_string();
        // dynoxide's own message is between one of these prefixes and the position in the body.
        let found = error.split_once("VALIDATION_REQUEST:").or_else(|| error.split_once("VALIDATION:"));
        let text =
            found.map_or(error.as_str(), |(_, text)| text.rsplit_once(" at line ").map_or(text, |(text, _)| text));
        DynoxideError::ValidationException(text.to_owned())
    })
}

pub(super) fn put_item(body: &[u8]) -> Result<PutItemRequest, DynoxideError> {
    serde_json::from_slice(body).ok().and_then(Action::put_item).map_or_else(|| read(body), Ok)
}

pub(super) fn transact_write_items(body: &[u8]) -> Result<TransactWriteItemsRequest, DynoxideError> {
    serde_json::from_slice(body).ok().and_then(Transaction::request).map_or_else(|| read(body), Ok)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Transaction {
    transact_items: Vec<Write>,
    client_request_token: Option<String>,
}

impl Transaction {
    fn request(self) -> Option<TransactWriteItemsRequest> {
        let items: Option<_> = self.transact_items.into_iter().map(Write::item).collect();
        let client_request_token = self.client_request_token;
        Some(TransactWriteItemsRequest { transact_items: items?, client_request_token, ..Default::default() })
    }
}

#[derive(Deserialize)]
enum Write {
    Put(Action),
    Update(Action),
    Delete(Action),
    ConditionCheck(Action),
}

impl Write {
    fn item(self) -> Option<TransactWriteItem> {
        let mut item = TransactWriteItem::default();
        match self {
            Self::Put(action) => item.put = Some(action.put()?),
            Self::Update(action) => item.update = Some(action.update()?),
            Self::Delete(action) => item.delete = Some(action.delete()?),
            Self::ConditionCheck(action) => item.condition_check = Some(action.condition_check()?),
        }
        Some(item)
    }
}

/// One write of a transaction.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Action {
    table_name: String,
    item: Option<Attributes>,
    key: Option<Attributes>,
    update_expression: Option<String>,
    condition_expression: Option<String>,
    expression_attribute_names: Option<HashMap<String, String>>,
    expression_attribute_values: Option<Attributes>,
    return_values_on_condition_check_failure: Option<String>,
}

impl Action {
    fn put_item(self) -> Option<PutItemRequest> {
        let on_failure = self.return_values_on_condition_check_failure;
        if !matches!(on_failure.as_deref(), None | Some("ALL_OLD" | "NONE")) {
            return None;
        }
        Some(PutItemRequest {
            table_name: self.table_name,
            item: self.item?.0,
            condition_expression: self.condition_expression,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: self.expression_attribute_values.map(Attributes::into_map),
            return_values_on_condition_check_failure: on_failure,
            ..PutItemRequest::default()
        })
    }

    fn put(self) -> Option<TransactPut> {
        Some(TransactPut {
            table_name: self.table_name,
            item: self.item?.0,
            condition_expression: self.condition_expression,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: self.expression_attribute_values.map(Attributes::into_map),
            return_values_on_condition_check_failure: self.return_values_on_condition_check_failure,
        })
    }

    fn update(self) -> Option<TransactUpdate> {
        Some(TransactUpdate {
            table_name: self.table_name,
            key: self.key?.0,
            update_expression: self.update_expression?,
            condition_expression: self.condition_expression,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: self.expression_attribute_values.map(Attributes::into_map),
            return_values_on_condition_check_failure: self.return_values_on_condition_check_failure,
        })
    }

    fn delete(self) -> Option<TransactDelete> {
        Some(TransactDelete {
            table_name: self.table_name,
            key: self.key?.0,
            condition_expression: self.condition_expression,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: self.expression_attribute_values.map(Attributes::into_map),
            return_values_on_condition_check_failure: self.return_values_on_condition_check_failure,
        })
    }

    fn condition_check(self) -> Option<TransactConditionCheck> {
        Some(TransactConditionCheck {
            table_name: self.table_name,
            key: self.key?.0,
            condition_expression: self.condition_expression?,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: self.expression_attribute_values.map(Attributes::into_map),
            return_values_on_condition_check_failure: self.return_values_on_condition_check_failure,
        })
    }
}

/// An item, a key, or the values of an expression.
struct Attributes(HashMap<String, AttributeValue>);

impl Attributes {
    fn into_map(self) -> HashMap<String, AttributeValue> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Attributes;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("attributes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Attributes, A::Error> {
                let mut attributes = HashMap::new();
                while let Some((name, Attribute(value))) = entries.next_entry()? {
                    attributes.insert(name, value);
                }
                Ok(Attributes(attributes))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

struct Attribute(AttributeValue);

#[derive(Deserialize)]
enum Type {
    S,
    N,
    B,
    #[serde(rename = "BOOL")]
    Bool,
    #[serde(rename = "NULL")]
    Null,
    #[serde(rename = "SS")]
    Strings,
    L,
    M,
}

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneEntry;
        impl<'de> Visitor<'de> for OneEntry {
            type Value = AttributeValue;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("one type with its value")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entry: A) -> Result<AttributeValue, A::Error> {
                let value = match entry.next_key()?.ok_or_else(|| A::Error::custom("no type"))? {
                    Type::S => AttributeValue::S(entry.next_value()?),
                    Type::N => {
                        let number: String = entry.next_value()?;
                        if !is_short_integer(&number) {
                            validate_dynamo_number(&number).map_err(A::Error::custom)?;
                        }
                        AttributeValue::N(number)
                    }
                    Type::B => {
                        let text: &str = entry.next_value()?;
                        AttributeValue::B(BASE64.decode(text).map_err(A::Error::custom)?)
                    }
                    Type::Bool => AttributeValue::BOOL(entry.next_value()?),
                    Type::Null if entry.next_value()? => AttributeValue::NULL(true),
                    Type::Null => return Err(A::Error::custom("not null")),
                    Type::Strings => AttributeValue::SS(entry.next_value()?),
                    Type::L => {
                        let values: Vec<Attribute> = entry.next_value()?;
                        AttributeValue::L(values.into_iter().map(|Attribute(value)| value).collect())
                    }
                    Type::M => AttributeValue::M(entry.next_value::<Attributes>()?.0),
                };
                match entry.next_key::<Type>()? {
                    None => Ok(value),
                    Some(_) => Err(A::Error::custom("more than one type")),
                }
            }
        }
        deserializer.deserialize_map(OneEntry).map(Self)
    }
}

/// Whether a number is short and plain, as nearly all are. Such a number is always valid.
fn is_short_integer(number: &str) -> bool {
    (1..=38).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A put of an item with this attribute: alone, and in a transaction with one write of each other kind.
    fn bodies(attribute: &Value) -> (String, String) {
        let item = json!({"pk": {"S": "x"}, "attribute": attribute});
        let condition = json!({"TableName": "Things", "Key": {"pk": {"S": "y"}}, "ConditionExpression": "#a = :v",
            "ExpressionAttributeNames": {"#a": "a"}, "ExpressionAttributeValues": {":v": attribute}});
        let mut update = condition.clone();
        update["UpdateExpression"] = json!("SET #a = :v");
        let put = json!({"TableName": "Things", "Item": item, "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD"});
        let transaction = json!({
            "ClientRequestToken": "token",
            "TransactItems": [{"Put": put}, {"Update": update}, {"Delete": condition}, {"ConditionCheck": condition}],
        });
        (put.to_string(), transaction.to_string())
    }

    /// The request, or its error.
    fn shown<T>(read: Result<T, DynoxideError>, show: impl FnOnce(&T) -> Value) -> Value {
        read.map_or_else(|error| json!(error.to_json()), |read| show(&read))
    }

    fn of_put(put: &PutItemRequest) -> Value {
        json!([put.table_name, put.item, put.condition_expression, put.return_values_on_condition_check_failure])
    }

    fn of_transaction(transaction: &TransactWriteItemsRequest) -> Value {
        json!(transaction)
    }

    #[test]
    fn it_is_as_dynoxide_reads_it() {
        let good = [
            json!({"S": ""}),
            json!({"S": "\"\\\u{1f512}\n"}),
            json!({"N": "0"}),
            json!({"N": "007"}),
            json!({"N": "9".repeat(38)}),
            json!({"N": "0".repeat(38)}),
            json!({"N": "-1.50e-3"}),
            json!({"B": "AAEC/w=="}),
            json!({"BOOL": false}),
            json!({"NULL": true}),
            json!({"SS": ["b", "a"]}),
            json!({"L": []}),
            json!({"M": {}}),
            json!({"L": [{"M": {"x": {"L": [{"N": "1"}, {"S": "x"}]}}}]}),
        ];
        for attribute in &good {
            let (put, transaction) = bodies(attribute);
            // Otherwise, dynoxide's result would be compared with itself.
            assert!(serde_json::from_str(&put).ok().and_then(Action::put_item).is_some(), "{put}");
            assert!(serde_json::from_str(&transaction).ok().and_then(Transaction::request).is_some(), "{transaction}");
        }
        let others = [
            json!({}),
            json!(null),
            json!("x"),
            json!({"S": null}),
            json!({"S": "x", "N": null}),
            json!({"S": "x", "N": "1"}),
            json!({"S": "x", "other": 1}),
            json!({"S": 1}),
            json!({"N": 1}),
            json!({"N": ""}),
            json!({"N": "x"}),
            json!({"N": "1e200"}),
            json!({"N": "1".repeat(39)}),
            json!({"B": "!"}),
            json!({"BOOL": "true"}),
            json!({"NULL": false}),
            json!({"NS": ["2", "1"]}),
            json!({"BS": ["AA=="]}),
            json!({"SS": []}),
            json!({"M": {"x": {"N": "x"}}}),
        ];
        for attribute in good.iter().chain(&others) {
            let (put, transaction) = bodies(attribute);
            let (put, transaction) = (put.as_bytes(), transaction.as_bytes());
            assert_eq!(shown(put_item(put), of_put), shown(read(put), of_put), "{attribute}");
            assert_eq!(
                shown(transact_write_items(transaction), of_transaction),
                shown(read(transaction), of_transaction),
                "{attribute}"
            );
        }
    }

    #[test]
    fn what_else_a_request_holds_is_not_lost() -> Result<(), DynoxideError> {
        let put = br#"{"TableName": "Things", "Item": {}, "ReturnValues": "ALL_OLD"}"#;
        assert_eq!(put_item(put)?.return_values.as_deref(), Some("ALL_OLD"));
        let transaction = br#"{"TransactItems": [], "ReturnConsumedCapacity": "TOTAL"}"#;
        assert_eq!(transact_write_items(transaction)?.return_consumed_capacity.as_deref(), Some("TOTAL"));
        assert!(
            put_item(br#"{"TableName": "Things", "Item": {}, "ReturnValuesOnConditionCheckFailure": "SOME"}"#).is_err()
        );
        Ok(())
    }
}
