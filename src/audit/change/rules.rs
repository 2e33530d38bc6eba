//! What may be changed in a planned audit, and what becomes of the others of its year. Pure.

use chrono::NaiveDate;

use crate::app::UserError;
use crate::audit::card::month_words;
use crate::audit::programme::choice::Why;
use crate::audit::programme::rules::Plan;
use crate::audit::rules::{Audit, STANDARD, State};
use crate::command::value::{AreaName, AuditName};

/// What is wished.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wish {
    pub add: Vec<AreaName>,
    pub remove: Vec<AreaName>,
    pub month: Option<u32>,
    pub topic: Option<String>,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// As it was called before.
    pub was: AuditName,
    /// As it is now.
    pub audit: Audit,
    /// Other audits that gave something away, as they are now, and what.
    pub givers: Vec<(Audit, Vec<String>)>,
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// What has to be known to change a year.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Controls that do not apply, with the reason.
    pub excluded: &'a [(String, String)],
    /// Audits that look at earlier findings again: what they have, another audit has too.
    pub follow_ups: &'a [AuditName],
    pub today: NaiveDate,
}

/// The clauses and controls that these cover, in the standard's order.
fn covered(areas: &[AreaName], field: &'static str) -> Result<Vec<String>, UserError> {
    for area in areas {
        area.exists().map_err(|wrong| wrong.beside(Some(field)))?;
    }
    let references = STANDARD
        .requirements
        .iter()
        .map(|requirement| &requirement.reference);
    let covered = references.filter(|reference| areas.iter().any(|area| area.covers(reference)));
    Ok(covered.cloned().collect())
}

impl Plan {
    /// Changes one of the audits of the year, or says what would be right. The plan is as it is then.
    pub fn change(
        &mut self,
        name: AuditName,
        wish: &Wish,
        known: Known,
    ) -> Result<Changed, UserError> {
        let Some(at) = self.audits.iter().position(|audit| audit.name() == name) else {
            return Err(UserError::at("audit", format!("There is no {name} here.")));
        };
        let mut audit = self.audits[at].clone();
        if audit.state != State::Planned {
            let text = format!("{name} has been started, so it stays as it was planned.");
            return Err(UserError::at("audit", text)
                .button(format!("Show {name}"), format!("audit show {name}")));
        }
        if *wish == Wish::default() {
            let text = "Say what changes: add:, remove:, month: or topic:.";
            return Err(UserError::at("add", text));
        }
        let added = to_add(&audit, wish, known.excluded)?;
        let removed = to_remove(&audit, wish)?;
        let givers = self.givers(name, &added, known.follow_ups)?;
        audit.scope.retain(|reference| !removed.contains(reference));
        audit.scope.extend(added.iter().cloned());
        if audit.scope.is_empty() {
            let text = format!("Nothing would be left in {name}. Put something else in.");
            return Err(UserError::at("remove", text));
        }
        let place = |reference: &String| {
            let mut all = STANDARD.requirements.iter();
            all.position(|requirement| requirement.reference == *reference)
        };
        audit.scope.sort_by_key(place);
        if let Some(topic) = &wish.topic {
            audit.topic.clone_from(topic);
        }
        if let Some(month) = wish.month {
            self.move_to(&mut audit, month, known.today)?;
        }
        self.audits[at] = audit.clone();
        for (giver, _) in &givers {
            let own = self
                .audits
                .iter_mut()
                .find(|audit| audit.name() == giver.name());
            if let Some(own) = own {
                own.clone_from(giver);
            }
        }
        self.audits.sort_by_key(Audit::name);
        Ok(Changed {
            was: name,
            audit,
            givers,
            added,
            removed,
        })
    }

    /// The planned audits that have something of this, without it.
    fn givers(
        &self,
        to: AuditName,
        added: &[String],
        follow_ups: &[AuditName],
    ) -> Result<Vec<(Audit, Vec<String>)>, UserError> {
        let mut givers = Vec::new();
        for other in &self.audits {
            let name = other.name();
            let keeps = follow_ups.contains(&name) || other.state != State::Planned;
            if name == to || keeps || follow_ups.contains(&to) {
                continue;
            }
            let (given, kept): (Vec<String>, Vec<String>) = other
                .scope
                .iter()
                .cloned()
                .partition(|reference| added.contains(reference));
            if given.is_empty() {
                continue;
            }
            if kept.is_empty() {
                let text = format!("Nothing would be left in {name}.");
                return Err(UserError::at("add", text));
            }
            let giver = Audit {
                scope: kept,
                ..other.clone()
            };
            givers.push((giver, given));
        }
        Ok(givers)
    }

    /// Gives an audit the next free name of another month.
    fn move_to(&self, audit: &mut Audit, month: u32, today: NaiveDate) -> Result<(), UserError> {
        let name = audit.name();
        let words = month_words(audit.year, month);
        if month == audit.month {
            let text = format!("{name} is in {words} already.");
            return Err(UserError::at("month", text));
        }
        let of_month = self.audits.iter().filter(|other| other.month == month);
        let nth = of_month.map(|other| other.nth).max().unwrap_or(0) + 1;
        let moved = Audit {
            month,
            nth,
            ..audit.clone()
        };
        if moved.overdue(today) {
            let text = format!("{words} is over. Choose this month or a later one.");
            return Err(UserError::at("month", text));
        }
        *audit = moved;
        Ok(())
    }

    /// Keeps why what was put in or taken out is audited, or is not.
    pub fn remember(&mut self, changed: &Changed, reason: &str) {
        for choice in &mut self.programme.choices {
            if changed.added.contains(&choice.requirement) && !choice.audited {
                choice.audited = true;
                choice.why = vec![Why::Added(reason.to_owned())];
            }
            if changed.removed.contains(&choice.requirement) {
                choice.audited = false;
                choice.why = vec![Why::Removed(reason.to_owned())];
            }
        }
    }
}

fn to_add(
    audit: &Audit,
    wish: &Wish,
    excluded: &[(String, String)],
) -> Result<Vec<String>, UserError> {
    let name = audit.name();
    let mut added = covered(&wish.add, "add")?;
    if let Some((control, why)) = excluded.iter().find(|(out, _)| added.contains(out)) {
        let text = format!("{control} does not apply: {why}.");
        return Err(UserError::at("add", text).button("Show what applies", "audit scope"));
    }
    added.retain(|reference| !audit.scope.contains(reference));
    if added.is_empty() && !wish.add.is_empty() {
        return Err(UserError::at(
            "add",
            format!("{name} has all of that already."),
        ));
    }
    Ok(added)
}

fn to_remove(audit: &Audit, wish: &Wish) -> Result<Vec<String>, UserError> {
    let name = audit.name();
    let mut removed = covered(&wish.remove, "remove")?;
    removed.retain(|reference| audit.scope.contains(reference));
    if removed.is_empty() && !wish.remove.is_empty() {
        let text = format!("{name} has nothing of that: {}.", audit.scope.join(", "));
        return Err(UserError::at("remove", text));
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::audit::programme::choice::{Ground, choose};
    use crate::audit::programme::rules::{Programme, cut};

    fn plan() -> Plan {
        let programme = Programme::of_before(2027, "2027-01-01".parse().unwrap());
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

    proptest! {
        /// However a year is changed, and whatever is refused: nothing is in two audits, no audit is
        /// empty, no two have one name, and what is in none has a reason.
        #[test]
        fn a_changed_year_holds_together(
            changes in prop::collection::vec(
                (0..12usize, prop::option::of(0..121usize), prop::option::of(0..121usize), prop::option::of(1..=12u32)),
                0..12,
            ),
        ) {
            let mut plan = plan();
            let known = Known {
                excluded: &[],
                follow_ups: &[],
                today: "2027-05-10".parse().unwrap(),
            };
            let named = |index: Option<usize>| -> Vec<AreaName> {
                let reference = index.map(|index| STANDARD.requirements[index].reference.parse().unwrap());
                reference.into_iter().collect()
            };
            for (at, add, remove, month) in changes {
                let name = plan.audits[at].name();
                let wish = Wish { add: named(add), remove: named(remove), month, topic: None };
                let before = plan.clone();
                match plan.change(name, &wish, known) {
                    Ok(changed) => plan.remember(&changed, "Because"),
                    Err(_) => prop_assert_eq!(&before, &plan, "a refusal changes nothing"),
                }
            }
            let mut names: Vec<AuditName> = plan.audits.iter().map(Audit::name).collect();
            names.dedup();
            prop_assert_eq!(names.len(), 12);
            prop_assert!(plan.audits.iter().all(|audit| !audit.scope.is_empty()));
            for requirement in &STANDARD.requirements {
                let reference = &requirement.reference;
                let holds = plan.audits.iter().filter(|audit| audit.scope.contains(reference)).count();
                let choice = plan.programme.choices.iter().find(|c| c.requirement == *reference).unwrap();
                prop_assert_eq!(holds, usize::from(choice.audited), "{}", reference);
                prop_assert!(!choice.why.is_empty());
            }
        }
    }
}
