//! Tables of a configuration file: where a key stands, and faults where the parser knows no place (tables whose keys
//! depend on their `kind`, each line of which is tried alone).

use ingest::source::SourceConfig;
use stream::BusConfig;

/// A fault: its line, from 1, and what the parser says.
type Fault = (Option<usize>, String);

/// Every fault of `[bus]` and `[[sources]]`; a table with one is blanked, so that nothing follows from it.
pub(super) fn faults(lines: &mut [&str]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let name = match heading(lines[at]) {
            Some("[bus]") => "bus",
            Some("[[sources]]") => "sources",
            _ => {
                at += 1;
                continue;
            }
        };
        let end = end(lines, at);
        let found = match name {
            "bus" => table(name, at, &lines[at + 1..end], error::<BusConfig>),
            _ => table(name, at, &lines[at + 1..end], error::<SourceConfig>),
        };
        if !found.is_empty() {
            lines[at..end].fill("");
        }
        faults.extend(found);
        at = end;
    }
    faults
}

/// Where the table ends whose heading stands at `at`.
pub(super) fn end(lines: &[&str], at: usize) -> usize {
    (at + 1..lines.len()).find(|line| heading(lines[*line]).is_some()).unwrap_or(lines.len())
}

/// The heading of a table, without the remark behind it.
pub(super) fn heading(line: &str) -> Option<&str> {
    let line = line.split('#').next().unwrap_or(line).trim();
    line.starts_with('[').then_some(line)
}

/// The line, from 1, on which `key` (`bus.retention_days`) stands in `text`: in its table, the `nth` of that name from
/// 0, or with its tables before it (`alerts.roster = …`); the table's heading where the key is left out.
pub(super) fn line_of(text: &str, key: &str, nth: usize) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let (table, own) = key.rsplit_once('.').unwrap_or(("", key));
    let sets = |line: &str, key: &str| line.split_once('=').is_some_and(|(found, _)| found.trim() == key);
    let names = |line: &str| heading(line).is_some_and(|line| line.trim_matches(['[', ']']).trim() == table);
    let first = lines.iter().position(|line| heading(line).is_some()).unwrap_or(lines.len());
    let start = (0..lines.len()).filter(|at| names(lines[*at])).nth(nth);
    let inside = match start {
        Some(start) => start + 1..end(&lines, start),
        None => 0..0,
    };
    let inside = if table.is_empty() { 0..first } else { inside };
    let mut found =
        inside.filter(|at| sets(lines[*at], own)).chain((0..first).filter(|at| sets(lines[*at], key)));
    found.next().or(start).map(|at| at + 1)
}

/// What keeps `text` from being a `T`.
fn error<T: serde::de::DeserializeOwned>(text: &str) -> Option<String> {
    toml::from_str::<T>(text).err().map(|error| error.message().to_owned())
}

/// The faults of the table `name` whose heading stands at `heading`, from 0.
fn table(name: &str, heading: usize, lines: &[&str], error: fn(&str) -> Option<String>) -> Vec<Fault> {
    let Some(whole) = error(&lines.join("\n")) else { return Vec::new() };
    let key = |line: &str| line.split_once('=').map_or(line, |(key, _)| key).trim().to_owned();
    let place = |at: usize| Some(heading + at + 2);
    // What is missing is missing from every line; that is told of the table as a whole.
    let wrong = |text: &str| error(text).filter(|message| !message.starts_with("missing field"));
    let kind = lines.iter().position(|line| key(line) == "kind");
    if let Some((at, message)) = kind.and_then(|at| Some((at, wrong(lines[at])?))) {
        return vec![(place(at), format!("{name}.kind: {message}"))];
    }
    let kind_line = kind.map_or("", |at| lines[at]);
    let others = lines.iter().enumerate().filter(|(at, _)| Some(*at) != kind);
    let found: Vec<Fault> = others
        .filter_map(|(at, line)| {
            let message = wrong(&format!("{kind_line}\n{line}"))?;
            Some((place(at), format!("{name}.{}: {message}", key(line))))
        })
        .collect();
    if found.is_empty() { vec![(Some(heading + 1), format!("{name}: {whole}"))] } else { found }
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn a_key_is_found_in_its_own_table() {
        let text = "path = \"a\"\nbus.kind = \"log\"\n[alerts] # siapa\nroster = \"r\"\n[[sources]]\npath = \"b\"\n\
                    [[sources]]\nname = \"x\"\npath = \"c\"\n";
        for (key, nth, line) in [
            ("path", 0, Some(1)),
            ("bus.kind", 0, Some(2)),
            ("alerts.roster", 0, Some(4)),
            ("sources.path", 0, Some(6)),
            ("sources.path", 1, Some(9)),
            ("sources.url", 1, Some(7)),
            ("alerts.policy.incumbents", 0, None),
            ("listen", 0, None),
        ] {
            assert_eq!(line_of(text, key, nth), line, "{key} {nth}");
        }
    }
}
