//! Reading the areas, as `lexicons/scripts/regions.py` writes them, into a [`Table`].

use std::io::Read;

use flate2::read::GzDecoder;
use rustc_hash::FxHashSet;
use stream::{Level, Zone};

use super::names::{KeyMap, NameKey, each_head, word_form};
use super::sieve::Sieve;
use super::table::{Row, Table};
use crate::fault::Fault;

/// Why regions cannot be read; none is worth a retry.
#[derive(Debug, thiserror::Error)]
pub enum GazetteerError {
    /// The packed text is damaged.
    #[error("regions cannot be unpacked: {0}")]
    Unpack(#[from] std::io::Error),
    /// A line is not of the form that the script writes.
    #[error("regions line {line}: '{text}' is no area")]
    Line {
        /// The line, from 1.
        line: usize,
        /// The line as it stands.
        text: String,
    },
    /// The files of names and words have faults.
    #[error("{}", .0.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n"))]
    Files(Vec<Fault>),
}

/// What a line says, before it is put under its parent.
struct Line<'a> {
    level: Level,
    number: u64,
    name: &'a str,
    center: Option<(i32, i32)>,
    zone: Option<Zone>,
    capital: Option<&'a str>,
}

fn parse_line(line: &str) -> Option<Line<'_>> {
    let mut fields = line.split('|');
    let head = fields.next()?;
    let (level, digits) = match head.as_bytes().first()? {
        b'P' => (Level::Provinsi, &head[1..]),
        b'K' => (Level::Kabupaten, &head[1..]),
        b'C' => (Level::Kecamatan, &head[1..]),
        _ => (Level::Desa, head),
    };
    let number = digits.parse().ok()?;
    let name = fields.next().filter(|name| !name.is_empty())?;
    let center = match (fields.next()?, fields.next()?) {
        ("", "") => None,
        (lat, lon) => Some((lat.parse().ok()?, lon.parse().ok()?)),
    };
    let zone = match fields.next() {
        None => None,
        Some("7") => Some(Zone::Wib),
        Some("8") => Some(Zone::Wita),
        Some("9") => Some(Zone::Wit),
        Some(_) => return None,
    };
    Some(Line { level, number, name, center, zone, capital: fields.next() })
}

/// The areas open at one moment of reading: the rows of province, kabupaten and kecamatan.
#[derive(Default)]
struct Open {
    rows: [u32; 3],
    codes: [u64; 3],
    zone: Zone,
}

impl Table {
    /// Reads the packed text.
    pub(super) fn unpack(packed: &[u8]) -> Result<Table, GazetteerError> {
        let mut text = String::with_capacity(2_500_000);
        GzDecoder::new(packed).read_to_string(&mut text)?;
        Table::read(text)
    }

    /// Reads the unpacked text.
    pub(super) fn read(text: String) -> Result<Table, GazetteerError> {
        let (mut rows, capitals) = read_rows(&text)?;
        mark_capitals(&text, &mut rows, &capitals);
        let names = index_names(&text, &rows, &capitals);
        let first = first_words(&text, &rows, &capitals);
        let heads = heads(&text, &rows, &capitals);
        Ok(Table { text, rows, names, first, heads })
    }
}

type Capitals = Vec<(u32, (u32, u32))>;

/// The rows, and for each province and kabupaten where the name of its capital stands.
fn read_rows(text: &str) -> Result<(Vec<Row>, Capitals), GazetteerError> {
    let mut rows: Vec<Row> = Vec::with_capacity(92_000);
    let mut capitals = Vec::with_capacity(600);
    let mut open = Open::default();
    let base = text.as_ptr() as usize;
    let within = |part: &str| {
        let start = part.as_ptr() as usize - base;
        (start as u32, (start + part.len()) as u32)
    };
    for (n, raw) in text.lines().enumerate() {
        let line =
            parse_line(raw).ok_or_else(|| GazetteerError::Line { line: n + 1, text: raw.to_owned() })?;
        let at = rows.len() as u32;
        let depth = line.level as usize;
        if depth < 3 {
            // Whatever was open at this depth or deeper ends here.
            close(&mut rows, &open, depth);
            open.rows[depth] = at;
            for inner in depth + 1..3 {
                open.rows[inner] = at;
            }
        }
        let scale = [100_000_000, 1_000_000, 10_000, 1][depth];
        let outer = if depth == 0 { 0 } else { open.codes[depth - 1] };
        let code = outer + line.number * scale;
        if depth < 3 {
            open.codes[depth] = code;
        }
        if let Some(zone) = line.zone {
            open.zone = zone;
        }
        if let Some(capital) = line.capital {
            capitals.push((at, within(capital)));
        }
        let parent = if depth == 0 { at } else { open.rows[depth - 1] };
        let outer_center = if depth == 3 { rows[parent as usize].center } else { Some((0, 0)) };
        let center = line.center.zip(outer_center).map(|(own, outer)| (own.0 + outer.0, own.1 + outer.1));
        let row = Row {
            code,
            name: within(line.name),
            parent,
            end: at + 1,
            center,
            level: line.level,
            zone: open.zone,
            capital: false,
        };
        rows.push(row);
    }
    close(&mut rows, &open, 0);
    Ok((rows, capitals))
}

/// Ends the areas open at `depth` and deeper at the last row read.
fn close(rows: &mut [Row], open: &Open, depth: usize) {
    let end = rows.len() as u32;
    for at in &open.rows[depth..] {
        if let Some(row) = rows.get_mut(*at as usize) {
            row.end = row.end.max(end);
        }
    }
}

fn slice(text: &str, (start, end): (u32, u32)) -> &str {
    &text[start as usize..end as usize]
}

/// The key of one form of a name; fast for the plain ASCII that nearly all are.
fn key_of_form(form: &str, lower: &mut String) -> NameKey {
    lower.clear();
    lower.push_str(form);
    lower.make_ascii_lowercase();
    let mut key = NameKey::default();
    for (n, word) in lower.split([' ', '-']).filter(|word| !word.is_empty()).enumerate() {
        key = key.with(word_form(word, n > 0));
    }
    key
}

fn mark_capitals(text: &str, rows: &mut [Row], capitals: &Capitals) {
    for (owner, name) in capitals {
        let key = NameKey::of(slice(text, *name));
        let (start, end) = (*owner as usize + 1, rows[*owner as usize].end as usize);
        for row in &mut rows[start..end] {
            let named = slice(text, row.name);
            let bare = named.strip_prefix("Kota ").unwrap_or(named);
            // Comparing first letters spares most of the hashing.
            let alike = bare.as_bytes().first().map(u8::to_ascii_lowercase)
                == slice(text, *name)
                    .trim_start_matches("Kota ")
                    .as_bytes()
                    .first()
                    .map(u8::to_ascii_lowercase);
            if alike
                && (NameKey::of(bare).value() == key.value() || NameKey::of(named).value() == key.value())
            {
                row.capital = true;
            }
        }
    }
}

/// Size of the sieve of beginnings, as a power of 2: 256 KiB.
const HEADS: u32 = 21;

/// What names begin with, letter by letter, in every form that [`index_names`] gives them.
fn heads(text: &str, rows: &[Row], capitals: &Capitals) -> Sieve {
    let mut heads = Sieve::new(HEADS);
    let names = rows.iter().map(|row| row.name).chain(capitals.iter().map(|(_, name)| *name));
    for form in names.flat_map(|name| slice(text, name).split('/')) {
        each_head(form, |head| heads.add(head));
        if let Some(bare) = form.strip_prefix("Kota ") {
            each_head(bare.trim_start_matches("Kota "), |head| heads.add(head));
            each_head(&format!("{bare} kota"), |head| heads.add(head));
        }
    }
    heads
}

/// The words that names begin with.
fn first_words(text: &str, rows: &[Row], capitals: &Capitals) -> FxHashSet<u64> {
    let mut lower = String::new();
    let mut first = FxHashSet::default();
    let names = rows.iter().map(|row| row.name).chain(capitals.iter().map(|(_, name)| *name));
    for form in names.flat_map(|name| slice(text, name).split('/')) {
        for form in [form, form.trim_start_matches("Kota ")] {
            let word = form.split([' ', '-']).next().unwrap_or_default();
            first.insert(key_of_form(word, &mut lower).value());
        }
    }
    first
}

/// Every form of every name; `Kota Sumenep` also as `Sumenep Kota`, and as `Sumenep` where that is the capital;
/// a capital that no area of the kabupaten bears is a name of the kabupaten.
fn index_names(text: &str, rows: &[Row], capitals: &Capitals) -> KeyMap {
    let mut names = KeyMap::with_capacity(rows.len());
    let mut lower = String::new();
    for (owner, name) in capitals.iter().rev() {
        let held = &rows[*owner as usize..rows[*owner as usize].end as usize];
        let own = &rows[*owner as usize];
        let name = slice(text, *name);
        let known = held.iter().any(|row| row.capital)
            || key_of_form(slice(text, own.name), &mut lower) == NameKey::of(name);
        if own.level == Level::Kabupaten && !known {
            names.add(NameKey::of(name.trim_start_matches("Kota ")), *owner);
        }
    }
    for (at, row) in rows.iter().enumerate().rev() {
        let forms = slice(text, row.name);
        for form in forms.split('/') {
            names.add(key_of_form(form, &mut lower), at as u32);
            if let Some(bare) = form.strip_prefix("Kota ")
                && row.level == Level::Kecamatan
            {
                names.add(NameKey::of(bare).with("kota"), at as u32);
                if row.capital {
                    names.add(NameKey::of(bare), at as u32);
                }
            }
        }
    }
    names
}
