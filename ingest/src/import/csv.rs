//! CSV: where records end, what the header says, and how cells become the fields of an item.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::map::{Column, Mapping, MappingError};

/// Where a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// After this many bytes and lines.
    At { end: usize, lines: u64 },
    /// Beyond these bytes.
    Later,
    /// Beyond these bytes, and a quote is open.
    InQuote,
}

/// The header of a file: what its columns fill, and what stands between them.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) columns: Vec<Column>,
    /// What the file calls the column that fills a field.
    pub(super) names: BTreeMap<String, String>,
    pub(super) delimiter: u8,
}

/// Where the record that begins with `bytes` ends. A quote opens a cell only as its first byte, as the
/// reader of cells holds it too; elsewhere it is a character like others (`papan 2" x 3`).
pub(super) fn record_end(bytes: &[u8], delimiter: u8) -> Ends {
    let (mut quoted, mut fresh, mut lines) = (false, true, 0);
    let mut position = 0;
    while position < bytes.len() {
        let byte = bytes[position];
        position += 1;
        lines += u64::from(byte == b'\n');
        if quoted {
            if byte == b'"' {
                if bytes.get(position) == Some(&b'"') {
                    position += 1;
                } else {
                    quoted = false;
                }
            }
        } else if byte == b'\n' {
            return Ends::At { end: position, lines };
        } else {
            quoted = byte == b'"' && fresh;
            fresh = byte == delimiter;
        }
    }
    if quoted { Ends::InQuote } else { Ends::Later }
}

/// Reads the header: its columns, where it ends, and the lines it takes.
pub(super) fn header(
    bytes: &[u8],
    map: &Mapping,
    channel_given: bool,
) -> Result<(Header, usize, u64), MappingError> {
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let text = &bytes[mark..];
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|candidate| (line.iter().filter(|byte| *byte == candidate).count(), *candidate == b','))
        .unwrap_or(b',');
    let (end, lines) = match record_end(text, delimiter) {
        Ends::At { end, lines } => (end, lines),
        Ends::Later | Ends::InQuote => (text.len(), 1),
    };
    let names = cells(&text[..end], delimiter).ok_or(MappingError::NotUtf8)?;
    if names.iter().all(|name| name.trim().is_empty()) {
        return Err(MappingError::Empty);
    }
    let columns = map.columns(&names, channel_given)?;
    let named = |(column, name): (&Column, &String)| match column {
        Column::Field(field) => Some(((*field).to_owned(), name.trim().to_owned())),
        Column::Extra(_) | Column::Unused => None,
    };
    let names = columns.iter().zip(&names).filter_map(named).collect();
    Ok((Header { columns, names, delimiter }, mark + end, lines))
}

/// The cells of one record; `None` when it is no UTF-8.
pub(super) fn cells(record: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(record);
    let mut cells = csv::StringRecord::new();
    reader.read_record(&mut cells).ok()?;
    Some(cells.iter().map(str::to_owned).collect())
}

/// The fields of an item from the cells of a record; an empty cell is an absent field.
pub(super) fn fields(cells: Vec<String>, columns: &[Column]) -> Map<String, Value> {
    let mut fields = Map::new();
    for (cell, column) in cells.into_iter().zip(columns) {
        if cell.trim().is_empty() {
            continue;
        }
        match column {
            Column::Unused => {}
            Column::Extra(name) => {
                fields.insert(name.clone(), Value::String(cell));
            }
            Column::Field(field) => match field.split_once('.') {
                None => {
                    let value = if *field == "posted_at" { iso(&cell).unwrap_or(cell) } else { cell };
                    fields.insert((*field).to_owned(), Value::String(value));
                }
                Some((object, name)) => {
                    let inner = fields.entry(object).or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(inner) = inner {
                        inner.insert(name.to_owned(), typed(field, cell));
                    }
                }
            },
        }
    }
    fields
}

/// The cell that holds the time, as it is written.
pub(super) fn time<'a>(cells: &'a [String], columns: &[Column]) -> Option<&'a str> {
    let at = columns.iter().position(|column| matches!(column, Column::Field("posted_at")))?;
    cells.get(at).map(|cell| cell.trim())
}

/// The item that is kept of a record with these fields: its time as it was `written`.
pub(crate) fn kept(fields: &mut Map<String, Value>, written: Option<&str>) -> Vec<u8> {
    let (Some(written), Some(time)) = (written, fields.get_mut("posted_at")) else {
        return serde_json::to_vec(fields).unwrap_or_default();
    };
    let read = std::mem::replace(time, written.into());
    let item = serde_json::to_vec(fields).unwrap_or_default();
    fields.insert("posted_at".to_owned(), read);
    item
}

/// An item that was kept of a record, and its time as written; `None` where there is none in `kept`.
pub(crate) fn again(kept: &[u8]) -> Option<(Map<String, Value>, String)> {
    let mut fields: Map<String, Value> = serde_json::from_slice(kept).ok()?;
    let written = fields.get("posted_at").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(read) = iso(&written) {
        fields.insert("posted_at".to_owned(), read.into());
    }
    Some((fields, written))
}

/// The cell of a field that is no text, as the type it has; what does not fit stays a string, which the item refuses.
fn typed(field: &str, cell: String) -> Value {
    match field {
        "geo.lat" | "geo.lon" => {
            cell.trim().replace(',', ".").parse::<f64>().map_or(Value::String(cell), Value::from)
        }
        "author.verified_reporter" => match cell.trim().to_lowercase().as_str() {
            "true" | "ya" | "yes" | "1" => Value::Bool(true),
            "false" | "tidak" | "no" | "0" => Value::Bool(false),
            _ => Value::String(cell),
        },
        _ => Value::String(cell),
    }
}

/// A time as Indonesian tables write it (`27/11/2024 07.30 WIB`: day first, always) in the form of RFC 3339;
/// `None` for any other, which is then read as it stands.
fn iso(cell: &str) -> Option<String> {
    let mut rest = cell.trim();
    let mut offset = "";
    for (name, hours) in [("WITA", "+08:00"), ("WIB", "+07:00"), ("WIT", "+09:00")] {
        if let Some(before) = rest.strip_suffix(name) {
            (rest, offset) = (before.trim_end(), hours);
            break;
        }
    }
    let (date, clock) = rest.split_once([' ', 'T', ',']).map_or((rest, "00:00"), |(d, c)| (d, c.trim()));
    let separator = ['/', '-', '.'].into_iter().find(|separator| date.contains(*separator))?;
    let parts: Vec<&str> = date.split(separator).collect();
    let [first, month, last] = parts[..] else {
        return None;
    };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let number = |text: &str, most: u32| text.parse::<u32>().ok().filter(|number| *number <= most);
    // A time as RFC 3339 has it is read as it stands; the dot of the clock is a table's.
    let standard = first.len() == 4 && separator == '-' && (clock.contains(':') || !clock.contains('.'));
    if year.len() != 4 || (standard && offset.is_empty()) {
        return None;
    }
    let time: Vec<u32> = clock.split([':', '.']).map(|part| number(part, 60)).collect::<Option<_>>()?;
    let (hour, minute, second) = match time[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let (year, month, day) = (number(year, 9999)?, number(month, 12)?, number(day, 31)?);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_ends_at_the_line_end_outside_quotes() {
        assert_eq!(record_end(b"a,b\nc", b','), Ends::At { end: 4, lines: 1 });
        assert_eq!(record_end(b"a,\"b\nc \"\"d\"\" \",e\nf", b','), Ends::At { end: 17, lines: 2 });
        assert_eq!(record_end(b"papan 2\" x 3,b\nc", b','), Ends::At { end: 15, lines: 1 });
        assert_eq!(record_end(b"a,\"b\nc", b','), Ends::InQuote);
        assert_eq!(record_end(b"a,b", b','), Ends::Later);
    }

    #[test]
    fn indonesian_times_are_read_day_first() {
        assert_eq!(iso("27/11/2024 07.30").as_deref(), Some("2024-11-27T07:30:00"));
        assert_eq!(iso("3-2-2024 7:05:09 WIT").as_deref(), Some("2024-02-03T07:05:09+09:00"));
        assert_eq!(iso("2024-11-27 07:30 WITA").as_deref(), Some("2024-11-27T07:30:00+08:00"));
        assert_eq!(iso("2026-11-23 05.40").as_deref(), Some("2026-11-23T05:40:00"));
        assert_eq!(iso("2026-11-23 05.40.09 WIB").as_deref(), Some("2026-11-23T05:40:09+07:00"));
        assert_eq!(iso("23/11/2026 05.40").as_deref(), Some("2026-11-23T05:40:00"));
        assert_eq!(iso("2026/11/23 05:40").as_deref(), Some("2026-11-23T05:40:00"));
        for other in [
            "2024-11-27T07:30:00+07:00",
            "2024-11-27T07:30:00.5Z",
            "2024-11-27",
            "kemarin",
            "27/11/24 07:30",
            "13/13/2024 07:00",
        ] {
            assert_eq!(iso(other), None, "{other}");
        }
    }

    #[test]
    fn the_header_tells_what_stands_between_cells() {
        for (bytes, delimiter) in [
            (&b"\xEF\xBB\xBFtext;posted_at;channel\r\n"[..], b';'),
            (b"text,posted_at,channel\n", b','),
            (b"text\tposted_at\tchannel", b'\t'),
        ] {
            let (header, end, lines) = header(bytes, &Mapping::default(), false).unwrap();
            assert_eq!((header.delimiter, end, lines), (delimiter, bytes.len(), 1));
            assert_eq!(header.columns[2], Column::Field("channel"));
        }
    }
}
