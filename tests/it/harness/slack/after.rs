//! What came to a place after a message.

use super::shown::Shown;

impl super::Place {
    /// What came after a message, by its `ts`; everything after an empty one.
    pub fn after(&self, ts: &str) -> Vec<Shown> {
        self.slack.shared.look(|world| {
            let channel = world.channels.get(&self.id);
            let all = channel.into_iter().flat_map(|channel| &channel.messages);
            let later = all.filter(|m| m["ts"].as_str().is_some_and(|id| id > ts));
            later.map(|m| Shown::new(&self.id, m.clone())).collect()
        })
    }
}
