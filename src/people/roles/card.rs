//! Every word about roles and competence.

use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use super::rules::{Competence, Qualified, RoleChange, Training};
use crate::chat::{Block, Button, Card, Text, day};
use crate::people::{People, Person, Role, RoleFrom, Workspace};

/// Who has which role.
pub struct Standing {
    pub people: People,
    /// The last change of each person's role.
    pub changes: Vec<RoleChange>,
    pub competence: Vec<Competence>,
    pub today: NaiveDate,
    pub zone: Tz,
}

/// Everyone who is more, or less, than a member.
pub fn listed(standing: &Standing, workspace: &Workspace) -> Card {
    let present = || standing.people.0.iter().filter(|person| person.present);
    let mut named: Vec<&Person> = present().filter(|p| p.role != Role::Member).collect();
    named.sort_by_key(|person| person.role);
    let rows = named.iter().map(|person| row(person, standing, workspace));
    let members = match present().count() - named.len() {
        0 => "Nobody else is known here yet.".to_owned(),
        1 => "One more person is a member.".to_owned(),
        more => format!("{more} more people are members."),
    };
    let card = Card::new("Roles");
    let card = match named.is_empty() {
        true => card.text(
            "Nobody has a role yet. An administrator of this workspace becomes a manager when they \
             write to me.",
        ),
        false => card.block(Block::Table {
            head: ["Person", "Role", "Since", "Given by"]
                .map(str::to_owned)
                .to_vec(),
            rows: rows.collect(),
        }),
    };
    let competence = competence(standing, &named);
    let card = match competence.is_empty() {
        true => card,
        false => card
            .text(Text::new().bold("Competence to audit (7.2)"))
            .list(competence),
    };
    card.text(members).buttons([
        Button::new("Grant a role", "role grant"),
        Button::new("Revoke a role", "role revoke"),
    ])
}

fn row(person: &Person, standing: &Standing, workspace: &Workspace) -> Vec<String> {
    let change = standing.changes.iter().find(|c| c.person == person.id);
    let (since, by) = match (person.role_from, change) {
        (RoleFrom::Grant, Some(change)) => (
            day(change.at.with_timezone(&standing.zone).date_naive()),
            standing.people.name(Some(change.by)).to_owned(),
        ),
        (RoleFrom::Grant, None) => ("the beginning".to_owned(), "—".to_owned()),
        (RoleFrom::Bootstrap, _) => (
            "until the set-up is finished".to_owned(),
            format!("as an administrator on {}", platform(workspace)),
        ),
    };
    vec![person.name.clone(), person.role.to_string(), since, by]
}

fn platform(workspace: &Workspace) -> String {
    let name = workspace.platform.to_string();
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// What auditors have shown, and that some have shown nothing.
fn competence(standing: &Standing, named: &[&Person]) -> Vec<Text> {
    let mut lines = Vec::new();
    for person in named {
        let own: Vec<_> = standing
            .competence
            .iter()
            .filter(|record| record.person == person.id)
            .collect();
        if own.is_empty() && person.role == Role::Auditor {
            lines.push(person.mention().plain_span(": nothing is recorded"));
        }
        lines.extend(own.into_iter().map(|record| {
            let words = training_words(&record.training, standing.today);
            person.mention().plain_span(format!(": {words}"))
        }));
    }
    lines
}

/// `Internal auditor, on Tue 12 May 2026, valid until Sat 12 May 2029 (Certificate 4711)`.
pub fn training_words(training: &Training, today: NaiveDate) -> String {
    let mut words = training.training.clone();
    if let Some(on) = training.on {
        words.push_str(&format!(", on {}", day(on)));
    }
    match training.until {
        Some(until) if until < today => words.push_str(&format!(", ran out on {}", day(until))),
        Some(until) => words.push_str(&format!(", valid until {}", day(until))),
        None => {}
    }
    let file = training.file.as_ref();
    let file = file.map(|file| format!("file {}", file.fingerprint()));
    let proof: Vec<String> = training.evidence.clone().into_iter().chain(file).collect();
    if !proof.is_empty() {
        words.push_str(&format!(" ({})", proof.join("; ")));
    }
    words
}

/// What to know of an auditor who has shown nothing, or nothing that still counts.
pub fn doubt(person: &Person, qualified: Qualified) -> Option<Text> {
    let words = match qualified {
        Qualified::Yes => return None,
        Qualified::Unrecorded => " has no recorded competence to audit.".to_owned(),
        Qualified::Expired(on) => {
            format!("'s recorded competence to audit ran out on {}.", day(on))
        }
    };
    Some(person.mention().plain_span(format!(
        "{words} An external auditor will ask for it (7.2, 9.2)."
    )))
}

/// The way to record it.
pub fn record_button(person: &Person) -> Button {
    let command = format!(
        "role grant <@{}> {}",
        person.external,
        auditing(person.role)
    );
    Button::new("Record competence", command)
}

/// The role under which somebody audits: a manager or a leader who audits stays one.
pub fn auditing(role: Role) -> Role {
    match role {
        Role::Member | Role::Reader => Role::Auditor,
        role => role,
    }
}

/// The short answer to who gave a role.
pub fn granted(
    person: &Person,
    role: Role,
    training: Option<&Training>,
    qualified: Qualified,
) -> Card {
    let text =
        person
            .mention()
            .plain_span(format!(" is {} now: {}.", role.with_article(), does(role)));
    let mut card = Card::say(text);
    if let Some(training) = training {
        card = card.text(format!("Recorded: {}.", training.training));
    }
    let doubt = doubt(person, qualified).filter(|_| role == Role::Auditor);
    let record = doubt.is_some().then(|| {
        let command = format!("role grant <@{}> auditor", person.external);
        Button::new("Record competence", command)
    });
    if let Some(doubt) = doubt {
        card = card.text(doubt);
    }
    card.buttons(
        record
            .into_iter()
            .chain([Button::new("Show roles", "role list")]),
    )
}

pub fn revoked(person: &Person) -> Card {
    Card::say(person.mention().plain_span(format!(
        " was {} and is a member now.",
        person.role.with_article()
    )))
    .buttons([Button::new("Show roles", "role list")])
}

/// To the person whose role was changed.
pub fn given(role: Role, people: &People, by: Uuid) -> Card {
    Card::new(format!("You are {} now", role.with_article()))
        .text(people.mention(Some(by)).plain_span(format!(
            " changed your role in the ISMS: {}.",
            does(role).replace("they", "you")
        )))
        .buttons([
            Button::new("What waits for me", "mine"),
            Button::new("Show roles", "role list"),
        ])
}

fn does(role: Role) -> &'static str {
    match role {
        Role::Manager => "they set up KPIs, audits and reviews, and grant roles",
        Role::Auditor => "they carry out the audits they are assigned",
        Role::Leader => "they sign what a management review came to",
        Role::Member => "they raise actions and carry out those they own",
        Role::Reader => "they see everything and change nothing",
    }
}
