//! The form of an item: which one it is, what is asked about it, and what stands there already.

use super::card;
use super::command::How;
use super::flow::may_audit;
use super::rules::{self, Item};
use crate::app::{Ctx, Result, UserError};
use crate::audit::rules::{Audit, STANDARD};
use crate::audit::{flow, question};
use crate::chat::Form;
use crate::command::value::{ItemName, RecordName, Seen};
use crate::command::{self, Known};
use crate::sql;
use crate::store::Conn;

/// What of a command's words says which draft it fills: what was seen meanwhile is no part of it.
pub fn without_seen(command: &str) -> String {
    let is_check = command.starts_with("audit check ");
    let kept = command
        .split(' ')
        .filter(|word| !is_check || !word.starts_with("seen:"));
    kept.collect::<Vec<_>>().join(" ")
}

/// Makes a form that opens be about one item, and carry how often that was put down. With `anew` it
/// carries what is so now, for who was just told of it.
pub async fn about(ctx: &Ctx, conn: &mut Conn, form: &mut Form, anew: bool) -> Result<()> {
    let Some((audit, said)) = named(ctx, conn, &form.command).await? else {
        return Ok(());
    };
    may_audit(ctx, conn, &audit).await?;
    audit.must_be_under_way()?;
    let items = sql!(conn, checklist::list_items(ctx.workspace.id, audit.name()))?;
    let typed = form.field("requirement").and_then(|f| f.value.clone());
    let reference = match said.requirement.or(typed) {
        Some(reference) => match reference.parse::<ItemName>() {
            Ok(name) => name.to_string(),
            // What cannot be read is said beside its field.
            Err(_) => return Ok(()),
        },
        None => match rules::next_open(&audit.scope, &items, None) {
            Some(next) => next,
            None => return Err(card::all_put_down(&audit).into()),
        },
    };
    must_be_in_scope(&audit, &reference)?;
    let item = rules::find(&items, &reference);
    let seen = match said.seen.filter(|_| !anew) {
        Some(seen) => seen,
        None => Seen(item.map_or(0, |item| item.version)),
    };
    form.command = format!(
        "{} seen:{seen}",
        card::command_of(audit.name(), Some(&reference))
    );
    form.fields.retain(|field| field.name != "requirement");
    let result = form.fields.iter_mut().find(|field| field.name == "result");
    if let Some(result) = result {
        result.required = true;
    }
    Ok(())
}

/// Says above the form of an item what is asked about it, and what was put down before.
pub async fn tell(ctx: &Ctx, conn: &mut Conn, form: &mut Form) -> Result<()> {
    let Some((audit, said)) = named(ctx, conn, &form.command).await? else {
        return Ok(());
    };
    let Some(reference) = said.requirement else {
        return Ok(());
    };
    let items = sql!(conn, checklist::list_items(ctx.workspace.id, audit.name()))?;
    let item = rules::find(&items, &reference);
    let people = ctx.people(conn).await?;
    let asked = question::flow::of(conn, ctx.workspace.id, &reference).await?;
    form.say(card::asked(&reference, &asked, item, &people));
    Ok(())
}

/// What stands in the form of an item before anybody fills it in: what was put down before.
pub async fn prefilled(ctx: &Ctx, command: &str) -> Result<Vec<(String, String)>> {
    let mut conn = ctx.read().await?;
    let item = item_of(ctx, &mut conn, command).await?;
    Ok(item.map(values).unwrap_or_default())
}

/// What is kept of the item that words are about.
pub async fn item_of(ctx: &Ctx, conn: &mut Conn, command: &str) -> Result<Option<Item>> {
    let Some((audit, said)) = named(ctx, conn, command).await? else {
        return Ok(None);
    };
    let items = sql!(conn, checklist::list_items(ctx.workspace.id, audit.name()))?;
    let found = said.requirement.and_then(|reference| {
        let name = reference.parse::<ItemName>().ok()?;
        rules::find(&items, name.0.as_str()).cloned()
    });
    Ok(found)
}

fn values(item: Item) -> Vec<(String, String)> {
    let given = [
        ("result", Some(item.result.to_string())),
        ("method", How::word_of(&item.methods)),
        ("population", item.sample.population),
        ("sample", item.sample.size),
        ("chosen", item.sample.chosen),
        ("evidence", item.evidence),
        ("file", item.evidence_file.map(String::from)),
        ("note", item.note),
    ];
    let given = given.into_iter();
    given
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// What words say beside the audit.
#[derive(Debug, Default)]
struct Said {
    requirement: Option<String>,
    seen: Option<Seen>,
}

/// The audit that words are about, and what else they say.
async fn named(ctx: &Ctx, conn: &mut Conn, words: &str) -> Result<Option<(Audit, Said)>> {
    let Some(RecordName::Audit(name)) = command::subject(words) else {
        return Ok(None);
    };
    let audit = flow::load(conn, ctx.workspace.id, name).await?;
    let values = command::spread(words).map_or_else(Vec::new, |spread| spread.values);
    let given = |wanted: &str| {
        let mut values = values.iter();
        let found = values.find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    let said = Said {
        requirement: given("requirement"),
        seen: given("seen").and_then(|seen| seen.parse().ok()),
    };
    Ok(Some((audit, said)))
}

/// Refuses what an audit does not look at.
pub fn must_be_in_scope(audit: &Audit, reference: &str) -> Result<(), UserError> {
    if audit.scope.iter().any(|known| known == reference) {
        return Ok(());
    }
    let name = audit.name();
    let what = match STANDARD.title(reference) {
        "" => "The standard has no such clause or control".to_owned(),
        title => format!("{title} is not in the scope of this audit"),
    };
    let text = format!(
        "{reference}: {what}. {name} looks at {}.",
        audit.scope.join(", ")
    );
    Err(UserError::at("requirement", text).button("Checklist", format!("audit checklist {name}")))
}

/// Whether words lead to the form of an item.
pub fn is_check(words: &str) -> bool {
    command::leads_to(words, &Known::default()).as_deref() == Some("audit check")
}
