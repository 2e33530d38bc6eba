//! How far the cycle is: what is measured, audited, reviewed and corrected this period, what is late,
//! and when each comes next. Pure.
//!
//! | part | counts | of |
//! |---|---|---|
//! | measure (9.1) | KPIs whose last period has its value | those whose last period is over |
//! | audit (9.2) | finished audits | those of the year's programme |
//! | review (9.3) | held reviews | those of the year: planned, left out, and still to be planned |
//! | correct (10.2) | actions carried out | those that are due this year |

use chrono::{Datelike, NaiveDate};

use crate::audit::rules::{Audit, State as AuditState};
use crate::kpi::period::Period;
use crate::kpi::rules::{Overview, Status};
use crate::people::Rhythm;
use crate::review::plan::rules::Lapse;
use crate::review::rules::{Review, State as ReviewState};

/// One part of the cycle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    pub done: usize,
    /// 0: nothing is to be done.
    pub of: usize,
    /// What is late, by name.
    pub late: Vec<String>,
    /// What comes next, by name where it has one, and on which day.
    pub next: Option<Next>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub on: NaiveDate,
    pub name: Option<String>,
}

/// The four parts, on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    pub today: NaiveDate,
    pub measure: Part,
    pub audit: Part,
    pub review: Part,
    pub correct: Part,
    /// Actions that are carried out and wait for a look whether they worked.
    pub to_check: usize,
}

/// What the actions come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrected {
    pub done: usize,
    pub due: usize,
    pub late: usize,
    pub to_check: usize,
    pub next: Option<NaiveDate>,
}

/// What the rooms know.
pub struct Known<'a> {
    pub views: &'a [Overview],
    /// Those of the year before, of this one and of the next, in the order of their months.
    pub audits: &'a [Audit],
    pub reviews: &'a [Review],
    pub lapses: &'a [Lapse],
    pub rhythm: Rhythm,
    pub corrected: &'a Corrected,
    /// The names of the overdue actions.
    pub overdue: Vec<String>,
}

impl Cycle {
    pub fn of(known: Known<'_>, today: NaiveDate) -> Cycle {
        Cycle {
            today,
            measure: measured(known.views, today),
            audit: audited(known.audits, today),
            review: reviewed(known.reviews, known.lapses, (known.rhythm, today)),
            correct: Part {
                done: known.corrected.done,
                of: known.corrected.due,
                late: known.overdue,
                next: known.corrected.next.map(|on| Next { on, name: None }),
            },
            to_check: known.corrected.to_check,
        }
    }

    /// The parts in their order.
    pub fn parts(&self) -> [&Part; 4] {
        [&self.measure, &self.audit, &self.review, &self.correct]
    }

    pub fn late(&self) -> usize {
        self.parts().iter().map(|part| part.late.len()).sum()
    }

    /// Nothing is planned and nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.parts().iter().all(|part| **part == Part::default())
    }
}

fn measured(views: &[Overview], today: NaiveDate) -> Part {
    let looked_at = || views.iter().filter(|view| view.kpi.paused.is_none());
    let asked = |view: &&Overview| {
        let ended = Period::last_ended(view.kpi.frequency, today);
        let there = view
            .reading
            .latest
            .is_some_and(|value| value.period >= ended);
        there || ended >= view.kpi.period(view.kpi.since)
    };
    let is_late = |view: &&Overview| matches!(view.reading.status, Status::Missing | Status::Stale);
    let next = looked_at().map(|view| Period::of(view.kpi.frequency, today).due());
    Part {
        done: looked_at()
            .filter(asked)
            .filter(|view| view.reading.wanted.is_none())
            .count(),
        of: looked_at().filter(asked).count(),
        late: looked_at()
            .filter(is_late)
            .map(|view| view.kpi.name.clone())
            .collect(),
        next: next.min().map(|on| Next { on, name: None }),
    }
}

fn audited(audits: &[Audit], today: NaiveDate) -> Part {
    let this_year = || audits.iter().filter(|audit| audit.year == today.year());
    let ahead = audits
        .iter()
        .filter(|audit| audit.state != AuditState::Finished && !audit.overdue(today));
    let next = ahead.filter_map(|audit| {
        Some(Next {
            on: audit.last_day()?,
            name: Some(audit.name().to_string()),
        })
    });
    Part {
        done: this_year()
            .filter(|audit| audit.state == AuditState::Finished)
            .count(),
        of: this_year().count(),
        late: audits
            .iter()
            .filter(|audit| audit.overdue(today))
            .map(|audit| audit.name().to_string())
            .collect(),
        next: next.min_by_key(|next| next.on),
    }
}

/// Stretches of this year count from the first review of all on: before that the ISMS had not begun.
fn reviewed(reviews: &[Review], lapses: &[Lapse], (rhythm, today): (Rhythm, NaiveDate)) -> Part {
    let year = today.year();
    let Some(first) = reviews.iter().map(|review| review.on).min() else {
        return Part::default();
    };
    let counted = || {
        let all = reviews.iter();
        all.filter(|review| review.state != ReviewState::Cancelled)
    };
    let this_year = || counted().filter(|review| review.on.year() == year);
    let has_one = |nth: u32| this_year().any(|review| rhythm.stretch_of(review.on) == (year, nth));
    let lacking = (1..=rhythm.stretches())
        .filter(|nth| !has_one(*nth) && rhythm.stretch_of(first) <= (year, *nth));
    let late = lapses.iter().filter_map(|lapse| match lapse {
        Lapse::Late { review, .. } => Some(review.to_string()),
        Lapse::Skipped { end, stretch, .. } => (end.year() == year).then(|| stretch.clone()),
        Lapse::Postponed { .. } => None,
    });
    let ahead = counted().filter(|review| {
        review.on >= today && matches!(review.state, ReviewState::Scheduled | ReviewState::Started)
    });
    let next = ahead.map(|review| Next {
        on: review.on,
        name: Some(review.name.to_string()),
    });
    Part {
        done: this_year()
            .filter(|review| review.state == ReviewState::Finished)
            .count(),
        of: this_year().count() + lacking.count(),
        late: late.collect(),
        next: next.min_by_key(|next| next.on),
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
