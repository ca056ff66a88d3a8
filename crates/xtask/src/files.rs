//! Folders of files.

use crate::say::{Outcome, at};
use std::fs;
use std::path::{Path, PathBuf};

/// Every file in a folder and below, in the order of their names.
pub(crate) fn all(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries.into_iter().flat_map(|e| if e.is_dir() { all(&e) } else { vec![e] }).collect()
}

/// A folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to).map_err(at(to))?;
    for entry in fs::read_dir(from).map_err(at(from))?.flatten() {
        let (here, there) = (entry.path(), to.join(entry.file_name()));
        if here.is_dir() {
            copy(&here, &there)?;
        } else {
            fs::copy(&here, &there).map_err(at(&here))?;
        }
    }
    Ok(())
}
