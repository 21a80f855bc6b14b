//! Which CSV column is which field of an item.

use std::fmt;

use stream::nearest;

/// The fields that a column can fill.
const FIELDS: [&str; 18] = [
    "id",
    "channel",
    "posted_at",
    "text",
    "url",
    "source_region",
    "source_type",
    "consent_id",
    "author.name",
    "author.bio",
    "author.handle",
    "author.verified_reporter",
    "geo.lat",
    "geo.lon",
    "context.quoted_text",
    "context.reply_to_text",
    "context.thread_root_text",
    "context.repost_of",
];

/// Names of a field in one object, which a column that fills no field must not take.
const TAKEN: [&str; 3] = ["author", "geo", "context"];

/// Which column is which field, as `--map text=Isi,posted_at=Waktu` says; a column named like a
/// field (`text`, `author.name`, `author_name`) needs no word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mapping(Vec<(&'static str, String)>);

/// Why a mapping or a header cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Not of the form `field=column`.
    #[error("'{0}' is not of the form field=column")]
    Form(String),
    /// No field of an item.
    #[error("'{name}' is no field{}; fields are {}", meant(*near), Mapping::fields())]
    Field {
        /// What stood there.
        name: String,
        /// The field that is nearest in spelling.
        near: Option<&'static str>,
    },
    /// A field or column is named twice.
    #[error("'{0}' is named twice")]
    Twice(String),
    /// The header has no such column.
    #[error("no column '{column}'{}; columns are {}", meant(near.as_deref()), found.join(", "))]
    Column {
        /// What was asked for.
        column: String,
        /// The column that is nearest in spelling.
        near: Option<String>,
        /// What the header has.
        found: Vec<String>,
    },
    /// A field that every post needs has no column.
    #[error("no column for {field}{}; say which it is: --map {field}=COLUMN (columns are {})", meant(near.as_deref()), found.join(", "))]
    NoColumn {
        /// The field.
        field: &'static str,
        /// The column that is nearest in spelling.
        near: Option<String>,
        /// What the header has.
        found: Vec<String>,
    },
    /// The header is no text of this encoding.
    #[error("the header is not UTF-8; save the file as UTF-8")]
    NotUtf8,
    /// There is no header.
    #[error("the file has no header")]
    Empty,
}

fn meant(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!(" (is '{near}' meant?)"))
}

impl Mapping {
    /// The fields that a column can fill, for messages.
    pub fn fields() -> String {
        FIELDS.join(", ")
    }

    /// Reads `text=Isi,posted_at=Waktu`.
    ///
    /// # Errors
    /// [`MappingError`] for a pair that is none, an unknown field or one named twice.
    pub fn parse(text: &str) -> Result<Mapping, MappingError> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (field, column) = pair.split_once('=').ok_or_else(|| MappingError::Form(pair.to_owned()))?;
            let (field, column) = (field.trim(), column.trim());
            let known = FIELDS.into_iter().find(|known| *known == field).ok_or_else(|| {
                MappingError::Field { name: field.to_owned(), near: nearest(field, FIELDS) }
            })?;
            if pairs.iter().any(|(other, _)| *other == known) {
                return Err(MappingError::Twice(field.to_owned()));
            }
            pairs.push((known, column.to_owned()));
        }
        Ok(Mapping(pairs))
    }

    /// What each column of `header` fills; `channel_given` when the source names the channel of all.
    pub(super) fn columns(
        &self,
        header: &[String],
        channel_given: bool,
    ) -> Result<Vec<Column>, MappingError> {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        let mut columns: Vec<Column> = header.iter().map(|name| Column::Extra(name.clone())).collect();
        for (field, wanted) in &self.0 {
            let position =
                header.iter().position(|name| same(name, wanted)).ok_or_else(|| MappingError::Column {
                    column: wanted.clone(),
                    near: nearest(wanted, header.iter().map(String::as_str)).map(str::to_owned),
                    found: header.to_vec(),
                })?;
            if matches!(columns[position], Column::Field(_)) {
                return Err(MappingError::Twice(wanted.clone()));
            }
            columns[position] = Column::Field(field);
        }
        for (position, name) in header.iter().enumerate() {
            if matches!(columns[position], Column::Field(_)) {
                continue;
            }
            let own =
                FIELDS.into_iter().find(|field| same(name, field) || same(name, &field.replace('.', "_")));
            let free = |field: &str| {
                !columns.contains(&Column::Field(FIELDS.into_iter().find(|f| *f == field).unwrap_or("")))
            };
            columns[position] = match own {
                Some(field) if free(field) => Column::Field(field),
                // Named like a field that another column fills: it stays in the raw line only.
                Some(_) => Column::Unused,
                None if name.trim().is_empty() || TAKEN.iter().any(|taken| same(name, taken)) => {
                    Column::Unused
                }
                None => Column::Extra(name.trim().to_owned()),
            };
        }
        let needed = ["text", "posted_at", "channel"]
            .into_iter()
            .filter(|field| *field != "channel" || !channel_given);
        for field in needed {
            if !columns.contains(&Column::Field(field)) {
                let free = header.iter().zip(&columns).filter(|(_, fills)| matches!(fills, Column::Extra(_)));
                let near = nearest(field, free.map(|(name, _)| name.trim())).map(str::to_owned);
                return Err(MappingError::NoColumn { field, near, found: header.to_vec() });
            }
        }
        Ok(columns)
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (field, column)) in self.0.iter().enumerate() {
            write!(f, "{}{field}={column}", if position > 0 { "," } else { "" })?;
        }
        Ok(())
    }
}

/// What a column fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// This field of the item.
    Field(&'static str),
    /// An unknown field of this name.
    Extra(String),
    /// Nothing.
    Unused,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn columns_are_found_by_map_or_by_their_own_names() {
        let map = Mapping::parse("text=Isi, posted_at=Waktu").unwrap();
        let columns = map.columns(&header(&["No", "waktu", "ISI", "Channel", "author_name", "text"]), false);
        assert_eq!(
            columns.unwrap(),
            [
                Column::Extra("No".to_owned()),
                Column::Field("posted_at"),
                Column::Field("text"),
                Column::Field("channel"),
                Column::Field("author.name"),
                Column::Unused,
            ]
        );
    }

    #[test]
    fn a_wrong_map_is_refused_with_what_there_is() {
        assert_eq!(Mapping::parse("text").unwrap_err(), MappingError::Form("text".to_owned()));
        assert!(Mapping::parse("isi=Isi").unwrap_err().to_string().contains("posted_at"));
        assert!(matches!(Mapping::parse("text=A,text=B"), Err(MappingError::Twice(_))));
        let missing = Mapping::parse("text=Isi").unwrap().columns(&header(&["Teks", "posted_at"]), true);
        assert_eq!(missing.unwrap_err().to_string(), "no column 'Isi'; columns are Teks, posted_at");
        assert!(Mapping::parse("txt=Isi").unwrap_err().to_string().contains("is 'text' meant?"));
        let chanel = Mapping::default().columns(&header(&["text", "posted_at", "Chanel"]), false);
        assert!(matches!(
            chanel.unwrap_err(),
            MappingError::NoColumn { field: "channel", near: Some(near), .. } if near == "Chanel"
        ));
        let untold = Mapping::default().columns(&header(&["Teks", "posted_at"]), true).unwrap_err();
        assert!(untold.to_string().contains("--map text=COLUMN"));
        let both = Mapping::parse("text=Isi,id=Isi").unwrap().columns(&header(&["Isi"]), true);
        assert_eq!(both.unwrap_err(), MappingError::Twice("Isi".to_owned()));
    }
}
