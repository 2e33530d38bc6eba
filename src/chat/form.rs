//! A form: something to fill in. Its fields are named arguments of the command it carries.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// At most 24 characters (Slack's modal title).
    pub title: String,
    /// What to know before filling in, and any error that belongs to no field.
    pub intro: Option<String>,
    /// The command it completes, with the arguments already known: `action done CA-12`.
    pub command: String,
    pub fields: Vec<Field>,
    /// The word on the button, at most 24 characters.
    pub submit: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The argument's name, as in `owner:@ann`.
    pub name: String,
    /// What the person reads above it, at most 45 characters (Discord's limit).
    pub label: String,
    pub hint: Option<String>,
    pub kind: FieldKind,
    pub required: bool,
    /// What stands in it: a default, or what was typed before.
    pub value: Option<String>,
    /// What was wrong with it, and what would be right.
    pub error: Option<String>,
}

impl Field {
    pub fn is_file(&self) -> bool {
        matches!(self.kind, FieldKind::File)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Line,
    /// Several lines of text.
    Paragraph,
    /// A date. Faces with a date picker send `2026-12-31`; words (`friday`) are understood too.
    Date,
    /// Sent as typed; the command reads `12`, `12.5`, `12,5`.
    Number,
    /// Sent as the platform's id of the person.
    Person,
    Choice(Vec<Choice>),
    /// One of many that exist (a record, a zone): a face that can searches for it while the person
    /// types, others take the line as typed.
    Search,
    /// A file to attach. Its value is the digest of one that was attached before, and its hint names
    /// it. A face whose forms cannot ask for files (Discord's) shows it only.
    File,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// What the command reads, at most 75 characters.
    pub value: String,
    /// What the person reads, at most 75 characters.
    pub label: String,
}

impl Form {
    /// Whether anything in it is marked as wrong.
    pub fn has_errors(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }

    /// Says something before the fields, above what is said there already.
    pub fn say(&mut self, words: impl Into<String>) {
        let mut words = words.into();
        if let Some(before) = &self.intro {
            words.push('\n');
            words.push_str(before);
        }
        self.intro = Some(words);
    }

    /// Puts a value into a field in which nothing stands yet.
    pub fn fill(&mut self, name: &str, value: Option<&str>) {
        let empty = |field: &&mut Field| field.name == name && field.value.is_none();
        if let Some(field) = self.fields.iter_mut().find(empty) {
            field.value = value.map(str::to_owned);
        }
    }

    /// Puts a value into a field, whatever stands there.
    pub fn put(&mut self, name: &str, value: Option<String>) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            field.value = value;
        }
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
