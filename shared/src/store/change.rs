//! The condition and update expressions of a write to one item.

use crate::{
    domain::Timestamp,
    store::{
        Database, Error,
        database::{Item, REMOVABLE_AT, to_attribute, to_item},
        key::{Key, PARTITION},
        schema,
    },
};
use aws_sdk_dynamodb::{operation::update_item::builders::UpdateItemFluentBuilder, types::AttributeValue};
use serde::Serialize;
use std::collections::HashMap;

/// The conditions and changes of one item.
pub(crate) struct Change {
    key: Key,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
    conditions: Vec<String>,
    assignments: Vec<String>,
    additions: Vec<String>,
    removals: Vec<String>,
}

impl Change {
    /// A change of an item that must exist.
    pub(crate) fn of(key: Key) -> Self {
        let mut change = Self::of_any(key);
        let name = change.name(PARTITION);
        change.conditions.push(format!("attribute_exists({name})"));
        change
    }

    /// A change of an item that is created if it does not exist. One of a newer version is not changed.
    pub(crate) fn of_any(key: Key) -> Self {
        let mut change = Self {
            key,
            names: HashMap::new(),
            values: HashMap::new(),
            conditions: Vec::new(),
            assignments: Vec::new(),
            additions: Vec::new(),
            removals: Vec::new(),
        };
        let (partition, version) = (change.name(PARTITION), change.name(schema::ATTRIBUTE));
        let known = change.attribute(AttributeValue::N(schema::VERSION.to_string()));
        change.conditions.push(format!("(attribute_not_exists({partition}) OR {version} <= {known})"));
        change.assignments.push(format!("{version} = {known}"));
        change
    }

    /// Adds the condition that the attribute has this value.
    pub(crate) fn when(mut self, name: &str, value: &impl Serialize) -> Result<Self, Error> {
        let (name, value) = (self.name(name), self.value(value)?);
        self.conditions.push(format!("{name} = {value}"));
        Ok(self)
    }

    /// Adds the condition that the item does not exist, or that its attribute has a lower value.
    pub(crate) fn when_new_or_below(mut self, name: &str, value: &impl Serialize) -> Result<Self, Error> {
        let (partition, name) = (self.name(PARTITION), self.name(name));
        let value = self.value(value)?;
        self.conditions.push(format!("(attribute_not_exists({partition}) OR {name} < {value})"));
        Ok(self)
    }

    /// Adds the condition that the item does not have the attribute, or a lower value in it.
    pub(crate) fn when_absent_or_below(mut self, name: &str, value: &impl Serialize) -> Result<Self, Error> {
        let (name, value) = (self.name(name), self.value(value)?);
        self.conditions.push(format!("(attribute_not_exists({name}) OR {name} < {value})"));
        Ok(self)
    }

    /// Adds the condition that the item does not have the attribute.
    pub(crate) fn when_absent(mut self, name: &str) -> Self {
        let name = self.name(name);
        self.conditions.push(format!("attribute_not_exists({name})"));
        self
    }

    /// Adds the condition that the attribute is as it was read: that it has this value, or is absent.
    pub(crate) fn when_still(self, name: &str, read: Option<&impl Serialize>) -> Result<Self, Error> {
        match read {
            Some(value) => self.when(name, value),
            None => Ok(self.when_absent(name)),
        }
    }

    /// Sets the attribute.
    pub(crate) fn set(mut self, name: &str, value: &impl Serialize) -> Result<Self, Error> {
        let (name, value) = (self.name(name), self.value(value)?);
        self.assignments.push(format!("{name} = {value}"));
        Ok(self)
    }

    /// Adds one to the attribute, which begins with it.
    pub(crate) fn count(self, name: &str) -> Self {
        self.add(name, 1)
    }

    /// Adds a number to the attribute, which begins with it. No attribute may be named twice.
    pub(crate) fn add(mut self, name: &str, number: u64) -> Self {
        let (name, number) = (self.name(name), self.attribute(AttributeValue::N(number.to_string())));
        self.additions.push(format!("{name} {number}"));
        self
    }

    /// Sets the time after which `DynamoDB` removes the item.
    pub(crate) fn set_removal(self, after: Timestamp) -> Result<Self, Error> {
        self.set(REMOVABLE_AT, &after.seconds())
    }

    /// Removes the attribute.
    pub(crate) fn remove(mut self, name: &str) -> Self {
        let name = self.name(name);
        self.removals.push(name);
        self
    }

    /// The key of the item.
    pub(crate) fn key(&self) -> HashMap<String, AttributeValue> {
        self.key.attributes()
    }

    /// The item that this value becomes under the key.
    pub(crate) fn item(&self, value: &impl Serialize) -> Result<Item, Error> {
        to_item(&self.key, value)
    }

    /// The request that makes this change alone.
    pub(crate) fn update(&self, database: &Database, table: &str) -> UpdateItemFluentBuilder {
        database
            .client()
            .update_item()
            .table_name(table)
            .set_key(Some(self.key()))
            .update_expression(self.update_expression())
            .condition_expression(self.condition_expression())
            .set_expression_attribute_names(Some(self.expression_names()))
            .set_expression_attribute_values(Some(self.expression_values()))
    }

    /// The condition expression.
    pub(crate) fn condition_expression(&self) -> String {
        self.conditions.join(" AND ")
    }

    /// The update expression.
    pub(crate) fn update_expression(&self) -> String {
        let clause = |verb: &str, parts: &[String]| match parts {
            [] => String::new(),
            parts => format!("{verb} {} ", parts.join(", ")),
        };
        clause("SET", &self.assignments) + &clause("ADD", &self.additions) + &clause("REMOVE", &self.removals)
    }

    /// The names that the expressions use.
    pub(crate) fn expression_names(&self) -> HashMap<String, String> {
        self.names.clone()
    }

    /// The values that the expressions use.
    pub(crate) fn expression_values(&self) -> HashMap<String, AttributeValue> {
        self.values.clone()
    }

    fn name(&mut self, name: &str) -> String {
        // A placeholder has letters, digits and underscores alone.
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let alias = if is_plain { format!("#{name}") } else { format!("#n{}", self.names.len()) };
        self.names.insert(alias.clone(), name.to_owned());
        alias
    }

    fn value(&mut self, value: &impl Serialize) -> Result<String, Error> {
        Ok(self.attribute(to_attribute(value)?))
    }

    fn attribute(&mut self, value: AttributeValue) -> String {
        let alias = format!(":v{}", self.values.len());
        self.values.insert(alias.clone(), value);
        alias
    }
}
