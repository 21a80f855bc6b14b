//! What a row of the queue says, and in which order rows stand.

use super::*;
use crate::fixture;
use jiff::SignedDuration;

fn row(id: i64, category: Category, severity: Severity, place: Option<&str>, excerpt: &str) -> IncidentRow {
    let incident = fixture::incident(id, category, severity, place);
    let minutes = match severity {
        Severity::Normal => None,
        Severity::Waspada => Some(240),
        Severity::Siaga => Some(30),
        Severity::Awas => Some(5),
    };
    IncidentRow {
        next_clock: minutes.map(|minutes| incident.created_at + SignedDuration::from_mins(minutes)),
        incident,
        excerpt: excerpt.to_owned(),
        excerpt_marks: excerpt.find("kumpul").map(|at| at..at + 6).into_iter().collect(),
        rests: 0,
        choose_place: false,
        graver: false,
        told: 0,
        answered: 0,
    }
}

fn day() -> Vec<IncidentRow> {
    vec![
        row(
            12,
            Category::Kf04,
            Severity::Awas,
            Some("62.10.02.1012"),
            "Kotak suara di TPS 02 terbakar, warga berkerumun dan petugas belum datang. Mohon bantuan segera.",
        ),
        row(
            15,
            Category::Kf02,
            Severity::Siaga,
            Some("35.28.06"),
            "Besok jam 9 kita kumpul di depan kantor kecamatan, bawa alat. Hubungi @warga_rekaan",
        ),
        row(
            9,
            Category::Kf07,
            Severity::Waspada,
            Some("16.07.01"),
            "Ada yang bagi amplop 50rb per kepala di dusun 3, katanya untuk besok pagi.",
        ),
        row(
            18,
            Category::Kf12,
            Severity::Waspada,
            None,
            "Jalan masuk kebun sudah ditutup portal warga sejak pagi, truk tidak bisa lewat.",
        ),
        row(
            20,
            Category::Kf03,
            Severity::Normal,
            Some("35.19.08"),
            "Aksi damai di depan kantor besok pukul 10, sudah ada pemberitahuan ke polres.",
        ),
    ]
}

fn rows(rows: &[IncidentRow]) -> Rows {
    sorted(Lang::Id, rows, "", "ana", "4 dari 5 sumber hidup".to_owned(), fixture::now())
}

#[test]
fn without_a_feed_or_folder_no_source_is_counted() {
    assert_eq!(
        alive_of(&[], Lang::Id, fixture::now()),
        "belum ada umpan atau folder yang diatur; unggahan datang lewat impor atau API"
    );
    let source = crate::SourceHealth {
        name: "pantau".to_owned(),
        kind: "folder".to_owned(),
        state: crate::SourceState::Alive,
        posts: 0,
        last_post: None,
        error: None,
    };
    assert_eq!(
        alive_of(&[source], Lang::Id, fixture::now()),
        "1 dari 1 sumber hidup · unggahan terakhir belum ada"
    );
}

#[test]
fn proposals_of_awas_and_siaga_stand_on_top_and_normal_is_folded() {
    let html = rows(&day()).render().unwrap();
    let at = |id: &str| html.find(&format!("id=\"{id}\"")).unwrap();
    assert!(at("KTG-12") < at("KTG-15") && at("KTG-15") < at("KTG-9"));
    let fold = html.find("<details").unwrap();
    assert!(at("KTG-18") < fold && fold < at("KTG-20"));
    assert!(html.contains("usulan AWAS") && !html.contains("warga_rekaan"));
}

#[test]
fn an_undecided_proposal_shows_the_clock_of_its_severity() {
    let html = rows(&day()).render().unwrap();
    // AWAS was made seven minutes ago and had five; SIAGA has 23 minutes left.
    assert!(html.contains("lewat 2 mnt") && html.contains("sisa 23 mnt"), "{html}");
    assert!(html.contains("kita <mark>kumpul</mark> di depan"), "{html}");
}

#[test]
fn what_is_overdue_is_red_at_every_level_and_says_so_where_nobody_was_told() {
    let late = |severity, told| {
        let mut late = row(12, Category::Kf04, severity, Some("62.10.02.1012"), "terbakar");
        late.next_clock = Some(fixture::now() - SignedDuration::from_mins(40));
        late.told = told;
        rows(&[late]).render().unwrap()
    };
    let red = |html: &str| html.contains("clock num late");
    let unheard = late(Severity::Awas, 0);
    assert!(red(&unheard) && unheard.contains("lewat 40 mnt"), "{unheard}");
    assert!(unheard.contains("belum ada yang diberi tahu"));
    let told = late(Severity::Siaga, 3);
    assert!(red(&told) && told.contains("lewat 40 mnt") && !told.contains("belum ada yang diberi tahu"));
    assert!(red(&late(Severity::Awas, 3)) && red(&late(Severity::Waspada, 3)));
}

#[test]
fn a_row_whose_place_is_a_guess_says_so_in_its_heading() {
    let mut guess = row(12, Category::Kf04, Severity::Siaga, Some("35.21"), "terbakar");
    assert!(!rows(std::slice::from_ref(&guess)).render().unwrap().contains("belum pasti"));
    guess.choose_place = true;
    let html = rows(&[guess]).render().unwrap();
    assert!(html.contains("data-open>Lokasi belum pasti (Kab. Ngawi"), "{html}");
}

#[test]
fn what_was_turned_down_or_confirmed_proposes_nothing_any_more() {
    let mut done = row(12, Category::Kf04, Severity::Awas, Some("62.10.02.1012"), "terbakar");
    (done.next_clock, done.incident.status) = (None, Status::Ditolak);
    let html = rows(std::slice::from_ref(&done)).render().unwrap();
    assert!(!html.contains("usulan") && !html.contains("sev awas"), "{html}");
    (done.incident.status, done.incident.effective) = (Status::Dikonfirmasi, Some(Severity::Awas));
    let html = rows(&[done]).render().unwrap();
    assert!(!html.contains("usulan") && html.contains("sev awas"), "{html}");
}

#[test]
fn a_row_says_that_a_choice_between_places_of_one_name_would_settle_where_it_lies() {
    let mut open = row(12, Category::Kf04, Severity::Siaga, Some("35.19"), "terbakar");
    let said = "pilih tempat: ada yang senama";
    assert!(!rows(std::slice::from_ref(&open)).render().unwrap().contains(said));
    open.choose_place = true;
    assert!(rows(&[open]).render().unwrap().contains(said));
}

#[test]
fn a_row_says_that_what_came_after_the_decision_is_graver() {
    let mut decided = row(12, Category::Kf04, Severity::Siaga, Some("62.10.02.1012"), "terbakar");
    (decided.incident.status, decided.incident.effective) = (Status::Dikonfirmasi, Some(Severity::Waspada));
    assert!(!rows(std::slice::from_ref(&decided)).render().unwrap().contains("lebih berat"));
    decided.graver = true;
    let html = rows(&[decided]).render().unwrap();
    assert!(html.contains("unggahan lebih berat setelah keputusan"), "{html}");
}

#[test]
fn a_row_says_what_its_times_are_the_time_of() {
    let mut matter = row(12, Category::Kf04, Severity::Siaga, Some("62.10.02.1012"), "terbakar");
    let html = rows(std::slice::from_ref(&matter)).render().unwrap();
    assert!(html.contains("keputusan: sisa 23 mnt"), "{html}");
    assert!(html.contains("unggahan pertama 20 mnt lalu, terakhir 8 mnt lalu"), "{html}");
    matter.incident.first_event = matter.incident.last_event;
    let html = rows(&[matter]).render().unwrap();
    assert!(html.contains("unggahan terakhir 8 mnt lalu"), "{html}");
}

#[test]
fn an_awas_that_waits_for_its_second_person_stands_with_what_is_to_be_decided() {
    let mut half = row(12, Category::Kf04, Severity::Awas, Some("62.10.02.1012"), "terbakar");
    (half.incident.status, half.incident.effective) = (Status::Dikonfirmasi, Some(Severity::Siaga));
    half.incident.awas_waits_for_second = Some("piket-1".to_owned());
    let shown = rows(std::slice::from_ref(&half));
    assert_eq!((shown.pressing.len(), shown.other.len()), (1, 0));
    let html = shown.render().unwrap();
    assert!(html.contains("menunggu orang kedua") && html.contains("usulan AWAS"), "{html}");
    assert!(html.contains("berlaku SIAGA"), "{html}");
}

#[test]
fn a_row_says_in_words_and_shape_on_how_many_rules_it_rests() {
    let mut day = day();
    (day[0].rests, day[1].rests) = (1, 2);
    let html = rows(&day).render().unwrap();
    assert!(html.contains("satu petunjuk") && html.contains("●○○○"), "{html}");
    assert!(html.contains("dua petunjuk") && html.contains("●●○○"), "{html}");
}

#[test]
fn an_empty_queue_says_that_the_sources_live() {
    let html = rows(&[]).render().unwrap();
    assert!(html.contains("4 dari 5 sumber hidup"));
}

#[test]
fn a_queue_that_a_filter_leaves_empty_is_not_called_a_quiet_one() {
    let html = Rows { filtered: true, ..rows(&[]) }.render().unwrap();
    assert!(html.contains("di luar saringan mungkin ada") && html.contains("href=\"/antrean\""), "{html}");
    assert!(!html.contains("sumber hidup"), "{html}");
}

#[test]
fn a_row_names_the_villages_of_its_kecamatan() {
    let mut row = row(3, Category::Kf13, Severity::Waspada, Some("62.10.02"), "dua desa bentrok");
    row.incident.scenes = vec![fixture::scene("62.10.02.1012", 1), fixture::scene("62.10.02.2003", 1)];
    let shown = Row::new(Lang::Id, &row, "/kejadian", "ana", fixture::now()).place;
    assert!(shown.starts_with("Kec. Kurun, Kab. Gunung Mas: ") && shown.contains(", Desa "), "{shown}");
}

#[test]
fn a_line_of_several_villages_counts_the_sources_of_one_and_says_that_a_reporter_spoke_of_some() {
    let mut line = row(12, Category::Kf01, Severity::Siaga, Some("62.10.02"), "bentrok");
    line.incident.reporter = true;
    line.incident.scenes = vec![fixture::scene("62.10.02.1001", 2), fixture::scene("62.10.02.1003", 1)];
    line.incident.scenes[0].reporter = true;
    let shown = Row::new(Lang::Id, &line, "/kejadian", "ana", fixture::now());
    assert_eq!(shown.sources, "tiap desa hingga 2 sumber");
    assert_eq!(shown.flags, ["pelapor terdaftar untuk sebagian desa"]);
    assert_eq!(shown.place.matches("(dari pelapor)").count(), 1, "{}", shown.place);
}

#[test]
fn a_row_offers_what_its_page_offers_and_what_one_person_confirmed_is_not_turned_down() {
    let mut half = row(12, Category::Kf04, Severity::Awas, Some("62.10.02.1012"), "terbakar");
    let offers = |row: &IncidentRow| {
        let shown = rows(std::slice::from_ref(row));
        let html = shown.render().unwrap();
        let first = chosen(&shown, "").expect("one row");
        assert_eq!(html.contains(" data-x"), first.reject, "{html}");
        assert!(html.contains(&format!("data-e=\"{}\"", first.confirm)), "{html}");
        (first.confirm, first.reject)
    };
    assert_eq!(offers(&half), ("Konfirmasi", true));
    (half.incident.status, half.incident.effective) = (Status::Dikonfirmasi, Some(Severity::Siaga));
    half.incident.awas_waits_for_second = Some("piket-1".to_owned());
    assert_eq!(offers(&half), ("Konfirmasi sebagai orang kedua", false), "the second person's");
    half.incident.awas_waits_for_second = Some("ana".to_owned());
    assert_eq!(offers(&half), ("Telepon balik atau jenjang lain", false), "her own half stands");
    half.incident.awas_waits_for_second = None;
    assert_eq!(offers(&half), ("Ubah jenjang", false));
    half.incident.status = Status::Selesai;
    let over = rows(&[half]).render().unwrap();
    assert!(!over.contains(" data-e") && !over.contains(" data-x"), "{over}");
}
