//! Help and usage errors in the reader's language: clap's frame, our texts.

use std::ffi::OsString;

use clap::error::{ContextKind, ErrorKind};
use clap::{ColorChoice, Command, CommandFactory};
use lexicons::Lang;

/// The variable that names the language.
const LANG: &str = "KENTONGAN_LANG";

/// The language asked for by `--lang` or `KENTONGAN_LANG`, before the command line is parsed:
/// help and errors need it even when parsing fails.
pub(crate) fn language(args: &[OsString]) -> Lang {
    let args: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    let named = args.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix("--lang") {
        Some("") => args.get(at + 1).map(ToString::to_string),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    });
    named.or_else(|| std::env::var(LANG).ok()).and_then(|code| Lang::parse(&code)).unwrap_or_default()
}

/// Fills in every help text of `command` and what is below it.
pub(crate) fn localise(command: Command, lang: Lang) -> Command {
    let command = describe(command, "cli.help", lang).color(ColorChoice::Auto);
    // Set but empty, as files of variables have it, is not set.
    match std::env::var(LANG).is_ok_and(|code| code.trim().is_empty()) {
        true => command.mut_arg("lang", |arg| arg.env(clap::builder::Resettable::Reset)),
        false => command,
    }
}

fn describe(command: Command, key: &str, lang: Lang) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
        lang.get("cli.frame.usage")
    );
    let flags = lang.get("cli.frame.options");
    let mut command = command
        .about(lang.get(&format!("{key}.about")))
        .help_template(template)
        .subcommand_help_heading(lang.get("cli.frame.commands"))
        .subcommand_value_name(lang.get("cli.frame.command"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| {
            let name = arg.get_id().as_str().to_owned();
            let own = format!("{key}.{name}");
            let text = if lang.texts().has(&own) { own } else { format!("cli.arg.{name}") };
            let arg = arg.help(lang.get(&text));
            if arg.is_positional() {
                arg.help_heading(lang.get("cli.frame.arguments"))
            } else {
                arg.help_heading(flags)
            }
        })
        .arg(
            clap::Arg::new("help")
                .short('h')
                .long("help")
                .action(clap::ArgAction::Help)
                .help_heading(flags)
                .help(lang.get("cli.arg.help")),
        );
    let after = format!("{key}.after");
    if lang.texts().has(&after) {
        command = command.after_help(lang.get(&after));
    }
    if key == "cli.help" {
        command = command.arg(
            clap::Arg::new("version")
                .short('V')
                .long("version")
                .action(clap::ArgAction::Version)
                .help_heading(flags)
                .help(lang.get("cli.arg.version")),
        );
    }
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        let below = format!("{key}.{}", name.replace('-', "_"));
        command = command.mut_subcommand(name, |sub| describe(sub, &below, lang));
    }
    command
}

/// Clap's own words in a help page, in the reader's language.
pub(crate) fn readable(page: &str, lang: Lang) -> String {
    ["OPTIONS", "default", "possible values"].iter().fold(page.to_owned(), |page, word| {
        let ours = lang.get(&format!("cli.frame.{}", word.to_lowercase().replace(' ', "_")));
        page.replace(&format!("[{word}]"), &format!("[{ours}]"))
            .replace(&format!("[{word}:"), &format!("[{ours}:"))
    })
}

/// What to print for a command line that cannot be read: one sentence in the reader's language.
pub(crate) fn usage_error(error: &clap::Error, args: &[OsString], lang: Lang) -> String {
    let value = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let given = |name: &str| args.iter().any(|arg| arg.to_string_lossy().starts_with(name));
    let arg = match value(ContextKind::InvalidArg) {
        arg if arg.starts_with("--lang") && !given("--lang") => LANG.to_owned(),
        arg => arg,
    };
    let kind = match error.kind() {
        ErrorKind::UnknownArgument => "unknown_argument",
        ErrorKind::InvalidSubcommand => "unknown_command",
        ErrorKind::MissingRequiredArgument => "missing_argument",
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "missing_command"
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "bad_value",
        ErrorKind::ArgumentConflict => "conflict",
        ErrorKind::InvalidUtf8 => "not_utf8",
        _ => "other",
    };
    let mut sentence = lang.fill(
        &format!("cli.usage.{kind}"),
        &[
            ("arg", &arg),
            ("other", &value(ContextKind::PriorArg)),
            ("command", &value(ContextKind::InvalidSubcommand)),
            ("value", &value(ContextKind::InvalidValue)),
            (
                "cause",
                &std::error::Error::source(error)
                    .map(|cause| crate::words::value_error(cause, lang))
                    .unwrap_or_default(),
            ),
        ],
    );
    let asked = asked(args);
    let example = format!("cli.example.{}", asked.rsplit(' ').next().unwrap_or_default());
    if error.kind() == ErrorKind::MissingRequiredArgument && lang.texts().has(&example) {
        sentence += &format!("\n{}", lang.get(&example));
    }
    let near = match error.kind() {
        ErrorKind::InvalidSubcommand => value(ContextKind::SuggestedSubcommand),
        _ => value(ContextKind::SuggestedArg),
    };
    if let Some(near) = near.split(", ").next().filter(|near| !near.is_empty()) {
        sentence += &format!(". {}", lang.fill("ingest.map.near", &[("near", near)]));
    }
    format!("{sentence}\n{}", lang.fill("cli.usage.hint", &[("command", &asked)]))
}

/// The command that `args` ask for, as far as it is one: what its help is asked of.
fn asked(args: &[OsString]) -> String {
    let (mut command, mut path) = (crate::cli::Cli::command(), "kentongan".to_owned());
    for arg in args.iter().skip(1).filter_map(|arg| arg.to_str()) {
        if let Some(below) = command.find_subcommand(arg) {
            path += &format!(" {}", below.get_name());
            command = below.clone();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_option_is_explained_in_both_languages() {
        fn texts(command: &Command, path: &str, missing: &mut Vec<String>) {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            let args = command.get_arguments().map(|arg| {
                (arg.get_id().to_string(), arg.get_help().map(ToString::to_string).unwrap_or_default())
            });
            for (name, text) in args.chain([("about".to_owned(), about)]) {
                if text.is_empty() || text.starts_with("cli.") {
                    missing.push(format!("{path} {name}: {text}"));
                }
            }
            for sub in command.get_subcommands() {
                texts(sub, &format!("{path} {}", sub.get_name()), missing);
            }
        }
        for lang in [Lang::Id, Lang::En] {
            let mut missing = Vec::new();
            texts(&localise(crate::cli::Cli::command(), lang), "kentongan", &mut missing);
            assert!(missing.is_empty(), "{}: {missing:#?}", lang.code());
        }
    }

    #[test]
    fn the_language_is_known_before_the_line_is_read() {
        let args = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(language(&args("kentongan --lang en check")), Lang::En);
        assert_eq!(language(&args("kentongan check --lang=en")), Lang::En);
        assert_eq!(language(&args("kentongan check --lang=de")), Lang::Id);
    }

    #[test]
    fn a_mistyped_line_is_told_what_was_probably_meant_and_where_its_help_is() {
        let told = |line: &str, lang| {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let command = localise(crate::cli::Cli::command(), lang);
            usage_error(&command.try_get_matches_from(&args).unwrap_err(), &args, lang)
        };
        for (line, wanted) in [
            (
                "kentongan jugde",
                "perintah tidak dikenal: jugde. Maksudnya 'judge'?\nBantuan: kentongan --help",
            ),
            (
                "kentongan judge",
                "argumen wajib belum diisi: <FILE>\nContoh: kentongan judge berkas.jsonl (atau - untuk masukan standar)\n\
                 Bantuan: kentongan judge --help",
            ),
            (
                "kentongan import",
                "argumen wajib belum diisi: <FILES>...\nContoh: kentongan import berkas.jsonl (atau - untuk masukan \
                 standar)\nBantuan: kentongan import --help",
            ),
            (
                "kentongan check --confg x",
                "opsi atau argumen tidak dikenal: --confg. Maksudnya '--config'?\nBantuan: kentongan check --help",
            ),
            (
                "kentongan dead-letters drop 9-3",
                "nilai '9-3' untuk [NUMBERS]... tidak dapat dibaca. Seharusnya nomor dari kentongan dead-letters list, \
                 misalnya 7 atau 30-40.\nBantuan: kentongan dead-letters drop --help",
            ),
        ] {
            assert_eq!(told(line, Lang::Id), wanted);
        }
        let french = told("kentongan check --lang fr", Lang::En);
        assert_eq!(
            french,
            "value 'fr' for --lang <LANG> cannot be read. It is id or en.\nHelp: kentongan check --help"
        );
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_text_on_the_command_line_is_told() {
        use std::os::unix::ffi::OsStringExt;
        let args = vec!["kentongan".into(), "explain".into(), OsString::from_vec(vec![0xff, 0xfe])];
        let command = localise(crate::cli::Cli::command(), Lang::Id);
        let error = command.try_get_matches_from(&args).unwrap_err();
        let told = usage_error(&error, &args, Lang::Id);
        assert_eq!(told, "baris perintah bukan UTF-8\nBantuan: kentongan explain --help");
    }
}
