//! What scenarios stand on: real databases of their own, a stage, and fakes of the platforms.

pub mod bot;
pub mod database;
pub mod process;
pub mod slack;
pub mod stage;
