//! The whole URL surface of the console: one table of method, path, need and handler.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};

use crate::access::Need;
use crate::pages::{
    admin, api, decide, health, incident, language, login, neutrality, offices, queue, search, sources,
};
use crate::state::ConsoleState;
use crate::{assets, headers, live, shell};

/// One line of the table.
pub struct Route {
    /// The method it answers.
    pub method: Method,
    /// Its path, in axum's form.
    pub path: &'static str,
    /// What it needs of the caller.
    pub need: Need,
    handler: MethodRouter<ConsoleState>,
}

fn on_get(path: &'static str, need: Need, handler: MethodRouter<ConsoleState>) -> Route {
    Route { method: Method::GET, path, need, handler }
}

fn on_post(path: &'static str, need: Need, handler: MethodRouter<ConsoleState>) -> Route {
    Route { method: Method::POST, path, need, handler }
}

/// Every route of the console. A new page is a file in `pages` and a line here.
pub fn routes() -> Vec<Route> {
    use Need::{
        DecideConflict, DecideNeutrality, ManagePeople, Nothing, Search, SeeConflict, SeeIncidents,
        SeeNeutrality, SeeSources, SignedIn, Switch,
    };
    vec![
        on_get("/", SignedIn, get(login::front)),
        on_get("/masuk", Nothing, get(login::show)),
        on_post("/masuk", Nothing, post(login::enter)),
        on_post("/keluar", SignedIn, post(login::leave)),
        on_get("/sandi", SignedIn, get(login::show_password)),
        on_post("/sandi", SignedIn, post(login::change_password)),
        on_get("/bahasa/{code}", Nothing, get(language::switch)),
        on_get("/bantuan", SignedIn, get(language::help)),
        on_get("/antrean", SeeConflict, get(queue::show)),
        on_get("/kejadian/{id}", SeeConflict, get(incident::show)),
        on_post("/kejadian/{id}/konfirmasi", DecideConflict, post(decide::confirm)),
        on_post("/kejadian/{id}/tolak", DecideConflict, post(decide::reject)),
        on_post("/kejadian/{id}/tempat", DecideConflict, post(decide::set_place)),
        on_post("/kejadian/{id}/tangani", DecideConflict, post(decide::handle)),
        on_post("/kejadian/{id}/selesai", DecideConflict, post(decide::finish)),
        on_post("/kejadian/{id}/gabung", DecideConflict, post(decide::merge)),
        on_post("/kejadian/{id}/keluarkan", DecideConflict, post(decide::part)),
        on_post("/kejadian/{id}/penulis", DecideConflict, post(incident::reveal)),
        on_get("/netralitas", SeeNeutrality, get(neutrality::show)),
        on_get("/netralitas/{id}", SeeNeutrality, get(incident::show)),
        on_post("/netralitas/{id}/konfirmasi", DecideNeutrality, post(decide::confirm)),
        on_post("/netralitas/{id}/tolak", DecideNeutrality, post(decide::reject)),
        on_post("/netralitas/{id}/tempat", DecideNeutrality, post(decide::set_place)),
        on_post("/netralitas/{id}/tangani", DecideNeutrality, post(decide::handle)),
        on_post("/netralitas/{id}/selesai", DecideNeutrality, post(decide::finish)),
        on_post("/netralitas/{id}/gabung", DecideNeutrality, post(decide::merge)),
        on_post("/netralitas/{id}/keluarkan", DecideNeutrality, post(decide::part)),
        on_post("/netralitas/{id}/rilis", DecideNeutrality, post(decide::release)),
        on_post("/netralitas/{id}/penulis", DecideNeutrality, post(incident::reveal)),
        on_get("/cari", Search, get(search::show)),
        on_get("/sumber", SeeSources, get(sources::show)),
        on_post("/sumber/sakelar", Switch, post(sources::switch)),
        on_get("/pejabat", SeeSources, get(offices::show)),
        on_get("/orang", ManagePeople, get(admin::show)),
        on_post("/orang/cabut", ManagePeople, post(admin::revoke)),
        on_get("/langsung", SeeIncidents, get(live::stream)),
        on_get("/api/v1/incidents", SeeIncidents, get(api::list)),
        on_get("/api/v1/incidents/{id}", SeeIncidents, get(api::one)),
        on_get("/a/{file}", Nothing, get(assets::serve)),
        on_get("/-/healthy", Nothing, get(health::healthy)),
        on_get("/-/ready", Nothing, get(health::ready)),
        on_get("/metrics", Nothing, get(health::metrics)),
    ]
}

/// The console over `state`: for the private listener.
pub fn router(state: ConsoleState) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let guard = from_fn_with_state((state.clone(), route.need), shell::guard);
        router = router.route(route.path, route.handler.layer(guard));
    }
    let guard = from_fn_with_state((state.clone(), Need::Nothing), shell::guard);
    let lost = get(language::lost).post(language::lost).layer(guard);
    router
        .fallback_service(lost.with_state::<()>(state.clone()))
        .layer(DefaultBodyLimit::max(64 * 1024))
        .layer(from_fn(headers::secure))
        .with_state(state)
}
