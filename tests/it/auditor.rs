//! Who may audit: competence, independence, and who is let audit all the same.

use isms_bot::chat::{Card, Form, Reply};
use isms_bot::people::Role::{Auditor, Manager, Member};
use isms_bot::record::files::{self, Keeper};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::{on_both_databases, on_every_platform};

const MONDAY: &str = "2027-01-04T09:00:00+01:00";

/// Mia runs it, Ann and Bob audit, and the year is planned. August looks at incidents and monitoring.
async fn stage(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    stage.person("mia", Manager, "Europe/Berlin").await;
    stage.person("ann", Auditor, "Europe/Berlin").await;
    stage.person("bob", Auditor, "Europe/Berlin").await;
    stage.newcomer("new", Member, "Europe/Berlin").await;
    stage.says("mia", "audit plan 2027").await;
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

/// What stands beside the field for why they audit all the same.
fn refused(reply: Reply) -> String {
    let form = form(reply);
    let field = form.field("override").unwrap();
    field.error.clone().unwrap_or_else(|| panic!("{form:?}"))
}

async fn says(stage: &Stage, words: &str) -> String {
    plain(&stage.says("mia", words).await)
}

on_both_databases! {
    async fn whom_something_speaks_against_is_refused_with_each_reason(db: TestDatabase) {
        let stage = stage(&db).await;
        let assign = |who: &'static str| {
            let stage = &stage;
            async move { stage.says("mia", &format!("audit assign AUD-2027-08 {who}")).await }
        };
        let said = refused(assign("new").await);
        assert!(said.contains("new has no recorded competence to audit (7.2)"), "{said}");
        assert!(said.contains("say in “override” why new audits all the same"), "{said}");
        // An area, an action, a step of another's action, and what was looked at.
        says(&stage, "area assign A.8 bob").await;
        says(&stage, "area assign A.8.15 ann").await;
        says(&stage, "action new Logs are read owner:bob due:2027-03-01 control:A.8.16 severity:opportunity").await;
        says(&stage, "action new Report to the authorities owner:ann due:2027-03-01 control:A.5.5 severity:opportunity").await;
        says(&stage, "action step CA-2 Find the address owner:bob").await;
        let said = refused(assign("bob").await);
        for reason in ["is responsible for A.8 (A.8.16, A.8.17)", "answers for CA-1 on A.8.16", "has a step of CA-2 on A.5.5"] {
            assert!(said.contains(reason), "{reason}: {said}");
        }
        let said = refused(assign("ann").await);
        assert!(said.contains("is responsible for A.8.15;") && said.contains("answers for CA-2 on A.5.5"), "{said}");
        // Nothing of it is about networks in October; there Bob owns A.8, and Ann nothing.
        assert!(says(&stage, "audit assign AUD-2027-03 bob").await.contains("@bob audits AUD-2027-03"));
        assert!(says(&stage, "audit assign AUD-2027-10 ann").await.contains("@ann audits AUD-2027-10"));
        let kinds = stage.history("AUD-2027-08").await;
        assert!(kinds.is_empty(), "what is refused leaves nothing: {kinds:?}");
    }

    async fn who_verified_an_action_does_not_audit_it_for_a_year(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "action new Report faster owner:mia due:2027-01-20 control:A.6.8 severity:opportunity").await;
        says(&stage, "action done CA-1 \"Seen\" check:2027-01-04").await;
        let checked = plain(&stage.says("bob", "action verify CA-1 effective \"Three reports looked at\"").await);
        assert!(checked.contains("effective"), "{checked}");
        let said = refused(stage.says("mia", "audit assign AUD-2027-08 bob").await);
        assert!(said.contains("looked whether CA-1 on A.6.8 worked"), "{said}");
        stage.app.clock.move_to(crate::harness::stage::instant("2028-01-05T09:00:00+01:00"));
        assert!(says(&stage, "audit assign AUD-2027-08 bob").await.contains("@bob audits"));
    }

    async fn who_measures_does_not_audit_measurement(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "kpi new clicks Clicks unit:% direction:lower target:5 frequency:weekly measurer:@bob analyst:@ann").await;
        let bob = refused(stage.says("mia", "audit assign AUD-2027-12 bob").await);
        assert!(bob.contains("measures the KPI clicks (9.1)"), "{bob}");
        let ann = refused(stage.says("mia", "audit assign AUD-2027-12 ann").await);
        assert!(ann.contains("analyses the KPI clicks (9.1)"), "{ann}");
        assert!(says(&stage, "audit assign AUD-2027-11 bob").await.contains("@bob audits"));
    }

    async fn competence_counts_in_the_month_of_the_audit(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "role grant new auditor training:\"Internal auditor\" on:2026-05-12 until:2027-03-30").await;
        assert!(says(&stage, "audit assign AUD-2027-02 new").await.contains("@new audits"));
        let said = refused(stage.says("mia", "audit assign AUD-2027-03 new").await);
        assert!(said.contains("has shown competence to audit until Tue 30 Mar 2027 only (7.2)"), "{said}");
    }

    async fn a_manager_lets_somebody_audit_all_the_same_and_says_why(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "area assign A.8.15 bob").await;
        let asked = form(stage.says("mia", "audit assign AUD-2027-08 bob").await);
        let mut filled: Vec<(&str, &str)> = asked.fields.iter()
            .filter_map(|field| Some((field.name.as_str(), field.value.as_deref()?))).collect();
        filled.push(("override", "Nobody else reads logs"));
        let done = plain(&stage.submits("mia", &asked.command, &filled).await);
        assert!(done.contains("Overridden, as the report will say: is responsible for A.8.15."), "{done}");
        let shown = says(&stage, "audit show AUD-2027-08").await;
        assert!(shown.contains("Overridden: mia let bob audit, who is responsible for A.8.15: Nobody else reads logs"), "{shown}");
        assert!(!shown.contains("In doubt"), "{shown}");
        let log = stage.history("AUD-2027-08").await;
        let kinds: Vec<_> = log.iter().map(|past| past.kind.as_str()).collect();
        assert_eq!(kinds, ["audit-doubt-overridden", "audit-assigned"]);
        assert_eq!(log[0].data["reason"], "Nobody else reads logs");
        let again = says(&stage, "audit assign AUD-2027-08 bob").await;
        assert!(again.contains("bob audits AUD-2027-08 already"), "{again}");
    }

    async fn what_comes_up_after_an_override_keeps_the_audit_from_beginning_and_ending(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "area assign A.8.15 bob").await;
        says(&stage, "audit assign AUD-2027-08 bob override:\"Nobody else reads logs\"").await;
        says(&stage, "area assign A.8.16 bob").await;
        let shown = says(&stage, "audit show AUD-2027-08").await;
        assert!(shown.contains("In doubt: bob is responsible for A.8.16"), "{shown}");
        let reply = stage.says("bob", "audit start AUD-2027-08").await;
        let said = plain(&reply);
        assert!(said.contains("AUD-2027-08 cannot go on with these auditors: bob is responsible for A.8.16"), "{said}");
        assert!(!said.contains("A.8.15"), "that one is overridden: {said}");
        assert!(reply.card().unwrap().all_buttons().all(|button| !button.command.contains("assign")), "Bob cannot: {said}");
        let reply = stage.says("mia", "audit start AUD-2027-08").await;
        let buttons: Vec<_> = reply.card().unwrap().all_buttons().map(|b| b.command.clone()).collect();
        assert_eq!(buttons, ["audit assign AUD-2027-08 <@bob>", "audit assign AUD-2027-08", "audit auditors"]);
        let asked = stage.clicks("mia", &buttons[0]).await;
        assert!(refused(asked).contains("This was not known when it was overridden."));
        says(&stage, "audit assign AUD-2027-08 bob override:\"Still nobody\"").await;
        assert!(says(&stage, "audit start AUD-2027-08").await.contains("has begun"));
        // Handed over to one who is responsible too.
        says(&stage, "area assign A.8.17 ann").await;
        says(&stage, "handover bob ann").await;
        let said = says(&stage, "audit finish AUD-2027-08 Conforms").await;
        assert!(said.contains("cannot go on with these auditors: ann is responsible for"), "{said}");
    }

    async fn others_stand_beside_who_leads_and_are_held_to_the_same(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "audit assign AUD-2027-08 ann").await;
        let done = says(&stage, "audit team AUD-2027-08 bob").await;
        assert!(done.contains("@bob audits AUD-2027-08 too"), "{done}");
        stage.work().await;
        let told = stage.desk.last_to("bob").card.plain();
        assert!(told.contains("@mia put you on the team of the audit of August 2027. @ann leads."), "{told}");
        let said = form(stage.says("mia", "audit team AUD-2027-08 new").await);
        assert!(said.field("override").unwrap().error.is_some(), "{said:?}");
        says(&stage, "audit team AUD-2027-08 new override:\"To learn\"").await;
        let shown = says(&stage, "audit show AUD-2027-08").await;
        assert!(shown.contains("Auditor: @ann\nTeam: ") && shown.contains("@bob") && shown.contains("@new"), "{shown}");
        assert!(shown.contains("mia let new audit, who has no recorded competence to audit (7.2): To learn"), "{shown}");
        for (words, answer) in [
            ("audit team AUD-2027-08 bob", "bob audits AUD-2027-08 already"),
            ("audit team AUD-2027-08 ann remove", "ann leads AUD-2027-08"),
            ("audit team AUD-2027-08 mia remove", "mia does not audit AUD-2027-08"),
            ("audit team AUD-2027-08 bob remove", "@bob does not audit AUD-2027-08 any more"),
        ] {
            let said = says(&stage, words).await;
            assert!(said.contains(answer), "{words}: {said}");
        }
        stage.work().await;
        assert_eq!(stage.desk.last_to("bob").card.plain(), "Nothing here waits for you any more.");
        // Who stood beside leads now, and is not there twice.
        says(&stage, "audit assign AUD-2027-08 new").await;
        let shown = says(&stage, "audit show AUD-2027-08").await;
        assert!(shown.contains("Auditor: @new\n") && !shown.contains("Team:"), "{shown}");
        // One of the team who is not fit any more holds all of them.
        says(&stage, "audit assign AUD-2027-08 ann").await;
        says(&stage, "audit team AUD-2027-08 bob").await;
        says(&stage, "area assign A.8.15 bob").await;
        let said = plain(&stage.says("ann", "audit start AUD-2027-08").await);
        assert!(said.contains("with these auditors: bob is responsible for A.8.15"), "{said}");
    }

    async fn a_guest_is_named_with_what_shows_that_they_can_audit(db: TestDatabase) {
        let stage = stage(&db).await;
        let asked = form(stage.says("mia", "audit guest AUD-2027-08 \"Dr. Weber, TÜV\"").await);
        assert!(asked.field("competence").unwrap().error.as_deref().unwrap().contains("7.2"));
        let done = says(&stage, "audit guest AUD-2027-08 \"Dr. Weber, TÜV\" competence:\"Lead auditor, certificate 9\"").await;
        assert!(done.contains("Dr. Weber, TÜV audits AUD-2027-08 as a guest: Lead auditor, certificate 9."), "{done}");
        let shown = says(&stage, "audit show AUD-2027-08").await;
        assert!(shown.contains("Guests: Dr. Weber, TÜV (Lead auditor, certificate 9)"), "{shown}");
        let listed = says(&stage, "audit auditors").await;
        assert!(listed.contains("Dr. Weber, TÜV (Lead auditor, certificate 9): AUD-2027-08"), "{listed}");
        let none = says(&stage, "audit guest AUD-2027-08 Nobody remove").await;
        assert!(none.contains("“Nobody” is no guest of AUD-2027-08"), "{none}");
        says(&stage, "audit guest AUD-2027-08 \"Dr. Weber, TÜV\" remove").await;
        let shown = says(&stage, "audit show AUD-2027-08").await;
        assert!(!shown.contains("Weber"), "{shown}");
        let kinds: Vec<_> = stage.history("AUD-2027-08").await.into_iter().map(|past| past.kind).collect();
        assert_eq!(kinds, ["audit-guest-named", "audit-guest-removed"]);
    }

    async fn a_certificate_is_kept_and_found_again(db: TestDatabase) {
        let stage = stage(&db).await;
        let workspace = stage.workspace.id;
        let mut tx = stage.app.store.write(workspace).await.unwrap();
        let keeper = Keeper { workspace, by: None, at: stage.app.clock.now() };
        let file = files::keep(&mut tx, keeper, "certificate.pdf", b"a scan".to_vec()).await.unwrap();
        tx.commit().await.unwrap();
        let words = format!("role grant new auditor training:\"Lead auditor\" on:2026-05-12 until:2029-05-12 evidence:\"IRCA 12\" file:{file}");
        says(&stage, &words).await;
        let listed = says(&stage, "audit auditors").await;
        let expected = format!("valid until Sat 12 May 2029 (IRCA 12; file {})", file.fingerprint());
        assert!(listed.contains(&expected), "{listed}");
        let sent = says(&stage, &format!("file get {}", file.fingerprint())).await;
        assert!(sent.contains("certificate.pdf"), "{sent}");
        let none = format!("{:?}", stage.says("mia", &words.replace(file.as_str(), &"0".repeat(64))).await);
        assert!(none.contains("There is no file 000000000000 here"), "{none}");
    }

    async fn auditors_are_listed_with_what_they_have_shown_and_what_they_audit(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "audit assign AUD-2027-08 ann").await;
        says(&stage, "audit team AUD-2027-08 new override:\"To learn\"").await;
        let listed = plain(&stage.says("new", "audit auditors").await);
        let line = |name: &str| listed.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        assert!(line("ann").contains("Internal auditor") && line("ann").contains("AUD-2027-08"), "{listed}");
        assert!(line("new").contains("nothing is recorded") && line("new").contains("AUD-2027-08"), "{listed}");
        assert!(line("bob").contains("none"), "{listed}");
        assert!(!listed.contains("role grant"), "a member cannot record it: {listed}");
        assert!(says(&stage, "audit auditors").await.contains("[Record competence] /isms role grant <@new> auditor"));
    }

    async fn it_is_said_in_time_that_competence_runs_out_before_an_audit(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.newcomer("ben", Auditor, "Europe/Berlin").await;
        stage.newcomer("cem", Auditor, "Europe/Berlin").await;
        says(&stage, "audit plan 2027").await;
        for who in ["ben", "cem"] {
            says(&stage, &format!("role grant {who} auditor training:Course until:2027-03-31")).await;
        }
        says(&stage, "audit assign AUD-2027-03 ben").await;
        assert!(!plain(&stage.says("ben", "mine").await).contains("competence"));
        stage.move_to("2027-01-29T12:00:00+01:00").await;
        let asked = |who: &str| {
            let cards = stage.desk.to(who);
            let told: Vec<_> = cards.iter().map(Card::plain).filter(|card| card.contains("competence to audit is shown")).collect();
            told
        };
        assert_eq!((asked("ben").len(), asked("mia").len()), (0, 0));
        stage.move_to("2027-02-01T12:00:00+01:00").await;
        // 30 January is a Saturday.
        assert_eq!((asked("ben").len(), asked("mia").len()), (1, 1));
        assert!(asked("ben")[0].contains("Your competence to audit is shown until Wed 31 Mar 2027 only"), "{:?}", asked("ben"));
        assert!(asked("mia")[0].contains("ben's competence"), "{:?}", asked("mia"));
        assert!(asked("mia")[0].contains("role grant <@ben> auditor"), "{:?}", asked("mia"));
        assert!(asked("cem").is_empty(), "who has no audit coming is left alone");
        stage.move_to("2027-02-10T12:00:00+01:00").await;
        assert_eq!(asked("ben").len(), 1, "said once a while");
        says(&stage, "role grant ben auditor training:Refresher until:2029-03-31").await;
        assert!(!plain(&stage.says("mia", "mine").await).contains("competence"));
    }
}

on_every_platform! {
    async fn an_audit_is_assigned_to_one_who_is_trained_and_independent(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let (ann, bob) = (fake.person("ann"), fake.person("bob"));
        ann.types("/isms audit plan 2027").await;
        ann.types("/isms area assign A.8.15 @bob").await;
        let form = ann.types("/isms audit assign AUD-2027-08 @bob").await.form();
        let said = form.error("override").await.unwrap();
        assert!(said.contains("has no recorded competence to audit (7.2); is responsible for A.8.15"), "{said}");
        ann.types("/isms role grant @bob auditor training:Course on:2026-05-12").await;
        let form = ann.types("/isms audit assign AUD-2027-08 @bob").await.form();
        let said = form.error("override").await.unwrap();
        assert!(!said.contains("competence"), "{said}");
        let receipt = form.fills(&[("override", "Nobody else reads logs")]).submits().await.card();
        assert!(receipt.text().contains("Overridden"), "{}", receipt.text());
        bot.works().await;
        fake.dm("bob").shows("You audit AUD-2027-08").await;
        let shown = bob.types("/isms audit show AUD-2027-08").await.card();
        assert!(shown.text().contains("Nobody else reads logs"), "{}", shown.text());
        fake.is_content();
    }

    async fn others_and_guests_stand_beside_the_auditor(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        for line in [
            "audit plan 2027",
            "role grant @bob auditor training:Course on:2026-05-12",
            "role grant @cai auditor training:Course on:2026-05-12",
            "audit assign AUD-2027-08 @bob",
            "audit team AUD-2027-08 @cai",
            "audit guest AUD-2027-08 \"Dr. Weber, TÜV\" competence:\"Certificate 9\"",
        ] {
            ann.types(&format!("/isms {line}")).await.card();
        }
        bot.works().await;
        fake.dm("cai").shows("put you on the team of the audit of August 2027").await;
        let shown = fake.person("cai").types("/isms audit show AUD-2027-08").await.card();
        assert!(shown.text().contains("Dr. Weber, TÜV (Certificate 9)"), "{}", shown.text());
        let listed = ann.types("/isms audit auditors").await.card();
        assert!(listed.text().contains("Certificate 9"), "{}", listed.text());
        fake.is_content();
    }
}
