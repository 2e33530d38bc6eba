//! Values that come from going through a checklist, and what proves values.

use isms_bot::chat::{Card, Form, Reply};
use isms_bot::clock::Clock;
use isms_bot::command::value::FileRef;
use isms_bot::people::Role::{Manager, Member};
use isms_bot::record::files::{self, Keeper};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::stage::{Stage, instant};
use crate::{on_both_databases, on_every_platform};

const MONDAY: &str = "2026-11-23T08:00:00+01:00";
const KPI: &str = "kpi new clean-desk Clean desk unit:% direction:higher target:90 warning:75 \
                   frequency:monthly measurer:@tom analyst:@tom";
const LINES: &str = "1. Screens are locked\n2. Nothing confidential lies about\n3. The shredder \
                     works\n4. Visitors wear badges";

async fn stage(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    stage.person("maya", Manager, "Europe/Berlin").await;
    stage.person("tom", Member, "Europe/Berlin").await;
    stage.person("eve", Member, "Europe/Berlin").await;
    stage.work().await;
    stage.says("maya", KPI).await;
    let made = [("lines", LINES)];
    let made = plain(
        &stage
            .submits("maya", "inspection new clean-desk", &made)
            .await,
    );
    assert!(made.contains("4 lines; the share of what passes"), "{made}");
    stage
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
    let mut buttons = card.all_buttons();
    let found = buttons.find(|button| button.label == label);
    let found = found.unwrap_or_else(|| panic!("no button {label} on {}", card.plain()));
    found.command.clone()
}

/// Clicks the button of what was answered before.
async fn clicks(stage: &Stage, who: &str, reply: &Reply, label: &str) -> Reply {
    let card = reply.card().unwrap_or_else(|| panic!("{reply:?}"));
    stage.clicks(who, &button(card, label)).await
}

async fn keep_file(stage: &Stage, name: &str, bytes: &[u8]) -> FileRef {
    let workspace = stage.workspace.id;
    let mut tx = stage.app.store.write(workspace).await.unwrap();
    let keeper = Keeper {
        workspace,
        by: None,
        at: stage.app.clock.now(),
    };
    let file = files::keep(&mut tx, keeper, name, bytes.to_vec())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    file
}

on_both_databases! {
    async fn a_checklist_is_gone_through_line_by_line_and_what_passed_is_the_value(db: TestDatabase) {
        let stage = stage(&db).await;
        let first = stage.says("tom", "inspection start clean-desk").await;
        let words = plain(&first);
        assert!(words.contains("Inspection: Clean desk, 2026-11"), "{words}");
        assert!(words.contains("1. Screens are locked") && words.contains("0 of 4 checked"), "{words}");
        let second = clicks(&stage, "tom", &first, "Pass").await;
        assert!(plain(&second).contains("2. Nothing confidential"), "{second:?}");
        // A fail wants a note: its button opens the form.
        let asked = form(clicks(&stage, "tom", &second, "Fail").await);
        assert!(asked.intro.as_deref().unwrap().contains("Line 2: Nothing confidential lies about"));
        let photo = keep_file(&stage, "desk.jpg", b"a photo").await;
        let mut filled: Vec<(&str, &str)> = asked.fields.iter()
            .filter_map(|field| Some((field.name.as_str(), field.value.as_deref()?))).collect();
        let empty = form(stage.submits("tom", &asked.command, &filled).await);
        assert!(empty.field("note").unwrap().error.as_deref().unwrap().contains("needs a note"));
        filled.extend([("note", "Two contracts on a desk"), ("file", photo.as_str())]);
        let third = stage.submits("tom", &asked.command, &filled).await;
        assert!(plain(&third).contains("Saved: 2. Nothing confidential lies about: FAIL"), "{third:?}");
        let proposed = button(third.card().unwrap(), "Raise action");
        // He stops here, and goes on the next day from another place.
        stage.sleep_until("2026-11-24T10:00:00+01:00").await;
        let third = stage.says("tom", "inspection start clean-desk").await;
        assert!(plain(&third).contains("3. The shredder works"), "{third:?}");
        assert!(plain(&third).contains("2 of 4 checked"), "{third:?}");
        let early = plain(&stage.says("tom", "inspection finish clean-desk").await);
        assert!(early.contains("Lines 3, 4 are not checked yet"), "{early}");
        let fourth = clicks(&stage, "tom", &third, "Not applicable").await;
        let all = clicks(&stage, "tom", &fourth, "Pass").await;
        assert!(plain(&all).contains("All 4 lines are checked: 2 passed, 1 failed, 1 not applicable."));
        let done = clicks(&stage, "tom", &all, "Finish").await;
        let words = plain(&done);
        assert!(words.contains("66.67% in 2026-11: off target (target at least 90%)"), "{words}");
        assert!(words.contains("2. Nothing confidential lies about: Two contracts on a desk"), "{words}");
        assert_eq!(button(done.card().unwrap(), "Raise action"), proposed);
        let raise = form(stage.clicks("tom", &proposed).await);
        assert_eq!(raise.field("source").unwrap().value.as_deref(), Some("kpi"));
        let title = raise.field("title").unwrap().value.as_deref();
        assert_eq!(title, Some("Clean desk: Nothing confidential lies about"));
        let shown = plain(&stage.says("maya", "inspection show clean-desk").await);
        assert!(shown.contains("Finished by @tom on Tue 24 Nov 2026"), "{shown}");
        assert!(shown.contains("Two contracts on a desk; desk.jpg ("), "{shown}");
        let kpi = plain(&stage.says("maya", "kpi show clean-desk").await);
        assert!(kpi.contains("2 passed, 1 failed, 1 not applicable"), "{kpi}");
        let log = stage.history("clean-desk").await;
        let lines = log.iter().filter(|event| event.kind == "inspection-line-checked").count();
        assert_eq!(lines, 4, "line by line");
    }

    async fn a_line_may_be_checked_again_before_it_is_finished(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("tom", "inspection start clean-desk").await;
        stage.says("tom", "inspection check clean-desk 1 fail Two screens were open").await;
        let again = plain(&stage.says("tom", "inspection check clean-desk 1 ok").await);
        assert!(again.contains("Saved: 1. Screens are locked: pass"), "{again}");
        let shown = plain(&stage.says("eve", "inspection show clean-desk").await);
        assert!(shown.contains("so far: 1 passed, 0 failed"), "{shown}");
        let log = stage.history("clean-desk").await;
        let last = log.iter().rfind(|event| event.kind == "inspection-line-checked").unwrap();
        assert_eq!(last.data["was"], "fail");
    }

    async fn what_does_not_go_is_said_with_the_way_on(db: TestDatabase) {
        let stage = stage(&db).await;
        for (who, said, answer) in [
            ("tom", "inspection check clean-desk 1 pass", "No inspection of Clean desk is under way"),
            ("eve", "inspection start clean-desk", "is measured by tom"),
            ("tom", "inspection new clean-desk A", "is for a manager"),
            ("tom", "inspection start clean-desk period:2027-01", "has not begun"),
            ("tom", "inspection start clean-desk period:2026-10", "Inspection: Clean desk, 2026-10"),
            ("tom", "inspection start clean-desk period:2026-11", "The inspection for 2026-10 is open"),
            ("tom", "inspection check clean-desk 5 pass", "The checklist has 4 lines"),
            ("tom", "inspection check clean-desk 1 fail", "a fail needs a note"),
            ("tom", "inspection check clean-desk 1 pass file:0000000000000000000000000000000000000000000000000000000000000000",
             "There is no file 000000000000 here"),
        ] {
            let words = match stage.says(who, said).await {
                Reply::Card(card) => card.plain(),
                other => format!("{other:?}"),
            };
            assert!(words.contains(answer), "{said}: {words}");
        }
        for line in 1..=4 {
            stage.says("tom", &format!("inspection check clean-desk {line} n/a")).await;
        }
        let nothing = plain(&stage.says("tom", "inspection finish clean-desk").await);
        assert!(nothing.contains("Nothing on this checklist applied"), "{nothing}");
        stage.says("tom", "inspection check clean-desk 1 pass").await;
        let done = plain(&stage.says("tom", "inspection finish clean-desk").await);
        assert!(done.contains("100% in 2026-10: on target"), "{done}");
        let twice = plain(&stage.says("tom", "inspection start clean-desk period:2026-10").await);
        assert!(twice.contains("has its value for 2026-10 already: 100%"), "{twice}");
        let unit = plain(&stage.says("maya", "kpi new incidents Incidents unit:incidents direction:lower target:3 frequency:monthly").await);
        assert!(unit.contains("is set up"), "{unit}");
        let unit = plain(&stage.says("maya", "inspection new incidents A").await);
        assert!(unit.contains("Use a KPI whose unit is %"), "{unit}");
    }

    async fn who_measures_is_asked_to_inspect_with_the_last_value(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("tom", "inspection start clean-desk period:2026-10").await;
        for line in 1..=4 {
            stage.says("tom", &format!("inspection check clean-desk {line} pass")).await;
        }
        stage.says("tom", "inspection finish clean-desk").await;
        stage.move_to("2026-12-01T10:00:00+01:00").await;
        let asked = stage.desk.to("tom").pop().unwrap().plain();
        assert!(asked.contains("Clean desk: the value for 2026-11 (last: 100% in 2026-10)"), "{asked}");
        assert!(asked.contains("[Inspect] /isms inspection start clean-desk period:2026-11"), "{asked}");
    }

    async fn a_value_carries_what_proves_it(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("maya", "kpi new patches Patches unit:% direction:higher target:95 frequency:monthly measurer:@tom").await;
        let scan = keep_file(&stage, "scan.csv", b"host,missing").await;
        let record = format!(
            "kpi record patches 96 period:2026-10 note:\"See https://wiki.example/scan/10\" file:{scan}"
        );
        let told = plain(&stage.says("tom", &record).await);
        assert!(told.contains("96% in 2026-10 recorded"), "{told}");
        let shown = plain(&stage.says("eve", "kpi show patches").await);
        let line = format!("• 2026-10: scan.csv {} https://wiki.example/scan/10", scan.fingerprint());
        assert!(shown.contains("Evidence") && shown.contains(&line), "{shown}");
        let other = keep_file(&stage, "second scan.csv", b"host,missing\nvpn,1").await;
        let correct = format!("kpi correct patches 2026-10 94 \"One host was missed\" file:{other}");
        stage.says("tom", &correct).await;
        let shown = plain(&stage.says("eve", "kpi show patches").await);
        assert!(shown.contains("second scan.csv") && shown.contains(&line), "{shown}");
        let log = stage.history("patches").await;
        let files: Vec<_> = log.iter().filter_map(|event| event.data["file"].as_str()).collect();
        assert_eq!(files, [scan.as_str(), other.as_str()]);
        let unknown = "0".repeat(64);
        let refused = stage.says("tom", &format!("kpi record patches 90 period:2026-09 file:{unknown}")).await;
        assert!(format!("{refused:?}").contains("There is no file 000000000000 here"), "{refused:?}");
    }
}

on_every_platform! {
    async fn an_inspection_is_made_with_buttons_and_its_fail_becomes_an_action(db: TestDatabase, fake: Fake) {
        let clock = Clock::set_at(instant(MONDAY));
        let bot = Bot::start_with(&db, &fake, clock).await;
        let ann = fake.person("ann");
        ann.types("/isms kpi new clean-desk Clean desk unit:% direction:higher target:90 frequency:monthly").await.card();
        ann.types("/isms inspection new clean-desk \"Screens are locked; Nothing lies about\"").await.card();
        let first = ann.types("/isms inspection start clean-desk").await.card();
        let second = ann.clicks(&first, "Pass").await.card();
        assert!(second.text().contains("2. Nothing lies about"), "{}", second.text());
        let asked = ann.clicks(&second, "Fail").await.form();
        let all = asked.fills(&[("note", "A contract on the printer")]).submits().await.card();
        assert!(all.text().contains("All 2 lines are checked: 1 passed, 1 failed"), "{}", all.text());
        let done = ann.clicks(&all, "Finish").await.card();
        assert!(done.text().contains("50% in 2026-11"), "{}", done.text());
        let raise = ann.clicks(&done, "Raise action").await.form();
        assert_eq!(raise.value("title").await.as_deref(), Some("Clean desk: Nothing lies about"));
        bot.works().await;
        fake.is_content();
    }
}
