//! The right to read for a consumer group: a locked file beside the log, which the system lets go of when its
//! process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::{BusError, metrics};

/// Held for as long as it lives.
#[derive(Debug)]
pub(crate) struct Lease {
    _file: File,
    group: String,
}

impl Lease {
    /// Takes the right to read for `group` from the log at `log`.
    pub(crate) fn take(log: &Path, group: &str) -> Result<Lease, BusError> {
        let path = file_of(log, group);
        let failed = |error: std::io::Error| BusError::Open { path: path.clone(), cause: error.to_string() };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who holds it is only for the message.
                let _ = file.read_to_string(&mut holder);
                return Err(BusError::Taken { group: group.to_owned(), holder: holder.trim().to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
        // A full disk must not keep a reader from reading.
        let _ = writeln!(file, "process {}", std::process::id());
        metrics::lease(group, true);
        Ok(Lease { _file: file, group: group.to_owned() })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        metrics::lease(&self.group, false);
    }
}

fn file_of(log: &Path, group: &str) -> PathBuf {
    let mut name = log.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{group}.lock"));
    log.with_file_name(name)
}
