//! One index: that of a day, or that of kept posts.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use stream::{Finding, Post};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::Value;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use crate::schema::{Fields, NETRALITAS_ONLY, netralitas_only};
use crate::{ArchiveError, analyse};

/// Memory a writer may fill before it writes a segment, in bytes.
const WRITER_BYTES: usize = 32 << 20;

/// What is written of one post.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Post(Box<Post>),
    Finding(Box<Finding>),
}

impl Entry {
    pub(crate) fn post(&self) -> &Post {
        match self {
            Entry::Post(post) => post,
            Entry::Finding(finding) => &finding.post,
        }
    }
}

/// What is known of a post that something was found in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    text_hash: String,
    netralitas_only: bool,
}

/// One index.
pub(crate) struct Slot {
    pub(crate) name: String,
    pub(crate) fields: Fields,
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    writer: Mutex<Option<IndexWriter>>,
    /// Posts with findings: the posts and findings of a day come by two ways, in any order, and a
    /// finding's document must not be replaced by that of its bare post.
    found: Mutex<Option<HashMap<String, Found>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Slot {
    /// Opens the index in `folder`, or makes it.
    pub(crate) fn open(folder: &Path, name: &str) -> Result<Slot, ArchiveError> {
        std::fs::create_dir_all(folder)
            .map_err(|cause| ArchiveError::Folder { path: folder.to_owned(), cause })?;
        let failed = |error: &tantivy::TantivyError| ArchiveError::of(name, error);
        let fields = Fields::new();
        let directory = MmapDirectory::open(folder).map_err(|error| failed(&error.into()))?;
        let index =
            Index::open_or_create(directory, fields.schema.clone()).map_err(|error| failed(&error))?;
        index.tokenizers().register(analyse::NAME, analyse::analyser());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader: IndexReader = reader.map_err(|error| failed(&error))?;
        Ok(Slot {
            name: name.to_owned(),
            fields,
            index,
            reader,
            writer: Mutex::new(None),
            found: Mutex::new(None),
        })
    }

    fn failed(&self, error: &tantivy::TantivyError) -> ArchiveError {
        ArchiveError::of(&self.name, error)
    }

    /// Writes entries and commits them; after an error nothing of them is there, and the call can be repeated.
    pub(crate) fn write(&self, entries: Vec<Entry>) -> Result<(), ArchiveError> {
        let mut writer = lock(&self.writer);
        let result = self.try_write(&mut writer, entries);
        if result.is_err() {
            // A writer that failed once fails always; what it had not committed is forgotten.
            *writer = None;
            *lock(&self.found) = None;
        }
        result
    }

    fn try_write(&self, writer: &mut Option<IndexWriter>, entries: Vec<Entry>) -> Result<(), ArchiveError> {
        let mut found = lock(&self.found);
        let found = match &mut *found {
            Some(found) => found,
            none => none.insert(self.load_found()?),
        };
        let writer = match writer {
            Some(writer) => writer,
            none => none.insert(self.new_writer()?),
        };
        // What the index holds when the writer begins: `load_found` or the last write has brought the reader up to it.
        let (searcher, mut written) = (self.reader.searcher(), HashSet::new());
        for entry in entries {
            let (post, finding) = match &entry {
                Entry::Post(post) => (&**post, None),
                Entry::Finding(finding) => (&finding.post, Some(&**finding)),
            };
            let id = post.id.as_str();
            let known = found.get(id);
            if finding.is_none() && known.is_some_and(|known| known.text_hash == post.text_hash()) {
                continue;
            }
            // A deletion waits as a query of a thousand bytes until every segment has been asked: only where one is due.
            let term = Term::from_field_text(self.fields.id, id);
            let again = !written.insert(term.clone())
                || searcher.doc_freq(&term).map_err(|error| self.failed(&error))? > 0;
            if again {
                writer.delete_term(term);
            }
            let mut doc = self.fields.document(post, finding);
            match finding {
                Some(finding) => {
                    let text_hash = post.text_hash();
                    found.insert(
                        id.to_owned(),
                        Found { text_hash, netralitas_only: netralitas_only(finding) },
                    );
                }
                // Another text of a post that is for Bawaslu's desk only: it stays there.
                None if known.is_some_and(|known| known.netralitas_only) => {
                    doc.add_text(self.fields.only, NETRALITAS_ONLY);
                }
                None => {}
            }
            writer.add_document(doc).map_err(|error| self.failed(&error))?;
        }
        writer.commit().map_err(|error| self.failed(&error))?;
        self.reader.reload().map_err(|error| self.failed(&error))
    }

    fn new_writer(&self) -> Result<IndexWriter, ArchiveError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_BYTES)
            .build();
        self.index.writer_with_options(options).map_err(|error| self.failed(&error))
    }

    /// The posts with findings that the index holds already.
    fn load_found(&self) -> Result<HashMap<String, Found>, ArchiveError> {
        use tantivy::collector::DocSetCollector;
        use tantivy::query::{BooleanQuery, Query, TermQuery};
        use tantivy::schema::IndexRecordOption;
        let term = |field, value| {
            let term = Term::from_field_text(field, value);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>
        };
        let queues = stream::Queue::ALL.iter().map(|queue| term(self.fields.queue, queue.as_str()));
        let held = stream::Category::ALL.iter().map(|category| term(self.fields.held, category.as_str()));
        self.reader.reload().map_err(|error| self.failed(&error))?;
        let searcher = self.reader.searcher();
        let all = searcher.search(&BooleanQuery::union(queues.chain(held).collect()), &DocSetCollector);
        let mut found = HashMap::new();
        for address in all.map_err(|error| self.failed(&error))? {
            let doc: TantivyDocument = searcher.doc(address).map_err(|error| self.failed(&error))?;
            let text = |field| doc.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
            let netralitas_only = !text(self.fields.only).is_empty();
            let known = Found { text_hash: text(self.fields.text_hash).to_owned(), netralitas_only };
            found.insert(text(self.fields.id).to_owned(), known);
        }
        Ok(found)
    }

    /// Whether a writer is open.
    pub(crate) fn is_writing(&self) -> bool {
        lock(&self.writer).is_some()
    }

    /// Closes the writer, waiting for its merges, and frees what it knew.
    pub(crate) fn rest(&self) {
        if let Some(writer) = lock(&self.writer).take()
            && let Err(error) = writer.wait_merging_threads()
        {
            tracing::warn!(slot = self.name, %error, "an archive writer did not end well");
        }
        *lock(&self.found) = None;
    }
}
