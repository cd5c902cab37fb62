//! The progress of a request that is carried out in steps.

use serde::{Deserialize, Serialize};

/// The progress of a request that is carried out in steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Something is left to do. The same request again continues it.
    InProgress,
    /// Nothing is left to do.
    Completed,
}
