//! What the tests of importing share: a job over a file of a desk.

use std::path::{Path, PathBuf};

use ingest::import::{Import, ImportError, Summary, import};
use stream::Intake;
use tokio_util::sync::CancellationToken;

use super::{Desk, at, clock};

pub(crate) fn line(id: usize) -> String {
    format!(r#"{{"id":"{id}","channel":"x","posted_at":"2024-11-26T21:00:00+07:00","text":"kabar {id}"}}"#)
}

pub(crate) fn job(path: &Path) -> Import {
    Import { threads: 2, ..Import::new(path, Intake::new("import", at("2024-11-27T00:00:00Z"))) }
}

pub(crate) async fn run(desk: &Desk, job: &Import) -> Result<Summary, ImportError> {
    import(job, &desk.bus, &clock(), &CancellationToken::new(), &mut |_| ()).await
}

pub(crate) fn write(desk: &Desk, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = desk.dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}
