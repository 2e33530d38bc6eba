/// What is said about the audit programme, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[];
