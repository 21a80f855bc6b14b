//! The active process: fires clocks that are due and lets the outbox leave.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Bus, BusError, metrics};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

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
        let alerts = &*self.alerts;
        let now = alerts.clock.now();
        let due: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM timers WHERE due <= $1")
            .bind(now.as_microsecond())
            .fetch_one(alerts.db.pool())
            .await?;
        if due == 0 {
            return Ok(0);
        }
        alerts
            .db
            .write(|mut tx| async move {
                let fired = fire(&mut tx, alerts, now).await;
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

async fn fire(tx: &mut Tx, alerts: &Alerts, now: Timestamp) -> Result<usize, DbError> {
    alerts.lease.check(tx).await?;
    // Of clocks that go off together `unconfirmed` comes before `desk`: who calls the desk knows who was told.
    let due = sqlx::query(
        "SELECT incident, kind, step FROM timers WHERE due <= $1 ORDER BY due, kind DESC LIMIT $2",
    )
    .bind(now.as_microsecond())
    .bind(CLOCKS)
    .fetch_all(tx.conn())
    .await?;
    let count = due.len();
    for row in due {
        let id = IncidentId(row.try_get("incident")?);
        let kind: String = row.try_get("kind")?;
        let timer = Timer::parse(&kind).ok_or(DbError::BadValue { column: "kind", value: kind })?;
        rows::stop(tx, id, timer).await?;
        if let Some(incident) = rows::load(tx, id).await? {
            Telling::of(tx, alerts, &incident, now).due(timer, row.try_get("step")?).await?;
        }
    }
    Ok(count)
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
            async move { teller.run(over).await }
        });
        let read = stream::run(AlertsStage::new(Arc::clone(&alerts)), bus, term.over.clone()).await;
        term.over.cancel();
        if let Err(error) = telling.await {
            warn!(%error, "alerts: teller ended");
        }
        metrics::lease("alerts", false);
        info!(epoch = term.epoch, "alerts: term over");
        term.end().await;
        read?;
        if stop.is_cancelled() {
            break;
        }
    }
    Ok(())
}
