//! The account of a signal as lines: one for each question an officer asks, and what answers it.

use lexicons::Lang;
use stream::{Account, Queue, Span};

/// A question and its answer, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLine {
    /// The question in a word or two.
    pub label: &'static str,
    /// The answer; *belum ada* where nothing answers.
    pub value: String,
}

/// The lines of `account`, its laws aside. `shown` gives the words of a span as the reader may see them; of the next
/// reading only one in the queue `within` is named, if that is given.
pub fn lines(
    lang: Lang,
    account: &Account,
    within: Option<Queue>,
    shown: impl Fn(Span) -> Option<String>,
) -> Vec<AccountLine> {
    let words = |span: Span| shown(span).map(|words| format!("“{words}”"));
    let voice = named(lang, "judge.voice", account.voice.as_str());
    let voice = [Some(voice), account.voice_span.and_then(words)];
    let stage = account.election.as_ref().zip(account.stage.as_ref());
    let stage = stage.map(|(election, stage)| format!("{} ({election})", named(lang, "judge.stage", stage)));
    let next = account.runner_up.as_ref();
    let next = next.filter(|next| within.is_none_or(|queue| next.category.queue() == queue));
    let next = next.map(|next| {
        let by = next.cleared_by.as_ref().map(|guard| format!(" ✗ {}", named(lang, "judge.guard", guard)));
        let category = lang.get(&format!("alerts.category.{}", next.category));
        format!("{} {category}{}", next.category, by.unwrap_or_default())
    });
    let mut candidates: Vec<Span> =
        account.candidate.into_iter().chain(account.other_candidates.clone()).collect();
    candidates.sort_unstable();
    let candidates: Vec<String> = candidates.into_iter().filter_map(words).collect();
    let hinges: Vec<String> = account.hinges_on.iter().filter_map(|span| words(*span)).collect();
    let hinges = (!hinges.is_empty()).then(|| hinges.join(lang.get("alerts.account.or")));
    let line = |question: &str, answer: Option<String>, without: &str| AccountLine {
        label: lang.get(&format!("alerts.account.{question}")),
        value: answer.unwrap_or_else(|| lang.get(&format!("alerts.account.{without}")).to_owned()),
    };
    vec![
        line("voice", Some(voice.into_iter().flatten().collect::<Vec<_>>().join(" ")), "none"),
        line("candidate", (!candidates.is_empty()).then(|| candidates.join(", ")), "none"),
        line("time", account.time.and_then(words), "none"),
        line("stage", stage, "none"),
        line("runner_up", next, "none"),
        line("hinges", hinges, "hinges_none"),
    ]
}

/// The laws of `account`, a line each: what a reader needs last.
pub fn laws(lang: Lang, account: &Account) -> Vec<AccountLine> {
    let line = |law: &stream::LawRef| {
        let (checked, regime) =
            (named(lang, "alerts.law_mark", &law.mark), named(lang, "alerts.regime", &law.regime));
        AccountLine {
            label: lang.get("alerts.account.law"),
            value: format!("{} [{regime}; {checked}]", law.cite),
        }
    };
    account.laws.iter().map(line).collect()
}

/// The text of `code` in `table`; the code itself, readable, where a lexicon brought one of its own.
pub fn named(lang: Lang, table: &str, code: &str) -> String {
    let key = format!("{table}.{code}");
    if lang.texts().has(&key) { lang.get(&key).to_owned() } else { code.replace('_', " ") }
}

#[cfg(test)]
mod tests {
    use stream::{Category, RunnerUp, Voice};

    use super::*;

    #[test]
    fn a_law_says_in_words_whose_elections_it_rules_and_how_well_it_was_checked() {
        let law = |mark: &str, regime: &str| stream::LawRef {
            id: "contoh".into(),
            cite: "Contoh 1/2024".into(),
            mark: mark.into(),
            regime: regime.into(),
        };
        let account =
            Account { laws: vec![law("V2", "pilkada"), law("M", "umum")], ..account(Category::Kf13) };
        let told: Vec<String> = laws(Lang::Id, &account).into_iter().map(|line| line.value).collect();
        assert_eq!(told[0], "Contoh 1/2024 [pilkada; dibaca di dua sumber]");
        let english: Vec<String> = laws(Lang::En, &account).into_iter().map(|line| line.value).collect();
        assert_eq!(english[1], "Contoh 1/2024 [of all elections; not yet checked against its text]");
        assert_eq!(told[1], "Contoh 1/2024 [berlaku umum; belum dicocokkan dengan naskahnya]");
    }

    fn account(next: Category) -> Account {
        Account {
            voice: Voice::Hearsay,
            voice_span: None,
            candidate: None,
            other_candidates: Vec::new(),
            time: None,
            election: Some("pilkada-2024".to_owned()),
            stage: Some("tahap_sendiri".to_owned()),
            laws: Vec::new(),
            runner_up: Some(RunnerUp { category: next, cleared_by: None }),
            hinges_on: Vec::new(),
        }
    }

    fn value(account: &Account, within: Option<Queue>, label: &str) -> String {
        let lines = lines(Lang::Id, account, within, |_| None);
        lines.into_iter().find(|line| line.label == label).expect("it is a line").value
    }

    #[test]
    fn a_neutrality_reading_is_not_hinted_at_in_the_analysts_queue_and_is_named_where_no_queue_is_given() {
        let next = account(Category::Kf14);
        assert_eq!(value(&next, Some(Queue::Konflik), "bacaan berikutnya"), "belum ada");
        assert!(value(&next, None, "bacaan berikutnya").starts_with("KF-14 "));
        let own = account(Category::Kf03);
        assert!(value(&own, Some(Queue::Konflik), "bacaan berikutnya").starts_with("KF-03 "));
    }

    #[test]
    fn what_nothing_answers_says_so_and_a_code_without_text_is_readable() {
        let account = account(Category::Kf03);
        assert_eq!(value(&account, None, "calon"), "belum ada");
        assert_eq!(
            value(&account, None, "bukan indikasi lagi tanpa"),
            "tidak bergantung pada satu kata saja"
        );
        assert_eq!(value(&account, None, "tahap"), "tahap sendiri (pilkada-2024)");
    }
}
