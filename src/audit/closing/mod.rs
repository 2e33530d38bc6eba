//! The end of an audit (9.2.2 f, g) and its report.
//!
//! An audit ends when every requirement in its scope was looked at, or it is said why not; when every
//! finding is decided; and when those who audited are competent and independent, or were overridden
//! ([`rules::Gaps`], [`auditor`](super::auditor)). Its report is drawn before the transaction; what it
//! tells is read once more in it, and has to be the same. It is kept as PDF/A and Markdown, posted, and
//! sent to top management and to who answers for what was audited. A major nonconformity puts an audit
//! into the plan that looks at it again.

pub mod card;
pub mod document;
pub mod flow;
mod gather;
mod independence;
pub mod rules;
#[cfg(test)]
mod tests;
