//! Clause 9.3.3, documented information: the minutes of a review.
//!
//! When a meeting ends its minutes are drafted from what was noted. They can be edited; each change is a
//! new version. The chair approves the newest one (another leader, where the chair left or is away), and
//! that fixes it: the document is drawn as PDF/A, kept, and goes by the SHA-256 of its bytes. Leaders sign
//! that file, by a button that names the version. Whatever changes after an approval, a decision, who was
//! there, a word, makes a new version that is to be approved anew.
//!
//! Nothing is approved or signed with a decision that has no owner or no date, without the quorum, or
//! without the three verdicts: the gates are pure ([`rules`], [`super::meeting::gates`]), and a property
//! test walks them. With the last signature that is needed the decisions become actions, and the minutes
//! with their signatures are archived and sent, in one transaction ([`signed`]).

pub mod card;
pub mod command;
pub mod document;
pub mod flow;
pub mod owed;
pub mod rules;
pub mod signed;
