//! The agenda pack: all that a meeting needs to have read, as a document (PDF/A and Markdown).
//!
//! Two days before the meeting, on a working day, it goes to who takes part, by itself and once for each
//! day the meeting was planned for ([`flow::look`]); `review pack` gives it to whoever asks, as things
//! stand. What is missing is shown as missing, with who was asked for it.

pub mod card;
pub mod document;
pub mod flow;
