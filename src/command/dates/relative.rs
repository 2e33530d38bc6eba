//! Dates that are said from today: `friday`, `in 2 weeks`, `end of next month`.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use interim::Interval;

use super::{four_digits, month_number, weekday};

/// Working days are counted one by one, so not for ever.
const MOST_WORKING_DAYS: i32 = 10_000;

type Read = Option<Result<NaiveDate, String>>;

/// Reads a date that depends on today; `None` if this is not such a date.
pub(super) fn date(words: &[&str], today: NaiveDate) -> Read {
    let plain = match words {
        ["today" | "now" | "tonight"] => Some(today),
        ["tomorrow" | "tmrw"] => today.succ_opt(),
        ["yesterday"] => today.pred_opt(),
        ["day", "after", "tomorrow"] => today.checked_add_days(Days::new(2)),
        [day] if weekday(day).is_some() => weekday(day).and_then(|day| after(today, day)),
        ["this" | "coming", day] if weekday(day).is_some() => {
            let yesterday = today.pred_opt();
            yesterday
                .zip(weekday(day))
                .and_then(|(from, day)| after(from, day))
        }
        ["next", day] if weekday(day).is_some() => {
            let next_week = monday(today).checked_add_days(Days::new(6));
            next_week
                .zip(weekday(day))
                .and_then(|(from, day)| after(from, day))
        }
        ["last", day] if weekday(day).is_some() => {
            let week_ago = today.checked_sub_days(Days::new(8));
            week_ago
                .zip(weekday(day))
                .and_then(|(from, day)| after(from, day))
        }
        ["eow"] => end(&["week"], today),
        ["eom"] => end(&["month"], today),
        ["eoq"] => end(&["quarter"], today),
        ["eoy"] => end(&["year"], today),
        ["end", rest @ ..] => end(rest, today),
        ["start" | "beginning", "next", unit] => {
            let this_one = end(&[*unit], today)?;
            match *unit {
                "week" => monday(today).checked_add_days(Days::new(7)),
                _ => this_one.succ_opt(),
            }
        }
        ["next", unit] => step(unit, 1, today),
        ["last", unit] => step(unit, -1, today),
        ["in", rest @ ..] => return ahead(rest, today),
        _ => return ahead(words, today),
    };
    plain.map(Ok)
}

/// The first such weekday after a day.
fn after(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    day.iter_days()
        .skip(1)
        .take(7)
        .find(|d| d.weekday() == weekday)
}

fn monday(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).checked_first_day().unwrap_or(day)
}

pub(super) fn end_of_month(day: NaiveDate) -> Option<NaiveDate> {
    let next = day.with_day(1)?.checked_add_months(Months::new(1))?;
    next.pred_opt()
}

/// The last day of what is named: `month`, `next quarter`, `december`, `q3`, `q1 2027`.
fn end(words: &[&str], today: NaiveDate) -> Option<NaiveDate> {
    match words {
        ["day"] => Some(today),
        ["week"] => {
            // The working week, unless it is over.
            let friday = monday(today).checked_add_days(Days::new(4))?;
            if friday >= today {
                Some(friday)
            } else {
                monday(today).checked_add_days(Days::new(6))
            }
        }
        ["month"] => end_of_month(today),
        ["quarter"] => end_of_quarter(today.year(), today.month0() / 3 + 1),
        ["year"] => NaiveDate::from_ymd_opt(today.year(), 12, 31),
        ["this", unit @ ("week" | "month" | "quarter" | "year")] => end(&[*unit], today),
        ["next", "week"] => monday(today).checked_add_days(Days::new(11)),
        ["next", unit @ ("month" | "quarter" | "year")] => {
            let next = end(&[*unit], today)?.succ_opt()?;
            end(&[*unit], next)
        }
        [name] => match (month_number(name), quarter(name)) {
            (Some(month), _) => {
                let year = today.year() + i32::from(month < today.month());
                end_of_month(NaiveDate::from_ymd_opt(year, month, 1)?)
            }
            (_, Some(quarter)) => {
                let past = quarter < today.month0() / 3 + 1;
                end_of_quarter(today.year() + i32::from(past), quarter)
            }
            _ => None,
        },
        [name, year] => {
            let year = four_digits(year)?;
            match (month_number(name), quarter(name)) {
                (Some(month), _) => end_of_month(NaiveDate::from_ymd_opt(year, month, 1)?),
                (_, Some(quarter)) => end_of_quarter(year, quarter),
                _ => None,
            }
        }
        _ => None,
    }
}

fn end_of_quarter(year: i32, quarter: u32) -> Option<NaiveDate> {
    end_of_month(NaiveDate::from_ymd_opt(year, quarter * 3, 1)?)
}

/// 1 to 4, for `q3`.
pub(super) fn quarter(word: &str) -> Option<u32> {
    let quarter = word.strip_prefix('q')?.parse().ok()?;
    (1..=4).contains(&quarter).then_some(quarter)
}

/// `in 2 weeks`, `ten days`, `3 working days`.
fn ahead(words: &[&str], today: NaiveDate) -> Read {
    match words {
        [number, "working" | "business" | "work", "day" | "days"] => {
            let number = count(number).filter(|n| *n <= MOST_WORKING_DAYS)?;
            let works = |d: &NaiveDate| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun);
            let mut days = today.iter_days().skip(1).filter(works);
            let last = usize::try_from(number).ok()?.checked_sub(1)?;
            days.nth(last).map(Ok)
        }
        [number, unit] => {
            let number = count(number)?;
            if unit.starts_with("hour") || unit.starts_with("minute") {
                return Some(Err(
                    "Give a day, not an hour: today, tomorrow, friday.".into()
                ));
            }
            step(unit, number, today).map(Ok)
        }
        [short] if short.ends_with(['d', 'w']) => interval(short, today).map(Ok),
        _ => None,
    }
}

fn count(word: &str) -> Option<i32> {
    const SMALL: [&str; 12] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let index = SMALL.iter().position(|small| *small == word);
    match (word, index) {
        ("a" | "an", _) => Some(1),
        (_, Some(index)) => i32::try_from(index + 1).ok(),
        _ => word
            .parse()
            .ok()
            .filter(|_| word.bytes().all(|b| b.is_ascii_digit())),
    }
}

/// A number of days, weeks, months, quarters or years from today.
fn step(unit: &str, number: i32, today: NaiveDate) -> Option<NaiveDate> {
    match unit {
        "quarter" | "quarters" => interval(&format!("{} months", number.checked_mul(3)?), today),
        "fortnight" | "fortnights" => interval(&format!("{} weeks", number.checked_mul(2)?), today),
        "day" | "days" | "week" | "weeks" | "month" | "months" | "year" | "years" => {
            interval(&format!("{number} {unit}"), today)
        }
        _ => None,
    }
}

/// A duration as `interim` reads it, counted from today.
fn interval(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (text, back) = match text.strip_prefix('-') {
        Some(text) => (text, true),
        None => (text, false),
    };
    // Numbers beyond any calendar are not the crate's to multiply.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 6 {
        return None;
    }
    match interim::parse_duration(text).ok()? {
        Interval::Days(days) => {
            let days = u64::try_from(days).ok()?;
            let days = Days::new(days);
            if back {
                today.checked_sub_days(days)
            } else {
                today.checked_add_days(days)
            }
        }
        Interval::Months(months) => {
            let months = Months::new(u32::try_from(months).ok()?);
            if back {
                today.checked_sub_months(months)
            } else {
                today.checked_add_months(months)
            }
        }
        Interval::Seconds(_) => None,
    }
}
