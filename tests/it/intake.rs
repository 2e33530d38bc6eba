//! Values that programs send: from a token made in chat to what the KPI shows, over real HTTP.

mod alerts;
mod document;

use std::num::NonZeroU32;

use isms_bot::chat::Reply;
use isms_bot::intake::Limits;
use isms_bot::people::Role;
use isms_bot::record::{self, Verdict};
use reqwest::Method;
use serde_json::json;

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::programs::{GENEROUS, Port, heard, token_in};
use crate::harness::stage::Stage;
use crate::{on_both_databases, on_every_platform};

/// A Monday morning in Berlin.
const MONDAY: &str = "2026-11-23T08:00:00+01:00";

const SET_UP: &str = "kpi new patches Patches in time unit:% direction:higher target:95 warning:90 \
                      frequency:monthly measurer:@tom analyst:@ann";
const SET_UP_TOO: &str = "kpi new incidents Incidents unit:incidents direction:lower target:3 \
                          frequency:weekly measurer:@tom";

pub fn plain(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        other => format!("{other:?}"),
    }
}

/// Maya manages, Tom measures two KPIs whose values a program sends, Ann looks into them. With the
/// program's token.
pub async fn pushed(db: &TestDatabase) -> (Stage, Port, String) {
    let stage = Stage::new(db, MONDAY).await;
    stage.person("maya", Role::Manager, "Europe/Berlin").await;
    stage.person("tom", Role::Member, "Europe/Berlin").await;
    stage.person("ann", Role::Member, "Europe/Berlin").await;
    stage.work().await;
    for said in [
        SET_UP,
        SET_UP_TOO,
        "source push patches",
        "source push incidents",
    ] {
        stage.says("maya", said).await;
    }
    let token = token_in(&plain(&stage.says("maya", "token new scanner").await));
    let port = Port::open(&stage.app).await;
    (stage, port, token)
}

pub async fn assert_sound_log(stage: &Stage) {
    let mut conn = stage.app.store.read().await.unwrap();
    let verdict = record::verify(&mut conn, stage.workspace.id).await.unwrap();
    assert!(matches!(verdict, Verdict::Sound(_)), "{verdict:?}");
}

on_every_platform! {
    async fn a_token_is_made_in_chat_and_a_program_sends_values_with_it(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let port = Port::open(&bot.app).await;
        let ann = fake.person("ann");
        ann.types("/isms kpi new patches Patches unit:% direction:higher target:95 frequency:monthly").await;
        ann.types("/isms source push patches").await;
        let form = ann.types("/isms token new").await.form();
        let shown = form.fills(&[("name", "Scanner 2"), ("kpis", "patches")]).submits().await.card();
        assert!(shown.is_ephemeral());
        let token = token_in(&shown.json().to_string());
        let heard = port.sends(&token, &[("patches", "2026-10", 97.5)]).await;
        assert_eq!((heard.status, &heard.json), (200, &json!({"recorded": 1, "corrected": 0, "unchanged": 0})));
        let kpi = ann.types("/isms kpi show patches").await.card().json().to_string();
        assert!(kpi.contains("97.5%") && kpi.contains("push: scanner-2"), "{kpi}");
        let listed = ann.types("/isms token list").await.card().json().to_string();
        assert!(listed.contains("scanner-2") && listed.contains("Mon 23 Nov 2026 09:00"), "{listed}");
        assert!(!listed.contains(&token), "shown once");
        ann.types("/isms token revoke scanner-2").await.card();
        assert_eq!(port.sends(&token, &[("patches", "2026-09", 97.5)]).await.status, 401);
        fake.is_content();
    }
}

on_both_databases! {
    async fn values_are_kept_with_their_event_and_judged_as_any_other(db: TestDatabase) {
        let (stage, port, token) = pushed(&db).await;
        let values = [("patches", "2026-08", 96.0), ("patches", "2026-09", 97.0), ("incidents", "2026-W46", 2.0)];
        let heard = port.sends(&token, &values).await;
        assert_eq!((heard.status, heard.json["recorded"].as_u64()), (200, Some(3)));
        let events = stage.history("patches").await;
        let last = events.last().unwrap();
        assert_eq!((last.kind.as_str(), last.actor), ("values-recorded", None));
        assert_eq!(last.data["values"][1]["via"], "push: scanner");
        // Off target: the analyst hears of it.
        port.sends(&token, &[("patches", "2026-10", 50.0)]).await;
        stage.work().await;
        let alerts = stage.desk.to("ann");
        assert!(alerts[0].plain().contains("50% in 2026-10 is off target"), "{}", alerts[0].plain());
        let sources = plain(&stage.says("tom", "source list").await);
        assert!(sources.contains("patches    sent by a program  Mon 23 Nov 2026"), "{sources}");
        assert_sound_log(&stage).await;
    }

    async fn the_same_value_again_changes_nothing_and_another_needs_a_reason(db: TestDatabase) {
        let (stage, port, token) = pushed(&db).await;
        port.sends(&token, &[("patches", "2026-10", 96.0)]).await;
        let entries = stage.history("patches").await.len();
        let again = port.sends(&token, &[("patches", "2026-10-31", 96.0)]).await;
        assert_eq!((again.status, again.json["unchanged"].as_u64()), (200, Some(1)));
        assert_eq!(stage.history("patches").await.len(), entries);
        let other = port.sends(&token, &[("patches", "2026-10", 95.5)]).await;
        assert_eq!(other.status, 422);
        let (field, why) = &other.wrong()[0];
        assert_eq!(field, "measurements[0].reason");
        assert_eq!(why, "patches has 96% for 2026-10 already: say why it is 95.5% now.");
        let corrected = json!({"measurements": [
            {"kpi": "patches", "period": "2026-10", "value": 95.5, "reason": "Two hosts were missing"},
        ]});
        let corrected = port.posts(&token, "/v1/measurements", &corrected).await;
        assert_eq!(corrected.json, json!({"recorded": 0, "corrected": 1, "unchanged": 0}));
        let shown = plain(&stage.says("tom", "kpi show patches").await);
        assert!(shown.contains("was 96%") && shown.contains("Two hosts were missing"), "{shown}");
    }

    async fn a_batch_is_kept_as_a_whole_or_not_at_all_and_every_wrong_field_is_named(db: TestDatabase) {
        let (stage, port, token) = pushed(&db).await;
        stage.says("maya", "source manual incidents").await;
        let values = [
            ("patches", "2026-09", 96.0), ("patches", "2026-12", 96.0), ("patches", "2026-08", 120.0),
            ("patchs", "2026-10", 1.0), ("incidents", "2026-W46", 1.0), ("patches", "2026-09", 95.0),
        ];
        let heard = port.sends(&token, &values).await;
        assert_eq!(heard.status, 422);
        let fields: Vec<_> = heard.wrong().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, [
            "measurements[1].period", "measurements[2].value", "measurements[3].kpi",
            "measurements[4].kpi", "measurements[5].period",
        ]);
        assert_eq!(heard.header("content-type"), Some("application/problem+json"));
        assert_eq!(heard.json["detail"], "5 fields are wrong; nothing was kept.");
        assert!(heard.wrong()[2].1.contains("Did you mean patches?"), "{heard:?}");
        assert!(heard.wrong()[3].1.contains("/isms source push incidents"), "{heard:?}");
        let shown = plain(&stage.says("tom", "kpi show patches").await);
        assert!(!shown.contains("96%"), "{shown}");
    }

    async fn a_token_is_good_for_its_kpis_and_its_workspace_only(db: TestDatabase) {
        let (stage, port, all) = pushed(&db).await;
        let one = token_in(&plain(&stage.says("maya", "token new siem incidents").await));
        let heard = port.sends(&one, &[("incidents", "2026-W46", 1.0), ("patches", "2026-10", 96.0)]).await;
        assert_eq!(heard.status, 403);
        let closed = ("measurements[1].kpi".to_owned(), "This token is not good for patches.".to_owned());
        assert_eq!(heard.wrong(), [closed]);
        assert_eq!(port.sends(&one, &[("incidents", "2026-W46", 1.0)]).await.status, 200);
        // Another workspace has a KPI of this name, too.
        let elsewhere = stage.elsewhere().await;
        elsewhere.person("mia", Role::Manager, "Europe/Berlin").await;
        for said in [SET_UP.replace("measurer:@tom analyst:@ann", ""), "source push patches".into()] {
            elsewhere.says("mia", &said).await;
        }
        assert_eq!(port.sends(&all, &[("patches", "2026-10", 96.0)]).await.status, 200);
        let shown = plain(&elsewhere.says("mia", "kpi show patches").await);
        assert!(!shown.contains("96%"), "{shown}");
        let theirs = plain(&elsewhere.says("mia", "token list").await);
        assert!(theirs.contains("No program may send values yet"), "{theirs}");
    }

    async fn tokens_are_refused_in_good_words(db: TestDatabase) {
        let (stage, port, token) = pushed(&db).await;
        for (said, answer) in [
            ("token new scanner", "There is a token scanner already"),
            ("token new s/3", "is not a name for a token"),
            ("token new other patchs", "Did you mean patches?"),
            ("token revoke scaner", "Did you mean scanner?"),
        ] {
            let words = format!("{:?}", stage.says("maya", said).await);
            assert!(words.contains(answer), "{said}: {words}");
        }
        for said in ["token list", "token new mine", "token revoke scanner"] {
            let words = plain(&stage.says("tom", said).await);
            assert!(words.contains("for a manager"), "{said}: {words}");
        }
        let flipped = format!("{}{}", &token[..84], if token.ends_with('0') { '1' } else { '0' });
        for wrong in ["", "secret", flipped.as_str(), &token.to_uppercase()] {
            let heard = port.sends(wrong, &[("patches", "2026-10", 96.0)]).await;
            assert_eq!(heard.status, 401, "{wrong}");
            assert_eq!(heard.header("www-authenticate"), Some("Bearer"));
        }
        stage.says("maya", "token revoke scanner").await;
        assert_eq!(port.sends(&token, &[("patches", "2026-10", 96.0)]).await.status, 401);
        // Its name is free again; the log tells of both.
        let anew = token_in(&plain(&stage.says("maya", "token new scanner").await));
        assert_ne!(anew, token);
        let kinds: Vec<_> = stage.history("token scanner").await.into_iter().map(|past| past.kind).collect();
        assert_eq!(kinds, ["token-made", "token-revoked", "token-made"]);
        let log = format!("{:?}", stage.history("token scanner").await);
        assert!(!log.contains(&anew[40..]), "the log holds no token");
        assert_sound_log(&stage).await;
    }

    async fn a_request_with_a_key_has_its_effect_once(db: TestDatabase) {
        let (stage, port, token) = pushed(&db).await;
        let body = json!({"measurements": [{"kpi": "patches", "period": "2026-10", "value": 96}]});
        let other = json!({"measurements": [{"kpi": "patches", "period": "2026-09", "value": 96}]});
        let send = |key: &str, body: &serde_json::Value| {
            let request = port.request(Method::POST, "/v1/measurements").bearer_auth(&token);
            heard(request.header("Idempotency-Key", key).json(body))
        };
        let first = send("run-1", &body).await;
        assert_eq!((first.status, first.header("idempotent-replayed")), (200, None));
        let again = send("run-1", &body).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (200, Some("true")));
        assert_eq!(again.json, json!({"recorded": 1, "corrected": 0, "unchanged": 0}));
        let misused = send("run-1", &other).await;
        assert_eq!(misused.status, 422);
        assert!(misused.json["detail"].as_str().unwrap().contains("Take a new one"), "{misused:?}");
        // What was refused is not kept: the mended request may carry the same key.
        let wrong = json!({"measurements": [{"kpi": "patches", "period": "2026-08", "value": 101}]});
        assert_eq!(send("run-2", &wrong).await.status, 422);
        assert_eq!(send("run-2", &other).await.json["recorded"], 1);
        assert_eq!(send("", &body).await.status, 400);
        // Many at once are one.
        let third = json!({"measurements": [{"kpi": "patches", "period": "2026-07", "value": 96}]});
        let all = futures::future::join_all((0..8).map(|_| send("run-3", &third))).await;
        assert!(all.iter().all(|heard| heard.json["recorded"] == 1), "{all:?}");
        let replayed = all.iter().filter(|heard| heard.header("idempotent-replayed").is_some());
        assert_eq!(replayed.count(), 7);
        // After two days the key is forgotten.
        stage.app.clock.advance(chrono::TimeDelta::hours(49));
        let later = send("run-1", &body).await;
        assert_eq!((later.json["unchanged"].as_u64(), later.header("idempotent-replayed")), (Some(1), None));
    }

    async fn too_much_and_too_often_are_refused_with_what_would_be_right(db: TestDatabase) {
        let (stage, _, token) = pushed(&db).await;
        let limits = Limits { body: 1024, per_minute: NonZeroU32::new(3).unwrap() };
        let port = Port::open_with(&stage.app, limits).await;
        let one = [("patches", "2026-10", 96.0)];
        let many = [("patches", "2026-10", 96.0); 30];
        let long = port.sends(&token, &many).await;
        assert_eq!(long.status, 413);
        assert!(long.json["detail"].as_str().unwrap().contains("at most 1024 bytes"), "{long:?}");
        // Also when its length is not announced.
        let pieces = futures::stream::iter((0..30).map(|_| Ok::<_, std::io::Error>(vec![b' '; 100])));
        let request = port.request(Method::POST, "/v1/measurements").bearer_auth(&token);
        let request = request.header("content-type", "application/json");
        let unannounced = heard(request.body(reqwest::Body::wrap_stream(pieces))).await;
        assert_eq!(unannounced.status, 413);
        assert_eq!(port.sends(&token, &one).await.status, 200);
        let often = port.sends(&token, &one).await;
        assert_eq!(often.status, 429);
        let wait: u64 = often.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=21).contains(&wait), "{wait}");
        // Another program is not kept waiting.
        let other = token_in(&plain(&stage.says("maya", "token new other").await));
        assert_eq!(port.sends(&other, &one).await.status, 200);
        let port = Port::open_with(&stage.app, GENEROUS).await;
        let most = vec![("patches", "2026-10", 96.0); 10_001];
        let too_many = port.sends(&token, &most).await;
        assert_eq!((too_many.status, too_many.wrong()[0].0.as_str()), (422, "measurements"));
    }

    async fn what_is_no_request_is_told_where_it_is_wrong(db: TestDatabase) {
        let (_stage, port, token) = pushed(&db).await;
        let value = |body: &str| {
            let request = port.request(Method::POST, "/v1/measurements").bearer_auth(&token);
            heard(request.header("content-type", "application/json").body(body.to_owned()))
        };
        for (body, field, why) in [
            (r#"{"measurements": [{"kpi": "patches", "period": "2026-10", "value": "96"}]}"#,
             "measurements[0].value", r#"invalid type: string "96", expected a number"#),
            (r#"{"measurements": [{"kpi": "patches", "period": "2026-13", "value": 96}]}"#,
             "measurements[0].period", "a period like 2026-10"),
            (r#"{"measurements": [{"kpi": "pätches", "period": "2026-10", "value": 96}]}"#,
             "measurements[0].kpi", "small letters, digits and hyphens"),
            (r#"{"measurements": [{"kpi": "patches", "period": "2026-10"}]}"#,
             "measurements[0].value", "This is missing."),
            (r#"{"measurements": [{"kpi": "patches", "period": "2026-10", "value": 1, "unit": "%"}]}"#,
             "measurements[0].unit", "unknown field `unit`"),
            (r#"{"values": []}"#, "values", "unknown field `values`"),
            ("{}", "measurements", "This is missing."),
            (r#"{"measurements": []}"#, "measurements", "Send 1 to 10000 values"),
        ] {
            let heard = value(body).await;
            assert!(heard.status == 400 || body.contains("[]"), "{body}: {heard:?}");
            let (at, message) = heard.wrong().remove(0);
            assert_eq!(at, field, "{body}");
            assert!(message.contains(why), "{body}: {message}");
        }
        for body in ["", "nonsense", r#"{"measurements": ["#, r#"{"measurements": []} and more"#, "\u{0}"] {
            let heard = value(body).await;
            assert_eq!(heard.status, 400, "{body}");
            assert!(heard.json["detail"].as_str().unwrap().starts_with("The body is not JSON"), "{heard:?}");
        }
        let request = port.request(Method::POST, "/v1/measurements").bearer_auth(&token);
        assert_eq!(heard(request.body("kpi=patches")).await.status, 415);
        let request = port.request(Method::GET, "/v1/measurements").bearer_auth(&token);
        assert_eq!(heard(request).await.status, 405);
        assert_eq!(heard(port.request(Method::GET, "/")).await.status, 404);
    }
}
