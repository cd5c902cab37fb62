//! Primary keys. All are formatted here. A partition key starts with the tenant, so
//! that no query can reach another tenant's items.

use crate::domain::Tenant;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// The partition key's attribute.
pub(crate) const PARTITION: &str = "pk";
/// The sort key's attribute.
pub(crate) const SORT: &str = "sk";

/// A primary key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    partition: String,
    sort: String,
}

impl Key {
    /// The key of an item of a tenant.
    pub(crate) fn of_tenant(tenant: Tenant, partition: &[&str], sort: &[&str]) -> Self {
        let tenant = tenant.to_string();
        let parts: Vec<&str> = [tenant.as_str()].iter().chain(partition).copied().collect();
        Self::of_no_tenant(&parts, sort)
    }

    /// The key of an item that is found without a tenant, such as an API key.
    pub(crate) fn of_no_tenant(partition: &[&str], sort: &[&str]) -> Self {
        Self { partition: joined(partition), sort: joined(sort) }
    }

    /// The key that has these values.
    pub(crate) fn read(partition: &str, sort: &str) -> Self {
        Self { partition: partition.to_owned(), sort: sort.to_owned() }
    }

    /// The text of its partition key.
    pub(crate) fn partition_text(&self) -> &str {
        &self.partition
    }

    /// The length of both of its values.
    pub(crate) fn len(&self) -> usize {
        self.partition.len() + self.sort.len()
    }

    /// The value of its partition key.
    pub(crate) fn partition(&self) -> AttributeValue {
        AttributeValue::S(self.partition.clone())
    }

    /// The value of its sort key.
    pub(crate) fn sort(&self) -> AttributeValue {
        AttributeValue::S(self.sort.clone())
    }

    /// Its two attributes.
    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (PARTITION.to_owned(), AttributeValue::S(self.partition.clone())),
            (SORT.to_owned(), AttributeValue::S(self.sort.clone())),
        ])
    }
}

/// The parts with `#` between them. A `#` within a part is escaped, so that
/// different parts never give the same key.
fn joined(parts: &[&str]) -> String {
    let escaped: Vec<String> = parts.iter().map(|part| part.replace('%', "%25").replace('#', "%23")).collect();
    escaped.join("#")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn parts() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[a#%25]{0,6}", 1..4)
    }

    fn key(tenant: Uuid, partition: &[String], sort: &[String]) -> Key {
        let partition: Vec<&str> = partition.iter().map(String::as_str).collect();
        let sort: Vec<&str> = sort.iter().map(String::as_str).collect();
        Key::of_tenant(Tenant(tenant), &partition, &sort)
    }

    proptest! {
        #[test]
        fn keys_of_different_ids_never_collide(
            left in (any::<bool>(), parts(), parts()),
            right in (any::<bool>(), parts(), parts()),
        ) {
            let tenant = |first: bool| Uuid::from_u128(u128::from(first));
            let left_key = key(tenant(left.0), &left.1, &left.2);
            let right_key = key(tenant(right.0), &right.1, &right.2);
            prop_assert_eq!(left == right, left_key == right_key);
        }

        #[test]
        fn every_key_starts_with_its_tenant(partition in parts(), sort in parts()) {
            let tenant = Uuid::from_u128(7);
            let start = format!("{tenant}#");
            prop_assert!(key(tenant, &partition, &sort).partition.starts_with(&start));
        }
    }
}
