//! What a configuration file may say, and how every fault of it is told.

use super::*;

fn load(text: &str) -> Result<Config, String> {
    load_in(text, Lang::En)
}

fn load_in(text: &str, lang: Lang) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kentongan.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(Some(&path), None).map_err(|faults| {
        let told: Vec<String> = faults.iter().map(|fault| fault.text(lang)).collect();
        told.join("\n").replace(&format!("{}/", folder.path().display()), "")
    })
}

#[test]
fn a_misspelt_key_is_refused_by_name_and_line() {
    let told = load("max_lag = 5\nlisten_on = \"127.0.0.1:1\"\n").unwrap_err();
    assert!(told.starts_with("kentongan.toml:2:") && told.contains("listen_on"), "{told}");
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_with_line_key_and_value() {
    let told = load("data = \"d\"\nmax_lag = \"banyak\"\n").unwrap_err();
    assert!(told.starts_with("kentongan.toml:2: max_lag: ") && told.contains("\"banyak\""), "{told}");
    let told = load("[bus]\nkind = \"kafka\"\nreplication = 1\npartitions = \"empat\"\n").unwrap_err();
    assert!(told.starts_with("kentongan.toml:4: bus.partitions: ") && told.contains("\"empat\""), "{told}");
    let told = load("[bus]\nkind = \"log\"\npartisi = 3\n\n[alerts]\n").unwrap_err();
    assert!(told.starts_with("kentongan.toml:3: bus.partisi: ") && told.contains("partitions"), "{told}");
}

#[test]
fn a_telephone_of_the_desk_that_nobody_can_dial_is_refused_with_line_key_and_value() {
    let told = load("max_lag = 5\n[alerts.desk]\nname = \"Desk\"\nphone = \"segera\"\n").unwrap_err();
    assert!(told.starts_with("kentongan.toml:4: alerts.desk.phone = \"segera\": "), "{told}");
    let told = load_in("[alerts.desk]\nphone = \"0800-123-4567\"\nname = \" \"\n", Lang::Id).unwrap_err();
    assert!(told.starts_with("kentongan.toml:3: alerts.desk.name = \" \": "), "{told}");
    let told = load("[alerts.desk]\nphone = 110\n").unwrap_err();
    assert!(told.starts_with("kentongan.toml:2: phone: ") && told.lines().count() == 1, "{told}");
    let told = load("[alerts.desk]\nname = \"Desk\"\n").unwrap_err();
    assert!(told.starts_with("kentongan.toml:1: alerts.desk.phone = \"\": "), "{told}");
    let told = load("[alerts.desk]\ntelepon = \"110\"\nphone = \"110\"\n").unwrap_err();
    assert!(told.starts_with("kentongan.toml:2: ") && told.contains("telepon"), "{told}");
    let config = load("[alerts.desk]\nphone = \"0800-123-4567\"\n").unwrap();
    assert_eq!(config.alerts.desk.unwrap().dialled(), "08001234567");
}

#[test]
fn a_key_of_the_embedded_bus_can_be_set_without_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("k.toml");
    std::fs::write(&path, "[bus]\nretention_days = 20\n").unwrap();
    let config = Config::load(Some(&path), None).unwrap();
    assert!(matches!(&config.bus, BusConfig::Log(log) if log.retention_days == 20));
    let told = load_in("[bus]\nretention = 20\n", Lang::Id).unwrap_err();
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("k") && told.contains("'retention' tidak dikenal"), "{told}");
}

#[test]
fn a_fault_has_no_faults_in_its_train_and_no_english_words() {
    for (text, parts) in [
        (
            "archive_days = 14\n[bus] # rabbit\nkind = \"rabbit\"\nretention_days = 3\nbrokers = \"x\"\n",
            &["kentongan.toml:3: bus.kind: berisi 'rabbit'; pilihannya log, kafka."][..],
        ),
        (
            "[alerts.policy]\nrepeats = 2\n[[sources]]\nkind = \"feed\"\nname = \"a\"\nurl = \"https://a.id/r\"\nevry_s = 5\n",
            &["kentongan.toml:7: sources.evry_s: kunci 'evry_s' tidak dikenal. Maksudnya 'every_s'?"],
        ),
        (
            "[[sources]]\nkind = \"twiter\"\nname = \"a\"\n[[sources]]\nkind = \"feed\"\nname = \"b\"\n",
            &[
                "kentongan.toml:2: sources.kind: berisi 'twiter'; pilihannya feed, folder.",
                "kentongan.toml:4: sources: kunci 'url' wajib diisi",
            ],
        ),
        (
            "[[sources]]\nname = \"b\"\nurl = \"https://a.id/r\"\n",
            &["kentongan.toml:1: sources: kunci 'kind' wajib diisi"],
        ),
        (
            "[alerts.policy]\nunconfirmed = \"bisikkan\"\nincumbents = [\"99.99\", \"62\"]\n",
            &[
                "kentongan.toml:2: unconfirmed: berisi 'bisikkan'; pilihannya tell, hold.",
                "kentongan.toml:3: alerts.policy.incumbents = \"99.99\": bukan kode wilayah",
                "kentongan.toml:3: alerts.policy.incumbents = \"62\": bukan kabupaten atau kota",
            ],
        ),
        (
            "max_lg = 3\n[alerts.email]\nfrom = \"x\"\n[alerts.policy]\nincumbents = [\"abc\"]\n",
            &[
                "kentongan.toml:1: kunci 'max_lg' tidak dikenal. Maksudnya 'max_lag'?",
                "kentongan.toml:2: kunci 'host' wajib diisi",
                "kentongan.toml:5: incumbents: 'abc' bukan kode wilayah",
            ],
        ),
        (
            "listen = \"8110\"\ndata = \"d\nmax_lag = 5\nmax_lag = 6\nhttps = ya\nlog_json\narchive_days =\n",
            &[
                "kentongan.toml:1: listen: bukan alamat dan port",
                "kentongan.toml:2: data: teksnya tidak tertulis benar",
                "kentongan.toml:4: max_lag: kunci ini ada dua kali",
                "kentongan.toml:5: https: tidak ada nilai, atau teks tanpa tanda kutip",
                "kentongan.toml:6: bukan baris kunci = nilai",
                "kentongan.toml:7: archive_days: tidak ada nilai, atau teks",
            ],
        ),
    ] {
        let told = load_in(text, Lang::Id).unwrap_err();
        for part in parts {
            assert!(told.contains(part), "{part}\n  in\n{told}");
        }
        assert_eq!(told.lines().count(), parts.len(), "{told}");
    }
}

#[test]
fn one_fault_does_not_hide_the_next() {
    let told = load("lisen = \"x\"\nmax_lag = \"a\"\n[alerts]\nroster = \"nope.csv\"\n").unwrap_err();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(lines[0].starts_with("kentongan.toml:1:") && lines[0].contains("lisen"), "{told}");
    assert!(lines[1].starts_with("kentongan.toml:2: max_lag"), "{told}");
    assert!(lines[2].starts_with("kentongan.toml:4: alerts.roster"), "{told}");
}

#[test]
fn every_fault_is_told_at_once_with_its_line() {
    let told = load(
        "archive_days = 90\n[alerts]\npublic_url = \"kabar.id\"\n[bus]\nkind = \"log\"\nretention_days = 2\n",
    )
    .unwrap_err();
    for part in [
        "kentongan.toml:1: archive_days = 90",
        "kentongan.toml:3: alerts.public_url",
        "kentongan.toml:6: bus.retention_days = 2",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn what_cannot_be_is_told_in_indonesian_too() {
    let kafka = "archive_days = 90\n[api]\nburst = 0\n[alerts]\npublic_url = \"kabar.id\"\n[bus]\nkind = \"kafka\"\n\
                 brokers = \" \"\nprefix = \"a b\"\nreplication = 0\nsecurity = \"sasl_plaintext\"\npartitions = 0\n\
                 retention_days = 0\nqueue_bytes = 1\nprefetch_bytes = 1\ndelivery_timeout_ms = 1\nsession_timeout_ms = 1\n";
    let sources = "[bus]\nkind = \"log\"\nmax_bytes = 5\n[[sources]]\nkind = \"feed\"\nname = \"a b\"\nurl = \"x\"\nevery_s = 0\n\
                   [[sources]]\nkind = \"folder\"\nname = \"a b\"\npath = \"\"\n";
    for (text, count) in [(kafka, 15), (sources, 8)] {
        let told = load_in(text, Lang::Id).unwrap_err();
        assert_eq!(told.lines().count(), count, "{told}");
        let english = load(text).unwrap_err();
        for (ours, theirs) in told.lines().zip(english.lines()) {
            assert_ne!(ours, theirs, "no Indonesian for this");
            assert!(!ours.contains(" at ") && !ours.contains(" is "), "{ours}");
        }
    }
}

#[test]
fn roles_on_one_machine_have_addresses_of_their_own() {
    let config = Config::default();
    let addresses = [
        config.listen,
        config.public_listen,
        config.ingest_listen,
        config.ingest_public_listen,
        config.classify_listen,
    ];
    let distinct: std::collections::BTreeSet<SocketAddr> = addresses.into_iter().collect();
    assert_eq!(distinct.len(), addresses.len());
}

#[test]
fn the_example_is_a_configuration_that_works() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/kentongan.example.toml");
    let config = Config::load(Some(&example), None).unwrap_or_else(|faults| panic!("{faults:?}"));
    let named = include_str!("../../deploy/kentongan.example.toml").lines();
    let roster = named.filter_map(|line| line.strip_prefix("# roster = \"")?.strip_suffix('"')).next();
    assert!(example.with_file_name(roster.unwrap()).exists());
    let usual = Config::load(None, None).unwrap();
    assert_eq!(
        (&config.alerts.roster, &config.alerts.console_url, &config.alerts.public_url),
        (&usual.alerts.roster, &usual.alerts.console_url, &usual.alerts.public_url),
        "what is no default is off"
    );
    assert_eq!(config.api, usual.api, "the example shows the defaults");
    let key = usual.alerts.key_file.unwrap();
    let key = key.file_name().unwrap().to_str().unwrap();
    let told = format!("# The secret that signs links; {key} in the data folder without it");
    assert!(include_str!("../../deploy/kentongan.example.toml").contains(&told), "{key}");
    assert_eq!((config.ingest_listen, config.classify_listen), (usual.ingest_listen, usual.classify_listen));
}

/// The keys that a table of the configuration may hold, as its reader names them.
fn keys<T: serde::de::DeserializeOwned>() -> Vec<String> {
    let told = toml::from_str::<T>("no_such_key = 1").err().unwrap().to_string();
    let named = told.split("expected").nth(1).unwrap().split('`').skip(1).step_by(2);
    named.map(str::to_owned).collect()
}

#[test]
fn the_example_names_every_key_and_what_it_shows_can_be_used() {
    let example = include_str!("../../deploy/kentongan.example.toml");
    let tables = [
        ("# Kentongan", "[bus]", keys::<Config>()),
        ("[bus]", "# Apache Kafka", keys::<stream::LogConfig>()),
        ("# Apache Kafka", "[api]", keys::<stream::KafkaConfig>()),
        ("[api]", "[alerts]", keys::<ApiConfig>()),
        ("[alerts]", "# [alerts.desk]", keys::<alerts::AlertsConfig>()),
        ("# [alerts.desk]", "[alerts.policy]", keys::<alerts::DeskContact>()),
        ("[alerts.policy]", "# [alerts.webhook]", keys::<alerts::clocks::Policy>()),
        ("# [alerts.webhook]", "# [alerts.email]", keys::<alerts::channels::WebhookConfig>()),
        ("# [alerts.email]", "# [[sources]]", keys::<alerts::channels::EmailConfig>()),
        ("# kind = \"feed\"", "# [[sources]]", keys::<ingest::source::FeedConfig>()),
        ("# kind = \"folder\"", "", keys::<ingest::source::FolderConfig>()),
    ];
    let own = ["bus", "api", "alerts", "sources", "webhook", "email", "desk", "policy"];
    for (from, to, keys) in tables {
        let part = &example[example.find(from).unwrap()..];
        let end = if to.is_empty() { part.len() } else { part[1..].find(to).unwrap() + 1 };
        for key in keys.iter().filter(|key| !own.contains(&key.as_str())) {
            let shown = part[..end].lines().any(|line| {
                line.trim_start_matches("# ").split_once(" = ").is_some_and(|(shown, _)| shown == key)
            });
            assert!(shown, "{from} does not show {key}");
        }
    }
    let (plain, optional) = example.split_at(example.find("# [alerts.webhook]").unwrap());
    let shown = |line: &str| {
        let key = |(key, _): (&str, &str)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        line.starts_with('[') || line.split_once(" = ").is_some_and(key)
    };
    let used: Vec<&str> =
        optional.lines().map(|line| line.trim_start_matches("# ")).filter(|line| shown(line)).collect();
    let config: Config = toml::from_str(&format!("{plain}{}", used.join("\n"))).unwrap();
    assert!(config.alerts.webhook.is_some() && config.alerts.email.is_some());
    assert!(ingest::source::faults(&config.sources).is_empty() && config.sources.len() == 2);
}

#[test]
fn the_example_says_in_minutes_how_long_in_time_is_and_what_else_may_stand_there() {
    let example = include_str!("../../deploy/kentongan.example.toml");
    let (_, said) = example.split_once("# What becomes of a proposal").unwrap();
    let (said, _) = said.split_once("\nunconfirmed = ").unwrap();
    for severity in stream::Severity::ALL.iter().filter(|severity| **severity > stream::Severity::Normal) {
        let minutes = alerts::clocks::decision(*severity).unwrap().as_secs() / 60;
        assert!(said.contains(&format!("{severity} {minutes}")), "{severity}: {said}");
    }
    for value in ["tell", "hold"] {
        assert!(said.contains(&format!("\"{value}\"")), "{value}");
    }
}

#[test]
fn without_a_file_everything_lies_in_the_data_folder() {
    let config = Config::load(None, Some(Path::new("/srv/desk"))).unwrap();
    assert_eq!(config.alerts.database.as_deref(), Some("/srv/desk/kentongan.db"));
    assert!(matches!(&config.bus, BusConfig::Log(log) if log.path == Path::new("/srv/desk/bus.db")));
}
