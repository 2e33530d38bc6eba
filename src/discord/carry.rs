//! What a button or a select carries in its `custom_id`: a hundred characters in all. Pure.
//!
//! ```text
//! custom_id = [ "pick:" field ":" | "write:" n ":" | "last:" n ":" | "page:" n ":" | "send:" | "open:" act ":" ] carried
//! carried   = [ "~" n " " ] [ "@" server " " ] ( command | "#" hash )
//! ```
//!
//! - Without a prefix it is a click: the command, as a person would type it.
//! - `server` (base 36) travels where Discord does not tell it: in direct messages.
//! - A command that is too long is kept in a table, and its hash travels. The same command has the
//!   same hash, so keeping it twice is keeping it once.
//! - `n` after `~` tells apart two buttons of one message that do the same, which Discord refuses.

use sha2::{Digest, Sha256};

/// Longest `custom_id`.
pub const LONGEST: usize = 100;

/// What a component is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// A button of a card.
    Click,
    /// A select of a form: this field.
    Pick(String),
    /// Opens the form's text fields of this part; as a modal: these fields.
    Write(usize),
    /// The same, and when they are filled in nothing else is open.
    WriteLast(usize),
    /// Turns the form to another page of selects.
    Page(usize),
    /// Sends the form.
    Send,
    /// A modal that is a whole form, and the act that opened it: sent twice, it has one effect.
    Open(String),
}

/// Where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub server: Option<u64>,
    pub command: Kept,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    Whole(String),
    /// The command is in the table under this hash.
    Hashed(String),
}

/// A command that has to be kept, because its hash travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Long {
    pub hash: String,
    pub command: String,
}

/// Makes the custom ids of one message.
#[derive(Debug, Default)]
pub struct Ids {
    server: Option<u64>,
    given: Vec<String>,
    /// To be kept before the message goes out.
    pub long: Vec<Long>,
}

impl Ids {
    /// `server` where Discord will not tell it with the click.
    pub fn new(server: Option<u64>) -> Ids {
        Ids {
            server,
            ..Ids::default()
        }
    }

    /// What is given from now on carries this server.
    pub fn serve(&mut self, server: Option<u64>) {
        self.server = server;
    }

    /// The id of a component; no two are alike.
    pub fn give(&mut self, used: &Use, command: &str) -> String {
        let mut number = 0;
        loop {
            let id = self.write(used, command, number);
            if !self.given.contains(&id) {
                self.given.push(id.clone());
                return id;
            }
            number += 1;
        }
    }

    fn write(&mut self, used: &Use, command: &str, number: usize) -> String {
        let mut id = match used {
            Use::Click => String::new(),
            Use::Pick(field) => format!("pick:{field}:"),
            Use::Write(part) => format!("write:{part}:"),
            Use::WriteLast(part) => format!("last:{part}:"),
            Use::Page(page) => format!("page:{page}:"),
            Use::Send => "send:".to_owned(),
            Use::Open(act) => format!("open:{act}:"),
        };
        if number > 0 {
            id.push_str(&format!("~{number} "));
        }
        if let Some(server) = self.server {
            id.push_str(&format!("@{} ", base36(u128::from(server))));
        }
        let is_plain = !command.starts_with(['#', '@', '~']) && command == command.trim();
        if is_plain && id.chars().count() + command.chars().count() <= LONGEST {
            return id + command;
        }
        let hash = hash(command);
        id.push('#');
        id.push_str(&hash);
        let long = Long {
            hash,
            command: command.to_owned(),
        };
        if !self.long.contains(&long) {
            self.long.push(long);
        }
        id
    }
}

/// Reads a custom id back.
pub fn read(id: &str) -> (Use, Carried) {
    let (used, rest) = read_use(id).unwrap_or((Use::Click, id));
    let rest = match rest.strip_prefix('~').and_then(|rest| rest.split_once(' ')) {
        Some((_, rest)) => rest,
        None => rest,
    };
    let (server, rest) = match rest.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
        Some((server, rest)) => (u64::from_str_radix(server, 36).ok(), rest),
        None => (None, rest),
    };
    let command = match rest.strip_prefix('#') {
        Some(hash) => Kept::Hashed(hash.to_owned()),
        None => Kept::Whole(rest.to_owned()),
    };
    (used, Carried { server, command })
}

fn read_use(id: &str) -> Option<(Use, &str)> {
    let (word, rest) = id.split_once(':')?;
    if word == "send" {
        return Some((Use::Send, rest));
    }
    let (about, carried) = rest.split_once(':')?;
    let used = match word {
        "pick" => Use::Pick(about.to_owned()),
        "write" => Use::Write(about.parse().ok()?),
        "last" => Use::WriteLast(about.parse().ok()?),
        "page" => Use::Page(about.parse().ok()?),
        "open" => Use::Open(about.to_owned()),
        _ => return None,
    };
    Some((used, carried))
}

/// 128 bits of the command's SHA-256: nobody meets two that are alike.
fn hash(command: &str) -> String {
    hex::encode(&Sha256::digest(command.as_bytes())[..16])
}

/// Letters and digits: 25 characters hold 128 bits.
pub fn base36(mut number: u128) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    loop {
        digits.push(DIGITS[(number % 36) as usize]);
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.reverse();
    String::from_utf8(digits).expect("letters and digits")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_click_carries_its_command_as_it_is_typed() {
        let mut ids = Ids::new(None);
        assert_eq!(
            ids.give(&Use::Click, "action done CA-12"),
            "action done CA-12"
        );
        assert_eq!(
            ids.give(&Use::Click, "action done CA-12"),
            "~1 action done CA-12"
        );
        assert_eq!(
            ids.give(&Use::Pick("owner".into()), "action new"),
            "pick:owner:action new"
        );
        assert_eq!(ids.give(&Use::Send, "action new"), "send:action new");
        assert!(ids.long.is_empty());
    }

    #[test]
    fn a_direct_message_carries_the_server_too() {
        let mut ids = Ids::new(Some(123_456_789_012_345_678));
        let id = ids.give(&Use::Click, "mine");
        assert_eq!(id, "@xrls1wq49ji mine");
        let (used, carried) = read(&id);
        assert_eq!(used, Use::Click);
        assert_eq!(carried.server, Some(123_456_789_012_345_678));
        assert_eq!(carried.command, Kept::Whole("mine".into()));
    }

    #[test]
    fn a_long_command_is_kept_and_its_hash_travels() {
        let command = format!("action new title:\"{}\"", "x".repeat(120));
        let mut ids = Ids::new(Some(u64::MAX));
        let id = ids.give(&Use::Pick("f".repeat(32)), &command);
        assert!(id.chars().count() <= LONGEST, "{id}");
        let (_, carried) = read(&id);
        assert_eq!(carried.command, Kept::Hashed(ids.long[0].hash.clone()));
        assert_eq!(ids.long[0].command, command);
        ids.give(&Use::Send, &command);
        assert_eq!(ids.long.len(), 1);
    }

    #[test]
    fn a_nonce_of_any_id_is_short_enough() {
        assert_eq!(base36(u128::MAX).len(), 25);
    }

    proptest! {
        #[test]
        fn whatever_is_carried_comes_back(
            command in "[a-zA-Z#@~:][ -~ö]{0,140}",
            server in prop::option::of(1u64..),
            which in 0usize..7,
            number in 0usize..12,
        ) {
            let used = [
                Use::Click, Use::Pick("due-date".into()), Use::Write(number), Use::WriteLast(number),
                Use::Page(number), Use::Send, Use::Open("1z141z3".into()),
            ][which].clone();
            // Commands are not called like the prefixes; a test in `register` holds the grammar to it.
            prop_assume!(read_use(&command).is_none());
            let mut ids = Ids::new(server);
            let (first, second) = (ids.give(&used, &command), ids.give(&used, &command));
            prop_assert_ne!(&first, &second);
            for id in [first, second] {
                prop_assert!(id.chars().count() <= LONGEST);
                let (again, carried) = read(&id);
                prop_assert_eq!(&again, &used);
                prop_assert_eq!(carried.server, server);
                match carried.command {
                    Kept::Whole(whole) => prop_assert_eq!(whole, command.clone()),
                    Kept::Hashed(hash) => {
                        let kept = ids.long.iter().find(|long| long.hash == hash);
                        prop_assert_eq!(&kept.unwrap().command, &command);
                    }
                }
            }
        }
    }
}
