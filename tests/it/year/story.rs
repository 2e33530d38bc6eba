//! What the people say, month by month.

use chrono::{Datelike, Days, NaiveDate};
use isms_bot::action::choice::Source;
use isms_bot::action::rules::{Action, State};
use isms_bot::audit::rules::Audit;
use isms_bot::people::People;
use isms_bot::people::rules::today;
use isms_bot::schedule::rules::{MONDAY_TO_FRIDAY, working_day_from};
use isms_bot::sql;

use super::{BERLIN, YEAR, Year};
use crate::harness::discord::GUILD;
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
            // Drawn each morning, it would make a year of pictures: it is pinned for the last week.
            "settings set pinned:off reports:off",
            "kpi new incidents name:Incidents unit:incidents direction:lower target:3 frequency:monthly measurer:@bob analyst:@ann",
            "audit plan 2028",
        ] {
            self.says("ann", words).await;
        }
        self.works().await;
        self.hears("cai", "audit approve 2028", "2028").await;
        self.until("2027-12-30 18:00").await;
    }

    /// One month: the value, the audit, what is to be corrected, and at a quarter's end the review.
    pub async fn passes(&mut self, month: u32) {
        self.counts(month).await;
        if month % 3 == 1 {
            self.plans_a_review(month).await;
        }
        if month == 2 {
            let due = "action new \"Test the alarm on the leap day\" owner:@dee due:2028-02-29 severity:opportunity";
            self.says("ann", due).await;
        }
        self.audits(month).await;
        self.corrects(month).await;
        if month.is_multiple_of(3) {
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
        if month == 4 {
            self.is_interrupted(value).await;
        } else {
            self.says("bob", &format!("kpi record incidents {value}"))
                .await;
        }
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
        let action = self.actions().await.pop().expect("it was raised").name();
        let found = format!(
            "kpi analyse incidents special-cause cause:\"A new kind of mail\" action:{action}"
        );
        self.says("ann", &found).await;
    }

    /// Bob's form is refused, and he is called away: hours later it still holds what he typed.
    async fn is_interrupted(&mut self, value: u32) {
        let bob = self.fake.person("bob");
        let form = bob.types("/isms kpi record incidents").await.form();
        let typed = [("value", "three or so"), ("note", "Counted by hand")];
        form.fills(&typed).submits().await.form();
        self.until(&at(4, 1, "14:00")).await;
        let again = bob.types("/isms kpi record incidents").await.form();
        assert_eq!(
            again.value("note").await.as_deref(),
            Some("Counted by hand")
        );
        let value = value.to_string();
        again
            .fills(&[("value", value.as_str())])
            .submits()
            .await
            .card();
    }

    /// Dee's audits of the month: the one that was planned, and what follows up an earlier one.
    async fn audits(&mut self, month: u32) {
        self.until(&at(month, 6, "10:00")).await;
        for audit in self.audits_of(month).await {
            let name = audit.name();
            self.hears("ann", &format!("audit assign {name} @dee"), "audits")
                .await;
            self.until(&at(month, 9, "10:00")).await;
            self.says("dee", &format!("audit start {name}")).await;
            self.is_checked(&audit).await;
            self.until(&at(month, 14, "15:00")).await;
            let words = "\"It conforms and is kept up; what does not is named\"";
            self.hears(
                "dee",
                &format!("audit finish {name} {words}"),
                "Its report is on its way",
            )
            .await;
        }
        if month == 5 {
            // The follow-up of a major finding changed the programme.
            self.says("cai", "audit approve 2028").await;
        }
    }

    /// Item by item, with a finding in some months; who answers for the area accepts it.
    async fn is_checked(&mut self, audit: &Audit) {
        let name = audit.name();
        let found = match (audit.month, audit.nth) {
            (2, 1) => Some("minor"),
            (5, 1) => Some("major"),
            (8, 1) => Some("opportunity"),
            _ => None,
        };
        for (index, requirement) in audit.scope.iter().enumerate() {
            let is_wrong = index == 0 && matches!(found, Some("minor" | "major"));
            let result = match is_wrong {
                true => "result:does-not-conform note:\"Two of ten are not kept\"",
                false => "result:conforms",
            };
            if index == 1 && audit.month == 2 {
                self.two_check_at_once(audit, requirement).await;
                continue;
            }
            let words = format!(
                "audit check {name} {requirement} {result} method:document population:40 sample:10 evidence:\"Register of month {}\"",
                audit.month
            );
            self.says("dee", &words).await;
        }
        let Some(grade) = found else {
            return;
        };
        let requirement = &audit.scope[0];
        let words = format!(
            "audit finding {name} {requirement} \"The list of month {} is not kept\" grade:{grade} evidence:\"Register, page 4\"",
            audit.month
        );
        let said = self.hears("dee", &words, "F-").await;
        let number = said.text().split("F-").nth(1).unwrap_or_default();
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        self.until(&at(audit.month, 12, "11:00")).await;
        let owner = owner_of(requirement);
        self.hears(
            owner,
            &format!("audit accept F-{number}"),
            &format!("F-{number}"),
        )
        .await;
    }

    /// Ann and Dee have the same item before them: who sends later sees what the other put down.
    async fn two_check_at_once(&mut self, audit: &Audit, requirement: &str) {
        let line = format!("/isms audit check {} {requirement}", audit.name());
        let first = self.fake.person("dee").types(&line).await.form();
        let second = self.fake.person("ann").types(&line).await.form();
        let by_dee = [
            ("result", "conforms"),
            ("method", "document"),
            ("evidence", "Door log of May"),
        ];
        first.fills(&by_dee).submits().await.card();
        let by_ann = [("result", "not-tested"), ("note", "There was no time")];
        let again = second.fills(&by_ann).submits().await.form();
        let why = again.error("result").await.unwrap_or_default();
        assert!(why.contains("has put this item down meanwhile"), "{why}");
        assert_eq!(
            again.value("note").await.as_deref(),
            Some("There was no time")
        );
    }

    /// Owners do what is open, and others look at what was done.
    async fn corrects(&mut self, month: u32) {
        self.until(&at(month, 20, "10:00")).await;
        let day = today(self.bot.app.clock.now(), BERLIN);
        for action in self.actions().await {
            let name = action.name();
            let owner = self.name_of(action.owner.expect("an owner")).await;
            if action.due.day() == 29 && month == 2 {
                // It is done on its very day.
                continue;
            }
            if action.state.is_open() {
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
                let other = if owner == "ann" { "bob" } else { "ann" };
                let words = format!("action verify {name} effective \"No gap in the sample\"");
                self.hears(other, &words, &name.to_string()).await;
            }
        }
        if month == 2 {
            self.until("2028-02-29 18:00").await;
            let days = self
                .ledger
                .days_of("@dee", "leap day", chrono_tz::Africa::Lagos);
            let leap = NaiveDate::from_ymd_opt(YEAR, 2, 29).expect("a leap year");
            assert!(days.contains(&leap), "{days:?}");
            let action = self
                .actions()
                .await
                .into_iter()
                .find(|action| action.due == leap);
            let name = action.expect("it is there").name();
            let done = format!("action done {name} evidence:\"It rang\" check:\"in 15 days\"");
            self.hears("dee", &done, &name.to_string()).await;
        }
    }

    /// The review of a quarter gets its day; the second one's is moved twice.
    async fn plans_a_review(&mut self, month: u32) {
        let day = at(month + 2, 22, "");
        let line = format!("review schedule {} at:15:00 place:\"Room 1\"", day.trim());
        let name = review(month);
        self.hears("ann", &line, &name).await;
        if month == 4 {
            for (day, why) in [
                ("2028-06-26", "Cai is away"),
                ("2028-06-23", "The hall is taken"),
            ] {
                let words = format!("review move {name} {day} \"{why}\"");
                self.hears("ann", &words, &name).await;
                self.until(&at(month, 4, "12:00")).await;
            }
        }
    }

    /// The review at the end of a quarter: inputs, meeting, minutes, signature.
    async fn holds_a_review(&mut self, month: u32) {
        let (name, chair) = (review(month), leader(month));
        for item in ["b", "c", "e", "f", "g"] {
            let words = format!("review input {name} {item} \"Looked at in month {month}\"");
            self.hears("ann", &words, &name).await;
        }
        let day = self.review_day(&name).await;
        self.until(&format!("{day} 15:00")).await;
        let decide = format!(
            "review decide {name} d \"Two more hands for the register\" kind:resources owner:@bob due:\"in 20 days\""
        );
        let conclude = format!(
            "review conclude {name} suitable:yes adequate:yes effective:partly \"It works; the register is the weak spot\""
        );
        let said = [
            (chair, format!("review start {name}")),
            (chair, format!("review attend {name} me chairs:yes")),
            ("ann", format!("review attend {name} me")),
            (
                "ann",
                format!("review discuss {name} d \"Incidents are few; the register is late\""),
            ),
        ];
        let decided = (month < 12).then_some(("ann", decide));
        for (who, words) in said.into_iter().chain(decided).chain([(chair, conclude)]) {
            self.says(who, &words).await;
        }
        let mut signer = chair;
        if month == 9 {
            self.chair_leaves(&name).await;
            signer = "bob";
        }
        self.until(&format!("{day} 18:00")).await;
        self.hears(signer, &format!("review approve {name}"), &name)
            .await;
        self.hears(signer, &format!("review sign {name}"), &name)
            .await;
    }

    /// Cai leaves the company with minutes to approve; Bob leads in his place.
    async fn chair_leaves(&mut self, name: &str) {
        match &self.fake {
            Fake::Slack(slack) => slack.deactivates(&self.fake.id("cai")).await,
            Fake::Discord(discord) => discord.leaves("cai", GUILD),
        }
        let day = self.review_day(name).await;
        let after = working_day_from(day + Days::new(1), MONDAY_TO_FRIDAY).expect("a working day");
        self.until(&format!("{after} 09:30")).await;
        let told = self.ledger.titled("@ann", " left");
        assert_eq!(told.len(), 1, "Ann hears of it once: {told:#?}");
        self.says("ann", "role grant @bob leader").await;
        self.says("ann", "handover @cai to:@bob").await;
    }

    async fn audits_of(&self, month: u32) -> Vec<Audit> {
        let workspace = self.workspace().await.id;
        let mut conn = self.bot.app.store.read().await.unwrap();
        let mut audits = sql!(conn, audit::list_audits(workspace, YEAR)).unwrap();
        audits.retain(|audit| audit.month == month);
        assert!(!audits.is_empty());
        audits
    }

    async fn review_day(&self, name: &str) -> NaiveDate {
        let workspace = self.workspace().await.id;
        let mut conn = self.bot.app.store.read().await.unwrap();
        let name = name.parse().expect("a review's name");
        let found = sql!(conn, review::find_review(workspace, name)).unwrap();
        found.expect("it was scheduled").on
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

/// Who answers for a clause or a control.
fn owner_of(requirement: &str) -> &'static str {
    let of_bob = ["7.", "8.", "A.6.", "A.7.", "A.8."];
    match of_bob.iter().any(|area| requirement.starts_with(area)) {
        true => "bob",
        false => "ann",
    }
}

/// Who leads in a month: Cai, until he leaves in September.
fn leader(month: u32) -> &'static str {
    match month < 10 {
        true => "cai",
        false => "bob",
    }
}

/// The review of a month's quarter.
fn review(month: u32) -> String {
    format!("MR-{YEAR}-Q{}", (month - 1) / 3 + 1)
}
