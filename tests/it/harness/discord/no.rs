//! Refusals, in Discord's shape.

use serde_json::{Map, Value, json};

/// Where in a body something is wrong, and what.
pub type Wrong = (String, String);
pub type Checked = Result<(), Wrong>;

/// A refusal.
#[derive(Debug)]
pub struct No {
    pub status: u16,
    pub code: i64,
    pub message: String,
    pub wrong: Option<Wrong>,
    /// It is also against the protocol.
    pub violation: bool,
}

impl No {
    pub fn new(status: u16, code: i64, message: &str) -> No {
        No {
            status,
            code,
            message: message.to_owned(),
            wrong: None,
            violation: false,
        }
    }

    pub fn violates(self) -> No {
        No {
            violation: true,
            ..self
        }
    }

    /// What is told and remembered.
    pub fn detail(&self) -> String {
        match &self.wrong {
            Some((path, why)) => format!("{}: {path}: {why}", self.message),
            None => self.message.clone(),
        }
    }

    pub fn body(&self) -> Value {
        let mut body = json!({ "message": self.message, "code": self.code });
        if let Some((path, why)) = &self.wrong {
            let mut errors = json!({ "_errors": [{ "code": "INVALID", "message": why }] });
            for part in path.rsplit('.').filter(|part| !part.is_empty()) {
                errors = json!({ part: errors });
            }
            body["errors"] = errors;
        }
        body
    }
}

impl From<Wrong> for No {
    fn from(wrong: Wrong) -> No {
        No {
            wrong: Some(wrong),
            ..No::new(400, 50035, "Invalid Form Body")
        }
    }
}

/// What is wrong with the thing at hand itself.
pub fn wrong<T>(why: impl Into<String>) -> Result<T, Wrong> {
    Err((String::new(), why.into()))
}

/// Says where something wrong stands.
pub fn at(part: impl ToString) -> impl FnOnce(Wrong) -> Wrong {
    move |(path, why)| match path.is_empty() {
        true => (part.to_string(), why),
        false => (format!("{}.{path}", part.to_string()), why),
    }
}

/// The object, if it has no other keys than these.
pub fn only<'a>(value: &'a Value, keys: &[&str]) -> Result<&'a Map<String, Value>, Wrong> {
    let Some(map) = value.as_object() else {
        return wrong(format!("not an object: {value}"));
    };
    match map.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err((key.clone(), "unknown field".into())),
        None => Ok(map),
    }
}

/// A text of so many characters; says how many.
pub fn text(of: &Value, key: &str, (least, most): (usize, usize)) -> Result<usize, Wrong> {
    let Some(text) = of[key].as_str() else {
        return Err((key.to_owned(), format!("not a text: {}", of[key])));
    };
    let length = text.chars().count();
    if text.trim().is_empty() && least > 0 {
        return Err((key.to_owned(), "This field is required".into()));
    }
    if (least..=most).contains(&length) {
        Ok(length)
    } else {
        let why = format!("Must be between {least} and {most} in length, not {length}");
        Err((key.to_owned(), why))
    }
}

/// The same, where it may be missing.
pub fn maybe_text(of: &Value, key: &str, fits: (usize, usize)) -> Result<usize, Wrong> {
    match of[key].is_null() {
        true => Ok(0),
        false => text(of, key, fits),
    }
}

pub fn flag(of: &Value, key: &str) -> Checked {
    match &of[key] {
        Value::Null | Value::Bool(_) => Ok(()),
        other => Err((key.to_owned(), format!("not a flag: {other}"))),
    }
}

/// Checks each of a list that may be missing.
pub fn each(
    of: &Value,
    key: &str,
    (least, most): (usize, usize),
    mut check: impl FnMut(&Value) -> Checked,
) -> Checked {
    let list = match &of[key] {
        Value::Null if least == 0 => return Ok(()),
        Value::Array(list) => list,
        other => return Err((key.to_owned(), format!("not a list: {other}"))),
    };
    if !(least..=most).contains(&list.len()) {
        let why = format!(
            "Must be between {least} and {most} in length, not {}",
            list.len()
        );
        return Err((key.to_owned(), why));
    }
    for (n, item) in list.iter().enumerate() {
        check(item).map_err(at(n)).map_err(at(key))?;
    }
    Ok(())
}
