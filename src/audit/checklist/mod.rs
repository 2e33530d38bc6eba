//! The checklist of an audit: an item for each requirement in its scope, and what its auditors put
//! down for each.
//!
//! `audit check AUD-2027-03` opens the next item that nobody has put down, `audit checklist` shows all
//! of them. Each is saved at once, so an audit can be left and resumed. A form carries how often its
//! item had been put down when it was opened: what a colleague put down meanwhile is shown before it is
//! overwritten ([`form`]).

pub mod card;
pub mod command;
pub mod flow;
pub mod form;
pub mod rules;
