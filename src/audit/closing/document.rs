//! The report of an audit in words: every word it says. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use strum::IntoEnumIterator as _;

use super::rules::Told;
use crate::action::rules::Action;
use crate::audit::card::{coverage_words, month_words};
use crate::audit::checklist::rules::{Item, ItemResult, Method};
use crate::audit::finding::rules::{Finding, Grade};
use crate::audit::rules::{Audit, STANDARD, State, coverage};
use crate::chat::Text;
use crate::command::value::ActionName;
use crate::people::People;
use crate::record::Head;
use crate::report::document::{Document, Imprint, Table, date};

/// Whose it is, and when and by whose clocks it was made.
#[derive(Debug, Clone)]
pub struct Made {
    pub workspace: String,
    pub people: People,
    pub now: DateTime<Utc>,
    pub zone: Tz,
    pub head: Head,
}

/// A report with what it needs to be worded.
pub(super) struct Words<'a> {
    pub told: &'a Told,
    pub made: &'a Made,
}

/// The report as a document.
pub fn document(told: &Told, made: &Made) -> Document {
    let audit = &told.audit;
    let words = Words { told, made };
    let imprint = Imprint {
        workspace: made.workspace.clone(),
        about: audit.name().to_string(),
        made: made.now.with_timezone(&made.zone),
        head: made.head.clone(),
    };
    let subtitle = format!("{} · {}", audit.name(), audit.topic);
    let conclusion = audit.conclusion.as_deref().unwrap_or_default();
    let mut document = Document::new("Internal audit report", subtitle, imprint)
        .lead(told.summary())
        .facts(words.facts())
        .heading("Conclusion")
        .text(conclusion)
        .heading("Findings");
    for grade in Grade::iter() {
        document = words.findings(document, grade);
    }
    document = document.heading("What was looked at").table(words.items());
    document = document
        .heading("Follow-up of earlier findings")
        .table(words.earlier());
    document = words.again(document);
    document = words.auditors(document.heading("Independence and competence of the auditors"));
    words.programme(document.heading("Progress of the audit programme"))
}

fn result_words(result: ItemResult) -> &'static str {
    match result {
        ItemResult::Conforms => "conforms",
        ItemResult::DoesNotConform => "does not conform",
        ItemResult::NotApplicable => "not applicable",
        ItemResult::NotTested => "not tested",
    }
}

fn method_words(method: Method) -> &'static str {
    match method {
        Method::Document => "documents read",
        Method::Interview => "people asked",
        Method::Observation => "work watched",
    }
}

/// A heading and what is said where there are none of these.
fn grade_words(grade: Grade) -> (&'static str, &'static str) {
    match grade {
        Grade::Major => ("Major nonconformities", "No major nonconformity was found."),
        Grade::Minor => ("Minor nonconformities", "No minor nonconformity was found."),
        Grade::Opportunity => (
            "Opportunities for improvement",
            "No opportunity was put down.",
        ),
        Grade::Conforming => ("Worth a note, and conforming", ""),
    }
}

/// `A.5.15 Access control`.
fn requirement(reference: &str) -> Text {
    Text::new()
        .bold(reference)
        .plain_span(format!(" {}", STANDARD.title(reference)))
}

impl Words<'_> {
    pub fn name(&self, person: uuid::Uuid) -> String {
        self.made.people.name(Some(person)).to_owned()
    }

    pub fn day(&self, at: DateTime<Utc>) -> String {
        date(at.with_timezone(&self.made.zone).date_naive())
    }

    pub fn today(&self) -> NaiveDate {
        self.made.now.with_timezone(&self.made.zone).date_naive()
    }

    fn facts(&self) -> Vec<(&'static str, Text)> {
        let audit = &self.told.audit;
        let names = |people: Vec<String>| match people.is_empty() {
            true => "nobody".to_owned(),
            false => people.join(", "),
        };
        let on = |day: Option<NaiveDate>| day.map_or_else(|| "–".to_owned(), date);
        let mut team = self
            .told
            .standing
            .members
            .iter()
            .map(|one| self.name(one.person));
        let lead = team.next().into_iter().collect();
        let auditees = self.told.auditees().into_iter();
        let mut auditees: Vec<String> = auditees.map(|one| self.name(one)).collect();
        auditees.sort();
        let guests = self.told.standing.guests.iter();
        let guests: Vec<String> = guests.map(|guest| guest.name.clone()).collect();
        let others: Vec<String> = team.chain(guests).collect();
        let mut facts = vec![
            ("Audit of", month_words(audit.year, audit.month)),
            (
                "Carried out",
                format!("{} to {}", on(audit.started_on), on(audit.finished_on)),
            ),
            ("Lead auditor", names(lead)),
        ];
        if !others.is_empty() {
            facts.push(("With", others.join(", ")));
        }
        let aims = self.told.aims.clone();
        facts.extend([
            ("Auditees", names(auditees)),
            ("Scope", audit.scope.join(", ")),
            ("Objectives", aims.objectives),
            ("Criteria", aims.criteria),
            ("Method", aims.method),
        ]);
        let text = |(label, words): (&'static str, String)| (label, Text::from(words));
        facts.into_iter().map(text).collect()
    }

    fn findings(&self, document: Document, grade: Grade) -> Document {
        let (heading, none) = grade_words(grade);
        let found: Vec<&Finding> = self.told.graded(grade).collect();
        if found.is_empty() && none.is_empty() {
            return document;
        }
        let document = document.subheading(heading);
        let columns = [
            ("Finding", 10),
            ("Requirement", 24),
            ("What is so, and what shows it", 44),
            ("Action", 26),
        ];
        let rows = found.into_iter().map(|finding| self.finding(finding));
        document.table(Table::of(&columns, none).rows(rows))
    }

    fn finding(&self, finding: &Finding) -> Vec<Text> {
        let mut statement = Text::from(finding.statement.as_str());
        if let Some(evidence) = &finding.evidence {
            statement = statement.bold("\nEvidence: ").plain_span(evidence);
        }
        if let Some(file) = &finding.evidence_file {
            statement = statement.bold("\nFile: ").plain_span(file.fingerprint());
        }
        if let Some(answer) = &finding.answer {
            let said = match &answer.reason {
                Some(reason) => format!("disputed it: {reason}"),
                None => "accepted it".to_owned(),
            };
            let who = format!("{} on {}", self.name(answer.by), self.day(answer.at));
            statement = statement
                .bold("\nAuditee: ")
                .plain_span(format!("{who} {said}"));
        }
        if let Some(decision) = &finding.decision {
            let who = format!("{} on {}", self.name(decision.by), self.day(decision.at));
            statement = statement
                .bold("\nAuditor: ")
                .plain_span(format!("{who} decided: {}", decision.reason));
        }
        let action = match (self.told.action(finding), finding.action) {
            (Some(action), _) => self.action(action),
            (None, Some(number)) => ActionName(number).to_string().into(),
            (None, None) => "–".into(),
        };
        vec![
            Text::new().bold(finding.name().to_string()),
            requirement(finding.requirement.as_str()),
            statement,
            action,
        ]
    }

    fn action(&self, action: &Action) -> Text {
        Text::new()
            .bold(action.name().to_string())
            .plain_span(format!(
                "\n{}, due {}\n{}",
                self.made.people.name(action.owner),
                date(action.due),
                action.state.words()
            ))
    }

    fn items(&self) -> Table {
        let columns = [
            ("Requirement", 26),
            ("Result", 13),
            ("How, and which sample", 27),
            ("What was seen, or why not", 32),
            ("By", 12),
        ];
        let row = |reference: &String| match self.told.item(reference) {
            Some(item) => self.item(item),
            None => vec![
                requirement(reference),
                "–".into(),
                "–".into(),
                "–".into(),
                "–".into(),
            ],
        };
        let rows = self.told.audit.scope.iter().map(row);
        Table::of(&columns, "The scope is empty.").rows(rows)
    }

    fn item(&self, item: &Item) -> Vec<Text> {
        let methods = item
            .methods
            .iter()
            .map(|method| method_words(*method).to_owned());
        let sample = &item.sample;
        let sampled = match (&sample.size, &sample.population) {
            (Some(size), Some(population)) => Some(format!("{size} of {population}")),
            (Some(size), None) => Some(size.clone()),
            (None, Some(population)) => Some(format!("of {population}")),
            (None, None) => None,
        };
        let chosen = sample
            .chosen
            .as_ref()
            .map(|chosen| format!("chosen: {chosen}"));
        let how: Vec<String> = methods.chain(sampled).chain(chosen).collect();
        let mut seen: Vec<String> = item.note.clone().into_iter().collect();
        seen.extend(
            item.evidence
                .as_ref()
                .map(|evidence| format!("Evidence: {evidence}")),
        );
        let file = item.evidence_file.as_ref();
        seen.extend(file.map(|file| format!("File: {}", file.fingerprint())));
        let or_dash = |lines: Vec<String>| match lines.is_empty() {
            true => Text::from("–"),
            false => lines.join("\n").into(),
        };
        let result = result_words(item.result);
        vec![
            requirement(item.requirement.as_str()),
            match item.result {
                ItemResult::DoesNotConform => Text::new().bold(result),
                _ => result.into(),
            },
            or_dash(how),
            or_dash(seen),
            format!("{}\n{}", self.name(item.by), self.day(item.at)).into(),
        ]
    }

    fn earlier(&self) -> Table {
        let columns = [
            ("Finding", 18),
            ("Requirement", 24),
            ("What was found", 34),
            ("Action", 26),
        ];
        let row = |finding: &Finding| {
            let mut name = Text::new().bold(finding.name().to_string());
            name = name.plain_span(format!("\n{}", finding.audit));
            if self.told.looked_at_again.contains(&finding.number) {
                name = name.plain_span("\nthis audit looks at it again");
            }
            let action = self.told.action(finding).map(|action| self.action(action));
            vec![
                name,
                requirement(finding.requirement.as_str()),
                finding.title().into(),
                action.unwrap_or_else(|| "–".into()),
            ]
        };
        let none = "No earlier audit found a nonconformity at what was audited here.";
        Table::of(&columns, none).rows(self.told.earlier.iter().map(row))
    }

    /// The audits that look at the major nonconformities again.
    fn again(&self, document: Document) -> Document {
        let follow_ups = &self.told.follow_ups;
        if follow_ups.is_empty() {
            return document;
        }
        let line = |one: &super::rules::FollowUp| {
            Text::new()
                .bold(one.audit.name().to_string())
                .plain_span(format!(
                    " {}, in {}: {}",
                    one.audit.topic,
                    month_words(one.audit.year, one.audit.month),
                    one.audit.scope.join(", ")
                ))
        };
        document
            .subheading("Follow-up audits that were put into the plan")
            .list(follow_ups.iter().map(line))
    }

    fn programme(&self, document: Document) -> Document {
        let audits = &self.told.programme;
        let columns = [
            ("Audit", 16),
            ("Month", 18),
            ("Topic", 30),
            ("Auditor", 17),
            ("State", 21),
        ];
        let row = |audit: &Audit| {
            let state = match audit.state {
                State::Finished => {
                    let on = audit.finished_on.map(date).unwrap_or_default();
                    Text::from(format!("finished {on}"))
                }
                _ if audit.overdue(self.today()) => Text::new().bold("overdue"),
                State::InProgress => "under way".into(),
                State::Planned => "planned".into(),
            };
            vec![
                Text::new().bold(audit.name().to_string()),
                month_words(audit.year, audit.month).into(),
                audit.topic.as_str().into(),
                self.made.people.name(audit.auditor).into(),
                state,
            ]
        };
        let document = document.text(format!(
            "Covered in {}: {}.",
            self.told.audit.year,
            coverage_words(coverage(audits))
        ));
        let document = match &self.told.doubt {
            Some(doubt) => document.note(doubt.clone()),
            None => document,
        };
        document.table(Table::of(&columns, "There is none.").rows(audits.iter().map(row)))
    }
}
