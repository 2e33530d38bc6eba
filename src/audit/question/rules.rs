//! The questions that are built in, and those that stand in a file. Pure.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::audit::rules::STANDARD;
use crate::command::value::ControlName;
use crate::sheet::Sheet;

/// As many questions as one requirement may have: all stand above one form.
pub const MOST: usize = 5;
/// As long as one may be, in characters.
pub const LONGEST: usize = 300;
/// As many wrong lines as are looked for.
const MOST_LINES: usize = 2000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub requirement: ControlName,
    pub question: String,
}

/// Ours.
pub static BUILT_IN: LazyLock<Vec<Question>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_str!("../../../config/audit-questions.csv").as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .expect("the built-in table is well formed")
});

/// What is wrong with a line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// As editors count, from 1 with the heading.
    pub line: u64,
    pub why: String,
}

/// What stands in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Read {
    pub questions: Vec<Question>,
    pub wrong: Vec<Wrong>,
}

impl Read {
    /// The requirements that have a question.
    pub fn requirements(&self) -> usize {
        let named = self.questions.iter().map(|q| q.requirement.as_str());
        named.collect::<BTreeSet<_>>().len()
    }
}

/// The questions for one requirement: one's own, or ours where there are none.
pub fn of<'q>(own: &'q [Question], reference: &str) -> Vec<&'q str> {
    let about = |all: &'q [Question]| -> Vec<&'q str> {
        let of = all.iter().filter(|q| q.requirement.as_str() == reference);
        of.map(|q| q.question.as_str()).collect()
    };
    let own = about(own);
    match own.is_empty() {
        true => about(&BUILT_IN),
        false => own,
    }
}

/// All that is asked, in the order of the standard.
pub fn all(own: &[Question]) -> Vec<Question> {
    let requirements = STANDARD.requirements.iter();
    requirements
        .flat_map(|requirement| {
            let asked = of(own, &requirement.reference);
            let name = requirement.reference.parse::<ControlName>().ok();
            asked.into_iter().filter_map(move |question| {
                Some(Question {
                    requirement: name.clone()?,
                    question: question.to_owned(),
                })
            })
        })
        .collect()
}

/// As a CSV file.
pub fn csv_of(questions: &[Question]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for question in questions {
        writer.serialize(question)?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// Reads a file. An error is about the file as a whole, and says what would be right.
pub fn read(bytes: &[u8]) -> Result<Read, String> {
    let mut sheet = Sheet::of(bytes)?;
    let place = |name: &str| {
        sheet
            .heading
            .iter()
            .position(|word| word.to_lowercase() == name)
    };
    let (Some(requirement), Some(question)) = (place("requirement"), place("question")) else {
        return Err("The first line names the columns: requirement, question.".to_owned());
    };
    let mut read = Read::default();
    for row in sheet.rows() {
        let row = row?;
        if read.questions.len() + read.wrong.len() == MOST_LINES {
            return Err(format!("The file has more than {MOST_LINES} lines."));
        }
        let cell = |at: usize| row.cells.get(at).unwrap_or_default();
        match line(&read.questions, cell(requirement), cell(question)) {
            Ok(question) => read.questions.push(question),
            Err(why) => read.wrong.push(Wrong {
                line: row.number,
                why,
            }),
        }
    }
    match read.questions.is_empty() && read.wrong.is_empty() {
        true => Err("There is no line with a question in the file.".to_owned()),
        false => Ok(read),
    }
}

fn line(before: &[Question], requirement: &str, question: &str) -> Result<Question, String> {
    let name: ControlName = requirement.parse()?;
    if STANDARD.title(name.as_str()).is_empty() {
        return Err(format!("The standard has no {name}."));
    }
    let question = question.split_whitespace().collect::<Vec<_>>().join(" ");
    match question.chars().count() {
        0 => return Err("There is no question in this line.".to_owned()),
        length if length > LONGEST => {
            return Err(format!(
                "This question has {length} characters; at most {LONGEST} fit above a form."
            ));
        }
        _ => {}
    }
    let mut same = before.iter().filter(|other| other.requirement == name);
    if same.clone().any(|other| other.question == question) {
        return Err(format!("This question of {name} is there twice."));
    }
    if same.nth(MOST - 1).is_some() {
        return Err(format!(
            "{name} has {MOST} questions already; more do not fit above a form."
        ));
    }
    Ok(Question {
        requirement: name,
        question,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clause_and_control_has_a_question_of_ours_and_nothing_else_has() {
        let all = all(&[]);
        for requirement in &STANDARD.requirements {
            let about = |q: &&Question| q.requirement.as_str() == requirement.reference;
            let asked: Vec<_> = all.iter().filter(about).collect();
            assert!(
                (1..=MOST).contains(&asked.len()),
                "{} has {} questions",
                requirement.reference,
                asked.len()
            );
        }
        assert_eq!(all.len(), BUILT_IN.len());
        let longest = BUILT_IN.iter().map(|q| q.question.chars().count()).max();
        assert!(longest <= Some(LONGEST), "{longest:?}");
    }

    #[test]
    fn what_is_given_back_is_read_as_the_same() {
        let bytes = csv_of(&all(&[])).unwrap();
        let back = read(&bytes).unwrap();
        assert_eq!((back.questions, back.wrong), (all(&[]), Vec::new()));
    }

    #[test]
    fn wrong_lines_are_named_and_the_others_are_read() {
        let file = "Requirement;Question\nA.6.1;Who checks references?\nA.9.9;What?\n7.2;\n\n9.7;Why?\na6.1;Who checks references?\n";
        let read = read(file.as_bytes()).unwrap();
        assert_eq!((read.questions.len(), read.requirements()), (1, 1));
        let lines: Vec<_> = read.wrong.iter().map(|wrong| wrong.line).collect();
        assert_eq!(lines, [3, 4, 6, 7]);
        assert!(read.wrong[3].why.contains("twice"));
        assert!(
            super::read(b"a,b\n1,2\n")
                .unwrap_err()
                .contains("requirement, question")
        );
    }

    #[test]
    fn ones_own_questions_come_first_and_ours_fill_the_gaps() {
        let own = [Question {
            requirement: "A.6.1".parse().unwrap(),
            question: "Who checks references?".into(),
        }];
        assert_eq!(of(&own, "A.6.1"), ["Who checks references?"]);
        assert_eq!(of(&own, "7.2"), of(&[], "7.2"));
    }
}
