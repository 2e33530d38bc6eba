//! Published reports: when they come, and who has reviewed them. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::command::value::{FileRef, ReportSpan};
use crate::people::{People, Person, Role};

/// How often the performance report is published by itself.
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
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Reporting {
    /// Only when asked for
    Off,
    /// Every month
    Monthly,
    /// Every quarter
    #[default]
    Quarterly,
}

impl Reporting {
    /// What the report of a day is about: the last month or quarter that was over.
    pub fn span_before(self, day: NaiveDate) -> ReportSpan {
        match self {
            Reporting::Monthly => ReportSpan::month_before(day),
            Reporting::Quarterly | Reporting::Off => ReportSpan::quarter_before(day),
        }
    }
}

/// A report as it was published. Publishing it again, after corrections, is another edition; the
/// earlier ones stay.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    pub span: ReportSpan,
    /// From 1.
    pub number: i64,
    pub at: DateTime<Utc>,
    /// Nobody, if it came by itself.
    pub by: Option<Uuid>,
    /// How it stands, in a sentence.
    pub summary: String,
    pub pdf: FileRef,
    pub markdown: FileRef,
    pub csv: FileRef,
}

/// That a person has evaluated an edition (clause 9.1 f).
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    pub person: Uuid,
    pub at: DateTime<Utc>,
    pub conclusion: Option<String>,
}

impl Edition {
    /// The record it is in the log: `report 2026-Q3`.
    pub fn record(&self) -> String {
        record(self.span)
    }

    /// The names of its files, without their extension: `performance-2026-Q3`, and
    /// `performance-2026-Q3-2` for the second edition.
    pub fn file_name(span: ReportSpan, number: i64) -> String {
        match number {
            1 => format!("performance-{span}"),
            number => format!("performance-{span}-{number}"),
        }
    }

    /// Its message in the channel.
    pub fn key(&self) -> String {
        format!("{} {}", self.record(), self.number)
    }

    /// Its message to one person.
    pub fn key_for(&self, person: Uuid) -> String {
        format!("{} for {person}", self.key())
    }
}

/// The record that the reports of a span are in the log.
pub fn record(span: ReportSpan) -> String {
    format!("report {span}")
}

/// Who is to review reports: top management, and where nobody is, who runs the ISMS.
pub fn reviewers(people: &People) -> Vec<&Person> {
    let present = |role: Role| {
        let all = people.0.iter();
        all.filter(move |person| person.present && person.role == role)
    };
    match present(Role::Leader).next() {
        Some(_) => present(Role::Leader).collect(),
        None => present(Role::Manager).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_about_what_was_over_on_its_day() {
        let day = |text: &str| text.parse().unwrap();
        let span = |rhythm: Reporting, on: &str| rhythm.span_before(day(on)).to_string();
        assert_eq!(span(Reporting::Monthly, "2026-11-02"), "2026-10");
        assert_eq!(span(Reporting::Quarterly, "2027-01-04"), "2026-Q4");
        assert_eq!(span(Reporting::Quarterly, "2026-11-20"), "2026-Q3");
    }
}
