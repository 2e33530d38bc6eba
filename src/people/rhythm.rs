//! How often management reviews are held, and which stretch of the year each is for. Pure.

use chrono::{Datelike, NaiveDate};

/// How often management reviews are held.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumString,
    clap::ValueEnum,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Rhythm {
    /// Every quarter
    #[default]
    Quarterly,
    /// Every half-year
    HalfYearly,
    /// Every year
    Yearly,
}

impl Rhythm {
    /// How long a stretch is.
    pub fn months(self) -> u32 {
        match self {
            Rhythm::Quarterly => 3,
            Rhythm::HalfYearly => 6,
            Rhythm::Yearly => 12,
        }
    }

    /// Whether a stretch ends with this day's month: then a review that is missing is asked for.
    pub fn ends_in_month_of(self, day: NaiveDate) -> bool {
        day.month().is_multiple_of(self.months())
    }

    /// The stretch a day lies in: its year, and which of the year's it is, from 1.
    pub fn stretch_of(self, day: NaiveDate) -> (i32, u32) {
        (day.year(), day.month0() / self.months() + 1)
    }

    /// How many stretches a year has.
    pub fn stretches(self) -> u32 {
        12 / self.months()
    }

    /// The stretch of a day in words: `2026-Q4`, `the second half of 2026`, `2026`.
    pub fn stretch_words(self, day: NaiveDate) -> String {
        let (year, nth) = self.stretch_of(day);
        self.words_of(year, nth)
    }

    /// The same of a year's `nth` stretch.
    pub fn words_of(self, year: i32, nth: u32) -> String {
        match (self, nth) {
            (Rhythm::Quarterly, nth) => format!("{year}-Q{nth}"),
            (Rhythm::HalfYearly, 1) => format!("the first half of {year}"),
            (Rhythm::HalfYearly, _) => format!("the second half of {year}"),
            (Rhythm::Yearly, _) => year.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_ends_once_in_its_time() {
        for (rhythm, ends, words) in [
            (Rhythm::Quarterly, vec![3, 6, 9, 12], "2026-Q3"),
            (Rhythm::HalfYearly, vec![6, 12], "the second half of 2026"),
            (Rhythm::Yearly, vec![12], "2026"),
        ] {
            let first = |month| NaiveDate::from_ymd_opt(2026, month, 1).unwrap();
            let ending = (1..=12).filter(|month| rhythm.ends_in_month_of(first(*month)));
            assert_eq!(ending.collect::<Vec<_>>(), ends);
            assert_eq!(rhythm.stretch_words(first(8)), words);
        }
    }
}
