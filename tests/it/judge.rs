//! Clause 9.1 e, f as stories: limits that stand, and what was behind a value that crossed.

use isms_bot::chat::{Button, Card, Form, PictureSource, Reply};
use isms_bot::people::Role;
use isms_bot::record::{self, Verdict};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::{on_both_databases, on_every_platform};

/// A Monday morning in Berlin.
const MONDAY: &str = "2026-11-23T08:00:00+01:00";

const SET_UP: &str = "kpi new clicks Phishing click rate unit:% direction:lower target:5 warning:8 \
                      frequency:monthly measurer:@tom analyst:@ann";

/// Maya manages, Tom measures the click rate, Ann looks into it, Eve has nothing to do with it.
async fn team(db: &TestDatabase, set_up: &str) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    for (name, role) in [
        ("maya", Role::Manager),
        ("tom", Role::Member),
        ("ann", Role::Member),
        ("eve", Role::Member),
    ] {
        stage.person(name, role, "Europe/Berlin").await;
    }
    stage.work().await;
    let words = plain(&stage.says("maya", set_up).await);
    assert!(words.contains("is set up"), "{words}");
    stage
}

/// With the values of the months up to October 2026.
async fn measured(db: &TestDatabase, values: &[f64]) -> Stage {
    let stage = team(db, SET_UP).await;
    for (value, period) in values.iter().zip(months(values.len())) {
        record(&stage, *value, &period).await;
    }
    stage
}

async fn record(stage: &Stage, value: f64, period: &str) {
    let said = format!("kpi record clicks {value} period:{period}");
    let words = plain(&stage.says("tom", &said).await);
    assert!(words.contains("recorded"), "{words}");
}

/// So many months, the last of them October 2026.
fn months(count: usize) -> Vec<String> {
    let last = 2026 * 12 + 9;
    let months = (last + 1 - count..=last).map(|m| format!("{}-{:02}", m / 12, m % 12 + 1));
    months.collect()
}

/// Mean 4, limits 1.34 and 6.66.
fn calm() -> Vec<f64> {
    [3.5, 4.5].repeat(6)
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

fn button(card: &Card, label: &str) -> String {
    let found: Option<&Button> = card.all_buttons().find(|button| button.label == label);
    found
        .unwrap_or_else(|| panic!("no button {label} on {}", card.plain()))
        .command
        .clone()
}

/// What a form holds already, with more.
fn filled<'a>(form: &'a Form, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let there = form
        .fields
        .iter()
        .filter_map(|field| Some((field.name.as_str(), field.value.as_deref()?)));
    there
        .filter(|(name, _)| !more.iter().any(|(other, _)| other == name))
        .chain(more.iter().copied())
        .collect()
}

async fn shown(stage: &Stage) -> String {
    plain(&stage.says("maya", "kpi show clicks").await)
}

async fn kinds(stage: &Stage) -> Vec<String> {
    let past = stage.history("clicks").await;
    past.into_iter().map(|past| past.kind.to_string()).collect()
}

async fn assert_sound_log(stage: &Stage) {
    let mut conn = stage.app.store.read().await.unwrap();
    let verdict = record::verify(&mut conn, stage.workspace.id).await.unwrap();
    assert!(matches!(verdict, Verdict::Sound(_)), "{verdict:?}");
}

on_both_databases! {
    async fn a_crossing_is_analysed_by_a_form_and_an_action_raised_for_it(db: TestDatabase) {
        let stage = measured(&db, &[4.0, 9.0]).await;
        stage.work().await;
        let alert = stage.desk.last_to("ann");
        let words = alert.card.plain();
        assert!(words.contains("9% in 2026-10 is off target (at most 5%)."), "{words}");
        assert!(words.contains("Please say until Mon 30 Nov 2026"), "{words}");
        let asked = form(stage.clicks_on("ann", &alert, &button(&alert.card, "Analyse")).await);
        assert_eq!(asked.command, "kpi analyse clicks");
        // A special cause has a name.
        let nameless = [("found", "special-cause")];
        let again = form(stage.submits("ann", &asked.command, &nameless).await);
        let error = again.field("cause").unwrap().error.clone().unwrap();
        assert!(error.contains("A special cause has a name"), "{error}");
        let cause = [("found", "special-cause"), ("cause", "The test mail looked like our own")];
        let said = stage.submits("ann", &asked.command, &cause).await;
        let words = plain(&said);
        assert!(words.contains("a special cause: The test mail looked like our own."), "{words}");
        assert!(words.contains("until then this stays open"), "{words}");
        // Raised from the receipt, the action belongs to it and closes it.
        let proposed = form(stage.clicks("ann", &button(said.card().unwrap(), "Raise action")).await);
        let values = filled(&proposed, &[]);
        let raised = plain(&stage.submits("ann", &proposed.command, &values).await);
        assert!(raised.contains("CA-1 raised"), "{raised}");
        stage.work().await;
        let outcome = stage.desk.last_to("ann").card.plain();
        assert!(outcome.contains("Looked into by @ann: a special cause"), "{outcome}");
        assert!(outcome.contains("CA-1 is raised for it."), "{outcome}");
        assert!(!outcome.contains("[Analyse]"), "{outcome}");
        let words = shown(&stage).await;
        assert!(words.contains("What was behind it\n• 9% in 2026-10 off target"), "{words}");
        let kinds = kinds(&stage).await;
        for kind in ["analysis-opened", "analysis-recorded", "analysis-action"] {
            assert!(kinds.iter().any(|k| k == kind), "{kind}: {kinds:?}");
        }
        let again = format!("{:?}", stage.says("ann", "kpi analyse clicks none-found why:\"no\"").await);
        assert!(again.contains("Nothing of Phishing click rate waits to be looked into"), "{again}");
        assert_sound_log(&stage).await;
    }

    async fn an_analysis_without_an_action_says_why_none_is_needed(db: TestDatabase) {
        let stage = measured(&db, &[4.0, 9.0]).await;
        let partly = stage.says("ann", "kpi analyse clicks none-found").await;
        assert!(plain(&partly).contains("Raise an action, or say why none is needed"), "{partly:?}");
        // The button leads to the form with what was said.
        let asked = form(stage.clicks("ann", &button(partly.card().unwrap(), "No action")).await);
        assert_eq!(asked.field("found").unwrap().value.as_deref(), Some("none-found"));
        let values = filled(&asked, &[("why", "As many as in any October")]);
        let said = plain(&stage.submits("ann", &asked.command, &values).await);
        assert!(said.contains("no special cause. No action is needed: As many as in any October."), "{said}");
        assert!(!plain(&stage.says("ann", "mine").await).contains("what is behind"));
    }

    async fn an_action_that_is_there_already_can_be_named(db: TestDatabase) {
        let stage = measured(&db, &[4.0, 9.0]).await;
        let unknown = format!("{:?}", stage.says("ann", "kpi analyse clicks none-found action:CA-9").await);
        assert!(unknown.contains("There is no CA-9 here."), "{unknown}");
        stage.says("ann", "action new Train everybody").await;
        let said = plain(&stage.says("ann", "kpi analyse clicks none-found action:CA-1").await);
        assert!(said.contains("CA-1 is raised for it."), "{said}");
    }

    async fn an_open_analysis_is_asked_for_until_it_is_done(db: TestDatabase) {
        let stage = measured(&db, &[4.0, 9.0]).await;
        let mine = plain(&stage.says("ann", "mine").await);
        assert!(mine.contains("Phishing click rate: what is behind 9% in 2026-10"), "{mine}");
        assert!(mine.contains("/isms kpi analyse clicks"), "{mine}");
        let reminders = |stage: &Stage| -> Vec<String> {
            let cards = stage.desk.to("ann").into_iter().map(|card| card.plain());
            cards.filter(|words| words.contains("what is behind")).collect()
        };
        // Due on the thirtieth: said two days before (on the Monday, for it is a Saturday), and every
        // week after.
        stage.move_to("2026-11-27T12:00:00+01:00").await;
        assert_eq!(reminders(&stage).len(), 0);
        stage.move_to("2026-11-30T12:00:00+01:00").await;
        assert_eq!(reminders(&stage).len(), 1);
        stage.move_to("2026-12-07T12:00:00+01:00").await;
        assert_eq!(reminders(&stage).len(), 2);
        assert!(reminders(&stage)[1].contains("Overdue"), "{:?}", reminders(&stage));
        let status = plain(&stage.says("maya", "status").await);
        assert!(status.contains("Analyses (9.1): 1 open, 1 of them overdue"), "{status}");
        let digest = plain(&stage.says("maya", "digest preview").await);
        assert!(digest.contains("Not explained yet\n• Phishing click rate: 9% in 2026-10"), "{digest}");
        assert!(digest.contains("overdue since Mon 30 Nov 2026"), "{digest}");
        stage.says("ann", "kpi analyse clicks none-found why:\"Chance\"").await;
        stage.move_to("2026-12-14T12:00:00+01:00").await;
        let last = stage.desk.last_to("ann").card.plain();
        assert!(!last.contains("kpi analyse clicks"), "{last}");
        let status = plain(&stage.says("maya", "status").await);
        assert!(!status.contains("Analyses"), "{status}");
    }

    async fn input_d_of_a_review_says_what_was_found_and_what_is_not_explained(db: TestDatabase) {
        let stage = measured(&db, &[4.0, 9.0]).await;
        stage.says("maya", "review schedule 2026-12-15").await;
        let review = plain(&stage.says("maya", "review show MR-2026-Q4").await);
        assert!(review.contains("Deviations and signals in 2026: 1; 0 with a special cause, 0 without, 1 not explained yet."), "{review}");
        assert!(review.contains("not looked into yet, due Mon 30 Nov 2026"), "{review}");
        stage.says("ann", "kpi analyse clicks special-cause cause:\"A new mail filter\" why:\"It is gone\"").await;
        let review = plain(&stage.says("maya", "review show MR-2026-Q4").await);
        assert!(review.contains("1 with a special cause, 0 without, 0 not explained yet."), "{review}");
    }

    async fn a_correction_that_takes_the_crossing_away_closes_its_analysis(db: TestDatabase) {
        let stage = measured(&db, &[4.0, 9.0]).await;
        stage.work().await;
        stage.says("tom", "kpi correct clicks 2026-10 4.5 Two test mails were counted twice").await;
        stage.work().await;
        let alert = stage.desk.last_to("ann").card.plain();
        assert!(alert.contains("Nothing here waits for you any more."), "{alert}");
        let words = shown(&stage).await;
        assert!(words.contains("came to nothing. Corrected: Two test mails were counted twice"), "{words}");
        assert!(!plain(&stage.says("ann", "mine").await).contains("what is behind"));
        assert!(kinds(&stage).await.iter().any(|kind| kind == "analysis-dropped"));
    }

    async fn there_is_one_open_analysis_and_another_crossing_belongs_to_it(db: TestDatabase) {
        let stage = measured(&db, &[calm(), vec![7.5]].concat()).await;
        stage.work().await;
        let first = stage.desk.to("ann").len();
        // In November it is off target, too: told, and part of the same.
        record(&stage, 12.0, "2026-11").await;
        stage.work().await;
        assert_eq!(stage.desk.to("ann").len(), first + 1);
        let alert = stage.desk.last_to("ann").card.plain();
        assert!(alert.contains("12% in 2026-11 is off target (at most 5%) and above its usual range."), "{alert}");
        let opened = kinds(&stage).await.into_iter().filter(|kind| kind == "analysis-opened");
        assert_eq!(opened.count(), 1);
        stage.says("ann", "kpi analyse clicks none-found why:\"Chance\"").await;
        stage.work().await;
        for card in stage.desk.to("ann") {
            assert!(!card.plain().contains("[Analyse]"), "{}", card.plain());
        }
    }

    async fn only_who_looks_into_it_says_what_is_behind_it(db: TestDatabase) {
        let stage = measured(&db, &[4.0, 9.0]).await;
        for said in ["kpi analyse clicks none-found", "kpi limits clicks from:2026-01 Why not"] {
            let denied = plain(&stage.says("eve", said).await);
            assert!(denied.contains("is looked into by ann"), "{denied}");
        }
        let said = plain(&stage.says("maya", "kpi analyse clicks none-found why:\"Chance\"").await);
        assert!(said.contains("no special cause"), "{said}");
    }

    async fn the_analyst_s_own_value_leads_to_the_analysis_from_its_receipt(db: TestDatabase) {
        let stage = measured(&db, &[4.0]).await;
        let reply = stage.says("ann", "kpi correct clicks 2026-10 9 Counted anew").await;
        assert_eq!(button(reply.card().unwrap(), "Analyse"), "kpi analyse clicks");
    }

    async fn limits_stand_from_the_twelfth_value_on_whatever_is_corrected_or_given_late(db: TestDatabase) {
        let stage = measured(&db, &calm()[..11]).await;
        assert!(shown(&stage).await.contains("Usual range: too few values (11 of 12)"));
        let chart = plain(&stage.says("eve", "kpi chart clicks").await);
        assert!(chart.contains("No mean and limits yet: too few values (11 of 12)."), "{chart}");
        let stage = measured_on(stage, 4.5, "2026-11").await;
        let range = "Usual range: 1.34 to 6.66%, mean 4%";
        assert!(shown(&stage).await.contains(range), "{}", shown(&stage).await);
        assert!(kinds(&stage).await.iter().any(|kind| kind == "limits-set"));
        stage.says("tom", "kpi correct clicks 2026-02 4.9 One was counted late").await;
        record(&stage, 4.9, "2025-06").await;
        let words = shown(&stage).await;
        assert!(words.contains(range), "{words}");
        assert!(words.contains("1 of the values that the limits are made of was corrected since"), "{words}");
        for sql in ["UPDATE kpi_limits SET mean = 0", "DELETE FROM kpi_limits"] {
            let denied = db.try_tamper(sql).await.unwrap_err().to_string();
            assert!(denied.contains("limits are recalculated by new ones"), "{denied}");
        }
        assert_sound_log(&stage).await;
    }

    async fn limits_are_recalculated_by_command_with_a_reason_and_the_chart_shows_the_step(db: TestDatabase) {
        let higher = [6.0, 7.0].repeat(6);
        let stage = measured(&db, &[calm(), higher].concat()).await;
        let words = shown(&stage).await;
        assert!(words.contains("signal: above its usual range"), "{words}");
        let few = format!("{:?}", stage.says("ann", "kpi limits clicks from:2026-05 New mail filter").await);
        assert!(few.contains("From 2026-05 on there are too few values (6 of 12)"), "{few}");
        let asked = form(stage.says("ann", "kpi limits clicks").await);
        let values = [("from", "2025-11"), ("reason", "The new mail filter lets more through")];
        let said = stage.submits("ann", &asked.command, &values).await;
        let words = plain(&said);
        assert!(words.contains("from 2025-11 on the usual range is 3.84 to 9.16%, mean 6.5%"), "{words}");
        assert!(words.contains("Before it was 1.34 to 6.66%, mean 4%"), "{words}");
        let PictureSource::Chart(chart) = &said.card().unwrap().pictures().next().unwrap().source else {
            panic!("a chart");
        };
        assert_eq!(chart.earlier.len(), 1);
        assert_eq!(chart.earlier[0].until.to_string(), "2025-11-01");
        assert!(chart.points.iter().all(|point| !point.signal));
        let words = shown(&stage).await;
        assert!(words.contains("Status: warning\n"), "no signal any more: {words}");
        assert!(words.contains("by @ann: The new mail filter lets more through"), "{words}");
        assert!(words.contains("From 2024-11: 1.34 to 6.66%, mean 4%"), "{words}");
        let same = format!("{:?}", stage.says("ann", "kpi limits clicks from:2025-11 Again").await);
        assert!(same.contains("These are the limits from 2025-11 on already"), "{same}");
        assert!(kinds(&stage).await.iter().any(|kind| kind == "limits-recalculated"));
        assert_sound_log(&stage).await;
    }

    async fn a_digest_says_where_there_is_no_usual_range_yet(db: TestDatabase) {
        let stage = measured(&db, &calm()[..7]).await;
        stage.move_to("2026-11-23T09:30:00+01:00").await;
        let threads = stage.desk.all().into_iter().filter(|message| message.thread.is_some());
        let detail: Vec<String> = threads.map(|message| message.card.plain()).collect();
        assert!(detail[0].contains("No usual range yet\n• Phishing click rate: too few values (7 of 12)"), "{detail:?}");
    }

    async fn durations_are_judged_by_their_logarithm_and_are_never_zero(db: TestDatabase) {
        let set_up = "kpi new clicks Time to respond unit:hours direction:lower target:24 \
                      frequency:monthly measurer:@tom analyst:@ann scale:log";
        let stage = team(&db, set_up).await;
        for (value, period) in [2.0, 8.0].repeat(6).iter().zip(months(12)) {
            record(&stage, *value, &period).await;
        }
        let words = shown(&stage).await;
        assert!(words.contains("Usual range: 0.1 to 159.79 hours, mean 4 hours"), "{words}");
        assert!(words.contains("Judged by its logarithm, as durations are."), "{words}");
        let zero = format!("{:?}", stage.says("tom", "kpi record clicks 0 period:2026-11").await);
        assert!(zero.contains("must be above zero"), "{zero}");
        let level = set_up.replace("clicks", "other").replace("target:24", "target:0");
        let level = format!("{:?}", stage.says("maya", &level).await);
        assert!(level.contains("must be above zero"), "{level}");
    }

    async fn rare_events_are_judged_by_the_days_between_and_a_long_gap_is_good_news(db: TestDatabase) {
        let set_up = "kpi new clicks Major incidents unit:incidents direction:lower target:1 \
                      frequency:monthly measurer:@tom analyst:@ann scale:days-between";
        let stage = team(&db, set_up).await;
        let half = format!("{:?}", stage.says("tom", "kpi record clicks 1.5 period:2026-10").await);
        assert!(half.contains("counts events"), "{half}");
        for period in &months(16)[..13] {
            record(&stage, 1.0, period).await;
        }
        let words = shown(&stage).await;
        assert!(words.contains("Usual range: up to 60.88 days between events, mean 30.44 days"), "{words}");
        for period in &months(3) {
            record(&stage, 0.0, period).await;
        }
        stage.work().await;
        let alert = stage.desk.last_to("ann").card;
        assert!(alert.plain().contains("0 incidents in 2026-09: events further apart than usual. That is good news."), "{}", alert.plain());
        let PictureSource::Chart(chart) = &alert.pictures().next().unwrap().source else {
            panic!("a chart");
        };
        assert_eq!(chart.unit, "days");
        // Twelve gaps, and the one that goes on.
        assert_eq!(chart.points.len(), 13);
        assert!(chart.points[12].signal);
    }
}

async fn measured_on(stage: Stage, value: f64, period: &str) -> Stage {
    record(&stage, value, period).await;
    stage
}

on_every_platform! {
    async fn an_alert_leads_to_the_form_and_the_form_to_the_answer(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        ann.types("/isms kpi new clicks \"Phishing click rate\" unit:% direction:lower target:5 frequency:monthly measurer:me analyst:@bob").await.card();
        ann.types("/isms kpi record clicks 9 period:2026-10").await.card();
        bot.works().await;
        let alert = fake.dm("bob").arrive(1).await.remove(0);
        assert!(alert.text().contains("is off target"), "{}", alert.text());
        let bob = fake.person("bob").in_dm();
        let form = bob.clicks(&alert, "Analyse").await.form();
        let said = form
            .fills(&[
                ("found", "A special cause"),
                ("cause", "The test mail looked like our own"),
                ("why", "Everybody was told"),
            ])
            .submits()
            .await
            .card();
        assert!(said.text().contains("a special cause: The test mail looked like our own"), "{}", said.text());
        bot.works().await;
        let alert = fake.dm("bob").messages().remove(0);
        assert!(alert.is_edited());
        assert!(alert.text().contains("Looked into by"), "{}", alert.text());
        fake.is_content();
    }
}
