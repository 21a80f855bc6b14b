//! The finding: a post and what the classifier says of it. An indication (*dugaan*), never a verdict.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Account, Act, Category, Post, Queue, RegionCode, Role, Severity, SubjectClass, Zone, short_hash,
};

/// The name under which the second reader stands among the guards that clear hits.
pub const SECOND_READER: &str = "second_reader";

/// A post and everything the classifier says of it; published when at least one rule hit, cleared hits included, when
/// a registered reporter says that all is calm, and when a post that had signals has been edited and has none any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Hash of post, content hash, lexicon hash and code version.
    pub id: String,
    /// The post, whole: who reads findings joins nothing.
    pub post: Post,
    /// Hash of the lexicon that judged.
    pub lexicon: String,
    /// Version of the code that judged.
    pub code: String,
    /// One per category that holds, the gravest first.
    pub signals: Vec<Signal>,
    /// Hits that a guard cleared, and what cleared them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<Cleared>,
    /// Where all is calm, as a registered reporter says who tells of no trouble; none of any other post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calm: Option<Place>,
    /// When a backtest began that published it over an earlier judgement; none where the classifier did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backtest: Option<Timestamp>,
    /// Fields of a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Finding {
    /// The id a finding has: for one post, content, lexicon and code it is always the same.
    pub fn id_of(post: &Post, lexicon: &str, code: &str) -> String {
        short_hash(&[post.id.as_str(), &post.content_hash(), lexicon, code])
    }

    /// The categories of hits that the second reader took for nothing, so that the post stands in no queue; each once.
    pub fn held_back(&self) -> BTreeSet<Category> {
        let held = self.cleared.iter().filter(|cleared| cleared.guard == SECOND_READER);
        held.map(|cleared| cleared.category).collect()
    }
}

/// That a post shows signs of one category of trouble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// What it is a sign of; its queue follows from it.
    pub category: Category,
    /// How grave the machine proposes it to be.
    pub severity: Severity,
    /// From the category's default to `severity`, step by step.
    pub steps: Vec<Step>,
    /// Where in the post it stands.
    pub hits: Vec<Hit>,
    /// Where it happens, and how that is known.
    pub place: Place,
    /// The class of official it is about; for KF-14.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// What the subject is said to have done; for KF-14.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<ActHit>,
    /// The office the post complains of: it and its chain are never told (SG-14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accused: Option<Accused>,
    /// Cross-cutting tags of domain.md 2.4 (`ada_sajam`, `penyelenggara_target` …).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The earlier of claimed and seen time.
    pub event_time: Timestamp,
    /// What an officer asks before he acts on it; absent in findings of older code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
}

impl Signal {
    /// The queue this signal stands in.
    pub fn queue(&self) -> Queue {
        self.category.queue()
    }
}

/// One step of a severity, with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The severity after this step.
    pub to: Severity,
    /// Why, as a stable code (`default`, `weapon_used`, `field_note`, `hearsay` …); texts are the interface's.
    pub why: String,
    /// The words that decided, if words did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// Which part of a post a span points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The text itself.
    Text,
    /// `context.quoted_text`.
    Quoted,
    /// `context.reply_to_text`.
    ReplyTo,
    /// `context.thread_root_text`.
    ThreadRoot,
    /// The n-th of `context.media_text`.
    Media(u16),
    /// `author.name`.
    Name,
    /// `author.bio`.
    Bio,
}

impl Part {
    /// The text of this part of `post`, if it has one.
    pub fn of(self, post: &Post) -> Option<&str> {
        let context = post.context.as_ref();
        let author = post.author.as_ref();
        match self {
            Part::Text => Some(&post.text),
            Part::Quoted => context?.quoted_text.as_deref(),
            Part::ReplyTo => context?.reply_to_text.as_deref(),
            Part::ThreadRoot => context?.thread_root_text.as_deref(),
            Part::Media(n) => context?.media_text.get(usize::from(n)).map(|media| media.text.as_str()),
            Part::Name => author?.name.as_deref(),
            Part::Bio => author?.bio.as_deref(),
        }
    }
}

/// A stretch of one part of a post: byte offsets into the text as written, on character borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The part.
    pub part: Part,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The words in `post` that this span points at.
    pub fn of<'a>(&self, post: &'a Post) -> Option<&'a str> {
        self.part.of(post)?.get(self.start as usize..self.end as usize)
    }
}

/// A rule and the words it hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// The rule's id.
    pub rule: String,
    /// The words, each by its span; the first is the one that stands for the hit.
    pub spans: Vec<Span>,
}

/// A hit that does not count here, and what cleared it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// The hit.
    pub hit: Hit,
    /// The category it would have been a sign of.
    pub category: Category,
    /// The guard's name (`appeal`, `denial`, `drill` …).
    pub guard: String,
    /// The guard's words, if it went by words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// Where a signal happens: as deep as the evidence carries, and no deeper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The deepest region the evidence supports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<RegionCode>,
    /// The zone its times are shown in.
    #[serde(default)]
    pub zone: Zone,
    /// What tells the place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clues: Vec<Clue>,
    /// The readings between which the evidence does not decide, with their shares (they sum to 1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// The words that name a hamlet or village that no list has, where the village is not known: they tell no place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hamlets: Vec<Span>,
}

/// One reason for a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clue {
    /// How it tells, as a stable code: `chain`, `marker`, `name`, `hashtag`, `dateline`, `office`, `origin`, `bio`, `geo`, `source`, `code`.
    pub kind: String,
    /// The words, if words told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What it points at.
    pub code: RegionCode,
}

/// One reading of an unsure place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The region.
    pub code: RegionCode,
    /// Its share, 0 to 1.
    pub share: f64,
}

/// The official a signal is about: a class, never a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The class.
    pub class: SubjectClass,
    /// The words that tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// An act a subject is said to have done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActHit {
    /// The act.
    pub act: Act,
    /// The words that tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// An office that a post complains of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accused {
    /// The role.
    pub role: Role,
    /// Its region, as deep as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    /// The words that name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// What `judge` prints for one post: the graver of its matters leads.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// The sender's id, or ours.
    pub id: String,
    /// `konflik`, `netralitas` or `tidak`.
    pub queue: &'static str,
    /// The leading signal's category.
    pub category: Option<Category>,
    /// The leading signal's severity; NORMAL without one.
    pub severity: Severity,
    /// The leading signal's place; of a post without one, what `judge` reads of it.
    pub place: Option<RegionCode>,
    /// The leading signal's subject class.
    pub subject: Option<SubjectClass>,
    /// The leading signal's acts.
    pub acts: Vec<Act>,
    /// The finding behind it, if any rule hit.
    pub finding: Option<Finding>,
}

impl Judgement {
    /// The judgement of `post`, from what the classifier found.
    pub fn new(post: &Post, finding: Option<Finding>) -> Judgement {
        let lead = finding.as_ref().and_then(|finding| finding.signals.first());
        Judgement {
            id: post.sender_id.clone().unwrap_or_else(|| post.id.to_string()),
            queue: lead.map_or("tidak", |signal| signal.queue().as_str()),
            category: lead.map(|signal| signal.category),
            severity: lead.map_or(Severity::Normal, |signal| signal.severity),
            place: lead.and_then(|signal| signal.place.code.clone()),
            subject: lead.and_then(|signal| signal.subject.as_ref()).map(|subject| subject.class),
            acts: lead.map(|signal| signal.acts.iter().map(|act| act.act).collect()).unwrap_or_default(),
            finding,
        }
    }
}
