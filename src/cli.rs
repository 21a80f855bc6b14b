//! The command line: what can be asked of `kentongan`. Help texts live in `lexicons/texts/cli.*.toml`.

mod accounts;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use lexicons::Lang;

pub(crate) use accounts::{Reporter, ReporterAction, Token, TokenAction, User, UserAction};

/// The whole command line.
#[derive(Parser)]
#[command(name = "kentongan", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[arg(long, global = true, value_parser = parse_lang, env = "KENTONGAN_LANG", default_value = "id")]
    pub(crate) lang: Lang,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One subcommand each; a new one is a variant here, a file in `commands/` and its texts.
#[derive(Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    Serve(Run),
    Ingest(Run),
    Classify(Run),
    Alerts(Run),
    Import(Import),
    Judge(Judge),
    Explain(Explain),
    Region(Region),
    Train(Train),
    Check(Check),
    Backtest(Backtest),
    Topics(At),
    DeadLetters(DeadLetters),
    User(User),
    Reporter(Reporter),
    Token(Token),
    Bench(Bench),
}

impl Command {
    /// Whether it serves until it is told to stop.
    pub(crate) fn runs_on(&self) -> bool {
        use Command as C;
        matches!(self, C::Demo(_) | C::Serve(_) | C::Ingest(_) | C::Classify(_) | C::Alerts(_) | C::Import(_))
    }
}

/// Which installation is meant.
#[derive(Args, Clone, Default)]
pub(crate) struct At {
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
    #[arg(long)]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Demo {
    #[arg(long, default_value_t = 120)]
    pub(crate) seconds: u64,
    #[arg(long, default_value = "127.0.0.1:8110")]
    pub(crate) listen: std::net::SocketAddr,
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
    #[arg(long)]
    pub(crate) exit: bool,
}

#[derive(Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) at: At,
}

#[derive(Args)]
pub(crate) struct Import {
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) at: At,
    /// A new installation may be made.
    #[arg(long)]
    pub(crate) new: bool,
    #[arg(long)]
    pub(crate) source: Option<String>,
    #[arg(long)]
    pub(crate) map: Option<String>,
    #[arg(long)]
    pub(crate) channel: Option<String>,
    #[arg(long)]
    pub(crate) tz: Option<String>,
    #[arg(long)]
    pub(crate) region: Option<String>,
    #[arg(long)]
    pub(crate) as_if_live: bool,
    #[arg(long)]
    pub(crate) trusted: bool,
}

#[derive(Args)]
pub(crate) struct Judge {
    pub(crate) file: PathBuf,
    #[arg(long)]
    pub(crate) lexicon: Option<PathBuf>,
    #[arg(long)]
    pub(crate) tz: Option<String>,
}

#[derive(Args)]
pub(crate) struct Region {
    #[arg(required = true)]
    pub(crate) name: Vec<String>,
    #[arg(long, default_value_t = 30)]
    pub(crate) limit: usize,
    #[arg(long)]
    pub(crate) lexicon: Option<PathBuf>,
}

/// The parts of the corpus that may be read: what the second reader learns from.
const READ: [&str; 6] = [
    "lexicons/corpus/train.jsonl",
    "lexicons/corpus/ordinary-read.jsonl",
    "lexicons/corpus/innocent.jsonl",
    "lexicons/corpus/everyday.jsonl",
    "lexicons/corpus/leads-read.jsonl",
    "lexicons/corpus/official-read.jsonl",
];

#[derive(Args)]
pub(crate) struct Train {
    #[arg(default_values = READ)]
    pub(crate) corpus: Vec<PathBuf>,
    #[arg(long)]
    pub(crate) lexicon: Option<PathBuf>,
    #[arg(long, default_value = "lexicons/second-reader.tsv")]
    pub(crate) out: PathBuf,
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Explain {
    pub(crate) text: String,
    #[arg(long)]
    pub(crate) config: Option<PathBuf>,
    #[arg(long)]
    pub(crate) lexicon: Option<PathBuf>,
    #[arg(long)]
    pub(crate) roster: Option<PathBuf>,
    #[arg(long, default_value = "x")]
    pub(crate) channel: String,
    #[arg(long)]
    pub(crate) posted_at: Option<String>,
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[arg(long)]
    pub(crate) bio: Option<String>,
    #[arg(long)]
    pub(crate) verified_reporter: bool,
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Check {
    #[arg(long)]
    pub(crate) config: Option<PathBuf>,
    #[arg(long)]
    pub(crate) lexicon: Option<PathBuf>,
    #[arg(long)]
    pub(crate) roster: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Backtest {
    #[command(flatten)]
    pub(crate) at: At,
    #[arg(long)]
    pub(crate) lexicon: PathBuf,
    #[arg(long)]
    pub(crate) against: Option<PathBuf>,
    #[arg(long)]
    pub(crate) since: Option<String>,
    #[arg(long)]
    pub(crate) until: Option<String>,
    #[arg(long, default_value_t = 5)]
    pub(crate) samples: u16,
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    #[arg(long)]
    pub(crate) json: bool,
    #[arg(long)]
    pub(crate) apply: bool,
    #[arg(long, requires = "apply")]
    pub(crate) yes: bool,
}

#[derive(Args)]
pub(crate) struct DeadLetters {
    #[command(subcommand)]
    pub(crate) action: DeadLetterAction,
}

/// A value that cannot be read: the key of what it should be, below `cli.value`.
#[derive(Debug, thiserror::Error)]
#[error("the value should be of the kind {0}")]
pub(crate) struct BadValue(pub(crate) &'static str);

/// A number of a list, or all from one to another: `7`, `30-40`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Numbers(pub(crate) std::ops::RangeInclusive<u64>);

impl std::str::FromStr for Numbers {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Numbers, Self::Err> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let number = |text: &str| text.trim().parse::<u64>().map_err(|_| BadValue("letters"));
        let (first, last) = (number(first)?, number(last)?);
        if first <= last { Ok(Numbers(first..=last)) } else { Err(BadValue("letters")) }
    }
}

#[derive(Subcommand)]
pub(crate) enum DeadLetterAction {
    List {
        #[command(flatten)]
        at: At,
        #[arg(long, default_value_t = 50)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    Drop {
        #[arg(required_unless_present = "file")]
        numbers: Vec<Numbers>,
        #[arg(long)]
        file: Option<PathBuf>,
        #[command(flatten)]
        at: At,
    },
    Retry {
        #[command(flatten)]
        at: At,
        #[arg(long)]
        channel: Option<String>,
        #[arg(long)]
        tz: Option<String>,
        #[arg(long)]
        region: Option<String>,
    },
}

#[derive(Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    pub(crate) what: BenchWhat,
}

#[derive(Subcommand)]
pub(crate) enum BenchWhat {
    Judge {
        #[arg(long, default_value = "200000")]
        posts: NonZeroUsize,
        #[arg(long)]
        texts: Option<PathBuf>,
        #[arg(long)]
        peer: Vec<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    Line {
        #[arg(long, default_value = "300000")]
        posts: NonZeroUsize,
        #[arg(long)]
        kafka: Option<String>,
        #[arg(long)]
        json: bool,
    },
    Ablation {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[arg(long)]
        lexicon: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
}

fn parse_lang(code: &str) -> Result<Lang, BadValue> {
    Lang::parse(code).ok_or(BadValue("lang"))
}
