//! What an auditor asks and looks at for each clause and control.
//!
//! There are questions for all of them, written for this project (`config/audit-questions.csv`). A
//! workspace may put its own in their place by a CSV file with the columns `requirement` and
//! `question`, several lines for one requirement where it has several; what the file leaves out is
//! still asked as it was written here. `audit questions` shows them, takes them and gives them back.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
