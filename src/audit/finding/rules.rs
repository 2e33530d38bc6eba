//! Findings: nouns and decisions. Pure.

use chrono::{DateTime, Datelike, NaiveDate, Utc, WeekdaySet};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::UserError;
use crate::chat::day;
use crate::command::value::{AuditName, ControlName, FileRef, FindingName};
use crate::people::People;
use crate::people::area::rules::{Area, owner_of};

/// What an audit found at one requirement.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Counts those of a workspace from 1.
    pub number: i64,
    pub audit: AuditName,
    pub requirement: ControlName,
    pub grade: Grade,
    /// What is so, in the auditor's words.
    pub statement: String,
    /// What shows it.
    pub evidence: Option<String>,
    pub evidence_file: Option<FileRef>,
    pub state: State,
    /// The corrective action it raised.
    pub action: Option<i64>,
    /// The auditor, and when it was written down.
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// Until when who answers for the area is to say something to it; afterwards it may be upheld.
    pub answer_by: Option<NaiveDate>,
    /// What who answers for the area said to it.
    pub answer: Option<Answer>,
    /// What the auditor decided then: that it stands, is amended or is withdrawn.
    pub decision: Option<Decision>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// Why it is disputed.
    pub reason: Option<String>,
}

/// What a finding is to say instead.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Amended {
    pub grade: Option<Grade>,
    pub statement: Option<String>,
    pub evidence: Option<String>,
    pub file: Option<FileRef>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub by: Uuid,
    pub at: DateTime<Utc>,
    pub reason: String,
}

/// Working days that somebody has to answer a finding.
const TO_ANSWER: usize = 10;
/// Working days that an auditor has to decide about one that is disputed.
const TO_DECIDE: usize = 5;

/// How much it weighs.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Grade {
    /// Major nonconformity
    Major,
    /// Minor nonconformity
    Minor,
    /// Opportunity for improvement
    Opportunity,
    /// Conforming, worth a note
    Conforming,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    /// Who answers for the area has not said anything to it.
    Draft,
    /// They say that it is not so; the auditor decides.
    Disputed,
    /// It stands.
    Final,
    /// The auditor took it back.
    Withdrawn,
}

impl Grade {
    /// Asks for a corrective action.
    pub fn is_nonconformity(self) -> bool {
        matches!(self, Grade::Major | Grade::Minor)
    }
}

impl State {
    /// Whether it may still change.
    pub fn is_draft(self) -> bool {
        matches!(self, State::Draft | State::Disputed)
    }
}

/// Those findings that are not final yet.
pub fn undecided(findings: &[Finding]) -> Vec<&Finding> {
    let open = findings.iter().filter(|finding| finding.state.is_draft());
    open.collect()
}

/// So many working days after this one.
fn working_days_after(day: NaiveDate, count: usize, working: WeekdaySet) -> NaiveDate {
    let is_worked = |day: &NaiveDate| working.is_empty() || working.contains(day.weekday());
    let mut days = day.iter_days().skip(1).filter(is_worked);
    days.nth(count.saturating_sub(1)).unwrap_or(day)
}

/// The day by which a finding is to be answered that is shown to somebody on this day.
pub fn answer_day(day: NaiveDate, working: WeekdaySet) -> NaiveDate {
    working_days_after(day, TO_ANSWER, working)
}

/// Who is asked whether a finding is so: who answers for its area, or else the managers; never the
/// auditor who wrote it. Nobody, where there is nobody else.
pub fn asked(finding: &Finding, areas: &[Area], people: &People) -> Vec<Uuid> {
    let fits =
        |id: &Uuid| *id != finding.by && people.find(*id).is_some_and(|person| person.present);
    if let Some(owner) = owner_of(areas, finding.requirement.as_str()).filter(fits) {
        return vec![owner];
    }
    let managers = people.managers().map(|manager| manager.id);
    managers.filter(fits).collect()
}

impl Finding {
    /// Refuses one that nobody could check: a nonconformity needs what shows it.
    pub fn must_be_shown(&self) -> Result<(), UserError> {
        let shown = self.evidence.is_some() || self.evidence_file.is_some();
        if self.grade.is_nonconformity() && !shown {
            let text = "Say what shows it: a nonconformity needs evidence, or a file.";
            return Err(UserError::at("evidence", text));
        }
        Ok(())
    }

    fn must_be_open(&self) -> Result<(), UserError> {
        let name = self.name();
        let text = match self.state {
            State::Draft | State::Disputed => return Ok(()),
            State::Final => format!("{name} is final already."),
            State::Withdrawn => format!("{name} was withdrawn."),
        };
        Err(UserError::at("finding", text)
            .button(format!("Show {name}"), format!("audit finding-show {name}")))
    }

    /// Who is asked says that it is so.
    pub fn accept(&mut self, answer: &Answer) -> Result<(), UserError> {
        self.must_be_open()?;
        self.must_be_another(answer.by)?;
        self.state = State::Final;
        self.answer = Some(Answer {
            reason: None,
            by: answer.by,
            at: answer.at,
        });
        Ok(())
    }

    /// Who is asked says that it is not so, and why.
    pub fn dispute(&mut self, answer: Answer) -> Result<(), UserError> {
        self.must_be_open()?;
        self.must_be_another(answer.by)?;
        if self.state == State::Disputed {
            let text = format!("{} is disputed already; the auditor decides.", self.name());
            return Err(UserError::at("finding", text));
        }
        self.state = State::Disputed;
        self.answer = Some(answer);
        Ok(())
    }

    /// Nobody answers their own finding.
    fn must_be_another(&self, by: Uuid) -> Result<(), UserError> {
        if by != self.by {
            return Ok(());
        }
        let text = format!(
            "{} is your own finding: somebody who answers for the area says whether it is so.",
            self.name()
        );
        Err(UserError::at("finding", text))
    }

    /// It stands all the same: it was disputed, or nobody answered in time, or there is nobody to ask.
    pub fn uphold(
        &mut self,
        decision: Decision,
        (today, is_asked): (NaiveDate, bool),
    ) -> Result<(), UserError> {
        self.must_be_open()?;
        self.must_not_judge_oneself(&decision)?;
        let by = self.answer_by.filter(|_| is_asked);
        if let (State::Draft, Some(by)) = (self.state, by)
            && today <= by
        {
            let text = format!(
                "{} is being answered, until {}. It can be upheld when it is disputed, or after that \
                 day.",
                self.name(),
                day(by)
            );
            return Err(UserError::at("finding", text));
        }
        self.state = State::Final;
        self.decision = Some(decision);
        Ok(())
    }

    /// It says something else now, and is asked about anew until this day.
    pub fn amend(
        &mut self,
        words: Amended,
        decision: Decision,
        answer_by: NaiveDate,
    ) -> Result<(), UserError> {
        self.must_be_open()?;
        self.must_not_judge_oneself(&decision)?;
        let mut after = self.clone();
        after.grade = words.grade.unwrap_or(after.grade);
        after.statement = words.statement.unwrap_or(after.statement);
        after.evidence = words.evidence.or(after.evidence);
        after.evidence_file = words.file.or(after.evidence_file);
        if after == *self {
            let text = "Nothing of it would change. Say what it says now, or uphold it.";
            return Err(UserError::at("statement", text));
        }
        after.must_be_shown()?;
        after.decision = Some(decision);
        after.answer = None;
        after.show(answer_by);
        *self = after;
        Ok(())
    }

    /// It is shown to whoever answers for it, until this day. What conforms needs no answer.
    pub fn show(&mut self, answer_by: NaiveDate) {
        let needed = self.grade != Grade::Conforming;
        self.answer_by = needed.then_some(answer_by);
        self.state = match needed {
            true => State::Draft,
            false => State::Final,
        };
    }

    /// The auditor takes it back; one that is final only while its audit is under way.
    pub fn withdraw(&mut self, decision: Decision, under_way: bool) -> Result<(), UserError> {
        self.must_not_judge_oneself(&decision)?;
        match self.state {
            State::Final if under_way => {}
            _ => self.must_be_open()?,
        }
        self.state = State::Withdrawn;
        self.decision = Some(decision);
        Ok(())
    }

    /// Who disputed it does not decide about that.
    fn must_not_judge_oneself(&self, decision: &Decision) -> Result<(), UserError> {
        let disputed = self.state == State::Disputed;
        let own = |answer: &Answer| answer.by == decision.by;
        if disputed && self.answer.as_ref().is_some_and(own) {
            let text = format!("You disputed {}; an auditor decides.", self.name());
            return Err(UserError::at("finding", text));
        }
        Ok(())
    }

    /// By when its auditor is to decide about it, if there is something to decide.
    pub fn decide_by(&self, today: NaiveDate, working: WeekdaySet) -> Option<NaiveDate> {
        match (self.state, &self.answer, self.answer_by) {
            (State::Disputed, Some(answer), _) => {
                let on = answer.at.date_naive();
                Some(working_days_after(on, TO_DECIDE, working))
            }
            (State::Draft, _, Some(by)) if by < today => {
                Some(working_days_after(by, TO_DECIDE, working))
            }
            _ => None,
        }
    }

    /// `F-7`.
    pub fn name(&self) -> FindingName {
        FindingName(self.number)
    }

    /// What it says, in a line.
    pub fn title(&self) -> &str {
        self.statement.lines().next().unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
