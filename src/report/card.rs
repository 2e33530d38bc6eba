//! Every word the bot says about reports in chat. What stands in them is worded where they are.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::rules::{Edition, Evaluation};
use crate::chat::{Button, Card, Text, day};
use crate::command::value::ReportSpan;
use crate::people::{People, Person};
use crate::schedule::card::late_text;

/// A published report, and what is known of it now.
#[derive(Debug, Clone)]
pub struct Published<'a> {
    pub edition: &'a Edition,
    pub evaluations: &'a [Evaluation],
    /// Another edition came after it.
    pub replaced: bool,
    pub people: &'a People,
    pub zone: Tz,
    /// When it should have come, if that was a while ago.
    pub late: Option<NaiveDateTime>,
}

impl Published<'_> {
    fn day(&self, at: DateTime<Utc>) -> String {
        day(at.with_timezone(&self.zone).date_naive())
    }

    fn began(&self) -> Card {
        let Edition { span, number, .. } = self.edition;
        let title = match number {
            1 => format!("Performance report · {span}"),
            n => format!("Performance report · {span}, edition {n}"),
        };
        let mut card = Card::new(title);
        if let Some(due) = self.late {
            card = card.text(late_text(due));
        }
        if self.replaced {
            let words = "A later edition was published: that one is to be reviewed.";
            card = card.text(Text::new().italic(words));
        }
        card.text(Text::new().bold(self.edition.summary.clone()))
    }

    /// Who has evaluated it, one line each.
    fn evaluated(&self, card: Card) -> Card {
        let line = |evaluation: &Evaluation| {
            let line = Text::from("Reviewed by ")
                .then(self.people.mention(Some(evaluation.person)))
                .plain_span(format!(" on {}", self.day(evaluation.at)));
            match &evaluation.conclusion {
                Some(conclusion) => line.plain_span(format!(": {conclusion}")),
                None => line,
            }
        };
        match self.evaluations {
            [] => card.text("Nobody has reviewed it yet."),
            some => card.list(some.iter().map(line)),
        }
    }

    fn footer(&self) -> Text {
        Text::from(format!(
            "Published {} · fingerprint of the PDF ",
            self.day(self.edition.at)
        ))
        .code(self.edition.pdf.fingerprint())
    }
}

fn get_button(span: ReportSpan) -> Button {
    Button::new("Get the files", format!("report get {span}"))
}

/// In the channel; its files are in the thread.
pub fn posted(told: &Published) -> Card {
    told.evaluated(told.began())
        .buttons([get_button(told.edition.span)])
        .footer(told.footer())
}

/// To one who is to review it.
pub fn to_review(told: &Published, person: &Person) -> Card {
    let span = told.edition.span;
    let own = |evaluation: &Evaluation| evaluation.person == person.id;
    let mut buttons = Vec::new();
    if !told.replaced && !told.evaluations.iter().any(own) {
        let reviewed = format!("report reviewed {span}");
        buttons.push(Button::new("I have reviewed this", reviewed).primary());
    }
    buttons.push(get_button(span));
    told.evaluated(told.began())
        .buttons(buttons)
        .footer(told.footer())
}

/// To who asked for a published report again.
pub fn again(told: &Published) -> Card {
    told.evaluated(told.began())
        .text("Its files are on their way to you.")
        .footer(told.footer())
}

/// To who asked for files.
pub fn on_its_way(what: &str, files: usize) -> Card {
    match files {
        1 => Card::say(format!("{what} is on its way to you.")),
        n => Card::say(format!("{what} is on its way to you, as {n} files.")),
    }
}

/// To who published a report.
pub fn published(edition: &Edition, reviewers: &[&Person]) -> Card {
    let names: Vec<String> = reviewers.iter().map(|person| person.name.clone()).collect();
    let to = match names.is_empty() {
        true => String::new(),
        false => format!(", and to {} to review it", names.join(", ")),
    };
    Card::say(format!(
        "The performance report {} is on its way to the channel{to}.",
        edition.span
    ))
}

/// To who has reviewed a report.
pub fn evaluated(edition: &Edition, evaluation: &Evaluation) -> Card {
    let span = edition.span;
    let line = Text::from(format!(
        "Thank you: your evaluation of the performance report {span} is on record, with the \
         fingerprint "
    ))
    .code(edition.pdf.fingerprint())
    .plain_span(".");
    let card = Card::say(line);
    match &evaluation.conclusion {
        Some(_) => card,
        None => card.text(
            Text::from("You can add what you conclude: ")
                .code(format!("/isms report reviewed {span} …")),
        ),
    }
}
