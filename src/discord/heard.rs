//! An event of Discord as an act of a person. Pure.

use serenity::all::{
    CommandData, CommandDataOption, CommandDataOptionValue, CommandInteraction, CommandType,
    ComponentInteractionDataKind, Member, Message, MessageFlags, ModalInteraction, Permissions,
    ResolvedTarget, User,
};

use super::register::COMMAND;
use super::words::cut;
use crate::chat::{MessageRef, Speaker};
use crate::command;

/// Longest title that an action takes.
const TITLE: usize = 120;

/// A slash command as it would be typed, and the option that is being typed if one is.
#[derive(Debug, Default, PartialEq)]
pub struct Line {
    pub typed: String,
    /// The option's name, and what stands in it so far.
    pub focus: Option<(String, String)>,
}

/// `action new title:"Patch the VPN" owner:<@42>`, of `/action new` as of `/isms` and what is below it.
pub fn line(data: &CommandData) -> Line {
    let mut words = match data.name.as_str() {
        COMMAND => Vec::new(),
        room => vec![room.to_owned()],
    };
    let mut focus = None;
    walk(&data.options, &mut words, &mut focus);
    Line {
        typed: command::typed(&words),
        focus,
    }
}

fn walk(
    options: &[CommandDataOption],
    words: &mut Vec<String>,
    focus: &mut Option<(String, String)>,
) {
    for option in options {
        let name = &option.name;
        let value = match &option.value {
            CommandDataOptionValue::SubCommand(below)
            | CommandDataOptionValue::SubCommandGroup(below) => {
                words.push(name.clone());
                walk(below, words, focus);
                continue;
            }
            CommandDataOptionValue::Autocomplete { value, .. } => {
                *focus = Some((name.clone(), value.clone()));
                continue;
            }
            CommandDataOptionValue::String(text) => text.clone(),
            CommandDataOptionValue::Integer(number) => number.to_string(),
            CommandDataOptionValue::Number(number) => number.to_string(),
            CommandDataOptionValue::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            CommandDataOptionValue::User(id) => format!("<@{id}>"),
            _ => continue,
        };
        if !value.trim().is_empty() {
            words.push(format!("{name}:{}", value.trim()));
        }
    }
}

/// The message command: what stands in the message is the action's title, and it is linked.
pub fn raised(act: &CommandInteraction) -> Option<String> {
    if act.data.kind != CommandType::Message {
        return None;
    }
    let Some(ResolvedTarget::Message(message)) = act.data.target() else {
        return None;
    };
    let server = act.guild_id.map_or("@me".to_owned(), |id| id.to_string());
    let place = format!("{}/{}", message.channel_id, message.id);
    let mut words = vec!["action".to_owned(), "new".to_owned()];
    if let Some(title) = title(message) {
        words.push(format!("title:{title}"));
    }
    words.push(format!(
        "link:https://discord.com/channels/{server}/{place}"
    ));
    words.push(format!("origin:{place}"));
    Some(command::typed(&words))
}

/// The first line of a message in which something is said.
fn title(message: &Message) -> Option<String> {
    let embeds = message.embeds.iter();
    let embeds = embeds.flat_map(|embed| [embed.title.as_deref(), embed.description.as_deref()]);
    let texts = std::iter::once(message.content.as_str()).chain(embeds.flatten());
    let mut lines = texts.flat_map(str::lines).map(str::trim);
    lines
        .find(|line| !line.is_empty())
        .map(|line| cut(line, TITLE))
}

/// Who did it. `member` is told in servers only.
pub fn speaker(user: &User, member: Option<&Member>) -> Speaker {
    let nick = member.and_then(|member| member.nick.clone());
    let may = member.and_then(|member| member.permissions);
    let name = nick.or_else(|| user.global_name.clone());
    Speaker {
        id: user.id.to_string(),
        name: Some(name.unwrap_or_else(|| user.name.clone())),
        // Discord tells nobody's zone.
        zone: None,
        admin: may
            .map(|may| may.intersects(Permissions::ADMINISTRATOR | Permissions::MANAGE_GUILD)),
    }
}

/// Where a button stood. A message to one person only cannot be edited later, so it is not told.
pub fn stood_on(message: &Message) -> Option<MessageRef> {
    let flags = message.flags.unwrap_or_default();
    (!flags.contains(MessageFlags::EPHEMERAL)).then(|| MessageRef {
        channel: message.channel_id.to_string(),
        message: message.id.to_string(),
    })
}

/// What was picked; empty when it was taken back.
pub fn picked(kind: &ComponentInteractionDataKind) -> String {
    match kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().cloned(),
        ComponentInteractionDataKind::UserSelect { values } => {
            values.first().map(ToString::to_string)
        }
        _ => None,
    }
    .unwrap_or_default()
}

/// What was written, by field name, empty ones too.
pub fn written(modal: &ModalInteraction) -> Vec<(String, String)> {
    let components = modal.data.components.iter().flat_map(|row| &row.components);
    let inputs = components.filter_map(|component| match component {
        serenity::all::ActionRowComponent::InputText(input) => Some((
            input.custom_id.clone(),
            input.value.clone().unwrap_or_default(),
        )),
        _ => None,
    });
    inputs.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn data(name: &str, options: &Value) -> CommandData {
        serde_json::from_value(json!({
            "id": "5", "name": name, "type": 1, "options": options,
        }))
        .unwrap()
    }

    #[test]
    fn options_become_a_typed_line() {
        let heard = line(&data(
            "action",
            &json!([
                {"name": "new", "type": 1, "options": [
                    {"name": "title", "type": 3, "value": "Patch \"the\" VPN: now"},
                    {"name": "owner", "type": 6, "value": "100000000000000042"},
                    {"name": "due", "type": 3, "value": "in 2 weeks"},
                    {"name": "page", "type": 4, "value": 2},
                    {"name": "mine", "type": 5, "value": false},
                    {"name": "note", "type": 3, "value": "  "},
                ]},
            ]),
        ));
        assert_eq!(
            heard.typed,
            r#"action new title:"Patch \"the\" VPN: now" owner:"<@100000000000000042>" due:"in 2 weeks" page:2 mine:no"#
        );
        assert_eq!(heard.focus, None);
    }

    #[test]
    fn what_is_in_no_room_is_below_the_one_command() {
        let typed = |options| line(&data("isms", &options)).typed;
        assert_eq!(
            typed(json!([{"name": "mine", "type": 1, "options": []}])),
            "mine"
        );
        let group = json!([{"name": "role", "type": 2, "options": [
            {"name": "list", "type": 1, "options": []},
        ]}]);
        assert_eq!(typed(group), "role list");
    }

    #[test]
    fn the_option_that_is_being_typed_is_told_apart() {
        let heard = line(&data(
            "action",
            &json!([
                {"name": "verify", "type": 1, "options": [
                    {"name": "result", "type": 3, "value": "effective"},
                    {"name": "action", "type": 3, "value": "CA-1", "focused": true},
                ]},
            ]),
        ));
        assert_eq!(heard.typed, "action verify result:effective");
        assert_eq!(heard.focus, Some(("action".into(), "CA-1".into())));
    }

    #[test]
    fn whatever_is_typed_into_an_option_stays_in_it() {
        use proptest::prelude::*;
        proptest!(|(text in "[a-z:= \"'“”<>@\\\\-]{1,20}")| {
            prop_assume!(!text.trim().is_empty());
            let heard = line(&data("isms", &json!([{"name": "mine", "type": 1, "options": [
                {"name": "reason", "type": 3, "value": text},
                {"name": "until", "type": 3, "value": "friday"},
            ]}])));
            prop_assert!(heard.typed.starts_with("mine reason:"), "{}", heard.typed);
            prop_assert!(heard.typed.ends_with(" until:friday"), "{}", heard.typed);
        });
    }
}
