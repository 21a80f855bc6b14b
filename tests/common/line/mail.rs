//! A real SMTP server (Debian's python3-aiosmtpd) that keeps what it gets in a maildir.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{PATIENCE, receiver::Taken};

/// Debian's own interpreter: it has the package.
const PYTHON: &str = "/usr/bin/python3";

/// The running server; ended when dropped.
pub(crate) struct Smtp {
    child: Child,
    maildir: PathBuf,
}

/// Whether the server can be had.
pub(crate) fn installed() -> bool {
    let found = Command::new(PYTHON).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

impl Smtp {
    /// Listens at `port`, keeping mails in `maildir`.
    pub(crate) fn start(port: u16, maildir: &Path) -> Smtp {
        let child = Command::new(PYTHON)
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(maildir)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let smtp = Smtp { child, maildir: maildir.to_owned() };
        let until = Instant::now() + PATIENCE;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "the SMTP server does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        smtp
    }

    /// The mails it took, by their Message-ID without the part after `@`.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.maildir.join("new"))
            .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
            .unwrap_or_default();
        files.sort_by_key(|path| path.metadata().and_then(|meta| meta.modified()).unwrap());
        files.iter().map(|path| read(&std::fs::read(path).unwrap())).collect()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(mail: &[u8]) -> Taken {
    let text = String::from_utf8_lossy(mail).replace("\r\n", "\n");
    let header =
        |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
    let id = header("Message-ID:").trim_start_matches('<').split('@').next().unwrap().to_owned();
    let body = body(&text, header("Content-Transfer-Encoding:"));
    // The mark is the body's first line.
    let marked = body.lines().find(|line| !line.is_empty()).is_some_and(|line| line.starts_with("(ULANGAN"));
    Taken { id, marked, body }
}

fn body(text: &str, encoding: &str) -> String {
    use base64::Engine;
    let raw = text.split_once("\n\n").map_or("", |(_, body)| body);
    match encoding.to_ascii_lowercase().as_str() {
        "base64" => {
            let packed: String = raw.split_whitespace().collect();
            let bytes = base64::prelude::BASE64_STANDARD.decode(packed).unwrap();
            String::from_utf8(bytes).unwrap()
        }
        "quoted-printable" => unquoted(raw),
        _ => raw.to_owned(),
    }
}

/// Quoted-printable, undone.
fn unquoted(raw: &str) -> String {
    let raw = raw.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), raw.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        match (first, after) {
            (b'=', [high, low, tail @ ..]) => {
                let hex = std::str::from_utf8(&[*high, *low]).unwrap().to_owned();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                rest = tail;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}
