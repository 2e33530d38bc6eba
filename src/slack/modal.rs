//! Forms as Slack modals, and what people filled in back as values. Pure.
//!
//! A field's name is the `block_id` of its input, so that an error can be put beside it. What must
//! survive until the submit (the command, where it came from) rides in `private_metadata`.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use slack_morphism::prelude::*;

use super::render::{self, Surface, markup, plain, small};
use super::words::{TEXT, cut, is_id, mrkdwn_cut};
use crate::chat::{Card, Choice, Field, FieldKind, Form, Text};

/// The one `action_id` of every input: the block says which field it is.
const INPUT: &str = "value";
const INTRO: &str = "isms:intro";
const TITLE: usize = 24;
const LABEL: usize = 2000;
const PLACEHOLDER: usize = 150;
const OPTION: usize = 75;
const OPTION_VALUE: usize = 150;
const OPTIONS: usize = 100;
const BLOCKS: usize = 100;
const METADATA: usize = 3000;
/// Longest text that an input takes.
pub(super) const INPUT_WORDS: usize = 3000;

/// What a modal carries until it is submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    pub command: String,
    /// The channel in which it was asked for.
    pub channel: String,
    /// Where an answer to that person can be put for half an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_url: Option<String>,
    /// What was attached to the form before, by field: a file input cannot begin with a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<(String, String)>,
}

impl Carried {
    pub fn read(metadata: Option<&str>) -> Option<Carried> {
        serde_json::from_str(metadata?).ok()
    }

    /// `None` when the command is too long for a modal to carry.
    fn write(&self) -> Option<String> {
        let fits = |carried: &Carried| {
            let words = serde_json::to_string(carried).ok()?;
            (words.chars().count() <= METADATA).then_some(words)
        };
        // Without the address the answer is posted by the longer way.
        fits(self).or_else(|| {
            fits(&Carried {
                response_url: None,
                ..self.clone()
            })
        })
    }
}

/// The form as a modal view; `None` when its command is too long for one to carry.
pub fn view(form: &Form, carried: &Carried) -> Option<SlackView> {
    let carried = Carried {
        command: form.command.clone(),
        files: attached(form),
        ..carried.clone()
    };
    let mut blocks: Vec<SlackBlock> = intro(form).into_iter().collect();
    for field in &form.fields {
        blocks.push(input(field));
        if let Some(error) = &field.error {
            blocks.push(small(&wrong(error)));
        }
    }
    blocks.truncate(BLOCKS);
    let view = SlackModalView::new(plain(&form.title, TITLE), blocks)
        .with_submit(plain(&form.submit, TITLE))
        .with_close("Cancel".into())
        .with_private_metadata(carried.write()?);
    Some(SlackView::Modal(view))
}

/// The files that stand in a form.
fn attached(form: &Form) -> Vec<(String, String)> {
    let files = form.fields.iter().filter(|field| field.is_file());
    let value = |field: &Field| Some((field.name.clone(), field.value.clone()?));
    files.filter_map(value).collect()
}

fn wrong(error: &str) -> String {
    mrkdwn_cut(&Text::from(":warning: ").bold(error), TEXT)
}

fn intro(form: &Form) -> Option<SlackBlock> {
    let words = mrkdwn_cut(&Text::from(form.intro.as_deref()?), TEXT);
    let section = SlackSectionBlock::new()
        .with_block_id(INTRO.into())
        .with_text(markup(&words));
    (!words.is_empty()).then(|| section.into())
}

/// A view that only tells something: while the work takes longer than Slack waits, and what came
/// of it.
pub fn telling(title: &str, card: &Card) -> SlackView {
    let blocks = render::blocks(card, &[], Surface::Modal);
    let view = SlackModalView::new(plain(title, TITLE), blocks).with_close("Close".into());
    SlackView::Modal(view)
}

fn input(field: &Field) -> SlackBlock {
    let element = element(field);
    let typed = matches!(element, SlackInputBlockElement::PlainTextInput(_));
    let hint = field.hint.as_deref().unwrap_or_default();
    // Examples of what to type say nothing beside a picker.
    let hint = if typed {
        hint
    } else {
        hint.split("For example").next().unwrap_or_default()
    };
    let block = SlackInputBlock::new(plain(&field.label, LABEL), element)
        .with_block_id(field.name.clone().into())
        // What is attached already need not be attached again.
        .with_optional(!field.required || (field.is_file() && field.value.is_some()));
    if hint.trim().is_empty() {
        block.into()
    } else {
        block.with_hint(plain(hint, LABEL)).into()
    }
}

/// The element that fits the kind. What was typed before and does not fit a picker (`friday` in a
/// date) stays as text, so that it is not lost.
fn element(field: &Field) -> SlackInputBlockElement {
    let value = field.value.as_deref().filter(|v| !v.is_empty());
    match &field.kind {
        FieldKind::Date if value.is_none_or(is_date) => SlackBlockDatePickerElement::new()
            .with_action_id(INPUT.into())
            .opt_initial_date(value.map(str::to_owned))
            .into(),
        FieldKind::Person if value.is_none_or(|v| person_in(v).is_some()) => {
            SlackBlockUsersSelectElement::new()
                .with_action_id(INPUT.into())
                .opt_initial_user(value.and_then(person_in).map(str::to_owned))
                .into()
        }
        FieldKind::Choice(choices) if !choices.is_empty() => select(choices, value).into(),
        // What was typed wrong stays as text here, too.
        FieldKind::Search if field.error.is_none() => search(value).into(),
        FieldKind::File => SlackBlockFileInputElement::new()
            .with_action_id(INPUT.into())
            .with_max_files(1)
            .into(),
        FieldKind::Paragraph => text_input(value).with_multiline(true).into(),
        FieldKind::Number => text_input(value)
            .with_placeholder(plain("12.5", PLACEHOLDER))
            .into(),
        FieldKind::Line
        | FieldKind::Date
        | FieldKind::Person
        | FieldKind::Choice(_)
        | FieldKind::Search => text_input(value).into(),
    }
}

/// What an external select shows while someone types. Slack takes a hundred of 75 characters.
pub fn options(choices: &[Choice]) -> SlackInteractionResponse {
    let options = SlackBlockSuggestionOptions::new(items(choices));
    SlackBlockSuggestionResponse::Options(options).into()
}

fn items(choices: &[Choice]) -> Vec<SlackBlockChoiceItem<SlackBlockPlainTextOnly>> {
    let fit = |choice: &&Choice| (1..=OPTION_VALUE).contains(&choice.value.chars().count());
    let item = |choice: &Choice| {
        SlackBlockChoiceItem::new(plain(&choice.label, OPTION), choice.value.clone())
    };
    let fitting = choices.iter().filter(fit).take(OPTIONS);
    fitting.map(item).collect()
}

/// What is chosen already stands there by its own name.
fn search(value: Option<&str>) -> SlackBlockExternalSelectElement {
    let chosen = value.map(|value| Choice {
        value: value.to_owned(),
        label: value.to_owned(),
    });
    SlackBlockExternalSelectElement::new()
        .with_action_id(INPUT.into())
        .with_min_query_length(0)
        .with_placeholder(plain("Type to search", PLACEHOLDER))
        .opt_initial_option(chosen.and_then(|choice| items(&[choice]).pop()))
}

fn text_input(value: Option<&str>) -> SlackBlockPlainTextInputElement {
    SlackBlockPlainTextInputElement::new()
        .with_action_id(INPUT.into())
        .with_max_length(INPUT_WORDS as u64)
        .opt_initial_value(value.map(|v| cut(v, INPUT_WORDS)))
}

fn select(choices: &[Choice], value: Option<&str>) -> SlackBlockStaticSelectElement {
    let options = items(choices);
    let initial = value.and_then(|value| options.iter().find(|o| o.value == value).cloned());
    SlackBlockStaticSelectElement::new()
        .with_action_id(INPUT.into())
        .with_options(options)
        .opt_initial_option(initial)
}

fn is_date(words: &str) -> bool {
    chrono::NaiveDate::parse_from_str(words, "%Y-%m-%d").is_ok()
}

/// The id in `U123`, `<@U123>` or `<@U123|ann>`.
fn person_in(words: &str) -> Option<&str> {
    let inner = words
        .strip_prefix("<@")
        .and_then(|rest| rest.strip_suffix('>'))
        .map_or(words, |inner| inner.split('|').next().unwrap_or(inner));
    is_id(inner).then_some(inner)
}

/// What was filled in, by field name, in the order of the form, then what was attached before. Empty
/// fields are left out.
pub fn values(
    submitted: &SlackStatefulView,
    attached: Vec<(String, String)>,
) -> Vec<(String, String)> {
    let state = submitted.state_params.state.as_ref();
    let none = HashMap::new();
    let filled = state.map_or(&none, |state| &state.values);
    let mut order = inputs_of(submitted);
    order.extend(filled.keys().cloned());
    let mut values: Vec<(String, String)> = Vec::new();
    for block in order {
        if values.iter().any(|(name, _)| *name == block.0) {
            continue;
        }
        let input = filled.get(&block).and_then(|inputs| inputs.values().next());
        if let Some(value) = input
            .and_then(value_of)
            .filter(|value| !value.trim().is_empty())
        {
            values.push((block.0, value));
        }
    }
    values.extend(attached);
    values
}

fn value_of(input: &SlackViewStateValue) -> Option<String> {
    let value = input.value.clone();
    value
        .or_else(|| input.selected_date.clone())
        .or_else(|| input.selected_user.as_ref().map(|user| user.0.clone()))
        .or_else(|| {
            input
                .selected_option
                .as_ref()
                .map(|option| option.value.clone())
        })
}

fn inputs_of(view: &SlackStatefulView) -> Vec<SlackBlockId> {
    let SlackView::Modal(modal) = &view.view else {
        return Vec::new();
    };
    let inputs = modal.blocks.iter().filter_map(|block| match block {
        SlackBlock::Input(input) => input.block_id.clone(),
        _ => None,
    });
    inputs.collect()
}

/// The answer that puts errors beside the fields of the open modal and keeps everything that was
/// typed. `None` if the form that is wanted is not the one that is open (other fields, another
/// introduction, no error beside a field): then the whole view has to be replaced.
pub fn errors_in_place(
    form: &Form,
    open: &SlackStatefulView,
) -> Option<SlackViewSubmissionErrorsResponse> {
    let SlackView::Modal(modal) = &open.view else {
        return None;
    };
    let carried = Carried::read(modal.private_metadata.as_deref())?;
    let names = form.fields.iter().map(|field| field.name.as_str());
    let same_fields = inputs_of(open)
        .iter()
        .map(|block| block.0.as_str())
        .eq(names);
    let shown = modal.blocks.iter().find_map(|block| match block {
        SlackBlock::Section(section) if section.block_id.as_ref()?.0 == INTRO => {
            section.text.as_ref().map(words_of)
        }
        _ => None,
    });
    let wanted = intro(form).and_then(|block| match block {
        SlackBlock::Section(section) => section.text.as_ref().map(words_of),
        _ => None,
    });
    // Errors that an earlier answer wrote into the view itself would stay there.
    let marked = modal
        .blocks
        .iter()
        .any(|block| matches!(block, SlackBlock::Context(_)));
    let same = carried.command == form.command && same_fields && shown == wanted && !marked;
    if !same || !form.has_errors() {
        return None;
    }
    let errors = form.fields.iter().filter_map(|field| {
        let error = field.error.as_deref()?;
        Some((field.name.clone(), cut(error, LABEL)))
    });
    Some(SlackViewSubmissionErrorsResponse::new(errors.collect()))
}

fn words_of(text: &SlackBlockText) -> String {
    match text {
        SlackBlockText::Plain(text) => text.text.clone(),
        SlackBlockText::MarkDown(text) => text.text.clone(),
    }
}

#[cfg(test)]
mod tests;
