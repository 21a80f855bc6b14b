//! A keeper's own names, ordinary words and areas, laid over the built-in ones.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use stream::{Level, RegionCode};
use toml::Spanned;

use super::Gazetteer;
use super::cues::{AreaWords, Marker, Tables, Tongue};
use super::names::{NameKey, each_head};
use super::sieve::Sieve;
use super::table::{SCALE, Table, padded};
use crate::fault::Fault;
use crate::said::{self, Said};
use crate::slang::toml_fault;

/// The names that are ordinary words.
const ORDINARY: &str = "regions/ordinary.txt";
/// The built-in files: read first, so that others may say otherwise.
const BUILT_IN: [&str; 2] = ["regions/aliases.toml", "regions/words.toml"];
/// A shorter name would be met in any text.
const SHORTEST: usize = 2;

/// One file of `regions/`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    /// Names that tell no place by themselves.
    ordinary: Vec<Spanned<String>>,
    /// Names that stand for areas.
    alias: BTreeMap<Spanned<String>, OneOrMany>,
    /// Areas that are new, or are called otherwise now.
    area: BTreeMap<Spanned<String>, Own>,
    marker: Vec<Marker>,
    office: Vec<Marker>,
    class: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    tongue: Vec<Tongue>,
}

/// The code or codes that an alias stands for.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// An area as a keeper writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    name: Spanned<String>,
    /// Latitude and longitude in degrees.
    center: Option<[f64; 2]>,
}

/// A file as it stands: its path inside the folder, its text, what it says.
struct Read<'a> {
    path: &'a str,
    text: &'a str,
    file: File,
}

impl Gazetteer {
    /// The built-in areas with what the files of `regions/` say (path and text).
    pub(crate) fn laid_over<'a>(
        files: impl Iterator<Item = (&'a str, &'a str)>,
        faults: &mut Vec<Fault>,
    ) -> Gazetteer {
        Gazetteer::with_files(&Gazetteer::builtin().table, files, faults)
    }

    /// The areas of `table` with what the files of `regions/` say.
    pub(super) fn with_files<'a>(
        table: &Arc<Table>,
        files: impl Iterator<Item = (&'a str, &'a str)>,
        faults: &mut Vec<Fault>,
    ) -> Gazetteer {
        let mut ordinary = FxHashSet::default();
        let mut read = Vec::new();
        for (path, text) in files {
            if path == ORDINARY {
                let words = text
                    .lines()
                    .flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace());
                ordinary = words.map(|word| NameKey::of(word).value()).collect();
                continue;
            }
            match toml::from_str(text) {
                Ok(file) => read.push(Read { path, text, file }),
                Err(error) => faults.push(toml_fault(path, text, &error)),
            }
        }
        read.sort_by_key(|read| (!BUILT_IN.contains(&read.path), read.path));
        let table = own_table(table, &read, faults);
        let mut land = Gazetteer {
            table,
            aliases: FxHashMap::default(),
            alias_first: FxHashSet::default(),
            alias_heads: FxHashSet::default(),
            ordinary,
            words: AreaWords::default(),
            grid: OnceLock::new(),
            sieve: Sieve::default(),
        };
        for read in read {
            land.take(read, faults);
        }
        land.fill_sieve();
        land
    }

    /// Takes the words and the aliases of one file.
    fn take(&mut self, read: Read<'_>, faults: &mut Vec<Fault>) {
        let Read { path, text, file } = read;
        let mut fault = |at: usize, said: Said| faults.push(Fault::at(path, text, at, said));
        for word in file.ordinary {
            let key = NameKey::of(word.get_ref());
            if !self.is_name(key) {
                fault(word.span().start, said::no_area_name(word.get_ref()));
            }
            self.ordinary.insert(key.value());
        }
        for (alias, codes) in file.alias {
            let (at, name) = (alias.span().start, alias.into_inner());
            if name.chars().filter(|c| c.is_alphanumeric()).count() < SHORTEST {
                fault(at, said::short_name(&name));
            }
            let codes = match codes {
                OneOrMany::One(code) => vec![code],
                OneOrMany::Many(codes) => codes,
            };
            if codes.is_empty() {
                fault(at, said::no_area(&name));
            }
            let mut areas = Vec::with_capacity(codes.len());
            for code in codes {
                match RegionCode::parse(&code).ok().and_then(|code| self.area(&code)) {
                    Some(area) => areas.push(area),
                    None => fault(at, said::no_code(&name, &code)),
                }
            }
            let word = name.split([' ', '-']).next().unwrap_or_default();
            self.alias_first.insert(NameKey::of(word).value());
            each_head(&name, |head| _ = self.alias_heads.insert(head));
            self.aliases.insert(NameKey::of(&name).value(), areas);
        }
        let File { marker, office, class, tongue, .. } = file;
        self.words.add(&Tables { marker, office, class, tongue }, fault);
    }
}

/// The table as it is, or a new one where files tell areas of their own.
fn own_table(table: &Arc<Table>, read: &[Read<'_>], faults: &mut Vec<Fault>) -> Arc<Table> {
    let mut own: BTreeMap<u64, (RegionCode, &Own)> = BTreeMap::new();
    let written =
        read.iter().flat_map(|read| read.file.area.iter().map(move |(code, area)| (read, code, area)));
    for (read, code, area) in written {
        let mut fault = |at: usize, said: Said| faults.push(Fault::at(read.path, read.text, at, said));
        let Ok(parsed) = RegionCode::parse(code.get_ref()) else {
            let like = "35.19, 35.19.08, 35.19.08.2011";
            fault(code.span().start, said::no_area_code(code.get_ref(), like));
            continue;
        };
        if area.name.get_ref().trim().is_empty() || area.name.get_ref().contains(['|', '\n']) {
            fault(area.name.span().start, said::no_name(area.name.get_ref()));
            continue;
        }
        if own.insert(padded(&parsed), (parsed, area)).is_some() {
            fault(code.span().start, said::code_twice(code.get_ref()));
        }
    }
    let homeless = own.iter().filter(|(_, (code, _))| {
        table.row_of(code).is_none()
            && code
                .parent()
                .is_none_or(|parent| table.row_of(&parent).is_none() && !own.contains_key(&padded(&parent)))
    });
    let homeless: Vec<u64> = homeless.map(|(number, _)| *number).collect();
    for read in read {
        for code in read.file.area.keys() {
            if RegionCode::parse(code.get_ref()).is_ok_and(|parsed| homeless.contains(&padded(&parsed))) {
                let said = said::no_parent(code.get_ref());
                faults.push(Fault::at(read.path, read.text, code.span().start, said));
            }
        }
    }
    if own.is_empty() || !homeless.is_empty() {
        return Arc::clone(table);
    }
    let text = with_lines(table, own.into_values());
    Table::read(text).map_or_else(
        |error| {
            faults.push(Fault::new("regions", 0, 0, Said::Parser(error.to_string())));
            Arc::clone(table)
        },
        Arc::new,
    )
}

/// The text of the built-in table with the lines of `own`, which comes in code order, put in their places.
fn with_lines<'a>(table: &Table, own: impl Iterator<Item = (RegionCode, &'a Own)>) -> String {
    let mut text = String::with_capacity(table.text.len() + 4096);
    let mut lines = table.rows.iter().zip(table.text.lines()).peekable();
    for (code, area) in own {
        let number = padded(&code);
        while let Some((_, line)) = lines.next_if(|(row, _)| row.code < number) {
            text.push_str(line);
            text.push('\n');
        }
        let name = area.name.get_ref().trim();
        if let Some((_, line)) = lines.next_if(|(row, _)| row.code == number) {
            // The old name stays a second form.
            let (head, rest) = line.split_once('|').unwrap_or((line, ""));
            text.push_str(&format!("{head}|{name}/{rest}\n"));
            continue;
        }
        let last = code.as_str().rsplit('.').next().unwrap_or_default();
        let (mark, outer) = match code.level() {
            Level::Provinsi => ("P", None),
            Level::Kabupaten => ("K", None),
            Level::Kecamatan => ("C", None),
            // Centres of villages are told from that of their kecamatan.
            Level::Desa => ("", code.parent().and_then(|parent| table.center(table.row_of(&parent)?))),
        };
        let center = area.center.map(|[lat, lon]| match (code.level(), outer) {
            (Level::Desa, None) => String::from("|"),
            (_, outer) => {
                let (outer_lat, outer_lon) = outer.unwrap_or_default();
                let parts = |degrees: f64| (degrees * SCALE).round() as i64;
                format!("{}|{}", parts(lat - outer_lat), parts(lon - outer_lon))
            }
        });
        text.push_str(&format!("{mark}{last}|{name}|{}\n", center.as_deref().unwrap_or("|")));
    }
    for (_, line) in lines {
        text.push_str(line);
        text.push('\n');
    }
    text
}
