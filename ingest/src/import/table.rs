//! What is no text: a spreadsheet, an archive, a PDF, known by its name or its first bytes.

/// What something that is no text is, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// A spreadsheet: Excel, or another program's.
    #[error("this is a spreadsheet (Excel), no text; open it and save it as CSV (UTF-8)")]
    Sheet,
    /// A ZIP archive.
    #[error("this is a ZIP archive, no text; unpack it first")]
    Zip,
    /// Packed by gzip, though the name does not say so.
    #[error("this is packed by gzip; give it a name that ends in .gz, or unpack it first")]
    Gzip,
    /// A document of pages.
    #[error("this is a document (PDF or word processor), no table; save its table as CSV (UTF-8)")]
    Document,
    /// Something else, UTF-16 for example.
    #[error("this is no text, or text in UTF-16; save it as CSV (UTF-8)")]
    Other,
}

impl NotText {
    /// The name of its text in the interface.
    pub(crate) fn key(self) -> &'static str {
        match self {
            NotText::Sheet => "sheet",
            NotText::Zip => "zip",
            NotText::Gzip => "gzip",
            NotText::Document => "document",
            NotText::Other => "other",
        }
    }

    /// What a file of this name cannot be but.
    pub(super) fn named(name: &str) -> Option<NotText> {
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if ends(&[".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"]) {
            return Some(NotText::Sheet);
        }
        if ends(&[".pdf", ".doc", ".docx", ".odt"]) {
            return Some(NotText::Document);
        }
        ends(&[".zip"]).then_some(NotText::Zip)
    }

    /// What begins with `bytes`, its first [`LOOK`] bytes or fewer.
    pub(super) fn beginning(bytes: &[u8]) -> Option<NotText> {
        // Excel and LibreOffice pack their files by ZIP; the older Excel has a form of its own.
        [
            (&b"PK\x03\x04"[..], NotText::Sheet),
            (b"\xd0\xcf\x11\xe0", NotText::Sheet),
            (b"%PDF", NotText::Document),
            (b"\x1f\x8b", NotText::Gzip),
            (b"", NotText::Other),
        ]
        .into_iter()
        .find(|(beginning, _)| bytes.starts_with(beginning))
        .map(|(_, what)| what)
        .filter(|what| *what != NotText::Other || bytes.contains(&0))
    }
}

/// Bytes that are looked at.
pub(super) const LOOK: usize = 1024;
