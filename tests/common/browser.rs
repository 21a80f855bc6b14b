//! A headless Chromium through chromedriver, for the tests that press what people press.

use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// How long a page may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// A browser window.
pub(crate) struct Browser {
    client: Client,
    base: String,
}

impl Browser {
    /// Opens a window of `width` CSS pixels on the pages at `base`, through the chromedriver at `driver`.
    pub(crate) async fn open(driver: &str, base: &str, width: u32, script: bool) -> Browser {
        let javascript = if script { 1 } else { 2 };
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
                         "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage"],
                "mobileEmulation": {"deviceMetrics": {"width": width, "height": 900, "pixelRatio": 1.0,
                                                      "mobile": false, "touch": false}},
                "prefs": {"profile.managed_default_content_settings.javascript": javascript},
            },
        });
        let capabilities = capabilities.as_object().unwrap().clone();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(driver)
            .await
            .unwrap();
        Browser { client, base: base.to_owned() }
    }

    /// Goes to a page.
    pub(crate) async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap();
    }

    /// The element that `css` names, once it is there.
    pub(crate) async fn see(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{css} is not on {}: {error}", self.path().await),
        }
    }

    /// Whether `css` names anything now.
    pub(crate) async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.unwrap().is_empty()
    }

    /// Types into a field.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        self.see(css).await.send_keys(text).await.unwrap();
    }

    /// Presses what `css` names.
    pub(crate) async fn press(&self, css: &str) {
        self.see(css).await.click().await.unwrap();
    }

    /// Presses a key, wherever the focus is.
    pub(crate) async fn key(&self, key: &str) {
        self.client.active_element().await.unwrap().send_keys(key).await.unwrap();
    }

    /// Waits until the path of the page holds `part`.
    pub(crate) async fn arrives(&self, part: &str) {
        for _ in 0..150 {
            if self.path().await.contains(part) {
                return;
            }
            tokio::time::sleep(PATIENCE / 150).await;
        }
        panic!("still on {} and not on {part}", self.path().await);
    }

    /// The path of the page with what follows it.
    pub(crate) async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.as_str().trim_start_matches(self.base.as_str()).to_owned()
    }

    /// The text of what `css` names.
    pub(crate) async fn text(&self, css: &str) -> String {
        self.see(css).await.text().await.unwrap()
    }

    /// An attribute of what `css` names.
    pub(crate) async fn attribute(&self, css: &str, name: &str) -> String {
        self.see(css).await.attr(name).await.unwrap().unwrap_or_default()
    }

    /// By how many pixels the page is wider than its window.
    pub(crate) async fn overflow(&self) -> i64 {
        let script = "const root = document.documentElement; return root.scrollWidth - root.clientWidth;";
        self.client.execute(script, Vec::new()).await.unwrap().as_i64().unwrap()
    }

    /// How high the first thing is that `css` finds.
    pub(crate) async fn height(&self, css: &str) -> i64 {
        let script =
            "return Math.round(document.querySelector(arguments[0]).getBoundingClientRect().height);";
        self.client.execute(script, vec![css.into()]).await.unwrap().as_i64().unwrap()
    }

    /// How wide the window is.
    pub(crate) async fn width(&self) -> i64 {
        self.client.execute("return window.innerWidth;", Vec::new()).await.unwrap().as_i64().unwrap()
    }

    /// Closes the window.
    pub(crate) async fn close(self) {
        self.client.close().await.unwrap();
    }
}
