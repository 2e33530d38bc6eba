//! What the fake takes, and what it refuses as Discord does.

use super::*;

/// A call past the library, which would not make it.
async fn raw(discord: &FakeDiscord, (verb, path): (&str, &str), body: &Value) -> (u16, Value) {
    let url = format!("{}/api/v10{path}", discord.api_url());
    let method = verb.parse().unwrap();
    let request = reqwest::Client::new()
        .request(method, url)
        .header("authorization", format!("Bot {TOKEN}"))
        .header("user-agent", "DiscordBot (https://isms.example, 1)");
    let request = if body.is_null() {
        request
    } else {
        request.json(body)
    };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let kind = response
        .headers()
        .get("content-type")
        .map(|kind| kind.to_str().unwrap());
    assert!(
        status == 204 || kind == Some("application/json"),
        "{kind:?}"
    );
    (status, response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn what_is_over_a_limit_is_refused_and_said_where() {
    let discord = FakeDiscord::start().await;
    let post = format!("/channels/{ISMS}/messages");
    let whole = |part: Value| {
        let mut body = json!({ "content": "x", "nonce": "1", "enforce_nonce": true });
        for (key, value) in part.as_object().unwrap() {
            body[key] = value.clone();
        }
        body
    };
    let row =
        |component: Value| json!({ "components": [{ "type": 1, "components": [component] }] });
    for (part, wanted) in [
        (json!({ "content": "x".repeat(2001) }), "content"),
        (json!({ "nonce": "x".repeat(26) }), "nonce"),
        (json!({ "nonce": null }), "nonce"),
        (json!({ "enforce_nonce": false }), "enforce_nonce"),
        (json!({ "colour": 1 }), "colour"),
        (json!({ "tts": true }), "tts"),
        (json!({ "flags": 32768 }), "flags"),
        (json!({ "flags": 64 }), "flags"),
        (
            json!({ "embeds": vec![json!({ "title": "x" }); 11] }),
            "embeds",
        ),
        (json!({ "embeds": [{ "title": "x".repeat(257) }] }), "title"),
        (
            json!({ "embeds": [{ "description": "x".repeat(4097) }] }),
            "description",
        ),
        (
            json!({ "embeds": vec![json!({ "description": "x".repeat(3001) }); 2] }),
            "embeds",
        ),
        (
            json!({ "embeds": [{ "fields": [{ "name": "", "value": "x" }] }] }),
            "name",
        ),
        (
            json!({ "embeds": [{ "fields": [{ "name": "x", "value": "x".repeat(1025) }] }] }),
            "value",
        ),
        (
            json!({ "embeds": [{ "footer": { "text": "x".repeat(2049) } }] }),
            "footer",
        ),
        (
            json!({ "embeds": [{ "image": { "url": "attachment://none.png" } }] }),
            "embeds",
        ),
        (
            json!({ "attachments": [{ "id": 0, "filename": "a.png" }] }),
            "attachments",
        ),
        (
            json!({ "allowed_mentions": { "parse": ["all"] } }),
            "allowed_mentions",
        ),
        (json!({ "components": [{ "type": 18 }] }), "components"),
        (
            row(json!({ "type": 2, "style": 1, "label": "x".repeat(81), "custom_id": "a" })),
            "label",
        ),
        (
            row(json!({ "type": 2, "style": 1, "label": "x", "custom_id": "a".repeat(101) })),
            "custom_id",
        ),
        (
            row(json!({ "type": 2, "style": 5, "label": "x", "custom_id": "a" })),
            "style",
        ),
        (
            row(json!({ "type": 3, "custom_id": "a", "options": [] })),
            "options",
        ),
        (
            row(json!({ "type": 4, "custom_id": "a", "label": "x", "style": 1 })),
            "components",
        ),
    ] {
        let (status, answer) = raw(&discord, ("POST", &post), &whole(part.clone())).await;
        assert_eq!(
            (status, &answer["code"]),
            (400, &50035.into()),
            "{part} {answer}"
        );
        assert!(
            answer["errors"].to_string().contains(wanted),
            "{wanted}: {answer}"
        );
    }
    assert_eq!(discord.refusals().len(), 24);
    assert!(discord.channel(ISMS).messages().is_empty());
}

#[tokio::test]
async fn what_is_not_there_and_who_is_not_known_is_refused() {
    let discord = FakeDiscord::start().await;
    let none = Value::Null;
    assert_eq!(raw(&discord, ("GET", "/nothing"), &none).await.0, 404);
    assert_eq!(
        raw(&discord, ("GET", "/users/@me/connections"), &none)
            .await
            .0,
        404
    );
    let empty = json!({ "content": " ", "nonce": "1", "enforce_nonce": true });
    let post = format!("/channels/{ISMS}/messages");
    assert_eq!(
        raw(&discord, ("POST", &post), &empty).await.1["code"],
        50006
    );
    let answer = raw(
        &discord,
        ("POST", "/interactions/1/x/callback"),
        &json!({ "type": 6 }),
    )
    .await;
    assert_eq!(answer.1["code"], 10062);
    let follow = format!("/webhooks/{BOT}/x");
    assert_eq!(
        raw(&discord, ("POST", &follow), &json!({ "content": "x" }))
            .await
            .1["code"],
        10015
    );
    discord.removes(ISMS);
    assert_eq!(
        raw(&discord, ("POST", &post), &empty).await.1["code"],
        10003
    );
    let gone: MessageId = id("1");
    let edited = id::<ChannelId>(OTHER_ISMS).edit_message(http(&discord), gone, EditMessage::new());
    assert_eq!(code(edited.await.unwrap_err()), 10008);
    discord.expels_the_bot(OTHER_ISMS);
    let (status, _) = raw(&discord, ("GET", &format!("/channels/{OTHER_ISMS}")), &none).await;
    assert_eq!(status, 403);
    discord.revokes_the_token();
    assert_eq!(raw(&discord, ("GET", "/users/@me"), &none).await.0, 401);
    assert_eq!(discord.invalid_requests(), 2);
}

#[tokio::test]
async fn commands_that_discord_does_not_take_are_refused() {
    let discord = FakeDiscord::start().await;
    let put = format!("/applications/{BOT}/commands");
    let with = |options: Value| json!([{ "name": "isms", "description": "x", "options": options }]);
    let text = |name: &str, more: Value| {
        let mut option = json!({ "type": 3, "name": name, "description": "x" });
        for (key, value) in more.as_object().unwrap() {
            option[key] = value.clone();
        }
        option
    };
    let plain = |name: &str| text(name, json!({}));
    let sub = json!({ "type": 1, "name": "new", "description": "x" });
    let long: Vec<Value> = (0..25)
        .map(|n| {
            text(
                &format!("a{n}"),
                json!({ "choices": (0..25).map(|c| json!({
            "name": format!("{c} {}", "y".repeat(10)), "value": c.to_string(),
        })).collect::<Vec<_>>() }),
            )
        })
        .collect();
    for (commands, wanted) in [
        (json!([{ "name": "ISMS", "description": "x" }]), "name"),
        (json!([{ "name": "isms" }]), "description"),
        (
            json!([{ "name": "a b", "type": 3, "description": "x" }]),
            "description",
        ),
        (
            json!([{ "name": "a", "description": "x" }, { "name": "a", "description": "x" }]),
            "name",
        ),
        (
            with(json!([text("a", json!({ "description": "" }))])),
            "description",
        ),
        (
            with(json!([text(
                "a",
                json!({ "description": "x".repeat(101) })
            )])),
            "description",
        ),
        (with(json!([plain("a"), plain("a")])), "name"),
        (
            with(json!([plain("a"), text("b", json!({ "required": true }))])),
            "required",
        ),
        (with(json!([plain("a"), sub.clone()])), "type"),
        (
            with((0..26).map(|n| plain(&format!("a{n}"))).collect()),
            "options",
        ),
        (
            with(json!([text(
                "a",
                json!({ "autocomplete": true, "choices": [{ "name": "x", "value": "x" }] })
            )])),
            "autocomplete",
        ),
        (
            with(json!([text(
                "a",
                json!({ "choices": [{ "name": "x".repeat(101), "value": "x" }] })
            )])),
            "name",
        ),
        (
            with(json!([text("a", json!({ "min_value": 1 }))])),
            "min_value",
        ),
        (
            with(
                json!([{ "type": 2, "name": "g", "description": "x", "options": [
            { "type": 2, "name": "h", "description": "x", "options": [sub] },
        ] }]),
            ),
            "options",
        ),
        (with(long.into()), "tree"),
    ] {
        let (status, answer) = raw(&discord, ("PUT", &put), &commands).await;
        assert_eq!(status, 400, "{commands}");
        assert!(
            answer["errors"].to_string().contains(wanted),
            "{wanted}: {answer}"
        );
    }
    assert_eq!(
        (discord.registrations(), discord.commands("").len()),
        (0, 0)
    );
    let good = with(json!([plain("a")]));
    let (_, first) = raw(&discord, ("PUT", &put), &good).await;
    let (_, again) = raw(&discord, ("PUT", &put), &good).await;
    assert_eq!(first[0]["id"], again[0]["id"]);
    let (_, read) = raw(&discord, ("GET", &put), &Value::Null).await;
    assert_eq!(read, again);
    assert_eq!(discord.registrations(), 2);
}
