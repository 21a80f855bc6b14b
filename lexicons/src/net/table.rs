//! What the numbers of a word, a group of letters or a set are, kept as bytes; and how a token is made of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ndarray::Array2;
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

use super::{Dense, WIDTH};

/// The trained net: a row of [`WIDTH`] numbers for each feature, and what all texts share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    rows: FxHashMap<u64, [i8; WIDTH]>,
    /// What one step of a byte is worth.
    step: f32,
    /// What all texts share; empty where there is no net.
    pub dense: Dense,
}

impl Table {
    /// A net whose rows are rounded to bytes.
    pub fn new(rows: &[(u64, &[f32])], dense: Dense) -> Table {
        let most = rows.iter().flat_map(|(_, row)| *row).fold(0.0_f32, |most, x| most.max(x.abs()));
        let step = most / f32::from(i8::MAX);
        let byte = |x: f32| (x / step).round() as i8;
        let rows = rows.iter().map(|(key, row)| (*key, std::array::from_fn(|at| byte(row[at]))));
        Table { rows: rows.collect(), step, dense }
    }

    /// Whether there is no net.
    pub fn is_empty(&self) -> bool {
        self.dense.0.is_empty()
    }

    /// The text as numbers: what the features of each token add up to, each with its value.
    pub fn tokens<'a>(&self, text: impl ExactSizeIterator<Item = &'a [(u64, f32)]>) -> Array2<f32> {
        let mut tokens = Array2::zeros([text.len(), WIDTH]);
        for (mut token, features) in tokens.rows_mut().into_iter().zip(text) {
            for (key, value) in features {
                let Some(row) = self.rows.get(key) else { continue };
                let value = value * self.step;
                token.iter_mut().zip(row).for_each(|(sum, x)| *sum += value * f32::from(*x));
            }
        }
        tokens
    }

    /// Reads one line of the file, as [`write`](Table::write) writes it; `None` where it is none.
    pub(crate) fn line(&mut self, kind: &str, name: &str, rest: &str) -> Option<()> {
        let bytes = STANDARD.decode(rest).ok()?;
        match kind {
            "row" => {
                let row: [u8; WIDTH] = bytes.try_into().ok()?;
                self.rows.insert(u64::from_str_radix(name, 16).ok()?, row.map(|byte| byte as i8));
            }
            "step" => self.step = f32::from_le_bytes(bytes.try_into().ok()?),
            "dense" => {
                let numbers =
                    bytes.chunks_exact(4).filter_map(|four| Some(f32::from_le_bytes(four.try_into().ok()?)));
                let dense = Dense(numbers.collect());
                if dense.0.len() != Dense::zero().0.len() {
                    return None;
                }
                self.dense = dense;
            }
            _ => return None,
        }
        Some(())
    }

    pub(crate) fn write(&self, out: &mut String) {
        if self.is_empty() {
            return;
        }
        let bytes: Vec<u8> = self.dense.0.iter().flat_map(|number| number.to_le_bytes()).collect();
        let _ = writeln!(out, "dense\tnet\t{}", STANDARD.encode(bytes));
        let _ = writeln!(out, "step\tnet\t{}", STANDARD.encode(self.step.to_le_bytes()));
        let mut keys: Vec<&u64> = self.rows.keys().collect();
        keys.sort_unstable();
        for key in keys {
            let _ =
                writeln!(out, "row\t{key:016x}\t{}", STANDARD.encode(self.rows[key].map(|byte| byte as u8)));
        }
    }
}
