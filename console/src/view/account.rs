//! The account of a signal on its page: one line for each question an officer asks, *belum ada* where nothing answers.

use lexicons::Lang;
use stream::{Account, Post, Queue, Span};

use super::names;

/// A question and its answer.
pub(crate) struct AccountLine {
    pub(crate) label: &'static str,
    pub(crate) value: String,
}

/// The lines of `account`; `shown` gives the words of a span as a page may show them.
pub(crate) fn lines(
    lang: Lang,
    post: &Post,
    queue: Queue,
    account: &Account,
    shown: impl Fn(&Post, Span) -> Option<String>,
) -> Vec<AccountLine> {
    let none = || lang.get("console.account.none").to_owned();
    let words =
        |span: Option<Span>| span.and_then(|span| shown(post, span)).map(|words| format!("“{words}”"));
    let voice = names::named(lang, "judge.voice", account.voice.as_str());
    let stage = match (&account.election, &account.stage) {
        (Some(election), Some(stage)) => format!("{} ({election})", names::named(lang, "judge.stage", stage)),
        _ => none(),
    };
    // What is for Bawaslu's eyes is not hinted at on the analysts' page (SG-18), nor the reverse.
    let next = account.runner_up.as_ref().filter(|next| next.category.queue() == queue);
    let runner_up = next.map_or_else(none, |next| {
        let by = next.cleared_by.as_ref().map(|guard| format!(" ✗ {}", names::guard(lang, guard)));
        format!("{} {}{}", next.category, names::category(lang, next.category), by.unwrap_or_default())
    });
    let hinges: Vec<String> = account.hinges_on.iter().filter_map(|span| words(Some(*span))).collect();
    let hinges = if hinges.is_empty() { none() } else { hinges.join(" · ") };
    let line =
        |key: &str, value: String| AccountLine { label: lang.get(&format!("console.account.{key}")), value };
    let mut lines = vec![
        line(
            "voice",
            [Some(voice), words(account.voice_span)].into_iter().flatten().collect::<Vec<_>>().join(" "),
        ),
        line("candidate", words(account.candidate).unwrap_or_else(none)),
        line("stage", stage),
        line("runner_up", runner_up),
        line("hinges", hinges),
    ];
    let laws =
        account.laws.iter().map(|law| line("law", format!("{} [{}, {}]", law.cite, law.mark, law.regime)));
    lines.extend(laws);
    lines
}

#[cfg(test)]
mod tests {
    use stream::{Category, RunnerUp, Severity};

    use super::*;
    use crate::fixture;

    #[test]
    fn a_neutrality_reading_is_not_hinted_at_on_the_analysts_page() {
        let text = "Besok kita serbu kantor KPU Gunung Mas";
        let incident = fixture::incident(1, Category::Kf02, Severity::Siaga, Some("62.10"));
        let view = fixture::view(incident, text, "serbu", "Gunung Mas");
        let finding = &view.posts[0].finding;
        let mut account = finding.signals[0].account.clone().expect("the fixture has one");
        let next = |account: &Account| {
            let shown = lines(Lang::Id, &finding.post, Queue::Konflik, account, |post, span| {
                span.of(post).map(str::to_owned)
            });
            shown.into_iter().find(|line| line.label == "bacaan berikutnya").expect("it is a line").value
        };
        assert!(next(&account).starts_with("KF-03"), "{}", next(&account));
        account.runner_up = Some(RunnerUp { category: Category::Kf14, cleared_by: None });
        assert_eq!(next(&account), "belum ada");
    }
}
