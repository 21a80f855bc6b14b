//! Neutrality: which class of official a post is about, and what he is said to have done.

use lexicons::{Match, PartHit, Range};
use stream::{Act, ActHit, Part, Subject, SubjectClass};

use crate::doer::{self, How, Standing};
use crate::heard::Heard;
use crate::held::Held;

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

/// Sets whose words tell the act of a siding official; the earlier first.
const SIGNS_OF: [(&str, Act); 7] = [
    ("state_thing", Act::Fasilitas),
    ("apk_put_v", Act::Apk),
    ("team_role", Act::Timses),
    ("photo_pose", Act::Foto),
    ("interact_v", Act::Interaksi),
    ("lead_v", Act::IkutKampanye),
    ("attend_v", Act::Hadir),
];

/// At most this many acts are shown for a post.
const MOST_ACTS: usize = 2;

/// The subject and the acts of the matches, or `None` when no subject is known or none of the acts binds him.
pub(crate) fn subject_and_acts(heard: &Heard<'_>, held: &[Held<'_>]) -> Option<(Subject, Vec<ActHit>)> {
    // What a rule says of its subject stands only where the text says nothing.
    let said = || held.iter().find_map(|held| held.rule.subject).map(|class| Subject { class, span: None });
    let subject = in_text(heard, held.first()?.part, held)
        .or_else(said)
        .or_else(|| in_profile(heard))
        .or_else(|| by_thing(heard, held))?;
    let mut acts: Vec<ActHit> = Vec::new();
    let mut ordered: Vec<&Held<'_>> = held.iter().collect();
    ordered.sort_by_key(|held| plainness(held.rule.act));
    for held in ordered {
        let Some(act) = held.rule.act else { continue };
        let binds = subject.class != SubjectClass::Pej || act.is_state_power();
        let beside = acts.iter().all(|known| stand_together(known.act, act));
        if binds && beside && acts.len() < MOST_ACTS {
            let span = held.found.hits.iter().rev().find(|hit| hit.part == held.part);
            acts.push(ActHit { act, span: span.map(|hit| heard.span(hit.part, hit.range)) });
        }
    }
    let siding = held.iter().find(|held| held.rule.act.is_none());
    if let Some(held) = siding.filter(|_| acts.is_empty() && subject.class != SubjectClass::Pej) {
        acts.push(likeliest_act(heard, held.part, &subject));
    }
    (!acts.is_empty()).then_some((subject, acts))
}

/// The act of somebody of whom a rule only says that he sides with a candidate: told by the words beside it, else by
/// whether he speaks himself.
fn likeliest_act(heard: &Heard<'_>, part: Part, subject: &Subject) -> ActHit {
    let told = SIGNS_OF.iter().find_map(|(set, act)| {
        let range = heard.hits(part, set).first().copied()?;
        Some(ActHit { act: *act, span: Some(heard.span(part, range)) })
    });
    told.unwrap_or_else(|| {
        let own = subject.span.is_some_and(|span| matches!(span.part, Part::Bio | Part::Name));
        let act = if own { Act::KampanyeDaring } else { Act::KegiatanMemihak };
        ActHit { act, span: None }
    })
}

/// The class of official that the post is about, whatever he did.
pub(crate) fn subject(heard: &Heard<'_>) -> Option<Subject> {
    in_text(heard, Part::Text, &[]).or_else(|| in_profile(heard))
}

/// The plainer acts first: what is done with power, a thing or a role says more than presence or words.
fn plainness(act: Option<Act>) -> u8 {
    match act {
        Some(Act::Ktp | Act::Partai | Act::MendekatiPartai | Act::Pasangan) => 0,
        Some(Act::Mobilisasi) => 1,
        Some(Act::Fasilitas | Act::Keputusan) => 2,
        Some(Act::Apk) => 3,
        Some(Act::Foto | Act::Interaksi) => 4,
        Some(Act::Timses) => 5,
        Some(Act::IkutKampanye) => 6,
        Some(Act::Hadir) => 7,
        Some(Act::KegiatanMemihak) => 8,
        Some(Act::KampanyeDaring) | None => 9,
    }
}

/// Whether the second act is one of its own beside the first, not the same deed in other words.
fn stand_together(first: Act, second: Act) -> bool {
    match first {
        Act::Mobilisasi => matches!(second, Act::Fasilitas),
        Act::Fasilitas => matches!(second, Act::Keputusan | Act::KegiatanMemihak),
        _ => false,
    }
}

/// An official named in a part: where, by which of [`CLASSES`], and of which class.
type Named = (Range, usize, SubjectClass);

fn named_in(heard: &Heard<'_>, part: Part) -> Vec<Named> {
    let classes = CLASSES.iter().enumerate();
    let named = classes.flat_map(|(order, (set, class))| {
        heard.hits(part, set).into_iter().map(move |range| (range, order, *class))
    });
    named.collect()
}

/// The deeds among `hits`: what is neither a candidate or his event nor one of those named.
fn deeds_of<'a>(
    heard: &Heard<'_>,
    part: Part,
    hits: impl Iterator<Item = &'a PartHit>,
    named: &[Named],
) -> Vec<Range> {
    let not_deeds: Vec<Range> = ["cand", "event_c"].iter().flat_map(|set| heard.hits(part, set)).collect();
    hits.filter(|hit| hit.part == part && hit.set.is_some() && !not_deeds.contains(&hit.range))
        .map(|hit| hit.range)
        .filter(|deed| named.iter().all(|(range, ..)| range != deed))
        .collect()
}

/// How an official of `class`, named at `at`, stands to `deeds`.
fn standing(heard: &Heard<'_>, part: Part, at: Range, class: SubjectClass, deeds: &[Range]) -> Standing {
    let office = matches!(class, SubjectClass::Peny | SubjectClass::Polri | SubjectClass::Tni);
    doer::standing(heard, part, at, deeds, &How { reach: doer::FAR, office })
}

/// Whether the officials that `found` names are all only called upon about it: "tolong pak Kapolsek ditindak, bu camat
/// bagi uang". False when it names none.
pub(crate) fn is_only_called(heard: &Heard<'_>, part: Part, found: &Match) -> bool {
    let mut named = named_in(heard, part);
    let deeds = deeds_of(heard, part, found.hits.iter(), &named);
    named.retain(|(at, ..)| {
        let meets = |hit: &PartHit| hit.range.start < at.end && at.start < hit.range.end;
        found.hits.iter().any(|hit| hit.part == part && meets(hit))
    });
    let whole: Vec<&Named> =
        named.iter().filter(|(at, _, class)| !named.iter().any(|other| hides(other, *at, *class))).collect();
    !whole.is_empty()
        && whole.iter().all(|(at, _, class)| standing(heard, part, *at, *class, &deeds) == Standing::Called)
}

/// The class of the likeliest doer among those named; of equals the nearest to the deeds.
fn in_text(heard: &Heard<'_>, part: Part, held: &[Held<'_>]) -> Option<Subject> {
    let power = held.iter().any(|held| held.rule.act.is_some_and(Act::is_state_power));
    let decided = held.iter().any(|held| held.rule.act == Some(Act::Keputusan));
    let mut named = named_in(heard, part);
    named.retain(|(.., class)| power || *class != SubjectClass::Pej);
    let known = |at: Range, class| !named.iter().any(|other| hides(other, at, class));
    let deeds = deeds_of(heard, part, held.iter().flat_map(|held| &held.found.hits), &named);
    let away = |at: Range| {
        let gaps = deeds
            .iter()
            .map(|range| range.start.saturating_sub(at.end).max(at.start.saturating_sub(range.end)));
        gaps.min().unwrap_or(0)
    };
    let best = named
        .iter()
        .filter(|(range, _, class)| known(*range, *class))
        .map(|(range, order, class)| (standing(heard, part, *range, *class, &deeds), range, order, class))
        .filter(|(standing, ..)| !matches!(standing, Standing::AtWork | Standing::Called | Standing::Apart))
        .min_by_key(|(standing, range, order, class)| {
            // A head of region is often only the one spoken of; but decisions are his.
            let spoken_of = (**class == SubjectClass::Pej) != decided;
            (*standing, spoken_of, away(**range), range.start, **order)
        })?;
    // Where a citizen does it, an official who is only named beside him did nothing.
    if best.0 != Standing::Doer && doer::citizen_acts(heard, part, &deeds) {
        return None;
    }
    Some(Subject { class: *best.3, span: Some(heard.span(part, *best.1)) })
}

/// Whether another name stands for the one at `at`: "guru honorer" is no "guru", and "honorer Dishub" is not the Dishub.
fn hides(other: &Named, at: Range, class: SubjectClass) -> bool {
    let contract = |class| matches!(class, SubjectClass::Pppk | SubjectClass::Ppnpn);
    let longer = other.0.end - other.0.start > at.end - at.start;
    let within = other.0.start <= at.start && at.end <= other.0.end && longer;
    let beside = other.0.end == at.start || at.end == other.0.start;
    within || (beside && class == SubjectClass::Pns && contract(other.2))
}

/// The class that the profile shows, unless the author reports to us by his office.
fn in_profile(heard: &Heard<'_>) -> Option<Subject> {
    if heard.post.verified_reporter() {
        return None;
    }
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
