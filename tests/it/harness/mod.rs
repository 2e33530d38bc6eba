//! What scenarios stand on: real databases of their own, a stage, and fakes of the platforms.

mod audited;
pub mod bot;
pub mod database;
mod desk;
#[expect(dead_code, reason = "the benches use the rest")]
pub mod discord;
pub mod documents;
pub mod everywhere;
pub mod process;
pub mod programs;
pub mod prometheus;
#[expect(dead_code, reason = "the benches use the rest")]
pub mod slack;
pub mod stage;
