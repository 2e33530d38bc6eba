//! What to do about occurrences that passed while nothing ran.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::rules::{instant_of, nominal_of};

/// A post this long after its time says that it is late.
pub const LATE_AFTER: TimeDelta = TimeDelta::minutes(15);

/// Nobody is asked for anything after this hour of their day.
pub const EVENING: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).expect("a time of day");

/// What a schedule does about occurrences that passed while nothing ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum CatchUp {
    /// Drop what is late.
    Skip,
    /// Post the newest one, and say that it is late.
    #[default]
    Latest,
    /// Post every one of them.
    All,
    /// Post the newest one while it is still the same day and not yet evening; what is dropped is
    /// made up for by the next one.
    SameDay,
}

/// One occurrence to post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Firing {
    pub nominal: NaiveDateTime,
    /// When it should have been posted.
    pub instant: DateTime<Utc>,
    pub late: bool,
}

/// What becomes of the occurrences that are due.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// To be posted, oldest first.
    pub fire: Vec<Firing>,
    /// Not to be posted any more; counted and kept in the log.
    pub missed: Vec<NaiveDateTime>,
}

impl CatchUp {
    /// Sorts due occurrences (oldest first) into those to post and those that were missed.
    pub fn plan(self, due: &[NaiveDateTime], zone: Tz, now: DateTime<Utc>) -> Plan {
        let mut plan = Plan::default();
        for (position, &nominal) in due.iter().enumerate() {
            let instant = instant_of(nominal, zone);
            let late = now - instant > LATE_AFTER;
            let newest = position + 1 == due.len();
            let fires = match self {
                CatchUp::Skip => newest && !late,
                CatchUp::Latest => newest,
                CatchUp::All => true,
                CatchUp::SameDay => {
                    let local = nominal_of(now, zone);
                    newest && local.date() == nominal.date() && local.time() < EVENING
                }
            };
            if fires {
                plan.fire.push(Firing {
                    nominal,
                    instant,
                    late,
                });
            } else {
                plan.missed.push(nominal);
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::rules::{MONDAY_TO_FRIDAY, Timetable};

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    /// Down from 1 December, back on Wednesday 23 December 2026 at noon.
    fn after_three_mondays(policy: CatchUp) -> Plan {
        let digest = Timetable {
            rule: "0 9 * * MON".parse().unwrap(),
            zone: chrono_tz::Europe::Berlin,
            working: MONDAY_TO_FRIDAY,
        };
        let now = at("2026-12-23T11:00:00").and_utc();
        let due = digest.due_between(at("2026-11-30T09:00:00"), now);
        assert_eq!(due.len(), 3);
        policy.plan(&due, digest.zone, now)
    }

    fn fired(plan: &Plan) -> Vec<(NaiveDateTime, bool)> {
        plan.fire.iter().map(|f| (f.nominal, f.late)).collect()
    }

    #[test]
    fn after_downtime_the_latest_is_posted_once_and_says_it_is_late() {
        let plan = after_three_mondays(CatchUp::Latest);
        assert_eq!(fired(&plan), [(at("2026-12-21T09:00:00"), true)]);
        assert_eq!(
            plan.missed,
            [at("2026-12-07T09:00:00"), at("2026-12-14T09:00:00")]
        );
    }

    #[test]
    fn skipping_posts_nothing_late_and_counts_all_of_it() {
        let plan = after_three_mondays(CatchUp::Skip);
        assert!(plan.fire.is_empty());
        assert_eq!(plan.missed.len(), 3);
    }

    #[test]
    fn catching_up_on_all_posts_each_in_order() {
        let plan = after_three_mondays(CatchUp::All);
        let days: Vec<_> = plan.fire.iter().map(|f| f.nominal).collect();
        assert_eq!(
            days,
            [
                at("2026-12-07T09:00:00"),
                at("2026-12-14T09:00:00"),
                at("2026-12-21T09:00:00")
            ]
        );
        assert!(plan.missed.is_empty());
    }

    #[test]
    fn a_reminder_is_made_up_for_on_the_same_day_before_the_evening_or_not_at_all() {
        let zone = chrono_tz::Europe::Berlin;
        let due = [at("2026-12-18T09:00:00"), at("2026-12-21T09:00:00")];
        let plan = |now: &str| CatchUp::SameDay.plan(&due, zone, at(now).and_utc());
        let noon = plan("2026-12-21T11:00:00");
        assert_eq!(fired(&noon), [(due[1], true)]);
        assert_eq!(noon.missed, [due[0]]);
        for too_late in ["2026-12-21T17:00:00", "2026-12-22T05:00:00"] {
            assert_eq!(plan(too_late).missed, due, "{too_late}");
        }
    }

    #[test]
    fn a_few_minutes_are_not_late() {
        let zone = chrono_tz::Europe::Berlin;
        let due = [at("2026-12-21T09:00:00")];
        for policy in [CatchUp::Skip, CatchUp::Latest, CatchUp::All] {
            let plan = policy.plan(&due, zone, at("2026-12-21T08:15:00").and_utc());
            assert_eq!(fired(&plan), [(due[0], false)], "{policy}");
        }
        let plan = CatchUp::Latest.plan(&due, zone, at("2026-12-21T08:15:01").and_utc());
        assert_eq!(fired(&plan), [(due[0], true)]);
    }
}
