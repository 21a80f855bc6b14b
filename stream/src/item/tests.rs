//! What items are taken, what of them is kept, and what refusals say.

use super::*;
use crate::{Forwarded, MediaKind};

fn seen() -> Timestamp {
    "2024-11-27T01:00:00Z".parse().unwrap()
}

fn post(json: &str) -> Result<Post, ItemError> {
    Item::parse(json.as_bytes())?.into_post(&Intake::new("uji", seen()))
}

const WHOLE: &str = r#"{"id":"a1","channel":"x","posted_at":"2024-11-26T21:00:00+07:00","text":"Ramai di balai desa",
 "author":{"name":"Warga","bio":"Petani","handle":"@warga","verified_reporter":true},"url":"https://contoh.id/1",
 "geo":{"lat":-1.2,"lon":113.5},"source_region":"62.10",
 "context":{"quoted_text":"kutipan","media_text":[{"kind":"ocr","text":"spanduk","confidence":0.5}],"forwarded":"many","repost_of":"a0"},
 "gold":{"queue":"tidak"}}"#;

#[test]
fn every_field_of_an_item_is_found_in_its_post() {
    let post = post(WHOLE).unwrap();
    assert_eq!(post.id, PostId::of_source("uji", "a1"));
    assert_eq!(post.sender_id.as_deref(), Some("a1"));
    assert_eq!(post.channel, Channel::X);
    assert_eq!(post.posted_at.to_string(), "2024-11-26T14:00:00Z");
    assert_eq!(post.seen_at, seen());
    assert_eq!(post.geo, Some(Geo { lat: -1.2, lon: 113.5 }));
    assert_eq!(post.source_region.as_ref().unwrap().as_str(), "62.10");
    let context = post.context.as_ref().unwrap();
    assert_eq!(context.media_text[0].kind, MediaKind::Ocr);
    assert_eq!(context.forwarded, Some(Forwarded::Many));
    assert_eq!(post.extra["gold"]["queue"], "tidak");
    assert_eq!(post.raw.bytes().unwrap(), WHOLE.as_bytes());
    let copy: Post = serde_json::from_str(&serde_json::to_string(&post).unwrap()).unwrap();
    assert_eq!(copy, post);
}

#[test]
fn a_stranger_cannot_vouch_for_a_reporter_but_a_trusted_source_can() {
    let stranger = post(WHOLE).unwrap();
    assert!(!stranger.verified_reporter());
    assert_eq!(stranger.notes, ["verified_reporter_dropped"]);
    let trusted = Intake { trusted: true, ..Intake::new("uji", seen()) };
    let vouched = Item::parse(WHOLE.as_bytes()).unwrap().into_post(&trusted).unwrap();
    assert!(vouched.verified_reporter() && vouched.notes.is_empty());
    let judged = Item::parse(WHOLE.as_bytes()).unwrap().into_post(&Intake::judging()).unwrap();
    assert!(judged.verified_reporter());
    assert_eq!(judged.seen_at, judged.posted_at);
}

#[test]
fn a_time_without_zone_needs_the_zone_of_its_source() {
    let json = r#"{"channel":"x","posted_at":"2024-11-26 21:00","text":"halo"}"#;
    assert_eq!(post(json).unwrap_err().code(), "no_zone");
    let wit = Intake { zone: Some(Zone::Wit), ..Intake::new("uji", seen()) };
    let post = Item::parse(json.as_bytes()).unwrap().into_post(&wit).unwrap();
    assert_eq!(post.posted_at.to_string(), "2024-11-26T12:00:00Z");
}

#[test]
fn an_empty_text_is_told_apart_from_none() {
    let with = |text: &str| format!(r#"{{"channel":"x","posted_at":"2024-11-26T21:00:00+07:00"{text}}}"#);
    assert_eq!(post(&with("")).unwrap_err().code(), "missing");
    assert_eq!(post(&with(r#","text":" ""#)).unwrap_err().to_string(), "field text is empty");
}

#[test]
fn a_time_at_which_nothing_was_posted_is_refused_by_name() {
    let at = |time: &str| format!(r#"{{"channel":"x","posted_at":"{time}","text":"halo"}}"#);
    let error = post(&at("2025-11-26T21:00:00+07:00")).unwrap_err();
    assert_eq!((error.code(), error.field()), ("ahead", Some("posted_at")));
    assert_eq!(error.value(), Some("2025-11-26T21:00:00+07:00"), "as it was written");
    assert!(error.to_string().contains("2024-11-27T01:00:00Z"), "{error}");
    assert_eq!(post(&at("1970-01-01T00:00:00Z")).unwrap_err().code(), "too_early");
    // A clock that is fast, a zone mistaken for another, and an old post are taken.
    for taken in ["2024-11-28T01:00:00Z", "2024-11-27T10:00:00Z", "2000-01-01T00:00:00+07:00"] {
        assert!(post(&at(taken)).is_ok(), "{taken}");
    }
    // What is only judged was never seen.
    let later = Item::parse(at("2031-01-01T00:00:00Z").as_bytes()).unwrap();
    assert!(later.into_post(&Intake::judging()).is_ok());
}

#[test]
fn the_same_words_by_the_same_author_at_the_same_time_are_one_post() {
    let json = |name: &str| {
        format!(
            r#"{{"channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"halo","author":{{"name":"{name}"}}}}"#
        )
    };
    assert_eq!(post(&json("A")).unwrap().id, post(&json("A")).unwrap().id);
    assert_ne!(post(&json("A")).unwrap().id, post(&json("B")).unwrap().id);
}

#[test]
fn a_private_message_needs_consent() {
    let json = |more: &str| {
        format!(
            r#"{{"channel":"whatsapp","posted_at":"2024-11-26T21:00:00Z","text":"halo","source_type":"private"{more}}}"#
        )
    };
    assert_eq!(post(&json("")).unwrap_err(), ItemError::PrivateWithoutConsent);
    assert_eq!(post(&json(r#","consent_id":" ""#)).unwrap_err(), ItemError::PrivateWithoutConsent);
    let kept = post(&json(r#","consent_id":"C-7""#)).unwrap();
    assert_eq!(kept.extra["consent_id"], "C-7");
}

#[test]
fn a_field_named_like_one_of_ours_does_not_break_the_record() {
    let post = post(
        r#"{"channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"halo","raw":"x","source":"palsu","notes":[1]}"#,
    )
    .unwrap();
    assert_eq!(
        (post.source.as_str(), post.notes.as_slice()),
        ("uji", &["reserved_field_dropped".to_owned()][..])
    );
    let copy: Post = serde_json::from_str(&serde_json::to_string(&post).unwrap()).unwrap();
    assert_eq!(copy, post);
}

#[test]
fn an_address_that_is_not_of_the_web_is_dropped_and_noted() {
    let post =
        post(r#"{"channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"a","url":"javascript:alert(1)"}"#);
    let post = post.unwrap();
    assert_eq!((post.url, post.notes), (None, vec!["url_dropped".to_owned()]));
}

#[test]
fn a_refusal_names_the_field_and_what_was_expected() {
    let base =
        |fields: &str| format!(r#"{{"channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"a",{fields}}}"#);
    for (json, field, value) in [
        (r#"{"posted_at":"2024-11-26T21:00:00Z","text":"a"}"#.to_owned(), "channel", None),
        (r#"{"channel":"x","posted_at":"2024-11-26T21:00:00Z"}"#.to_owned(), "text", None),
        (r#"{"channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"  "}"#.to_owned(), "text", None),
        (r#"{"channel":"x","text":"a"}"#.to_owned(), "posted_at", None),
        (
            r#"{"channel":"x","posted_at":"kemarin sore","text":"a"}"#.to_owned(),
            "posted_at",
            Some("'kemarin sore'"),
        ),
        (
            r#"{"channel":"x","posted_at":1732600000,"text":"a"}"#.to_owned(),
            "posted_at",
            Some("'1732600000'"),
        ),
        (
            r#"{"channel":"x","posted_at":"2024-11-26T21:00:00+99:00","text":"a"}"#.to_owned(),
            "posted_at",
            Some("'2024-11-26T21:00:00+99:00'"),
        ),
        (base(r#""channel":"friendster""#), "channel", Some("'friendster'")),
        (base(r#""geo":{"lat":-91,"lon":1}"#), "geo.lat", Some("'-91'")),
        (base(r#""geo":{"lat":1}"#), "geo.lon", None),
        (base(r#""source_region":"Gunung Mas""#), "source_region", Some("'Gunung Mas'")),
        (base(r#""author":"Budi""#), "author", Some("…")),
        (base(r#""author":{"handle":7}"#), "author.handle", Some("…")),
        (base(r#""author":{"verified_reporter":"ya"}"#), "author.verified_reporter", Some("…")),
        (base(r#""context":{"forwarded":"often"}"#), "context.forwarded", Some("'often'")),
        (base(r#""context":{"media_text":[{"kind":"ocr"}]}"#), "context.media_text.text", None),
        (base(r#""id":["a"]"#), "id", Some("an array")),
    ] {
        let error = post(&json).unwrap_err();
        assert_eq!((error.field(), error.value()), (Some(field), value), "{json}");
    }
}

#[test]
fn a_misspelt_field_is_told_beside_the_one_that_is_missing() {
    for (json, field, near) in [
        (r#"{"chanel":"x","posted_at":"2024-11-26T21:00:00Z","text":"a"}"#, "channel", Some("chanel")),
        (r#"{"channel":"x","postedAt":"2024-11-26T21:00:00Z","text":"a"}"#, "posted_at", Some("postedAt")),
        (r#"{"channel":"x","posted_at":"2024-11-26T21:00:00Z","txt":"a"}"#, "text", Some("txt")),
        (r#"{"channel":"x","posted_at":"2024-11-26T21:00:00Z","isi":"a"}"#, "text", None),
        (
            r#"{"channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"a","geo":{"lat":1,"long":2}}"#,
            "geo.lon",
            Some("long"),
        ),
    ] {
        let error = post(json).unwrap_err();
        assert_eq!((error.field(), error.near()), (Some(field), near), "{json}");
        let told = error.to_string();
        assert!(near.is_none_or(|near| told.contains(&format!("'{near}': is {field} meant?"))), "{told}");
    }
}

#[test]
fn what_is_no_item_at_all_is_refused_with_its_reason() {
    assert_eq!(post("[1]").unwrap_err(), ItemError::NotAnObject { found: "an array" });
    assert!(matches!(post(r#"{"text": "a"#).unwrap_err(), ItemError::NotJson { .. }));
    let long =
        format!(r#"{{"channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"{}"}}"#, "a".repeat(65_537));
    assert_eq!(post(&long).unwrap_err(), ItemError::TextTooLong { field: "text", bytes: 65_537 });
    assert_eq!(post(&" ".repeat(262_145)).unwrap_err(), ItemError::TooLarge { bytes: 262_145 });
}

#[test]
fn a_long_value_is_cut_and_control_characters_are_masked() {
    let json =
        format!(r#"{{"channel":"\u001b{}","posted_at":"2024-11-26T21:00:00Z","text":"a"}}"#, "é".repeat(100));
    let error = post(&json).unwrap_err();
    assert_eq!(error.value(), Some(format!("'\u{fffd}{}…'", "é".repeat(39)).as_str()));
}

#[test]
fn an_address_with_a_control_character_is_dropped_and_the_post_kept() {
    let post = post(
        r#"{"channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"a","url":"https://contoh.id/\u0000a"}"#,
    )
    .unwrap();
    assert_eq!((post.url, post.notes), (None, vec!["url_dropped".to_owned()]));
}

#[test]
fn what_is_read_from_a_picture_later_is_another_content_of_the_same_post() {
    let of = |context: &str| {
        let start = r#"{"id":"1","channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"lihat ini""#;
        post(&format!("{start}{context}}}")).unwrap()
    };
    let plain = of("");
    let shown = of(r#","context":{"media_text":[{"kind":"ocr","text":"besok kita serbu"}]}"#);
    assert_eq!((&plain.id, plain.text_hash()), (&shown.id, shown.text_hash()));
    assert_eq!(plain.content_hash(), of("").content_hash());
    assert_ne!(plain.content_hash(), shown.content_hash());
    assert_ne!(crate::Finding::id_of(&plain, "l", "1"), crate::Finding::id_of(&shown, "l", "1"));
}
