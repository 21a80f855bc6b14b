//! Grave facts that further posts tell of a matter told as AWAS: whoever was told of it hears of the first of each kind.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row;
use stream::{RegionCode, Severity};

use super::Telling;
use super::standing::{progress, sent_back};
use crate::db::{DbError, Tx};
use crate::store::{self, Touched, rank};
use crate::{Event, Fact, Incident, IncidentId, Office, Reason};

/// Where the posts tell of each fact: their places, `None` where one names no place.
type Facts = BTreeMap<Fact, BTreeSet<Option<RegionCode>>>;

impl Telling<'_> {
    /// Tells of the facts that its posts tell of by now and did not before, where it was told as AWAS: one message for all
    /// that came together, to each office of what is told of its own area. It asks nothing, and each fact is news once to
    /// an office, so that of one matter it never hears more than there are facts. Of a matter merged into it in what was
    /// `touched` the facts are no news to whoever was told of that one.
    pub(super) async fn news(&mut self, touched: &Touched) -> Result<(), DbError> {
        let incident = self.incident;
        if incident.proposed < Severity::Awas && !is_awas(incident) {
            return Ok(());
        }
        let facts = facts(self.tx, incident).await?;
        let sides = self.sides(touched).await?;
        let mut all = facts.clone();
        for (fact, places) in sides.values().flatten().flatten() {
            all.entry(*fact).or_default().extend(places.iter().cloned());
        }
        let changed = sides.get(&incident.id) != Some(&Some(all.clone()));
        if !changed && sides.len() == 1 {
            return Ok(());
        }
        self.knows(&all).await?;
        let Some(place) = &incident.place else { return Ok(()) };
        if !is_awas(incident) || self.told_level().await? != Some(Severity::Awas) {
            return Ok(());
        }
        let back = sent_back(self.tx, incident).await?;
        let mut offices = progress(self.tx, incident, Severity::Normal).await?.told;
        offices.retain(|office| office.concerns(place) && !back.contains_key(office));
        let (mut told, taken_out) = (Vec::new(), self.taken_out().await?);
        for office in offices {
            let Some(known) = self.known_to(&office, &sides).await? else { continue };
            let own: Vec<Fact> = facts
                .iter()
                .filter(|(fact, places)| is_news(places, known.get(fact), &office))
                .map(|(fact, _)| *fact)
                .collect();
            if own.is_empty() {
                continue;
            }
            let step: i64 = own.iter().map(|fact| 1 << (*fact as i64)).sum();
            let step = step + (taken_out << Fact::ALL.len());
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
        if !is_awas(self.incident) || known(self.tx, self.incident.id).await?.is_some() {
            return Ok(());
        }
        let facts = facts(self.tx, self.incident).await?;
        self.knows(&facts).await
    }

    /// The known facts of it and of each matter merged into it in what was `touched`; `None` of one that was not AWAS.
    async fn sides(&mut self, touched: &Touched) -> Result<BTreeMap<IncidentId, Option<Facts>>, DbError> {
        let own = self.incident.id;
        let mut sides = BTreeMap::from([(own, known(self.tx, own).await?)]);
        for id in &touched.taken {
            let mut at = Some(*id);
            while let Some(into) = at.filter(|at| *at != own) {
                at = merged_into(self.tx, into).await?;
            }
            if at.is_some() {
                sides.insert(*id, known(self.tx, *id).await?);
            }
        }
        Ok(sides)
    }

    /// What `office` knows of by the `sides` that it was told of; `None` where one was not AWAS before: it hears of that as
    /// of a graver level, and what is told of by then is no news.
    async fn known_to(
        &mut self,
        office: &Office,
        sides: &BTreeMap<IncidentId, Option<Facts>>,
    ) -> Result<Option<Facts>, DbError> {
        if sides.len() == 1 {
            return Ok(sides.values().next().cloned().flatten());
        }
        let made_for: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT made_for FROM notifications WHERE incident = $1 AND role = $2 AND region = $3
             AND state <> 'moot'",
        )
        .bind(self.incident.id.0)
        .bind(office.role.as_str())
        .bind(office.region.as_str())
        .fetch_all(self.tx.conn())
        .await?;
        let mut all = Facts::new();
        for id in made_for {
            let mut at = Some(IncidentId(id));
            while let Some(into) = at.filter(|at| !sides.contains_key(at)) {
                at = merged_into(self.tx, into).await?;
            }
            let Some(side) = at.and_then(|at| sides.get(&at)) else { continue };
            let Some(side) = side else { return Ok(None) };
            for (fact, places) in side {
                all.entry(*fact).or_default().extend(places.iter().cloned());
            }
        }
        Ok(Some(all))
    }

    /// Posts have left it: what none that is left tells of is known no more, and is news when another one tells of it.
    pub(crate) async fn forgets(mut self) -> Result<(), DbError> {
        let Some(mut known) = known(self.tx, self.incident.id).await? else { return Ok(()) };
        let facts = facts(self.tx, self.incident).await?;
        known.retain(|fact, places| {
            let told = facts.get(fact);
            // What a person placed by hand is known without a place, as long as a post tells of it at all.
            places.retain(|place| told.is_some_and(|told| place.is_none() || told.contains(place)));
            !places.is_empty()
        });
        self.knows(&known).await
    }

    /// How many posts a person has taken out of it: a fact may be news once more after each.
    async fn taken_out(&mut self) -> Result<i64, DbError> {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM history WHERE incident = $1 AND kind = $2");
        let count = count.bind(self.incident.id.0).bind(Event::Parted.as_str());
        Ok(count.fetch_one(self.tx.conn()).await?)
    }

    /// Writes down what is known, each fact with where: `korban@35.19.08.2011`, `korban` where no place was named.
    async fn knows(&mut self, facts: &Facts) -> Result<(), DbError> {
        let pairs = facts.iter().flat_map(|(fact, places)| places.iter().map(move |place| (fact, place)));
        let code = |(fact, place): (&Fact, &Option<RegionCode>)| match place {
            Some(place) => format!("{fact}@{place}"),
            None => fact.to_string(),
        };
        let codes: BTreeSet<String> = pairs.map(code).collect();
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

/// The matter that `id` was merged into.
async fn merged_into(tx: &mut Tx, id: IncidentId) -> Result<Option<IncidentId>, DbError> {
    let into: Option<i64> = sqlx::query_scalar("SELECT merged_into FROM incidents WHERE id = $1")
        .bind(id.0)
        .fetch_one(tx.conn())
        .await?;
    Ok(into.map(IncidentId))
}

/// The facts that are no news of `id`, with where; `None` before it was one of AWAS.
async fn known(tx: &mut Tx, id: IncidentId) -> Result<Option<Facts>, DbError> {
    let known: Option<String> = sqlx::query_scalar("SELECT facts FROM incidents WHERE id = $1")
        .bind(id.0)
        .fetch_one(tx.conn())
        .await?;
    let Some(known) = known else { return Ok(None) };
    let mut facts = Facts::new();
    for code in serde_json::from_str::<Vec<String>>(&known)? {
        let (fact, place) = code.split_once('@').map_or((code.as_str(), None), |(fact, at)| (fact, Some(at)));
        let place = place.map(|place| store::region("facts", place)).transpose()?;
        if let Some(fact) = Fact::parse(fact) {
            facts.entry(fact).or_default().insert(place);
        }
    }
    Ok(Some(facts))
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

/// Whether a fact told of at `places` is news to `office`, where it is `known` from those: what happens in the next village
/// is none of its own, nor is what is told without a village of what is known from one.
fn is_news(
    places: &BTreeSet<Option<RegionCode>>,
    known: Option<&BTreeSet<Option<RegionCode>>>,
    office: &Office,
) -> bool {
    let meets = |place: &Option<RegionCode>| {
        place.as_ref().is_none_or(|place| place.contains(&office.region) || office.region.contains(place))
    };
    let told_before = |place: &Option<RegionCode>| {
        let covers = |known: &RegionCode| place.as_ref().is_none_or(|place| place.contains(known));
        known.is_some_and(|known| known.iter().any(|known| known.as_ref().is_none_or(covers)))
    };
    let knows = known.is_some_and(|known| known.iter().any(meets));
    !knows && places.iter().any(|place| meets(place) && !told_before(place))
}
