//! The `file` channel: one file per notification, written and then renamed, so that it stands there once and whole.

use std::path::{Path, PathBuf};

use super::{ChannelError, Message};

/// A folder that holds one folder per address.
#[derive(Debug)]
pub struct Folder(PathBuf);

/// Whether `address` is the name of a folder, and of nothing outside.
pub(super) fn is_address(address: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !address.is_empty() && address.len() <= 100 && !address.starts_with('.') && address.chars().all(plain)
}

impl Folder {
    pub(super) fn new(root: &Path) -> Folder {
        Folder(root.to_owned())
    }

    /// Writes `message`. The same notification again leaves the same file: the *ulangan* mark is not written.
    pub(super) async fn send(&self, message: &Message) -> Result<(), ChannelError> {
        if !is_address(&message.address) {
            return Err(ChannelError::Permanent("the address is no folder name".to_owned()));
        }
        let folder = self.0.join(&message.address);
        let name = format!("{}-{}", message.number, message.id.get(..8).unwrap_or(&message.id));
        let text = format!("{}\n\n{}\n", message.subject, message.body);
        tokio::task::spawn_blocking(move || write(&folder, &name, &text))
            .await
            .map_err(|error| ChannelError::Retry(error.to_string()))?
            .map_err(|error| ChannelError::Retry(format!("file: {error}")))
    }
}

fn write(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let half = folder.join(format!(".{name}.part"));
    std::fs::write(&half, text)?;
    std::fs::File::open(&half)?.sync_all()?;
    std::fs::rename(&half, folder.join(format!("{name}.txt")))?;
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_folder_and_nothing_outside() {
        assert!(is_address("kapolsek-62.10.02"));
        for bad in ["", "..", "../x", "a/b", ".x", "a b"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
