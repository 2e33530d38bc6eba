//! Stories of a review being held: who is there, what is said, what is decided, and what it comes to.

use isms_bot::chat::{Act, Form, Reply};
use isms_bot::people::Role::{Leader, Manager, Member};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::everywhere::Fake;
use crate::harness::stage::Stage;
use crate::{on_both_databases, on_every_platform};

const DAY: &str = "2026-12-15T09:00:00+01:00";

pub fn plain(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        other => format!("{other:?}"),
    }
}

pub fn form(reply: Reply) -> Form {
    match reply {
        Reply::Form(form) => form,
        other => panic!("a form: {other:?}"),
    }
}

/// Mia manages, Lea leads, Ann and Bob work here; a review has been scheduled for today.
pub async fn stage(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, DAY).await;
    for (name, role) in [
        ("mia", Manager),
        ("lea", Leader),
        ("ann", Member),
        ("bob", Member),
    ] {
        stage.person(name, role, "Europe/Berlin").await;
    }
    stage.work().await;
    stage.says("mia", "review schedule 2026-12-15").await;
    stage
        .says("mia", "review input MR-2026-Q4 b A new data centre")
        .await;
    stage
}

/// What somebody says is taken, and answered by a card with these words.
pub async fn told(stage: &Stage, who: &str, words: &str, expected: &str) {
    let reply = stage.says(who, words).await;
    let text = plain(&reply);
    assert!(matches!(reply, Reply::Card(_)), "{words}: {text}");
    assert!(text.contains(expected), "{words}: {text}");
}

/// The living message.
fn living(stage: &Stage) -> String {
    let mut shown = stage.desk.titled("isms", "MR-2026-Q4");
    assert_eq!(shown.len(), 1, "one message, edited: {shown:#?}");
    shown.remove(0)
}

on_both_databases! {
    async fn a_meeting_is_run_from_one_message_that_follows(db: TestDatabase) {
        let stage = stage(&db).await;
        told(&stage, "lea", "review start MR-2026-Q4", "The meeting has begun").await;
        stage.work().await;
        let begun = living(&stage);
        assert!(begun.contains("Chair: @lea"), "{begun}");
        assert!(begun.contains("(b) Changes in external") && begun.contains("A new data centre"), "{begun}");
        assert!(begun.contains("This input is missing."), "{begun}");
        assert!(begun.contains("[Discuss (f)] /isms review discuss MR-2026-Q4 f"), "{begun}");
        assert!(begun.contains("To end, it lacks: the chair, lea; a leader."), "{begun}");
        told(&stage, "lea", "review attend MR-2026-Q4 me", "Everybody who has to be there is there.").await;
        told(&stage, "mia", "review attend MR-2026-Q4 guest:\"Eve Moss\"", "Eve Moss (guest)").await;
        told(&stage, "mia", "review attend MR-2026-Q4 ann absent:yes", "Not here: @ann").await;
        told(&stage, "mia", "review discuss MR-2026-Q4 b It opens in spring", "version 1").await;
        told(&stage, "lea", "review decide MR-2026-Q4 b Audit the data centre owner:bob due:2027-03-01", "D1 Audit the data centre (improvement)").await;
        stage.work().await;
        let now = living(&stage);
        for words in [
            "Here: @lea (chair), Eve Moss (guest)", "Not here: @ann", "Said: It opens in spring",
            "D1 Audit the data centre (improvement) · @bob · due Mon 1 Mar 2027",
        ] {
            assert!(now.contains(words), "{words}: {now}");
        }
        assert!(!now.contains("To end, it lacks"), "{now}");
        told(&stage, "lea", "review conclude MR-2026-Q4 suitable:yes adequate:yes effective:partly Patching is weak", "is over").await;
        stage.work().await;
        let over = living(&stage);
        assert!(over.contains("Suitable: yes; adequate: yes; effective: in part"), "{over}");
        assert!(over.contains("Conclusion: Patching is weak") && !over.contains("[Discuss"), "{over}");
        let late = plain(&stage.says("lea", "review discuss MR-2026-Q4 b And more").await);
        assert!(late.contains("The meeting of MR-2026-Q4 is over"), "{late}");
    }

    async fn a_meeting_without_a_quorum_does_not_end(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "review start MR-2026-Q4").await;
        let end = "review conclude MR-2026-Q4 suitable:yes adequate:yes effective:yes Fine";
        // The leader who was invited chairs it, until somebody else does.
        let refused = plain(&stage.says("mia", end).await);
        assert!(refused.contains("Not there, as far as it was said: the chair, lea; a leader."), "{refused}");
        stage.says("mia", "review attend MR-2026-Q4 me chairs:yes").await;
        let refused = plain(&stage.says("mia", end).await);
        assert!(refused.contains("Not there, as far as it was said: a leader."), "{refused}");
        stage.says("mia", "review attend MR-2026-Q4 lea chairs:yes").await;
        stage.says("mia", "review attend MR-2026-Q4 lea absent:yes").await;
        let refused = plain(&stage.says("mia", end).await);
        assert!(refused.contains("the chair, lea; a leader"), "{refused}");
        stage.says("lea", "review attend MR-2026-Q4 me").await;
        told(&stage, "mia", end, "is over").await;
        // Half of those invited, where the workspace asks for them.
        told(&stage, "mia", "settings set quorum:half", "half of those invited").await;
    }

    async fn half_of_those_invited_can_be_asked_for(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "settings set quorum:half").await;
        let mut tx = stage.app.store.write(stage.workspace.id).await.unwrap();
        let people = isms_bot::sql!(tx, people::list_people(stage.workspace.id)).unwrap();
        // Beside the leader and whoever planned it.
        for name in ["ann", "bob"] {
            let person = people.iter().find(|person| person.name == name).unwrap().id;
            let review = "MR-2026-Q4".parse().unwrap();
            isms_bot::sql!(tx, review::insert_participant(stage.workspace.id, review, person)).unwrap();
        }
        tx.commit().await.unwrap();
        stage.says("mia", "review start MR-2026-Q4").await;
        stage.says("lea", "review attend MR-2026-Q4 me").await;
        let end = "review conclude MR-2026-Q4 suitable:yes adequate:yes effective:yes Fine";
        let refused = plain(&stage.says("mia", end).await);
        assert!(refused.contains("1 more of the 4 who were invited"), "{refused}");
        told(&stage, "mia", "review attend MR-2026-Q4 invited:yes", "Here: ").await;
        told(&stage, "mia", end, "is over").await;
    }

    async fn two_who_write_at_once_do_not_overwrite_each_other(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "review start MR-2026-Q4").await;
        let by_mia = form(stage.clicks("mia", "review discuss MR-2026-Q4 f").await);
        let by_lea = form(stage.clicks("lea", "review discuss MR-2026-Q4 f").await);
        assert_eq!(by_mia.command, "review discuss MR-2026-Q4 f seen:0");
        stage.submits("mia", &by_mia.command, &[("note", "Two risks are new")]).await;
        let again = form(stage.submits("lea", &by_lea.command, &[("note", "The robots are not assessed")]).await);
        let field = again.field("note").unwrap();
        assert_eq!(field.value.as_deref(), Some("The robots are not assessed"));
        assert!(field.error.as_deref().unwrap().contains("“Two risks are new”"), "{field:?}");
        assert_eq!(again.command, "review discuss MR-2026-Q4 f seen:1");
        let both = "Two risks are new; the robots are not assessed";
        told_form(&stage, "lea", &again, ("note", both), "version 2").await;
        // Typed, it is added.
        told(&stage, "mia", "review discuss MR-2026-Q4 f By February", "version 3").await;
        let shown = form(stage.clicks("mia", "review discuss MR-2026-Q4 f").await);
        assert_eq!(shown.field("note").unwrap().value, Some(format!("{both}\nBy February")));
        let versions = stage.history("MR-2026-Q4").await;
        let versions = versions.iter().filter(|past| past.kind == "review-discussed");
        assert_eq!(versions.count(), 3);
    }

    async fn a_form_that_was_interrupted_knows_what_it_was_begun_on(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "review start MR-2026-Q4").await;
        stage.says("mia", "review discuss MR-2026-Q4 f Two risks are new").await;
        let begun = form(stage.clicks("lea", "review discuss MR-2026-Q4 f").await);
        // Lea writes, and is called away before she sends it off.
        let kept = Act::Filled {
            command: begun.command.clone(),
            values: vec![("note".into(), "Both are treated".into())],
            send: false,
        };
        stage.app.handle(stage.inbound("lea", kept)).await;
        stage.says("mia", "review discuss MR-2026-Q4 f And a third").await;
        let resumed = form(stage.clicks("lea", "review discuss MR-2026-Q4 f").await);
        assert_eq!(resumed.field("note").unwrap().value.as_deref(), Some("Both are treated"));
        assert_eq!(resumed.command, "review discuss MR-2026-Q4 f seen:1");
        let again = form(stage.submits("lea", &resumed.command, &[("note", "Both are treated")]).await);
        assert!(again.field("note").unwrap().error.as_deref().unwrap().contains("And a third"));
        told_form(&stage, "lea", &again, ("note", "All three are treated"), "version 3").await;
        let blank = form(stage.clicks("lea", "review discuss MR-2026-Q4 f").await);
        assert_eq!(blank.field("note").unwrap().value.as_deref(), Some("All three are treated"));
    }

    async fn a_decision_gets_its_owner_and_date_later_and_can_be_taken_back(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "review start MR-2026-Q4").await;
        let asked = form(stage.clicks("mia", "review decide MR-2026-Q4 d").await);
        assert_eq!(asked.title, "Note a decision");
        let answer = [("decision", "A second person for patching"), ("kind", "resources")];
        let noted = plain(&stage.submits("mia", &asked.command, &answer).await);
        assert!(noted.contains("no owner yet") && noted.contains("It still needs an owner and a date"), "{noted}");
        let filled = form(stage.clicks("mia", "review decide-change MR-2026-Q4 D1").await);
        assert_eq!(filled.field("words").unwrap().value.as_deref(), Some("A second person for patching"));
        assert_eq!(filled.field("kind").unwrap().value.as_deref(), Some("resources"));
        told(&stage, "mia", "review decide-change MR-2026-Q4 d1 owner:bob", "It still needs a date").await;
        let filled = form(stage.clicks("mia", "review decide-change MR-2026-Q4 D1").await);
        assert_eq!(filled.field("owner").unwrap().value.as_deref(), Some("bob"));
        told_form(&stage, "mia", &filled, ("due", "2027-02-01"), "due Mon 1 Feb 2027").await;
        stage.says("mia", "review decide MR-2026-Q4 e Ask the customers").await;
        let refused = plain(&stage.says("ann", "review withdraw MR-2026-Q4 D2 No").await);
        assert!(refused.contains("is run by its chair, an ISMS manager or a leader"), "{refused}");
        told(&stage, "mia", "review withdraw MR-2026-Q4 D2 They are asked anyway", "taken back: They are asked anyway").await;
        let refused = plain(&stage.says("mia", "review decide-change MR-2026-Q4 D2 owner:bob").await);
        assert!(refused.contains("D2 was taken back"), "{refused}");
        let refused = plain(&stage.says("mia", "review decide-change MR-2026-Q4 D9 owner:bob").await);
        assert!(refused.contains("has no decision D9"), "{refused}");
    }

    async fn only_who_takes_part_writes_into_a_meeting(db: TestDatabase) {
        let stage = stage(&db).await;
        let early = plain(&stage.says("mia", "review decide MR-2026-Q4 d Patch").await);
        assert!(early.contains("has not been started"), "{early}");
        let refused = plain(&stage.says("ann", "review start MR-2026-Q4").await);
        assert!(refused.contains("is run by its chair"), "{refused}");
        stage.says("mia", "review start MR-2026-Q4").await;
        let refused = plain(&stage.says("ann", "review discuss MR-2026-Q4 d Patch").await);
        assert!(refused.contains("Only who takes part"), "{refused}");
        let refused = plain(&stage.says("ann", "review attend MR-2026-Q4 bob").await);
        assert!(refused.contains("is run by its chair"), "{refused}");
        told(&stage, "ann", "review attend MR-2026-Q4 me", "Here: @ann").await;
        told(&stage, "ann", "review discuss MR-2026-Q4 d Patch", "version 1").await;
    }
}

/// A form is sent off with one field as it is given here and the others as they stand.
async fn told_form(
    stage: &Stage,
    who: &str,
    form: &Form,
    (name, value): (&str, &str),
    expected: &str,
) {
    let mut values: Vec<(&str, &str)> = Vec::new();
    for field in &form.fields {
        match (&field.value, field.name == name) {
            (_, true) => values.push((name, value)),
            (Some(stands), _) => values.push((&field.name, stands)),
            (None, _) => {}
        }
    }
    let text = plain(&stage.submits(who, &form.command, &values).await);
    assert!(text.contains(expected), "{text}");
}

async fn says(fake: &Fake, who: &str, line: &str) -> String {
    fake.person(who)
        .types(&format!("/isms {line}"))
        .await
        .card()
        .text()
        .to_owned()
}

on_every_platform! {
    /// Ann manages; Cai is top management.
    async fn a_meeting_is_held_from_the_channel(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        for line in ["role grant @cai leader", "review schedule 2026-12-15", "review start MR-2026-Q4"] {
            says(&fake, "ann", line).await;
        }
        bot.works().await;
        let living = fake.channel("isms").shows("MR-2026-Q4").await;
        fake.person("cai").clicks(&living, "I am here").await.card();
        let form = fake.person("ann").clicks(&living, "Who is there").await.form();
        let answer = form.fills(&[("who", "cai"), ("chairs", "yes")]).submits().await.card();
        assert!(answer.text().contains("(chair)"), "{}", answer.text());
        let form = fake.person("ann").clicks(&living, "Discuss (f)").await.form();
        form.fills(&[("note", "Two risks are new")]).submits().await.card();
        let form = fake.person("cai").clicks(&living, "Decide (f)").await.form();
        let noted = form
            .fills(&[("decision", "Treat both"), ("owner", "bob"), ("due", "2027-02-01")])
            .submits()
            .await
            .card();
        assert!(noted.text().contains("Treat both"), "{}", noted.text());
        bot.works().await;
        let living = fake.channel("isms").shows("Treat both").await;
        assert!(living.is_edited() && living.text().contains("Two risks are new"), "{}", living.text());
        let form = fake.person("cai").clicks(&living, "End the meeting").await.form();
        let over = form
            .fills(&[
                ("suitable", "yes"),
                ("adequate", "yes"),
                ("effective", "partly"),
                ("conclusion", "Patching is weak"),
            ])
            .submits()
            .await
            .card();
        assert!(over.text().contains("is over"), "{}", over.text());
        bot.works().await;
        fake.channel("isms").shows("effective: in part").await;
        fake.is_content();
    }
}
