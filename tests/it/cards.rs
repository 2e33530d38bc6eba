//! Every card and form, as the JSON that Slack received: what a change does to what people read is
//! seen in the change.

use crate::harness::bot::Bot;
use crate::harness::slack::{FakeSlack, Sight};
use crate::harness::stage::instant;
use crate::on_both_databases;

/// What is said, and the name of what comes of it. Later lines build on the earlier ones.
const SAID: &[(&str, &str, &str)] = &[
    ("U0ANN", "help", "help"),
    ("U0ANN", "help action", "help_of_a_group"),
    ("U0ANN", "help action new", "help_of_a_command"),
    ("U0ANN", "status", "status_of_an_empty_workspace"),
    ("U0ANN", "mine", "nothing_is_owed"),
    ("U0ANN", "action list", "no_actions"),
    ("U0ANN", "kpi list", "no_kpis"),
    ("U0ANN", "audit list", "no_audits"),
    ("U0ANN", "review list", "no_reviews"),
    ("U0ANN", "settings show", "settings"),
    ("U0ANN", "settings set", "form_of_settings"),
    ("U0ANN", "kpi new", "form_of_a_new_kpi"),
    (
        "U0ANN",
        "kpi new incidents Incidents unit:incidents direction:lower target:3 warning:5 frequency:weekly measurer:me",
        "kpi_is_set_up",
    ),
    ("U0ANN", "kpi record incidents", "form_of_a_value"),
    (
        "U0ANN",
        "kpi record incidents 2 period:2026-W46",
        "value_is_recorded",
    ),
    (
        "U0ANN",
        "kpi correct incidents 2026-W46 3 \"one was reported late\"",
        "value_is_corrected",
    ),
    ("U0ANN", "kpi show incidents", "kpi"),
    ("U0ANN", "kpi list", "kpis"),
    (
        "U0ANN",
        "kpi pause incidents \"the scanner is replaced\"",
        "kpi_is_paused",
    ),
    ("U0ANN", "kpi resume incidents", "kpi_goes_on"),
    ("U0ANN", "kpi shw incidents", "unknown_command"),
    ("U0ANN", "kpi show incidnts", "unknown_kpi"),
    (
        "U0ANN",
        "action new \"Patch the VPN\" owner:@U0BOB due:2026-12-18",
        "action_is_raised",
    ),
    ("U0ANN", "action list", "actions"),
    ("U0ANN", "action show CA-1", "action"),
    (
        "U0BOB",
        "action update CA-1 cause:\"No one owns the list\" plan:\"Name an owner\"",
        "action_is_updated",
    ),
    (
        "U0BOB",
        "action extend CA-1 2027-01-15 \"the supplier is late\"",
        "action_is_extended",
    ),
    (
        "U0BOB",
        "action extend CA-1 2026-12-20 \"earlier\"",
        "extension_that_is_none",
    ),
    ("U0BOB", "action done CA-1", "form_of_done"),
    ("U0BOB", "mine", "what_is_owed"),
    ("U0BOB", "snooze CA-1", "form_of_a_snooze"),
    (
        "U0BOB",
        "snooze CA-1 until:2026-12-01 reason:\"waiting for the supplier\"",
        "reminders_are_snoozed",
    ),
    (
        "U0BOB",
        "action done CA-1 \"all laptops on 24.2\" check:2026-11-23",
        "action_is_done",
    ),
    (
        "U0BOB",
        "action verify CA-1 effective \"looks good\"",
        "own_action_is_not_verified",
    ),
    ("U0ANN", "action verify CA-1", "form_of_verify"),
    (
        "U0ANN",
        "action verify CA-1 effective \"five laptops sampled\"",
        "action_is_verified",
    ),
    (
        "U0ANN",
        "action reopen CA-1 \"it happened again\"",
        "action_is_reopened",
    ),
    ("U0ANN", "action assign CA-1 me", "action_is_assigned"),
    (
        "U0ANN",
        "action cancel CA-1 \"same as another\"",
        "action_is_cancelled",
    ),
    ("U0ANN", "action show CA-99", "unknown_action"),
    ("U0ANN", "audit plan 2026", "audits_are_planned"),
    ("U0ANN", "audit plan 2026", "audits_are_planned_already"),
    ("U0ANN", "audit list", "audits"),
    (
        "U0ANN",
        "audit assign AUD-2026-12 @U0BOB",
        "audit_is_assigned",
    ),
    ("U0ANN", "audit show AUD-2026-12", "audit"),
    ("U0ANN", "review schedule 2026-12-10", "review_is_scheduled"),
    (
        "U0ANN",
        "review assign MR-2026-Q4 f @U0BOB",
        "input_is_assigned",
    ),
    ("U0BOB", "review input MR-2026-Q4 f", "form_of_an_input"),
    (
        "U0BOB",
        "review input MR-2026-Q4 f \"Two risks are new, both are treated\"",
        "input_is_given",
    ),
    ("U0ANN", "review show MR-2026-Q4", "review"),
    ("U0ANN", "review list", "reviews"),
    ("U0ANN", "status", "status"),
    ("U0ANN", "digest preview", "digest_preview"),
    ("U0BOB", "audit plan 2027", "role_is_missing"),
    ("U0ANN", "area list", "no_areas"),
    ("U0ANN", "area assign", "form_of_an_area"),
    ("U0ANN", "area assign A.8.8 @U0BOB", "area_is_assigned"),
    ("U0ANN", "area list", "areas"),
    ("U0ANN", "role list", "roles_of_a_new_workspace"),
    ("U0ANN", "role grant", "form_of_a_grant"),
    (
        "U0ANN",
        "role grant @U0BOB auditor training:\"Internal auditor\" on:2026-05-12",
        "role_is_granted",
    ),
    ("U0ANN", "role revoke @U0BOB", "role_is_revoked"),
    ("U0ANN", "role revoke me", "last_manager_stays"),
    ("U0ANN", "setup", "set_up_begins"),
    ("U0ANN", "setup zone", "form_of_zone"),
    ("U0ANN", "setup zone zone:Europe/Berlin", "zone_is_set"),
    ("U0ANN", "setup channels", "form_of_channels"),
    (
        "U0ANN",
        "setup channels digest:<#C0ISMS|isms>",
        "channels_are_set",
    ),
    ("U0ANN", "setup kpis", "form_of_starter_kpis"),
    (
        "U0ANN",
        "setup kpis incidents:me time-to-respond:@U0BOB analyst:me",
        "starter_kpis_begin",
    ),
    ("U0ANN", "setup undo kpis", "starter_kpis_are_undone"),
    ("U0ANN", "setup skip kpis", "step_is_skipped"),
    ("U0ANN", "setup clauses", "form_of_clauses"),
    (
        "U0ANN",
        "setup clauses clause-7:@U0BOB",
        "clauses_are_shared",
    ),
    ("U0ANN", "setup controls", "form_of_controls"),
    (
        "U0ANN",
        "setup controls a-5:me a-6:me a-7:me a-8:me",
        "controls_are_shared",
    ),
    ("U0ANN", "setup auditors", "form_of_an_auditor"),
    ("U0ANN", "setup auditors @U0BOB", "auditor_is_named"),
    ("U0ANN", "setup reviews", "form_of_reviews"),
    (
        "U0ANN",
        "setup reviews half-yearly first:2027-03-01",
        "reviews_are_set",
    ),
    ("U0ANN", "setup digest", "digest_is_tried"),
    ("U0ANN", "setup finish", "set_up_is_finished"),
    ("U0ANN", "setup", "set_up_again"),
    ("U0ANN", "role list", "roles"),
    ("U0BOB", "home", "home"),
    ("U0ANN", "home", "home_of_a_manager"),
    ("U0BOB", "away", "form_of_an_absence"),
    (
        "U0BOB",
        "away from:2027-01-04 until:2027-01-08 deputy:@U0ANN Skiing",
        "person_is_away",
    ),
    ("U0BOB", "back", "person_is_back"),
    ("U0BOB", "link code:AAAAA-AAAAA", "code_that_is_none"),
    ("U0BOB", "link remove", "no_links"),
    ("U0ANN", "handover @U0BOB", "form_of_a_handover"),
    ("U0ANN", "handover @U0BOB me", "work_is_handed_over"),
];

on_both_databases! {
    async fn every_card_is_as_it_was(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        // Schedules count from when the bot first sees whom they are for.
        for who in ["U0ANN", "U0BOB"] {
            slack.person(who).types("/isms help").await;
        }
        bot.works().await;
        for (who, words, name) in SAID {
            let json = match slack.person(who).types(&format!("/isms {words}")).await {
                Sight::Card(card) => card.json(),
                Sight::Modal(modal) => modal.json(),
            };
            insta::assert_json_snapshot!(*name, json);
        }
        // What was said goes out before the digest, which would otherwise race it into the channel.
        bot.works().await;
        // The first Monday after, and the first working day of the month.
        for when in ["2026-11-30T09:00:00+01:00", "2026-12-01T09:00:00+01:00"] {
            bot.app.clock.move_to(instant(when));
            bot.works().await;
        }
        let channel: Vec<_> = slack.channel("C0ISMS").messages().iter().map(|m| m.json()).collect();
        insta::assert_json_snapshot!("channel_after_a_week", channel);
        for who in ["U0ANN", "U0BOB"] {
            let told: Vec<_> = slack.dm(who).messages().iter().map(|m| m.json()).collect();
            insta::assert_json_snapshot!(format!("told_to_{who}"), told);
        }
        slack.is_content();
    }
}
