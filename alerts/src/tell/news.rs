//! Grave facts that further posts tell of a matter told as AWAS: whoever was told of it hears of the first of each kind.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row;
use stream::{RegionCode, Severity};

use super::Telling;
use super::standing::{progress, sent_back};
use crate::db::{DbError, Tx};
use crate::store::{self, rank};
use crate::{Fact, Incident, Office, Reason};

/// Where the posts tell of each fact: their places, `None` where one names no place.
type Facts = BTreeMap<Fact, BTreeSet<Option<RegionCode>>>;

impl Telling<'_> {
    /// Tells of the facts that its posts tell of by now and did not before, where it was told as AWAS: one message for all
    /// that came together, to each office of what is told of its own area. It asks nothing, and each fact is news once,
    /// so that of one matter there are never more than there are facts.
    pub(super) async fn news(&mut self) -> Result<(), DbError> {
        let incident = self.incident;
        if incident.proposed < Severity::Awas && !is_awas(incident) {
            return Ok(());
        }
        let facts = facts(self.tx, incident).await?;
        let Some(known) = known(self.tx, incident).await? else { return self.knows(facts.keys()).await };
        let new: Facts = facts.into_iter().filter(|(fact, _)| !known.contains(fact)).collect();
        if new.is_empty() {
            return Ok(());
        }
        self.knows(known.iter().chain(new.keys())).await?;
        let Some(place) = &incident.place else { return Ok(()) };
        if !is_awas(incident) || self.told_level().await? != Some(Severity::Awas) {
            return Ok(());
        }
        let back = sent_back(self.tx, incident).await?;
        let mut offices = progress(self.tx, incident, Severity::Normal).await?.told;
        offices.retain(|office| office.concerns(place) && !back.contains_key(office));
        let mut told = Vec::new();
        for office in offices {
            let own: Vec<Fact> =
                new.iter().filter(|(_, places)| tells_of(places, &office)).map(|(fact, _)| *fact).collect();
            if own.is_empty() {
                continue;
            }
            let step: i64 = own.iter().map(|fact| 1 << (*fact as i64)).sum();
            let said = own.iter().map(|fact| fact.as_str()).collect::<Vec<_>>().join(" ");
            told.extend(self.follow_up(&[office].into(), Reason::News, step, &said).await?);
        }
        if told.is_empty() {
            return Ok(());
        }
        self.told_of(Reason::News.as_str(), &told).await
    }

    /// It is one of AWAS by the decision of a person: what its posts tell of by now is no news.
    pub(super) async fn begins_as_awas(&mut self) -> Result<(), DbError> {
        if !is_awas(self.incident) || known(self.tx, self.incident).await?.is_some() {
            return Ok(());
        }
        let facts = facts(self.tx, self.incident).await?;
        self.knows(facts.keys()).await
    }

    async fn knows(&mut self, facts: impl Iterator<Item = &Fact>) -> Result<(), DbError> {
        let codes: BTreeSet<&str> = facts.map(|fact| fact.as_str()).collect();
        sqlx::query("UPDATE incidents SET facts = $2 WHERE id = $1")
            .bind(self.incident.id.0)
            .bind(serde_json::to_string(&codes)?)
            .execute(self.tx.conn())
            .await?;
        Ok(())
    }
}

/// Whether AWAS holds, or is proposed and nobody has settled on less.
fn is_awas(incident: &Incident) -> bool {
    incident.severity() == Severity::Awas || incident.awas_waits_for_second.is_some()
}

/// The facts that are no news of `incident`; `None` before it was one of AWAS.
async fn known(tx: &mut Tx, incident: &Incident) -> Result<Option<BTreeSet<Fact>>, DbError> {
    let known: Option<String> = sqlx::query_scalar("SELECT facts FROM incidents WHERE id = $1")
        .bind(incident.id.0)
        .fetch_one(tx.conn())
        .await?;
    let Some(known) = known else { return Ok(None) };
    let codes: Vec<String> = serde_json::from_str(&known)?;
    Ok(Some(codes.iter().filter_map(|code| Fact::parse(code)).collect()))
}

/// The facts that posts of `incident` tell of, with where: of posts that are SIAGA at least, so that a knife which only
/// comes up makes no news.
async fn facts(tx: &mut Tx, incident: &Incident) -> Result<Facts, DbError> {
    let rows = sqlx::query(
        "SELECT DISTINCT tags, place, villages FROM signals WHERE incident = $1 AND archived = 0 AND severity >= $2
         AND tags LIKE '%ada%'",
    )
    .bind(incident.id.0)
    .bind(rank(Severity::Siaga))
    .fetch_all(tx.conn())
    .await?;
    let mut facts = Facts::new();
    for row in rows {
        let tags: Vec<String> = serde_json::from_str(&row.try_get::<String, _>("tags")?)?;
        let villages: Vec<RegionCode> = serde_json::from_str(&row.try_get::<String, _>("villages")?)?;
        let place = row.try_get::<Option<String>, _>("place")?;
        let place = place.map(|place| store::region("place", &place)).transpose()?;
        let places: Vec<Option<RegionCode>> = match villages.is_empty() {
            true => vec![place],
            false => villages.into_iter().map(Some).collect(),
        };
        for fact in Fact::ALL.iter().filter(|fact| tags.iter().any(|tag| fact.tags().contains(&tag.as_str())))
        {
            facts.entry(*fact).or_default().extend(places.iter().cloned());
        }
    }
    Ok(facts)
}

/// Whether one of `places` may lie in the area of `office`: what happens in the next village is no news of its own.
fn tells_of(places: &BTreeSet<Option<RegionCode>>, office: &Office) -> bool {
    let meets = |place: &RegionCode| place.contains(&office.region) || office.region.contains(place);
    places.iter().any(|place| place.as_ref().is_none_or(meets))
}
