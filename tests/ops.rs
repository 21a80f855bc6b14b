//! What ops rely on: the alert rules hold under promtool, and name only metrics that exist.

mod common;

use std::collections::BTreeSet;
use std::process::Command;

fn root(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// Every `kentongan_…` name in a file, without the suffixes that a histogram's series carry.
fn names_in(path: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root(path)).unwrap();
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with("kentongan_"))
        .map(|word| word.trim_end_matches("_bucket").to_owned())
        .collect()
}

#[test]
fn every_metric_that_rules_and_dashboard_name_exists() {
    for path in ["deploy/prometheus/kentongan.rules.yml", "deploy/grafana/kentongan.json"] {
        let names = names_in(path);
        assert!(names.len() > 5, "{path} names only {names:?}");
        for name in names {
            assert!(
                stream::metrics::TABLE.iter().any(|metric| metric.name == name),
                "{path}: no metric {name}"
            );
        }
    }
}

#[test]
fn the_alert_rules_fire_when_they_should_and_else_are_silent() {
    if !common::program("promtool") {
        return;
    }
    for args in [
        ["test", "rules", "kentongan.rules.test.yml"].as_slice(),
        ["check", "config", "prometheus.yml"].as_slice(),
    ] {
        let out =
            Command::new("promtool").args(args).current_dir(root("deploy/prometheus")).output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "promtool {args:?}: {said}");
    }
}
