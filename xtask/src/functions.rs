//! The files in `functions/`.

use std::{collections::BTreeSet, fs, io, path::Path};

use crate::{markers, openapi::Operation};

/// A function that serves no operation. Its `[[bin]]` is written by hand.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Other {
    pub(crate) name: String,
    pub(crate) file: String,
}

/// The functions in Cargo.toml that serve no operation.
pub(crate) fn others(manifest: &str) -> Vec<Other> {
    let by_hand = manifest.split(markers::BEGIN).next().unwrap_or_default();
    let member = |table: &str, name: &str| {
        let lines = table.lines().take_while(|line| !line.starts_with('['));
        let mut values = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(" = \"")?.strip_suffix('"'));
        values.next().map(str::to_owned)
    };
    let tables = by_hand.split("[[bin]]\n").skip(1);
    tables.filter_map(|table| Some(Other { name: member(table, "name")?, file: member(table, "path")? })).collect()
}

/// The paths of all functions' files, relative to the folder.
pub(crate) fn files(folder: &Path) -> io::Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            files.extend(self::files(&entry.path())?.into_iter().map(|below| format!("{name}/{below}")));
        } else if Path::new(&name).extension().is_some_and(|extension| extension == "rs") {
            files.insert(name);
        }
    }
    files.remove("build.rs");
    files.remove("lib.rs");
    Ok(files)
}

/// An error for each operation whose file does not exist.
pub(crate) fn absent(operations: &[Operation], files: &BTreeSet<String>) -> Vec<String> {
    let absent = operations.iter().filter(|operation| !files.contains(&operation.file));
    absent
        .map(|Operation { id, file, .. }| format!("functions/{file}, which should serve {id}, does not exist"))
        .collect()
}

/// An error for each file that belongs to no operation.
pub(crate) fn unknown(operations: &[Operation], others: &[Other], files: &BTreeSet<String>) -> Vec<String> {
    let known: BTreeSet<&String> =
        operations.iter().map(|operation| &operation.file).chain(others.iter().map(|other| &other.file)).collect();
    let unknown = files.iter().filter(|file| !known.contains(file));
    unknown.map(|file| format!("no operation in openapi.yaml has the x-function {file}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::tests::operations;

    fn set(files: &[&str]) -> BTreeSet<String> {
        files.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn bins_above_the_generated_ones_are_read() {
        let manifest = format!(
            "[package]\nname = \"functions\"\n\n[[bin]]\nname = \"authorizer\"\npath = \"authorizer.rs\"\n\n# {}\n\
             [[bin]]\nname = \"health\"\npath = \"health.rs\"\n# {}\n",
            markers::BEGIN,
            markers::END
        );
        let authorizer = Other { name: "authorizer".to_owned(), file: "authorizer.rs".to_owned() };
        assert_eq!(others(&manifest), [authorizer]);
    }

    #[test]
    fn every_operation_needs_a_file_and_every_file_an_operation() {
        let others = [Other { name: "authorizer".to_owned(), file: "authorizer.rs".to_owned() }];
        let all = ["authorizer.rs", "health.rs", "notices/get.rs", "site-events/create.rs"];
        assert_eq!(absent(&operations(), &set(&all)), [""; 0]);
        assert_eq!(unknown(&operations(), &others, &set(&all)), [""; 0]);
        let errors = absent(&operations(), &set(&all[..3]));
        assert_eq!(errors, ["functions/site-events/create.rs, which should serve create-events, does not exist"]);
        let errors = unknown(&operations(), &[], &set(&all));
        assert_eq!(errors, ["no operation in openapi.yaml has the x-function authorizer.rs"]);
    }
}
