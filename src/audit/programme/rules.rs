//! The programme of a year: what it says, who may approve it, and whether it stands. Pure.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::choice::{Choice, Cycle, Why};
use crate::app::UserError;
use crate::audit::rules::{Audit, STANDARD, State};
use crate::command::one_of;
use crate::command::value::ProgrammeName;
use crate::people::{People, Person, Role};
use crate::presence::rules::Absences;

/// What the audits of a year are to reach, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Programme {
    pub year: i32,
    pub aims: Aims,
    pub cycle: Cycle,
    /// One for each clause and control; none where it was planned before reasons were kept.
    pub choices: Vec<Choice>,
    pub planned_by: Option<Uuid>,
    pub planned_on: NaiveDate,
    /// Since when it waits for approval.
    pub asked_on: NaiveDate,
    /// Why it is to be approved anew.
    pub reason: Option<String>,
}

/// The words of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aims {
    pub objectives: String,
    pub criteria: String,
    pub method: String,
}

impl Default for Aims {
    fn default() -> Aims {
        Aims {
            objectives: "Find out whether the ISMS conforms to ISO/IEC 27001:2022 and to our own \
                         requirements, and is effectively implemented and maintained."
                .to_owned(),
            criteria:
                "ISO/IEC 27001:2022, clauses 4 to 10 and the Annex A controls that apply; our \
                       policies and procedures."
                    .to_owned(),
            method:
                "Documents are read, people asked and work watched, in samples that the auditor \
                     chooses."
                    .to_owned(),
        }
    }
}

/// A programme that a leader approved.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// 1 for the first.
    pub nth: i64,
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// SHA-256 of what was approved, in hexadecimal digits.
    pub fingerprint: String,
}

/// A programme with its audits and approvals.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub programme: Programme,
    pub audits: Vec<Audit>,
    /// The oldest first.
    pub approvals: Vec<Approval>,
}

/// Whether a programme stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing<'a> {
    Approved(&'a Approval),
    NeverApproved,
    /// It was approved, and changed since.
    Changed(&'a Approval),
}

/// A leader has so many days to approve.
const DAYS_TO_APPROVE: Days = Days::new(7);

impl Programme {
    pub fn name(&self) -> ProgrammeName {
        ProgrammeName(self.year)
    }

    /// Of a year that was planned before programmes were kept.
    pub fn of_before(year: i32, today: NaiveDate) -> Programme {
        Programme {
            year,
            aims: Aims::default(),
            cycle: Cycle {
                from: year,
                years: 1,
            },
            choices: Vec::new(),
            planned_by: None,
            planned_on: today,
            asked_on: today,
            reason: None,
        }
    }

    /// By when it is to be approved.
    pub fn approval_due(&self) -> NaiveDate {
        self.asked_on + DAYS_TO_APPROVE
    }

    /// Why a clause or control is audited, or is not.
    pub fn why(&self, reference: &str) -> &[Why] {
        let choice = self.choices.iter().find(|c| c.requirement == reference);
        choice.map_or(&[], |choice| &choice.why)
    }

    /// The controls that stay out because they do not apply, with the reason.
    pub fn excluded(&self) -> impl Iterator<Item = (&str, &str)> {
        self.choices.iter().filter_map(|choice| {
            choice.why.iter().find_map(|why| match why {
                Why::Excluded(reason) => Some((choice.requirement.as_str(), reason.as_str())),
                _ => None,
            })
        })
    }
}

impl Plan {
    /// What is approved: the words, the cycle, the audits and what stays out. Who audits and how far
    /// an audit has come is not part of it.
    pub fn content(&self) -> Value {
        let Programme {
            year, aims, cycle, ..
        } = &self.programme;
        let audits = self.audits.iter().map(
            |audit| json!({ "audit": audit.name(), "topic": audit.topic, "scope": audit.scope }),
        );
        let excluded = self.programme.excluded();
        let excluded = excluded.map(|(control, why)| json!({ "control": control, "reason": why }));
        json!({
            "year": year,
            "objectives": aims.objectives,
            "criteria": aims.criteria,
            "method": aims.method,
            "cycle": { "from": cycle.from, "years": cycle.years },
            "audits": audits.collect::<Vec<_>>(),
            "excluded": excluded.collect::<Vec<_>>(),
        })
    }

    /// SHA-256 over the canonical JSON (RFC 8785) of the content.
    pub fn fingerprint(&self) -> String {
        let body = serde_json_canonicalizer::to_vec(&self.content());
        let body = body.expect("texts and whole numbers have a canonical form");
        hex::encode(Sha256::digest(body))
    }

    pub fn standing(&self) -> Standing<'_> {
        match self.approvals.last() {
            None => Standing::NeverApproved,
            Some(last) if last.fingerprint == self.fingerprint() => Standing::Approved(last),
            Some(last) => Standing::Changed(last),
        }
    }

    pub fn is_approved(&self) -> bool {
        matches!(self.standing(), Standing::Approved(_))
    }
}

/// Cuts what is audited in a year into audits, one a month; a month with nothing in it has none.
pub fn cut(year: i32, choices: &[Choice]) -> Vec<Audit> {
    let audited = |reference: &&String| {
        let mut choices = choices.iter();
        choices.any(|choice| choice.audited && choice.requirement == **reference)
    };
    let slices = STANDARD.slices.iter().map(|slice| Audit {
        year,
        month: slice.month,
        nth: 1,
        topic: slice.topic.clone(),
        scope: slice.scope.iter().filter(audited).cloned().collect(),
        auditor: None,
        state: State::Planned,
        started_on: None,
        finished_on: None,
        conclusion: None,
    });
    slices.filter(|audit| !audit.scope.is_empty()).collect()
}

/// Whoever is asked to approve: the leaders; without any, the managers, who are to name one.
pub fn approvers(people: &People) -> Vec<&Person> {
    let with_role = |role: Role| -> Vec<&Person> {
        let there = people.0.iter().filter(|person| person.present);
        there.filter(|person| person.role == role).collect()
    };
    match with_role(Role::Leader) {
        leaders if leaders.is_empty() => with_role(Role::Manager),
        leaders => leaders,
    }
}

/// A leader approves. A manager, who plans, does so only where there is no leader, or where they stand
/// in for one while all leaders are away.
pub fn may_approve(
    by: &Person,
    people: &People,
    (absences, day): (&Absences, NaiveDate),
) -> Result<(), UserError> {
    let approvers = approvers(people);
    if approvers.iter().any(|person| person.id == by.id) {
        return Ok(());
    }
    let is_away = |person: &&Person| absences.of(person.id, day).is_some();
    let stands_in = |person: &&Person| absences.receivers(person.id, day, people).contains(&by.id);
    if approvers.iter().all(is_away) && approvers.iter().any(stands_in) {
        return Ok(());
    }
    let names: Vec<String> = approvers.iter().map(|person| person.name.clone()).collect();
    Err(UserError::new(format!(
        "Whoever plans the audits does not approve them: {} does.",
        one_of(&names)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::programme::choice::{Ground, choose};
    use crate::people::RoleFrom;
    use crate::presence::rules::Absence;

    fn day() -> NaiveDate {
        "2027-01-04".parse().unwrap()
    }

    fn person(number: u128, role: Role) -> Person {
        Person {
            id: Uuid::from_u128(number),
            external: format!("U{number}"),
            name: format!("Person {number}"),
            zone: None,
            role,
            role_from: RoleFrom::Grant,
            present: true,
        }
    }

    fn plan() -> Plan {
        let programme = Programme::of_before(2027, day());
        let choices = choose(2027, programme.cycle, &Ground::default());
        Plan {
            audits: cut(2027, &choices),
            programme: Programme {
                choices,
                ..programme
            },
            approvals: Vec::new(),
        }
    }

    #[test]
    fn any_change_of_what_was_approved_takes_the_approval_back_and_undoing_it_gives_it_again() {
        let mut plan = plan();
        assert_eq!(plan.standing(), Standing::NeverApproved);
        plan.approvals.push(Approval {
            nth: 1,
            by: Uuid::from_u128(1),
            at: DateTime::UNIX_EPOCH,
            fingerprint: plan.fingerprint(),
        });
        assert!(plan.is_approved());
        // Who audits, and how far it is, was not approved.
        plan.audits[0].auditor = Some(Uuid::from_u128(2));
        plan.audits[0].state = State::Finished;
        assert!(plan.is_approved());
        let changes: [fn(&mut Plan); 5] = [
            |plan| plan.audits[2].month = 4,
            |plan| drop(plan.audits[2].scope.pop()),
            |plan| drop(plan.audits.pop()),
            |plan| plan.programme.aims.method.push('!'),
            |plan| plan.programme.cycle.years = 3,
        ];
        for change in changes {
            let mut changed = plan.clone();
            change(&mut changed);
            assert!(matches!(changed.standing(), Standing::Changed(_)));
        }
        assert!(plan.is_approved());
    }

    #[test]
    fn a_manager_approves_only_without_a_leader_or_for_one_who_is_away() {
        let (manager, leader) = (person(1, Role::Manager), person(2, Role::Leader));
        let none = Absences::default();
        let both = People(vec![manager.clone(), leader.clone()]);
        assert!(may_approve(&leader, &both, (&none, day())).is_ok());
        let refused = may_approve(&manager, &both, (&none, day())).unwrap_err();
        assert!(refused.text.contains("Person 2 does"), "{}", refused.text);
        let alone = People(vec![manager.clone()]);
        assert!(may_approve(&manager, &alone, (&none, day())).is_ok());
        let left = People(vec![
            manager.clone(),
            Person {
                present: false,
                ..leader.clone()
            },
        ]);
        assert!(may_approve(&manager, &left, (&none, day())).is_ok());
        let away = Absences(vec![Absence {
            person: leader.id,
            from: day(),
            until: day() + Days::new(14),
            deputy: Some(manager.id),
            reason: None,
        }]);
        assert!(may_approve(&manager, &both, (&away, day())).is_ok());
        let another = person(3, Role::Manager);
        let three = People(vec![manager, leader, another.clone()]);
        assert!(
            may_approve(&another, &three, (&away, day())).is_err(),
            "not their deputy"
        );
    }
}
