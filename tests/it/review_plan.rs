//! Stories of planning reviews: one, or one after the other; moved, cancelled, held late or not at all;
//! and the invitations that go out with all that.

use isms_bot::people::Role::{Leader, Manager, Member};

use crate::harness::bot::Bot;
use crate::harness::stage::{Message, Stage, instant};
use crate::{on_both_databases, on_every_platform};

const BERLIN: &str = "Europe/Berlin";

async fn stage(db: &crate::harness::database::TestDatabase, at: &str) -> Stage {
    let stage = Stage::new(db, at).await;
    for (name, role) in [
        ("mia", Manager),
        ("lea", Leader),
        ("ann", Member),
        ("bob", Member),
    ] {
        stage.person(name, role, BERLIN).await;
    }
    stage
}

async fn says(stage: &Stage, who: &str, words: &str) -> String {
    let reply = stage.says(who, words).await;
    match reply.card() {
        Some(card) => card.plain(),
        None => format!("{reply:?}"),
    }
}

/// Time passes at once: what was due on the way and is late by a day is not made up for.
async fn jump(stage: &Stage, at: &str) {
    stage.app.clock.move_to(instant(at));
    stage.work().await;
}

/// A calendar file, its lines whole again.
#[derive(Debug, Clone)]
struct Ics(String);

impl Ics {
    fn of(bytes: Vec<u8>) -> Ics {
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        Ics(text.replace("\r\n ", "").replace("\r\n", "\n"))
    }

    /// The value of a property that is there once.
    fn value(&self, property: &str) -> &str {
        let named = |line: &&str| {
            let name = line.split([':', ';']).next();
            name == Some(property)
        };
        let mut lines = self.0.lines().filter(named);
        let line = lines
            .next()
            .unwrap_or_else(|| panic!("{property}: {self:?}"));
        assert_eq!(lines.next(), None, "{property}");
        line.split_once(':').unwrap().1
    }

    /// Method, sequence, status, and when it begins.
    fn told(&self) -> [&str; 4] {
        ["METHOD", "SEQUENCE", "STATUS", "DTSTART"].map(|property| self.value(property))
    }
}

/// The calendar files that a person was sent, each with the words beside it.
fn invitations(stage: &Stage, who: &str) -> Vec<(String, Ics)> {
    let own = |m: &Message| m.target == isms_bot::chat::Target::Person(who.to_owned());
    let sent = stage.desk.all().into_iter().filter(own);
    sent.filter_map(|message| {
        let (name, bytes) = message.file?;
        name.ends_with(".ics")
            .then(|| (message.card.plain(), Ics::of(bytes)))
    })
    .collect()
}

on_every_platform! {
    async fn who_takes_part_gets_a_file_for_their_calendar_and_what_is_new_about_it(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        let bob = fake.person("bob");
        bob.types("/isms help").await;
        let form = ann.types("/isms review schedule").await.form();
        let asked = [("on", "2026-12-15"), ("at", "10:00"), ("with", "@ann @bob"), ("place", "Room 1")];
        let planned = form.fills(&asked).submits().await.card();
        assert!(planned.text().contains("10:00 to 11:00 (Europe/Berlin)"), "{}", planned.text());
        bot.works().await;
        let files = fake.files();
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["MR-2026-Q4.ics", "MR-2026-Q4.ics"]);
        let first = Ics::of(files[0].1.clone());
        assert_eq!(first.told(), ["REQUEST", "0", "CONFIRMED", "20261215T090000Z"]);
        assert_eq!(first.0.matches("ATTENDEE;").count(), 2, "{first:?}");

        let form = ann.types("/isms review move MR-2026-Q4").await.form();
        form.fills(&[("on", "2026-12-17"), ("at", "14:00"), ("reason", "The auditors come")]).submits().await.card();
        bot.works().await;
        let (_, bytes) = fake.files().pop().unwrap();
        let moved = Ics::of(bytes);
        assert_eq!(moved.told(), ["REQUEST", "1", "CONFIRMED", "20261217T130000Z"]);
        assert_eq!(moved.value("UID"), first.value("UID"));

        let form = ann.types("/isms review cancel MR-2026-Q4").await.form();
        let off = form.fills(&[("reason", "Held with the next")]).submits().await.card();
        assert!(off.text().contains("is cancelled"), "{}", off.text());
        bot.works().await;
        let (_, bytes) = fake.files().pop().unwrap();
        let off = Ics::of(bytes);
        assert_eq!(off.told(), ["CANCEL", "2", "CANCELLED", "20261217T130000Z"]);
        assert_eq!(off.value("UID"), first.value("UID"));
        assert_eq!(fake.files().len(), 6);
        fake.is_content();
    }

    async fn a_review_is_scheduled_in_a_form_that_comes_back_with_what_was_wrong(db: TestDatabase, fake: Fake) {
        let _bot = Bot::start(&db, &fake).await;
        let form = fake.person("ann").types("/isms review schedule").await.form();
        let wrong = [("every", "quarterly"), ("at", "25:00"), ("with", "me")];
        let again = form.fills(&wrong).submits().await.form();
        let error = again.error("at").await.unwrap();
        assert!(error.contains("not a time of day"), "{error}");
        let planned = again.fills(&[("at", "10:00")]).submits().await.card();
        assert!(planned.text().contains("MR-2026-Q4 is scheduled"), "{}", planned.text());
        assert!(planned.text().contains("every quarter"), "{}", planned.text());
        fake.is_content();
    }
}

on_both_databases! {
    async fn a_review_is_moved_twice_and_keeps_its_name_and_its_reasons(db: TestDatabase) {
        let stage = stage(&db, "2026-11-23T09:00:00+01:00").await;
        says(&stage, "mia", "review schedule 2026-12-15 at:10:00 for:90").await;
        let once = says(&stage, "mia", "review move MR-2026-Q4 2026-12-17 The chair is away").await;
        assert!(once.contains("is now on Thu 17 Dec 2026, 10:00 to 11:30"), "{once}");
        let same = says(&stage, "mia", "review move MR-2026-Q4 2026-12-17 Once more").await;
        assert!(same.contains("is on Thu 17 Dec 2026 already"), "{same}");
        let twice = says(&stage, "mia", "review move MR-2026-Q4 2027-01-12 The audit takes longer").await;
        assert!(twice.contains("It has been moved 2 times."), "{twice}");
        stage.work().await;
        let shown = says(&stage, "ann", "review show MR-2026-Q4").await;
        for words in [
            "Day: Tue 12 Jan 2027, 10:00 to 11:30 (Europe/Berlin)",
            "moved from Tue 15 Dec 2026 to Thu 17 Dec 2026: The chair is away",
            "moved from Thu 17 Dec 2026 to Tue 12 Jan 2027: The audit takes longer",
            "Takes part: @mia, @lea",
        ] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        // What was still waiting to be sent says how it stands, once.
        let sent = invitations(&stage, "lea");
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!(sent[0].1.told(), ["REQUEST", "2", "CONFIRMED", "20270112T090000Z"]);
        let listed = says(&stage, "mia", "review list").await;
        assert!(listed.contains("MR-2026-Q4 was planned for Tue 15 Dec 2026 and put off until Tue 12 Jan 2027."), "{listed}");
    }

    async fn a_cancelled_review_asks_for_nothing_more_and_its_quarter_counts_as_skipped(db: TestDatabase) {
        let stage = stage(&db, "2026-11-23T09:00:00+01:00").await;
        says(&stage, "mia", "review schedule 2026-12-15").await;
        stage.work().await;
        says(&stage, "mia", "review cancel MR-2026-Q4 Nobody is there").await;
        jump(&stage, "2027-01-02T09:00:00+01:00").await;
        let owed = says(&stage, "mia", "mine").await;
        assert!(owed.contains("Nothing waits for you"), "{owed}");
        let sent = invitations(&stage, "lea");
        let words: Vec<&str> = sent.iter().map(|(words, _)| words.as_str()).collect();
        assert_eq!(words, [
            "You are invited to MR-2026-Q4, Management review 2026-Q4, on Tue 15 Dec 2026.",
            "MR-2026-Q4, Management review 2026-Q4, on Tue 15 Dec 2026 is cancelled. Nobody is there.",
        ]);
        let listed = says(&stage, "lea", "review list").await;
        assert!(listed.contains("No review was held in 2026-Q4: MR-2026-Q4 was cancelled."), "{listed}");
        let again = says(&stage, "mia", "review cancel MR-2026-Q4 Once more").await;
        assert!(again.contains("was cancelled; there is nothing left to cancel"), "{again}");
        let moved = says(&stage, "mia", "review move MR-2026-Q4 2027-01-12 Once more").await;
        assert!(moved.contains("nothing left to move"), "{moved}");
    }

    async fn one_person_more_is_invited_alone_and_one_less_is_told_so(db: TestDatabase) {
        let stage = stage(&db, "2026-11-23T09:00:00+01:00").await;
        says(&stage, "mia", "review schedule 2026-12-15 at:10:00 with:@lea").await;
        stage.work().await;
        let invited = says(&stage, "mia", "review invite MR-2026-Q4 @ann").await;
        assert!(invited.contains("@lea, @ann") || invited.contains("@ann, @lea"), "{invited}");
        let twice = says(&stage, "mia", "review invite MR-2026-Q4 @ann").await;
        assert!(twice.contains("takes part already"), "{twice}");
        says(&stage, "mia", "review chair MR-2026-Q4 @bob").await;
        stage.work().await;
        says(&stage, "mia", "review uninvite MR-2026-Q4 @ann").await;
        let nobody = says(&stage, "mia", "review uninvite MR-2026-Q4 @ann").await;
        assert!(nobody.contains("is not invited"), "{nobody}");
        stage.work().await;
        assert_eq!(invitations(&stage, "lea").len(), 1);
        let ann = invitations(&stage, "ann");
        assert_eq!(ann.len(), 2, "{ann:?}");
        assert_eq!(ann[1].1.value("METHOD"), "CANCEL");
        assert!(ann[1].0.contains("takes place without you"), "{ann:?}");
        let bob = invitations(&stage, "bob");
        assert!(bob[0].0.contains("bob chairs."), "{bob:?}");
        assert!(bob[0].1.0.contains("ROLE=CHAIR"), "{bob:?}");
        // A later change goes to those who are left, after what took it out of the others' calendars.
        says(&stage, "mia", "review move MR-2026-Q4 2026-12-16 The room is taken").await;
        stage.work().await;
        assert_eq!(invitations(&stage, "ann").len(), 2);
        assert_eq!(invitations(&stage, "lea")[1].1.value("SEQUENCE"), "2");
    }

    async fn reviews_in_series_follow_one_another_by_themselves(db: TestDatabase) {
        let stage = stage(&db, "2026-11-23T09:00:00+01:00").await;
        let first = says(&stage, "mia", "review schedule quarterly at:10:00 for:90 with:@lea @mia").await;
        assert!(first.contains("on Tue 15 Dec 2026, 10:00 to 11:30"), "{first}");
        says(&stage, "mia", "review assign MR-2026-Q4 f @bob").await;
        stage.move_to("2026-12-15T09:30:00+01:00").await;
        says(&stage, "mia", "review start MR-2026-Q4").await;
        stage.move_to("2026-12-17T12:00:00+01:00").await;
        let shown = says(&stage, "mia", "review show MR-2027-Q1").await;
        for words in ["Day: Mon 15 Mar 2027, 10:00 to 11:30", "Takes part: @mia, @lea", "(f) Risk assessment and treatment status · @bob"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        // One that nobody held does not keep the next from being planned, and is told as late.
        jump(&stage, "2027-03-17T12:00:00+01:00").await;
        let listed = says(&stage, "mia", "review list").await;
        assert!(listed.contains("MR-2027-Q1 was planned for Mon 15 Mar 2027 and has not been held."), "{listed}");
        assert!(listed.contains("MR-2027-Q2"), "{listed}");
        let over = says(&stage, "mia", "review schedule never").await;
        assert!(over.contains("no longer planned by themselves"), "{over}");
        jump(&stage, "2027-06-21T12:00:00+02:00").await;
        let listed = says(&stage, "mia", "review list").await;
        assert!(!listed.contains("MR-2027-Q3"), "{listed}");
    }

    async fn a_review_on_a_leap_day_is_followed_by_one_a_year_later(db: TestDatabase) {
        let stage = stage(&db, "2028-01-10T09:00:00+01:00").await;
        says(&stage, "mia", "review schedule 2028-02-29 every:yearly at:10:00").await;
        jump(&stage, "2028-02-29T12:00:00+01:00").await;
        says(&stage, "mia", "review start MR-2028-Q1").await;
        jump(&stage, "2028-03-02T12:00:00+01:00").await;
        let shown = says(&stage, "mia", "review show MR-2029-Q1").await;
        assert!(shown.contains("Day: Wed 28 Feb 2029, 10:00"), "{shown}");
    }

    async fn an_invitation_keeps_its_hour_when_the_clocks_change(db: TestDatabase) {
        let stage = stage(&db, "2027-03-01T09:00:00+01:00").await;
        says(&stage, "mia", "review schedule 2027-03-26 at:10:00").await;
        stage.work().await;
        // The clocks are put forward on the 28th.
        says(&stage, "mia", "review move MR-2027-Q1 2027-03-29 Easter").await;
        stage.work().await;
        let sent = invitations(&stage, "lea");
        let begins: Vec<&str> = sent.iter().map(|(_, ics)| ics.value("DTSTART")).collect();
        assert_eq!(begins, ["20270326T090000Z", "20270329T080000Z"]);
    }

    async fn an_invitation_is_for_a_persons_own_calendar_also_while_another_stands_in(db: TestDatabase) {
        let stage = stage(&db, "2026-11-23T09:00:00+01:00").await;
        stage.says("lea", "away until:2026-12-01 deputy:@ann").await;
        says(&stage, "mia", "review schedule 2026-12-15").await;
        stage.work().await;
        assert_eq!(invitations(&stage, "lea").len(), 1);
        assert_eq!(invitations(&stage, "ann").len(), 0);
    }
}
