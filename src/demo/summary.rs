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

/// How many incidents of a queue are open, and how many of these wait for a decision.
#[derive(Clone, Copy, Default)]
struct Counts {
    open: usize,
    waiting: usize,
    /// Of these, from SIAGA on: what stands on top of the queue.
    first: usize,
}

/// Prints the incidents of each kabupaten by severity, and how many are open and wait for a decision.
pub(crate) async fn print(desk: &Desk, lang: Lang) -> anyhow::Result<()> {
    let mut places: BTreeMap<String, BTreeMap<Severity, usize>> = BTreeMap::new();
    let mut queues: BTreeMap<Queue, Counts> = BTreeMap::new();
    for role in [DeskRole::Analis, DeskRole::Bawaslu] {
        let actor = Actor { name: "simulasi".to_owned(), role, regions: Vec::new() };
        let filter = QueueFilter { closed: true, limit: 1000, ..QueueFilter::default() };
        for row in desk.queue(&actor, &filter).await? {
            let counts = queues.entry(row.incident.queue).or_default();
            counts.open += usize::from(row.incident.status.is_open());
            let second = row.incident.awas_waits_for_second.is_some() && row.incident.status.is_open();
            let undecided = row.incident.status == Status::Baru || second;
            counts.waiting += usize::from(undecided);
            counts.first += usize::from(undecided && row.incident.proposed >= Severity::Siaga);
            let place = row
                .incident
                .place
                .as_ref()
                .map(|code| Gazetteer::in_use().full_name(&code.cut(Level::Kabupaten)));
            let place = place.unwrap_or_else(|| lang.get("cli.explain.no_place").to_owned());
            *places.entry(place).or_default().entry(row.incident.severity()).or_default() += 1;
        }
    }
    let all: usize = places.values().flat_map(BTreeMap::values).sum();
    println!("{}", lang.fill("cli.demo.summary", &[("all", &all.to_string())]));
    for (place, counts) in places {
        let counts: Vec<String> =
            counts.iter().rev().map(|(severity, count)| format!("{severity} {count}")).collect();
        println!("  {place:<40} {}", counts.join(" · "));
    }
    let of = |queue| queues.get(&queue).copied().unwrap_or_default();
    println!("{}", last_line(lang, of(Queue::Konflik), of(Queue::Netralitas)));
    Ok(())
}

/// The line that says what is left, each queue by itself: nobody sees both.
fn last_line(lang: Lang, analysts: Counts, bawaslu: Counts) -> String {
    let [open, waiting, first] = [analysts.open, analysts.waiting, analysts.first].map(|n| n.to_string());
    let [bawaslu_open, bawaslu] = [bawaslu.open, bawaslu.waiting].map(|n| n.to_string());
    let values = [
        ("open", &*open),
        ("waiting", &*waiting),
        ("first", &*first),
        ("bawaslu_open", &*bawaslu_open),
        ("bawaslu", &*bawaslu),
    ];
    lang.fill("cli.demo.waiting", &values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_the_analysts_queue_and_bawaslus_apart() {
        let line = last_line(
            Lang::Id,
            Counts { open: 33, waiting: 12, first: 7 },
            Counts { open: 16, waiting: 13, first: 0 },
        );
        assert!(
            line.contains("analis: 33") && line.contains("12 di antaranya") && line.contains("7 SIAGA"),
            "{line}"
        );
        assert!(line.contains("Bawaslu: 16") && line.contains("13 di antaranya"), "{line}");
        assert!(!line.contains("49"), "{line}");
    }
}
