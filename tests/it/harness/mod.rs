//! What scenarios stand on: real databases of their own, and fakes of the platforms.

pub mod database;
pub mod slack;
