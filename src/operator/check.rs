//! `isms-bot check`: everything a start needs, tried without changing a record or posting anything.

use uuid::Uuid;

use super::{MISSING, faces, trouble};
use crate::config::{Config, Discord, Slack};
use crate::store::Store;
use crate::{discord, slack};

/// One thing that was tried.
struct Finding {
    about: &'static str,
    ok: bool,
    words: String,
}

/// Prints a line for each thing and says how the process ends.
pub async fn check(config: &Config) -> anyhow::Result<u8> {
    let mut findings = vec![Finding {
        about: "settings",
        ok: true,
        words: "read, and every key is known".to_owned(),
    }];
    findings.push(database(config).await);
    findings.extend(face(config).await);
    findings.extend(config.intake.map(|address| Finding {
        about: "intake",
        ok: true,
        words: format!("values of programs come in at http://{address}/v1/measurements"),
    }));
    findings.extend(kept_tokens(config).await);
    for finding in &findings {
        let mark = if finding.ok { "ok     " } else { "MISSING" };
        println!("{mark}  {:<9} {}", finding.about, finding.words);
    }
    let all_well = findings.iter().all(|finding| finding.ok);
    Ok(if all_well { 0 } else { MISSING })
}

/// Opens the database (which brings its tables up to date) and begins a write.
async fn database(config: &Config) -> Finding {
    let tried = async {
        let store = Store::open(config.database.url().expose()).await?;
        // Dropped without a commit: nothing is written.
        store.write(Uuid::nil()).await?;
        anyhow::Ok(())
    };
    let (ok, words) = match tried.await {
        Ok(()) => (true, "reachable, up to date and writable".to_owned()),
        Err(error) => (false, trouble::line(&error)),
    };
    Finding {
        about: "database",
        ok,
        words: format!("{}: {words}", config.database),
    }
}

async fn face(config: &Config) -> Vec<Finding> {
    let (slack, discord) = (config.slack.is_configured(), config.discord.is_configured());
    if !slack && !discord {
        return vec![Finding {
            about: "face",
            ok: true,
            words: format!(
                "the playground on http://{}; no Slack and no Discord is set up",
                config.playground
            ),
        }];
    }
    let mut findings = Vec::new();
    if slack {
        findings.extend(slack_findings(&config.slack).await);
        if let (Some(listen), Some(_)) = (config.slack.listen, &config.slack.signing_secret) {
            let words =
                format!("called: requests of Slack come in at http://{listen}/slack/events");
            findings.push(slack_finding(true, words));
        }
        findings.push(match &config.slack.channel {
            Some(channel) => slack_finding(true, format!("channel: {channel}")),
            None => slack_finding(
                false,
                "channel: slack.channel is not set, so a new workspace has no place for digests"
                    .to_owned(),
            ),
        });
    }
    if discord {
        findings.extend(discord_findings(&config.discord).await);
    }
    findings
}

/// Whether the tokens of workspaces that installed the bot can be read.
async fn kept_tokens(config: &Config) -> Option<Finding> {
    let tried = async {
        let store = Store::open(config.database.url().expose()).await?;
        let app = super::app(config, store);
        anyhow::Ok(match faces::installs(&config.slack, &app).await? {
            Some(installs) => Some(installs.count().await?),
            None => None,
        })
    };
    match tried.await {
        Ok(count) => count.map(|count| {
            let url = config.slack.public_url.as_deref().unwrap_or_default();
            let words = format!(
                "install page {url}/slack/install, {count} installed; their tokens can be read"
            );
            slack_finding(true, words)
        }),
        // What is wrong with the database is told above.
        Err(error) if trouble::Trouble::of(&error) != trouble::Trouble::Settings => None,
        Err(error) => Some(slack_finding(false, error.to_string())),
    }
}

async fn discord_findings(settings: &Discord) -> Vec<Finding> {
    let found = match faces::discord_settings(settings) {
        Ok(connect) => discord::check(connect, settings.channel.as_deref()).await,
        Err(error) => return vec![discord_finding(false, error.to_string())],
    };
    let found = found.into_iter();
    found
        .map(|finding| discord_finding(finding.ok, finding.words))
        .collect()
}

fn discord_finding(ok: bool, words: String) -> Finding {
    Finding {
        about: "discord",
        ok,
        words,
    }
}

async fn slack_findings(settings: &Slack) -> Vec<Finding> {
    match faces::slack_settings(settings) {
        Ok(settings) => slack::check(settings)
            .await
            .into_iter()
            .map(|finding| slack_finding(finding.ok, finding.words))
            .collect(),
        Err(error) => vec![slack_finding(false, error.to_string())],
    }
}

fn slack_finding(ok: bool, words: String) -> Finding {
    Finding {
        about: "slack",
        ok,
        words,
    }
}
