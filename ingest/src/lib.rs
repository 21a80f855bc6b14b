//! Sources: how posts and field notes come in.
