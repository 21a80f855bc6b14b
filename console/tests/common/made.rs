//! The made-up posts of a day and what was found in them.

use serde_json::{Value, json};
use stream::{Finding, Post};

/// What a made-up finding is about.
pub(crate) struct Made<'a> {
    pub(crate) category: &'a str,
    pub(crate) severity: &'a str,
    pub(crate) place: Option<&'a str>,
    pub(crate) text: &'a str,
    pub(crate) words: &'a str,
    pub(crate) own_id: &'a str,
    pub(crate) reporter: bool,
}

/// The finding of a made-up post.
pub(crate) fn finding(at: jiff::Timestamp, made: &Made<'_>) -> Finding {
    let start = made.text.find(made.words).unwrap();
    let span = json!({"part": "text", "start": start, "end": start + made.words.len()});
    let post: Post = serde_json::from_value(json!({
        "id": stream::PostId::of_source("kabar-rekaan", made.own_id), "source": "kabar-rekaan",
        "channel": if made.reporter { "lapangan" } else { "x" }, "posted_at": at, "seen_at": at, "text": made.text,
        "author": {"name": format!("Warga Rekaan {}", made.own_id), "handle": format!("@rekaan_{}", made.own_id),
                   "verified_reporter": made.reporter},
        "raw": stream::Raw::new(made.text.as_bytes()),
    }))
    .unwrap();
    let neutral = made.category == "KF-14";
    let place = made.place.map_or(
        json!({"zone": "WIB"}),
        |code| json!({"code": code, "zone": "WIB", "clues": [{"kind": "name", "code": code, "span": span}]}),
    );
    let signal = json!({
        "category": made.category, "severity": made.severity, "event_time": at, "place": place,
        "steps": [{"to": "WASPADA", "why": "default"}, {"to": made.severity, "why": "default", "span": span}],
        "hits": [{"rule": format!("{}-serbu-kantor", made.category), "spans": [span]}],
        "subject": neutral.then(|| json!({"class": "SUB-KADES"})),
        "acts": if neutral { json!([{"act": "MOBILISASI"}]) } else { json!([]) },
    });
    let id = Finding::id_of(&post, "leksikon-uji", "1");
    let value: Value = json!({
        "id": id, "post": post, "lexicon": "leksikon-uji", "code": "1", "signals": [signal],
        "cleared": [{"hit": {"rule": "KF-03-kumpul-massa", "spans": [span]}, "category": "KF-03",
                     "guard": "appeal", "span": span}],
    });
    serde_json::from_value(value).unwrap()
}

/// The findings of the made-up day.
pub(crate) fn day(now: jiff::Timestamp) -> Vec<Finding> {
    let posts = [
        (
            "KF-04",
            "AWAS",
            Some("62.10.02.1012"),
            "Kotak suara di TPS 02 Kurun terbakar, warga berkerumun. Lapor @warga_rekaan 081234567890",
            "terbakar",
            "1",
            true,
        ),
        (
            "KF-02",
            "SIAGA",
            Some("62.10.02"),
            "Besok jam 9 kita serbu kantor KPU di Kurun <script>alert('x')</script>",
            "serbu kantor KPU",
            "2",
            false,
        ),
        (
            "KF-02",
            "SIAGA",
            Some("62.10.02"),
            "Ayo kumpul besok jam 9, serbu kantor KPU Kurun!",
            "serbu kantor KPU",
            "3",
            false,
        ),
        (
            "KF-07",
            "WASPADA",
            Some("35.28.06"),
            "Ada yang bagi amplop 50rb per kepala di dusun, katanya untuk besok pagi.",
            "bagi amplop",
            "4",
            false,
        ),
        (
            "KF-12",
            "WASPADA",
            None,
            "Jalan masuk kebun sudah ditutup portal warga sejak pagi, truk tidak bisa lewat.",
            "ditutup portal",
            "5",
            false,
        ),
        (
            "KF-03",
            "NORMAL",
            Some("35.28.06"),
            "Aksi damai di depan kantor besok pukul 10, sudah ada pemberitahuan.",
            "Aksi damai",
            "6",
            false,
        ),
        (
            "KF-14",
            "WASPADA",
            Some("35.28.06"),
            "Kades Rekaan kumpulkan ketua RT di balai desa, arahkan pilih nomor sekian.",
            "arahkan pilih",
            "7",
            false,
        ),
        (
            "KF-14",
            "NORMAL",
            Some("62.10.02"),
            "Oknum pegawai pasang stiker paslon di mobil dinas, terlihat di Kurun.",
            "pasang stiker",
            "8",
            false,
        ),
    ];
    posts
        .into_iter()
        .enumerate()
        .map(|(n, (category, severity, place, text, words, own_id, reporter))| {
            let at = now - jiff::SignedDuration::from_mins(8 - n as i64);
            finding(at, &Made { category, severity, place, text, words, own_id, reporter })
        })
        .collect()
}
