//! Files: given with a command, kept unchanged, handed out again, on every face.

mod faces;

use isms_bot::chat::{Act, Attachment, Reply};
use isms_bot::command::value::FileRef;
use isms_bot::outbox::{self, Job, Subject, To};
use isms_bot::people::Role;
use isms_bot::record::files::{self, Keeper, LARGEST};
use isms_bot::sql;

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::everywhere::Sight;
use crate::harness::stage::Stage;
use crate::{on_both_databases, on_every_platform};

const SCAN: &[u8] = b"%PDF-1.7 a scan of all servers";
const KEEP: &str = "/isms file keep";
const SHOWS: (&str, &str) = ("shows", "Scan of March");

on_every_platform! {
    async fn a_file_is_given_with_a_command_and_got_back_as_it_was(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let file = ("file", "scan.pdf", SCAN);
        let kept = fake.person("ann").gives(KEEP, file, &[SHOWS]).await.card();
        let fingerprint = FileRef::of(SCAN).fingerprint().to_owned();
        for words in ["scan.pdf", &fingerprint, "Scan of March"] {
            assert!(kept.text().contains(words), "{}", kept.text());
        }
        let told = fake.person("ann").clicks(&kept, "Get the file").await.card();
        assert!(told.text().contains("on its way"), "{}", told.text());
        bot.works().await;
        assert_eq!(fake.files(), [("scan.pdf".to_owned(), SCAN.to_vec())]);
        let arrived = fake.dm("ann").messages().pop().expect("the file in a direct message");
        let words = arrived.json().to_string();
        assert!(words.contains(FileRef::of(SCAN).as_str()), "{words}");
        fake.is_content();
    }

    async fn a_form_that_is_refused_keeps_the_file_that_came_with_it(db: TestDatabase, fake: Fake) {
        let _bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        let long = "x".repeat(121);
        let file = ("file", "scan.pdf", SCAN);
        let again = ann.gives(KEEP, file, &[("shows", &long)]).await.form();
        assert!(again.error("shows").await.is_some(), "{}", again.all_words());
        let kept = again.fills(&[SHOWS]).submits().await.card();
        assert!(kept.text().contains("scan.pdf"), "{}", kept.text());
        fake.is_content();
    }

    async fn a_file_that_is_too_large_is_refused_before_it_is_fetched(db: TestDatabase, fake: Fake) {
        let _bot = Bot::start(&db, &fake).await;
        let large = vec![b'x'; LARGEST + 1];
        let file = ("file", "film.mp4", large.as_slice());
        let again = fake.person("ann").gives(KEEP, file, &[SHOWS]).await;
        let words = match again {
            Sight::Form(form) => form.all_words(),
            Sight::Card(card) => card.text().to_owned(),
        };
        assert!(words.contains("“film.mp4” has 11 MiB; at most 10 fit"), "{words}");
        assert_eq!(fake.downloads(), 0);
        fake.is_content();
    }

    async fn an_empty_file_is_refused_beside_its_field(db: TestDatabase, fake: Fake) {
        let _bot = Bot::start(&db, &fake).await;
        let file = ("file", "empty.txt", b"".as_slice());
        let again = fake.person("ann").gives(KEEP, file, &[SHOWS]).await.form();
        assert!(again.all_words().contains("empty"), "{}", again.all_words());
        fake.is_content();
    }

    async fn a_kept_file_goes_into_a_channel_and_into_a_thread(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        ann.types("/isms action new \"Patch the VPN\" due:2026-12-18").await.card();
        bot.works().await;
        let living = fake.channel("isms").messages().remove(0);
        let workspace = bot.app.homes(fake.platform(), &fake.id("ann")).await.remove(0);
        let keeper = Keeper { workspace: workspace.id, by: None, at: bot.app.clock.now() };
        let mut tx = bot.app.store.write(workspace.id).await.unwrap();
        let file = files::keep(&mut tx, keeper, "Report März.pdf", SCAN.to_vec()).await.unwrap();
        let job = |key| {
            let subject = Subject::File { file: file.clone(), comment: "The report".to_owned() };
            Job::new(workspace.id, subject, key, To::WorkspaceChannel)
        };
        outbox::enqueue(&mut tx, job("first")).await.unwrap();
        outbox::enqueue(&mut tx, job("second").in_thread_of("CA-1")).await.unwrap();
        tx.commit().await.unwrap();
        bot.works().await;
        let bytes: Vec<Vec<u8>> = fake.files().into_iter().map(|(_, bytes)| bytes).collect();
        assert_eq!(bytes, [SCAN.to_vec(), SCAN.to_vec()]);
        let shown = fake.channel("isms").messages();
        let of_the_file = shown.iter().filter(|message| {
            message.json().to_string().contains("The report")
        });
        let threads: Vec<Option<&str>> = of_the_file.map(|message| message.thread()).collect();
        assert_eq!(threads.len(), 2, "{threads:?}");
        assert!(threads.contains(&None) && threads.contains(&Some(living.id())), "{threads:?}");
        fake.is_content();
    }
}

async fn stage(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, "2026-11-23T09:00:00+01:00").await;
    for (name, role) in [
        ("mia", Role::Manager),
        ("ann", Role::Member),
        ("rob", Role::Reader),
    ] {
        stage.person(name, role, "Europe/Berlin").await;
    }
    stage.work().await;
    stage
}

async fn gives(stage: &Stage, who: &str, words: &str) -> Reply {
    let mut inbound = stage.inbound(who, Act::Typed(words.to_owned()));
    inbound.files = vec![Attachment {
        field: "file".to_owned(),
        name: "scan.pdf".to_owned(),
        bytes: Ok(SCAN.to_vec()),
    }];
    stage.app.handle(inbound).await
}

async fn is_kept(stage: &Stage) -> bool {
    let mut conn = stage.app.store.read().await.unwrap();
    let found = sql!(
        conn,
        record::find_file(stage.workspace.id, &FileRef::of(SCAN))
    );
    found.unwrap().is_some()
}

fn told(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        other => format!("{other:?}"),
    }
}

on_both_databases! {
    async fn who_may_not_keep_a_file_leaves_none_and_may_get_one(db: TestDatabase) {
        let stage = stage(&db).await;
        let refused = told(&gives(&stage, "rob", "file keep \"A scan\"").await);
        assert!(refused.contains("You are here as a reader"), "{refused}");
        assert!(!is_kept(&stage).await);
        let kept = told(&gives(&stage, "ann", "file keep \"A scan\"").await);
        assert!(kept.contains("Kept unchanged"), "{kept}");
        let get = format!("file get {}", FileRef::of(SCAN).fingerprint());
        assert!(told(&stage.says("rob", &get).await).contains("on its way"));
        stage.work().await;
        assert_eq!(stage.desk.files_to("rob"), ["scan.pdf"]);
    }

    async fn a_command_without_a_place_for_files_keeps_none(db: TestDatabase) {
        let stage = stage(&db).await;
        let refused = told(&gives(&stage, "ann", "action list").await);
        assert!(refused.contains("takes no file"), "{refused}");
        assert!(!is_kept(&stage).await);
    }

    async fn who_asks_for_a_file_gets_it_also_while_away(db: TestDatabase) {
        let stage = stage(&db).await;
        gives(&stage, "ann", "file keep \"A scan\"").await;
        let away = stage.says("ann", "away until:2026-11-27 deputy:@mia").await;
        assert!(told(&away).contains("You are away"), "{}", told(&away));
        stage.says("ann", &format!("file get {}", FileRef::of(SCAN))).await;
        stage.work().await;
        assert_eq!(stage.desk.files_to("ann"), ["scan.pdf"]);
        assert!(stage.desk.files_to("mia").is_empty());
    }

    async fn the_log_says_who_kept_a_file_and_what_it_shows(db: TestDatabase) {
        let stage = stage(&db).await;
        gives(&stage, "ann", "file keep \"Scan of March\"").await;
        gives(&stage, "mia", "file keep \"The same again\"").await;
        let record = format!("file {}", FileRef::of(SCAN).fingerprint());
        let past = stage.history(&record).await;
        let kinds: Vec<&str> = past.iter().map(|past| past.kind.as_str()).collect();
        assert_eq!(kinds, ["file-kept", "file-described", "file-described"]);
    }

    async fn a_file_that_is_not_here_is_said_to_be_so(db: TestDatabase) {
        let stage = stage(&db).await;
        let told = format!("{:?}", stage.says("ann", "file get 0123456789ab").await);
        assert!(told.contains("There is no file 0123456789ab here"), "{told}");
        let told = format!("{:?}", stage.says("ann", "file get scan.pdf").await);
        assert!(told.contains("is no fingerprint of a file"), "{told}");
    }
}
