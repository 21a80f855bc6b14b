//! The words that a signal hangs on: without any one of them the post does not show it.

use lexicons::Parts;
use stream::{Category, Hit, Part, Post, Signal, Span};

use crate::guard::Could;
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
    let parts: Vec<Parts<'_>> = heard.judged().map(|part| heard.parts(part)).collect();
    let could: Vec<Could<'_>> = parts.iter().map(|parts| Could::new(heard.lexicon, parts)).collect();
    let mut stood = stood(heard, signals);
    let mut variant = heard.post.clone();
    for span in spans {
        let Some(words) = blank(&mut variant, span) else { continue };
        // Rules that hold on other words most likely still do.
        stood.sort_by_key(|(_, hit)| hit.spans.contains(&span));
        let shown = shown_by(heard, &variant, span.part, &asked, &stood, &could);
        for (hinges, category) in hinges.iter_mut().zip(&asked) {
            if !shown.contains(category) {
                hinges.push(span);
            }
        }
        put_back(&mut variant, span, &words);
    }
    hinges
}

/// Which of the `asked` categories a variant of a post shows that differs in one part.
fn shown_by(
    heard: &Heard<'_>,
    variant: &Post,
    part: Part,
    asked: &[Category],
    stood: &[(usize, &Hit)],
    could: &[Could<'_>],
) -> Vec<Category> {
    let variant = heard.without(variant, part);
    let no_more = heard.says_all_of(&variant, part);
    shown(&variant, asked, stood, if no_more { could } else { &[] })
}

/// The rules, by index, of which one makes a signal by itself: all but those of officials, where it takes all to tell who
/// is meant.
fn stood<'s>(heard: &Heard<'_>, signals: &'s [Signal]) -> Vec<(usize, &'s Hit)> {
    let rules = heard.lexicon.rules();
    let hits =
        signals.iter().filter(|signal| signal.category != Category::Kf14).flat_map(|signal| &signal.hits);
    let at = |hit: &Hit| rules.binary_search_by(|rule| rule.id.cmp(&hit.rule)).ok();
    hits.filter_map(|hit| Some((at(hit)?, hit))).collect()
}

/// Which of the `asked` categories a post shows: what judging it anew would tell of them, with no more asked than
/// that. The rules that stood in the post that it is a variant of are tried first: most stand again.
fn shown(
    heard: &Heard<'_>,
    asked: &[Category],
    stood: &[(usize, &Hit)],
    could: &[Could<'_>],
) -> Vec<Category> {
    let parts: Vec<Parts<'_>> = heard.judged().map(|part| heard.parts(part)).collect();
    let before = |part: Part| could.iter().find(|could| could.part() == part);
    let trial = |parts| Trial::again(heard, parts, before(parts.part));
    let trials: Vec<Trial<'_, '_>> = parts.iter().map(trial).collect();
    let mut shown = Raised::default();
    for trial in &trials {
        stood.iter().for_each(|(at, _)| shown.tries(trial, *at));
    }
    if asked.iter().all(|category| shown.categories.contains(category)) {
        return shown.categories;
    }
    let candidates: Vec<Vec<usize>> = trials.iter().map(Trial::candidates).collect();
    let candidates = || {
        let each = trials.iter().zip(&candidates);
        each.flat_map(|(trial, candidates)| candidates.iter().map(move |at| (trial, *at)))
    };
    for (trial, at) in candidates().filter(|(trial, at)| asked.contains(&trial.rule(*at).category)) {
        if stood.iter().all(|(tried, _)| *tried != at) {
            shown.tries(trial, at);
        }
    }
    shown.tell_officials(heard);
    if !shown.categories.is_empty() || shown.cleared {
        return shown.categories;
    }
    // The second reader speaks where no rule raises anything and no guard has cleared anything.
    let guessed = second::category(heard).filter(|category| asked.contains(category));
    let silent = |_: &Category| {
        let mut others = Raised::default();
        for (trial, at) in candidates().filter(|(trial, at)| !asked.contains(&trial.rule(*at).category)) {
            others.tries(trial, at);
        }
        others.tell_officials(heard);
        others.categories.is_empty() && !others.cleared
    };
    guessed.filter(silent).into_iter().collect()
}

/// What rules raise, as far as they were tried.
#[derive(Default)]
struct Raised<'a> {
    categories: Vec<Category>,
    /// Whether a guard cleared a match of one that raises nothing.
    cleared: bool,
    officials: Vec<Held<'a>>,
}

impl<'a> Raised<'a> {
    /// Tries a rule, by index, unless its category is raised already.
    fn tries(&mut self, trial: &Trial<'a, '_>, at: usize) {
        let category = trial.rule(at).category;
        if self.categories.contains(&category) {
            return;
        }
        let (rule, tried) = trial.tries(at);
        match tried.stands {
            // Of an official all is told in order.
            Some(found) if category == Category::Kf14 => {
                self.officials.push(Held { rule, part: trial.part(), found });
            }
            Some(_) => self.categories.push(category),
            None => self.cleared |= tried.fallen.is_some(),
        }
    }

    /// Raises what the rules of officials tell, when all were tried.
    fn tell_officials(&mut self, heard: &Heard<'a>) {
        if !self.officials.is_empty() && neutral::subject_and_acts(heard, &self.officials).is_some() {
            self.categories.push(Category::Kf14);
        }
    }
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
    use crate::judge::read;

    #[test]
    fn a_variant_shows_of_the_asked_categories_what_judging_it_anew_tells() {
        let lexicon = Lexicon::builtin();
        let (mut tried, mut lost) = (0, 0);
        for example in lexicon.examples().filter(|example| example.flagged).step_by(3) {
            let post = post(example.text);
            let heard = Heard::new(&lexicon, &post);
            let Some(finding) = read(&heard, true) else { continue };
            let asked: Vec<Category> = finding.signals.iter().map(|signal| signal.category).collect();
            let stood = stood(&heard, &finding.signals);
            let parts: Vec<Parts<'_>> = heard.judged().map(|part| heard.parts(part)).collect();
            let could: Vec<Could<'_>> = parts.iter().map(|parts| Could::new(heard.lexicon, parts)).collect();
            let hits = finding.signals.iter().flat_map(|signal| &signal.hits);
            for span in hits.flat_map(|hit| &hit.spans) {
                let mut variant = post.clone();
                let words = blank(&mut variant, *span).expect("the words stand in the post");
                let again = read(&Heard::new(&lexicon, &variant), true);
                let anew = |category: &&Category| {
                    again
                        .iter()
                        .flat_map(|finding| &finding.signals)
                        .any(|signal| signal.category == **category)
                };
                let mut shown = shown_by(&heard, &variant, span.part, &asked, &stood, &could);
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
