//! The pages as somebody reads them who has chosen English: no word of ours is left in Indonesian.

use alerts::DeskRole;

use crate::common::World;
use crate::common::client::Client;

/// Words that every longer Indonesian text of ours has, and no English one.
const INDONESIAN: [&str; 22] = [
    "yang",
    "dan",
    "dari",
    "untuk",
    "dengan",
    "oleh",
    "atau",
    "belum",
    "sudah",
    "tidak",
    "ada",
    "unggahan",
    "insiden",
    "berita",
    "lapangan",
    "analis",
    "kirim",
    "baca",
    "sajam",
    "korban",
    "hasil",
    "dibatalkan",
];

/// `page` as it is read, without what people wrote: posts, messages, quotes, and what stands inside tags.
fn ours(page: &str) -> String {
    let mut text = page.to_owned();
    for (open, close) in
        [("<blockquote", "</blockquote>"), ("<p class=\"excerpt", "</p>"), ("“", "”"), ("<", ">")]
    {
        while let Some(from) = text.find(open) {
            let Some(to) = text[from..].find(close) else { break };
            text.replace_range(from..from + to + close.len(), " ");
        }
    }
    text
}

fn leftovers(page: &str) -> Vec<String> {
    let text = ours(page).to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| INDONESIAN.contains(word)).map(str::to_owned).collect()
}

async fn in_english(world: &World, name: &str, role: DeskRole) -> Client {
    let mut client = world.sign_in(name, role, &[]).await;
    client.cookie += "; kentongan_bahasa=en";
    client
}

#[tokio::test]
async fn no_page_in_english_holds_a_word_of_ours_in_indonesian() {
    let world = World::new(false).await;
    world.day().await;
    world
        .state
        .accounts
        .add_token("papan", console::accounts::TokenScope::Send, "kabar", true, None)
        .await
        .unwrap();
    let id = async |category: &str| world.id_of(category).await;
    let incidents = [id("KF-02").await, id("KF-04").await, id("KF-12").await];
    let pages = [
        (
            DeskRole::Analis,
            ["/antrean?status=semua", "/sumber", "/pejabat", "/bantuan", "/cari?kata=Kurun"]
                .map(String::from)
                .to_vec(),
        ),
        (DeskRole::Analis, incidents.iter().map(|id| format!("/kejadian/{id}")).collect()),
        (DeskRole::Bawaslu, vec!["/netralitas".to_owned(), format!("/netralitas/{}", id("KF-14").await)]),
        (DeskRole::Admin, vec!["/orang".to_owned(), "/sandi".to_owned()]),
    ];
    for (n, (role, paths)) in pages.into_iter().enumerate() {
        let client = in_english(&world, &format!("u{n}"), role).await;
        for path in paths {
            let page = client.get(&path).await.body;
            assert!(page.contains("lang=\"en\""), "{path}");
            assert_eq!(leftovers(&page), [""; 0], "{path}: {}", ours(&page));
        }
    }
    let people = in_english(&world, "adi", DeskRole::Admin).await.get("/orang").await.body;
    assert!(people.contains("analyst") && people.contains("sends posts"), "{people}");
}
