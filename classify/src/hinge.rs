//! The words that a signal hangs on: without any one of them the post does not show it.

use lexicons::Parts;
use stream::{Category, Part, Post, Signal, Span};

use crate::heard::Heard;
use crate::held::Held;
use crate::trial::Trial;
use crate::{neutral, second};

/// At most this many stretches of words are tried one by one: a text with more hangs on none of them alone.
const MOST_TRIED: usize = 8;

/// For each signal the words without any one of which the post does not show it.
pub(crate) fn hinges(heard: &Heard<'_>, signals: &[Signal]) -> Vec<Vec<Span>> {
    let mut spans: Vec<Span> = signals
        .iter()
        .flat_map(|signal| {
            let subject = signal.subject.as_ref().and_then(|subject| subject.span);
            signal.hits.iter().flat_map(|hit| hit.spans.iter().copied()).chain(subject)
        })
        .collect();
    spans.sort_unstable();
    spans.dedup();
    let mut hinges = vec![Vec::new(); signals.len()];
    if spans.len() > MOST_TRIED {
        return hinges;
    }
    let asked: Vec<Category> = signals.iter().map(|signal| signal.category).collect();
    let stood: Vec<&str> =
        signals.iter().flat_map(|signal| &signal.hits).map(|hit| hit.rule.as_str()).collect();
    let mut variant = heard.post.clone();
    for span in spans {
        let Some(words) = blank(&mut variant, span) else { continue };
        let shown = shown(&heard.without(&variant, span.part), &asked, &stood);
        for (hinges, category) in hinges.iter_mut().zip(&asked) {
            if !shown.contains(category) {
                hinges.push(span);
            }
        }
        put_back(&mut variant, span, &words);
    }
    hinges
}

/// Which of the `asked` categories a post shows: what judging it anew would tell of them, with no more asked than
/// that. The rules that stood in the post that it is a variant of are tried first: most stand again.
fn shown(heard: &Heard<'_>, asked: &[Category], stood: &[&str]) -> Vec<Category> {
    let parts: Vec<Parts<'_>> = heard.judged().map(|part| heard.parts(part)).collect();
    let trials: Vec<(Trial<'_, '_>, Vec<usize>)> = parts
        .iter()
        .map(|parts| {
            let trial = Trial::new(heard, parts);
            let mut candidates = trial.candidates();
            // Of an official all is told in order.
            candidates.sort_by_key(|at| {
                let rule = trial.rule(*at);
                rule.category == Category::Kf14 || !stood.contains(&rule.id.as_str())
            });
            (trial, candidates)
        })
        .collect();
    let (shown, cleared) = raised(heard, &trials, |category| asked.contains(&category));
    if !shown.is_empty() || cleared {
        return shown;
    }
    // The second reader speaks where no rule raises anything and no guard has cleared anything.
    let guessed = second::category(heard).filter(|category| asked.contains(category));
    let silent = |_: &Category| {
        let (others, cleared) = raised(heard, &trials, |category| !asked.contains(&category));
        others.is_empty() && !cleared
    };
    guessed.filter(silent).into_iter().collect()
}

/// The categories among those `of` interest that the rules raise, and, where they raise none, whether a guard cleared
/// one.
fn raised<'a>(
    heard: &Heard<'a>,
    trials: &[(Trial<'a, '_>, Vec<usize>)],
    of: impl Fn(Category) -> bool,
) -> (Vec<Category>, bool) {
    let (mut raised, mut fallen, mut officials) = (Vec::new(), false, Vec::new());
    for ((trial, candidates), part) in trials.iter().zip(heard.judged()) {
        for at in candidates {
            let category = trial.rule(*at).category;
            if !of(category) || raised.contains(&category) {
                continue;
            }
            let (rule, tried) = trial.tries(*at);
            match tried.stands {
                // One rule makes a signal, save where it takes all to tell who is meant.
                Some(found) if category == Category::Kf14 => officials.push(Held { rule, part, found }),
                Some(_) => raised.push(category),
                None => fallen |= tried.fallen.is_some(),
            }
        }
    }
    if !officials.is_empty() && neutral::subject_and_acts(heard, &officials).is_some() {
        raised.push(Category::Kf14);
    }
    (raised, fallen)
}

/// Blanks the words of a span out, so that all others keep their places; returns them.
fn blank(post: &mut Post, span: Span) -> Option<String> {
    let (text, range) = (text_of(post, span.part)?, span.start as usize..span.end as usize);
    let words = text.get(range.clone())?.to_owned();
    text.replace_range(range, &" ".repeat(words.len()));
    Some(words)
}

/// Undoes [`blank`].
fn put_back(post: &mut Post, span: Span, words: &str) {
    if let Some(text) = text_of(post, span.part) {
        text.replace_range(span.start as usize..span.end as usize, words);
    }
}

fn text_of(post: &mut Post, part: Part) -> Option<&mut String> {
    match part {
        Part::Text => Some(&mut post.text),
        Part::Name => post.author.as_mut()?.name.as_mut(),
        Part::Bio => post.author.as_mut()?.bio.as_mut(),
        Part::Quoted => post.context.as_mut()?.quoted_text.as_mut(),
        Part::Media(n) => {
            post.context.as_mut()?.media_text.get_mut(usize::from(n)).map(|media| &mut media.text)
        }
        Part::ReplyTo | Part::ThreadRoot => None,
    }
}

#[cfg(test)]
mod tests {
    use lexicons::Lexicon;

    use super::*;
    use crate::check::post;
    use crate::read;

    #[test]
    fn a_variant_shows_of_the_asked_categories_what_judging_it_anew_tells() {
        let lexicon = Lexicon::builtin();
        let (mut tried, mut lost) = (0, 0);
        for example in lexicon.examples().filter(|example| example.flagged).step_by(3) {
            let post = post(example.text);
            let heard = Heard::new(&lexicon, &post);
            let Some(finding) = read(&heard, true) else { continue };
            let asked: Vec<Category> = finding.signals.iter().map(|signal| signal.category).collect();
            let hits = finding.signals.iter().flat_map(|signal| &signal.hits);
            for span in hits.flat_map(|hit| &hit.spans) {
                let mut variant = post.clone();
                let words = blank(&mut variant, *span).expect("the words stand in the post");
                let heard = heard.without(&variant, span.part);
                let again = read(&Heard::new(&lexicon, &variant), true);
                let anew = |category: &&Category| {
                    again
                        .iter()
                        .flat_map(|finding| &finding.signals)
                        .any(|signal| signal.category == **category)
                };
                let mut shown = shown(&heard, &asked, &[]);
                shown.sort();
                let mut anew: Vec<Category> = asked.iter().filter(anew).copied().collect();
                anew.sort();
                assert_eq!(shown, anew, "{} without {words}", example.text);
                (tried, lost) = (tried + 1, lost + usize::from(shown.len() < asked.len()));
            }
        }
        assert!(lost > 50 && tried - lost > 50, "{lost} of {tried} variants lose something");
    }
}
