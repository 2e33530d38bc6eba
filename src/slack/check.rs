//! What `isms-bot check` tries on Slack: both tokens, and the scopes that were granted.

use std::sync::Arc;

use hyper_util::client::legacy::Client as Http;
use hyper_util::rt::TokioExecutor;

use super::client::{Client, Line, PATIENCE, Settings, connector};
use crate::config::Secret;

/// What the bot token must be allowed to do, and what for. The manifest asks for the same.
pub const SCOPES: [(&str, &str); 10] = [
    ("commands", "to answer /isms"),
    (
        "chat:write",
        "to post digests and reminders and to keep messages up to date",
    ),
    ("pins:write", "to pin the overview in its channel"),
    ("files:write", "to send charts and documents"),
    (
        "files:read",
        "to read a file that somebody attaches to a form",
    ),
    ("im:write", "to write to people directly"),
    ("users:read", "to know people's names and time zones"),
    (
        "channels:history",
        "to find out whether a message went out before sending it again",
    ),
    ("groups:history", "the same in private channels"),
    ("im:history", "the same in direct messages"),
];

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub ok: bool,
    /// What was found, and what would help.
    pub words: String,
}

impl Finding {
    fn good(words: impl Into<String>) -> Self {
        Finding {
            ok: true,
            words: words.into(),
        }
    }

    fn bad(words: impl Into<String>) -> Self {
        Finding {
            ok: false,
            words: words.into(),
        }
    }
}

/// Tries the settings against Slack. Nothing is posted.
pub async fn check(settings: Settings) -> Vec<Finding> {
    let line = match Line::new(settings, PATIENCE) {
        Ok(line) => Arc::new(line),
        Err(error) => return vec![Finding::bad(error.to_string())],
    };
    let mut findings = Vec::new();
    if let Some(token) = &line.settings.bot_token {
        findings.push(match Client::new(line.clone(), token).identity().await {
            Ok(who) => Finding::good(format!(
                "bot token: workspace {} ({}), {}",
                who.team, who.team_id, who.url
            )),
            Err(fault) => Finding::bad(format!("bot token: {fault}")),
        });
    }
    if line.app_token.is_some() {
        findings.push(match line.try_app_token().await {
            Ok(()) => Finding::good("app token: may open a socket"),
            Err(fault) if fault.word() == Some("missing_scope") => Finding::bad(
                "app token: lacks the scope connections:write; make a new one that has it",
            ),
            Err(fault) => Finding::bad(format!("app token: {fault}")),
        });
    }
    if let Some(token) = &line.settings.bot_token {
        findings.push(match granted(&line.settings, token).await {
            Some(granted) => compare(&granted),
            None => Finding::bad(
                "scopes: Slack did not say which are granted; compare with config/slack-manifest.yaml",
            ),
        });
    }
    findings
}

fn compare(granted: &[String]) -> Finding {
    let lacking: Vec<String> = SCOPES
        .iter()
        .filter(|(scope, _)| !granted.iter().any(|g| g == scope))
        .map(|(scope, what_for)| format!("{scope} ({what_for})"))
        .collect();
    if lacking.is_empty() {
        Finding::good(format!("scopes: all {} that are needed", SCOPES.len()))
    } else {
        Finding::bad(format!(
            "scopes: lacking {}; add them under OAuth & Permissions and install the app again",
            lacking.join(", ")
        ))
    }
}

/// The scopes of the bot token, from the header that Slack sends with every answer. The library
/// does not hand headers out, so this asks by itself.
async fn granted(settings: &Settings, token: &Secret) -> Option<Vec<String>> {
    let url = settings.api_url.trim_end_matches('/');
    let http: Http<_, String> = Http::builder(TokioExecutor::new()).build(connector(url).ok()?);
    let request = axum::http::Request::post(format!("{url}/auth.test"))
        .header("authorization", format!("Bearer {}", token.expose()))
        .body(String::new())
        .ok()?;
    let asked = tokio::time::timeout(PATIENCE, http.request(request));
    let answer = asked.await.ok()?.ok()?;
    let scopes = answer.headers().get("x-oauth-scopes")?.to_str().ok()?;
    Some(
        scopes
            .split(',')
            .map(|scope| scope.trim().to_owned())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lacking_scope_is_named_with_what_it_is_for() {
        let mut granted: Vec<String> = SCOPES
            .iter()
            .map(|(scope, _)| (*scope).to_owned())
            .collect();
        assert!(compare(&granted).ok);
        granted.retain(|scope| scope != "files:write");
        let finding = compare(&granted);
        assert!(!finding.ok);
        assert!(
            finding
                .words
                .contains("files:write (to send charts and documents)")
        );
    }

    #[test]
    fn both_manifests_say_the_same_but_for_the_addresses() {
        let of = |manifest: &str| -> Vec<String> {
            let said = manifest
                .lines()
                .filter(|line| !line.trim_start().starts_with('#'));
            let about = |line: &&str| {
                let marks = ["isms.example", "redirect_urls", "socket_mode_enabled"];
                !marks.iter().any(|mark| line.contains(mark))
            };
            said.filter(about).map(str::to_owned).collect()
        };
        let socket = include_str!("../../config/slack-manifest.yaml");
        let http = include_str!("../../config/slack-manifest-http.yaml");
        assert_eq!(of(socket), of(http));
        for callback in [
            super::super::shortcut::RAISE,
            super::super::shortcut::RAISE_FROM_MESSAGE,
        ] {
            assert!(
                socket.contains(&format!("callback_id: {callback}\n")),
                "{callback}"
            );
        }
    }

    #[test]
    fn the_manifest_asks_for_exactly_the_scopes_that_are_checked() {
        let manifest = include_str!("../../config/slack-manifest.yaml");
        let bot = manifest.split("    bot:\n").nth(1).expect("bot scopes");
        let asked: Vec<&str> = bot
            .lines()
            .map(str::trim)
            .take_while(|line| line.starts_with('-') || line.starts_with('#'))
            .filter_map(|line| line.strip_prefix("- "))
            .map(|line| line.split_whitespace().next().unwrap_or(""))
            .collect();
        let checked: Vec<&str> = SCOPES.iter().map(|(scope, _)| *scope).collect();
        assert_eq!(asked, checked);
    }
}
