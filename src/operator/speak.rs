//! `isms-bot as <person> <words…>`: what a person would type, typed for them here. Whoever can run
//! this can read the database, so nobody is asked who they are; the log says it was this person.

use anyhow::bail;
use clap::Args;

use super::REFUSED;
use crate::app::{self, App, Ctx, Error};
use crate::chat::fetch::Missed;
use crate::chat::{Attachment, Form, Reply};
use crate::command::value::FileRef;
use crate::command::{self, Misread, nearest};
use crate::config::Config;
use crate::people::{Person, Workspace};
use crate::record::files::LARGEST;
use crate::sql;
use crate::store::Store;

#[derive(Debug, Args)]
pub struct Said {
    /// Who says it: a name, or the platform's id
    person: String,
    /// In which workspace, by the platform's id; not needed when there is one only
    #[arg(long, value_name = "ID")]
    workspace: Option<String>,
    /// What a person would type after /isms
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    words: Vec<String>,
}

/// Carries the command out, prints the answer, and says how the process ends.
pub async fn speak(config: &Config, said: Said) -> anyhow::Result<u8> {
    let store = Store::open(config.database.url().expose()).await?;
    let app = super::app(config, store);
    let workspace = workspace(&app, said.workspace.as_deref()).await?;
    let person = person(&app, &workspace, &said.person).await?;
    let ctx = Ctx::new(app, workspace, person);
    let known = ctx.known().await?;
    let words = command::typed(&said.words);
    let files = match files(&ctx, &words).await {
        Ok(files) => files,
        Err(Error::User(error)) => {
            eprintln!("{}", error.card().plain());
            return Ok(REFUSED);
        }
        Err(error) => return Err(error.into()),
    };
    let read = match files.is_empty() {
        true => command::parse(&words, &known),
        false => command::parse_form(&words, &files, &known),
    };
    let outcome = match read {
        Ok(command) => ctx.carry_out(command).await,
        Err(Misread::Form(form)) => Ok(Reply::Form(form)),
        Err(Misread::Card(card)) => {
            eprintln!("{}", card.plain());
            return Ok(REFUSED);
        }
    };
    match outcome {
        Ok(Reply::Nothing) => Ok(0),
        Ok(Reply::Card(card)) => {
            println!("{}", card.plain());
            Ok(0)
        }
        Ok(Reply::Form(form)) => {
            eprintln!("{}", missing(&form));
            Ok(REFUSED)
        }
        Err(Error::User(error)) => {
            eprintln!("{}", error.card().plain());
            Ok(REFUSED)
        }
        Err(error) => Err(error.into()),
    }
}

/// The files that are named in the place of a digest, kept: `file:./scan.pdf`. Only if the person may
/// use the command, as everywhere.
async fn files(ctx: &Ctx, words: &str) -> app::Result<Vec<(String, String)>> {
    let mut kept = Vec::new();
    for (name, typed) in command::files(words) {
        let Some(path) = typed.filter(|typed| typed.parse::<FileRef>().is_err()) else {
            continue;
        };
        let file = Attachment {
            field: name.clone(),
            name: path.clone(),
            bytes: read(&path).await,
        };
        let file = ctx.take_in(words, file).await?;
        kept.push((name, file.to_string()));
    }
    Ok(kept)
}

/// What is too large is not read at all.
async fn read(path: &str) -> Result<Vec<u8>, String> {
    let why = |error: std::io::Error| format!("“{path}” cannot be read: {error}.");
    let size = tokio::fs::metadata(path).await.map_err(why)?.len();
    match usize::try_from(size) {
        Ok(size) if size <= LARGEST => tokio::fs::read(path).await.map_err(why),
        size => Err(Missed::TooLarge(size.unwrap_or(usize::MAX)).words(path)),
    }
}

pub(super) async fn workspace(app: &App, wanted: Option<&str>) -> anyhow::Result<Workspace> {
    let mut conn = app.store.read().await?;
    let mut all = sql!(conn, people::list_workspaces())?;
    if let Some(wanted) = wanted {
        all.retain(|workspace| workspace.external == wanted);
    }
    match all.len() {
        0 => bail!("there is no such workspace: somebody has to speak to the bot there first"),
        1 => Ok(all.remove(0)),
        _ => {
            let ids: Vec<&str> = all.iter().map(|w| w.external.as_str()).collect();
            bail!("say which workspace with --workspace: {}", ids.join(", "))
        }
    }
}

pub(super) async fn person(
    app: &App,
    workspace: &Workspace,
    wanted: &str,
) -> anyhow::Result<Person> {
    let mut conn = app.store.read().await?;
    let people = sql!(conn, people::list_people(workspace.id))?;
    choose(&people, wanted)
}

/// By id, by name, or by a first name that only one person has.
fn choose(people: &[Person], wanted: &str) -> anyhow::Result<Person> {
    let wanted = wanted.trim_start_matches('@');
    let first_name = |person: &Person| {
        person
            .name
            .split_whitespace()
            .next()
            .unwrap_or("")
            .to_lowercase()
    };
    let exactly = |person: &&Person| {
        person.external == wanted || person.name.to_lowercase() == wanted.to_lowercase()
    };
    if let Some(person) = people.iter().find(exactly) {
        return Ok(person.clone());
    }
    let called: Vec<&Person> = people
        .iter()
        .filter(|person| first_name(person) == wanted.to_lowercase())
        .collect();
    match called.as_slice() {
        [person] => Ok((*person).clone()),
        [] => {
            let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
            match nearest(wanted, names.iter().copied()) {
                Some(name) => bail!("nobody here is called {wanted}; the nearest name is {name}"),
                None => bail!(
                    "nobody here is called {wanted}; there are {}",
                    first(&names)
                ),
            }
        }
        several => {
            let names: Vec<&str> = several.iter().map(|p| p.name.as_str()).collect();
            bail!("{wanted} may be {}", names.join(" or "))
        }
    }
}

/// The first few of many names.
fn first(names: &[&str]) -> String {
    let more = if names.len() > 10 { ", …" } else { "" };
    format!("{}{more}", names[..names.len().min(10)].join(", "))
}

/// What a form asks for, in the words of the command line.
fn missing(form: &Form) -> String {
    let mut lines = vec![format!("{}: this command wants more.", form.title)];
    lines.extend(form.intro.clone());
    for field in &form.fields {
        let need = if field.required {
            "needed"
        } else {
            "if you like"
        };
        let hint = field.error.as_ref().or(field.hint.as_ref());
        let hint = hint.map_or(String::new(), |hint| format!(" {hint}"));
        lines.push(format!(
            "  {}:…  {} ({need}).{hint}",
            field.name, field.label
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::people::{Role, RoleFrom};

    fn people(names: &[&str]) -> Vec<Person> {
        let person = |name: &&str| Person {
            id: Uuid::now_v7(),
            external: format!("U-{name}"),
            name: (*name).to_owned(),
            zone: None,
            role: Role::Member,
            role_from: RoleFrom::Bootstrap,
            present: true,
        };
        names.iter().map(person).collect()
    }

    #[test]
    fn a_person_is_found_by_name_first_name_or_id() {
        let all = people(&["Ann Lee", "Ben Okoro", "Ann Marsh", "Ann"]);
        for (wanted, expected) in [
            ("ben", "Ben Okoro"),
            ("ann lee", "Ann Lee"),
            ("@Ann", "Ann"),
            ("U-Ann Marsh", "Ann Marsh"),
        ] {
            assert_eq!(choose(&all, wanted).unwrap().name, expected);
        }
    }

    #[test]
    fn a_name_that_fits_nobody_or_several_is_refused() {
        let all = people(&["Ann Lee", "Ann Marsh", "Ben Okoro"]);
        let said = |wanted| choose(&all, wanted).unwrap_err().to_string();
        assert_eq!(said("ann"), "ann may be Ann Lee or Ann Marsh");
        assert_eq!(
            said("Ben Okoru"),
            "nobody here is called Ben Okoru; the nearest name is Ben Okoro"
        );
    }
}
