//! The `email` channel: plain text over SMTP, with a Message-ID that stays the same in every attempt.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, header};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::Deserialize;

use super::{ChannelError, Message};

/// How long a step of the conversation may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// How the connection is kept from listeners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (port 465).
    #[default]
    Tls,
    /// STARTTLS, required (port 587).
    Starttls,
    /// None: for a relay on this machine.
    None,
}

/// Settings of e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailConfig {
    /// The SMTP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from listeners.
    #[serde(default)]
    pub security: Security,
    /// The account, if the server wants one.
    #[serde(default)]
    pub username: Option<String>,
    /// A file with its password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// The sender.
    pub from: String,
}

/// Sends e-mails.
pub struct Email {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    domain: String,
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email")
    }
}

pub(super) fn is_address(address: &str) -> bool {
    address.parse::<Address>().is_ok()
}

fn wrong(error: impl std::fmt::Display) -> ChannelError {
    ChannelError::Permanent(format!("email: {error}"))
}

impl Email {
    pub(super) fn new(config: &EmailConfig) -> Result<Email, ChannelError> {
        let from: Mailbox = config.from.parse().map_err(wrong)?;
        let parameters = || TlsParameters::new(config.host.clone()).map_err(wrong);
        let tls = match config.security {
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::Starttls => Tls::Required(parameters()?),
            Security::None => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some(username) = &config.username {
            let path =
                config.password_file.as_ref().ok_or_else(|| wrong("username without password_file"))?;
            let password = std::fs::read_to_string(path)
                .map_err(|error| wrong(format!("password {}: {error}", path.display())))?;
            transport =
                transport.credentials(Credentials::new(username.clone(), password.trim_end().to_owned()));
        }
        let domain = from.email.domain().to_owned();
        Ok(Email { transport: transport.build(), from, domain })
    }

    pub(super) async fn send(&self, message: &Message) -> Result<(), ChannelError> {
        let to: Address = message.address.parse().map_err(|_| wrong("the address is none"))?;
        let mut mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&message.subject)
            .message_id(Some(format!("<{}@{}>", message.id, self.domain)))
            .header(header::MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.clone())
            .map_err(wrong)?;
        for (name, value) in [("Auto-Submitted", "auto-generated"), ("X-Kentongan-Number", &message.number)] {
            mail.headers_mut()
                .insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()));
        }
        // The server's own words may quote the address: only its code is kept.
        self.transport.send(mail).await.map(|_| ()).map_err(|error| {
            let code =
                error.status().map_or_else(|| "no answer".to_owned(), |code| format!("answered {code}"));
            if error.is_permanent() || error.is_client() {
                ChannelError::Permanent(format!("email: {code}"))
            } else {
                ChannelError::Retry(format!("email: {code}"))
            }
        })
    }
}
