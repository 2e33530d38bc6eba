//! The words of `status`.

use chrono::NaiveDate;

use super::picture::{how_far, lines, picture};
use super::rules::Cycle;
use crate::chat::{Block, Button, Card, Text, day};
use crate::kpi::analysis;
use crate::kpi::digest::{Digest, headline, next_audit};

/// Everything the card tells.
pub struct Standing {
    pub digest: Digest,
    pub cycle: Cycle,
    /// How many actions there are per state.
    pub actions: Vec<(String, i64)>,
    pub next_review: Option<NextReview>,
    /// The KPIs whose sources fail.
    pub failing: Vec<String>,
    /// Who is away today.
    pub away: Option<Text>,
}

pub struct NextReview {
    /// `MR-2026-Q4`.
    pub name: String,
    pub on: NaiveDate,
    /// Its day has passed.
    pub late: bool,
    /// Inputs that are not in yet.
    pub missing: usize,
}

pub fn standing(standing: &Standing) -> Card {
    let audit = match &standing.digest.next_audit {
        Some(audit) => next_audit(audit),
        None => Text::from("no programme yet: ").code("/isms audit plan"),
    };
    let cycle = &standing.cycle;
    let to_come = review(standing.next_review.as_ref());
    let [_, audited, reviewed, _] = how_far(cycle);
    let [(_, measured), ..] = lines(cycle);
    let next = |how_far: Text, of: usize, next: Text| match of {
        0 => next,
        _ => how_far.plain_span(". Next: ").then(next),
    };
    let card = Card::new("How the ISMS stands").text(Text::new().bold(headline(&standing.digest)));
    let card = match cycle.is_empty() {
        true => card,
        false => card.block(Block::Picture(picture(cycle))),
    };
    card.facts(
        [("Measures (9.1)", measured)]
            .into_iter()
            .chain(analyses(&standing.digest))
            .chain(failing(&standing.failing).map(|words| ("Sources (9.1)", words)))
            .chain([
                ("Audits (9.2)", next(audited, cycle.audit.of, audit)),
                ("Reviews (9.3)", next(reviewed, cycle.review.of, to_come)),
                ("Actions (10.2)", actions(standing)),
            ])
            .chain(standing.away.clone().map(|away| ("Away", away))),
    )
    .buttons([
        Button::new("What waits for me", "mine").primary(),
        Button::new("KPIs", "kpi list"),
        Button::new("Overdue actions", "action list --overdue"),
        Button::new("Audits", "audit list"),
        Button::new("Coverage", "audit coverage"),
        Button::new("Reviews", "review list"),
    ])
    .footer(Text::from("Log fingerprint ").code(standing.digest.head.fingerprint()))
}

/// What is pinned in a channel.
pub fn overview(cycle: &Cycle) -> Card {
    let mut facts = lines(cycle).to_vec();
    if cycle.to_check > 0 {
        let words = match cycle.to_check {
            1 => "1 action is done; whether it worked is to be looked at".to_owned(),
            n => format!("{n} actions are done; whether they worked is to be looked at"),
        };
        facts.push(("Verify (10.2)".to_owned(), words.into()));
    }
    Card::new("The ISMS at a glance")
        .block(Block::Picture(picture(cycle)))
        .facts(facts)
        .buttons([
            Button::new("What waits for me", "mine").primary(),
            Button::new("How it stands", "status"),
            Button::new("Raise an action", "action new"),
            Button::new("Help", "help"),
        ])
        .footer(format!("Kept up to date; as of {}.", day(cycle.today)))
}

/// What is left of it where it is kept no more; `moved_to` is its new channel.
pub fn overview_ended(moved_to: Option<&str>) -> Card {
    match moved_to {
        Some(channel) => Card::say(
            Text::from("The overview is in ")
                .channel(channel)
                .plain_span(" now."),
        ),
        None => Card::say("The overview was switched off.")
            .buttons([Button::new("How it stands", "status")]),
    }
}

/// As many names as there is room for.
const NAMED: usize = 5;

fn failing(kpis: &[String]) -> Option<Text> {
    let named = kpis.iter().take(NAMED).cloned().collect::<Vec<_>>();
    let more = match kpis.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let words = match kpis.len() {
        0 => return None,
        1 => format!("1 fails: {}", named.join(", ")),
        n => format!("{n} fail: {}{more}", named.join(", ")),
    };
    Some(Text::new().bold(words))
}

/// What crossed and is not explained, where there is something.
fn analyses(digest: &Digest) -> Option<(&'static str, Text)> {
    let words = analysis::card::open_words(&digest.views, digest.today())?;
    Some(("Analyses (9.1)", words.into()))
}

fn actions(standing: &Standing) -> Text {
    let count = |states: &[&str]| -> i64 {
        let counted = standing
            .actions
            .iter()
            .filter(|(state, _)| states.contains(&state.as_str()));
        counted.map(|(_, count)| count).sum()
    };
    let open = count(&["raised", "planned", "reopened"]);
    let late = standing.digest.overdue.len();
    let overdue = match late {
        0 => "none overdue".to_owned(),
        n => format!("{n} of them overdue"),
    };
    format!(
        "{open} open, {overdue}; {} done and to be verified; {} found effective",
        count(&["done"]),
        count(&["effective"]),
    )
    .into()
}

/// The next review, and what it waits for.
pub fn review(next: Option<&NextReview>) -> Text {
    let Some(review) = next else {
        return Text::from("none is scheduled: ").code("/isms review schedule");
    };
    let when = if review.late { "was due on" } else { "on" };
    let inputs = match review.missing {
        0 => "all inputs are in".to_owned(),
        1 => "1 input is missing".to_owned(),
        n => format!("{n} inputs are missing"),
    };
    let text = Text::new().bold(&review.name);
    text.plain_span(format!(" {when} {}; {inputs}", day(review.on)))
}
