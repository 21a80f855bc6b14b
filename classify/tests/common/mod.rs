//! A made-up post, as every test of this crate makes it: by way of an item, as senders do.

use serde_json::{Value, json};
use stream::{Intake, Item, Post};

/// The post of these fields; on X, in the campaign of 2024 at ten in the morning (WIB), where they say nothing else.
pub(crate) fn post(more: &Value) -> Post {
    let mut item = json!({"channel": "x", "posted_at": "2024-11-10T10:00:00+07:00"});
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Item::parse(item.to_string().as_bytes()).unwrap().into_post(&Intake::judging()).unwrap()
}
