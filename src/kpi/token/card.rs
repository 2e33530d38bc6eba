//! Every word about tokens.

use chrono_tz::Tz;

use super::rules::{Scope, Shown, Token};
use crate::chat::{Block, Button, Card, Text, day};
use crate::command::one_of;
use crate::command::value::TokenName;
use crate::kpi::rules::Kpi;
use crate::people::People;

/// As many rows as a table shows.
const LISTED: usize = 50;

fn scope(token: &Token) -> String {
    if token.scope == Scope::Risks {
        return "the risk register".to_owned();
    }
    match &token.kpis[..] {
        [] => "every KPI that programs send".to_owned(),
        keys => {
            let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
            keys.join(", ")
        }
    }
}

/// To who made it. `silent` are KPIs of its scope whose values do not come from a program yet.
pub fn made(token: &Token, shown: &Shown, silent: &[Kpi]) -> Card {
    let mut card = Card::new(format!("Token {}", token.name))
        .text("This is shown once. Keep it where the program keeps its secrets:")
        .text(Text::new().code(shown.expose()))
        .facts([("Good for", scope(token))])
        .text(sent_to(token));
    if !silent.is_empty() {
        let keys: Vec<String> = silent.iter().map(|kpi| kpi.key.to_string()).collect();
        let text = format!(
            "No program may send {} yet: say so with /isms source push.",
            one_of(&keys)
        );
        card = card.text(text).buttons(silent.iter().take(4).map(|kpi| {
            Button::new(
                format!("Send {}", kpi.key),
                format!("source push {}", kpi.key),
            )
        }));
    }
    card.footer("Whoever has it can send these values. Revoke it when it may have leaked.")
}

fn sent_to(token: &Token) -> Text {
    let text = Text::from("The program shows it as ").code("Authorization: Bearer …");
    match token.scope {
        Scope::Risks => text
            .plain_span(" and sends the register to ")
            .code("POST /v1/risks")
            .plain_span("."),
        Scope::Kpis => text
            .plain_span(" and sends values to ")
            .code("POST /v1/measurements")
            .plain_span(", alerts to ")
            .code("POST /v1/alerts/…")
            .plain_span("."),
    }
}

/// The tokens in use.
pub fn listed(tokens: &[Token], people: &People, zone: Tz) -> Card {
    if tokens.is_empty() {
        return Card::say("No program may send values yet.").buttons([Button::new(
            "New token",
            "token new",
        )
        .primary()]);
    }
    let on = |at: chrono::DateTime<chrono::Utc>| day(at.with_timezone(&zone).date_naive());
    let row = |token: &Token| {
        vec![
            token.name.to_string(),
            scope(token),
            format!(
                "{}, {}",
                people.name(Some(token.made_by)),
                on(token.made_at)
            ),
            token.used_at.map_or("never".to_owned(), |at| {
                at.with_timezone(&zone)
                    .format("%a %-d %b %Y %H:%M")
                    .to_string()
            }),
        ]
    };
    let table = Block::Table {
        head: ["Token", "Good for", "Made by", "Last used"]
            .map(str::to_owned)
            .to_vec(),
        rows: tokens.iter().take(LISTED).map(row).collect(),
    };
    let revoke = tokens.iter().take(4).map(|token| {
        Button::new(
            format!("Revoke {}", token.name),
            format!("token revoke {}", token.name),
        )
        .danger()
    });
    Card::new("Programs that may send values")
        .block(table)
        .buttons(std::iter::once(Button::new("New token", "token new")).chain(revoke))
}

/// To who revoked it.
pub fn revoked(name: &TokenName) -> Card {
    let line = Text::from("The token ")
        .bold(name.as_str())
        .plain_span(" is good for nothing any more.");
    Card::say(line).buttons([Button::new("List tokens", "token list")])
}
