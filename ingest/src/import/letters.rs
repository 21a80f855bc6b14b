//! The dead letters of one source during an import: which lines lie there already, and which can be read now.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use stream::{Bus, BusError, LetterPlace};
use tokio_util::sync::CancellationToken;

/// Dead letters of a source that are told apart at most; of those beyond, some may be made again.
const MOST_KNOWN: usize = 500_000;
/// How long a bus that does not answer is let be before it is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// What lies there of a source, once it was looked at.
#[derive(Default)]
pub(super) struct Letters {
    /// Each by its hash, those of this import too.
    known: Option<HashSet<String>>,
    /// Those from before this import.
    before: HashMap<String, Lying>,
    /// The numbers of those whose lines are on the bus now.
    cured: BTreeSet<u64>,
}

/// A dead letter from before this import.
struct Lying {
    number: u64,
    /// Its line, of one of this file.
    line: Option<u64>,
}

impl Letters {
    /// Their hashes; `None` when it was told to stop before. Those of the file called `label` are known by their lines,
    /// too. A bus that does not answer is `waiting`.
    pub(super) async fn known(
        &mut self,
        bus: &Bus,
        (source, label): (&str, &str),
        stop: &CancellationToken,
        waiting: &mut (dyn FnMut(&BusError) + Send),
    ) -> Result<Option<&mut HashSet<String>>, BusError> {
        while self.known.is_none() {
            let mut known = HashMap::new();
            let looked = bus
                .each_dead_letter(|stored| {
                    let own = stored.letter.ok().filter(|letter| {
                        letter.origin.is_none() && letter.reader == source && known.len() < MOST_KNOWN
                    });
                    let number = stored.number;
                    known.extend(own.map(|letter| {
                        let line = match &letter.place {
                            Some(LetterPlace::Line { file, line }) if file == label => Some(*line),
                            _ => None,
                        };
                        (letter.bytes_hash(), Lying { number, line })
                    }));
                })
                .await;
            match looked {
                Ok(()) => {
                    self.known = Some(known.keys().cloned().collect());
                    self.before = known;
                }
                Err(error) if error.is_retryable() => {
                    waiting(&error);
                    tokio::select! {
                        () = tokio::time::sleep(PAUSE) => {}
                        () = stop.cancelled() => return Ok(None),
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(self.known.as_mut())
    }

    /// The lines of these hashes are on the bus.
    pub(super) fn cured(&mut self, hashes: &[String]) {
        self.cured.extend(hashes.iter().filter_map(|hash| Some(self.before.get(hash)?.number)));
    }

    /// The last line up to `end` of which a letter speaks that is not `expected`, by its hash.
    pub(super) fn doubtful(&self, end: u64, expected: impl Fn(&str) -> bool) -> Option<u64> {
        let others = self.before.iter().filter(|(hash, _)| !expected(hash));
        others.filter_map(|(_, lying)| lying.line).filter(|line| *line <= end).max()
    }

    /// Takes those away whose lines are on the bus now, and tells how many. Not while another process works on them:
    /// then they stay, and trying them again makes the same posts.
    pub(super) async fn drop_cured(&self, bus: &Bus) -> Result<u64, BusError> {
        if self.cured.is_empty() {
            return Ok(0);
        }
        match bus.drop_dead_letters(&self.cured).await {
            Ok(dropped) => Ok(dropped.len() as u64),
            Err(BusError::Taken { .. }) => Ok(0),
            Err(error) if error.is_retryable() => Ok(0),
            Err(error) => Err(error),
        }
    }
}
