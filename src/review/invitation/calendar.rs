//! A review as an event of a calendar. Pure.

use chrono::{DateTime, Days, Utc};
use icalendar::{Calendar, CalendarDateTime, Component, Event, EventLike, EventStatus, Property};
use uuid::Uuid;

use crate::people::{People, Workspace};
use crate::review::plan::rules::Meeting;
use crate::review::rules::{Review, State};

/// Says who made a calendar.
const PRODUCT: &str = "-//isms-bot//management reviews//EN";

/// What a calendar is to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// To who takes part: the meeting, or what is new about it.
    Request,
    /// To who does not take part any more.
    Cancel,
}

/// Who is there, and when it is said.
#[derive(Debug, Clone, Copy)]
pub struct Saying<'a> {
    pub workspace: &'a Workspace,
    pub people: &'a People,
    pub now: DateTime<Utc>,
}

/// The file of one invitation.
pub fn file(review: &Review, meeting: &Meeting, method: Method, saying: Saying<'_>) -> String {
    let mut event = event(review, saying);
    let word = match method {
        Method::Request => "REQUEST",
        Method::Cancel => {
            event.status(EventStatus::Cancelled);
            "CANCEL"
        }
    };
    let organiser = match review.chair {
        Some(chair) => (chair, saying.people.name(Some(chair)).to_owned()),
        None => (saying.workspace.id, saying.workspace.name.clone()),
    };
    event.append_property(person("ORGANIZER", organiser.0, &organiser.1).done());
    for id in &meeting.participants {
        let mut attendee = person("ATTENDEE", *id, saying.people.name(Some(*id)));
        let role = match review.chair == Some(*id) {
            true => "CHAIR",
            false => "REQ-PARTICIPANT",
        };
        attendee.add_parameter("ROLE", role);
        attendee.add_parameter("PARTSTAT", "NEEDS-ACTION");
        // There is no address to answer to.
        attendee.add_parameter("RSVP", "FALSE");
        event.append_multi_property(attendee.done());
    }
    let mut calendar = calendar(word);
    calendar.push(event.done());
    calendar.to_string()
}

/// All reviews, for a calendar that asks for them again and again.
pub fn feed(reviews: &[Review], saying: Saying<'_>) -> String {
    let mut calendar = calendar("PUBLISH");
    let name = format!("Management reviews · {}", line(&saying.workspace.name));
    calendar.append_property(Property::new("X-WR-CALNAME", &name));
    calendar.append_property(
        Property::new("REFRESH-INTERVAL", "PT6H")
            .add_parameter("VALUE", "DURATION")
            .done(),
    );
    calendar.append_property(Property::new("X-PUBLISHED-TTL", "PT6H"));
    for review in reviews {
        calendar.push(event(review, saying));
    }
    calendar.to_string()
}

fn calendar(method: &str) -> Calendar {
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", PRODUCT),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", method),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    calendar
}

/// What stays the same through all changes of a review, and nowhere else is the same.
pub fn uid(review: &Review, workspace: Uuid) -> String {
    format!("{}.{workspace}@isms-bot", review.name)
}

fn event(review: &Review, saying: Saying<'_>) -> Event {
    let mut event = Event::new();
    event.uid(&uid(review, saying.workspace.id));
    event.timestamp(saying.now);
    event.sequence(u32::try_from(review.sequence).unwrap_or(u32::MAX));
    event.summary(&format!("{} · {}", review.name, line(&review.title)));
    let about =
        "Management review of the information security management system (ISO/IEC 27001, 9.3).";
    event.description(about);
    event.status(match review.state {
        State::Cancelled => EventStatus::Cancelled,
        _ => EventStatus::Confirmed,
    });
    match review.instants(saying.workspace.zone) {
        Some((begins, ends)) => {
            event.starts(CalendarDateTime::Utc(begins));
            event.ends(CalendarDateTime::Utc(ends));
        }
        None => {
            event.starts(review.on);
            event.ends(review.on + Days::new(1));
        }
    }
    if let Some(place) = &review.place {
        event.location(&line(place));
    }
    event.done()
}

/// A person by our own id. A name stands in quotes if it needs them, so it has none itself.
fn person(key: &str, id: Uuid, name: &str) -> Property {
    let name: String = line(name).replace('"', "'");
    let mut property = Property::new(key, format!("urn:uuid:{id}"));
    property.add_parameter("CN", &name);
    property.done()
}

/// Without what would end a line of the file.
fn line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::Platform;
    use crate::people::{Person, Role, RoleFrom};
    use crate::schedule::rules::MONDAY_TO_FRIDAY;

    fn workspace() -> Workspace {
        Workspace {
            id: Uuid::from_u128(7),
            name: "Acme".into(),
            ..Workspace::new(
                Platform::Playground,
                "acme",
                (chrono_tz::Europe::Berlin, MONDAY_TO_FRIDAY),
            )
        }
    }

    fn person_called(id: u128, name: &str) -> Person {
        Person {
            id: Uuid::from_u128(id),
            external: name.into(),
            name: name.into(),
            zone: None,
            role: Role::Member,
            role_from: RoleFrom::Grant,
            present: true,
        }
    }

    fn review() -> Review {
        Review {
            starts: Some("10:00:00".parse().unwrap()),
            minutes: 90,
            place: Some("Room 1, second floor".into()),
            chair: Some(Uuid::from_u128(1)),
            sequence: 2,
            ..Review::new(
                "MR-2026-Q4".parse().unwrap(),
                "Review of the year".into(),
                "2026-12-15".parse().unwrap(),
            )
        }
    }

    fn said(review: &Review, names: &[&str], method: Method) -> String {
        let workspace = workspace();
        let people = names
            .iter()
            .zip(1..)
            .map(|(name, id)| person_called(id, name));
        let people = People(people.collect());
        let meeting = Meeting {
            participants: people.0.iter().map(|person| person.id).collect(),
            ..Meeting::default()
        };
        let saying = Saying {
            workspace: &workspace,
            people: &people,
            now: "2026-11-23T08:00:00Z".parse().unwrap(),
        };
        file(review, &meeting, method, saying)
    }

    #[test]
    fn an_invitation_is_an_event_that_calendars_understand() {
        let unfolded =
            said(&review(), &["Ann", "Bob, the boss"], Method::Request).replace("\r\n ", "");
        insta::assert_snapshot!(unfolded.replace('\r', ""), @r#"
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//isms-bot//management reviews//EN
        CALSCALE:GREGORIAN
        METHOD:REQUEST
        BEGIN:VEVENT
        DESCRIPTION:Management review of the information security management system (ISO/IEC 27001\, 9.3).
        DTEND:20261215T103000Z
        DTSTAMP:20261123T080000Z
        DTSTART:20261215T090000Z
        LOCATION:Room 1\, second floor
        ORGANIZER;CN=Ann:urn:uuid:00000000-0000-0000-0000-000000000001
        SEQUENCE:2
        STATUS:CONFIRMED
        SUMMARY:MR-2026-Q4 · Review of the year
        UID:MR-2026-Q4.00000000-0000-0000-0000-000000000007@isms-bot
        ATTENDEE;CN=Ann;PARTSTAT=NEEDS-ACTION;ROLE=CHAIR;RSVP=FALSE:urn:uuid:00000000-0000-0000-0000-000000000001
        ATTENDEE;CN="Bob, the boss";PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=FALSE:urn:uuid:00000000-0000-0000-0000-000000000002
        END:VEVENT
        END:VCALENDAR
        "#);
    }

    #[test]
    fn without_a_time_the_day_is_held_for_it_and_a_cancelled_one_says_so() {
        let day = Review {
            starts: None,
            ..review()
        };
        let told = said(&day, &["Ann"], Method::Cancel);
        for line in [
            "METHOD:CANCEL",
            "STATUS:CANCELLED",
            "DTSTART;VALUE=DATE:20261215",
            "DTEND;VALUE=DATE:20261216",
            "SEQUENCE:2",
        ] {
            assert!(told.contains(&format!("{line}\r\n")), "{line}: {told}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_stays_in_its_line(title in "\\PC{0,90}", place in "\\PC{1,90}", name in "\\PC{1,40}") {
            let review = Review { title: title.clone(), place: Some(place.clone()), ..review() };
            let told = said(&review, &[&name], Method::Request);
            for line in told.split("\r\n") {
                // The library counts without the space that a folded line begins with.
                prop_assert!(line.len() <= 76, "{line}");
                prop_assert!(!line.contains('\n'), "{line}");
            }
            let whole = told.replace("\r\n ", "");
            let value = |property: &str| {
                let line = whole.split("\r\n").find_map(|line| line.strip_prefix(property));
                line.map(|value| value.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\"))
            };
            let summary = format!("MR-2026-Q4 · {title}");
            prop_assert_eq!(value("SUMMARY:"), Some(summary));
            prop_assert_eq!(value("LOCATION:"), Some(place));
            let begins = Some("20261215T090000Z".to_owned());
            prop_assert_eq!(value("DTSTART:"), begins);
        }
    }
}
