//! What each entry of a batch does, or what is wrong with it.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::command::nearest;
use crate::command::value::{KpiKey, PeriodName};
use crate::kpi::keep::Given;
use crate::kpi::period::Period;
use crate::kpi::rules::{Kpi, Measurement};
use crate::report::quantity;

/// What a note or a reason may have, in characters (as in chat).
const LONGEST: usize = 3000;

/// A value as it was sent or written down, before it is known whether it can be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub kpi: KpiKey,
    pub period: PeriodName,
    pub value: f64,
    /// What explains a value.
    pub note: Option<String>,
    /// Why the value of a period is another than before.
    pub reason: Option<String>,
}

/// What keeping an entry does.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    New(Given),
    Corrected {
        given: Given,
        was: f64,
    },
    /// This very value stands already.
    Unchanged,
}

/// What is wrong with an entry: with which of its fields, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub field: &'static str,
    pub why: String,
}

impl Wrong {
    pub fn at(field: &'static str, why: impl Into<String>) -> Wrong {
        let why = why.into();
        Wrong { field, why }
    }
}

/// A KPI and every value of it.
#[derive(Debug, Clone)]
pub struct Held {
    pub kpi: Kpi,
    pub history: Vec<Measurement>,
}

/// What has to be known to judge a batch.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// The KPIs that the batch names.
    pub held: BTreeMap<KpiKey, Held>,
    /// All that there are, if one that is named is not among them.
    pub keys: Vec<KpiKey>,
}

/// How a batch is taken in.
#[derive(Clone, Copy)]
pub struct Intake<'a> {
    /// The day it is.
    pub today: NaiveDate,
    /// Whether values of a KPI are taken from who gives them.
    pub may: &'a dyn Fn(&Kpi) -> Result<(), String>,
    /// What who gives them calls an entry: `line 7`.
    pub place: &'a dyn Fn(usize) -> String,
}

/// Judges every entry, in order.
pub fn judge(
    entries: Vec<Entry>,
    ledger: &Ledger,
    intake: Intake<'_>,
) -> Vec<Result<Verdict, Wrong>> {
    let standing: HashMap<&KpiKey, HashMap<Period, f64>> = ledger
        .held
        .iter()
        .map(|(key, held)| {
            let values = held.kpi.values(&held.history).into_iter();
            (key, values.map(|v| (v.period, v.value)).collect())
        })
        .collect();
    let mut seen: HashMap<(&KpiKey, Period), usize> = HashMap::new();
    let mut verdicts = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        let verdict = match ledger.held.get_key_value(&entry.kpi) {
            None => Err(Wrong::at("kpi", unknown(&entry.kpi, &ledger.keys))),
            Some((key, held)) => (intake.may)(&held.kpi)
                .map_err(|why| Wrong::at("kpi", why))
                .and_then(|()| {
                    let period = held.kpi.period_named(entry.period, intake.today);
                    let period = period.map_err(|why| Wrong::at("period", why))?;
                    if let Some(first) = seen.insert((key, period), index) {
                        let why = format!(
                            "{key} has two values for {period} here: the other is {}.",
                            (intake.place)(first)
                        );
                        return Err(Wrong::at("period", why));
                    }
                    let was = standing.get(key).and_then(|values| values.get(&period));
                    one(&held.kpi, period, was.copied(), entry)
                }),
        };
        verdicts.push(verdict);
    }
    verdicts
}

fn one(kpi: &Kpi, period: Period, was: Option<f64>, entry: Entry) -> Result<Verdict, Wrong> {
    kpi.check_value(entry.value)
        .map_err(|why| Wrong::at("value", why))?;
    let (note, reason) = (text("note", entry.note)?, text("reason", entry.reason)?);
    let given = |note| Given {
        period,
        value: entry.value,
        note,
        file: None,
    };
    match (was, reason) {
        (None, _) => Ok(Verdict::New(given(note))),
        (Some(was), _) if was == entry.value => Ok(Verdict::Unchanged),
        (Some(was), Some(reason)) => Ok(Verdict::Corrected {
            given: given(Some(reason)),
            was,
        }),
        (Some(was), None) => {
            let why = format!(
                "{} has {} for {period} already: say why it is {} now.",
                kpi.key,
                quantity(was, &kpi.unit),
                quantity(entry.value, &kpi.unit)
            );
            Err(Wrong::at("reason", why))
        }
    }
}

fn unknown(key: &KpiKey, keys: &[KpiKey]) -> String {
    match nearest(key.as_str(), keys.iter().map(KpiKey::as_str)) {
        Some(near) => format!("There is no KPI {key} here. Did you mean {near}?"),
        None => format!("There is no KPI {key} here."),
    }
}

/// Words that are kept with a value; empty ones are none.
fn text(field: &'static str, text: Option<String>) -> Result<Option<String>, Wrong> {
    let Some(text) = text else { return Ok(None) };
    let text = text.trim().replace("\r\n", "\n");
    let length = text.chars().count();
    if length > LONGEST {
        let why = format!("This has {length} characters; at most {LONGEST} fit.");
        return Err(Wrong::at(field, why));
    }
    if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return Err(Wrong::at(field, "This has control characters in it."));
    }
    Ok((!text.is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::rules::tests::{click_rate, day};

    /// The click rate, with 4% in October 2026.
    fn ledger() -> Ledger {
        let kpi = click_rate();
        let october = Measurement {
            period: day("2026-10-01"),
            revision: 1,
            value: 4.0,
            note: None,
            file: None,
            by: None,
            via: Some("push: scanner".into()),
            at: "2026-11-01T08:00:00Z".parse().unwrap(),
        };
        Ledger {
            keys: vec![kpi.key.clone(), "incidents".parse().unwrap()],
            held: [(
                kpi.key.clone(),
                Held {
                    kpi,
                    history: vec![october],
                },
            )]
            .into(),
        }
    }

    fn entry(period: &str, value: f64) -> Entry {
        Entry {
            kpi: click_rate().key,
            period: period.parse().unwrap(),
            value,
            note: Some(" as sent ".into()),
            reason: None,
        }
    }

    fn judged(
        entries: Vec<Entry>,
        may: &dyn Fn(&Kpi) -> Result<(), String>,
    ) -> Vec<Result<Verdict, Wrong>> {
        let intake = Intake {
            today: day("2026-11-23"),
            may,
            place: &|index| format!("number {}", index + 1),
        };
        judge(entries, &ledger(), intake)
    }

    fn verdicts(entries: Vec<Entry>) -> Vec<Result<Verdict, Wrong>> {
        judged(entries, &|_| Ok(()))
    }

    #[test]
    fn a_value_is_new_corrects_or_changes_nothing() {
        let corrected = Entry {
            reason: Some("One was reported late".into()),
            ..entry("2026-10", 5.0)
        };
        let new = verdicts(vec![entry("2026-09", 3.0)]).remove(0).unwrap();
        assert!(matches!(new, Verdict::New(given) if given.note.as_deref() == Some("as sent")));
        let same = verdicts(vec![entry("2026-10-31", 4.0)]).remove(0);
        assert_eq!(same, Ok(Verdict::Unchanged));
        let corrected = verdicts(vec![corrected]).remove(0).unwrap();
        let Verdict::Corrected { given, was } = corrected else {
            panic!("{corrected:?}");
        };
        assert_eq!((given.value, was), (5.0, 4.0));
        assert_eq!(given.note.as_deref(), Some("One was reported late"));
    }

    #[test]
    fn what_is_wrong_is_said_beside_its_field_for_every_entry() {
        let other = Entry {
            kpi: "incidnts".parse().unwrap(),
            ..entry("2026-10", 1.0)
        };
        let long = Entry {
            note: Some("x".repeat(3001)),
            ..entry("2026-07", 1.0)
        };
        let odd = Entry {
            note: Some("a\0b".into()),
            ..entry("2026-06", 1.0)
        };
        let wrong = verdicts(vec![
            other,
            entry("2026-12", 1.0),
            entry("2026-W40", 1.0),
            entry("2026-09", 101.0),
            entry("2026-10", 5.0),
            entry("2026-08", 1.0),
            entry("2026-08-09", 2.0),
            long,
            odd,
        ]);
        let told: Vec<String> = wrong
            .into_iter()
            .map(|verdict| match verdict {
                Ok(_) => "fine".to_owned(),
                Err(wrong) => format!("{}: {}", wrong.field, wrong.why),
            })
            .collect();
        let expected = [
            "kpi: There is no KPI incidnts here. Did you mean incidents?",
            "period: 2026-12 has not begun",
            "period: 2026-W40 is not a period of",
            "value: 101% is more than everything",
            "reason: phishing-click-rate has 4% for 2026-10 already: say why it is 5% now.",
            "fine",
            "period: phishing-click-rate has two values for 2026-08 here: the other is number 6.",
            "note: This has 3001 characters",
            "note: This has control characters",
        ];
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told}");
        }
        assert_eq!(told.len(), expected.len());
    }

    #[test]
    fn who_may_not_give_values_of_a_kpi_hears_so() {
        let entries = vec![entry("2026-09", 3.0)];
        let verdicts = judged(entries, &|kpi| {
            Err(format!("{} is measured by hand", kpi.key))
        });
        let wrong = Wrong::at("kpi", "phishing-click-rate is measured by hand");
        assert_eq!(verdicts, [Err(wrong)]);
    }
}
