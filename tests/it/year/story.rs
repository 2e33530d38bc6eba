//! What the people say, month by month.

use chrono::NaiveDate;
use isms_bot::action::choice::Source;
use isms_bot::action::rules::{Action, State};
use isms_bot::audit::rules::Audit;
use isms_bot::people::People;
use isms_bot::people::rules::today;
use isms_bot::schedule::rules::{MONDAY_TO_FRIDAY, working_day_from};
use isms_bot::sql;

use super::{BERLIN, YEAR, Year};
use crate::harness::everywhere::Fake;

/// What is counted each month; June's is off target.
const INCIDENTS: [u32; 12] = [1, 2, 1, 3, 2, 9, 2, 1, 2, 3, 1, 2];

/// A time by the clocks of Berlin, on a day of the year or the first working day after.
fn at(month: u32, day: u32, time: &str) -> String {
    let day = NaiveDate::from_ymd_opt(YEAR, month, day).expect("a day");
    let day = working_day_from(day, MONDAY_TO_FRIDAY).expect("a working day");
    format!("{day} {time}")
}

impl Year {
    /// The last days of the year before: roles, areas, a KPI, the programme and its approval.
    pub async fn is_set_up(&mut self) {
        self.says("ann", "help").await;
        let zones = [
            ("bob", "Asia/Tokyo"),
            ("cai", "America/New_York"),
            ("dee", "Africa/Lagos"),
        ];
        for (who, zone) in zones {
            match self.fake {
                // Slack tells the zone.
                Fake::Slack(_) => self.says(who, "help").await,
                Fake::Discord(_) => self.says(who, &format!("settings mine {zone}")).await,
            };
        }
        for words in [
            "settings set channel:here",
            "role grant @cai leader",
            "role grant @dee auditor training:\"Lead auditor ISO 27001\" evidence:\"Certificate 4711\"",
            "setup clauses clause-4:@ann clause-5:@ann clause-6:@ann clause-7:@bob clause-8:@bob clause-9:@ann clause-10:@ann",
            "setup controls a-5:@ann a-6:@bob a-7:@bob a-8:@bob",
            "setup finish",
            "kpi new incidents name:Incidents unit:incidents direction:lower target:3 frequency:monthly measurer:@bob analyst:@ann",
            "audit plan 2028",
        ] {
            self.says("ann", words).await;
        }
        self.until("2027-12-30 18:00").await;
    }

    /// One month: the value, the audit, what is to be corrected, and at a quarter's end the review.
    pub async fn passes(&mut self, month: u32) {
        self.counts(month).await;
        if month % 3 == 1 {
            let day = at(month + 2, 22, "");
            let line = format!("review schedule {}", day.trim());
            self.hears("ann", &line, &review(month)).await;
        }
        self.audits(month).await;
        self.corrects(month).await;
        if month % 3 == 0 {
            self.holds_a_review(month).await;
        }
    }

    /// Bob gives the value of the month before; what is off target is looked into.
    async fn counts(&mut self, month: u32) {
        self.until(&at(month, 1, "09:30")).await;
        if month == 1 {
            return;
        }
        let value = INCIDENTS[month as usize - 2];
        self.says("bob", &format!("kpi record incidents {value}"))
            .await;
        self.until(&at(month, 2, "11:00")).await;
        if value <= 3 {
            return;
        }
        assert!(
            !self.ledger.with("@ann", "Incidents").is_empty(),
            "Ann hears of it"
        );
        let raise = "action new \"Phishing mails get through the filter\" severity:minor source:kpi owner:@bob due:\"in 25 days\"";
        self.says("ann", raise).await;
        let action = self.actions().await.len();
        let found = format!(
            "kpi analyse incidents special-cause cause:\"A new kind of mail\" action:CA-{action}"
        );
        self.says("ann", &found).await;
    }

    /// Dee's audit of the month.
    async fn audits(&mut self, month: u32) {
        let audit = self.audit(month).await;
        let name = audit.name();
        self.until(&at(month, 6, "10:00")).await;
        self.hears("ann", &format!("audit assign {name} @dee"), "audits")
            .await;
        self.until(&at(month, 9, "10:00")).await;
        self.says("dee", &format!("audit start {name}")).await;
        self.until(&at(month, 14, "15:00")).await;
        let finish =
            format!("audit finish {name} \"It conforms and is kept up; what does not is named\"");
        self.says("dee", &finish).await;
        if let 2 | 5 | 8 = month {
            let severity = if month == 5 { "major" } else { "minor" };
            let raise = format!(
                "action new \"The list of month {month} is not kept\" severity:{severity} source:finding control:{} owner:@bob due:\"in 20 days\"",
                audit.scope[0]
            );
            self.says("dee", &raise).await;
        }
    }

    /// Owners do what is open, and others look at what was done.
    async fn corrects(&mut self, month: u32) {
        self.until(&at(month, 20, "10:00")).await;
        let day = today(self.bot.app.clock.now(), BERLIN);
        for action in self.actions().await {
            let name = action.name();
            if action.state.is_open() {
                let owner = self.name_of(action.owner.expect("an owner")).await;
                for words in [
                    format!(
                        "action update {name} cause:\"Nobody was named for it\" plan:\"Name somebody, look each month\" criterion:\"Two months without a gap\""
                    ),
                    format!(
                        "action done {name} evidence:\"Named and looked at, see the register\" check:\"in 15 days\""
                    ),
                ] {
                    self.hears(&owner, &words, &name.to_string()).await;
                }
            } else if action.state == State::Done && action.check_on.is_none_or(|on| on <= day) {
                let owner = self.name_of(action.owner.expect("an owner")).await;
                let other = if owner == "ann" { "dee" } else { "ann" };
                let words = format!("action verify {name} effective \"No gap in the sample\"");
                self.hears(other, &words, &name.to_string()).await;
            }
        }
    }

    /// The review at the end of a quarter: inputs, meeting, minutes.
    async fn holds_a_review(&mut self, month: u32) {
        let name = review(month);
        for item in ["b", "c", "e", "f", "g"] {
            let words = format!("review input {name} {item} \"Looked at in month {month}\"");
            self.says("ann", &words).await;
        }
        self.until(&at(month, 22, "15:00")).await;
        self.says("ann", &format!("review start {name}")).await;
        self.says(
            "cai",
            &format!("review sign {name} Suitable, adequate and effective"),
        )
        .await;
        if month < 12 {
            let raise = format!(
                "action new \"Decided in {name}\" severity:opportunity source:review owner:@bob due:\"in 20 days\""
            );
            self.says("ann", &raise).await;
        }
    }

    async fn audit(&self, month: u32) -> Audit {
        let workspace = self.workspace().await.id;
        let mut conn = self.bot.app.store.read().await.unwrap();
        let audits = sql!(conn, audit::list_audits(workspace, YEAR)).unwrap();
        let first = |audit: &Audit| audit.month == month && audit.nth == 1;
        audits.into_iter().find(first).expect("the month's audit")
    }

    /// Every action there is, by number.
    async fn actions(&self) -> Vec<Action> {
        let workspace = self.workspace().await.id;
        let mut conn = self.bot.app.store.read().await.unwrap();
        let mut actions = Vec::new();
        for source in [
            Source::Finding,
            Source::Kpi,
            Source::Review,
            Source::ByHand,
            Source::Incident,
        ] {
            actions.extend(sql!(conn, action::list_by_source(workspace, source)).unwrap());
        }
        actions.sort_by_key(|action| action.number);
        actions
    }

    /// `ann`, `bob`: what the story calls someone.
    async fn name_of(&self, id: uuid::Uuid) -> String {
        let workspace = self.workspace().await.id;
        let mut conn = self.bot.app.store.read().await.unwrap();
        let people = People(sql!(conn, people::list_people(workspace)).unwrap());
        let external = people.find(id).expect("a person").external.clone();
        let mut all = super::ledger::PEOPLE.into_iter();
        all.find(|who| self.fake.id(who) == external)
            .expect("one of the four")
            .to_owned()
    }
}

/// The review of a month's quarter.
fn review(month: u32) -> String {
    format!("MR-{YEAR}-Q{}", (month - 1) / 3 + 1)
}
