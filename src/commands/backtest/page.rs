//! The report for people.

use lexicons::Lang;

use super::compare::{Kind, Verdict};
use super::report::{Applied, Group, Report, Sample, Tally};

/// Characters of a sample that are shown.
const LENGTH: usize = 240;
/// Characters before the first hit, when it does not stand among the first.
const BEFORE: usize = 60;

/// Prints the report.
pub(super) fn show(report: &Report, lang: Lang) {
    let counts = [
        ("posts", report.posts.to_string()),
        ("days", report.days.to_string()),
        ("before", short(&report.lexicon_before)),
        ("now", short(&report.lexicon_now)),
        ("queued_before", report.queued_before.to_string()),
        ("queued_now", report.queued_now.to_string()),
        ("held_before", report.held_back_before.to_string()),
        ("held_now", report.held_back_now.to_string()),
        ("unreadable", report.unreadable.to_string()),
    ];
    say(lang, "head", &counts);
    if report.held_back_before + report.held_back_now > 0 {
        say(lang, "held", &counts);
    }
    if report.lexicon_before == report.lexicon_now {
        println!("{}", lang.get("cli.backtest.same"));
    }
    if report.unreadable > 0 {
        say(lang, "unreadable", &counts);
    }
    for kind in Kind::ALL {
        group(report.group(kind), kind, lang);
    }
    rules(report, lang);
    println!("\n{}", lang.get("cli.backtest.caution"));
}

/// Prints what became of `--apply`.
pub(super) fn applied(applied: &Applied, lang: Lang) {
    say(lang, "applied", &[("count", applied.published.to_string())]);
    if applied.left_out > 0 {
        say(lang, "left_out", &[("count", applied.left_out.to_string())]);
    }
    if applied.published == 0 {
        return;
    }
    match applied.incidents.as_deref() {
        Some([]) => say(lang, "touched_none", &[]),
        Some(incidents) => {
            let told: Vec<String> = incidents.iter().map(ToString::to_string).collect();
            say(lang, "touched", &[("incidents", told.join(", "))]);
        }
        None => say(lang, "touched_later", &[]),
    }
}

fn say(lang: Lang, key: &str, values: &[(&str, String)]) {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    println!("{}", lang.fill(&format!("cli.backtest.{key}"), &values));
}

fn group(group: &Group, kind: Kind, lang: Lang) {
    println!();
    say(lang, kind.as_str(), &[("count", group.count.to_string())]);
    for (category, count) in &group.by_category {
        println!("  {category} {}: {count}", lang.get(&format!("alerts.category.{category}")));
    }
    let aspects: Vec<String> = group
        .by_aspect
        .iter()
        .map(|(aspect, count)| {
            format!("{} {count}", lang.get(&format!("cli.backtest.aspect.{}", aspect.as_str())))
        })
        .collect();
    if !aspects.is_empty() {
        say(lang, "aspects", &[("aspects", aspects.join(", "))]);
    }
    if !group.samples.is_empty() {
        say(lang, "samples", &[("count", group.samples.len().to_string())]);
    }
    for sample in &group.samples {
        println!("  • {}", excerpt(sample));
        say(lang, "before", &[("verdict", verdict(&sample.before, lang))]);
        say(lang, "now", &[("verdict", verdict(&sample.now, lang))]);
    }
}

/// The words of a sample on one line; of a long one those around its first hit.
fn excerpt(sample: &Sample) -> String {
    let skip = if sample.from < LENGTH { 0 } else { sample.from - BEFORE };
    let mut chars = sample.text.chars().skip(skip);
    let line: String = chars.by_ref().take(LENGTH).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let (left, right) = (if skip > 0 { "…" } else { "" }, if chars.next().is_some() { "…" } else { "" });
    format!("{left}{line}{right}")
}

/// A verdict on one line: each signal, then the rules that hold, then those that were cleared and by what.
fn verdict(verdict: &Verdict, lang: Lang) -> String {
    let mut parts: Vec<String> = verdict
        .signals
        .iter()
        .map(|signal| {
            let place = signal.place.as_ref().map_or("–", |code| code.as_str());
            format!("{} {} {place}", signal.category, signal.severity)
        })
        .collect();
    if parts.is_empty() {
        parts.push(lang.get("cli.backtest.none").to_owned());
    }
    if !verdict.rules.is_empty() {
        let rules: Vec<&str> = verdict.rules.iter().map(String::as_str).collect();
        parts.push(format!("[{}]", rules.join(", ")));
    }
    for (rule, guard) in &verdict.cleared {
        parts.push(lang.fill("cli.backtest.cleared", &[("rule", rule), ("guard", guard)]));
    }
    parts.join("; ")
}

/// How often a day each rule held that holds more or less often now. Then those that show nowhere else because the second
/// reader held them back; of those that hold as often as before, or never hit, the number is enough: a reader looks for
/// what the change does.
fn rules(report: &Report, lang: Lang) {
    let held = report.rules.iter().filter(|(_, hits)| hits.before + hits.now > 0);
    let (rules, same): (Vec<_>, Vec<_>) = held.partition(|(_, hits)| hits.before != hits.now);
    println!();
    if !rules.is_empty() {
        println!("{}", lang.get("cli.backtest.rules"));
    }
    let width = rules.iter().map(|(id, _)| id.chars().count()).max().unwrap_or(0);
    for (id, hits) in rules {
        println!("  {id:<width$}  {:>9.2} {:>9.2}", hits.before_per_day, hits.now_per_day);
    }
    if !same.is_empty() {
        say(lang, "rules_same", &[("count", same.len().to_string())]);
    }
    for (rule, hits) in &report.rules {
        let held_back = hits.held_back_before + hits.held_back_now;
        if hits.before + hits.now == 0 && held_back > 0 {
            let values = [
                ("rule", rule.clone()),
                ("before", hits.cleared_before.to_string()),
                ("now", hits.cleared_now.to_string()),
                ("held_before", hits.held_back_before.to_string()),
                ("held_now", hits.held_back_now.to_string()),
            ];
            say(lang, "held_rule", &values);
        }
    }
    let Tally { all, held, only_cleared, never, retired } = report.tally;
    let parts =
        [("all", all), ("held", held), ("cleared", only_cleared), ("never", never), ("retired", retired)];
    say(lang, "tally", &parts.map(|(part, count)| (part, count.to_string())));
}

fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}
