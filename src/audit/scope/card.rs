//! Every word about what applies.

use super::rules::{Applicability, Line, Said};
use crate::audit::rules::STANDARD;
use crate::chat::{Block, Button, Card, Text, cut, day};
use crate::command::value::{AuditName, ControlName};
use crate::kpi::batch::rules::Wrong;
use crate::people::People;
use crate::record::card::{in_title, taken_from};
use crate::record::files::Kept;

/// How many controls Annex A has.
const CONTROLS: usize = 93;
/// As many wrong lines, or changes, as a message shows.
const SHOWN: usize = 15;
/// What of a reason is shown.
const WHY: usize = 160;

/// Where a programme that is planned does not fit any more to what applies.
#[derive(Debug, Clone, PartialEq)]
pub enum Touched {
    /// It does not apply, and is in this audit.
    StillIn(AuditName, ControlName),
    /// It applies, and stays out of this year.
    StillOut(i32, ControlName),
}

fn control_line(said: &Said) -> Text {
    let reason = said.reason.as_deref().map(|reason| cut(reason, WHY));
    let words = match (said.applies, reason) {
        (true, None) => "applies".to_owned(),
        (true, Some(reason)) => format!("applies: {reason}"),
        (false, reason) => format!("does not apply: {}", reason.unwrap_or_default()),
    };
    Text::new()
        .code(said.control.to_string())
        .plain_span(format!(
            " {}: {words}",
            STANDARD.title(said.control.as_str())
        ))
}

fn change_button() -> Button {
    Button::new("Change", "audit scope-set")
}

/// Which controls apply, and why the others do not.
pub fn shown(known: &[Applicability], people: &People) -> Card {
    let out: Vec<&Applicability> = known.iter().filter(|known| !known.applies).collect();
    let card = Card::new("Statement of applicability");
    if known.is_empty() {
        return card
            .text(format!(
                "Nothing was said yet, so all {CONTROLS} controls of Annex A apply. Import the \
                 statement of applicability as a CSV file, or name a control that does not apply."
            ))
            .buttons([change_button().primary()]);
    }
    let mut card = card.text(format!(
        "{} of {CONTROLS} controls of Annex A apply.",
        CONTROLS - out.len()
    ));
    if !out.is_empty() {
        let line = |out: &&Applicability| {
            control_line(&Said {
                control: out.control.clone(),
                applies: false,
                reason: out.reason.clone(),
            })
        };
        card = card
            .text(Text::new().bold("Not applicable"))
            .list(out.iter().map(line));
    }
    let last = known.iter().max_by_key(|known| known.at);
    if let Some(last) = last {
        let footer = Text::from(format!("Last changed on {} by ", day(last.at.date_naive())))
            .then(people.mention(Some(last.by)));
        let footer = match &last.file {
            Some(file) => footer.plain_span(", file ").code(file.fingerprint()),
            None => footer,
        };
        card = card.footer(footer);
    }
    card.buttons([change_button()])
}

/// What a file would change, or which lines are wrong.
pub fn proposed(kept: &Kept, lines: &[Line], known: &[Applicability]) -> Card {
    let card = Card::new(title(kept)).footer(taken_from(kept));
    let wrong: Vec<(u64, &Wrong)> = lines
        .iter()
        .filter_map(|line| Some((line.number, line.said.as_ref().err()?)))
        .collect();
    if !wrong.is_empty() {
        let line = |(number, wrong): &(u64, &Wrong)| {
            Text::new()
                .bold(format!("Line {number}, {}", wrong.field))
                .plain_span(format!(": {}", cut(&wrong.why, WHY)))
        };
        let headline = match wrong.len() {
            1 => "One line is wrong, so nothing is taken. Mend it and import the file again:",
            _ => "These lines are wrong, so nothing is taken. Mend them and import the file again:",
        };
        let card = card.text(headline).list(wrong.iter().take(SHOWN).map(line));
        let rest = wrong
            .iter()
            .skip(SHOWN)
            .map(|(number, _)| number.to_string());
        let rest: Vec<String> = rest.collect();
        return match rest.is_empty() {
            true => card,
            false => card.text(format!("Wrong, too: lines {}.", rest.join(", "))),
        };
    }
    let said: Vec<&Said> = lines
        .iter()
        .filter_map(|line| line.said.as_ref().ok())
        .collect();
    let changes: Vec<&Said> = said
        .iter()
        .copied()
        .filter(|said| said.changes(known))
        .collect();
    if changes.is_empty() {
        return card.text("Everything in this file is known already. Nothing changes.");
    }
    let out = said.iter().filter(|said| !said.applies).count();
    let unnamed = CONTROLS.saturating_sub(said.len());
    let mut words = format!(
        "{} controls are named, {out} of them do not apply. This would change:",
        said.len()
    );
    if unnamed > 0 {
        words = format!("{unnamed} controls are not in the file and stay as they are. {words}");
    }
    let command = format!("audit scope-set file:{} commit:yes", kept.file);
    listed(card.text(words), &changes).buttons([Button::new("Take all of it", command).primary()])
}

/// What changes; what does not apply first.
fn listed(card: Card, changes: &[&Said]) -> Card {
    let mut changes = changes.to_vec();
    changes.sort_by_key(|said| said.applies);
    let more = changes.len().saturating_sub(SHOWN);
    let card = card.list(changes.iter().take(SHOWN).map(|said| control_line(said)));
    match more {
        0 => card,
        more => card.text(format!("And {more} more.")),
    }
}

/// To who imported it.
pub fn taken(kept: &Kept, said: &[Said], touched: &[Touched]) -> Card {
    let words = match said.len() {
        1 => "1 control changed:".to_owned(),
        many => format!("{many} controls changed:"),
    };
    let changes: Vec<&Said> = said.iter().collect();
    let card = listed(Card::new(title(kept)).text(words), &changes).footer(taken_from(kept));
    with_touched(card, touched).buttons([Button::new("Show what applies", "audit scope")])
}

/// To who said it of one control.
pub fn one_set(said: &Said, touched: &[Touched]) -> Card {
    let card = Card::say(control_line(said).plain_span("."));
    with_touched(card, touched).buttons([Button::new("Show what applies", "audit scope")])
}

fn with_touched(mut card: Card, touched: &[Touched]) -> Card {
    for touched in touched.iter().take(5) {
        let (words, button) = match touched {
            Touched::StillIn(audit, control) => (
                format!("{control} is still to be audited in {audit}."),
                Button::new(
                    format!("Take it out of {audit}"),
                    format!("audit change {audit} remove:{control}"),
                ),
            ),
            Touched::StillOut(year, control) => (
                format!("{control} was left out of {year}: put it into one of its audits."),
                Button::new(format!("Show {year}"), format!("audit list {year}")),
            ),
        };
        card = card.text(words).block(Block::Buttons(vec![button]));
    }
    card
}

fn title(kept: &Kept) -> String {
    let name = in_title(kept);
    format!("Statement of applicability: {name}")
}
