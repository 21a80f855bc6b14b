//! What raises or lowers the severity of a signal: the entries of `severity.toml`.

use std::cmp::Reverse;

use stream::{Category, Level, Severity};

use crate::calendar::ElectionDay;
use crate::rule::{Expr, Sentence};
use crate::set_bits::SetId;
use crate::texts::Lang;

/// What an element does to a severity; the order of these is the order in which they are asked (eval/GUIDE.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// What the text tells gives at least this level.
    Level(Severity),
    /// Up to this level, or one step where none is told; never above [`CEILING`].
    Up(Option<Severity>),
    /// Down to this level at most, or one step where none is told.
    Down(Option<Severity>),
}

/// No step up leads higher: AWAS is given by what the text tells alone.
pub const CEILING: Severity = Severity::Siaga;

stream::closed_set! {
    /// Days of an election on which an element counts, as `severity.toml` names them.
    On {
        /// H-1 or H.
        EveOrVoting = "eve_or_voting",
        /// H-1, H or H+1.
        NearVoting = "near_voting",
        /// From the quiet days to H+1.
        QuietToAfter = "quiet_to_after",
        /// The recapitulation days of a kecamatan.
        RecapKecamatan = "recap_kecamatan",
        /// The recapitulation days of a kabupaten or kota.
        RecapKabupaten = "recap_kabupaten",
        /// The recapitulation days of a province.
        RecapProvinsi = "recap_provinsi",
    }
}

impl On {
    /// Whether `day` is one.
    pub fn holds(self, day: &ElectionDay) -> bool {
        match self {
            On::EveOrVoting => day.is_eve_or_voting(),
            On::NearVoting => day.is_near_voting(),
            On::QuietToAfter => day.is_quiet_to_after(),
            On::RecapKecamatan => day.recaps.contains(&Level::Kecamatan),
            On::RecapKabupaten => day.recaps.contains(&Level::Kabupaten),
            On::RecapProvinsi => day.recaps.contains(&Level::Provinsi),
        }
    }
}

/// An expression, and how it is written.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What must hold.
    pub expr: Expr,
    /// As its keeper wrote it.
    pub source: String,
}

/// Words before which others count for nothing.
#[derive(Clone, Copy, Debug)]
pub struct Behind {
    /// The set of the words.
    pub set: SetId,
    /// How far behind them what counts for nothing may stand, in words, in one clause.
    pub words: usize,
}

/// One `[[element]]` of `severity.toml`.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its name for ever.
    pub id: String,
    /// The code of the step: its own id, or that of the element as which it is told.
    pub step: String,
    /// What people read at the step, Indonesian and English; none where it is told as another.
    pub shown: Option<[String; 2]>,
    /// What it means, for keepers.
    pub why: String,
    /// The categories whose severity it moves.
    pub categories: Vec<Category>,
    /// What it does.
    pub does: Does,
    /// The words that decide; none where the day or the reporter decides.
    pub when: Option<Condition>,
    /// What must hold beside them, each by itself.
    pub with: Vec<Condition>,
    /// What must not hold.
    pub unless: Option<Condition>,
    /// Words behind which those of `when` count for nothing.
    pub not_behind: Option<Behind>,
    /// Words of `when` that begin a clause with one of these tell what follows them: what was told before stands.
    pub opens: Option<SetId>,
    /// Whether it holds without the words of `when` too, where the post's place is known by anything.
    pub or_placed: bool,
    /// A step down leads no lower than this.
    pub floor: Option<Severity>,
    /// Only on these days.
    pub on: Option<On>,
    /// Only in a field note of a registered reporter.
    pub reporter: bool,
    /// Texts that must reach it.
    pub reaches: Vec<Sentence>,
    /// Texts of its categories that must not.
    pub keeps: Vec<Sentence>,
    /// The file it stands in.
    pub file: String,
    /// The line of its id.
    pub line: u32,
}

impl Element {
    /// The conditions that must hold, the words that decide first.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.when.iter().chain(&self.with)
    }

    /// Its place in the order of asking: the levels before the steps up, those before the steps down; of levels the
    /// highest first. Of equals the file's order holds.
    pub(crate) fn order(&self) -> (u8, Reverse<Severity>) {
        match self.does {
            Does::Level(level) => (0, Reverse(level)),
            Does::Up(_) => (1, Reverse(Severity::Normal)),
            Does::Down(_) => (2, Reverse(Severity::Normal)),
        }
    }
}

/// What people read at the step `code` in `lang`, if an element is told by it.
pub(crate) fn shown<'e>(elements: &'e [Element], code: &str, lang: Lang) -> Option<&'e str> {
    let [id, en] = elements.iter().find(|element| element.id == code)?.shown.as_ref()?;
    Some(if lang == Lang::Id { id } else { en })
}
