//! The office that a post complains of, and whether it had heard of the matter before the complaint was read.

use alerts::explain::Why;
use alerts::route::accused::{Complained, kept_out};
use alerts::{IncidentView, NotificationView};
use jiff::Timestamp;
use lexicons::Lang;
use stream::{Accused, Signal};

use super::{names, time};

/// The office that a post complains of.
pub(crate) struct AccusedLine {
    /// That it is not told, or when it had been told already.
    pub(crate) label: String,
    /// The post's own words, the role and the region.
    pub(crate) office: String,
}

/// The office that `signal`, one of a post in `view`, complains of; `said` are the words for it as they may be shown.
pub(crate) fn accused_line(
    lang: Lang,
    view: &IncidentView,
    signal: &Signal,
    said: Option<String>,
) -> Option<AccusedLine> {
    let accused = signal.accused.as_ref()?;
    let label = match heard_before(accused, view) {
        None => lang.get("console.incident.accused").to_owned(),
        Some(at) => {
            let at = time::stamp(lang, at, view.incident.zone);
            lang.fill("console.incident.accused_told", &[("at", &at)])
        }
    };
    let said = said.map(|said| format!("“{said}”"));
    let role = lang.get(&format!("alerts.role.{}", accused.role)).to_owned();
    let region = accused.region.as_ref().map(names::region);
    let office = [said, Some(role), region].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    Some(AccusedLine { label, office })
}

/// When a message first left for the office complained of. From when the complaint is read on none leaves for it
/// (SG-14), so one that did was earlier.
fn heard_before(accused: &Accused, view: &IncidentView) -> Option<Timestamp> {
    let complained = [Complained { role: accused.role, region: accused.region.clone() }];
    let place = view.incident.place.as_ref();
    let is_it = |sent: &&NotificationView| {
        sent.office.as_ref().is_some_and(|office| kept_out(office, &complained, place) == Some(Why::Accused))
    };
    let left = view.notifications.iter().filter(|sent| sent.counts()).filter(is_it);
    left.filter_map(|sent| sent.sent_at.or_else(|| (sent.state == "digested").then_some(sent.created_at)))
        .min()
}
