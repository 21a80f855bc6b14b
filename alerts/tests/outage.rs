//! A database that goes away and comes back: nothing is lost, and it goes on without a restart.

mod support;

use std::sync::{Arc, Mutex};

use support::*;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A wire between us and PostgreSQL that can be cut.
#[derive(Clone)]
struct Wire {
    to: String,
    port: u16,
    parts: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Wire {
    async fn new(to: &str) -> Wire {
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let wire = Wire { to: to.to_owned(), port, parts: Arc::default() };
        wire.mend().await;
        wire
    }

    async fn mend(&self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let (to, parts) = (self.to.clone(), Arc::clone(&self.parts));
        let accepting = tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = TcpStream::connect(&to).await.unwrap();
                let part = tokio::spawn(async move {
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                });
                parts.lock().unwrap().push(part);
            }
        });
        self.parts.lock().unwrap().push(accepting);
    }

    fn cut(&self) {
        for part in self.parts.lock().unwrap().drain(..) {
            part.abort();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_database_is_waited_for_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let urls = databases(dir.path()).await;
    let Some(url) = urls.get(1) else { return };
    // postgres://user@host:port/name?…
    let (head, rest) = url.split_once('@').unwrap();
    let (at, name) = rest.split_once('/').unwrap();
    let wire = Wire::new(at).await;
    let house = house(dir.path(), &format!("{head}@127.0.0.1:{}/{name}", wire.port), "satu", |_| {}).await;
    house.stage.take(&[clash("a", 0)]).await.unwrap();
    wire.cut();
    let error = house.stage.take(&[clash("b", 1)]).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert!(house.teller.deliver().await.unwrap_err().is_retryable());
    assert!(house.desk.health().await.unwrap_err().is_retryable());
    wire.mend().await;
    // It gave the lease up when it could not show that it lives, and takes it again.
    house.alerts.lease.wait(&house.alerts.db, true, &house.stop).await.unwrap();
    house.stage.take(&[clash("b", 1)]).await.unwrap();
    house.work().await;
    assert_eq!((house.only().await.posts, house.told().len()), (2, 4));
}
