//! A whole year of the ISMS as one story, told by the clock: plan and approval, twelve audits with
//! findings, digests, a deviation, actions until they are found effective, four reviews to signed
//! minutes. 2028 is a leap year; the people live by four clocks, three of which change.
//!
//! Who they are: Ann (Berlin) runs the ISMS, Bob (Tokyo) measures and owns areas, Cai (New York) is top
//! management, Dee (Lagos) audits. The story is told in `year/story.rs`; `year/ledger.rs` writes down
//! every message that is posted with the instant it came, and says what must be true of all of them.

mod ledger;
mod story;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use isms_bot::action::rules::State as ActionState;
use isms_bot::audit::rules::State as AuditState;
use isms_bot::people::Workspace;
use isms_bot::record::{self, Verdict};
use isms_bot::review::rules::State as ReviewState;
use isms_bot::schedule::rules::instant_of;
use isms_bot::{clock::Clock, kpi, outbox, schedule, sql};

use ledger::{Ledger, first_working_days, minute_of, mondays, nine};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::everywhere::{Fake, Shown, Sight};
use crate::on_every_platform;

const BERLIN: Tz = chrono_tz::Europe::Berlin;
const YEAR: i32 = 2028;

/// The bot, the people, and all that was posted.
struct Year {
    bot: Bot,
    fake: Fake,
    ledger: Ledger,
}

/// An instant by the clocks of Berlin: `2028-02-29 10:00`.
fn berlin(text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M");
    instant_of(local.expect("a local time"), BERLIN)
}

impl Year {
    async fn begin(db: &TestDatabase, fake: Fake) -> Year {
        let clock = Clock::set_at(berlin("2027-12-29 10:00"));
        let bot = Bot::start_with(db, &fake, clock).await;
        Year {
            bot,
            fake,
            ledger: Ledger::default(),
        }
    }

    /// Time passes to an instant, from one thing that is due to the next, and all that is due is done
    /// and written down.
    async fn until(&mut self, when: &str) {
        let until = berlin(when);
        loop {
            let next = self.works().await;
            let now = self.bot.app.clock.now();
            if now >= until {
                return;
            }
            self.bot.app.clock.move_to(next.unwrap_or(until).min(until));
        }
    }

    /// What is due now is done. Says when something is due next.
    async fn works(&mut self) -> Option<DateTime<Utc>> {
        let app = &self.bot.app;
        kpi::source::collect::collect_due(app).await.unwrap();
        let next = schedule::flow::run_due(app).await.unwrap();
        self.sends().await;
        let app = &self.bot.app;
        let mut conn = app.store.read().await.unwrap();
        let waiting = sql!(conn, outbox::next_due(&app.platforms())).unwrap();
        let now = app.clock.now();
        let all = [next, waiting].into_iter().flatten();
        all.filter(|next| *next > now).min()
    }

    /// What waits to be sent is sent and written down.
    async fn sends(&mut self) {
        let app = &self.bot.app;
        if outbox::worker::deliver_due(app).await.unwrap() > 0 {
            self.ledger.note(&self.fake, app.clock.now());
        }
    }

    /// Someone types a command and gets a card, which takes some seconds.
    async fn says(&mut self, who: &str, words: &str) -> Shown {
        let line = format!("/isms {words}");
        let card = match self.fake.person(who).types(&line).await {
            Sight::Card(card) => card,
            Sight::Form(form) => panic!("{who} said `{words}`: {}", form.all_words()),
        };
        self.bot.app.clock.advance(TimeDelta::seconds(20));
        self.sends().await;
        card
    }

    /// Someone types a command, and the answer has these words.
    async fn hears(&mut self, who: &str, words: &str, expected: &str) -> Shown {
        let card = self.says(who, words).await;
        let text = card.text();
        assert!(text.contains(expected), "{who} said `{words}`: {text}");
        card
    }

    async fn workspace(&self) -> Workspace {
        let mut conn = self.bot.app.store.read().await.unwrap();
        let mut all = sql!(conn, people::list_workspaces()).unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    /// By whose clock each is reminded.
    fn zones(&self) -> BTreeMap<&'static str, Tz> {
        [
            ("ann", BERLIN),
            ("bob", chrono_tz::Asia::Tokyo),
            ("cai", chrono_tz::America::New_York),
            ("dee", chrono_tz::Africa::Lagos),
        ]
        .into()
    }

    /// Everything that was to be done was done.
    async fn is_complete(&self) {
        let workspace = self.workspace().await.id;
        let mut conn = self.bot.app.store.read().await.unwrap();
        let audits = sql!(conn, audit::list_audits(workspace, YEAR)).unwrap();
        assert!(audits.len() >= 12, "{} audits", audits.len());
        for audit in &audits {
            assert_eq!(audit.state, AuditState::Finished, "{}", audit.name());
        }
        let reviews = sql!(conn, review::list_reviews(workspace)).unwrap();
        let held = reviews.iter().filter(|r| r.state == ReviewState::Finished);
        assert_eq!(held.count(), 4, "{reviews:#?}");
        for number in 1.. {
            let Some(action) = sql!(conn, action::find_action(workspace, number)).unwrap() else {
                assert!(number > 4, "only {} actions", number - 1);
                break;
            };
            assert_eq!(
                action.state,
                ActionState::Effective,
                "CA-{number} {}",
                action.title
            );
        }
        let verdict = record::verify(&mut conn, workspace).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound(_)), "{verdict:?}");
    }

    /// Everything came when it should, and nothing twice.
    fn came_well(&self) {
        let ledger = &self.ledger;
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        ledger.reminds_well(&self.zones());
        for (words, expected) in [
            ("KPI digest", mondays(day("2028-01-01"), day("2028-12-31"))),
            ("Audit of ", first_working_days(YEAR)),
        ] {
            let posted = ledger.titled("#isms", words);
            let local = posted.iter().map(|entry| entry.at.with_timezone(&BERLIN));
            let local: Vec<_> = local
                .map(|at| (at.date_naive(), minute_of(at.time())))
                .collect();
            let expected: Vec<_> = expected.into_iter().map(|day| (day, nine())).collect();
            assert_eq!(local, expected, "{words}");
            let late = ["This digest is late", "Late: this was due"];
            let in_time = |text: &str| !late.iter().any(|words| text.contains(words));
            assert!(posted.iter().all(|entry| in_time(&entry.text)), "{words}");
        }
        ledger.repeats_nothing(BERLIN);
        let july = ledger.with("#isms", "AUD-2028-07-2 Follow-up of F-2");
        assert!(july[0].text.starts_with("Audit of July 2028"), "{july:#?}");
        let overviews = ledger.titled("#isms", "The ISMS at a glance");
        assert_eq!(overviews.len(), 1, "it is edited, never posted anew");
        assert_eq!(self.fake.channel("isms").pins().len(), 1);
    }
}

on_every_platform! {
    async fn a_year_of_the_isms_is_told_by_the_clock(db: TestDatabase, fake: Fake) {
        let mut year = Year::begin(&db, fake).await;
        year.is_set_up().await;
        for month in 1..=12 {
            year.passes(month).await;
        }
        year.until("2028-12-27 12:00").await;
        year.says("ann", "settings set pinned:on").await;
        year.until("2028-12-31 23:00").await;
        year.is_complete().await;
        year.came_well();
        year.fake.is_content();
    }
}
