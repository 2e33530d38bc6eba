//! Clause 9.1 as stories: values are given, judged, corrected, asked for, and told on Mondays.

use isms_bot::chat::{Block, Card, Form, PictureSource, Reply};
use isms_bot::people::Role;
use isms_bot::record::{self, Verdict};
use isms_bot::report::chart;

use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::on_both_databases;

/// A Monday morning in Berlin.
const MONDAY: &str = "2026-11-23T08:00:00+01:00";

const SET_UP: &str = "kpi new phishing-click-rate Phishing click rate unit:% direction:lower \
                      target:5 warning:8 frequency:monthly measurer:@tom analyst:@ann";

/// Maya manages, Tom measures the click rate, Ann looks into it, Eve has nothing to do with it.
async fn click_rate(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    stage.person("maya", Role::Manager, "Europe/Berlin").await;
    stage.person("tom", Role::Member, "Europe/Berlin").await;
    stage.person("ann", Role::Member, "Europe/Berlin").await;
    stage.person("eve", Role::Member, "Europe/Berlin").await;
    // The schedules begin to count.
    stage.work().await;
    let words = plain(&stage.says("maya", SET_UP).await);
    assert!(words.contains("Phishing click rate is set up"), "{words}");
    stage
}

/// The same with the values of these months up to October 2026.
async fn measured(db: &TestDatabase, values: &[f64]) -> Stage {
    let stage = click_rate(db).await;
    for (i, value) in values.iter().enumerate() {
        // Months counted from the year 0.
        let month = 2026 * 12 + 10 - values.len() + i;
        let period = format!("{}-{:02}", month / 12, month % 12 + 1);
        let record = format!("kpi record phishing-click-rate {value} period:{period}");
        let words = plain(&stage.says("tom", &record).await);
        assert!(words.contains("recorded"), "{words}");
    }
    stage
}

/// Twelve calm values: mean 4, limits 1.34 and 6.66.
fn calm() -> Vec<f64> {
    [3.5, 4.5].repeat(6)
}

fn card(reply: &Reply) -> &Card {
    reply.card().unwrap_or_else(|| panic!("no card: {reply:?}"))
}

fn plain(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        other => format!("{other:?}"),
    }
}

fn form(reply: Reply) -> Form {
    match reply {
        Reply::Form(form) => form,
        other => panic!("no form: {other:?}"),
    }
}

/// The command on the button with this label.
fn button(card: &Card, label: &str) -> String {
    let buttons = card.blocks.iter().filter_map(|block| match block {
        Block::Buttons(buttons) => Some(buttons),
        _ => None,
    });
    let found = buttons.flatten().find(|button| button.label == label);
    found
        .unwrap_or_else(|| panic!("no button {label} on {}", card.plain()))
        .command
        .clone()
}

async fn assert_sound_log(stage: &Stage) {
    let mut conn = stage.app.store.read().await.unwrap();
    let verdict = record::verify(&mut conn, stage.workspace.id).await.unwrap();
    assert!(matches!(verdict, Verdict::Sound(_)), "{verdict:?}");
}

on_both_databases! {
    async fn a_value_is_recorded_by_a_form_and_judged(db: TestDatabase) {
        let stage = click_rate(&db).await;
        let asked = form(stage.says("tom", "kpi record phishing-click-rate").await);
        let reply = stage.submits("tom", &asked.command, &[("value", "6,5")]).await;
        let words = plain(&reply);
        assert!(words.contains("6.5% in 2026-10 recorded: warning (target at most 5%)"), "{words}");
        let list = plain(&stage.says("eve", "kpi list").await);
        assert!(list.contains("phishing-click-rate  6.5%   2026-10  at most 5%  warning"), "{list}");
        assert_sound_log(&stage).await;
    }

    async fn a_wrong_value_is_said_with_what_would_be_right(db: TestDatabase) {
        let stage = measured(&db, &[4.0]).await;
        for (said, answer) in [
            ("kpi record phishing-click-rate 130 period:2026-09", "say a percentage from 0 to 100"),
            ("kpi record phishing-click-rate 3 period:2026-12", "2026-12 has not begun"),
            ("kpi record phishing-click-rate 3 period:2026-W40", "it is measured monthly"),
            ("kpi record phishing-click-rate 3", "has its value for 2026-10 already: 4%"),
            ("kpi correct phishing-click-rate 2026-10 4 why not", "4% is what stands"),
            ("kpi correct phishing-click-rate 2026-09 4 why not", "has no value for 2026-09"),
            ("kpi show phishing-clik-rate", "Did you mean phishing-click-rate?"),
        ] {
            let words = format!("{:?}", stage.says("tom", said).await);
            assert!(words.contains(answer), "{said}: {words}");
        }
        let twice = format!("{:?}", stage.says("maya", SET_UP).await);
        assert!(twice.contains("There is a KPI phishing-click-rate already"), "{twice}");
        let level = SET_UP.replace("phishing-click-rate ", "other ").replace("warning:8", "warning:4");
        let level = format!("{:?}", stage.says("maya", &level).await);
        assert!(level.contains("the warning level lies above the target of 5%"), "{level}");
    }

    async fn only_who_is_responsible_gives_values(db: TestDatabase) {
        let stage = click_rate(&db).await;
        let words = plain(&stage.says("eve", "kpi record phishing-click-rate 3").await);
        assert!(words.contains("is measured by tom"), "{words}");
        let words = plain(&stage.says("tom", &SET_UP.replace("rate ", "rate-2 ")).await);
        assert!(words.contains("for a manager"), "{words}");
        for who in ["tom", "ann", "maya"] {
            let period = match who { "tom" => "2026-08", "ann" => "2026-09", _ => "2026-10" };
            let said = format!("kpi record phishing-click-rate 3 period:{period}");
            let words = plain(&stage.says(who, &said).await);
            assert!(words.contains("recorded"), "{who}: {words}");
        }
    }

    async fn a_correction_is_appended_and_the_first_value_stays(db: TestDatabase) {
        let stage = measured(&db, &[4.0, 40.0]).await;
        let said = "kpi correct phishing-click-rate 2026-10 4 Slipped a digit";
        let words = plain(&stage.says("tom", said).await);
        assert!(words.contains("4% in 2026-10, corrected from 40%: on target"), "{words}");
        let shown = plain(&stage.says("maya", "kpi show phishing-click-rate").await);
        let (now, was) = (shown.find("2026-10  4%"), shown.find("2026-10  was 40%"));
        assert!(now.is_some() && now < was, "{shown}");
        assert!(shown.contains("Slipped a digit"), "{shown}");
        for sql in ["UPDATE measurement SET value = 0", "DELETE FROM measurement"] {
            let denied = db.try_tamper(sql).await.unwrap_err().to_string();
            assert!(denied.contains("corrected by a new revision"), "{denied}");
        }
        assert_sound_log(&stage).await;
    }

    async fn a_missing_value_is_not_zero(db: TestDatabase) {
        let stage = measured(&db, &[4.0]).await;
        stage.sleep_until("2026-12-10T12:00:00+01:00").await;
        let words = plain(&stage.says("maya", "kpi show phishing-click-rate").await);
        assert!(words.contains("Status: missing (the value for 2026-11 is not in)"), "{words}");
        let digest = plain(&stage.says("maya", "digest preview").await);
        assert!(digest.contains("– (4% in 2026-10)"), "{digest}");
        stage.says("tom", "kpi record phishing-click-rate 0").await;
        let words = plain(&stage.says("maya", "kpi show phishing-click-rate").await);
        assert!(words.contains("Status: on target"), "{words}");
        assert!(words.contains("Latest: 0% in 2026-11, ↓ better"), "{words}");
    }

    async fn the_analyst_hears_of_a_crossing_once_and_can_act(db: TestDatabase) {
        let stage = measured(&db, &[4.0, 9.0]).await;
        stage.work().await;
        let alerts = stage.desk.to("ann");
        assert_eq!(alerts.len(), 1);
        let words = alerts[0].plain();
        assert!(words.contains("9% in 2026-10 is off target (at most 5%)."), "{words}");
        assert_eq!(alerts[0].pictures().count(), 1);
        let proposed = form(stage.clicks("ann", &button(&alerts[0], "Raise action")).await);
        let filled = proposed.fields.iter().filter_map(|field| {
            Some((field.name.as_str(), field.value.as_deref()?))
        });
        let filled: Vec<_> = filled.collect();
        assert!(filled.contains(&("source", "kpi")), "{filled:?}");
        let raised = stage.submits("ann", &proposed.command, &filled).await;
        assert!(plain(&raised).contains("CA-1 raised: Phishing click rate: 9% in 2026-10"));
        // Still off target the month after: no news, but the alert shows the value of now.
        stage.move_to("2026-11-24T12:00:00+01:00").await;
        stage.says("tom", "kpi record phishing-click-rate 10 period:2026-11").await;
        stage.work().await;
        assert_eq!(stage.desk.to("ann").len(), 1);
        let alert = stage.desk.last_to("ann").card.plain();
        assert!(alert.contains("9% in 2026-10 is off target"), "{alert}");
        assert!(alert.contains("CA-1 is raised for it. What is behind it?"), "{alert}");
    }

    async fn nobody_hears_of_their_own_value_or_of_one_corrected_in_time(db: TestDatabase) {
        let stage = measured(&db, &[4.0]).await;
        stage.says("ann", "kpi correct phishing-click-rate 2026-10 9 Counted anew").await;
        stage.work().await;
        assert_eq!(stage.desk.to("ann").len(), 0, "her own act");
        stage.says("tom", "kpi correct phishing-click-rate 2026-10 4 Not so").await;
        stage.says("tom", "kpi record phishing-click-rate 90 period:2026-11").await;
        stage.says("tom", "kpi correct phishing-click-rate 2026-11 4 Slipped a digit").await;
        stage.work().await;
        assert_eq!(stage.desk.to("ann").len(), 0, "nothing is off target any more");
    }

    async fn a_process_that_changes_signals_and_its_chart_is_a_picture(db: TestDatabase) {
        let stage = measured(&db, &[calm(), vec![7.5]].concat()).await;
        let reply = stage.says("eve", "kpi chart phishing-click-rate").await;
        let card = card(&reply);
        assert!(card.plain().contains("warning, signal: above its usual range"), "{}", card.plain());
        let picture = card.pictures().next().unwrap();
        assert_eq!(picture.name, "phishing-click-rate.png");
        assert!(picture.alt.contains("Signals in 2026-10."), "{}", picture.alt);
        let PictureSource::Chart(drawn) = &picture.source else {
            panic!("a chart");
        };
        let png = chart::render_png(drawn);
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((side(16), side(20)), chart::SIZE);
        stage.work().await;
        let alert = &stage.desk.to("ann")[0].plain();
        assert!(alert.contains("7.5% in 2026-10 is above its usual range."), "{alert}");
    }

    async fn the_measurer_is_asked_when_a_month_is_over_until_the_value_is_in(db: TestDatabase) {
        let stage = measured(&db, &[4.0]).await;
        stage.move_to("2026-12-01T08:30:00+01:00").await;
        assert_eq!(stage.desk.to("tom").len(), 0);
        stage.move_to("2026-12-01T10:00:00+01:00").await;
        let asked = stage.desk.to("tom");
        assert_eq!(asked.len(), 1);
        let form = form(stage.clicks("tom", &button(&asked[0], "Record")).await);
        stage.submits("tom", &form.command, &[("value", "3"), ("period", "2026-11")]).await;
        let shown = plain(&stage.says("tom", "kpi show phishing-click-rate").await);
        assert!(shown.contains("Latest: 3% in 2026-11"), "{shown}");
        stage.move_to("2026-12-31T12:00:00+01:00").await;
        assert_eq!(stage.desk.to("tom").len(), 1, "asked once, answered once");
    }

    async fn a_paused_kpi_is_not_asked_for(db: TestDatabase) {
        let stage = measured(&db, &[4.0]).await;
        let words = plain(&stage.says("maya", "kpi pause phishing-click-rate New supplier").await);
        assert!(words.contains("is paused"), "{words}");
        stage.move_to("2026-12-05T12:00:00+01:00").await;
        assert_eq!(stage.desk.to("tom").len(), 0);
        let shown = plain(&stage.says("tom", "kpi show phishing-click-rate").await);
        assert!(shown.contains("Status: paused: New supplier"), "{shown}");
        let words = plain(&stage.says("maya", "kpi resume phishing-click-rate").await);
        assert!(words.contains("is measured again"), "{words}");
        let again = format!("{:?}", stage.says("maya", "kpi resume phishing-click-rate").await);
        assert!(again.contains("is not paused"), "{again}");
        stage.move_to("2026-12-07T12:00:00+01:00").await;
        assert_eq!(stage.desk.to("tom").len(), 0, "the rung of the day after was while it was paused");
    }

    async fn the_digest_comes_on_monday_at_nine_with_its_detail_in_the_thread(db: TestDatabase) {
        let stage = measured(&db, &[calm(), vec![9.5]].concat()).await;
        stage.move_to("2026-11-23T09:30:00+01:00").await;
        let posted = stage.desk.in_channel("isms");
        assert_eq!(posted.len(), 1);
        let words = posted[0].plain();
        assert!(words.starts_with("KPI digest · Mon 23 Nov 2026\nThe one KPI is off target"), "{words}");
        assert!(!words.contains("late"), "{words}");
        assert_eq!(posted[0].pictures().count(), 1);
        let threads = stage.desk.all().into_iter().filter(|m| m.thread.is_some());
        let detail: Vec<_> = threads.map(|message| message.card.plain()).collect();
        assert_eq!(detail.len(), 1);
        assert!(detail[0].starts_with("All KPIs"), "{}", detail[0]);
        stage.move_to("2026-11-29T12:00:00+01:00").await;
        assert_eq!(stage.desk.in_channel("isms").len(), 1, "once a week");
    }

    async fn a_digest_after_a_missed_monday_comes_once_and_says_it_is_late(db: TestDatabase) {
        let stage = measured(&db, &[4.0]).await;
        stage.sleep_until("2026-12-02T11:00:00+01:00").await;
        stage.work().await;
        let posted = stage.desk.in_channel("isms");
        let digests = posted.iter().filter(|card| card.plain().starts_with("KPI digest"));
        let words: Vec<_> = digests.map(Card::plain).collect();
        assert_eq!(words.len(), 1, "{words:?}");
        assert!(words[0].contains("late: it was due Mon 30 Nov 2026 09:00"), "{}", words[0]);
    }

    async fn a_digest_can_be_previewed_alone_and_posted_now(db: TestDatabase) {
        let stage = measured(&db, &[calm(), vec![9.5]].concat()).await;
        let preview = stage.says("eve", "digest preview").await;
        let words = plain(&preview);
        assert!(words.contains("Phishing click rate  9.5%   5%      off target, signal  ↑ worse"), "{words}");
        assert!(words.contains("fingerprint"), "{words}");
        stage.work().await;
        assert_eq!(stage.desk.in_channel("isms").len(), 0, "a preview is for one's own eyes");
        let denied = plain(&stage.says("eve", "digest now").await);
        assert!(denied.contains("for a manager"), "{denied}");
        stage.says("maya", "digest now").await;
        stage.work().await;
        assert_eq!(stage.desk.in_channel("isms").len(), 1);
        assert_sound_log(&stage).await;
    }

    async fn a_digest_names_overdue_actions_with_their_owners(db: TestDatabase) {
        let stage = click_rate(&db).await;
        stage.says("maya", "action new Patch the VPN owner:@tom due:2026-11-27").await;
        stage.sleep_until("2026-12-02T11:00:00+01:00").await;
        let words = plain(&stage.says("maya", "digest preview").await);
        assert!(words.contains("1 action is overdue."), "{words}");
        assert!(words.contains("CA-1 Patch the VPN · tom, 5 days overdue"), "{words}");
    }

    async fn an_empty_digest_is_not_posted_and_says_why(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        stage.person("maya", Role::Manager, "Europe/Berlin").await;
        let words = plain(&stage.says("maya", "digest now").await);
        assert!(words.contains("no KPI is set up"), "{words}");
        stage.work().await;
        assert_eq!(stage.desk.all().len(), 0);
    }

    async fn a_digest_names_the_next_audit_and_those_that_are_behind(db: TestDatabase) {
        let stage = click_rate(&db).await;
        stage.says("maya", "audit plan 2026").await;
        let words = plain(&stage.says("maya", "digest preview").await);
        assert!(words.contains("Next audit: AUD-2026-11 "), "{words}");
        assert!(words.contains("no auditor yet; 10 others are overdue"), "{words}");
        stage.says("maya", "audit assign AUD-2026-11 @eve").await;
        let words = plain(&stage.says("maya", "digest preview").await);
        assert!(words.contains(", eve; 10 others are overdue"), "{words}");
        // What was not finished does not vanish with its year.
        stage.sleep_until("2027-01-04T12:00:00+01:00").await;
        let words = plain(&stage.says("maya", "digest preview").await);
        assert!(words.contains("Next audit: AUD-2026-01 "), "{words}");
        assert!(words.contains("overdue; 11 others are overdue"), "{words}");
    }

    async fn no_workspace_sees_the_kpis_of_another(db: TestDatabase) {
        let stage = measured(&db, &[4.0]).await;
        let mut inbound = stage.inbound("maya", isms_bot::chat::Act::Typed("kpi list".into()));
        inbound.workspace = "other".to_owned();
        let words = plain(&stage.app.handle(inbound).await);
        assert!(words.contains("There are no KPIs yet"), "{words}");
    }
}
