//! The gate, walked by chance.

use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::rules::*;
use crate::audit::rules::STANDARD;
use crate::command::value::ActionName;
use crate::people::area::rules::Area;
use crate::people::roles::rules::{Competence, Training};

const SCOPE: [&str; 4] = ["9.1", "9.2.1", "A.8.1", "A.8.10"];

fn scope() -> Vec<String> {
    SCOPE.map(str::to_owned).to_vec()
}

fn on() -> NaiveDate {
    "2027-03-31".parse().unwrap()
}

fn bob() -> Uuid {
    Uuid::from_u128(7)
}

fn trained(until: Option<&str>) -> Competence {
    Competence {
        person: bob(),
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

fn area(name: &str, owner: Uuid) -> Area {
    Area {
        name: name.parse().unwrap(),
        owner: Some(owner),
    }
}

fn competent() -> Ties {
    Ties {
        competence: vec![trained(None)],
        ..Ties::default()
    }
}

fn overridden(doubts: &[Doubt]) -> Override {
    Override {
        person: bob(),
        doubts: doubts.to_vec(),
        reason: "Nobody else can".into(),
        by: Uuid::nil(),
        at: DateTime::UNIX_EPOCH,
    }
}

#[test]
fn who_has_nothing_to_do_with_it_and_is_trained_may_audit() {
    assert_eq!(competent().doubts(bob(), &scope(), on()), []);
    let untrained = Ties::default().doubts(bob(), &scope(), on());
    assert_eq!(untrained, [Doubt::Unrecorded]);
    let ran_out = Ties {
        competence: vec![trained(Some("2027-03-30"))],
        ..Ties::default()
    };
    let until = "2027-03-30".parse().unwrap();
    assert_eq!(
        ran_out.doubts(bob(), &scope(), on()),
        [Doubt::Expired { on: until }]
    );
}

#[test]
fn an_area_counts_where_it_is_the_smallest_and_touches_the_scope() {
    let other = Uuid::from_u128(8);
    let ties = Ties {
        areas: vec![area("A.8", bob()), area("A.8.1", other), area("7", bob())],
        ..competent()
    };
    let doubts = ties.doubts(bob(), &scope(), on());
    let expected = Doubt::Area {
        area: "A.8".parse().unwrap(),
        requirements: vec!["A.8.10".into()],
    };
    assert_eq!(doubts, [expected]);
}

#[test]
fn a_control_is_not_another_that_begins_alike() {
    let involved = |control: &str| Ties {
        involved: vec![Involved {
            action: 3,
            control: control.into(),
            person: bob(),
            part: ActionPart::Owner,
        }],
        ..competent()
    };
    for (control, doubted) in [
        ("A.8.1", true),
        ("9.2", true),
        ("A.8.100", false),
        ("10", false),
    ] {
        let doubts = involved(control).doubts(bob(), &scope(), on());
        assert_eq!(!doubts.is_empty(), doubted, "{control}");
    }
}

#[test]
fn an_override_covers_what_was_known_and_nothing_more() {
    let area = |requirements: &[&str]| Doubt::Area {
        area: "A.8".parse().unwrap(),
        requirements: requirements.iter().map(|r| (*r).to_owned()).collect(),
    };
    let known = [area(&["A.8.1", "A.8.10"]), Doubt::Unrecorded];
    let open = |doubts: Vec<Doubt>| {
        Member::of(bob(), doubts, &[overridden(&known)])
            .open()
            .len()
    };
    assert_eq!(open(vec![area(&["A.8.1"]), Doubt::Unrecorded]), 0);
    assert_eq!(
        open(vec![area(&["A.8.1", "A.8.2"])]),
        1,
        "the scope has grown"
    );
    assert_eq!(open(vec![Doubt::Expired { on: on() }]), 1);
    let other = Override {
        person: Uuid::from_u128(8),
        ..overridden(&known)
    };
    assert!(!Member::of(bob(), vec![Doubt::Unrecorded], &[other]).may_audit());
}

/// Ties between few people and few requirements, so that they meet.
fn ties() -> impl Strategy<Value = Ties> {
    let person = || (6u128..9).prop_map(Uuid::from_u128);
    let references: Vec<String> = ["9", "9.1", "9.2", "A.8", "A.8.1", "A.8.10", "A.5", "A.5.1"]
        .map(str::to_owned)
        .to_vec();
    let reference = move || prop::sample::select(references.clone());
    let areas = prop::collection::vec((reference(), person()), 0..5);
    let parts: Vec<ActionPart> = ActionPart::iter().collect();
    let involved =
        prop::collection::vec((reference(), person(), prop::sample::select(parts)), 0..5);
    (areas, involved, any::<bool>()).prop_map(|(areas, involved, trained_well)| {
        let mut named: Vec<Area> = Vec::new();
        for (name, owner) in areas {
            if named.iter().all(|area| area.name.as_str() != name) {
                named.push(area(&name, owner));
            }
        }
        let involved = (1..)
            .zip(involved)
            .map(|(action, (control, person, part))| Involved {
                action,
                control,
                person,
                part,
            });
        Ties {
            competence: trained_well.then(|| trained(None)).into_iter().collect(),
            areas: named,
            involved: involved.collect(),
            kpis: Vec::new(),
        }
    })
}

proptest! {
    /// What is refused is refused for a reason, and each reason is one that people can look up.
    #[test]
    fn every_tie_to_the_scope_is_a_doubt_and_every_doubt_a_tie(ties in ties()) {
        let doubts = ties.doubts(bob(), &scope(), on());
        let trained = !ties.competence.is_empty();
        prop_assert_eq!(doubts.contains(&Doubt::Unrecorded), !trained);
        for reference in scope() {
            let owns = crate::people::area::rules::owner_of(&ties.areas, &reference) == Some(bob());
            let said = doubts.iter().filter(|doubt| match doubt {
                Doubt::Area { requirements, .. } => requirements.contains(&reference),
                _ => false,
            });
            prop_assert_eq!(said.count(), usize::from(owns), "{}", reference);
        }
        for one in &ties.involved {
            let touched = STANDARD.requirements.iter().any(|requirement| {
                let name = &requirement.reference;
                let area: crate::command::value::AreaName = one.control.parse().unwrap();
                scope().contains(name) && area.covers(name)
            });
            let said = doubts.iter().any(|doubt| match doubt {
                Doubt::Action { action, part, .. } => {
                    *action == ActionName(one.action) && *part == one.part
                }
                _ => false,
            });
            prop_assert_eq!(said, one.person == bob() && touched);
        }
    }

    /// Whoever is overridden with all that is known may audit, and may not any more once something
    /// comes up that was not known.
    #[test]
    fn an_override_holds_until_something_new_comes_up(then in ties(), now in ties()) {
        let known = then.doubts(bob(), &scope(), on());
        let overrides = [overridden(&known)];
        prop_assert!(Member::of(bob(), known.clone(), &overrides).may_audit());
        let doubts = now.doubts(bob(), &scope(), on());
        let member = Member::of(bob(), doubts.clone(), &overrides);
        let known_requirements: Vec<&String> = known.iter().flat_map(|doubt| match doubt {
            Doubt::Area { requirements, .. } => requirements.as_slice(),
            _ => &[],
        }).collect();
        let new = doubts.iter().any(|doubt| match doubt {
            Doubt::Area { requirements, .. } => {
                requirements.iter().any(|one| !known_requirements.contains(&one))
            }
            other => !known.contains(other),
        });
        prop_assert_eq!(member.may_audit(), !new);
        // Nobody is let audit by what speaks for another.
        prop_assert!(Member::of(bob(), doubts.clone(), &[]).may_audit() == doubts.is_empty());
    }
}
