//! What becomes of incidents whose posts are judged anew, on every database at hand.

mod support;

use alerts::*;
use stream::*;
use support::*;

/// The verdict of another lexicon on the post of `clash(id, 0)`.
fn anew(id: &str, category: Category, severity: Severity, lexicon: &str) -> Finding {
    let again = finding(clash(id, 0).post, category, severity, Some(TIRON));
    Finding { id: format!("{lexicon} {id}"), lexicon: lexicon.to_owned(), ..again }
}

async fn view(house: &House, id: i64) -> IncidentView {
    house.desk.incident(&analyst("ana"), IncidentId(id)).await.unwrap()
}

/// The lines of history of the kinds that tell where posts went.
fn left(view: &IncidentView) -> Vec<(&str, &str)> {
    let lines = view.history.iter().map(|line| (line.kind.as_str(), line.detail.as_str()));
    lines.filter(|(kind, _)| ["moved", "dropped", "withdrawn", "rejected"].contains(kind)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_emptied_by_new_judgements_was_turned_down_by_nobody_and_says_where_its_posts_went() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let moved = anew("a", Category::Kf01, Severity::Siaga, "0123456789abcdef");
        house.stage.take(&[moved]).await.unwrap();
        let first = view(&house, 1).await;
        assert_eq!((first.incident.status, first.incident.posts), (Status::Ditarik, 0));
        assert_eq!(first.incident.certainty(), Certainty::Withdrawn);
        assert_eq!(left(&first), [("moved", "KTG-2 (0123456789ab)"), ("withdrawn", "")]);
        assert_eq!((first.incident.closing_note, first.actions), (None, Vec::new()));

        // What is for Bawaslu alone is named to no analyst.
        house.stage.take(&[anew("a", Category::Kf14, Severity::Waspada, "fedcba9876543210")]).await.unwrap();
        let second = view(&house, 2).await;
        assert_eq!(second.incident.status, Status::Ditarik);
        assert_eq!(left(&second), [("dropped", "fedcba987654"), ("withdrawn", "")]);
    }
}
