//! Auditors of an audit. Pure.

use uuid::Uuid;

/// Who carries out an audit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Team {
    /// Persons of the workspace; the first one leads.
    pub persons: Vec<Uuid>,
    /// Guests without a chat account, by name.
    pub guests: Vec<String>,
}

impl Team {
    pub fn has(&self, person: Uuid) -> bool {
        self.persons.contains(&person)
    }
}
