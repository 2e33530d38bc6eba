//! Periods in words: `october`, `last month`, `q3 2026`, `week 47`. Without a year, the latest one
//! that has begun, for values are recorded afterwards.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{capital, four_digits, in_full, month_number, relative, tokens};
use crate::command::value::{PeriodName, ReportSpan};

/// Reads the period that a value is for; it has begun.
pub(in crate::command) fn read_period(text: &str, today: NaiveDate) -> Result<PeriodName, String> {
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let period = match words_of(&words, today) {
        Some(period) => period,
        None => text.trim().parse()?,
    };
    if period.first_day() > today {
        return Err(format!(
            "{} has not begun yet; today is {}.",
            capital(text.trim()),
            in_full(today)
        ));
    }
    Ok(period)
}

/// Reads what a report is about: a period that is long enough, or a year.
pub(in crate::command) fn read_span(text: &str, today: NaiveDate) -> Result<ReportSpan, String> {
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let span = match words[..] {
        ["this", "year"] => ReportSpan::Year { year: today.year() },
        ["last" | "previous", "year"] => ReportSpan::Year {
            year: today.year() - 1,
        },
        _ => match words_of(&words, today) {
            Some(period) => period.try_into()?,
            None => text.trim().parse()?,
        },
    };
    if span.first_day() > today {
        return Err(format!(
            "{} has not begun yet; today is {}.",
            capital(text.trim()),
            in_full(today)
        ));
    }
    Ok(span)
}

fn words_of(words: &[&str], today: NaiveDate) -> Option<PeriodName> {
    let weeks_ago = |weeks: u64| today.checked_sub_days(Days::new(weeks * 7));
    let months_ago = |months| today.checked_sub_months(Months::new(months));
    match words {
        ["today"] => Some(PeriodName::Day(today)),
        ["yesterday"] => today.pred_opt().map(PeriodName::Day),
        ["this", "week"] => Some(PeriodName::week_of(today)),
        ["last" | "previous", "week"] => weeks_ago(1).map(PeriodName::week_of),
        ["this", "month"] => Some(PeriodName::month_of(today)),
        ["last" | "previous", "month"] => months_ago(1).map(PeriodName::month_of),
        ["this", "quarter"] => Some(PeriodName::quarter_of(today)),
        ["last" | "previous", "quarter"] => months_ago(3).map(PeriodName::quarter_of),
        ["week", number] => week(number, None, today),
        ["week", number, year] => week(number, Some(year), today),
        [one] => {
            if let Some(number) = one.strip_prefix('w') {
                return week(number, None, today);
            }
            named(one, None, today).or_else(|| month_and_year(one))
        }
        [one, two] => match (four_digits(one), four_digits(two)) {
            (Some(_), None) => named(two, Some(one), today),
            (None, Some(_)) => named(one, Some(two), today),
            _ => None,
        },
        _ => None,
    }
}

/// A month or a quarter by name.
fn named(name: &str, year: Option<&str>, today: NaiveDate) -> Option<PeriodName> {
    let year = match year {
        Some(year) => Some(year_of(year)?),
        None => None,
    };
    let latest = |later: bool| year.unwrap_or(today.year() - i32::from(later));
    if let Some(month) = month_number(name) {
        return Some(PeriodName::Month {
            year: latest(month > today.month()),
            month,
        });
    }
    if let Some(quarter) = relative::quarter(name) {
        return Some(PeriodName::Quarter {
            year: latest(quarter > today.month0() / 3 + 1),
            quarter,
        });
    }
    let week = name.strip_prefix('w')?;
    self::week(week, year.map(|y| y.to_string()).as_deref(), today)
}

fn week(number: &str, year: Option<&str>, today: NaiveDate) -> Option<PeriodName> {
    let number: u32 = number.parse().ok().filter(|_| number.len() <= 2)?;
    let now = today.iso_week();
    let year = match year {
        Some(year) => year_of(year)?,
        None => now.year() - i32::from(number > now.week()),
    };
    format!("{year}-W{number:02}").parse().ok()
}

/// `10/2026`, `2026/10`, `2026.10`.
fn month_and_year(text: &str) -> Option<PeriodName> {
    let (one, two) = text.split_once(['/', '.'])?;
    let (year, month) = match (four_digits(one), four_digits(two)) {
        (Some(_), None) => (one, two),
        (None, Some(_)) => (two, one),
        _ => return None,
    };
    format!("{year}-{month}").parse().ok()
}

fn year_of(text: &str) -> Option<i32> {
    four_digits(text).filter(|year| super::YEARS.contains(year))
}
