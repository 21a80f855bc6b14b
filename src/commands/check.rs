//! `kentongan check`: configuration, lexicons with every example sentence, roster, templates: every fault at once.

use std::path::Path;
use std::process::ExitCode;

use alerts::Vacancies;
use alerts::channels::Kind;
use alerts::roster::Roster;
use jiff::Timestamp;
use lexicons::calendar::Election;
use lexicons::{Fault, Lang, Lexicon};
use stream::{Clock, Role, Zone};

use crate::cli::Check;
use crate::config::Config;

/// The example roster, checked when no other is named.
const EXAMPLE_ROSTER: &str = include_str!("../../deploy/roster.example.csv");

pub(crate) fn run(args: Check, lang: Lang) -> anyhow::Result<ExitCode> {
    let (mut faults, mut good, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let (config, found) = Config::load_all(args.config.as_deref());
    if found.is_empty() {
        good.extend(args.config.as_deref().map(|path| path.display().to_string()));
    }
    faults.extend(found.iter().map(|fault| fault.text(lang)));
    // What the configuration names and is not there has been told with it.
    let folder = args.lexicon.or_else(|| config.lexicon.clone().filter(|path| path.is_dir()));
    match lexicon(folder.as_deref(), lang) {
        Ok((told, times)) => {
            good.push(told);
            notes.extend(times);
        }
        Err(found) => faults.extend(found),
    }
    let named = args.roster.or_else(|| config.alerts.roster.clone().filter(|path| path.is_file()));
    let roster =
        match &named {
            Some(path) => {
                let roster = super::roster(path, lang);
                if let Ok(roster) = &roster {
                    let of_file = |told: String| format!("{}: {told}", path.display());
                    let missing = missing(roster, &config);
                    // Without a configuration there is nothing that could set them up.
                    match args.config {
                        Some(_) => faults
                            .extend(missing.map(|kind| of_file(crate::words::channel_missing(kind, lang)))),
                        None => notes.extend(missing.map(|kind| {
                            of_file(lang.fill("cli.check.needs", &[("channel", kind.as_str())]))
                        })),
                    }
                    notes.push(gaps(path, roster, lang));
                    notes.extend(no_first(roster, lang).map(of_file));
                }
                Some((path.display().to_string(), roster.map(drop)))
            }
            // Without a configuration the examples are checked; a configuration without a roster has none.
            None if args.config.is_none() => {
                let name = lang.get("cli.check.example_roster");
                Some((name.to_owned(), super::roster_text(name, EXAMPLE_ROSTER, lang).map(drop)))
            }
            None => None,
        };
    match roster {
        Some((name, Ok(()))) => good.push(name),
        Some((_, Err(found))) => {
            faults.extend(crate::words::failure(&found, lang).lines().map(str::to_owned));
        }
        None => {}
    }
    for line in &good {
        println!("✓ {line}");
    }
    for note in &notes {
        println!("· {note}");
    }
    // Beside their count: whoever reads the one through a pipe reads the others.
    for fault in &faults {
        println!("✗ {fault}");
    }
    println!("{}", lang.fill("cli.check.done", &[("count", &faults.len().to_string())]));
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many offices of the tiga pilar nobody can be reached in by the roster at `path`: no fault, and good to know.
fn gaps(path: &Path, roster: &Roster, lang: Lang) -> String {
    let covers = alerts::coverage(roster, &[]);
    let whole = alerts::total(covers.iter().map(alerts::Cover::whole));
    let numbers = [covers.len(), whole.vacant, whole.all].map(|number| number.to_string());
    let values = [("regions", &*numbers[0]), ("vacant", &*numbers[1]), ("all", &*numbers[2])];
    let of_role = |role: &Role| {
        let Vacancies { vacant, all } = alerts::total(covers.iter().map(|cover| cover.of(*role)));
        let (vacant_told, all) = (vacant.to_string(), all.to_string());
        let values = [("role", role.as_str()), ("vacant", &vacant_told), ("all", &all)];
        (vacant > 0).then(|| lang.fill("cli.check.gaps_of", &values))
    };
    let roles: Vec<String> = Role::ALL.iter().filter_map(of_role).collect();
    let roles = if roles.is_empty() { String::new() } else { format!(": {}", roles.join(", ")) };
    format!("{}: {}{roles}", path.display(), lang.fill("cli.check.gaps", &values))
}

/// Who else is told first of something and has no contact in the regions that `roster` covers.
fn no_first(roster: &Roster, lang: Lang) -> Option<String> {
    let covers = alerts::coverage(roster, &[]);
    let regions: Vec<_> = covers.iter().map(|cover| &cover.region).collect();
    let all = regions.len().to_string();
    let lacking = alerts::without_first(roster, &regions).into_iter().map(|(role, in_so_many)| {
        if in_so_many == regions.len() {
            return role.to_string();
        }
        let in_so_many = in_so_many.to_string();
        let values = [("role", role.as_str()), ("vacant", &in_so_many), ("all", &all)];
        lang.fill("cli.check.gaps_of", &values)
    });
    let lacking = lacking.collect::<Vec<_>>().join(", ");
    (!lacking.is_empty()).then(|| lang.fill("cli.check.no_first", &[("roles", &lacking)]))
}

/// The channels that `roster` uses and `config` does not set up.
fn missing(roster: &Roster, config: &Config) -> impl Iterator<Item = Kind> {
    let [webhook, email] = [config.alerts.webhook.is_some(), config.alerts.email.is_some()];
    let is_there = move |kind: &Kind| match kind {
        Kind::File => true,
        Kind::Webhook => webhook,
        Kind::Email => email,
    };
    roster.channels().into_iter().filter(move |kind| !is_there(kind))
}

/// The lexicon of `folder` in numbers, and what it knows of elections today; or its faults.
fn lexicon(folder: Option<&Path>, lang: Lang) -> Result<(String, Vec<String>), Vec<String>> {
    let told = |faults: Vec<Fault>| Fault::lines(&faults, lang);
    if let Some(folder) = folder.filter(|folder| !lexicons::is_folder(folder)) {
        return Err(vec![lang.fill("cli.error.no_lexicon", &[("path", &folder.display().to_string())])]);
    }
    let lexicon = Lexicon::load(folder).map_err(told)?;
    // The roster may name its new areas.
    lexicon.adopt_land();
    let faults = classify::check(&lexicon);
    if !faults.is_empty() {
        return Err(told(faults));
    }
    let counts = [
        lexicon.rules().len(),
        lexicon.rules().iter().filter(|rule| rule.retired.is_some()).count(),
        lexicon.guards().len(),
        lexicon.elements().len(),
        lexicon.examples().count(),
    ];
    let [rules, retired, guards, elements, examples] = counts.map(|count| count.to_string());
    let values = [
        ("hash", &lexicon.hash()[..12]),
        ("rules", &rules),
        ("retired", &retired),
        ("guards", &guards),
        ("elements", &elements),
        ("examples", &examples),
    ];
    Ok((lang.fill("cli.check.lexicon", &values), elections(&lexicon, Clock::System.now(), lang)))
}

/// Which elections and contests `lexicon` goes by, and the stage of each at `now`: where none is on, the days before and
/// after a vote weigh nothing, and a keeper must know.
fn elections(lexicon: &Lexicon, now: Timestamp, lang: Lang) -> Vec<String> {
    let today = Zone::Wib.civil(now).date();
    let stage = |election: &Election| {
        if election.until < today {
            return lang.get("cli.check.over");
        }
        let day = lexicon.calendar().day(now, election.regions.first(), Zone::Wib);
        day.filter(|day| day.election == election.id).map_or(lang.get("cli.check.no_stage"), |day| {
            lang.get(&format!("judge.stage.{}", day.stage.as_str()))
        })
    };
    let told = lexicon.calendar().elections().iter().map(|election| {
        let (voting, from, until) =
            (election.voting.to_string(), election.from.to_string(), election.until.to_string());
        let values = [
            ("title", &*election.title),
            ("voting", &voting),
            ("from", &from),
            ("until", &until),
            ("stage", stage(election)),
        ];
        lang.fill("cli.check.election", &values)
    });
    let contests = lexicon.contests().all().iter().map(|contest| {
        let made_up = if contest.made_up { lang.get("cli.check.made_up") } else { "" };
        format!("{} ({}{made_up})", contest.id.get_ref(), contest.region)
    });
    let (elections, contests) = (told.collect::<Vec<_>>(), contests.collect::<Vec<_>>());
    let or_none = |all: Vec<String>, between: &str| match all.is_empty() {
        true => lang.get("cli.check.none").to_owned(),
        false => all.join(between),
    };
    let mut told = vec![
        lang.fill("cli.check.calendar", &[("elections", &or_none(elections, "; "))]),
        lang.fill("cli.check.contests", &[("contests", &or_none(contests, ", "))]),
    ];
    let last = lexicon.calendar().elections().iter().map(|election| election.until).max();
    if let Some(last) = last.filter(|last| *last < today) {
        told.insert(0, lang.fill("cli.check.calendar_over", &[("until", &last.to_string())]));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_without_fault_still_says_how_many_of_the_tiga_pilar_nobody_can_be_reached_in() {
        let line = "role,region,holder,stand_in,channel,address\nKAPOLRES,62.10,,,file,polres\n";
        let roster = Roster::parse("roster.csv", line, |_| true).unwrap();
        let told = gaps(Path::new("roster.csv"), &roster, Lang::Id);
        let all = alerts::total(alerts::coverage(&roster, &[]).iter().map(alerts::Cover::whole)).all;
        let expected = format!("): {} dari {all} jabatan belum ada kontak", all - 1);
        assert!(all > 300 && told.contains(&expected), "{told}");
        // What is counted is named, each role that can be.
        let (head, _) = told.split_once(&expected).unwrap();
        let counted = |role: &&Role| {
            alerts::total(alerts::coverage(&roster, &[]).iter().map(|it| it.of(**role))).all > 0
        };
        let unnamed: Vec<&Role> =
            Role::ALL.iter().filter(counted).filter(|role| !head.contains(role.as_str())).collect();
        assert!(head.contains("1 kabupaten/kota") && unnamed.is_empty(), "{unnamed:?}: {head}");
        // By role, and of those without a gap nothing.
        assert!(told.contains("BABINSA 127 dari 127, BHABIN 127 dari 127"), "{told}");
        assert!(told.contains("BUPATI 1 dari 1") && !told.contains("KAPOLRES 0 dari"), "{told}");
    }

    #[test]
    fn who_else_is_told_first_and_has_no_contact_is_told_in_one_line() {
        let head = "role,region,holder,stand_in,channel,address\n";
        let told = |lines: &str| {
            let roster = Roster::parse("roster.csv", &format!("{head}{lines}"), |_| true).unwrap();
            no_first(&roster, Lang::Id).unwrap_or_default()
        };
        let one = told("KPU,62.10,,,file,kpu\n");
        assert!(one.contains("PPS, ") && one.contains("BAWASLU") && one.contains("SATPOLPP"), "{one}");
        assert!(!one.contains(" KPU,") && !one.contains("KADES") && one.lines().count() == 1, "{one}");
        let two = told("KPU,62.10,,,file,kpu\nCAMAT,62.11.01,,,file,camat\n");
        assert!(two.contains(", KPU 1 dari 2"), "{two}");
    }

    #[test]
    fn rules_no_longer_in_use_are_counted_apart() {
        let builtin = Lexicon::builtin();
        let retired = builtin.rules().iter().filter(|rule| rule.retired.is_some()).count();
        let (told, _) = lexicon(None, Lang::Id).unwrap();
        let expected = format!("{} aturan ({retired} sudah tidak dipakai)", builtin.rules().len());
        assert!(retired > 0 && told.contains(&expected), "{told}");
    }

    #[test]
    fn which_elections_are_loaded_is_told_with_the_stage_of_the_day() {
        let told = |at: &str| elections(&Lexicon::builtin(), at.parse().unwrap(), Lang::Id);
        let quiet = told("2024-11-25T02:00:00Z");
        assert!(quiet[0].contains("Pilkada serentak 2024") && quiet[0].contains("2024-11-27"), "{quiet:?}");
        assert!(quiet[0].contains("masa tenang"), "{quiet:?}");
        assert!(quiet[1].contains("rekaan-madiun (35.19, rekaan)"), "{quiet:?}");
        let before = told("2000-01-01T02:00:00Z");
        assert!(before[0].contains("hari ini tidak ada tahapan"), "{before:?}");
    }

    #[test]
    fn a_calendar_that_is_over_is_said_to_be_with_its_last_day_and_what_to_replace() {
        let lexicon = Lexicon::builtin();
        let last = lexicon.calendar().elections().iter().map(|election| election.until).max().unwrap();
        let told = |day: jiff::civil::Date, lang| {
            let noon = day.at(5, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
            elections(&lexicon, noon.timestamp(), lang)
        };
        let over = told(last.tomorrow().unwrap(), Lang::Id);
        let expected = format!("jadwal pemilihan sudah berakhir sejak {last}");
        assert!(over[0].contains(&expected) && over[0].contains("ganti calendar.toml"), "{over:?}");
        assert!(over[1].contains("sudah berakhir") && !over[1].contains("tidak ada tahapan"), "{over:?}");
        let english = told(last.tomorrow().unwrap(), Lang::En);
        assert!(english[0].contains(&format!("is over since {last}")), "{english:?}");
        assert_eq!(told(last, Lang::Id).len(), over.len() - 1, "its last day still counts");
    }
}
