//! What a meeting has to have before it can end, and its minutes before they can be signed. Pure.

use super::rules::{Decision, House, Quorum, Session};
use crate::app::UserError;
use crate::chat::cut;
use crate::command::value::ReviewName;
use crate::people::Role;

/// As long as one text is (Slack's limit of an input).
pub const LONGEST: usize = 3000;
/// So much of what another wrote is quoted beside a field.
const QUOTED: usize = 500;

/// It has not begun: inputs are still taken.
pub fn not_begun(name: ReviewName) -> Result<(), UserError> {
    let text = format!("{name} has not been started: its inputs are still open.");
    Err(UserError::at("review", text)
        .button("Start it", format!("review start {name}"))
        .button("Show", format!("review show {name}")))
}

/// Somebody else wrote while this was being typed.
pub fn changed_meanwhile(field: &'static str, theirs: &str) -> UserError {
    let text = format!(
        "Somebody changed this while you were writing. It says now: “{}” Put both together and send \
         it again.",
        cut(theirs, QUOTED)
    );
    UserError::at(field, text)
}

/// Who is missing for a quorum, in words.
pub fn missing_for_quorum(session: &Session, house: House) -> Vec<String> {
    let mut missing = Vec::new();
    let chair = session.review.chair;
    if !chair.is_some_and(|chair| session.is_present(chair)) {
        missing.push(format!("the chair, {}", house.people.name(chair)));
    }
    let mut attendees = session.attendees.iter();
    if !attendees.any(|there| there.present && there.leads) {
        missing.push("a leader".to_owned());
    }
    if house.quorum == Quorum::Half {
        let invited = session.invited.len();
        let there = session.invited.iter();
        let there = there.filter(|id| session.is_present(**id)).count();
        let needed = invited.div_ceil(2);
        if there < needed {
            missing.push(format!(
                "{} more of the {invited} who were invited",
                needed - there
            ));
        }
    }
    missing
}

/// Who has to be there is there.
pub fn quorum(session: &Session, house: House) -> Result<(), UserError> {
    let missing = missing_for_quorum(session, house);
    if missing.is_empty() {
        return Ok(());
    }
    let name = session.review.name;
    let text = format!(
        "A review needs {}. Not there, as far as it was said: {}. Say who is at the meeting, or who \
         chairs it instead.",
        house.quorum.words(),
        missing.join("; ")
    );
    Err(UserError::at("review", text).button("Who is there", format!("review attend {name}")))
}

/// Its owner left, or only reads.
pub fn is_orphaned(decision: &Decision, house: House) -> bool {
    decision.owner.is_some_and(|owner| {
        let person = house.people.find(owner);
        !person.is_some_and(|person| person.present && person.role != Role::Reader)
    })
}

/// The decisions that keep the minutes from being approved.
pub fn incomplete<'a>(
    session: &'a Session,
    house: House<'a>,
) -> impl Iterator<Item = &'a Decision> {
    let open = session.standing_decisions();
    open.filter(move |decision| !decision.lacks().is_empty() || is_orphaned(decision, house))
}

/// What still keeps the minutes from being approved and signed.
pub fn missing_to_sign(session: &Session, house: House) -> Vec<String> {
    let mut missing = Vec::new();
    if session.meeting.verdicts.is_none() {
        missing.push("whether the ISMS is suitable, adequate and effective".to_owned());
    }
    let absent = missing_for_quorum(session, house);
    if !absent.is_empty() {
        missing.push(format!("at the meeting: {}", absent.join("; ")));
    }
    for decision in session.standing_decisions() {
        let lacks = decision.lacks();
        if !lacks.is_empty() {
            missing.push(format!("{} of {}", lacks.join(" and "), decision.name()));
        }
        if is_orphaned(decision, house) {
            missing.push(format!(
                "another owner of {}, for {} can see to nothing here any more",
                decision.name(),
                house.people.name(decision.owner)
            ));
        }
    }
    missing
}

/// Nothing is approved or signed with an ownerless decision, without verdicts or without a quorum.
pub fn complete(session: &Session, house: House) -> Result<(), UserError> {
    let missing = missing_to_sign(session, house);
    if missing.is_empty() {
        return Ok(());
    }
    let name = session.review.name;
    let text = format!(
        "The minutes of {name} are not complete. Missing: {}.",
        missing.join("; ")
    );
    let mut error = UserError::at("review", text);
    for decision in incomplete(session, house).take(3) {
        let decision = decision.name();
        error = error.button(
            format!("Complete {decision}"),
            format!("review decide-change {name} {decision}"),
        );
    }
    if session.meeting.verdicts.is_none() {
        error = error.button("End the meeting", format!("review conclude {name}"));
    }
    Err(error)
}
