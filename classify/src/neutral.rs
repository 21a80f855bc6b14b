//! Neutrality: which class of official a post is about, and what he is said to have done.

use lexicons::Range;
use stream::{Act, ActHit, Part, Subject, SubjectClass};

use crate::heard::Heard;
use crate::judge::Held;

/// The sets that tell a subject class; of equals the earlier wins, the narrower before the wider.
const CLASSES: [(&str, SubjectClass); 12] = [
    ("sub_pppk", SubjectClass::Pppk),
    ("sub_ppnpn", SubjectClass::Ppnpn),
    ("sub_bpd", SubjectClass::Bpd),
    ("sub_perdes", SubjectClass::Perdes),
    ("sub_kades", SubjectClass::Kades),
    ("sub_lurah", SubjectClass::Lurah),
    ("sub_tni", SubjectClass::Tni),
    ("sub_polri", SubjectClass::Polri),
    ("sub_peny", SubjectClass::Peny),
    ("sub_pns", SubjectClass::Pns),
    ("sub_bumn", SubjectClass::Bumn),
    ("sub_pej", SubjectClass::Pej),
];

/// How much farther a head of region must not stand to be taken for the subject.
const PEJ_PENALTY: usize = 30;

/// At most this many acts are shown for a post.
const MOST_ACTS: usize = 2;

/// The subject and the acts of the matches, or `None` when no subject is known or none of the acts binds him.
pub(crate) fn subject_and_acts(heard: &Heard<'_>, held: &[Held<'_>]) -> Option<(Subject, Vec<ActHit>)> {
    let fixed = held.iter().find_map(|held| held.rule.subject).map(|class| Subject { class, span: None });
    let subject = fixed
        .or_else(|| in_text(heard, held))
        .or_else(|| in_profile(heard))
        .or_else(|| by_thing(heard, held))?;
    let mut acts: Vec<ActHit> = Vec::new();
    let mut ordered: Vec<&Held<'_>> = held.iter().collect();
    ordered.sort_by_key(|held| strength(held.rule.act));
    for held in ordered {
        let Some(act) = held.rule.act else { continue };
        let binds = subject.class != SubjectClass::Pej || act.is_state_power();
        if binds && acts.len() < MOST_ACTS && acts.iter().all(|known| known.act != act) {
            let span = held.found.hits.iter().rev().find(|hit| hit.part == held.part);
            acts.push(ActHit { act, span: span.map(|hit| heard.span(hit.part, hit.range)) });
        }
    }
    (!acts.is_empty()).then_some((subject, acts))
}

/// The plainer acts first: what is done with a thing or in a role says more than presence or words.
fn strength(act: Option<Act>) -> u8 {
    match act {
        Some(Act::Ktp | Act::Partai | Act::MendekatiPartai | Act::Pasangan) => 0,
        Some(Act::Apk | Act::Fasilitas | Act::Keputusan | Act::Timses) => 1,
        Some(Act::Mobilisasi | Act::IkutKampanye | Act::Foto) => 2,
        Some(Act::Hadir | Act::KegiatanMemihak | Act::Interaksi) => 3,
        Some(Act::KampanyeDaring) | None => 4,
    }
}

/// The class whose words stand nearest to the matches.
fn in_text(heard: &Heard<'_>, held: &[Held<'_>]) -> Option<Subject> {
    let part = held.first()?.part;
    let ranges: Vec<Range> = held
        .iter()
        .flat_map(|held| &held.found.hits)
        .filter(|hit| hit.part == part)
        .map(|hit| hit.range)
        .collect();
    let away = |at: Range| {
        let gaps = ranges
            .iter()
            .map(|range| range.start.saturating_sub(at.end).max(at.start.saturating_sub(range.end)));
        gaps.min().unwrap_or(0)
    };
    let named = CLASSES.iter().enumerate().flat_map(|(order, (set, class))| {
        let penalty = if *class == SubjectClass::Pej { PEJ_PENALTY } else { 0 };
        heard.hits(part, set).into_iter().map(move |range| (range, order, *class, penalty))
    });
    let best = named.min_by_key(|(range, order, _, penalty)| {
        (away(*range) + penalty, std::cmp::Reverse(range.end - range.start), *order, range.start)
    })?;
    Some(Subject { class: best.2, span: Some(heard.span(part, best.0)) })
}

/// The class that the profile shows.
fn in_profile(heard: &Heard<'_>) -> Option<Subject> {
    [Part::Bio, Part::Name].into_iter().find_map(|part| {
        CLASSES.iter().find_map(|(set, class)| {
            let range = heard.hits(part, set).first().copied()?;
            Some(Subject { class: *class, span: Some(heard.span(part, range)) })
        })
    })
}

/// Whose resource was used, when no person is named: a village's or an office's.
fn by_thing(heard: &Heard<'_>, held: &[Held<'_>]) -> Option<Subject> {
    let held = held.iter().find(|held| held.rule.act == Some(Act::Fasilitas))?;
    let things = [("thing_village", SubjectClass::Kades), ("thing_office", SubjectClass::Pns)];
    things.into_iter().find_map(|(set, class)| {
        let range = heard.hits(held.part, set).first().copied()?;
        Some(Subject { class, span: Some(heard.span(held.part, range)) })
    })
}
