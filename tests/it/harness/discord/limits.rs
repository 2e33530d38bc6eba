//! What Discord takes as a message, a modal and a list of completions, with its limits.

use std::collections::HashSet;

use serde_json::Value;

use super::no::{Checked, Wrong, at, each, flag, maybe_text, only, text, wrong};
use super::world::File;

/// Where a message goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// `POST /channels/…/messages`.
    Channel,
    /// An answer to an interaction, or a message after it.
    Interaction,
    Edit,
}

const EPHEMERAL: u64 = 1 << 6;
const COMPONENTS_V2: u64 = 1 << 15;

/// A message's body, with the files that came with it and those that stay.
pub fn message(body: &Value, way: Way, (files, kept): (&[File], &[File])) -> Checked {
    let mut keys = vec![
        "content",
        "embeds",
        "allowed_mentions",
        "components",
        "attachments",
        "flags",
    ];
    match way {
        Way::Channel => keys.extend([
            "tts",
            "nonce",
            "enforce_nonce",
            "message_reference",
            "sticker_ids",
        ]),
        Way::Interaction => keys.push("tts"),
        Way::Edit => {}
    }
    only(body, &keys)?;
    maybe_text(body, "content", (0, 2000))?;
    flag(body, "tts")?;
    if body["tts"] == true {
        return Err(("tts".into(), "nothing is read out loud".into()));
    }
    each(body, "sticker_ids", (0, 0), |_| Ok(()))?;
    flags(&body["flags"], way).map_err(at("flags"))?;
    embeds(body)?;
    components(body, "components", (0, 5), false)?;
    allowed(&body["allowed_mentions"]).map_err(at("allowed_mentions"))?;
    attachments(body, (files, kept))?;
    if way == Way::Channel {
        nonce(body)?;
    }
    Ok(())
}

fn flags(flags: &Value, way: Way) -> Checked {
    let flags = match flags {
        Value::Null => return Ok(()),
        flags => flags.as_u64(),
    };
    let Some(flags) = flags else {
        return wrong("not a number");
    };
    if flags & COMPONENTS_V2 != 0 {
        return wrong("Components V2 arrive stripped at the library");
    }
    let known = match way {
        Way::Interaction => 1 << 2 | 1 << 12 | EPHEMERAL,
        _ => 1 << 2 | 1 << 12,
    };
    match flags & !known {
        0 => Ok(()),
        other => wrong(format!("no flag {other} here")),
    }
}

/// Every post can be repeated without being doubled.
fn nonce(body: &Value) -> Checked {
    let nonce = match &body["nonce"] {
        Value::String(nonce) => nonce.clone(),
        Value::Number(nonce) => nonce.to_string(),
        other => return Err(("nonce".into(), format!("a post without a nonce: {other}"))),
    };
    if nonce.is_empty() || nonce.chars().count() > 25 {
        return Err(("nonce".into(), "Must be 25 or fewer in length".into()));
    }
    if body["enforce_nonce"] != true {
        return Err((
            "enforce_nonce".into(),
            "a nonce that nobody keeps to".into(),
        ));
    }
    Ok(())
}

fn embeds(body: &Value) -> Checked {
    let mut words = 0;
    each(body, "embeds", (0, 10), |embed| {
        words += self::embed(embed)?;
        Ok(())
    })?;
    if words > 6000 {
        let why = format!("Embed size exceeds maximum size of 6000: {words}");
        return Err(("embeds".into(), why));
    }
    Ok(())
}

fn embed(embed: &Value) -> Result<usize, Wrong> {
    only(
        embed,
        &[
            "title",
            "type",
            "description",
            "url",
            "timestamp",
            "color",
            "footer",
            "image",
            "thumbnail",
            "author",
            "fields",
            "video",
            "provider",
        ],
    )?;
    if !embed["type"].is_null() && embed["type"] != "rich" {
        return Err(("type".into(), "an embed of ours is rich".into()));
    }
    let mut words = maybe_text(embed, "title", (0, 256))?;
    words += maybe_text(embed, "description", (0, 4096))?;
    each(embed, "fields", (0, 25), |field| {
        only(field, &["name", "value", "inline"])?;
        flag(field, "inline")?;
        words += text(field, "name", (1, 256))? + text(field, "value", (1, 1024))?;
        Ok(())
    })?;
    for (part, key, most) in [("footer", "text", 2048), ("author", "name", 256)] {
        if !embed[part].is_null() {
            let known = [key, "icon_url", "proxy_icon_url", "url"];
            only(&embed[part], &known).map_err(at(part))?;
            words += text(&embed[part], key, (1, most)).map_err(at(part))?;
        }
    }
    for part in ["image", "thumbnail"] {
        if !embed[part].is_null() {
            // The library tells of sizes too, empty ones.
            only(&embed[part], &["url", "proxy_url", "width", "height"]).map_err(at(part))?;
            text(&embed[part], "url", (1, 2048)).map_err(at(part))?;
        }
    }
    if words == 0 && embed["image"].is_null() && embed["thumbnail"].is_null() {
        return wrong("an embed with nothing in it");
    }
    if !embed["color"].is_null() && embed["color"].as_u64().is_none_or(|c| c > 0xFF_FFFF) {
        return Err(("color".into(), "no colour".into()));
    }
    Ok(words)
}

/// Action rows: of buttons and selects in a message, of one text input each in a modal.
fn components(body: &Value, key: &str, fits: (usize, usize), modal: bool) -> Checked {
    let mut ids = HashSet::new();
    each(body, key, fits, |row| {
        if row["type"] != 1 {
            return wrong(format!(
                "only action rows reach the library, not {}",
                row["type"]
            ));
        }
        only(row, &["type", "components"])?;
        let buttons = row["components"][0]["type"] == 2;
        let most = if buttons { 5 } else { 1 };
        each(row, "components", (1, most), |component| {
            match component["type"].as_u64() {
                Some(2) if !modal && buttons => button(component),
                Some(3 | 5) if !modal && !buttons => select(component),
                Some(4) if modal => input(component),
                _ => wrong(format!("no component {} here", component["type"])),
            }?;
            let id = component["custom_id"].as_str().unwrap_or_default();
            if !id.is_empty() && !ids.insert(id.to_owned()) {
                let why = format!("Component custom id cannot be duplicated: {id}");
                return Err(("custom_id".into(), why));
            }
            Ok(())
        })
    })
}

fn button(button: &Value) -> Checked {
    only(
        button,
        &[
            "type",
            "style",
            "label",
            "emoji",
            "custom_id",
            "url",
            "disabled",
        ],
    )?;
    flag(button, "disabled")?;
    text(button, "label", (1, 80))?;
    match button["style"].as_u64() {
        Some(1..=4) if button["url"].is_null() => text(button, "custom_id", (1, 100)),
        Some(5) if button["custom_id"].is_null() => text(button, "url", (1, 512)),
        _ => Err((
            "style".into(),
            format!("no button of style {}", button["style"]),
        )),
    }
    .map(|_| ())
}

fn select(select: &Value) -> Checked {
    only(
        select,
        &[
            "type",
            "custom_id",
            "options",
            "placeholder",
            "min_values",
            "max_values",
            "disabled",
            "default_values",
            "channel_types",
        ],
    )?;
    flag(select, "disabled")?;
    text(select, "custom_id", (1, 100))?;
    maybe_text(select, "placeholder", (0, 150))?;
    let number = |key: &str| select[key].as_u64().unwrap_or(1);
    let (least, most) = (number("min_values"), number("max_values"));
    if least > most || most == 0 || most > 25 {
        return Err(("max_values".into(), format!("{least} to {most} values")));
    }
    if select["type"] == 5 {
        return each(select, "default_values", (0, most as usize), |value| {
            only(value, &["id", "type"])?;
            // The library writes the id as a number.
            match value["type"] == "user" && (value["id"].is_string() || value["id"].is_u64()) {
                true => Ok(()),
                false => wrong(format!("a select of users, not of {value}")),
            }
        });
    }
    let mut values = HashSet::new();
    let mut chosen = 0;
    each(select, "options", (1, 25), |option| {
        only(
            option,
            &["label", "value", "description", "emoji", "default"],
        )?;
        text(option, "label", (1, 100))?;
        text(option, "value", (1, 100))?;
        maybe_text(option, "description", (1, 100))?;
        flag(option, "default")?;
        chosen += u64::from(option["default"] == true);
        match values.insert(option["value"].to_string()) {
            true => Ok(()),
            false => Err((
                "value".into(),
                "The specified option value is already used".into(),
            )),
        }
    })?;
    if chosen > most {
        return Err((
            "options".into(),
            format!("{chosen} are chosen, of at most {most}"),
        ));
    }
    Ok(())
}

fn input(input: &Value) -> Checked {
    only(
        input,
        &[
            "type",
            "custom_id",
            "style",
            "label",
            "min_length",
            "max_length",
            "required",
            "value",
            "placeholder",
        ],
    )?;
    text(input, "custom_id", (1, 100))?;
    text(input, "label", (1, 45))?;
    maybe_text(input, "placeholder", (0, 100))?;
    flag(input, "required")?;
    if !matches!(input["style"].as_u64(), Some(1 | 2)) {
        return Err(("style".into(), "one line or several".into()));
    }
    let most = input["max_length"].as_u64().unwrap_or(4000) as usize;
    if most == 0 || most > 4000 {
        return Err(("max_length".into(), "Must be between 1 and 4000".into()));
    }
    maybe_text(input, "value", (0, most)).map(|_| ())
}

fn allowed(allowed: &Value) -> Checked {
    if allowed.is_null() {
        return Ok(());
    }
    only(allowed, &["parse", "users", "roles", "replied_user"])?;
    let listed = |key: &str| allowed[key].as_array().is_some_and(|list| !list.is_empty());
    each(allowed, "parse", (0, 3), |word| {
        match ["roles", "users", "everyone"]
            .iter()
            .any(|known| word == known)
        {
            true => Ok(()),
            false => wrong(format!("no kind of mention {word}")),
        }
    })?;
    for key in ["users", "roles"] {
        each(allowed, key, (0, 100), |_| Ok(()))?;
        let parsed = allowed["parse"].to_string().contains(key);
        if parsed && listed(key) {
            return Err(("parse".into(), format!("{key} both parsed and listed")));
        }
    }
    Ok(())
}

/// Whether a message that says nothing of mentions might call people.
pub fn could_mention(body: &Value) -> bool {
    let content = body["content"].as_str().unwrap_or_default();
    let calls = ["<@", "@everyone", "@here"]
        .iter()
        .any(|mark| content.contains(mark));
    calls && body["allowed_mentions"].is_null()
}

/// Each file is told of, each that is told of is there, and so is each that an embed shows.
fn attachments(body: &Value, (files, kept): (&[File], &[File])) -> Checked {
    let mut told = HashSet::new();
    each(body, "attachments", (0, 10), |attached| {
        only(attached, &["id", "filename", "description", "title"])?;
        maybe_text(attached, "description", (0, 1024))?;
        let id = match &attached["id"] {
            Value::Number(id) => id.to_string(),
            Value::String(id) => id.clone(),
            other => return Err(("id".into(), format!("no id: {other}"))),
        };
        if !files.iter().chain(kept).any(|file| file.id == id) {
            return Err(("id".into(), format!("there is no file {id}")));
        }
        told.insert(id);
        Ok(())
    })?;
    if let Some(file) = files.iter().find(|file| !told.contains(&file.id)) {
        return Err((
            "attachments".into(),
            format!("nothing tells of {}", file.name),
        ));
    }
    let stays = |file: &&File| body["attachments"].is_null() || told.contains(&file.id);
    let names: Vec<&str> = files
        .iter()
        .chain(kept.iter().filter(stays))
        .map(|file| file.name.as_str())
        .collect();
    let said = body["embeds"].to_string();
    for reference in said.split("\"attachment://").skip(1) {
        let name = reference.split('"').next().unwrap_or_default();
        if !names.contains(&name) {
            let why = format!("attachment://{name} among {names:?}");
            return Err(("embeds".into(), why));
        }
    }
    Ok(())
}

/// What opens a modal.
pub fn modal(data: &Value) -> Checked {
    only(data, &["custom_id", "title", "components"])?;
    text(data, "custom_id", (1, 100))?;
    text(data, "title", (1, 45))?;
    components(data, "components", (1, 5), true)
}

/// Completions for an option of a kind (3 text, 4 whole number, 10 number).
pub fn choices(data: &Value, kind: &Value) -> Checked {
    only(data, &["choices"])?;
    each(data, "choices", (0, 25), |choice| {
        self::choice(choice, kind)
    })
}

pub fn choice(choice: &Value, kind: &Value) -> Checked {
    only(choice, &["name", "value", "name_localizations"])?;
    text(choice, "name", (1, 100))?;
    let fits = match kind.as_u64() {
        Some(3) => return text(choice, "value", (1, 100)).map(|_| ()),
        Some(4) => choice["value"].is_i64(),
        Some(10) => choice["value"].is_number(),
        _ => false,
    };
    match fits {
        true => Ok(()),
        false => Err((
            "value".into(),
            format!("no value of kind {kind}: {}", choice["value"]),
        )),
    }
}
