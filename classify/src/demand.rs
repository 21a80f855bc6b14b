//! The office that a post wants gone, or says a misdeed of: it is complained of, though it does nothing in the post.

use lexicons::Range;
use stream::{Part, Role};

use crate::doer::{self, How, Standing};
use crate::heard::Heard;

/// How far behind its office a demand or a misdeed may stand, in tokens: "Kades Gelung Kecamatan Paron harus mundur".
const BEHIND: usize = 7;
/// How far behind a misdeed its doer may stand, in tokens: "disunat sama oknum kades".
const DOER: usize = 3;
/// How far before a misdeed a word may stand that denies it, in tokens: "jangan copot kades".
const DENIES: usize = 2;

/// Whether the office of `role` at `at` is to go, or has done what it should not.
pub(crate) fn concerns(heard: &Heard<'_>, part: Part, role: Role, at: Range) -> bool {
    let Some(reading) = heard.reading(part) else { return false };
    let tokens = reading.folded.tokens();
    let form = |n: usize| reading.folded.form(n);
    let together = |one: usize, other: usize| {
        tokens.get(one).map(|token| token.sentence) == tokens.get(other).map(|token| token.sentence)
    };
    let how = How { reach: BEHIND, office: !is_head(role) };
    if matches!(
        doer::standing(heard, part, at, &[], &how),
        Standing::Called | Standing::AtWork | Standing::Apart
    ) {
        return false;
    }
    let mut first = at.start;
    while first > 0 && together(first - 1, at.start) && doer::BETWEEN.contains(&form(first - 1)) {
        first -= 1;
    }
    let before = (first > 0 && together(first - 1, at.start)).then(|| form(first - 1));
    if before.is_some_and(|form| doer::TOWARDS.contains(&form) || heard.ends(part, "_not_the_office", first))
    {
        return false;
    }
    // "jangan copot kades"; "kades tidak mau mundur" is asked to go all the same.
    let forbidden = |hit: &Range| hit.start > 0 && form(hit.start - 1) == "jangan";
    let denied = |hit: Range| {
        let neg = heard.lexicon.set("neg");
        neg.is_some_and(|neg| heard.stands_behind(part, hit, neg, DENIES))
    };
    // Nobody else stands between, and he asks nobody for it.
    let others = ["office_any", "sub_any", "_asks_others"].map(|set| heard.hits(part, set)).concat();
    let his = |from: usize, to: usize| {
        together(at.start, from)
            && together(at.start, to)
            && others.iter().all(|other| other.start < from || to <= other.start)
            && (from..to).all(|n| !doer::OTHERS.contains(&form(n)))
    };
    let follows = |hit: &Range| {
        hit.start >= at.end && hit.start - at.end < BEHIND && his(at.end, hit.start) && !forbidden(hit)
    };
    // Who organises or watches an election and is pressed to go is threatened, not complained of.
    let gone = can_be_asked_to_go(role)
        && (heard.hits(part, "go_demand").iter().any(follows)
            || heard.hits(part, "oust_demand").iter().any(|verb| {
                verb.end <= first && first - verb.end < 2 && his(verb.end, first) && !forbidden(verb)
            }));
    gone || heard.hits(part, "misdeed").iter().any(|hit| {
        // "honor KPPS dipotong": what is done in the passive is laid to the head of a place only.
        let own = is_head(role) || !form(hit.start).starts_with("di");
        let by = hit.end <= first && first - hit.end < DOER && his(hit.end, first);
        !denied(*hit) && (own && follows(hit) || by)
    })
}

/// The heads of a place, who hand out its goods and posts.
fn is_head(role: Role) -> bool {
    matches!(role, Role::Kades | Role::Lurah | Role::Camat | Role::Bupati)
}

fn can_be_asked_to_go(role: Role) -> bool {
    is_head(role)
        || matches!(
            role,
            Role::Babinsa | Role::Bhabin | Role::Danramil | Role::Kapolsek | Role::Dandim | Role::Kapolres
        )
}
