//! What is audited in a year of the cycle, and why. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::audit::rules::STANDARD;

/// The years in which every control that applies is audited once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycle {
    pub from: i32,
    /// 1 to 3.
    pub years: i32,
}

impl Cycle {
    /// The most years that one may have: a certificate lasts as long.
    pub const LONGEST: i32 = 3;

    pub fn last(self) -> i32 {
        self.from + self.years - 1
    }

    pub fn holds(self, year: i32) -> bool {
        (self.from..=self.last()).contains(&year)
    }

    /// The cycle that a year falls into after this one; a different length begins anew.
    pub fn at(self, year: i32, years: i32) -> Cycle {
        match self.holds(year) && self.years == years {
            true => self,
            false => Cycle { from: year, years },
        }
    }
}

/// Of one clause or control: whether it is audited in the year, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub requirement: String,
    /// Whether it is audited in the year.
    pub audited: bool,
    pub why: Vec<Why>,
}

/// One reason, for or against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It did not conform.
    Nonconformity,
    /// It was touched by a change.
    Changed,
    NeverAudited,
    /// So many incidents in the last year.
    Incidents(u32),
    /// So many corrective actions are open.
    OpenActions(u32),
    /// So many KPIs crossed a limit.
    Crossings(u32),
    /// A clause, audited in each year.
    Clause,
    LastAudited(i32),
    /// Its turn in the cycle.
    Turn,
    /// Somebody put it into the programme.
    Added(String),
    /// Somebody took it out of the programme.
    Removed(String),
    /// It was audited in this year of the cycle already.
    Done(i32),
    /// It is still to be audited in this year of the cycle.
    Planned(i32),
    /// Its turn comes by this year.
    Later(i32),
    /// It does not apply.
    Excluded(String),
}

/// What is known of one clause or control.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signals {
    /// The year of its last audit.
    pub last: Option<i32>,
    /// A year in which it is still to be audited.
    pub planned: Option<i32>,
    /// Its last audit, or somebody since, found that it does not conform.
    pub failed: bool,
    pub changed: bool,
    pub incidents: u32,
    pub open_actions: u32,
    pub crossings: u32,
}

/// What a choice is made from.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Controls that do not apply, with the reason.
    pub excluded: BTreeMap<String, String>,
    pub signals: BTreeMap<String, Signals>,
}

impl Signals {
    /// What speaks for auditing it now, the weightiest first.
    fn reasons(&self) -> Vec<Why> {
        let counted = |count: u32, why: fn(u32) -> Why| (count > 0).then(|| why(count));
        let last = match self.last {
            None => Why::NeverAudited,
            Some(year) => Why::LastAudited(year),
        };
        let mut reasons: Vec<Why> = [
            self.failed.then_some(Why::Nonconformity),
            self.changed.then_some(Why::Changed),
            counted(self.incidents, Why::Incidents),
            counted(self.open_actions, Why::OpenActions),
            counted(self.crossings, Why::Crossings),
            Some(last),
        ]
        .into_iter()
        .flatten()
        .collect();
        reasons.sort();
        reasons
    }

    /// How soon it is to be audited: the larger the sooner.
    fn weight(&self, year: i32) -> i32 {
        let some = |count: u32, weight: i32| i32::from(count > 0) * weight;
        let age = match self.last {
            None => 50,
            Some(last) => 5 * (year - last).clamp(0, 8),
        };
        i32::from(self.failed) * 100
            + i32::from(self.changed) * 40
            + some(self.incidents, 30)
            + some(self.open_actions, 20)
            + some(self.crossings, 20)
            + age
    }
}

/// Chooses what is audited in a year of a cycle: one choice for each clause and control, in the
/// standard's order.
pub fn choose(year: i32, cycle: Cycle, ground: &Ground) -> Vec<Choice> {
    let none = Signals::default();
    let signals = |reference: &str| ground.signals.get(reference).unwrap_or(&none);
    let done = |reference: &str| {
        let before = |at: &i32| cycle.holds(*at) && *at < year;
        let Signals { last, planned, .. } = signals(reference);
        let done = last.filter(before).map(Why::Done);
        done.or_else(|| planned.filter(before).map(Why::Planned))
    };
    let is_open = |reference: &&str| {
        reference.starts_with("A.")
            && !ground.excluded.contains_key(*reference)
            && done(reference).is_none()
    };
    let references = || STANDARD.requirements.iter().map(|r| r.reference.as_str());
    let mut open: Vec<&str> = references().filter(is_open).collect();
    let years_left = (cycle.last() - year + 1).max(1) as usize;
    let turn = open.len().div_ceil(years_left);
    // What weighs the same is spread over the months.
    open.sort_by_key(|reference| {
        let weight = signals(reference).weight(year);
        (std::cmp::Reverse(weight), place(reference))
    });
    let turn: BTreeSet<&str> = open.into_iter().take(turn).collect();
    let choice = |reference: &str| {
        let known = signals(reference);
        let (audited, why) = if let Some(reason) = ground.excluded.get(reference) {
            (false, vec![Why::Excluded(reason.clone())])
        } else if !reference.starts_with("A.") {
            let mut why = known.reasons();
            why.push(Why::Clause);
            (true, why)
        } else if turn.contains(reference) {
            let mut why = known.reasons();
            why.extend((cycle.years > 1).then_some(Why::Turn));
            (true, why)
        } else if known.failed || known.changed {
            (true, known.reasons())
        } else if let Some(why) = done(reference) {
            (false, vec![why])
        } else {
            (false, vec![Why::Later(cycle.last())])
        };
        Choice {
            requirement: reference.to_owned(),
            audited,
            why,
        }
    };
    references().map(choice).collect()
}

/// The how-manieth control of its month, and the month.
fn place(reference: &str) -> Option<(usize, u32)> {
    STANDARD.slices.iter().find_map(|slice| {
        let mut controls = slice.scope.iter().filter(|own| own.starts_with("A."));
        let nth = controls.position(|own| own == reference)?;
        Some((nth, slice.month))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::audit::programme::rules::cut;

    fn three(from: i32) -> Cycle {
        Cycle { from, years: 3 }
    }

    #[test]
    fn without_a_cycle_everything_that_applies_is_audited_each_year() {
        let cycle = Cycle {
            from: 2027,
            years: 1,
        };
        let choices = choose(2027, cycle, &Ground::default());
        assert_eq!(choices.len(), 121);
        assert!(choices.iter().all(|choice| choice.audited));
        assert_eq!(choices[0].why, [Why::NeverAudited, Why::Clause]);
        assert_eq!(choices[120].why, [Why::NeverAudited]);
    }

    #[test]
    fn what_did_not_conform_or_was_changed_comes_again_and_what_was_audited_waits() {
        let mut ground = Ground::default();
        let known = |last| Signals {
            last: Some(last),
            ..Signals::default()
        };
        for (reference, signals) in [
            ("A.5.1", known(2027)),
            (
                "A.5.2",
                Signals {
                    failed: true,
                    ..known(2027)
                },
            ),
            (
                "A.5.3",
                Signals {
                    changed: true,
                    ..known(2027)
                },
            ),
        ] {
            ground.signals.insert(reference.to_owned(), signals);
        }
        ground
            .excluded
            .insert("A.8.30".into(), "Nothing is outsourced".into());
        let choices = choose(2028, three(2027), &ground);
        let of = |reference: &str| choices.iter().find(|c| c.requirement == reference).unwrap();
        assert_eq!(of("A.5.1").why, [Why::Done(2027)]);
        assert!(of("A.5.2").audited && of("A.5.2").why.contains(&Why::Nonconformity));
        assert!(of("A.5.3").audited && of("A.5.3").why.contains(&Why::Changed));
        assert_eq!(
            of("A.8.30").why,
            [Why::Excluded("Nothing is outsourced".into())]
        );
        assert!(of("9.2.1").audited, "clauses come each year");
        // 89 are left for two years.
        let turn = choices
            .iter()
            .filter(|c| c.why.contains(&Why::Turn))
            .count();
        assert_eq!(turn, 45);
        assert_eq!(of("A.8.34").why, [Why::Later(2029)]);
    }

    fn references() -> Vec<String> {
        let all = STANDARD.requirements.iter();
        all.map(|requirement| requirement.reference.clone())
            .collect()
    }

    proptest! {
        /// Whatever does not apply, failed or was changed: in each year each clause and control is in
        /// exactly one audit or has a reason not to be, and by the end of the cycle all that apply
        /// were audited.
        #[test]
        fn a_cycle_audits_all_that_applies(
            years in 1..=Cycle::LONGEST,
            excluded in prop::collection::btree_set(0..93usize, 0..93),
            failed in prop::collection::btree_set(0..121usize, 0..20),
            changed in prop::collection::btree_set(0..121usize, 0..20),
        ) {
            let all = references();
            let cycle = Cycle { from: 2027, years };
            let mut ground = Ground::default();
            for index in excluded {
                ground.excluded.insert(all[28 + index].clone(), "Not here".to_owned());
            }
            let mut audited = BTreeSet::new();
            for year in 2027..2027 + years {
                for (index, reference) in all.iter().enumerate() {
                    let signals = ground.signals.entry(reference.clone()).or_default();
                    signals.failed = failed.contains(&index);
                    signals.changed = changed.contains(&index);
                }
                let choices = choose(year, cycle, &ground);
                let chosen: Vec<&String> = choices.iter().map(|c| &c.requirement).collect();
                prop_assert_eq!(chosen, all.iter().collect::<Vec<_>>());
                let mut scopes: Vec<String> =
                    cut(year, &choices).into_iter().flat_map(|audit| audit.scope).collect();
                scopes.sort();
                let mut wanted: Vec<String> =
                    choices.iter().filter(|c| c.audited).map(|c| c.requirement.clone()).collect();
                wanted.sort();
                prop_assert_eq!(&scopes, &wanted, "each in exactly one audit");
                for choice in &choices {
                    prop_assert!(!choice.why.is_empty());
                    let out = ground.excluded.contains_key(&choice.requirement);
                    prop_assert!(!(out && choice.audited));
                }
                for reference in scopes {
                    ground.signals.entry(reference.clone()).or_default().last = Some(year);
                    audited.insert(reference);
                }
            }
            for reference in &all {
                let out = ground.excluded.contains_key(reference);
                prop_assert_eq!(audited.contains(reference), !out, "{}", reference);
            }
        }
    }
}
