//! Every word about an import.

use super::flow::Judged;
use crate::chat::{Block, Button, Card, Text};
use crate::kpi::batch::flow::Counts;
use crate::kpi::batch::rules::{Verdict, Wrong};
use crate::record::card::{in_title, taken_from};
use crate::record::files::Kept;
use crate::report::quantity;

/// As many wrong lines as a message explains; the others are named by their numbers.
const EXPLAINED: usize = 15;
/// As many changes as a message shows.
const SHOWN: usize = 15;
/// What of a reason is told of a line.
const WHY: usize = 160;

/// What a file would do, in chat.
pub fn proposed(kept: &Kept, judged: &Judged) -> Card {
    weighed(kept, judged, (EXPLAINED, SHOWN))
}

/// The same on the command line, where there is room for all of it.
pub fn told(kept: &Kept, judged: &Judged) -> Card {
    let all = judged.lines.len();
    let mut card = weighed(kept, judged, (all, all));
    card.blocks
        .retain(|block| !matches!(block, Block::Buttons(_)));
    card
}

fn weighed(kept: &Kept, judged: &Judged, (explained, shown): (usize, usize)) -> Card {
    let card = Card::new(title(kept)).footer(taken_from(kept));
    let wrong: Vec<(u64, &Wrong)> = judged.wrong().collect();
    if !wrong.is_empty() {
        let line = |(number, wrong): &(u64, &Wrong)| {
            let why: String = wrong.why.chars().take(WHY).collect();
            Text::new()
                .bold(format!("Line {number}, {}", wrong.field))
                .plain_span(format!(": {}", why.replace('\n', " ")))
        };
        let headline = match wrong.len() {
            1 => "One line is wrong, so nothing is recorded. Mend it and import the file again:",
            _ => {
                "These lines are wrong, so nothing is recorded. Mend them and import the file again:"
            }
        };
        let card = card
            .text(headline)
            .list(wrong.iter().take(explained).map(line));
        return match wrong.len() > explained {
            true => card.text(format!(
                "Wrong, too: lines {}.",
                ranges(&wrong[explained..])
            )),
            false => card,
        };
    }
    let counts = counts(judged);
    let sentence = format!(
        "{} would be recorded, {} corrected; {} there already.",
        values(counts.recorded),
        counts.corrected,
        match counts.unchanged {
            1 => "1 is".to_owned(),
            many => format!("{many} are"),
        }
    );
    if counts.recorded + counts.corrected == 0 {
        return card.text("Every value of this file is there already. Nothing changes.");
    }
    let rows: Vec<Vec<String>> = judged
        .verdicts()
        .filter_map(|row| self::row(judged, row))
        .collect();
    let more = rows.len().saturating_sub(shown);
    let mut card = card.text(sentence).block(Block::Table {
        head: ["KPI", "Period", "Value", "Was"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.into_iter().take(shown).collect(),
    });
    if more > 0 {
        card = card.text(format!("And {more} more."));
    }
    let command = format!("kpi import file:{} commit:yes", kept.file);
    card.buttons([Button::new("Record all of it", command).primary()])
}

fn row(
    judged: &Judged,
    (key, verdict): &(crate::command::value::KpiKey, Verdict),
) -> Option<Vec<String>> {
    let (given, was) = match verdict {
        Verdict::Unchanged => return None,
        Verdict::New(given) => (given, None),
        Verdict::Corrected { given, was } => (given, Some(*was)),
    };
    let unit = judged.kpi(key).map_or("", |kpi| kpi.unit.as_str());
    Some(vec![
        key.to_string(),
        given.period.to_string(),
        quantity(given.value, unit),
        was.map_or(String::new(), |was| quantity(was, unit)),
    ])
}

fn counts(judged: &Judged) -> Counts {
    let mut counts = Counts::default();
    for (_, verdict) in judged.verdicts() {
        match verdict {
            Verdict::New(_) => counts.recorded += 1,
            Verdict::Corrected { .. } => counts.corrected += 1,
            Verdict::Unchanged => counts.unchanged += 1,
        }
    }
    counts
}

fn values(count: usize) -> String {
    match count {
        1 => "1 value".to_owned(),
        many => format!("{many} values"),
    }
}

/// `7, 9–12, 40`
fn ranges(wrong: &[(u64, &Wrong)]) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for (number, _) in wrong {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let shown = ranges.iter().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}–{last}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn title(kept: &Kept) -> String {
    let name = in_title(kept);
    format!("Import of {name}")
}

/// To who imported it.
pub fn taken(kept: &Kept, counts: Counts) -> Card {
    Card::new(title(kept))
        .text(format!(
            "{} recorded, {} corrected; {} unchanged.",
            values(counts.recorded),
            counts.corrected,
            counts.unchanged
        ))
        .buttons([Button::new("List KPIs", "kpi list")])
        .footer(taken_from(kept))
}
