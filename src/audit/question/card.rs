//! Every word about the questions of checklists.

use super::rules::{Question, Read, all};
use crate::audit::checklist::card::titled;
use crate::audit::rules::STANDARD;
use crate::chat::{Button, Card, Text};
use crate::record::card::in_title;
use crate::record::files::Kept;

/// As many wrong lines as a message explains.
const EXPLAINED: usize = 15;

fn get_button() -> Button {
    Button::new("Get as CSV", "audit questions csv:yes")
}

fn replace_button() -> Button {
    Button::new("Replace by a file", "audit questions replace:yes")
}

/// How many there are, and whose.
pub fn overview(own: &[Question]) -> Card {
    let asked = all(own).len();
    let requirements = STANDARD.requirements.len();
    let whose = match own.len() {
        0 => "They are those that come with the bot.".to_owned(),
        own => format!(
            "{own} are your own; where you have none, those that come with the bot are asked."
        ),
    };
    Card::new("Audit questions")
        .text(format!(
            "{asked} questions for {requirements} clauses and controls. {whose}"
        ))
        .text(Text::from("One of them: ").code("/isms audit questions A.6.1"))
        .buttons([get_button(), replace_button()])
}

/// What is asked for one clause or control.
pub fn of_one(reference: &str, asked: &[&str]) -> Card {
    Card::say(titled(reference))
        .list(asked.iter().copied())
        .buttons([get_button(), replace_button()])
}

/// What goes with the file.
pub fn comment(questions: usize) -> String {
    format!("{questions} audit questions, to be changed and given back with “audit questions”.")
}

pub fn on_its_way() -> Card {
    Card::say("The questions are on their way to you as a CSV file, as a direct message.")
        .buttons([replace_button()])
}

fn counted(read: &Read) -> String {
    let questions = match read.questions.len() {
        1 => "1 question".to_owned(),
        many => format!("{many} questions"),
    };
    match read.requirements() {
        1 => format!("{questions} for 1 clause or control"),
        many => format!("{questions} for {many} clauses and controls"),
    }
}

/// What a file would replace.
pub fn proposed(kept: &Kept, read: &Read) -> Card {
    let name = in_title(kept);
    let card = Card::new(format!("Questions of {name}"));
    if !read.wrong.is_empty() {
        let line = |wrong: &super::rules::Wrong| {
            let number = Text::new().bold(format!("Line {}", wrong.line));
            number.plain_span(format!(": {}", wrong.why))
        };
        let card = card
            .text(
                "These lines are wrong, so nothing is replaced. Mend them and give the file again:",
            )
            .list(read.wrong.iter().take(EXPLAINED).map(line));
        return match read.wrong.len().saturating_sub(EXPLAINED) {
            0 => card,
            more => card.text(format!("And {more} more.")),
        }
        .buttons([replace_button()]);
    }
    let left = STANDARD.requirements.len() - read.requirements();
    let commit = format!("audit questions file:{} commit:yes", kept.file);
    card.text(format!(
        "{} would be asked from now on. The {left} others keep the questions that come with the bot. \
         What was put down in audits stays as it is.",
        counted(read)
    ))
    .buttons([Button::new("Replace them", commit).primary()])
}

/// To who replaced them.
pub fn replaced(read: &Read) -> Card {
    Card::say(format!("{} are asked from now on.", counted(read))).buttons([get_button()])
}
