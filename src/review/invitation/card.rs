//! Every word about the link for calendars.

use chrono::NaiveDate;

use crate::chat::{Button, Card, Text, day};

/// To who made it: shown once.
pub fn link(path: &str, public: Option<&str>) -> Card {
    let card = Card::new("Reviews in your calendar")
        .text("This is shown once. Give it to a calendar as one to subscribe to:");
    let card = match public {
        Some(url) => card.text(Text::new().code(format!("{}{path}", url.trim_end_matches('/')))),
        None => card.text(Text::new().code(path)).text(
            Text::from(
                "It stands under the address where programs reach me; who runs me names it in ",
            )
            .code("intake.public_url")
            .plain_span("."),
        ),
    };
    card.footer(
        "Whoever has it can see when reviews are, and nothing else. Renew it when it may have leaked.",
    )
    .buttons([new_link()])
}

/// There is one, and it is not shown again.
pub fn link_is_there(by: &str, on: NaiveDate) -> Card {
    Card::say(format!(
        "{by} made a link for calendars on {}; it was shown once. A new one makes it good for nothing.",
        day(on)
    ))
    .buttons([new_link()])
}

fn new_link() -> Button {
    Button::new("New link", "review calendar renew:yes")
}
