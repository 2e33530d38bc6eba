//! Values that come from asking people: surveys open, are answered, close, and keep a secret.

use isms_bot::chat::{Act, Card, FieldKind, Form, Reply};
use isms_bot::clock::Clock;
use isms_bot::people::Role::{Manager, Member, Reader};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::stage::{Stage, instant};
use crate::{on_both_databases, on_every_platform};

/// A Monday morning in Berlin; the month ends on the Monday after.
const MONDAY: &str = "2026-11-23T08:00:00+01:00";
const PEOPLE: [&str; 6] = ["ann", "bob", "cai", "dee", "eli", "fay"];

const KPI: &str = "kpi new culture Security culture unit:points direction:higher target:4 \
                   frequency:monthly measurer:@tom analyst:@tom";
const READ: &str = "kpi new policy-read Policy read unit:% direction:higher target:90 \
                    frequency:monthly measurer:@tom analyst:@tom";
const QUESTIONS: &str = "scale: I know where to report an incident\n\
                         yes-no: Did you report one?\n\
                         choice: How often do you lock your screen? | Always | Mostly | Never\n\
                         text: What would help?";

/// Maya manages, Tom measures, six others work here, Rob only reads.
async fn stage(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    stage.person("maya", Manager, "Europe/Berlin").await;
    stage.person("tom", Manager, "Europe/Berlin").await;
    stage.person("rob", Reader, "Europe/Berlin").await;
    for name in PEOPLE {
        stage.person(name, Member, "Europe/Berlin").await;
    }
    stage.work().await;
    stage.says("maya", KPI).await;
    stage.says("maya", READ).await;
    stage
}

async fn set_up(stage: &Stage, more: &[(&str, &str)]) -> String {
    let mut values = vec![("questions", QUESTIONS), ("to", "members")];
    values.extend(more);
    plain(&stage.submits("maya", "survey new culture", &values).await)
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

fn surveys(stage: &Stage, who: &str) -> Vec<Card> {
    let cards = stage.desk.to(who).into_iter();
    let titled = |card: &Card| card.title.as_ref().is_some_and(|t| t.starts_with("Survey"));
    cards.filter(titled).collect()
}

/// Opens the form, fills it and sends it.
async fn answers(stage: &Stage, who: &str, values: &[(&str, &str)]) -> String {
    let asked = form(stage.clicks(who, "survey answer culture").await);
    plain(&stage.submits(who, &asked.command, values).await)
}

fn sheet<'a>(scale: &'a str, yes: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("q1", scale), ("q2", yes), ("q3", "Mostly")]
}

on_both_databases! {
    async fn a_survey_opens_by_itself_and_its_mean_becomes_the_value(db: TestDatabase) {
        let stage = stage(&db).await;
        let made = set_up(&stage, &[("days", "5")]).await;
        assert!(made.contains("by itself on Thu 26 Nov 2026, until Mon 30 Nov 2026"), "{made}");
        stage.move_to("2026-11-26T08:30:00+01:00").await;
        assert!(surveys(&stage, "ann").is_empty());
        stage.move_to("2026-11-26T09:30:00+01:00").await;
        let asked = surveys(&stage, "ann");
        assert_eq!(asked.len(), 1);
        let words = asked[0].plain();
        assert!(words.contains("4 questions, anonymous. Please answer until Mon 30 Nov 2026"), "{words}");
        assert!(surveys(&stage, "rob").is_empty() && surveys(&stage, "maya").is_empty());
        for (who, scale) in PEOPLE.iter().zip(["5", "4", "4", "3", "5"]) {
            let told = answers(&stage, who, &sheet(scale, "no")).await;
            assert!(told.contains("thank you, your answers are in"), "{told}");
        }
        stage.work().await;
        assert!(surveys(&stage, "ann")[0].plain().contains("Thank you"), "the message follows");
        let open = plain(&stage.says("maya", "survey show culture").await);
        assert!(open.contains("5 of 6 answered (83%)"), "{open}");
        assert!(!open.contains("(1: "), "nothing is shown while it is open: {open}");
        stage.move_to("2026-12-01T12:00:00+01:00").await;
        let shown = plain(&stage.says("maya", "kpi show culture").await);
        assert!(shown.contains("Latest: 4.2 points in 2026-11"), "{shown}");
        assert!(shown.contains("survey") && shown.contains("5 of 6 answered (83%)"), "{shown}");
        let results = plain(&stage.says("maya", "survey show culture").await);
        assert!(results.contains("mean 4.2 (1: 0, 2: 0, 3: 1, 4: 2, 5: 2)"), "{results}");
        assert!(results.contains("0% yes") && results.contains("Mostly 5"), "{results}");
        let told = stage.desk.to("tom").into_iter().map(|card| card.plain());
        assert!(told.filter(|card| card.contains("4.2 points in 2026-11: on target")).count() >= 1);
        // Who answered hears what came out.
        assert!(surveys(&stage, "ann")[0].plain().contains("4.2 points in 2026-11"));
        // And the next month it opens again.
        stage.move_to("2026-12-28T12:00:00+01:00").await;
        assert_eq!(surveys(&stage, "ann").len(), 2);
    }

    async fn the_form_is_made_of_the_questions(db: TestDatabase) {
        let stage = stage(&db).await;
        set_up(&stage, &[]).await;
        stage.says("maya", "survey send culture").await;
        let asked = form(stage.clicks("ann", "survey answer culture").await);
        let labels: Vec<&str> = asked.fields.iter().map(|field| field.label.as_str()).collect();
        assert_eq!(labels, [
            "I know where to report an incident", "Did you report one?",
            "How often do you lock your screen?", "What would help?",
        ]);
        assert!(matches!(&asked.fields[0].kind, FieldKind::Choice(points) if points.len() == 5));
        assert!(matches!(&asked.fields[2].kind, FieldKind::Choice(options) if options[2].label == "Never"));
        assert_eq!(asked.fields[3].kind, FieldKind::Paragraph);
        assert!(!asked.fields[3].required);
        assert!(asked.intro.unwrap().contains("Anonymous"));
        // What is wrong stands beside its question, and what was filled in stays.
        let again = form(stage.submits("ann", &asked.command, &[("q1", "4"), ("q3", "Never")]).await);
        let wrong = again.field("q2").unwrap().error.clone().unwrap();
        assert!(wrong.contains("is not answered"), "{wrong}");
        assert_eq!(again.field("q1").unwrap().value.as_deref(), Some("4"));
        assert_eq!(again.field("q2").unwrap().label, "Did you report one?");
        assert_eq!(again.fields.len(), 4);
        // A line does as well.
        let typed = plain(&stage.says("ann", "survey answer culture q1:4 q2:yes q3:never").await);
        assert!(typed.contains("thank you"), "{typed}");
    }

    async fn nothing_joins_an_anonymous_answer_to_a_person(db: TestDatabase) {
        let stage = stage(&db).await;
        set_up(&stage, &[("least", "3")]).await;
        stage.says("maya", "survey send culture").await;
        stage.work().await;
        for (at, who) in PEOPLE.iter().enumerate() {
            let words = format!("The word of the {} was said", PEOPLE.len() - at);
            let command = "survey answer culture".to_owned();
            // Bit by bit, as some faces ask, so that a draft is kept; the first of them in vain.
            for (values, send) in [
                (vec![("q1", "4"), ("q4", words.as_str())], true),
                (vec![("q2", "yes")], false),
                (vec![("q3", "Always")], true),
            ] {
                let values = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
                let act = Act::Filled { command: command.clone(), values: values.collect(), send };
                let reply = stage.app.handle(stage.inbound(who, act)).await;
                assert!(send || matches!(reply, Reply::Form(_)), "{reply:?}");
            }
            stage.work().await;
        }
        let secret = |row: &str| row.contains("The word of the");
        let open: Vec<_> = db.rows().await.into_iter().filter(|(_, row)| secret(row)).collect();
        let tables: Vec<&str> = open.iter().map(|(table, _)| table.as_str()).collect();
        assert_eq!(tables, ["survey_round"], "one row holds them all: {open:#?}");
        // In the order of the alphabet, not of the people who said it.
        let at = |n: usize| open[0].1.find(&format!("The word of the {n}")).unwrap();
        assert!((1..PEOPLE.len()).all(|n| at(n) < at(n + 1)), "{}", open[0].1);
        for event in stage.history("culture").await {
            if event.kind == "survey-answered" {
                assert_eq!(event.actor, None, "the log does not say who");
                assert!(!event.data.to_string().contains("The word"), "{}", event.data);
            }
        }
        stage.says("maya", "survey close culture").await;
        stage.work().await;
        let told = plain(&stage.says("maya", "survey show culture").await);
        assert!(told.contains("The word of the 3") && !told.contains("cai"), "{told}");
        let rows = db.rows().await;
        let people: Vec<String> = rows.iter()
            .filter(|(table, _)| table == "person").map(|(_, row)| row.clone()).collect();
        assert_eq!(people.len(), 9);
        for (table, row) in rows.iter().filter(|(_, row)| secret(row)) {
            assert!(["survey_round", "event"].contains(&table.as_str()), "{table}: {row}");
            for who in PEOPLE {
                assert!(!row.contains(&format!("\"{who}\"")), "{table}: {row}");
            }
        }
    }

    async fn of_too_few_anonymous_answers_nothing_is_shown_or_kept(db: TestDatabase) {
        let stage = stage(&db).await;
        set_up(&stage, &[]).await;
        stage.says("maya", "survey send culture").await;
        for who in ["ann", "bob", "cai", "dee"] {
            let mut said = sheet("1", "yes");
            said.push(("q4", "Nobody may read this"));
            answers(&stage, who, &said).await;
        }
        let closed = plain(&stage.says("maya", "survey close culture").await);
        assert!(closed.contains("4 of 6 answered (67%)"), "{closed}");
        assert!(closed.contains("Fewer than 5 did, so nothing is shown"), "{closed}");
        let shown = plain(&stage.says("maya", "survey show culture").await);
        assert!(!shown.contains("Nobody may read") && !shown.contains("mean 1"), "{shown}");
        assert!(db.rows().await.iter().all(|(_, row)| !row.contains("Nobody may read")));
        // Missing is not zero.
        let kpi = plain(&stage.says("maya", "kpi show culture").await);
        assert!(!kpi.contains("Latest"), "{kpi}");
        stage.sleep_until("2026-12-10T12:00:00+01:00").await;
        let kpi = plain(&stage.says("maya", "kpi show culture").await);
        assert!(kpi.contains("missing"), "{kpi}");
    }

    async fn with_names_an_answer_may_be_changed_until_it_closes(db: TestDatabase) {
        let stage = stage(&db).await;
        set_up(&stage, &[("named", "yes")]).await;
        stage.says("maya", "survey send culture").await;
        let mut said = sheet("2", "yes");
        said.push(("q4", "A shorter form"));
        answers(&stage, "ann", &said).await;
        let asked = form(stage.clicks("ann", "survey answer culture").await);
        assert_eq!(asked.field("q1").unwrap().value.as_deref(), Some("2"));
        assert_eq!(asked.field("q2").unwrap().value.as_deref(), Some("yes"));
        assert!(asked.intro.unwrap().contains("change it until Mon 30 Nov 2026"));
        said[0] = ("q1", "4");
        let told = plain(&stage.submits("ann", &asked.command, &said).await);
        assert!(told.contains("your answers are changed"), "{told}");
        let closed = plain(&stage.says("maya", "survey close culture").await);
        assert!(closed.contains("1 of 6 answered") && closed.contains("4 points in 2026-11"), "{closed}");
        let shown = plain(&stage.says("maya", "survey show culture").await);
        assert!(shown.contains("ann: A shorter form"), "{shown}");
        assert!(shown.contains("Not answered by bob"), "{shown}");
        let late = plain(&stage.clicks("bob", "survey answer culture").await);
        assert!(late.contains("No survey about Security culture is open"), "{late}");
        // Both answers are in the log.
        let log = stage.history("culture").await;
        let answered: Vec<_> = log.iter().filter(|event| event.kind == "survey-answered").collect();
        assert_eq!(answered.len(), 2);
        assert!(answered[0].actor.is_some() && answered[0].data.to_string().contains("A shorter form"));
    }

    async fn only_who_is_asked_answers_and_once(db: TestDatabase) {
        let stage = stage(&db).await;
        set_up(&stage, &[]).await;
        let early = plain(&stage.clicks("ann", "survey answer culture").await);
        assert!(early.contains("No survey about Security culture is open"), "{early}");
        stage.says("maya", "survey send culture").await;
        let other = plain(&stage.clicks("tom", "survey answer culture").await);
        assert!(other.contains("asks members") && other.contains("not among them"), "{other}");
        answers(&stage, "ann", &sheet("5", "no")).await;
        let twice = plain(&stage.clicks("ann", "survey answer culture").await);
        assert!(twice.contains("You have answered already"), "{twice}");
        let again = plain(&stage.says("maya", "survey send culture").await);
        assert!(again.contains("is open. Close it first"), "{again}");
        stage.says("maya", "survey close culture").await;
        let held = plain(&stage.says("maya", "survey send culture").await);
        assert!(held.contains("The survey for 2026-11 was held already"), "{held}");
    }

    async fn who_has_not_answered_is_reminded_and_nobody_answers_for_another(db: TestDatabase) {
        let stage = stage(&db).await;
        set_up(&stage, &[]).await;
        stage.says("ann", "away until:2026-11-25 deputy:@bob").await;
        stage.says("maya", "survey send culture").await;
        stage.work().await;
        assert!(surveys(&stage, "ann").is_empty(), "she is away");
        assert_eq!(surveys(&stage, "bob").len(), 1, "his own, not hers");
        answers(&stage, "bob", &sheet("5", "no")).await;
        let mine = plain(&stage.says("bob", "mine").await);
        assert!(!mine.contains("Survey"), "{mine}");
        let mine = plain(&stage.says("ann", "mine").await);
        assert!(mine.contains("Survey: Security culture, 4 questions · due Mon 30 Nov 2026"), "{mine}");
        stage.move_to("2026-11-30T12:00:00+01:00").await;
        let reminders = |who: &str| {
            let cards = stage.desk.to(who).into_iter().map(|card| card.plain());
            cards.filter(|card| card.contains("need") && card.contains("Survey:")).count()
        };
        // The day before the last is a Sunday, so both rungs fall on the Monday.
        assert_eq!((reminders("ann"), reminders("bob")), (1, 0));
    }

    async fn a_channel_is_asked_by_one_message_and_the_share_of_yes_counts(db: TestDatabase) {
        let stage = stage(&db).await;
        let made = [("questions", "yes-no: Have you read it?"), ("to", "#isms"), ("of", "4")];
        let made = plain(&stage.submits("maya", "survey new policy-read", &made).await);
        assert!(made.contains("whoever is in #isms") && made.contains("the share of yes"), "{made}");
        stage.says("maya", "survey send policy-read least:3").await;
        stage.says("maya", "survey send policy-read").await;
        stage.work().await;
        assert_eq!(stage.desk.titled("isms", "Survey: Policy read").len(), 1);
        assert!(surveys(&stage, "ann").is_empty());
        for (who, said) in PEOPLE.iter().zip(["yes", "yes", "no", "yes", "no", "no"]) {
            let asked = form(stage.clicks(who, "survey answer policy-read").await);
            stage.submits(who, &asked.command, &[("q1", said)]).await;
        }
        let closed = plain(&stage.says("maya", "survey close policy-read").await);
        // More answered than the channel was said to have: then only the number is told.
        assert!(closed.contains("6 answered. 50% in 2026-11: off target"), "{closed}");
        stage.work().await;
        let card = stage.desk.titled("isms", "Survey: Policy read").remove(0);
        assert!(card.contains("Closed for 2026-11"), "{card}");
        assert!(!card.contains("[Answer]"), "{card}");
    }

    async fn the_share_of_one_answer_can_be_the_value(db: TestDatabase) {
        let stage = stage(&db).await;
        let values = [("questions", QUESTIONS), ("value", "3"), ("option", "always"), ("named", "yes")];
        let made = plain(&stage.submits("maya", "survey new policy-read", &values).await);
        assert!(made.contains("the share of “Always” in question 3"), "{made}");
        stage.says("maya", "survey send policy-read").await;
        for (who, said) in [("ann", "always"), ("bob", "never"), ("cai", "always")] {
            let line = format!("survey answer policy-read q1:3 q2:no q3:{said}");
            stage.says(who, &line).await;
        }
        let closed = plain(&stage.says("maya", "survey close policy-read").await);
        assert!(closed.contains("3 of 8 answered (38%). 66.67% in 2026-11"), "{closed}");
    }

    async fn a_wrong_declaration_is_said_with_what_would_be_right(db: TestDatabase) {
        let stage = stage(&db).await;
        for (said, answer) in [
            ("survey new culture \"How are you?\"", "Question 1: begin it with scale:"),
            ("survey new culture \"yes-no: So?\"", "use a KPI whose unit is %"),
            ("survey new policy-read \"scale: So?\"", "a number from 1 to 5"),
            ("survey new culture \"text: So?\"", "A text cannot be counted"),
            ("survey new culture \"scale: So?\" to:readers", "Readers only read"),
            ("survey new culture \"scale: So?\" to:bob", "is nobody I could ask"),
            ("survey new culture \"scale: So?\" least:2", "from 3 to 100"),
            ("survey new culture \"scale: So?\" of:5", "How many are asked is known here"),
            ("survey new culture \"scale: So?\" value:2", "only 1 questions"),
            ("survey new culture \"scale: So?\" to:managers", "I know 2 to ask (managers), and of fewer than 5"),
            ("survey new culture \"scale: So?\" to:leaders named:yes", "There is nobody here who could be asked: leaders"),
            ("survey send culture", "is not measured by a survey"),
            ("survey show nothing-of-it", "There is no KPI nothing-of-it"),
        ] {
            let words = format!("{:?}", stage.says("maya", said).await);
            assert!(words.contains(answer), "{said}: {words}");
        }
    }
}

on_every_platform! {
    async fn a_survey_is_answered_in_its_form(db: TestDatabase, fake: Fake) {
        let clock = Clock::set_at(instant(MONDAY));
        let bot = Bot::start_with(&db, &fake, clock).await;
        let ann = fake.person("ann");
        for who in ["bob", "cai", "dee"] {
            fake.person(who).types("/isms help").await;
        }
        ann.types("/isms kpi new culture Security culture unit:points direction:higher target:4 frequency:monthly").await.card();
        let line = "/isms survey new culture \"scale: I know where to report an incident; yes-no: Did you report one?; \
                    choice: How often do you lock your screen? | Always | Mostly | Never; text: What would help?\" \
                    to:members least:3";
        ann.types(line).await.card();
        ann.types("/isms survey send culture").await.card();
        bot.works().await;
        for (who, scale) in [("bob", "5"), ("cai", "4"), ("dee", "3")] {
            let asked = fake.dm(who).shows("Security culture").await;
            let form = fake.person(who).in_dm().clicks(&asked, "Answer").await.form();
            let words = form.json().to_string();
            assert!(words.contains("How often do you lock your screen?"), "{words}");
            let filled = [("q1", scale), ("q2", "no"), ("q3", "Mostly"), ("q4", "More time")];
            let told = form.fills(&filled).submits().await.card();
            assert!(told.text().contains("thank you, your answers are in"), "{}", told.text());
        }
        bot.works().await;
        let closed = ann.types("/isms survey close culture").await.card();
        assert!(closed.text().contains("3 of 3 answered (100%)"), "{}", closed.text());
        assert!(closed.text().contains("4 points in 2026-11"), "{}", closed.text());
        bot.works().await;
        let shown = fake.dm("bob").shows("4 points in 2026-11").await;
        assert!(shown.is_edited());
        fake.is_content();
    }
}
