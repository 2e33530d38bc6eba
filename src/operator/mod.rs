//! What the person who runs the bot can do from the command line.

mod trouble;

pub use trouble::{Trouble, line};
