//! The register, read and sent to who asked for it.

use std::collections::BTreeMap;

use super::document::{self, Register, document, rows};
use super::rules::Filter;
use crate::action::check::Round;
use crate::action::command::StateFilter;
use crate::action::rules::Action;
use crate::action::steps::Step;
use crate::app::{Ctx, Result, UserError};
use crate::chat::Reply;
use crate::people::rules::today;
use crate::people::{People, Workspace};
use crate::report::command::{ActionRegister, Format};
use crate::report::flow::send_own;
use crate::report::{card, markdown, pdf};
use crate::sql;
use crate::store::Conn;

/// Actions read at a time.
const PAGE: i64 = 1000;
/// As many as one register holds: as a file it still fits into every chat.
const MOST: usize = 20_000;

pub async fn run(ctx: &Ctx, asked: ActionRegister) -> Result<Reply> {
    let day = today(ctx.now, ctx.workspace.zone);
    let mut conn = ctx.read().await?;
    let people = ctx.people(&mut conn).await?;
    let which = which(&asked, &people);
    let format = asked.format;
    let filter = Filter {
        text: asked.text,
        state: asked.state,
        overdue_on: asked.overdue.then_some(day),
        owner: asked.owner.map(|who| who.0),
        source: asked.source,
        severity: asked.severity,
        control: asked.control.map(|control| control.to_string()),
    };
    let actions = read(&mut conn, &ctx.workspace, &filter).await?;
    if actions.is_empty() {
        return Err(UserError::new("No actions fit.")
            .button("List actions", "action list")
            .into());
    }
    let more = match format {
        Format::Csv => BTreeMap::new(),
        _ => more(&mut conn, &ctx.workspace, &actions).await?,
    };
    let register = Register {
        workspace: ctx.workspace.name.clone(),
        which,
        actions,
        more,
        people,
        made: ctx.now.with_timezone(&ctx.workspace.zone),
        head: sql!(conn, record::log_head(ctx.workspace.id))?,
    };
    drop(conn);
    let files = draw(&register, format).await?;
    let mut tx = ctx.write().await?;
    let count = files.len();
    let what = "The register of actions";
    for (extension, bytes) in files {
        let name = format!("actions-{day}.{extension}");
        send_own(ctx, &mut tx, (what, &name), bytes).await?;
    }
    tx.commit().await?;
    Ok(card::on_its_way(what, count).into())
}

/// The actions that fit, in the order they were raised.
async fn read(conn: &mut Conn, workspace: &Workspace, filter: &Filter) -> Result<Vec<Action>> {
    let mut fitting = Vec::new();
    let mut after = 0;
    loop {
        let page = sql!(conn, action::list_after(workspace.id, after, PAGE))?;
        let Some(last) = page.last() else {
            return Ok(fitting);
        };
        after = last.number;
        fitting.extend(page.into_iter().filter(|action| filter.fits(action)));
        if fitting.len() > MOST {
            let text = format!(
                "More than {MOST} actions fit, and one file has no room for them. Narrow it down: \
                 by state, owner, source, severity or control."
            );
            return Err(UserError::at("state", text).into());
        }
    }
}

/// Steps and earlier rounds of the actions that a document holds.
async fn more(
    conn: &mut Conn,
    workspace: &Workspace,
    actions: &[Action],
) -> Result<BTreeMap<i64, (Vec<Step>, Vec<Round>)>> {
    let mut more = BTreeMap::new();
    for action in actions.iter().take(document::MOST) {
        let number = action.number;
        let steps = sql!(conn, action::list_steps(workspace.id, number))?;
        let rounds = match action.round {
            1 => Vec::new(),
            _ => sql!(conn, action::list_rounds(workspace.id, number))?,
        };
        more.insert(number, (steps, rounds));
    }
    Ok(more)
}

async fn draw(register: &Register, format: Format) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let document = document(register);
    let mut files = Vec::new();
    if format.is_markdown() {
        files.push(("md", markdown::render(&document).into_bytes()));
    }
    if format.is_csv() {
        files.push(("csv", rows(register).csv()?));
    }
    if format.is_pdf() {
        files.push(("pdf", pdf::draw(document).await?));
    }
    Ok(files)
}

/// Which actions were asked for, in words.
fn which(asked: &ActionRegister, people: &People) -> String {
    let mut words = match asked.state {
        StateFilter::All => "All actions".to_owned(),
        state => format!("Actions, {state}"),
    };
    if asked.overdue {
        words.push_str(", overdue");
    }
    if let Some(owner) = asked.owner {
        words.push_str(&format!(", of {}", people.name(Some(owner.0))));
    }
    if let Some(source) = asked.source {
        words.push_str(&format!(", source: {}", source.words()));
    }
    if let Some(severity) = asked.severity {
        words.push_str(&format!(", {}", severity.words()));
    }
    if let Some(control) = &asked.control {
        words.push_str(&format!(", about {control}"));
    }
    if let Some(text) = &asked.text {
        words.push_str(&format!(", with “{text}”"));
    }
    words
}
