//! Changes of roles and records of competence: nouns and decisions. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::command::Shown;
use crate::app::UserError;
use crate::command::value::FileRef;
use crate::people::{People, Person, Role, RoleFrom};

/// A role that was given or taken.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleChange {
    pub person: Uuid,
    pub role: Role,
    pub was: Role,
    pub reason: Option<String>,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// What shows that a person can audit.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Training {
    pub training: String,
    pub on: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    /// A number, a place, an address.
    pub evidence: Option<String>,
    /// A copy of the certificate, that is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRef>,
}

/// A training as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Competence {
    pub person: Uuid,
    /// Counts a person's rows from 1.
    pub number: i64,
    pub training: Training,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// Whether someone has shown that they can audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualified {
    Yes,
    /// Nothing is recorded.
    Unrecorded,
    /// All that is recorded has run out; the last of it on this day.
    Expired(NaiveDate),
}

impl Shown {
    /// The training that was named; `None` if none was.
    pub fn training(self, today: NaiveDate) -> Result<Option<Training>, UserError> {
        let Shown {
            training,
            on,
            until,
            evidence,
            file,
        } = self;
        let Some(training) = training else {
            if on.is_some() || until.is_some() || evidence.is_some() || file.is_some() {
                let text = "Say what the training or experience was; the date and the proof belong \
                            to it.";
                return Err(UserError::at("training", text));
            }
            return Ok(None);
        };
        if on.is_some_and(|on| on > today) {
            let text = "This is still to come. Record it when it has been.";
            return Err(UserError::at("on", text));
        }
        if let (Some(on), Some(until)) = (on, until)
            && until < on
        {
            let text = "This is before the day of the training.";
            return Err(UserError::at("until", text));
        }
        Ok(Some(Training {
            training,
            on,
            until,
            evidence: evidence.map(|evidence| evidence.0),
            file,
        }))
    }
}

/// Whether a person may get a role now. There is always a manager, and a change changes something.
pub fn check(people: &People, person: &Person, role: Role) -> Result<(), UserError> {
    let name = &person.name;
    if person.role == role && person.role_from == RoleFrom::Grant {
        let mut text = format!("{name} is {} already.", role.with_article());
        if role == Role::Auditor {
            text.push_str(" To record competence, say what the training or experience was.");
            return Err(UserError::at("training", text).button("Show roles", "role list"));
        }
        return Err(UserError::at("person", text).button("Show roles", "role list"));
    }
    let others = people.managers().filter(|other| other.id != person.id);
    if person.role == Role::Manager && role != Role::Manager && others.count() == 0 {
        let text = format!(
            "{name} is the only manager here, and without one nobody could grant roles. Make \
             somebody else a manager first."
        );
        return Err(UserError::at("person", text).button("Grant a role", "role grant"));
    }
    Ok(())
}

/// What the records say of a person on a day.
pub fn qualified(records: &[Competence], person: Uuid, today: NaiveDate) -> Qualified {
    let own = || records.iter().filter(|record| record.person == person);
    let valid = |record: &&Competence| record.training.until.is_none_or(|until| until >= today);
    if own().any(|record| valid(&record)) {
        return Qualified::Yes;
    }
    match own().filter_map(|record| record.training.until).max() {
        Some(last) => Qualified::Expired(last),
        None => Qualified::Unrecorded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(person: u128, until: Option<&str>) -> Competence {
        Competence {
            person: Uuid::from_u128(person),
            number: 1,
            training: Training {
                training: "Internal auditor".into(),
                on: None,
                until: until.map(|day| day.parse().unwrap()),
                evidence: None,
                file: None,
            },
            by: Uuid::nil(),
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn competence_is_what_is_recorded_and_has_not_run_out() {
        let records = [
            record(1, Some("2026-11-23")),
            record(2, Some("2026-11-22")),
            record(2, Some("2025-01-01")),
            record(3, Some("2020-01-01")),
            record(3, None),
        ];
        let today = "2026-11-23".parse().unwrap();
        for (person, expected) in [
            (1, Qualified::Yes),
            (2, Qualified::Expired("2026-11-22".parse().unwrap())),
            (3, Qualified::Yes),
            (4, Qualified::Unrecorded),
        ] {
            let read = qualified(&records, Uuid::from_u128(person), today);
            assert_eq!(read, expected, "{person}");
        }
    }

    #[test]
    fn a_training_is_named_and_its_dates_are_in_order() {
        let today = "2026-11-23".parse().unwrap();
        let wrong = |shown: Shown| shown.training(today).unwrap_err().field;
        let day = |text: &str| Some(text.parse().unwrap());
        let training = Some("Internal auditor".to_owned());
        assert_eq!(Shown::default().training(today), Ok(None));
        let dated = Shown {
            on: day("2026-01-01"),
            ..Shown::default()
        };
        assert_eq!(wrong(dated), Some("training"));
        let coming = Shown {
            training: training.clone(),
            on: day("2026-11-24"),
            ..Shown::default()
        };
        assert_eq!(wrong(coming), Some("on"));
        let until = day("2025-01-01");
        let turned = Shown {
            training,
            on: day("2026-01-01"),
            until,
            ..Shown::default()
        };
        assert_eq!(wrong(turned), Some("until"));
    }
}
