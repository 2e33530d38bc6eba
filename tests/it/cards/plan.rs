/// What is said about planning a review, in a workspace of its own.
pub const SAID: &[(&str, &str, &str)] = &[];
