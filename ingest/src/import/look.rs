//! A look at a file before it is read: what is no text is refused as a whole, not line by line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::outcome::ImportError;
use super::table::{LOOK, NotText};

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
