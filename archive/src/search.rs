//! Searching the archive: words in any form, phrases, words left out, and filters; the newest first.

use std::collections::{BTreeSet, HashSet};
use std::iter::successors;
use std::ops::{Bound, Range};

use jiff::Timestamp;
use stream::{Category, Channel, Queue, RegionCode, Severity};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, Occur, PhraseQuery, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Order, TantivyDocument, Term};
use tracing::error;

use crate::schema::{Fields, NETRALITAS_ONLY, known_to};
use crate::slot::Slot;
use crate::{Archive, ArchiveError, ArchivedSignal, KEPT, analyse, day};

/// Letters of a snippet.
const SNIPPET: usize = 240;

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words in any form; `"an exact phrase"`; `-word` must not stand there. Empty: everything.
    pub words: String,
    /// Seen at or after.
    pub from: Option<Timestamp>,
    /// Seen before.
    pub to: Option<Timestamp>,
    /// Published there.
    pub channel: Option<Channel>,
    /// With a signal of this category.
    pub category: Option<Category>,
    /// Held back by the second reader: `category` is then that of the hits it held.
    pub held_back: bool,
    /// With a signal of this queue.
    pub queue: Option<Queue>,
    /// With a signal at least this grave.
    pub severity: Option<Severity>,
    /// With a signal in this region.
    pub region: Option<RegionCode>,
    /// Only what lies in any of these regions or nowhere that is known, and of the analysts' queue what is known to lie
    /// around one of them and no deeper; empty: wherever it lies.
    pub within: Vec<RegionCode>,
    /// Whether the reader may see Bawaslu's matters (SG-18): else posts that are only such are left out,
    /// and no KF-14 signal is shown.
    pub netralitas: bool,
    /// Most hits to give.
    pub limit: usize,
    /// Hits to pass over.
    pub offset: usize,
}

/// One post that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The post's id.
    pub id: String,
    /// The name of its source.
    pub source: String,
    /// Where it was published, by code.
    pub channel: String,
    /// Where it can be looked at.
    pub url: Option<String>,
    /// The time the publisher claims.
    pub posted_at: Timestamp,
    /// When we first had it.
    pub seen_at: Timestamp,
    /// The part of its text around the words found.
    pub fragment: String,
    /// The words found, as bytes of `fragment`.
    pub marks: Vec<Range<usize>>,
    /// What was found in it.
    pub signals: Vec<ArchivedSignal>,
    /// What the second reader held back.
    pub held_back: Vec<Category>,
}

/// What a search gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// The newest first.
    pub hits: Vec<Hit>,
    /// How many there are in all; a post that stands in two indexes counts in each.
    pub total: usize,
    /// Indexes that could not be read; they are rebuilt.
    pub damaged: Vec<String>,
}

impl Archive {
    /// Searches all days that `query` concerns; a day that cannot be read is named and left out.
    ///
    /// # Errors
    /// When the folder itself cannot be read.
    pub fn search(&self, query: &Query) -> Result<Results, ArchiveError> {
        let mut results = Results::default();
        let mut seen = HashSet::new();
        let wanted = query.offset.saturating_add(query.limit);
        let mut hits = Vec::new();
        for name in self.names()? {
            if !concerns(query, &name) {
                continue;
            }
            match self.slot(&name).and_then(|slot| slot.search(query, wanted)) {
                Ok((found, total)) => {
                    results.total += total;
                    hits.extend(found.into_iter().filter(|hit| seen.insert(hit.id.clone())));
                }
                Err(error) => {
                    error!(%error, "an index could not be searched");
                    results.damaged.push(name);
                }
            }
        }
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.seen_at));
        results.hits = hits.into_iter().skip(query.offset).take(query.limit).collect();
        Ok(results)
    }
}

/// Whether a day can hold what is searched for.
fn concerns(query: &Query, name: &str) -> bool {
    if name == KEPT {
        return true;
    }
    query.from.is_none_or(|from| *name >= *day(from).to_string())
        && query.to.is_none_or(|to| *name <= *day(to).to_string())
}

impl Slot {
    fn search(&self, query: &Query, wanted: usize) -> Result<(Vec<Hit>, usize), ArchiveError> {
        let failed = |error: tantivy::TantivyError| ArchiveError::of(&self.name, &error);
        self.reader.reload().map_err(failed)?;
        let searcher = self.reader.searcher();
        let built = build(&self.fields, query);
        // Room is made for as many as are asked for: never more than there are.
        let most = usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX);
        let top =
            TopDocs::with_limit(wanted.min(most).max(1)).order_by_fast_field::<i64>("seen_at", Order::Desc);
        let (found, total) = searcher.search(&built, &(top, Count)).map_err(failed)?;
        let mut snippets = SnippetGenerator::create(&searcher, &built, self.fields.text).map_err(failed)?;
        snippets.set_max_num_chars(SNIPPET);
        let mut hits = Vec::new();
        for (_, address) in found {
            let doc: TantivyDocument = searcher.doc(address).map_err(failed)?;
            hits.push(hit(&self.fields, &doc, &snippets, query.netralitas));
        }
        Ok((hits, total))
    }
}

fn hit(fields: &Fields, doc: &TantivyDocument, snippets: &SnippetGenerator, netralitas: bool) -> Hit {
    let text = |field: Field| doc.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
    let time = |field: Field| {
        let micros = doc.get_first(field).and_then(|value| value.as_i64()).unwrap_or_default();
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    };
    let whole = text(fields.text);
    let snippet = snippets.snippet(whole);
    let (fragment, marks) = if snippet.is_empty() {
        (whole.chars().take(SNIPPET).collect(), Vec::new())
    } else {
        (snippet.fragment().to_owned(), snippet.highlighted().to_vec())
    };
    let held = doc.get_all(fields.held).filter_map(|value| Category::parse(value.as_str()?));
    let signals = doc.get_all(fields.signal).filter_map(|value| ArchivedSignal::read(value.as_str()?));
    Hit {
        id: text(fields.id).to_owned(),
        source: text(fields.source).to_owned(),
        channel: text(fields.channel).to_owned(),
        url: Some(text(fields.url).to_owned()).filter(|url| !url.is_empty()),
        posted_at: time(fields.posted_at),
        seen_at: time(fields.seen_at),
        fragment,
        marks,
        signals: signals.filter(|signal| may_see(signal.category.queue(), netralitas)).collect(),
        held_back: held.filter(|category| may_see(category.queue(), netralitas)).collect(),
    }
}

/// Whether a reader who sees officials' matters or not (`netralitas`) sees those of `queue`.
fn may_see(queue: Queue, netralitas: bool) -> bool {
    netralitas || queue != Queue::Netralitas
}

type Part = (Occur, Box<dyn tantivy::query::Query>);

fn build(fields: &Fields, query: &Query) -> BooleanQuery {
    let term = |field: Field, value: &str| -> Box<dyn tantivy::query::Query> {
        Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic))
    };
    let mut parts: Vec<Part> = vec![(Occur::Must, Box::new(AllQuery))];
    parts.extend(words(fields, &query.words));
    let bound = |at: Option<Timestamp>| match at {
        Some(at) => Term::from_field_i64(fields.seen_at, at.as_microsecond()),
        None => Term::from_field_i64(fields.seen_at, i64::MAX),
    };
    if query.from.is_some() || query.to.is_some() {
        let lower = query.from.map_or(Bound::Unbounded, |at| Bound::Included(bound(Some(at))));
        let upper = Bound::Excluded(bound(query.to));
        parts.push((Occur::Must, Box::new(RangeQuery::new(lower, upper))));
    }
    if let Some(channel) = query.channel {
        parts.push((Occur::Must, term(fields.channel, channel.as_str())));
    }
    if let Some(region) = &query.region {
        parts.push((Occur::Must, term(fields.region, region.as_str())));
    }
    if !query.within.is_empty() {
        let mut any: Vec<_> =
            query.within.iter().map(|region| term(fields.region, region.as_str())).collect();
        let around = |region: &RegionCode| successors(region.parent(), RegionCode::parent);
        let around: BTreeSet<RegionCode> = query.within.iter().flat_map(around).collect();
        any.extend(around.iter().map(|place| term(fields.region, &known_to(place))));
        any.push(Box::new(nowhere(fields)));
        parts.push((Occur::Must, Box::new(BooleanQuery::union(any))));
    }
    if let Some(least) = query.severity {
        let grave = Severity::ALL.iter().filter(|severity| **severity >= least);
        let any = grave.map(|severity| term(fields.severity, severity.as_str())).collect();
        parts.push((Occur::Must, Box::new(BooleanQuery::union(any))));
    }
    let asks_netralitas = query.category == Some(Category::Kf14) || query.queue == Some(Queue::Netralitas);
    if asks_netralitas && !query.netralitas {
        parts.push((Occur::Must, Box::new(EmptyQuery)));
    }
    match query.category {
        Some(category) => {
            let field = if query.held_back { fields.held } else { fields.category };
            parts.push((Occur::Must, term(field, category.as_str())));
        }
        None if query.held_back => {
            let seen = Category::ALL.iter().filter(|it| may_see(it.queue(), query.netralitas));
            let any = seen.map(|category| term(fields.held, category.as_str())).collect();
            parts.push((Occur::Must, Box::new(BooleanQuery::union(any))));
        }
        None => {}
    }
    if let Some(queue) = query.queue {
        parts.push((Occur::Must, term(fields.queue, queue.as_str())));
    }
    if !query.netralitas {
        parts.push((Occur::MustNot, term(fields.only, NETRALITAS_ONLY)));
    }
    BooleanQuery::new(parts)
}

/// What has a value in `field`.
fn has_any(field: Field) -> RangeQuery {
    RangeQuery::new(Bound::Included(Term::from_field_text(field, "")), Bound::Unbounded)
}

/// What no signal places anywhere.
fn nowhere(fields: &Fields) -> BooleanQuery {
    let placed = Box::new(has_any(fields.region));
    BooleanQuery::new(vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, placed)])
}

/// The words of a query. Not tantivy's query language: its field names would reach past the filters above.
fn words(fields: &Fields, text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for (position, piece) in text.split('"').enumerate() {
        // Every second piece stands between quotes.
        if position % 2 == 1 {
            parts.extend(sequence(fields, piece).map(|query| (Occur::Must, query)));
            continue;
        }
        for word in piece.split_whitespace() {
            let (occur, word) = match word.strip_prefix('-') {
                Some(word) => (Occur::MustNot, word),
                None => (Occur::Must, word),
            };
            parts.extend(sequence(fields, word).map(|query| (occur, query)));
        }
    }
    parts
}

/// The terms of `text` one after the other, in the text or in what stands around it; `None` without a term.
fn sequence(fields: &Fields, text: &str) -> Option<Box<dyn tantivy::query::Query>> {
    let terms = analyse::terms(text);
    let of = |field: Field| -> Box<dyn tantivy::query::Query> {
        let mut terms: Vec<Term> = terms.iter().map(|term| Term::from_field_text(field, term)).collect();
        match terms.len() {
            1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::WithFreqs)),
            _ => Box::new(PhraseQuery::new(terms)),
        }
    };
    (!terms.is_empty()).then(|| {
        Box::new(BooleanQuery::union(vec![of(fields.text), of(fields.around)]))
            as Box<dyn tantivy::query::Query>
    })
}
