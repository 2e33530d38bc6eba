//! Every card and form, as the JSON that each platform received: what a change does to what people
//! read is seen in the change.

use serde_json::Value;

use crate::harness::bot::Bot;
use crate::harness::everywhere::{Fake, Shown};
use crate::harness::stage::instant;
use crate::on_every_platform;

/// What is said, and the name of what comes of it. Later lines build on the earlier ones.
pub const SAID: &[(&str, &str, &str)] = &[
    ("ann", "help", "help"),
    ("ann", "help action", "help_of_a_group"),
    ("ann", "help action new", "help_of_a_command"),
    ("ann", "status", "status_of_an_empty_workspace"),
    ("ann", "mine", "nothing_is_owed"),
    ("ann", "action list", "no_actions"),
    ("ann", "kpi list", "no_kpis"),
    ("ann", "file keep", "form_of_a_file"),
    ("ann", "file get 3f1a09bc42de", "unknown_file"),
    ("ann", "audit list", "no_audits"),
    ("ann", "review list", "no_reviews"),
    ("ann", "settings show", "settings"),
    ("ann", "settings set", "form_of_settings"),
    ("ann", "settings mine", "form_of_an_own_zone"),
    ("ann", "settings mine Europe/Berlin", "own_zone"),
    ("ann", "kpi new", "form_of_a_new_kpi"),
    (
        "ann",
        "kpi new incidents Incidents unit:incidents direction:lower target:3 warning:5 frequency:weekly measurer:me",
        "kpi_is_set_up",
    ),
    ("ann", "kpi record incidents", "form_of_a_value"),
    (
        "ann",
        "kpi record incidents 2 period:2026-W46",
        "value_is_recorded",
    ),
    (
        "ann",
        "kpi correct incidents 2026-W46 3 \"one was reported late\"",
        "value_is_corrected",
    ),
    ("ann", "kpi show incidents", "kpi"),
    ("ann", "kpi list", "kpis"),
    (
        "ann",
        "kpi pause incidents \"the scanner is replaced\"",
        "kpi_is_paused",
    ),
    ("ann", "kpi resume incidents", "kpi_goes_on"),
    ("ann", "kpi shw incidents", "unknown_command"),
    ("ann", "kpi show incidnts", "unknown_kpi"),
    (
        "ann",
        "action new \"Patch the VPN\" owner:@bob due:2026-12-18",
        "action_is_raised",
    ),
    ("ann", "action list", "actions"),
    ("ann", "action show CA-1", "action"),
    (
        "bob",
        "action update CA-1 cause:\"No one owns the list\" plan:\"Name an owner\"",
        "action_is_updated",
    ),
    ("bob", "action analyse CA-1", "form_of_an_analysis"),
    (
        "bob",
        "action analyse CA-1 similar:yes where:\"The Wi-Fi gateways\" why1:\"It was not patched\" why2:\"No one owns the list\"",
        "action_is_analysed",
    ),
    (
        "bob",
        "action update CA-1 criterion:\"Three scans without a late patch\"",
        "action_is_planned",
    ),
    ("bob", "action step CA-1", "form_of_a_step"),
    (
        "bob",
        "action step CA-1 \"Name an owner\" due:2026-12-04",
        "step_is_planned",
    ),
    ("bob", "action step-done CA-1 1", "step_is_done"),
    (
        "bob",
        "action note CA-1 \"The supplier ships on Monday\"",
        "action_is_noted",
    ),
    (
        "bob",
        "action extend CA-1 2027-01-15 \"the supplier is late\"",
        "action_is_extended",
    ),
    (
        "bob",
        "action extend CA-1 2026-12-20 \"earlier\"",
        "extension_that_is_none",
    ),
    ("bob", "action done CA-1", "form_of_done"),
    ("bob", "mine", "what_is_owed"),
    ("bob", "snooze CA-1", "form_of_a_snooze"),
    (
        "bob",
        "snooze CA-1 until:2026-12-01 reason:\"waiting for the supplier\"",
        "reminders_are_snoozed",
    ),
    (
        "bob",
        "action done CA-1 \"all laptops on 24.2\" check:2026-11-23",
        "action_is_done",
    ),
    (
        "bob",
        "action verify CA-1 effective \"looks good\"",
        "own_action_is_not_verified",
    ),
    (
        "ann",
        "action verifier CA-1 @bob",
        "own_action_is_not_given_to_check",
    ),
    ("ann", "action verifier CA-1 me", "action_is_given_to_check"),
    ("ann", "action verify CA-1", "form_of_verify"),
    (
        "ann",
        "action verify CA-1 effective \"five laptops sampled\"",
        "action_is_verified",
    ),
    (
        "ann",
        "action reopen CA-1 \"it happened again\"",
        "action_is_reopened",
    ),
    ("ann", "action assign CA-1 me", "action_is_assigned"),
    (
        "ann",
        "action reassign @ann to:@bob",
        "actions_would_go_over",
    ),
    (
        "ann",
        "action reassign @ann to:@bob confirm:1",
        "actions_went_over",
    ),
    (
        "ann",
        "action cancel CA-1 \"same as another\"",
        "action_is_cancelled",
    ),
    ("ann", "action show CA-99", "unknown_action"),
    ("ann", "audit plan 2026", "audits_are_planned"),
    ("ann", "audit plan 2026", "audits_are_planned_already"),
    ("ann", "audit list", "audits"),
    ("ann", "audit assign AUD-2026-12 @bob", "audit_is_assigned"),
    ("ann", "audit show AUD-2026-12", "audit"),
    ("ann", "review schedule 2026-12-10", "review_is_scheduled"),
    (
        "ann",
        "review assign MR-2026-Q4 f @bob",
        "input_is_assigned",
    ),
    ("bob", "review input MR-2026-Q4 f", "form_of_an_input"),
    (
        "bob",
        "review input MR-2026-Q4 f \"Two risks are new, both are treated\"",
        "input_is_given",
    ),
    ("ann", "review show MR-2026-Q4", "review"),
    ("ann", "review list", "reviews"),
    ("ann", "status", "status"),
    ("ann", "digest preview", "digest_preview"),
    ("bob", "audit plan 2027", "role_is_missing"),
    ("ann", "area list", "no_areas"),
    ("ann", "area assign", "form_of_an_area"),
    ("ann", "area assign A.8.8 @bob", "area_is_assigned"),
    ("ann", "area list", "areas"),
    ("ann", "role list", "roles_of_a_new_workspace"),
    ("ann", "role grant", "form_of_a_grant"),
    (
        "ann",
        "role grant @bob auditor training:\"Internal auditor\" on:2026-05-12",
        "role_is_granted",
    ),
    ("ann", "role revoke @bob", "role_is_revoked"),
    ("ann", "role revoke me", "last_manager_stays"),
    ("ann", "setup", "set_up_begins"),
    ("ann", "setup zone", "form_of_zone"),
    ("ann", "setup zone zone:Europe/Berlin", "zone_is_set"),
    ("ann", "setup channels", "form_of_channels"),
    ("ann", "setup channels digest:#isms", "channels_are_set"),
    ("ann", "setup kpis", "form_of_starter_kpis"),
    (
        "ann",
        "setup kpis incidents:me time-to-respond:@bob analyst:me",
        "starter_kpis_begin",
    ),
    ("ann", "setup undo kpis", "starter_kpis_are_undone"),
    ("ann", "setup skip kpis", "step_is_skipped"),
    ("ann", "setup clauses", "form_of_clauses"),
    ("ann", "setup clauses clause-7:@bob", "clauses_are_shared"),
    ("ann", "setup controls", "form_of_controls"),
    (
        "ann",
        "setup controls a-5:me a-6:me a-7:me a-8:me",
        "controls_are_shared",
    ),
    ("ann", "setup auditors", "form_of_an_auditor"),
    ("ann", "setup auditors @bob", "auditor_is_named"),
    ("ann", "setup reviews", "form_of_reviews"),
    (
        "ann",
        "setup reviews half-yearly first:2027-03-01",
        "reviews_are_set",
    ),
    ("ann", "setup digest", "digest_is_tried"),
    ("ann", "setup finish", "set_up_is_finished"),
    ("ann", "setup show", "set_up_again"),
    ("ann", "role list", "roles"),
    ("bob", "home", "home"),
    ("ann", "home", "home_of_a_manager"),
    ("bob", "away", "form_of_an_absence"),
    (
        "bob",
        "away from:2027-01-04 until:2027-01-08 deputy:@ann Skiing",
        "person_is_away",
    ),
    ("bob", "back", "person_is_back"),
    ("bob", "link code:AAAAA-AAAAA", "code_that_is_none"),
    ("bob", "link remove", "no_links"),
    ("ann", "handover @bob", "form_of_a_handover"),
    ("ann", "handover @bob me", "work_is_handed_over"),
];

/// What is said after the week: it ends what the week asks for.
pub const SAID_LATER: &[(&str, &str, &str)] = &[
    ("ann", "source push incidents", "values_are_sent"),
    ("ann", "source webhook incidents", "form_of_counted_alerts"),
    (
        "ann",
        "source webhook incidents format:alertmanager only:\"severity=critical\"",
        "alerts_are_counted",
    ),
    ("ann", "source prometheus incidents", "form_of_a_query"),
    ("ann", "source http incidents", "form_of_a_document"),
    (
        "ann",
        "source http incidents url:https://siem.example/count pointer:/count",
        "host_may_not_be_asked",
    ),
    (
        "ann",
        "source derived incidents of:actions-overdue",
        "values_are_derived",
    ),
    ("ann", "source try incidents", "source_is_tried"),
    ("ann", "source list", "sources"),
    ("ann", "token list", "no_tokens"),
    ("ann", "token new", "form_of_a_token"),
    ("ann", "token revoke scanner", "token_that_is_none"),
    ("ann", "kpi import", "form_of_an_import"),
    ("ann", "source manual incidents", "values_are_said"),
    ("ann", "kpi chart incidents", "chart"),
    ("ann", "kpi limits incidents", "form_of_limits"),
    (
        "ann",
        "kpi limits incidents \"a new register\" from:2026-W46",
        "limits_of_too_few_values",
    ),
    (
        "ann",
        "kpi correct incidents 2026-W46 9 \"counted anew\"",
        "value_crosses",
    ),
    ("ann", "kpi analyse incidents", "form_of_a_kpi_analysis"),
    (
        "ann",
        "kpi analyse incidents special-cause cause:\"A box of laptops was lost\"",
        "cause_is_said",
    ),
    (
        "ann",
        "kpi analyse incidents why:\"They were found again, all encrypted\"",
        "crossing_is_explained",
    ),
    ("ann", "kpi show incidents", "kpi_with_an_explanation"),
    (
        "ann",
        "survey new incidents \"scale: I know where to report one; yes-no: Did you?; text: What would help?\" to:everyone least:3",
        "survey_is_set_up",
    ),
    ("ann", "survey new incidents", "form_of_a_survey"),
    ("ann", "survey send incidents", "survey_is_sent"),
    ("bob", "survey answer incidents", "form_of_answers"),
    (
        "bob",
        "survey answer incidents q1:4 q2:yes",
        "survey_is_answered",
    ),
    ("ann", "survey show incidents", "survey"),
    ("ann", "survey close incidents", "survey_is_closed"),
    (
        "ann",
        "kpi new clean-desk Clean desk unit:% direction:higher target:90 frequency:weekly",
        "kpi_in_percent",
    ),
    (
        "ann",
        "inspection new clean-desk \"Screens are locked; Nothing lies about\"",
        "inspection_is_set_up",
    ),
    ("ann", "inspection start clean-desk", "inspection_begins"),
    ("ann", "inspection check clean-desk 1 pass", "line_passes"),
    (
        "ann",
        "inspection check clean-desk 2 fail \"A contract on the printer\"",
        "line_fails",
    ),
    ("ann", "inspection show clean-desk", "inspection"),
    (
        "ann",
        "inspection finish clean-desk",
        "inspection_is_finished",
    ),
    ("ann", "digest now", "digest_is_posted"),
    ("ann", "audit start AUD-2026-12", "audit_begins"),
    ("ann", "audit finish AUD-2026-12", "form_of_a_conclusion"),
    (
        "ann",
        "audit finish AUD-2026-12 \"Conforms\"",
        "audit_is_finished",
    ),
    ("ann", "review start MR-2026-Q4", "review_begins"),
    ("ann", "role grant @cai leader", "leader_is_named"),
    ("ann", "report performance last month", "report_is_drawn"),
    ("ann", "report performance 2026-W47", "form_of_a_report"),
    (
        "bob",
        "report performance to:channel",
        "report_is_not_published",
    ),
    ("ann", "report get", "no_report_was_published"),
    (
        "ann",
        "report performance last month to:channel",
        "report_is_published",
    ),
    ("bob", "report get", "report_again"),
    ("cai", "report reviewed 2026-11", "report_is_reviewed"),
    ("cai", "report actions state:open", "register_is_drawn"),
    (
        "cai",
        "review sign MR-2026-Q4 \"Suitable, adequate and effective\"",
        "review_is_signed",
    ),
];

on_every_platform! {
    async fn every_card_is_as_it_was(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        // Schedules count from when the bot first sees whom they are for.
        for who in ["ann", "bob"] {
            fake.person(who).types("/isms help").await;
        }
        bot.works().await;
        say(&fake, SAID).await;
        // What was said goes out before the digest, which would otherwise race it into the channel.
        bot.works().await;
        // The first Monday after, and the first working day of the month.
        for when in ["2026-11-30T09:00:00+01:00", "2026-12-01T09:00:00+01:00"] {
            bot.app.clock.move_to(instant(when));
            bot.works().await;
        }
        let channel = in_order(fake.channel("isms").messages());
        insta::assert_json_snapshot!(fake.named("channel_after_a_week"), channel);
        for who in ["ann", "bob"] {
            let told = in_order(fake.dm(who).messages());
            let name = format!("told_to_{}", fake.called(who));
            insta::assert_json_snapshot!(fake.named(&name), told);
        }
        say(&fake, SAID_LATER).await;
        fake.is_content();
    }
}

#[test]
fn every_card_has_a_name_of_its_own() {
    let mut names: Vec<_> = SAID
        .iter()
        .chain(SAID_LATER)
        .map(|(.., name)| name)
        .collect();
    names.sort_unstable();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(twice, None);
}

/// Says each line, and compares what comes back.
async fn say(fake: &Fake, said: &[(&str, &str, &str)]) {
    for (who, words, name) in said {
        let line = format!("/isms {words}");
        if fake.cannot(&line) {
            continue;
        }
        let json = fake.person(who).types(&line).await.json();
        insta::assert_json_snapshot!(fake.named(name), json);
    }
}

/// What is due at the same time is sent at the same time, and arrives in any order.
fn in_order(mut messages: Vec<Shown>) -> Vec<Value> {
    messages.sort_by_key(|message| message.text().to_owned());
    messages.iter().map(Shown::json).collect()
}
