//! The comments around what is generated within a file.

/// What the line before and the line after generated text hold, in whichever
/// comment the file's language has.
pub(crate) const BEGIN: &str = "begin: generated from openapi.yaml by cargo xtask generate";
pub(crate) const END: &str = "end: generated from openapi.yaml by cargo xtask generate";
