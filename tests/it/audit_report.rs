//! The end of an audit and its report. The PDF is read by Debian's `pdftotext`, as people read it.

use isms_bot::app::App;
use isms_bot::audit::checklist::rules::{Item, ItemResult, Method, Sample};
use isms_bot::audit::finding::rules::{Answer, Finding, Grade, State};
use isms_bot::chat::{Reply, Target};
use isms_bot::clock::Clock;
use isms_bot::command::value::AuditName;
use isms_bot::people::Role::{Auditor, Leader, Manager, Member};
use isms_bot::people::{Person, Workspace};

use isms_bot::sql;

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::stage::{Stage, instant};
use crate::report::{as_text, without_fingerprints};
use crate::{on_both_databases, on_every_platform};

const MARCH: AuditName = AuditName {
    year: 2027,
    month: 3,
    nth: 1,
};
const SCOPE: [&str; 11] = [
    "7.1", "7.2", "7.3", "7.4", "7.5", "A.6.1", "A.6.2", "A.6.3", "A.6.4", "A.6.5", "A.6.6",
];

fn plain(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        other => format!("{other:?}"),
    }
}

fn item(by: &Person, app: &App, reference: &str, result: ItemResult) -> Item {
    Item {
        audit: MARCH,
        requirement: reference.parse().unwrap(),
        result,
        methods: vec![Method::Document, Method::Interview],
        sample: Sample {
            population: Some("58 leavers of 2026".to_owned()),
            size: Some("12".to_owned()),
            chosen: Some("every fifth, from the HR list".to_owned()),
        },
        evidence: Some("HR list of 1 March".to_owned()),
        evidence_file: None,
        note: None,
        by: by.id,
        at: app.clock.now(),
        version: 1,
    }
}

async fn put(app: &App, workspace: &Workspace, item: &Item) {
    let mut tx = app.store.write(workspace.id).await.unwrap();
    sql!(tx, checklist::save_item(workspace.id, item)).unwrap();
    tx.commit().await.unwrap();
}

fn finding(number: i64, by: &Person, app: &App, (reference, grade): (&str, Grade)) -> Finding {
    Finding {
        number,
        audit: MARCH,
        requirement: reference.parse().unwrap(),
        grade,
        statement: format!("What is asked for in {reference} is not there"),
        evidence: Some("Three of twelve files".to_owned()),
        evidence_file: None,
        state: State::Final,
        action: None,
        by: by.id,
        at: app.clock.now(),
        answer_by: None,
        answer: None,
        decision: None,
    }
}

async fn found(app: &App, workspace: &Workspace, finding: &Finding) {
    let mut tx = app.store.write(workspace.id).await.unwrap();
    sql!(tx, finding::save_finding(workspace.id, finding)).unwrap();
    tx.commit().await.unwrap();
}

/// Mia manages, Lea leads, Ben audits March, Hana answers for people. It is begun on 2 March.
struct Audited {
    stage: Stage,
    ben: Person,
    hana: Person,
}

async fn audited(db: &TestDatabase) -> Audited {
    let stage = Stage::new(db, "2027-03-02T09:00:00+01:00").await;
    stage.person("mia", Manager, "Europe/Berlin").await;
    stage.person("lea", Leader, "Europe/Berlin").await;
    let hana = stage.person("hana", Member, "Europe/Berlin").await;
    let ben = stage.newcomer("ben", Auditor, "Europe/Berlin").await;
    stage.work().await;
    for words in [
        "role grant ben auditor training:\"Internal auditor\" on:2026-05-12 until:2029-05-12 evidence:\"Certificate 4711\"",
        "audit plan 2027",
        "area assign A.6 hana",
        "audit assign AUD-2027-03 ben",
        "audit guest AUD-2027-03 \"Dr. Weber, TÜV\" competence:\"Lead auditor, certificate 9\"",
        "audit start AUD-2027-03",
    ] {
        stage.says("mia", words).await;
    }
    Audited { stage, ben, hana }
}

impl Audited {
    async fn put(&self, reference: &str, result: ItemResult, note: Option<&str>) {
        let app = &self.stage.app;
        let item = Item {
            note: note.map(str::to_owned),
            ..item(&self.ben, app, reference, result)
        };
        put(app, &self.stage.workspace, &item).await;
    }

    async fn found(&self, finding: &Finding) {
        found(&self.stage.app, &self.stage.workspace, finding).await;
    }

    fn finding(&self, number: i64, reference: &str, grade: Grade) -> Finding {
        finding(number, &self.ben, &self.stage.app, (reference, grade))
    }

    /// All of the scope conforms but what was found, and one was not tested.
    async fn check_all(&self) {
        for reference in SCOPE {
            match reference {
                "7.4" => {
                    let why = "The plan is being rewritten; looked at in June";
                    self.put(reference, ItemResult::NotTested, Some(why)).await;
                }
                "A.6.1" | "A.6.5" => {
                    let seen = "Three of twelve files have no reference";
                    self.put(reference, ItemResult::DoesNotConform, Some(seen))
                        .await;
                }
                _ => self.put(reference, ItemResult::Conforms, None).await,
            }
        }
    }

    /// A major and a minor nonconformity, each with its action, and an opportunity.
    async fn find_all(&self) {
        let says = |words: &'static str| self.stage.says("mia", words);
        says("action new Accounts of leavers are closed owner:hana due:2027-04-15 severity:major source:finding control:A.6.5").await;
        says("action new References are asked for owner:hana due:2027-05-15 severity:minor source:finding control:A.6.1").await;
        let answer = Answer {
            by: self.hana.id,
            at: self.stage.app.clock.now(),
            reason: None,
        };
        let major = Finding {
            action: Some(1),
            answer: Some(answer.clone()),
            ..self.finding(1, "A.6.5", Grade::Major)
        };
        let minor = Finding {
            action: Some(2),
            answer: Some(answer),
            ..self.finding(2, "A.6.1", Grade::Minor)
        };
        for finding in [
            major,
            minor,
            self.finding(3, "7.3", Grade::Opportunity),
            self.finding(4, "7.2", Grade::Conforming),
        ] {
            self.found(&finding).await;
        }
    }

    fn file(&self, end: &str) -> Vec<u8> {
        let all = self.stage.desk.all().into_iter().rev();
        let mut files = all.filter_map(|message| message.file);
        files
            .find(|(name, _)| name.starts_with("audit-report") && name.ends_with(end))
            .unwrap()
            .1
    }
}

on_both_databases! {
    async fn an_audit_does_not_end_while_something_is_missing(db: TestDatabase) {
        let audited = audited(&db).await;
        let finish = || async { audited.stage.says("ben", "audit finish AUD-2027-03 Conforms").await };
        let reply = finish().await;
        let said = plain(&reply);
        assert!(said.contains("nobody has put down anything for 7.1, 7.2, 7.3, 7.4, 7.5, A.6.1, A.6.2, A.6.3 and 3 more"), "{said}");
        assert!(said.contains("`audit check`"), "{said}");
        for reference in SCOPE {
            audited.put(reference, ItemResult::Conforms, None).await;
        }
        audited.put("7.4", ItemResult::NotTested, None).await;
        audited.put("7.5", ItemResult::NotApplicable, None).await;
        let said = plain(&finish().await);
        assert!(said.contains("it is not said why 7.4, 7.5 was not tested or does not apply"), "{said}");
        audited.put("7.4", ItemResult::NotTested, Some("Moved to June")).await;
        audited.put("7.5", ItemResult::NotApplicable, Some("No documents of outside origin")).await;
        audited.found(&Finding { state: State::Draft, ..audited.finding(1, "7.2", Grade::Minor) }).await;
        audited.found(&Finding { state: State::Disputed, ..audited.finding(2, "7.3", Grade::Minor) }).await;
        audited.found(&Finding { state: State::Withdrawn, ..audited.finding(3, "7.3", Grade::Minor) }).await;
        let said = plain(&finish().await);
        assert!(said.contains("it is not decided whether F-1, F-2 stands"), "{said}");
        for number in [1, 2] {
            audited.found(&audited.finding(number, "7.2", Grade::Minor)).await;
        }
        // Their auditor answers for something of it meanwhile.
        audited.stage.says("mia", "area assign 7.2 ben").await;
        let said = plain(&finish().await);
        assert!(said.contains("cannot go on with these auditors: ben is responsible for 7.2"), "{said}");
        audited.stage.work().await;
        assert!(audited.stage.desk.files_to("lea").is_empty(), "nothing is sent of what is not finished");
        audited.stage.says("mia", "audit assign AUD-2027-03 ben override:\"Only since today\"").await;
        let said = plain(&finish().await);
        assert!(said.contains("State: finished on Tue 2 Mar 2027"), "{said}");
        audited.stage.work().await;
        let paper = as_text(&audited.file(".pdf"));
        assert!(paper.contains("Only since today"), "{paper}");
        assert!(paper.contains("It was known, and a manager decided"), "{paper}");
    }

    async fn the_report_tells_all_that_an_auditor_asks_for(db: TestDatabase) {
        let audited = audited(&db).await;
        let stage = &audited.stage;
        // Something was found there before, and an earlier audit finished.
        let before = Finding {
            audit: AuditName { year: 2026, month: 6, nth: 1 },
            statement: "No reference was asked for".to_owned(),
            ..audited.finding(9, "A.6.1", Grade::Minor)
        };
        audited.found(&before).await;
        audited.check_all().await;
        audited.find_all().await;
        stage.app.clock.move_to(instant("2027-03-12T16:00:00+01:00"));
        let conclusion = "The scope conforms but for leavers and references; it is effectively kept up.";
        let done = stage.says("ben", &format!("audit finish AUD-2027-03 \"{conclusion}\"")).await;
        let said = plain(&done);
        assert!(said.contains("10 of 11 clauses and controls were tested: 8 conform, 2 do not, 1 not tested."), "{said}");
        assert!(said.contains("on its way to the channel and to"), "{said}");
        assert!(said.contains("AUD-2027-05-2 Follow-up of F-1, in May 2027"), "{said}");
        stage.work().await;
        if let Ok(file) = std::env::var("ISMS_KEEP_PDF") {
            std::fs::write(file, audited.file(".pdf")).unwrap();
        }
        let markdown = String::from_utf8(audited.file(".md")).unwrap();
        for (look, paper) in [("PDF", as_text(&audited.file(".pdf"))), ("Markdown", markdown)] {
            let paper: String = paper.split_whitespace().map(|word| format!("{} ", word.replace('\u{200b}', ""))).collect();
            for words in [
                conclusion, "Support and people", "Lead auditor", "Dr. Weber, TÜV", "Major nonconformities", "Minor nonconformities",
                "Opportunities for improvement", "12 of 58 leavers of 2026", "chosen: every fifth, from", "The plan is being rewritten;",
                "Follow-up of earlier findings", "No reference was asked for", "AUD-2027-05-2 Follow-up of F-1, in May 2027",
                "Independence and competence of the auditors", "independent of what was audited", "(Certificate 4711)",
                "Covered in 2027: 11 of 121 clauses and controls, 1 of 12 audits finished.", "overdue",
            ] {
                assert!(paper.replace("**", "").replace('\\', "").contains(words), "{look} does not say {words}: {paper}");
            }
        }
        let raw = audited.file(".pdf");
        let raw = String::from_utf8_lossy(&raw);
        assert!(raw.contains("<pdfaid:part>2</pdfaid:part>"), "it is for the archive");
        let log = stage.history("AUD-2027-03").await;
        let end = log.last().unwrap();
        assert_eq!(end.kind, "audit-finished");
        assert_eq!(end.data["conclusion"], conclusion);
        assert_eq!(end.data["pdf"].as_str().unwrap().len(), 64, "the log knows the file");
    }

    async fn the_report_reads_as_it_did(db: TestDatabase) {
        let audited = audited(&db).await;
        audited.check_all().await;
        audited.find_all().await;
        audited.stage.app.clock.move_to(instant("2027-03-12T16:00:00+01:00"));
        audited.stage.says("ben", "audit finish AUD-2027-03 \"Conforms but for leavers and references\"").await;
        audited.stage.work().await;
        let paper = without_fingerprints(&as_text(&audited.file(".pdf")));
        insta::assert_snapshot!("audit_report_as_text", paper);
        let markdown = String::from_utf8(audited.file(".md")).unwrap();
        insta::assert_snapshot!("audit_report_as_markdown", without_fingerprints(&markdown));
    }

    async fn the_report_goes_to_the_channel_to_leaders_and_to_who_was_audited_once(db: TestDatabase) {
        let audited = audited(&db).await;
        let stage = &audited.stage;
        audited.check_all().await;
        audited.find_all().await;
        stage.work().await;
        stage.says("ben", "audit finish AUD-2027-03 Conforms").await;
        stage.work().await;
        stage.work().await;
        let posted = stage.desk.titled("isms", "Audit report");
        assert_eq!(posted.len(), 1);
        assert!(posted[0].contains("Audit report · AUD-2027-03 Support and people"), "{}", posted[0]);
        assert!(posted[0].contains("F-1 major, A.6.5: What is asked for in A.6.5 is not there · CA-1"), "{}", posted[0]);
        assert!(!posted[0].contains("F-4"), "what conforms is in the report: {}", posted[0]);
        let channel = Target::Channel("isms".to_owned());
        let in_thread = stage.desk.all().into_iter().filter(|m| m.target == channel && m.thread.is_some());
        let mut names: Vec<String> = in_thread.filter_map(|m| m.file.map(|(name, _)| name)).collect();
        names.sort();
        assert_eq!(names, ["audit-report-AUD-2027-03.md", "audit-report-AUD-2027-03.pdf"]);
        for (who, files) in [("lea", 1), ("hana", 1), ("mia", 0), ("ben", 0)] {
            assert_eq!(stage.desk.files_to(who).len(), files, "{who}");
        }
        let cards = stage.desk.to("hana");
        let told = cards.iter().find(|card| card.plain().contains("Audit report")).unwrap().plain();
        assert!(told.contains("You answer for A.6.1, A.6.2, A.6.3, A.6.4, A.6.5, A.6.6: 2 findings are about it."), "{told}");
        // Anybody gets it again.
        let again = plain(&stage.says("hana", "report audit AUD-2027-03").await);
        assert!(again.contains("Its files are on their way to you."), "{again}");
        stage.work().await;
        assert_eq!(stage.desk.files_to("hana").len(), 3);
        let none = plain(&stage.says("hana", "report audit AUD-2027-04").await);
        assert!(none.contains("AUD-2027-04 has not ended; its report is written then."), "{none}");
        let over = plain(&stage.says("ben", "audit finish AUD-2027-03 Again").await);
        assert!(over.contains("AUD-2027-03 is finished"), "{over}");
    }

    async fn a_major_nonconformity_is_looked_at_again_by_an_audit_of_its_own(db: TestDatabase) {
        let audited = audited(&db).await;
        let stage = &audited.stage;
        audited.check_all().await;
        audited.find_all().await;
        stage.says("ben", "audit finish AUD-2027-03 Conforms").await;
        let shown = plain(&stage.says("mia", "audit show AUD-2027-05-2").await);
        assert!(shown.contains("Follow-up of F-1") && shown.contains("A.6.5 Responsibilities after termination"), "{shown}");
        assert!(shown.contains("May 2027"), "a month after its action is due: {shown}");
        let log = stage.history("AUD-2027-05-2").await;
        assert_eq!(log[0].kind, "audit-follow-up-planned");
        assert_eq!(log[0].data["finding"], 1);
        // It ends like every other, and tells what became of the finding.
        stage.app.clock.move_to(instant("2027-05-04T09:00:00+02:00"));
        for words in ["audit assign AUD-2027-05-2 ben", "audit start AUD-2027-05-2"] {
            stage.says("mia", words).await;
        }
        let again = Item {
            audit: AuditName { year: 2027, month: 5, nth: 2 },
            ..item(&audited.ben, &stage.app, "A.6.5", ItemResult::Conforms)
        };
        put(&stage.app, &stage.workspace, &again).await;
        let done = plain(&stage.says("ben", "audit finish AUD-2027-05-2 \"Leavers are closed within a day\"").await);
        assert!(done.contains("1 of 1 clauses and controls were tested"), "{done}");
        stage.work().await;
        let paper = as_text(&audited.file(".pdf"));
        assert!(paper.contains("F-1") && paper.contains("this audit looks"), "{paper}");
    }
}

on_every_platform! {
    async fn an_audit_ends_with_its_report(db: TestDatabase, fake: Fake) {
        let clock = Clock::set_at(instant("2027-03-02T09:00:00+01:00"));
        let bot = Bot::start_with(&db, &fake, clock).await;
        let (ann, bob, cai) = (fake.person("ann"), fake.person("bob"), fake.person("cai"));
        for line in [
            "role grant @bob auditor training:Course on:2026-05-12",
            "role grant @cai leader",
            "audit plan 2027",
            "audit assign AUD-2027-03 @bob",
        ] {
            ann.types(&format!("/isms {line}")).await;
        }
        bob.types("/isms audit start AUD-2027-03").await;
        let refused = bob.types("/isms audit finish AUD-2027-03 Conforms").await.card();
        assert!(refused.text().contains("nobody has put down anything for 7.1"), "{}", refused.text());
        let mut at = bob.clicks(&refused, "Check 7.1").await.form();
        at = at.fills(&[("result", "Conforms"), ("method", "Documents"), ("evidence", "Budget of 2027")]);
        at.submits().await.card();
        for reference in &SCOPE[1..] {
            let line = format!("/isms audit check AUD-2027-03 {reference} result:conforms method:interview evidence:Asked");
            bob.types(&line).await.card();
        }
        let done = bob.types("/isms audit finish AUD-2027-03 Conforms").await.card();
        assert!(done.text().contains("11 of 11 clauses and controls were tested: 11 conform"), "{}", done.text());
        bot.works().await;
        fake.channel("isms").shows("Audit report · AUD-2027-03").await;
        fake.dm("cai").shows("Audit report · AUD-2027-03").await;
        let files = fake.files();
        let reports = files.iter().filter(|(name, _)| name.starts_with("audit-report-AUD-2027-03"));
        assert_eq!(reports.count(), 3, "two into the channel, one to the leader");
        let again = cai.types("/isms report audit AUD-2027-03").await.card();
        assert!(again.text().contains("on their way to you"), "{}", again.text());
        bot.works().await;
        fake.is_content();
    }
}
