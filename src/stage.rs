//! The classifier as a stage of the line: posts in, findings out, judged on threads of its own.

use std::sync::Arc;

use lexicons::Lexicon;
use stream::{Finding, Handled, Latest, Outgoing, Post, Stage, StageError, metrics};
use tokio::sync::watch;

use crate::across::across;

/// Posts with signals that are remembered, the latest: reckoned, some 200 bytes each.
const REMEMBERED: usize = 100_000;

/// Judges posts with the lexicon that holds when their batch begins.
pub(crate) struct ClassifyStage {
    lexicon: watch::Receiver<Arc<Lexicon>>,
    found: Found,
}

impl ClassifyStage {
    pub(crate) fn new(lexicon: watch::Receiver<Arc<Lexicon>>) -> ClassifyStage {
        ClassifyStage { lexicon, found: Found::default() }
    }
}

impl Stage for ClassifyStage {
    type In = Post;

    fn group(&self) -> &'static str {
        "classify"
    }

    async fn handle(&mut self, batch: Vec<Post>) -> Result<Handled, StageError> {
        let lexicon = Arc::clone(&self.lexicon.borrow());
        let posts = batch.len() as u64;
        // Boxed: hardly any post has a finding, and room for one each would be the larger part of a batch.
        let judge_all = move || {
            let findings = across(&batch, |post| classify::judge(&lexicon, post).map(Box::new));
            (batch, lexicon, findings)
        };
        let (batch, lexicon, findings) = tokio::task::spawn_blocking(judge_all)
            .await
            .map_err(|error| StageError::Fatal(format!("a judging thread failed: {error}")))?;
        let mut held_back = 0;
        let mut publish = Vec::with_capacity(findings.len());
        for (post, finding) in batch.iter().zip(findings) {
            let Some(finding) = self.found.settle(&lexicon, post, finding) else { continue };
            finding.signals.iter().for_each(|signal| metrics::finding(signal.category));
            held_back += u64::from(!finding.held_back().is_empty());
            publish.push(Outgoing::record(&*finding).map_err(|error| StageError::Fatal(error.to_string()))?);
        }
        metrics::classified(posts, held_back);
        Ok(Handled::publish(publish))
    }
}

/// Posts in which signals were found.
struct Found(Latest<()>);

impl Default for Found {
    fn default() -> Found {
        Found(Latest::new(REMEMBERED))
    }
}

impl Found {
    /// What is published of `post`: its `finding`, or where it had signals and was edited until nothing in it hits, that
    /// nothing stands there any more, so that nobody is told what its author has taken back. The same again is the same
    /// finding, so a batch that is read twice says it twice.
    fn settle(
        &mut self,
        lexicon: &Lexicon,
        post: &Post,
        finding: Option<Box<Finding>>,
    ) -> Option<Box<Finding>> {
        let id = post.id.as_str();
        if finding.as_ref().is_some_and(|finding| !finding.signals.is_empty()) {
            self.0.put(id.to_owned(), ());
        }
        finding.or_else(|| self.0.get(id).map(|()| Box::new(classify::nothing(lexicon, post))))
    }
}

#[cfg(test)]
mod tests {
    use stream::{Intake, Item};

    use super::*;

    #[test]
    fn a_post_that_is_edited_until_nothing_hits_is_published_without_signals() {
        let (lexicon, mut found) = (Lexicon::builtin(), Found::default());
        let mut published = |text: &str| {
            let start = r#"{"id":"1","channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"#;
            let item = Item::parse(format!("{start}\"{text}\"}}").as_bytes()).unwrap();
            let post = item.into_post(&Intake::judging()).unwrap();
            let finding = classify::judge(&lexicon, &post).map(Box::new);
            let settled = found.settle(&lexicon, &post, finding)?;
            assert_eq!(settled.post.text, text);
            Some((settled.signals.is_empty(), settled.id.clone()))
        };
        let call = "Besok kita serbu kantor KPU Gunung Mas, bawa parang";
        let calm = "kereta pagi telat dua puluh menit";
        assert_eq!(published(calm), None);
        let (empty, first) = published(call).unwrap();
        assert!(!empty);
        let (empty, edited) = published(calm).unwrap();
        assert!(empty && edited != first);
        assert_eq!(published(calm), Some((true, edited)), "read twice, it is the same finding");
    }
}
