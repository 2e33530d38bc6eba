//! Every word the audits say.

use chrono::{NaiveDate, NaiveDateTime};

use super::rules::{Audit, Coverage, STANDARD, State, coverage};
use crate::chat::{Block, Button, Card, Text, day};
use crate::people::People;
use crate::schedule::card::late_text;

/// A month as people say it: `March 2027`.
pub fn month_words(year: i32, month: u32) -> String {
    NaiveDate::from_ymd_opt(year, month, 1)
        .map_or_else(String::new, |day| day.format("%B %Y").to_string())
}

fn state_words(audit: &Audit, today: NaiveDate) -> String {
    let on = |date: Option<NaiveDate>| {
        date.map_or_else(String::new, |date| format!(" on {}", day(date)))
    };
    match audit.state {
        State::Finished => format!("finished{}", on(audit.finished_on)),
        State::InProgress if audit.overdue(today) => {
            format!("overdue, started{}", on(audit.started_on))
        }
        State::InProgress => format!("started{}", on(audit.started_on)),
        State::Planned if audit.overdue(today) => "overdue, not started".to_owned(),
        State::Planned => "planned".to_owned(),
    }
}

/// `9 conform, 1 does not`.
pub fn conformity(conform: usize, do_not: usize) -> String {
    let conform = match conform {
        1 => "1 conforms".to_owned(),
        n => format!("{n} conform"),
    };
    match do_not {
        1 => format!("{conform}, 1 does not"),
        n => format!("{conform}, {n} do not"),
    }
}

/// `31 of 121 clauses and controls, 3 of 12 audits finished`.
pub fn coverage_words(coverage: Coverage) -> String {
    format!(
        "{} of {} clauses and controls, {} of {} audits finished",
        coverage.requirements_covered,
        coverage.requirements,
        coverage.audits_finished,
        coverage.audits
    )
}

pub(super) fn scope_lines(audit: &Audit) -> Vec<Text> {
    let line = |reference: &String| {
        Text::new()
            .code(reference)
            .plain_span(format!(" {}", STANDARD.title(reference)))
    };
    audit.scope.iter().map(line).collect()
}

pub(super) fn show_button(audit: &Audit) -> Button {
    Button::new("Show", format!("audit show {}", audit.name()))
}

fn assign_button(audit: &Audit) -> Button {
    Button::new("Assign auditor", format!("audit assign {}", audit.name()))
}

/// The programme of a year, one row an audit.
pub fn programme(year: i32, audits: &[Audit], people: &People, today: NaiveDate) -> Card {
    let row = |audit: &Audit| {
        vec![
            audit.name().to_string(),
            month_words(audit.year, audit.month),
            audit.topic.clone(),
            audit.scope.len().to_string(),
            people.name(audit.auditor).to_owned(),
            state_words(audit, today),
        ]
    };
    let head = ["Audit", "Month", "Topic", "Items", "Auditor", "State"];
    let unassigned = audits
        .iter()
        .find(|audit| audit.auditor.is_none() && audit.state != State::Finished);
    Card::new(format!("Audit programme {year}"))
        .block(Block::Table {
            head: head.map(str::to_owned).to_vec(),
            rows: audits.iter().map(row).collect(),
        })
        .text(format!("Covered: {}.", coverage_words(coverage(audits))))
        .buttons(unassigned.map(|audit| {
            Button::new(
                format!("Assign {}", audit.name()),
                format!("audit assign {}", audit.name()),
            )
        }))
}

/// No programme for the year that was asked for, nor another to look at.
pub fn nothing_planned(year: i32) -> Card {
    Card::say(format!(
        "There is no audit programme for {year}. Planning one cuts clauses 4 to 10 and the 93 \
         controls of Annex A into twelve audits, one a month."
    ))
    .buttons([Button::new(format!("Plan {year}"), format!("audit plan {year}")).primary()])
}

/// One audit: month, auditor, state, what it came to, and its scope with titles.
pub fn shown(audit: &Audit, people: &People, today: NaiveDate) -> Card {
    let mut facts = vec![
        ("Month", Text::from(month_words(audit.year, audit.month))),
        ("Auditor", people.mention(audit.auditor)),
        ("State", Text::from(state_words(audit, today))),
    ];
    if let Some(conclusion) = &audit.conclusion {
        facts.push(("Conclusion", conclusion.as_str().into()));
    }
    Card::new(format!("{} · {}", audit.name(), audit.topic))
        .facts(facts)
        .list(scope_lines(audit))
        .buttons(steps(audit))
}

/// The next steps, as buttons.
fn steps(audit: &Audit) -> Vec<Button> {
    let name = audit.name();
    match (audit.state, audit.auditor) {
        (State::Finished, _) => Vec::new(),
        (_, None) => vec![assign_button(audit).primary()],
        (State::Planned, Some(_)) => vec![
            Button::new("Start", format!("audit start {name}")).primary(),
            assign_button(audit),
        ],
        (State::InProgress, Some(_)) => vec![
            Button::new("Next item", format!("audit check {name}")).primary(),
            Button::new("Checklist", format!("audit checklist {name}")),
            Button::new("Finish", format!("audit finish {name}")),
            assign_button(audit),
        ],
    }
}

fn name_and_topic(audit: &Audit) -> Text {
    let name = Text::new().code(audit.name().to_string());
    name.plain_span(format!(" {}", audit.topic))
}

/// What the first working day of the month says of that month's audit: the year's programme, and
/// since when it is late if it is.
pub fn reminder(
    audit: &Audit,
    programme: &[Audit],
    people: &People,
    late: Option<NaiveDateTime>,
) -> Card {
    let month = month_words(audit.year, audit.month);
    let mut card = Card::new(format!("Audit of {month}: {}", audit.topic));
    if let Some(due) = late {
        card = card.text(late_text(due));
    }
    card = card
        .facts([
            ("Audit", Text::new().code(audit.name().to_string())),
            ("Auditor", people.mention(audit.auditor)),
            (
                "Covered so far",
                Text::from(coverage_words(coverage(programme))),
            ),
        ])
        .text(Text::new().bold("To be audited"))
        .list(scope_lines(audit));
    let others = |label: &str, is_meant: &dyn Fn(&&Audit) -> bool| {
        let open = programme
            .iter()
            .filter(|other| other.name() != audit.name() && other.state != State::Finished);
        let lines: Vec<_> = open.filter(is_meant).map(name_and_topic).collect();
        (!lines.is_empty()).then(|| (Text::new().bold(label), lines))
    };
    let also = others("Also this month", &|other| other.month == audit.month);
    let before = others("Not finished in earlier months", &|other| {
        other.month < audit.month
    });
    for (label, lines) in also.into_iter().chain(before) {
        card = card.text(label).list(lines);
    }
    let assign = audit
        .auditor
        .is_none()
        .then(|| assign_button(audit).primary());
    card.buttons(assign.into_iter().chain([show_button(audit)]))
}

/// There was a programme last year, and there is none now.
pub fn no_programme(year: i32, late: Option<NaiveDateTime>) -> Card {
    let mut card = Card::new(format!("No audit programme for {year}"));
    if let Some(due) = late {
        card = card.text(late_text(due));
    }
    card.text("Clause 9.2 asks for audits at planned intervals, and none is planned.")
        .buttons([Button::new(format!("Plan {year}"), format!("audit plan {year}")).primary()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::rules::plan_year;

    #[test]
    fn one_requirement_conforms_and_many_conform() {
        assert_eq!(conformity(1, 1), "1 conforms, 1 does not");
        assert_eq!(conformity(0, 2), "0 conform, 2 do not");
    }

    #[test]
    fn the_reminder_names_scope_auditor_coverage_and_what_is_unfinished() {
        let mut year = plan_year(2027);
        year[0].state = State::Finished;
        let again = Audit {
            nth: 2,
            topic: "Follow-up of F-2".into(),
            scope: vec!["7.2".into()],
            ..year[2].clone()
        };
        year.push(again);
        let late = Some("2027-03-01T09:00:00".parse().unwrap());
        let card = reminder(&year[2], &year, &People::default(), late);
        insta::assert_snapshot!(card.plain(), @"
        Audit of March 2027: Support and people
        Late: this was due on Mon 1 Mar 2027 at 09:00, while the bot was not running.
        Audit: AUD-2027-03
        Auditor: nobody yet
        Covered so far: 11 of 121 clauses and controls, 1 of 13 audits finished
        To be audited
        • 7.1 Resources
        • 7.2 Competence
        • 7.3 Awareness
        • 7.4 Communication
        • 7.5 Documented information
        • A.6.1 Screening
        • A.6.2 Terms and conditions of employment
        • A.6.3 Information security awareness, education and training
        • A.6.4 Disciplinary process
        • A.6.5 Responsibilities after termination or change of employment
        • A.6.6 Confidentiality or non-disclosure agreements
        Also this month
        • AUD-2027-03-2 Follow-up of F-2
        Not finished in earlier months
        • AUD-2027-02 Planning and risk
        [Assign auditor] /isms audit assign AUD-2027-03
        [Show] /isms audit show AUD-2027-03
        ");
    }

    #[test]
    fn a_finished_audit_does_not_ask_for_an_auditor() {
        let today = "2027-03-01".parse().unwrap();
        let mut audit = plan_year(2027).remove(0);
        assert!(
            shown(&audit, &People::default(), today)
                .plain()
                .contains("[Assign auditor]")
        );
        audit.state = State::Finished;
        audit.finished_on = Some("2027-01-28".parse().unwrap());
        let plain = shown(&audit, &People::default(), today).plain();
        assert!(plain.contains("State: finished on Thu 28 Jan 2027"));
        assert!(!plain.contains("[Assign auditor]"));
    }
}
