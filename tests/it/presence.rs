//! Who is away is asked through a deputy; who left hands over all they held.

use isms_bot::chat::{Card, Reply};
use isms_bot::people::Role::{Leader, Manager, Member, Reader};
use isms_bot::presence;

use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::on_both_databases;

const MONDAY: &str = "2026-11-23T07:00:00+01:00";

fn said(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        Reply::Form(form) => {
            let errors = form.fields.iter().filter_map(|field| field.error.clone());
            let intro = form.intro.clone().into_iter();
            intro.chain(errors).collect::<Vec<_>>().join("\n")
        }
        Reply::Nothing => String::new(),
    }
}

fn reminders(cards: &[Card]) -> Vec<String> {
    let asks = |card: &&Card| {
        let title = card.title.as_deref().unwrap_or_default();
        title.contains("need")
    };
    cards.iter().filter(asks).map(Card::plain).collect()
}

/// Mia manages; Ann owes an action that is due on Wednesday, and has a colleague, Bob.
async fn team(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    stage.person("mia", Manager, "Europe/Berlin").await;
    for name in ["ann", "bob"] {
        stage.person(name, Member, "Europe/Berlin").await;
    }
    stage.work().await;
    stage
        .says(
            "mia",
            "action new Patch the VPN owner:ann due:2026-11-25 severity:opportunity",
        )
        .await;
    stage.work().await;
    stage
}

on_both_databases! {
    async fn while_someone_is_away_their_deputy_is_asked_in_one_message_with_the_own(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("mia", "action new Shred the disks owner:bob due:2026-11-25 severity:opportunity").await;
        let reply = stage.says("ann", "away until:thursday deputy:@bob Skiing").await;
        assert!(said(&reply).contains("On Thu 26 Nov 2026 your reminders come to you again"), "{}", said(&reply));
        stage.move_to("2026-11-25T12:00:00+01:00").await;
        assert!(reminders(&stage.desk.to("ann")).is_empty(), "never the absent");
        let asked = reminders(&stage.desk.to("bob"));
        // The day before, and the day itself: one message each.
        assert_eq!(asked.len(), 2, "{asked:#?}");
        for card in &asked {
            assert!(card.contains("2 things need you"), "{card}");
            assert!(card.contains("For ann, who is away until Thu 26 Nov 2026:"), "{card}");
            assert!(card.contains("Patch the VPN") && card.contains("Shred the disks"), "{card}");
        }
        let told = stage.desk.to("bob").into_iter();
        let told: Vec<_> = told.filter(|card| card.plain().contains("You stand in for ann")).collect();
        assert_eq!(told.len(), 1, "the deputy is told once");
        assert!(told[0].plain().contains("Reason: Skiing"));
        // The deputy does it for her, and `mine` shows it.
        assert!(said(&stage.says("bob", "mine").await).contains("Patch the VPN"));
        // From Thursday on she is asked herself.
        stage.move_to("2026-12-02T12:00:00+01:00").await;
        assert!(reminders(&stage.desk.to("ann"))[0].contains("Patch the VPN"));
        assert!(reminders(&stage.desk.to("bob")).iter().skip(2).all(|card| !card.contains("For ann")));
    }

    async fn what_is_assigned_to_someone_away_goes_to_the_deputy_and_says_whose_it_is(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("ann", "away until:friday deputy:@bob").await;
        stage.says("mia", "action new Renew the certificate owner:ann due:2026-12-20").await;
        stage.work().await;
        let told: Vec<_> = stage.desk.to("bob").iter().map(Card::plain).collect();
        let card = told.iter().find(|card| card.contains("made you the owner of CA-2")).unwrap();
        assert!(card.starts_with("For ann, who is away until Fri 27 Nov 2026."), "{card}");
        assert_eq!(stage.desk.to("ann").len(), 1, "only what came before she left");
    }

    async fn a_deputy_gives_the_value_and_the_input_of_who_is_away(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("mia", "kpi new clicks Clicks unit:% direction:lower target:5 frequency:weekly measurer:@ann analyst:@mia").await;
        stage.says("mia", "review schedule 2026-12-10").await;
        stage.says("mia", "review assign MR-2026-Q4 f @ann").await;
        let refused = said(&stage.says("bob", "kpi record clicks 3 period:2026-W47").await);
        assert!(refused.contains("is measured by ann"), "{refused}");
        stage.says("ann", "away until:friday deputy:@bob").await;
        let done = said(&stage.says("bob", "kpi record clicks 3 period:2026-W47").await);
        assert!(done.contains("3% in 2026-W47 recorded"), "{done}");
        let given = said(&stage.says("bob", "review input MR-2026-Q4 f \"Two new risks\"").await);
        assert!(!given.contains("is for ann to give"), "{given}");
        let history = stage.history("MR-2026-Q4").await;
        assert!(history.iter().any(|past| past.kind == "review-input-given"));
    }

    async fn where_the_deputy_is_away_too_the_managers_are_asked(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("ann", "away until:friday deputy:@bob").await;
        let reply = said(&stage.says("bob", "away until:thursday deputy:@ann").await);
        assert!(reply.contains("ann is away then too, until Fri 27 Nov 2026"), "{reply}");
        stage.move_to("2026-11-24T12:00:00+01:00").await;
        let asked = reminders(&stage.desk.to("mia"));
        assert!(asked.iter().any(|card| card.contains("For ann") && card.contains("Patch the VPN")), "{asked:#?}");
        assert!(reminders(&stage.desk.to("bob")).is_empty());
        let status = said(&stage.says("mia", "status").await);
        assert!(status.contains("Away: ann until Fri 27 Nov 2026 (asked instead: mia)"), "{status}");
    }

    async fn an_absence_to_come_is_called_off_before_it_begins(db: TestDatabase) {
        let stage = team(&db).await;
        let told = said(&stage.says("ann", "away from:2026-12-21 until:2027-01-04 deputy:@bob").await);
        assert!(told.contains("You will be away") && told.contains("[Call it off] /isms back"), "{told}");
        let home = said(&stage.says("ann", "home").await);
        assert!(home.contains("You will be away from Mon 21 Dec 2026 until Mon 4 Jan 2027"), "{home}");
        let off = said(&stage.says("ann", "back").await);
        assert!(off.contains("called off"), "{off}");
        assert!(!said(&stage.says("ann", "home").await).contains("away from"));
    }

    async fn whoever_is_back_early_says_so_and_is_asked_again(db: TestDatabase) {
        let stage = team(&db).await;
        assert!(said(&stage.says("ann", "back").await).contains("You are not away"));
        stage.says("ann", "away until:2026-12-04 deputy:@bob").await;
        stage.work().await;
        assert!(said(&stage.says("ann", "home").await).contains("You are away from Mon 23 Nov 2026 until Fri 4 Dec 2026"));
        let reply = stage.clicks("ann", "back").await;
        assert!(said(&reply).contains("Welcome back"), "{}", said(&reply));
        stage.work().await;
        // Bob's message is edited and asks for nothing any more.
        let told = stage.desk.last_to("bob");
        assert_eq!((told.card.plain().as_str(), told.edits), ("Nothing here waits for you any more.", 1));
        stage.move_to("2026-11-24T12:00:00+01:00").await;
        assert!(!reminders(&stage.desk.to("ann")).is_empty());
        let kinds: Vec<_> = stage.desk.to("bob").iter().map(Card::plain).collect();
        assert!(kinds.iter().all(|card| !card.contains("For ann")), "{kinds:#?}");
    }

    async fn an_absence_that_makes_no_sense_is_refused_with_what_would_be_right(db: TestDatabase) {
        let stage = team(&db).await;
        stage.person("rex", Reader, "Europe/Berlin").await;
        for (words, right) in [
            ("away until:friday deputy:me", "cannot stand in for yourself"),
            ("away until:friday deputy:@rex", "here as a reader"),
            ("away until:today deputy:@bob", "the first day you are back"),
            ("away from:2026-12-24 until:2026-12-20 deputy:@bob", "the first day you are back"),
        ] {
            let reply = stage.says("ann", words).await;
            assert!(said(&reply).contains(right), "{words}: {}", said(&reply));
        }
        let Reply::Form(form) = stage.says("ann", "away").await else {
            panic!("a form");
        };
        let asked: Vec<_> = form.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(asked[..2], ["until", "deputy"]);
    }

    async fn who_left_is_found_out_before_the_reminders_and_managers_get_the_list_once(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("mia", "kpi new clicks Clicks unit:% direction:lower target:5 frequency:weekly measurer:@ann analyst:@mia").await;
        stage.says("mia", "review schedule 2026-12-10").await;
        stage.says("mia", "review assign MR-2026-Q4 f @ann").await;
        stage.says("mia", "audit plan 2026").await;
        stage.says("mia", "audit assign AUD-2026-11 @ann").await;
        stage.says("mia", "area assign A.8.8 @ann").await;
        stage.work().await;
        let before = stage.desk.to("ann").len();
        stage.desk.is_gone("ann", true);
        stage.desk.is_gone("bob", true);
        stage.move_to("2026-11-25T12:00:00+01:00").await;
        assert_eq!(stage.desk.to("ann").len(), before, "reminders stop");
        let told: Vec<_> = stage.desk.to("mia").iter().map(Card::plain).filter(|card| card.contains("left")).collect();
        assert_eq!(told.len(), 1, "Bob owes nothing and is not looked for; of Ann once: {told:#?}");
        for held in ["A.8.8 ", "CA-1 Patch the VPN", "clicks Clicks · measures it", "MR-2026-Q4 input (f)", "AUD-2026-11"] {
            assert!(told[0].contains(held), "{held}: {}", told[0]);
        }
        assert!(told[0].contains("[Hand over] /isms handover <@ann>"), "{}", told[0]);
    }

    async fn a_handover_gives_everything_to_one_person_who_is_told_once(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("mia", "kpi new clicks Clicks unit:% direction:lower target:5 frequency:weekly measurer:@ann analyst:@ann").await;
        stage.says("mia", "review schedule 2026-12-10").await;
        stage.says("mia", "review assign MR-2026-Q4 f @ann").await;
        stage.says("mia", "audit plan 2026").await;
        stage.says("mia", "audit assign AUD-2026-11 @ann").await;
        stage.says("mia", "area assign A.8.8 @ann").await;
        presence::gone::left(&stage.app, &stage.workspace, "ann").await.unwrap();
        presence::gone::left(&stage.app, &stage.workspace, "ann").await.unwrap();
        stage.work().await;
        let list = stage.desk.last_to("mia");
        let Reply::Form(form) = stage.clicks_on("mia", &list, "handover <@ann>").await else {
            panic!("a form");
        };
        assert_eq!(form.fields.len(), 1, "only who takes it over");
        assert!(form.intro.clone().unwrap().contains("CA-1 Patch the VPN"));
        let denied = stage.submits("bob", &form.command, &[("to", "bob")]).await;
        assert!(said(&denied).contains("is for a manager"), "{}", said(&denied));
        let done = stage.submits("mia", &form.command, &[("to", "bob")]).await;
        assert!(said(&done).contains("5 things are now with @bob, from ann"), "{}", said(&done));
        stage.work().await;
        let told: Vec<_> = stage.desk.to("bob").iter().map(Card::plain).collect();
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(told[0].contains("You take over from ann") && told[0].contains("@mia handed this over"), "{}", told[0]);
        let owed = said(&stage.says("bob", "mine").await);
        assert!(owed.contains("CA-1") && owed.contains("MR-2026-Q4"), "{owed}");
        for (record, kind) in [
            ("CA-1", "action-assigned"), ("clicks", "kpi-assigned"),
            ("MR-2026-Q4", "review-input-assigned"), ("AUD-2026-11", "audit-assigned"),
            ("area A.8.8", "area-assigned"),
        ] {
            let history = stage.history(record).await;
            let events = history.iter().filter(|past| past.kind == kind && past.data["handover"] == true);
            assert_eq!(events.count(), 1, "{record}");
        }
        // The list is brought up to date, not posted again; and there is nothing more to hand over.
        let all: Vec<_> = stage.desk.to("mia").iter().map(Card::plain).collect();
        let lists: Vec<_> = all.iter().filter(|card| card.starts_with("ann left")).collect();
        assert_eq!(lists.len(), 1, "{all:#?}");
        assert!(lists[0].contains("Nothing is left to be handed over"), "{}", lists[0]);
        let again = stage.submits("mia", &form.command, &[("to", "bob")]).await;
        assert!(said(&again).contains("there is nothing to hand over"), "{}", said(&again));
    }

    async fn who_left_and_acts_again_is_welcome_unless_the_platform_says_no(db: TestDatabase) {
        let stage = team(&db).await;
        presence::gone::left(&stage.app, &stage.workspace, "ann").await.unwrap();
        stage.work().await;
        stage.desk.is_gone("ann", true);
        let refused = said(&stage.says("ann", "mine").await);
        assert!(refused.contains("is deactivated") && refused.contains("Ask mia"), "{refused}");
        stage.desk.is_gone("ann", false);
        let back = said(&stage.says("ann", "mine").await);
        assert!(back.contains("Welcome back") && back.contains("Patch the VPN"), "{back}");
        assert!(!said(&stage.says("ann", "mine").await).contains("Welcome back"), "said once");
        stage.work().await;
        assert_eq!(stage.desk.last_to("mia").card.plain(), "Nothing here waits for you any more.");
    }

    async fn however_many_processes_look_a_manager_hears_once_that_someone_left(db: TestDatabase) {
        let stage = team(&db).await;
        let twin = stage.beside(&db).await;
        stage.desk.is_gone("ann", true);
        stage.app.clock.move_to("2026-11-24T07:00:00Z".parse().unwrap());
        let (first, second) = tokio::join!(
            isms_bot::schedule::flow::run_due(&stage.app),
            isms_bot::schedule::flow::run_due(&twin)
        );
        first.and(second).unwrap();
        stage.work().await;
        let told = stage.desk.to("mia").into_iter().map(|card| card.plain());
        assert_eq!(told.filter(|card| card.starts_with("ann left")).count(), 1);
    }

    async fn when_the_last_manager_left_the_leaders_hear_of_it(db: TestDatabase) {
        let stage = team(&db).await;
        stage.person("lea", Leader, "Europe/Berlin").await;
        presence::gone::left(&stage.app, &stage.workspace, "mia").await.unwrap();
        stage.work().await;
        let told = stage.desk.last_to("lea").card.plain();
        assert!(told.contains("mia left") && told.contains("Their role was manager"), "{told}");
    }

    async fn a_reader_has_a_home_and_a_link_and_no_more(db: TestDatabase) {
        let stage = team(&db).await;
        stage.person("rex", Reader, "Europe/Berlin").await;
        for (words, may) in [
            ("home", true), ("link", true), ("away until:friday deputy:@bob", false), ("back", false),
            ("handover @ann @bob", false),
        ] {
            let reply = said(&stage.says("rex", words).await);
            assert_eq!(!reply.contains("You are here as a reader"), may, "{words}: {reply}");
        }
    }
}
