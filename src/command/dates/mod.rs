//! Dates and periods in words, as seen from the speaker's today.
//!
//! A weekday is the next one after today; `next friday` is the one of the week after this. A month
//! and day without a year is the next such day. What can be read in two ways is refused, with both
//! readings. Durations are left to `interim`.

mod period;
mod relative;

pub(super) use period::{read_period, read_span};

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, Weekday};

use super::names::nearest;
use super::value::plain_dashes;

/// Years that are read; anything else is a slip.
const YEARS: RangeInclusive<i32> = 2000..=2199;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Reads a date that may lie anywhere; without a year, the next such day.
pub(super) fn read_date(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let date = match relative::date(&words, today) {
        Some(date) => date?,
        None => written(&words, today).unwrap_or_else(|| Err(unread(text, &words)))?,
    };
    if YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(format!("“{}” is too far away.", text.trim()))
    }
}

/// Reads a date that is today or later.
pub(super) fn read_due(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    let date = read_date(text, today)?;
    if date >= today {
        return Ok(date);
    }
    let (date, today) = (in_full(date), in_full(today));
    Err(format!(
        "{date} is past; today is {today}. Give a day from today on."
    ))
}

/// `Monday 23 November 2026`.
pub(super) fn in_full(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// Whether a date may begin with this word, so that what follows belongs to it even if misspelt.
pub(super) fn leads_in(word: &str) -> bool {
    let word = word.to_lowercase();
    [
        "in", "next", "this", "last", "end", "by", "on", "until", "the",
    ]
    .contains(&word.as_str())
}

/// Words of a date in small letters, without what carries no meaning (`by the 3rd of`). A date does
/// not end in such a word, so that it cannot swallow the beginning of the text after it.
fn tokens(text: &str) -> Vec<String> {
    let text = plain_dashes(text).to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .collect();
    let idle = |word: &str| ["by", "on", "until", "till", "the", "of"].contains(&word);
    let last = words.len().saturating_sub(1);
    let mut tokens = Vec::new();
    for (i, word) in words.into_iter().enumerate() {
        let word = word.trim_end_matches('.');
        if idle(word) && i != last {
            continue;
        }
        // 31-dec-2026 and 31.december fall apart, 2026-12-31 stays whole.
        let has = |test: fn(&char) -> bool| word.chars().any(|c| test(&c));
        if has(|c| c.is_alphabetic()) && has(|c| matches!(c, '-' | '/' | '.')) {
            let parts = word.split(['-', '/', '.']).filter(|part| !part.is_empty());
            tokens.extend(parts.map(str::to_owned));
        } else {
            tokens.push(word.to_owned());
        }
    }
    tokens
}

/// Reads dates that name a day of a month: `2026-12-31`, `31 december`, `the 3rd`.
fn written(words: &[&str], today: NaiveDate) -> Option<Result<NaiveDate, String>> {
    if let [day, rest @ ..] = words
        && let Some(weekday) = weekday(day)
        && !rest.is_empty()
    {
        let date = written(rest, today)?;
        return Some(date.and_then(|date| {
            if date.weekday() == weekday {
                Ok(date)
            } else {
                Err(format!(
                    "{} is not the day you named with it.",
                    in_full(date)
                ))
            }
        }));
    }
    match words {
        [numbers] => numeric(numbers).or_else(|| {
            let day = ordinal(numbers)?;
            Some(coming(today, |first| first.with_day(day)).ok_or_else(|| no_such_day(day)))
        }),
        [one, two] => {
            let (day, month) = day_and_month(one, two)?;
            let on = |first: NaiveDate| first.with_day(day).filter(|d| d.month() == month);
            let date = coming(today, on);
            Some(date.ok_or_else(|| no_such_date(day, month, today.year())))
        }
        [one, two, year] => {
            let (day, month) = day_and_month(one, two)?;
            let year = four_digits(year)?;
            Some(exactly(year, month, day))
        }
        _ => None,
    }
}

/// The first day from today on that this finds in a month, looking up to eight years ahead (the
/// longest stretch between two leap days).
fn coming(
    today: NaiveDate,
    in_month: impl Fn(NaiveDate) -> Option<NaiveDate>,
) -> Option<NaiveDate> {
    let mut first = today.with_day(1)?;
    for _ in 0..=96 {
        if let Some(date) = in_month(first).filter(|date| *date >= today) {
            return Some(date);
        }
        first = first.checked_add_months(chrono::Months::new(1))?;
    }
    None
}

/// Reads a date written in numbers, and refuses what is read differently in different places.
fn numeric(text: &str) -> Option<Result<NaiveDate, String>> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [a, b, c] = parts[..] else { return None };
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 2);
    if let Some(year) = four_digits(a) {
        return Some(exactly(year, number(b)?, number(c)?));
    }
    let (first, second) = (number(a)?, number(b)?);
    let Some(year) = four_digits(c) else {
        return Some(Err(format!(
            "“{text}” can be read in several ways. Write the year first, in full: 2026-12-31."
        )));
    };
    Some(match (first, second) {
        (day @ 13.., month) => exactly(year, month, day),
        (month, day @ 13..) => exactly(year, month, day),
        (day, month) if day == month => exactly(year, month, day),
        (a, b) => exactly(year, b, a).and_then(|one| {
            let two = exactly(year, a, b)?;
            Err(format!(
                "“{text}” can be {} or {}. Write {one} or {two}.",
                one.format("%-d %B"),
                two.format("%-d %B"),
            ))
        }),
    })
}

fn exactly(year: i32, month: u32, day: u32) -> Result<NaiveDate, String> {
    if !YEARS.contains(&year) {
        return Err(format!("The year {year} is too far away."));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| no_such_date(day, month, year))
}

fn no_such_date(day: u32, month: u32, year: i32) -> String {
    let Some(name) = month.checked_sub(1).and_then(|m| MONTHS.get(m as usize)) else {
        return format!("There is no month {month}. Write a date like 2026-12-31.");
    };
    let last = NaiveDate::from_ymd_opt(year, month, 1)
        .and_then(relative::end_of_month)
        .map_or(31, |last| last.day());
    let name = capital(name);
    format!("There is no {day} {name} {year}; {name} ends on the {last}th.").replace("1th", "1st")
}

fn no_such_day(day: u32) -> String {
    format!("No month has a day {day}.")
}

fn unread(text: &str, words: &[&str]) -> String {
    let known = MONTHS.iter().chain(&WEEKDAYS).chain(&[
        "today", "tomorrow", "weeks", "days", "months", "quarter", "next",
    ]);
    let slip = words.iter().find_map(|word| {
        let near = nearest(word, known.clone().copied())?;
        (near != *word && !near.starts_with(word)).then_some((*word, near))
    });
    let text = text.trim();
    if let [month] = words
        && month_number(month).is_some()
    {
        return format!(
            "Which day of {}? Write 15 {text}, or end of {text}.",
            capital(text)
        );
    }
    match slip {
        Some((word, near)) => {
            let meant: Vec<&str> = words
                .iter()
                .map(|w| if *w == word { near } else { w })
                .collect();
            format!("“{text}” is no date. Did you mean “{}”?", meant.join(" "))
        }
        None => {
            format!("“{text}” is no date. Write friday, in 2 weeks, end of month or 2026-12-31.")
        }
    }
}

fn day_and_month(one: &str, two: &str) -> Option<(u32, u32)> {
    let day = |text: &str| ordinal(text).or_else(|| text.parse().ok().filter(|_| text.len() <= 2));
    match (month_number(one), month_number(two)) {
        (Some(month), None) => Some((day(two)?, month)),
        (None, Some(month)) => Some((day(one)?, month)),
        _ => None,
    }
}

/// `3rd` → 3.
fn ordinal(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &text[digits.len()..];
    let day = digits.parse().ok().filter(|day| (1..=31).contains(day))?;
    ["st", "nd", "rd", "th"].contains(&ending).then_some(day)
}

fn four_digits(text: &str) -> Option<i32> {
    let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// 1 to 12, for a month's name or its first three letters or more.
fn month_number(word: &str) -> Option<u32> {
    let word = if word == "sept" { "sep" } else { word };
    let index = MONTHS
        .iter()
        .position(|month| word.len() >= 3 && month.starts_with(word))?;
    u32::try_from(index + 1).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
    let index = WEEKDAYS
        .iter()
        .position(|day| word.len() >= 3 && day.starts_with(word))?;
    Weekday::try_from(u8::try_from(index).ok()?).ok()
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests;
