//! What came to a place after a message.

use std::ops::Bound;

use super::shown::Shown;

impl super::Place {
    /// What came after a message, by its id; everything after an empty one. Threads too.
    pub fn after(&self, id: &str) -> Vec<Shown> {
        let after = (Bound::Excluded(id), Bound::Unbounded);
        self.discord.shared.look(|world| {
            let later = world.messages.range::<str, _>(after);
            let here = |channel: &str| {
                let found = world.channels.get(channel);
                let parent = found.and_then(|channel| channel.parent.as_deref());
                channel == self.id || parent == Some(&self.id)
            };
            later
                .filter(|(_, message)| message.only.is_none() && here(&message.channel))
                .map(|(id, _)| Shown::new(world, super::objects::message(world, id)))
                .collect()
        })
    }
}
