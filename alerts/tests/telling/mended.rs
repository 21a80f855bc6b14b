//! Addresses that leave the roster or are mended in it: what waits for them goes on, or stands as undelivered.

mod cancelled;
mod passed_on;

use alerts::*;
use stream::*;

use crate::confirmed;
use crate::support::*;

/// Has `house` go by a roster of these lines.
fn read(house: &House, lines: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("roster.csv");
    std::fs::write(&path, format!("role,region,holder,stand_in,channel,address\n{lines}")).unwrap();
    house.alerts.read_roster(&AlertsConfig { roster: Some(path), ..AlertsConfig::default() }).unwrap();
}

/// The same, and what follows from it; of how many somebody is told.
async fn named(house: &House, lines: &str) -> usize {
    read(house, lines);
    let told = house.teller.catch_up().await.unwrap();
    house.work().await;
    told
}

/// A house whose roster names one Kapolsek, at `lama`.
async fn one_kapolsek(change: impl Fn(&mut AlertsConfig)) -> Vec<House> {
    let houses = houses_with(|config| {
        config.roster = None;
        config.policy.repeats = 0;
        change(config);
    })
    .await;
    for house in &houses {
        assert_eq!(named(house, "KAPOLSEK,35.19.08,,,file,lama\n").await, 0);
    }
    houses
}

async fn sql(house: &House, sql: &'static str) {
    sqlx::query(sql).execute(house.alerts.db.pool()).await.unwrap();
}

/// The matters that messages to `address` are about, in order, each as often as it is told.
fn matters(house: &House, address: &str) -> Vec<String> {
    let all = house.messages(address).join("\n");
    let mut matters: Vec<String> = all
        .lines()
        .filter_map(|line| line.rsplit_once("ID KTG-"))
        .map(|(_, number)| number.to_owned())
        .collect();
    matters.sort();
    matters
}

async fn sent(house: &House, id: i64) -> Vec<NotificationView> {
    house.desk.incident(&analyst("ana"), IncidentId(id)).await.unwrap().notifications
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_a_digest_whose_address_leaves_the_roster_go_to_whoever_holds_the_office_now() {
    for house in one_kapolsek(|config| config.policy.budget_per_hour = 2).await {
        confirmed(&house, 4).await;
        assert_eq!(matters(&house, "lama"), ["1", "2"], "the others wait for a digest");
        named(&house, "KAPOLSEK,35.19.08,,,file,baru\n").await;
        assert_eq!(matters(&house, "baru"), ["3", "4"], "at once: the hour was that of the other");
        for hour in 0..3 {
            house.pass(61).await;
            assert_eq!(house.teller.catch_up().await.unwrap(), 0, "{hour}");
        }
        assert_eq!((matters(&house, "lama").len(), matters(&house, "baru").len()), (2, 2), "once");
        let states: Vec<(String, String)> = sent(&house, 4)
            .await
            .iter()
            .map(|view| (view.stands().to_owned(), view.channel.clone()))
            .collect();
        assert_eq!(
            states.iter().map(|(state, _)| state.as_str()).collect::<Vec<_>>(),
            ["unreachable", "sent"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_was_tried_goes_on_line_by_line_too_and_what_comes_after_it_gets_its_own() {
    for house in one_kapolsek(|config| config.policy.budget_per_hour = 2).await {
        confirmed(&house, 3).await;
        house.pass(61).await;
        assert_eq!(matters(&house, "lama"), ["1", "2", "3"]);
        // As if its attempt had not got there; meanwhile the next hour fills up.
        sql(
            &house,
            "UPDATE notifications SET state = 'pending', next_try = next_try + 7200000000 WHERE reason = 'digest'",
        )
        .await;
        for n in 0..3 {
            house.stage.take(&[clash(&format!("later-{n}"), -420 * (4 + n))]).await.unwrap();
            let filter = QueueFilter { status: Some(Status::Baru), ..QueueFilter::default() };
            let new = house.desk.queue(&analyst("ana"), &filter).await.unwrap().remove(0).incident.id;
            house.desk.confirm(&analyst("ana"), new, None, None).await.unwrap();
            house.work().await;
        }
        assert_eq!(matters(&house, "lama"), ["1", "2", "3", "4", "5"], "the sixth waits");
        house.pass(61).await;
        assert_eq!(matters(&house, "lama").last().unwrap(), "6", "in a digest of its own");
        named(&house, "KAPOLSEK,35.19.08,,,file,baru\n").await;
        assert_eq!(matters(&house, "baru"), ["3"], "which nobody knows to have got there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_an_office_that_the_roster_drops_stands_as_undelivered_until_somebody_holds_it_again()
{
    for house in one_kapolsek(|_| {}).await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let counted = || {
            let all = stream::metrics::render();
            let line = all.lines().find(|line| line.contains("channel=\"file\",outcome=\"undelivered\""));
            line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
        };
        let before: u64 = counted();
        assert_eq!(named(&house, "CAMAT,62.10.02,,,file,camat\n").await, 0);
        assert!(counted() > before);
        assert_eq!(sent(&house, 1).await[0].stands(), UNREACHABLE);
        assert_eq!(house.told(), [""; 0]);
        assert_eq!(named(&house, "KAPOLSEK,35.19.08,,,file,baru\n").await, 1);
        assert_eq!(matters(&house, "baru"), ["1"]);
        assert_eq!(house.teller.catch_up().await.unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_whose_address_failed_for_good_is_told_once_it_is_mended_while_the_matter_is_open() {
    for house in one_kapolsek(|_| {}).await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        sql(&house, "UPDATE notifications SET state = 'failed', error = 'webhook: answered 410 Gone'").await;
        assert_eq!(named(&house, "KAPOLSEK,35.19.08,,,file,lama\nCAMAT,62.10.02,,,file,camat\n").await, 0);
        assert_eq!(house.told(), [""; 0], "the same address is not tried again");
        assert_eq!(named(&house, "KAPOLSEK,35.19.08,,,file,baru\n").await, 1);
        assert_eq!(matters(&house, "baru"), ["1"]);
        named(&house, "KAPOLSEK,35.19.08,,,file,lagi\n").await;
        assert_eq!(matters(&house, "lagi"), [""; 0], "it has heard");
        assert_eq!(sent(&house, 1).await[0].stands(), "failed");
    }
    for house in one_kapolsek(|_| {}).await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        sql(&house, "UPDATE notifications SET state = 'failed'").await;
        house.desk.reject(&analyst("ana"), IncidentId(1), "tidak benar").await.unwrap();
        sql(&house, "UPDATE notifications SET state = 'failed'").await;
        assert_eq!(named(&house, "KAPOLSEK,35.19.08,,,file,baru\n").await, 0, "it is over");
    }
    for house in one_kapolsek(|_| {}).await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.desk.set_place(&analyst("ana"), IncidentId(1), &code("62.10.02.1001")).await.unwrap();
        sql(&house, "UPDATE notifications SET state = 'failed'").await;
        assert_eq!(named(&house, "KAPOLSEK,35.19.08,,,file,baru\n").await, 0, "it lies elsewhere");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_where_the_roster_leads_no_more_counts_as_heard_by_nobody() {
    for house in one_kapolsek(|_| {}).await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        sql(&house, "UPDATE notifications SET state = 'failed'").await;
        // No tick for the roster in between: what tells next finds that the office has not heard.
        read(&house, "KAPOLSEK,35.19.08,,,file,baru\n");
        house.pass(240).await;
        assert_eq!(matters(&house, "baru"), ["1"]);
        assert_eq!(house.teller.catch_up().await.unwrap(), 0, "and not once more");
    }
}

const NOBODY: &str = "CAMAT,62.10.02,,,file,camat\n";
const LAMA: &str = "KAPOLSEK,35.19.08,,,file,lama\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_an_address_that_leaves_the_roster_and_comes_back_unchanged_is_told_after_all() {
    for house in one_kapolsek(|config| config.policy.budget_per_hour = 2).await {
        confirmed(&house, 4).await;
        assert_eq!((named(&house, NOBODY).await, sent(&house, 4).await[0].stands()), (0, UNREACHABLE));
        assert_eq!(named(&house, LAMA).await, 2);
        house.pass(61).await;
        assert_eq!(matters(&house, "lama"), ["1", "2", "3", "4"]);
        assert_eq!(house.teller.catch_up().await.unwrap(), 0, "once");
    }
    for house in one_kapolsek(|_| {}).await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        sql(&house, "UPDATE notifications SET attempts = 1, error = 'x', next_try = next_try + 300000000")
            .await;
        assert_eq!((named(&house, NOBODY).await, house.told()), (0, Vec::<String>::new()));
        // No tick for the roster in between: what tells next finds that the office has not heard.
        read(&house, LAMA);
        house.pass(240).await;
        assert_eq!(matters(&house, "lama"), ["1"]);
        assert_eq!(house.teller.catch_up().await.unwrap(), 0, "and not once more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_desk_that_comes_back_is_paged_of_what_did_not_leave_meanwhile() {
    let desk = "MEJA,35.19,,,file,meja\n";
    for house in one_kapolsek(|_| {}).await {
        named(&house, &format!("{LAMA}{desk}")).await;
        let grave = finding(post("a", "diserang", 0), Category::Kf01, Severity::Siaga, Some(TIRON));
        house.stage.take(&[grave]).await.unwrap();
        assert_eq!((named(&house, LAMA).await, house.told()), (0, Vec::<String>::new()));
        assert_eq!(named(&house, &format!("{LAMA}{desk}")).await, 1);
        assert_eq!(house.messages("meja").len(), 1);
        // An answer calls the desk by no clock: its page is caught up as well.
        house.desk.confirm(&analyst("ana"), IncidentId(1), None, None).await.unwrap();
        house.work().await;
        house.desk.answer(&crate::token(&house, "lama"), Answer::Aman).await.unwrap();
        named(&house, LAMA).await;
        assert_eq!(named(&house, &format!("{LAMA}{desk}")).await, 1);
        assert!(house.messages("meja")[1].contains("Aman / tidak benar"));
        assert_eq!(house.teller.catch_up().await.unwrap(), 0, "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_taken_back_hides_none_that_did_not_get_there() {
    for house in one_kapolsek(|_| {}).await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        sql(&house, "UPDATE notifications SET state = 'failed'").await;
        house.desk.confirm(&analyst("ana"), IncidentId(1), None, None).await.unwrap();
        sql(&house, "UPDATE notifications SET state = 'moot' WHERE reason = 'confirmed'").await;
        assert_eq!(named(&house, "KAPOLSEK,35.19.08,,,file,baru\n").await, 1);
        assert_eq!(matters(&house, "baru"), ["1"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn news_of_a_confirmation_that_did_not_get_there_goes_on_though_its_office_has_answered() {
    for house in one_kapolsek(|_| {}).await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        house.desk.answer(&crate::token(&house, "lama"), Answer::Tahu).await.unwrap();
        house.pass(1).await;
        house.desk.confirm(&analyst("ana"), IncidentId(1), None, None).await.unwrap();
        sql(&house, "UPDATE notifications SET state = 'failed' WHERE reason = 'update'").await;
        assert_eq!(named(&house, "KAPOLSEK,35.19.08,,,file,baru\n").await, 1);
        assert!(house.messages("baru")[0].contains("Jawaban Anda tetap berlaku"));
        let news = sent(&house, 1).await.into_iter().filter(|sent| sent.reason == "update");
        assert!(news.map(|sent| sent.answer).eq([Some(Answer::Tahu); 2]));
    }
}
