//! The first word to someone who writes to the bot for the first time.

use super::{App, Result};
use crate::chat::{Card, Inbound};
use crate::home;
use crate::people;

impl App {
    /// For a first direct message: one line of what this is good for, and three things to do. Only
    /// workspace and speaker of the act are looked at.
    pub async fn greeting(&self, inbound: &Inbound) -> Result<Card> {
        let ctx = people::flow::arrive(self, inbound).await?;
        Ok(home::card::greeting(home::set_up(&ctx)))
    }
}
