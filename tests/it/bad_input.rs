//! Every kind of wrong input gets an answer that says what was wrong, what would be right and who
//! can, and nothing is changed by it.

use isms_bot::chat::{Form, Reply};
use isms_bot::people::Role::{Manager, Member, Reader};

use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::on_both_databases;

async fn stage(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, "2026-11-23T09:00:00+01:00").await;
    stage.person("mia", Manager, "Europe/Berlin").await;
    stage.person("ann", Member, "Europe/Berlin").await;
    stage.person("rob", Reader, "Europe/Berlin").await;
    stage
}

fn told(reply: &Reply) -> String {
    reply
        .card()
        .unwrap_or_else(|| panic!("a card: {reply:?}"))
        .plain()
}

fn asked(reply: Reply) -> Form {
    match reply {
        Reply::Form(form) => form,
        other => panic!("a form: {other:?}"),
    }
}

#[track_caller]
fn wrong(form: &Form, field: &str) -> String {
    let field = form.field(field).unwrap();
    format!(
        "{}: {}",
        field.value.as_deref().unwrap_or_default(),
        field.error.as_deref().unwrap_or("nothing is wrong")
    )
}

on_both_databases! {
    async fn an_unknown_command_is_answered_with_the_nearest(db: TestDatabase) {
        let stage = stage(&db).await;
        let said = told(&stage.says("ann", "aktion list mine").await);
        assert!(said.contains("Did you mean action?"), "{said}");
        assert!(said.contains("/isms action list mine"), "{said}");
        let said = told(&stage.says("ann", "close CA-1").await);
        assert!(said.contains("[Finish an action] /isms action done CA-1"), "{said}");
    }

    async fn an_unknown_record_is_told_before_a_form_opens(db: TestDatabase) {
        let stage = stage(&db).await;
        for command in ["action show CA-99", "action done CA-99", "action update CA-99"] {
            let said = told(&stage.says("ann", command).await);
            assert_eq!(said, "There is no CA-99 here.\n[List actions] /isms action list", "{command}");
        }
        let said = told(&stage.clicks("mia", "review assign MR-2026-Q4").await);
        assert!(said.starts_with("There is no MR-2026-Q4 here."), "{said}");
        stage
            .says("mia", "kpi new incidents Incidents unit:cases direction:lower target:3 frequency:monthly")
            .await;
        let form = asked(stage.says("mia", "kpi record incidnets 3").await);
        assert_eq!(
            wrong(&form, "kpi"),
            "incidnets: There is no KPI “incidnets”. Did you mean incidents?"
        );
        assert_eq!(form.field("value").unwrap().value.as_deref(), Some("3"));
    }

    async fn a_wrong_role_is_told_who_can_before_a_form_opens(db: TestDatabase) {
        let stage = stage(&db).await;
        assert_eq!(
            told(&stage.says("ann", "kpi new").await),
            "“kpi new” is for a manager; you are here as a member. mia can do it, or grant \
             you the role."
        );
        assert_eq!(
            told(&stage.clicks("rob", "action new").await),
            "You are here as a reader: you see everything and change nothing. mia or ann can do it; \
             mia can grant you the role."
        );
        let said = told(&stage.submits("rob", "action new", &[("title", "Patch")]).await);
        assert!(said.starts_with("You are here as a reader"), "{said}");
        assert!(told(&stage.says("rob", "action list").await).contains("No actions"));
    }

    async fn wrong_fields_are_told_beside_them_and_the_rest_is_kept(db: TestDatabase) {
        let stage = stage(&db).await;
        let typed = "action new Patch the VPN owner:bob due:03/04/2027 severity:mayor plan:Update";
        let form = asked(stage.says("ann", typed).await);
        assert_eq!(
            wrong(&form, "owner"),
            "bob: I know nobody called “bob”. Did you mean rob (@rob)?"
        );
        assert_eq!(
            wrong(&form, "due"),
            "03/04/2027: “03/04/2027” can be 3 April or 4 March. Write 2027-04-03 or 2027-03-04."
        );
        assert_eq!(
            wrong(&form, "severity"),
            "mayor: “mayor” is not a choice. Did you mean major?"
        );
        assert_eq!(wrong(&form, "title"), "Patch the VPN: nothing is wrong");
        assert_eq!(wrong(&form, "plan"), "Update: nothing is wrong");

        let values = [("title", "Patch the VPN"), ("due", "2026-11-01"), ("plan", "Update\nTest")];
        let form = asked(stage.submits("ann", &form.command, &values).await);
        assert_eq!(
            wrong(&form, "due"),
            "2026-11-01: Sunday 1 November 2026 is past; today is Monday 23 November 2026. \
             Give a day from today on."
        );
        assert_eq!(wrong(&form, "plan"), "Update\nTest: nothing is wrong");
        let listed = told(&stage.says("ann", "action list").await);
        assert!(listed.contains("No actions"), "nothing was raised: {listed}");

        let values = [("title", "Patch the VPN"), ("due", "friday"), ("plan", "Update\nTest")];
        stage.submits("ann", &form.command, &values).await;
        let shown = told(&stage.says("ann", "CA-1").await);
        assert!(shown.contains("due Fri 27 Nov 2026"), "{shown}");
    }

    async fn a_form_about_an_action_names_it_and_holds_what_it_says(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "action new Patch the VPN owner:ann cause:\"No one owns it\"").await;
        let form = asked(stage.clicks("ann", "action update CA-1").await);
        assert_eq!(form.intro.as_deref(), Some("CA-1 · Patch the VPN"));
        assert_eq!(form.field("title").unwrap().value.as_deref(), Some("Patch the VPN"));
        assert_eq!(form.field("cause").unwrap().value.as_deref(), Some("No one owns it"));
        assert_eq!(form.field("plan").unwrap().value, None);
        let form = asked(stage.clicks("ann", "action done CA-1").await);
        assert_eq!(form.field("cause").unwrap().value.as_deref(), Some("No one owns it"));
        // What was emptied on purpose stays empty when the form comes back.
        let form = asked(stage.submits("ann", &form.command, &[("plan", "Name one")]).await);
        assert_eq!(wrong(&form, "evidence"), ": This is needed.");
        assert_eq!(form.field("cause").unwrap().value, None);
        assert_eq!(form.intro.as_deref(), Some("CA-1 · Patch the VPN"));
    }

    async fn what_cannot_be_used_is_said_and_nothing_is_done(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "action new Patch the VPN").await;
        let form = asked(stage.says("mia", "action assign CA-1 ann onwer:rob").await);
        assert_eq!(
            wrong(&form, "owner"),
            "ann: This was given twice: “ann” and “rob”. Which one?"
        );
        let form = asked(stage.says("mia", "action assign CA-1 ann --at-once").await);
        assert_eq!(
            form.intro.as_deref(),
            Some("CA-1 · Patch the VPN\nThere is no “at-once” here.")
        );
        let said = told(&stage.says("mia", "status please").await);
        assert!(said.contains("I do not know what to do with “please”."), "{said}");
        let shown = told(&stage.says("mia", "CA-1").await);
        assert!(shown.contains("Owner: nobody yet"), "{shown}");
    }
}
