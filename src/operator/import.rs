//! `isms-bot import <person> <file>`: values of a CSV file, as a person gives them. Without `--commit`
//! it only says what would be recorded, and writes nothing.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::{REFUSED, app, speak};
use crate::app::{Ctx, Error};
use crate::config::Config;
use crate::kpi::import::flow::of_bytes;
use crate::people::rights;
use crate::record::files::LARGEST;
use crate::store::Store;

#[derive(Debug, Args)]
pub struct Import {
    /// Who imports it: a name, or the platform's id
    person: String,
    /// The CSV file, with the columns kpi, period, value, and if needed note and reason
    file: PathBuf,
    /// Record the values; without this it is only said what would be recorded
    #[arg(long)]
    commit: bool,
    /// In which workspace, by the platform's id; not needed when there is one only
    #[arg(long, value_name = "ID")]
    workspace: Option<String>,
}

/// Prints what the file does, or would do, and says how the process ends.
pub async fn import(config: &Config, import: Import) -> anyhow::Result<u8> {
    let shown = import.file.display();
    let size = std::fs::metadata(&import.file).with_context(|| shown.to_string())?;
    anyhow::ensure!(
        size.len() <= LARGEST as u64,
        "{shown} has more than {} MiB",
        LARGEST / (1024 * 1024)
    );
    let bytes = std::fs::read(&import.file).with_context(|| shown.to_string())?;
    let name = import.file.file_name().unwrap_or_default();
    let name = name.to_string_lossy();

    let store = Store::open(config.database.url().expose()).await?;
    let app = app(config, store);
    let workspace = speak::workspace(&app, import.workspace.as_deref()).await?;
    let person = speak::person(&app, &workspace, &import.person).await?;
    let ctx = Ctx::new(app, workspace, person);
    if !rights::may(&ctx.person, "kpi import") {
        let people = ctx.people(&mut ctx.read().await?).await?;
        let refusal = rights::refusal(&ctx.person, "kpi import", &people);
        eprintln!("{}", refusal.text);
        return Ok(REFUSED);
    }
    match of_bytes(&ctx, (&name, bytes), import.commit).await {
        Ok((card, true)) => {
            println!("{}", card.plain());
            if !import.commit {
                println!("Nothing is recorded yet: say it again with --commit.");
            }
            Ok(0)
        }
        Ok((card, false)) => {
            eprintln!("{}", card.plain());
            Ok(REFUSED)
        }
        Err(Error::User(wrong)) => {
            eprintln!("{}", wrong.text);
            Ok(REFUSED)
        }
        Err(error) => Err(error.into()),
    }
}
