//! Files that hold secrets.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::Error;

/// Writes a file that only its owner can read, whole or not at all: nobody reads half of it. When this returns, it is on
/// the disk.
pub(crate) fn write_whole(directory: &Path, name: &str, text: &str) -> Result<(), Error> {
    let path = directory.join(name);
    let part = directory.join(format!("{name}.part"));
    let _ = std::fs::remove_file(&part);
    let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&part);
    file.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    })
    .and_then(|()| std::fs::rename(&part, &path))
    .and_then(|()| File::open(directory)?.sync_all())
    .map_err(Error::file(path))
}
