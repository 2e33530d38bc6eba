//! The same person on two platforms, by a code that they said themselves.

use chrono::TimeDelta;
use isms_bot::chat::Reply;
use isms_bot::people::Role::{Manager, Member};
use isms_bot::record::{self, Verdict};

use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::on_both_databases;

fn said(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        Reply::Form(form) => {
            let errors = form.fields.iter().filter_map(|field| field.error.clone());
            errors.collect::<Vec<_>>().join("\n")
        }
        Reply::Nothing => String::new(),
    }
}

/// The code in an answer.
fn code(reply: &Reply) -> String {
    let text = said(reply);
    let (_, rest) = text.split_once("code:").expect("a code");
    rest.split_whitespace().next().unwrap().to_owned()
}

/// Ann is known in two places; in the other one something waits for her.
async fn places(db: &TestDatabase) -> (Stage, Stage) {
    let here = Stage::new(db, "2026-11-23T10:00:00+01:00").await;
    here.person("ann", Member, "Europe/Berlin").await;
    here.person("bob", Member, "Europe/Berlin").await;
    let there = here.elsewhere().await;
    there.person("ann-there", Manager, "Europe/Berlin").await;
    there
        .says(
            "ann-there",
            "action new Secret matter owner:me due:2026-12-01",
        )
        .await;
    (here, there)
}

/// Joins the two, as Ann does.
async fn join(here: &Stage, there: &Stage) {
    let code = code(&here.says("ann", "link").await);
    let reply = there.says("ann-there", &format!("link code:{code}")).await;
    assert!(
        said(&reply).contains("You are linked with Stage on Playground"),
        "{}",
        said(&reply)
    );
}

on_both_databases! {
    async fn a_code_said_in_the_other_place_joins_the_two_and_both_logs_know_it(db: TestDatabase) {
        let (here, there) = places(&db).await;
        join(&here, &there).await;
        for (stage, who) in [(&here, "ann"), (&there, "ann-there")] {
            let mut conn = stage.app.store.read().await.unwrap();
            let people = isms_bot::people::People(isms_bot::sql!(conn, people::list_people(stage.workspace.id)).unwrap());
            let id = people.find_by_external(who).unwrap().id;
            assert!(matches!(record::verify(&mut conn, stage.workspace.id).await.unwrap(), Verdict::Sound(_)));
            drop(conn);
            let history = stage.history(&id.to_string()).await;
            assert!(history.iter().any(|past| past.kind == "person-linked"), "{who}");
        }
        for words in ["mine", "home"] {
            let text = said(&here.says("ann", words).await);
            assert!(text.contains("One thing waits for you in Elsewhere on Discord."), "{words}: {text}");
        }
        assert!(!said(&here.says("bob", "mine").await).contains("Elsewhere"));
    }

    async fn nothing_crosses_a_link_but_a_number_and_a_name(db: TestDatabase) {
        let (here, there) = places(&db).await;
        join(&here, &there).await;
        for words in [
            "mine", "home", "status", "action list", "action list state:all", "action show CA-1", "link",
            "kpi list", "audit list", "review list", "settings show", "digest preview",
        ] {
            let text = said(&here.says("ann", words).await);
            for word in ["Secret", "ann-there", "action done CA-1"] {
                assert!(!text.contains(word), "{words} says {word}: {text}");
            }
        }
        let refused = said(&here.says("ann", "action done CA-1 evidence:\"seen\"").await);
        assert!(!refused.contains("Secret"), "{refused}");
        let theirs = said(&there.says("ann-there", "action show CA-1").await);
        assert!(theirs.contains("Secret matter"), "{theirs}");
    }

    async fn a_code_works_once_for_ten_minutes_and_not_where_it_was_given(db: TestDatabase) {
        let (here, there) = places(&db).await;
        let given = code(&here.says("ann", "link").await);
        assert_eq!(given.len(), 11, "{given}");
        let own = said(&here.says("bob", &format!("link code:{given}")).await);
        assert!(own.contains("This code is from here"), "{own}");
        here.app.clock.advance(TimeDelta::minutes(10));
        let old = said(&there.says("ann-there", &format!("link code:{given}")).await);
        assert!(old.contains("This code is too old"), "{old}");
        let given = code(&here.says("ann", "link").await);
        let typed = given.to_lowercase().replace('-', " ");
        let reply = said(&there.says("ann-there", &format!("link code:\"{typed}\"")).await);
        assert!(reply.contains("You are linked"), "small letters are forgiven: {reply}");
        let used = said(&there.says("ann-there", &format!("link code:{given}")).await);
        assert!(used.contains("was used already"), "{used}");
    }

    async fn guessing_is_limited(db: TestDatabase) {
        let (here, there) = places(&db).await;
        let given = code(&here.says("ann", "link").await);
        for guess in 0..5 {
            let text = said(&there.says("ann-there", &format!("link code:AAAAA-AAAA{guess}")).await);
            assert!(text.contains("no code I gave"), "{text}");
        }
        let text = said(&there.says("ann-there", &format!("link code:{given}")).await);
        assert!(text.contains("too many codes"), "even the right one: {text}");
        here.app.clock.advance(TimeDelta::hours(1));
        let given = code(&here.says("ann", "link").await);
        let text = said(&there.says("ann-there", &format!("link code:{given}")).await);
        assert!(text.contains("You are linked"), "{text}");
    }

    async fn a_link_is_taken_back_on_both_sides(db: TestDatabase) {
        let (here, there) = places(&db).await;
        join(&here, &there).await;
        let text = said(&here.says("ann", "link remove").await);
        assert!(text.contains("not linked with any other place any more"), "{text}");
        assert!(!said(&here.says("ann", "mine").await).contains("Elsewhere"));
        let text = said(&there.says("ann-there", "link remove").await);
        assert!(text.contains("You are not linked"), "{text}");
    }

    async fn an_absence_is_said_elsewhere_only_when_its_person_says_so(db: TestDatabase) {
        let (here, there) = places(&db).await;
        join(&here, &there).await;
        let reply = here.says("ann", "away until:friday deputy:@bob Skiing").await;
        let card = reply.card().unwrap();
        assert!(card.plain().contains("In Elsewhere on Discord you are still asked."), "{}", card.plain());
        assert!(!said(&there.says("ann-there", "status").await).contains("Away"));
        let also = card.all_buttons().find(|button| button.label == "Also there").unwrap();
        let reply = said(&here.clicks("ann", &also.command).await);
        assert!(reply.contains("Also in Elsewhere on Discord"), "{reply}");
        let status = said(&there.says("ann-there", "status").await);
        assert!(status.contains("Away: ann-there until Fri 27 Nov 2026"), "{status}");
        assert!(!status.contains("Skiing") && !status.contains("bob"), "{status}");
    }
}
