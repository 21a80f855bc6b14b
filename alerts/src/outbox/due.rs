//! A message whose time has come, and what holds it back.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::{Category, RegionCode, Severity};

use crate::channels::Kind;
use crate::db::DbError;
use crate::roster::{Contact, Roster};
use crate::store;
use crate::tell::{channel_of, office_of_row};
use crate::{Beside, IncidentId, Office, Reason, Status};

/// A row that is due.
pub(super) struct Due {
    pub(super) id: String,
    pub(super) incident: IncidentId,
    pub(super) number: String,
    pub(super) role: String,
    pub(super) region: String,
    pub(super) office: Option<Office>,
    pub(super) channel: String,
    pub(super) reason: Reason,
    pub(super) remark: String,
    pub(super) beside: Option<Beside>,
    pub(super) severity: Severity,
    pub(super) attempts: i64,
    pub(super) repeats: i64,
    pub(super) body: String,
    pub(super) accepted: Option<Timestamp>,
    pub(super) category: Option<Category>,
    pub(super) place: Option<RegionCode>,
    pub(super) effective: Option<Severity>,
    pub(super) since: Option<Timestamp>,
    pub(super) status: Option<Status>,
}

/// The contact of `office`, or of the desk for `place`, that `channel` of the outbox means, where `roster` still names it.
pub(super) fn meant<'r>(
    roster: &'r Roster,
    office: Option<&Office>,
    place: Option<&RegionCode>,
    channel: &str,
) -> Option<&'r Contact> {
    let contacts = match office {
        Some(office) => roster.contacts(office),
        None => roster.desk(place),
    };
    contacts.iter().find(|contact| channel_of(contact) == channel)
}

/// Whether one of the kill switches `switched` holds for `channel` as the outbox has it, for the region of `office` or for
/// the `place` of the matter (SG-17).
pub(crate) fn is_switched_off(
    switched: &[String],
    channel: &str,
    office: Option<&Office>,
    place: Option<&RegionCode>,
) -> bool {
    switched.iter().any(|scope| match scope.split_once(':') {
        Some(("channel", kind)) => kind_of(channel).is_some_and(|own| own.as_str() == kind),
        Some(("region", code)) => RegionCode::parse(code).is_ok_and(|region| {
            let office = office.map(|office| &office.region);
            office.into_iter().chain(place).any(|own| region.contains(own))
        }),
        _ => false,
    })
}

fn kind_of(channel: &str) -> Option<Kind> {
    Kind::parse(channel.split('/').next().unwrap_or_default())
}

impl Due {
    pub(super) fn read(row: &AnyRow) -> Result<Due, DbError> {
        let (role, region): (String, String) = (row.try_get("role")?, row.try_get("region")?);
        let reason: String = row.try_get("reason")?;
        let category: Option<String> = row.try_get("category")?;
        let place: Option<String> = row.try_get("place")?;
        let effective: Option<i64> = row.try_get("effective")?;
        let status: Option<String> = row.try_get("status")?;
        Ok(Due {
            id: row.try_get("id")?,
            incident: IncidentId(row.try_get("incident")?),
            number: row.try_get("number")?,
            office: office_of_row(row)?,
            role,
            region,
            channel: row.try_get("channel")?,
            reason: Reason::parse(&reason).ok_or(DbError::BadValue { column: "reason", value: reason })?,
            remark: row.try_get("remark")?,
            beside: row.try_get::<Option<String>, _>("beside")?.map(|code| Beside::read(&code)),
            severity: store::severity("severity", row.try_get("severity")?)?,
            attempts: row.try_get("attempts")?,
            repeats: row.try_get("repeats")?,
            body: row.try_get("body")?,
            accepted: store::maybe_time("accepted_at", row.try_get("accepted_at")?)?,
            category: category.as_deref().and_then(Category::parse),
            place: place.map(|place| store::region("place", &place)).transpose()?,
            effective: effective.map(|value| store::severity("effective", value)).transpose()?,
            since: store::maybe_time("first_event", row.try_get("first_event")?)?,
            status: status.as_deref().and_then(Status::parse),
        })
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        kind_of(&self.channel)
    }

    /// Whether a kill switch holds for it.
    pub(super) fn is_switched_off(&self, switched: &[String]) -> bool {
        is_switched_off(switched, &self.channel, self.office.as_ref(), self.place.as_ref())
    }

    /// Whether it was tried before its matter was closed: it would come after the word that this is over.
    pub(super) fn is_over(&self) -> bool {
        let closed = self.status.is_some_and(|status| !status.is_open());
        closed && self.attempts > 0 && !matches!(self.reason, Reason::Rejected | Reason::Digest)
    }

    /// Whether it counts against the budget: AWAS, pages, digests and cancellations always leave.
    pub(super) fn spends(&self) -> bool {
        self.severity < Severity::Awas
            && self.attempts == 0
            && !self.reason.pages()
            && !matches!(self.reason, Reason::Digest | Reason::Rejected)
    }
}
