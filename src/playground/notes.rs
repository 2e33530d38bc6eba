//! What only one person sees: replies to their own acts. Kept in memory, a few per place.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

use crate::chat::Card;

/// How many are kept per person and place; the oldest go first.
const KEPT: usize = 20;

#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    pub id: i64,
    /// The thread it was asked in.
    pub thread: Option<i64>,
    pub at: DateTime<Utc>,
    /// What the person had typed or pressed.
    pub asked: Option<String>,
    pub card: Card,
}

/// By person and conversation.
type Shelves = HashMap<(String, String), Vec<Note>>;

#[derive(Default)]
pub struct Notes {
    last: AtomicI64,
    shelves: Mutex<Shelves>,
}

impl Notes {
    fn with<T>(&self, act: impl FnOnce(&mut Shelves) -> T) -> T {
        act(&mut self.shelves.lock().expect("no one panics over the notes"))
    }

    /// Keeps a note under a new id, and says which.
    pub fn add(&self, person: &str, conversation: &str, mut note: Note) -> i64 {
        note.id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let id = note.id;
        self.with(|shelves| {
            let shelf = shelves
                .entry((person.to_owned(), conversation.to_owned()))
                .or_default();
            if shelf.len() == KEPT {
                shelf.remove(0);
            }
            shelf.push(note);
        });
        id
    }

    /// Oldest first.
    pub fn list(&self, person: &str, conversation: &str) -> Vec<Note> {
        let key = (person.to_owned(), conversation.to_owned());
        self.with(|shelves| shelves.get(&key).cloned().unwrap_or_default())
    }

    pub fn find(&self, person: &str, id: i64) -> Option<Note> {
        self.with(|shelves| {
            let own = shelves.iter().filter(|((owner, _), _)| owner == person);
            let mut notes = own.flat_map(|(_, shelf)| shelf);
            notes.find(|note| note.id == id).cloned()
        })
    }

    /// Throws a note away; true if there was one.
    pub fn dismiss(&self, person: &str, id: i64) -> bool {
        self.with(|shelves| {
            let own = shelves.iter_mut().filter(|((owner, _), _)| owner == person);
            let mut any = false;
            for (_, shelf) in own {
                let before = shelf.len();
                shelf.retain(|note| note.id != id);
                any |= shelf.len() < before;
            }
            any
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(words: &str) -> Note {
        Note {
            id: 0,
            thread: None,
            at: DateTime::UNIX_EPOCH,
            asked: None,
            card: Card::say(words),
        }
    }

    #[test]
    fn a_note_is_seen_by_its_person_only() {
        let notes = Notes::default();
        let id = notes.add("ann", "isms", note("for ann"));
        assert_eq!(notes.list("ann", "isms").len(), 1);
        assert!(notes.list("ben", "isms").is_empty());
        assert!(notes.find("ben", id).is_none());
        assert!(!notes.dismiss("ben", id));
        assert!(notes.dismiss("ann", id));
        assert!(notes.list("ann", "isms").is_empty());
    }

    #[test]
    fn the_oldest_notes_go_first() {
        let notes = Notes::default();
        let first = notes.add("ann", "isms", note("first"));
        for _ in 0..KEPT {
            notes.add("ann", "isms", note("later"));
        }
        assert_eq!(notes.list("ann", "isms").len(), KEPT);
        assert!(notes.find("ann", first).is_none());
    }
}
