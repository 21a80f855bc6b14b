//! What a benchmark says to people: results with their units, and what it is at while it runs.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use lexicons::Lang;
use serde_json::Value;

/// How often the clock of the waiting line moves: seldom enough to cost nothing that is measured.
const TICK: Duration = Duration::from_secs(1);

/// One result as a line: what it is, its number and its unit.
pub(crate) fn result(name: &str, value: &Value, lang: Lang) -> String {
    let (bus, plain) = ["log", "kafka"]
        .into_iter()
        .find_map(|bus| Some((Some(bus), name.strip_prefix(bus)?.strip_prefix('_')?)))
        .unwrap_or((None, name));
    let key = format!("cli.bench.{}.{plain}", if bus.is_some() { "line" } else { "result" });
    // What has no text yet is shown by its name.
    let label = if lang.texts().has(&key) { lang.get(&key) } else { name };
    let label = match bus {
        Some(bus) => format!("{}: {label}", lang.get(&format!("cli.bench.bus.{bus}"))),
        None => label.to_owned(),
    };
    let told = match value.as_f64() {
        Some(number) => measured(plain, number, lang),
        None => lang.get("cli.bench.unknown").to_owned(),
    };
    format!("  {label}{} {told}", " ".repeat(44_usize.saturating_sub(label.chars().count())))
}

/// A number with the unit that the name of its result tells.
fn measured(name: &str, number: f64, lang: Lang) -> String {
    if name.ends_with("_share") {
        return format!("{} %", decimal(number * 100.0, lang));
    }
    if name.starts_with("vs_") {
        return format!("{} ×", decimal(number, lang));
    }
    let whole = grouped(number, lang);
    let unit = match name {
        _ if name.ends_with("_per_s") => "per_s",
        _ if name.ends_with("_mib") => "mib",
        _ if name.ends_with("_bytes") => "bytes",
        _ if number.fract() != 0.0 => return decimal(number, lang),
        _ => return whole,
    };
    lang.fill("cli.bench.unit", &[("number", &whole), ("unit", lang.get(&format!("cli.bench.units.{unit}")))])
}

/// A whole number in groups of three, as the language writes them.
fn grouped(number: f64, lang: Lang) -> String {
    let digits = format!("{:.0}", number.abs());
    let separator = if lang == Lang::Id { '.' } else { ',' };
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    if number < 0.0 { format!("-{out}") } else { out }
}

fn decimal(number: f64, lang: Lang) -> String {
    let told = format!("{number:.2}");
    if lang == Lang::Id { told.replace('.', ",") } else { told }
}

/// A line on the terminal that says what a benchmark is at, and for how long; nothing elsewhere.
pub(crate) struct Waiting {
    line: ProgressBar,
    lang: Lang,
}

impl Waiting {
    /// Shows itself on standard error, if that is a terminal.
    pub(crate) fn new(lang: Lang) -> Waiting {
        let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
        let line =
            ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        line.enable_steady_tick(TICK);
        Waiting { line, lang }
    }

    /// Says that it is at `phase` with so many posts now.
    pub(crate) fn at(&self, phase: &str, posts: usize) {
        let posts = grouped(posts as f64, self.lang);
        self.line.set_message(self.lang.fill(&format!("cli.bench.phase.{phase}"), &[("posts", &posts)]));
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_result_has_a_name_a_number_and_its_unit_in_both_languages() {
        let told = result("posts_per_s", &json!(123_456.7), Lang::Id);
        assert!(told.ends_with(" 123.457 unggahan/detik") && !told.contains("posts_per_s"), "{told}");
        let told = result("log_peak_mib", &json!(412.4), Lang::En);
        assert!(told.ends_with(" 412 MiB") && told.contains("embedded bus"), "{told}");
        assert!(result("queued_share", &json!(0.0123), Lang::Id).ends_with(" 1,23 %"));
        assert!(result("vs_aho_corasick", &json!(0.5), Lang::En).ends_with(" 0.50 ×"));
        assert!(result("median_bytes", &json!(180), Lang::En).ends_with(" 180 bytes"));
        assert!(result("kafka_incidents", &json!(1200), Lang::Id).ends_with(" 1.200"));
        assert!(result("brand_new_per_s", &json!(7.0), Lang::En).contains("brand_new_per_s"));
    }

    #[test]
    fn every_result_of_both_benchmarks_has_a_text() {
        let names = [
            "result.posts_per_s",
            "result.json_posts_per_s",
            "result.aho_corasick_posts_per_s",
            "result.vs_aho_corasick",
            "result.ten_times_rules_posts_per_s",
            "result.ten_times_rules_share",
            "result.engine_mib",
            "result.queued_share",
            "result.forms",
            "result.median_bytes",
            "result.steps_parse_per_s",
            "result.steps_judge_per_s",
            "result.steps_encode_per_s",
            "line.posts_per_s",
            "line.archive_posts_per_s",
            "line.import_posts_per_s",
            "line.incidents",
            "line.peak_mib",
            "phase.judge",
            "phase.prepare",
            "phase.warm",
            "phase.import",
            "phase.work_off",
            "phase.steps",
        ];
        for lang in [Lang::Id, Lang::En] {
            for name in names {
                assert!(lang.texts().has(&format!("cli.bench.{name}")), "{name}");
            }
        }
    }
}
