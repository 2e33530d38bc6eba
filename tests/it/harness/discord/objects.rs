//! Discord's objects, as they go over the wire.

use serde_json::{Value, json};

use super::world::{BOT, Channel, Message, World};

/// `VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_MESSAGE_HISTORY | …`
const USUAL: u64 = 0x0000_0040_0001_CC40;
const ADMINISTRATOR: u64 = 1 << 3;

/// When an id was made.
pub fn time_of(id: &str) -> String {
    let number: u64 = id.parse().expect("an id is a number");
    let millis = (number >> 22) + 1_420_070_400_000;
    let time = chrono::DateTime::from_timestamp_millis(millis as i64).expect("a time");
    time.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

pub fn user(world: &World, id: &str) -> Value {
    let member = &world.people[id];
    json!({
        "id": id, "username": member.username, "global_name": member.name, "discriminator": "0",
        "avatar": null, "bot": member.bot, "public_flags": 0,
    })
}

/// A member; in an interaction it carries what the person may do.
pub fn member(world: &World, (guild, id): (&str, &str), acts: bool) -> Value {
    let mut member = json!({
        "user": user(world, id), "nick": null, "avatar": null, "roles": [],
        "joined_at": "2026-01-05T08:00:00.000000+00:00", "premium_since": null,
        "deaf": false, "mute": false, "flags": 0, "pending": false,
    });
    if acts {
        let admin = world.people[id].admin || world.guilds[guild].owner == id;
        let may = if admin { USUAL | ADMINISTRATOR } else { USUAL };
        member["permissions"] = may.to_string().into();
    }
    member
}

pub fn channel(world: &World, id: &str) -> Value {
    let Channel {
        name,
        guild,
        direct,
        parent,
        ..
    } = &world.channels[id];
    if let Some(person) = direct {
        return json!({
            "id": id, "type": 1, "last_message_id": null, "flags": 0,
            "recipients": [user(world, person)],
        });
    }
    let mut channel = json!({
        "id": id, "type": 0, "guild_id": guild, "name": name, "position": 0, "topic": null,
        "permission_overwrites": [], "nsfw": false, "parent_id": parent, "last_message_id": null,
        "rate_limit_per_user": 0, "flags": 0,
    });
    if parent.is_some() {
        channel["type"] = 11.into();
        channel["owner_id"] = BOT.into();
        channel["message_count"] = 0.into();
        channel["member_count"] = 1.into();
        channel["thread_metadata"] = json!({
            "archived": false, "auto_archive_duration": 1440, "locked": false,
            "archive_timestamp": time_of(id), "create_timestamp": time_of(id),
        });
    }
    channel
}

/// The channel as an interaction tells of it.
pub fn partial_channel(world: &World, id: &str) -> Value {
    let mut channel = channel(world, id);
    channel["permissions"] = USUAL.to_string().into();
    channel
}

pub fn guild(world: &World, id: &str) -> Value {
    let guild = &world.guilds[id];
    json!({
        "id": id, "name": guild.name, "icon": null, "splash": null, "discovery_splash": null,
        "owner_id": guild.owner, "afk_channel_id": null, "afk_timeout": 300,
        "verification_level": 1, "default_message_notifications": 1, "explicit_content_filter": 0,
        "roles": [{
            "id": id, "name": "@everyone", "color": 0, "hoist": false, "position": 0,
            "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "permissions": USUAL.to_string(), "managed": false, "mentionable": false, "flags": 0,
        }],
        "emojis": [], "features": [], "mfa_level": 0, "application_id": null,
        "system_channel_id": null, "system_channel_flags": 0, "rules_channel_id": null,
        "max_presences": null, "max_members": 500_000, "vanity_url_code": null,
        "description": null, "banner": null, "premium_tier": 0, "premium_subscription_count": 0,
        "preferred_locale": "en-US", "public_updates_channel_id": null, "nsfw_level": 0,
        "stickers": [], "premium_progress_bar_enabled": false, "safety_alerts_channel_id": null,
    })
}

/// The server as the gateway tells of it: with the channels that the bot may see.
pub fn guild_created(world: &World, id: &str) -> Value {
    let mut created = guild(world, id);
    let seen = |(_, c): &(&String, &Channel)| {
        c.open && c.parent.is_none() && c.guild.as_deref() == Some(id)
    };
    let channels = world.channels.iter().filter(seen);
    created["channels"] = channels.map(|(id, _)| channel(world, id)).collect();
    created["joined_at"] = "2026-01-05T08:00:00.000000+00:00".into();
    created["large"] = false.into();
    created["unavailable"] = false.into();
    created["member_count"] = world.guilds[id].members.len().into();
    created["members"] = json!([member(world, (id, BOT), false)]);
    for empty in [
        "voice_states",
        "threads",
        "presences",
        "stage_instances",
        "guild_scheduled_events",
        "soundboard_sounds",
    ] {
        created[empty] = json!([]);
    }
    created
}

pub fn application(world: &World) -> Value {
    json!({
        "id": BOT, "name": "ISMS", "icon": null, "description": "", "bot_public": false,
        "bot_require_code_grant": false, "verify_key": "0".repeat(64), "flags": 0, "team": null,
        "owner": user(world, super::world::ANN), "summary": "", "redirect_uris": [],
        "interactions_endpoint_url": null, "bot": user(world, BOT),
    })
}

/// A message, as anyone who sees it gets it. The nonce is told to the sender only, and once.
pub fn message(world: &World, id: &str) -> Value {
    let kept = &world.messages[id];
    let mut message = json!({
        "id": id, "channel_id": kept.channel, "type": 0, "author": user(world, &kept.author),
        "content": kept.json.get("content").and_then(Value::as_str).unwrap_or_default(),
        "timestamp": time_of(id), "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": mentions(world, kept), "mention_roles": [],
        "attachments": [], "embeds": [], "components": [], "pinned": kept.pinned,
        "flags": flags(kept),
    });
    for key in ["embeds", "components"] {
        if let Some(given) = kept.json.get(key).filter(|given| given.is_array()) {
            message[key] = given.clone();
        }
    }
    if kept.edits > 0 {
        message["edited_timestamp"] = time_of(id).into();
    }
    for file in &kept.files {
        let url = format!(
            "https://cdn.discordapp.com/attachments/{}/{}/{}",
            kept.channel, file.id, file.name
        );
        let attached = json!({
            "id": file.id, "filename": file.name, "size": file.bytes.len(), "url": url,
            "proxy_url": url, "content_type": file.kind, "description": file.description,
        });
        let shown = message
            .to_string()
            .contains(&format!("attachment://{}", file.name));
        // What an embed shows is not shown below it once more.
        if !shown {
            message["attachments"]
                .as_array_mut()
                .unwrap()
                .push(attached);
        }
        for embed in message["embeds"].as_array_mut().unwrap() {
            for part in ["image", "thumbnail"] {
                if embed[part]["url"] == format!("attachment://{}", file.name).as_str() {
                    embed[part] = json!({
                        "url": url, "proxy_url": url, "width": 800, "height": 400,
                    });
                }
            }
        }
    }
    if world.channels.contains_key(id) {
        message["thread"] = channel(world, id);
    }
    message
}

/// Whom it calls: those it names and is allowed to.
fn mentions(world: &World, kept: &Message) -> Value {
    let content = kept.json.get("content").and_then(Value::as_str);
    let content = content.unwrap_or_default();
    let allowed = kept
        .json
        .get("allowed_mentions")
        .cloned()
        .unwrap_or_default();
    let may = |id: &str| {
        let list = |key: &str| allowed[key].as_array().cloned().unwrap_or_default();
        allowed.is_null()
            || list("users").contains(&id.into())
            || list("parse").contains(&"users".into())
    };
    let called = |id: &&String| content.contains(&format!("<@{id}>")) && may(id);
    let people = world.people.keys().filter(called);
    people.map(|id| user(world, id)).collect()
}

fn flags(kept: &Message) -> u64 {
    let only = if kept.only.is_some() { 64 } else { 0 };
    let thinking = if kept.thinking { 128 } else { 0 };
    let given = kept.json.get("flags").and_then(Value::as_u64);
    given.unwrap_or_default() | only | thinking
}
