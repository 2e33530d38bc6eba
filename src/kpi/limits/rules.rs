//! Which limits hold when, and what the values signal by them.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::kpi::process::{BASELINE, Bounds, Limits, Scale, Signal};
use crate::kpi::rare::{self, Gap};
use crate::kpi::rules::{Kpi, Overview, Process, Value};

/// Limits as they were set.
#[derive(Debug, Clone, PartialEq)]
pub struct Frozen {
    /// 1 for the first of a KPI.
    pub number: i64,
    /// The first day of the period they hold from.
    pub since: NaiveDate,
    pub limits: Limits,
    /// The first days of periods (the days of events, for gaps between them), and the values.
    pub made_of: Vec<(NaiveDate, f64)>,
    /// Why they were recalculated. The first ones came by themselves.
    pub reason: Option<String>,
    pub by: Option<Uuid>,
    pub at: DateTime<Utc>,
}

/// Limits and the day from which they hold. The first hold for everything before them, too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub since: NaiveDate,
    pub limits: Limits,
}

/// What the values of a KPI say of its process.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// One for each value.
    pub signals: Vec<Option<Signal>>,
    /// The limits that hold at the end.
    pub process: Process,
    /// All limits, oldest first; none while there are too few values.
    pub steps: Vec<Step>,
    /// The gaps between events and what they signal, if they are what is judged.
    pub gaps: Vec<(Gap, Option<Signal>)>,
}

impl Kpi {
    /// Holds the values that stand, oldest first, against the limits.
    pub fn judged(&self, values: &[Value]) -> Judged {
        let gaps = match self.scale {
            Scale::DaysBetween => rare::gaps(values),
            Scale::Linear | Scale::Log => Vec::new(),
        };
        let dated = self.dated(values, &gaps);
        let steps = self.steps(&dated);
        let signals = signals(&dated, &steps);
        let process = match steps.last() {
            Some(step) => Process::Within(step.limits),
            None => Process::TooFew(dated.len()),
        };
        if self.scale != Scale::DaysBetween {
            return Judged {
                signals,
                process,
                steps,
                gaps: Vec::new(),
            };
        }
        let of_gaps: Vec<_> = signals
            .into_iter()
            .map(|signal| signal.map(Signal::of_gap))
            .collect();
        let at = |day: NaiveDate| Some(steps[step_at(&steps, day)?].limits);
        Judged {
            signals: rare::signals(values, (&gaps, &of_gaps), at),
            process,
            gaps: gaps.into_iter().zip(of_gaps).collect(),
            steps,
        }
    }

    /// What is held against the limits, and of which day it is.
    fn dated(&self, values: &[Value], gaps: &[Gap]) -> Vec<(NaiveDate, f64)> {
        match self.scale {
            Scale::DaysBetween => gaps.iter().map(|gap| (gap.on, gap.days)).collect(),
            Scale::Linear | Scale::Log => values
                .iter()
                .map(|value| (value.period.first_day(), value.value))
                .collect(),
        }
    }

    fn of_process(&self, values: &[f64]) -> Option<Limits> {
        if self.scale != Scale::DaysBetween {
            return Limits::of(values, self.scale, self.bounds());
        }
        // Nothing but the scale itself bounds the days between events.
        let free = Bounds {
            least: None,
            most: None,
        };
        let limits = Limits::of(values, self.scale, free)?;
        Some(rare::widened(limits, self.frequency))
    }

    /// The limits that were set; where none were yet, those of the first twelve.
    fn steps(&self, dated: &[(NaiveDate, f64)]) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for frozen in &self.limits {
            // Limits that hold from an earlier day than others before them take their place.
            steps.retain(|step| step.since < frozen.since);
            steps.push(Step {
                since: frozen.since,
                limits: frozen.limits,
            });
        }
        // As of an earlier day, what was set later is not known yet.
        let last = dated.last().map(|(day, _)| *day);
        while steps.len() > 1 && steps.last().map(|step| step.since) > last {
            steps.pop();
        }
        if steps.is_empty() {
            steps.extend(self.baseline(dated).map(|(step, _)| step));
        }
        steps
    }

    /// Limits of the first twelve of these, and the twelve.
    fn baseline(&self, dated: &[(NaiveDate, f64)]) -> Option<(Step, Vec<(NaiveDate, f64)>)> {
        let numbers: Vec<f64> = dated.iter().map(|(_, value)| *value).collect();
        let limits = self.of_process(&numbers)?;
        let step = Step {
            since: dated.first()?.0,
            limits,
        };
        Some((step, dated[..BASELINE].to_vec()))
    }

    /// The first limits, once there are values enough; `None` if there are limits already.
    pub fn first_limits(&self, values: &[Value], at: DateTime<Utc>) -> Option<Frozen> {
        if !self.limits.is_empty() {
            return None;
        }
        self.limits_from(values, None, at).ok()
    }

    /// Limits of the twelve values from a day on (from the first on, if none is named), or how many
    /// there are if they are too few.
    pub fn limits_from(
        &self,
        values: &[Value],
        since: Option<NaiveDate>,
        at: DateTime<Utc>,
    ) -> Result<Frozen, usize> {
        let gaps = match self.scale {
            Scale::DaysBetween => rare::gaps(values),
            Scale::Linear | Scale::Log => Vec::new(),
        };
        let mut dated = self.dated(values, &gaps);
        dated.retain(|(day, _)| since.is_none_or(|since| *day >= since));
        let (step, made_of) = self.baseline(&dated).ok_or(dated.len())?;
        Ok(Frozen {
            number: self.limits.last().map_or(0, |last| last.number) + 1,
            since: since.unwrap_or(step.since),
            limits: step.limits,
            made_of,
            reason: None,
            by: None,
            at,
        })
    }

    /// How many of the values that limits were made of stand no more: they were corrected since.
    pub fn outdated(&self, frozen: &Frozen, values: &[Value]) -> usize {
        if self.scale == Scale::DaysBetween {
            return 0;
        }
        let stands = |(day, value): &&(NaiveDate, f64)| {
            let mut values = values.iter();
            values.any(|now| now.period.first_day() == *day && now.value == *value)
        };
        let made_of = frozen.made_of.iter();
        made_of.filter(|basis| !stands(basis)).count()
    }
}

impl Overview {
    /// The limits that hold on a day.
    pub fn limits_at(&self, day: NaiveDate) -> Option<Limits> {
        Some(self.steps[step_at(&self.steps, day)?].limits)
    }
}

/// Which of the limits hold on a day.
fn step_at(steps: &[Step], day: NaiveDate) -> Option<usize> {
    let later = steps.iter().rposition(|step| step.since <= day);
    later.or((!steps.is_empty()).then_some(0))
}

/// What each signals by the limits of its day. A row ends where the limits change.
fn signals(dated: &[(NaiveDate, f64)], steps: &[Step]) -> Vec<Option<Signal>> {
    let mut signals = Vec::with_capacity(dated.len());
    for same in dated.chunk_by(|a, b| step_at(steps, a.0) == step_at(steps, b.0)) {
        let numbers: Vec<f64> = same.iter().map(|(_, value)| *value).collect();
        match step_at(steps, same[0].0) {
            Some(step) => signals.extend(steps[step].limits.signals(&numbers)),
            None => signals.extend(vec![None; same.len()]),
        }
    }
    signals
}

#[cfg(test)]
mod tests;
