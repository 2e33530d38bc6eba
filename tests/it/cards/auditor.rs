/// What is said about auditors, and the report of an audit, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[];
