//! SG-14 in the outbox: what waits for an office that is complained of by now is taken back, and so are its contacts.

use std::collections::BTreeSet;

use sqlx::Row;

use super::standing::matter;
use super::{channel_of, office_of_row};
use crate::Incident;
use crate::db::{DbError, Tx};
use crate::roster::{Contact, Roster};
use crate::route::accused::{Complained, kept_out};
use crate::route::told::Why;

/// Takes back what waits for offices that are complained of by now, and for contacts they share (SG-14).
pub(super) async fn hush(tx: &mut Tx, roster: &Roster, incident: &Incident) -> Result<(), DbError> {
    let matter = matter(tx.conn(), incident, incident.severity()).await?;
    if matter.accused.is_empty() {
        return Ok(());
    }
    let barred: BTreeSet<String> = barred(roster, incident, &matter.accused).iter().map(channel_of).collect();
    let waiting = sqlx::query(
        "SELECT id, role, region, channel FROM notifications WHERE incident = $1
         AND state IN ('pending', 'digest', 'held') AND attempts = 0",
    )
    .bind(incident.id.0)
    .fetch_all(tx.conn())
    .await?;
    for row in waiting {
        let office = office_of_row(&row)?;
        let Some(office) = office else { continue };
        if matter.bars(&office).is_some() || barred.contains(&row.try_get::<String, _>("channel")?) {
            sqlx::query("UPDATE notifications SET state = 'moot' WHERE id = $1")
                .bind(row.try_get::<String, _>("id")?)
                .execute(tx.conn())
                .await?;
        }
    }
    Ok(())
}

/// Contacts that also belong to an office complained of: who holds two offices hears of it in neither.
pub(super) fn barred(roster: &Roster, incident: &Incident, accused: &[Complained]) -> BTreeSet<Contact> {
    if accused.is_empty() {
        return BTreeSet::new();
    }
    let place = incident.place.as_ref();
    let offices = roster.offices().filter(|office| kept_out(office, accused, place) == Some(Why::Accused));
    offices.flat_map(|office| roster.all_contacts(office)).cloned().collect()
}
