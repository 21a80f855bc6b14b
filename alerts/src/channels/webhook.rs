//! The `webhook` channel: the payload Alertmanager sends (version 4), signed as Standard Webhooks asks.

use std::path::PathBuf;
use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use reqwest::{Client, StatusCode, redirect::Policy};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use stream::Category;

use super::{ChannelError, Message};
use crate::Reason;

/// How long an attempt may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Settings of the webhook.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// A file with the secret that signs, as Standard Webhooks writes it: `whsec_` and base64.
    pub secret_file: PathBuf,
    /// What stands in `externalURL`: the console's address.
    #[serde(default)]
    pub external_url: String,
}

/// Sends to URLs.
pub struct Webhook {
    client: Client,
    secret: Vec<u8>,
    external_url: String,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Webhook")
    }
}

pub(super) fn is_address(address: &str) -> bool {
    reqwest::Url::parse(address)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}

impl Webhook {
    pub(super) fn new(config: &WebhookConfig) -> Result<Webhook, ChannelError> {
        let path = config.secret_file.display();
        let text = std::fs::read_to_string(&config.secret_file)
            .map_err(|error| ChannelError::Permanent(format!("webhook secret {path}: {error}")))?;
        let secret = text
            .trim()
            .strip_prefix("whsec_")
            .and_then(|rest| BASE64_STANDARD.decode(rest).ok())
            .filter(|secret| secret.len() >= 24)
            .ok_or_else(|| {
                ChannelError::Permanent(format!(
                    "webhook secret {path}: not whsec_ and base64 of 24 bytes or more"
                ))
            })?;
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .build()
            .map_err(|error| ChannelError::Permanent(format!("webhook: {error}")))?;
        Ok(Webhook { client, secret, external_url: config.external_url.clone() })
    }

    pub(super) async fn send(&self, message: &Message, now: Timestamp) -> Result<(), ChannelError> {
        let body = payload(message, &self.external_url).to_string();
        let at = now.as_second();
        let response = self
            .client
            .post(&message.address)
            .header("content-type", "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", signature(&self.secret, &message.id, at, body.as_bytes()))
            .body(body)
            .send()
            .await
            // An error of reqwest quotes the URL, which may hold a secret of the receiver.
            .map_err(|error| ChannelError::Retry(format!("webhook: {}", error.without_url())))?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status
            @ (StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS) => {
                Err(ChannelError::Retry(format!("webhook: answered {status}")))
            }
            status if status.is_server_error() => {
                Err(ChannelError::Retry(format!("webhook: answered {status}")))
            }
            status => Err(ChannelError::Permanent(format!("webhook: answered {status}"))),
        }
    }
}

/// `v1,` and the HMAC-SHA256 of id, time and body in base64 (standardwebhooks.com).
pub fn signature(secret: &[u8], id: &str, at: i64, body: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// The payload with the keys of Alertmanager's webhook, version 4.
fn payload(message: &Message, external_url: &str) -> Value {
    let about = &message.about;
    let status = if about.over.is_some() { "resolved" } else { "firing" };
    let name = match about.category {
        Some(category) => category.as_str(),
        None if about.reason == Reason::Digest.as_str() => about.reason.as_str(),
        None => Category::Kf14.as_str(),
    };
    let mut labels = json!({
        "alertname": name,
        "incident": about.incident,
        "office": about.office,
        "reason": about.reason,
    });
    if let Some(severity) = about.severity {
        labels["severity"] = json!(severity.as_str());
    }
    if let Some(place) = &about.place {
        labels["region"] = json!(place.as_str());
    }
    let mut annotations = json!({ "number": message.number, "summary": message.body });
    if message.repeat {
        annotations["ulangan"] = json!("true");
    }
    let group = json!({ "incident": about.incident });
    json!({
        "version": "4",
        "groupKey": format!("{{}}:{{incident=\"{}\"}}", about.incident),
        "truncatedAlerts": 0,
        "status": status,
        "receiver": about.office,
        "groupLabels": group,
        "commonLabels": labels,
        "commonAnnotations": annotations,
        "externalURL": external_url,
        "alerts": [{
            "status": status,
            "labels": labels,
            "annotations": annotations,
            "startsAt": about.since.to_string(),
            "endsAt": about.over.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |over| over.to_string()),
            "generatorURL": about.link.clone().unwrap_or_default(),
            "fingerprint": message.id.get(..16).unwrap_or(&message.id),
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        // The example of the specification's reference implementations.
        let secret = BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = br#"{"test": 2432232314}"#;
        assert_eq!(
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
