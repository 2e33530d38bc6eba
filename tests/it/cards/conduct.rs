/// What is said about an audit under way, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[];
