//! A command being read: which word belongs to which argument.
//!
//! Words go to the arguments in their order; a text takes in all that is left over. `key:value`
//! goes where it says. Dates and people may take several words: as many as make sense together.

use clap::Arg;

use super::catalog::{Entry, argument_name};
use super::dates;
use super::kind::{Kind, LONGEST_QUOTE, declared, is_subject, kind, there_is};
use super::known::Known;
use super::names::nearest;
use super::words::{Dash, Word};

/// As many words as a date or a name can have.
const LONGEST_PHRASE: usize = 6;
/// As many as the names of several people can have.
const LONGEST_CREW: usize = 40;

pub(super) struct Draft {
    pub entry: Entry,
    pub slots: Vec<Slot>,
    /// What was wrong and belongs to no argument.
    pub notes: Vec<String>,
    /// Words that no argument takes.
    left_over: Vec<String>,
}

/// One argument and what was given for it.
pub(super) struct Slot {
    pub arg: &'static Arg,
    pub name: String,
    pub kind: Kind,
    /// As it was typed.
    pub typed: Option<String>,
    /// As clap reads it, or what was wrong.
    pub read: Option<Result<String, String>>,
}

impl Slot {
    pub fn required(&self) -> bool {
        self.arg.is_required_set()
    }

    /// Says what the command is about.
    pub fn is_subject(&self) -> bool {
        is_subject(self.arg, &self.kind)
    }

    /// What was read, if it could be.
    pub fn value(&self) -> Option<&str> {
        self.read.as_ref()?.as_deref().ok()
    }

    fn read(&mut self, known: &Known) {
        let read = |text: &String| {
            let value = self.kind.read(text, known)?;
            match self.kind {
                Kind::Whole => declared(self.arg, &value)?,
                Kind::Record(_) => there_is(self.arg, &value, known)?,
                _ => {}
            }
            Ok(value)
        };
        self.read = self.typed.as_ref().map(read);
    }

    fn append(&mut self, word: &Word) {
        match &mut self.typed {
            Some(text) => {
                text.push(if word.new_line { '\n' } else { ' ' });
                text.push_str(&word.text);
            }
            None => self.typed = Some(word.text.clone()),
        }
    }
}

/// What a word is to this command.
enum Role {
    Plain,
    /// It names this argument.
    Key(usize),
    /// It names no argument, but nearly this one.
    Slip(usize),
    /// It names no argument.
    Stray,
}

impl Draft {
    pub fn new(entry: Entry) -> Draft {
        let slot = |arg: &'static Arg| Slot {
            arg,
            name: argument_name(arg),
            kind: kind(arg),
            typed: None,
            read: None,
        };
        Draft {
            slots: entry.arguments().map(slot).collect(),
            entry,
            notes: Vec::new(),
            left_over: Vec::new(),
        }
    }

    /// Takes in typed words.
    pub fn fill(&mut self, words: &[Word], known: &Known) {
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let following = &words[at + 1..];
            at += 1;
            match self.role(word) {
                Role::Key(slot) => at += self.take_keyed(slot, word, following, known),
                Role::Slip(slot) => {
                    let (wrong, right) = (word.key.clone().unwrap_or_default(), &self.slots[slot]);
                    self.notes.push(format!(
                        "There is no “{wrong}” here; I took it as “{}”.",
                        right.name
                    ));
                    at += self.take_keyed(slot, word, following, known);
                }
                Role::Stray => {
                    let wrong = word.key.clone().unwrap_or_default();
                    self.notes.push(format!("There is no “{wrong}” here."));
                }
                Role::Plain => at += self.take_plain(word, following, known),
            }
        }
        if !self.left_over.is_empty() {
            let words: String = self
                .left_over
                .join(" ")
                .chars()
                .take(LONGEST_QUOTE)
                .collect();
            self.notes
                .push(format!("I do not know what to do with “{words}”."));
        }
        for slot in &mut self.slots {
            if slot.read.is_none() {
                slot.read(known);
            }
        }
    }

    /// Takes in a form's field. An empty one takes back what stood there.
    pub fn put(&mut self, name: &str, value: &str, known: &Known) {
        let Some(slot) = self.slots.iter_mut().find(|slot| slot.name == name) else {
            self.notes.push(format!(
                "This form asked for “{name}”, which there is no more."
            ));
            return;
        };
        let given = !value.trim().is_empty();
        slot.typed = given.then(|| value.to_owned());
        slot.read(known);
    }

    fn role(&self, word: &Word) -> Role {
        let Some(key) = word.key.as_deref() else {
            return Role::Plain;
        };
        if let Some(slot) = self.slot(key) {
            return Role::Key(slot);
        }
        let attached = word.value.as_deref().is_some_and(|value| !value.is_empty());
        let names = || self.slots.iter().map(|slot| slot.name.as_str());
        let near = nearest(key, names()).and_then(|name| Some((name, self.slot(name)?)));
        match (near, word.dash) {
            (Some((_, slot)), Dash::Typed) => Role::Slip(slot),
            (None, Dash::Typed) => Role::Stray,
            // Without dashes it may be prose: `node:18`, `https://…`.
            (Some((name, slot)), _) if attached && is_slip(key, name) => Role::Slip(slot),
            _ => Role::Plain,
        }
    }

    fn slot(&self, name: &str) -> Option<usize> {
        self.slots.iter().position(|slot| slot.name == name)
    }

    /// Gives an argument its value; says how many of the following words belonged to it.
    fn take_keyed(&mut self, slot: usize, word: &Word, following: &[Word], known: &Known) -> usize {
        let own = word.value.clone().filter(|value| !value.is_empty());
        let (text, taken) = if word.quoted {
            (word.value.clone(), 0)
        } else if matches!(self.slots[slot].kind, Kind::Flag) {
            (own.or_else(|| Some("yes".into())), 0)
        } else {
            let run: Vec<&Word> = following
                .iter()
                .take_while(|word| matches!(self.role(word), Role::Plain))
                .collect();
            self.keyed_value(slot, own.as_deref(), &run, known)
        };
        let slot = &mut self.slots[slot];
        match (text, &slot.typed) {
            (None, _) => {
                slot.read = Some(Err(format!("Nothing stands after “{}:”.", slot.name)));
            }
            (Some(text), Some(before)) if *before != text => {
                let twice = format!("This was given twice: “{before}” and “{text}”. Which one?");
                slot.read = Some(Err(twice));
            }
            (Some(text), _) => slot.typed = Some(text),
        }
        taken
    }

    /// The value after a key: its own word, and of those that follow what makes sense with it.
    fn keyed_value(
        &self,
        slot: usize,
        own: Option<&str>,
        run: &[&Word],
        known: &Known,
    ) -> (Option<String>, usize) {
        let kind = &self.slots[slot].kind;
        let first = usize::from(own.is_none());
        if own.is_none() && run.first().is_some_and(|word| word.quoted) {
            return (Some(run[0].text.clone()), 1);
        }
        let join = |words: &[&Word]| {
            let mut text = own.unwrap_or_default().to_owned();
            for word in words {
                if !text.is_empty() {
                    text.push(if word.new_line { '\n' } else { ' ' });
                }
                text.push_str(&word.text);
            }
            text
        };
        // A short text leaves the rest to the arguments that are still waited for.
        let waiting =
            |other: &Slot| other.arg.is_positional() && other.required() && other.typed.is_none();
        let is_waited_for = self
            .slots
            .iter()
            .enumerate()
            .any(|(i, other)| i != slot && waiting(other));
        let taken = match kind {
            Kind::Prose => run.len(),
            Kind::Line | Kind::Words if !is_waited_for => run.len(),
            kind if kind.is_phrase() => phrase(kind, own, run, known),
            _ => first.min(run.len()),
        };
        let text = join(&run[..taken]);
        ((!text.is_empty()).then_some(text), taken)
    }

    /// Gives a word without a key its place; says how many of the following words went with it.
    fn take_plain(&mut self, word: &Word, following: &[Word], known: &Known) -> usize {
        let run: Vec<&Word> = std::iter::once(word)
            .chain(following)
            .take_while(|word| matches!(self.role(word), Role::Plain))
            .collect();
        let next = self
            .slots
            .iter()
            .position(|slot| slot.arg.is_positional() && slot.typed.is_none());
        if let Some(slot) = self.switch(word, next, run.len() == 1) {
            let choice = word.text.to_lowercase();
            let is_flag = matches!(self.slots[slot].kind, Kind::Flag);
            self.slots[slot].typed = Some(if is_flag { "yes".into() } else { choice });
            return 0;
        }
        let last_text = || {
            let positional = |slot: &Slot| slot.arg.is_positional();
            let last = self.slots.iter().rposition(positional)?;
            self.slots[last].kind.is_text().then_some(last)
        };
        match next.or_else(last_text) {
            Some(slot) if self.slots[slot].kind.is_phrase() && !word.quoted => {
                let taken = phrase(&self.slots[slot].kind, None, &run, known).max(1);
                for word in &run[..taken] {
                    self.slots[slot].append(word);
                }
                taken - 1
            }
            Some(slot) => {
                self.slots[slot].append(word);
                0
            }
            None => {
                self.left_over.push(word.text.clone());
                0
            }
        }
    }

    /// The argument that a word switches on by itself, as in `action list mine done`: only where
    /// nothing has to be said first, and never out of the middle of a longer text.
    fn switch(&self, word: &Word, next: Option<usize>, alone: bool) -> Option<usize> {
        let wanted = |slot: &Slot| slot.required() && slot.typed.is_none();
        let in_prose = next.is_some_and(|next| matches!(self.slots[next].kind, Kind::Prose));
        if word.quoted || self.slots.iter().any(wanted) || (in_prose && !alone) {
            return None;
        }
        let is_list = !self.slots.iter().any(Slot::required);
        let text = word.text.to_lowercase();
        self.slots.iter().position(|slot| match &slot.kind {
            Kind::Flag => slot.name == text,
            Kind::Choice(choices) if is_list && slot.typed.is_none() => {
                choices.iter().any(|choice| choice.get_name() == text)
            }
            _ => false,
        })
    }
}

/// How many words of a run make the longest phrase that can be read. If none can, those that
/// were certainly meant to belong to it.
fn phrase(kind: &Kind, own: Option<&str>, run: &[&Word], known: &Known) -> usize {
    let first = usize::from(own.is_none());
    let longest = match kind {
        Kind::Crew => LONGEST_CREW,
        _ => LONGEST_PHRASE,
    };
    let most = run
        .iter()
        .take(longest)
        .take_while(|word| !word.quoted)
        .count();
    let text = |count: usize| {
        let words = run[..count].iter().map(|word| word.text.as_str());
        own.into_iter().chain(words).collect::<Vec<_>>().join(" ")
    };
    let reads = (first..=most)
        .rev()
        .find(|n| kind.read(&text(*n), known).is_ok());
    let is_date = matches!(kind, Kind::Date | Kind::Due | Kind::Period | Kind::Span);
    let head = own.or(run.first().map(|word| word.text.as_str()));
    match reads {
        Some(count) => count,
        None if is_date && head.is_some_and(dates::leads_in) => most.min(first + 2),
        None => first.min(most),
    }
}

/// Whether a key without dashes is a slip of this name, and not prose with a colon in it.
fn is_slip(key: &str, name: &str) -> bool {
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    key.chars().count() >= 5 || letters(key) == letters(name)
}
