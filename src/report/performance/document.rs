//! The performance report in words: every word it says. Pure.

use super::deviations::{deviations, values};
use super::rules::{Part, Performance};
use crate::action::rules::Action;
use crate::chat::Text;
use crate::kpi::card::{
    given_by, level, range_words, status_cell, trend_cell, value_cell, value_in,
};
use crate::kpi::picture::{chart, picture};
use crate::kpi::process::Signal;
use crate::kpi::rules::{Direction, Process, Status, too_few};
use crate::report::document::{Block, Document, Imprint, Table, date};
use crate::report::quantity;
use crate::review::plan::card::lapse_words;

/// Actions in one table; the register has all.
const ACTIONS: usize = 100;

/// The report as a document.
pub fn document(told: &Performance) -> Document {
    let imprint = Imprint {
        workspace: told.workspace.clone(),
        about: told.span.to_string(),
        made: told.now.with_timezone(&told.zone),
        head: told.head.clone(),
    };
    let over = told.span.day_after() <= imprint.made.date_naive();
    let subtitle = match over {
        true => told.span.words(),
        false => format!("{}, so far", told.span.words()),
    };
    let mut document = Document::new("Performance report", subtitle, imprint)
        .lead(summary(told))
        .heading("KPIs at the end of the period")
        .table(kpis(told))
        .heading("Deviations, what was found and what was done")
        .table(deviations(told));
    document = actions(document, told);
    if !told.lapses.is_empty() {
        document = document
            .heading("Management reviews not held as planned")
            .list(told.lapses.iter().map(lapse_words));
    }
    document = document
        .heading("Freshness of the data, and who measured")
        .table(freshness(told));
    if told.measured().next().is_some() {
        document = document.heading("The KPIs one by one");
        for part in told.measured() {
            document = one(document, told, part);
        }
    }
    how_to_read(document)
}

/// How it stands, in two or three sentences.
pub fn summary(told: &Performance) -> String {
    let parts: Vec<&Part> = told.measured().collect();
    let count = |status: Status| {
        let of_it = parts.iter().filter(|p| p.view.reading.status == status);
        of_it.count()
    };
    let span = told.span;
    let on = count(Status::OnTarget);
    let mut first = match (parts.len(), on) {
        (0, _) => return format!("No KPI was measured in {span}. {}", on_actions(told)),
        (1, 1) => format!("At the end of {span} the one KPI was on target"),
        (all, on) if all == on => format!("At the end of {span} all {all} KPIs were on target"),
        (all, on) => format!("At the end of {span}, {on} of {all} KPIs were on target"),
    };
    let rest = [
        (count(Status::Warning), "on warning"),
        (count(Status::OffTarget), "off target"),
        (count(Status::Missing), "missing"),
        (count(Status::Stale), "stale"),
        (count(Status::Waiting), "without a value yet"),
    ];
    let rest: Vec<String> = rest
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !rest.is_empty() {
        first.push_str(&format!(", {}", all_of(&rest)));
    }
    let signalling = parts.iter().filter(|part| {
        let deviations = part.deviations(span);
        deviations.iter().any(|d| d.signal.is_some())
    });
    let signals = match signalling.count() {
        0 => "None signalled a change.".to_owned(),
        1 => "1 signalled a change.".to_owned(),
        n => format!("{n} signalled a change."),
    };
    format!("{first}. {signals} {}", on_actions(told))
}

fn on_actions(told: &Performance) -> String {
    let (raised, done) = (told.raised().count(), told.done().count());
    let (closed, overdue) = (told.closed().count(), told.overdue().count());
    if [raised, done, closed, overdue] == [0; 4] {
        return "No action was raised or done, and none is overdue.".to_owned();
    }
    let raised = match raised {
        0 => "No action was raised".to_owned(),
        1 => "1 action was raised".to_owned(),
        n => format!("{n} actions were raised"),
    };
    let overdue = match overdue {
        0 => "none is overdue".to_owned(),
        1 => "1 is overdue".to_owned(),
        n => format!("{n} are overdue"),
    };
    format!("{raised}, {done} done and {closed} found effective; {overdue}.")
}

/// `a, b and c`.
fn all_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn kpis(told: &Performance) -> Table {
    let columns = [
        ("KPI", 30),
        ("Value", 16),
        ("Period", 12),
        ("Target", 16),
        ("Status", 18),
        ("Trend", 12),
    ];
    let row = |part: &Part| {
        let (view, kpi) = (&part.view, &part.view.kpi);
        let latest = view.reading.latest;
        let status = match (view.reading.status, &kpi.paused) {
            (Status::OffTarget | Status::Missing | Status::Stale, _) => {
                Text::new().bold(status_cell(view))
            }
            (_, Some(reason)) => Text::from(format!("paused: {reason}")),
            _ if view.signals() => Text::new().bold(status_cell(view)),
            _ => status_cell(view).into(),
        };
        vec![
            kpi.name.as_str().into(),
            value_cell(view).into(),
            latest
                .map_or("–".to_owned(), |l| l.period.to_string())
                .into(),
            level(kpi, kpi.target).into(),
            status,
            trend_cell(view).into(),
        ]
    };
    Table::of(&columns, "No KPI was set up by then.").rows(told.parts.iter().map(row))
}

fn actions(document: Document, told: &Performance) -> Document {
    let columns = [
        ("Action", 10),
        ("What is to be done", 42),
        ("Kind", 20),
        ("Owner", 16),
        ("Due", 18),
        ("State", 16),
    ];
    let row = |action: &Action| {
        vec![
            Text::new().bold(action.name().to_string()),
            action.title.as_str().into(),
            action.severity.words().into(),
            told.name(action.owner).into(),
            date(action.due).into(),
            action.state.words().into(),
        ]
    };
    let table = |actions: Vec<&Action>, empty: &str| {
        let rows = actions.into_iter().take(ACTIONS).map(row);
        Table::of(&columns, empty).rows(rows)
    };
    let closed = told.actions.iter().filter(|action| {
        let one = |other: &Action| other.number == action.number;
        told.done().any(one) || told.closed().any(one)
    });
    let more = [
        told.raised().count(),
        closed.clone().count(),
        told.overdue().count(),
    ];
    let mut document = document
        .heading("Corrective actions")
        .subheading("Raised in the period")
        .table(table(told.raised().collect(), "No action was raised."))
        .subheading("Done or found effective in the period")
        .table(table(closed.collect(), "No action was done."))
        .subheading("Overdue when this was made")
        .table(table(told.overdue().collect(), "No action is overdue."));
    if more.iter().any(|count| *count > ACTIONS) {
        let words = format!(
            "A table here has at most {ACTIONS} actions. All are in the register: report actions."
        );
        document = document.note(words);
    }
    document
}

fn freshness(told: &Performance) -> Table {
    let columns = [
        ("KPI", 28),
        ("Measured by", 24),
        ("Looked into by", 16),
        ("Values in", 12),
        ("Latest recorded", 22),
        ("Corrected", 12),
    ];
    let row = |part: &Part| {
        let kpi = &part.view.kpi;
        let mut by: Vec<String> = part
            .given
            .iter()
            .map(|m| given_by(m, &told.people))
            .collect();
        by.sort_unstable();
        by.dedup();
        let by = match by.is_empty() {
            true => format!("{} (no value)", told.name(Some(kpi.measurer))),
            false => by.join(", "),
        };
        let (valued, asked) = part.covered(told.span);
        let valued = match asked {
            0 => Text::from("no period ended"),
            _ if valued < asked => Text::new().bold(format!("{valued} of {asked}")),
            _ => format!("{valued} of {asked}").into(),
        };
        let recorded = part.latest.as_ref().map(|latest| {
            let at = latest.at.with_timezone(&told.zone).date_naive();
            format!("{}, for {}", date(at), kpi.period(latest.period))
        });
        let corrected = match part.corrections() {
            0 => "–".to_owned(),
            n => n.to_string(),
        };
        vec![
            kpi.name.as_str().into(),
            by.into(),
            told.name(Some(kpi.analyst)).into(),
            valued,
            recorded.unwrap_or_else(|| "never".to_owned()).into(),
            corrected.into(),
        ]
    };
    Table::of(&columns, "No KPI was set up by then.").rows(told.parts.iter().map(row))
}

/// One KPI: what it is, how it stands, its chart, and the signals in words.
fn one(document: Document, told: &Performance, part: &Part) -> Document {
    let (view, kpi) = (&part.view, &part.view.kpi);
    let mut target = level(kpi, kpi.target);
    if let Some(warning) = kpi.warning {
        target.push_str(&format!("; warning {}", level(kpi, warning)));
    }
    let status = match view.reading.latest {
        Some(latest) => {
            let known = match view.reading.status {
                Status::Missing | Status::Stale => "; last known ",
                _ => ": ",
            };
            Text::new()
                .bold(view.reading.status.words())
                .plain_span(format!("{known}{}", value_in(kpi, latest)))
        }
        None => Text::new().bold(view.reading.status.words()),
    };
    let mut document = document.subheading(kpi.name.clone());
    if let Some(purpose) = &kpi.purpose {
        document = document.text(purpose.as_str());
    }
    document = document.facts([
        ("Status", status),
        ("Target", target.into()),
        ("Usual range", range_words(view).into()),
        ("Signals", signals(told, part)),
    ]);
    let (Some(first), Some(last)) = (view.points.first(), view.points.last()) else {
        return document;
    };
    let mut chart = chart(view);
    chart.title = match first.period == last.period {
        true => format!("Run chart, {}", first.period),
        false => format!("Run chart, {} to {}", first.period, last.period),
    };
    document.block(Block::Chart {
        chart,
        alt: picture(view).alt,
    })
}

/// The signals of the span, explained.
fn signals(told: &Performance, part: &Part) -> Text {
    let kpi = &part.view.kpi;
    if let Process::TooFew(values) = part.view.reading.process {
        return format!("none can be told yet: {}", too_few(values)).into();
    }
    let unit = kpi.limits_unit();
    let told = part.deviations(told.span).into_iter().filter_map(|d| {
        let signal = d.signal?;
        let period = match d.first == d.last {
            true => d.first.to_string(),
            false => format!("{} to {}", d.first, d.last),
        };
        let limits = part.view.limits_at(d.last.last_day())?;
        // Events that are nearer to one another are more of them.
        let high = matches!(
            signal,
            Signal::AboveLimit
                | Signal::RowAbove(_)
                | Signal::CloserTogether
                | Signal::RowTogether(_)
        );
        let better = match high == (kpi.direction == Direction::Higher) {
            true => "better",
            false => "worse",
        };
        let held = match signal {
            Signal::AboveLimit | Signal::FurtherApart => limits
                .upper
                .map(|upper| format!("up to {}", quantity(upper, unit))),
            Signal::BelowLimit | Signal::CloserTogether => limits
                .lower
                .map(|lower| format!("from {}", quantity(lower, unit))),
            _ => Some(format!("mean {}", quantity(limits.mean, unit))),
        };
        let held = held.map_or_else(String::new, |held| format!(" ({held})"));
        Some(format!(
            "{period}: {}, {}{held}: a change for the {better} that has a cause.",
            values(&d, &kpi.unit),
            signal.words(),
        ))
    });
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => "none: the values vary as they usually do".into(),
        false => told.join("\n").into(),
    }
}

fn how_to_read(document: Document) -> Document {
    document
        .heading("How to read this")
        .list([
            Text::new().bold("Status").plain_span(
                " compares the latest value with the target that was set: on target, warning \
                 (between target and warning level), off target. Missing: the value of the last \
                 period is late. Stale: those of two periods or more are. A missing value is never \
                 counted as zero.",
            ),
            Text::new().bold("Signal").plain_span(
                " compares a value with what the process usually does (process behaviour chart): it \
                 lies outside the mean ± 2.66 × the mean moving range of the first 12 values, or is \
                 one of 8 or more in a row on one side of the mean. A KPI can be off target without \
                 a signal, and a signal can be good news.",
            ),
            Text::new().bold("In the charts").plain_span(
                " a signal is a diamond among dots, the target a dashed line, the warning level a \
                 dotted one, mean and limits are thin lines named at their right end, and a period \
                 without a value is a grey band.",
            ),
        ])
        .heading("Evaluation")
        .text(
            "ISO/IEC 27001:2022, 9.1 e and f: the results are analysed by who looks into each KPI, as \
             told above, and evaluated by top management. Who has evaluated this report, when and with \
             what conclusion is recorded in the log under the fingerprint of this file.",
        )
}
