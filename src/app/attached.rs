//! Files that come with an act. They are kept before the command is read, in a transaction of their
//! own: a form that is refused keeps its files as it keeps all else that was filled in.

use super::answer::form_of;
use super::{Ctx, Error, Result, UserError};
use crate::chat::{Act, Attachment, Field, Reply};
use crate::command;
use crate::command::value::FileRef;
use crate::record::card;
use crate::record::files::{self, Keeper};

impl Ctx {
    /// Answers an act and the files that came with it. A form that comes back names its files.
    pub(super) async fn act_with(&mut self, act: Act, files: Vec<Attachment>) -> Result<Reply> {
        let reply = match files.is_empty() {
            true => self.act(&act).await?,
            false => self.act_and_files(act, files).await?,
        };
        self.files_named(reply).await
    }

    async fn act_and_files(&mut self, mut act: Act, files: Vec<Attachment>) -> Result<Reply> {
        let words = words_of(&act).to_owned();
        let mut refused = None;
        for attachment in files {
            let field = attachment.field.clone();
            match self.take_in(&words, attachment).await {
                Ok(file) => put(&mut act, &field, &file),
                Err(Error::User(error)) if error.field.is_some() => {
                    refused = refused.or(Some((field, error.text)));
                }
                Err(error) => return Err(error),
            }
        }
        let Some((field, why)) = refused else {
            return self.act(&act).await;
        };
        let known = self.known().await?;
        let form = match act {
            Act::Typed(text) | Act::Clicked { command: text, .. } => form_of(&text, &[], &known),
            Act::Submitted { values, .. } | Act::Filled { values, .. } => {
                self.keep_draft(&words, &values).await?;
                form_of(&words, &values, &known)
            }
        };
        Ok(beside(form, &field, why))
    }

    /// Keeps one file that came with these words. Whoever may not use the command leaves nothing here
    /// either.
    pub async fn take_in(&self, words: &str, attachment: Attachment) -> Result<FileRef> {
        self.permit_words(words, &self.known().await?).await?;
        let wanted = command::files(words);
        if !wanted.iter().any(|(name, _)| *name == attachment.field) {
            let error = UserError::new("This command takes no file. One can be kept by itself.");
            return Err(error.button("Keep a file", "file keep").into());
        }
        let refused = |why| UserError::at("file", why);
        let bytes = attachment.bytes.map_err(refused)?;
        let keeper = Keeper {
            workspace: self.workspace.id,
            by: Some(self.person.id),
            at: self.now,
        };
        let mut tx = self.app.store.write(self.workspace.id).await?;
        let file = files::keep(&mut tx, keeper, &attachment.name, bytes).await?;
        tx.commit().await?;
        Ok(file)
    }

    /// A form with its files called by their names.
    async fn files_named(&self, reply: Reply) -> Result<Reply> {
        let Reply::Form(mut form) = reply else {
            return Ok(reply);
        };
        let attached = form.fields.iter_mut().filter(|field| Field::is_file(field));
        for field in attached {
            let Some(Ok(file)) = field.value.as_deref().map(str::parse::<FileRef>) else {
                continue;
            };
            let mut conn = self.read().await?;
            // What is not here is refused when the form is sent.
            if let Ok(about) = files::about(&mut conn, self.workspace.id, &file).await {
                field.hint = Some(card::attached(&about));
            }
        }
        Ok(Reply::Form(form))
    }
}

fn words_of(act: &Act) -> &str {
    match act {
        Act::Typed(text) | Act::Clicked { command: text, .. } => text,
        Act::Submitted { command, .. } | Act::Filled { command, .. } => command,
    }
}

/// Makes a file the value of its argument.
fn put(act: &mut Act, field: &str, file: &FileRef) {
    match act {
        Act::Typed(text) | Act::Clicked { command: text, .. } => {
            text.push_str(&format!(" {field}:{file}"));
        }
        Act::Submitted { values, .. } | Act::Filled { values, .. } => {
            values.retain(|(name, _)| name != field);
            values.push((field.to_owned(), file.to_string()));
        }
    }
}

/// The form with what is wrong with a file beside it.
fn beside(form: Reply, field: &str, why: String) -> Reply {
    match form {
        Reply::Form(mut form) => {
            let file = form.fields.iter_mut().find(|known| known.name == field);
            match file {
                Some(file) => file.error = Some(why),
                None => form.say(why),
            }
            Reply::Form(form)
        }
        card => card,
    }
}
