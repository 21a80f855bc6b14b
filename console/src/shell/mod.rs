//! The frame around every page: navigation, language, bands; before it stands the guard.

mod caller;
mod flash;
mod guard;

use alerts::NotificationView;
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use lexicons::Lang;
use stream::Zone;

use crate::access::{Grant, Need};
use crate::assets;
use crate::failure::{Failure, encode};
use crate::state::ConsoleState;
use crate::view::time;

pub(crate) use caller::Caller;
pub(crate) use flash::told_by;
pub(crate) use guard::guard;

/// The cookie that holds the session.
pub(crate) const SESSION_COOKIE: &str = "kentongan";

/// The frame of a page: everything that is the same on all of them.
pub(crate) struct Shell {
    /// The language.
    pub(crate) lang: Lang,
    /// What forms carry.
    pub(crate) csrf: String,
    /// Who signed in.
    pub(crate) user: Option<String>,
    /// Whether the simulation's band shows.
    pub(crate) simulation: bool,
    /// Whether the band of a system that is down shows.
    pub(crate) down: bool,
    /// Whether the visitor is asked to change the password of the first run.
    pub(crate) first_password: bool,
    /// What the last press did.
    pub(crate) note: Option<String>,
    path: String,
    grant: Option<Grant>,
    now: jiff::Timestamp,
}

/// An entry of the navigation.
pub(crate) struct NavItem {
    pub(crate) href: &'static str,
    pub(crate) label: &'static str,
    pub(crate) current: bool,
}

/// An entry of the language switch.
pub(crate) struct LangItem {
    pub(crate) href: String,
    pub(crate) label: &'static str,
    pub(crate) code: &'static str,
    pub(crate) current: bool,
}

/// The pages of the navigation, each with its need and the key of its label; a new one is a line here.
const NAV: &[(&str, Need, &str)] = &[
    ("/antrean", Need::SeeConflict, "console.nav.queue"),
    ("/netralitas", Need::SeeNeutrality, "console.nav.neutrality"),
    ("/cari", Need::Search, "console.nav.search"),
    ("/sumber", Need::SeeSources, "console.nav.sources"),
    ("/pejabat", Need::SeeSources, "console.nav.offices"),
    ("/orang", Need::ManagePeople, "console.nav.people"),
    ("/bantuan", Need::SignedIn, "console.nav.help"),
];

/// The first page that `grant` may see.
pub(crate) fn front_page(grant: &Grant) -> &'static str {
    NAV.iter().find(|(_, need, _)| grant.allows(*need)).map_or("/bantuan", |(href, _, _)| href)
}

#[cfg(test)]
impl Shell {
    /// A frame for tests of templates.
    pub(crate) fn bare(caller: &Caller, now: jiff::Timestamp) -> Shell {
        let visitor = caller.visitor.as_ref();
        Shell {
            lang: caller.lang,
            csrf: "formulir".to_owned(),
            user: visitor.map(|visitor| visitor.name.clone()),
            simulation: true,
            down: false,
            first_password: false,
            note: None,
            path: caller.path.clone(),
            grant: visitor.map(|visitor| visitor.grant.clone()),
            now,
        }
    }
}

impl Shell {
    /// The frame for `caller`.
    pub(crate) fn new(state: &ConsoleState, caller: &Caller) -> Shell {
        let visitor = caller.visitor.as_ref();
        Shell {
            lang: caller.lang,
            csrf: visitor.map(|visitor| visitor.csrf.clone()).unwrap_or_default(),
            user: visitor.map(|visitor| visitor.name.clone()),
            simulation: state.simulation,
            down: (state.probes.ready)().is_err(),
            first_password: visitor.is_some_and(|visitor| visitor.first_password),
            note: flash::note(caller.lang, &caller.path),
            path: caller.path.clone(),
            grant: visitor.map(|visitor| visitor.grant.clone()),
            now: state.clock.now(),
        }
    }

    /// Says of the last press, where it could tell offices, which of those it told that messages `sent` are for.
    pub(crate) fn with_told(mut self, sent: &[NotificationView]) -> Shell {
        let told = flash::told(self.lang, &self.path, sent);
        self.note =
            self.note.map(|note| [Some(note), told].into_iter().flatten().collect::<Vec<_>>().join(" "));
        self
    }

    /// The text at `console.{key}`.
    pub(crate) fn t(&self, key: &str) -> &'static str {
        self.lang.get(&format!("console.{key}"))
    }

    pub(crate) fn css(&self) -> &str {
        &assets::CSS.href
    }

    pub(crate) fn js(&self) -> &str {
        &assets::JS.href
    }

    pub(crate) fn mark(&self) -> &str {
        &assets::MARK.href
    }

    /// When this page was made, for the band of a lost connection.
    pub(crate) fn now_text(&self) -> String {
        time::stamp(self.lang, self.now, Zone::Wib)
    }

    pub(crate) fn nav(&self) -> Vec<NavItem> {
        let Some(grant) = &self.grant else { return Vec::new() };
        let at = self.path.split('?').next().unwrap_or_default();
        NAV.iter()
            .filter(|(_, need, _)| grant.allows(*need))
            .map(|(href, _, label)| NavItem {
                href,
                label: self.lang.get(label),
                current: at.starts_with(href) || (*href == "/antrean" && at.starts_with("/kejadian")),
            })
            .collect()
    }

    pub(crate) fn languages(&self) -> Vec<LangItem> {
        [(Lang::Id, "Indonesia"), (Lang::En, "English")]
            .into_iter()
            .map(|(lang, label)| LangItem {
                href: format!("/bahasa/{}?kembali={}", lang.code(), encode(&self.path)),
                label,
                code: lang.code(),
                current: lang == self.lang,
            })
            .collect()
    }
}

/// A page.
pub(crate) fn page(template: &impl Template) -> Result<Response, Failure> {
    Ok(Html(template.render()?).into_response())
}
