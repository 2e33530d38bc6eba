//! What people do at a meeting, and who may: pure.

use chrono::NaiveDate;
use uuid::Uuid;

use super::gates;
use super::rules::{
    Act, Attendant, Attendee, Changed, Decision, House, Kind, Meeting, Note, Session, Verdicts,
    default_chair,
};
use crate::app::UserError;
use crate::command::value::{DecisionName, Seen};
use crate::people::{People, Person, Role};
use crate::review::command::InputItem;
use crate::review::minutes::rules::Minutes;
use crate::review::rules::{Review, State};

impl Session {
    /// A meeting that begins.
    pub fn begin(
        mut review: Review,
        invited: Vec<Uuid>,
        act: Act,
        people: &People,
    ) -> Result<Session, UserError> {
        review.chair = review.chair.filter(|chair| {
            let person = people.find(*chair);
            person.is_some_and(|person| person.present)
        });
        let mut session = Session {
            review,
            meeting: Meeting {
                begun_by: act.by.id,
                begun_at: act.at,
                verdicts: None,
                concluded: None,
                archived: None,
            },
            invited,
            attendees: Vec::new(),
            notes: Vec::new(),
            decisions: Vec::new(),
            minutes: Minutes::default(),
        };
        session.must_run(act.by)?;
        session.review.start()?;
        if session.review.chair.is_none() {
            let chair = default_chair(&session.invited, act.by.id, people);
            session.review.chair = Some(chair);
        }
        Ok(session)
    }

    pub fn chairs(&self, person: Uuid) -> bool {
        self.review.chair == Some(person)
    }

    /// Runs the meeting: the chair, an ISMS manager, a leader.
    pub fn runs(&self, person: &Person) -> bool {
        self.chairs(person.id) || matches!(person.role, Role::Manager | Role::Leader)
    }

    pub fn is_present(&self, person: Uuid) -> bool {
        let mut attendees = self.attendees.iter();
        attendees.any(|there| there.present && there.who == Attendant::Person(person))
    }

    /// The persons who are there.
    pub fn present(&self) -> impl Iterator<Item = Uuid> {
        self.attendees.iter().filter_map(|there| match there.who {
            Attendant::Person(person) if there.present => Some(person),
            _ => None,
        })
    }

    pub fn note(&self, item: InputItem) -> Option<&Note> {
        self.notes.iter().find(|note| note.item == item)
    }

    pub fn decision(&self, name: DecisionName) -> Result<&Decision, UserError> {
        let mut decisions = self.decisions.iter();
        match decisions.find(|decision| decision.number == name.0) {
            Some(decision) => Ok(decision),
            None => Err(UserError::at(
                "decision",
                format!("{} has no decision {name}.", self.review.name),
            )
            .button("Show", format!("review show {}", self.review.name))),
        }
    }

    pub fn standing_decisions(&self) -> impl Iterator<Item = &Decision> {
        self.decisions.iter().filter(|decision| decision.stands())
    }

    fn must_run(&self, person: &Person) -> Result<(), UserError> {
        match self.runs(person) {
            true => Ok(()),
            false => Err(UserError::at(
                "review",
                format!(
                    "{} is run by its chair, an ISMS manager or a leader.",
                    self.review.name
                ),
            )),
        }
    }

    fn must_take_part(&self, person: &Person) -> Result<(), UserError> {
        if self.runs(person) || self.is_present(person.id) || self.invited.contains(&person.id) {
            return Ok(());
        }
        let name = self.review.name;
        let text = format!(
            "Only who takes part in {name} writes into it. Are you there? Say so, or ask its chair \
             to invite you."
        );
        Err(UserError::at("review", text).button("I am here", format!("review attend {name} me")))
    }

    /// The meeting goes on.
    fn must_go_on(&self) -> Result<(), UserError> {
        let name = self.review.name;
        match self.review.state {
            State::Started => Ok(()),
            State::Held => Err(UserError::at(
                "review",
                format!("The meeting of {name} is over. What was said is changed in its minutes."),
            )
            .button("Show the minutes", format!("review minutes {name}"))),
            _ => self.must_be_open(),
        }
    }

    /// It has begun, and its minutes are not signed yet.
    pub fn must_be_open(&self) -> Result<(), UserError> {
        let name = self.review.name;
        let refuse = |text: String| {
            Err(UserError::at("review", text).button("Show", format!("review show {name}")))
        };
        match self.review.state {
            State::Started | State::Held => Ok(()),
            State::Scheduled => gates::not_begun(name),
            State::Finished => refuse(format!(
                "The minutes of {name} are signed: nothing in it changes any more. What is new is \
                 for the next review."
            )),
            State::Cancelled => refuse(format!("{name} was called off.")),
        }
    }

    /// Somebody is there, or is not. Everybody may say so of themselves.
    pub fn attend(
        &mut self,
        act: Act,
        who: Attendant,
        (absent, chairs): (bool, bool),
        people: &People,
    ) -> Result<(), UserError> {
        self.must_be_open()?;
        if who != Attendant::Person(act.by.id) || chairs {
            self.must_run(act.by)?;
        }
        match (&who, chairs, absent) {
            (_, true, true) => {
                let text = "Who chairs the meeting is there.";
                return Err(UserError::at("chairs", text));
            }
            (Attendant::Guest(_), true, _) => {
                let text = "A guest does not chair a review: name somebody of this workspace.";
                return Err(UserError::at("chairs", text));
            }
            (Attendant::Person(person), true, _) => self.review.chair = Some(*person),
            _ => {}
        }
        let leads = match &who {
            Attendant::Person(person) => people.find(*person).map(|person| person.role),
            Attendant::Guest(_) => None,
        };
        let mut attendee = Attendee {
            who,
            present: !absent,
            leads: leads == Some(Role::Leader),
            at: act.at,
        };
        let found = self.attendees.iter().position(|a| a.who == attendee.who);
        match found {
            Some(at) => {
                let before = &self.attendees[at];
                if before.present == attendee.present {
                    attendee.at = before.at;
                }
                self.attendees[at] = attendee;
            }
            None => self.attendees.push(attendee),
        }
        self.touched(act);
        Ok(())
    }

    /// Writes down what was said. With the version that a form showed it takes its place; without one
    /// it is added.
    pub fn discuss(
        &mut self,
        act: Act,
        item: InputItem,
        (text, seen): (String, Option<Seen>),
    ) -> Result<&Note, UserError> {
        self.must_go_on()?;
        self.must_take_part(act.by)?;
        let before = self.note(item);
        let version = before.map_or(0, |note| note.version);
        let text = match (before, seen) {
            (_, Some(seen)) if seen.0 != version => {
                let theirs = before.map_or("", |note| &note.text);
                return Err(gates::changed_meanwhile("note", theirs));
            }
            (Some(before), None) => format!("{}\n{text}", before.text),
            _ => text,
        };
        if text.chars().count() > gates::LONGEST {
            let words = format!(
                "With what stands there already this has more than {} characters. Shorten it.",
                gates::LONGEST
            );
            return Err(UserError::at("note", words));
        }
        let note = Note {
            item,
            version: version + 1,
            text,
            by: act.by.id,
            at: act.at,
        };
        self.notes.retain(|note| note.item != item);
        self.notes.push(note);
        self.notes.sort_by_key(|note| note.item);
        self.note(item)
            .ok_or_else(|| UserError::at("note", "This could not be kept."))
    }

    /// Writes down a decision; says its number.
    pub fn decide(
        &mut self,
        act: Act,
        item: InputItem,
        said: (String, Kind),
        (owner, due): (Option<Uuid>, Option<NaiveDate>),
    ) -> Result<DecisionName, UserError> {
        self.must_be_open()?;
        self.must_take_part(act.by)?;
        let last = self.decisions.iter().map(|decision| decision.number).max();
        let (text, kind) = said;
        let decision = Decision {
            number: last.unwrap_or(0) + 1,
            item,
            text,
            kind,
            owner,
            due,
            withdrawn: None,
            action: None,
            by: act.by.id,
            at: act.at,
        };
        let name = decision.name();
        self.decisions.push(decision);
        self.touched(act);
        Ok(name)
    }

    pub fn change(
        &mut self,
        act: Act,
        name: DecisionName,
        changed: Changed,
    ) -> Result<(), UserError> {
        self.must_be_open()?;
        self.must_take_part(act.by)?;
        let decision = self.standing_mut(name)?;
        if let Some(words) = changed.words {
            decision.text = words;
        }
        decision.owner = changed.owner.or(decision.owner);
        decision.due = changed.due.or(decision.due);
        decision.kind = changed.kind.unwrap_or(decision.kind);
        self.touched(act);
        Ok(())
    }

    pub fn withdraw(
        &mut self,
        act: Act,
        name: DecisionName,
        reason: String,
    ) -> Result<(), UserError> {
        self.must_be_open()?;
        self.must_run(act.by)?;
        self.standing_mut(name)?.withdrawn = Some(reason);
        self.touched(act);
        Ok(())
    }

    fn standing_mut(&mut self, name: DecisionName) -> Result<&mut Decision, UserError> {
        self.decision(name)?;
        let mut decisions = self.decisions.iter_mut();
        let decision = decisions.find(|decision| decision.number == name.0);
        match decision {
            Some(decision) if decision.stands() => Ok(decision),
            _ => Err(UserError::at(
                "decision",
                format!("{name} was taken back; write down a new one."),
            )),
        }
    }

    /// Ends the meeting. It may be said again until the minutes are signed.
    pub fn conclude(
        &mut self,
        act: Act,
        (verdicts, conclusion): (Verdicts, String),
        house: House,
    ) -> Result<(), UserError> {
        self.must_be_open()?;
        self.must_run(act.by)?;
        gates::quorum(self, house)?;
        self.meeting.verdicts = Some(verdicts);
        self.meeting.concluded = Some((act.by.id, act.at));
        self.review.conclusion = Some(conclusion);
        self.review.state = State::Held;
        self.draft(act);
        Ok(())
    }
}
