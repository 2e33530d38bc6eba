//! Many actions: which of them a list shows, and one page of them. Fast at a million: every filter
//! has an index to lead, pages are cut in the index ([`statements`](crate::store)).

use chrono::NaiveDate;
use uuid::Uuid;

use super::choice::{Severity, Source, StateFilter};
use super::command::ListActions;
use super::rules::State;
use super::{PAGE, card};
use crate::app::{Ctx, Result};
use crate::chat::Reply;
use crate::command::quoted;
use crate::command::value::AreaName;
use crate::people::People;
use crate::sql;
use crate::store::Conn;

/// A word that so many titles hold narrows nothing: it is looked for in what the other filters find.
const COMMON: i64 = 2000;

/// Which actions a list shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub owner: Option<Uuid>,
    pub state: StateFilter,
    /// Only what is overdue on this day.
    pub overdue_on: Option<NaiveDate>,
    pub source: Option<Source>,
    pub severity: Option<Severity>,
    /// Of this control, or of this clause or group and what is below it.
    pub control: Option<AreaName>,
    /// Beginnings of words that the title holds, all of them.
    pub words: Vec<String>,
    /// The one of them to begin with, if few titles hold it.
    pub rare_word: Option<String>,
}

/// The words of a title or of a search, in small letters, each once.
pub fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

impl StateFilter {
    /// The one state it means, if it is one.
    pub fn one(self) -> Option<State> {
        Some(match self {
            StateFilter::Open | StateFilter::Unfinished | StateFilter::All => return None,
            StateFilter::Raised => State::Raised,
            StateFilter::Planned => State::Planned,
            StateFilter::Done => State::Done,
            StateFilter::Effective => State::Effective,
            StateFilter::Reopened => State::Reopened,
            StateFilter::Cancelled => State::Cancelled,
        })
    }
}

impl Filter {
    /// The one rank ([`State::rank`]) of all that fits, if it is one.
    pub fn rank(&self) -> Option<i64> {
        let unfinished = self.state == StateFilter::Unfinished || self.overdue_on.is_some();
        let one = self.state.one().map(State::rank);
        if unfinished { Some(0) } else { one }
    }

    /// Finds out which of the words is rare.
    pub async fn weigh(mut self, conn: &mut Conn, workspace: Uuid) -> Result<Filter> {
        let mut rarest = COMMON;
        for word in &self.words {
            let held = sql!(conn, actions::count_with_word(workspace, word, COMMON))?;
            if held < rarest {
                rarest = held;
                self.rare_word = Some(word.clone());
            }
        }
        Ok(self)
    }
}

impl ListActions {
    fn filter(&self, ctx: &Ctx) -> Filter {
        let owner = self.owner.map(|who| who.0);
        Filter {
            owner: if self.mine {
                Some(ctx.person.id)
            } else {
                owner
            },
            state: self.state,
            overdue_on: self.overdue.then(|| ctx.today()),
            source: self.source,
            severity: self.severity,
            control: self.control.clone(),
            words: words_of(self.text.as_deref().unwrap_or_default()),
            rare_word: None,
        }
    }

    /// The command that asks for the same list, without its page.
    fn again(&self, people: &People) -> String {
        let mut ask = "action list".to_owned();
        if let Some(text) = &self.text {
            ask.push_str(&format!(" {}", quoted(text)));
        }
        if self.mine {
            ask.push_str(" --mine");
        }
        if let Some(owner) = self.owner.and_then(|who| people.find(who.0)) {
            ask.push_str(&format!(" owner:<@{}>", owner.external));
        }
        if self.overdue {
            ask.push_str(" --overdue");
        }
        let mut narrow = |name: &str, value: Option<String>| {
            ask.extend(value.map(|value| format!(" {name}:{value}")));
        };
        narrow("source", self.source.map(|source| source.to_string()));
        narrow(
            "severity",
            self.severity.map(|severity| severity.to_string()),
        );
        narrow("control", self.control.as_ref().map(ToString::to_string));
        narrow("state", Some(self.state.to_string()));
        ask
    }
}

/// Answers `action list`.
pub async fn run(ctx: &Ctx, list: ListActions) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut conn = ctx.read().await?;
    let filter = list.filter(ctx).weigh(&mut conn, workspace).await?;
    let before = i64::from(list.page - 1) * PAGE;
    let page = (PAGE + 1, before);
    let actions = sql!(conn, actions::list_actions(workspace, &filter, page))?;
    let people = ctx.people(&mut conn).await?;
    let shown = card::Page {
        number: list.page,
        ask: &list.again(&people),
        today: ctx.today(),
    };
    Ok(card::listed(&actions, &people, &shown).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_found_by_its_words_in_small_letters() {
        assert_eq!(
            words_of("Patch the “VPN”, node-18 (Größe: 2×2)"),
            ["18", "2", "größe", "node", "patch", "the", "vpn"].map(str::to_owned)
        );
        assert!(words_of(" … ").is_empty());
    }
}
