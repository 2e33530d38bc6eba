//! KPIs and how they are judged: nouns and decisions, nothing else.
//!
//! Two judgements, kept apart. The *status* compares the latest value with the target that people
//! set. The *signal* compares it with what the process itself usually does (see
//! [`process`](super::process)). A KPI may be off target without news, and news may be good.
//!
//! A missing value is not zero: it has its own status, and nothing is made up in its place.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::analysis::rules::Analysis;
use super::limits::rules::{Frozen, Judged, Step};
use super::period::Period;
pub use super::process::Scale;
use super::process::{BASELINE, Bounds, Limits, Signal};
use super::rare::{self, Gap};
pub use super::source::rules::Source;
use crate::command::value::{FileRef, KpiKey};
use crate::report::number;

/// Which way is better.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Direction {
    /// Higher is better
    #[value(alias = "up")]
    Higher,
    /// Lower is better
    #[value(alias = "down")]
    Lower,
}

/// How often a KPI is measured.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Frequency {
    /// Every week
    Weekly,
    /// Every month
    Monthly,
    /// Every quarter
    Quarterly,
}

/// A metric that is measured, judged and acted upon (clause 9.1 a–f).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kpi {
    /// What people type: `phishing-click-rate`. Unique in its workspace, and never changes.
    pub key: KpiKey,
    pub name: String,
    /// What it tells, and how it is measured.
    pub purpose: Option<String>,
    /// `%`, `incidents`, or nothing.
    pub unit: String,
    pub direction: Direction,
    pub target: f64,
    /// Between target and this is "warning", beyond it "off target".
    pub warning: Option<f64>,
    pub frequency: Frequency,
    pub measurer: Uuid,
    pub analyst: Uuid,
    pub source: Source,
    pub scale: Scale,
    /// Nobody is asked for a value since a manager gave this reason.
    pub paused: Option<String>,
    /// The day it was set up. Values before are welcome, but not asked for.
    pub since: NaiveDate,
    /// The limits that were set, oldest first: read with it, and kept apart from it.
    #[serde(skip)]
    pub limits: Vec<Frozen>,
}

/// A value as it was recorded, or as it was corrected. Nothing is overwritten: the highest revision
/// of a period stands, the others stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The first day of the period.
    pub period: NaiveDate,
    /// 1 for the first value, 2 for its first correction.
    pub revision: i64,
    pub value: f64,
    /// What explains the value, or why it was corrected.
    pub note: Option<String>,
    /// What proves it.
    pub file: Option<FileRef>,
    /// Who recorded it; nobody, if a machine did.
    pub by: Option<Uuid>,
    /// What it came through, if it was not said in chat: `push: scanner`, `prometheus`, `csv`.
    pub via: Option<String>,
    pub at: DateTime<Utc>,
}

/// The value that stands for a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    pub period: Period,
    pub value: f64,
}

/// How the latest value compares with the target, or why there is none to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Status {
    OnTarget,
    Warning,
    OffTarget,
    /// The value of the last period is late.
    Missing,
    /// The values of the last two periods or more are late: what is known is old.
    Stale,
    /// Set up, and its first period is not over.
    Waiting,
    Paused,
}

/// Where the latest value stands to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    Up { better: bool },
    Down { better: bool },
    Same,
}

/// Everything there is to say about a KPI on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub latest: Option<Value>,
    pub status: Status,
    /// What the latest value signals.
    pub signal: Option<Signal>,
    pub trend: Option<Trend>,
    pub process: Process,
    /// The period whose value is asked for and not there.
    pub wanted: Option<Period>,
}

/// Whether there are limits yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Process {
    /// So many values of the twelve that are needed.
    TooFew(usize),
    Within(Limits),
}

/// What became worth telling the analyst, by one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossing {
    pub off_target: bool,
    pub signal: Option<Signal>,
}

/// One period of the run chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub period: Period,
    pub value: Option<f64>,
    pub signal: Option<Signal>,
}

/// A KPI as it stands on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    pub kpi: Kpi,
    pub reading: Reading,
    pub points: Vec<Point>,
    /// The limits over time, oldest first; none while there are too few values.
    pub steps: Vec<Step>,
    /// The days between events and what they signal, for a KPI that is judged by them.
    pub gaps: Vec<(Gap, Option<Signal>)>,
    /// The days since the last event, while none has come.
    pub quiet: Option<f64>,
    /// When a value was last recorded or corrected.
    pub recorded: Option<DateTime<Utc>>,
    /// What nobody has explained yet, where that was looked up.
    pub open: Option<Analysis>,
}

impl Kpi {
    /// A period of this KPI by its first day, as the store keeps it.
    pub fn period(&self, day: NaiveDate) -> Period {
        Period::of(self.frequency, day)
    }

    /// How a value compares with the target.
    pub fn judge(&self, value: f64) -> Status {
        let reaches = |level: f64| match self.direction {
            Direction::Higher => value >= level,
            Direction::Lower => value <= level,
        };
        if reaches(self.target) {
            Status::OnTarget
        } else if self.warning.is_some_and(reaches) {
            Status::Warning
        } else {
            Status::OffTarget
        }
    }

    /// The values that stand, oldest first.
    pub fn values(&self, measurements: &[Measurement]) -> Vec<Value> {
        let mut standing: BTreeMap<Period, &Measurement> = BTreeMap::new();
        for measurement in measurements {
            let entry = standing.entry(self.period(measurement.period));
            let stands = entry.or_insert(measurement);
            if measurement.revision > stands.revision {
                *stands = measurement;
            }
        }
        let values = standing.into_iter().map(|(period, stands)| Value {
            period,
            value: stands.value,
        });
        values.collect()
    }

    /// What values can be at all: nothing below zero and, for a percentage, nothing above 100,
    /// unless the KPI's own levels lie there.
    pub fn bounds(&self) -> Bounds {
        let any = |beyond: fn(f64) -> bool| beyond(self.target) || self.warning.is_some_and(beyond);
        let negative = any(|level| level < 0.0);
        let beyond_all = any(|level| level > 100.0);
        Bounds {
            least: (!negative).then_some(0.0),
            most: (self.unit == "%" && !beyond_all).then_some(100.0),
        }
    }

    /// Reads the values that stand, as of a day.
    pub fn read(&self, values: &[Value], today: NaiveDate) -> Reading {
        self.read_judged(values, &self.judged(values), today)
    }

    fn read_judged(&self, values: &[Value], judged: &Judged, today: NaiveDate) -> Reading {
        let latest = values.last().copied();
        Reading {
            latest,
            status: self.status(values, today),
            signal: judged.signals.last().copied().flatten(),
            trend: match values {
                [.., before, last] => Some(self.trend(before.value, last.value)),
                _ => None,
            },
            process: judged.process,
            wanted: self.wanted(values, today),
        }
    }

    fn status(&self, values: &[Value], today: NaiveDate) -> Status {
        if self.paused.is_some() {
            return Status::Paused;
        }
        let late = self.last_late(today);
        match values.last() {
            Some(last) if last.period >= late => self.judge(last.value),
            Some(last) if last.period == late.previous() => Status::Missing,
            Some(_) => Status::Stale,
            None if late >= self.period(self.since) => Status::Missing,
            None => Status::Waiting,
        }
    }

    /// The last period whose value would be late if it were not there.
    fn last_late(&self, today: NaiveDate) -> Period {
        let ended = Period::last_ended(self.frequency, today);
        match today < ended.missing_from() {
            true => ended.previous(),
            false => ended,
        }
    }

    /// The last period that is over, from the one it was set up in, if it has no value.
    pub fn wanted(&self, values: &[Value], today: NaiveDate) -> Option<Period> {
        let ended = Period::last_ended(self.frequency, today);
        let wanted = self.paused.is_none() && ended >= self.period(self.since);
        let there = values.iter().any(|value| value.period == ended);
        (wanted && !there).then_some(ended)
    }

    fn trend(&self, before: f64, last: f64) -> Trend {
        // What reads the same is the same.
        if number(before) == number(last) {
            return Trend::Same;
        }
        let higher = self.direction == Direction::Higher;
        if last > before {
            Trend::Up { better: higher }
        } else {
            Trend::Down { better: !higher }
        }
    }

    /// What the analyst should hear of: the KPI was not off target, or did not signal, before.
    pub fn crossing(&self, before: &[Value], after: &[Value]) -> Option<Crossing> {
        let state = |values: &[Value]| {
            let off = values
                .last()
                .is_some_and(|value| self.judge(value.value) == Status::OffTarget);
            let day = self.since;
            (off, self.read(values, day).signal)
        };
        let ((was_off, was_signal), (off, signal)) = (state(before), state(after));
        let crossing = Crossing {
            off_target: off && !was_off,
            signal: signal.filter(|_| was_signal.is_none()),
        };
        (crossing.off_target || crossing.signal.is_some()).then_some(crossing)
    }

    /// The periods of the run chart: from the first value, but at most a year of weeks, two years
    /// of months or three of quarters, to the last value or the last period that is over.
    pub fn points(&self, values: &[Value], today: NaiveDate) -> Vec<Point> {
        self.points_judged(values, &self.judged(values).signals, today)
    }

    fn points_judged(
        &self,
        values: &[Value],
        signals: &[Option<Signal>],
        today: NaiveDate,
    ) -> Vec<Point> {
        let (Some(first), Some(last)) = (values.first(), values.last()) else {
            return Vec::new();
        };
        let most = match self.frequency {
            Frequency::Weekly => 52,
            Frequency::Monthly => 24,
            Frequency::Quarterly => 12,
        };
        let known: BTreeMap<_, _> = values
            .iter()
            .zip(signals)
            .map(|(value, signal)| (value.period, (value.value, *signal)))
            .collect();
        let ended = Period::last_ended(self.frequency, today);
        // A value that is merely not due for long is no gap yet.
        let late = if today < ended.missing_from() {
            ended.previous()
        } else {
            ended
        };
        let mut period = last.period.max(late);
        let mut points = Vec::new();
        while period >= first.period && points.len() < most {
            let (value, signal) = known
                .get(&period)
                .map_or((None, None), |(v, s)| (Some(*v), *s));
            points.push(Point {
                period,
                value,
                signal,
            });
            period = period.previous();
        }
        points.reverse();
        points
    }
}

impl Overview {
    pub fn of(kpi: Kpi, measurements: &[Measurement], today: NaiveDate) -> Overview {
        let values = kpi.values(measurements);
        let judged = kpi.judged(&values);
        Overview {
            reading: kpi.read_judged(&values, &judged, today),
            points: kpi.points_judged(&values, &judged.signals, today),
            steps: judged.steps,
            quiet: rare::goes_on(&values).filter(|_| kpi.scale == Scale::DaysBetween),
            gaps: judged.gaps,
            recorded: measurements.iter().map(|measurement| measurement.at).max(),
            open: None,
            kpi,
        }
    }

    /// Whether the latest value signals, and somebody still looks.
    pub fn signals(&self) -> bool {
        self.reading.signal.is_some() && self.kpi.paused.is_none()
    }
}

/// How many values are still needed for limits: `too few values (7 of 12)`.
pub fn too_few(values: usize) -> String {
    format!("too few values ({values} of {BASELINE})")
}

#[cfg(test)]
pub(in crate::kpi) mod tests;
