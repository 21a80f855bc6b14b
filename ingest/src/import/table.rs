//! Files that are no text: a spreadsheet, an archive, a PDF is refused as a whole, not line by line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::ImportError;

/// Endings of files that hold tables or pages, and are no text.
const ENDINGS: [&str; 11] =
    [".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".zip", ".pdf", ".doc", ".docx", ".odt", ".numbers"];
/// How such files begin: ZIP (also XLSX and ODS), the older Office files, PDF, gzip under a name without `.gz`.
const BEGINNINGS: [&[u8]; 4] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b"];
/// Bytes that are looked at.
const LOOK: u64 = 1024;

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
    let name = path.to_string_lossy().to_ascii_lowercase();
    let not_text = || Err(ImportError::NotText { path: path.to_owned() });
    if meta.is_file() && ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return not_text();
    }
    if !meta.is_file() {
        return Ok(());
    }
    let file = File::open(path).map_err(failed)?;
    let mut first = Vec::new();
    // A damaged gzip file shows its fault when it is read, behind what could still be unpacked.
    let _ = match name.ends_with(".gz") {
        true => MultiGzDecoder::new(file).take(LOOK).read_to_end(&mut first),
        false => file.take(LOOK).read_to_end(&mut first),
    };
    let begins = BEGINNINGS.iter().any(|beginning| first.starts_with(beginning));
    if begins || first.contains(&0) { not_text() } else { Ok(()) }
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
        for (name, bytes, text) in [
            ("laporan.xlsx", &b"Teks,Waktu\n"[..], false),
            ("Laporan.XLS", b"", false),
            ("laporan.csv", b"PK\x03\x04\x14\x00", false),
            ("lama.jsonl", b"\xd0\xcf\x11\xe0\xa1", false),
            ("surat.csv", b"%PDF-1.7\n", false),
            ("utf16.csv", b"\xff\xfeT\0e\0k\0s\0", false),
            ("tanpa-ending", &packed, false),
            ("laporan.csv.gz", &packed, true),
            ("kosong.jsonl", b"", true),
            ("laporan.csv", "Teks,Waktu\nséring,2024\n".as_bytes(), true),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let checked = check_is_text(&path);
            assert_eq!(checked.is_ok(), text, "{name}: {checked:?}");
            assert!(checked.is_ok() || matches!(checked, Err(ImportError::NotText { .. })), "{name}");
        }
        assert!(matches!(check_is_text(&folder.path().join("nihil.csv")), Err(ImportError::Open { .. })));
    }
}
