//! The three layers put on top of each other, and every value with the place it came from, so that
//! a wrong one can be found.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::config::{File, FileFormat, Source, Value, ValueKind};

use super::ConfigError;
use super::sources::is_of_a_secret;

/// Every setting with its default and its explanation.
pub const DEFAULT: &str = include_str!("../../config/default.toml");

/// The file that is read when none is named and it is there.
pub const OWN_FILE: &str = "isms-bot.toml";

const PREFIX: &str = "ISMS_";
/// Variables under our prefix that are no settings.
const NOT_SETTINGS: [&str; 2] = ["ISMS_CONFIG", "ISMS_TEST_"];

/// Where a value was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Default,
    File(PathBuf),
    Variable(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Default => f.write_str("the built-in defaults"),
            Place::File(path) => write!(f, "{}", path.display()),
            Place::Variable(name) => write!(f, "the environment ({name})"),
        }
    }
}

/// All settings by their dotted key, the winning layer's value each.
#[derive(Debug)]
pub struct Layers(BTreeMap<String, (Place, Value)>);

impl Layers {
    /// Puts the file and the variables over the defaults. Unknown keys are refused.
    pub fn collect(
        file: Option<&Path>,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let default = read(&File::from_str(DEFAULT, FileFormat::Toml), &Place::Default)?;
        let mut layers = Layers(BTreeMap::new());
        for (key, value) in default {
            layers.0.insert(key, (Place::Default, value));
        }
        if let Some(path) = file {
            let place = Place::File(path.to_owned());
            let text = std::fs::read_to_string(path).map_err(|why| ConfigError::Unreadable {
                path: path.to_owned(),
                why,
            })?;
            for (key, value) in read(&File::from_str(&text, FileFormat::Toml), &place)? {
                layers.put(key, place.clone(), value)?;
            }
        }
        for (name, words) in variables {
            let Some(rest) = name.strip_prefix(PREFIX) else {
                continue;
            };
            if NOT_SETTINGS.iter().any(|other| name.starts_with(other)) {
                continue;
            }
            let key = rest.to_lowercase().replace("__", ".");
            let value = Value::new(None, ValueKind::String(words.clone()));
            layers.put(key, Place::Variable(name.clone()), value)?;
        }
        Ok(layers)
    }

    fn put(&mut self, key: String, place: Place, value: Value) -> Result<(), ConfigError> {
        match self.0.get_mut(&key) {
            Some(slot) => {
                *slot = (place, value);
                Ok(())
            }
            // The operator chooses the names of these.
            None if is_of_a_secret(&key) => {
                self.0.insert(key, (place, value));
                Ok(())
            }
            None => Err(ConfigError::Unknown {
                nearest: self.nearest(&key, &place),
                key,
                place,
            }),
        }
    }

    /// The known key that looks most like this one, written as its place writes keys.
    fn nearest(&self, key: &str, place: &Place) -> String {
        let leaf = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
        // A variable with one underscore too few, or a key outside its section, is the same
        // word to a person: compare without the separators, too.
        let flat = |key: &str| key.replace(['.', '_', '-'], "");
        let likeness = |known: &str| {
            strsim::jaro_winkler(known, key)
                .max(strsim::jaro_winkler(&flat(known), &flat(key)))
                .max(strsim::jaro_winkler(&leaf(known), &leaf(key)) * 0.95)
        };
        let nearest = self
            .0
            .keys()
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
            .map_or("", String::as_str);
        match place {
            Place::Variable(_) => variable(nearest),
            _ => nearest.to_owned(),
        }
    }

    /// Every key, in order.
    pub fn every_key(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub fn place_of(&self, key: &str) -> Option<Place> {
        self.0.get(key).map(|(place, _)| place.clone())
    }

    /// The value as text, and where it is from. Numbers and booleans are text too.
    pub fn text(&self, key: &str) -> Result<(String, Place), ConfigError> {
        let (place, value) = self.0.get(key).expect("a key of the embedded default");
        let found = match &value.kind {
            ValueKind::Array(_) => "a list",
            ValueKind::Table(_) => "a table",
            _ => {
                let text = value.clone().into_string().unwrap_or_default();
                return Ok((text.trim().to_owned(), place.clone()));
            }
        };
        Err(ConfigError::Wrong {
            key: key.to_owned(),
            place: place.clone(),
            found: found.to_owned(),
            wanted: "text in quotes".to_owned(),
        })
    }
}

/// The name of a key's environment variable: `slack.bot_token` is `ISMS_SLACK__BOT_TOKEN`.
pub fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// The leaves of one source, by dotted key.
fn read(source: &dyn Source, place: &Place) -> Result<BTreeMap<String, Value>, ConfigError> {
    let table = source.collect().map_err(|error| ConfigError::Corrupt {
        place: place.clone(),
        why: in_one_line(&error),
    })?;
    let mut leaves = BTreeMap::new();
    for (key, value) in table {
        flatten(key, value, &mut leaves);
    }
    Ok(leaves)
}

fn flatten(key: String, value: Value, into: &mut BTreeMap<String, Value>) {
    match value.kind {
        ValueKind::Table(table) if !table.is_empty() => {
            for (below, value) in table {
                flatten(format!("{key}.{below}"), value, into);
            }
        }
        // A section without keys says nothing.
        ValueKind::Table(_) => {}
        _ => {
            into.insert(key, value);
        }
    }
}

/// The parser draws the faulty line over several lines. It may hold a secret, so only what is
/// before and after it is kept: where, and what is wrong.
fn in_one_line(error: &::config::ConfigError) -> String {
    let cause = match error {
        ::config::ConfigError::FileParse { cause, .. } => cause.to_string(),
        other => other.to_string(),
    };
    let lines: Vec<&str> = cause.lines().map(str::trim).collect();
    match lines.as_slice() {
        [first, .., ""] => (*first).to_owned(),
        [first, .., last] => format!("{first}: {last}"),
        _ => cause,
    }
}
