//! What people filled into forms and is not carried out yet. A draft outlives the form it was typed
//! into: it is kept when a submit is refused or fails, and bit by bit on faces that ask so. It is no
//! record and leaves no entry in the log.

use chrono::TimeDelta;

use super::{Ctx, Result};
use crate::audit::checklist::form::without_seen;
use crate::chat::Form;
use crate::sql;

/// How long a draft is good for. Older ones would fill in what nobody remembers typing.
const KEPT: TimeDelta = TimeDelta::days(1);

pub(super) type Filled = Vec<(String, String)>;

impl Ctx {
    /// What this person has filled in of a command's form.
    pub(super) async fn draft(&self, command: &str) -> Result<Option<Filled>> {
        let mut conn = self.read().await?;
        let who = (self.workspace.id, self.person.id);
        let command = &without_seen(command);
        Ok(sql!(conn, app::find_draft(who, command, self.now - KEPT))?)
    }

    pub(super) async fn keep_draft(&self, command: &str, filled: &Filled) -> Result<()> {
        let who = (self.workspace.id, self.person.id);
        let mut tx = self.app.store.write(self.workspace.id).await?;
        let command = &without_seen(command);
        sql!(tx, app::save_draft(who, command, filled, self.now))?;
        tx.commit().await
    }

    /// The command was carried out: what was filled in has become a record.
    pub(super) async fn forget_draft(&self, command: &str) -> Result<()> {
        if self.draft(command).await?.is_none() {
            return Ok(());
        }
        let who = (self.workspace.id, self.person.id);
        let mut tx = self.app.store.write(self.workspace.id).await?;
        let command = &without_seen(command);
        sql!(tx, app::forget_draft(who, command, self.now - KEPT))?;
        tx.commit().await
    }
}

/// The draft with newer values over it; an empty one takes out what stood there.
pub(super) fn merged(mut draft: Filled, newer: &Filled) -> Filled {
    for (name, value) in newer {
        draft.retain(|(known, _)| known != name);
        if !value.trim().is_empty() {
            draft.push((name.clone(), value.clone()));
        }
    }
    draft
}

/// Whether nothing stands in a form but what stands in the blank one of its command, and files.
pub(super) fn is_blank(form: &Form, blank: &Form) -> bool {
    form.command == blank.command
        && form
            .fields
            .iter()
            .filter(|field| !field.is_file())
            .all(|field| blank.field(&field.name).map(|blank| &blank.value) == Some(&field.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(values: &[(&str, &str)]) -> Filled {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        values.iter().map(owned).collect()
    }

    #[test]
    fn newer_values_win_and_empty_ones_clear() {
        let draft = filled(&[("title", "Patch"), ("due", "friday")]);
        let newer = filled(&[("due", " "), ("title", "Patch the VPN"), ("plan", "First")]);
        assert_eq!(
            merged(draft, &newer),
            filled(&[("title", "Patch the VPN"), ("plan", "First")])
        );
    }
}
