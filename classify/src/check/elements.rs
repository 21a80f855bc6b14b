//! The examples of what raises or lowers a severity: each must come to a signal of its categories, with that step or
//! without it.

use lexicons::said::{self, Said};
use lexicons::severity::Element;
use lexicons::{Fault, Lexicon};
use stream::{Author, Channel, Finding, Part, Post, Signal, Zone};

use super::{in_line, post, retired};
use crate::heard::Heard;
use crate::judge::judge_by_rules as judge;
use crate::trial::Trial;

/// Adds the examples that do not come out as written.
pub(super) fn check(lexicon: &Lexicon, faults: &mut Vec<Fault>) {
    for element in lexicon.elements() {
        let examples = element.reaches.iter().map(|it| (it, true));
        for (example, wanted) in examples.chain(element.keeps.iter().map(|it| (it, false))) {
            let post = of_element(&example.text, element);
            // Of a day that lies in no election of this calendar (the demo's, a later year's) an example says nothing.
            if element.on.is_some() && !is_in_election(lexicon, &post) {
                continue;
            }
            let found = judge(lexicon, &post);
            let signals = signals(found.as_ref(), element);
            let reached =
                signals.iter().any(|signal| signal.steps.iter().any(|step| step.why == element.step));
            if reached == wanted && !signals.is_empty() {
                continue;
            }
            if retired::excuses_element(lexicon, element, example, &post) {
                continue;
            }
            let text = in_line(&example.text);
            let said = if wanted {
                said::not_reached(&element.id, &text)
            } else if reached {
                said::reached(&element.id, &text)
            } else {
                said::reaches_nothing(&element.id, &text)
            };
            let why = why(&Heard::new(lexicon, &post), element, &signals, wanted);
            faults.push(Fault::new(&element.file, example.line, 0, said.because(why)));
        }
    }
}

fn is_in_election(lexicon: &Lexicon, post: &Post) -> bool {
    let day = Zone::Wib.civil(post.posted_at).date();
    lexicon.calendar().elections().iter().any(|election| election.from <= day && day <= election.until)
}

/// The signals whose severity the element may move.
fn signals<'f>(found: Option<&'f Finding>, element: &Element) -> Vec<&'f Signal> {
    let signals = found.into_iter().flat_map(|found| &found.signals);
    signals.filter(|signal| element.categories.contains(&signal.category)).collect()
}

/// An example of `element`; what counts in field notes only is one.
fn of_element(example: &str, element: &Element) -> Post {
    let post = post(example);
    if !element.reporter {
        return post;
    }
    let author = Author { verified_reporter: true, ..post.author.unwrap_or_default() };
    Post { channel: Channel::Lapangan, author: Some(author), ..post }
}

/// Why: no signal is there to be moved, or by which steps its severity came about and which words are missing.
fn why(heard: &Heard<'_>, element: &Element, signals: &[&Signal], wanted: bool) -> Vec<Said> {
    if signals.is_empty() {
        let categories: Vec<&str> = element.categories.iter().map(|category| category.as_str()).collect();
        return vec![said::no_signal(&categories.join(", "))];
    }
    let steps = |signal: &&Signal| {
        let steps: Vec<String> =
            signal.steps.iter().map(|step| format!("{} ({})", step.to, step.why)).collect();
        said::by_steps(&signal.category, &steps.join(" → "))
    };
    let mut why: Vec<Said> = signals.iter().map(steps).collect();
    if wanted {
        let parts = heard.parts(Part::Text);
        let trial = Trial::new(heard, &parts);
        let look = trial.look();
        why.extend(element.conditions().flat_map(|it| look.lacks(&it.source, &it.expr)));
        let barred = element.unless.iter().filter(|it| !look.matches(&it.expr).is_empty());
        why.extend(barred.map(|it| said::element_unless(&it.source)));
    }
    why
}
