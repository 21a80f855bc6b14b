//! Made-up incidents for the tests of templates: everything a page can hold.

use alerts::explain::{Because, Told, Vacant, Why};
use alerts::*;
use jiff::Timestamp;
use serde_json::json;
use stream::*;

/// When the made-up day stands still.
pub(crate) fn now() -> Timestamp {
    at("2024-11-26T10:00:00Z")
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

/// A post of `text` by a made-up author.
pub(crate) fn post(text: &str) -> Post {
    serde_json::from_value(json!({
        "id": "0123456789abcdef0123456789abcdef", "source": "kabar-rekaan", "channel": "x",
        "posted_at": "2024-11-26T09:40:00Z", "seen_at": "2024-11-26T09:41:00Z", "text": text,
        "author": {"name": "Warga Rekaan", "handle": "@warga_rekaan", "bio": "pegawai di Kurun"},
        "context": {"quoted_text": "Besok semua datang ya", "media_text": [{"kind": "ocr", "text": "KUMPUL JAM 9"}]},
        "raw": Raw::new(text.as_bytes()),
    }))
    .unwrap()
}

fn span(text: &str, words: &str) -> Span {
    let start = text.find(words).unwrap();
    Span { part: Part::Text, start: start as u32, end: (start + words.len()) as u32 }
}

/// An incident of `category` proposed at `severity` at `place`.
pub(crate) fn incident(id: i64, category: Category, severity: Severity, place: Option<&str>) -> Incident {
    Incident {
        place: place.map(code),
        last_event: at("2024-11-26T09:52:00Z"),
        created_at: at("2024-11-26T09:53:00Z"),
        posts: 3,
        sources: 2,
        ..Incident::begun(IncidentId(id), category, severity, at("2024-11-26T09:40:00Z"))
    }
}

/// A village that `sources` tell of.
pub(crate) fn scene(place: &str, sources: i64) -> Scene {
    Scene { place: code(place), posts: sources, wide: 0, sources, reporter: false, last: None, later: false }
}

/// The view of `incident`, whose post says `text`; `words` of it are the hit, `place` tells where.
pub(crate) fn view(incident: Incident, text: &str, words: &str, place: &str) -> IncidentView {
    let post = post(text);
    let region = incident.place.clone().unwrap_or_else(|| code("62.10"));
    let signal = Signal {
        category: incident.category,
        severity: incident.proposed,
        steps: vec![
            Step { to: Severity::Waspada, why: "default".into(), span: None },
            Step { to: incident.proposed, why: "target_and_time".into(), span: Some(span(text, words)) },
        ],
        hits: vec![Hit { rule: "KF-02-serbu-kantor".into(), spans: vec![span(text, words)] }],
        place: Place {
            code: incident.place.clone(),
            zone: Zone::Wib,
            clues: vec![Clue { kind: "name".into(), span: Some(span(text, place)), code: region }],
            candidates: vec![
                Candidate { code: code("35.19"), share: 0.62 },
                Candidate { code: code("35.77"), share: 0.38 },
            ],
            hamlets: Vec::new(),
        },
        subject: (incident.category == Category::Kf14)
            .then(|| Subject { class: SubjectClass::Kades, span: Some(span(text, words)) }),
        acts: if incident.category == Category::Kf14 {
            vec![ActHit { act: Act::Mobilisasi, span: None }, ActHit { act: Act::Fasilitas, span: None }]
        } else {
            Vec::new()
        },
        accused: Some(Accused { role: Role::Camat, region: Some(code("62.10.02")), span: None }),
        tags: vec!["ada_sajam".into(), "penyelenggara_target".into()],
        event_time: at("2024-11-26T09:40:00Z"),
        account: Some(Account {
            voice: Voice::Hearsay,
            voice_span: Some(span(text, words)),
            candidate: None,
            other_candidates: Vec::new(),
            time: None,
            election: Some("pilkada-2024".into()),
            stage: Some("quiet".into()),
            laws: vec![LawRef {
                id: "uu-1-2015-182a".into(),
                cite: "UU 1/2015 pasal 182A".into(),
                mark: "V".into(),
                regime: "pilkada".into(),
            }],
            runner_up: Some(RunnerUp { category: Category::Kf03, cleared_by: Some("appeal".into()) }),
            hinges_on: vec![span(text, words)],
        }),
    };
    let clues = signal.place.clues.clone();
    let sha256 = post.raw.sha256.clone();
    let finding = Finding {
        id: "f".into(),
        post,
        lexicon: "3f2a9b77c1d04e55".into(),
        code: "1".into(),
        signals: vec![signal],
        cleared: vec![Cleared {
            hit: Hit { rule: "KF-03-kumpul-massa".into(), spans: vec![span(text, place)] },
            category: Category::Kf03,
            guard: "appeal".into(),
            span: Some(span(text, place)),
        }],
        calm: None,
        backtest: None,
        extra: serde_json::Map::new(),
    };
    let office = |role, region: &str| Office::new(role, code(region));
    let because = |role, region: &str, why| Because { office: office(role, region), why, silent: None };
    let told_now = Told {
        told: vec![
            because(Role::Babinsa, "62.10.02.1012", Why::First),
            because(Role::Bhabin, "62.10.02.1012", Why::First),
        ],
        not_told: vec![because(Role::Camat, "62.10.02", Why::Accused)],
        gaps: vec![Vacant {
            office: office(Role::Kades, "62.10.02.1012"),
            instead: Some(office(Role::Camat, "62.10.02")),
        }],
        not_yet: Vec::new(),
        overdue: Vec::new(),
        nobody: None,
        when: "unless_decided".into(),
        after_minutes: Some(30),
    };
    let told_after_confirmation = Told {
        told: vec![
            because(Role::Kapolsek, "62.10.02", Why::First),
            because(Role::Kapolres, "62.10", Why::First),
        ],
        when: "on_confirmation".into(),
        ..Told::default()
    };
    let sent = NotificationView {
        id: "n1".into(),
        number: format!("{}-1", incident.id),
        incident: incident.id,
        office: Some(office(Role::Kapolsek, "62.10.02")),
        channel: "file".into(),
        severity: Severity::Waspada,
        reason: "unconfirmed".into(),
        remark: String::new(),
        beside: None,
        step: 0,
        state: "sent".into(),
        attempts: 1,
        repeats: 0,
        created_at: at("2024-11-26T09:55:00Z"),
        sent_at: Some(at("2024-11-26T09:55:10Z")),
        error: None,
        answer: Some(Answer::Menuju),
        answered_at: Some(at("2024-11-26T09:58:00Z")),
        body: "[WASPADA][KF-02] Indikasi ancaman, Kurun, belum terverifikasi.".into(),
    };
    let past = |time: &str, actor: &str, kind: &str, detail: &str| HistoryLine {
        at: at(time),
        actor: actor.into(),
        kind: kind.into(),
        detail: detail.into(),
    };
    IncidentView {
        rests: 1,
        doubt: message::Doubt::default(),
        decide_by: Some(at("2024-11-26T10:23:00Z")),
        posts: vec![PostView {
            finding,
            category: incident.category,
            copies: 3,
            author: Some("A-7F3K2Q9".to_owned()),
            outside: None,
            clues,
            intact: true,
            sha256,
        }],
        maybe_same: vec![MaybeSame {
            incident: Incident { id: IncidentId(7), category: Category::Kf04, ..incident.clone() },
            near: Near::Kecamatan,
            kinship: Kinship::Neighbour,
            apart_s: 40 * 60,
        }],
        related: vec![Related {
            incident: Incident { id: IncidentId(8), category: Category::Kf08, ..incident.clone() },
            near: Near::Place,
            apart_s: 30 * 60,
        }],
        told_after_confirmation,
        told_now,
        aman: false,
        notifications: vec![sent],
        history: vec![
            past("2024-11-26T09:53:00Z", "sistem", "made", ""),
            past("2024-11-26T09:55:00Z", "sistem", "told", "Kapolsek Kurun"),
        ],
        clocks: vec![ClockView { kind: "unconfirmed".into(), due: at("2024-11-26T10:23:00Z") }],
        actions: vec![Action::Confirm, Action::Reject, Action::Merge, Action::Finish],
        incident,
    }
}
