//! What was audited, and what was not. Pure.

use crate::audit::checklist::rules::{Item, ItemResult};
use crate::audit::finding::rules::{self, Finding};
use crate::audit::rules::{Audit, State};

/// A clause or control that an audit looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    pub reference: String,
    /// No nonconformity was found.
    pub conforms: bool,
}

/// What an audit looked at: what was put down in its checklist; its scope, if it was finished without
/// one.
pub fn looked_at(audit: &Audit, items: &[Item], findings: &[Finding]) -> Vec<Looked> {
    let name = audit.name();
    let items: Vec<&Item> = items.iter().filter(|item| item.audit == name).collect();
    let tested: Vec<&str> = match (items.is_empty(), audit.state) {
        (true, State::Finished) => audit.scope.iter().map(String::as_str).collect(),
        _ => {
            let tested = items
                .iter()
                .filter(|item| item.result != ItemResult::NotTested);
            tested.map(|item| item.requirement.as_str()).collect()
        }
    };
    let failed = |reference: &str| {
        let item = items
            .iter()
            .find(|item| item.requirement.as_str() == reference);
        item.is_some_and(|item| item.result == ItemResult::DoesNotConform)
            || findings.iter().any(|finding| {
                finding.audit == name
                    && finding.requirement.as_str() == reference
                    && finding.grade.is_nonconformity()
                    && finding.state != rules::State::Withdrawn
            })
    };
    let looked = tested.into_iter().map(|reference| Looked {
        reference: reference.to_owned(),
        conforms: !failed(reference),
    });
    looked.collect()
}
