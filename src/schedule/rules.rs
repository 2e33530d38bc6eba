//! Rules in local time.
//!
//! | text | fires |
//! |---|---|
//! | `0 9 * * MON` | Mondays at 09:00: minute, hour, day of month, month, weekday |
//! | `0 9 1-7 * MON` | the first Monday of each month: day of month *and* weekday must hold |
//! | `first working day 09:00` | the first working day of each month |
//! | `first working day of quarter 09:00` | the same in January, April, July and October |
//! | `working days 09:00` | each working day |
//! | `every day 09:00` | each day |
//!
//! A rule fires at most once an hour, and its weekdays are written as names, because programs
//! disagree about the numbers.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc,
};
use chrono::{MappedLocalTime, Weekday, WeekdaySet};
use chrono_tz::{GapInfo, Tz};

/// Monday to Friday.
pub const MONDAY_TO_FRIDAY: WeekdaySet = WeekdaySet::from_array([
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
]);

/// When something happens, in nominal local time. Kept and shown as the text it was written in.
#[derive(Debug, Clone)]
pub struct Rule {
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Cron(Box<cron::Schedule>),
    FirstWorkingDay(NaiveTime),
    FirstWorkingDayOfQuarter(NaiveTime),
    WorkingDays(NaiveTime),
    EveryDay(NaiveTime),
}

/// Why a text is no rule, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error(
        "“{0}” is not a rule. Write five fields (minute, hour, day of month, month, weekday) such as \
         `0 9 * * MON`, or `first working day 09:00`, or `working days 09:00`."
    )]
    Shape(String),
    #[error("“{0}” has a field for seconds. Leave it out: `0 9 * * MON` is Mondays at 09:00.")]
    Seconds(String),
    #[error("“{0}” as the minute would fire more than once an hour. Give one minute from 0 to 59.")]
    Minute(String),
    #[error("“{0}”: write weekdays as names, MON to SUN. Programs disagree about the numbers.")]
    Weekday(String),
    #[error("“{0}” is not a time of day. Write it as 09:00.")]
    Time(String),
    #[error("“{0}” never happens.")]
    Never(String),
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        let lower = text.to_ascii_lowercase();
        let kind = if let Some(time) = lower.strip_prefix("every day ") {
            Kind::EveryDay(parse_time(time)?)
        } else if let Some(time) = lower.strip_prefix("first working day of quarter ") {
            Kind::FirstWorkingDayOfQuarter(parse_time(time)?)
        } else if let Some(time) = lower.strip_prefix("first working day ") {
            Kind::FirstWorkingDay(parse_time(time)?)
        } else if let Some(time) = lower.strip_prefix("working days ") {
            Kind::WorkingDays(parse_time(time)?)
        } else {
            Kind::Cron(Box::new(parse_cron(&words)?))
        };
        Ok(Rule { text, kind })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Rule {
    /// Each working day at a time.
    pub fn working_days(time: NaiveTime) -> Rule {
        Rule {
            text: format!("working days {}", time.format("%H:%M")),
            kind: Kind::WorkingDays(time),
        }
    }

    /// Each day at a time.
    pub fn every_day(time: NaiveTime) -> Rule {
        Rule {
            text: format!("every day {}", time.format("%H:%M")),
            kind: Kind::EveryDay(time),
        }
    }

    /// The first working day of each month at a time.
    pub fn first_working_day(time: NaiveTime) -> Rule {
        Rule {
            text: format!("first working day {}", time.format("%H:%M")),
            kind: Kind::FirstWorkingDay(time),
        }
    }

    /// The first working day of each quarter at a time.
    pub fn first_working_day_of_quarter(time: NaiveTime) -> Rule {
        Rule {
            text: format!("first working day of quarter {}", time.format("%H:%M")),
            kind: Kind::FirstWorkingDayOfQuarter(time),
        }
    }

    /// The first nominal local time after `after` at which the rule fires; `None` if there is none
    /// (nobody works on any day, or the year 2100 is over).
    pub fn next_after(&self, after: NaiveDateTime, working: WeekdaySet) -> Option<NaiveDateTime> {
        match &self.kind {
            // The crate wants a zone. In UTC every local time exists once, so the nominal time
            // goes in and comes out as it is.
            Kind::Cron(schedule) => Some(schedule.after(&after.and_utc()).next()?.naive_utc()),
            Kind::FirstWorkingDay(time) => {
                let month = after.date().with_day(1)?;
                first_working_day(month, 1, (after, *time), working)
            }
            Kind::FirstWorkingDayOfQuarter(time) => {
                let month = after.date().with_day(1)?;
                let begun = Months::new(month.month0() % 3);
                let quarter = month.checked_sub_months(begun)?;
                first_working_day(quarter, 3, (after, *time), working)
            }
            Kind::EveryDay(time) => {
                let today = after.date().and_time(*time);
                match today > after {
                    true => Some(today),
                    false => Some(after.date().checked_add_days(Days::new(1))?.and_time(*time)),
                }
            }
            Kind::WorkingDays(time) => {
                let today = working_day_from(after.date(), working)?.and_time(*time);
                if today > after {
                    return Some(today);
                }
                let tomorrow = after.date().checked_add_days(Days::new(1))?;
                Some(working_day_from(tomorrow, working)?.and_time(*time))
            }
        }
    }
}

/// The first working day of the stretch that begins on `first`, or of the next one.
fn first_working_day(
    first: NaiveDate,
    months: u32,
    (after, time): (NaiveDateTime, NaiveTime),
    working: WeekdaySet,
) -> Option<NaiveDateTime> {
    [first, first.checked_add_months(Months::new(months))?]
        .into_iter()
        .filter_map(|first| Some(working_day_from(first, working)?.and_time(time)))
        .find(|nominal| *nominal > after)
}

/// The day itself if it is a working day, or else the next one; `None` if nobody works on any day.
pub fn working_day_from(day: NaiveDate, working: WeekdaySet) -> Option<NaiveDate> {
    day.iter_days()
        .take(7)
        .find(|day| working.contains(day.weekday()))
}

/// The instant at which a clock in `zone` shows this local time. Where clocks are put back and show
/// it twice: the first. Where they are put forward and never show it: the first instant after.
pub fn instant_of(nominal: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&nominal) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        MappedLocalTime::None => match GapInfo::new(&nominal, &zone).and_then(|gap| gap.end) {
            Some(end) => end.to_utc(),
            // Every gap in the zone table has an end.
            None => nominal.and_utc(),
        },
    }
}

/// What clocks in `zone` show at an instant.
pub fn nominal_of(instant: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    instant.with_timezone(&zone).naive_local()
}

/// When a rule fires: its text, the zone whose clocks it reads, and the days worked there.
#[derive(Debug, Clone)]
pub struct Timetable {
    pub rule: Rule,
    pub zone: Tz,
    pub working: WeekdaySet,
}

impl Timetable {
    /// The nominal times after `last` whose instant has come, oldest first.
    pub fn due_between(&self, last: NaiveDateTime, now: DateTime<Utc>) -> Vec<NaiveDateTime> {
        let next = |after: &NaiveDateTime| {
            let nominal = self.rule.next_after(*after, self.working)?;
            (instant_of(nominal, self.zone) <= now).then_some(nominal)
        };
        std::iter::successors(next(&last), next).collect()
    }

    /// The next nominal time after `last`, and its instant.
    pub fn next(&self, last: NaiveDateTime) -> Option<(NaiveDateTime, DateTime<Utc>)> {
        let nominal = self.rule.next_after(last, self.working)?;
        Some((nominal, instant_of(nominal, self.zone)))
    }
}

fn parse_time(text: &str) -> Result<NaiveTime, RuleError> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| RuleError::Time(text.to_owned()))
}

fn parse_cron(words: &[&str]) -> Result<cron::Schedule, RuleError> {
    let text = words.join(" ");
    let [minute, _, _, _, weekday] = words else {
        return Err(match words.len() {
            6 | 7 => RuleError::Seconds(text),
            _ => RuleError::Shape(text),
        });
    };
    let one_minute = minute.bytes().all(|b| b.is_ascii_digit())
        && minute.parse::<u8>().is_ok_and(|minute| minute < 60);
    if !one_minute {
        return Err(RuleError::Minute((*minute).to_owned()));
    }
    if weekday.contains(|c: char| c.is_ascii_digit()) {
        return Err(RuleError::Weekday((*weekday).to_owned()));
    }
    let schedule: cron::Schedule = format!("0 {text}")
        .parse()
        .map_err(|_| RuleError::Shape(text.clone()))?;
    // Leap days are at most eight years apart, so whatever happens at all has happened by then.
    let start =
        NaiveDate::from_ymd_opt(2024, 1, 1).map(|day| day.and_time(NaiveTime::MIN).and_utc());
    match start.and_then(|start| schedule.after(&start).next()) {
        Some(_) => Ok(schedule),
        None => Err(RuleError::Never(text)),
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
