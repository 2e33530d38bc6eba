//! On which days a person is asked for something they owe.
//!
//! A ladder is data: days relative to the due date, then a rhythm after it. A rung that falls on a
//! day off moves forward to the person's next working day. Someone who was not asked on a rung's
//! day, because nothing ran, is asked at the next opportunity, once.

use chrono::{Days, NaiveDate, TimeDelta, WeekdaySet};

use super::rules::working_day_from;
use crate::chat::Button;
use crate::command::value::RecordName;
use crate::people::Role;

/// When someone is asked: on days relative to the due date, then every so many days after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// Days relative to the due date, in order; −7 is a week before.
    pub rungs: &'static [i64],
    /// Days between one asking and the next, after the due date.
    pub then_every: Option<u8>,
}

/// So many days after its due date others hear of it: the managers, then the leaders.
const FURTHER_UP: &[(i64, Role)] = &[(14, Role::Manager), (28, Role::Leader)];
/// A meeting does not wait: of its inputs they hear before.
const BEFORE_A_MEETING: &[(i64, Role)] = &[(-7, Role::Manager), (-2, Role::Leader)];

/// For actions.
pub const ACTION: Ladder = Ladder {
    rungs: &[-7, -1, 0],
    then_every: Some(7),
};

/// For inputs of a review, whose due date is the day of the meeting.
pub const REVIEW_INPUT: Ladder = Ladder {
    rungs: &[-21, -14, -7, -2, 0],
    then_every: None,
};

/// For measurements, due on the day after their period.
pub const MEASUREMENT: Ladder = Ladder {
    rungs: &[0],
    then_every: Some(7),
};

/// For what is behind a value that crossed, due a week after it.
pub const ANALYSIS: Ladder = Ladder {
    rungs: &[-2, 0],
    then_every: Some(7),
};

/// For findings, due when their time to be answered or decided about is over.
pub const FINDING: Ladder = Ladder {
    rungs: &[-5, -1, 0],
    then_every: Some(7),
};

/// For what shows that somebody can audit, due on its last day.
pub const COMPETENCE: Ladder = Ladder {
    rungs: &[-60, -30, -7, 0],
    then_every: None,
};

/// For surveys, due on the last day on which they can be answered; the first day has its own message.
pub const SURVEY: Ladder = Ladder {
    rungs: &[-7, -1, 0],
    then_every: None,
};

/// Something a person owes: what `mine` lists and the daily reminder asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Obligation {
    pub record: RecordName,
    pub title: String,
    pub due: NaiveDate,
    pub ladder: Ladder,
    /// The one right next step.
    pub button: Button,
    pub snoozed_until: Option<NaiveDate>,
}

/// How near it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Nearness {
    Overdue,
    DueToday,
    DueSoon,
    DueLater,
}

/// The earliest rung of all ladders: before it nobody is asked, so it is not soon.
const SOON: Days = Days::new(21);

/// The days since the last asking: after `since`, up to and with `today`.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub since: NaiveDate,
    pub today: NaiveDate,
    pub working: WeekdaySet,
}

impl Obligation {
    pub fn nearness(&self, today: NaiveDate) -> Nearness {
        match self.due.cmp(&today) {
            std::cmp::Ordering::Less => Nearness::Overdue,
            std::cmp::Ordering::Equal => Nearness::DueToday,
            std::cmp::Ordering::Greater if self.due > today + SOON => Nearness::DueLater,
            std::cmp::Ordering::Greater => Nearness::DueSoon,
        }
    }

    /// What it is called where it is told further up: several inputs of one review are several things.
    pub fn called(&self) -> String {
        let command = &self.button.command;
        match (&self.record, command.strip_prefix("review input ")) {
            (RecordName::Review(_), Some(input)) => input.to_owned(),
            (record, _) => record.to_string(),
        }
    }

    /// The roles that hear of it by this day, beside whoever owes it; a snooze does not keep it from
    /// them. What is asked for only until its day is over then.
    pub fn escalates_to(&self, today: NaiveDate) -> Vec<Role> {
        let late = (today - self.due).num_days();
        let (rungs, asked) = match self.ladder == REVIEW_INPUT {
            true => (BEFORE_A_MEETING, late <= 0),
            false => (FURTHER_UP, self.ladder.then_every.is_some()),
        };
        let reached = rungs.iter().filter(|(days, _)| asked && late >= *days);
        reached.map(|(_, role)| *role).collect()
    }

    /// Whether the person is asked for it today.
    pub fn asked(&self, span: Span) -> bool {
        match self.snoozed_until {
            Some(until) if span.today < until => false,
            // The day a snooze ends is a rung of its own.
            Some(until) if span.holds(until) => true,
            _ => asked_between(self.ladder, self.due, span),
        }
    }
}

impl Span {
    /// Whether a day, moved forward to a working day, is one of these.
    pub(super) fn holds(self, day: NaiveDate) -> bool {
        working_day_from(day, self.working).is_some_and(|day| self.since < day && day <= self.today)
    }
}

/// Whether a rung of the ladder falls into the days since the last asking.
pub fn asked_between(ladder: Ladder, due: NaiveDate, span: Span) -> bool {
    let before = ladder
        .rungs
        .iter()
        .filter_map(|days| due.checked_add_signed(TimeDelta::days(*days)));
    if before.into_iter().any(|day| span.holds(day)) {
        return true;
    }
    let (Some(every), true) = (ladder.then_every, span.today > due) else {
        return false;
    };
    // The newest rung up to today, and the one before it, which a day off may have moved here.
    let every = u64::from(every.max(1));
    let passed = (span.today - due).num_days().unsigned_abs() / every;
    [passed.saturating_sub(1), passed]
        .into_iter()
        .filter(|steps| *steps > 0)
        .filter_map(|steps| due.checked_add_days(Days::new(steps * every)))
        .any(|day| span.holds(day))
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use proptest::prelude::*;

    use super::*;
    use crate::schedule::rules::MONDAY_TO_FRIDAY;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn obligation(due: &str) -> Obligation {
        Obligation {
            record: "CA-12".parse().unwrap(),
            title: "Patch the VPN".into(),
            due: day(due),
            ladder: ACTION,
            button: Button::new("Done", "action done CA-12"),
            snoozed_until: None,
        }
    }

    /// The days on which someone who is looked at every working day from `from` is asked.
    fn asked_days(owed: &Obligation, from: &str, until: &str, working: WeekdaySet) -> Vec<String> {
        let mut since = day(from).pred_opt().unwrap();
        let mut asked = Vec::new();
        for today in day(from).iter_days().take_while(|d| *d <= day(until)) {
            if working_day_from(today, working) != Some(today) {
                continue;
            }
            let span = Span {
                since,
                today,
                working,
            };
            if owed.asked(span) {
                asked.push(today.to_string());
            }
            since = today;
        }
        asked
    }

    #[test]
    fn an_action_is_asked_for_a_week_and_a_day_before_on_the_day_and_then_weekly() {
        // Due on Wednesday 2 December 2026.
        let asked = asked_days(
            &obligation("2026-12-02"),
            "2026-11-16",
            "2026-12-20",
            MONDAY_TO_FRIDAY,
        );
        assert_eq!(
            asked,
            [
                "2026-11-25",
                "2026-12-01",
                "2026-12-02",
                "2026-12-09",
                "2026-12-16"
            ]
        );
    }

    #[test]
    fn a_rung_on_a_day_off_waits_for_the_next_working_day() {
        // Due on Sunday 6 December 2026: −7 is a Sunday, −1 a Saturday.
        let asked = asked_days(
            &obligation("2026-12-06"),
            "2026-11-16",
            "2026-12-14",
            MONDAY_TO_FRIDAY,
        );
        assert_eq!(asked, ["2026-11-30", "2026-12-07", "2026-12-14"]);
        let sunday_to_thursday = WeekdaySet::from_array([
            Weekday::Sun,
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
        ]);
        let asked = asked_days(
            &obligation("2026-12-06"),
            "2026-11-16",
            "2026-12-14",
            sunday_to_thursday,
        );
        assert_eq!(asked, ["2026-11-29", "2026-12-06", "2026-12-13"]);
    }

    #[test]
    fn a_review_input_is_asked_for_on_its_own_days_and_no_more_after_the_meeting() {
        let input = Obligation {
            ladder: REVIEW_INPUT,
            ..obligation("2026-12-22")
        };
        let asked = asked_days(&input, "2026-11-16", "2027-02-01", MONDAY_TO_FRIDAY);
        assert_eq!(
            asked,
            [
                "2026-12-01",
                "2026-12-08",
                "2026-12-15",
                "2026-12-21",
                "2026-12-22"
            ]
        );
    }

    #[test]
    fn what_is_snoozed_is_asked_for_again_when_the_snooze_ends() {
        let snoozed = Obligation {
            snoozed_until: Some(day("2026-12-05")),
            ..obligation("2026-12-02")
        };
        // 5 December is a Saturday: asked on the Monday, then on the ladder again.
        let asked = asked_days(&snoozed, "2026-11-23", "2026-12-16", MONDAY_TO_FRIDAY);
        assert_eq!(asked, ["2026-12-07", "2026-12-09", "2026-12-16"]);
    }

    #[test]
    fn others_hear_of_it_after_two_and_after_four_weeks() {
        let to = |owed: &Obligation, today: &str| owed.escalates_to(day(today));
        let owed = obligation("2026-12-02");
        assert_eq!(to(&owed, "2026-12-15"), []);
        assert_eq!(to(&owed, "2026-12-16"), [Role::Manager]);
        assert_eq!(to(&owed, "2026-12-29"), [Role::Manager]);
        assert_eq!(to(&owed, "2026-12-30"), [Role::Manager, Role::Leader]);
        let snoozed = Obligation {
            snoozed_until: Some(day("2027-01-31")),
            ..owed
        };
        assert_eq!(to(&snoozed, "2026-12-16"), [Role::Manager]);
        let input = Obligation {
            ladder: REVIEW_INPUT,
            ..obligation("2026-12-02")
        };
        assert_eq!(to(&input, "2026-11-24"), []);
        assert_eq!(to(&input, "2026-11-25"), [Role::Manager]);
        assert_eq!(to(&input, "2026-11-30"), [Role::Manager, Role::Leader]);
        assert_eq!(to(&input, "2026-12-02"), [Role::Manager, Role::Leader]);
        assert_eq!(to(&input, "2026-12-03"), []);
    }

    #[test]
    fn after_downtime_one_asking_makes_up_for_all() {
        let span = Span {
            since: day("2026-11-20"),
            today: day("2026-12-10"),
            working: MONDAY_TO_FRIDAY,
        };
        assert!(obligation("2026-12-02").asked(span));
        let next = Span {
            since: span.today,
            today: day("2026-12-11"),
            ..span
        };
        assert!(!obligation("2026-12-02").asked(next));
    }

    #[test]
    fn nearness_is_told_by_the_due_date() {
        let today = day("2026-12-02");
        assert_eq!(obligation("2026-12-01").nearness(today), Nearness::Overdue);
        assert_eq!(obligation("2026-12-02").nearness(today), Nearness::DueToday);
        assert_eq!(obligation("2026-12-03").nearness(today), Nearness::DueSoon);
        assert_eq!(obligation("2026-12-23").nearness(today), Nearness::DueSoon);
        assert_eq!(obligation("2026-12-24").nearness(today), Nearness::DueLater);
    }

    proptest! {
        #[test]
        fn overdue_is_asked_for_once_in_any_five_working_days(late in 1..900u64, due in 0..7u64) {
            let due = day("2026-11-23") + Days::new(due);
            let owed = obligation(&due.to_string());
            let from = due + Days::new(late);
            let week = asked_days(
                &owed,
                &from.to_string(),
                &(from + Days::new(6)).to_string(),
                MONDAY_TO_FRIDAY,
            );
            prop_assert_eq!(week.len(), 1);
        }
    }
}
