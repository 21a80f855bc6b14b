//! The nearest in spelling: what a misspelt name was probably meant to be.

/// The longest name that is looked at, in characters; longer ones are not misspelt but something else.
const LONGEST: usize = 40;

/// The one of `names` that is nearest in spelling to `wanted`, if one is near enough to be it misspelt. Case and
/// `_`, `-`, spaces and dots between words are not looked at.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = letters(wanted);
    let most = match letters.len() {
        0..=3 => 1,
        4..=8 => 2,
        _ => 3,
    };
    names
        .into_iter()
        .filter(|name| name.chars().count() <= LONGEST && !name.chars().any(char::is_control))
        .map(|name| (distance(&letters, &self::letters(name)), name))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, name)| name)
}

fn letters(name: &str) -> Vec<char> {
    name.chars().filter(|c| !"_-. ".contains(*c)).flat_map(char::to_lowercase).collect()
}

/// How many letters must be put in, left out, changed or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_found_and_another_word_is_not() {
        for (wanted, names, found) in [
            ("channel", &["id", "chanel", "note"][..], Some("chanel")),
            ("channel", &["cahnnel"], Some("cahnnel")),
            ("posted_at", &["postedAt", "posted"], Some("postedAt")),
            ("posted_at", &["POSTED AT"], Some("POSTED AT")),
            ("text", &["txet", "next"], Some("next")),
            ("text", &["title", "body", "id"], None),
            ("channel", &["kota", "panel surya"], None),
            ("lon", &["long"], Some("long")),
            ("lon", &["alt"], None),
        ] {
            assert_eq!(nearest(wanted, names.iter().copied()), found, "{wanted} in {names:?}");
        }
    }
}
