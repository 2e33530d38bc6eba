//! What was looked at for one requirement, how, and what it came to. Pure.

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::UserError;
use crate::command::value::{AuditName, ControlName, FileRef};

/// An item that somebody has put something down for. One that is not kept was not looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub audit: AuditName,
    pub requirement: ControlName,
    pub result: ItemResult,
    /// How it was looked at.
    pub methods: Vec<Method>,
    pub sample: Sample,
    /// A link, or where it is.
    pub evidence: Option<String>,
    pub evidence_file: Option<FileRef>,
    /// What was seen; for what was not tested, why.
    pub note: Option<String>,
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// Counts the times it was put down, from 1: two auditors do not overwrite each other.
    pub version: i64,
}

/// What was looked at, out of what, and how it was chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// `58 leavers of 2026`.
    pub population: Option<String>,
    /// `12`.
    pub size: Option<String>,
    /// `every fifth, from the HR list`.
    pub chosen: Option<String>,
}

/// What an item came to. What it found has a finding of its own.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ItemResult {
    /// Conforms
    Conforms,
    /// Does not conform
    DoesNotConform,
    /// Not applicable
    NotApplicable,
    /// Not tested
    NotTested,
}

/// How it was looked at (ISO 19011, A.1).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Method {
    /// Documents were read
    Document,
    /// People were asked
    Interview,
    /// Work was watched
    Observation,
}

impl ItemResult {
    /// Somebody looked whether it is so.
    pub fn was_tested(self) -> bool {
        matches!(self, ItemResult::Conforms | ItemResult::DoesNotConform)
    }
}

impl Item {
    /// Refuses what nobody could follow later: how it was looked at and what shows it, or why it was
    /// not looked at.
    pub fn must_be_plain(&self) -> Result<(), UserError> {
        let explained = self.note.is_some();
        if self.result.was_tested() && self.methods.is_empty() {
            let text = "Say how it was looked at: documents, interviews or observation.";
            return Err(UserError::at("method", text));
        }
        match self.result {
            ItemResult::DoesNotConform if !explained => Err(UserError::at(
                "note",
                "Say what was seen: what does not conform needs a note.",
            )),
            ItemResult::NotApplicable | ItemResult::NotTested if !explained => Err(UserError::at(
                "note",
                "Say why: what was not looked at needs a note.",
            )),
            ItemResult::Conforms
                if !explained && self.evidence.is_none() && self.evidence_file.is_none() =>
            {
                Err(UserError::at(
                    "evidence",
                    "Say what shows it: evidence, a file or a note.",
                ))
            }
            _ => Ok(()),
        }
    }
}

/// Whether somebody may put an item down who has seen it as it was so often put down; nobody said how
/// often where it was typed, and then one's own may be changed.
pub fn has_seen(before: Option<&Item>, seen: Option<i64>, by: Uuid) -> bool {
    match (before, seen) {
        (None, _) => true,
        (Some(before), Some(seen)) => before.version == seen,
        (Some(before), None) => before.by == by,
    }
}

/// How far a checklist is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Items in the scope.
    pub all: usize,
    /// Those that nobody has put down, in the order of the scope.
    pub open: Vec<String>,
}

impl Progress {
    pub fn put_down(&self) -> usize {
        self.all - self.open.len()
    }

    pub fn is_whole(&self) -> bool {
        self.open.is_empty()
    }
}

/// How far the checklist of an audit with this scope is.
pub fn progress(scope: &[String], items: &[Item]) -> Progress {
    let is_open = |reference: &&String| find(items, reference).is_none();
    Progress {
        all: scope.len(),
        open: scope.iter().filter(is_open).cloned().collect(),
    }
}

/// What was put down for a requirement.
pub fn find<'i>(items: &'i [Item], reference: &str) -> Option<&'i Item> {
    items
        .iter()
        .find(|item| item.requirement.as_str() == reference)
}

/// The first item that nobody has put down, after this one and around.
pub fn next_open(scope: &[String], items: &[Item], after: Option<&str>) -> Option<String> {
    let at = after.and_then(|after| scope.iter().position(|reference| reference == after));
    let (before, behind) = scope.split_at(at.map_or(0, |at| at + 1));
    let mut around = behind.iter().chain(before);
    let open = around.find(|reference| find(items, reference).is_none());
    open.cloned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item(requirement: &str) -> Item {
        Item {
            audit: "AUD-2027-03".parse().unwrap(),
            requirement: requirement.parse().unwrap(),
            result: ItemResult::Conforms,
            methods: vec![Method::Document],
            sample: Sample::default(),
            evidence: Some("Folder".into()),
            evidence_file: None,
            note: None,
            by: Uuid::from_u128(1),
            at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    fn scope() -> Vec<String> {
        ["7.1", "7.2", "A.6.1"].map(str::to_owned).to_vec()
    }

    #[test]
    fn what_conforms_has_evidence_and_what_does_not_or_was_left_out_has_a_note() {
        let fields = |change: &dyn Fn(&mut Item)| {
            let mut item = item("7.1");
            change(&mut item);
            item.must_be_plain().err().and_then(|error| error.field)
        };
        assert_eq!(fields(&|_| {}), None);
        assert_eq!(fields(&|item| item.evidence = None), Some("evidence"));
        assert_eq!(fields(&|item| item.methods.clear()), Some("method"));
        for result in [
            ItemResult::DoesNotConform,
            ItemResult::NotApplicable,
            ItemResult::NotTested,
        ] {
            assert_eq!(fields(&|item| item.result = result), Some("note"));
        }
    }

    #[test]
    fn the_next_item_is_looked_for_after_this_one_and_then_from_the_beginning() {
        let next = |items: &[&str], after| {
            let items: Vec<Item> = items.iter().map(|name| item(name)).collect();
            next_open(&scope(), &items, after)
        };
        assert_eq!(next(&[], None).as_deref(), Some("7.1"));
        assert_eq!(next(&["7.2"], Some("7.2")).as_deref(), Some("A.6.1"));
        assert_eq!(next(&["A.6.1"], Some("A.6.1")).as_deref(), Some("7.1"));
        assert_eq!(next(&["7.1", "7.2", "A.6.1"], Some("7.2")), None);
    }

    proptest! {
        /// Whoever saves knows what stands there: of two who looked at the same state one is refused.
        #[test]
        fn of_two_who_looked_at_the_same_state_the_second_is_refused(version in 0i64..5, mine in any::<bool>()) {
            let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
            let before = (version > 0).then(|| Item { version, ..item("7.1") });
            prop_assert!(has_seen(before.as_ref(), Some(version), me));
            let after = Item { version: version + 1, by: other, ..item("7.1") };
            prop_assert!(!has_seen(Some(&after), Some(version), me));
            prop_assert_eq!(has_seen(Some(&after), None, if mine { me } else { other }), !mine);
        }

        #[test]
        fn what_is_put_down_and_what_is_open_are_the_whole_scope(down in proptest::collection::vec(any::<bool>(), 3)) {
            let scope = scope();
            let of = scope.iter().zip(&down).filter(|(_, down)| **down);
            let items: Vec<Item> = of.map(|(reference, _)| item(reference)).collect();
            let progress = progress(&scope, &items);
            prop_assert_eq!(progress.put_down(), items.len());
            prop_assert_eq!(progress.is_whole(), next_open(&scope, &items, None).is_none());
        }
    }
}
