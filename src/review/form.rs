//! What stands in the forms of a review before anybody fills them in, and which version of a text a form
//! shows.

use crate::app::{Ctx, Result};
use crate::chat::Form;
use crate::command;
use crate::command::value::{DecisionName, RecordName, ReviewName};
use crate::review::command::InputItem;
use crate::review::meeting::rules::Session;
use crate::review::meeting::session::{find_session, load_session};
use crate::review::minutes::rules::Edited;
use crate::store::Conn;

/// Before the version in a form's command.
const SEEN: &str = " seen:";

/// An argument of the command, as it was said.
fn said<T: std::str::FromStr>(words: &str, name: &str) -> Option<T> {
    let spread = command::spread(words)?;
    let mut values = spread.values.into_iter();
    let (_, value) = values.find(|(known, _)| known == name)?;
    value.parse().ok()
}

/// What stands in the fields of a form of this review.
pub async fn standing_in(
    ctx: &Ctx,
    path: &str,
    (name, words): (ReviewName, &str),
) -> Result<Vec<(String, String)>> {
    let known = [
        "review discuss",
        "review decide-change",
        "review conclude",
        "review edit",
    ];
    if !known.contains(&path) {
        return Ok(Vec::new());
    }
    let mut conn = ctx.read().await?;
    let Some(session) = find_session(&mut conn, ctx.workspace.id, name).await? else {
        return Ok(Vec::new());
    };
    let people = ctx.people(&mut conn).await?;
    let put = |name: &str, value: String| (name.to_owned(), value);
    Ok(match path {
        "review discuss" => {
            let note = said::<InputItem>(words, "item").and_then(|item| session.note(item));
            let note = note.map(|note| put("note", note.text.clone()));
            note.into_iter().collect()
        }
        "review decide-change" => {
            let decision = said::<DecisionName>(words, "decision");
            let Some(Ok(decision)) = decision.map(|name| session.decision(name)) else {
                return Ok(Vec::new());
            };
            let owner = decision.owner.and_then(|owner| people.find(owner));
            let mut values = vec![
                put("words", decision.text.clone()),
                put("kind", decision.kind.to_string()),
            ];
            values.extend(owner.map(|owner| put("owner", owner.external.clone())));
            values.extend(decision.due.map(|due| put("due", due.to_string())));
            values
        }
        "review conclude" => {
            let mut values: Vec<_> = session
                .review
                .conclusion
                .clone()
                .map(|conclusion| put("conclusion", conclusion))
                .into_iter()
                .collect();
            if let Some(verdicts) = session.meeting.verdicts {
                values.push(put("suitable", verdicts.suitable.to_string()));
                values.push(put("adequate", verdicts.adequate.to_string()));
                values.push(put("effective", verdicts.effective.to_string()));
            }
            values
        }
        _ => match &session.minutes.newest {
            Some(newest) => {
                let sections = newest.sections.clone();
                let items = sections.items.into_iter();
                values(&Edited {
                    opening: Some(sections.opening),
                    items: items.map(|(item, text)| (item, Some(text))).collect(),
                    conclusion: Some(sections.conclusion),
                    other: Some(sections.other),
                })
            }
            None => Vec::new(),
        },
    })
}

/// Sections as the fields of their form.
pub fn values(edited: &Edited) -> Vec<(String, String)> {
    let texts = [
        ("opening".to_owned(), &edited.opening),
        ("conclusion".to_owned(), &edited.conclusion),
        ("other".to_owned(), &edited.other),
    ];
    let items = edited.items.iter();
    let items = items.map(|(item, text)| (item.to_string(), text));
    let all = texts.into_iter().chain(items);
    let said = all.filter_map(|(name, text)| Some((name, text.clone()?)));
    said.filter(|(_, text)| !text.is_empty()).collect()
}

/// A form that shows a text carries which version of it that is, so that nobody overwrites what they did
/// not see. One that does already was begun before: it keeps what it was begun with.
pub async fn stamp(ctx: &Ctx, conn: &mut Conn, form: &mut Form) -> Result<()> {
    let Some(RecordName::Review(name)) = command::subject(&form.command) else {
        return Ok(());
    };
    if form.command.contains(SEEN) {
        return Ok(());
    }
    let version = |session: &Session| match form.command.split(' ').nth(1) {
        Some("discuss") => {
            let item = said::<InputItem>(&form.command, "item")?;
            Some(session.note(item).map_or(0, |note| note.version))
        }
        Some("edit") => session.minutes.newest.as_ref().map(|newest| newest.number),
        _ => None,
    };
    let session = load_session(conn, ctx, name).await?;
    if let Some(version) = version(&session) {
        form.command.push_str(&format!("{SEEN}{version}"));
    }
    Ok(())
}
