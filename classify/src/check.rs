//! The lexicon's own examples: each flagged sentence must raise its rule, each clean one must raise nothing by it.

mod elements;
mod retired;
mod why;

use jiff::Timestamp;
use lexicons::{Fault, Lexicon, Rule, said};
use stream::{Author, Channel, Finding, Post, PostId, Raw};

use crate::heard::Heard;
use crate::judge::judge_by_rules as judge;

/// Runs every example of the rules, guards and elements of `lexicon`; what does not come out as written is a fault, with what
/// led to it.
pub fn check(lexicon: &Lexicon) -> Vec<Fault> {
    let mut faults = Vec::new();
    for example in lexicon.examples() {
        let rule = &lexicon.rules()[example.rule];
        let post = of_rule(example.text, rule);
        let raised = judge(lexicon, &post).is_some_and(|found| raises(&found, &rule.id));
        let text = in_line(example.text);
        let said = match (example.flagged, raised) {
            (true, false) => {
                let why = why::silent(&Heard::new(lexicon, &post), example.rule);
                said::not_found(&rule.id, &text).because(why)
            }
            (false, true) => {
                let why = why::raised(&Heard::new(lexicon, &post), example.rule);
                said::raises_clean(&rule.id, &text).because(why)
            }
            _ => continue,
        };
        faults.push(Fault::new(&rule.file, example.line, 0, said));
    }
    guards(lexicon, &mut faults);
    elements::check(lexicon, &mut faults);
    // By file and line, as a keeper goes through them.
    faults.sort();
    faults
}

/// A guard must clear each of its examples, and must leave a signal of the category named before each contrast text.
fn guards(lexicon: &Lexicon, faults: &mut Vec<Fault>) {
    for (at, guard) in lexicon.guards().iter().enumerate() {
        for sentence in &guard.clears_examples {
            let post = post(&sentence.text);
            let found = judge(lexicon, &post);
            let by =
                found.as_ref().is_some_and(|found| found.cleared.iter().any(|hit| hit.guard == guard.name));
            let failed = !by || found.as_ref().is_some_and(|found| !found.signals.is_empty());
            if failed && !retired::excuses_guard(lexicon, guard, sentence, &post) {
                let why = why::not_cleared(&Heard::new(lexicon, &post), at, found.as_ref());
                let said = said::not_cleared(&guard.name, &in_line(&sentence.text)).because(why);
                faults.push(Fault::new(&guard.file, sentence.line, 0, said));
            }
        }
        for sentence in &guard.keeps {
            let (category, text) = sentence.text.split_once(": ").unwrap_or(("", &sentence.text));
            let contrast = post(text);
            let found = judge(lexicon, &contrast);
            let kept = found
                .as_ref()
                .is_some_and(|found| found.signals.iter().any(|signal| signal.category.as_str() == category));
            if !kept && !retired::excuses_guard(lexicon, guard, sentence, &contrast) {
                let why = why::not_kept(category, found.as_ref());
                let said = said::not_kept(&guard.name, category, &in_line(text)).because(why);
                faults.push(Fault::new(&guard.file, sentence.line, 0, said));
            }
        }
    }
}

fn raises(found: &Finding, rule: &str) -> bool {
    found.signals.iter().any(|signal| signal.hits.iter().any(|hit| hit.rule == rule))
}

/// A sentence of several lines as one.
fn in_line(text: &str) -> String {
    text.trim().replace('\n', " / ")
}

/// An example of `rule`, on a channel that it is for.
fn of_rule(example: &str, rule: &Rule) -> Post {
    let post = post(example);
    let channel = if rule.channels.contains(&post.channel) { None } else { rule.channels.first() };
    Post { channel: channel.copied().unwrap_or(post.channel), ..post }
}

/// An example as a post: on X, in the campaign of 2024. `[Bio] text` gives the author a profile, `(2024-11-27) text`
/// another day.
pub(crate) fn post(example: &str) -> Post {
    let (at, example) = dated(example).unwrap_or((CAMPAIGN, example));
    let (bio, text) = example
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] "))
        .map_or((None, example), |(bio, text)| (Some(bio.to_owned()), text));
    Post {
        id: PostId::of_content("check", "", at, example),
        sender_id: None,
        source: "check".to_owned(),
        channel: Channel::X,
        posted_at: at,
        seen_at: at,
        text: text.to_owned(),
        author: bio.map(|bio| Author { bio: Some(bio), ..Author::default() }),
        url: None,
        geo: None,
        context: None,
        source_region: None,
        as_if_live: false,
        notes: Vec::new(),
        raw: Raw::new(text.as_bytes()),
        extra: serde_json::Map::new(),
    }
}

/// 10 November 2024, ten in the morning in WIB: no election day, no recapitulation.
const CAMPAIGN: Timestamp = Timestamp::constant(1_731_207_600, 0);

/// The time and the text of an example that names its day: ten in the morning in WIB.
fn dated(example: &str) -> Option<(Timestamp, &str)> {
    let (day, text) = example.strip_prefix('(')?.split_once(") ")?;
    let at = day.parse::<jiff::civil::Date>().ok()?.at(3, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some((at.timestamp(), text))
}

#[cfg(test)]
mod tests {
    use lexicons::Lang;

    use super::*;

    const RULE: &str = r#"
[[rule]]
id = "KF-02-uji"
title = "Uji"
category = "KF-02"
when = "zamrudik AND kuarsaki"
why = "Uji"
since = "2026-11-22"
flagged = ["zamrudik kuarsaki satu", "zamrudik kuarsaki bukanlahik", "zamrudik saja"]
clean = ["kuarsaki satu", "kuarsaki dua", "zamrudik kuarsaki tiga"]
"#;
    const GUARD: &str = r#"
[[guard]]
name = "uji"
scope = "text"
clears = "all"
when = "bukanlahik"
why = "Uji"
keeps = ["KF-02: bukanlahik zamrudik"]
clears_examples = ["zamrudik kuarsaki biasa"]
"#;

    /// The faults of the built-in lexicon with these rules and this guard laid over it, in `lang`.
    fn told(rules: &str, guard: &str, lang: Lang) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("rules")).unwrap();
        std::fs::write(folder.path().join("rules/uji.toml"), rules).unwrap();
        let guards = format!("{}{guard}", include_str!("../../lexicons/guards.toml"));
        std::fs::write(folder.path().join("guards.toml"), guards).unwrap();
        let mut faults = check(&Lexicon::load(Some(folder.path())).unwrap());
        let shipped = include_str!("../../lexicons/guards.toml").lines().count() as u32;
        faults.retain(|fault| fault.file == "rules/uji.toml" || fault.line > shipped);
        Fault::lines(&faults, lang)
    }

    #[test]
    fn an_example_that_does_not_come_out_as_written_is_told_with_what_led_to_it() {
        let all = told(RULE, GUARD, Lang::Id);
        assert_eq!(
            all[2..],
            [
                "rules/uji.toml:9: aturan 'KF-02-uji' tidak menemukan contoh flagged-nya: zamrudik kuarsaki bukanlahik\n    \
                 aturan berlaku pada \"zamrudik\" + \"kuarsaki\", tetapi dibersihkan penjaga 'uji' karena \"bukanlahik\"",
                "rules/uji.toml:9: aturan 'KF-02-uji' tidak menemukan contoh flagged-nya: zamrudik saja\n    tidak ada kata untuk kuarsaki",
                "rules/uji.toml:10: aturan 'KF-02-uji' menandai contoh clean-nya: zamrudik kuarsaki tiga\n    karena \"zamrudik\" + \"kuarsaki\"",
            ],
            "{all:#?}"
        );
        let place = |text: &str| text.split_once(": ").unwrap().1.to_owned();
        let guard: Vec<String> = told(RULE, GUARD, Lang::En).iter().map(|told| place(told)).collect();
        assert_eq!(
            guard[..2],
            [
                "the guard 'uji' leaves no KF-02 in its contrast text: bukanlahik zamrudik\n    \
                 no rule of KF-02 holds in this text",
                "the guard 'uji' does not clear its example: zamrudik kuarsaki biasa\n    \
                 no word for bukanlahik\n    the rule 'KF-02-uji' still raises it: \"zamrudik\" + \"kuarsaki\"",
            ],
            "{guard:#?}"
        );
    }

    #[test]
    fn of_a_rule_that_is_silent_the_piece_that_fails_is_named() {
        let cases = [
            (
                "(zam OR kuar) NEAR/3 %office_elect",
                "zam di depan kantor itu",
                "tidak ada kata untuk %office_elect",
            ),
            (
                "zam NEAR/2 kuar",
                "zam satu dua tiga kuar",
                "\"zam\" dan \"kuar\" berjarak 4 kata, padahal diminta NEAR/2",
            ),
            (
                "zam ONEAR/4 kuar",
                "kuar satu zam",
                "\"zam\" dan \"kuar\" terbalik urutannya, padahal diminta ONEAR/4",
            ),
            (
                "zam WITH/4 kuar",
                "zam satu. Lalu kuar",
                "\"zam\" dan \"kuar\" terpisah kalimat, padahal diminta WITH/4",
            ),
            (
                "zam AND kuar AND NOT (topi OR baju)",
                "zam kuar pakai baju",
                "digugurkan oleh NOT baju: ada \"baju\"",
            ),
            (
                "zam AND kuar NOT AFTER/2 (tak OR jan)",
                "zam tak kuar",
                "digugurkan oleh NOT AFTER/2 (tak OR jan): ada \"kuar\" + \"tak\"",
            ),
            (
                "zam AND bio:(kuar)",
                "zam saja",
                "kalimat ini tidak punya bio (bio ditulis di depannya: [bio] kalimat)",
            ),
            ("zam AND bio:(kuar)", "[Guru] zam saja", "tidak ada kata untuk kuar"),
            (
                "zam AND closing:(kuar)",
                "kuar di sini. zam di sana",
                "\"kuar\" tidak berdiri di baris penutup",
            ),
            (
                "(zam NEAR/2 kuar NEAR/2 topi OR intan AND permata OR emas) AND baju",
                "zam kuar baju",
                "yang paling dekat: (zam NEAR/2 kuar NEAR/2 topi)\n    tidak ada kata untuk topi",
            ),
        ];
        for (when, sentence, why) in cases {
            let three = format!("\"{sentence}\", \"zam\", \"kuar\"");
            let rule = RULE.replace("zamrudik AND kuarsaki", when);
            let at = rule.find("flagged").unwrap();
            let rule =
                format!("{}flagged = [{three}]\nclean = [\"zam a\", \"zam b\", \"zam c\"]\n", &rule[..at])
                    .replace("when = \"", "when = '")
                    .replace(&format!("{when}\""), &format!("{when}'"));
            let all = told(&rule, "", Lang::Id);
            let found = all.iter().find(|told| told.contains(&format!("flagged-nya: {sentence}\n")));
            let wanted = format!("flagged-nya: {sentence}\n    {why}");
            assert!(found.is_some_and(|told| told.ends_with(&wanted)), "{when}: {wanted} is not in {all:#?}");
        }
    }

    #[test]
    fn the_examples_of_a_rule_for_some_channels_are_tried_there() {
        let rule = RULE
            .replace("since", "channels = [\"lapangan\"]\nsince")
            .replace("zamrudik saja", "zamrudik, kuarsaki");
        let all = told(&rule, "", Lang::Id);
        assert!(all.iter().all(|told| told.contains("clean-nya")), "{all:#?}");
    }
}
