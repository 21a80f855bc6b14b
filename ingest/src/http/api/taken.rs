//! What is in the body of a request: sorted item by item into what goes on the bus and what is refused.

use std::collections::HashMap;

use axum::http::StatusCode;
use jiff::Timestamp;
use lexicons::Lang;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use stream::{Intake, Item, ItemError, LetterPlace, Outgoing};

use super::super::problem::{Problem, told};
use super::super::recent::{Recent, of_post, of_refused};
use super::{Form, MAX_ITEMS};
use crate::letter::{Refused, why_item};
use crate::words::sent_error;

/// What is in a body: records for the bus, and an answer for each item.
#[derive(Default)]
pub(super) struct Taken {
    /// The language of the answers.
    lang: Lang,
    pub(super) records: Vec<Outgoing>,
    pub(super) items: Vec<Value>,
    pub(super) accepted: u64,
    pub(super) duplicate: u64,
    pub(super) rejected: u64,
    /// Rejected and not in the dead letters yet.
    pub(super) parked: u64,
    /// What is to be remembered once the records are durable: versions by key.
    pub(super) keys: HashMap<String, String>,
}

/// Reads each item of a body.
pub(super) fn sort(
    body: &[u8],
    form: Form,
    intake: &Intake,
    recent: &Recent,
    now: Timestamp,
    lang: Lang,
) -> Result<Taken, Problem> {
    let items = items(body, form)?;
    if items.len() > MAX_ITEMS {
        let (count, limit) = (items.len().to_string(), MAX_ITEMS.to_string());
        let detail = told("too_many", &[("count", &count), ("limit", &limit)]);
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many", detail));
    }
    if items.is_empty() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", told("empty", &[])));
    }
    let mut taken = Taken { lang, ..Taken::default() };
    for (index, bytes) in items.into_iter().enumerate() {
        let parsed = Item::parse(bytes).and_then(|item| item.into_post(intake));
        let answer = match parsed {
            Ok(post) => {
                let record = Outgoing::record(&post);
                let seen = of_post(&post);
                let status = match record {
                    Ok(_) if recent.has(&seen, &taken.keys) => {
                        taken.duplicate += 1;
                        "duplicate"
                    }
                    Ok(record) => {
                        taken.keys.insert(seen.key, seen.version);
                        taken.records.push(record);
                        taken.accepted += 1;
                        "accepted"
                    }
                    Err(_) => {
                        let error = ItemError::TooLarge { bytes: bytes.len() };
                        taken.reject(index, bytes, &error, intake, recent, now);
                        continue;
                    }
                };
                json!({"index": index, "status": status, "id": post.sender_id, "post": post.id})
            }
            Err(error) => {
                taken.reject(index, bytes, &error, intake, recent, now);
                continue;
            }
        };
        taken.items.push(answer);
    }
    Ok(taken)
}

impl Taken {
    /// Answers why an item is refused, and parks it.
    fn reject(
        &mut self,
        index: usize,
        bytes: &[u8],
        error: &ItemError,
        intake: &Intake,
        recent: &Recent,
        now: Timestamp,
    ) {
        self.rejected += 1;
        self.items.push(json!({
            "index": index,
            "status": "rejected",
            "id": Item::id_of(bytes),
            "code": error.code(),
            "field": error.field(),
            "value": error.value(),
            "near": error.near(),
            "detail": sent_error(self.lang, error),
        }));
        let place = LetterPlace::Request { item: index as u64 };
        let why = why_item(error);
        let refused = Refused::new(&intake.source, bytes, &place, &error.to_string(), Some(&why), now);
        let seen = of_refused(&intake.source, &refused.hash);
        if !recent.has(&seen, &self.keys) {
            self.keys.insert(seen.key, seen.version);
            self.parked += 1;
            self.records.extend(refused.letter);
        }
    }
}

fn items(body: &[u8], form: Form) -> Result<Vec<&[u8]>, Problem> {
    if form == Form::Lines {
        let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        return Ok(lines.filter(|line| !line.is_empty()).collect());
    }
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii();
    if body.first() != Some(&b'[') {
        return Ok(if body.is_empty() { Vec::new() } else { vec![body] });
    }
    match serde_json::from_slice::<Vec<&RawValue>>(body) {
        Ok(items) => Ok(items.into_iter().map(|item| item.get().as_bytes()).collect()),
        Err(error) => {
            let (line, column) = (error.line().to_string(), error.column().to_string());
            let detail = told("not_json", &[("line", &line), ("column", &column)]);
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_json", detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers to one request of a line for each of `rests`: the text of post 1, as JSON, and what follows it.
    fn answers(recent: &Recent, rests: &[&str]) -> Vec<String> {
        let start = r#"{"id":"1","channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"#;
        let lines: Vec<String> = rests.iter().map(|rest| format!("{start}{rest}}}")).collect();
        let now: Timestamp = "2024-11-26T22:00:00Z".parse().unwrap();
        let intake = Intake::new("uji", now);
        let Ok(taken) = sort(lines.join("\n").as_bytes(), Form::Lines, &intake, recent, now, Lang::Id) else {
            panic!("the whole request is refused");
        };
        recent.add(taken.keys);
        taken.items.iter().map(|item| item["status"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn only_the_version_taken_last_is_a_duplicate() {
        let recent = Recent::default();
        let (fire, out) = (r#""gudang terbakar""#, r#""api sudah padam""#);
        assert_eq!(answers(&recent, &[fire, fire, out]), ["accepted", "duplicate", "accepted"]);
        assert_eq!(answers(&recent, &[out]), ["duplicate"]);
        assert_eq!(answers(&recent, &[fire, fire]), ["accepted", "duplicate"], "corrected back");
        let shown = r#""gudang terbakar","context":{"media_text":[{"kind":"ocr","text":"besok serbu"}]}"#;
        assert_eq!(
            answers(&recent, &[shown, shown]),
            ["accepted", "duplicate"],
            "its picture has been read since"
        );
    }
}
