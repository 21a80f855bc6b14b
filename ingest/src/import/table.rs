//! Files that are no text: a spreadsheet, an archive, a PDF is refused as a whole, not line by line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::ImportError;

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
    fn named(name: &str) -> Option<NotText> {
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

/// Refuses a file that is no text, by its name or its first kilobyte; what is no regular file is not looked at.
///
/// # Errors
/// [`ImportError::NotText`], or [`ImportError::Open`] when it cannot be opened.
pub fn check_is_text(path: &Path) -> Result<(), ImportError> {
    if path.as_os_str() == "-" {
        return Ok(());
    }
    let failed = |cause| ImportError::Open { path: path.to_owned(), cause };
    let meta = std::fs::metadata(path).map_err(failed)?;
    if !meta.is_file() {
        return Ok(());
    }
    let name = path.to_string_lossy().to_ascii_lowercase();
    let mut what = NotText::named(&name);
    if what.is_none() {
        let (file, mut first) = (File::open(path).map_err(failed)?, Vec::new());
        // A damaged gzip file shows its fault when it is read, behind what could still be unpacked.
        let _ = match name.ends_with(".gz") {
            true => MultiGzDecoder::new(file).take(LOOK as u64).read_to_end(&mut first),
            false => file.take(LOOK as u64).read_to_end(&mut first),
        };
        what = NotText::beginning(&first);
    }
    what.map_or(Ok(()), |what| Err(ImportError::NotText { path: path.to_owned(), what }))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_is_no_text_is_known_by_its_name_or_its_first_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"Teks,Waktu\n").unwrap();
        let packed = packed.finish().unwrap();
        for (name, bytes, wanted) in [
            ("laporan.xlsx", &b"Teks,Waktu\n"[..], Some(NotText::Sheet)),
            ("Laporan.XLS", b"", Some(NotText::Sheet)),
            ("laporan.csv", b"PK\x03\x04\x14\x00", Some(NotText::Sheet)),
            ("laporan.zip", b"PK\x03\x04\x14\x00", Some(NotText::Zip)),
            ("lama.jsonl", b"\xd0\xcf\x11\xe0\xa1", Some(NotText::Sheet)),
            ("surat.csv", b"%PDF-1.7\n", Some(NotText::Document)),
            ("utf16.csv", b"\xff\xfeT\0e\0k\0s\0", Some(NotText::Other)),
            ("tanpa-ending", &packed, Some(NotText::Gzip)),
            ("laporan.csv.gz", &packed, None),
            ("kosong.jsonl", b"", None),
            ("laporan.csv", "Teks,Waktu\nséring,2024\n".as_bytes(), None),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let what = match check_is_text(&path) {
                Ok(()) => None,
                Err(ImportError::NotText { what, .. }) => Some(what),
                Err(error) => panic!("{name}: {error}"),
            };
            assert_eq!(what, wanted, "{name}");
        }
        assert!(matches!(check_is_text(&folder.path().join("nihil.csv")), Err(ImportError::Open { .. })));
    }
}
