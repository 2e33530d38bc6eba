//! What came to a place after a message.

use super::people::{Place, Shown};

impl Place {
    /// What came after a message, by its id; everything after an empty one.
    pub fn after(&self, id: &str) -> Vec<Shown> {
        match self {
            Place::Slack(place) => super::people::slack_shown(place.after(id)),
            Place::Discord(place) => super::people::discord_shown(place.after(id)),
        }
    }
}
