//! What only the rooms of an audit know of a form: which item it is about, which findings are open.

use super::{checklist, finding, question};
use crate::app::{Ctx, Result};
use crate::chat::{Field, Form};
use crate::command::{self, value::RecordName};
use crate::store::Conn;

/// Makes a form that opens be about one item of a checklist, or ask for nothing but a file.
pub async fn about(ctx: &Ctx, form: &mut Form) -> Result<()> {
    if question::flow::is_about(&form.command) {
        form.fields.retain(Field::is_file);
        form.fields
            .iter_mut()
            .for_each(|field| field.required = true);
    }
    if !checklist::form::is_check(&form.command) {
        return Ok(());
    }
    let mut conn = ctx.read().await?;
    checklist::form::about(ctx, &mut conn, form, false).await
}

/// Makes of a form what only the room knows. Who was just refused has been told what is so now.
pub async fn dress(ctx: &Ctx, conn: &mut Conn, form: &mut Form) -> Result<()> {
    if checklist::form::is_check(&form.command) {
        checklist::form::about(ctx, conn, form, true).await?;
    }
    tell(ctx, conn, form).await
}

/// Says in a form what it is about.
pub async fn tell(ctx: &Ctx, conn: &mut Conn, form: &mut Form) -> Result<()> {
    if checklist::form::is_check(&form.command) {
        return checklist::form::tell(ctx, conn, form).await;
    }
    if finding::raise::is_new(&form.command) {
        return finding::raise::dress(ctx, conn, form).await;
    }
    Ok(())
}

/// What stands in the fields of a form before anybody fills it in.
pub async fn prefilled(ctx: &Ctx, path: &str, words: &str) -> Result<Vec<(String, String)>> {
    match (path, command::subject(words)) {
        ("audit check", _) => checklist::form::prefilled(ctx, words).await,
        ("audit finding", _) => finding::raise::prefilled(ctx, words).await,
        ("audit amend", Some(RecordName::Finding(name))) => {
            finding::flow::prefilled(ctx, name).await
        }
        _ => Ok(Vec::new()),
    }
}
