//! `kentongan region`: the codes of areas by their names, and what lies in an area by its code.

use std::process::ExitCode;

use lexicons::Lang;
use lexicons::gazetteer::Gazetteer;
use stream::{Level, RegionCode};

use crate::cli::Region;

pub(crate) fn run(args: &Region, lang: Lang) -> anyhow::Result<ExitCode> {
    if args.lexicon.is_some() {
        super::lexicon(args.lexicon.as_deref(), lang)?;
    }
    let areas = Gazetteer::in_use();
    let asked = args.name.join(" ");
    let found = match RegionCode::parse(asked.trim()) {
        Ok(code) if areas.area(&code).is_some() => {
            let inside = areas.children(&code);
            [vec![code], inside].concat()
        }
        _ => areas.search(&asked).all(),
    };
    if found.is_empty() {
        eprintln!("{}", lang.fill("cli.region.none", &[("name", &asked)]));
        return Ok(ExitCode::FAILURE);
    }
    for code in found.iter().take(args.limit) {
        println!("{:<14} {}", code.as_str(), named(&areas, code));
    }
    if found.len() > args.limit {
        let values = [("more", (found.len() - args.limit).to_string()), ("all", found.len().to_string())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        eprintln!("{}", lang.fill("cli.region.more", &values));
    }
    Ok(ExitCode::SUCCESS)
}

/// The area with its kind and all that it lies in, up to the province.
fn named(areas: &Gazetteer, code: &RegionCode) -> String {
    let name = areas.full_name(code);
    match code.level() {
        Level::Provinsi => name,
        _ => format!("{name}, {}", areas.full_name(&code.cut(Level::Provinsi))),
    }
}
