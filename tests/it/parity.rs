//! What works where: what a platform cannot do is known and true, and `docs/parity.md` tells it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use isms_bot::chat::Platform;
use isms_bot::command::{Known, leads_to, paths};

use crate::cards::WALKS;
use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::discord::FakeDiscord;
use crate::harness::everywhere::CANNOT;

#[tokio::test]
async fn what_is_listed_as_impossible_is() {
    let discord = FakeDiscord::start().await;
    let db = TestDatabase::sqlite().await;
    let _bot = Bot::start(&db, &discord).await;
    for (platform, line, reason) in CANNOT {
        assert_eq!(platform, Platform::Discord, "Slack sends whatever is typed");
        let kept = discord.keeps_from_typing(line).await;
        assert!(kept.is_some(), "{line} can be typed, though {reason}");
    }
    assert_eq!(discord.keeps_from_typing("/isms action list").await, None);
}

/// What a platform has of something.
enum Has {
    /// And this scenario shows it.
    Shown(&'static str),
    /// Not, or otherwise.
    Not(&'static str),
}
use Has::{Not, Shown};

/// Beyond the commands: what, on Slack, on Discord, in the playground.
const FEATURES: &[(&str, [Has; 3])] = &[
    (
        "form; errors beside its fields, nothing typed is lost",
        [
            Shown("a_wrong_field_is_named_and_nothing_that_was_typed_is_lost"),
            Shown("a_wrong_field_is_named_and_nothing_that_was_typed_is_lost"),
            Shown("a_form_says_what_is_wrong_beside_the_field_and_keeps_what_was_typed"),
        ],
    ),
    (
        "one form has one effect",
        [
            Shown("one_form_has_one_effect"),
            Shown("one_form_has_one_effect"),
            Shown("a_delivery_is_posted_once_and_found_again_even_by_another_process"),
        ],
    ),
    (
        "living message, edited in place",
        [
            Shown("an_owner_says_done_with_evidence_and_the_one_message_follows"),
            Shown("an_owner_says_done_with_evidence_and_the_one_message_follows"),
            Shown("an_edit_stays_in_place_and_says_when"),
        ],
    ),
    (
        "search while typing",
        [
            Shown("records_are_searched_while_someone_types"),
            Shown("what_is_typed_is_completed_from_what_there_is"),
            Shown("everything_is_done_by_keyboard"),
        ],
    ),
    (
        "charts",
        [
            Shown("a_chart_is_drawn_uploaded_and_shown_once_slack_has_read_it"),
            Shown("a_chart_is_a_picture_in_the_answer"),
            Shown("a_chart_is_drawn_and_told_in_words"),
        ],
    ),
    (
        "digest with its detail in the thread",
        [
            Shown("the_digest_comes_on_monday_with_its_chart_and_its_detail_in_the_thread"),
            Shown("the_digest_comes_on_monday_with_its_chart_and_its_detail_in_the_thread"),
            Shown("a_thread_is_counted_at_its_head_and_kept_apart"),
        ],
    ),
    (
        "reminder at 09:00 of a person's own zone",
        [
            Shown(
                "a_reminder_comes_at_nine_by_the_owners_clock_before_and_after_it_is_put_forward",
            ),
            Not("Discord tells nobody's zone: the workspace's counts"),
            Not("everybody's zone is part of the sample"),
        ],
    ),
    (
        "closed direct messages",
        [
            Not("Slack knows none"),
            Shown("whose_direct_messages_are_closed_is_called_in_the_channel"),
            Not("there are none"),
        ],
    ),
    (
        "Home",
        [
            Shown("a_home_shows_what_someone_owes_and_follows_what_they_do"),
            Not("an app has no page of its own: `/isms home` answers the same card"),
            Shown("home_says_what_waits_and_posts_nothing_into_itself"),
        ],
    ),
    (
        "*Raise action* on a message",
        [
            Shown("a_message_becomes_an_action_and_hears_of_it_in_its_thread"),
            Shown("an_action_is_raised_from_a_message_and_confirmed_in_its_thread"),
            Not("its messages have no menu: `/isms action new`"),
        ],
    ),
    (
        "*Raise action* from anywhere",
        [
            Shown("the_global_shortcut_opens_the_form"),
            Not("there are no shortcuts outside of a message: `/isms action new`"),
            Not("`/isms action new`"),
        ],
    ),
    (
        "first contact in a direct message",
        [
            Shown("words_to_the_bot_are_a_command_or_a_first_contact"),
            Shown("a_direct_message_is_answered_with_three_ways_on"),
            Not("every conversation begins with what to try"),
        ],
    ),
    (
        "connection lost and found",
        [
            Shown("a_broken_or_closed_socket_is_opened_again"),
            Shown("a_dropped_connection_is_joined_again"),
            Shown("an_open_page_catches_up_after_the_bot_was_restarted"),
        ],
    ),
    (
        "asked to slow down",
        [
            Shown("asked_to_slow_down_it_posts_once_and_not_before_the_time"),
            Shown("asked_to_slow_down_it_posts_once_and_not_before_the_time"),
            Not("it never asks"),
        ],
    ),
    (
        "accepted in silence, not doubled",
        [
            Shown("a_message_that_was_taken_without_an_answer_is_not_doubled"),
            Shown("a_message_that_was_taken_without_an_answer_is_not_doubled"),
            Shown("a_delivery_is_posted_once_and_found_again_even_by_another_process"),
        ],
    ),
    (
        "bot removed: nothing more is sent, managers hear of it",
        [
            Shown("a_workspace_that_removes_the_bot_is_left_alone_and_its_token_wiped"),
            Shown(
                "a_server_that_removed_the_bot_is_left_alone_and_hears_of_it_when_the_bot_is_back",
            ),
            Not("it cannot be removed"),
        ],
    ),
    (
        "several processes",
        [
            Shown("two_processes_answer_once_and_post_once"),
            Shown("one_of_several_processes_holds_the_gateway_and_another_takes_over"),
            Not("one process serves it"),
        ],
    ),
    (
        "refused token",
        [
            Shown("a_token_revoked_while_running_ends_it"),
            Shown("a_refused_token_or_refused_intents_end_it_and_say_which"),
            Not("it has none"),
        ],
    ),
    (
        "called by the platform (HTTP)",
        [
            Shown("commands_clicks_and_forms_are_answered_as_over_the_socket"),
            Not("the gateway needs no address of the bot"),
            Not("it is served here"),
        ],
    ),
    (
        "commands registered only when they changed",
        [
            Not("the one command stands in the manifest"),
            Shown("commands_are_registered_only_when_they_changed"),
            Not("nothing is registered"),
        ],
    ),
    (
        "values from programs, with tokens made in chat",
        [
            Shown("a_token_is_made_in_chat_and_a_program_sends_values_with_it"),
            Shown("a_token_is_made_in_chat_and_a_program_sends_values_with_it"),
            Shown("values_are_kept_with_their_event_and_judged_as_any_other"),
        ],
    ),
    (
        "alerts, counted",
        [
            Shown("alerts_of_alertmanager_become_the_value_of_the_week"),
            Shown("alerts_of_alertmanager_become_the_value_of_the_week"),
            Shown("an_alert_is_counted_once_however_often_it_is_sent"),
        ],
    ),
    (
        "many workspaces on one process; nothing crosses",
        [
            Shown("nothing_of_one_slack_team_is_reached_from_another"),
            Shown("nothing_of_one_discord_server_is_reached_from_another"),
            Not("it is one workspace"),
        ],
    ),
];

const HEAD: &str = "\
# What works where

Made by `tests/it/parity.rs` from the grammar and the scenarios, and kept true by it:
`INSTA_UPDATE=always scripts/test --test it parity` writes it anew.

## Commands

Each command is said on each platform, to the unmodified client library and a strict fake of the
platform (in the playground: to its web server), and what comes back is compared. On Discord
`/isms action …`, `audit`, `kpi` and `review` are commands of their own: `/action …`.

| command | Slack | Discord | playground |
|---|---|---|---|
";

/// The words of a command as the grammar's declaration has them, for what is said in `cards.rs`.
fn said(path: &str) -> Vec<&'static str> {
    let known = Known::default();
    let leads = |words: &str| leads_to(words, &known).as_deref() == Some(path);
    let lines = WALKS
        .iter()
        .flat_map(|lines| lines.iter())
        .map(|(_, words, _)| *words);
    lines.filter(|words| leads(words)).collect()
}

/// The names of all scenarios in `tests/it`.
fn scenarios() -> BTreeSet<String> {
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it")];
    let mut names = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(path).unwrap();
                let named = text.split("async fn ").skip(1);
                names.extend(named.filter_map(|rest| Some(rest.split_once('(')?.0.to_owned())));
            }
        }
    }
    names
}

fn table() -> String {
    let mut out = HEAD.to_owned();
    for path in paths() {
        let lines = said(&path);
        assert!(!lines.is_empty(), "nobody says `{path}` in cards.rs");
        let on = |platform: Platform| {
            let can = |words: &&&str| {
                let line = format!("/isms {words}");
                !CANNOT
                    .iter()
                    .any(|(on, what, _)| *on == platform && *what == line)
            };
            match lines.iter().filter(can).count() {
                0 => "–",
                _ => "tested",
            }
        };
        let (slack, discord) = (on(Platform::Slack), on(Platform::Discord));
        let playground = on(Platform::Playground);
        out.push_str(&format!(
            "| `{path}` | {slack} | {discord} | {playground} |\n"
        ));
    }
    out.push_str("\n## What else\n\n| what | Slack | Discord | playground |\n|---|---|---|---|\n");
    let all = scenarios();
    for (what, places) in FEATURES {
        let cells: Vec<String> = places
            .iter()
            .map(|has| match has {
                Shown(scenario) => {
                    assert!(all.contains(*scenario), "there is no scenario {scenario}");
                    format!("`{scenario}`")
                }
                Not(why) => format!("– {why}"),
            })
            .collect();
        out.push_str(&format!("| {what} | {} |\n", cells.join(" | ")));
    }
    out.push_str("\n## What cannot be said\n\n");
    for (platform, line, why) in CANNOT {
        out.push_str(&format!("- {platform}: `{line}`: {why}.\n"));
    }
    out
}

#[test]
fn the_table_in_the_docs_is_what_the_grammar_and_the_scenarios_say() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/parity.md");
    let table = table();
    if std::env::var("INSTA_UPDATE").as_deref() == Ok("always") {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &table).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        kept, table,
        "INSTA_UPDATE=always scripts/test --test it parity"
    );
}
