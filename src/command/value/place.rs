//! Where something belongs: a clause or control, a channel, the days of the week.

use std::fmt;
use std::str::FromStr;

use chrono::{Weekday, WeekdaySet};
use serde::{Deserialize, Serialize};

use super::plain_dashes;

/// An Annex A control (`A.8.8`) or a clause (`9.1`) of ISO/IEC 27001:2022.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ControlName(String);

/// How many controls the groups A.5 to A.8 have.
const CONTROLS: [(u32, u32); 4] = [(5, 37), (6, 8), (7, 14), (8, 34)];

impl ControlName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_control(&self) -> bool {
        self.0.starts_with('A')
    }
}

impl FromStr for ControlName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.trim().to_ascii_uppercase();
        let (control, numbers) = match name.strip_prefix('A') {
            Some(rest) => (true, rest.trim_start_matches(['.', ' '])),
            None => (false, name.as_str()),
        };
        let parts: Option<Vec<u32>> = numbers
            .split('.')
            .map(|part| part.parse().ok().filter(|_| !part.starts_with('+')))
            .collect();
        match (control, parts.as_deref()) {
            (true, Some([group, number])) => {
                let Some((_, last)) = CONTROLS.iter().find(|(g, _)| g == group) else {
                    return Err("Annex A has the groups A.5 to A.8.".into());
                };
                if (1..=*last).contains(number) {
                    Ok(ControlName(format!("A.{group}.{number}")))
                } else {
                    Err(format!(
                        "The controls of A.{group} run from A.{group}.1 to A.{group}.{last}."
                    ))
                }
            }
            (false, Some(parts @ [clause, ..]))
                if parts.len() <= 3 && parts.iter().all(|part| (1..=99).contains(part)) =>
            {
                if (4..=10).contains(clause) {
                    let parts: Vec<_> = parts.iter().map(u32::to_string).collect();
                    Ok(ControlName(parts.join(".")))
                } else {
                    Err("The clauses with requirements run from 4 to 10.".into())
                }
            }
            _ => Err(format!(
                "“{text}” is neither a control like A.8.8 nor a clause like 9.1."
            )),
        }
    }
}

impl fmt::Display for ControlName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What someone can be responsible for: a clause (`7`), a control group (`A.8`), or a single clause
/// or control (`9.1`, `A.8.8`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AreaName(String);

impl AreaName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One control, which has none below it.
    pub fn is_single(&self) -> bool {
        self.0.starts_with('A') && self.0.split('.').count() == 3
    }
}

impl FromStr for AreaName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.trim().to_ascii_uppercase();
        let group = name
            .strip_prefix('A')
            .map(|rest| rest.trim_start_matches(['.', ' ']));
        if let Some(group) = group
            && let Some((group, _)) = CONTROLS.iter().find(|(g, _)| g.to_string() == group)
        {
            return Ok(AreaName(format!("A.{group}")));
        }
        match name.parse::<ControlName>() {
            Ok(single) => Ok(AreaName(single.0)),
            Err(error) if error.contains("neither") => Err(format!(
                "“{text}” is no area. Write a clause like 7 or 9.1, a control group like A.8, or a \
                 control like A.8.8."
            )),
            Err(error) => Err(error),
        }
    }
}

impl fmt::Display for AreaName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Some of the clauses and controls: `A.8.9, A.5.23`, or whole groups of them, `9.2`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Requirements(pub Vec<AreaName>);

impl FromStr for Requirements {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = text.split(|c: char| c.is_whitespace() || ",;".contains(c));
        let names: Result<Vec<AreaName>, String> = names
            .filter(|name| !name.is_empty())
            .map(str::parse)
            .collect();
        match names? {
            names if names.is_empty() => Err("Name at least one, like A.8.9.".into()),
            names => Ok(Requirements(names)),
        }
    }
}

impl fmt::Display for Requirements {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(AreaName::as_str).collect();
        f.write_str(&names.join(","))
    }
}

/// A channel: the one the speaker is in, or one by the platform's id or name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelName {
    Here,
    /// `C123` out of `<#C123|general>`, `general` out of `#general`.
    Named(String),
}

impl FromStr for ChannelName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.trim();
        if name.eq_ignore_ascii_case("here") {
            return Ok(ChannelName::Here);
        }
        let name = match name
            .strip_prefix("<#")
            .and_then(|rest| rest.strip_suffix('>'))
        {
            Some(mention) => mention.split('|').next().unwrap_or(mention),
            None => name.strip_prefix('#').unwrap_or(name),
        };
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || "<>#|".contains(c)) {
            return Err(format!("“{text}” is not a channel. Write #name, or here."));
        }
        Ok(ChannelName::Named(name.to_owned()))
    }
}

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            ChannelName::Here => f.write_str("here"),
            ChannelName::Named(name) => write!(f, "#{name}"),
        }
    }
}

/// The days of the week that people work, never none. Shown as `mon-fri` or `mon,wed,thu`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct WorkingDays(u8);

const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Default for WorkingDays {
    /// Monday to Friday.
    fn default() -> Self {
        WorkingDays(0b001_1111)
    }
}

impl WorkingDays {
    pub fn of(days: WeekdaySet) -> Self {
        let bits = days
            .iter(Weekday::Mon)
            .map(|day| 1 << day.num_days_from_monday());
        WorkingDays(bits.sum())
    }

    pub fn set(self) -> WeekdaySet {
        let on = |day: &Weekday| self.0 & (1 << day.num_days_from_monday()) != 0;
        WeekdaySet::ALL.iter(Weekday::Mon).filter(on).collect()
    }
}

impl FromStr for WorkingDays {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = plain_dashes(text).to_lowercase();
        let index = |word: &str| {
            let word = word.trim();
            let day = WEEK
                .iter()
                .position(|day| word.len() >= 3 && word.starts_with(day));
            day.ok_or_else(|| {
                format!("“{word}” is no day of the week. Write mon-fri, or mon,tue,thu.")
            })
        };
        let mut days = 0;
        for part in plain.split([',', ' ', ';']).filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (mut day, last) = (index(first)?, index(last)?);
            days |= 1 << day;
            while day != last {
                day = (day + 1) % 7;
                days |= 1 << day;
            }
        }
        match days {
            0 => Err("Name at least one day, as in mon-fri.".into()),
            days => Ok(WorkingDays(days)),
        }
    }
}

impl fmt::Display for WorkingDays {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let on = |i: &usize| self.0 & (1 << i) != 0;
        let days: Vec<usize> = (0..7).filter(on).collect();
        match (days.first(), days.last()) {
            (Some(first), Some(last)) if days.len() > 2 && last - first + 1 == days.len() => {
                write!(f, "{}-{}", WEEK[*first], WEEK[*last])
            }
            _ => {
                let days: Vec<_> = days.into_iter().map(|i| WEEK[i]).collect();
                f.write_str(&days.join(","))
            }
        }
    }
}

impl From<WorkingDays> for String {
    fn from(days: WorkingDays) -> String {
        days.to_string()
    }
}

impl TryFrom<String> for WorkingDays {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
