//! The risk register: taken in from a file or from a program, and what a review makes of it.

use isms_bot::chat::Reply;
use isms_bot::people::Role::{Leader, Manager, Member};
use serde_json::json;

use crate::harness::bot::Bot;
use crate::harness::programs::Port;
use crate::harness::stage::{Stage, instant};
use crate::{on_both_databases, on_every_platform};

const BERLIN: &str = "Europe/Berlin";
const REGISTER: &str = "id,title,level,treatment,owner,due,status\n\
    R-1,Warehouse robots,high,Risk question on the change form,Jonas,2026-11-20,in treatment\n\
    R-2,One supplier of the freight app,critical,A second one,Tom,2027-03-01,open\n\
    R-3,Flood in Passau,low,,,,accepted\n";

async fn stage(db: &crate::harness::database::TestDatabase) -> Stage {
    let stage = Stage::new(db, "2026-11-23T09:00:00+01:00").await;
    for (name, role) in [("mia", Manager), ("lea", Leader), ("ann", Member)] {
        stage.person(name, role, BERLIN).await;
    }
    stage
}

async fn says(stage: &Stage, who: &str, words: &str) -> String {
    let reply = stage.says(who, words).await;
    match reply.card() {
        Some(card) => card.plain(),
        None => format!("{reply:?}"),
    }
}

/// Makes a token, and gives it as it was shown.
async fn token(stage: &Stage, words: &str) -> String {
    let said = says(stage, "mia", words).await;
    let start = said.find("isms_").expect("a token");
    said[start..].split_whitespace().next().unwrap().to_owned()
}

on_every_platform! {
    async fn a_register_is_imported_once_it_was_seen_what_it_holds(db: TestDatabase, fake: Fake) {
        let _bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        let command = "/isms review risk-import";
        let wrong = REGISTER.replace(",high,", ",big,");
        let told = ann.gives(command, ("file", "risks.csv", wrong.as_bytes()), &[]).await.card();
        assert!(told.text().contains("Line 2, level"), "{}", told.text());
        assert!(told.buttons().is_empty(), "{:?}", told.buttons());
        let told = ann.gives(command, ("file", "risks.csv", REGISTER.as_bytes()), &[]).await.card();
        assert!(told.text().contains("3 risks: 2 open (1 critical, 1 high), 1 accepted, 0 closed; 1 treatment is overdue"), "{}", told.text());
        let none = ann.types("/isms review risks").await.card();
        assert!(none.text().contains("has not been taken in yet"), "{}", none.text());
        let taken = ann.clicks(&told, "Take it in").await.card();
        assert!(taken.text().contains("Taken in: 2 open"), "{}", taken.text());
        let shown = ann.types("/isms review risks").await.card();
        assert!(shown.text().contains("R-1 Warehouse robots (Jonas, due Fri 20 Nov 2026)"), "{}", shown.text());
        fake.is_content();
    }
}

on_both_databases! {
    async fn a_program_sends_the_register_with_a_token_of_its_own(db: TestDatabase) {
        let stage = stage(&db).await;
        let port = Port::open(&stage.app).await;
        let risks = token(&stage, "token new grc --risks").await;
        let kpis = token(&stage, "token new scanner").await;
        let register = json!({ "risks": [
            { "id": "R-1", "title": "Warehouse robots", "level": "high", "owner": "Jonas",
              "due": "2026-11-20", "status": "in treatment" },
            { "id": "R-2", "title": "Flood", "level": "low", "status": "closed" },
        ] });
        let heard = port.posts(&kpis, "/v1/risks", &register).await;
        assert_eq!(heard.status, 403, "{heard:?}");
        let heard = port.sends(&risks, &[("incidents", "2026-10", 3.0)]).await;
        assert_eq!(heard.status, 403, "{heard:?}");
        let heard = port.posts(&risks, "/v1/risks", &register).await;
        assert_eq!((heard.status, &heard.json), (200, &json!({ "taken": 2, "open": 1, "overdue": 1 })));
        let shown = says(&stage, "lea", "review risks").await;
        assert!(shown.contains("1 open (1 high), 0 accepted, 1 closed"), "{shown}");
        // All of it or none, and what is wrong is named.
        let wrong = json!({ "risks": [
            { "id": "R-1", "title": "", "level": "high" },
            { "id": "R-2", "title": "Flood", "level": "huge" },
        ] });
        let heard = port.posts(&risks, "/v1/risks", &wrong).await;
        assert_eq!(heard.status, 422, "{heard:?}");
        let fields: Vec<&str> = heard.json["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["risks[0].title", "risks[1].level"]);
        let twice = json!({ "risks": [
            { "id": "R-1", "title": "Flood", "level": "low" }, { "id": "r-1", "title": "Fire", "level": "low" },
        ] });
        let heard = port.posts(&risks, "/v1/risks", &twice).await;
        assert_eq!((heard.status, heard.json["errors"][0]["field"].as_str()), (422, Some("risks[1].id")));
        let heard = port.posts(&risks, "/v1/risks", &json!({ "risks": [] })).await;
        assert_eq!(heard.status, 422, "{heard:?}");
        let shown = says(&stage, "lea", "review risks").await;
        assert!(shown.contains("Warehouse robots"), "{shown}");
        crate::intake::assert_sound_log(&stage).await;
    }

    async fn input_f_begins_with_what_the_register_says_and_its_owner_confirms_it(db: TestDatabase) {
        let stage = stage(&db).await;
        let port = Port::open(&stage.app).await;
        let risks = token(&stage, "token new grc --risks").await;
        let one = |level: &str| json!({ "risks": [{ "id": "R-1", "title": "Robots", "level": level }] });
        says(&stage, "mia", "review schedule 2026-12-15").await;
        says(&stage, "mia", "review assign MR-2026-Q4 f @ann").await;
        port.posts(&risks, "/v1/risks", &one("high")).await;
        let shown = says(&stage, "mia", "review show MR-2026-Q4").await;
        assert!(shown.contains("Risk register of Mon 23 Nov 2026: 1 open (1 high), 0 accepted, 0 closed."), "{shown}");
        assert!(shown.contains("5 of 7 inputs are missing."), "{shown}");
        let Reply::Form(form) = stage.clicks("ann", "review input MR-2026-Q4 f").await else {
            panic!("a form");
        };
        let begun = form.field("answer").unwrap().value.clone().unwrap();
        assert!(begun.contains("1 open (1 high)") && begun.contains("No treatment is overdue."), "{begun}");
        assert!(form.field("climate").is_none());
        let answer = format!("{begun}\nThe robots are assessed in January.");
        stage.submits("ann", &form.command, &[("answer", &answer)]).await;
        let shown = says(&stage, "mia", "review show MR-2026-Q4").await;
        assert_eq!(shown.matches("Risk register of").count(), 1, "{shown}");
        assert!(shown.contains("The robots are assessed in January."), "{shown}");
        stage.move_to("2026-12-15T09:00:00+01:00").await;
        says(&stage, "mia", "review start MR-2026-Q4").await;
        // The next review hears what changed since this one.
        stage.app.clock.move_to(instant("2027-01-11T09:00:00+01:00"));
        says(&stage, "mia", "review schedule 2027-03-15").await;
        port.posts(&risks, "/v1/risks", &json!({ "risks": [
            { "id": "R-1", "title": "Robots", "level": "low" },
            { "id": "R-2", "title": "Flood", "level": "medium" },
        ] })).await;
        let shown = says(&stage, "mia", "review show MR-2027-Q1").await;
        assert!(shown.contains("At the last review (register of Mon 23 Nov 2026): 1 open (1 high), 0 accepted, 0 closed; now 1 more open, 1 fewer high or critical."), "{shown}");
    }

    async fn climate_change_is_asked_for_by_name_in_b_and_c(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "mia", "review schedule 2026-12-15").await;
        let Reply::Form(form) = stage.clicks("mia", "review input MR-2026-Q4 b").await else {
            panic!("a form");
        };
        assert!(form.field("climate").is_some());
        says(&stage, "mia", "review input MR-2026-Q4 b A new data centre").await;
        let shown = says(&stage, "mia", "review show MR-2026-Q4").await;
        assert!(shown.contains("A new data centre\n• Climate change: not answered."), "{shown}");
        says(&stage, "mia", "review input MR-2026-Q4 b climate:\"Relevant: the site floods\" A new data centre").await;
        // Said once, it stays.
        says(&stage, "mia", "review input MR-2026-Q4 b Two new data centres").await;
        says(&stage, "mia", "review input MR-2026-Q4 c nothing climate:\"Not relevant to them\"").await;
        let shown = says(&stage, "mia", "review show MR-2026-Q4").await;
        assert!(shown.contains("Two new data centres\n• Climate change: Relevant: the site floods"), "{shown}");
        assert!(shown.contains("Nothing to report.\n• Climate change: Not relevant to them"), "{shown}");
        let elsewhere = says(&stage, "mia", "review input MR-2026-Q4 e climate:hot Two customers asked").await;
        assert!(elsewhere.contains("asked for in (b) and (c) only"), "{elsewhere}");
    }

    async fn inputs_that_are_late_are_told_to_the_manager_and_then_to_a_leader(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.person("bob", Member, BERLIN).await;
        // A Thursday: a week and two days before it are working days.
        says(&stage, "mia", "review schedule 2026-12-17").await;
        for item in ["b", "c"] {
            says(&stage, "mia", &format!("review input MR-2026-Q4 {item} --nothing")).await;
        }
        for (item, who) in [("e", "ann"), ("f", "bob"), ("g", "bob")] {
            says(&stage, "mia", &format!("review assign MR-2026-Q4 {item} @{who}")).await;
        }
        says(&stage, "bob", "review input MR-2026-Q4 g --nothing").await;
        let escalated = |who: &str| -> Vec<String> {
            let cards = stage.desk.to(who).into_iter().map(|card| card.plain());
            cards.filter(|card| card.contains("Escalated to you")).collect()
        };
        stage.move_to("2026-12-09T20:00:00+01:00").await;
        assert_eq!(escalated("mia").len() + escalated("lea").len(), 0);
        stage.move_to("2026-12-10T12:00:00+01:00").await;
        let told = escalated("mia");
        assert_eq!(told.len(), 1, "{told:?}");
        for words in ["(e) Feedback", "· ann", "(f) Risk", "· bob"] {
            assert!(told[0].contains(words), "{words}: {told:?}");
        }
        assert_eq!(escalated("lea").len(), 0);
        says(&stage, "ann", "review input MR-2026-Q4 e --nothing").await;
        stage.move_to("2026-12-16T20:00:00+01:00").await;
        assert_eq!(escalated("mia").len(), 1);
        let told = escalated("lea");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("(f) Risk") && !told[0].contains("(e) Feedback"), "{told:?}");
    }
}
