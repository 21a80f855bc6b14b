//! The account of a signal: what an officer asks before he acts on it, answered with the words that show it.

use serde::{Deserialize, Serialize};

use crate::{Category, Span, closed_set};

closed_set! {
    /// Who stands behind what a post says.
    Voice {
        /// The author did, does or will do it himself.
        Doer = "doer",
        /// The author says that he saw it.
        Witness = "witness",
        /// A registered reporter.
        Reporter = "reporter",
        /// A newsroom.
        News = "news",
        /// The author passes another's words on.
        PassingOn = "passing_on",
        /// The author has it from others, or doubts it.
        Hearsay = "hearsay",
        /// Nothing shows it.
        Unknown = "unknown",
    }
}

/// What else is asked of a signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Who asserts it.
    pub voice: Voice,
    /// The words that show the voice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_span: Option<Span>,
    /// The candidate or pair that is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<Span>,
    /// Those that are named beside it, in order of the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_candidates: Vec<Span>,
    /// The words that tell when it happened or will happen ("semalam", "Sabtu jam 9"): the time of the event itself is
    /// taken from the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Span>,
    /// The election by the calendar (`pilkada-2024`); absent when the event time lies in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub election: Option<String>,
    /// The stage of that election at the event time (`campaign`, `quiet` …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Laws and rows that may be concerned; never those of another election's regime.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub laws: Vec<LawRef>,
    /// The reading that comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<RunnerUp>,
    /// The words that each alone carry it: without any one of them the post would not show this signal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hinges_on: Vec<Span>,
}

/// A law or a row of the joint decree, as a finding cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LawRef {
    /// Its id in `law.toml`, or the row's code (`PD-07`).
    pub id: String,
    /// How it is cited, and what it says for us; Indonesian.
    pub cite: String,
    /// How well it is checked: `V`, `V2`, `M` (domain.md).
    pub mark: String,
    /// `pilkada`, `pemilu` or `umum`.
    pub regime: String,
}

/// The reading that comes next after the one shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunnerUp {
    /// Its category.
    pub category: Category,
    /// The guard that cleared it; absent when it stands beside this one, less grave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_by: Option<String>,
}
