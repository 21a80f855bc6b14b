//! The fields of the index, and the document that a post or finding becomes.

use stream::{Category, Finding, Post, Queue, RegionCode, Severity};
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use crate::analyse;

/// Marks a document whose every signal is on Bawaslu's desk.
pub(crate) const NETRALITAS_ONLY: &str = "netralitas";

/// The fields of every index.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    /// The post's id.
    pub(crate) id: Field,
    /// The text as written.
    pub(crate) text: Field,
    /// What it quotes, answers or shows: searched, not shown.
    pub(crate) around: Field,
    pub(crate) source: Field,
    pub(crate) channel: Field,
    pub(crate) url: Field,
    /// Microseconds UTC.
    pub(crate) posted_at: Field,
    /// Microseconds UTC.
    pub(crate) seen_at: Field,
    /// The hash of the text.
    pub(crate) text_hash: Field,
    /// `category severity place`, one for each signal, as shown.
    pub(crate) signal: Field,
    pub(crate) category: Field,
    pub(crate) queue: Field,
    pub(crate) severity: Field,
    /// Every region that holds the place of a signal, and of the analysts' queue the place itself as [`known_to`].
    pub(crate) region: Field,
    /// The categories of hits that the second reader held back.
    pub(crate) held: Field,
    /// [`NETRALITAS_ONLY`], or nothing.
    pub(crate) only: Field,
}

impl Fields {
    pub(crate) fn new() -> Fields {
        let mut schema = Schema::builder();
        let words = TextFieldIndexing::default()
            .set_tokenizer(analyse::NAME)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let words = TextOptions::default().set_indexing_options(words);
        Fields {
            id: schema.add_text_field("id", STRING | STORED),
            text: schema.add_text_field("text", words.clone().set_stored()),
            around: schema.add_text_field("around", words),
            source: schema.add_text_field("source", STRING | STORED),
            channel: schema.add_text_field("channel", STRING | STORED),
            url: schema.add_text_field("url", STORED),
            posted_at: schema.add_i64_field("posted_at", STORED),
            seen_at: schema.add_i64_field("seen_at", INDEXED | FAST | STORED),
            text_hash: schema.add_text_field("text_hash", STORED),
            signal: schema.add_text_field("signal", STORED),
            category: schema.add_text_field("category", STRING),
            queue: schema.add_text_field("queue", STRING),
            severity: schema.add_text_field("severity", STRING),
            region: schema.add_text_field("region", STRING),
            held: schema.add_text_field("held", STRING | STORED),
            only: schema.add_text_field("only", STRING | STORED),
            schema: schema.build(),
        }
    }

    /// The document of `post` with what `finding` says of it.
    pub(crate) fn document(&self, post: &Post, finding: Option<&Finding>) -> TantivyDocument {
        let mut doc = TantivyDocument::new();
        doc.add_text(self.id, post.id.as_str());
        doc.add_text(self.text, &post.text);
        doc.add_text(self.source, &post.source);
        doc.add_text(self.channel, post.channel.as_str());
        doc.add_i64(self.posted_at, post.posted_at.as_microsecond());
        doc.add_i64(self.seen_at, post.seen_at.as_microsecond());
        doc.add_text(self.text_hash, post.text_hash());
        if let Some(url) = &post.url {
            doc.add_text(self.url, url);
        }
        if let Some(context) = &post.context {
            let told = [&context.quoted_text, &context.reply_to_text, &context.thread_root_text];
            for text in told.into_iter().flatten().chain(context.media_text.iter().map(|media| &media.text)) {
                doc.add_text(self.around, text);
            }
        }
        for shown in finding.map(shown).unwrap_or_default() {
            doc.add_text(self.signal, shown.written());
            doc.add_text(self.category, shown.category.as_str());
            doc.add_text(self.queue, shown.category.queue().as_str());
            doc.add_text(self.severity, shown.severity.as_str());
            let mut region = shown.place;
            if let Some(place) = region.as_ref().filter(|_| shown.category.queue() == Queue::Konflik) {
                doc.add_text(self.region, known_to(place));
            }
            while let Some(code) = region {
                doc.add_text(self.region, code.as_str());
                region = code.parent();
            }
        }
        for category in finding.map(Finding::held_back).unwrap_or_default() {
            doc.add_text(self.held, category.as_str());
        }
        if finding.is_some_and(netralitas_only) {
            doc.add_text(self.only, NETRALITAS_ONLY);
        }
        doc
    }
}

/// The term of what is known to lie in `place` and no deeper.
pub(crate) fn known_to(place: &RegionCode) -> String {
    format!("={place}")
}

/// Whether all that is found in a post is for Bawaslu's desk.
pub(crate) fn netralitas_only(finding: &Finding) -> bool {
    !finding.signals.is_empty() && finding.signals.iter().all(|signal| signal.queue() == Queue::Netralitas)
}

/// What the archive keeps of a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedSignal {
    /// What it is a sign of.
    pub category: Category,
    /// How grave it was proposed to be.
    pub severity: Severity,
    /// Where.
    pub place: Option<RegionCode>,
}

impl ArchivedSignal {
    fn written(&self) -> String {
        let place = self.place.as_ref().map_or("-", RegionCode::as_str);
        format!("{} {} {place}", self.category, self.severity)
    }

    /// Reads what [`ArchivedSignal::written`] wrote.
    pub(crate) fn read(text: &str) -> Option<ArchivedSignal> {
        let mut parts = text.split(' ');
        let category = Category::parse(parts.next()?)?;
        let severity = Severity::parse(parts.next()?)?;
        Some(ArchivedSignal { category, severity, place: parts.next().and_then(|code| code.parse().ok()) })
    }
}

fn shown(finding: &Finding) -> Vec<ArchivedSignal> {
    let signals = finding.signals.iter();
    signals
        .map(|signal| ArchivedSignal {
            category: signal.category,
            severity: signal.severity,
            place: signal.place.code.clone(),
        })
        .collect()
}
