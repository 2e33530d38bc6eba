//! `isms-bot verify`: is the log what it was?

use super::BROKEN;
use crate::config::Config;
use crate::record::{self, Verdict};
use crate::sql;
use crate::store::Store;

/// Walks every workspace's log, prints a line for each, and says how the process ends.
pub async fn verify(config: &Config) -> anyhow::Result<u8> {
    let store = Store::open(config.database.url().expose()).await?;
    let mut conn = store.read().await?;
    let workspaces = sql!(conn, people::list_workspaces())?;
    if workspaces.is_empty() {
        println!("{}: no workspace has spoken yet", config.database);
    }
    let mut code = 0;
    for workspace in workspaces {
        let name = format!(
            "{} {} ({})",
            workspace.platform, workspace.external, workspace.name
        );
        match record::verify(&mut conn, workspace.id).await? {
            Verdict::Sound(head) => {
                println!(
                    "{name}: sound, {} entries, fingerprint {}",
                    head.entries,
                    head.fingerprint()
                );
            }
            Verdict::Broken { entry, why } => {
                code = BROKEN;
                println!("{name}: entry {entry} does not fit: {why}");
            }
        }
    }
    Ok(code)
}
