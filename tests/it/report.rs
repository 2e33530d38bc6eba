//! Clause 9.1 e, f: what was measured is reported, published, and evaluated by top management. The
//! documents are read as people would get them: the PDF by Debian's `pdftotext`.

use std::io::Write;
use std::process::{Command, Stdio};

use isms_bot::chat::{Card, Reply, Target};
use isms_bot::people::Role::{Leader, Manager, Member, Reader};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::everywhere::Shown;
use crate::harness::stage::{Message, Stage, instant};
use crate::{on_both_databases, on_every_platform};

/// The Monday before the third quarter of 2026 ends, in Berlin.
const MONDAY: &str = "2026-09-28T08:00:00+02:00";
/// The first working day after it, when the report comes.
const THURSDAY: &str = "2026-10-01T09:00:00+02:00";

fn plain(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        other => format!("{other:?}"),
    }
}

/// What a reader sees of a PDF.
pub fn as_text(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is installed: see scripts/test");
    let mut stdin = child.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    squeezed(&String::from_utf8(output.stdout).unwrap())
}

/// How far apart columns stand follows from the width of a fingerprint's digits.
fn squeezed(text: &str) -> String {
    let line = |line: &str| {
        let columns = line.split("   ").map(str::trim);
        let columns: Vec<&str> = columns.filter(|column| !column.is_empty()).collect();
        columns.join("   ")
    };
    let text = text.replace('\u{c}', "\n――― next page ―――\n");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A fingerprint follows from ids that chance gives: it is none of the words.
pub fn without_fingerprints(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("fingerprint ") {
        out.push_str(before);
        out.push_str("fingerprint ");
        rest = match after.split_at_checked(12) {
            Some((hash, later)) if hash.chars().all(|c| c.is_ascii_hexdigit()) => {
                out.push_str("[…]");
                later
            }
            _ => after,
        };
    }
    out + rest
}

/// The files that were sent to someone, oldest first, by name.
fn files_of(stage: &Stage, target: &Target) -> Vec<(String, Vec<u8>)> {
    let all = stage.desk.all().into_iter();
    all.filter(|message| message.target == *target)
        .filter_map(|message| message.file)
        .collect()
}

fn to(who: &str) -> Target {
    Target::Person(who.to_owned())
}

/// The newest file to someone whose name ends like this.
fn file(stage: &Stage, who: &str, end: &str) -> Vec<u8> {
    let files = files_of(stage, &to(who)).into_iter().rev();
    let mut fitting = files.filter(|(name, _)| name.ends_with(end));
    fitting.next().unwrap_or_else(|| panic!("no {end}")).1
}

/// Maya manages, Lea leads, Tom measures; three KPIs with a year of values to August 2026.
async fn company(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    for (name, role) in [
        ("maya", Manager),
        ("lea", Leader),
        ("tom", Member),
        ("eva", Reader),
    ] {
        stage.person(name, role, "Europe/Berlin").await;
    }
    stage.work().await;
    for set_up in [
        "phishing-click-rate \"Phishing click rate\" unit:% direction:lower target:5 warning:8 \
         frequency:monthly purpose:\"Do people recognise phishing? Clicks per hundred test mails.\"",
        "incidents \"Security incidents\" unit:incidents direction:lower target:3 frequency:monthly",
        "patches-in-time \"Critical patches in time\" unit:% direction:higher target:95 warning:90 \
         frequency:quarterly",
    ] {
        let words = plain(
            &stage
                .says(
                    "maya",
                    &format!("kpi new {set_up} measurer:tom analyst:maya"),
                )
                .await,
        );
        assert!(words.contains("is set up"), "{words}");
    }
    let clicks = [
        4.0, 5.0, 4.5, 3.5, 4.0, 4.5, 5.0, 4.0, 3.5, 4.5, 4.0, 4.5, 9.5,
    ];
    let incidents = [2.0, 1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 2.0];
    // Months counted from the year 0; the last is August 2026.
    let month = |n: usize| format!("{}-{:02}", n / 12, n % 12 + 1);
    for (key, values) in [
        ("phishing-click-rate", &clicks[..]),
        ("incidents", &incidents),
    ] {
        for (i, value) in values.iter().enumerate() {
            let period = month(2026 * 12 + 8 - values.len() + i);
            record(&stage, key, &format!("{value} period:{period}")).await;
        }
    }
    record(&stage, "patches-in-time", "97 period:2026-Q2").await;
    let said = "kpi correct incidents 2026-07 4 \"Two were reported late\"";
    assert!(plain(&stage.says("tom", said).await).contains("corrected"));
    let raised = "action new \"Phishing click rate: 9.5% in 2026-08\" source:kpi control:9.1 \
                  owner:tom due:2026-10-20 cause:\"A new test mail\" plan:\"A short training\"";
    assert!(plain(&stage.says("maya", raised).await).contains("CA-1 raised"));
    let late = "action new \"Shred the old disks\" owner:tom due:2026-09-29 severity:opportunity";
    assert!(plain(&stage.says("maya", late).await).contains("CA-2 raised"));
    let done = "action done CA-2 \"Certificate of destruction 4711\"";
    assert!(plain(&stage.says("tom", done).await).contains("CA-2 done"));
    stage.work().await;
    stage
}

async fn record(stage: &Stage, key: &str, what: &str) {
    let words = plain(&stage.says("tom", &format!("kpi record {key} {what}")).await);
    assert!(words.contains("recorded"), "{words}");
}

/// The published report in the channel, with what stands in its thread.
fn published(stage: &Stage) -> (Message, Vec<String>) {
    let all = stage.desk.all();
    let is_report = |message: &&Message| {
        let title = message.card.title.as_deref().unwrap_or_default();
        message.target == Target::Channel("isms".to_owned())
            && title.starts_with("Performance report")
    };
    let head = all.iter().rfind(is_report).expect("a report").clone();
    let thread = all.iter().filter(|m| m.thread.as_ref() == Some(&head.at));
    let mut names: Vec<String> = thread
        .filter_map(|m| m.file.as_ref().map(|(name, _)| name.clone()))
        .collect();
    names.sort();
    (head, names)
}

/// How many reports stand in the channel.
fn reports(stage: &Stage) -> usize {
    stage.desk.titled("isms", "Performance report").len()
}

/// Keeps a document where somebody wants to look at it.
fn shown(name: &str, pdf: &[u8]) {
    if let Ok(folder) = std::env::var("SHOW_PDF") {
        std::fs::write(format!("{folder}/{name}.pdf"), pdf).unwrap();
    }
}

on_both_databases! {
    async fn a_quarter_is_reported_by_itself_and_evaluated_with_one_click(db: TestDatabase) {
        let stage = company(&db).await;
        stage.move_to("2026-10-01T08:59:00+02:00").await;
        assert_eq!(reports(&stage), 0);
        stage.move_to(THURSDAY).await;
        let (head, files) = published(&stage);
        let words = head.card.plain();
        assert!(words.contains("Performance report · 2026-Q3"), "{words}");
        assert!(words.contains("At the end of 2026-Q3, 2 of 3 KPIs were on target, 1 off target."), "{words}");
        assert!(words.contains("Nobody has reviewed it yet"), "{words}");
        assert_eq!(files, ["performance-2026-Q3.csv", "performance-2026-Q3.md", "performance-2026-Q3.pdf"]);
        // To the leader with the button, and the file below.
        let asked = stage.desk.to("lea").into_iter().next_back().unwrap();
        let button = "report reviewed 2026-Q3";
        assert!(asked.all_buttons().any(|b| b.label == "I have reviewed this" && b.command == button));
        let [(name, pdf)] = &files_of(&stage, &to("lea"))[..] else { panic!("one file") };
        assert_eq!(name, "performance-2026-Q3.pdf");
        let refused = plain(&stage.says("tom", button).await);
        assert!(refused.contains("for a manager or a leader"), "{refused}");
        let message = stage.desk.all().into_iter().rfind(|m| m.target == to("lea") && m.file.is_none()).unwrap();
        let said = plain(&stage.clicks_on("lea", &message, button).await);
        assert!(said.contains("your evaluation of the performance report 2026-Q3 is on record"), "{said}");
        stage.work().await;
        // Both messages say so, and the button is gone.
        for card in [published(&stage).0.card, stage.desk.to("lea").into_iter().next_back().unwrap()] {
            let words = card.plain();
            assert!(words.contains("Reviewed by @lea on Thu 1 Oct 2026"), "{words}");
            assert!(!words.contains("I have reviewed this"), "{words}");
        }
        let twice = format!("{:?}", stage.says("lea", button).await);
        assert!(twice.contains("You reviewed the report 2026-Q3 on Thu 1 Oct 2026"), "{twice}");
        let said = plain(&stage.says("lea", "report reviewed 2026-Q3 Train the new colleagues first").await);
        assert!(said.contains("is on record"), "{said}");
        // The log says who, when, which file, what conclusion.
        let history = stage.history("report 2026-Q3").await;
        let kinds: Vec<&str> = history.iter().map(|past| past.kind.as_str()).collect();
        assert_eq!(kinds, ["report-published", "report-reviewed", "report-reviewed"]);
        assert_eq!(history[1].data["pdf"], history[0].data["pdf"]);
        assert_eq!(history[0].data["pdf"], isms_bot::command::value::FileRef::of(pdf).as_str());
        assert_eq!(history[2].data["conclusion"], "Train the new colleagues first");
        assert!(db.try_tamper("UPDATE report_evaluation SET conclusion = 'fine'").await.is_err());
        assert!(db.try_tamper("DELETE FROM report").await.is_err());
    }

    async fn the_digest_names_the_last_report_and_who_reviewed_it(db: TestDatabase) {
        let stage = company(&db).await;
        stage.move_to(THURSDAY).await;
        stage.says("lea", "report reviewed 2026-Q3").await;
        stage.move_to("2026-10-05T09:00:00+02:00").await;
        let digest = stage.desk.titled("isms", "KPI digest").pop().unwrap();
        let words = "Last performance report: 2026-Q3 of Thu 1 Oct 2026, reviewed by lea";
        assert!(digest.contains(words), "{digest}");
        assert!(digest.contains("[Report 2026-Q3] /isms report get 2026-Q3"), "{digest}");
        let said = plain(&stage.says("eva", "report get").await);
        assert!(said.contains("Its files are on their way to you"), "{said}");
        stage.work().await;
        // The very file that was reviewed.
        let own = files_of(&stage, &to("eva"));
        assert_eq!(own.len(), 3);
        assert_eq!(file(&stage, "eva", ".pdf"), file(&stage, "lea", ".pdf"));
        let none = format!("{:?}", stage.says("eva", "report get 2026-Q2").await);
        assert!(none.contains("No report of 2026-Q2 was published. The last one is of 2026-Q3."), "{none}");
    }

    async fn the_pdf_says_all_that_an_auditor_asks_for(db: TestDatabase) {
        let stage = company(&db).await;
        stage.move_to("2026-10-09T10:00:00+02:00").await;
        let said = plain(&stage.says("maya", "report performance 2026-Q3").await);
        assert_eq!(said, "The performance report 2026-Q3 is on its way to you.");
        stage.work().await;
        let pdf = file(&stage, "maya", ".pdf");
        shown("performance", &pdf);
        insta::assert_snapshot!("performance_report_as_text", without_fingerprints(&as_text(&pdf)));
    }

    async fn a_report_comes_as_markdown_and_as_rows_too(db: TestDatabase) {
        let stage = company(&db).await;
        let said = plain(&stage.says("tom", "report performance 2026-08 format:all").await);
        assert_eq!(said, "The performance report 2026-08 is on its way to you, as 3 files.");
        stage.work().await;
        let markdown = String::from_utf8(file(&stage, "tom", ".md")).unwrap();
        insta::assert_snapshot!("performance_report_as_markdown", without_fingerprints(&markdown));
        stage.says("tom", "report performance 2026-Q3 format:csv").await;
        stage.work().await;
        let rows = String::from_utf8(file(&stage, "tom", ".csv")).unwrap();
        insta::assert_snapshot!("performance_report_as_rows", rows.trim_start_matches('\u{feff}').replace('\r', ""));
    }

    async fn only_managers_publish_and_only_what_is_over(db: TestDatabase) {
        let stage = company(&db).await;
        for (who, said, answer) in [
            ("tom", "report performance 2026-Q2 to:channel", "published by an ISMS manager"),
            ("maya", "report performance 2026-Q3 to:channel", "2026-Q3 is not over: it can be published from Thu 1 Oct 2026 on"),
            ("maya", "report performance 2026-W36", "a month, a quarter or a year"),
            ("maya", "report performance 2027", "has not begun yet"),
            ("maya", "report performance 2019", "nothing to report on of 2019"),
            ("lea", "report reviewed 2026-Q2", "No report has been published yet"),
        ] {
            let words = format!("{:?}", stage.says(who, said).await);
            assert!(words.contains(answer), "{said}: {words}");
        }
        // The running quarter is drawn for who asks, and says so.
        stage.says("maya", "report performance this quarter format:markdown").await;
        stage.work().await;
        let markdown = String::from_utf8(file(&stage, "maya", ".md")).unwrap();
        assert!(markdown.contains("1 July to 30 September 2026, so far"), "{markdown}");
    }

    async fn a_correction_makes_another_edition_and_the_first_one_stays(db: TestDatabase) {
        let stage = company(&db).await;
        stage.move_to(THURSDAY).await;
        let first = stage.desk.all().into_iter().rfind(|m| m.target == to("lea") && m.file.is_none()).unwrap();
        record(&stage, "phishing-click-rate", "4.2 period:2026-09").await;
        let said = plain(&stage.says("maya", "report performance 2026-Q3 to:channel").await);
        assert_eq!(said, "The performance report 2026-Q3 is on its way to the channel, and to lea to review it.");
        stage.work().await;
        assert_eq!(reports(&stage), 2);
        let (head, files) = published(&stage);
        let words = head.card.plain();
        assert!(words.contains("Performance report · 2026-Q3, edition 2"), "{words}");
        assert_eq!(files, ["performance-2026-Q3-2.csv", "performance-2026-Q3-2.md", "performance-2026-Q3-2.pdf"]);
        let old = stage.desk.all().into_iter().find(|m| m.at == first.at).unwrap();
        let words = old.card.plain();
        assert!(words.contains("A later edition was published"), "{words}");
        let stale = plain(&stage.clicks_on("lea", &old, "report reviewed 2026-Q3").await);
        assert!(stale.contains("Things have moved on"), "{stale}");
        let last = stage.desk.last_to("lea");
        assert!(last.file.is_some());
        stage.says("lea", "report reviewed 2026-Q3").await;
        let reviewed = stage.history("report 2026-Q3").await.pop().unwrap();
        assert_eq!(reviewed.data["edition"], 2);
    }

    async fn a_report_comes_every_month_or_never_as_it_was_set(db: TestDatabase) {
        let stage = company(&db).await;
        let said = plain(&stage.says("maya", "settings set reports:off").await);
        assert!(said.contains("Performance report: when asked for"), "{said}");
        stage.move_to("2026-10-01T12:00:00+02:00").await;
        assert_eq!(reports(&stage), 0);
        let said = plain(&stage.says("maya", "settings set reports:monthly").await);
        assert!(said.contains("Performance report: every month"), "{said}");
        stage.move_to("2026-10-03T12:00:00+02:00").await;
        assert_eq!(reports(&stage), 0, "nothing is made up for");
        record(&stage, "incidents", "2 period:2026-09").await;
        record(&stage, "phishing-click-rate", "4 period:2026-09").await;
        stage.says("maya", "action new Buy a shredder owner:tom").await;
        // The 1st of November is a Sunday.
        stage.move_to("2026-11-02T09:00:00+01:00").await;
        let (head, _) = published(&stage);
        assert!(head.card.plain().contains("Performance report · 2026-10"), "{}", head.card.plain());
        // Nobody leads: who manages is asked.
        stage.says("maya", "role revoke lea \"On another post\"").await;
        record(&stage, "incidents", "1 period:2026-10").await;
        stage.says("maya", "action new Sell a shredder owner:tom").await;
        stage.move_to("2026-12-01T09:00:00+01:00").await;
        let asked = |card: &Card| card.plain().contains("I have reviewed this");
        assert!(stage.desk.to("maya").iter().any(asked));
    }

    async fn a_report_that_was_missed_comes_once_and_says_it_is_late(db: TestDatabase) {
        let stage = company(&db).await;
        stage.sleep_until("2026-10-20T11:00:00+02:00").await;
        // The other process finds that it has happened.
        let other = stage.beside(&db).await;
        isms_bot::schedule::flow::run_due(&other).await.unwrap();
        stage.work().await;
        assert_eq!(reports(&stage), 1);
        let words = published(&stage).0.card.plain();
        assert!(words.contains("Performance report · 2026-Q3"), "{words}");
        assert!(words.contains("Late: this was due on Thu 1 Oct 2026 at 09:00"), "{words}");
    }

    async fn where_nothing_was_measured_no_report_comes(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        stage.person("maya", Manager, "Europe/Berlin").await;
        stage.move_to("2026-10-02T12:00:00+02:00").await;
        assert_eq!(reports(&stage), 0);
        let said = format!("{:?}", stage.says("maya", "report actions").await);
        assert!(said.contains("No actions fit"), "{said}");
        let said = format!("{:?}", stage.says("maya", "report performance").await);
        assert!(said.contains("nothing to report on of 2026-Q3"), "{said}");
    }

    async fn the_register_of_actions_comes_as_pdf_and_as_rows(db: TestDatabase) {
        let stage = company(&db).await;
        stage.says("maya", "action new \"=cmd|' /C calc'!A0\" owner:maya due:2026-12-01 severity:major source:incident").await;
        stage.move_to("2026-11-05T10:00:00+01:00").await;
        let said = plain(&stage.says("eva", "report actions format:all").await);
        assert_eq!(said, "The register of actions is on its way to you, as 3 files.");
        stage.work().await;
        let pdf = file(&stage, "eva", ".pdf");
        shown("actions", &pdf);
        insta::assert_snapshot!("register_of_actions_as_text", without_fingerprints(&as_text(&pdf)));
        let rows = String::from_utf8(file(&stage, "eva", ".csv")).unwrap();
        insta::assert_snapshot!("register_of_actions_as_rows", rows.trim_start_matches('\u{feff}').replace('\r', ""));
        for (filter, names) in [
            ("state:open", vec!["CA-1", "CA-2", "CA-3"]),
            ("overdue", vec!["CA-1"]),
            ("owner:maya", vec!["CA-3"]),
            ("source:kpi severity:minor", vec!["CA-1"]),
            ("control:9.1", vec!["CA-1"]),
            ("disks", vec!["CA-2"]),
        ] {
            stage.says("eva", &format!("report actions {filter} format:csv")).await;
            stage.work().await;
            let rows = String::from_utf8(file(&stage, "eva", ".csv")).unwrap();
            let found: Vec<&str> = rows.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
            assert_eq!(found, names, "{filter}");
        }
    }
}

on_every_platform! {
    async fn a_performance_report_comes_with_its_files_and_a_leader_reviews_it(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let (ann, bob) = (fake.person("ann"), fake.person("bob"));
        ann.types("/isms role grant @bob leader").await.card();
        ann.types("/isms kpi new incidents Incidents unit:incidents direction:lower target:3 frequency:weekly measurer:me").await.card();
        for (week, value) in [(48, 2), (49, 1), (50, 4)] {
            ann.types(&format!("/isms kpi record incidents {value} period:2026-W{week}")).await;
        }
        bot.works().await;
        let said = ann.types("/isms report performance this quarter").await.card();
        assert!(said.text().contains("on its way to you"), "{}", said.text());
        bot.works().await;
        assert!(fake.files().iter().any(|(name, _)| name == "performance-2026-Q4.pdf"));
        bot.app.clock.move_to(instant("2027-01-01T09:00:00+01:00"));
        bot.works().await;
        let all = fake.channel("isms").messages();
        let head = all.iter().find(|m| m.text().contains("Performance report · 2026-Q4")).expect("a report");
        let in_thread = |m: &&Shown| m.thread() == Some(head.id());
        assert_eq!(all.iter().filter(in_thread).count(), 3, "its files");
        let names: Vec<String> = fake.files().into_iter().map(|(name, _)| name).collect();
        for name in ["performance-2026-Q4.pdf", "performance-2026-Q4.csv", "performance-2026-Q4.md"] {
            assert!(names.iter().any(|other| other == name), "{name}: {names:?}");
        }
        let asked = fake.dm("bob").shows("Performance report · 2026-Q4").await;
        let thanks = bob.clicks(&asked, "I have reviewed this").await.card();
        assert!(thanks.text().contains("your evaluation of the performance report 2026-Q4 is on record"), "{}", thanks.text());
        bot.works().await;
        let head = fake.channel("isms").shows("Performance report · 2026-Q4").await;
        assert!(head.text().contains("Reviewed by"), "{}", head.text());
        fake.is_content();
    }
}
