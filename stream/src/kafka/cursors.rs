//! What sources must remember, in a compacted topic: the last record of a name holds.

use std::collections::HashMap;
use std::sync::PoisonError;

use jiff::Timestamp;

use super::{Inner, peek};
use crate::standing::Positions;
use crate::{BusError, Outgoing, Topic};

/// The cursors as far as they were read.
#[derive(Default)]
pub(super) struct Cursors {
    next: u64,
    held: HashMap<String, Vec<u8>>,
}

/// The record that sets a cursor.
pub(super) fn outgoing(name: &str, bytes: Vec<u8>) -> Outgoing {
    Outgoing {
        topic: Topic::Cursors,
        key: name.to_owned(),
        at: Timestamp::now(),
        kind: "cursor".into(),
        version: 1,
        bytes,
    }
}

/// Reads what is new in the topic, then answers.
pub(super) fn get(inner: &Inner, name: &str) -> Result<Option<Vec<u8>>, BusError> {
    let mut cursors = inner.cursors.lock().unwrap_or_else(PoisonError::into_inner);
    let (low, high) = inner.watermarks(Topic::Cursors, 0)?;
    if cursors.next < high {
        let start = Positions::from([((Topic::Cursors, 0), cursors.next.max(low))]);
        for record in peek::read(inner, &start, &peek::Want::Records(usize::MAX))? {
            cursors.next = record.offset + 1;
            cursors.held.insert(record.key, record.bytes);
        }
        // Compaction leaves gaps: the end may hold no record.
        cursors.next = cursors.next.max(high);
    }
    Ok(cursors.held.get(name).cloned())
}
