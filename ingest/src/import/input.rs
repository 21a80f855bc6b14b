//! The bytes of a file or pipe as they are read: a chunk at a time, and no more than a slow pipe has given.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use sha2::{Digest, Sha256};

use super::job::Import;
use super::outcome::ImportError;
use super::table::{LOOK, NotText};

/// Bytes of a chunk: some thousand short lines, one publish.
pub(super) const CHUNK: usize = 1 << 20;
/// Bytes that a pipe gives at once at most.
const PIPE: usize = 64 * 1024;
/// How long more is waited for when a pipe has given whole lines, in nanoseconds: a fast one fills whole chunks, a
/// slow one is served line by line.
const LULL: i64 = 20_000_000;
/// What is read, and how far it was taken.
pub(super) struct Input {
    reader: Box<dyn Read + Send>,
    /// What is read is a pipe or a terminal, which may pause.
    pipe: Option<OwnedFd>,
    /// What was read and not taken yet.
    pub(super) buffer: Vec<u8>,
    pub(super) ended: bool,
    /// Bytes that were taken.
    pub(super) offset: u64,
    hash: Sha256,
}

impl Input {
    /// Opens the file, with its packed size if it has one; what is read of it is counted in `read`.
    pub(super) fn open(job: &Import, read: &Arc<AtomicU64>) -> Result<(Input, Option<u64>), ImportError> {
        let failed = |cause| ImportError::Open { path: job.path.clone(), cause };
        let file = if job.is_stdin() {
            // Not through the standard library's buffer: what lies in there could not be seen from outside.
            File::from(io::stdin().as_fd().try_clone_to_owned().map_err(failed)?)
        } else {
            File::open(&job.path).map_err(failed)?
        };
        let meta = file.metadata().map_err(failed)?;
        if meta.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let total = meta.is_file().then_some(meta.len());
        let packed = job.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
        let pipe = match meta.is_file() || packed {
            true => None,
            false => Some(file.as_fd().try_clone_to_owned().map_err(failed)?),
        };
        let counted = Counted { inner: file, read: Arc::clone(read) };
        let reader: Box<dyn Read + Send> =
            if packed { Box::new(MultiGzDecoder::new(counted)) } else { Box::new(counted) };
        let buffer = Vec::with_capacity(CHUNK);
        Ok((Input { reader, pipe, buffer, ended: false, offset: 0, hash: Sha256::new() }, total))
    }

    /// Refuses what is no text when its beginning is there: standard input could not be looked at before.
    pub(super) fn look(&self) -> io::Result<()> {
        if self.offset > 0 {
            return Ok(());
        }
        let first = &self.buffer[..self.buffer.len().min(LOOK)];
        NotText::beginning(first).map_or(Ok(()), |what| Err(io::Error::other(what)))
    }

    /// Reads on until the buffer holds a chunk or the file ends; from a pipe, until it pauses behind a whole line.
    pub(super) fn fill(&mut self) -> io::Result<()> {
        while !self.ended && self.buffer.len() < CHUNK {
            if self.pauses()? {
                break;
            }
            self.read_once()?;
        }
        Ok(())
    }

    /// The same when what is there is not enough.
    pub(super) fn fill_further(&mut self) -> io::Result<()> {
        if !self.ended && self.buffer.len() < CHUNK {
            self.read_once()?;
        }
        self.fill()
    }

    /// Whether a pipe has given whole lines and nothing follows at once.
    fn pauses(&self) -> io::Result<bool> {
        let Some(pipe) = self.pipe.as_ref().filter(|_| self.buffer.contains(&b'\n')) else {
            return Ok(false);
        };
        let lull = Timespec { tv_sec: 0, tv_nsec: LULL };
        match poll(&mut [PollFd::new(pipe, PollFlags::IN)], Some(&lull)) {
            Ok(ready) => Ok(ready == 0),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what comes next.
    fn read_once(&mut self) -> io::Result<()> {
        let had = self.buffer.len();
        let most = if self.pipe.is_some() { had + PIPE } else { CHUNK };
        self.buffer.resize(most.min(CHUNK), 0);
        let got = loop {
            match self.reader.read(&mut self.buffer[had..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                got => break got,
            }
        };
        self.buffer.truncate(had + got.as_ref().copied().unwrap_or(0));
        self.ended = got? == 0;
        Ok(())
    }

    /// Takes `count` bytes from the front of the buffer.
    pub(super) fn consume(&mut self, count: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(count);
        let taken = std::mem::replace(&mut self.buffer, rest);
        self.hash.update(&taken);
        self.offset += count as u64;
        taken
    }

    /// The hash of all that was taken.
    pub(super) fn sha256(&self) -> String {
        self.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.read.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}
