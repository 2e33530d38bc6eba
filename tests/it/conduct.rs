//! Stories of an audit under way: it begins, its checklist is gone through, and nobody overwrites
//! anybody.

use isms_bot::chat::{Act, Form, Reply};
use isms_bot::clock::Clock;
use isms_bot::command::value::FileRef;
use isms_bot::people::Role::{Auditor, Manager, Member};
use isms_bot::record::files::{self, Keeper};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::stage::{Stage, instant};
use crate::{on_both_databases, on_every_platform};

/// AUD-2027-03 looks at support and people.
async fn stage(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, "2027-03-02T09:00:00+01:00").await;
    stage.person("mia", Manager, "Europe/Berlin").await;
    stage.person("ann", Auditor, "Europe/Berlin").await;
    stage.person("ben", Auditor, "Europe/Berlin").await;
    stage.person("sue", Member, "Europe/Berlin").await;
    stage.says("mia", "audit plan 2027").await;
    stage.says("mia", "area assign A.6 sue").await;
    stage.says("mia", "audit assign AUD-2027-03 ann").await;
    stage.work().await;
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

fn button(reply: &Reply, label: &str) -> String {
    let card = reply.card().unwrap_or_else(|| panic!("{reply:?}"));
    let mut buttons = card.all_buttons();
    let found = buttons.find(|button| button.label == label);
    let found = found.unwrap_or_else(|| panic!("no button {label} on {}", card.plain()));
    found.command.clone()
}

/// What a form holds, with these values over it.
fn filled(form: &Form, values: &[(&str, &str)]) -> Vec<(String, String)> {
    let held = form
        .fields
        .iter()
        .filter(|field| !values.iter().any(|(name, _)| *name == field.name))
        .filter_map(|field| Some((field.name.clone(), field.value.clone()?)));
    let typed = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    held.chain(typed).collect()
}

async fn sends(stage: &Stage, who: &str, form: &Form, values: &[(&str, &str)]) -> Reply {
    let act = Act::Submitted {
        command: form.command.clone(),
        values: filled(form, values),
    };
    stage.app.handle(stage.inbound(who, act)).await
}

fn value<'f>(form: &'f Form, field: &str) -> Option<&'f str> {
    form.field(field)?.value.as_deref()
}

fn error<'f>(form: &'f Form, field: &str) -> &'f str {
    let field = form.field(field).and_then(|field| field.error.as_deref());
    field.unwrap_or_default()
}

async fn keep_file(stage: &Stage, name: &str, bytes: &[u8]) -> FileRef {
    let workspace = stage.workspace.id;
    let mut tx = stage.app.store.write(workspace).await.unwrap();
    let keeper = Keeper {
        workspace,
        by: None,
        at: stage.app.clock.now(),
    };
    let file = files::keep(&mut tx, keeper, name, bytes.to_vec()).await;
    tx.commit().await.unwrap();
    file.unwrap()
}

/// The living message of the audit: there is one.
fn living(stage: &Stage) -> String {
    let all = stage
        .desk
        .titled("isms", "AUD-2027-03 · Support and people");
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

const CONFORMS: &[(&str, &str)] = &[
    ("result", "conforms"),
    ("method", "document"),
    ("evidence", "Folder HR/7, of 1 March"),
];

on_both_databases! {
    async fn who_answers_for_what_is_audited_gets_an_opening_note_and_the_channel_one_message(db: TestDatabase) {
        let stage = stage(&db).await;
        let begun = plain(&stage.says("ann", "audit start AUD-2027-03").await);
        assert!(begun.contains("11 items are to be looked at. The opening note went to sue."), "{begun}");
        stage.work().await;
        let note = stage.desk.last_to("sue").card.plain();
        assert!(note.contains("Internal audit AUD-2027-03: Support and people"), "{note}");
        assert!(note.contains("@ann begins to audit what you answer for."), "{note}");
        assert!(note.contains("A.6.1 Screening: For five people hired") && !note.contains("7.1 Resources"), "{note}");
        let message = living(&stage);
        assert!(message.contains("Checklist: 0 of 11 looked at") && message.contains("Findings: none"), "{message}");
        stage.says("ann", "audit check AUD-2027-03 7.1 result:conforms method:document evidence:Budget").await;
        stage.work().await;
        let message = living(&stage);
        assert!(message.contains("Checklist: 1 of 11 looked at"), "{message}");
        // Nobody answers for the clauses of January: the channel hears of it, below the one message.
        stage.says("mia", "audit assign AUD-2027-01 ann").await;
        let begun = plain(&stage.says("ann", "audit start AUD-2027-01").await);
        assert!(begun.contains("the opening note stands in the channel"), "{begun}");
        stage.work().await;
        let threads = stage.desk.all().into_iter().filter(|message| message.thread.is_some());
        let threads: Vec<_> = threads.map(|message| message.card.plain()).collect();
        assert_eq!(threads.len(), 1, "{threads:?}");
        assert!(threads[0].contains("Internal audit AUD-2027-01"), "{threads:?}");
    }

    async fn an_item_is_put_down_with_its_sample_and_evidence_and_the_next_one_follows(db: TestDatabase) {
        let stage = stage(&db).await;
        let begun = stage.says("ann", "audit start AUD-2027-03").await;
        let first = form(stage.clicks("ann", &button(&begun, "First item")).await);
        assert_eq!(first.command, "audit check AUD-2027-03 7.1 seen:0");
        let intro = first.intro.clone().unwrap();
        assert!(intro.contains("7.1 Resources") && intro.contains("Which people, money and tools"), "{intro}");
        let photo = keep_file(&stage, "budget.pdf", b"numbers").await;
        let mut values = vec![
            ("population", "14 requests"), ("sample", "5"), ("chosen", "the largest"),
            ("file", photo.as_str()), ("note", "Four of five were granted"),
        ];
        values.extend(CONFORMS);
        let saved = sends(&stage, "ann", &first, &values).await;
        let words = plain(&saved);
        assert!(words.contains("Saved: 7.1 Resources: conforms."), "{words}");
        assert!(words.contains("AUD-2027-03: 1 of 11 looked at."), "{words}");
        let next = form(stage.clicks("ann", &button(&saved, "Next item")).await);
        assert_eq!(next.command, "audit check AUD-2027-03 7.2 seen:0");
        let list = plain(&stage.says("sue", "audit checklist AUD-2027-03").await);
        let line = format!(
            "7.1 Resources · conforms (documents; 5 of 14 requests, chosen: the largest; Four of five were granted; Folder HR/7, of 1 March; file {}) · ann",
            photo.fingerprint()
        );
        assert!(list.contains(&line), "{list}");
        assert!(list.contains("7.2 Competence · open"), "{list}");
        assert!(list.contains("[More] /isms audit checklist AUD-2027-03 2"), "{list}");
        assert!(!list.contains("A.6.6"), "{list}");
        let more = plain(&stage.says("ann", "audit checklist AUD-2027-03 2").await);
        assert!(more.contains("A.6.6 Confidentiality") && more.contains("[Earlier]"), "{more}");
        let log = stage.history("AUD-2027-03").await;
        let event = log.iter().find(|event| event.kind == "audit-item-checked").unwrap();
        assert_eq!(event.data["requirement"], "7.1");
        assert_eq!(event.data["file"], photo.as_str());
        assert!(event.data["questions"][0].as_str().unwrap().starts_with("Which people"));
    }

    async fn two_auditors_at_once_do_not_overwrite_each_other(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("ann", "audit start AUD-2027-03").await;
        let anns = form(stage.says("ann", "audit check AUD-2027-03 7.2").await);
        let mias = form(stage.says("mia", "audit check AUD-2027-03 7.2").await);
        let first = sends(&stage, "mia", &mias, CONFORMS).await;
        assert!(plain(&first).contains("Saved: 7.2 Competence: conforms"), "{first:?}");
        let typed = [("result", "does-not-conform"), ("method", "interview"), ("note", "Nobody was trained")];
        let refused = form(sends(&stage, "ann", &anns, &typed).await);
        let why = error(&refused, "result");
        assert!(why.contains("mia has put this item down meanwhile: conforms (documents; Folder HR/7"), "{why}");
        assert_eq!(value(&refused, "note"), Some("Nobody was trained"), "nothing typed is lost");
        // Now she has seen it, and means it.
        let saved = sends(&stage, "ann", &refused, &[]).await;
        assert!(plain(&saved).contains("Saved: 7.2 Competence: does NOT conform"), "{saved:?}");
        let list = plain(&stage.says("mia", "audit checklist AUD-2027-03").await);
        assert!(list.contains("Nobody was trained) · ann"), "{list}");
        // Who types without looking is shown it first, too; one's own may be changed.
        let blind = stage.says("mia", "audit check AUD-2027-03 7.2 result:not-tested note:Later").await;
        let blind = form(blind);
        assert!(error(&blind, "result").contains("ann has put this item down"), "{blind:?}");
        let own = "audit check AUD-2027-03 7.2 result:does-not-conform method:all note:\"Two of five were\"";
        let own = stage.says("ann", own).await;
        assert!(plain(&own).contains("Saved"), "{own:?}");
    }

    async fn what_is_wrong_in_a_stale_form_does_not_hide_what_another_saved(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("ann", "audit start AUD-2027-03").await;
        let anns = form(stage.says("ann", "audit check AUD-2027-03 7.2").await);
        stage.says("mia", "audit check AUD-2027-03 7.2 result:conforms method:document evidence:Plan").await;
        let odd = form(sends(&stage, "ann", &anns, &[("result", "perhaps"), ("method", "document")]).await);
        assert!(error(&odd, "result").contains("is not a choice"), "{odd:?}");
        let told = form(sends(&stage, "ann", &odd, &[("result", "not-tested")]).await);
        assert!(error(&told, "result").contains("mia has put this item down meanwhile"), "{told:?}");
        let bare = form(sends(&stage, "ann", &told, &[]).await);
        assert!(error(&bare, "note").contains("Say why"), "{bare:?}");
    }

    async fn an_interrupted_form_is_resumed_with_all_that_was_typed(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("ann", "audit start AUD-2027-03").await;
        let begun = form(stage.says("ann", "audit check AUD-2027-03").await);
        let typed = [("method", "interview"), ("note", "Asked the two team leads"), ("population", "12 teams")];
        let bits = Act::Filled {
            command: begun.command.clone(),
            values: typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            send: false,
        };
        stage.app.handle(stage.inbound("ann", bits)).await;
        stage.move_to("2027-03-02T16:00:00+01:00").await;
        let again = form(stage.says("ann", "audit check AUD-2027-03").await);
        assert!(again.intro.as_deref().unwrap().contains("You began this before"), "{again:?}");
        assert_eq!(value(&again, "note"), Some("Asked the two team leads"));
        // Somebody else put the item down meanwhile: it is shown, and what was typed is still there.
        stage.says("mia", "audit check AUD-2027-03 7.1 result:conforms method:document evidence:Budget").await;
        let third = form(stage.says("ann", "audit check AUD-2027-03 7.1").await);
        assert_eq!(third.command, "audit check AUD-2027-03 7.1 seen:1");
        assert_eq!(value(&third, "population"), Some("12 teams"));
        assert!(third.intro.as_deref().unwrap().contains("Put down by mia"), "{third:?}");
        let saved = sends(&stage, "ann", &third, &[("result", "conforms")]).await;
        assert!(plain(&saved).contains("Saved: 7.1"), "{saved:?}");
        let after = form(stage.says("ann", "audit check AUD-2027-03 7.1").await);
        assert_eq!(value(&after, "population"), Some("12 teams"), "as it is kept");
        assert!(!after.intro.as_deref().unwrap().contains("You began"), "{after:?}");
    }

    async fn what_does_not_go_is_said_with_the_way_on(db: TestDatabase) {
        let stage = stage(&db).await;
        for (who, said, answer) in [
            ("ann", "audit check AUD-2027-03", "AUD-2027-03 has not been started"),
            ("ann", "audit check AUD-2027-09", "AUD-2027-09 has no auditor yet"),
            ("ann", "audit start AUD-2027-03", "AUD-2027-03 has begun"),
            ("ann", "audit start AUD-2027-03", "[Next item] /isms audit check AUD-2027-03"),
            ("ben", "audit check AUD-2027-03", "AUD-2027-03 is audited by ann; they or a manager do this"),
            ("sue", "audit check AUD-2027-03", "is for a manager or an auditor"),
            ("ann", "audit check AUD-2027-03 A.8.1", "User endpoint devices is not in the scope of this audit"),
            ("ann", "audit check AUD-2027-03 7.1 result:conforms evidence:x", "Say how it was looked at"),
            ("ann", "audit check AUD-2027-03 7.1 result:conforms method:document", "Say what shows it"),
            ("ann", "audit check AUD-2027-03 7.1 result:not-tested", "Say why"),
            ("ann", "audit check AUD-2027-03 7.1 result:does-not-conform method:all", "Say what was seen"),
            ("ann", "audit check AUD-2027-03 7.1 result:not-applicable note:No file:0000000000000000000000000000000000000000000000000000000000000000",
             "There is no file 000000000000 here"),
        ] {
            let words = plain(&stage.says(who, said).await);
            assert!(words.contains(answer), "{said}: {words}");
        }
    }

    async fn when_all_is_looked_at_there_is_no_next_item(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("ann", "audit start AUD-2027-03").await;
        let mut last = None;
        for reference in ["7.1", "7.2", "7.3", "7.4", "7.5", "A.6.1", "A.6.2", "A.6.3", "A.6.4", "A.6.5", "A.6.6"] {
            let words = format!("audit check AUD-2027-03 {reference} result:conforms method:document evidence:Seen");
            last = Some(stage.says("ann", &words).await);
        }
        let last = last.unwrap();
        assert!(plain(&last).contains("11 of 11 looked at"), "{last:?}");
        assert_eq!(button(&last, "Finish"), "audit finish AUD-2027-03");
        let none = plain(&stage.says("ann", "audit check AUD-2027-03").await);
        assert!(none.contains("All 11 items of AUD-2027-03 are looked at"), "{none}");
    }

    async fn questions_are_replaced_by_a_file_after_a_look_and_given_back(db: TestDatabase) {
        let stage = stage(&db).await;
        let all = plain(&stage.says("ann", "audit questions").await);
        assert!(all.contains("questions for 121 clauses and controls. They are those that come with the bot"), "{all}");
        let one = plain(&stage.says("ann", "audit questions A.6.1").await);
        assert!(one.contains("• For five people hired this year"), "{one}");
        assert!(matches!(stage.clicks("ann", "audit questions replace:yes").await, Reply::Form(_)));
        let bad = keep_file(&stage, "bad.csv", b"requirement,question\nA.6.1,Who checks?\nA.6.99,What?\n7.1,\n").await;
        let refused = plain(&stage.says("ann", &format!("audit questions file:{bad} commit:yes")).await);
        assert!(refused.contains("Line 3: The controls of A.6") && refused.contains("Line 4: There is no question"), "{refused}");
        let good = keep_file(&stage, "ours.csv", "requirement;question\nA.6.1;Wer prüft die Zeugnisse?\nA.6.1;Seit wann?\n".as_bytes()).await;
        let look = stage.says("ann", &format!("audit questions file:{good}")).await;
        assert!(plain(&look).contains("2 questions for 1 clause or control would be asked"), "{look:?}");
        let before = plain(&stage.says("ann", "audit questions A.6.1").await);
        assert!(before.contains("hired this year"), "a look changes nothing");
        stage.clicks("ann", &button(&look, "Replace them")).await;
        stage.says("ann", "audit start AUD-2027-03").await;
        let asked = form(stage.says("ann", "audit check AUD-2027-03 A.6.1").await);
        let intro = asked.intro.unwrap();
        assert!(intro.contains("• Wer prüft die Zeugnisse?\n• Seit wann?"), "{intro}");
        let other = form(stage.says("ann", "audit check AUD-2027-03 7.1").await);
        assert!(other.intro.unwrap().contains("Which people, money and tools"), "ours fill the gaps");
        stage.says("ann", "audit questions csv:yes").await;
        stage.work().await;
        let sent = stage.desk.last_to("ann").file.unwrap();
        assert_eq!(sent.0, "audit-questions.csv");
        let text = String::from_utf8(sent.1).unwrap();
        assert!(text.contains("A.6.1,Seit wann?") && text.contains("A.8.34,"), "{text}");
        let log = stage.history("audit questions").await;
        assert_eq!(log.last().unwrap().kind, "audit-questions-replaced");
        let elsewhere = stage.elsewhere().await;
        elsewhere.person("ann", Auditor, "Europe/Berlin").await;
        let theirs = plain(&elsewhere.says("ann", "audit questions A.6.1").await);
        assert!(theirs.contains("hired this year"), "each workspace has its own: {theirs}");
    }
}

on_every_platform! {
    async fn a_checklist_is_gone_through_with_buttons_and_forms(db: TestDatabase, fake: Fake) {
        let clock = Clock::set_at(instant("2026-11-23T09:00:00+01:00"));
        let bot = Bot::start_with(&db, &fake, clock).await;
        let (ann, bob) = (fake.person("ann"), fake.person("bob"));
        bob.types("/isms help").await;
        for line in [
            "/isms role grant @bob auditor training:Course",
            "/isms area assign 9 @cai",
            "/isms audit plan 2026",
            "/isms audit assign AUD-2026-12 @bob",
        ] {
            ann.types(line).await.card();
        }
        let begun = bob.types("/isms audit start AUD-2026-12").await.card();
        bot.works().await;
        let note = fake.dm("cai").shows("Internal audit AUD-2026-12").await;
        assert!(note.text().contains("Monitoring, measurement"), "{}", note.text());
        let message = fake.channel("isms").shows("0 of 10 looked at").await;
        let bobs = bob.clicks(&begun, "First item").await.form();
        assert!(bobs.all_words().contains("Do the KPIs tell"), "{}", bobs.all_words());
        // Ann opens the same item from the channel's message, and is first.
        let anns = ann.clicks(&message, "Next item").await.form();
        let values = [
            ("result", "conforms"), ("method", "document"), ("population", "12 KPIs"), ("sample", "3"),
            ("evidence", "Digests of November"),
        ];
        let saved = anns.fills(&values).submits().await.card();
        assert!(saved.text().contains("1 of 10 looked at"), "{}", saved.text());
        let values = [
            ("result", "does-not-conform"), ("method", "interview"), ("note", "Nobody could say who judges"),
        ];
        let told = bobs.fills(&values).submits().await.form();
        let why = told.error("result").await.unwrap_or_default();
        assert!(why.contains("has put this item down meanwhile"), "{why}");
        assert_eq!(told.value("note").await.as_deref(), Some("Nobody could say who judges"));
        let saved = told.submits().await.card();
        assert!(saved.text().contains("does NOT conform"), "{}", saved.text());
        let next = bob.clicks(&saved, "Next item").await.form();
        assert!(next.all_words().contains("9.2.1"), "{}", next.all_words());
        bot.works().await;
        fake.channel("isms").shows("1 of 10 looked at").await;
        let list = bob.types("/isms audit checklist AUD-2026-12").await.card();
        assert!(list.text().contains("Nobody could say who judges"), "{}", list.text());
        fake.is_content();
    }
}
