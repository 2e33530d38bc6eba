//! The grouped reminder: all that one person is asked for today, in one message; and the words for
//! what is late.

use chrono::{NaiveDate, NaiveDateTime};

use super::ladder::{Nearness, Obligation};
use crate::chat::{Block, Button, Card, Text, day};
use crate::command::value::RecordName;

/// Each takes two blocks of a message, and Slack allows fifty.
const SHOWN: usize = 15;

/// What one person is asked for, overdue first; `None` when there is nothing to ask for.
pub fn reminder(
    owed: &[Obligation],
    today: NaiveDate,
    late: Option<NaiveDateTime>,
) -> Option<Card> {
    let title = match owed {
        [] => return None,
        [_] => "One thing needs you".to_owned(),
        _ => format!("{} things need you", owed.len()),
    };
    let mut card = Card::new(title);
    if let Some(due) = late {
        card = card.text(late_text(due));
    }
    Some(grouped(card, owed, today))
}

/// Everything one person owes, for `mine`.
pub fn mine(owed: &[Obligation], today: NaiveDate) -> Card {
    if owed.is_empty() {
        return Card::say("You owe nothing at the moment.");
    }
    grouped(Card::new("What you owe"), owed, today)
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

fn grouped(mut card: Card, owed: &[Obligation], today: NaiveDate) -> Card {
    let mut owed: Vec<_> = owed.iter().collect();
    owed.sort_by(|a, b| a.due.cmp(&b.due).then_with(|| a.title.cmp(&b.title)));
    let mut heading = None;
    for item in owed.iter().take(SHOWN) {
        let nearness = item.nearness(today);
        if heading != Some(nearness) {
            heading = Some(nearness);
            card = card.text(Text::new().bold(words_of(nearness)));
        }
        card = card.text(line(item, today)).block(Block::Buttons(vec![
            item.button.clone(),
            snooze_button(item),
        ]));
    }
    match owed.len().saturating_sub(SHOWN) {
        0 => card,
        1 => card.text(Text::from("And one more: ").code("/isms mine")),
        more => card.text(Text::from(format!("And {more} more: ")).code("/isms mine")),
    }
}

fn words_of(nearness: Nearness) -> &'static str {
    match nearness {
        Nearness::Overdue => "Overdue",
        Nearness::DueToday => "Due today",
        Nearness::DueSoon => "Due soon",
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

    #[test]
    fn nothing_owed_is_no_message() {
        assert_eq!(reminder(&[], day("2026-12-02"), None), None);
    }

    #[test]
    fn one_message_groups_overdue_due_today_and_due_soon() {
        let owed = [
            owed("CA-3", "2026-12-09"),
            owed("CA-1", "2026-11-25"),
            owed("CA-2", "2026-12-02"),
            owed("CA-4", "2026-12-01"),
        ];
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
        let card = reminder(&owed, day("2026-12-02"), None).unwrap();
        assert!(card.blocks.len() <= 50, "{} blocks", card.blocks.len());
        assert!(card.plain().contains("And 25 more: /isms mine"));
    }
}
