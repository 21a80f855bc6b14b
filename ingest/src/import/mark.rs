//! How far into a file: what a cursor remembers and where a chunk ends.

/// A position in the unpacked file, with the hash of everything before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    pub(super) offset: u64,
    pub(super) line: u64,
    /// Lines or records that held something, the header of a table aside.
    pub(super) rows: u64,
    pub(super) sha256: String,
    /// The hash of a last line without line end that was taken beyond `offset`.
    pub(super) tail: Option<String>,
}
