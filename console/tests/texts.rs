//! Every text that a template names stands in the tables, and none of them states guilt (SG-01).

use std::fs;
use std::path::Path;

use lexicons::Lang;

fn templates() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

#[test]
fn every_text_a_template_names_stands_in_the_tables() {
    let mut named = 0;
    for (path, text) in templates() {
        let area = if path.ends_with("answer.html") { "console.public" } else { "console" };
        for piece in text.split(".t(\"").skip(1) {
            let key = format!("{area}.{}", piece.split('"').next().unwrap());
            assert!(Lang::Id.texts().has(&key), "{path}: {key}");
            named += 1;
        }
    }
    assert!(named > 100, "only {named} texts were found: the search itself is wrong");
}

#[test]
fn no_text_of_the_console_states_guilt() {
    for lang in [Lang::Id, Lang::En] {
        for key in lang.texts().keys().filter(|key| key.starts_with("console.")) {
            let text = lang.get(key).to_lowercase();
            for banned in ["terbukti", "pelaku", "tersangka", "melanggar", "suspect", "perpetrator", "guilty"]
            {
                assert!(!text.contains(banned), "{key}: {text}");
            }
        }
    }
}

#[test]
fn an_answer_that_holds_does_not_sound_as_if_it_had_been_given_twice() {
    for (lang, again) in [(Lang::Id, "diulang"), (Lang::En, "again")] {
        let holds = lang.get("console.public.answer_holds");
        assert!(!holds.contains(again), "{holds}");
    }
}

#[test]
fn no_template_holds_an_inline_script_or_style() {
    for (path, text) in templates() {
        for banned in ["style=", "<style", "onclick", "onload", "javascript:"] {
            assert!(!text.contains(banned), "{path}: {banned}");
        }
        assert_eq!(text.matches("<script").count(), text.matches("<script src=").count(), "{path}");
    }
}
