//! Periods: the weeks, months and quarters that values are measured for.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::rules::Frequency;
use crate::command::value::PeriodName;

/// A week (Monday to Sunday, ISO 8601), a month or a quarter of the calendar year. Written
/// `2026-W47`, `2026-11`, `2026-Q4`; ordered by time within one frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    start: NaiveDate,
    frequency: Frequency,
}

impl Period {
    /// The period a day lies in.
    pub fn of(frequency: Frequency, day: NaiveDate) -> Period {
        let start = match frequency {
            Frequency::Weekly => day.week(Weekday::Mon).checked_first_day(),
            Frequency::Monthly => day.with_day(1),
            Frequency::Quarterly => first_of(day.year(), day.month0() / 3 * 3 + 1),
        };
        // Only the very first days of the calendar have no Monday before them.
        let start = start.unwrap_or(day);
        Period { start, frequency }
    }

    pub fn frequency(self) -> Frequency {
        self.frequency
    }

    pub fn first_day(self) -> NaiveDate {
        self.start
    }

    pub fn last_day(self) -> NaiveDate {
        self.next().start.pred_opt().unwrap_or(self.start)
    }

    pub fn next(self) -> Period {
        let start = match self.frequency {
            Frequency::Weekly => self.start.checked_add_days(Days::new(7)),
            Frequency::Monthly => self.start.checked_add_months(Months::new(1)),
            Frequency::Quarterly => self.start.checked_add_months(Months::new(3)),
        };
        Period {
            start: start.unwrap_or(self.start),
            ..self
        }
    }

    pub fn previous(self) -> Period {
        match self.start.pred_opt() {
            Some(day) => Period::of(self.frequency, day),
            None => self,
        }
    }

    /// The last period that was over when this day began.
    pub fn last_ended(frequency: Frequency, today: NaiveDate) -> Period {
        Period::of(frequency, today).previous()
    }

    /// The day its value is asked for: the first after it.
    pub fn due(self) -> NaiveDate {
        self.next().start
    }

    /// From this day on a value that is not there counts as missing: half a week, a week or two
    /// weeks after the period, by its length.
    pub fn missing_from(self) -> NaiveDate {
        let grace = match self.frequency {
            Frequency::Weekly => 3,
            Frequency::Monthly => 7,
            Frequency::Quarterly => 14,
        };
        let due = self.due();
        due.checked_add_days(Days::new(grace)).unwrap_or(due)
    }
}

fn first_of(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.frequency {
            Frequency::Weekly => {
                let week = self.start.iso_week();
                write!(f, "{}-W{:02}", week.year(), week.week())
            }
            Frequency::Monthly => write!(f, "{}-{:02}", self.start.year(), self.start.month()),
            Frequency::Quarterly => {
                write!(f, "{}-Q{}", self.start.year(), self.start.month0() / 3 + 1)
            }
        }
    }
}

/// What a person calls it. A day is no period of its own, so it is refused here; a KPI knows which
/// period it means by a day.
impl TryFrom<PeriodName> for Period {
    type Error = NaiveDate;

    fn try_from(name: PeriodName) -> Result<Period, NaiveDate> {
        let frequency = match name {
            PeriodName::Day(day) => return Err(day),
            PeriodName::Week { .. } => Frequency::Weekly,
            PeriodName::Month { .. } => Frequency::Monthly,
            PeriodName::Quarter { .. } => Frequency::Quarterly,
        };
        Ok(Period::of(frequency, name.first_day()))
    }
}

#[cfg(test)]
pub(in crate::kpi) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    pub(in crate::kpi) fn period(text: &str) -> Period {
        text.parse::<PeriodName>().unwrap().try_into().unwrap()
    }

    #[test]
    fn a_day_lies_in_its_week_month_and_quarter() {
        let cases = [
            ("2026-11-23", "2026-W48", "2026-11", "2026-Q4"),
            // A Sunday still belongs to the week of the Monday before.
            ("2026-11-22", "2026-W47", "2026-11", "2026-Q4"),
            // The year of a week is not always the year of its days.
            ("2027-01-03", "2026-W53", "2027-01", "2027-Q1"),
            ("2024-12-30", "2025-W01", "2024-12", "2024-Q4"),
            ("2028-02-29", "2028-W09", "2028-02", "2028-Q1"),
        ];
        for (date, week, month, quarter) in cases {
            let of = |frequency| Period::of(frequency, day(date)).to_string();
            assert_eq!(of(Frequency::Weekly), week);
            assert_eq!(of(Frequency::Monthly), month);
            assert_eq!(of(Frequency::Quarterly), quarter);
        }
    }

    #[test]
    fn periods_have_neighbours_and_ends() {
        assert_eq!(period("2026-01").previous(), period("2025-12"));
        assert_eq!(period("2026-Q4").next(), period("2027-Q1"));
        assert_eq!(period("2026-W53").next(), period("2027-W01"));
        assert_eq!(period("2028-02").last_day(), day("2028-02-29"));
        assert_eq!(period("2026-Q4").last_day(), day("2026-12-31"));
        assert_eq!(period("2026-W47").last_day(), day("2026-11-22"));
    }

    #[test]
    fn a_value_is_asked_for_on_the_day_after_and_missing_some_days_later() {
        assert_eq!(period("2026-10").due(), day("2026-11-01"));
        assert_eq!(period("2026-10").missing_from(), day("2026-11-08"));
        assert_eq!(period("2026-W47").due(), day("2026-11-23"));
        assert_eq!(period("2026-W47").missing_from(), day("2026-11-26"));
        let last = |today| Period::last_ended(Frequency::Monthly, day(today));
        assert_eq!(last("2026-11-30"), period("2026-10"));
        assert_eq!(last("2026-12-01"), period("2026-11"));
    }

    fn frequencies() -> impl Strategy<Value = Frequency> {
        prop_oneof![
            Just(Frequency::Weekly),
            Just(Frequency::Monthly),
            Just(Frequency::Quarterly)
        ]
    }

    proptest! {
        #[test]
        fn a_period_is_read_as_it_is_written(
            frequency in frequencies(), days in 0i32..70_000,
        ) {
            let day = NaiveDate::from_num_days_from_ce_opt(730_200 + days).unwrap();
            let period = Period::of(frequency, day);
            let name: PeriodName = period.to_string().parse().unwrap();
            prop_assert_eq!(Period::try_from(name), Ok(period));
            prop_assert!(period.first_day() <= day && day <= period.last_day());
            prop_assert_eq!(period.next().previous(), period);
            prop_assert_eq!(period.previous().next(), period);
        }

        #[test]
        fn no_day_is_without_a_period(frequency in frequencies(), days in proptest::num::i32::ANY) {
            if let Some(day) = NaiveDate::from_num_days_from_ce_opt(days) {
                let period = Period::of(frequency, day);
                let _ = (period.next(), period.previous(), period.missing_from());
            }
        }
    }
}
