//! Every word about changing an audit.

use super::rules::Changed;
use crate::audit::card::month_words;
use crate::audit::programme;
use crate::audit::programme::rules::Plan;
use crate::chat::{Button, Card, Text};
use crate::people::People;

/// To who changed it.
pub fn changed(changed: &Changed, plan: &Plan, people: &People) -> Card {
    let audit = &changed.audit;
    let name = audit.name();
    let mut lines = Vec::new();
    if changed.was != name {
        let month = month_words(audit.year, audit.month);
        lines.push(format!("It is in {month} now, and was {}.", changed.was));
    }
    if !changed.added.is_empty() {
        lines.push(format!("Put in: {}.", changed.added.join(", ")));
    }
    for (giver, given) in &changed.givers {
        lines.push(format!("Out of {}: {}.", giver.name(), given.join(", ")));
    }
    if !changed.removed.is_empty() {
        lines.push(format!(
            "Taken out, and not audited in {}: {}.",
            audit.year,
            changed.removed.join(", ")
        ));
    }
    let card = Card::new(format!("{name} · {}", audit.topic))
        .text(Text::from("Changed. Auditor: ").then(people.mention(audit.auditor)))
        .list(lines)
        .buttons([
            Button::new("Show", format!("audit show {name}")),
            Button::new(
                format!("Show {}", audit.year),
                format!("audit list {}", audit.year),
            ),
        ]);
    match programme::card::doubt(plan) {
        Some(doubt) => card.footer(doubt),
        None => card,
    }
}
