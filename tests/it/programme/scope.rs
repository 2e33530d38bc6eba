//! The statement of applicability: imported as a whole or not at all, changed control by control, and
//! what does not apply stays out of the programme.

use isms_bot::record::files::{self, Keeper};

use super::*;

const STATEMENT: &str = "control,applicable,reason\n\
                         A.5.1,yes,\n\
                         A.8.30,no,\"Nothing is developed outside\"\n\
                         A.7.4,no,No own premises\n";

/// A file as a face has taken it in.
async fn attached(stage: &Stage, text: &str) -> String {
    let keeper = Keeper {
        workspace: stage.workspace.id,
        by: None,
        at: stage.app.clock.now(),
    };
    let mut tx = stage.app.store.write(stage.workspace.id).await.unwrap();
    let kept = files::keep(&mut tx, keeper, "soa.csv", text.as_bytes().to_vec()).await;
    tx.commit().await.unwrap();
    kept.unwrap().to_string()
}

on_both_databases! {
    async fn a_statement_of_applicability_is_shown_first_taken_by_its_button_and_heeded_by_the_plan(db: TestDatabase) {
        let stage = company(&db).await;
        let nothing = says(&stage, "ann", "audit scope").await;
        assert!(nothing.contains("all 93 controls of Annex A apply"), "{nothing}");
        assert!(matches!(stage.says("mia", "audit scope-set").await, Reply::Form(_)));
        let bad = attached(&stage, "control,applicable,reason\nA.8.30,no,\nA.9.1,yes,\nA.5.1,yes,\n").await;
        let wrong = said(&stage.submits("mia", "audit scope-set", &[("file", &bad)]).await);
        assert!(wrong.contains("Line 2, reason: Say why A.8.30 does not apply."), "{wrong}");
        assert!(wrong.contains("Line 3, control: Annex A has the groups A.5 to A.8."), "{wrong}");
        assert!(!wrong.contains("commit"), "a file with a wrong line cannot be taken: {wrong}");
        let still = said(&stage.clicks("mia", &format!("audit scope-set file:{bad} commit:yes")).await);
        assert!(still.contains("nothing is taken"), "{still}");
        assert!(says(&stage, "ann", "audit scope").await.contains("Nothing was said yet"));

        let good = attached(&stage, STATEMENT).await;
        let reply = stage.submits("mia", "audit scope-set", &[("file", &good)]).await;
        let words = said(&reply);
        assert!(words.contains("90 controls are not in the file and stay as they are. 3 controls are named, 2 of them do not apply."), "{words}");
        assert!(says(&stage, "ann", "audit scope").await.contains("Nothing was said yet"), "only shown");
        let take = reply.card().unwrap().all_buttons().next().unwrap().command.clone();
        let taken = said(&stage.clicks("mia", &take).await);
        assert!(taken.contains("2 controls changed:"), "{taken}");
        let again = said(&stage.clicks("mia", &take).await);
        assert!(again.contains("Nothing changes"), "{again}");
        let shown = says(&stage, "ann", "audit scope").await;
        assert!(shown.contains("91 of 93 controls") && shown.contains("Outsourced development: does not apply: Nothing is developed outside"), "{shown}");
        assert!(shown.contains("file "), "{shown}");

        let planned = says(&stage, "mia", "audit plan 2027").await;
        assert!(planned.contains("119 clauses and controls; not applicable: A.7.4, A.8.30"), "{planned}");
        assert!(planned.contains("0 of 119 clauses and controls"), "{planned}");
        let why = says(&stage, "ann", "audit list 2027 why").await;
        assert!(why.contains("Does not apply: Nothing is developed outside: A.8.30"), "{why}");
        let shown = says(&stage, "ann", "audit show AUD-2027-11").await;
        assert!(!shown.contains("A.8.30"), "{shown}");
    }

    async fn one_control_is_changed_by_hand_and_a_programme_that_does_not_fit_is_named(db: TestDatabase) {
        let stage = company(&db).await;
        says(&stage, "mia", "audit plan 2027").await;
        let refused = said(&stage.says("mia", "audit scope-set A.8.30 applies:no").await);
        assert!(refused.contains("Say why A.8.30 does not apply."), "{refused}");
        let refused = said(&stage.says("mia", "audit scope-set 9.2 applies:no reason:Small").await);
        assert!(refused.contains("9.2 is a clause: all of them apply."), "{refused}");
        let refused = said(&stage.says("mia", "audit scope-set A.8.30").await);
        assert!(refused.contains("yes or no"), "{refused}");
        let set = says(&stage, "mia", "audit scope-set A.8.30 applies:no reason:\"All is built here\"").await;
        assert!(set.contains("A.8.30 is still to be audited in AUD-2027-11."), "{set}");
        let again = said(&stage.says("mia", "audit scope-set A.8.30 applies:no reason:\"All is built here\"").await);
        assert!(again.contains("known of A.8.30 already"), "{again}");
        says(&stage, "mia", "audit plan 2028").await;
        let back = says(&stage, "mia", "audit scope-set A.8.30 applies:yes reason:\"A supplier builds the app\"").await;
        assert!(back.contains("A.8.30 was left out of 2028"), "{back}");
        let history = stage.history("statement of applicability").await;
        assert_eq!(history.len(), 2);
        assert_eq!(history[0].data["controls"][0]["reason"], "All is built here");
        let denied = says(&stage, "bob", "audit scope-set A.8.30 applies:no reason:x").await;
        assert!(denied.contains("is for a manager"), "{denied}");
    }
}
