//! Every word about auditors.

use chrono::NaiveDate;
use uuid::Uuid;

use super::rules::{ActionPart, Doubt, Guest, KpiPart, Member, Override, Standing};
use crate::app::UserError;
use crate::audit::card::{month_words, scope_lines, show_button};
use crate::audit::rules::Audit;
use crate::chat::{Block, Button, Card, Text, day};
use crate::command::value::AuditName;
use crate::people::roles::card::{record_button, training_words};
use crate::people::roles::rules::Competence;
use crate::people::{People, Person, Role};

/// As many reasons as a refusal tells.
const MOST: usize = 5;
/// As many people as one card shows.
const MOST_AUDITORS: usize = 40;

impl Doubt {
    /// `is responsible for A.8 (A.8.1, A.8.8)`: after somebody's name.
    pub fn words(&self) -> String {
        match self {
            Doubt::Unrecorded => "has no recorded competence to audit (7.2)".to_owned(),
            Doubt::Expired { on } => {
                format!(
                    "has shown competence to audit until {} only (7.2)",
                    day(*on)
                )
            }
            Doubt::Area { area, requirements } => {
                let same = matches!(requirements.as_slice(), [one] if one == area.as_str());
                match same {
                    true => format!("is responsible for {area}"),
                    false => format!("is responsible for {area} ({})", some_of(requirements)),
                }
            }
            Doubt::Action {
                action,
                part,
                requirement,
            } => match part {
                ActionPart::Owner => format!("answers for {action} on {requirement}"),
                ActionPart::Step => format!("has a step of {action} on {requirement}"),
                ActionPart::Verifier => format!("looked whether {action} on {requirement} worked"),
            },
            Doubt::Kpi { kpi, part } => {
                let does = match part {
                    KpiPart::Measures => "measures",
                    KpiPart::Analyses => "analyses",
                    KpiPart::Both => "measures and analyses",
                };
                format!("{does} the KPI {kpi} (9.1)")
            }
        }
    }
}

fn some_of(names: &[String]) -> String {
    match names.len().saturating_sub(MOST) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..MOST].join(", ")),
    }
}

/// What speaks against somebody, one after the other.
pub fn doubts_words<'a>(doubts: impl IntoIterator<Item = &'a Doubt>) -> String {
    let doubts: Vec<String> = doubts.into_iter().map(Doubt::words).collect();
    match doubts.len().saturating_sub(MOST) {
        0 => doubts.join("; "),
        more => format!("{}; and {more} more reasons", doubts[..MOST].join("; ")),
    }
}

/// Who is named should not audit this: says why, and the way on.
pub fn refused(audit: AuditName, person: &Person, open: &[&Doubt], again: bool) -> UserError {
    let new = match again {
        true => " This was not known when it was overridden.",
        false => "",
    };
    let text = format!(
        "{name} should not audit {audit}: {name} {}.{new} Name somebody else, or say in “override” why \
         {name} audits all the same; the reason stands in the report.",
        doubts_words(open.iter().copied()),
        name = person.name,
    );
    let untrained = |doubt: &&&Doubt| matches!(doubt, Doubt::Unrecorded | Doubt::Expired { .. });
    let error = UserError::at("override", text);
    let mut error = match open.iter().find(untrained) {
        Some(_) => {
            let record = record_button(person);
            error.button(record.label, record.command)
        }
        None => error,
    };
    error
        .buttons
        .push(Button::new("Show auditors", "audit auditors"));
    error
}

/// The audit does not go on with this team.
pub fn unfit(audit: AuditName, standing: &Standing, people: &People) -> UserError {
    let says = |member: &Member| {
        let name = people.name(Some(member.person));
        format!("{name} {}", doubts_words(member.open()))
    };
    let all: Vec<String> = standing.unfit().map(says).collect();
    let text = format!(
        "{audit} cannot go on with these auditors: {}. A manager names somebody else, or lets them \
         audit all the same and says why.",
        all.join("; ")
    );
    let lead = standing.members.first().map(|member| member.person);
    let mut error = UserError::at("audit", text);
    for member in standing.unfit().take(2) {
        let Some(person) = people.find(member.person) else {
            continue;
        };
        let verb = match Some(person.id) == lead {
            true => "assign",
            false => "team",
        };
        error = error.button(
            format!("Let {} audit", crate::chat::cut(&person.name, 40)),
            format!("audit {verb} {audit} <@{}>", person.external),
        );
    }
    error
        .button("Name another", format!("audit assign {audit}"))
        .button("Show auditors", "audit auditors")
}

/// Why somebody audits all the same.
pub fn override_words(decided: &Override, people: &People) -> String {
    format!(
        "{} let {} audit, who {}: {}",
        people.name(Some(decided.by)),
        people.name(Some(decided.person)),
        doubts_words(&decided.doubts),
        decided.reason
    )
}

/// Puts into an audit's card who else audits, and why somebody audits all the same.
pub fn with_team(mut card: Card, standing: &Standing, people: &People) -> Card {
    let facts = card.blocks.iter_mut().find_map(|block| match block {
        Block::Facts(facts) => Some(facts),
        _ => None,
    });
    let Some(facts) = facts else { return card };
    let others = standing.members.iter().skip(1);
    let others: Vec<Text> = others
        .map(|member| people.mention(Some(member.person)))
        .collect();
    let mut more = Vec::new();
    if let Some(others) = listed(others) {
        more.push(("Team".to_owned(), others));
    }
    let guests: Vec<Text> = standing.guests.iter().map(guest_text).collect();
    if let Some(guests) = listed(guests) {
        more.push(("Guests".to_owned(), guests));
    }
    for member in &standing.members {
        for decided in &member.overrides {
            more.push((
                "Overridden".to_owned(),
                override_words(decided, people).into(),
            ));
        }
    }
    for member in standing.unfit() {
        let words = format!(
            "{} {}",
            people.name(Some(member.person)),
            doubts_words(member.open())
        );
        more.push(("In doubt".to_owned(), Text::new().bold(words)));
    }
    let at = facts
        .iter()
        .position(|(label, _)| label == "Auditor")
        .map_or(facts.len(), |at| at + 1);
    facts.splice(at..at, more);
    card
}

fn guest_text(guest: &Guest) -> Text {
    Text::from(format!("{} ({})", guest.name, guest.competence))
}

fn listed(texts: Vec<Text>) -> Option<Text> {
    let joined = |all: Text, next: Text| all.plain_span(", ").then(next);
    texts.into_iter().reduce(joined)
}

fn overridden(card: Card, doubts: &[&Doubt]) -> Card {
    match doubts.is_empty() {
        true => card,
        false => card.text(format!(
            "Overridden, as the report will say: {}.",
            doubts_words(doubts.iter().copied())
        )),
    }
}

/// The short answer to who named the auditor.
pub fn assigned_receipt(audit: &Audit, people: &People, doubts: &[&Doubt]) -> Card {
    let card = Card::say(
        people
            .mention(audit.auditor)
            .plain_span(" audits ")
            .bold(audit.name().to_string())
            .plain_span(format!(
                " {}, in {}.",
                audit.topic,
                month_words(audit.year, audit.month)
            )),
    );
    overridden(card, doubts).buttons([
        show_button(audit),
        Button::new("Add to the team", format!("audit team {}", audit.name())),
    ])
}

/// The short answer to who changed the team.
pub fn team_receipt(audit: &Audit, person: &Person, (added, doubts): (bool, &[&Doubt])) -> Card {
    let words = match added {
        true => format!(" audits {} too.", audit.name()),
        false => format!(" does not audit {} any more.", audit.name()),
    };
    overridden(Card::say(person.mention().plain_span(words)), doubts).buttons([show_button(audit)])
}

/// The short answer to who named a guest, or took one off.
pub fn guest_receipt(audit: &Audit, guest: &Guest, named: bool) -> Card {
    let words = match named {
        true => format!(" audits {} as a guest: {}.", audit.name(), guest.competence),
        false => format!(" does not audit {} any more.", audit.name()),
    };
    Card::say(Text::new().bold(guest.name.clone()).plain_span(words)).buttons([show_button(audit)])
}

/// To a new auditor: who leads, or who stands beside them.
pub fn assigned(audit: &Audit, people: &People, (person, by): (Uuid, Uuid)) -> Card {
    let leads = audit.auditor == Some(person);
    let words = match leads {
        true => " made you the auditor for ",
        false => " put you on the team of the audit of ",
    };
    let first = people
        .mention(Some(by))
        .plain_span(format!("{words}{}.", month_words(audit.year, audit.month)));
    let first = match (leads, audit.auditor) {
        (false, Some(lead)) => first
            .plain_span(" ")
            .then(people.mention(Some(lead)))
            .plain_span(" leads."),
        _ => first,
    };
    Card::new(format!("You audit {} {}", audit.name(), audit.topic))
        .text(first.plain_span(" To be audited:"))
        .list(scope_lines(audit))
        .buttons([show_button(audit)])
}

/// What is known of one who audits, or can.
pub struct Auditor<'a> {
    pub person: &'a Person,
    pub competence: Vec<&'a Competence>,
    /// Not finished.
    pub audits: Vec<AuditName>,
}

impl Auditor<'_> {
    fn row(&self, today: NaiveDate) -> Vec<Vec<String>> {
        let audits: Vec<String> = self.audits.iter().map(AuditName::to_string).collect();
        let audits = match audits.is_empty() {
            true => "none".to_owned(),
            false => some_of(&audits),
        };
        if self.competence.is_empty() {
            let nothing = "nothing is recorded".to_owned();
            return vec![vec![self.person.name.clone(), nothing, audits]];
        }
        let rows = self.competence.iter().enumerate().map(|(nth, record)| {
            let first = |words: &str| match nth {
                0 => words.to_owned(),
                _ => String::new(),
            };
            let shown = training_words(&record.training, today);
            vec![first(&self.person.name), shown, first(&audits)]
        });
        rows.collect()
    }
}

/// Who can audit, what shows it, and what they audit next.
pub fn auditors(all: &[Auditor], guests: &[(AuditName, Guest)], today: NaiveDate) -> Card {
    let card = Card::new("Auditors");
    let card = match all.is_empty() {
        true => card.text("Nobody is an auditor here yet."),
        false => card.block(Block::Table {
            head: ["Auditor", "Competence (7.2)", "To audit"]
                .map(str::to_owned)
                .to_vec(),
            rows: all
                .iter()
                .take(MOST_AUDITORS)
                .flat_map(|one| one.row(today))
                .collect(),
        }),
    };
    let card = match guests.is_empty() {
        true => card,
        false => card.text(Text::new().bold("Guests")).list(
            guests
                .iter()
                .map(|(audit, guest)| guest_text(guest).plain_span(format!(": {audit}"))),
        ),
    };
    let open = all.iter().find(|one| {
        let valid = |record: &&Competence| record.training.until.is_none_or(|until| until >= today);
        !one.competence.iter().any(valid)
    });
    let record = match open {
        Some(one) => record_button(one.person),
        None => Button::new("Record competence", "role grant"),
    };
    card.buttons([record])
}

/// The right to be asked about competence belongs to who can record it.
pub fn runs_out_button(asked: &Person, auditor: &Person) -> Button {
    match asked.role {
        Role::Manager => record_button(auditor),
        _ => Button::new("Show auditors", "audit auditors"),
    }
}

/// `Competence of bob to audit is shown until Fri 30 Apr 2027 only`.
pub fn runs_out(asked: &Person, auditor: &Person, until: NaiveDate) -> String {
    let whose = match asked.id == auditor.id {
        true => "Your competence to audit".to_owned(),
        false => format!("{}'s competence to audit", auditor.name),
    };
    format!("{whose} is shown until {} only", day(until))
}
