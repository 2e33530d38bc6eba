//! Slack calls the bot: the same payloads over HTTP, signed.

use isms_bot::clock::Clock;
use ring::hmac;
use serde_json::{Value, json};

use super::FakeSlack;
use super::socket::{answered, takes_payload};
use super::world::Hook;

/// What the bot answered to a request.
#[derive(Debug, Clone)]
pub struct Posted {
    pub status: u16,
    pub body: String,
}

impl FakeSlack {
    /// From now on what happens is posted to this address, signed at the time of this clock.
    pub fn calls_back(&self, url: &str, secret: &str, clock: &Clock) {
        let hook = Hook {
            url: url.to_owned(),
            secret: secret.to_owned(),
            clock: clock.clone(),
        };
        self.change(|world| world.hook = Some(hook));
    }

    pub(super) fn hook(&self) -> Option<Hook> {
        self.shared.look(|world| world.hook.clone())
    }

    /// Posts something and looks at the answer as Slack does.
    pub(super) async fn posts(
        &self,
        hook: &Hook,
        (kind, payload): (&str, Value),
        view: Option<&str>,
    ) -> Value {
        let takes = takes_payload(kind, &payload);
        let (body, json) = written(kind, &payload);
        let posted = self.posts_signed(hook, (&body, json), &[]).await;
        let late_or_not = posted.status == 200;
        assert!(late_or_not, "the bot answered {posted:?} to {kind}");
        if posted.body.is_empty() {
            return self.closes(view, Value::Null);
        }
        let answer: Value = serde_json::from_str(&posted.body).expect("JSON, or nothing");
        assert!(takes, "an answer where none is taken: {answer}");
        self.closes(view, answer)
    }

    fn closes(&self, view: Option<&str>, answer: Value) -> Value {
        self.change(|world| {
            if let Err(why) = answered(world, view.map(str::to_owned), &answer) {
                world.violations.push(format!("answer {answer}: {why}"));
            }
        });
        answer
    }

    async fn posts_signed(
        &self,
        hook: &Hook,
        (body, is_json): (&str, bool),
        more: &[(&str, &str)],
    ) -> Posted {
        let time = hook.clock.now().timestamp().to_string();
        let signature = sign(&hook.secret, &time, body);
        let kind = match is_json {
            true => "application/json",
            false => "application/x-www-form-urlencoded",
        };
        let mut headers = vec![
            ("content-type", kind),
            ("x-slack-request-timestamp", &time),
            ("x-slack-signature", &signature),
        ];
        headers.extend(more);
        self.posts_raw(&hook.url, &headers, body).await
    }

    /// Any request at all.
    pub async fn posts_raw(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Posted {
        let client = reqwest::Client::new();
        let mut request = client.post(url).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.expect("the bot listens");
        Posted {
            status: answer.status().as_u16(),
            body: answer.text().await.unwrap(),
        }
    }
}

/// The signature of a body at a time.
pub fn sign(secret: &str, time: &str, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("v0:{time}:{body}").as_bytes());
    format!("v0={}", hex::encode(tag))
}

/// A body as Slack writes it, and whether it is JSON.
fn written(kind: &str, payload: &Value) -> (String, bool) {
    if kind == "events_api" {
        return (payload.to_string(), true);
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    if kind == "slash_commands" {
        for (key, value) in payload.as_object().unwrap() {
            form.append_pair(key, value.as_str().unwrap_or_default());
        }
    } else {
        form.append_pair("payload", &json!(payload).to_string());
    }
    (form.finish(), false)
}
