//! KF-14 told by the clock: what Bawaslu hears, and when.

use alerts::*;
use stream::*;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn kf14_is_bawaslus_alone_and_says_nothing_before_release() {
    for house in houses().await {
        let mut item =
            finding(post("a", "pak camat ikut kampanye", 0), Category::Kf14, Severity::Waspada, Some(TIRON));
        item.signals[0].subject = Some(Subject { class: SubjectClass::Lurah, span: None });
        house.stage.take(&[item]).await.unwrap();
        house.pass(2000).await;
        assert_eq!(house.told(), ["bawaslu-35.19"], "a camat is complained of: his kecamatan hears nothing");
        assert!(!house.messages("bawaslu-35.19")[0].contains("camat"));

        let item = finding(
            post("b", "guru kontrak ikut kampanye", 0),
            Category::Kf14,
            Severity::Waspada,
            Some("62.10.02.1001"),
        );
        house.stage.take(&[item]).await.unwrap();
        house.pass(2000).await;
        assert_eq!(house.told(), ["bawaslu-35.19", "panwascam-62.10.02", "pkd-62.10.02.1001"]);
        let message = house.messages("pkd-62.10.02.1001").pop().unwrap();
        assert!(message.contains("menunggu di meja Bawaslu") && !message.contains("kampanye"), "{message}");
        let filter = QueueFilter { queue: Some(Queue::Netralitas), ..QueueFilter::default() };
        for role in [DeskRole::Admin, DeskRole::Analis, DeskRole::Ops] {
            let actor = Actor { role, ..analyst("x") };
            assert!(house.desk.queue(&actor, &filter).await.is_err());
            assert!(matches!(house.desk.incident(&actor, IncidentId(2)).await, Err(DeskError::NotFound)));
            assert!(house.desk.release(&actor, IncidentId(2), "x").await.is_err());
        }
        assert_eq!(
            house.desk.neutrality_findings(&bawaslu(), &QueueFilter::default()).await.unwrap().len(),
            2
        );
        house.desk.release(&bawaslu(), IncidentId(2), "layak ditelusuri").await.unwrap();
        house.work().await;
        assert_eq!(
            house.told(),
            ["bawaslu-35.19", "bawaslu-62.10", "panwascam-62.10.02", "pkd-62.10.02.1001"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_to_nobody_can_be_released_again_and_what_went_out_is_said_once() {
    for house in houses().await {
        let item = finding(post("a", "kades kampanye", 0), Category::Kf14, Severity::Normal, None);
        house.stage.take(&[item]).await.unwrap();
        let (budi, id) = (bawaslu(), IncidentId(1));
        house.desk.release(&budi, id, "layak").await.unwrap();
        let view = house.desk.incident(&budi, id).await.unwrap();
        assert!(view.incident.released && !view.forwarded(), "no place, no Bawaslu");
        assert!(view.history.iter().any(|line| line.kind == "not_told"));
        house.desk.set_place(&budi, id, &code(TIRON)).await.unwrap();
        house.desk.release(&budi, id, "lokasi ditetapkan").await.unwrap();
        let view = house.desk.incident(&budi, id).await.unwrap();
        assert!(view.forwarded());
        assert_eq!(view.told_now.told.last().map(|told| told.why), Some(explain::Why::Released));
        let again = house.desk.release(&budi, id, "sekali lagi").await;
        assert!(matches!(again, Err(DeskError::Status { .. })), "{again:?}");
        house.work().await;
        assert_eq!(house.messages("bawaslu-35.19").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn supervisors_of_a_place_that_bawaslu_sets_hear_that_an_item_waits_and_nothing_of_it() {
    for house in houses().await {
        let place = Some("62.10.02.1001");
        let item = finding(post("a", "kades kampanye", 0), Category::Kf14, Severity::Waspada, place);
        house.stage.take(&[item]).await.unwrap();
        house.work().await;
        let set = house.desk.set_place(&bawaslu(), IncidentId(1), &code("16.07.01.2001")).await.unwrap();
        assert!(set.told.iter().any(|office| office.role == Role::Pkd), "{:?}", set.told);
        house.work().await;
        for address in ["pkd-16.07.01.2001", "panwascam-16.07.01"] {
            let all = house.messages(address);
            assert!(all.len() == 1 && all[0].contains("menunggu di meja Bawaslu"), "{all:?}");
            assert!(!all[0].contains("Indikasi"), "{all:?}");
        }
        // Those of the old place hear no more of what becomes of it either: no level, no category, nothing to answer.
        let away = house.messages("pkd-62.10.02.1001").pop().unwrap();
        assert!(away.contains("[KF-14] RALAT") && away.contains("bukan lagi di wilayah Anda"), "{away}");
        house.desk.set_place(&bawaslu(), IncidentId(1), &code("16.07")).await.unwrap();
        house.work().await;
        let near = house.messages("panwascam-16.07.01").pop().unwrap();
        assert!(near.contains("kini tercatat di Kab. Banyuasin"), "{near}");
        house.desk.reject(&bawaslu(), IncidentId(1), "bukan netralitas").await.unwrap();
        house.work().await;
        let over = house.messages("panwascam-16.07.01").pop().unwrap();
        assert!(over.contains("tidak menunggu lagi"), "{over}");
        for told in [away, near, over] {
            for word in ["WASPADA", "netralitas", "Indikasi", "verifikasi", "Jawab", "http", "analis"] {
                assert!(!told.contains(word), "{word}: {told}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_released_goes_to_the_bawaslu_of_a_place_that_is_set_later_once() {
    for house in houses().await {
        let (budi, id) = (bawaslu(), IncidentId(1));
        let place = Some("62.10.02.1001");
        let item = finding(post("a", "kades kampanye", 0), Category::Kf14, Severity::Waspada, place);
        house.stage.take(&[item]).await.unwrap();
        house.desk.release(&budi, id, "layak ditelusuri").await.unwrap();
        house.work().await;
        let set = house.desk.set_place(&budi, id, &code("16.07.01.2001")).await.unwrap();
        assert!(set.told.iter().any(|office| office.to_string() == "BAWASLU 16.07"), "{:?}", set.told);
        house.desk.set_place(&budi, id, &code("16.07.01")).await.unwrap();
        house.work().await;
        let heard = house.messages("bawaslu-16.07");
        let released = heard.iter().filter(|text| text.contains("telah diteruskan petugas Bawaslu"));
        assert_eq!(released.count(), 1, "{heard:?}");
        assert!(house.messages("bawaslu-62.10").iter().any(|text| text.contains("bukan lagi wilayah Anda")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_came_before_the_roster_is_said_to_wait_once_when_the_roster_comes() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let before = house(dir.path(), &url, "satu", |config| config.roster = None).await;
        let item = finding(
            post("b", "guru kontrak ikut kampanye", 0),
            Category::Kf14,
            Severity::Waspada,
            Some("62.10.02.1001"),
        );
        before.stage.take(&[item]).await.unwrap();
        before.work().await;
        assert_eq!(before.teller.catch_up().await.unwrap(), 0, "there is nobody yet");
        let after = house(dir.path(), &url, "satu", |_| {}).await;
        assert_eq!(after.teller.catch_up().await.unwrap(), 1);
        after.work().await;
        assert_eq!(after.told(), ["panwascam-62.10.02", "pkd-62.10.02.1001"]);
        assert_eq!(after.teller.catch_up().await.unwrap(), 0, "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn officials_of_two_villages_or_of_two_classes_are_never_one_case() {
    for house in houses().await {
        let (kades, pns) = (SubjectClass::Kades, SubjectClass::Pns);
        let cases =
            [("a", TIRON, kades), ("b", "35.19.08.2003", kades), ("c", TIRON, pns), ("d", TIRON, kades)];
        for (minute, (id, village, class)) in (0..).zip(cases) {
            let mut item = finding(post(id, id, minute), Category::Kf14, Severity::Waspada, Some(village));
            item.signals[0].subject = Some(Subject { class, span: None });
            house.stage.take(&[item]).await.unwrap();
        }
        let all = house.desk.neutrality_findings(&bawaslu(), &QueueFilter::default()).await.unwrap();
        let mut posts: Vec<_> = all.iter().map(|view| view.incident.posts).collect();
        posts.sort_unstable();
        assert_eq!(posts, [1, 1, 2], "one official told of twice is one case");
        // Apart as they are, each names the others as what may be the same after all: the nearest first.
        let twice = all.iter().find(|view| view.incident.posts == 2).unwrap();
        let view = house.desk.incident(&bawaslu(), twice.incident.id).await.unwrap();
        let near: Vec<(Near, Option<RegionCode>)> =
            view.maybe_same.iter().map(|same| (same.near, same.incident.place.clone())).collect();
        let next = Some(code("35.19.08.2003"));
        assert_eq!(near, [(Near::Place, Some(code(TIRON))), (Near::Kecamatan, next)]);
        assert!(view.maybe_same.iter().all(|same| same.kinship == Kinship::Same));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_a_kades_hands_out_reaches_bawaslu_and_each_desk_sees_its_own_reading_alone() {
    for house in houses().await {
        let text = "kades bagi amplop untuk paslon, laporan";
        let mut gift = finding(post("a", text, 0), Category::Kf07, Severity::Waspada, Some(TIRON));
        let mut partial = gift.signals[0].clone();
        let read_otherwise = |category| Account {
            voice: Voice::Unknown,
            voice_span: None,
            candidate: None,
            other_candidates: Vec::new(),
            time: None,
            election: None,
            stage: None,
            laws: Vec::new(),
            runner_up: Some(RunnerUp { category, cleared_by: None }),
            hinges_on: Vec::new(),
        };
        partial.category = Category::Kf14;
        partial.subject = Some(Subject { class: SubjectClass::Kades, span: None });
        partial.account = Some(read_otherwise(Category::Kf07));
        gift.signals[0].account = Some(read_otherwise(Category::Kf14));
        gift.signals.push(partial);
        gift.cleared = [Category::Kf14, Category::Kf07]
            .map(|category| Cleared {
                hit: Hit { rule: format!("{category}-x"), spans: Vec::new() },
                category,
                guard: "g".to_owned(),
                span: None,
            })
            .to_vec();
        house.stage.take(&[gift]).await.unwrap();
        let queue = |queue| QueueFilter { queue: Some(queue), ..QueueFilter::default() };
        let of = async |actor: &Actor, filter| {
            let rows = house.desk.queue(actor, &queue(filter)).await.unwrap();
            assert_eq!(rows.len(), 1);
            house.desk.incident(actor, rows[0].incident.id).await.unwrap()
        };
        let sees = |view: &IncidentView| {
            let finding = &view.posts[0].finding;
            let signals: Vec<_> = finding.signals.iter().map(|signal| signal.category).collect();
            let cleared: Vec<_> = finding.cleared.iter().map(|cleared| cleared.category).collect();
            let other = finding.signals[0].account.as_ref().and_then(|account| account.runner_up.clone());
            (signals, cleared, other)
        };
        let (ana, budi) = (analyst("ana"), bawaslu());
        let (conflict, neutral) = (of(&ana, Queue::Konflik).await, of(&budi, Queue::Netralitas).await);
        assert_eq!(sees(&conflict), (vec![Category::Kf07], vec![Category::Kf07], None));
        assert_eq!(sees(&neutral), (vec![Category::Kf14], vec![Category::Kf14], None));
        // Only Bawaslu's reading complains of the kades: the desk sees who is left out, and no reason of that.
        let speaks_of_complaint = |view: &IncidentView| {
            let both = [&view.told_now, &view.told_after_confirmation];
            let all = both.into_iter().flat_map(|told| told.told.iter().chain(&told.not_told));
            all.filter(|because| because.why.as_str().contains("accused")).count()
        };
        assert_eq!(speaks_of_complaint(&conflict), 0, "{:?}", conflict.told_now);
        assert!(conflict.told_now.not_told.iter().any(|because| because.why == explain::Why::Rules));
        assert!(speaks_of_complaint(&neutral) > 0, "{:?}", neutral.told_now);
        house.desk.confirm(&ana, conflict.incident.id, None, None).await.unwrap();
        house.work().await;
        let told = house.told();
        assert!(told.contains(&"bawaslu-35.19".to_owned()), "{told:?}");
        assert!(told.contains(&"panwascam-35.19.08".to_owned()), "{told:?}");
        assert!(!told.iter().any(|office| office.starts_with("kades") || office.starts_with("camat")));
        let message = house.messages("bawaslu-35.19").pop().unwrap();
        assert!(message.contains("KF-07") && message.contains("Indikasi"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_bawaslu_hears_of_leads_to_its_page_where_the_consoles_address_is_known() {
    for house in houses_with(|config| config.console_url = Some("http://meja.example/".into())).await {
        let item = finding(post("a", "camat kampanye", 0), Category::Kf14, Severity::Siaga, Some(TIRON));
        house.stage.take(&[item]).await.unwrap();
        house.work().await;
        house.desk.release(&bawaslu(), IncidentId(1), "layak ditelusuri").await.unwrap();
        house.work().await;
        let heard = house.messages("bawaslu-35.19");
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert!(heard.iter().all(|text| text.contains("http://meja.example/netralitas/KTG-1")), "{heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bawaslu_is_asked_nothing_of_what_was_released_to_it_and_hears_who_turned_it_down() {
    for house in houses().await {
        let (budi, id) = (bawaslu(), IncidentId(1));
        let place = Some("62.10.02.1001");
        let item = finding(post("a", "kades kampanye", 0), Category::Kf14, Severity::Waspada, place);
        house.stage.take(&[item]).await.unwrap();
        house.desk.release(&budi, id, "layak ditelusuri").await.unwrap();
        house.work().await;
        let last = || house.messages("bawaslu-62.10").pop().unwrap();
        house.desk.set_place(&budi, id, &code("62.10.01")).await.unwrap();
        house.work().await;
        let corrected = last();
        assert!(corrected.contains("RALAT: lokasi sekarang Kec."), "{corrected}");
        house.desk.reject(&budi, id, "bukan netralitas").await.unwrap();
        house.work().await;
        let over = last();
        assert!(over.contains("[DIBATALKAN][KF-14]"), "{over}");
        assert!(
            over.contains("tidak dilanjutkan oleh petugas Bawaslu") && !over.contains("analis"),
            "{over}"
        );
        for told in [&corrected, &over] {
            assert!(told.contains("Tidak perlu tindakan"), "{told}");
            assert!(!told.contains("/j/") && !told.to_lowercase().contains("jawab"), "{told}");
        }
        let before = house.messages("bawaslu-62.10").len();
        house.pass(2000).await;
        assert_eq!(house.messages("bawaslu-62.10").len(), before, "nobody reminds it");
    }
}
