//! A picture of many small cells, each marked in one of a few ways.

use serde::{Deserialize, Serialize};

/// Cells in groups, as in a map of what was audited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    pub title: String,
    pub groups: Vec<GridGroup>,
    /// What each mark means.
    pub key: Vec<(Mark, String)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridGroup {
    pub name: String,
    pub cells: Vec<GridCell>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridCell {
    /// At most six characters.
    pub label: String,
    pub mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Good,
    Bad,
    Ahead,
    Later,
    Gap,
    Out,
}
