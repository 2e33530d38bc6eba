//! What was typed into a form outlives the form, on both databases.

use chrono::TimeDelta;
use isms_bot::chat::{Act, Asked, Form, Platform, Reply};
use isms_bot::people::Role;

use crate::harness::stage::Stage;
use crate::on_both_databases;

async fn stage(db: &crate::harness::database::TestDatabase) -> Stage {
    let stage = Stage::new(db, "2026-11-23T09:00:00+01:00").await;
    stage.person("ann", Role::Manager, "Europe/Berlin").await;
    stage.person("bob", Role::Reader, "Asia/Tokyo").await;
    stage
}

fn form(reply: Reply) -> Form {
    match reply {
        Reply::Form(form) => form,
        other => panic!("not a form: {other:#?}"),
    }
}

fn value<'a>(form: &'a Form, field: &str) -> Option<&'a str> {
    form.field(field)?.value.as_deref()
}

async fn fills(stage: &Stage, values: &[(&str, &str)], send: bool) -> Reply {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let act = Act::Filled {
        command: "action new".to_owned(),
        values: values.iter().map(owned).collect(),
        send,
    };
    stage.app.handle(stage.inbound("ann", act)).await
}

on_both_databases! {
    async fn what_a_refused_form_held_stands_in_the_next_one_for_a_day(db: TestDatabase) {
        let stage = stage(&db).await;
        let typed = [("title", "Patch the VPN"), ("severity", "major"), ("due", "yesterday")];
        form(stage.submits("ann", "action new", &typed).await);

        let next = form(stage.says("ann", "action new").await);
        assert!(next.intro.as_deref().unwrap_or_default().contains("still here"), "{next:#?}");
        assert_eq!(value(&next, "title"), Some("Patch the VPN"));
        assert_eq!(value(&next, "severity"), Some("major"));
        assert!(next.field("due").unwrap().error.is_some(), "and what was wrong with it");

        // Who types something else means something else.
        let other = form(stage.says("ann", "action new due:03/04/2027").await);
        assert_eq!(value(&other, "title"), None);

        stage.app.clock.advance(TimeDelta::hours(25));
        assert_eq!(value(&form(stage.says("ann", "action new").await), "title"), None);
    }

    async fn what_was_carried_out_is_no_draft_any_more(db: TestDatabase) {
        let stage = stage(&db).await;
        form(stage.submits("ann", "action new", &[("plan", "First, then")]).await);
        stage.submits("ann", "action new", &[("title", "Patch the VPN")]).await.card().unwrap();
        let next = form(stage.says("ann", "action new").await);
        assert_eq!(value(&next, "plan"), None);
        assert_eq!(value(&next, "title"), None);
    }

    async fn a_form_is_filled_bit_by_bit_and_then_sent(db: TestDatabase) {
        let stage = stage(&db).await;
        let begun = form(fills(&stage, &[("title", "Patch"), ("plan", "First")], false).await);
        assert!(!begun.has_errors(), "what is missing is not wrong yet");
        form(fills(&stage, &[("severity", "major"), ("plan", "")], false).await);
        let wrong = form(fills(&stage, &[("due", "someday")], true).await);
        assert!(wrong.field("due").unwrap().error.is_some());
        assert_eq!(value(&wrong, "title"), Some("Patch"));
        let done = fills(&stage, &[("due", "2026-12-18")], true).await;
        assert!(done.card().unwrap().plain().starts_with("CA-1 raised"), "{done:#?}");
        let shown = stage.says("ann", "action show CA-1").await;
        let shown = shown.card().unwrap().plain();
        assert!(shown.contains("major") && !shown.contains("First"), "{shown}");
    }

    async fn suggestions_are_for_those_who_may_use_the_command(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("ann", "action new Patch the VPN").await;
        for (person, expected) in [("ann", 1), ("bob", 0), ("nobody", 0)] {
            let asked = Asked {
                platform: Platform::Playground,
                workspace: "stage".to_owned(),
                person: person.to_owned(),
                command: "action done".to_owned(),
                field: "action".to_owned(),
                typed: "CA".to_owned(),
            };
            assert_eq!(stage.app.suggest(asked).await.len(), expected, "{person}");
        }
    }
}
