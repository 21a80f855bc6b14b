//! Puts what was parsed on the bus, several chunks under way at once, in the order of the file; remembers how far it came.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::pin::Pin;
use std::sync::Arc;

use stream::{Bus, BusError, Outgoing, RegionCode};
use tokio_util::sync::CancellationToken;

use super::cursor::{Cursor, Faulty};
use super::job::Import;
use super::letters::Letters;
use super::mark::Mark;
use super::outcome::{ImportError, Progress, Summary};
use super::parse::Parsed;
use super::told::Told;
use crate::deliver::{Paused, deliver};
use crate::{Words, bus_error};

/// Chunks on their way to the bus at once.
pub(super) const FLYING: usize = 3;
type Running<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A chunk on its way.
struct Flying {
    records: Arc<Vec<Outgoing>>,
    told: Told,
    mark: Mark,
    durable: Running<'static, Result<(), BusError>>,
}

/// Something under way has ended.
pub(super) enum Event {
    /// The first chunk under way is on the bus, or not.
    Landed(Result<(), BusError>),
    /// The mark under way is remembered, or not; false when it was told to stop before.
    Saved(Result<bool, BusError>),
}

/// The writing end of an import.
pub(super) struct Writer<'a> {
    pub(super) job: &'a Import,
    bus: &'a Bus,
    pub(super) stop: &'a CancellationToken,
    progress: &'a mut (dyn FnMut(&Progress) + Send),
    pub(super) state: Progress,
    pub(super) summary: Summary,
    flying: VecDeque<Flying>,
    /// On the bus, and not yet remembered.
    mark: Option<Mark>,
    /// Whether all lines before `mark` were taken as if they were live.
    live: bool,
    /// The home regions that the file's lines were given, now or before.
    pub(super) regions: BTreeSet<Option<RegionCode>>,
    /// Lines before `mark` that could not be read.
    faulty: Faulty,
    letters: Letters,
    /// Lines before `mark` that could not be read and still lie in the dead letters.
    pub(super) still: u64,
    /// The last line before `mark` of which a dead letter speaks that `mark` knows nothing of.
    pub(super) doubtful: Option<u64>,
    /// Remembers an earlier mark; one at a time, so that they are kept in order.
    saving: Option<Running<'a, Result<bool, BusError>>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        job: &'a Import,
        bus: &'a Bus,
        stop: &'a CancellationToken,
        progress: &'a mut (dyn FnMut(&Progress) + Send),
    ) -> Writer<'a> {
        Writer {
            job,
            bus,
            stop,
            progress,
            state: Progress::default(),
            summary: Summary::default(),
            flying: VecDeque::new(),
            mark: None,
            live: job.intake.as_if_live,
            regions: [job.intake.source_region.clone()].into(),
            faulty: Faulty::default(),
            letters: Letters::default(),
            still: 0,
            doubtful: None,
            saving: None,
        }
    }

    /// Chunks under way.
    pub(super) fn flying(&self) -> usize {
        self.flying.len()
    }

    /// Goes on behind `past`, of whose lines some could not be read; false when it was told to stop before.
    pub(super) async fn remember(&mut self, past: Cursor) -> Result<bool, ImportError> {
        let end = past.line + u64::from(past.tail.is_some());
        let Cursor { live, faulty, .. } = past;
        self.summary.stays_old = self.live && !live;
        self.live &= live;
        let Some(known) = self.known().await? else { return Ok(false) };
        let still = faulty.still(known);
        self.still = still;
        self.summary.waiting = still;
        self.state.unreadable = still;
        self.doubtful = self.letters.doubtful(end, |hash| faulty.holds(hash));
        self.faulty = faulty;
        Ok(true)
    }

    /// Hashes of the dead letters of this source; `None` when it was told to stop before.
    async fn known(&mut self) -> Result<Option<&mut HashSet<String>>, ImportError> {
        let Writer { job, bus, stop, progress, state, letters, .. } = self;
        let mut waiting =
            |error: &BusError| progress(&Progress { waiting: Some(told(error)), ..state.clone() });
        let of = (job.intake.source.as_str(), &*job.label());
        Ok(letters.known(bus, of, stop, &mut waiting).await?)
    }

    /// Hashes of the dead letters from before this import; `None` when it was told to stop before.
    pub(super) async fn waiting(&mut self) -> Result<Option<Arc<HashSet<String>>>, ImportError> {
        Ok(self.known().await?.map(|known| Arc::new(known.clone())))
    }

    /// The lines of these dead letters, each by its hash, are on the bus.
    pub(super) fn heal(&mut self, hashes: &[String]) {
        self.letters.cured(hashes);
    }

    /// Takes the dead letters away whose lines are on the bus now.
    pub(super) async fn cure(&mut self) -> Result<(), ImportError> {
        self.summary.cured = self.letters.drop_cured(self.bus).await?;
        Ok(())
    }

    /// Hands a chunk to the bus; false when it was told to stop before. What lies in the dead letters already is
    /// not put there again.
    pub(super) async fn put(&mut self, parsed: Parsed) -> Result<bool, ImportError> {
        let Parsed { mut records, old, refused, cured, mark } = parsed;
        let mut told = Told { accepted: records.len() as u64, old, cured, ..Told::default() };
        if !refused.is_empty() {
            let Some(known) = self.known().await? else { return Ok(false) };
            for (fault, refused) in refused {
                if known.insert(refused.hash.clone()) {
                    told.parked += 1;
                    records.extend(refused.letter);
                } else {
                    told.waiting += 1;
                }
                told.faults.push(fault);
                told.hashes.push(refused.hash);
            }
        }
        let records = Arc::new(records);
        let durable: Running<'static, _> = match self.bus.send(&records).await {
            Ok(sent) => Box::pin(sent.durable()),
            // Told in its turn: those before it come first.
            Err(error) => Box::pin(std::future::ready(Err(error))),
        };
        self.flying.push_back(Flying { records, told, mark, durable });
        Ok(true)
    }

    /// Waits for the next event; for ever when nothing is under way. Dropping the call midway loses nothing.
    pub(super) async fn event(&mut self) -> Event {
        let Writer { flying, saving, .. } = self;
        let landed = async {
            match flying.front_mut() {
                Some(first) => (&mut first.durable).await,
                None => std::future::pending().await,
            }
        };
        let saved = async {
            match saving.as_mut() {
                Some(saving) => saving.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            landed = landed => Event::Landed(landed),
            saved = saved => Event::Saved(saved),
        }
    }

    /// Draws the consequence of an event; false when it was told to stop before everything was done.
    pub(super) async fn after(&mut self, event: Event) -> Result<bool, ImportError> {
        match event {
            Event::Saved(saved) => {
                self.saving = None;
                self.save_next();
                Ok(saved?)
            }
            Event::Landed(Ok(())) => {
                if let Some(chunk) = self.flying.pop_front() {
                    self.count(chunk);
                }
                self.save_next();
                Ok(true)
            }
            Event::Landed(Err(error)) if error.is_retryable() => {
                self.wait(&error);
                let again = self.again().await?;
                self.save_next();
                Ok(again)
            }
            Event::Landed(Err(error)) => Err(error.into()),
        }
    }

    /// Waits until all that is under way is on the bus; false when it was told to stop before.
    pub(super) async fn settle(&mut self) -> Result<bool, ImportError> {
        while !self.flying.is_empty() {
            let event = self.event().await;
            if !self.after(event).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Puts everything under way on the bus again, one after the other: what followed the failure may be there
    /// without what failed.
    async fn again(&mut self) -> Result<bool, ImportError> {
        for later in self.flying.iter_mut().skip(1) {
            // Published again whatever became of it.
            let _ = (&mut later.durable).await;
        }
        while let Some(mut chunk) = self.flying.pop_front() {
            let records = std::mem::take(&mut chunk.records);
            let (progress, state) = (&mut *self.progress, &self.state);
            let mut waiting = |error: &BusError| {
                progress(&Progress { waiting: Some(told(error)), ..state.clone() });
            };
            match deliver(self.bus, Arc::unwrap_or_clone(records), self.stop, &mut waiting).await {
                Ok(()) => self.count(chunk),
                Err(Paused::Stopped) => {
                    self.flying.clear();
                    return Ok(false);
                }
                Err(Paused::Bus(error)) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Begins to remember what is on the bus, unless an earlier mark is still under way.
    fn save_next(&mut self) {
        if self.saving.is_none()
            && let Some(mark) = self.mark.take()
        {
            let (job, bus, stop) = (self.job, self.bus, self.stop);
            let cursor = Cursor::at(&mark, self.live, &self.regions, &self.faulty);
            self.saving = Some(Box::pin(async move { cursor.save(job, bus, stop, &mut |_| {}).await }));
        }
    }

    /// Remembers all that is on the bus; false when it was told to stop before.
    pub(super) async fn save(&mut self) -> Result<bool, ImportError> {
        self.save_next();
        while let Some(saving) = self.saving.as_mut() {
            let saved = saving.await;
            if !self.after(Event::Saved(saved)).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn wait(&mut self, error: &BusError) {
        (self.progress)(&Progress { waiting: Some(told(error)), ..self.state.clone() });
    }

    fn count(&mut self, chunk: Flying) {
        let Flying { mut told, mark, .. } = chunk;
        told.count(&self.job.intake.source, &mut self.state, &mut self.summary);
        self.faulty.add(told.hashes);
        self.letters.cured(&told.cured);
        self.mark = Some(mark);
        self.tell();
    }

    /// Tells how far it is.
    pub(super) fn tell(&mut self) {
        (self.progress)(&self.state);
    }
}

fn told(error: &BusError) -> Words {
    Words::of(|lang| bus_error(lang, error))
}
