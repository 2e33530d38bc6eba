//! Areas over the standard: which there are, who owns what, what nobody owns. Pure.

use uuid::Uuid;

use crate::app::UserError;
use crate::audit::rules::STANDARD;
use crate::command::value::AreaName;

/// Clauses and control groups: together they are the whole standard.
pub const WHOLE: [(&str, &str); 11] = [
    ("4", "Context of the organization"),
    ("5", "Leadership"),
    ("6", "Planning"),
    ("7", "Support"),
    ("8", "Operation"),
    ("9", "Performance evaluation"),
    ("10", "Improvement"),
    ("A.5", "Organizational controls"),
    ("A.6", "People controls"),
    ("A.7", "Physical controls"),
    ("A.8", "Technological controls"),
];

/// An area and who is responsible for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    pub name: AreaName,
    pub owner: Option<Uuid>,
}

/// What is covered by areas with owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    pub owned: usize,
    pub all: usize,
}

impl AreaName {
    /// The standard's words for it; empty for a clause that is only a heading.
    pub fn title(&self) -> &'static str {
        let whole = WHOLE.iter().find(|(name, _)| *name == self.as_str());
        whole.map_or_else(|| STANDARD.title(self.as_str()), |(_, title)| title)
    }

    /// Whether a clause or control belongs to it.
    pub fn covers(&self, reference: &str) -> bool {
        let rest = reference.strip_prefix(self.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Refuses what the standard does not have: `9.7`.
    pub fn exists(&self) -> Result<(), UserError> {
        let mut requirements = STANDARD.requirements.iter();
        if requirements.any(|requirement| self.covers(&requirement.reference)) {
            return Ok(());
        }
        let text = format!(
            "The standard has no {self}. An area is a clause like 7 or 9.1, a control group from \
             A.5 to A.8, or a control like A.8.8."
        );
        Err(UserError::at("area", text).button("Show areas", "area list"))
    }
}

/// Who is responsible for a clause or control: the owner of the smallest area that covers it.
pub fn owner_of(areas: &[Area], reference: &str) -> Option<Uuid> {
    let covering = areas
        .iter()
        .filter(|area| area.owner.is_some() && area.name.covers(reference));
    covering
        .max_by_key(|area| area.name.as_str().len())
        .and_then(|area| area.owner)
}

/// How many of the standard's clauses and controls have an owner.
pub fn cover(areas: &[Area]) -> Cover {
    let all = &STANDARD.requirements;
    let owned = all
        .iter()
        .filter(|requirement| owner_of(areas, &requirement.reference).is_some());
    Cover {
        owned: owned.count(),
        all: all.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(name: &str, owner: u128) -> Area {
        Area {
            name: name.parse().unwrap(),
            owner: (owner > 0).then(|| Uuid::from_u128(owner)),
        }
    }

    #[test]
    fn the_smallest_area_with_an_owner_decides() {
        let areas = [
            area("A.8", 1),
            area("A.8.1", 2),
            area("9", 3),
            area("9.2", 0),
        ];
        for (reference, owner) in [
            ("A.8.8", 1),
            ("A.8.1", 2),
            ("A.8.11", 1),
            ("9.2.1", 3),
            ("A.5.1", 0),
        ] {
            let expected = (owner > 0).then(|| Uuid::from_u128(owner));
            assert_eq!(owner_of(&areas, reference), expected, "{reference}");
        }
    }

    #[test]
    fn clauses_and_groups_are_the_whole_standard() {
        let areas: Vec<Area> = WHOLE.iter().map(|(name, _)| area(name, 1)).collect();
        assert_eq!(
            cover(&areas),
            Cover {
                owned: 121,
                all: 121
            }
        );
        assert_eq!(cover(&areas[10..]).owned, 34);
    }

    #[test]
    fn an_area_is_one_of_the_standard() {
        for name in ["4", "9.2", "9.2.1", "A.8", "A.8.34"] {
            assert!(name.parse::<AreaName>().unwrap().exists().is_ok(), "{name}");
        }
        for name in ["9.7", "6.1.9"] {
            assert!(
                name.parse::<AreaName>().unwrap().exists().is_err(),
                "{name}"
            );
        }
    }
}
