//! Every word about coverage, and its picture.

use super::rules::{Count, Coverage, Gap, Standing};
use crate::audit::card::conformity;
use crate::audit::programme::card::cycle_words;
use crate::chat::{
    Block, Button, Card, Grid, GridCell, GridGroup, Mark, Picture, PictureSource, Text, cut,
};
use crate::people::area::rules::WHOLE;

/// What of a reason is shown.
const WHY: usize = 160;
/// What the words for a picture take.
const ALT: usize = 2000;

impl Gap {
    fn words(&self) -> String {
        match self {
            Gap::Late(audit) => format!("{audit} is overdue"),
            Gap::NotTested(audit) => format!("{audit} did not test it"),
            Gap::TakenOut(reason) => format!("taken out: {}", cut(reason, WHY)),
            Gap::Unplanned => "in no audit".to_owned(),
        }
    }
}

/// Whether one of the standard's parts has a clause or control.
fn is_in(part: &str, reference: &str) -> bool {
    let rest = reference.strip_prefix(part);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// `45 of 119 audited (38%): 43 conform, 2 do not; 60 planned, 12 later, 2 gaps; 2 do not apply.`
fn headline(count: Count) -> String {
    let percent = (100 * count.audited()).checked_div(count.all());
    let gaps = match count.gaps {
        1 => "1 gap".to_owned(),
        gaps => format!("{gaps} gaps"),
    };
    let later = match count.later {
        0 => String::new(),
        later => format!(", {later} later in the cycle"),
    };
    let out = match count.excluded {
        0 => String::new(),
        1 => "; 1 does not apply".to_owned(),
        out => format!("; {out} do not apply"),
    };
    format!(
        "{} of {} audited ({}%): {}; {} planned{later}, {gaps}{out}.",
        count.audited(),
        count.all(),
        percent.unwrap_or_default(),
        conformity(count.conforms, count.found),
        count.ahead,
    )
}

/// Gaps of the same kind together: `AUD-2027-02 is overdue: 6.1.1, 6.1.2`.
fn gap_lines(coverage: &Coverage) -> Vec<(String, String)> {
    let mut lines: Vec<(&Gap, Vec<&str>)> = Vec::new();
    for (reference, gap) in coverage.gaps() {
        match lines.iter_mut().find(|(known, _)| *known == gap) {
            Some((_, references)) => references.push(reference),
            None => lines.push((gap, vec![reference])),
        }
    }
    let words = |(gap, references): (&Gap, Vec<&str>)| (gap.words(), references.join(", "));
    lines.into_iter().map(words).collect()
}

fn title(coverage: &Coverage) -> String {
    let cycle = coverage.cycle;
    match cycle.years {
        1 => format!("Audit coverage {}", coverage.year),
        _ => format!(
            "Audit coverage {}, cycle {}",
            coverage.year,
            cycle_words(cycle)
        ),
    }
}

/// Coverage as a picture and a table, each gap by name.
pub fn shown(coverage: &Coverage) -> Card {
    let all = coverage.count(|_| true);
    let row = |(part, title): (&str, &str)| {
        let count = coverage.count(|reference| is_in(part, reference));
        let figures = [
            count.conforms,
            count.found,
            count.ahead,
            count.later,
            count.gaps,
            count.excluded,
        ];
        let figures = figures.map(|figure| match figure {
            0 => "–".to_owned(),
            figure => figure.to_string(),
        });
        std::iter::once(format!("{part} {title}"))
            .chain(figures)
            .collect()
    };
    let head = [
        "Part",
        "Conforms",
        "Does not",
        "Planned",
        "Later",
        "Gap",
        "Not applicable",
    ];
    let mut card = Card::new(title(coverage))
        .text(headline(all))
        .block(Block::Picture(picture(coverage)))
        .block(Block::Table {
            head: head.map(str::to_owned).to_vec(),
            rows: WHOLE.into_iter().map(row).collect(),
        });
    let line = |(words, references): (String, String)| {
        Text::new()
            .bold(words)
            .plain_span(format!(": {references}"))
    };
    let gaps: Vec<Text> = gap_lines(coverage).into_iter().map(line).collect();
    if !gaps.is_empty() {
        card = card.text(Text::new().bold("Gaps")).list(gaps);
    }
    let found = coverage
        .lines
        .iter()
        .filter_map(|(reference, standing)| match standing {
            Standing::Found(audit) => Some(
                Text::new()
                    .code(reference)
                    .plain_span(format!(" in {audit}")),
            ),
            _ => None,
        });
    let found: Vec<Text> = found.collect();
    if !found.is_empty() {
        card = card.text(Text::new().bold("Does not conform")).list(found);
    }
    let year = coverage.year;
    card.buttons([
        Button::new(format!("Show {year}"), format!("audit list {year}")),
        Button::new("What applies", "audit scope"),
    ])
}

impl Standing {
    fn mark(&self) -> Mark {
        match self {
            Standing::Conforms(_) => Mark::Good,
            Standing::Found(_) => Mark::Bad,
            Standing::Ahead(_) => Mark::Ahead,
            Standing::Later => Mark::Later,
            Standing::Gap(_) => Mark::Gap,
            Standing::Excluded(_) => Mark::Out,
        }
    }
}

/// A cell for each clause and control.
pub fn picture(coverage: &Coverage) -> Picture {
    let cell = |(reference, standing): &(String, Standing)| GridCell {
        label: reference.trim_start_matches("A.").to_owned(),
        mark: standing.mark(),
    };
    let group = |name: &str, holds: &dyn Fn(&str) -> bool| {
        let lines = coverage
            .lines
            .iter()
            .filter(|(reference, _)| holds(reference));
        GridGroup {
            name: name.to_owned(),
            cells: lines.map(cell).collect(),
        }
    };
    let mut groups = vec![group("Clauses", &|reference| !reference.starts_with("A."))];
    for part in ["A.5", "A.6", "A.7", "A.8"] {
        groups.push(group(part, &|reference| is_in(part, reference)));
    }
    let count = coverage.count(|_| true);
    let key = [
        (Mark::Good, "conforms", count.conforms),
        (Mark::Bad, "does not conform", count.found),
        (Mark::Ahead, "planned", count.ahead),
        (Mark::Later, "later in the cycle", count.later),
        (Mark::Gap, "gap", count.gaps),
        (Mark::Out, "not applicable", count.excluded),
    ];
    let gaps = gap_lines(coverage);
    let gaps = gaps
        .iter()
        .map(|(words, references)| format!(" {words}: {references}."));
    let alt = format!(
        "{}: {}{}",
        title(coverage),
        headline(count),
        gaps.collect::<String>()
    );
    Picture {
        name: format!("audit-coverage-{}.png", coverage.year),
        alt: cut(&alt, ALT),
        source: PictureSource::Grid(Grid {
            title: title(coverage),
            groups,
            key: key
                .into_iter()
                .map(|(mark, words, count)| (mark, format!("{words} {count}")))
                .collect(),
        }),
    }
}
