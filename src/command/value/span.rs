//! What a report is about: a month, a quarter or a year.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{PeriodName, plain_dashes};

/// A month, a quarter or a year of the calendar: `2026-10`, `2026-Q4`, `2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ReportSpan {
    Month { year: i32, month: u32 },
    Quarter { year: i32, quarter: u32 },
    Year { year: i32 },
}

impl ReportSpan {
    pub fn first_day(self) -> NaiveDate {
        let (year, month) = match self {
            ReportSpan::Month { year, month } => (year, month),
            ReportSpan::Quarter { year, quarter } => (year, quarter * 3 - 2),
            ReportSpan::Year { year } => (year, 1),
        };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
    }

    pub fn last_day(self) -> NaiveDate {
        self.day_after().pred_opt().unwrap_or_default()
    }

    /// The first day on which it is over.
    pub fn day_after(self) -> NaiveDate {
        let months = match self {
            ReportSpan::Month { .. } => 1,
            ReportSpan::Quarter { .. } => 3,
            ReportSpan::Year { .. } => 12,
        };
        let first = self.first_day();
        first
            .checked_add_months(Months::new(months))
            .unwrap_or(first)
    }

    /// The month that was over when this day began.
    pub fn month_before(day: NaiveDate) -> ReportSpan {
        let last = before(day, 1);
        ReportSpan::Month {
            year: last.year(),
            month: last.month(),
        }
    }

    /// The quarter that was over when this day began.
    pub fn quarter_before(day: NaiveDate) -> ReportSpan {
        let last = before(day, 3);
        ReportSpan::Quarter {
            year: last.year(),
            quarter: last.month0() / 3 + 1,
        }
    }

    /// In words: `October 2026`, `1 July to 30 September 2026`, `the year 2026`.
    pub fn words(self) -> String {
        let (first, last) = (self.first_day(), self.last_day());
        match self {
            ReportSpan::Month { .. } => first.format("%B %Y").to_string(),
            ReportSpan::Quarter { .. } => {
                format!("{} to {}", first.format("%-d %B"), last.format("%-d %B %Y"))
            }
            ReportSpan::Year { year } => format!("the year {year}"),
        }
    }
}

/// A day of that many months before a day's.
fn before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

impl TryFrom<PeriodName> for ReportSpan {
    type Error = String;

    fn try_from(period: PeriodName) -> Result<Self, String> {
        match period {
            PeriodName::Month { year, month } => Ok(ReportSpan::Month { year, month }),
            PeriodName::Quarter { year, quarter } => Ok(ReportSpan::Quarter { year, quarter }),
            PeriodName::Day(_) | PeriodName::Week { .. } => Err(format!(
                "A report is about a month, a quarter or a year, as in 2026-10, 2026-Q3 or 2026; \
                 {period} is shorter."
            )),
        }
    }
}

impl FromStr for ReportSpan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = plain_dashes(text.trim());
        let digits = plain.len() == 4 && plain.bytes().all(|b| b.is_ascii_digit());
        if let Some(year) = plain.parse().ok().filter(|_| digits) {
            return match (2000..=2199).contains(&year) {
                true => Ok(ReportSpan::Year { year }),
                false => Err(format!("The year {year} is too far away.")),
            };
        }
        match text.parse::<PeriodName>() {
            Ok(period) => period.try_into(),
            Err(_) => Err(format!(
                "“{text}” is not a month, a quarter or a year, as in 2026-10, last month, 2026-Q3 \
                 or 2026."
            )),
        }
    }
}

impl fmt::Display for ReportSpan {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            ReportSpan::Month { year, month } => write!(f, "{year}-{month:02}"),
            ReportSpan::Quarter { year, quarter } => write!(f, "{year}-Q{quarter}"),
            ReportSpan::Year { year } => write!(f, "{year}"),
        }
    }
}

impl From<ReportSpan> for String {
    fn from(span: ReportSpan) -> String {
        span.to_string()
    }
}

impl TryFrom<String> for ReportSpan {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_a_name_days_and_words() {
        for (name, first, last, words) in [
            ("2026-10", "2026-10-01", "2026-10-31", "October 2026"),
            (
                "2026-Q3",
                "2026-07-01",
                "2026-09-30",
                "1 July to 30 September 2026",
            ),
            ("2028", "2028-01-01", "2028-12-31", "the year 2028"),
        ] {
            let span: ReportSpan = name.parse().unwrap();
            assert_eq!(span.to_string(), name);
            assert_eq!(span.first_day().to_string(), first);
            assert_eq!(span.last_day().to_string(), last);
            assert_eq!(span.words(), words);
        }
        for wrong in ["2026-W40", "2026-10-01", "soon", "0926", "2026-Q5"] {
            assert!(wrong.parse::<ReportSpan>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_span_before_a_day_is_the_last_that_is_over() {
        let day = |text: &str| text.parse().unwrap();
        for (today, month, quarter) in [
            ("2026-10-01", "2026-09", "2026-Q3"),
            ("2026-12-31", "2026-11", "2026-Q3"),
            ("2027-01-04", "2026-12", "2026-Q4"),
        ] {
            assert_eq!(ReportSpan::month_before(day(today)).to_string(), month);
            assert_eq!(ReportSpan::quarter_before(day(today)).to_string(), quarter);
        }
    }
}
