//! Clause 9.1 a, b: KPIs that are measured by asking people.
//!
//! A manager declares one to ten questions for a KPI, and who is asked: the people of a role, each with
//! a message of their own, or a channel, with one message there. A *round* opens by itself in the last
//! days of each period (or with `survey send`) and closes when the period is over; one of its questions
//! gives the value, which goes through [`keep`](super::keep).
//!
//! # The form
//!
//! All questions stand in one form, made of `survey answer <kpi>`: the command has ten arguments `q1`
//! to `q10` that are texts, and where its form is opened ([`ask::dress`]) the ones of the survey become
//! what the questions are: choices for a scale, yes and no, or options, a text for the rest. So it is one
//! modal on Slack, selects and a modal on Discord, a form in the playground and a line at the command
//! line, it is filled and sent as any other form, and there is no state between questions.
//!
//! # Anonymous
//!
//! An anonymous round keeps two things that nothing joins: who has answered (yes or no, no time), and
//! how often each answer was given, as on a tally sheet ([`rules::Tally`]; texts in alphabetical
//! order). There is no sheet of one person, no row of one answer, no number, no time and no order, so
//! neither rows, nor log, nor outbox can tell whose an answer is; the log says that one more has come in,
//! not from whom. The draft of the form is thrown away in the transaction that counts it. What was sent
//! cannot be changed: nobody knows which it was. While a round is open nobody is shown how the tallies
//! stand, and of a round that fewer than the smallest number answered they are thrown away unseen.
//! (Who reads the database between two answers could compare; that is beyond what rows can hide.)

pub mod ask;
pub mod card;
pub mod command;
pub mod flow;
pub mod question;
pub mod round;
pub mod rules;
