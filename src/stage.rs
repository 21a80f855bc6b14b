//! The classifier as a stage of the line: posts in, findings out, judged on threads of its own.

use std::sync::Arc;

use lexicons::Lexicon;
use stream::{Finding, Handled, Outgoing, Post, Stage, StageError, metrics};
use tokio::sync::watch;

/// Judges posts with the lexicon that holds when their batch begins.
pub(crate) struct ClassifyStage {
    lexicon: watch::Receiver<Arc<Lexicon>>,
    threads: usize,
}

impl ClassifyStage {
    pub(crate) fn new(lexicon: watch::Receiver<Arc<Lexicon>>) -> ClassifyStage {
        ClassifyStage { lexicon, threads: std::thread::available_parallelism().map_or(1, usize::from) }
    }
}

impl Stage for ClassifyStage {
    type In = Post;

    fn group(&self) -> &'static str {
        "classify"
    }

    async fn handle(&mut self, batch: Vec<Post>) -> Result<Handled, StageError> {
        let lexicon = Arc::clone(&self.lexicon.borrow());
        let (threads, posts) = (self.threads, batch.len() as u64);
        let findings = tokio::task::spawn_blocking(move || judge_all(&lexicon, &batch, threads))
            .await
            .map_err(|error| StageError::Fatal(format!("a judging thread failed: {error}")))?;
        let mut publish = Vec::with_capacity(findings.len());
        for finding in &findings {
            finding.signals.iter().for_each(|signal| metrics::finding(signal.category));
            publish.push(Outgoing::record(finding).map_err(|error| StageError::Fatal(error.to_string()))?);
        }
        metrics::classified(posts);
        Ok(Handled::publish(publish))
    }
}

/// The findings of `posts`, in their order, from several threads.
fn judge_all(lexicon: &Lexicon, posts: &[Post], threads: usize) -> Vec<Finding> {
    let judge = |share: &[Post]| -> Vec<Finding> {
        share.iter().filter_map(|post| classify::judge(lexicon, post)).collect()
    };
    // A few posts are judged sooner than a thread is made.
    if threads < 2 || posts.len() < 64 {
        return judge(posts);
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = posts
            .chunks(posts.len().div_ceil(threads))
            .map(|share| scope.spawn(move || judge(share)))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
