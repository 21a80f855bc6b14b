//! The made-up day from outside: played fast it leaves incidents in all four kabupaten, and its texts are judged as a
//! careful officer would want them judged.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::free_pair;
use serde_json::{Value, json};

fn kentongan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kentongan"));
    command.env_remove("KENTONGAN_LANG").stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// A demo that runs until the test is over.
struct Demo {
    child: Child,
    base: String,
    said: String,
}

impl Demo {
    /// Plays the day on `data` and waits until it is over.
    fn played(data: &Path) -> Demo {
        let listen = format!("127.0.0.1:{}", free_pair());
        let mut command = kentongan();
        command.args(["demo", "--seconds", "20", "--listen", &listen]).arg("--data").arg(data);
        let mut child = command.spawn().expect("the command runs");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let mut demo = Demo { child, base: format!("http://{listen}"), said: String::new() };
        while !demo.said.contains("Konsol tetap menyala") {
            assert!(out.read_line(&mut demo.said).expect("a line") > 0, "it ended:\n{}", demo.said);
        }
        demo
    }

    fn password(&self, name: &str) -> &str {
        let line = self.said.lines().find(|line| line.contains(&format!("masuk sebagai {name}")));
        line.and_then(|line| line.rsplit(' ').next()).expect("the password is printed")
    }

    /// Signs in as `name`.
    async fn sign_in(&self, name: &str) -> Visitor {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let form = client.get(format!("{}/masuk", self.base)).send().await.unwrap();
        let before = cookie(&form);
        let page = form.text().await.unwrap();
        let token = page.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let body = format!("token={}&ke=&name={name}&password={}", token.unwrap(), self.password(name));
        let login = client.post(format!("{}/masuk", self.base)).header("cookie", before);
        let login = login.header("content-type", "application/x-www-form-urlencoded").body(body);
        let cookie = cookie(&login.send().await.unwrap());
        Visitor { client, cookie, base: self.base.clone() }
    }
}

/// Somebody who has signed in.
struct Visitor {
    client: reqwest::Client,
    cookie: String,
    base: String,
}

impl Visitor {
    async fn page(&self, path: &str) -> String {
        let page = self.client.get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        page.send().await.unwrap().text().await.unwrap()
    }

    /// Waits until the line of the source `demo` on the page of sources holds all of `parts`: the sources are looked at
    /// every few seconds.
    async fn source(&self, parts: &[&str]) {
        let mut page = String::new();
        for _ in 0..40 {
            page = self.page("/sumber").await;
            let row = page.split("<tr>").find(|row| row.contains("<b>demo</b>"));
            if row.is_some_and(|row| parts.iter().all(|part| row.contains(part))) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("{parts:?} in:\n{page}");
    }
}

/// The first cookie that `response` sets.
fn cookie(response: &reqwest::Response) -> String {
    let set = response.headers()["set-cookie"].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_temporary_folder_is_said_to_go_before_it_goes_and_once_it_is_gone() {
    let around = tempfile::tempdir().expect("a folder");
    let listen = format!("127.0.0.1:{}", free_pair());
    let mut command = kentongan();
    command.args(["demo", "--seconds", "600", "--listen", &listen]).env("TMPDIR", around.path());
    let mut child = command.spawn().expect("the command runs");
    let mut out = BufReader::new(child.stdout.take().expect("its output"));
    let mut said = String::new();
    while !said.contains("unggahan satu hari") {
        assert!(out.read_line(&mut said).expect("a line") > 0, "it ended:\n{said}");
    }
    assert!(said.contains("Folder itu sementara") && said.contains("--data FOLDER"), "{said}");
    let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(stopped.expect("kill runs").success());
    out.read_to_string(&mut said).expect("the rest");
    assert!(child.wait().expect("it ends").success(), "{said}");
    assert!(said.contains("folder sementaranya dihapus bersama pesannya: "), "{said}");
    assert_eq!(std::fs::read_dir(around.path()).expect("the folder").count(), 0, "nothing is left there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_day_leaves_incidents_in_all_four_kabupaten_and_tells_offices_through_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Demo::played(folder.path());
    assert!(demo.said.contains("SIMULASI – DATA REKAAN"), "{}", demo.said);
    for told in ["bukan pasangan calon sungguhan mana pun", "Hari pemungutan suara rekaan: "] {
        assert!(demo.said.contains(told), "{told} in:\n{}", demo.said);
    }
    let numbers =
        |line: &str| -> Vec<usize> { line.split(' ').filter_map(|word| word.parse().ok()).collect() };
    let all = demo.said.lines().find(|line| line.starts_with("Hari rekaan selesai: ")).map(numbers);
    let by_region = demo.said.lines().filter(|line| line.starts_with("  ") && line.contains("WASPADA "));
    assert_eq!(all, Some(vec![by_region.flat_map(numbers).sum()]), "{}", demo.said);
    for kabupaten in ["Kab. Gunung Mas", "Kab. Banyuasin", "Kab. Pamekasan", "Kab. Madiun"] {
        assert!(demo.said.contains(kabupaten), "{kabupaten} in:\n{}", demo.said);
    }
    let messages: Vec<String> = std::fs::read_dir(folder.path().join("outbox"))
        .expect("the offices' folders")
        .flat_map(|office| std::fs::read_dir(office.expect("a folder").path()).expect("messages"))
        .map(|message| std::fs::read_to_string(message.expect("a message").path()).expect("text"))
        .collect();
    assert!(messages.len() > 50, "{} messages", messages.len());
    let told = format!("Pesan kepada kantor, satu berkas tiap pesan: {}/outbox\n", folder.path().display());
    assert!(demo.said.contains(&told), "{}", demo.said);
    assert!(!demo.said.contains("Folder itu sementara"), "a folder that was named stays");
    for message in messages {
        assert!(message.contains("SIMULASI – DATA REKAAN"), "{message}");
    }
    // Its posts came in through a source like any other, and the page of sources says so.
    let ana = demo.sign_in("analis").await;
    ana.source(&["folder", "hidup", &day().len().to_string()]).await;
    let page = ana.page("/antrean").await;
    assert!(page.contains("SIMULASI – DATA REKAAN") && page.contains("Kab. Madiun"), "{page}");
    looks_like_a_desk_at_work(&page);
    // An AWAS that a colleague confirmed waits for the reader as its second person.
    let second = page.split("<li class=\"row").skip(1).find(|row| row.contains("menunggu orang kedua"));
    let second = second.and_then(|row| row.split("href=\"").nth(1)?.split('"').next()).expect("such a row");
    let page = ana.page(second).await;
    assert!(page.contains("konfirmasi AWAS di bawah"), "{page}");
    let ani = demo.sign_in("analis2").await;
    assert!(ani.page("/antrean").await.contains(second), "the second analyst sees the same");
    let beni = demo.sign_in("bawaslu").await;
    assert!(beni.page("/netralitas").await.contains("sudah diteruskan"));
}

/// A queue after a day of work: few rows overdue, all severities, and most of what is open decided by somebody.
fn looks_like_a_desk_at_work(page: &str) {
    let rows: Vec<&str> = page.split("<li class=\"row").skip(1).collect();
    let with = |part: &str| rows.iter().filter(|row| row.contains(part)).count();
    let (late, undecided) = (with("keputusan: lewat"), with("keputusan: "));
    let said = format!("{} rows, {undecided} to decide, {late} overdue", rows.len());
    common::say(&said);
    assert!((15..=45).contains(&rows.len()) && (3..=15).contains(&undecided) && late <= 4, "{said}");
    for (severity, least) in [("awas\"", 1), ("siaga\"", 5), ("waspada\"", 5)] {
        let held = with(&format!("<span class=\"sev {severity}"))
            + with(&format!("<span class=\"sev open {severity}"));
        assert!(held >= least && held * 3 <= rows.len() * 2, "{held} {severity} of {said}");
    }
    assert!(with("unggahan terakhir") + with(", terakhir ") == rows.len(), "times say what they are of");
}

/// The posts of the day, as they were written.
fn day() -> Vec<Value> {
    let posts = include_str!("../deploy/demo/posts.jsonl");
    posts.lines().map(|line| serde_json::from_str(line).expect("a post")).collect()
}

#[test]
fn the_readme_of_the_day_counts_what_its_posts_hold() {
    let (readme, posts) = (include_str!("../deploy/demo/README.md"), day());
    let of = |queue: &str| posts.iter().filter(|post| post["expect"]["queue"] == queue).count();
    let awas = posts.iter().filter(|post| post["expect"]["severity"] == "AWAS").count();
    let share = of("tidak") * 100 / posts.len();
    for part in [
        format!("| {} posts and field notes", posts.len()),
        format!("AWAS is expected of {awas} posts"),
        format!("| {} ({share} %) |", of("tidak")),
        format!("| {} |", of("konflik")),
        format!("| {} |", of("netralitas")),
    ] {
        assert!(readme.contains(&part), "{part}");
    }
}

/// The queue that each of `posts` is put into on the eve of the vote of 2024, by the command `judge`.
fn queues(posts: &[Value]) -> Vec<String> {
    let mut child = kentongan().args(["judge", "-"]).spawn().expect("the command runs");
    let mut input = child.stdin.take().expect("its input");
    let lines: String = posts
        .iter()
        .map(|post| {
            let mut item = post.as_object().expect("an object").clone();
            item.remove("expect");
            let at = item.remove("at").and_then(|at| at.as_u64()).expect("a minute");
            item.insert(
                "posted_at".into(),
                json!(format!("2024-11-26T{:02}:{:02}:00+07:00", at / 60, at % 60)),
            );
            format!("{}\n", Value::Object(item))
        })
        .collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let out = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads everything");
    let judged = String::from_utf8(out.stdout).expect("UTF-8");
    let queue = |line: &str| {
        let judged: Value = serde_json::from_str(line).expect("a judgement");
        judged["queue"].as_str().expect("a queue").to_owned()
    };
    judged.lines().map(queue).collect()
}

#[test]
fn most_conflict_texts_of_the_day_are_found_and_few_calm_ones_alarm() {
    let posts = day();
    let judged = queues(&posts);
    assert_eq!(judged.len(), posts.len());
    let mut wrong = Vec::new();
    // Of the texts whose `expect` says `queue`: how many there are, and how many were put where `right` says.
    let mut share = |queue: &str, right: &dyn Fn(&str) -> bool| {
        let of: Vec<_> =
            posts.iter().zip(&judged).filter(|(post, _)| post["expect"]["queue"] == queue).collect();
        let fits = of.iter().filter(|(_, judged)| right(judged)).count();
        wrong.extend(
            of.iter()
                .filter(|(_, judged)| *judged != queue)
                .map(|(post, judged)| format!("{queue} → {judged}: {} {}", post["id"], post["text"])),
        );
        (fits, of.len())
    };
    let (found, conflict) = share("konflik", &|judged| judged == "konflik");
    let (alarmed, calm) = share("tidak", &|judged| judged != "tidak");
    let said = format!("{found} of {conflict} conflict texts found, {alarmed} of {calm} calm texts alarmed");
    common::say(&said);
    assert!(
        found * 100 >= conflict * FOUND && alarmed * 100 <= calm * ALARMED,
        "{said}\n{}",
        wrong.join("\n")
    );
}

/// At least so many of a hundred conflict texts are found.
const FOUND: usize = 80;
/// At most so many of a hundred calm texts alarm.
const ALARMED: usize = 4;
