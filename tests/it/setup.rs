//! A workspace sets itself up in chat: step by step, interrupted and resumed, skipped, undone.

use isms_bot::chat::{Block, Button, Card, Form, Reply};
use isms_bot::people::Role::{Auditor, Manager, Member};
use isms_bot::people::{People, Workspace};
use isms_bot::sql;

use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::on_both_databases;

async fn stage(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, "2026-11-23T09:00:00+01:00").await;
    stage.newcomer("mia", Manager, "Europe/Berlin").await;
    stage.newcomer("ann", Member, "Europe/Berlin").await;
    stage.newcomer("ben", Member, "Europe/Berlin").await;
    stage
}

fn card(reply: Reply) -> Card {
    match reply {
        Reply::Card(card) => card,
        other => panic!("a card: {other:?}"),
    }
}

fn form(reply: Reply) -> Form {
    match reply {
        Reply::Form(form) => form,
        other => panic!("a form: {other:?}"),
    }
}

fn buttons(card: &Card) -> Vec<Button> {
    let rows = card.blocks.iter().filter_map(|block| match block {
        Block::Buttons(row) => Some(row.clone()),
        _ => None,
    });
    rows.flatten().collect()
}

/// What the first button does.
fn next(card: &Card) -> String {
    buttons(card)[0].command.clone()
}

async fn workspace(stage: &Stage) -> Workspace {
    let mut conn = stage.app.store.read().await.unwrap();
    sql!(conn, people::load_workspace(stage.workspace.id)).unwrap()
}

async fn people(stage: &Stage) -> People {
    let mut conn = stage.app.store.read().await.unwrap();
    People(sql!(conn, people::list_people(stage.workspace.id)).unwrap())
}

async fn said(stage: &Stage, words: &str) -> Card {
    card(stage.says("mia", words).await)
}

async fn kinds(stage: &Stage, record: &str) -> Vec<String> {
    let past = stage.history(record).await.into_iter();
    past.map(|past| past.kind).collect()
}

on_both_databases! {
    async fn a_workspace_is_set_up_by_following_the_first_button(db: TestDatabase) {
        let stage = stage(&db).await;
        let first = card(stage.says("mia", "help").await);
        assert_eq!(next(&first), "setup");
        let mut at = card(stage.clicks("mia", "setup").await);
        assert!(at.plain().contains("0 of 8 steps. Next: Zone and working days."), "{}", at.plain());
        for (step, values) in [
            ("setup zone", vec![("zone", "Europe/Vienna"), ("working-days", "mon-thu")]),
            ("setup channels", vec![("digest", "#isms"), ("audits", "<#C2|audit>")]),
            ("setup kpis", vec![("incidents", "ann"), ("patches-in-time", "ben"), ("analyst", "mia")]),
            ("setup clauses", vec![("clause-4", "mia"), ("clause-7", "ann")]),
            ("setup controls", vec![("a-8", "ben")]),
            ("setup auditors", vec![("auditor", "ann"), ("training", "Internal auditor"), ("on", "2026-05-12")]),
            ("setup reviews", vec![("rhythm", "half-yearly"), ("first", "2026-12-15")]),
        ] {
            assert_eq!(next(&at), step, "{}", at.plain());
            let opened = form(stage.clicks("mia", step).await);
            assert!(opened.fields.len() <= 8, "{step}");
            at = card(stage.submits("mia", &opened.command, &values).await);
        }
        assert_eq!(next(&at), "setup digest");
        stage.work().await;
        let before = stage.desk.all().len();
        let tried = card(stage.clicks("mia", "setup digest").await);
        let words = tried.plain();
        assert!(words.contains("This would go to #isms. Nothing was posted."), "{words}");
        assert!(words.contains("KPI digest · Mon 23 Nov 2026") && words.contains("Security incidents"), "{words}");
        stage.work().await;
        assert_eq!(stage.desk.all().len(), before, "a dry run posts nothing");
        assert!(stage.desk.in_channel("isms").is_empty());
        assert_eq!(next(&tried), "setup finish");
        let done = card(stage.clicks("mia", "setup finish").await);
        assert!(done.plain().contains("ISMS manager: @mia."), "{}", done.plain());
        assert!(!done.plain().contains("Left open"), "{}", done.plain());

        let set = workspace(&stage).await;
        assert_eq!(set.zone.name(), "Europe/Vienna");
        assert_eq!((set.channel.as_deref(), set.audit_channel.as_deref()), (Some("isms"), Some("C2")));
        assert_eq!(set.reviews.to_string(), "half-yearly");
        assert!(set.set_up_at.is_some());
        let people = people(&stage).await;
        let id = |name: &str| people.find_by_external(name).unwrap().id;
        let mut conn = stage.app.store.read().await.unwrap();
        let kpis = sql!(conn, kpi::list_kpis(set.id)).unwrap();
        let kpis: Vec<_> = kpis.iter().map(|kpi| (kpi.key.as_str(), kpi.measurer, kpi.analyst)).collect();
        assert_eq!(kpis, [("incidents", id("ann"), id("mia")), ("patches-in-time", id("ben"), id("mia"))]);
        let reviews = sql!(conn, review::list_reviews(set.id)).unwrap();
        assert_eq!(reviews[0].name.to_string(), "MR-2026-Q4");
        drop(conn);
        assert_eq!(people.find_by_external("ann").unwrap().role, Auditor);
        assert!(said(&stage, "area list").await.plain().contains("A.8"));
        assert_eq!(kinds(&stage, "set-up").await.len(), 9, "eight steps and the end");
        // Afterwards it can be looked at and changed, and does not get in the way.
        let again = said(&stage, "setup").await;
        assert!(again.plain().contains("The set-up was finished by mia on Mon 23 Nov 2026."), "{}", again.plain());
        assert_eq!(buttons(&again).len(), 9);
        said(&stage, "setup zone zone:Europe/Rome").await;
        assert_eq!(workspace(&stage).await.zone.name(), "Europe/Rome");
        let twice = said(&stage, "setup finish").await.plain();
        assert!(twice.starts_with("The set-up was finished by mia"), "{twice}");
        assert!(!said(&stage, "status").await.plain().contains("set-up"));
    }

    async fn it_is_left_and_resumed_and_steps_are_skipped(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.newcomer("max", Manager, "Europe/Berlin").await;
        said(&stage, "setup zone Europe/Berlin").await;
        let skipped = said(&stage, "setup skip").await;
        assert!(skipped.plain().starts_with("Set-up\nSkipped: Channels."), "{}", skipped.plain());
        stage.sleep_until("2026-11-26T10:00:00+01:00").await;
        // Somebody else goes on where it was left.
        let resumed = card(stage.says("max", "setup").await);
        let words = resumed.plain();
        assert!(words.contains("2 of 8 steps. Next: Starter KPIs."), "{words}");
        assert!(words.contains("Zone and working days: done by mia on Mon 23 Nov 2026"), "{words}");
        assert!(words.contains("Channels: skipped by mia on Mon 23 Nov 2026"), "{words}");
        assert!(words.contains("Starter KPIs: open"), "{words}");
        assert_eq!(next(&resumed), "setup kpis");
        let twice = format!("{:?}", stage.says("max", "setup skip channels").await);
        assert!(twice.contains("Channels was skipped already."), "{twice}");
        // A skipped step can still be done.
        card(stage.says("max", "setup channels digest:here").await);
        let words = card(stage.says("max", "setup").await).plain();
        assert!(words.contains("Channels: done by max on Thu 26 Nov 2026"), "{words}");
        assert!(card(stage.says("max", "status").await).plain().contains("not finished: 2 of 8 steps are done or skipped"));
        let early = card(stage.says("max", "setup finish").await).plain();
        assert!(early.contains("Left open: Starter KPIs, Owners of clauses 4 to 10"), "{early}");
    }

    async fn a_step_is_undone_by_new_events_and_nothing_is_deleted(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "area assign A.8 mia").await;
        said(&stage, "setup zone zone:Asia/Dubai working-days:mon-thu").await;
        said(&stage, "setup channels digest:#other alerts:#alarm").await;
        said(&stage, "setup kpis incidents:ann").await;
        said(&stage, "setup controls a-8:ann a-7:ben").await;
        said(&stage, "setup auditors ben training:\"Internal auditor\"").await;
        said(&stage, "setup reviews yearly first:2026-12-15").await;
        assert_eq!(people(&stage).await.find_by_external("ben").unwrap().role, Auditor);

        let wrong = format!("{:?}", stage.says("mia", "setup undo zone").await);
        assert!(wrong.contains("The last step was reviews, not zone."), "{wrong}");
        let last = said(&stage, "setup").await;
        let undo = buttons(&last).into_iter().find(|b| b.command.starts_with("setup undo")).unwrap();
        assert_eq!(undo.command, "setup undo reviews");
        card(stage.clicks("mia", &undo.command).await);
        // Clicked twice it undoes once.
        let again = format!("{:?}", stage.clicks("mia", &undo.command).await);
        assert!(again.contains("The last step was auditors, not reviews."), "{again}");
        assert_eq!(workspace(&stage).await.reviews.to_string(), "quarterly");
        let reviews = said(&stage, "review list").await.plain();
        assert!(reviews.contains("cancelled"), "{reviews}");

        said(&stage, "setup undo").await;
        assert_eq!(people(&stage).await.find_by_external("ben").unwrap().role, Member);
        let mut conn = stage.app.store.read().await.unwrap();
        assert!(sql!(conn, roles::list_competence(stage.workspace.id)).unwrap().is_empty());
        drop(conn);
        said(&stage, "setup undo").await;
        let areas = said(&stage, "area list").await.plain();
        let owner = |areas: &str, name: &str| {
            let line = areas.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().last().unwrap().to_owned()
        };
        assert_eq!(owner(&areas, "A.8"), "mia");
        assert!(areas.lines().any(|line| line.starts_with("A.7") && line.ends_with("nobody yet")), "{areas}");
        assert_eq!(kinds(&stage, "area A.8").await, ["area-assigned"; 3]);
        said(&stage, "setup undo").await;
        let kpi = said(&stage, "kpi show incidents").await.plain();
        assert!(kpi.contains("set-up undone"), "{kpi}");
        said(&stage, "setup undo").await;
        let set = workspace(&stage).await;
        assert_eq!((set.channel.as_deref(), set.alert_channel.as_deref()), (Some("isms"), None));
        assert_eq!(set.zone.name(), "Asia/Dubai");
        let empty = said(&stage, "setup undo").await;
        assert!(empty.plain().contains("0 of 8 steps"), "{}", empty.plain());
        assert_eq!(workspace(&stage).await.zone.name(), "Europe/Berlin");
        let nothing = said(&stage, "setup undo").await.plain();
        assert!(nothing.starts_with("No step has been taken"), "{nothing}");

        // Done again, the KPI goes on with whoever is named now.
        said(&stage, "setup kpis incidents:ben").await;
        let kpi = said(&stage, "kpi show incidents").await.plain();
        assert!(!kpi.contains("set-up undone") && kpi.contains("ben"), "{kpi}");
        let log = kinds(&stage, "incidents").await;
        assert_eq!(log, ["kpi-set-up", "kpi-paused", "kpi-assigned", "kpi-resumed"]);
    }

    async fn a_form_holds_what_stands_and_an_empty_step_says_what_to_do(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "area assign 7 ann").await;
        let value = |form: &Form, name: &str| form.field(name).unwrap().value.clone();
        let zone = form(stage.clicks("mia", "setup zone").await);
        assert_eq!(value(&zone, "zone").as_deref(), Some("Europe/Berlin"));
        let kpis = form(stage.says("mia", "setup kpis").await);
        assert_eq!(value(&kpis, "incidents").as_deref(), Some("mia"));
        let clauses = form(stage.says("mia", "setup clauses").await);
        assert_eq!((value(&clauses, "clause-7").as_deref(), value(&clauses, "clause-8")), (Some("ann"), None));
        let sent = form(stage.submits("mia", "setup kpis", &[]).await);
        assert!(sent.has_errors(), "{sent:?}");
        let sent = format!("{:?}", stage.submits("mia", "setup controls", &[]).await);
        assert!(sent.contains("Name an owner for at least one of them, or skip this step."), "{sent}");
        // What stands is enough.
        let stands = card(stage.submits("mia", "setup zone", &[("zone", "Europe/Berlin")]).await);
        assert!(stands.plain().contains("1 of 8 steps"), "{}", stands.plain());
        assert_eq!(kinds(&stage, "workspace").await, [""; 0], "nothing was changed");
    }

    async fn the_review_rhythm_moves_what_is_due(db: TestDatabase) {
        let stage = stage(&db).await;
        let said_in_channel = |stage: &Stage| stage.desk.titled("isms", "No management review");
        said(&stage, "settings set reviews:half-yearly").await;
        stage.work().await;
        stage.sleep_until("2026-12-01T09:00:00+01:00").await;
        let december = said_in_channel(&stage);
        assert_eq!(december.len(), 1);
        assert!(december[0].starts_with("No management review in the second half of 2026 yet"), "{december:?}");
        stage.sleep_until("2027-03-01T09:00:00+01:00").await;
        assert_eq!(said_in_channel(&stage).len(), 1, "March ends no half-year");
        // One in February is the one of the half-year.
        said(&stage, "review schedule on:2027-04-15").await;
        stage.sleep_until("2027-06-01T09:00:00+02:00").await;
        assert_eq!(said_in_channel(&stage).len(), 1);
        said(&stage, "settings set reviews:quarterly").await;
        stage.sleep_until("2027-09-01T09:00:00+02:00").await;
        assert_eq!(said_in_channel(&stage).len(), 2);
    }

    async fn audits_and_alerts_go_to_their_own_channels(db: TestDatabase) {
        let stage = stage(&db).await;
        said(&stage, "settings set audits:<#audit|audit-room> alerts:#alarm").await;
        said(&stage, "audit plan 2026").await;
        stage.work().await;
        stage.move_to("2026-12-01T09:00:00+01:00").await;
        assert_eq!(stage.desk.titled("audit", "Audit of December").len(), 1);
        assert!(stage.desk.titled("isms", "Audit of December").is_empty());
        let kpi = "kpi new incidents Incidents unit:cases direction:lower target:3 warning:5 frequency:weekly measurer:ann";
        said(&stage, kpi).await;
        stage.says("ann", "kpi record incidents 2 period:2026-W47").await;
        stage.says("ann", "kpi record incidents 9 period:2026-W48").await;
        stage.work().await;
        assert_eq!(stage.desk.in_channel("alarm").len(), 1, "{:?}", stage.desk.in_channel("alarm"));
        let card = said(&stage, "settings show").await.plain();
        assert!(card.contains("Channel for audits: #audit\n") && card.contains("Channel for alerts: #alarm\n"), "{card}");
    }

    async fn members_do_not_set_up(db: TestDatabase) {
        let stage = stage(&db).await;
        for words in ["setup", "setup zone Europe/Rome", "setup finish", "setup skip", "setup undo"] {
            let reply = card(stage.says("ann", words).await).plain();
            assert!(reply.contains("is for a manager; you are here as a member. mia can do it"), "{words}: {reply}");
        }
        let help = card(stage.says("ann", "help").await);
        assert_ne!(next(&help), "setup");
        assert!(stage.history("set-up").await.is_empty());
    }
}
