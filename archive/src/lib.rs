//! Posts and findings, searchable.
