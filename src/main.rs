//! The command `kentongan`.
fn main() {}
