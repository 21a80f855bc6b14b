//! Who hears of a matter when its lines are silent, step by step: pure, by domain.md 3.3.

use std::collections::BTreeSet;

use stream::{Category, Level, Role, Severity};

use super::first::first;
use super::matter::{Holders, Matter};
use super::offices::{Line, level, line, office_of};
use super::plan::{Plan, nobody};
use super::progress::Progress;
use super::told::{Told, Why};
use crate::Office;

/// How many steps the climb has at most.
pub const STEPS: i64 = 2;

/// Who is told at `step` (1 or 2) of the climb: the silent lines climb to the level of domain.md 3.3,
/// and the coordinators hear of it. An answer stops its own line only, and of that what it speaks for.
pub fn climb<H: Holders>(matter: &Matter, step: i64, progress: &Progress, holders: &H) -> Told {
    let Some(place) = &matter.place else { return nobody("no_place") };
    if matter.category == Category::Kf14 || matter.severity == Severity::Normal {
        return nobody("normal");
    }
    let mut lines = progress.asked();
    let pillars = [Line::Sipil, Line::Tni, Line::Polri];
    if first(matter.category).iter().any(|first| pillars.contains(&line(first.role))) {
        lines.extend(pillars);
    }
    let silent: BTreeSet<Line> =
        lines.into_iter().filter(|line| !progress.has_answered(*line, place)).collect();
    if silent.is_empty() {
        return nobody("all_answered");
    }
    let reach = match (matter.severity, step) {
        (Severity::Awas, 2..) => Level::Provinsi,
        (Severity::Siaga | Severity::Awas, _) => Level::Kabupaten,
        _ => Level::Kecamatan,
    };
    let mut plan = Plan::new(matter, holders);
    for role in Role::ALL.iter().filter(|role| silent.contains(&line(**role)) && level(**role) >= reach) {
        let Some(office) = office_of(*role, place) else { continue };
        let below = progress.told.iter().filter(|told| line(told.role) == line(*role));
        let highest = below.map(|told| told.region.level()).min().unwrap_or(Level::Desa);
        if office.region.level() < highest {
            plan.offer(office, Why::Climb);
        }
    }
    for (role, at) in coordinators(matter.severity, step) {
        if !progress.has_answered(line(*role), place) && place.level() >= *at {
            plan.offer(Office::new(*role, place.cut(*at)), Why::Coordinator);
        }
    }
    plan.told.retain(|office, _| !progress.told.contains(office));
    plan.done()
}

/// The offices that coordinate, by severity and step (domain.md 3.3).
fn coordinators(severity: Severity, step: i64) -> &'static [(Role, Level)] {
    match (severity, step) {
        (Severity::Waspada, 2..) | (Severity::Siaga | Severity::Awas, 1) => {
            &[(Role::Kesbangpol, Level::Kabupaten)]
        }
        (Severity::Siaga, 2..) => &[(Role::Sekda, Level::Kabupaten), (Role::Bupati, Level::Kabupaten)],
        (Severity::Awas, 2..) => &[(Role::Polda, Level::Provinsi), (Role::Kesbangpol, Level::Provinsi)],
        _ => &[],
    }
}
