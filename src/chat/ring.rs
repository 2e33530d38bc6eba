//! A cycle as a ring of four parts, each filled as far as it is done.

use serde::{Deserialize, Serialize};

/// Four parts that follow one another clockwise, from the upper right on. What it says in figures and
/// words is short: a picture of it is looked at on a phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ring {
    /// Above it, at most about 40 characters.
    pub title: String,
    /// In the middle: the one thing to know, at most 12 characters.
    pub middle: String,
    /// Below that, smaller.
    pub below: String,
    pub parts: [RingPart; 4],
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RingPart {
    /// `Measure`.
    pub name: String,
    /// Where the standard asks for it: `9.1`.
    pub clause: String,
    pub done: usize,
    /// 0: there is nothing to be done, and nothing is filled.
    pub of: usize,
    /// What is counted, or why nothing is: `values are in`. At most about 22 characters.
    pub what: String,
    /// How many are late.
    pub late: usize,
    /// What comes next, at most about 22 characters.
    pub next: Option<String>,
}

impl RingPart {
    /// The part that is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        match self.of {
            0 => 0.0,
            of => (self.done as f64 / of as f64).clamp(0.0, 1.0),
        }
    }
}
