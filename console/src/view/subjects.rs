//! What the posts of one matter of Bawaslu's call the official: they are put together by place and class of official, and
//! may speak of different persons.

use alerts::{IncidentView, PostView};
use lexicons::Lang;
use stream::Queue;

use super::mask::shown_words;

/// What `post` itself calls the official whom its signal is about.
pub(super) fn said_of(post: &PostView) -> Option<String> {
    shown_words(&post.finding.post, post.signal()?.subject.as_ref()?.span?)
}

/// That the posts of `view` may speak of different persons, with what they call the official and how many call him so;
/// `None` where there is but one.
pub(crate) fn may_differ(lang: Lang, view: &IncidentView) -> Option<String> {
    if view.incident.queue != Queue::Netralitas || view.posts.len() < 2 {
        return None;
    }
    let mut named: Vec<(String, usize)> = Vec::new();
    for said in view.posts.iter().filter_map(said_of) {
        match named.iter_mut().find(|(known, _)| known.to_lowercase() == said.to_lowercase()) {
            Some((_, times)) => *times += 1,
            None => named.push((said, 1)),
        }
    }
    let named: Vec<String> = named
        .into_iter()
        .map(|(said, times)| if times > 1 { format!("“{said}” ×{times}") } else { format!("“{said}”") })
        .collect();
    let may = lang.get("console.incident.may_differ");
    match named.is_empty() {
        true => Some(may.to_owned()),
        false => Some(format!("{may} {} {}", lang.get("console.incident.said_as"), named.join(", "))),
    }
}
