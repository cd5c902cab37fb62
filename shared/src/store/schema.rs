//! The version of the layout of items. Each item carries it, in one attribute that is written here alone.
//!
//! An item of a newer version is neither read nor changed: this program does not know what it says. That also holds while
//! two versions of the program run beside each other, as in a deployment that can be taken back. So a layout that the
//! version before would misread raises [`VERSION`], and comes in two releases: the first reads it, the second writes it.
//! A change of an item writes single attributes. Therefore an item may have attributes in the layouts of all versions up
//! to its own, and what reads a version also reads each attribute as earlier versions wrote it.

use crate::store::{Error, database::Item};
use aws_sdk_dynamodb::types::AttributeValue;

/// The version of what this program writes, and the newest that it reads. `docs/restore.md` lists the versions.
pub(crate) const VERSION: u32 = 1;
/// Its attribute. One letter, because each item pays for it.
pub(crate) const ATTRIBUTE: &str = "v";

/// Adds the version to an item that is put.
pub(crate) fn mark(item: &mut Item) {
    item.insert(ATTRIBUTE.to_owned(), AttributeValue::N(VERSION.to_string()));
}

/// The same item with the present version, unless it is of a newer one. It is for what is verified after it is read, so
/// that whoever removes its version cannot hide what they did to it.
pub(crate) fn marked(mut item: Item) -> Item {
    if !matches!(require_known(&item), Err(Error::NewerItem(_))) {
        mark(&mut item);
    }
    item
}

/// Fails if the item is of a newer version than this program knows, or of none.
pub(crate) fn require_known(item: &Item) -> Result<(), Error> {
    let version = item.get(ATTRIBUTE).and_then(|version| version.as_n().ok()?.parse().ok());
    match version {
        Some(version) if version <= VERSION => Ok(()),
        Some(version) => Err(Error::NewerItem(version)),
        None => Err(Error::Internal("an item has no version: it is of a build before versions".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(version: Option<AttributeValue>) -> Item {
        version.into_iter().map(|version| (ATTRIBUTE.to_owned(), version)).collect()
    }

    #[test]
    fn an_item_is_known_if_its_version_is_not_newer() {
        let number = |number: &str| Some(AttributeValue::N(number.to_owned()));
        let mut marked = Item::new();
        mark(&mut marked);
        assert!(require_known(&marked).is_ok());
        let newer = (VERSION + 1).to_string();
        assert!(matches!(require_known(&item(number(&newer))), Err(Error::NewerItem(found)) if found == VERSION + 1));
        for none in [None, number("-1"), number("1.5"), Some(AttributeValue::S("1".to_owned()))] {
            assert!(matches!(require_known(&item(none.clone())), Err(Error::Internal(_))), "{none:?}");
        }
    }
}
