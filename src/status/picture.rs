//! The cycle as a picture, and in words. Pure.

use chrono::{Datelike, NaiveDate};

use super::rules::{Cycle, Next, Part};
use crate::chat::{Picture, PictureSource, Ring, RingPart, Text, day};

/// As many late things as are named.
const NAMED: usize = 3;

/// What is said of a part: its name and clause, what is counted, why nothing is, and how the next
/// day is meant.
struct Words {
    name: &'static str,
    clause: &'static str,
    what: &'static str,
    none: &'static str,
    next: &'static str,
}

const WORDS: [Words; 4] = [
    Words {
        name: "Measure",
        clause: "9.1",
        what: "values are in",
        none: "no value is due yet",
        next: "next",
    },
    Words {
        name: "Audit",
        clause: "9.2",
        what: "audits are finished",
        none: "no programme yet",
        next: "next by",
    },
    Words {
        name: "Review",
        clause: "9.3",
        what: "reviews are held",
        none: "none is scheduled",
        next: "next",
    },
    Words {
        name: "Correct",
        clause: "10.2",
        what: "actions are done",
        none: "no action is due",
        next: "next due",
    },
];

/// The ring of the four parts.
pub fn picture(cycle: &Cycle) -> Picture {
    let parts = cycle.parts().map(|part| part.clone());
    let mut told = WORDS.iter().zip(parts).map(|(words, part)| RingPart {
        name: words.name.to_owned(),
        clause: words.clause.to_owned(),
        done: part.done,
        of: part.of,
        what: if part.of == 0 { words.none } else { words.what }.to_owned(),
        late: part.late.len(),
        next: part.next.as_ref().map(|next| {
            let on = short(next.on, cycle.today);
            format!("{} {on}", words.next)
        }),
    });
    let parts = std::array::from_fn(|_| told.next().unwrap_or_default());
    let middle = match cycle.late() {
        _ if cycle.is_empty() => "not begun".to_owned(),
        0 => "on time".to_owned(),
        late => format!("{late} late"),
    };
    Picture {
        name: "isms-cycle.png".to_owned(),
        alt: in_words(cycle),
        source: PictureSource::Ring(Ring {
            title: format!("The ISMS cycle {}", cycle.today.year()),
            middle,
            below: cycle.today.format("%a %-d %b").to_string(),
            parts,
        }),
    }
}

/// `Thu 31 Dec`, with its year where that is another.
fn short(date: NaiveDate, today: NaiveDate) -> String {
    match date.year() == today.year() {
        true => date.format("%a %-d %b").to_string(),
        false => day(date),
    }
}

/// What the picture shows, for people who cannot see it.
fn in_words(cycle: &Cycle) -> String {
    let said = lines(cycle).map(|(label, words)| format!(" {label}: {}.", words.plain()));
    format!("The ISMS cycle on {}.{}", day(cycle.today), said.concat())
}

/// A line of each part: `Measure (9.1)`, and `4 of 5 values are in; late: Incidents; next Tue 1 Dec`.
pub fn lines(cycle: &Cycle) -> [(String, Text); 4] {
    let (parts, mut how_far) = (cycle.parts(), how_far(cycle));
    std::array::from_fn(|at| {
        let words = &WORDS[at];
        let label = format!("{} ({})", words.name, words.clause);
        let text = std::mem::take(&mut how_far[at]);
        (label, then_next(text, (words, parts[at]), cycle.today))
    })
}

/// How far each part is, without what comes next.
pub fn how_far(cycle: &Cycle) -> [Text; 4] {
    let parts = cycle.parts();
    std::array::from_fn(|at| {
        let (words, part) = (&WORDS[at], parts[at]);
        let text = Text::from(match part.of {
            0 => words.none.to_owned(),
            of => format!("{} of {of} {}", part.done, words.what),
        });
        match part.late.is_empty() {
            true => text,
            false => text.plain_span("; ").bold(late(&part.late)),
        }
    })
}

fn then_next(text: Text, (words, part): (&Words, &Part), today: NaiveDate) -> Text {
    let Some(Next { on, name }) = &part.next else {
        return text;
    };
    let name = name
        .as_ref()
        .map_or_else(String::new, |name| format!(", {name}"));
    text.plain_span(format!("; {} {}{name}", words.next, short(*on, today)))
}

/// `late: CA-1, CA-3, CA-4 and 2 more`.
fn late(names: &[String]) -> String {
    let named = names.iter().take(NAMED).cloned().collect::<Vec<_>>();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    format!("late: {}{more}", named.join(", "))
}
