//! An analysis, from the crossing that opens it to what was found.

use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::UserError;
use crate::chat::Button;
use crate::command::value::{ActionName, KpiKey, RecordName};
use crate::kpi::card::value_in;
use crate::kpi::rules::{Crossing, Kpi, Status, Value};
use crate::schedule::ladder::{ANALYSIS, Obligation};

/// A week to look into it.
const TIME: Days = Days::new(7);

/// What an analysis found.
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
pub enum Found {
    /// A special cause
    #[value(aliases = ["cause", "special"])]
    SpecialCause,
    /// No special cause
    #[value(aliases = ["none", "nothing"])]
    NoneFound,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Counted per workspace.
    pub number: i64,
    pub kpi: KpiKey,
    /// The first day of the period whose value crossed.
    pub period: NaiveDate,
    /// The same of the last one that crossed while this was open.
    pub latest: NaiveDate,
    /// The value that crossed.
    pub value: f64,
    pub crossing: Crossing,
    pub opened_at: DateTime<Utc>,
    pub due: NaiveDate,
    pub found: Option<Found>,
    pub cause: Option<String>,
    /// The number of the action that was raised for it.
    pub action: Option<i64>,
    /// Why none was raised.
    pub no_action: Option<String>,
    /// Who said what was found.
    pub by: Option<Uuid>,
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it came to nothing: the crossing was corrected away.
    pub dropped: Option<String>,
}

/// What somebody says of an analysis; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Finding {
    pub found: Option<Found>,
    pub cause: Option<String>,
    pub action: Option<ActionName>,
    pub no_action: Option<String>,
}

impl Analysis {
    pub fn of(
        kpi: &Kpi,
        number: i64,
        (latest, crossing): (Value, Crossing),
        (at, today): (DateTime<Utc>, NaiveDate),
    ) -> Analysis {
        let period = latest.period.first_day();
        Analysis {
            number,
            kpi: kpi.key.clone(),
            period,
            latest: period,
            value: latest.value,
            crossing,
            opened_at: at,
            due: today.checked_add_days(TIME).unwrap_or(today),
            found: None,
            cause: None,
            action: None,
            no_action: None,
            by: None,
            closed_at: None,
            dropped: None,
        }
    }

    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// What was found is said; only whether an action is raised is not.
    pub fn is_explained(&self) -> bool {
        self.found.is_some()
    }

    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.is_open() && self.due < today
    }

    /// Another crossing while it is open belongs to it.
    pub fn goes_on(&mut self, latest: Value, crossing: Crossing) {
        self.latest = latest.period.first_day();
        self.value = latest.value;
        self.crossing = Crossing {
            off_target: self.crossing.off_target || crossing.off_target,
            signal: crossing.signal.or(self.crossing.signal),
        };
    }

    /// What is left of the crossing by the values that stand now: nothing, if it was corrected away.
    pub fn still(&self, kpi: &Kpi, values: &[Value]) -> Option<Crossing> {
        let judged = kpi.judged(values);
        let of_it = values.iter().zip(judged.signals).filter(|(value, _)| {
            let day = value.period.first_day();
            self.period <= day && day <= self.latest
        });
        let mut still = Crossing {
            off_target: false,
            signal: None,
        };
        for (value, signal) in of_it {
            still.off_target |=
                self.crossing.off_target && kpi.judge(value.value) == Status::OffTarget;
            if self.crossing.signal.is_some() {
                still.signal = signal.or(still.signal);
            }
        }
        (still.off_target || still.signal.is_some()).then_some(still)
    }

    /// Takes in what somebody found. With an action, or the reason for none, it is closed.
    pub fn record(
        &mut self,
        finding: Finding,
        (by, at): (Uuid, DateTime<Utc>),
    ) -> Result<(), UserError> {
        if !self.is_open() {
            return Err(UserError::new("This is looked into already."));
        }
        let found = finding.found.or(self.found);
        let cause = finding.cause.or_else(|| self.cause.clone());
        if found.is_none() {
            let text = "Say what you found: a special cause, or none.";
            return Err(UserError::at("found", text));
        }
        if found == Some(Found::SpecialCause) && cause.is_none() {
            let text = "A special cause has a name: say what it was, and why it could happen.";
            return Err(UserError::at("cause", text));
        }
        let action = finding.action.map(|name| name.0).or(self.action);
        if action.is_some() && finding.no_action.is_some() {
            let text = "An action is raised for it already: leave this empty.";
            return Err(UserError::at("why", text));
        }
        (self.found, self.cause, self.action) = (found, cause, action);
        self.no_action = finding.no_action.or_else(|| self.no_action.take());
        self.by = Some(by);
        self.close_if_done(at);
        Ok(())
    }

    /// An action was raised for it.
    pub fn act(&mut self, action: ActionName, at: DateTime<Utc>) {
        self.action = Some(action.0);
        self.close_if_done(at);
    }

    fn close_if_done(&mut self, at: DateTime<Utc>) {
        let decided = self.action.is_some() || self.no_action.is_some();
        if self.is_explained() && decided {
            self.closed_at = Some(at);
        }
    }

    /// It came to nothing.
    pub fn drop_for(&mut self, reason: String, at: DateTime<Utc>) {
        self.dropped = Some(reason);
        self.closed_at = Some(at);
    }

    pub fn action_name(&self) -> Option<ActionName> {
        self.action.map(ActionName)
    }

    /// The last value that crossed.
    pub fn crossed(&self, kpi: &Kpi) -> Value {
        Value {
            period: kpi.period(self.latest),
            value: self.value,
        }
    }

    /// What whoever looks into the KPI owes to it.
    pub fn obligation(&self, kpi: &Kpi) -> Obligation {
        Obligation {
            record: RecordName::Kpi(kpi.key.clone()),
            title: format!(
                "{}: what is behind {}",
                kpi.name,
                value_in(kpi, self.crossed(kpi))
            ),
            due: self.due,
            ladder: ANALYSIS,
            button: self.button().primary(),
            snoozed_until: None,
        }
    }

    /// Opens the form.
    pub fn button(&self) -> Button {
        Button::new("Analyse", format!("kpi analyse {}", self.kpi))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::rules::tests::{click_rate, day, months};

    fn opened(values: &[f64]) -> Analysis {
        let kpi = click_rate();
        let values = months(&values.iter().copied().map(Some).collect::<Vec<_>>());
        let crossing = kpi.crossing(&values[..values.len() - 1], &values).unwrap();
        let at = (DateTime::UNIX_EPOCH, day("2026-03-02"));
        Analysis::of(&kpi, 1, (values[values.len() - 1], crossing), at)
    }

    fn by() -> (Uuid, DateTime<Utc>) {
        (Uuid::from_u128(2), DateTime::UNIX_EPOCH)
    }

    fn cause() -> Finding {
        Finding {
            found: Some(Found::SpecialCause),
            cause: Some("The new mail filter".into()),
            ..Finding::default()
        }
    }

    #[test]
    fn a_special_cause_has_a_name_and_none_found_needs_none() {
        let mut analysis = opened(&[4.0, 9.0]);
        assert_eq!(analysis.due, day("2026-03-09"));
        let nameless = Finding {
            cause: None,
            ..cause()
        };
        let error = analysis.record(nameless, by()).unwrap_err();
        assert_eq!(error.field, Some("cause"));
        let error = analysis.record(Finding::default(), by()).unwrap_err();
        assert_eq!(error.field, Some("found"));
        let none = Finding {
            found: Some(Found::NoneFound),
            no_action: Some("Within what the season does".into()),
            ..Finding::default()
        };
        analysis.record(none, by()).unwrap();
        assert!(!analysis.is_open());
        assert!(analysis.record(cause(), by()).is_err());
    }

    #[test]
    fn it_is_open_until_an_action_is_raised_or_refused_for_a_reason() {
        let mut analysis = opened(&[4.0, 9.0]);
        analysis.record(cause(), by()).unwrap();
        assert!(analysis.is_open() && analysis.is_explained());
        let mut refused = analysis.clone();
        let why = Finding {
            no_action: Some("It is gone already".into()),
            ..Finding::default()
        };
        refused.record(why.clone(), by()).unwrap();
        assert_eq!(refused.cause.as_deref(), Some("The new mail filter"));
        assert!(!refused.is_open());
        let mut first_the_action = opened(&[4.0, 9.0]);
        first_the_action.act(ActionName(3), DateTime::UNIX_EPOCH);
        assert!(first_the_action.is_open());
        let both = Finding {
            no_action: why.no_action,
            ..cause()
        };
        let error = first_the_action.record(both, by()).unwrap_err();
        assert_eq!(error.field, Some("why"));
        first_the_action.record(cause(), by()).unwrap();
        assert!(!first_the_action.is_open());
        analysis.act(ActionName(3), DateTime::UNIX_EPOCH);
        assert!(!analysis.is_open());
    }

    #[test]
    fn what_is_left_of_a_crossing_is_read_off_the_values_of_now() {
        let analysis = opened(&[4.0, 9.0]);
        let still = |values: &[f64]| {
            let values = months(&values.iter().copied().map(Some).collect::<Vec<_>>());
            analysis.still(&click_rate(), &values)
        };
        assert!(still(&[4.0, 9.0]).is_some());
        assert!(
            still(&[4.0, 9.5, 4.0]).is_some(),
            "a later value changes nothing"
        );
        assert_eq!(still(&[4.0, 4.5]), None);
        let mut longer = analysis.clone();
        longer.goes_on(
            Value {
                period: click_rate().period(day("2026-04-01")),
                value: 9.0,
            },
            analysis.crossing,
        );
        let values = months(&[Some(4.0), Some(4.0), Some(4.0), Some(9.0)]);
        assert!(longer.still(&click_rate(), &values).is_some());
    }
}
