//! What the console stands on: the desk, the accounts, the archive, and the probes that the command gives it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use alerts::Desk;
use archive::Archive;
use jiff::Timestamp;
use lexicons::Lang;
use stream::Clock;
use tokio_util::sync::CancellationToken;

use crate::accounts::Accounts;

/// Everything a page needs. Cheap to clone.
#[derive(Clone)]
pub struct ConsoleState {
    /// What people see and do of incidents.
    pub desk: Desk,
    /// Who may sign in.
    pub accounts: Accounts,
    /// The searchable archive; `None` where this process holds none.
    pub archive: Option<Archive>,
    /// What time it is, for ages and clocks on pages.
    pub clock: Clock,
    /// What the command knows of the running system.
    pub probes: Probes,
    /// Where the command may have put the first password: the file goes once that password is changed.
    pub password_file: PathBuf,
    /// Every page carries "SIMULASI – DATA REKAAN".
    pub simulation: bool,
    /// Cookies are sent over HTTPS only; off for a console on loopback.
    pub secure_cookies: bool,
    /// Ends the live streams when the process stops.
    pub stop: CancellationToken,
}

/// A function that the command gives the console.
pub type Probe<T> = Arc<dyn Fn() -> T + Send + Sync>;

/// A function that names a rule of the lexicon in force by its id: the lexicon may be reloaded while pages are shown.
pub type RuleNames = Arc<dyn Fn(&str, Lang) -> Option<RuleNote> + Send + Sync>;

/// A function that tells how the sources are, in words of the reader's language.
pub type Sources = Arc<dyn Fn(Lang) -> Vec<SourceHealth> + Send + Sync>;

/// What the command knows of the running system, asked at each request; each answers at once.
#[derive(Clone)]
pub struct Probes {
    /// Whether the process lives: why not, as internal text.
    pub healthy: Probe<Result<(), String>>,
    /// Whether it can take work and tell people: why not, as internal text. On `Err` every page carries the banner
    /// that sends people to 110, 112 and the telephone.
    pub ready: Probe<Result<(), String>>,
    /// The metrics in Prometheus' text form.
    pub metrics: Probe<String>,
    /// The sources and how they are.
    pub sources: Sources,
    /// The consumer groups and how far behind they are.
    pub groups: Probe<Vec<GroupHealth>>,
    /// What a rule of the lexicon in force is called, by its id.
    pub rule: RuleNames,
}

impl fmt::Debug for Probes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Probes")
    }
}

/// What a rule is called and why it stands, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleNote {
    /// The rule's title in the reader's language; in Indonesian where the lexicon has no other.
    pub title: String,
    /// Why it stands, in the same language.
    pub why: String,
}

/// How a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceState {
    /// Its last reading went well.
    Alive,
    /// Its last readings failed; it is tried again.
    Failing,
    /// It has failed for so long that somebody has to look.
    Dead,
    /// It waits because the system behind it is full or behind.
    Paused,
}

impl SourceState {
    /// The key of its word.
    pub(crate) fn key(self) -> &'static str {
        match self {
            SourceState::Alive => "alive",
            SourceState::Failing => "failing",
            SourceState::Dead => "dead",
            SourceState::Paused => "paused",
        }
    }
}

/// A source and how it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceHealth {
    /// Its name in the configuration.
    pub name: String,
    /// What it is (`feed`, `folder`, `http`, `field` …).
    pub kind: String,
    /// How it is.
    pub state: SourceState,
    /// Posts taken since the start.
    pub posts: u64,
    /// When it last gave a post.
    pub last_post: Option<Timestamp>,
    /// What the last failure was, in the reader's language; no address, no token.
    pub error: Option<String>,
}

/// A consumer group and how far behind it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupHealth {
    /// Its name.
    pub group: String,
    /// The topic it reads.
    pub topic: String,
    /// Records it has not read.
    pub lag: u64,
}
