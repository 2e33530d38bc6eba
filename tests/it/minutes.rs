//! Stories of minutes: drafted, edited, approved by the chair, signed by leaders, and what follows.

use isms_bot::chat::{Reply, Target};
use isms_bot::command::value::FileRef;
use isms_bot::people::Role::{Leader, Manager, Member, Reader};
use isms_bot::sql;

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::everywhere::Fake;
use crate::harness::stage::Stage;
use crate::meeting::{form, plain, told};
use crate::report::as_text;
use crate::{on_both_databases, on_every_platform};

const DAY: &str = "2026-12-15T09:00:00+01:00";

/// A meeting of today is over: Lea chaired it, Leo leads too and was there, Ann was a guest of it; one
/// decision has all it needs.
async fn held(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, DAY).await;
    for (name, role) in [
        ("mia", Manager),
        ("lea", Leader),
        ("leo", Leader),
        ("ann", Member),
        ("bob", Member),
        ("eva", Reader),
    ] {
        stage.person(name, role, "Europe/Berlin").await;
    }
    stage.work().await;
    for (who, words) in [
        ("mia", "review schedule 2026-12-15"),
        ("mia", "review input MR-2026-Q4 b A new data centre"),
        ("lea", "review start MR-2026-Q4"),
        ("lea", "review attend MR-2026-Q4 me"),
        ("leo", "review attend MR-2026-Q4 me"),
        ("ann", "review attend MR-2026-Q4 me"),
        ("ann", "review discuss MR-2026-Q4 b It opens in spring"),
        (
            "lea",
            "review decide MR-2026-Q4 b Audit the data centre owner:bob due:2027-03-01",
        ),
        (
            "lea",
            "review conclude MR-2026-Q4 suitable:yes adequate:yes effective:partly Patching is weak",
        ),
    ] {
        let reply = stage.says(who, words).await;
        assert!(matches!(reply, Reply::Card(_)), "{words}: {reply:?}");
    }
    stage.work().await;
    stage
}

/// The files that somebody was sent, with their bytes.
fn files_to(stage: &Stage, who: &str) -> Vec<(String, Vec<u8>)> {
    let all = stage.desk.all().into_iter();
    let own = all.filter(|message| message.target == Target::Person(who.to_owned()));
    own.filter_map(|message| message.file).collect()
}

on_both_databases! {
    async fn minutes_are_approved_signed_and_followed_by_actions(db: TestDatabase) {
        let stage = held(&db).await;
        told(&stage, "mia", "review minutes MR-2026-Q4", "They wait for the approval of lea.").await;
        let asked = plain(&stage.says("mia", "review approve MR-2026-Q4").await);
        assert!(asked.contains("approved by lea, who chaired the meeting"), "{asked}");
        told(&stage, "lea", "review approve MR-2026-Q4 copy:\"@eva @mia\"", "the signature of lea and leo").await;
        stage.work().await;
        let (name, approved) = files_to(&stage, "leo").remove(0);
        assert_eq!(name, "MR-2026-Q4-minutes-v1.pdf");
        let asked = stage.desk.to("leo").pop().unwrap();
        let print = FileRef::of(&approved);
        assert!(asked.plain().contains(print.fingerprint()), "{}", asked.plain());
        assert!(asked.plain().contains("[Sign] /isms review sign MR-2026-Q4 version:1"), "{}", asked.plain());
        told(&stage, "leo", "review sign MR-2026-Q4 version:1", "They still wait for the signature of lea.").await;
        stage.work().await;
        assert!(stage.desk.to("leo").pop().unwrap().plain().contains("Nothing here waits for you"));
        assert_eq!(files_to(&stage, "bob").len(), 0);
        told(&stage, "lea", "review sign MR-2026-Q4", "The review is finished. Its decisions are actions now").await;
        stage.work().await;

        // What was signed is, to the byte, what was approved.
        let mut conn = stage.app.store.read().await.unwrap();
        let review = "MR-2026-Q4".parse().unwrap();
        let signatures = sql!(conn, minutes::list_signatures(stage.workspace.id, review, 1)).unwrap();
        drop(conn);
        assert_eq!(signatures.len(), 2);
        assert!(signatures.iter().all(|signature| signature.file == print));
        let history = stage.history("MR-2026-Q4").await;
        let signed: Vec<_> = history.iter().filter(|past| past.kind == "review-signed").collect();
        assert_eq!(signed[1].data["file"], print.as_str());
        assert_eq!((&signed[0].data["finished"], &signed[1].data["finished"]), (&false.into(), &true.into()));

        // The decision is an action of its owner.
        let action = plain(&stage.says("bob", "action show CA-1").await);
        assert!(action.contains("Audit the data centre") && action.contains("D1 of MR-2026-Q4"), "{action}");
        assert!(plain(&stage.says("bob", "mine").await).contains("CA-1"));

        // The signed minutes went once to whom they are for.
        for who in ["mia", "leo", "ann", "eva"] {
            let files = files_to(&stage, who);
            let signed: Vec<_> = files.iter().filter(|(name, _)| name.ends_with("-signed.pdf")).collect();
            assert_eq!(signed.len(), 1, "{who}");
        }
        assert!(files_to(&stage, "bob").is_empty(), "who was not there gets his action only");
        let (_, archived) = files_to(&stage, "eva").pop().unwrap();
        assert_eq!(&archived[..5], b"%PDF-");
        let text = as_text(&archived);
        for words in [
            "Minutes of the management review", "Suitable: yes; adequate: yes; effective: in part.",
            "Present: lea (chair), leo, ann", "From the records; mia answers for it.", "A new data centre", "It opens in spring", "Audit the data centre",
            "This input was missing.", "Signatures", "approved by lea",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        // A long word may be broken where a line ends.
        let unbroken: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        assert!(unbroken.contains(print.as_str()), "{print}: {text}");
        let shown = plain(&stage.says("mia", "review show MR-2026-Q4").await);
        assert!(shown.contains("State: finished on Tue 15 Dec 2026"), "{shown}");
        // The clock stood still between the two.
        assert!(shown.contains("Signed by: @leo, @lea") || shown.contains("Signed by: @lea, @leo"), "{shown}");
        let closed = plain(&stage.says("lea", "review decide MR-2026-Q4 b More").await);
        assert!(closed.contains("are signed: nothing in it changes any more"), "{closed}");
    }

    async fn an_ownerless_decision_keeps_minutes_from_being_signed(db: TestDatabase) {
        let stage = held(&db).await;
        told(&stage, "lea", "review decide MR-2026-Q4 d A second person for patching", "D2").await;
        let refused = plain(&stage.says("lea", "review approve MR-2026-Q4").await);
        assert!(refused.contains("Missing: an owner and a date of D2."), "{refused}");
        assert!(refused.contains("[Complete D2] /isms review decide-change MR-2026-Q4 D2"), "{refused}");
        let refused = plain(&stage.says("leo", "review sign MR-2026-Q4").await);
        assert!(refused.contains("an owner and a date of D2"), "{refused}");
        stage.says("lea", "review decide-change MR-2026-Q4 D2 owner:ann due:2027-02-01").await;
        told(&stage, "lea", "review approve MR-2026-Q4", "are approved").await;
    }

    async fn what_changes_after_the_approval_is_approved_anew(db: TestDatabase) {
        let stage = held(&db).await;
        stage.says("lea", "review approve MR-2026-Q4").await;
        stage.work().await;
        let asked = stage.desk.to("leo").pop().unwrap();
        assert!(asked.plain().contains("version:1"), "{}", asked.plain());
        let edit = form(stage.clicks("mia", "review edit MR-2026-Q4").await);
        assert_eq!(edit.field("b").unwrap().value.as_deref(), Some("It opens in spring"));
        assert_eq!(edit.field("conclusion").unwrap().value.as_deref(), Some("Patching is weak"));
        let values = [("b", "It opens in April"), ("conclusion", "Patching is weak"), ("opening", "Welcome")];
        let edited = plain(&stage.submits("mia", &edit.command, &values).await);
        assert!(edited.contains("Version 1 had been approved"), "{edited}");
        stage.work().await;
        // What asked for a signature asks for nothing; the chair is asked again.
        let old = stage.desk.to("leo").pop().unwrap();
        assert!(old.plain().contains("Nothing here waits for you"), "{}", old.plain());
        let again = stage.desk.to("lea").pop().unwrap();
        assert!(again.plain().contains("yours to approve"), "{}", again.plain());
        let stale = plain(&stage.says("leo", "review sign MR-2026-Q4 version:1").await);
        assert!(stale.contains("not approved yet"), "{stale}");
        told(&stage, "lea", "review approve MR-2026-Q4", "version 2").await;
        let stale = plain(&stage.says("leo", "review sign MR-2026-Q4 version:1").await);
        assert!(stale.contains("version 2 is what would be signed now"), "{stale}");
        // A form that was begun on an older version does not undo the newer one.
        let over = form(stage.submits("mia", &edit.command, &[("opening", "Hello")]).await);
        assert!(over.field("opening").unwrap().error.as_deref().unwrap().contains("It opens in April"));
        assert_eq!(over.field("opening").unwrap().value.as_deref(), Some("Hello"));
        assert_eq!(over.command, "review edit MR-2026-Q4 seen:2");
    }

    async fn another_leader_approves_when_the_chair_left(db: TestDatabase) {
        let stage = held(&db).await;
        let early = plain(&stage.says("leo", "review approve MR-2026-Q4").await);
        assert!(early.contains("approved by lea, who chaired"), "{early}");
        stage.says("lea", "away until:2026-12-29 deputy:@mia").await;
        let manager = plain(&stage.says("mia", "review approve MR-2026-Q4").await);
        assert!(manager.contains("a leader approves the minutes instead"), "{manager}");
        told(&stage, "leo", "review approve MR-2026-Q4", "in place of @lea, who was not there").await;
        told(&stage, "leo", "review sign MR-2026-Q4", "The review is finished").await;
        stage.work().await;
        let (_, archived) = files_to(&stage, "ann").pop().unwrap();
        let text = as_text(&archived).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("approved by leo in place of the chair, lea, who was not there"), "{text}");
    }

    async fn who_owes_an_approval_or_a_signature_is_reminded_and_it_is_told_further_up(db: TestDatabase) {
        let stage = held(&db).await;
        let mine = plain(&stage.says("lea", "mine").await);
        assert!(mine.contains("the minutes are to be approved"), "{mine}");
        assert!(!plain(&stage.says("leo", "mine").await).contains("MR-2026-Q4"));
        stage.says("lea", "review approve MR-2026-Q4").await;
        stage.says("lea", "review sign MR-2026-Q4").await;
        let mine = plain(&stage.says("leo", "mine").await);
        assert!(mine.contains("version 1 of the minutes is to be signed"), "{mine}");
        assert!(!plain(&stage.says("lea", "mine").await).contains("MR-2026-Q4"));
        stage.move_to("2026-12-22T10:00:00+01:00").await;
        let reminders = stage.desk.to("leo").into_iter().filter(|card| card.plain().contains("due today"));
        assert_eq!(reminders.count(), 1);
        stage.move_to("2027-01-07T12:00:00+01:00").await;
        let told_mia = stage.desk.to("mia").iter().any(|card| card.plain().contains("is to be signed"));
        assert!(told_mia, "two weeks late, the managers hear of it");
    }

    async fn the_next_review_opens_with_what_came_of_the_last(db: TestDatabase) {
        let stage = held(&db).await;
        stage.says("lea", "review approve MR-2026-Q4").await;
        stage.says("lea", "review sign MR-2026-Q4").await;
        stage.says("leo", "review sign MR-2026-Q4").await;
        stage.move_to("2027-03-15T09:00:00+01:00").await;
        stage.says("mia", "review schedule 2027-03-15").await;
        stage.says("lea", "review start MR-2027-Q1").await;
        stage.work().await;
        let opened = stage.desk.titled("isms", "MR-2027-Q1").pop().unwrap();
        assert!(opened.contains("What came of earlier reviews"), "{opened}");
        assert!(opened.contains("CA-1 Audit the data centre (D1 of MR-2026-Q4)"), "{opened}");
        assert!(opened.contains("overdue since Mon 1 Mar 2027"), "{opened}");
    }

    async fn minutes_are_given_again_as_they_were_signed(db: TestDatabase) {
        let stage = held(&db).await;
        told(&stage, "ann", "report review MR-2026-Q4", "on its way").await;
        stage.work().await;
        let (name, draft) = files_to(&stage, "ann").pop().unwrap();
        assert_eq!(name, "MR-2026-Q4-minutes-draft-1.pdf");
        assert!(as_text(&draft).contains("not approved"));
        stage.says("lea", "review approve MR-2026-Q4").await;
        stage.says("lea", "review sign MR-2026-Q4").await;
        stage.says("leo", "review sign MR-2026-Q4").await;
        stage.work().await;
        let sent = files_to(&stage, "ann").pop().unwrap();
        told(&stage, "ann", "report review MR-2026-Q4", "on its way").await;
        told(&stage, "ann", "report review MR-2026-Q4 format:markdown", "on its way").await;
        stage.work().await;
        let again = files_to(&stage, "ann");
        let (_, markdown) = again.iter().find(|(name, _)| name.ends_with("-v1-signed.md")).unwrap();
        assert!(std::str::from_utf8(markdown).unwrap().contains("Signatures"));
        let twice: Vec<_> = again.iter().filter(|(name, _)| name.ends_with("-v1-signed.pdf")).collect();
        assert_eq!(twice, [&sent, &sent], "the very file");
        let rows = plain(&stage.says("ann", "report review MR-2026-Q4 format:csv").await);
        assert!(rows.contains("Minutes are words"), "{rows}");
    }
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
    /// Ann manages; Cai is top management, and chairs.
    async fn minutes_are_approved_and_signed_with_buttons(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        for line in [
            "role grant @cai leader",
            "review schedule 2026-12-15",
            "review start MR-2026-Q4",
            "review attend MR-2026-Q4 @cai chairs:yes",
            "review decide MR-2026-Q4 d \"A second person\" owner:@bob due:2027-02-01",
            "review conclude MR-2026-Q4 suitable:yes adequate:yes effective:yes \"It works\"",
        ] {
            says(&fake, "ann", line).await;
        }
        bot.works().await;
        let asked = fake.dm("cai").shows("yours to approve").await;
        let cai = fake.person("cai").in_dm();
        let minutes = cai.clicks(&asked, "Minutes").await.card();
        let form = fake.person("ann").types("/isms review edit MR-2026-Q4").await.form();
        let edited = form.fills(&[("other", "The next review is in June")]).submits().await.card();
        assert!(edited.text().contains("version 2"), "{}", edited.text());
        let approved = cai.clicks(&minutes, "Approve").await.card();
        assert!(approved.text().contains("are approved"), "{}", approved.text());
        let signed = cai.clicks(&approved, "Sign").await.card();
        assert!(signed.text().contains("The review is finished"), "{}", signed.text());
        bot.works().await;
        let files = fake.files();
        assert!(files.iter().any(|(name, _)| name == "MR-2026-Q4-minutes-v2-signed.pdf"), "{:?}",
            files.iter().map(|(name, _)| name).collect::<Vec<_>>());
        fake.dm("bob").shows("A second person").await;
        fake.is_content();
    }
}
