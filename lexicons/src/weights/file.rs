//! The weights as a file: one feature a line, read with a fault for each line that says nothing or is missing.

use std::fmt::Write as _;

use super::{OUTPUTS, QUEUES, Row, Weights, key, pair_key, piece_key};
use crate::fault::Fault;
use crate::said;

impl Weights {
    /// Reads the file; an empty one has no weights.
    pub(crate) fn load(file: &str, text: &str, faults: &mut Vec<Fault>) -> Weights {
        let mut weights = Weights::default();
        let mut seen = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if weights.line(line).is_some() {
                let mut fields = line.split('\t');
                seen.push((fields.next().unwrap_or_default(), fields.next().unwrap_or_default()));
            } else {
                let begins: String = line.chars().take(60).collect();
                faults.push(Fault::new(file, number, 1, said::cannot_read(&begins)));
            }
        }
        let missing = weights.needs().filter(|line| !seen.contains(line));
        faults.extend(missing.map(|(kind, name)| Fault::new(file, 1, 1, said::no_line(kind, name))));
        weights
    }

    /// The lines, by kind and name, without which the others say nothing.
    fn needs(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let queues = |kind| OUTPUTS.iter().take(QUEUES).map(move |queue| (kind, *queue));
        let words = queues("calibration").chain([("bias", "")]).filter(|_| !self.is_empty());
        words.chain(queues("together").chain([("step", "net")]).filter(|_| !self.net.is_empty()))
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split('\t');
        let (kind, name) = (fields.next()?, fields.next()?);
        let rest: Vec<&str> = fields.collect();
        let number = |text: &&str| if text.is_empty() { Some(0.0) } else { finite(text) };
        match kind {
            "calibration" => {
                let queue = OUTPUTS.iter().take(QUEUES).position(|output| *output == name)?;
                self.calibration[queue] = (number(rest.first()?)?, number(rest.get(1)?)?);
            }
            "together" => {
                let queue = OUTPUTS.iter().take(QUEUES).position(|output| *output == name)?;
                for (at, number) in self.together[queue].iter_mut().enumerate() {
                    *number = finite(rest.get(at)?)?;
                }
            }
            "gate" => self.gate.push(name.to_owned()),
            "threshold" => {
                let mut at = [None; QUEUES];
                for (at, text) in at.iter_mut().zip(&rest) {
                    *at = if *text == "-" { None } else { Some(finite(text)?) };
                }
                self.thresholds.insert(name.to_owned(), at);
            }
            "bias" | "weight" => {
                let mut row = Row::default();
                for (n, text) in rest.iter().enumerate() {
                    *row.get_mut(n)? = number(text)?;
                }
                if kind == "bias" { self.bias = row } else { self.set(name, row) }
            }
            "pair" => {
                let mut row = [0.0; QUEUES];
                for (n, text) in rest.iter().enumerate() {
                    *row.get_mut(n)? = number(text)?;
                }
                self.set_pair(name.split_once(' ').map(|(one, two)| [one, two])?, row);
            }
            _ => self.net.line(kind, name, rest.first()?)?,
        }
        Some(())
    }

    /// The file that [`Lexicon::load`](crate::Lexicon::load) reads: one feature a line, in order.
    pub fn to_file(&self, remark: &str) -> String {
        let mut out = String::new();
        remark.lines().for_each(|line| _ = writeln!(out, "# {line}"));
        let _ = writeln!(out, "# {}", OUTPUTS.join(" "));
        for (queue, (slope, shift)) in OUTPUTS.iter().zip(&self.calibration) {
            let _ = writeln!(out, "calibration\t{queue}\t{slope:.4}\t{shift:.4}");
        }
        if !self.net.is_empty() {
            for (queue, [words, order, shift]) in OUTPUTS.iter().zip(&self.together) {
                let _ = writeln!(out, "together\t{queue}\t{words:.4}\t{order:.4}\t{shift:.4}");
            }
        }
        self.gate.iter().for_each(|set| _ = writeln!(out, "gate\t{set}"));
        let mut languages: Vec<_> = self.thresholds.iter().collect();
        languages.sort_by_key(|(language, _)| *language);
        for (language, at) in languages {
            let at = at.map(|at| at.map_or("-".to_owned(), |at| format!("{at:.3}")));
            let _ = writeln!(out, "threshold\t{language}\t{}", at.join("\t"));
        }
        let _ = writeln!(out, "bias\t\t{}", row(&self.bias));
        let mut names: Vec<&String> = self.names.iter().collect();
        names.sort_unstable();
        for name in names {
            if let Some(weights) = self.row(key(name)) {
                let _ = writeln!(out, "weight\t{name}\t{}", row(weights));
            }
        }
        let mut pairs: Vec<&[String; 2]> = self.pair_names.iter().collect();
        pairs.sort_unstable();
        for [one, two] in pairs {
            if let Some(weights) = self.pair(pair_key(piece_key(one), piece_key(two))) {
                let _ = writeln!(out, "pair\t{one} {two}\t{}", row(weights));
            }
        }
        self.net.write(&mut out);
        out
    }
}

/// Numbers with two decimals, zeros left empty, nothing after the last.
fn row(row: &[f32]) -> String {
    let fields: Vec<String> =
        row.iter().map(|w| if w.abs() < 0.005 { String::new() } else { format!("{w:.2}") }).collect();
    fields.join("\t").trim_end().to_owned()
}

/// A number; `NaN` and the infinite are none.
fn finite(text: &str) -> Option<f32> {
    text.parse().ok().filter(|number: &f32| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Table as Net;
    use crate::weights::FILE;

    #[test]
    fn what_is_written_is_read_again() {
        let mut weights = Weights { calibration: [(2.0, -1.0), (1.5, 0.25)], ..Weights::default() };
        weights.gate.push("election".to_owned());
        weights.bias[0] = -1.5;
        weights.thresholds.insert("id".to_owned(), [Some(0.9), None]);
        weights.set("w lipatan", {
            let mut row = Row::default();
            row[0] = 1.25;
            row[6] = 2.0;
            row
        });
        weights.set_pair(["gift_firm", "vote_choice"], [0.5, -0.25]);
        let mut dense = crate::net::Dense::zero();
        dense.0[3] = 0.1;
        let numbers: Vec<f32> = (0..crate::net::WIDTH).map(|at| at as f32 - 20.0).collect();
        weights.net = Net::new(&[(7, &numbers)], dense);
        weights.together = [[0.5, 1.25, -1.0], [0.75, 1.0, 0.25]];
        let mut faults = Vec::new();
        assert_eq!(Weights::load(FILE, &weights.to_file("made up"), &mut faults), weights);
        assert_eq!(faults, []);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let mut faults = Vec::new();
        let weights = Weights::load(FILE, "weight\tw lipatan\t1.0\nweight\tw coblos\tmany\n", &mut faults);
        assert_eq!(weights.len(), 1);
        let named: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(named.iter().filter(|fault| fault.contains(":2")).count(), 1, "{named:?}");
    }

    #[test]
    fn a_line_that_is_no_number_and_one_that_is_missing_are_named() {
        let mut weights = Weights::default();
        weights.set("w lipatan", Row::default());
        weights.net = Net::new(&[(7, &[1.0; crate::net::WIDTH])], crate::net::Dense::zero());
        let whole = weights.to_file("made up");
        let said = |text: &str| {
            let mut faults = Vec::new();
            Weights::load(FILE, text, &mut faults);
            faults.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(said(&whole), [""; 0]);
        for kind in ["calibration", "bias", "together", "step"] {
            let cut: Vec<&str> = whole.lines().filter(|line| !line.starts_with(kind)).collect();
            let faults = said(&cut.join("\n"));
            assert!(
                !faults.is_empty() && faults.iter().all(|fault| fault.contains(kind)),
                "{kind}: {faults:?}"
            );
        }
        let nan = whole.replacen("calibration\tkonflik\t0.0000", "calibration\tkonflik\tNaN", 1);
        assert_ne!(nan, whole);
        assert_eq!(said(&nan).len(), 2, "{:?}", said(&nan));
    }
}
