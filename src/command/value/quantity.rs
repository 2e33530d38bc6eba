//! Numbers and stretches of time.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::plain_dashes;

/// A number as people write it: `12`, `12.5`, `12,5`, `97%`. Always finite.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub f64);

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = plain_dashes(text.trim());
        let number = plain.strip_suffix('%').unwrap_or(&plain).trim_end();
        let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
        let wrong = || Err(format!("“{text}” is not a number like 12, 12.5 or 97%."));
        if !unsigned.starts_with(|c: char| c.is_ascii_digit())
            || !unsigned.ends_with(|c: char| c.is_ascii_digit())
            || !unsigned
                .chars()
                .all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        {
            return wrong();
        }
        let decimal = match unsigned.split_once(',') {
            None => number.to_owned(),
            Some((_, decimals)) if decimals.contains([',', '.']) => {
                return Err(format!(
                    "“{text}”: write the number without thousands marks."
                ));
            }
            Some((whole, decimals)) if whole.contains('.') => {
                return Err(format!(
                    "“{text}”: write the number without thousands marks, as in {}.{decimals}.",
                    whole.replace('.', "")
                ));
            }
            Some((whole, decimals)) if decimals.len() == 3 && whole != "0" => {
                return Err(format!(
                    "“{text}” can be {whole}{decimals} or {whole}.{decimals}. Write the one you mean."
                ));
            }
            Some(_) => number.replace(',', "."),
        };
        match decimal.parse::<f64>() {
            Ok(amount) if amount.is_finite() => Ok(Amount(amount + 0.0)),
            _ => wrong(),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A stretch of time that a value is for, as exactly as it was said: `2026-11-23`, `2026-W48`,
/// `2026-11`, `2026-Q4`. Years from 2000 to 2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodName {
    Day(NaiveDate),
    /// ISO week.
    Week {
        year: i32,
        week: u32,
    },
    Month {
        year: i32,
        month: u32,
    },
    /// 1 to 4.
    Quarter {
        year: i32,
        quarter: u32,
    },
}

impl PeriodName {
    pub fn first_day(self) -> NaiveDate {
        match self {
            PeriodName::Day(day) => Some(day),
            PeriodName::Week { year, week } => NaiveDate::from_isoywd_opt(year, week, Weekday::Mon),
            PeriodName::Month { year, month } => NaiveDate::from_ymd_opt(year, month, 1),
            PeriodName::Quarter { year, quarter } => {
                NaiveDate::from_ymd_opt(year, quarter.saturating_mul(3).saturating_sub(2), 1)
            }
        }
        .unwrap_or_default()
    }

    pub fn last_day(self) -> NaiveDate {
        let first = self.first_day();
        match self {
            PeriodName::Day(_) => Some(first),
            PeriodName::Week { .. } => first.checked_add_days(Days::new(6)),
            PeriodName::Month { .. } => first
                .checked_add_months(Months::new(1))
                .and_then(|next| next.pred_opt()),
            PeriodName::Quarter { .. } => first
                .checked_add_months(Months::new(3))
                .and_then(|next| next.pred_opt()),
        }
        .unwrap_or(first)
    }

    /// The month that holds a day.
    pub fn month_of(day: NaiveDate) -> Self {
        PeriodName::Month {
            year: day.year(),
            month: day.month(),
        }
    }

    /// The quarter that holds a day.
    pub fn quarter_of(day: NaiveDate) -> Self {
        PeriodName::Quarter {
            year: day.year(),
            quarter: day.month0() / 3 + 1,
        }
    }

    /// The ISO week that holds a day.
    pub fn week_of(day: NaiveDate) -> Self {
        PeriodName::Week {
            year: day.iso_week().year(),
            week: day.iso_week().week(),
        }
    }
}

impl FromStr for PeriodName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "“{text}” is not a period like 2026-10, october, last month, 2026-Q3 or 2026-W47."
            )
        };
        let plain = plain_dashes(text.trim()).to_ascii_lowercase();
        let (year, rest) = plain.split_once('-').ok_or_else(wrong)?;
        let number = |digits: &str| {
            digits
                .parse::<u32>()
                .ok()
                .filter(|_| !digits.starts_with('+'))
        };
        let year = number(year)
            .and_then(|year| i32::try_from(year).ok())
            .filter(|year| (2000..=2199).contains(year))
            .ok_or_else(wrong)?;
        let period = if let Some(week) = rest.strip_prefix('w') {
            number(week)
                .filter(|week| NaiveDate::from_isoywd_opt(year, *week, Weekday::Mon).is_some())
                .map(|week| PeriodName::Week { year, week })
        } else if let Some(quarter) = rest.strip_prefix('q') {
            number(quarter)
                .filter(|quarter| (1..=4).contains(quarter))
                .map(|quarter| PeriodName::Quarter { year, quarter })
        } else if let Some((month, day)) = rest.split_once('-') {
            number(month)
                .zip(number(day))
                .and_then(|(month, day)| NaiveDate::from_ymd_opt(year, month, day))
                .map(PeriodName::Day)
        } else {
            number(rest)
                .filter(|month| (1..=12).contains(month))
                .map(|month| PeriodName::Month { year, month })
        };
        period.ok_or_else(wrong)
    }
}

impl fmt::Display for PeriodName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            PeriodName::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            PeriodName::Week { year, week } => write!(f, "{year}-W{week:02}"),
            PeriodName::Month { year, month } => write!(f, "{year}-{month:02}"),
            PeriodName::Quarter { year, quarter } => write!(f, "{year}-Q{quarter}"),
        }
    }
}
