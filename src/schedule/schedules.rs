//! Which schedules a workspace has. Pure.
//!
//! | schedule | rule | posts | when late |
//! |---|---|---|---|
//! | `digest` | Monday 09:00, the workspace's zone | the KPI digest | the latest, and says so |
//! | `audit` | first working day of the month | this month's audit | the latest, and says so |
//! | `review` | the same, in a quarter's, half-year's or year's last month | that a review is due | the latest, and says so |
//! | `report-monthly`, `report-quarterly` | first working day of the month, of the quarter | the performance report | the latest, and says so |
//! | `overview` | each day 09:00, the workspace's zone, where it is pinned | nothing: it words the overview anew | same day only |
//! | `presence` | an hour before the reminders, the workspace's zone | nothing: it looks who has left, what is to be told further up, and whether the next review is to be planned | same day only |
//! | `surveys` | working days at the hour of the reminders, the workspace's zone | nothing: it opens and closes surveys, and sends the agenda packs of reviews; their messages are their own | same day only |
//! | `reminders:<person>` | working days 09:00, the person's zone | what they owe | same day only |

use chrono::{NaiveTime, TimeDelta};

use super::catch_up::CatchUp;
use super::rules::{Rule, Timetable};
use crate::people::{Person, Workspace};
use crate::report::rules::Reporting;

const NINE: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).expect("a time of day");

/// So long before the reminders the bot looks who has left.
const BEFORE: TimeDelta = TimeDelta::hours(1);

/// When the schedules fire.
#[derive(Debug, Clone)]
pub struct Rules {
    pub digest: Rule,
    /// The audit reminder, and where reviews are due by the end of the month that one is.
    pub month: Rule,
    pub quarter: Rule,
    pub reminders: Rule,
    /// When the pinned overview is worded anew, whatever happened.
    pub overview: Rule,
    /// When the bot looks who has left: before anybody is reminded.
    pub presence: Rule,
}

impl Rules {
    /// From the configuration: when the digest is posted, and the hour of the reminders.
    pub fn new(digest: Rule, reminders: NaiveTime) -> Rules {
        Rules {
            digest,
            month: Rule::first_working_day(NINE),
            quarter: Rule::first_working_day_of_quarter(NINE),
            reminders: Rule::working_days(reminders),
            overview: Rule::every_day(NINE),
            presence: Rule::working_days(reminders.overflowing_sub_signed(BEFORE).0),
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        let digest = "0 9 * * MON".parse().expect("a rule");
        Rules::new(digest, NINE)
    }
}

/// One schedule of a workspace.
pub struct Schedule<'a> {
    /// Names it among the workspace's schedules.
    pub key: String,
    pub timetable: Timetable,
    pub catch_up: CatchUp,
    pub what: What<'a>,
}

pub enum What<'a> {
    Digest,
    Audit,
    Review,
    /// The performance report.
    Report,
    /// The pinned overview.
    Overview,
    Presence,
    Surveys,
    Reminders(&'a Person),
}

impl What<'_> {
    /// For the operator's metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            What::Digest => "digest",
            What::Audit => "audit",
            What::Review => "review",
            What::Report => "report",
            What::Overview => "overview",
            What::Presence => "presence",
            What::Surveys => "surveys",
            What::Reminders(_) => "reminders",
        }
    }
}

/// The schedules of a workspace: its own, and one of each person in it.
pub fn schedules<'a>(
    rules: &Rules,
    workspace: &Workspace,
    people: &'a [Person],
) -> Vec<Schedule<'a>> {
    let common = |key: &str, rule: &Rule, what: What<'static>| Schedule {
        key: key.to_owned(),
        timetable: Timetable {
            rule: rule.clone(),
            zone: workspace.zone,
            working: workspace.working_days,
        },
        catch_up: CatchUp::Latest,
        what,
    };
    let own = people
        .iter()
        .filter(|person| person.present)
        .map(|person| Schedule {
            key: format!("reminders:{}", person.id),
            timetable: Timetable {
                rule: rules.reminders.clone(),
                zone: person.zone_in(workspace),
                working: workspace.working_days,
            },
            catch_up: CatchUp::SameDay,
            what: What::Reminders(person),
        });
    // Each rhythm counts for itself: a change of it makes up for nothing.
    let report = match workspace.reports {
        Reporting::Off => None,
        Reporting::Monthly => Some(("report-monthly", &rules.month)),
        Reporting::Quarterly => Some(("report-quarterly", &rules.quarter)),
    };
    let report = report.map(|(key, rule)| common(key, rule, What::Report));
    let overview = workspace.pinned.then(|| Schedule {
        catch_up: CatchUp::SameDay,
        ..common("overview", &rules.overview, What::Overview)
    });
    [
        common("digest", &rules.digest, What::Digest),
        common("audit", &rules.month, What::Audit),
        common("review", &rules.month, What::Review),
        Schedule {
            catch_up: CatchUp::SameDay,
            ..common("presence", &rules.presence, What::Presence)
        },
        Schedule {
            catch_up: CatchUp::SameDay,
            ..common("surveys", &rules.reminders, What::Surveys)
        },
    ]
    .into_iter()
    .chain(report)
    .chain(overview)
    .chain(own)
    .collect()
}
