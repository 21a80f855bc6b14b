//! kill -9 of each role at random moments while posts come in over Kafka: nothing is lost, nothing is made twice.

mod common;

#[path = "common/line/mod.rs"]
mod line;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use line::mail::{Smtp, installed};
use line::process::free_port;
use line::receiver::{Receiver, Taken};
use line::store::{Incident, Message, Store, Told};
use line::texts::{Made, PLACES, lines, roster, stream};
use line::{Line, Process, Role, Setup, tell};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tempfile::TempDir;

const KILLS: usize = 20;
/// Posts that are sent together.
const CHUNK: usize = 12;

/// An installation whose offices are reached through all three channels, and what they got.
struct World {
    line: Line,
    token: String,
    hooks: Receiver,
    mails: Smtp,
    _folder: TempDir,
}

impl World {
    async fn new(setup: Setup) -> World {
        let folder = tempfile::tempdir().unwrap();
        let (hooks, url) = Receiver::start().await;
        let port = free_port();
        let mails = Smtp::start(port, &folder.path().join("maildir"));
        let secret = folder.path().join("webhook.secret");
        std::fs::write(&secret, "whsec_cmVrYWFuIHJla2FhbiByZWthYW4gcmVrYWFu\n").unwrap();
        let channels = format!(
            "[alerts.webhook]\nsecret_file = \"{}\"\n[alerts.email]\nhost = \"127.0.0.1\"\nport = {port}\n\
             security = \"none\"\nfrom = \"kentongan@meja.example\"\n",
            secret.display()
        );
        let reach = |number: usize, office: &str| match number % 3 {
            0 => format!("webhook,{url}/{office}"),
            1 => format!("email,{office}@kantor.example"),
            _ => format!("file,{office}"),
        };
        let line = Line::new(Setup { roster: roster(reach), channels, ..setup });
        line.make_topics();
        let token = line.token(&["pemantau"]);
        World { line, token, hooks, mails, _folder: folder }
    }

    /// Sends `posts` to the API, each chunk again and again until it is accepted.
    fn feed(&self, role: Role, posts: &[Made], pace: Duration) -> tokio::task::JoinHandle<usize> {
        let url = format!("{}/api/v1/posts", self.line.outer(role));
        let (token, bodies): (String, Vec<String>) =
            (self.token.clone(), posts.chunks(CHUNK).map(lines).collect());
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            let mut again = 0;
            for body in bodies {
                while !is_accepted(&client, &url, &token, &body).await {
                    again += 1;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                tokio::time::sleep(pace).await;
            }
            again
        })
    }

    async fn store(&self) -> Store {
        Store::open(&self.line.database()).await
    }
}

async fn is_accepted(client: &reqwest::Client, url: &str, token: &str, body: &str) -> bool {
    let request = client.post(url).bearer_auth(token).header("content-type", "application/x-ndjson");
    request.body(body.to_owned()).send().await.is_ok_and(|answer| answer.status().is_success())
}

/// The stream of this test: the calls to one place after those to another, so that there is always something to tell.
fn posts(now: Timestamp) -> Vec<Made> {
    let mut posts = stream(20, 1200, PLACES.len(), 12, now);
    let (mut everyday, all) = (0, 1200 / PLACES.len());
    posts.sort_by_cached_key(|post| match post.place {
        Some(code) => PLACES.iter().position(|(_, own)| *own == code).unwrap(),
        None => {
            everyday += 1;
            (everyday - 1) / all
        }
    });
    posts
}

/// What an unkilled run on the embedded bus makes of `posts`.
async fn unkilled(posts: &[Made]) -> (Vec<Incident>, BTreeSet<Told>) {
    let world = World::new(Setup::default()).await;
    let serve = world.line.run(Role::Serve).await;
    world.feed(Role::Serve, posts, Duration::ZERO).await.unwrap();
    world.line.settled().await;
    let store = world.store().await;
    let result = (store.incidents().await, told(&store).await);
    check_receipts(&world, &store.messages().await);
    serve.stop_well().await;
    result
}

/// Whom it told what, by which kind of channel: the receivers' addresses differ from run to run.
async fn told(store: &Store) -> BTreeSet<Told> {
    let plain = |mut told: Told| {
        told.channel = told.channel.split('/').next().unwrap().to_owned();
        told
    };
    store.told().await.into_iter().map(plain).collect()
}

/// Kills roles of `running` at random moments, and starts each again at once.
async fn kill(world: &World, running: &mut BTreeMap<Role, Process>, random: &mut StdRng) -> String {
    let mut kills: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..KILLS {
        let role = Role::THREE[random.random_range(0..3)];
        tokio::time::sleep(Duration::from_millis(random.random_range(50..2500))).await;
        if role == Role::Alerts && random.random_bool(0.6) {
            // In the middle of telling somebody, if there is anything to tell.
            let until = Instant::now() + Duration::from_secs(14);
            while world.hooks.busy() == 0 && Instant::now() < until {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        let process = running.get_mut(&role).unwrap();
        assert!(process.is_alive(), "{} ended by itself: {}", role.as_str(), process.lines());
        process.kill();
        *process = world.line.start(role);
        *kills.entry(role.as_str()).or_default() += 1;
    }
    format!("{kills:?}")
}

/// Every message is at its receiver, once; a repetition only where an attempt was cut, and marked. How many there were.
fn check_receipts(world: &World, messages: &[Message]) -> usize {
    let unsent: Vec<&Message> = messages.iter().filter(|message| message.state != "sent").collect();
    assert!(unsent.is_empty(), "not delivered: {unsent:#?}");
    let files: BTreeSet<String> =
        world.line.messages().into_iter().map(|(name, _)| file_name(&name)).collect();
    let of = |kind: &str| messages.iter().filter(|message| message.kind() == kind).collect::<Vec<_>>();
    let expected: BTreeSet<String> =
        of("file").iter().map(|message| format!("{}-{}.txt", message.number, &message.id[..8])).collect();
    assert_eq!((files.len(), &files), (world.line.messages().len(), &expected), "one file for each message");
    check_repeats("webhook", &of("webhook"), &world.hooks.taken())
        + check_repeats("email", &of("email"), &world.mails.taken())
}

fn file_name(path: &str) -> String {
    Path::new(path).file_name().unwrap().to_str().unwrap().to_owned()
}

fn check_repeats(kind: &str, messages: &[&Message], taken: &[Taken]) -> usize {
    assert!(messages.len() > 10, "only {} messages by {kind}", messages.len());
    let mut by_id: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
    for one in taken {
        by_id.entry(&one.id).or_default().push(one);
    }
    let (sent, arrived): (BTreeSet<&str>, BTreeSet<&str>) =
        (messages.iter().map(|message| message.id.as_str()).collect(), by_id.keys().copied().collect());
    assert_eq!(sent, arrived, "{kind}: what was sent is what arrived");
    let mut again = 0;
    for message in messages {
        let receipts = &by_id[message.id.as_str()];
        let cuts = usize::try_from(message.repeats).unwrap();
        assert!(receipts.len() <= 1 + cuts, "{kind}: {message:?} came {} times", receipts.len());
        assert!(
            receipts.iter().skip(1).all(|taken| taken.marked),
            "{kind}: a repetition without its mark: {message:?}"
        );
        assert!(cuts > 0 || !receipts[0].marked, "{kind}: marked though never cut: {message:?}");
        again += receipts.len() - 1;
    }
    again
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_of_roles_lose_no_incident_and_no_message_and_make_none_twice() {
    let Some(brokers) = common::service("KENTONGAN_TEST_KAFKA", "kills of roles on Kafka") else { return };
    if !installed() {
        return common::left_out("kills of roles (python3-aiosmtpd is not installed)");
    }
    let posts = posts(Timestamp::now());
    let expected = unkilled(&posts).await;
    assert!(expected.0.len() >= PLACES.len() && expected.1.len() >= 4 * PLACES.len(), "{expected:?}");

    let world = World::new(Setup::kafka(&brokers)).await;
    let mut running = BTreeMap::new();
    for role in Role::THREE {
        running.insert(role, world.line.run(role).await);
    }
    let seed = rand::random::<u64>();
    tell(&format!("kills of roles: seed {seed}"));
    let feeder = world.feed(Role::Ingest, &posts, Duration::from_millis(500));
    let kills = kill(&world, &mut running, &mut StdRng::seed_from_u64(seed)).await;
    let refused = feeder.await.unwrap();
    for process in running.values_mut() {
        process.ready().await;
    }
    world.line.settled().await;

    let store = world.store().await;
    assert_eq!(store.incidents().await, expected.0, "the incidents of an unkilled run, each once");
    assert_eq!(store.empty_incidents().await, 0);
    assert_eq!(told(&store).await, expected.1, "the messages of an unkilled run, each once");
    let messages = store.messages().await;
    let again = check_receipts(&world, &messages);
    let cut = messages.iter().filter(|message| message.repeats > 0).count();
    assert_eq!(world.line.bus().dead_letters(10).await.unwrap(), [], "nothing is parked");
    for process in running.into_values() {
        process.stop_well().await;
    }
    tell(&format!(
        "kills {kills}: {} incidents, {} messages, {} cut by a kill, {again} repetitions arrived, each marked, \
         {} answered 500 at first; {refused} times posts had to be sent again",
        expected.0.len(),
        messages.len(),
        cut,
        world.hooks.refused(),
    ));
}
