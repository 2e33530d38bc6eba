use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::command::value::DecisionName;
use crate::people::{People, Person, RoleFrom};
use crate::review::meeting::rules::{Attendant, Changed, Kind, Quorum, Verdict, Verdicts};
use crate::review::rules::Review;

const LEA: Uuid = Uuid::from_u128(1);
const LEO: Uuid = Uuid::from_u128(2);
const MIA: Uuid = Uuid::from_u128(3);
const TOM: Uuid = Uuid::from_u128(4);
const ALL: [Uuid; 4] = [LEA, LEO, MIA, TOM];

fn person(id: Uuid, role: Role) -> Person {
    Person {
        id,
        external: id.to_string(),
        name: format!("P{}", id.as_u128()),
        zone: None,
        role,
        role_from: RoleFrom::Grant,
        present: true,
    }
}

fn people() -> People {
    use Role::{Leader, Manager, Member};
    let all = [(LEA, Leader), (LEO, Leader), (MIA, Manager), (TOM, Member)];
    People(all.map(|(id, role)| person(id, role)).to_vec())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noon() -> DateTime<Utc> {
    "2026-12-15T12:00:00Z".parse().unwrap()
}

const GOOD: Verdicts = Verdicts {
    suitable: Verdict::Yes,
    adequate: Verdict::Yes,
    effective: Verdict::Partly,
};

struct World {
    people: People,
    away: Vec<Uuid>,
    quorum: Quorum,
    session: Session,
    steps: i64,
}

impl World {
    fn new(quorum: Quorum) -> World {
        let people = people();
        let name = "MR-2026-Q4".parse().unwrap();
        let review = Review {
            state: State::Scheduled,
            ..Review::new(name, "Review".into(), day("2026-12-15"))
        };
        let act = Act {
            by: &people.0[2],
            at: noon(),
            today: day("2026-12-15"),
        };
        let session = Session::begin(review, vec![LEA, TOM], act, &people).unwrap();
        World {
            people,
            away: Vec::new(),
            quorum,
            session,
            steps: 0,
        }
    }

    fn tries<T>(
        &mut self,
        who: Uuid,
        step: impl FnOnce(&mut Session, Act, House) -> Result<T, UserError>,
    ) -> Result<T, UserError> {
        self.steps += 1;
        let people = self.people.clone();
        let by = people.find(who).unwrap();
        let act = Act {
            by,
            at: noon() + TimeDelta::minutes(self.steps),
            today: day("2026-12-15"),
        };
        let house = House {
            people: &people,
            quorum: self.quorum,
            away: &self.away,
        };
        // What is refused leaves nothing behind: a flow saves only what was decided.
        let mut session = self.session.clone();
        let outcome = step(&mut session, act, house)?;
        self.session = session;
        Ok(outcome)
    }

    /// What the file of the newest version is: another for all that stands in it.
    fn file(&self) -> FileRef {
        let session = &self.session;
        let words = format!(
            "{:?} {:?} {:?} {:?} {:?}",
            session.minutes.newest,
            session.decisions,
            session.attendees,
            session.meeting.verdicts,
            session.review.chair
        );
        FileRef::of(words.as_bytes())
    }

    fn attends(&mut self, who: Uuid) {
        let people = self.people.clone();
        self.tries(MIA, |s, act, _| {
            s.attend(act, Attendant::Person(who), (false, false), &people)
        })
        .unwrap();
    }

    /// One decision, whole; two leaders are there; the meeting is over.
    fn held() -> World {
        let mut world = World::new(Quorum::Leader);
        world.attends(LEA);
        world.attends(LEO);
        world
            .tries(MIA, |s, act, _| {
                let words = ("Patch".to_owned(), Kind::Resources);
                s.decide(
                    act,
                    InputItem::D,
                    words,
                    (Some(TOM), Some(day("2027-01-31"))),
                )
            })
            .unwrap();
        world
            .tries(LEA, |s, act, house| {
                s.conclude(act, (GOOD, "Good enough".into()), house)
            })
            .unwrap();
        world
    }

    fn approve(&mut self, who: Uuid) -> Result<(), UserError> {
        let file = self.file();
        self.tries(who, |s, act, house| s.approve(act, file, house).map(drop))
    }

    fn sign(&mut self, who: Uuid) -> Result<bool, UserError> {
        self.tries(who, |s, act, house| s.sign(act, None, house))
    }
}

#[derive(Debug, Clone)]
enum Step {
    Attend(usize, usize, bool, bool),
    Discuss(usize, i64),
    Decide(usize, bool, bool),
    Change(usize, i64, bool),
    Withdraw(usize, i64),
    Conclude(usize),
    Edit(usize, u8, i64),
    Approve(usize),
    Sign(usize, Option<i64>),
    Leaves(usize),
    IsAway(usize),
    Role(usize, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0usize..4;
    let step = prop_oneof![
        3 => (who.clone(), who.clone(), any::<bool>(), any::<bool>())
            .prop_map(|(a, b, c, d)| Step::Attend(a, b, c, d)),
        1 => (who.clone(), 0i64..3).prop_map(|(a, b)| Step::Discuss(a, b)),
        2 => (who.clone(), any::<bool>(), any::<bool>()).prop_map(|(a, b, c)| Step::Decide(a, b, c)),
        2 => (who.clone(), 1i64..4, any::<bool>()).prop_map(|(a, b, c)| Step::Change(a, b, c)),
        1 => (who.clone(), 1i64..4).prop_map(|(a, b)| Step::Withdraw(a, b)),
        3 => who.clone().prop_map(Step::Conclude),
        2 => (who.clone(), any::<u8>(), 1i64..6).prop_map(|(a, b, c)| Step::Edit(a, b, c)),
        4 => who.clone().prop_map(Step::Approve),
        5 => (who.clone(), proptest::option::of(1i64..6)).prop_map(|(a, b)| Step::Sign(a, b)),
        1 => who.clone().prop_map(Step::Leaves),
        1 => who.clone().prop_map(Step::IsAway),
        1 => (who, any::<bool>()).prop_map(|(a, b)| Step::Role(a, b)),
    ];
    proptest::collection::vec(step, 0..60)
}

#[expect(clippy::needless_pass_by_value, reason = "a step is taken once")]
fn walk(world: &mut World, step: Step) {
    let due = Some(day("2027-01-31"));
    let people = world.people.clone();
    // What is refused is refused: only what is let through counts.
    let _ = match step {
        Step::Attend(by, who, absent, chairs) => world.tries(ALL[by], |s, act, _| {
            s.attend(act, Attendant::Person(ALL[who]), (absent, chairs), &people)
        }),
        Step::Discuss(by, seen) => world.tries(ALL[by], |s, act, _| {
            let said = ("Said".to_owned(), Some(Seen(seen)));
            s.discuss(act, InputItem::B, said).map(drop)
        }),
        Step::Decide(by, owned, dated) => world.tries(ALL[by], |s, act, _| {
            let words = ("Do it".to_owned(), Kind::Change);
            let whole = (owned.then_some(TOM), due.filter(|_| dated));
            s.decide(act, InputItem::C, words, whole).map(drop)
        }),
        Step::Change(by, number, owned) => world.tries(ALL[by], |s, act, _| {
            let changed = Changed {
                owner: owned.then_some(LEO),
                due,
                ..Changed::default()
            };
            s.change(act, DecisionName(number), changed)
        }),
        Step::Withdraw(by, number) => world.tries(ALL[by], |s, act, _| {
            s.withdraw(act, DecisionName(number), "Not needed".into())
        }),
        Step::Conclude(by) => world.tries(ALL[by], |s, act, house| {
            s.conclude(act, (GOOD, "It goes on".into()), house)
        }),
        Step::Edit(by, words, seen) => world.tries(ALL[by], |s, act, _| {
            let edited = Edited {
                opening: Some(format!("Words {words}")),
                ..Edited::default()
            };
            s.edit(act, (edited, Some(Seen(seen))))
        }),
        Step::Approve(by) => world.approve(ALL[by]),
        Step::Sign(by, version) => world.tries(ALL[by], |s, act, house| {
            s.sign(act, version, house).map(drop)
        }),
        Step::Leaves(who) => {
            world.people.0[who].present = false;
            Ok(())
        }
        Step::IsAway(who) => {
            world.away.push(ALL[who]);
            Ok(())
        }
        Step::Role(who, leads) => {
            world.people.0[who].role = if leads { Role::Leader } else { Role::Member };
            Ok(())
        }
    };
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// However people go about it: what is signed was approved in just that version, by the file's
    /// fingerprint, with every decision owned and dated, with verdicts, with who had to be there, and by
    /// leaders only.
    #[test]
    fn nothing_is_signed_that_should_not_be(half in any::<bool>(), steps in steps()) {
        let mut world = World::new(if half { Quorum::Half } else { Quorum::Leader });
        let mut signed = 0;
        for step in steps {
            let before = world.session.clone();
            let by_role = match &step {
                Step::Sign(by, _) => Some(world.people.0[*by].role),
                _ => None,
            };
            walk(&mut world, step);
            let after = &world.session;
            let minutes = &after.minutes;
            let new = minutes.signatures.len() > before.minutes.signatures.len();
            if new {
                signed += 1;
                prop_assert_eq!(by_role, Some(Role::Leader));
                let approval = minutes.approval.as_ref().expect("approved before it is signed");
                let newest = minutes.newest.as_ref().expect("there is a version");
                prop_assert_eq!(approval.version, newest.number);
                for signature in &minutes.signatures {
                    prop_assert_eq!(&signature.file, &approval.file);
                    prop_assert_eq!(signature.version, newest.number);
                }
                // What stands there is what was approved, to the letter.
                prop_assert_eq!(&approval.file, &world.file());
                for decision in after.standing_decisions() {
                    prop_assert!(decision.owner.is_some() && decision.due.is_some());
                }
                prop_assert!(after.meeting.verdicts.is_some());
                prop_assert!(after.attendees.iter().any(|a| a.present && a.leads));
                prop_assert!(after.is_present(after.review.chair.expect("somebody chairs")));
                if half {
                    let there = after.invited.iter().filter(|id| after.is_present(**id)).count();
                    prop_assert!(2 * there >= after.invited.len());
                }
            }
            if after.review.state == State::Finished {
                prop_assert!(!minutes.signatures.is_empty());
            }
            if before.review.state == State::Finished {
                prop_assert_eq!(&before, after, "nothing changes once it is signed");
            }
        }
        // A person signs a version once.
        let mut who: Vec<Uuid> = world.session.minutes.signatures.iter().map(|s| s.by).collect();
        who.sort_unstable();
        who.dedup();
        prop_assert!(who.len() == world.session.minutes.signatures.len() && signed >= who.len());
    }
}

#[test]
fn two_leaders_who_were_there_both_sign() {
    let mut world = World::held();
    assert!(world.sign(LEA).is_err(), "not approved");
    world.approve(LEA).unwrap();
    assert_eq!(world.sign(LEA), Ok(false));
    assert!(
        world
            .sign(LEA)
            .unwrap_err()
            .text
            .contains("signed version 1 already")
    );
    assert_eq!(world.session.review.state, State::Held);
    assert_eq!(world.sign(LEO), Ok(true));
    assert_eq!(world.session.review.state, State::Finished);
}

#[test]
fn a_leader_who_is_away_is_not_waited_for() {
    let mut world = World::held();
    world.approve(LEA).unwrap();
    world.away.push(LEO);
    assert_eq!(world.sign(LEA), Ok(true));
}

#[test]
fn whatever_changes_is_approved_anew() {
    let changes: [fn(&mut World); 4] = [
        |world| {
            let edited = Edited {
                other: Some("Lunch".into()),
                ..Edited::default()
            };
            world
                .tries(MIA, |s, act, _| s.edit(act, (edited, None)))
                .unwrap();
        },
        |world| {
            let changed = Changed {
                words: Some("Patch twice".into()),
                ..Changed::default()
            };
            world
                .tries(MIA, |s, act, _| s.change(act, DecisionName(1), changed))
                .unwrap();
        },
        |world| world.attends(TOM),
        |world| {
            world
                .tries(LEA, |s, act, house| {
                    s.conclude(act, (GOOD, "Bad".into()), house)
                })
                .unwrap();
        },
    ];
    for change in changes {
        let mut world = World::held();
        world.approve(LEA).unwrap();
        world.sign(LEO).unwrap();
        change(&mut world);
        let minutes = &world.session.minutes;
        assert_eq!((&minutes.approval, minutes.signatures.len()), (&None, 0));
        assert_eq!(minutes.newest.as_ref().map(|newest| newest.number), Some(2));
        let early = world.tries(LEO, |s, act, house| s.sign(act, Some(1), house));
        assert!(early.unwrap_err().text.contains("not approved yet"));
        world.approve(LEA).unwrap();
        let old = world.tries(LEO, |s, act, house| s.sign(act, Some(1), house));
        assert!(
            old.unwrap_err()
                .text
                .contains("version 2 is what would be signed now")
        );
    }
}

#[test]
fn another_leader_approves_for_a_chair_who_left_and_only_then() {
    let mut world = World::held();
    assert_eq!(world.session.review.chair, Some(LEA));
    let refused = world.approve(LEO).unwrap_err();
    assert!(
        refused.text.contains("P1, who chaired the meeting"),
        "{}",
        refused.text
    );
    world.people.0[0].present = false;
    assert!(
        world
            .approve(MIA)
            .unwrap_err()
            .text
            .contains("a leader approves the minutes instead")
    );
    world.approve(LEO).unwrap();
    let approval = world.session.minutes.approval.clone().unwrap();
    assert_eq!((approval.by, approval.in_place_of), (LEO, Some(LEA)));
    assert_eq!(world.sign(LEO), Ok(true), "who left is not waited for");
}

#[test]
fn an_owner_who_left_is_replaced_before_anything_is_approved() {
    let mut world = World::held();
    world.people.0[3].present = false;
    let text = world.approve(LEA).unwrap_err().text;
    assert!(text.contains("another owner of D1, for P4"), "{text}");
}

#[test]
fn a_form_empties_what_is_empty_in_it_and_words_leave_the_rest() {
    let before = Sections {
        opening: "Welcome".into(),
        items: [(InputItem::B, "A lot".to_owned())].into(),
        conclusion: "Fine".into(),
        other: String::new(),
    };
    let edited = |other: &str| Edited {
        other: Some(other.to_owned()),
        items: vec![(InputItem::B, None)],
        ..Edited::default()
    };
    let typed = edited("Lunch").over(before.clone(), false);
    assert_eq!((&*typed.opening, &*typed.other), ("Welcome", "Lunch"));
    assert_eq!(typed.items, before.items);
    let filled = edited("Lunch").over(before, true);
    assert_eq!((&*filled.opening, &*filled.other), ("", "Lunch"));
    assert!(filled.items.is_empty());
}
