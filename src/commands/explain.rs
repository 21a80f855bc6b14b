//! `kentongan explain`: one text for people: what hit, what cleared it, where, how grave, and who would be told.

mod page;

use std::io::{IsTerminal, Read as _};
use std::process::ExitCode;

use alerts::explain::told;
use alerts::roster::Everyone;
use anyhow::{Context, anyhow};
use jiff::Timestamp;
use lexicons::Lang;
use serde_json::{Map, Value, json};
use stream::{Intake, Item, Judgement, MAX_ITEM_BYTES, Post};

use crate::cli::{At, Explain};
use page::Page;

pub(crate) fn run(args: &Explain, lang: Lang) -> anyhow::Result<ExitCode> {
    let at = At { config: args.config.clone(), ..At::default() };
    let config = super::config(&at, lang)?;
    let lexicon = super::lexicon(args.lexicon.as_deref().or(config.lexicon.as_deref()), lang)?;
    let named = args.roster.as_deref().or(config.alerts.roster.as_deref());
    let roster = named.map(|path| super::roster(path, lang)).transpose()?;
    let roster = roster.map(|roster| roster.with_incumbents(&config.alerts.policy.incumbents));
    let post = post(args, lang)?;
    let finding = classify::judge(&lexicon, &post);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&Judgement::new(&post, finding))?);
        return Ok(ExitCode::SUCCESS);
    }
    let page = Page { lang, lexicon: &lexicon, colour: std::io::stdout().is_terminal() };
    let Some(finding) = finding else {
        println!("{}\n\n{}", post.text, lang.get("cli.explain.nothing"));
        return Ok(ExitCode::SUCCESS);
    };
    page.text(&finding);
    if finding.signals.is_empty() {
        let key = if finding.calm.is_some() { "calm" } else { "all_cleared" };
        println!("{}", lang.get(&format!("cli.explain.{key}")));
    }
    if roster.is_none() && !finding.signals.is_empty() {
        println!("{}\n", lang.get("cli.explain.no_roster"));
    }
    let policy = &config.alerts.policy;
    for signal in &finding.signals {
        let told = match &roster {
            Some(roster) => told(&finding, signal, roster, policy),
            None => told(&finding, signal, &Everyone, policy),
        };
        page.signal(&finding, signal, &told);
    }
    page.cleared(&finding);
    page.versions(&finding);
    println!("{}", lang.get("cli.explain.caution"));
    Ok(ExitCode::SUCCESS)
}

/// The post that the arguments describe.
fn post(args: &Explain, lang: Lang) -> anyhow::Result<Post> {
    super::channel(Some(&args.channel), lang)?;
    let posted_at = match &args.posted_at {
        Some(text) => text.clone(),
        None => Timestamp::now().to_string(),
    };
    if posted_at.parse::<Timestamp>().is_err() {
        return Err(anyhow!(lang.fill("cli.error.time", &[("value", &posted_at)])));
    }
    let mut fields = Map::new();
    fields.insert("channel".to_owned(), json!(args.channel));
    fields.insert("posted_at".to_owned(), json!(posted_at));
    fields.insert("text".to_owned(), json!(text(args)?));
    fields.insert(
        "author".to_owned(),
        json!({"name": args.name, "bio": args.bio, "verified_reporter": args.verified_reporter}),
    );
    let raw = Value::Object(fields.clone()).to_string();
    let post = Item::from_fields(fields, raw.as_bytes()).and_then(|item| item.into_post(&Intake::judging()));
    post.map_err(|error| anyhow!(ingest::item_error(lang, &error)))
}

/// The text itself; `-` is standard input, as far as a post's text may reach.
fn text(args: &Explain) -> anyhow::Result<String> {
    if args.text != "-" {
        return Ok(args.text.clone());
    }
    let mut text = String::new();
    std::io::stdin().take(MAX_ITEM_BYTES as u64).read_to_string(&mut text).context("-")?;
    Ok(text.trim_end().to_owned())
}
