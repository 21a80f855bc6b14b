//! Where this machine serves the field form: noted by the process that does, read by the command that makes links.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config::Config;

/// The file in the data folder that holds the address of the listener.
fn noted(config: &Config) -> PathBuf {
    config.data.join(".field-form")
}

/// Notes that the form is served at `address`.
pub(crate) fn note(config: &Config, address: SocketAddr) -> std::io::Result<()> {
    std::fs::write(noted(config), address.to_string())
}

/// What links to the form begin with: the public address that is set; without one the address at which it is served on
/// this machine, which is the role `ingest`'s own where that is a process of its own.
pub(crate) fn url(config: &Config) -> String {
    let public = &config.alerts.public_url;
    // What stands there when nobody has set it.
    if *public != format!("http://{}", config.public_listen) {
        return public.clone();
    }
    let noted = std::fs::read_to_string(noted(config)).ok();
    let address = noted.and_then(|text| text.trim().parse::<SocketAddr>().ok());
    format!("http://{}", address.unwrap_or(config.public_listen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_whoever_serves_the_form_unless_a_public_address_is_set() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::load(None, Some(folder.path())).unwrap();
        assert_eq!(url(&config), "http://127.0.0.1:8111", "nothing has run yet");
        note(&config, config.ingest_public_listen).unwrap();
        assert_eq!(url(&config), "http://127.0.0.1:8113");
        note(&config, config.public_listen).unwrap();
        assert_eq!(url(&config), "http://127.0.0.1:8111", "one process serves all now");
        config.alerts.public_url = "https://desk.example".to_owned();
        assert_eq!(url(&config), "https://desk.example");
    }
}
