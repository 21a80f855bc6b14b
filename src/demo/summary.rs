//! The end of the made-up day: until the line is empty, and what stands in the queue then.

use std::collections::BTreeMap;
use std::time::Duration;

use alerts::{Actor, Desk, DeskRole, QueueFilter, Status};
use lexicons::Lang;
use lexicons::gazetteer::Gazetteer;
use stream::{Bus, Clock, Level, Queue, Severity};
use tokio_util::sync::CancellationToken;

use super::Inbox;

/// Waits until the day is over, its last post was taken in, and every group has read everything.
pub(crate) async fn wait(
    inbox: &Inbox,
    bus: &Bus,
    clock: &Clock,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    if let Clock::Fast { origin, .. } = clock {
        let over = origin.as_second() + 24 * 60 * 60;
        let left = u64::try_from(over - clock.now().as_second()).unwrap_or(0);
        tokio::select! {
            () = tokio::time::sleep(clock.real(Duration::from_secs(left))) => {},
            () = stop.cancelled() => return Ok(()),
        }
    }
    while !stop.is_cancelled() && (!inbox.is_empty()? || bus.lag().await?.iter().any(|group| group.lag > 0)) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// Prints the incidents of each kabupaten by severity, and how many are open and wait for a decision.
pub(crate) async fn print(desk: &Desk, lang: Lang) -> anyhow::Result<()> {
    let mut places: BTreeMap<String, BTreeMap<Severity, usize>> = BTreeMap::new();
    let (mut open, mut waiting) = (0, BTreeMap::new());
    for role in [DeskRole::Analis, DeskRole::Bawaslu] {
        let actor = Actor { name: "simulasi".to_owned(), role, regions: Vec::new() };
        let filter = QueueFilter { closed: true, limit: 1000, ..QueueFilter::default() };
        for row in desk.queue(&actor, &filter).await? {
            open += usize::from(row.incident.status.is_open());
            let second = row.incident.awas_waits_for_second.is_some() && row.incident.status.is_open();
            let undecided = row.incident.status == Status::Baru || second;
            *waiting.entry(row.incident.queue).or_insert(0) += usize::from(undecided);
            let place = row
                .incident
                .place
                .as_ref()
                .map(|code| Gazetteer::in_use().full_name(&code.cut(Level::Kabupaten)));
            let place = place.unwrap_or_else(|| lang.get("cli.explain.no_place").to_owned());
            *places.entry(place).or_default().entry(row.incident.severity()).or_default() += 1;
        }
    }
    println!("{}", lang.get("cli.demo.summary"));
    for (place, counts) in places {
        let counts: Vec<String> =
            counts.iter().rev().map(|(severity, count)| format!("{severity} {count}")).collect();
        println!("  {place:<40} {}", counts.join(" · "));
    }
    let of = |queue| waiting.get(&queue).copied().unwrap_or_default();
    let [open, analysts, bawaslu] = [open, of(Queue::Konflik), of(Queue::Netralitas)].map(|n| n.to_string());
    let values = [("open", &*open), ("analysts", &*analysts), ("bawaslu", &*bawaslu)];
    println!("{}", lang.fill("cli.demo.waiting", &values));
    Ok(())
}
