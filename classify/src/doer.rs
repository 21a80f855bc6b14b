//! Who did it: how a person or office named in a post stands to the deeds told of.

use lexicons::Range;
use stream::Part;

use crate::heard::Heard;

/// How somebody named stands to the deeds; the likeliest doer first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// Before the deed, behind *oleh*, or right behind a passive: "camat menyuruh", "dikumpulkan camat".
    Doer,
    /// Neither shows.
    Open,
    /// What a deed is done to or with, or what names a place: "mengancam KPU", "di rumah kades".
    Object,
    /// At his own lawful work: "Bawaslu memanggil", "Polsek mengamankan".
    AtWork,
    /// Asked for help, reported to, thanked, or where a report comes from: "tolong Bawaslu cek", "lapor pak Kapolsek".
    Called,
    /// Said to have had no part in it: "bukan kaur", "bu lurah tak mau datang".
    Apart,
}

/// How far behind its deed an object may stand, in tokens: "mengganti enam kepala dinas".
const OBJECT: usize = 2;
/// How far before his deed the doer of a partial act may stand, in tokens.
pub(crate) const FAR: usize = 12;
/// How far before a verb of lawful work its office may stand, in tokens: "Polsek Kota Baru mengamankan".
const WORK: usize = 3;
/// How far before the deed a citizen stands who did it, in tokens.
const CITIZEN: usize = 8;
/// How far behind somebody the words stand that he took no part, in tokens: "camat lan lurah ora melu".
const APART: usize = 3;
/// Words of respect and number that stand between a preposition or a verb and the person.
pub(crate) const BETWEEN: [&str; 12] =
    ["pak", "bu", "ibu", "bapak", "si", "sang", "oknum", "seorang", "ketua", "anggota", "salah", "satu"];
/// Prepositions and nouns behind which a person is no doer.
pub(crate) const TOWARDS: [&str; 23] = [
    "ke", "kepada", "kpd", "pada", "untuk", "terhadap", "di", "bareng", "bersama", "dengan", "kantor",
    "rumah", "balai", "gudang", "depan", "posko", "markas", "mako", "pagar", "halaman", "wilayah", "tentang",
    "soal",
];

/// Prepositions between a call and the office it goes to, and words that join offices called upon.
const PREPOSITIONS: [&str; 7] = ["ke", "kepada", "pada", "ka", "sama", "buat", "untuk"];
const JOINED: [&str; 5] = ["dan", "serta", "atau", "lan", "sareng"];
/// No longer a word that begins with *di-* is a passive: "dia", "dika".
const SHORT: usize = 4;
/// How far behind an office words may stand that ask it to act, in tokens: "Bawaslu Gunung Mas mohon dicek".
const ADDRESSED: usize = 3;

/// Words for those who do it themselves: what stands before them is not the doer.
pub(crate) const OTHERS: [&str; 12] = [
    "kita",
    "kami",
    "kalian",
    "mereka",
    "massa",
    "warga",
    "pendukung",
    "relawan",
    "aku",
    "gue",
    "saya",
    "ayo",
];

/// "dikumpulkan": a deed done to what stands before it. "diam" and "dia" are none.
fn is_passive(form: &str) -> bool {
    form.len() > 5 && form.starts_with("di")
}

/// "berorasi camat" is the camat's own deed; a plain or meN- verb has an object behind it.
fn is_transitive(form: &str) -> bool {
    !is_passive(form) && !form.starts_with("ber")
}

fn other_doer<'a>(form: &impl Fn(usize) -> &'a str, from: usize, to: usize) -> bool {
    (from..to).any(|n| OTHERS.contains(&form(n)))
}

/// What is asked of a person or office named.
pub(crate) struct How {
    /// How far before his deed a doer stands at most, in tokens.
    pub(crate) reach: usize,
    /// Of an office that watches, secures or organises by law.
    pub(crate) office: bool,
}

/// How what stands at `at` stands to `deeds`, all in one part.
pub(crate) fn standing(heard: &Heard<'_>, part: Part, at: Range, deeds: &[Range], how: &How) -> Standing {
    let Some(reading) = heard.reading(part) else { return Standing::Open };
    let tokens = reading.folded.tokens();
    let form = |n: usize| reading.folded.form(n);
    let sentence = |n: usize| tokens.get(n).map(|token| token.sentence);
    let deeds: Vec<Range> =
        deeds.iter().copied().filter(|deed| sentence(deed.start) == sentence(at.start)).collect();
    let work = if how.office { heard.hits(part, "lawful_work") } else { Vec::new() };
    if work.iter().any(|work| {
        work.start >= at.end && work.start - at.end < WORK && sentence(work.start) == sentence(at.start)
    }) {
        return Standing::AtWork;
    }
    if is_called(heard, part, at, &deeds, how) {
        return Standing::Called;
    }
    let clause = |n: usize| tokens.get(n).map(|token| token.clause);
    let stays_out = heard.hits(part, "stays_out").iter().any(|out| {
        out.start >= at.end && out.start - at.end < APART && clause(out.start) == clause(at.start)
    });
    if stays_out {
        return Standing::Apart;
    }
    let here = |n: usize| n > 0 && sentence(n - 1) == sentence(at.start);
    let respected = |mut first: usize| {
        while here(first) && BETWEEN.contains(&form(first - 1)) {
            first -= 1;
        }
        first
    };
    let mut before = respected(at.start);
    // "nyuruh lurah dan kades": what is done to the first is done to both.
    while here(before) && JOINED.contains(&form(before - 1)) {
        let named = [heard.hits(part, "office_any"), heard.hits(part, "sub_any")].concat();
        let Some(other) = beside(&named, before - 1) else { break };
        before = respected(other.start);
    }
    let deed_ends = |end: usize| deeds.iter().find(|deed| deed.end == end);
    if here(before) {
        if heard.hits(part, "not_he").iter().any(|not| not.end == before) {
            return Standing::Apart;
        }
        let by = heard.hits(part, "doer_marker");
        if by.iter().any(|by| by.end == before) {
            return Standing::Doer;
        }
        let last = form(before - 1);
        let many = || deeds.iter().any(|deed| deed.end < before) && heard.ends(part, "_many_before", before);
        if TOWARDS.contains(&last) || many() {
            return Standing::Object;
        }
        if let Some(deed) = deed_ends(before) {
            if is_passive(form(deed.start)) {
                return Standing::Doer;
            }
            if is_transitive(form(deed.start)) {
                return Standing::Object;
            }
        }
        let object = deeds.iter().any(|deed| {
            deed.end < before
                && before - deed.end < OBJECT
                && clause(deed.start) == clause(at.start)
                && is_transitive(form(deed.start))
        });
        if object {
            return Standing::Object;
        }
    }
    let next = deeds.iter().filter(|deed| deed.start >= at.end).min_by_key(|deed| deed.start);
    match next {
        Some(deed) if is_passive(form(deed.start)) => Standing::Object,
        // A deed may be told with its doer: "kami bakar".
        Some(deed) if deed.start - at.end < how.reach && !other_doer(&form, at.end, deed.end) => {
            Standing::Doer
        }
        _ => Standing::Open,
    }
}

/// Whether the office at `at` is called upon, not complained of: words of asking, reporting or thanking stand before it
/// or behind it, and no deed of its own follows in its clause.
fn is_called(heard: &Heard<'_>, part: Part, at: Range, deeds: &[Range], how: &How) -> bool {
    let Some(reading) = heard.reading(part) else { return false };
    let hits = |set: &str| heard.hits(part, set);
    let body = hits("watch_body").contains(&at);
    let if_so = |so: bool, set: &str| if so { hits(set) } else { Vec::new() };
    let before = [hits("calls_on"), if_so(how.office, "reported_by"), if_so(body, "body_before")].concat();
    let behind = [hits("calls_after"), if_so(body, "body_after")].concat();
    let offices = hits("office_any");
    // "Yth. guru negeri, mohon coblos nomor satu": who is no office is asked to do the deed.
    let office = offices.iter().any(|office| office.start < at.end && at.start < office.end);
    if !office || before.is_empty() && behind.is_empty() {
        return false;
    }
    let form = |n: usize| reading.folded.form(n);
    let clause = |n: usize| reading.folded.tokens().get(n).map(|token| token.clause);
    let sentence = |n: usize| reading.folded.tokens().get(n).map(|token| token.sentence);
    // "tolong Bawaslu dan Polsek Mejayan": what stands before the first stands before all.
    let mut first = at.start;
    while first > 0 && sentence(first - 1) == sentence(at.start) {
        let last = form(first - 1);
        if (BETWEEN.contains(&last) || PREPOSITIONS.contains(&last)) && clause(first - 1) == clause(first) {
            first -= 1;
        } else if let Some(other) = JOINED.contains(&last).then(|| beside(&offices, first - 1)).flatten() {
            first = other.start;
        } else {
            break;
        }
    }
    let others = [offices, hits("sub_any")].concat();
    let next = deeds.iter().filter(|deed| deed.start >= at.end).min_by_key(|deed| deed.start);
    let own = next.is_some_and(|deed| {
        let between = |range: &Range| range.start >= at.end && range.end <= deed.start;
        let apart = hits("asked_of").iter().any(between) || others.iter().any(between);
        clause(deed.start) == clause(at.start) && deed.start - at.end < how.reach && !apart
    });
    // "Laporan: anggota PPS" is headed a report, and comes from nobody.
    let leads =
        |cue: &Range| (cue.end == first || cue.end == at.start) && clause(cue.start) == clause(cue.end);
    if !own && before.iter().any(leads) {
        return true;
    }
    behind.iter().any(|cue| {
        // "kades curang tolong Bawaslu": another one is meant.
        let another = others.iter().any(|other| {
            let beside = other.start >= cue.end && (cue.end..other.start).all(|n| BETWEEN.contains(&form(n)));
            beside && clause(other.start) == clause(cue.start)
        });
        let near = cue.start >= at.end && cue.start - at.end < ADDRESSED;
        // "Babinsa tolong ditindak" asks for it to be done to him; of a body it is asked to do so.
        let asked = body || !(form(cue.end).starts_with("di") && form(cue.end).len() > SHORT);
        near && asked
            && !another
            && sentence(cue.start) == sentence(at.start)
            && next.is_none_or(|deed| deed.start >= cue.start)
    })
}

/// The office that ends at `at`, or up to two words before it: "Bawaslu Gunung Mas dan".
fn beside(offices: &[Range], at: usize) -> Option<Range> {
    offices
        .iter()
        .copied()
        .filter(|other| other.end <= at && at - other.end <= ADDRESSED)
        .max_by_key(|o| o.end)
}

/// Whether somebody who need not be neutral stands as the doer: "tukang las menempel stiker", "oleh relawan".
pub(crate) fn citizen_acts(heard: &Heard<'_>, part: Part, deeds: &[Range]) -> bool {
    let how = How { reach: CITIZEN, office: false };
    heard
        .hits(part, "citizen_doer")
        .into_iter()
        .filter(|at| deeds.iter().all(|deed| deed.end <= at.start || at.end <= deed.start))
        .any(|at| standing(heard, part, at, deeds, &how) == Standing::Doer)
}
