//! The active process: fires clocks that are due and lets the outbox leave.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row};
use stream::{Bus, BusError, metrics};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::db::{DbError, Tx};
use crate::store::rows;
use crate::tell::{self, Telling};
use crate::{Alerts, AlertsStage, IncidentId, Timer, outbox};

/// How long it sleeps at most while nothing happens.
const LOOK: Duration = Duration::from_millis(500);
/// How long an attempt may take in all.
const PATIENCE: Duration = Duration::from_secs(45);
/// Clocks fired in one transaction.
const CLOCKS: i64 = 50;

/// Fires clocks and delivers.
#[derive(Clone, Debug)]
pub struct Teller {
    alerts: Arc<Alerts>,
}

impl Teller {
    /// The teller over these alerts.
    pub fn new(alerts: Arc<Alerts>) -> Teller {
        Teller { alerts }
    }

    /// Works until `over`: the end of the term in which this process holds the lease.
    /// An unreachable database is waited for.
    pub async fn run(&self, over: CancellationToken) {
        let (mut rosters, mut recovered, mut caught_up) = (self.alerts.rosters(), false, false);
        while !over.is_cancelled() {
            let worked = async {
                if !recovered {
                    let again = outbox::recover(&self.alerts).await?;
                    if again > 0 {
                        warn!(again, "alerts: messages cut by a crash go again");
                    }
                    recovered = true;
                }
                if rosters.has_changed().unwrap_or(false) {
                    rosters.mark_unchanged();
                    caught_up = false;
                }
                if !caught_up {
                    let paged = self.catch_up().await?;
                    if paged > 0 {
                        info!(
                            paged,
                            "alerts: desk and offices are told of what came before the roster named them"
                        );
                    }
                    caught_up = true;
                }
                Ok::<usize, DbError>(self.fire().await? + self.deliver().await?)
            }
            .await;
            let pause = match worked {
                Ok(0) => LOOK,
                Ok(_) => continue,
                Err(DbError::LeaseLost(_)) => LOOK,
                Err(error) => {
                    warn!(%error, "alerts: teller");
                    LOOK * 4
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.alerts.changed.notified() => {}
                () = over.cancelled() => {}
            }
        }
    }

    /// Pages each line of the desk of proposals that came before the roster named it, tells of KF-14 matters that came
    /// before it named who hears that one waits, offices of villages that it names since, and those whose address it has
    /// mended, also that a matter is cancelled; returns of how many. Once at the beginning of a term, and whenever the
    /// roster was exchanged.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn catch_up(&self) -> Result<usize, DbError> {
        let alerts = &*self.alerts;
        let now = alerts.clock.now();
        alerts
            .db
            .write(|mut tx| async move {
                let paged = match alerts.lease.check(&mut tx).await {
                    Ok(()) => late(&mut tx, alerts, now).await,
                    Err(error) => Err(error),
                };
                (tx, paged)
            })
            .await
    }

    /// Fires the clocks that are due; returns how many.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn fire(&self) -> Result<usize, DbError> {
        let now = self.alerts.clock.now();
        let due = due(self.alerts.db.pool(), now).await?;
        match self.go_off(&due, now).await {
            Err(error) if !error.is_retryable() => {}
            fired => return fired,
        }
        // One of them can never go off, for now: the others do not wait for it.
        for clock in &due {
            match self.go_off(std::slice::from_ref(clock), now).await {
                Err(error) if !error.is_retryable() => {
                    error!(%error, incident = %clock.incident, clock = clock.kind, "alerts: this clock cannot go off and is tried again later");
                    clock.put_off(self.alerts.db.pool(), now).await?;
                }
                fired => _ = fired?,
            }
        }
        Ok(due.len())
    }

    /// Fires `clocks` in one transaction.
    async fn go_off(&self, clocks: &[Clock], now: Timestamp) -> Result<usize, DbError> {
        if clocks.is_empty() {
            return Ok(0);
        }
        let alerts = &*self.alerts;
        alerts
            .db
            .write(|mut tx| async move {
                let fired = fire(&mut tx, alerts, clocks, now).await;
                (tx, fired)
            })
            .await
    }

    /// Lets leave what is due, a batch at a time; returns how many messages it moved: attempts, and rows set aside.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn deliver(&self) -> Result<usize, DbError> {
        let outbox::Claimed { leaving, aside, .. } =
            outbox::claim(&self.alerts, self.alerts.clock.now()).await?;
        let count = leaving.len() + aside;
        let mut attempts = JoinSet::new();
        for out in leaving {
            let alerts = Arc::clone(&self.alerts);
            attempts.spawn(async move {
                let now = alerts.clock.now();
                let sent =
                    tokio::time::timeout(PATIENCE, alerts.channels.send(out.kind, &out.message, now)).await;
                let result = sent.unwrap_or_else(|_| {
                    Err(crate::channels::ChannelError::Retry("no answer in time".to_owned()))
                });
                if let Err(error) = &result {
                    warn!(number = out.message.number, channel = %out.kind, %error, "alerts: not delivered");
                }
                write_down(&alerts, &out, &result).await
            });
        }
        let mut outcome = Ok(count);
        while let Some(done) = attempts.join_next().await {
            match done {
                Ok(Ok(())) => {}
                Ok(Err(error)) => outcome = Err(error),
                Err(error) => warn!(%error, "alerts: an attempt was cut"),
            }
        }
        outcome
    }
}

/// Writes down what became of an attempt, for as long as the lease is ours: else it would be made twice.
async fn write_down(
    alerts: &Alerts,
    out: &outbox::Leaving,
    result: &Result<(), crate::channels::ChannelError>,
) -> Result<(), DbError> {
    loop {
        match outbox::settle(alerts, out, result, alerts.clock.now()).await {
            Err(DbError::Unreachable(error)) if alerts.lease.epoch().is_some() => {
                warn!(%error, "alerts: the outcome of an attempt cannot be written down; trying again");
                tokio::time::sleep(LOOK).await;
            }
            done => return done,
        }
    }
}

/// What came before the roster named who is told of it, and what did not get there before it named another address.
async fn late(tx: &mut Tx, alerts: &Alerts, now: Timestamp) -> Result<usize, DbError> {
    let roster = alerts.roster();
    outbox::hasten(tx, &roster, now).await?;
    let desk = tell::page_late(tx, alerts, &roster, now).await?;
    let items = tell::items_late(tx, alerts, &roster, now).await?;
    let villages = tell::villages_late(tx, alerts, &roster, now).await?;
    let cancelled = tell::cancelled_late(tx, alerts, &roster, now).await?;
    Ok(desk + items + villages + cancelled + tell::mended_late(tx, alerts, &roster, now).await?)
}

/// A clock that is due.
struct Clock {
    incident: IncidentId,
    kind: String,
}

impl Clock {
    /// It is tried again later.
    async fn put_off(&self, pool: &AnyPool, now: Timestamp) -> Result<(), DbError> {
        sqlx::query("UPDATE timers SET due = $3 WHERE incident = $1 AND kind = $2")
            .bind(self.incident.0)
            .bind(&self.kind)
            .bind((now + outbox::UNREADABLE).as_microsecond())
            .execute(pool)
            .await?;
        Ok(())
    }
}

/// The clocks that are due `now`, a batch of them. Of those that go off together `unconfirmed` comes before `desk`: who
/// calls the desk knows who was told.
async fn due(pool: &AnyPool, now: Timestamp) -> Result<Vec<Clock>, DbError> {
    let sql = "SELECT incident, kind FROM timers WHERE due <= $1 ORDER BY due, kind DESC LIMIT $2";
    let rows = sqlx::query(sql).bind(now.as_microsecond()).bind(CLOCKS).fetch_all(pool).await?;
    let clock = |row: &AnyRow| {
        Ok(Clock { incident: IncidentId(row.try_get("incident")?), kind: row.try_get("kind")? })
    };
    rows.iter().map(clock).collect()
}

async fn fire(tx: &mut Tx, alerts: &Alerts, clocks: &[Clock], now: Timestamp) -> Result<usize, DbError> {
    alerts.lease.check(tx).await?;
    for Clock { incident: id, kind } in clocks {
        let timer =
            Timer::parse(kind).ok_or_else(|| DbError::BadValue { column: "kind", value: kind.clone() })?;
        // What one before it has put off or stopped does not go off.
        let Some((step, _)) =
            rows::running(tx, *id, timer).await?.filter(|(_, due)| *due <= now.as_microsecond())
        else {
            continue;
        };
        rows::stop(tx, *id, timer).await?;
        if let Some(incident) = rows::load(tx, *id).await? {
            Telling::of(tx, alerts, &incident, now).due(timer, step).await?;
        }
    }
    Ok(clocks.len())
}

/// Runs the alert service on `bus` until `stop`: waits for the lease, reads findings, fires clocks and
/// delivers while it holds it, and stands by while another process does.
///
/// # Errors
/// [`BusError`] that no retry heals.
pub async fn run(alerts: Arc<Alerts>, bus: &Bus, stop: CancellationToken) -> Result<(), BusError> {
    let mut first = true;
    while let Some(term) = alerts.lease.wait(&alerts.db, first, &stop).await {
        first = false;
        metrics::lease("alerts", true);
        let teller = Teller::new(Arc::clone(&alerts));
        let telling = tokio::spawn({
            let over = term.over.clone();
            // However it ends, nothing is read any more that nobody would be told of.
            async move {
                let _ends = over.clone().drop_guard();
                teller.run(over).await;
            }
        });
        let read = stream::run(AlertsStage::new(Arc::clone(&alerts)), bus, term.over.clone()).await;
        term.over.cancel();
        let told = telling.await;
        metrics::lease("alerts", false);
        info!(epoch = term.epoch, "alerts: term over");
        term.end().await;
        // A fault in the code: the process ends with it, and whoever watches over it starts it anew.
        if let Err(panic) = told.map_err(JoinError::try_into_panic) {
            std::panic::resume_unwind(panic.unwrap_or_else(|cut| Box::new(cut.to_string())));
        }
        read?;
        if stop.is_cancelled() {
            break;
        }
    }
    Ok(())
}
