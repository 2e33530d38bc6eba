//! Values from a CSV file: said first, taken then, by chat and by the command line.

use isms_bot::chat::Reply;
use isms_bot::command::value::FileRef;
use isms_bot::people::Role;
use isms_bot::record::files::{self, Keeper};

use crate::harness::process::Machine;
use crate::harness::stage::Stage;
use crate::intake::{assert_sound_log, plain};
use crate::on_both_databases;

const MONDAY: &str = "2026-11-23T08:00:00+01:00";

const GOOD: &str = "kpi,period,value,note,reason\n\
                    patches,2026-08,96,,\n\
                    patches,2026-09,97.5,\"Scan, late\",\n\
                    patches,2026-10,95,,Two hosts were missing\n\
                    incidents,2026-W46,2,,\n";

/// Maya manages, Tom measures `patches` with 96% in October, Eve measures `incidents`.
async fn measured(db: &crate::harness::database::TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    stage.person("maya", Role::Manager, "Europe/Berlin").await;
    for who in ["tom", "eve"] {
        stage.person(who, Role::Member, "Europe/Berlin").await;
    }
    for said in [
        "kpi new patches Patches unit:% direction:higher target:95 frequency:monthly measurer:@tom",
        "kpi new incidents Incidents unit:incidents direction:lower target:3 frequency:weekly measurer:@eve",
        "kpi record patches 96 period:2026-10",
    ] {
        stage.says("maya", said).await;
    }
    stage
}

/// A file as a face has taken it in.
async fn attached(stage: &Stage, text: &str) -> FileRef {
    let keeper = Keeper {
        workspace: stage.workspace.id,
        by: None,
        at: stage.app.clock.now(),
    };
    let mut tx = stage.app.store.write(stage.workspace.id).await.unwrap();
    let kept = files::keep(&mut tx, keeper, "values.csv", text.as_bytes().to_vec()).await;
    tx.commit().await.unwrap();
    kept.unwrap()
}

fn button(reply: &Reply) -> Option<String> {
    let card = reply.card()?;
    card.all_buttons()
        .next()
        .map(|button| button.command.clone())
}

on_both_databases! {
    async fn a_file_is_said_first_and_taken_by_its_button(db: TestDatabase) {
        let stage = measured(&db).await;
        let asked = stage.says("maya", "kpi import").await;
        assert!(matches!(&asked, Reply::Form(form) if form.field("file").is_some()), "{asked:?}");
        let file = attached(&stage, GOOD).await;
        let before = stage.history("patches").await.len();
        let reply = stage.submits("maya", "kpi import", &[("file", file.as_str())]).await;
        let words = plain(&reply);
        assert!(words.contains("3 values would be recorded, 1 corrected; 0 are there already."), "{words}");
        assert!(words.contains("patches    2026-10   95%          96%"), "{words}");
        assert_eq!(stage.history("patches").await.len(), before, "nothing is recorded yet");
        let command = button(&reply).unwrap();
        assert_eq!(command, format!("kpi import file:{file} commit:yes"));
        let words = plain(&stage.clicks("maya", &command).await);
        assert!(words.contains("3 values recorded, 1 corrected; 0 unchanged."), "{words}");
        let shown = plain(&stage.says("tom", "kpi show patches").await);
        assert!(shown.contains("Two hosts were missing") && shown.contains("Scan, late"), "{shown}");
        let events = stage.history("patches").await;
        let values = &events.last().unwrap().data["values"];
        assert_eq!((&values[0]["via"], &values[0]["file"]), (&"csv".into(), &file.as_str().into()));
        let again = stage.clicks("maya", &command).await;
        assert!(plain(&again).contains("0 values recorded, 0 corrected; 4 unchanged."), "{again:?}");
        let told = plain(&stage.says("maya", &format!("kpi import file:{file}")).await);
        assert!(told.contains("Nothing changes"), "{told}");
        assert_sound_log(&stage).await;
    }

    async fn every_wrong_line_is_named_and_nothing_is_taken(db: TestDatabase) {
        let stage = measured(&db).await;
        let text = "kpi;period;value\n\
                    patches;2026-08;96\n\
                    patches;2026-10;95\n\
                    patches;2026-09;ninety\n\
                    patchs;2026-09;90\n\
                    incidents;2026-W46;2\n\
                    patches;2026-08-31;97,5\n\
                    patches;2027-01;97,5\n";
        let file = attached(&stage, text).await;
        let reply = stage.says("tom", &format!("kpi import file:{file}")).await;
        let words = plain(&reply);
        for expected in [
            "Line 3, reason: patches has 96% for 2026-10 already",
            "Line 4, value: “ninety” is not a number",
            "Line 5, kpi: There is no KPI patchs here. Did you mean patches?",
            "Line 6, kpi: Incidents is measured by eve",
            "Line 7, period: patches has two values for 2026-08 here: the other is line 2.",
            "Line 8, period: 2027-01 has not begun",
        ] {
            assert!(words.contains(expected), "{expected}: {words}");
        }
        assert!(!words.contains("Line 2"), "{words}");
        assert_eq!(button(&reply), None);
        let pressed = plain(&stage.clicks("tom", &format!("kpi import file:{file} commit:yes")).await);
        assert!(pressed.contains("nothing is recorded"), "{pressed}");
        let shown = plain(&stage.says("tom", "kpi show patches").await);
        assert!(!shown.contains("2026-08"), "{shown}");
        // A hundred wrong lines fit a message: those that are not explained are named by number.
        let long = format!("kpi,period,value\n{}", "patches,2026-09,ninety\n".repeat(100));
        let file = attached(&stage, &long).await;
        let words = plain(&stage.says("tom", &format!("kpi import file:{file}")).await);
        assert!(words.contains("Wrong, too: lines 17–101."), "{words}");
        let none = plain(&stage.says("tom", &format!("kpi import file:{}", "0".repeat(64))).await);
        assert!(none.contains("There is no file 000000000000 here"), "{none}");
    }

    async fn a_file_is_imported_from_the_command_line(db: TestDatabase) {
        let stage = measured(&db).await;
        let machine = Machine::new().with("ISMS_DATABASE__URL", db.url()).file("values.csv", GOOD.as_bytes());
        let entries = stage.history("patches").await.len();
        let tried = machine.run(&["import", "maya", "values.csv"]);
        assert_eq!(tried.code, 0, "{tried:?}");
        assert!(tried.out.contains("3 values would be recorded") && tried.out.contains("--commit"), "{tried:?}");
        assert_eq!(stage.history("patches").await.len(), entries);
        let done = machine.run(&["import", "maya", "values.csv", "--commit"]);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.contains("3 values recorded, 1 corrected"), "{done:?}");
        let shown = machine.run(&["as", "tom", "kpi", "show", "patches"]);
        assert!(shown.out.contains("97.5%"), "{shown:?}");
        let not_hers = machine.run(&["import", "eve", "values.csv", "--commit"]);
        assert_eq!(not_hers.code, 5, "{not_hers:?}");
        assert!(not_hers.err.contains("Line 2, kpi: Patches is measured by tom"), "{not_hers:?}");
        let gone = machine.run(&["import", "maya", "nowhere.csv"]);
        assert_eq!(gone.code, 1, "{gone:?}");
        assert!(gone.err.contains("nowhere.csv"), "{gone:?}");
        let wrong = machine.file("wrong.csv", b"kpi,period,value\npatches,2026-10,x\n");
        let wrong = wrong.run(&["import", "tom", "wrong.csv"]);
        assert_eq!(wrong.code, 5, "{wrong:?}");
        assert!(wrong.err.contains("Line 2, value"), "{wrong:?}");
        assert_sound_log(&stage).await;
    }
}
