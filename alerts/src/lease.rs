//! The lease: one process is active; every timer and outbox write checks that it still is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::Row;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::db::{Db, DbError, Tx};

/// How often the holder shows that it lives.
const BEAT: Duration = Duration::from_secs(2);
/// Without a beat for so long the holder gives up by itself, before anyone takes over.
const GIVE_UP: Duration = Duration::from_secs(8);
/// Without a beat for so long another takes over: within 15 s of the last.
const TAKE_OVER: Duration = Duration::from_secs(10);
/// How often a standby looks.
const LOOK: Duration = Duration::from_secs(1);

/// What this process knows of the lease. Beats are counted, not dated: clocks of two machines may differ.
#[derive(Debug)]
pub struct Lease {
    instance: String,
    /// The epoch held, 0 while none is.
    epoch: AtomicI64,
}

/// A stretch of time in which this process is the active one.
#[derive(Debug)]
pub struct Term {
    /// Its number; grows with every term of anybody.
    pub epoch: i64,
    /// Cancelled when it is over.
    pub over: CancellationToken,
    /// Dropped when the work of the term is done: until then the lease is kept, also after `over`.
    working: oneshot::Sender<()>,
    keeper: JoinHandle<()>,
}

impl Term {
    /// Ends the term and gives the lease back, so that a standby need not wait. What was in flight has to be
    /// written down before.
    pub async fn end(self) {
        self.over.cancel();
        drop(self.working);
        if let Err(error) = self.keeper.await {
            warn!(%error, "alerts: the lease's keeper ended");
        }
    }
}

impl Lease {
    /// The lease as seen by the process `instance`, a name of its own.
    pub fn new(instance: &str) -> Lease {
        Lease { instance: instance.to_owned(), epoch: AtomicI64::new(0) }
    }

    /// The epoch this process holds, if any.
    pub fn epoch(&self) -> Option<i64> {
        Some(self.epoch.load(Ordering::SeqCst)).filter(|epoch| *epoch != 0)
    }

    /// Refuses a write when another process has taken over, or none of ours is on.
    ///
    /// # Errors
    /// [`DbError::LeaseLost`].
    pub async fn check(&self, tx: &mut Tx) -> Result<(), DbError> {
        let ours = self.epoch().ok_or(DbError::LeaseLost(0))?;
        let epoch: Option<i64> = sqlx::query_scalar("SELECT epoch FROM lease WHERE name = 'alerts'")
            .fetch_optional(tx.conn())
            .await?;
        if epoch == Some(ours) { Ok(()) } else { Err(DbError::LeaseLost(ours)) }
    }

    /// Waits until this process is the active one, then keeps the lease until the term is over or `stop`; after
    /// `stop` for as long as the term's work still goes on, so that it can be brought to its end.
    /// `None` when `stop` came first. The same instance started again takes its own lease at once.
    pub async fn wait(self: &Arc<Self>, db: &Db, first: bool, stop: &CancellationToken) -> Option<Term> {
        let mut last: Option<(i64, i64)> = None;
        let mut since = Instant::now();
        let mut own = first;
        loop {
            match self.try_take(db, &mut last, &mut since, own).await {
                Ok(Some(epoch)) => {
                    info!(epoch, "alerts: active");
                    self.epoch.store(epoch, Ordering::SeqCst);
                    let over = stop.child_token();
                    let (working, done) = oneshot::channel();
                    let keeper = tokio::spawn(Arc::clone(self).keep(db.clone(), epoch, over.clone(), done));
                    return Some(Term { epoch, over, working, keeper });
                }
                Ok(None) => own = false,
                Err(error) => warn!(%error, "alerts: lease"),
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = stop.cancelled() => return None,
            }
        }
    }

    async fn try_take(
        &self,
        db: &Db,
        last: &mut Option<(i64, i64)>,
        since: &mut Instant,
        own: bool,
    ) -> Result<Option<i64>, DbError> {
        let row = sqlx::query("SELECT holder, epoch, beat FROM lease WHERE name = 'alerts'")
            .fetch_optional(db.pool())
            .await?;
        let (holder, epoch, beat): (String, i64, i64) = match row {
            Some(row) => (row.try_get("holder")?, row.try_get("epoch")?, row.try_get("beat")?),
            None => (String::new(), 0, 0),
        };
        let first_look = last.is_none();
        if *last != Some((epoch, beat)) {
            *last = Some((epoch, beat));
            *since = Instant::now();
        }
        let free = holder.is_empty() || (own && holder == self.instance) || since.elapsed() >= TAKE_OVER;
        if !free {
            if first_look {
                let until = jiff::Timestamp::now() + TAKE_OVER;
                info!(holder, %until, "alerts: another process holds the lease, or died with it; waiting for it to be given back, or to lapse without a beat");
            }
            return Ok(None);
        }
        let instance = &self.instance;
        db.write(|mut tx| async move {
            let taken = take(&mut tx, instance, epoch, beat).await;
            (tx, taken)
        })
        .await
    }

    /// Shows that the holder lives, until the term is over and its work done; gives the lease back at the end.
    async fn keep(
        self: Arc<Self>,
        db: Db,
        epoch: i64,
        over: CancellationToken,
        mut done: oneshot::Receiver<()>,
    ) {
        let mut good = Instant::now();
        loop {
            let ended = async {
                over.cancelled().await;
                // Nothing is ever sent: it ends when the other side is gone.
                let _ = (&mut done).await;
            };
            tokio::select! {
                () = tokio::time::sleep(BEAT) => {}
                () = ended => break,
            }
            match tokio::time::timeout(GIVE_UP, beat(&db, epoch)).await {
                Ok(Ok(true)) => good = Instant::now(),
                Ok(Ok(false)) => {
                    warn!(epoch, "alerts: another process took over");
                    break;
                }
                Ok(Err(error)) => warn!(%error, "alerts: lease"),
                Err(_) => warn!("alerts: lease: the database does not answer"),
            }
            if good.elapsed() >= GIVE_UP {
                warn!(epoch, "alerts: no beat for too long, standing by");
                break;
            }
        }
        // Unless this process has begun another term by now.
        let _ = self.epoch.compare_exchange(epoch, 0, Ordering::SeqCst, Ordering::SeqCst);
        over.cancel();
        let freed = sqlx::query("UPDATE lease SET holder = '' WHERE name = 'alerts' AND epoch = $1")
            .bind(epoch)
            .execute(db.pool())
            .await;
        if let Err(error) = freed {
            warn!(%error, "alerts: the lease could not be given back");
        }
    }
}

/// Takes the lease over, unless it has moved since it was looked at.
async fn take(tx: &mut Tx, instance: &str, epoch: i64, beat: i64) -> Result<Option<i64>, DbError> {
    sqlx::query("INSERT INTO lease (name, holder, epoch, beat) VALUES ('alerts', '', 0, 0) ON CONFLICT (name) DO NOTHING")
        .execute(tx.conn())
        .await?;
    let taken = sqlx::query(
        "UPDATE lease SET holder = $1, epoch = $2, beat = 0 WHERE name = 'alerts' AND epoch = $3 AND beat = $4",
    )
    .bind(instance)
    .bind(epoch + 1)
    .bind(epoch)
    .bind(beat)
    .execute(tx.conn())
    .await?;
    Ok((taken.rows_affected() == 1).then_some(epoch + 1))
}

async fn beat(db: &Db, epoch: i64) -> Result<bool, DbError> {
    let done = sqlx::query("UPDATE lease SET beat = beat + 1 WHERE name = 'alerts' AND epoch = $1")
        .bind(epoch)
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected() == 1)
}
