//! The page of `kentongan explain`, printed part by part.

use alerts::Office;
use alerts::account::{laws, lines, named};
use alerts::explain::{Because, NowAndThen, Told};
use jiff::Timestamp;
use lexicons::gazetteer::Gazetteer;
use lexicons::{Lang, Lexicon};
use stream::{Account, Finding, Hit, Part, Severity, Signal, Span};

use crate::probes;

/// What a reader is told of one post, in his language.
pub(super) struct Page<'a> {
    pub(super) lang: Lang,
    pub(super) lexicon: &'a Lexicon,
    pub(super) colour: bool,
}

impl Page<'_> {
    /// The text with its hits underlined.
    pub(super) fn text(&self, finding: &Finding) {
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

    pub(super) fn signal(&self, finding: &Finding, signal: &Signal, told: &NowAndThen) {
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
        let said = note.map(|note| [note.title, note.why]).unwrap_or_default();
        let why =
            said.iter().filter(|said| !said.is_empty()).map(String::as_str).collect::<Vec<_>>().join(". ");
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
        let hamlets = place.hamlets.iter().filter_map(|span| span.of(&finding.post));
        text.extend(
            hamlets.map(|words| format!("\n      \"{words}\": {}", self.lang.get("console.clue.hamlet"))),
        );
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
        let late = self.lang.fill("alerts.when.unless_decided", &[("span", &span)]);
        lines.extend(told.overdue.iter().map(|it| format!("• {} ({late})", self.office(&it.office))));
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

    pub(super) fn cleared(&self, finding: &Finding) {
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
    pub(super) fn versions(&self, finding: &Finding) {
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
