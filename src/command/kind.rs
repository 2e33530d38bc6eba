//! What an argument holds, read off its declaration, and how typed words become what clap reads.

use std::any::TypeId;
use std::str::FromStr;

use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::builder::PossibleValue;
use clap::{Arg, ArgAction};

use super::dates;
use super::known::Known;
use super::names::{nearest, one_of, read_crew, read_person, read_whoever};
use super::value::{
    ActionName, Address, Amount, AreaName, AuditName, ChannelName, ControlName, Crew, DecisionName,
    DueDate, FileRef, FindingName, Fingerprint, ItemName, JsonPointer, KpiKey, NewKpiKey, Origin,
    PeriodName, ProgrammeName, Prose, RecordName, ReportSpan, Requirements, ReviewName, SameAs,
    Seen, TimeOfDay, TokenName, WebLink, Who, Whoever, WorkingDays,
};
use crate::kpi::survey::rules::Audience;
use crate::review::command::InputItem;

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// One line of text.
    Line,
    /// Several lines of text.
    Prose,
    /// Any number of single words.
    Words,
    Date,
    Due,
    Person,
    /// A person, also one who left.
    Whoever,
    /// Several persons.
    Crew,
    Amount,
    Whole,
    Period,
    /// What a report is about.
    Span,
    Flag,
    /// A file that was attached.
    File,
    Zone,
    Choice(Vec<PossibleValue>),
    /// One word of a type of its own.
    Named(fn(&str) -> Result<String, String>),
    /// The name of a record that exists: it says what the command is about.
    Record(fn(&str) -> Result<String, String>),
}

/// One line has room in every card and file name; more belongs into a longer text.
pub(super) const LONGEST_LINE: usize = 120;
/// What a text input holds (Slack's limit).
pub(super) const LONGEST_PROSE: usize = 3000;
/// An answer quotes the beginning of a long text only.
pub(super) const LONGEST_QUOTE: usize = 60;

/// Refuses text that is empty or too long.
fn fitting(text: String, longest: usize) -> Result<String, String> {
    match text.chars().count() {
        0 => Err("This is empty. Write at least a word.".into()),
        length if length > longest => Err(format!(
            "This has {length} characters; at most {longest} fit. Please shorten it."
        )),
        _ => Ok(text),
    }
}

/// Reads a value and shows it as it is written properly.
fn proper<T: FromStr<Err = String> + ToString>(text: &str) -> Result<String, String> {
    text.parse().map(|value: T| value.to_string())
}

/// What an argument holds.
pub(super) fn kind(arg: &Arg) -> Kind {
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        return Kind::Flag;
    }
    let choices = arg.get_possible_values();
    if !choices.is_empty() {
        return Kind::Choice(choices);
    }
    let id = arg.get_value_parser().type_id();
    if matches!(arg.get_action(), ArgAction::Append) {
        return Kind::Words;
    }
    let table = [
        (TypeId::of::<Prose>(), Kind::Prose),
        (TypeId::of::<NaiveDate>(), Kind::Date),
        (TypeId::of::<DueDate>(), Kind::Due),
        (TypeId::of::<Who>(), Kind::Person),
        (TypeId::of::<Whoever>(), Kind::Whoever),
        (TypeId::of::<Crew>(), Kind::Crew),
        (TypeId::of::<TimeOfDay>(), Kind::Named(proper::<TimeOfDay>)),
        (TypeId::of::<Amount>(), Kind::Amount),
        (TypeId::of::<PeriodName>(), Kind::Period),
        (TypeId::of::<ReportSpan>(), Kind::Span),
        (TypeId::of::<i32>(), Kind::Whole),
        (TypeId::of::<u32>(), Kind::Whole),
        (TypeId::of::<Tz>(), Kind::Zone),
        (TypeId::of::<FileRef>(), Kind::File),
        (
            TypeId::of::<ActionName>(),
            Kind::Record(proper::<ActionName>),
        ),
        (TypeId::of::<AuditName>(), Kind::Record(proper::<AuditName>)),
        (
            TypeId::of::<FindingName>(),
            Kind::Record(proper::<FindingName>),
        ),
        (
            TypeId::of::<ReviewName>(),
            Kind::Record(proper::<ReviewName>),
        ),
        (
            TypeId::of::<ProgrammeName>(),
            Kind::Record(proper::<ProgrammeName>),
        ),
        (TypeId::of::<KpiKey>(), Kind::Record(proper::<KpiKey>)),
        (
            TypeId::of::<RecordName>(),
            Kind::Record(proper::<RecordName>),
        ),
        (TypeId::of::<NewKpiKey>(), Kind::Named(proper::<NewKpiKey>)),
        (
            TypeId::of::<ControlName>(),
            Kind::Named(proper::<ControlName>),
        ),
        (TypeId::of::<AreaName>(), Kind::Named(proper::<AreaName>)),
        (TypeId::of::<ItemName>(), Kind::Named(proper::<ItemName>)),
        (TypeId::of::<Seen>(), Kind::Named(proper::<Seen>)),
        (TypeId::of::<SameAs>(), Kind::Named(proper::<SameAs>)),
        (
            TypeId::of::<Requirements>(),
            Kind::Named(proper::<Requirements>),
        ),
        (
            TypeId::of::<ChannelName>(),
            Kind::Named(proper::<ChannelName>),
        ),
        (
            TypeId::of::<WorkingDays>(),
            Kind::Named(proper::<WorkingDays>),
        ),
        (TypeId::of::<Audience>(), Kind::Named(proper::<Audience>)),
        (TypeId::of::<WebLink>(), Kind::Named(proper::<WebLink>)),
        (TypeId::of::<TokenName>(), Kind::Named(proper::<TokenName>)),
        (TypeId::of::<Origin>(), Kind::Named(proper::<Origin>)),
        (
            TypeId::of::<DecisionName>(),
            Kind::Named(proper::<DecisionName>),
        ),
        (TypeId::of::<Address>(), Kind::Named(proper::<Address>)),
        (
            TypeId::of::<JsonPointer>(),
            Kind::Named(proper::<JsonPointer>),
        ),
        (
            TypeId::of::<Fingerprint>(),
            Kind::Named(proper::<Fingerprint>),
        ),
    ];
    table
        .into_iter()
        .find(|(of, _)| id == *of)
        .map_or(Kind::Line, |(_, kind)| kind)
}

impl Kind {
    /// Takes in every word that follows.
    pub fn is_text(&self) -> bool {
        matches!(self, Kind::Line | Kind::Prose | Kind::Words)
    }

    /// May be written in several words without quotes.
    pub fn is_phrase(&self) -> bool {
        matches!(
            self,
            Kind::Date
                | Kind::Due
                | Kind::Person
                | Kind::Whoever
                | Kind::Crew
                | Kind::Period
                | Kind::Span
                | Kind::Amount
        )
    }

    /// Reads what was typed, and writes it as clap reads it, or says what would be right.
    pub fn read(&self, text: &str, known: &Known) -> Result<String, String> {
        self.read_whole(text, known)
            .map_err(|error| match text.char_indices().nth(LONGEST_QUOTE) {
                Some((end, _)) => error.replace(text, &format!("{}…", &text[..end])),
                None => error,
            })
    }

    fn read_whole(&self, text: &str, known: &Known) -> Result<String, String> {
        match self {
            Kind::Line => {
                let text = channels_by_name(text);
                let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
                fitting(line, LONGEST_LINE)
            }
            Kind::Prose => fitting(proper::<Prose>(&channels_by_name(text))?, LONGEST_PROSE),
            Kind::Words => Ok(text.to_owned()),
            Kind::Date => dates::read_date(text, known.today).map(|d| d.to_string()),
            Kind::Due => dates::read_due(text, known.today).map(|d| d.to_string()),
            Kind::Period => dates::read_period(text, known.today).map(|p| p.to_string()),
            Kind::Span => dates::read_span(text, known.today).map(|s| s.to_string()),
            Kind::Person => read_person(text, known).map(|p| p.id.to_string()),
            Kind::Whoever => read_whoever(text, known).map(|p| p.id.to_string()),
            Kind::Crew => read_crew(text, known),
            Kind::Amount => proper::<Amount>(text),
            Kind::Whole => match text.trim().parse::<i64>() {
                Ok(number) => Ok(number.to_string()),
                Err(_) => Err(format!("“{text}” is not a whole number.")),
            },
            Kind::Flag => match text.trim().to_lowercase().as_str() {
                "" | "yes" | "true" | "y" | "on" | "1" => Ok("yes".into()),
                "no" | "false" | "n" | "off" | "0" => Ok("no".into()),
                _ => Err(format!("“{text}” is neither yes nor no.")),
            },
            Kind::File => proper::<FileRef>(text),
            Kind::Zone => zone(text),
            Kind::Choice(choices) => choice(text, choices),
            Kind::Named(proper) | Kind::Record(proper) => proper(text),
        }
    }
}

/// Whether an argument says what the command is about: a form keeps it in its command instead of
/// asking for it again.
pub(super) fn is_subject(arg: &Arg, kind: &Kind) -> bool {
    let id = arg.get_value_parser().type_id();
    let items = [
        TypeId::of::<InputItem>(),
        TypeId::of::<ItemName>(),
        TypeId::of::<DecisionName>(),
        TypeId::of::<Seen>(),
    ];
    matches!(kind, Kind::Record(_) | Kind::Whoever)
        || items.iter().any(|item| id == *item)
        || is_origin(arg)
}

/// Where a face says an act came from. Nobody is asked for it.
pub(super) fn is_origin(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == TypeId::of::<Origin>()
}

/// The records that are known and that this argument can name.
pub(super) fn records(arg: &Arg, known: &Known) -> Vec<String> {
    let id = arg.get_value_parser().type_id();
    if id == TypeId::of::<ActionName>() {
        return known
            .actions
            .iter()
            .map(|(name, _)| name.to_string())
            .collect();
    }
    if id == TypeId::of::<AuditName>() {
        return known.audits.iter().map(ToString::to_string).collect();
    }
    if id == TypeId::of::<ProgrammeName>() {
        let mut years: Vec<i32> = known.audits.iter().map(|audit| audit.year).collect();
        years.dedup();
        return years
            .iter()
            .map(|year| ProgrammeName(*year).to_string())
            .collect();
    }
    if id == TypeId::of::<FindingName>() {
        let findings = known.findings.iter();
        return findings.map(|(name, _)| name.to_string()).collect();
    }
    if id == TypeId::of::<ReviewName>() {
        return known.reviews.iter().map(ToString::to_string).collect();
    }
    if id == TypeId::of::<KpiKey>() {
        return known.kpis.iter().map(ToString::to_string).collect();
    }
    if id == TypeId::of::<RecordName>() {
        let actions = known.actions.iter().map(|(name, _)| name.to_string());
        let audits = known.audits.iter().map(ToString::to_string);
        let reviews = known.reviews.iter().map(ToString::to_string);
        let kpis = known.kpis.iter().map(ToString::to_string);
        let findings = known.findings.iter().map(|(name, _)| name.to_string());
        let records = actions.chain(reviews).chain(kpis).chain(audits);
        return records.chain(findings).collect();
    }
    Vec::new()
}

/// Whether a record is there, as far as that is known: KPIs are, if any.
pub(super) fn there_is(arg: &Arg, name: &str, known: &Known) -> Result<(), String> {
    let is_kpi = arg.get_value_parser().type_id() == TypeId::of::<KpiKey>();
    let keys = || known.kpis.iter().map(KpiKey::as_str);
    if !is_kpi || known.kpis.is_empty() || keys().any(|key| key == name) {
        return Ok(());
    }
    Err(match nearest(name, keys()) {
        Some(near) => format!("There is no KPI “{name}”. Did you mean {near}?"),
        None => format!("There is no KPI “{name}”. All of them: “kpi list”."),
    })
}

/// How a record of this argument's kind is written.
pub(super) fn example(arg: &Arg) -> Option<&'static str> {
    let id = arg.get_value_parser().type_id();
    let table = [
        (TypeId::of::<ActionName>(), "CA-12"),
        (TypeId::of::<AuditName>(), "AUD-2026-03"),
        (TypeId::of::<ProgrammeName>(), "AP-2027"),
        (TypeId::of::<FindingName>(), "F-7"),
        (TypeId::of::<ReviewName>(), "MR-2026-Q4"),
        (TypeId::of::<KpiKey>(), "phishing-click-rate"),
        (TypeId::of::<DecisionName>(), "D2"),
        (TypeId::of::<ItemName>(), "A.6.1"),
    ];
    let mut table = table.into_iter();
    table.find(|(of, _)| id == *of).map(|(_, name)| name)
}

/// Whether clap takes the value of an argument, for limits that only the declaration knows.
pub(super) fn declared(arg: &Arg, value: &str) -> Result<(), String> {
    let words = match arg.get_long() {
        Some(long) => vec![format!("--{long}={value}")],
        None => vec!["--".to_owned(), value.to_owned()],
    };
    let alone = clap::Command::new("alone")
        .no_binary_name(true)
        .arg(arg.clone().required(false));
    let Err(error) = alone.try_get_matches_from(words) else {
        return Ok(());
    };
    let why = std::error::Error::source(&error).map(ToString::to_string);
    let range = why.as_deref().and_then(|why| why.split_once(" is not in "));
    Err(match range.and_then(|(_, range)| range.split_once("..=")) {
        Some((least, most)) if most.len() < 10 => format!("Give a number from {least} to {most}."),
        Some((least, _)) => format!("Give a number from {least} on."),
        None => format!("“{value}” does not fit here."),
    })
}

/// `#isms` for `<#C123|isms>`: in a text the name is what people read.
pub(super) fn channels_by_name(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("<#") {
        out.push_str(&rest[..start]);
        let mark = rest[start + 2..].split_once('>').filter(|(mark, _)| {
            let fits = |c: char| !c.is_whitespace() && !"<#".contains(c);
            mark.chars().all(fits)
        });
        match mark.and_then(|(mark, after)| Some((mark.split_once('|')?.1, after))) {
            Some((name, after)) if !name.is_empty() => {
                out.push_str(&format!("#{name}"));
                rest = after;
            }
            _ => {
                out.push_str("<#");
                rest = &rest[start + 2..];
            }
        }
    }
    out + rest
}

/// Finds a choice by its word, its other words, its label, or the beginning of its word.
fn choice(text: &str, choices: &[PossibleValue]) -> Result<String, String> {
    let word = text.trim().to_lowercase();
    let word = word.trim_matches(['(', ')', '.']);
    let named = |choice: &&PossibleValue| {
        choice.matches(word, true) || label(choice).to_lowercase() == word
    };
    let begins = |choice: &&PossibleValue| word.len() >= 2 && choice.get_name().starts_with(word);
    if let Some(choice) = choices.iter().find(named) {
        return Ok(choice.get_name().to_owned());
    }
    let begun: Vec<_> = choices.iter().filter(begins).collect();
    if let [choice] = begun[..] {
        return Ok(choice.get_name().to_owned());
    }
    let names = || choices.iter().map(PossibleValue::get_name);
    Err(match nearest(word, names()) {
        Some(near) => format!("“{text}” is not a choice. Did you mean {near}?"),
        None => {
            let names: Vec<String> = names().map(str::to_owned).collect();
            format!("“{text}” is not a choice. Write {}.", one_of(&names))
        }
    })
}

/// What people read for a choice.
pub(super) fn label(choice: &PossibleValue) -> String {
    match choice.get_help() {
        Some(help) => help.to_string(),
        None => choice.get_name().to_owned(),
    }
}

fn zone(text: &str) -> Result<String, String> {
    let name = text.trim();
    let names = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    if let Some(zone) = names().find(|zone| zone.eq_ignore_ascii_case(name)) {
        return Ok(zone.to_owned());
    }
    let city = name.to_lowercase().replace(' ', "_");
    let in_city = |zone: &&str| {
        let last = zone.rsplit('/').next().unwrap_or(zone);
        last.to_lowercase() == city
    };
    let near = names().find(in_city).or_else(|| nearest(name, names()));
    Err(match near {
        Some(near) => format!("“{name}” is not a time zone. Did you mean {near}?"),
        None => format!("“{name}” is not a time zone. Write it like Europe/Berlin."),
    })
}
