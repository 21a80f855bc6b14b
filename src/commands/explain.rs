//! `kentongan explain`: one text for people: what hit, what cleared it, where, how grave, and who would be told.

use std::io::{IsTerminal, Read as _};
use std::process::ExitCode;

use alerts::Office;
use alerts::account::{laws, lines, named};
use alerts::explain::{Because, NowAndThen, Told, told};
use alerts::roster::Everyone;
use anyhow::{Context, anyhow};
use jiff::Timestamp;
use lexicons::gazetteer::Gazetteer;
use lexicons::{Lang, Lexicon};
use serde_json::{Map, Value, json};
use stream::{
    Account, Finding, Hit, Intake, Item, Judgement, MAX_ITEM_BYTES, Part, Post, Severity, Signal, Span,
};

use crate::cli::{At, Explain};
use crate::probes;

pub(crate) fn run(args: &Explain, lang: Lang) -> anyhow::Result<ExitCode> {
    let at = At { config: args.config.clone(), ..At::default() };
    let config = super::config(&at, lang)?;
    let lexicon = super::lexicon(args.lexicon.as_deref().or(config.lexicon.as_deref()), lang)?;
    let named = args.roster.as_deref().or(config.alerts.roster.as_deref());
    let roster = named.map(|path| super::roster(path, lang)).transpose()?;
    let roster = roster.map(|roster| roster.with_incumbents(&config.alerts.policy.incumbents));
    let post = post(args, lang)?;
    let finding = classify::judge(&lexicon, &post);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&Judgement::new(&post, finding))?);
        return Ok(ExitCode::SUCCESS);
    }
    let page = Page { lang, lexicon: &lexicon, colour: std::io::stdout().is_terminal() };
    let Some(finding) = finding else {
        println!("{}\n\n{}", post.text, lang.get("cli.explain.nothing"));
        return Ok(ExitCode::SUCCESS);
    };
    page.text(&finding);
    if finding.signals.is_empty() {
        println!("{}", lang.get("cli.explain.all_cleared"));
    }
    if roster.is_none() && !finding.signals.is_empty() {
        println!("{}\n", lang.get("cli.explain.no_roster"));
    }
    for signal in &finding.signals {
        let told = match &roster {
            Some(roster) => told(&finding, signal, roster, &Default::default()),
            None => told(&finding, signal, &Everyone, &Default::default()),
        };
        page.signal(&finding, signal, &told);
    }
    page.cleared(&finding);
    page.versions(&finding);
    println!("{}", lang.get("cli.explain.caution"));
    Ok(ExitCode::SUCCESS)
}

/// The post that the arguments describe.
fn post(args: &Explain, lang: Lang) -> anyhow::Result<Post> {
    super::channel(Some(&args.channel), lang)?;
    let posted_at = match &args.posted_at {
        Some(text) => text.clone(),
        None => Timestamp::now().to_string(),
    };
    if posted_at.parse::<Timestamp>().is_err() {
        return Err(anyhow!(lang.fill("cli.error.time", &[("value", &posted_at)])));
    }
    let mut fields = Map::new();
    fields.insert("channel".to_owned(), json!(args.channel));
    fields.insert("posted_at".to_owned(), json!(posted_at));
    fields.insert("text".to_owned(), json!(text(args)?));
    fields.insert(
        "author".to_owned(),
        json!({"name": args.name, "bio": args.bio, "verified_reporter": args.verified_reporter}),
    );
    let raw = Value::Object(fields.clone()).to_string();
    let post = Item::from_fields(fields, raw.as_bytes()).and_then(|item| item.into_post(&Intake::judging()));
    post.map_err(|error| anyhow!(ingest::item_error(lang, &error)))
}

/// The text itself; `-` is standard input, as far as a post's text may reach.
fn text(args: &Explain) -> anyhow::Result<String> {
    if args.text != "-" {
        return Ok(args.text.clone());
    }
    let mut text = String::new();
    std::io::stdin().take(MAX_ITEM_BYTES as u64).read_to_string(&mut text).context("-")?;
    Ok(text.trim_end().to_owned())
}

struct Page<'a> {
    lang: Lang,
    lexicon: &'a Lexicon,
    colour: bool,
}

impl Page<'_> {
    /// The text with its hits underlined.
    fn text(&self, finding: &Finding) {
        let text = &finding.post.text;
        let spans = |hits: &mut dyn Iterator<Item = &Hit>| -> Vec<Span> {
            hits.flat_map(|hit| hit.spans.iter()).filter(|span| span.part == Part::Text).copied().collect()
        };
        let hit = spans(&mut finding.signals.iter().flat_map(|signal| signal.hits.iter()));
        let cleared = spans(&mut finding.cleared.iter().map(|cleared| &cleared.hit));
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let mark = |(at, c): (usize, char)| {
                let covered = |spans: &[Span]| {
                    spans.iter().any(|s| (s.start as usize) <= offset + at && offset + at < s.end as usize)
                };
                match (c, covered(&hit), covered(&cleared)) {
                    ('\n', ..) => ' ',
                    (_, true, _) => '▔',
                    (_, false, true) => '┄',
                    _ => ' ',
                }
            };
            let under: String = line.char_indices().map(mark).collect();
            println!("{}", line.trim_end_matches('\n'));
            if !under.trim().is_empty() {
                println!("{}", under.trim_end());
            }
            offset += line.len();
        }
        println!();
    }

    /// The reason of a severity's step.
    fn step(&self, why: &str) -> String {
        let shown = self.lexicon.step_shown(why, self.lang).map(str::to_owned);
        shown.unwrap_or_else(|| named(self.lang, "judge.step", why))
    }

    fn signal(&self, finding: &Finding, signal: &Signal, told: &NowAndThen) {
        let lang = self.lang;
        let queue = lang.get(&format!("cli.explain.queue_{}", signal.queue()));
        let category = lang.get(&format!("alerts.category.{}", signal.category));
        println!("{} {}: {category} · {queue}", self.chip(signal.severity), signal.category);
        for hit in &signal.hits {
            println!("  {}", self.rule(finding, hit));
        }
        let steps: Vec<String> =
            signal.steps.iter().map(|step| format!("{} ({})", step.to, self.step(&step.why))).collect();
        self.line("severity", &steps.join(" → "));
        self.line("place", &self.place(finding, signal));
        if let Some(subject) = &signal.subject {
            let acts: Vec<&str> =
                signal.acts.iter().map(|act| lang.get(&format!("console.act.{}", act.act)).trim()).collect();
            let class = lang.get(&format!("console.subject.{}", subject.class));
            let said = subject.span.and_then(|span| span.of(&finding.post));
            let said = said.map(|said| format!("\"{said}\", ")).unwrap_or_default();
            self.line("subject", &format!("{said}{class} ({}): {}", subject.class, acts.join(", ")));
        }
        if let Some(accused) = &signal.accused {
            let region = accused.region.as_ref().map(|code| Gazetteer::in_use().full_name(code));
            let role = lang.get(&format!("alerts.role.{}", accused.role)).to_owned();
            let said =
                accused.span.and_then(|span| span.of(&finding.post)).map(|said| format!("\"{said}\","));
            let office: Vec<String> = [said, Some(role), region].into_iter().flatten().collect();
            self.line("accused", &office.join(" "));
        }
        // What is done about it stands before what it rests on; the laws come last.
        self.whom(told);
        if let Some(account) = &signal.account {
            self.account(finding, signal, account);
        }
        println!();
    }

    /// Who would be told before a confirmation, and who after it.
    fn whom(&self, told: &NowAndThen) {
        self.told("now", &told.now);
        let (now, then) = (&told.now, &told.after_confirmation);
        if now.told != then.told || now.nobody != then.nobody {
            self.told("then", then);
        } else if now.told.is_empty() {
            self.line("then", self.lang.get("cli.explain.nobody_still"));
        } else {
            let offices: Vec<String> = then.told.iter().map(|because| self.office(&because.office)).collect();
            self.line("then", &self.lang.fill("cli.explain.the_same", &[("offices", &offices.join(", "))]));
        }
    }

    /// What an officer asks before he acts on it; *belum ada* where nothing answers.
    fn account(&self, finding: &Finding, signal: &Signal, account: &Account) {
        let post = &finding.post;
        let words = |span: Span| span.of(post).map(str::to_owned);
        for line in lines(self.lang, account, None, words) {
            println!("  {}: {}", line.label, line.value);
        }
        let zone = signal.place.zone;
        let time = |at: Timestamp| format!("{} {}", zone.civil(at).strftime("%d-%m-%Y %H.%M"), zone.name());
        let times = [
            ("event", time(signal.event_time)),
            ("posted", time(post.posted_at)),
            ("seen", time(post.seen_at)),
            // Seven days from when it is known: domain.md 5, reports to Bawaslu.
            ("until", time(post.seen_at + jiff::SignedDuration::from_hours(24 * 7))),
        ];
        let times: Vec<(&str, &str)> = times.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.line("times", &self.lang.fill("cli.explain.times_line", &times));
        if signal.subject.is_some() {
            self.line("verify", self.lang.get("cli.explain.verify_official"));
        }
        for line in laws(self.lang, account) {
            println!("  {}: {}", line.label, line.value);
        }
    }

    fn rule(&self, finding: &Finding, hit: &Hit) -> String {
        let words: Vec<String> = hit
            .spans
            .iter()
            .filter_map(|span| span.of(&finding.post))
            .map(|words| format!("\"{words}\""))
            .collect();
        let note = probes::note(self.lexicon, &hit.rule, self.lang);
        let why = note.map(|note| format!("{}. {}", note.title, note.why)).unwrap_or_default();
        format!("{}  {}\n      {why}", hit.rule, words.join(" + "))
    }

    fn place(&self, finding: &Finding, signal: &Signal) -> String {
        let land = Gazetteer::in_use();
        let place = &signal.place;
        let mut text = match &place.code {
            Some(code) => format!("{code} {}", land.full_name(code)),
            None => self.lang.get("cli.explain.no_place").to_owned(),
        };
        let clues: Vec<String> = place
            .clues
            .iter()
            .map(|clue| {
                let words =
                    clue.span.and_then(|span| span.of(&finding.post)).map(|words| format!(" \"{words}\""));
                format!("{}{}", named(self.lang, "console.clue", &clue.kind), words.unwrap_or_default())
            })
            .collect();
        if !clues.is_empty() {
            text += &format!(" ({})", clues.join(", "));
        }
        if land.are_namesakes(place.candidates.iter().map(|candidate| &candidate.code)) {
            text += &format!("\n      {}", self.lang.get("console.incident.kota_or_kabupaten"));
        }
        for candidate in &place.candidates {
            text += &format!(
                "\n      {:.0} % {} {}",
                candidate.share * 100.0,
                candidate.code,
                land.full_name(&candidate.code)
            );
        }
        text
    }

    fn office(&self, office: &Office) -> String {
        let role = self.lang.get(&format!("alerts.role.{}", office.role));
        format!("{role} {}", Gazetteer::in_use().full_name(&office.region))
    }

    fn told(&self, label: &str, told: &Told) {
        let minutes = told.after_minutes.unwrap_or_default();
        let span = alerts::explain::span(self.lang, minutes);
        let when = match told.when.as_str() {
            // The label says it already.
            "on_confirmation" => String::new(),
            when => self.lang.fill(&format!("alerts.when.{when}"), &[("span", &span)]),
        };
        let office = |because: &Because| {
            let why = self.lang.get(&format!("alerts.why.{}", because.why));
            format!("{} ({why})", self.office(&because.office))
        };
        let mut lines: Vec<String> =
            told.told.iter().map(|because| format!("• {}", office(because))).collect();
        lines.extend(
            told.nobody.as_ref().map(|why| self.lang.get(&format!("alerts.nobody.{why}")).to_owned()),
        );
        lines.extend(told.not_told.iter().map(|because| format!("✗ {}", office(because))));
        lines.extend(
            told.gaps
                .iter()
                .map(|gap| self.lang.fill("cli.explain.gap", &[("office", &self.office(&gap.office))])),
        );
        self.line(label, &format!("{when}\n      {}", lines.join("\n      ")));
    }

    fn cleared(&self, finding: &Finding) {
        for cleared in &finding.cleared {
            let words: Vec<&str> =
                cleared.hit.spans.iter().filter_map(|span| span.of(&finding.post)).collect();
            let by =
                cleared.span.and_then(|span| span.of(&finding.post)).map(|words| format!(" \"{words}\""));
            let guard = named(self.lang, "judge.guard", &cleared.guard);
            let values =
                [("rule", cleared.hit.rule.as_str()), ("words", &words.join(" + ")), ("guard", &guard)];
            println!("{}{}", self.lang.fill("cli.explain.cleared", &values), by.unwrap_or_default());
        }
    }

    /// What judged: code, lexicon, calendar, contests.
    fn versions(&self, finding: &Finding) {
        let elections: Vec<&str> =
            self.lexicon.calendar().elections().iter().map(|election| election.id.as_str()).collect();
        let contests = self.lexicon.contests().all().len().to_string();
        let values = [
            ("code", finding.code.as_str()),
            ("lexicon", finding.lexicon.as_str()),
            ("calendar", &elections.join(", ")),
            ("contests", &contests),
        ];
        println!("{}", self.lang.fill("cli.explain.versions", &values));
    }

    fn line(&self, label: &str, text: &str) {
        let blank = if text.starts_with('\n') { "" } else { " " };
        println!("  {}:{blank}{text}", self.lang.get(&format!("cli.explain.{label}")));
    }

    fn chip(&self, severity: Severity) -> String {
        let colour = match severity {
            Severity::Normal => "100",
            Severity::Waspada => "30;43",
            Severity::Siaga => "30;48;5;208",
            Severity::Awas => "97;41",
        };
        if self.colour { format!("\x1b[{colour}m {severity} \x1b[0m") } else { format!("[{severity}]") }
    }
}
