//! What a source is asked, and how it goes.

use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::command::value::KpiKey;

/// Where the values of a KPI come from.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Source {
    /// Somebody says it in chat
    #[default]
    Manual,
    /// A program sends it
    Push,
    /// A query to Prometheus
    Prometheus,
    /// A value in a JSON document
    Http,
    /// Alerts, counted
    Webhook,
    /// Questions to people in chat
    Survey,
    /// A checklist
    Inspection,
    /// The bot's own records
    Derived,
}

impl Source {
    /// Whether a program brings its values by itself, showing a token.
    pub fn is_sent(self) -> bool {
        matches!(self, Source::Push | Source::Webhook)
    }

    /// Brings its values without anybody being asked for them.
    pub fn works_by_itself(self) -> bool {
        !matches!(self, Source::Manual | Source::Inspection)
    }

    /// Whether who measures is asked for a value: when nothing brings it, or what should has failed
    /// for long. What is not fetched cannot be seen to fail; then somebody is asked when it is late.
    pub fn asks_a_person(self, feed: Option<&Feed>, late: bool) -> bool {
        let fails = feed.is_some_and(|feed| feed.told_at.is_some());
        !self.works_by_itself() || fails || late && !self.is_fetched()
    }

    /// The bot fetches its values when a period is over.
    pub fn is_fetched(self) -> bool {
        matches!(self, Source::Prometheus | Source::Http | Source::Derived)
    }
}

/// After so many tries in a row without success its measurer is told: a restart in the night is no
/// news.
const TELL_AFTER: i64 = 3;

/// The pause after the first try that failed; it doubles from try to try.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(6);

/// The source of one KPI, as it is set and as it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    pub kpi: KpiKey,
    /// What it is asked; its shape depends on the kind of the source.
    pub setting: Value,
    /// When it was last asked, or last came.
    pub tried_at: Option<DateTime<Utc>>,
    /// When it last gave a value.
    pub worked_at: Option<DateTime<Utc>>,
    /// Why it fails, while it does.
    pub fault: Option<String>,
    /// Since when it fails.
    pub failing_since: Option<DateTime<Utc>>,
    /// Tries in a row that failed.
    pub attempts: i64,
    /// When its measurer was told that it fails.
    pub told_at: Option<DateTime<Utc>>,
}

impl Feed {
    /// From when on it may be asked again, after the last try.
    pub fn next_try(&self) -> Option<DateTime<Utc>> {
        let pause = match u32::try_from(self.attempts).unwrap_or_default() {
            // It answered, and had no value: it may have one later.
            0 => LONGEST_PAUSE,
            failed => FIRST_PAUSE
                .checked_mul(1 << (failed - 1).min(10))
                .map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE)),
        };
        self.tried_at.map(|tried| tried + pause)
    }

    /// Whether it has failed for so long that it is to be told, and is not told yet.
    pub fn is_to_be_told(&self) -> bool {
        self.attempts >= TELL_AFTER && self.told_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(attempts: i64) -> Feed {
        Feed {
            kpi: "incidents".parse().unwrap(),
            setting: Value::Null,
            tried_at: Some(DateTime::UNIX_EPOCH),
            worked_at: None,
            fault: Some("no answer".to_owned()),
            failing_since: Some(DateTime::UNIX_EPOCH),
            attempts,
            told_at: None,
        }
    }

    #[test]
    fn a_source_that_fails_is_asked_again_ever_more_rarely_and_told_at_the_third_time() {
        let pause = |attempts| {
            let next = failed(attempts).next_try().unwrap();
            (next - DateTime::UNIX_EPOCH).num_minutes()
        };
        let pauses: Vec<_> = (1..=8).map(pause).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 320, 360]);
        assert_eq!(pause(i64::MAX), 360);
        let told: Vec<_> = (1..=4).map(|n| failed(n).is_to_be_told()).collect();
        assert_eq!(told, [false, false, true, true]);
    }
}
