//! The surface forms that Indonesian makes of a root: prefixes with nasal change, suffixes, circumfixes, city speech.
//!
//! Clitics (*-nya -ku -mu -lah -kah -pun*) and reduplication are not expanded: the look-up takes them off.

use std::collections::BTreeSet;

/// Which forms a root is expanded into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Verbs and the nouns made of them.
    Full,
    /// Verbs only: no *peN-*, *ke-…-an*, *per-…-an*, *-an*.
    Verbal,
}

/// The surface forms of `root`, itself among them.
pub fn expand(root: &str, shape: Shape) -> BTreeSet<String> {
    let mut out = BTreeSet::from([root.to_owned()]);
    if root.len() < 2 || !root.bytes().all(|b| b.is_ascii_lowercase()) {
        return out;
    }
    verbs(root, &mut out);
    informal(root, &mut out);
    if shape == Shape::Full {
        nouns(root, &mut out);
    }
    out
}

/// Whether a form is a passive that can stand apart from its `di` (`di bakar`).
pub fn is_passive(form: &str) -> bool {
    form.len() > 4 && form.starts_with("di")
}

fn add(out: &mut BTreeSet<String>, prefix: &str, stem: &str, suffixes: &[&str]) {
    for suffix in suffixes {
        // *tanggapi* + *-i* stays one *i*; no Indonesian word doubles it.
        if *suffix == "i" && stem.ends_with('i') {
            continue;
        }
        out.insert(format!("{prefix}{stem}{suffix}"));
    }
}

fn verbs(root: &str, out: &mut BTreeSet<String>) {
    const OBJECT: &[&str] = &["", "kan", "i", "in"];
    add(out, "", root, OBJECT);
    for active in nasal("me", root) {
        add(out, "", &active, OBJECT);
        add(out, "se", &active, &[""]);
    }
    for prefix in ["di", "ter", "ku", "kau", "ke"] {
        add(out, prefix, root, OBJECT);
    }
    for prefix in ber(root) {
        add(out, prefix, root, &["", "an", "kan", "i"]);
    }
    for prefix in ter(root) {
        add(out, prefix, root, OBJECT);
    }
    add(out, "se", root, &["", "kan", "i"]);
    // memper-, diper-, memberi-: a stem with a prefix of its own takes another.
    for outer in ["mem", "di", "ku", "kau", "ter"] {
        add(out, outer, &format!("per{root}"), &["", "kan", "i"]);
        if root.starts_with('r') {
            add(out, outer, &format!("pe{root}"), &["", "kan", "i"]);
        }
        if first_syllable_has_er(root) {
            // *mempekerjakan*, *dipekerjakan*
            add(out, outer, &format!("pe{root}"), &["kan"]);
        }
    }
    for prefix in ber(root) {
        for outer in ["mem", "di", "ter"] {
            add(out, outer, &format!("{prefix}{root}"), &["kan"]);
        }
    }
    for outer in ["menge", "dike", "terke"] {
        add(out, outer, root, &["kan", "i"]);
    }
    for outer in ["menye", "dise"] {
        add(out, outer, root, &["kan", "i"]);
    }
    if root == "ajar" {
        add(out, "mempel", root, &["i"]);
        add(out, "dipel", root, &["i"]);
    }
    for (outer, inner) in [("menter", ""), ("berke", "an"), ("berpe", "an"), ("berse", "an")] {
        out.insert(format!("{outer}{root}{inner}"));
    }
}

fn nouns(root: &str, out: &mut BTreeSet<String>) {
    add(out, "", root, &["an"]);
    for agent in nasal("pe", root) {
        add(out, "", &agent, &["", "an"]);
        add(out, "se", &agent, &[""]);
        add(out, "ke", &agent, &["an"]);
        add(out, "ber", &agent, &["an"]);
    }
    for prefix in ["pe", "per", "pel"] {
        add(out, prefix, root, &["", "an"]);
    }
    add(out, "ke", root, &["an"]);
    add(out, "se", root, &["an"]);
    for prefix in ber(root) {
        add(out, &format!("ke{prefix}"), root, &["an"]);
        add(out, &format!("pem{prefix}"), root, &["an"]);
    }
    for prefix in ter(root) {
        add(out, &format!("ke{prefix}"), root, &["an"]);
    }
    add(out, "keper", root, &["an"]);
    add(out, "kese", root, &["an"]);
    add(out, "keke", root, &["an"]);
    add(out, "penge", root, &["an"]);
    add(out, "penye", root, &["an"]);
    add(out, "kepe", root, &["an"]);
}

/// City and regional speech: a bare nasal, *nge-*, *-in*, *ke-* for *ter-*.
fn informal(root: &str, out: &mut BTreeSet<String>) {
    const OBJECT: &[&str] = &["", "in", "kan", "i", "an", "ke"];
    for active in bare_nasal(root) {
        add(out, "", &active, OBJECT);
    }
    add(out, "nge", root, OBJECT);
    add(out, "", root, &["in", "ke"]);
    add(out, "di", root, &["ke"]);
}

/// *ber-*, *be-*, *bel-* as the root takes them.
fn ber(root: &str) -> &'static [&'static str] {
    if root.starts_with('r') {
        &["be"]
    } else if root == "ajar" {
        &["bel", "ber"]
    } else if first_syllable_has_er(root) {
        &["be", "ber"]
    } else {
        &["ber"]
    }
}

/// *ter-* or *te-*.
fn ter(root: &str) -> &'static [&'static str] {
    if root.starts_with('r') {
        &["te"]
    } else if first_syllable_has_er(root) {
        &["te", "ter"]
    } else {
        &["ter"]
    }
}

/// *kerja*, *ternak*, *percik*: the first syllable ends in *er*.
fn first_syllable_has_er(root: &str) -> bool {
    matches!(root.as_bytes(), [c, b'e', b'r', next, ..] if !is_vowel(*c) && !is_vowel(*next))
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

fn is_short(root: &str) -> bool {
    root.bytes().filter(|b| is_vowel(*b)).count() == 1
}

/// *meN-* or *peN-* before the root, with every nasal change it is written with.
fn nasal(prefix: &str, root: &str) -> Vec<String> {
    let bytes = root.as_bytes();
    let rest = &root[1..];
    let mut out = Vec::with_capacity(3);
    let mut put = |nasal: &str, stem: &str| out.push(format!("{prefix}{nasal}{stem}"));
    match bytes[0] {
        b'b' | b'f' | b'v' => put("m", root),
        b'p' => {
            put("m", rest);
            put("m", root);
        }
        b'd' | b'c' | b'j' | b'z' => put("n", root),
        b't' => {
            put("n", rest);
            put("n", root);
        }
        b's' => {
            put("ny", rest);
            put("n", root);
        }
        b'k' => {
            put("ng", rest);
            put("ng", root);
        }
        b'g' | b'h' | b'q' | b'x' => put("ng", root),
        b'a' | b'e' | b'i' | b'o' | b'u' => put("ng", root),
        _ => put("", root),
    }
    if is_short(root) {
        put("nge", root);
    }
    out
}

/// The nasal alone: *nyerang*, *mukul*, *nusuk*, *ngepung*, *mbakar*.
fn bare_nasal(root: &str) -> Vec<String> {
    let rest = &root[1..];
    match root.as_bytes()[0] {
        b'p' => vec![format!("m{rest}")],
        b't' => vec![format!("n{rest}")],
        b's' => vec![format!("ny{rest}")],
        b'c' => vec![format!("ny{rest}"), format!("nc{rest}")],
        b'k' => vec![format!("ng{rest}")],
        b'a' | b'i' | b'u' | b'e' | b'o' => vec![format!("ng{root}")],
        b'b' => vec![format!("m{root}")],
        b'd' | b'j' | b'g' => {
            let nasal = if root.starts_with('g') { "ng" } else { "n" };
            vec![format!("{nasal}{root}")]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn makes(root: &str, forms: &[&str]) {
        let made = expand(root, Shape::Full);
        for form in forms {
            assert!(made.contains(*form), "{root} does not make {form}");
        }
    }

    #[test]
    fn the_nasal_changes_with_the_first_letter_of_the_root() {
        makes(
            "bakar",
            &["membakar", "pembakaran", "dibakar", "terbakar", "kebakaran", "ngebakar", "bakarin", "kubakar"],
        );
        makes("pukul", &["memukul", "pemukulan", "mukul", "dipukuli"]);
        makes("tusuk", &["menusuk", "nusuk", "penusukan"]);
        makes("serang", &["menyerang", "nyerang", "penyerangan", "diserang"]);
        makes("kepung", &["mengepung", "ngepung", "pengepungan"]);
        makes("usir", &["mengusir", "ngusir", "pengusiran", "terusir"]);
        makes("rusak", &["merusak", "perusakan", "kerusakan", "dirusak"]);
        makes("bom", &["mengebom", "pengeboman", "ngebom"]);
        makes("kerja", &["bekerja", "pekerja", "mempekerjakan"]);
        makes("henti", &["memberhentikan", "pemberhentian", "diberhentikan"]);
        makes("luar", &["mengeluarkan", "dikeluarkan", "pengeluaran"]);
        makes("kuat", &["memperkuat", "diperkuat"]);
    }

    #[test]
    fn a_verbal_root_makes_no_nouns() {
        let made = expand("gebuk", Shape::Verbal);
        assert!(made.contains("digebukin") && made.contains("ngegebuk"));
        assert!(!made.contains("penggebuk") && !made.contains("gebukan"));
    }
}
