//! `kentongan topics`: makes the topics and shows their partitions, retention and lag.

use std::process::ExitCode;

use lexicons::Lang;
use stream::{Bus, Made};

use crate::cli::At;
use crate::logs;

pub(crate) async fn run(at: At, lang: Lang) -> anyhow::Result<ExitCode> {
    let config = super::config(&at, lang)?;
    logs::start(config.log_json, "warn");
    super::has_bus(&config, lang)?;
    let bus = Bus::open(&config.bus)?;
    for (topic, made) in bus.create_topics().await? {
        if made == Made::Created {
            println!("{}", lang.fill("cli.topics.created", &[("topic", topic.as_str())]));
        }
    }
    println!("{}", lang.get("cli.topics.header"));
    for topic in bus.topics().await? {
        let days = topic
            .retention_days
            .map_or_else(|| lang.get("cli.topics.last").to_owned(), |days| days.to_string());
        println!("{:<28} {:>9} {:>12} {days:>10}", topic.name, topic.partitions, topic.records);
    }
    println!("\n{}", lang.get("cli.topics.lag_header"));
    for lag in bus.lag().await? {
        println!("{:<16} {:<14} {:>10}", lag.group, lag.topic.as_str(), lag.lag);
    }
    Ok(ExitCode::SUCCESS)
}
