//! Faults in tables whose keys depend on their `kind`: the parser knows no place in them, so each line is tried alone.

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
