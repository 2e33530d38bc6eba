//! From words, or from a form, to a [`Command`].

use clap::Parser;

use super::Command;
use super::catalog::{Entry, Found};
use super::draft::Draft;
use super::kind::Kind;
use super::known::Known;
use super::misread::{self, Misread};
use super::names::mention;
use super::value::RecordName;
use super::words::{Word, words};
use crate::chat::{Card, Form};

/// See [`spread`].
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    pub path: Vec<&'static str>,
    /// By the argument's name.
    pub values: Vec<(String, String)>,
}

/// Reads what was typed after `/isms`.
pub fn parse(text: &str, known: &Known) -> Result<Command, Misread> {
    read(&spoken(text), known)
}

/// Reads a submitted form: the command it carries and what was filled in.
pub fn parse_form(
    command: &str,
    values: &[(String, String)],
    known: &Known,
) -> Result<Command, Misread> {
    finish(&draft(&spoken(command), values, known)?, true, known)
}

/// The form of a command, with all that was typed in its fields, also when nothing is missing: to
/// show it again with an error that only the room could find, or to change a record.
pub fn form(text: &str, values: &[(String, String)], known: &Known) -> Result<Form, Misread> {
    let draft = draft(&spoken(text), values, known)?;
    Ok(misread::form(&draft, !values.is_empty(), known))
}

/// The form of a command as far as it is filled in: what is missing is not an error yet.
pub fn begun(text: &str, values: &[(String, String)], known: &Known) -> Result<Form, Misread> {
    let draft = draft(&spoken(text), values, known)?;
    Ok(misread::form(&draft, false, known))
}

/// The platform's ids of everyone mentioned, so that they can be made known before reading.
pub fn mentions(text: &str, values: &[(String, String)]) -> Vec<String> {
    let said = spoken(text);
    let words = said
        .iter()
        .map(|word| word.value.as_deref().unwrap_or(&word.text));
    // One value may name several.
    let parts = words.flat_map(|word| word.split_inclusive('>'));
    let named = parts.filter_map(|part| mention(part.trim()));
    let mut ids: Vec<String> = named.map(str::to_owned).collect();
    if let Found::Command(entry, _) = follow(&said) {
        let draft = Draft::new(entry);
        let is_person = |name: &str| {
            let mut slots = draft.slots.iter();
            slots.any(|slot| slot.name == name && matches!(slot.kind, Kind::Person))
        };
        // What a picker sends is an id, without small letters; anything else was typed.
        let is_id = |id: &str| {
            let typed = |c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit());
            id.contains(|c: char| c.is_ascii_digit()) && !id.contains(typed)
        };
        let picked = values.iter().filter(|(name, _)| is_person(name));
        let picked = picked.map(|(_, value)| mention(value).unwrap_or(value));
        ids.extend(picked.filter(|id| is_id(id)).map(str::to_owned));
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The command that words lead to, as in `action new` or `CA-12 cancel`, whatever is missing or wrong
/// after it: so that a right can be looked up before a form is opened.
pub fn leads_to(text: &str, known: &Known) -> Option<String> {
    let draft = draft(&spoken(text), &[], known).ok()?;
    Some(draft.entry.words())
}

/// Whether words begin a command, or name a record: anything else was said to nobody in particular.
pub fn is_begun(text: &str) -> bool {
    match follow(&spoken(text)) {
        Found::Command(..) | Found::Group(_) => true,
        Found::Unknown { within, word } => {
            let is_number = word.starts_with(|c: char| c.is_ascii_digit());
            let named = word.parse().ok().filter(|_| !is_number);
            !within.path.is_empty() || named.is_some_and(|name| !matches!(name, RecordName::Kpi(_)))
        }
    }
}

/// The words that lead to a command, and each of its arguments that was given, with its value as it
/// was typed: what a client with a field for every argument makes of a line. `None` if the words
/// lead to no command, or hold what no argument takes.
pub fn spread(text: &str) -> Option<Spread> {
    let draft = draft(&spoken(text), &[], &Known::default()).ok()?;
    let given = draft.slots.iter().filter_map(|slot| {
        let value = slot.typed.clone()?;
        Some((slot.name.clone(), value))
    });
    draft.notes.is_empty().then(|| Spread {
        path: draft.entry.path.clone(),
        values: given.collect(),
    })
}

/// The arguments of a command that are files, each with what was typed for it.
pub fn files(text: &str) -> Vec<(String, Option<String>)> {
    let draft = draft(&spoken(text), &[], &Known::default());
    let slots = draft.map(|draft| draft.slots).unwrap_or_default();
    let files = slots
        .into_iter()
        .filter(|slot| matches!(slot.kind, Kind::File));
    files.map(|slot| (slot.name, slot.typed)).collect()
}

/// The record that a command is about, as in `action done CA-12`.
pub fn subject(text: &str) -> Option<RecordName> {
    let draft = draft(&spoken(text), &[], &Known::default()).ok()?;
    let mut slots = draft.slots.iter();
    let slot = slots.find(|slot| matches!(slot.kind, Kind::Record(_)))?;
    slot.value()?.parse().ok()
}

/// What was said, in words. `/isms` before it is forgiven.
fn spoken(text: &str) -> Vec<Word> {
    let text = clean(text);
    let text = text.trim_start();
    let said = text.strip_prefix("/isms").unwrap_or(text);
    if said.starts_with(|c: char| !c.is_whitespace()) && said.len() != text.len() {
        return words(text);
    }
    words(said)
}

/// Without characters that nobody typed and a database refuses.
fn clean(text: &str) -> String {
    let typed = |c: &char| !c.is_control() || c.is_whitespace();
    text.chars().filter(typed).collect()
}

fn follow(said: &[Word]) -> Found {
    let found = Entry::follow(said.iter().map(|word| word.text.as_str()));
    match found {
        Found::Group(group) => match group.by_itself() {
            Some(entry) => Found::Command(entry, said.len()),
            None => Found::Group(group),
        },
        found => found,
    }
}

fn read(said: &[Word], known: &Known) -> Result<Command, Misread> {
    if let Some(topic) = help_topic(said) {
        return Ok(Command::Help { topic });
    }
    finish(&draft(said, &[], known)?, false, known)
}

/// What help is asked for: `action`, `action new ?`, `action new --help`, and nothing at all.
fn help_topic(said: &[Word]) -> Option<Vec<String>> {
    let used = match follow(said) {
        Found::Group(group) => return Some(owned(&group.path)),
        Found::Command(_, used) => used,
        Found::Unknown { within, .. } => within.path.len(),
    };
    let asks = |word: &Word| {
        let text = word.text.to_lowercase();
        !word.quoted && ["help", "?", "--help", "-h", "—help"].contains(&text.as_str())
    };
    let path = || said[..used].iter().map(|word| word.text.clone());
    match &said[used..] {
        [last] if asks(last) => Some(path().collect()),
        [first, topic @ ..] if used == 0 && asks(first) => {
            Some(topic.iter().map(|word| word.text.clone()).collect())
        }
        _ => None,
    }
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|word| (*word).to_owned()).collect()
}

/// Sorts words and values into the arguments of the command they lead to.
fn draft(said: &[Word], values: &[(String, String)], known: &Known) -> Result<Draft, Misread> {
    let (entry, words) = match follow(said) {
        Found::Command(entry, used) => (entry, said[used..].to_vec()),
        Found::Group(group) => {
            return Err(Misread::Card(super::help::help(&owned(&group.path))));
        }
        Found::Unknown { within, word } => {
            let short = by_record(&within, said, known).or_else(|| by_filter(&within, said));
            short.ok_or_else(|| {
                let rest = said.iter().skip(within.path.len() + 1);
                let rest: Vec<&str> = rest.map(|word| word.text.as_str()).collect();
                misread::unknown(&within, &word, &rest.join(" "))
            })?
        }
    };
    let mut draft = Draft::new(entry);
    draft.fill(&words, known);
    for (name, value) in values {
        draft.put(name, &clean(value), known);
    }
    Ok(draft)
}

/// A record's name alone shows it (`CA-12`, `action 12`, `kpi incidents`), and what is to be done
/// may follow it: `CA-12 done all patched`.
fn by_record(within: &Entry, said: &[Word], known: &Known) -> Option<(Entry, Vec<Word>)> {
    let used = within.path.len();
    let name = said.get(used)?.text.as_str();
    let is_number = name.starts_with(|c: char| c.is_ascii_digit());
    let is_kpi = |name: &str| {
        let key = name.parse();
        key.is_ok_and(|key| known.kpis.contains(&key))
    };
    let group = match (&within.path[..], name.parse().ok()?) {
        ([], _) if is_number => return None,
        ([] | ["action"], RecordName::Action(_)) => "action",
        ([] | ["audit"], RecordName::Audit(_) | RecordName::Programme(_)) => "audit",
        ([] | ["audit"], RecordName::Finding(_)) => "audit",
        ([] | ["review"], RecordName::Review(_)) => "review",
        ([] | ["kpi"], RecordName::Kpi(_)) if is_kpi(name) => "kpi",
        _ => return None,
    };
    // A programme is shown as the list of its audits.
    let show = match name.parse() {
        Ok(RecordName::Programme(_)) => "list",
        Ok(RecordName::Finding(_)) => "finding-show",
        _ => "show",
    };
    let next = said.get(used + 1).map(|word| word.text.as_str());
    let named = Entry::root().child(group)?.child(next.unwrap_or(show));
    let mut words = said[used..].to_vec();
    let entry = match named {
        Some(entry) if next.is_some() => {
            words.remove(1);
            entry
        }
        Some(entry) => entry,
        None => Entry::root().child(group)?.child(show)?,
    };
    Some((entry, words))
}

/// What narrows a list lists: `action overdue`, `action mine`, `action done` aside.
fn by_filter(within: &Entry, said: &[Word]) -> Option<(Entry, Vec<Word>)> {
    let words = &said[within.path.len()..];
    let list = within.child("list").filter(|_| !within.path.is_empty())?;
    let filter = words.first()?.text.to_lowercase();
    let draft = Draft::new(list.clone());
    let mut slots = draft.slots.iter();
    let narrows = slots.any(|slot| matches!(slot.kind, Kind::Flag) && slot.name == filter);
    narrows.then(|| (list, words.to_vec()))
}

/// Makes a command of a draft that is whole.
fn finish(draft: &Draft, submitted: bool, known: &Known) -> Result<Command, Misread> {
    let wrong = |slot: &super::draft::Slot| match &slot.read {
        Some(read) => read.is_err(),
        None => slot.required(),
    };
    if draft.notes.is_empty() && !draft.slots.iter().any(wrong) {
        return match Command::try_parse_from(command_line(draft)) {
            Ok(command) => Ok(command),
            // Every value was read before, so this is a slip in a declaration.
            Err(error) => Err(Misread::Card(Card::say(said_by_clap(&error)))),
        };
    }
    if draft.slots.is_empty() {
        return Err(misread::too_much(draft));
    }
    Err(Misread::Form(misread::form(draft, submitted, known)))
}

/// The words as clap reads them.
fn command_line(draft: &Draft) -> Vec<String> {
    let mut line = owned(&draft.entry.path);
    let mut in_order = Vec::new();
    for slot in &draft.slots {
        let Some(value) = slot.value() else { continue };
        match &slot.kind {
            Kind::Flag if value == "yes" => line.push(format!("--{}", slot.name)),
            Kind::Flag => {}
            Kind::Words => in_order.extend(value.split_whitespace().map(str::to_owned)),
            _ if slot.arg.is_positional() => in_order.push(value.to_owned()),
            _ => line.push(format!("--{}={value}", slot.name)),
        }
    }
    if !in_order.is_empty() {
        line.push("--".into());
        line.extend(in_order);
    }
    line
}

/// The first line of clap's own words.
fn said_by_clap(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}
