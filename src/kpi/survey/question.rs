//! Questions and answers. Pure.

use serde::{Deserialize, Serialize};

use crate::chat::Choice;

/// As many questions as a survey may have: more than that is not answered.
pub const MOST_QUESTIONS: usize = 10;
/// Characters of a question: what a label holds on every platform, in full or in two lines.
const LONGEST_QUESTION: usize = 120;
/// What a choice shows (Slack's option).
const LONGEST_OPTION: usize = 70;
const MOST_OPTIONS: usize = 20;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub text: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 1 (not at all) to 5 (fully).
    Scale,
    YesNo,
    Choice(Vec<String>),
    Text,
}

/// One person's answer to one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Scale(u8),
    YesNo(bool),
    /// Which option, from 0.
    Choice(usize),
    Text(String),
}

/// Reads questions, one on a line (or, on one line, between semicolons): `scale: …`, `yes-no: …`,
/// `choice: … | A | B`, `text: …`.
pub fn read_questions(text: &str) -> Result<Vec<Question>, String> {
    let text = text.trim();
    let between = if text.contains('\n') { '\n' } else { ';' };
    let lines = text.split(between).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST_QUESTIONS {
        return Err(format!(
            "These are {} questions; at most {MOST_QUESTIONS} are answered.",
            lines.len()
        ));
    }
    let read = |(at, line): (usize, &&str)| {
        read_question(line).map_err(|wrong| format!("Question {}: {wrong}", at + 1))
    };
    lines.iter().enumerate().map(read).collect()
}

fn read_question(line: &str) -> Result<Question, String> {
    let begin = "begin it with scale:, yes-no:, choice: or text:, as in “scale: I know where to \
                 report an incident”.";
    let Some((word, rest)) = line.split_once(':') else {
        return Err(format!("{begin} I read “{line}”."));
    };
    let word: String = word.to_lowercase().replace(['/', ' ', '_'], "-");
    let word = word.trim_start_matches(|c: char| c.is_ascii_digit() || ".-)".contains(c));
    let (text, kind) = match word {
        "scale" => (rest, Kind::Scale),
        "yes-no" | "yesno" => (rest, Kind::YesNo),
        "text" => (rest, Kind::Text),
        "choice" => {
            let mut parts = rest.split('|').map(str::trim);
            let text = parts.next().unwrap_or_default();
            let options: Vec<String> = parts
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect();
            let long = options.iter().any(|o| o.chars().count() > LONGEST_OPTION);
            if !(2..=MOST_OPTIONS).contains(&options.len()) || long {
                return Err(format!(
                    "after a choice stand 2 to {MOST_OPTIONS} answers of at most {LONGEST_OPTION} \
                     characters, as in “choice: How often? | Daily | Weekly”."
                ));
            }
            let same = |(at, option): (usize, &String)| {
                options[..at]
                    .iter()
                    .any(|other| other.to_lowercase() == option.to_lowercase())
            };
            if let Some((_, twice)) = options.iter().enumerate().find(|(at, o)| same((*at, o))) {
                return Err(format!("“{twice}” stands there twice."));
            }
            (text, Kind::Choice(options))
        }
        _ => return Err(format!("{begin} I read “{line}”.")),
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.chars().count() {
        0 => Err("what is asked?".to_owned()),
        length if length > LONGEST_QUESTION => Err(format!(
            "it has {length} characters; at most {LONGEST_QUESTION} fit."
        )),
        _ => Ok(Question { text, kind }),
    }
}

impl Question {
    /// A text may be left out, anything else is answered.
    pub fn required(&self) -> bool {
        self.kind != Kind::Text
    }

    /// What can be chosen; nothing, if it is answered in words.
    pub fn choices(&self) -> Vec<Choice> {
        let choice = |value: String, label: &str| Choice {
            value,
            label: label.to_owned(),
        };
        match &self.kind {
            Kind::Scale => (1u8..)
                .zip(SCALE)
                .map(|(n, label)| choice(n.to_string(), label))
                .collect(),
            Kind::YesNo => vec![choice("yes".into(), "Yes"), choice("no".into(), "No")],
            Kind::Choice(options) => options.iter().map(|o| choice(o.clone(), o)).collect(),
            Kind::Text => Vec::new(),
        }
    }

    /// Reads an answer, or says what would be one.
    pub fn read(&self, said: &str) -> Result<Answer, String> {
        let word = said.trim().trim_end_matches('.').to_lowercase();
        match &self.kind {
            Kind::Text => Ok(Answer::Text(said.trim().to_owned())),
            Kind::Scale => match word.split(' ').next().unwrap_or_default().parse() {
                Ok(n @ 1..=5) => Ok(Answer::Scale(n)),
                _ => Err(format!(
                    "“{said}” is not on the scale. Say a number from 1 (not at all) to 5 (fully)."
                )),
            },
            Kind::YesNo => match word.as_str() {
                "yes" | "y" | "true" => Ok(Answer::YesNo(true)),
                "no" | "n" | "false" => Ok(Answer::YesNo(false)),
                _ => Err(format!("“{said}” is neither yes nor no.")),
            },
            Kind::Choice(options) => {
                let same = |option: &String| option.trim_end_matches('.').to_lowercase() == word;
                match options.iter().position(same) {
                    Some(at) => Ok(Answer::Choice(at)),
                    None => Err(format!(
                        "“{said}” is not a choice. Say one of: {}.",
                        options.join(", ")
                    )),
                }
            }
        }
    }

    /// An answer as it is written into a form.
    pub fn said(&self, answer: &Answer) -> String {
        match (answer, &self.kind) {
            (Answer::Scale(n), _) => n.to_string(),
            (Answer::YesNo(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
            (Answer::Choice(at), Kind::Choice(options)) => {
                options.get(*at).cloned().unwrap_or_default()
            }
            (Answer::Choice(_), _) => String::new(),
            (Answer::Text(text), _) => text.clone(),
        }
    }
}

/// What the points of a scale say.
pub const SCALE: [&str; 5] = [
    "1: not at all",
    "2: rather not",
    "3: partly",
    "4: mostly",
    "5: fully",
];
