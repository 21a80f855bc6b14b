//! One deed is one matter: what a post tells of it under neighbouring categories stands once, under the gravest.

use stream::{Category, Hit, Queue, Signal, Span};

use crate::heard::Heard;

/// Categories that tell one deed in different words: what people do to people and things, what is claimed of a vote, and
/// what a village holds against its head.
const NEIGHBOURS: [&[Category]; 3] = [
    &[Category::Kf01, Category::Kf02, Category::Kf03, Category::Kf04, Category::Kf12, Category::Kf13],
    &[Category::Kf05, Category::Kf06, Category::Kf10],
    &[Category::Kf13, Category::Kf06, Category::Kf07],
];

/// Takes away each signal whose every hit stands in a sentence of a graver one or rests by half on its words, if the two
/// are neighbours, or rest in part on the same words and it tells no deed of its own; `signals` are in order, the gravest
/// first. The account of the one that stays names what was next.
pub(crate) fn keep_one_of_each(heard: &Heard<'_>, signals: &mut Vec<Signal>) {
    let mut at = 1;
    while at < signals.len() {
        let (before, rest) = signals.split_at(at);
        let told = before.iter().any(|graver| {
            (neighbours(graver.category, rest[0].category)
                || share_words(graver, &rest[0]) && !tells_more(heard, graver, &rest[0]))
                && rest[0].hits.iter().all(|hit| {
                    let stands = |span: &Span| spans(graver).any(|other| beside(heard, *span, other));
                    hit.spans.iter().all(stands) || rests_on(hit, graver)
                })
        });
        if told {
            signals.remove(at);
        } else {
            at += 1;
        }
    }
}

fn neighbours(a: Category, b: Category) -> bool {
    NEIGHBOURS.iter().any(|family| family.contains(&a) && family.contains(&b))
}

/// Whether two signals of the conflict queue have words in common: "bilik TPS 03 dibakar OTK" is no pressure on voters too.
fn share_words(a: &Signal, b: &Signal) -> bool {
    let conflict = |signal: &Signal| signal.queue() == Queue::Konflik;
    conflict(a) && conflict(b) && spans(a).any(|one| spans(b).any(|other| overlap(one, other)))
}

/// Whether half of what a hit rests on, at least two words, are words of `graver`: "nanti malam carok, sana sudah asah
/// celurit. Anak-anak jangan keluar" is no threat to children.
fn rests_on(hit: &Hit, graver: &Signal) -> bool {
    let shared = hit.spans.iter().filter(|span| spans(graver).any(|other| overlap(**span, other))).count();
    shared >= 2 && shared * 2 >= hit.spans.len()
}

fn overlap(a: Span, b: Span) -> bool {
    a.part == b.part && a.start < b.end && b.start < a.end
}

/// Whether a signal of fraud tells a deed that the graver one does not: "surat suara sudah tercoblos, saksi diusir" is
/// fraud and pressure.
fn tells_more(heard: &Heard<'_>, graver: &Signal, signal: &Signal) -> bool {
    let deed = |span: Span| {
        let deeds = heard.hits(span.part, "own_deed");
        deeds.into_iter().any(|deed| overlap(heard.span(span.part, deed), span))
    };
    signal.category == Category::Kf06
        && spans(signal).any(|span| deed(span) && !spans(graver).any(|other| overlap(span, other)))
}

fn spans(signal: &Signal) -> impl Iterator<Item = Span> {
    signal.hits.iter().flat_map(|hit| hit.spans.iter().copied())
}

/// Whether two spans stand in one sentence of one part.
fn beside(heard: &Heard<'_>, a: Span, b: Span) -> bool {
    let sentence = |span: Span| {
        let tokens = heard.reading(span.part)?.folded.tokens();
        let at = tokens.partition_point(|token| token.end <= span.start);
        tokens.get(at).map(|token| token.sentence)
    };
    a.part == b.part && sentence(a) == sentence(b)
}
