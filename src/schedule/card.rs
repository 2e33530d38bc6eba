//! The grouped reminder: all that one person is asked for today, in one message; and the words for
//! what is late.

use chrono::{NaiveDate, NaiveDateTime};

use super::ladder::{Nearness, Obligation};
use crate::chat::{Block, Button, Card, Text, day};
use crate::command::value::RecordName;
use crate::presence;
use crate::presence::card::Elsewhere;

/// Each takes two blocks of a message, and Slack allows fifty.
const SHOWN: usize = 15;

/// What waits for one person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Owed {
    pub own: Vec<Obligation>,
    /// What waits for others, who are away.
    pub instead: Vec<Instead>,
    /// What others owe, and were asked for in vain.
    pub escalated: Vec<Escalated>,
}

/// Something that another person owes, and is told further up.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalated {
    /// The name of who owes it.
    pub owner: String,
    /// The day on which it is told.
    pub on: NaiveDate,
    pub owed: Obligation,
}

/// What waits for someone who is away, while another stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Instead {
    /// The name of who is away.
    pub absent: String,
    pub until: NaiveDate,
    pub owed: Vec<Obligation>,
}

impl Owed {
    pub fn len(&self) -> usize {
        let instead = self.instead.iter().map(|instead| instead.owed.len());
        self.own.len() + instead.sum::<usize>() + self.escalated.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keeps only what fits of what is to be done.
    pub fn retain(&mut self, fits: impl Fn(&Obligation) -> bool) {
        self.own.retain(&fits);
        for instead in &mut self.instead {
            instead.owed.retain(&fits);
        }
    }
}

/// What one person is asked for, overdue first; `None` when there is nothing to ask for.
pub fn reminder(owed: &Owed, today: NaiveDate, late: Option<NaiveDateTime>) -> Option<Card> {
    let title = match owed.len() {
        0 => return None,
        1 => "One thing needs you".to_owned(),
        things => format!("{things} things need you"),
    };
    let mut card = Card::new(title);
    if let Some(due) = late {
        card = card.text(late_text(due));
    }
    Some(grouped(card, owed, today))
}

/// Everything one person owes, for `mine`.
pub fn mine(owed: &Owed, elsewhere: &[Elsewhere], today: NaiveDate) -> Card {
    let card = match owed.is_empty() {
        true => Card::say("Nothing waits for you at the moment."),
        false => grouped(Card::new("What waits for you"), owed, today),
    };
    match presence::card::elsewhere(elsewhere) {
        Some(text) => card.text(text),
        None => card,
    }
}

/// To whoever put a reminder off.
pub fn snoozed(record: &RecordName, until: NaiveDate, due: NaiveDate) -> Card {
    Card::say(
        Text::from("You are not reminded of ")
            .code(record.to_string())
            .plain_span(format!(
                " before {}. It is still due on {}.",
                day(until),
                day(due)
            )),
    )
}

/// Said on top of what was to be posted on an earlier day.
pub fn late_text(due: NaiveDateTime) -> Text {
    Text::new().italic(format!(
        "Late: this was due on {}, while the bot was not running.",
        due.format("%a %-d %b %Y at %H:%M")
    ))
}

/// Adds what waits for a person: their own, and then what waits for those who are away.
pub fn grouped(mut card: Card, owed: &Owed, today: NaiveDate) -> Card {
    let mut room = SHOWN;
    card = listed(card, &owed.own, (today, true), &mut room);
    for instead in owed
        .instead
        .iter()
        .filter(|instead| !instead.owed.is_empty())
    {
        if room > 0 {
            let who = format!(
                "For {}, who is away until {}:",
                instead.absent,
                day(instead.until)
            );
            card = card.text(Text::new().italic(who));
        }
        // Nobody puts off what is another's.
        card = listed(card, &instead.owed, (today, false), &mut room);
    }
    card = escalated(card, &owed.escalated, today, &mut room);
    match owed.len().saturating_sub(SHOWN) {
        0 => card,
        1 => card.text(Text::from("And one more: ").code("/isms mine")),
        more => card.text(Text::from(format!("And {more} more: ")).code("/isms mine")),
    }
}

/// Adds what is told further up, as far as there is room: it is to be looked at, not to be done.
fn escalated(mut card: Card, escalated: &[Escalated], today: NaiveDate, room: &mut usize) -> Card {
    if escalated.is_empty() || *room == 0 {
        return card;
    }
    card = card.text(Text::new().bold("Escalated to you"));
    for item in escalated.iter().take(*room) {
        *room -= 1;
        let line = line(&item.owed, today).plain_span(format!(" · {}", item.owner));
        let show = Button::new("Show", show_command(&item.owed.record));
        card = card.text(line).block(Block::Buttons(vec![show]));
    }
    card
}

fn show_command(record: &RecordName) -> String {
    let room = match record {
        RecordName::Action(_) => "action",
        RecordName::Audit(_) => "audit",
        RecordName::Finding(_) => return format!("audit finding-show {record}"),
        RecordName::Review(_) => "review",
        RecordName::Kpi(_) => "kpi",
    };
    format!("{room} show {record}")
}

/// Adds as many as there is room for, by how near they are.
fn listed(
    mut card: Card,
    owed: &[Obligation],
    (today, snooze): (NaiveDate, bool),
    room: &mut usize,
) -> Card {
    let mut owed: Vec<_> = owed.iter().collect();
    owed.sort_by(|a, b| a.due.cmp(&b.due).then_with(|| a.title.cmp(&b.title)));
    let mut heading = None;
    for item in owed.into_iter().take(*room) {
        *room -= 1;
        let nearness = item.nearness(today);
        if heading != Some(nearness) {
            heading = Some(nearness);
            card = card.text(Text::new().bold(words_of(nearness)));
        }
        let snooze = snooze.then(|| snooze_button(item));
        let buttons = std::iter::once(item.button.clone()).chain(snooze);
        card = card
            .text(line(item, today))
            .block(Block::Buttons(buttons.collect()));
    }
    card
}

fn words_of(nearness: Nearness) -> &'static str {
    match nearness {
        Nearness::Overdue => "Overdue",
        Nearness::DueToday => "Due today",
        Nearness::DueSoon => "Due soon",
        Nearness::DueLater => "Later",
    }
}

fn line(item: &Obligation, today: NaiveDate) -> Text {
    let days = (item.due - today).num_days();
    let when = match days {
        ..-1 => format!("due {}, {} days ago", day(item.due), -days),
        -1 => format!("due {}, yesterday", day(item.due)),
        0 => "due today".to_owned(),
        1 => format!("due {}, tomorrow", day(item.due)),
        _ => format!("due {}, in {days} days", day(item.due)),
    };
    let snoozed = match item.snoozed_until {
        Some(until) if until > today => format!(" · snoozed until {}", day(until)),
        _ => String::new(),
    };
    Text::new()
        .code(item.record.to_string())
        .plain_span(format!(" {} · {when}{snoozed}", item.title))
}

/// Opens the form that asks until when and why.
fn snooze_button(item: &Obligation) -> Button {
    Button::new("Snooze", format!("snooze {}", item.record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::ladder::ACTION;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn owed(record: &str, due: &str) -> Obligation {
        Obligation {
            record: record.parse().unwrap(),
            title: format!("Title of {record}"),
            due: day(due),
            ladder: ACTION,
            button: Button::new("Done", format!("action done {record}")).primary(),
            snoozed_until: None,
        }
    }

    fn own(owed: Vec<Obligation>) -> Owed {
        Owed {
            own: owed,
            ..Owed::default()
        }
    }

    #[test]
    fn nothing_owed_is_no_message() {
        assert_eq!(reminder(&Owed::default(), day("2026-12-02"), None), None);
    }

    #[test]
    fn one_message_groups_overdue_due_today_and_due_soon() {
        let owed = own(vec![
            owed("CA-3", "2026-12-09"),
            owed("CA-1", "2026-11-25"),
            owed("CA-2", "2026-12-02"),
            owed("CA-4", "2026-12-01"),
        ]);
        let card = reminder(&owed, day("2026-12-02"), None).unwrap();
        insta::assert_snapshot!(card.plain(), @"
        4 things need you
        Overdue
        CA-1 Title of CA-1 · due Wed 25 Nov 2026, 7 days ago
        [Done] /isms action done CA-1
        [Snooze] /isms snooze CA-1
        CA-4 Title of CA-4 · due Tue 1 Dec 2026, yesterday
        [Done] /isms action done CA-4
        [Snooze] /isms snooze CA-4
        Due today
        CA-2 Title of CA-2 · due today
        [Done] /isms action done CA-2
        [Snooze] /isms snooze CA-2
        Due soon
        CA-3 Title of CA-3 · due Wed 9 Dec 2026, in 7 days
        [Done] /isms action done CA-3
        [Snooze] /isms snooze CA-3
        ");
    }

    #[test]
    fn a_long_list_stays_within_a_message_and_says_how_many_more() {
        let owed: Vec<_> = (1..=40)
            .map(|n| owed(&format!("CA-{n}"), "2026-12-09"))
            .collect();
        let card = reminder(&own(owed), day("2026-12-02"), None).unwrap();
        assert!(card.blocks.len() <= 50, "{} blocks", card.blocks.len());
        assert!(card.plain().contains("And 25 more: /isms mine"));
    }

    #[test]
    fn what_waits_for_the_absent_is_said_to_be_theirs_and_cannot_be_put_off() {
        let owed = Owed {
            own: vec![owed("CA-1", "2026-12-02")],
            instead: vec![Instead {
                absent: "Ann".into(),
                until: day("2026-12-04"),
                owed: vec![owed("CA-2", "2026-12-02")],
            }],
            escalated: Vec::new(),
        };
        let card = reminder(&owed, day("2026-12-02"), None).unwrap();
        insta::assert_snapshot!(card.plain(), @"
        2 things need you
        Due today
        CA-1 Title of CA-1 · due today
        [Done] /isms action done CA-1
        [Snooze] /isms snooze CA-1
        For Ann, who is away until Fri 4 Dec 2026:
        Due today
        CA-2 Title of CA-2 · due today
        [Done] /isms action done CA-2
        ");
    }

    #[test]
    fn what_another_owes_is_told_with_their_name_and_is_to_be_looked_at() {
        let owed = Owed {
            escalated: vec![Escalated {
                owner: "Bob".into(),
                on: day("2026-12-16"),
                owed: owed("CA-7", "2026-12-02"),
            }],
            ..Owed::default()
        };
        let card = reminder(&owed, day("2026-12-16"), None).unwrap();
        insta::assert_snapshot!(card.plain(), @"
        One thing needs you
        Escalated to you
        CA-7 Title of CA-7 · due Wed 2 Dec 2026, 14 days ago · Bob
        [Show] /isms action show CA-7
        ");
    }
}
