/// What is said about holding a review, and its minutes, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[];
