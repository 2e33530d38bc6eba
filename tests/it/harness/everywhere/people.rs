//! The people of either platform, and what they see.

use serde_json::Value;

use super::Fake;
use crate::harness::{discord, slack};

/// Someone, in a channel.
#[derive(Clone)]
pub struct Person {
    fake: Fake,
    on: OnPerson,
}

#[derive(Clone)]
pub(super) enum OnPerson {
    Slack(slack::Person),
    Discord(discord::Person),
}

/// What a person gets to see of an act of theirs.
#[derive(Clone)]
pub enum Sight {
    Card(Shown),
    Form(Form),
}

impl Sight {
    pub fn card(self) -> Shown {
        match self {
            Sight::Card(card) => card,
            Sight::Form(form) => panic!("not a card but a form: {:#}", form.json()),
        }
    }

    pub fn form(self) -> Form {
        match self {
            Sight::Form(form) => form,
            Sight::Card(card) => panic!("not a form but a card: {}", card.text()),
        }
    }

    pub fn json(&self) -> Value {
        match self {
            Sight::Card(card) => card.json(),
            Sight::Form(form) => form.json(),
        }
    }
}

impl Person {
    pub(super) fn new(fake: &Fake, on: OnPerson) -> Person {
        Person {
            fake: fake.clone(),
            on,
        }
    }

    pub fn in_channel(mut self, name: &str) -> Person {
        let id = self.fake.id(name);
        self.on = match self.on {
            OnPerson::Slack(person) => OnPerson::Slack(person.in_channel(&id)),
            OnPerson::Discord(person) => OnPerson::Discord(person.in_channel(&id)),
        };
        self
    }

    pub fn in_dm(mut self) -> Person {
        self.on = match self.on {
            OnPerson::Slack(person) => OnPerson::Slack(person.in_dm()),
            OnPerson::Discord(person) => OnPerson::Discord(person.in_dm()),
        };
        self
    }

    /// Types a slash command and waits for what comes of it. `@bob` becomes a mention.
    pub async fn types(&self, line: &str) -> Sight {
        let line = self.fake.typed(line);
        match &self.on {
            OnPerson::Slack(person) => self.seen_on_slack(person.types(&line).await),
            OnPerson::Discord(person) => self.seen_on_discord(person.types(&line).await),
        }
    }

    /// Types a command that takes a file, gives the file where that is done here (on Slack in the
    /// form, on Discord with the command), fills in the rest, and waits for what comes of it.
    pub async fn gives(
        &self,
        line: &str,
        file: (&str, &str, &[u8]),
        values: &[(&str, &str)],
    ) -> Sight {
        let line = self.fake.typed(line);
        let given = match &self.on {
            OnPerson::Slack(person) => {
                let (field, name, bytes) = file;
                let form = person.types(&line).await.modal();
                self.seen_on_slack(slack::Sight::Modal(form.attaches(field, name, bytes)))
            }
            OnPerson::Discord(person) => self.seen_on_discord(person.gives(&line, file).await),
        };
        match given {
            // What is wrong with a file is said at once where it came with the command.
            Sight::Form(form) if !form.all_words().contains('⚠') => {
                form.fills(values).submits().await
            }
            sight => sight,
        }
    }

    pub async fn clicks(&self, on: &Shown, label: &str) -> Sight {
        match (&self.on, on) {
            (OnPerson::Slack(person), Shown::Slack(on)) => {
                self.seen_on_slack(person.clicks(on, label).await)
            }
            (OnPerson::Discord(person), Shown::Discord(on)) => {
                self.seen_on_discord(person.clicks(on, label).await)
            }
            _ => panic!("a message of another platform"),
        }
    }

    fn seen_on_slack(&self, sight: slack::Sight) -> Sight {
        match sight {
            slack::Sight::Card(card) => Sight::Card(Shown::Slack(Box::new(card))),
            slack::Sight::Modal(form) => self.form(OnForm::Slack(Box::new(form))),
        }
    }

    fn seen_on_discord(&self, sight: discord::Sight) -> Sight {
        match sight {
            discord::Sight::Card(card) => Sight::Card(Shown::Discord(Box::new(card))),
            discord::Sight::Modal(form) => self.form(OnForm::Discord(Box::new(form))),
        }
    }

    fn form(&self, on: OnForm) -> Sight {
        let by = self.clone();
        Sight::Form(Form { by, on })
    }
}

/// A message as someone sees it.
#[derive(Clone)]
pub enum Shown {
    Slack(Box<slack::Shown>),
    Discord(Box<discord::Shown>),
}

impl Shown {
    pub fn id(&self) -> &str {
        match self {
            Shown::Slack(shown) => shown.ts(),
            Shown::Discord(shown) => shown.id(),
        }
    }

    pub fn is_ephemeral(&self) -> bool {
        match self {
            Shown::Slack(shown) => shown.ephemeral,
            Shown::Discord(shown) => shown.ephemeral,
        }
    }

    /// All of it in plain lines.
    pub fn text(&self) -> &str {
        match self {
            Shown::Slack(shown) => shown.text(),
            Shown::Discord(shown) => shown.text(),
        }
    }

    pub fn is_edited(&self) -> bool {
        match self {
            Shown::Slack(shown) => shown.is_edited(),
            Shown::Discord(shown) => shown.is_edited(),
        }
    }

    /// The message in whose thread it stands.
    pub fn thread(&self) -> Option<&str> {
        match self {
            Shown::Slack(shown) => shown.thread(),
            Shown::Discord(shown) => shown.thread(),
        }
    }

    pub fn buttons(&self) -> Vec<String> {
        match self {
            Shown::Slack(shown) => shown.buttons(),
            Shown::Discord(shown) => shown.buttons(),
        }
    }

    pub fn commands(&self) -> Vec<String> {
        match self {
            Shown::Slack(shown) => shown.commands(),
            Shown::Discord(shown) => shown.commands(),
        }
    }

    pub fn json(&self) -> Value {
        match self {
            Shown::Slack(shown) => shown.json(),
            Shown::Discord(shown) => shown.json(),
        }
    }
}

/// A form that someone has before them.
#[derive(Clone)]
pub struct Form {
    by: Person,
    on: OnForm,
}

#[derive(Clone)]
enum OnForm {
    Slack(Box<slack::Modal>),
    Discord(Box<discord::Modal>),
}

impl Form {
    /// Enters values: `bob` for a person, a choice by its value or its label.
    pub fn fills(self, values: &[(&str, &str)]) -> Form {
        let entered: Vec<(&str, String)> = values
            .iter()
            .map(|(field, value)| (*field, self.by.fake.entered(value)))
            .collect();
        let values: Vec<(&str, &str)> = entered.iter().map(|(f, v)| (*f, v.as_str())).collect();
        let on = match self.on {
            OnForm::Slack(form) => OnForm::Slack(Box::new(form.fills(&values))),
            OnForm::Discord(form) => OnForm::Discord(Box::new(form.fills(&values))),
        };
        Form { on, by: self.by }
    }

    /// Submits and waits for what comes of it: the form again, or a card.
    pub async fn submits(&self) -> Sight {
        match &self.on {
            OnForm::Slack(form) => self.by.seen_on_slack(form.submits().await),
            OnForm::Discord(form) => self.by.seen_on_discord(form.submits().await),
        }
    }

    /// What stands in a field.
    pub async fn value(&self, field: &str) -> Option<String> {
        let value = match &self.on {
            OnForm::Slack(form) => form.value(field),
            OnForm::Discord(form) => form.value(field).await,
        };
        value.map(|value| self.by.fake.told(value))
    }

    /// What is wrong with a field.
    pub async fn error(&self, field: &str) -> Option<String> {
        match &self.on {
            OnForm::Slack(form) => form.error(field),
            OnForm::Discord(form) => form.error(field).await,
        }
    }

    /// All that is wrong, and all words that are no field.
    pub fn all_words(&self) -> String {
        match &self.on {
            OnForm::Slack(form) => form.all_words(),
            OnForm::Discord(form) => form.all_words(),
        }
    }

    pub fn json(&self) -> Value {
        match &self.on {
            OnForm::Slack(form) => form.json(),
            OnForm::Discord(form) => form.json(),
        }
    }
}

/// A channel or a direct conversation.
pub enum Place {
    Slack(slack::Place),
    Discord(discord::Place),
}

impl Place {
    /// What stands there now, oldest first; threads too.
    pub fn messages(&self) -> Vec<Shown> {
        match self {
            Place::Slack(place) => slack_shown(place.messages()),
            Place::Discord(place) => discord_shown(place.messages()),
        }
    }

    /// The messages that are pinned there, by their ids.
    pub fn pins(&self) -> Vec<String> {
        match self {
            Place::Slack(place) => place.pins(),
            Place::Discord(place) => place.pins(),
        }
    }

    /// Waits until so many messages stand there.
    pub async fn arrive(&self, count: usize) -> Vec<Shown> {
        match self {
            Place::Slack(place) => slack_shown(place.arrive(count).await),
            Place::Discord(place) => discord_shown(place.arrive(count).await),
        }
    }

    /// Waits for a message with these words.
    pub async fn shows(&self, words: &str) -> Shown {
        match self {
            Place::Slack(place) => {
                let shown = place.shows(words, |m| m.text().contains(words)).await;
                Shown::Slack(Box::new(shown))
            }
            Place::Discord(place) => {
                let shown = place.shows(words, |m| m.text().contains(words)).await;
                Shown::Discord(Box::new(shown))
            }
        }
    }
}

pub(super) fn slack_shown(shown: Vec<slack::Shown>) -> Vec<Shown> {
    shown
        .into_iter()
        .map(|s| Shown::Slack(Box::new(s)))
        .collect()
}

pub(super) fn discord_shown(shown: Vec<discord::Shown>) -> Vec<Shown> {
    shown
        .into_iter()
        .map(|s| Shown::Discord(Box::new(s)))
        .collect()
}
