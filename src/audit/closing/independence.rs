//! What a report says of those who audited: competence, independence, and what was overridden. Pure.

use super::document::Words;
use crate::audit::auditor::card::doubts_words;
use crate::audit::auditor::rules::Member;
use crate::chat::Text;
use crate::people::roles::card::training_words;
use crate::report::document::{Document, Table};

impl Words<'_> {
    pub fn auditors(&self, document: Document) -> Document {
        let standing = &self.told.standing;
        let tied = standing.members.iter().any(|one| !one.doubts.is_empty());
        let statement = match tied {
            false => {
                "Each auditor has shown that they can audit, and none looked at their own work: when \
                 the audit ended, no area in its scope was theirs, no action about it, and no measurement \
                 that it judges."
            }
            true => {
                "Against an auditor spoke what stands below. It was known, and a manager decided that \
                 they audit all the same, for the reason given. Of the others, none looked at their own \
                 work."
            }
        };
        let columns = [
            ("Auditor", 18),
            ("Part", 10),
            ("Competence (7.2)", 34),
            ("Independence (9.2.2 c)", 40),
        ];
        let members = standing.members.iter().enumerate();
        let members = members.map(|(nth, member)| self.member(nth == 0, member));
        let guests = standing.guests.iter().map(|guest| {
            vec![
                guest.name.as_str().into(),
                "guest".into(),
                guest.competence.as_str().into(),
                "from outside, recorded by name".into(),
            ]
        });
        document
            .text(statement)
            .table(Table::of(&columns, "Nobody is recorded.").rows(members.chain(guests)))
    }

    fn member(&self, leads: bool, member: &Member) -> Vec<Text> {
        let own = self
            .told
            .competence
            .iter()
            .filter(|one| one.person == member.person);
        let shown: Vec<String> = own
            .map(|record| training_words(&record.training, self.today()))
            .collect();
        let shown = match shown.is_empty() {
            true => "nothing is recorded".to_owned(),
            false => shown.join("\n"),
        };
        let mut independence = match member.doubts.is_empty() {
            true => Text::from("independent of what was audited"),
            false => Text::new().bold(doubts_words(&member.doubts)),
        };
        for decided in &member.overrides {
            independence = independence.plain_span(format!(
                "\nOverridden by {} on {} ({}): {}",
                self.name(decided.by),
                self.day(decided.at),
                doubts_words(&decided.doubts),
                decided.reason
            ));
        }
        vec![
            self.name(member.person).into(),
            if leads { "leads" } else { "team" }.into(),
            shown.into(),
            independence,
        ]
    }
}
