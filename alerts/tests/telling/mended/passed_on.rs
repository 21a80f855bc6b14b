//! What cannot leave for its address goes on at once, but for what was answered or decided meanwhile.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_beyond_the_budget_of_an_address_that_has_left_the_roster_waits_for_no_digest() {
    for house in one_kapolsek(|config| config.policy.budget_per_hour = 1).await {
        confirmed(&house, 1).await;
        house.stage.take(&[clash("a", 1000), clash("b", 1001)]).await.unwrap();
        named(&house, NOBODY).await;
        assert_eq!(sent(&house, 2).await[0].stands(), UNREACHABLE, "it is seen at once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_a_digest_that_was_answered_got_there_and_is_not_asked_again() {
    for house in one_kapolsek(|config| config.policy.budget_per_hour = 1).await {
        confirmed(&house, 2).await;
        house.pass(61).await;
        let digest = house.messages("lama").into_iter().find(|text| text.contains("ID KTG-2")).unwrap();
        house.desk.answer(digest.rsplit("/j/").next().unwrap().trim(), Answer::Tahu).await.unwrap();
        sql(&house, "UPDATE notifications SET state = 'pending', next_try = 0 WHERE reason = 'digest'").await;
        named(&house, "KAPOLSEK,35.19.08,,,file,baru\n").await;
        assert_eq!(sent(&house, 2).await[0].stands(), "digested");
        assert_eq!(matters(&house, "baru"), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_did_not_leave_before_the_decision_goes_on_to_no_other_line() {
    for house in one_kapolsek(|_| {}).await {
        named(&house, "MEJA,35.19,,,file,satu\n").await;
        let grave = finding(post("a", "diserang", 0), Category::Kf01, Severity::Siaga, Some(TIRON));
        house.stage.take(&[grave]).await.unwrap();
        house.desk.confirm(&analyst("ana"), IncidentId(1), None, None).await.unwrap();
        named(&house, "MEJA,35.19,,,file,dua\n").await;
        assert_eq!(house.messages("dua"), [""; 0], "nobody waits for it");
    }
}
