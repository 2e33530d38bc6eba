//! Stories of findings: a nonconformity raises its action, who answers for the area says whether it is
//! so, and the auditor decides.

use isms_bot::chat::{Act, Form, Reply, Target};
use isms_bot::clock::Clock;
use isms_bot::people::Role::{Auditor, Leader, Manager, Member};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::stage::{Message, Stage, instant};
use crate::{on_both_databases, on_every_platform};

/// AUD-2027-03 is under way; Sue answers for A.6, nobody for clause 7.
async fn stage(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, "2027-03-02T09:00:00+01:00").await;
    stage.person("mia", Manager, "Europe/Berlin").await;
    stage.person("ann", Auditor, "Europe/Berlin").await;
    stage.person("sue", Member, "Europe/Berlin").await;
    stage.person("tom", Member, "Europe/Berlin").await;
    stage.person("lea", Leader, "Europe/Berlin").await;
    stage.work().await;
    stage.says("mia", "audit plan 2027").await;
    stage.says("mia", "area assign A.6 sue").await;
    stage.says("mia", "audit assign AUD-2027-03 ann").await;
    stage.says("ann", "audit start AUD-2027-03").await;
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

/// Sends a form with what it holds and these values over it.
async fn sends(stage: &Stage, who: &str, form: &Form, values: &[(&str, &str)]) -> Reply {
    let held = form
        .fields
        .iter()
        .filter(|field| !values.iter().any(|(name, _)| *name == field.name))
        .filter_map(|field| Some((field.name.clone(), field.value.clone()?)));
    let typed = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let act = Act::Submitted {
        command: form.command.clone(),
        values: held.chain(typed).collect(),
    };
    stage.app.handle(stage.inbound(who, act)).await
}

/// The newest message to somebody that says this.
fn told(stage: &Stage, who: &str, words: &str) -> Message {
    let to = Target::Person(who.to_owned());
    let all = stage.desk.all().into_iter();
    let mut fitting = all.filter(|m| m.target == to && m.card.plain().contains(words));
    let last = fitting.next_back();
    last.unwrap_or_else(|| panic!("{who} was not told “{words}”: {:?}", stage.desk.to(who)))
}

const BADGES: &str = "audit finding AUD-2027-03 A.6.5 grade:minor evidence:\"Badge list of 1 March\" \
                      Two of ten leavers kept their badge";

async fn kinds(stage: &Stage, of: &str) -> Vec<String> {
    let past = stage.history(of).await;
    past.into_iter().map(|past| past.kind).collect()
}

on_both_databases! {
    async fn a_nonconformity_raises_its_action_and_is_accepted_by_who_answers_for_the_area(db: TestDatabase) {
        let stage = stage(&db).await;
        let raised = plain(&stage.says("ann", BADGES).await);
        assert!(raised.contains("F-1, minor nonconformity on A.6.5: Two of ten leavers kept their badge"), "{raised}");
        assert!(raised.contains("Raised with it: CA-1, owner @sue, due Mon 3 May 2027."), "{raised}");
        assert!(raised.contains("sue can answer it until Tue 16 Mar 2027."), "{raised}");
        let action = plain(&stage.says("mia", "action show CA-1").await);
        assert!(action.contains("Two of ten leavers kept their badge") && action.contains("audit finding"), "{action}");
        assert!(action.contains("A.6.5"), "{action}");
        stage.work().await;
        let asked = told(&stage, "sue", "F-1 is about your area: is it so?");
        let words = asked.card.plain();
        assert!(words.contains("Evidence: Badge list of 1 March"), "{words}");
        assert!(words.contains("[Accept] /isms audit accept F-1") && words.contains("[Dispute]"), "{words}");
        let message = &stage.desk.titled("isms", "AUD-2027-03")[0];
        assert!(message.contains("Findings: 1 minor nonconformity; 1 not final yet"), "{message}");
        let accepted = plain(&stage.clicks_on("sue", &asked, "audit accept F-1").await);
        assert!(accepted.contains("F-1 is accepted and final."), "{accepted}");
        stage.work().await;
        let heard = told(&stage, "ann", "F-1 was accepted").card.plain();
        assert!(heard.contains("Answer: @sue accepted it"), "{heard}");
        let asked = stage.desk.all().into_iter().find(|message| message.at == asked.at).unwrap();
        assert!(!asked.card.plain().contains("[Accept]"), "{}", asked.card.plain());
        let message = &stage.desk.titled("isms", "AUD-2027-03")[0];
        assert!(message.contains("Findings: 1 minor nonconformity\n"), "{message}");
        let shown = plain(&stage.says("lea", "audit show AUD-2027-03").await);
        assert!(shown.contains("F-1, minor nonconformity on A.6.5 · final · Two of ten"), "{shown}");
        assert_eq!(kinds(&stage, "F-1").await, ["finding-raised", "finding-accepted"]);
        assert_eq!(kinds(&stage, "CA-1").await, ["action-raised"]);
        let late = plain(&stage.says("sue", "audit dispute F-1 After all it is not").await);
        assert!(late.contains("F-1 is final already"), "{late}");
    }

    async fn a_disputed_finding_is_upheld_by_the_auditor_or_withdrawn_with_its_action(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("ann", BADGES).await;
        stage.says("ann", "audit finding AUD-2027-03 A.6.1 grade:major evidence:\"Files of 5 people\" Nobody's references were checked").await;
        let early = plain(&stage.says("ann", "audit uphold F-1 It is so").await);
        assert!(early.contains("F-1 is being answered, until Tue 16 Mar 2027"), "{early}");
        stage.says("sue", "audit dispute F-1 Both badges were locked the same day").await;
        stage.says("sue", "audit dispute F-2 They were, by an agency").await;
        stage.work().await;
        let heard = told(&stage, "ann", "F-2 is disputed").card.plain();
        assert!(heard.contains("@sue disputed it: They were, by an agency"), "{heard}");
        assert!(heard.contains("[Uphold]") && heard.contains("[Amend]") && heard.contains("[Withdraw]"), "{heard}");
        let upheld = plain(&stage.says("ann", "audit uphold F-1 The door log shows one of them on Monday").await);
        assert!(upheld.contains("F-1, minor nonconformity on A.6.5 stands and is final."), "{upheld}");
        let taken_back = plain(&stage.says("ann", "audit withdraw F-2 The agency's reports are complete").await);
        assert!(taken_back.contains("F-2, major nonconformity on A.6.1 is withdrawn."), "{taken_back}");
        assert!(taken_back.contains("CA-2: major nonconformity, cancelled."), "{taken_back}");
        assert_eq!(kinds(&stage, "CA-2").await, ["action-raised", "action-cancelled"]);
        let past = stage.history("CA-2").await;
        let reason = past.last().unwrap().data["reason"].as_str().unwrap().to_owned();
        assert!(reason.contains("F-2") && reason.contains("The agency's reports are complete"), "{reason}");
        assert_eq!(kinds(&stage, "CA-1").await, ["action-raised"], "the other one goes on");
        stage.work().await;
        let heard = told(&stage, "sue", "F-1 stands").card.plain();
        assert!(heard.contains("Decision: @ann: The door log"), "{heard}");
        told(&stage, "sue", "F-2 was withdrawn");
        let shown = plain(&stage.says("tom", "F-2").await);
        assert!(shown.contains("Decision: @ann: The agency's reports are complete"), "{shown}");
        assert!(shown.contains("raised · ann") && shown.contains("disputed · sue: They were"), "{shown}");
        let message = &stage.desk.titled("isms", "AUD-2027-03")[0];
        assert!(message.contains("Findings: 1 minor nonconformity\n"), "withdrawn ones do not count: {message}");
    }

    async fn what_is_amended_is_answered_anew_and_its_action_follows(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("ann", "audit finding AUD-2027-03 A.6.5 grade:major evidence:\"Badge list\" Two leavers kept their badge").await;
        stage.says("sue", "audit dispute F-1 It was one").await;
        let amend = form(stage.clicks("ann", "audit amend F-1").await);
        let stands = amend.field("statement").unwrap().value.as_deref();
        assert_eq!(stands, Some("Two leavers kept their badge"));
        let nothing = form(sends(&stage, "ann", &amend, &[("reason", "Checked")]).await);
        assert!(format!("{nothing:?}").contains("Nothing of it would change"), "{nothing:?}");
        let values = [("reason", "It was one"), ("grade", "minor"), ("statement", "One leaver kept the badge")];
        let amended = plain(&sends(&stage, "ann", &amend, &values).await);
        assert!(amended.contains("is to be answered anew") && amended.contains("CA-1: minor nonconformity, raised."), "{amended}");
        stage.work().await;
        let asked = told(&stage, "sue", "One leaver kept the badge").card.plain();
        assert!(asked.contains("is it so?") && asked.contains("[Accept]"), "{asked}");
        stage.says("sue", "audit accept F-1").await;
        assert_eq!(
            kinds(&stage, "F-1").await,
            ["finding-raised", "finding-disputed", "finding-amended", "finding-accepted"]
        );
        // What is no nonconformity any more needs no correction.
        stage.says("ann", "audit finding AUD-2027-03 A.6.2 grade:minor evidence:\"5 contracts\" Contracts say nothing of secrets").await;
        let amended = plain(&stage.says("ann", "audit amend F-2 grade:opportunity reason:\"An annex does\"").await);
        assert!(amended.contains("CA-2: minor nonconformity, cancelled."), "{amended}");
    }

    async fn an_open_finding_on_the_same_requirement_is_pointed_out_and_nothing_typed_is_lost(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("ann", BADGES).await;
        let again = "audit finding AUD-2027-03 A.6.5 grade:minor evidence:\"Door log\" A third one kept theirs";
        let asked = form(stage.says("ann", again).await);
        let same = asked.field("same").unwrap();
        let why = same.error.as_deref().unwrap();
        assert!(why.contains("Open on this already: F-1 (AUD-2027-03, Tue 2 Mar 2027): Two of ten leavers"), "{why}");
        assert_eq!(asked.field("statement").unwrap().value.as_deref(), Some("A third one kept theirs"));
        let wrong = form(sends(&stage, "ann", &asked, &[("same", "F-9")]).await);
        assert!(format!("{wrong:?}").contains("F-9 is not open on A.6.5"), "{wrong:?}");
        let noted = plain(&sends(&stage, "ann", &asked, &[("same", "F-1")]).await);
        assert!(noted.contains("F-1 says now that it was seen again in AUD-2027-03."), "{noted}");
        let shown = plain(&stage.says("ann", "audit finding-show F-1").await);
        assert!(shown.contains("Badge list of 1 March\nSeen again in AUD-2027-03: A third one kept theirs (Door log)"), "{shown}");
        // Who opens the form sees it before typing.
        let opened = form(stage.clicks("ann", "audit finding AUD-2027-03 A.6.5").await);
        assert!(format!("{:?}", opened.field("same").unwrap().kind).contains("F-1: Two of ten leavers"), "{opened:?}");
        let values = [("grade", "opportunity"), ("statement", "Badges could end by themselves"), ("same", "another")];
        let other = plain(&sends(&stage, "ann", &opened, &values).await);
        assert!(other.contains("F-2, opportunity for improvement"), "{other}");
        assert!(other.contains("[Raise action] /isms action new"), "{other}");
        // What is settled is not pointed out any more.
        stage.says("sue", "audit accept F-1").await;
        stage.says("mia", "action cancel CA-1 Badges end by themselves now").await;
        stage.says("sue", "audit accept F-2").await;
        let fresh = plain(&stage.says("ann", again).await);
        assert!(fresh.contains("F-3, minor nonconformity"), "{fresh}");
    }

    async fn an_unanswered_draft_is_chased_and_may_be_upheld_when_its_time_is_over(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("ann", BADGES).await;
        stage.move_to("2027-03-11T10:00:00+01:00").await;
        let asked = stage.desk.last_to("sue").card.plain();
        assert!(asked.contains("F-1 Two of ten leavers kept their badge · due Tue 16 Mar 2027"), "{asked}");
        assert!(asked.contains("[Answer] /isms audit finding-show F-1"), "{asked}");
        let open = plain(&stage.clicks("sue", "audit finding-show F-1").await);
        assert!(open.contains("[Accept] /isms audit accept F-1"), "{open}");
        let mine = plain(&stage.says("ann", "mine").await);
        assert!(!mine.contains("F-1"), "{mine}");
        stage.move_to("2027-03-17T10:00:00+01:00").await;
        let mine = plain(&stage.says("ann", "mine").await);
        assert!(mine.contains("F-1") && mine.contains("[Decide] /isms audit finding-show F-1"), "{mine}");
        let shown = plain(&stage.says("ann", "audit finding-show F-1").await);
        assert!(shown.contains("[Uphold] /isms audit uphold F-1"), "{shown}");
        let upheld = plain(&stage.says("ann", "audit uphold F-1 Nobody has answered for two weeks").await);
        assert!(upheld.contains("stands and is final"), "{upheld}");
        assert!(!plain(&stage.says("sue", "mine").await).contains("F-1"));
    }

    async fn where_nobody_answers_for_the_area_a_manager_does_and_never_the_auditor(db: TestDatabase) {
        let stage = stage(&db).await;
        let raised = plain(&stage.says("ann", "audit finding AUD-2027-03 7.2 grade:minor evidence:\"Training plan\" No plan for the new team").await);
        assert!(raised.contains("mia can answer it until") && raised.contains("owner nobody yet"), "{raised}");
        let refused = plain(&stage.says("ann", "audit accept F-1").await);
        assert!(refused.contains("F-1 is your own finding"), "{refused}");
        let refused = plain(&stage.says("tom", "audit accept F-1").await);
        assert!(refused.contains("mia or a manager says whether it is so"), "{refused}");
        let refused = plain(&stage.says("tom", "audit withdraw F-1 No").await);
        assert!(refused.contains("is for a manager or an auditor"), "{refused}");
        stage.says("mia", "audit dispute F-1 It is in the other folder").await;
        let own = plain(&stage.says("mia", "audit withdraw F-1 I have seen it there").await);
        assert!(own.contains("You disputed F-1; an auditor decides"), "{own}");
        // A manager's own finding, with nobody else to ask, is upheld at once.
        let own = plain(&stage.says("mia", "audit finding AUD-2027-03 7.3 grade:minor evidence:\"Quiz\" Half of all failed").await);
        assert!(own.contains("Nobody else could answer it"), "{own}");
        let upheld = plain(&stage.says("mia", "audit uphold F-2 There is nobody to ask").await);
        assert!(upheld.contains("stands and is final"), "{upheld}");
    }

    async fn a_finding_takes_over_what_its_item_says_and_needs_evidence(db: TestDatabase) {
        let stage = stage(&db).await;
        let item = "audit check AUD-2027-03 A.6.3 result:does-not-conform method:interview evidence:\"Training list\" note:\"Three of five were never trained\"";
        let saved = stage.says("ann", item).await;
        let card = saved.card().unwrap();
        let button = card.all_buttons().find(|button| button.label == "Finding").unwrap();
        let asked = form(stage.clicks("ann", &button.command).await);
        assert_eq!(asked.field("statement").unwrap().value.as_deref(), Some("Three of five were never trained"));
        assert_eq!(asked.field("evidence").unwrap().value.as_deref(), Some("Training list"));
        assert!(asked.intro.as_deref().unwrap().contains("A.6.3 Information security awareness"), "{asked:?}");
        let bare = form(sends(&stage, "ann", &asked, &[("grade", "major"), ("evidence", "")]).await);
        let why = bare.field("evidence").unwrap().error.as_deref().unwrap_or_default();
        assert!(why.contains("a nonconformity needs evidence"), "{why}");
        let note = plain(&stage.says("ann", "audit finding AUD-2027-03 A.6.4 grade:conforming Everybody knew what follows").await);
        assert!(note.contains("F-1, conforming, worth a note") && !note.contains("can answer"), "{note}");
        let outside = plain(&stage.says("ann", "audit finding AUD-2027-03 A.8.1 grade:minor evidence:x statement:y").await);
        assert!(outside.contains("is not in the scope of this audit"), "{outside}");
        let other = plain(&stage.says("ann", "audit finding AUD-2027-04 A.5.9 grade:minor evidence:x statement:y").await);
        assert!(other.contains("AUD-2027-04 has no auditor yet"), "{other}");
        let none = plain(&stage.says("ann", "audit accept F-77").await);
        assert!(none.contains("There is no F-77 here"), "{none}");
    }
}

on_every_platform! {
    async fn a_finding_is_put_down_disputed_and_upheld_in_chat(db: TestDatabase, fake: Fake) {
        let clock = Clock::set_at(instant("2026-11-23T09:00:00+01:00"));
        let bot = Bot::start_with(&db, &fake, clock).await;
        let (ann, bob, cai) = (fake.person("ann"), fake.person("bob"), fake.person("cai"));
        bob.types("/isms help").await;
        cai.types("/isms help").await;
        for line in [
            "/isms role grant @bob auditor training:Course",
            "/isms area assign 9 @cai",
            "/isms audit plan 2026",
            "/isms audit assign AUD-2026-12 @bob",
        ] {
            ann.types(line).await.card();
        }
        bob.types("/isms audit start AUD-2026-12").await.card();
        let blank = bob.types("/isms audit finding AUD-2026-12 9.1").await.form();
        let values = [
            ("statement", "Two KPIs have had no value since July"), ("grade", "minor"),
            ("evidence", "Digest of week 47"),
        ];
        let raised = blank.fills(&values).submits().await.card();
        assert!(raised.text().contains("Raised with it: CA-1"), "{}", raised.text());
        bot.works().await;
        let asked = fake.dm("cai").shows("is it so?").await;
        let dispute = cai.in_dm().clicks(&asked, "Dispute").await.form();
        let values = [("reason", "They were paused, see the log")];
        dispute.fills(&values).submits().await.card();
        bot.works().await;
        let told = fake.dm("bob").shows("F-1 is disputed").await;
        assert!(told.text().contains("They were paused, see the log"), "{}", told.text());
        let uphold = bob.clone().in_dm().clicks(&told, "Uphold").await.form();
        uphold.fills(&[("reason", "Only one of them was paused")]).submits().await.card();
        bot.works().await;
        fake.dm("cai").shows("F-1 stands").await;
        // The same again is pointed out, and becomes a word on the first.
        let blank = bob.types("/isms audit finding AUD-2026-12 9.1").await.form();
        let values = [
            ("statement", "A third one has none either"), ("grade", "minor"), ("evidence", "Digest"),
            ("same", "F-1"),
        ];
        let noted = blank.fills(&values).submits().await.card();
        assert!(noted.text().contains("seen again in AUD-2026-12"), "{}", noted.text());
        fake.is_content();
    }
}
