//! Every word about the set-up.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use strum::IntoEnumIterator;

use super::command::Step;
use super::rules::{Progress, State, Taken};
use crate::chat::{Block, Button, Card, Text, day};
use crate::command::value::{AreaName, WorkingDays};
use crate::kpi::digest::{self, Digest};
use crate::kpi::rules::Kpi;
use crate::people::roles::card::doubt;
use crate::people::roles::rules::Qualified;
use crate::people::{People, Person, Rhythm, Role, Workspace};
use crate::review::rules::Review;

/// How far the set-up is.
pub struct Standing {
    pub progress: Progress,
    pub people: People,
    pub workspace: Workspace,
    /// The zone of whoever looks.
    pub zone: Tz,
}

/// The fields that ask for the owner of an area.
pub const AREA_FIELDS: [(&str, &str); 11] = [
    ("clause-4", "4"),
    ("clause-5", "5"),
    ("clause-6", "6"),
    ("clause-7", "7"),
    ("clause-8", "8"),
    ("clause-9", "9"),
    ("clause-10", "10"),
    ("a-5", "A.5"),
    ("a-6", "A.6"),
    ("a-7", "A.7"),
    ("a-8", "A.8"),
];

/// The field that asks for the owner of an area.
pub fn area_field(area: &AreaName) -> Option<&'static str> {
    let mut fields = AREA_FIELDS.iter();
    let field = fields.find(|(_, name)| *name == area.as_str());
    field.map(|(field, _)| *field)
}

/// A row of buttons has at most so many (Discord's limit).
const IN_A_ROW: usize = 5;

impl Step {
    /// What it is called on buttons and in the list.
    pub fn label(self) -> &'static str {
        match self {
            Step::Zone => "Zone and working days",
            Step::Channels => "Channels",
            Step::Kpis => "Starter KPIs",
            Step::Clauses => "Owners of clauses 4 to 10",
            Step::Controls => "Owners of Annex A",
            Step::Auditors => "Internal auditors",
            Step::Reviews => "Management reviews",
            Step::Digest => "Try the digest",
        }
    }

    fn button(self) -> Button {
        Button::new(self.label(), format!("setup {self}"))
    }
}

/// How far the set-up is, after what was just done.
pub fn shown(standing: &Standing, said: Option<Text>) -> Card {
    let mut card = Card::new("Set-up");
    if let Some(said) = said {
        card = card.text(said);
    }
    let card = card
        .text(progress_words(standing))
        .list(Step::iter().map(|step| line(standing, step)));
    match standing.workspace.set_up_at {
        None => card.buttons(steps(&standing.progress)),
        Some(_) => again(card, &standing.progress),
    }
}

fn progress_words(standing: &Standing) -> Text {
    let progress = &standing.progress;
    let (behind, all) = (progress.behind(), Step::iter().count());
    let bar = "▰".repeat(behind) + &"▱".repeat(all - behind);
    let then = match (standing.workspace.set_up_at, progress.next()) {
        (Some(at), _) => {
            let by = standing.people.name(standing.workspace.set_up_by);
            is_finished(by, at, standing.zone)
        }
        (None, Some(next)) => format!("Next: {}.", next.label()),
        (None, None) => "Nothing is left but to finish.".to_owned(),
    };
    Text::from(format!("{bar} {behind} of {all} steps. {then}"))
}

/// When and by whom it was finished.
pub fn is_finished(by: &str, at: DateTime<Utc>, zone: Tz) -> String {
    let on = day(at.with_timezone(&zone).date_naive());
    format!("The set-up was finished by {by} on {on}.")
}

fn line(standing: &Standing, step: Step) -> Text {
    let Some(taken) = standing.progress.of(step) else {
        return Text::from(format!("{}: open", step.label()));
    };
    let on = day(taken.at.with_timezone(&standing.zone).date_naive());
    let by = standing.people.name(Some(taken.by));
    Text::new()
        .bold(step.label())
        .plain_span(format!(": {} by {by} on {on}", taken.state))
}

/// The next step first, and ways to leave it out, to go back and to end.
fn steps(progress: &Progress) -> Vec<Button> {
    let mut buttons = Vec::new();
    let finish = Button::new("Finish the set-up", "setup finish");
    match progress.next() {
        Some(next) => {
            buttons.push(next.button().primary());
            buttons.push(Button::new("Skip it", format!("setup skip {next}")));
        }
        None => buttons.push(finish.clone().primary()),
    }
    let last = progress.0.last();
    if last.is_some_and(|last| last.step == Step::Auditors && last.state == State::Done) {
        buttons.push(Button::new("Name another auditor", "setup auditors"));
    }
    buttons.extend(last.map(undo_button));
    // Ending before anything is done would only take away what administrators may do.
    if progress.next().is_some() && last.is_some() {
        buttons.push(finish);
    }
    buttons
}

fn undo_button(last: &Taken) -> Button {
    Button::new(
        format!("Undo: {}", last.step.label()),
        format!("setup undo {}", last.step),
    )
}

/// After the end: every step can be changed.
fn again(mut card: Card, progress: &Progress) -> Card {
    let mut buttons: Vec<Button> = Step::iter().map(Step::button).collect();
    buttons.extend(progress.0.last().map(undo_button));
    for row in buttons.chunks(IN_A_ROW) {
        card = card.buttons(row.to_vec());
    }
    card
}

pub fn zone_is_set(workspace: &Workspace) -> Text {
    let days = WorkingDays::of(workspace.working_days);
    Text::from("Times here are those of ")
        .bold(workspace.zone.name())
        .plain_span(format!("; working days are {days}."))
}

pub fn channels_are_set(workspace: &Workspace) -> Text {
    let name = |channel: Option<&String>| channel.cloned().unwrap_or_default();
    let digests = name(workspace.channel.as_ref());
    let (audits, alerts) = (name(workspace.for_audits()), name(workspace.for_alerts()));
    let text = match digests == audits && digests == alerts {
        true => Text::from("Digests, audits and alerts go to ").channel(digests),
        false => Text::from("Digests go to ")
            .channel(digests)
            .plain_span(", audits to ")
            .channel(audits)
            .plain_span(", alerts to ")
            .channel(alerts),
    };
    text.plain_span(". Invite me where I am not yet.")
}

/// Which KPIs begin, and which were there.
pub fn kpis_are_begun(begun: &[Kpi], there: &[String]) -> Text {
    let names: Vec<&str> = begun.iter().map(|kpi| kpi.name.as_str()).collect();
    let mut words = match names.is_empty() {
        true => String::new(),
        false => format!("From now on measured: {}. ", names.join(", ")),
    };
    match there {
        [] => {}
        [one] => words.push_str(&format!("{one} was there already and stays as it is.")),
        _ => words.push_str(&format!(
            "{} were there already and stay as they are.",
            there.join(", ")
        )),
    }
    Text::from(words.trim_end())
}

/// How many areas got an owner, and how many have none.
pub fn areas_are_shared(given: usize, open: usize) -> Text {
    let given = match given {
        0 => "All of them had their owner already.".to_owned(),
        1 => "One area has a new owner, who is told.".to_owned(),
        n => format!("{n} areas have new owners, who are told."),
    };
    Text::from(match open {
        0 => given,
        1 => format!("{given} One has none yet."),
        n => format!("{given} {n} have none yet."),
    })
}

pub fn auditor_is_named(person: &Person, role: Role, qualified: Qualified) -> Text {
    let text = match role {
        Role::Auditor => person.mention().plain_span(" is an internal auditor."),
        role => person
            .mention()
            .plain_span(format!(" can audit, and stays {}.", role.with_article())),
    };
    match doubt(person, qualified) {
        Some(doubt) => text.plain_span(" ").then(doubt),
        None => text.plain_span(" Competence is recorded."),
    }
}

pub fn reviews_are_set(workspace: &Workspace, first: Option<&Review>) -> Text {
    let often = match workspace.reviews {
        Rhythm::Quarterly => "every quarter",
        Rhythm::HalfYearly => "every half-year",
        Rhythm::Yearly => "every year",
    };
    let text = Text::from(format!("Management reviews are held {often}."));
    match first {
        Some(review) => text
            .plain_span(" The first is ")
            .bold(review.name.to_string())
            .plain_span(format!(
                " on {}; when it is behind, I plan the next.",
                day(review.on)
            )),
        None => text,
    }
}

pub fn skipped(step: Step) -> Text {
    Text::from(format!(
        "Skipped: {}. It can be done at any time.",
        step.label()
    ))
}

pub fn undone(taken: &Taken) -> Text {
    let step = taken.step.label();
    Text::from(match (taken.state, taken.step) {
        (State::Skipped, _) | (_, Step::Digest) => format!("Open again: {step}."),
        (State::Done, Step::Kpis) => {
            format!("Undone: {step}. The KPIs it began are paused, and the log keeps both.")
        }
        (State::Done, _) => format!("Undone: {step}. All is as it was, and the log keeps both."),
    })
}

/// The set-up card with the digest below it, as it would be posted.
pub fn tried(standing: &Standing, digest: &Digest) -> Card {
    let to = match &standing.workspace.channel {
        Some(channel) => Text::from("This would go to ")
            .channel(channel)
            .plain_span(". "),
        None => Text::from("There is no channel for digests yet. "),
    };
    let words = match digest.is_empty() {
        true => "It would be left out, because there is nothing to tell yet.",
        false => "Nothing was posted.",
    };
    let mut card = shown(standing, Some(to.plain_span(words)));
    let preview = digest::card(digest);
    card = card.block(Block::Divider);
    if let Some(title) = &preview.title {
        card = card.text(Text::new().bold(title));
    }
    card.blocks.extend(preview.blocks);
    card.footer = preview.footer;
    card
}

/// The set-up is over: who is a manager, who is one no more, and what was left open.
pub fn finished(standing: &Standing, members: &[&Person]) -> Card {
    let mut managers: Vec<Text> = standing.people.managers().map(Person::mention).collect();
    let mut card = Card::new("The set-up is finished").text(
        Text::from("From now on managers grant the roles. ISMS manager: ")
            .then(joined(&mut managers))
            .plain_span("."),
    );
    if !members.is_empty() {
        let mut names: Vec<Text> = members.iter().map(|person| person.mention()).collect();
        let words = match members {
            [_] => " was a manager as an administrator and is a member now.",
            _ => " were managers as administrators and are members now.",
        };
        card = card.text(joined(&mut names).plain_span(words));
    }
    let open: Vec<&str> = Step::iter()
        .filter(|step| standing.progress.of(*step).is_none())
        .map(Step::label)
        .collect();
    if !open.is_empty() {
        card = card.text(format!("Left open: {}.", open.join(", ")));
    }
    if let Some(channel) = standing
        .workspace
        .channel
        .as_ref()
        .filter(|_| standing.workspace.pinned)
    {
        let line = Text::from("An overview is pinned in ").channel(channel);
        let off = "; who does not want it there says ";
        card = card.text(
            line.plain_span(off)
                .code("/isms settings set pinned:off")
                .plain_span("."),
        );
    }
    card.buttons([
        Button::new("Plan the audits", "audit plan").primary(),
        Button::new("How it stands", "status"),
        Button::new("Grant a role", "role grant"),
        Button::new("Show areas", "area list"),
        Button::new("Set-up", "setup"),
    ])
}

fn joined(names: &mut Vec<Text>) -> Text {
    let last = names.pop().unwrap_or_default();
    if names.is_empty() {
        return last;
    }
    let mut text = Text::new();
    for (nth, name) in names.drain(..).enumerate() {
        if nth > 0 {
            text = text.plain_span(", ");
        }
        text = text.then(name);
    }
    text.plain_span(" and ").then(last)
}

/// A card that leads a manager of a new workspace to its set-up first.
pub fn leading(mut card: Card, progress: &Progress) -> Card {
    let words = match progress.behind() {
        0 => "This workspace is new. Its set-up takes about ten minutes, and can be left and resumed."
            .to_owned(),
        behind => format!(
            "The set-up of this workspace is not finished: {behind} of {} steps are done or skipped.",
            Step::iter().count()
        ),
    };
    let label = match progress.behind() {
        0 => "Set it up",
        _ => "Go on with the set-up",
    };
    let button = Button::new(label, "setup").primary();
    card.blocks.splice(
        0..0,
        [Block::Text(words.into()), Block::Buttons(vec![button])],
    );
    card
}
