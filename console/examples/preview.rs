//! Shows the console with a made-up day on loopback, for looking at pages while changing them.

use alerts::DeskRole;

#[path = "../tests/common/mod.rs"]
mod common;

#[tokio::main]
#[allow(clippy::print_stdout, reason = "tells whoever started it where to look")]
async fn main() {
    let world = common::World::at(stream::Clock::System, true).await;
    for (name, role) in [
        ("ani", DeskRole::Analis),
        ("budi", DeskRole::Bawaslu),
        ("admin", DeskRole::Admin),
        ("oki", DeskRole::Ops),
    ] {
        let client = world.sign_in(name, role, &[]).await;
        println!("{role}: {name} / {} ({})", common::PASSWORD, client.cookie);
    }
    world.day().await;
    for link in world.links().await.iter().take(3) {
        println!("http://127.0.0.1:8979{link}");
    }
    let public = tokio::net::TcpListener::bind("127.0.0.1:8979").await.unwrap();
    let private = tokio::net::TcpListener::bind("127.0.0.1:8978").await.unwrap();
    println!("http://127.0.0.1:8978/");
    let answers = axum::serve(public, console::public_router(world.public.clone()));
    let pages = axum::serve(private, console::router(world.state.clone()));
    let (answers, pages) = tokio::join!(answers.into_future(), pages.into_future());
    answers.and(pages).unwrap();
}
