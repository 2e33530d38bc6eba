//! Installing the bot: codes and refresh tokens become tokens.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Json, Response};
use serde_json::{Value, json};

use super::FakeSlack;
use super::wire::Shared;
use super::world::World;

pub const CLIENT_ID: &str = "1.2";
pub const CLIENT_SECRET: &str = "fake-client-secret";
pub const REDIRECT: &str = "https://isms.example/slack/oauth";

pub async fn access(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let fields: std::collections::BTreeMap<String, String> =
        url::form_urlencoded::parse(&body).into_owned().collect();
    let answer = shared.change(|world| {
        let named: Vec<&String> = fields.keys().collect();
        world
            .calls
            .push(("oauth.v2.access".to_owned(), json!(named)));
        match world.fault_of("oauth.v2.access") {
            Some(super::Fault::Word(word)) => return Err(word),
            Some(other) => panic!("no such fault for oauth.v2.access: {other:?}"),
            None => {}
        }
        if kind != Some("application/x-www-form-urlencoded") {
            return Err("invalid_post_type");
        }
        exchange(world, |key| {
            fields.get(key).map(String::as_str).unwrap_or_default()
        })
    });
    match answer {
        Ok(answer) => Json(answer).into_response(),
        Err(word) => Json(json!({ "ok": false, "error": word })).into_response(),
    }
}

fn exchange<'f>(world: &mut World, field: impl Fn(&str) -> &'f str) -> Result<Value, &'static str> {
    if field("client_id") != CLIENT_ID {
        return Err("invalid_client_id");
    }
    if field("client_secret") != CLIENT_SECRET {
        return Err("bad_client_secret");
    }
    let refresh = field("grant_type") == "refresh_token";
    if !refresh && field("redirect_uri") != REDIRECT {
        return Err("bad_redirect_uri");
    }
    // Either is good for once.
    let code = if refresh {
        field("refresh_token")
    } else {
        field("code")
    };
    let no = if refresh {
        "invalid_refresh_token"
    } else {
        "invalid_code"
    };
    let team = world.codes.remove(code).ok_or(no)?;
    let n = world.next();
    let token = format!("xoxb-granted-{n}");
    world.granted.insert(token.clone(), (team.clone(), Ok(())));
    let scopes: Vec<String> = world.scopes.iter().cloned().collect();
    let mut answer = json!({
        "ok": true, "access_token": token, "token_type": "bot", "scope": scopes.join(","),
        "bot_user_id": "U0BIRCHBOT", "app_id": "A0ISMS", "team": { "id": team, "name": "Birch & Co" },
        "enterprise": null, "is_enterprise_install": false, "authed_user": { "id": "U0EVE" },
    });
    if world.rotates {
        let next = format!("xoxe-1-{n}");
        world.codes.insert(next.clone(), team);
        answer["refresh_token"] = next.into();
        answer["expires_in"] = 43_200.into();
    }
    Ok(answer)
}

impl FakeSlack {
    /// Somebody of a team agreed: a code that can be exchanged once.
    pub fn agrees(&self, team: &str) -> String {
        self.change(|world| {
            let code = format!("code-{}", world.next());
            world.codes.insert(code.clone(), team.to_owned());
            code
        })
    }

    /// Tokens that are granted from now on end after twelve hours.
    pub fn rotates_tokens(&self) {
        self.change(|world| world.rotates = true);
    }

    /// The tokens that were granted so far are good for nothing.
    pub fn ends_granted_tokens(&self, word: &'static str) {
        self.change(|world| {
            world
                .granted
                .values_mut()
                .for_each(|(_, good)| *good = Err(word));
        });
    }

    /// Every token that was granted, in order.
    pub fn granted(&self) -> Vec<String> {
        self.shared
            .look(|world| world.granted.keys().cloned().collect())
    }
}
