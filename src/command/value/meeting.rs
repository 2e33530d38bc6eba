//! When people meet, and who.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A time of day: `10:00`, `9.30`, `14h`, `9`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeOfDay(pub NaiveTime);

/// Several persons of the workspace, by our own ids; each once, in the order in which they were named.
/// The grammar turns `@ann @bob` into it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Crew(pub Vec<Uuid>);

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words = text.trim().to_lowercase();
        let (words, afternoon) = match (words.strip_suffix("am"), words.strip_suffix("pm")) {
            (Some(words), _) => (words.trim_end(), Some(false)),
            (_, Some(words)) => (words.trim_end(), Some(true)),
            _ => (words.as_str(), None),
        };
        let words = words.strip_suffix('h').unwrap_or(words);
        let (hour, minute) = words.split_once([':', '.', 'h']).unwrap_or((words, "00"));
        let number = |digits: &str, most: usize| -> Option<u32> {
            let fits =
                (1..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|_| fits)
        };
        let hour = number(hour, 2).and_then(|hour| match (afternoon, hour) {
            (None, hour) => Some(hour),
            (Some(true), 1..=11) => Some(hour + 12),
            (Some(true), 12) | (Some(false), 1..=11) => Some(hour),
            (Some(false), 12) => Some(0),
            _ => None,
        });
        let minute = number(minute, 2).filter(|_| minute.len() == 2);
        let time = hour.zip(minute);
        time.and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0))
            .map(TimeOfDay)
            .ok_or_else(|| format!("“{text}” is not a time of day like 10:00 or 14:30."))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.0.format("%H:%M"))
    }
}

impl FromStr for Crew {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut crew = Crew::default();
        for word in text.split_whitespace() {
            let id = word.parse();
            let id = id.map_err(|_| format!("“{word}” is nobody I know"))?;
            if !crew.0.contains(&id) {
                crew.0.push(id);
            }
        }
        match crew.0.is_empty() {
            true => Err("Name at least one person, as in @ann.".into()),
            false => Ok(crew),
        }
    }
}

impl fmt::Display for Crew {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let ids: Vec<String> = self.0.iter().map(Uuid::to_string).collect();
        f.write_str(&ids.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_read_as_people_write_it() {
        for (said, time) in [
            ("10:00", "10:00"),
            ("9", "09:00"),
            ("9.30", "09:30"),
            ("14h", "14:00"),
            ("8h15", "08:15"),
            ("2 pm", "14:00"),
            ("12:30am", "00:30"),
            ("12pm", "12:00"),
        ] {
            assert_eq!(
                said.parse::<TimeOfDay>().unwrap().to_string(),
                time,
                "{said}"
            );
        }
        for wrong in ["", "24:00", "10:5", "10:60", "13pm", "noon", "1000", "-1"] {
            assert!(wrong.parse::<TimeOfDay>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_crew_has_everybody_once() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let crew: Crew = format!("{two} {one} {two}").parse().unwrap();
        assert_eq!(crew.0, [two, one]);
        assert_eq!(crew.to_string().parse(), Ok(crew));
        assert!(" ".parse::<Crew>().is_err());
    }
}
