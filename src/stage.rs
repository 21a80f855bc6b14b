//! The classifier as a stage of the line: posts in, findings out, judged on threads of its own.

use std::sync::Arc;

use lexicons::Lexicon;
use stream::{Handled, Outgoing, Post, Stage, StageError, metrics};
use tokio::sync::watch;

use crate::across::across;

/// Judges posts with the lexicon that holds when their batch begins.
pub(crate) struct ClassifyStage {
    lexicon: watch::Receiver<Arc<Lexicon>>,
}

impl ClassifyStage {
    pub(crate) fn new(lexicon: watch::Receiver<Arc<Lexicon>>) -> ClassifyStage {
        ClassifyStage { lexicon }
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
        let judge_all = move || across(&batch, |post| classify::judge(&lexicon, post).map(Box::new));
        let findings = tokio::task::spawn_blocking(judge_all)
            .await
            .map_err(|error| StageError::Fatal(format!("a judging thread failed: {error}")))?;
        let mut held_back = 0;
        let mut publish = Vec::with_capacity(findings.len());
        for finding in findings.iter().flatten() {
            finding.signals.iter().for_each(|signal| metrics::finding(signal.category));
            held_back += u64::from(!finding.held_back().is_empty());
            publish.push(Outgoing::record(&**finding).map_err(|error| StageError::Fatal(error.to_string()))?);
        }
        metrics::classified(posts, held_back);
        Ok(Handled::publish(publish))
    }
}
