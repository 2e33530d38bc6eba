//! What was posted in a year: every message with the instant at which it came, and what must be true
//! of all of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use crate::harness::everywhere::Fake;

pub const PEOPLE: [&str; 4] = ["ann", "bob", "cai", "dee"];

#[derive(Debug, Clone)]
pub struct Entry {
    pub at: DateTime<Utc>,
    /// `#isms`, or `@bob`.
    pub place: String,
    pub in_thread: bool,
    /// As it read when it came.
    pub text: String,
}

impl Entry {
    fn title(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    /// The one grouped message of a day.
    fn is_reminder(&self) -> bool {
        let title = self.title();
        self.place.starts_with('@') && (title.contains("needs you") || title.contains("need you"))
    }
}

#[derive(Default)]
pub struct Ledger {
    pub entries: Vec<Entry>,
    /// The last message that was seen in each place.
    last: BTreeMap<String, String>,
}

impl Ledger {
    /// Writes down what is new.
    pub fn note(&mut self, fake: &Fake, at: DateTime<Utc>) {
        let places = PEOPLE.map(|who| (format!("@{who}"), fake.dm(who)));
        let places = [("#isms".to_owned(), fake.channel("isms"))]
            .into_iter()
            .chain(places);
        for (place, of) in places {
            let last = self.last.entry(place.clone()).or_default();
            for message in of.after(last) {
                message.id().clone_into(last);
                self.entries.push(Entry {
                    at,
                    place: place.clone(),
                    in_thread: message.thread().is_some(),
                    text: message.text().to_owned(),
                });
            }
        }
    }

    pub fn with(&self, place: &str, words: &str) -> Vec<&Entry> {
        let all = self.entries.iter();
        all.filter(|entry| entry.place == place && entry.text.contains(words))
            .collect()
    }

    /// What came to a place, in no thread, under a heading with these words.
    pub fn titled(&self, place: &str, words: &str) -> Vec<&Entry> {
        let all = self.entries.iter();
        all.filter(|entry| entry.place == place && !entry.in_thread)
            .filter(|entry| entry.title().contains(words))
            .collect()
    }

    /// The days, by a clock, on which something with these words came to a place.
    pub fn days_of(&self, place: &str, words: &str, zone: Tz) -> Vec<NaiveDate> {
        let found = self.with(place, words).into_iter();
        found
            .map(|entry| entry.at.with_timezone(&zone).date_naive())
            .collect()
    }

    /// Each reminder came at nine on a working day by the clock of whom it is for, and nobody had two
    /// on a day.
    pub fn reminds_well(&self, zones: &BTreeMap<&str, Tz>) {
        for (who, zone) in zones {
            let place = format!("@{who}");
            let own = self.entries.iter().filter(|entry| entry.place == place);
            let mut days = BTreeSet::new();
            for entry in own.filter(|entry| entry.is_reminder()) {
                let local = entry.at.with_timezone(zone);
                assert_eq!(
                    minute_of(local.time()),
                    nine(),
                    "{who} at {local}: {}",
                    entry.text
                );
                let weekend = [Weekday::Sat, Weekday::Sun].contains(&local.weekday());
                assert!(!weekend, "{who} on {local}");
                let first = days.insert(local.date_naive());
                assert!(first, "{who} is reminded twice on {local}: {}", entry.text);
            }
            assert!(
                !days.is_empty() || *who == "cai",
                "{who} was never reminded"
            );
        }
    }

    /// What was said word for word, to one place, within a day: nobody is nagged twice.
    pub fn repeats_nothing(&self, zone: Tz) {
        let mut said: BTreeSet<(String, NaiveDate, String)> = BTreeSet::new();
        // A file by itself has no words.
        for entry in self.entries.iter().filter(|entry| !entry.text.is_empty()) {
            let day = entry.at.with_timezone(&zone).date_naive();
            let line = (entry.place.clone(), day, entry.text.clone());
            assert!(said.insert(line), "said twice on {day}: {entry:?}");
        }
    }
}

/// The minute of a time: two messages to one place are some seconds apart.
pub fn minute_of(time: NaiveTime) -> NaiveTime {
    NaiveTime::from_hms_opt(time.hour(), time.minute(), 0).unwrap_or(time)
}

pub fn nine() -> NaiveTime {
    NaiveTime::from_hms_opt(9, 0, 0).expect("nine o'clock")
}

/// The Mondays of a span, both ends included.
pub fn mondays(from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
    let days = std::iter::successors(Some(from), |day| day.checked_add_days(Days::new(1)));
    days.take_while(|day| *day <= until)
        .filter(|day| day.weekday() == Weekday::Mon)
        .collect()
}

/// The first working day of each month of a year.
pub fn first_working_days(year: i32) -> Vec<NaiveDate> {
    let first = |month| NaiveDate::from_ymd_opt(year, month, 1).expect("a day");
    let working = |day: &NaiveDate| ![Weekday::Sat, Weekday::Sun].contains(&day.weekday());
    (1..=12)
        .map(|month| {
            first(month)
                .iter_days()
                .find(working)
                .expect("a working day")
        })
        .collect()
}
