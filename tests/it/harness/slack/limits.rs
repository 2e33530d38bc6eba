//! What Slack takes: Block Kit's blocks with their limits. Anything else is refused with a detail.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::world::World;

/// Error word and detail.
pub type No = (&'static str, String);
pub type Checked = Result<(), String>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    Message,
    Modal,
    Home,
}

/// Blocks as a whole: their number, their ids, their words, each by itself.
pub fn blocks(world: &World, blocks: &Value, surface: Surface) -> Result<(), No> {
    let no = |detail: String| ("invalid_blocks", detail);
    let list = blocks
        .as_array()
        .ok_or_else(|| no("blocks is not an array".into()))?;
    let most = if surface == Surface::Message { 50 } else { 100 };
    if list.len() > most {
        return Err(no(format!("{} blocks, more than {most}", list.len())));
    }
    let mut check = Check::new(world, surface);
    for block in list {
        check
            .block(block)
            .map_err(|why| no(format!("{why} in {block}")))?;
    }
    if list.iter().filter(|b| b["type"] == "table").count() > 1 {
        return Err(no("only_one_table_allowed".into()));
    }
    if check.words > 13_000 {
        return Err(("msg_blocks_too_long", format!("{} characters", check.words)));
    }
    Ok(())
}

struct Check<'a> {
    world: &'a World,
    surface: Surface,
    ids: HashSet<String>,
    actions: HashSet<String>,
    words: usize,
}

/// The object, if it has no other keys than these.
pub fn only<'a>(value: &'a Value, keys: &[&str]) -> Result<&'a Map<String, Value>, String> {
    let map = value
        .as_object()
        .ok_or_else(|| format!("not an object: {value}"))?;
    match map.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown field {key:?}")),
        None => Ok(map),
    }
}

fn length(value: &Value, least: usize, most: usize) -> Result<usize, String> {
    let words = value
        .as_str()
        .ok_or_else(|| format!("not a string: {value}"))?;
    let length = words.chars().count();
    if (least..=most).contains(&length) {
        Ok(length)
    } else {
        Err(format!("{length} characters, not {least} to {most}"))
    }
}

fn optional<T>(value: &Value, check: impl FnOnce(&Value) -> Result<T, String>) -> Checked {
    if value.is_null() {
        Ok(())
    } else {
        check(value).map(|_| ())
    }
}

fn flag(value: &Value) -> Checked {
    optional(value, |v| {
        v.as_bool().ok_or_else(|| format!("not a flag: {v}"))
    })
}

impl<'a> Check<'a> {
    fn new(world: &'a World, surface: Surface) -> Self {
        Check {
            world,
            surface,
            ids: HashSet::new(),
            actions: HashSet::new(),
            words: 0,
        }
    }

    fn block(&mut self, block: &Value) -> Checked {
        let id = &block["block_id"];
        optional(id, |id| length(id, 1, 255))?;
        if let Some(id) = id.as_str()
            && !self.ids.insert(id.to_owned())
        {
            return Err(format!("block_id {id} twice"));
        }
        match (block["type"].as_str().unwrap_or_default(), self.surface) {
            ("divider", _) => only(block, &["type", "block_id"]).map(|_| ()),
            ("header", _) => {
                only(block, &["type", "block_id", "text"])?;
                self.plain(&block["text"], 150)
            }
            ("section", _) => self.section(block),
            ("context", _) => {
                only(block, &["type", "block_id", "elements"])?;
                self.each(&block["elements"], 10, |check, text| check.text(text, 3000))
            }
            ("actions", _) => {
                only(block, &["type", "block_id", "elements"])?;
                self.each(&block["elements"], 25, Check::button)
            }
            ("image", _) => self.image(block),
            ("table", Surface::Message) => self.table(block),
            ("input", Surface::Modal) => self.input(block),
            (other, _) => Err(format!("no block {other:?} here")),
        }
    }

    fn each(
        &mut self,
        list: &Value,
        most: usize,
        check: impl Fn(&mut Self, &Value) -> Checked,
    ) -> Checked {
        let list = list.as_array().ok_or("not an array")?;
        if list.is_empty() || list.len() > most {
            return Err(format!("{} elements, not 1 to {most}", list.len()));
        }
        list.iter().try_for_each(|item| check(self, item))
    }

    fn section(&mut self, block: &Value) -> Checked {
        only(block, &["type", "block_id", "text", "fields"])?;
        if block["text"].is_null() && block["fields"].is_null() {
            return Err("neither text nor fields".into());
        }
        if !block["text"].is_null() {
            self.text(&block["text"], 3000)?;
        }
        if !block["fields"].is_null() {
            self.each(&block["fields"], 10, |check, field| check.text(field, 2000))?;
        }
        Ok(())
    }

    fn plain(&mut self, text: &Value, most: usize) -> Checked {
        only(text, &["type", "text", "emoji"])?;
        flag(&text["emoji"])?;
        if text["type"] != "plain_text" {
            return Err("must be plain_text".into());
        }
        self.words += length(&text["text"], 1, most)?;
        Ok(())
    }

    fn text(&mut self, text: &Value, most: usize) -> Checked {
        if text["type"] == "plain_text" {
            return self.plain(text, most);
        }
        only(text, &["type", "text", "verbatim"])?;
        flag(&text["verbatim"])?;
        if text["type"] != "mrkdwn" {
            return Err("must be mrkdwn or plain_text".into());
        }
        self.words += length(&text["text"], 1, most)?;
        marks(self.world, text["text"].as_str().unwrap_or_default())
    }

    fn button(&mut self, button: &Value) -> Checked {
        only(
            button,
            &["type", "action_id", "text", "value", "style", "url"],
        )?;
        if button["type"] != "button" {
            return Err(format!("not a button: {}", button["type"]));
        }
        self.plain(&button["text"], 75)?;
        optional(&button["value"], |v| length(v, 1, 2000))?;
        optional(&button["url"], |v| length(v, 1, 3000))?;
        self.action(&button["action_id"])?;
        match button["style"].as_str() {
            None | Some("primary" | "danger") => Ok(()),
            Some(other) => Err(format!("no style {other:?}")),
        }
    }

    fn action(&mut self, id: &Value) -> Checked {
        length(id, 1, 255)?;
        // Within one block is what Slack checks for messages; ours are unique in all of it.
        let scope = if self.surface != Surface::Message {
            self.ids.len()
        } else {
            0
        };
        match self.actions.insert(format!("{scope}/{id}")) {
            true => Ok(()),
            false => Err(format!("action_id {id} twice")),
        }
    }

    fn image(&mut self, block: &Value) -> Checked {
        only(
            block,
            &["type", "block_id", "slack_file", "alt_text", "title"],
        )?;
        length(&block["alt_text"], 1, 2000)?;
        optional(&block["title"], |title| self.plain(title, 2000))?;
        let file = only(&block["slack_file"], &["id"])?["id"]
            .as_str()
            .unwrap_or_default();
        match self.world.files.get(file) {
            Some(file) if file.complete && file.name.ends_with(".png") => Ok(()),
            Some(_) => Err("not a completed picture".into()),
            None => Err(format!("no file {file}")),
        }
    }

    fn table(&mut self, block: &Value) -> Checked {
        only(block, &["type", "block_id", "rows", "column_settings"])?;
        let rows = block["rows"].as_array().ok_or("no rows")?;
        let width = rows.first().and_then(Value::as_array).map_or(0, Vec::len);
        if rows.len() > 100 || !(1..=20).contains(&width) {
            return Err(format!("{} rows of {width}", rows.len()));
        }
        let mut words = 0;
        for row in rows {
            let row = row.as_array().ok_or("a row is no array")?;
            if row.len() != width {
                return Err("rows of different length".into());
            }
            for cell in row {
                only(cell, &["type", "text"])?;
                if cell["type"] != "raw_text" {
                    return Err("not a raw_text cell".into());
                }
                words += length(&cell["text"], 1, 10_000)?;
            }
        }
        if words > 10_000 {
            return Err(format!("{words} characters in a table"));
        }
        self.words += words;
        Ok(())
    }

    fn option(&mut self, option: &Value) -> Checked {
        only(option, &["text", "value"])?;
        length(&option["value"], 1, 150)?;
        self.plain(&option["text"], 75)
    }

    fn input(&mut self, block: &Value) -> Checked {
        only(
            block,
            &["type", "block_id", "label", "element", "hint", "optional"],
        )?;
        self.plain(&block["label"], 2000)?;
        flag(&block["optional"])?;
        optional(&block["hint"], |hint| self.plain(hint, 2000))?;
        let element = &block["element"];
        self.action(&element["action_id"])?;
        optional(&element["placeholder"], |p| self.plain(p, 150))?;
        let common = ["type", "action_id", "placeholder"];
        let with = |more: &[&'static str]| [&common, more].concat();
        match element["type"].as_str().unwrap_or_default() {
            "plain_text_input" => {
                only(
                    element,
                    &with(&["initial_value", "multiline", "min_length", "max_length"]),
                )?;
                flag(&element["multiline"])?;
                let most = element["max_length"].as_u64().unwrap_or(3000) as usize;
                if !(1..=3000).contains(&most) {
                    return Err(format!("max_length {most}"));
                }
                optional(&element["initial_value"], |v| length(v, 1, most))
            }
            "datepicker" => {
                only(element, &with(&["initial_date"]))?;
                optional(&element["initial_date"], |v| {
                    iso_date(v.as_str().unwrap_or_default())
                })
            }
            "users_select" => {
                only(element, &with(&["initial_user"]))?;
                optional(&element["initial_user"], |v| {
                    let known = v.as_str().is_some_and(|id| self.world.member(id).is_some());
                    if known {
                        Ok(())
                    } else {
                        Err(format!("no person {v}"))
                    }
                })
            }
            "static_select" => {
                only(element, &with(&["options", "initial_option"]))?;
                self.each(&element["options"], 100, Check::option)?;
                let initial = &element["initial_option"];
                let options = element["options"].as_array().ok_or("no options")?;
                if initial.is_null() || options.contains(initial) {
                    Ok(())
                } else {
                    Err("initial_option is none of the options".into())
                }
            }
            "external_select" => {
                only(element, &with(&["initial_option", "min_query_length"]))?;
                if element["min_query_length"] != 0 {
                    return Err("nothing would be offered before three letters".into());
                }
                optional(&element["initial_option"], |o| self.option(o))
            }
            "file_input" => super::given::input(element),
            other => Err(format!("no input {other:?}")),
        }
    }
}

pub fn iso_date(words: &str) -> Checked {
    chrono::NaiveDate::parse_from_str(words, "%Y-%m-%d")
        .map(|_| ())
        .map_err(|_| format!("not a date: {words:?}"))
}

/// Marks in a text: a mention of someone who exists or of a channel, or a link. A broadcast is never
/// the bot's. Slack shows a channel that is not there as such.
pub fn marks(world: &World, words: &str) -> Checked {
    let mut rest = words;
    while let Some(start) = rest.find('<') {
        let mark = rest[start + 1..].split('>').next().unwrap_or_default();
        let known = mark
            .strip_prefix('@')
            .is_some_and(|id| world.member(id).is_some());
        let channel = |id: &str| {
            let in_id = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
            id.starts_with('C') && id.chars().all(in_id)
        };
        let known = known || mark.strip_prefix('#').is_some_and(channel);
        let link = ["http://", "https://"].iter().any(|s| mark.starts_with(s));
        if !known && !link {
            return Err(format!("a mark that should have been escaped: <{mark}>"));
        }
        rest = &rest[start + 1..];
    }
    Ok(())
}

/// A message's words and blocks.
pub fn message(world: &World, args: &Value) -> Result<(), No> {
    let text = args["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(("no_text", "text must stand beside blocks".into()));
    }
    if text.chars().count() > 40_000 {
        return Err(("msg_too_long", "more than 40,000 characters".into()));
    }
    if text.contains('<') {
        return Err(("invalid_arguments", "text is not escaped".into()));
    }
    if args["blocks"].is_null() {
        return Ok(());
    }
    blocks(world, &args["blocks"], Surface::Message)
}

/// What is offered while someone types.
pub fn offered(world: &World, answer: &Value) -> Checked {
    let mut check = Check::new(world, Surface::Modal);
    let options = only(answer, &["options"])?["options"].as_array();
    let options = options.ok_or("options is not an array")?;
    if options.len() > 100 {
        return Err(format!("{} options", options.len()));
    }
    options.iter().try_for_each(|option| check.option(option))
}

/// A home that is published.
pub fn home(world: &World, view: &Value) -> Result<(), No> {
    let no = |detail: String| ("invalid_arguments", detail);
    only(view, &["type", "blocks", "private_metadata", "callback_id"]).map_err(no)?;
    if view["type"] != "home" {
        return Err(no("not a home".into()));
    }
    blocks(world, &view["blocks"], Surface::Home)
}

/// A view that is opened or replaced.
pub fn view(world: &World, view: &Value) -> Result<(), No> {
    let no = |detail: String| ("invalid_arguments", detail);
    only(
        view,
        &[
            "type",
            "title",
            "submit",
            "close",
            "blocks",
            "private_metadata",
            "callback_id",
        ],
    )
    .map_err(no)?;
    let mut check = Check::new(world, Surface::Modal);
    for key in ["title", "submit", "close"] {
        optional(&view[key], |text| check.plain(text, 24))
            .map_err(|why| no(format!("{key}: {why}")))?;
    }
    if view["type"] != "modal" || view["title"].is_null() {
        return Err(no("not a modal with a title".into()));
    }
    optional(&view["private_metadata"], |v| length(v, 0, 3000)).map_err(no)?;
    if view.to_string().len() > 250_000 {
        return Err(("view_too_large", "more than 250 KB".into()));
    }
    let has_input =
        !super::world::inputs(view.as_object().ok_or_else(|| no("no object".into()))?).is_empty();
    if has_input && view["submit"].is_null() {
        return Err(no("inputs without a submit".into()));
    }
    blocks(world, &view["blocks"], Surface::Modal)
}
