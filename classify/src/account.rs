//! The account of a signal: who asserts it, at what stage, which laws may be concerned, what comes next, and which
//! words it hangs on.

use lexicons::calendar::ElectionDay;
use lexicons::law::Regime;
use lexicons::{Class, Expr, Look, Range, number_of_pair};
use stream::{
    Account, Category, Channel, Cleared, Forwarded, LawRef, Part, RunnerUp, Signal, Span, SubjectClass, Voice,
};

use crate::heard::Heard;
use crate::hinge;

/// Gives each of `signals` its account.
pub(crate) fn give(heard: &Heard<'_>, signals: &mut [Signal], cleared: &[Cleared]) {
    let hinges = hinge::hinges(heard, signals);
    let (candidates, time) = (candidates(heard), time(heard));
    let accounts: Vec<Account> = signals
        .iter()
        .enumerate()
        .map(|(at, signal)| {
            let (voice, voice_span) = voice(heard, signal);
            let place = &signal.place;
            let day = heard.lexicon.calendar().day(signal.event_time, place.code.as_ref(), place.zone);
            Account {
                voice,
                voice_span,
                candidate: candidates.first().copied(),
                other_candidates: candidates.get(1..).unwrap_or_default().to_vec(),
                time,
                election: day.as_ref().map(|day| day.election.clone()),
                stage: day.as_ref().map(|day| day.stage.as_str().to_owned()),
                laws: laws(heard, signal, day.as_ref()),
                runner_up: runner_up(signals, at, cleared),
                hinges_on: hinges[at].clone(),
            }
        })
        .collect();
    signals.iter_mut().zip(accounts).for_each(|(signal, account)| signal.account = Some(account));
}

/// The tokens of the text that are of a class of the rule language.
fn shown(heard: &Heard<'_>, class: Class) -> Vec<Range> {
    let parts = heard.parts(Part::Text);
    let found = Look::new(heard.lexicon, &parts).matches(&Expr::Class(class));
    found.iter().filter_map(|found| found.extent).collect()
}

/// The words that tell candidates: the first, with the number of the pair that goes on from it ("paslon nomor urut 2"),
/// then each that names another by number or by name, in order of the text.
fn candidates(heard: &Heard<'_>) -> Vec<Span> {
    let told = |set: &str| -> Vec<Range> {
        let hits = heard.hits(Part::Text, set).into_iter();
        hits.filter(|hit| !heard.in_place_name(Part::Text, *hit)).collect()
    };
    let names = told("pair_names");
    let Some(first) = names.first().copied().or_else(|| told("cand").first().copied()) else {
        return Vec::new();
    };
    let folded = &heard.text.folded;
    let number = |range: Range| number_of_pair(folded, range);
    let clause = |at: usize| folded.tokens().get(at).map(|token| token.clause);
    let pairs = shown(heard, Class::Paslon);
    let whole = pairs.iter().fold(first, |told, pair| {
        // "calon bupati nomor 2"; behind "paslon 1" a number is another's.
        let goes_on =
            pair.start == told.end && number(told).is_none() && clause(pair.start) == clause(told.start);
        if goes_on || meet(told, *pair) {
            Range { start: told.start.min(pair.start), end: told.end.max(pair.end) }
        } else {
            told
        }
    });
    let mut named = vec![whole];
    let mut others: Vec<(Range, bool)> = names.into_iter().map(|name| (name, true)).collect();
    others.extend(pairs.into_iter().map(|pair| (pair, false)));
    others.sort_unstable_by_key(|(range, _)| range.start);
    let forms = |range: Range| (range.start..range.end).map(|at| folded.form(at));
    for (other, by_name) in others {
        let known = named.iter().any(|known| {
            let same = if by_name { forms(*known).eq(forms(other)) } else { number(*known) == number(other) };
            same || meet(*known, other)
        });
        // "paslon" without a number may be any of them.
        if !known && (by_name || number(other).is_some()) {
            named.push(other);
        }
    }
    named.into_iter().map(|range| heard.span(Part::Text, range)).collect()
}

fn meet(one: Range, other: Range) -> bool {
    one.start < other.end && other.start < one.end
}

/// The first words that tell a time, with those that go on from them: "siang ini jam 2".
fn time(heard: &Heard<'_>) -> Option<Span> {
    let shown = shown(heard, Class::Time).into_iter().map(|range| heard.span(Part::Text, range));
    shown.reduce(|told, next| {
        // A blank between them at most.
        if next.start <= told.end + 1 { Span { end: told.end.max(next.end), ..told } } else { told }
    })
}

/// Who asserts it, with the words that show it.
fn voice(heard: &Heard<'_>, signal: &Signal) -> (Voice, Option<Span>) {
    let post = heard.post;
    let first = |sets: &[&str]| heard.first(Part::Text, sets);
    let forwarded = post.context.as_ref().and_then(|context| context.forwarded);
    let passed_on = heard.text.folded.is_copy()
        || post.context.as_ref().is_some_and(|context| context.repost_of.is_some())
        || matches!(forwarded, Some(Forwarded::Once | Forwarded::Many));
    let own = signal.subject.as_ref().and_then(|subject| subject.span).filter(|span| span.part != Part::Text);
    if post.verified_reporter() {
        (Voice::Reporter, None)
    } else if post.channel == Channel::Berita {
        (Voice::News, None)
    } else if passed_on {
        (Voice::PassingOn, None)
    } else if let Some(span) = first(&["hearsay"]) {
        (Voice::Hearsay, Some(span))
    } else if own.is_some() {
        (Voice::Doer, own)
    } else if let Some(span) = seen(heard) {
        (Voice::Witness, Some(span))
    } else if signal.category == Category::Kf02 && first(&["self_voice", "call_strong"]).is_some() {
        (Voice::Doer, first(&["call_strong", "self_voice"]))
    } else if let Some(span) =
        first(&["self_voice"]).filter(|_| first(&["ongoing", "place_pointed"]).is_some())
    {
        (Voice::Witness, Some(span))
    } else {
        (Voice::Unknown, None)
    }
}

/// The words by which the writer says that he has seen it; none beside a call: "kami lihat mereka, ayo serbu".
fn seen(heard: &Heard<'_>) -> Option<Span> {
    let seen = heard.first(Part::Text, &["seen_by"])?;
    let mut calls =
        heard.hits(Part::Text, "call_strong").into_iter().map(|call| heard.span(Part::Text, call));
    // "kami" alone is among the words of a call.
    calls.all(|call| call.start < seen.end && seen.start < call.end).then_some(seen)
}

/// The laws of the rules that hit, then what binds the subject's class, then the rows of the joint decree for its acts;
/// none of another election's regime.
fn laws(heard: &Heard<'_>, signal: &Signal, day: Option<&ElectionDay>) -> Vec<LawRef> {
    let laws = heard.lexicon.laws();
    let fits = |regime: Regime| regime == Regime::Umum || day.is_none_or(|day| day.regime == regime);
    let class = signal.subject.as_ref().map(|subject| subject.class);
    let binds =
        |binds: &[SubjectClass]| binds.is_empty() || class.is_some_and(|class| binds.contains(&class));
    let cited =
        signal.hits.iter().filter_map(|hit| heard.lexicon.rules().iter().find(|rule| rule.id == hit.rule));
    let mut found: Vec<&lexicons::law::Law> =
        cited.flat_map(|rule| &rule.law).filter_map(|id| laws.get(id)).collect();
    if let Some(class) = class {
        let regimes = [Regime::Pilkada, Regime::Pemilu].into_iter().filter(|regime| fits(*regime));
        found.extend(regimes.flat_map(|regime| laws.binding(class, regime)));
    }
    let mut refs: Vec<LawRef> = Vec::new();
    for law in found.into_iter().filter(|law| fits(law.regime) && binds(&law.binds)) {
        if refs.iter().all(|known| known.id != law.id) {
            refs.push(LawRef {
                id: law.id.clone(),
                cite: format!("{}: {}", law.cite, law.says),
                mark: law.mark.as_str().to_owned(),
                regime: law.regime.as_str().to_owned(),
            });
        }
    }
    if let Some(class) = class {
        // Without a known day both rows are shown: ethics before the candidates are determined, discipline after.
        let determined = day.map(ElectionDay::is_determined);
        for row in signal.acts.iter().flat_map(|hit| laws.rows(class, hit.act, determined)) {
            refs.push(LawRef {
                id: row.code.clone(),
                cite: format!("SKB {}: {}", row.code, row.says),
                mark: row.mark.as_str().to_owned(),
                regime: Regime::Umum.as_str().to_owned(),
            });
        }
    }
    refs
}

/// The next signal, or else the hit that a guard cleared.
fn runner_up(signals: &[Signal], at: usize, cleared: &[Cleared]) -> Option<RunnerUp> {
    let other = signals.iter().enumerate().find(|(n, _)| *n != at).map(|(_, signal)| signal.category);
    let beside = other.map(|category| RunnerUp { category, cleared_by: None });
    beside.or_else(|| {
        cleared
            .iter()
            .find(|cleared| cleared.category != signals[at].category)
            .map(|cleared| RunnerUp { category: cleared.category, cleared_by: Some(cleared.guard.clone()) })
    })
}
