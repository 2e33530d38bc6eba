//! What a KPI and its values may be, and what is said when they may not.

use chrono::NaiveDate;

use super::period::Period;
use super::rare;
use super::rules::{Direction, Kpi, Scale};
use crate::command::value::PeriodName;
use crate::report::quantity;

const NAME_CHARS: usize = 80;
const UNIT_CHARS: usize = 24;
/// Above this a float no longer counts in hundredths.
const LARGEST: f64 = 1e12;
const OLDEST_DAYS: i64 = 3653;

impl Kpi {
    /// What is wrong with it, by field: empty when it may be set up.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let name = self.name.chars().count();
        let one_line = !self.name.contains(char::is_control);
        if self.name.trim().is_empty() || name > NAME_CHARS || !one_line {
            let wrong =
                format!("A name is one line of 1 to {NAME_CHARS} characters; this has {name}.");
            faults.push(("name", wrong));
        }
        if self.unit.chars().count() > UNIT_CHARS || self.unit.contains(char::is_control) {
            let wrong = format!("A unit has at most {UNIT_CHARS} characters, such as %, hours.");
            faults.push(("unit", wrong));
        }
        let mut levels = vec![("target", self.target)];
        levels.extend(self.warning.map(|warning| ("warning", warning)));
        for (field, level) in levels {
            if !level.is_finite() || level.abs() > LARGEST {
                faults.push((field, "This is not a number I can keep.".to_owned()));
            } else if self.scale == Scale::Log && level <= 0.0 {
                faults.push((field, above_zero(level, self)));
            }
        }
        if let Some(warning) = self.warning {
            let (wrong, side) = match self.direction {
                Direction::Lower => (warning <= self.target, "above"),
                Direction::Higher => (warning >= self.target, "below"),
            };
            if wrong {
                let target = quantity(self.target, &self.unit);
                let wrong = format!(
                    "{} is better, so the warning level lies {side} the target of {target}: \
                     between them is “warning”, beyond it “off target”.",
                    match self.direction {
                        Direction::Lower => "Lower",
                        Direction::Higher => "Higher",
                    }
                );
                faults.push(("warning", wrong));
            }
        }
        faults
    }

    /// Refuses what cannot be a value of this KPI, and says what can.
    pub fn check_value(&self, value: f64) -> Result<(), String> {
        let bounds = self.bounds();
        let shown = quantity(value, &self.unit);
        if !value.is_finite() || value.abs() > LARGEST {
            Err("This is not a number I can keep.".to_owned())
        } else if bounds.most.is_some_and(|most| value > most) {
            Err(format!(
                "{shown} is more than everything: say a percentage from 0 to 100."
            ))
        } else if bounds.least.is_some_and(|least| value < least) {
            Err(format!(
                "{shown} is below zero, and {} cannot be.",
                self.name
            ))
        } else if self.scale == Scale::Log && value <= 0.0 {
            Err(above_zero(value, self))
        } else if self.scale == Scale::DaysBetween && (value.fract() != 0.0 || value > rare::MOST) {
            Err(format!(
                "{shown} is no count of rare events: {} counts events, so say how many there were, \
                 0 if none.",
                self.name
            ))
        } else {
            Ok(())
        }
    }

    /// The period a person names. Refuses periods that are not this KPI's, have not begun, or are
    /// surely a slip of the year. A day means the period it lies in.
    pub fn period_named(&self, name: PeriodName, today: NaiveDate) -> Result<Period, String> {
        let current = self.period(today);
        let period = Period::try_from(name).unwrap_or_else(|day| self.period(day));
        if period.frequency() != self.frequency {
            let frequency = self.frequency;
            let last = current.previous();
            return Err(format!(
                "{period} is not a period of {}: it is measured {frequency}, so say for example {last}.",
                self.key
            ));
        }
        if period > current {
            let begins = period.first_day();
            return Err(format!(
                "{period} has not begun: it begins on {begins}. The last one that ended is {}.",
                current.previous()
            ));
        }
        let age = today.signed_duration_since(period.first_day()).num_days();
        if age > OLDEST_DAYS {
            return Err(format!(
                "{period} is more than ten years ago. Is the year right?"
            ));
        }
        Ok(period)
    }
}

/// Said of what has no logarithm.
fn above_zero(value: f64, kpi: &Kpi) -> String {
    format!(
        "{} is judged by its logarithm, so this must be above zero and not {}: say the least that you \
         can tell from nothing, such as 0.1.",
        kpi.name,
        quantity(value, &kpi.unit)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::period::tests::period;
    use crate::kpi::rules::tests::{click_rate, day};

    #[test]
    fn a_kpi_that_is_well_formed_has_no_faults() {
        assert_eq!(click_rate().faults(), []);
    }

    #[test]
    fn the_warning_level_lies_on_the_worse_side_of_the_target() {
        let lower = |warning| {
            Kpi {
                warning: Some(warning),
                ..click_rate()
            }
            .faults()
        };
        assert_eq!(lower(8.0), []);
        assert_eq!(lower(5.0)[0].0, "warning");
        let wrong = &lower(4.0)[0].1;
        assert!(wrong.contains("above the target of 5%"), "{wrong}");
        let higher = |warning| {
            let kpi = click_rate();
            Kpi {
                direction: Direction::Higher,
                warning: Some(warning),
                ..kpi
            }
            .faults()
        };
        assert_eq!(higher(4.0), []);
        assert!(higher(8.0)[0].1.contains("below the target of 5%"));
    }

    #[test]
    fn every_fault_is_told_at_once_beside_its_field() {
        let kpi = Kpi {
            name: "two\nlines".into(),
            unit: "x".repeat(30),
            target: f64::NAN,
            ..click_rate()
        };
        let fields: Vec<_> = kpi.faults().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name", "unit", "target"]);
    }

    #[test]
    fn a_percentage_lies_between_0_and_100_unless_its_levels_do_not() {
        let rate = click_rate();
        assert_eq!(rate.check_value(0.0), Ok(()));
        assert_eq!(rate.check_value(100.0), Ok(()));
        assert!(rate.check_value(100.5).unwrap_err().contains("100.5%"));
        assert!(rate.check_value(-1.0).unwrap_err().contains("below zero"));
        let budget = Kpi {
            target: 120.0,
            warning: None,
            ..click_rate()
        };
        assert_eq!(budget.check_value(130.0), Ok(()));
        let margin = Kpi {
            unit: "days".into(),
            target: -2.0,
            warning: None,
            ..click_rate()
        };
        assert_eq!(margin.check_value(-5.0), Ok(()));
        let hours = Kpi {
            unit: "hours".into(),
            ..click_rate()
        };
        assert_eq!(hours.check_value(400.0), Ok(()));
        for value in [f64::NAN, f64::INFINITY, 1e13] {
            assert!(hours.check_value(value).is_err());
        }
    }

    #[test]
    fn a_period_fits_the_kpi_and_has_begun() {
        let check =
            |text: &str| click_rate().period_named(text.parse().unwrap(), day("2026-11-23"));
        for (named, meant) in [
            ("2026-10", "2026-10"),
            ("2026-11", "2026-11"),
            ("2017-01", "2017-01"),
            ("2026-10-31", "2026-10"),
        ] {
            assert_eq!(check(named), Ok(period(meant)));
        }
        assert!(
            check("2026-12")
                .unwrap_err()
                .contains("2026-12 has not begun: it begins on 2026-12-01")
        );
        assert!(
            check("2026-W47")
                .unwrap_err()
                .contains("measured monthly, so say for example 2026-10")
        );
        assert!(check("2016-10").unwrap_err().contains("Is the year right?"));
    }
}
