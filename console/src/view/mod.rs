//! From records to what a page shows: names, times, marked texts.

pub(crate) mod accused;
pub(crate) mod clues;
pub(crate) mod incident;
pub(crate) mod lead;
pub(crate) mod mark;
pub(crate) mod mask;
pub(crate) mod names;
pub(crate) mod parts;
pub(crate) mod places;
pub(crate) mod post;
pub(crate) mod rests;
pub(crate) mod row;
pub(crate) mod subjects;
pub(crate) mod telling;
pub(crate) mod time;
