//! An audit that somebody went through, for scenarios that turn on something else.

use isms_bot::audit::checklist::rules::{Item, ItemResult, Method, Sample};
use isms_bot::command::value::AuditName;
use isms_bot::sql;

use super::stage::Stage;

impl Stage {
    /// Puts down that everything in the scope of an audit conforms.
    pub async fn all_conforms(&self, audit: &str, by: &str) {
        let audit: AuditName = audit.parse().unwrap();
        let workspace = self.workspace.id;
        let mut tx = self.app.store.write(workspace).await.unwrap();
        let people = sql!(tx, people::list_people(workspace)).unwrap();
        let by = people.iter().find(|person| person.external == by).unwrap();
        let scope = sql!(tx, audit::find_audit(workspace, audit))
            .unwrap()
            .unwrap()
            .scope;
        for reference in scope {
            let item = Item {
                audit,
                requirement: reference.parse().unwrap(),
                result: ItemResult::Conforms,
                methods: vec![Method::Interview],
                sample: Sample::default(),
                evidence: Some("Asked".to_owned()),
                evidence_file: None,
                note: None,
                by: by.id,
                at: self.app.clock.now(),
                version: 1,
            };
            sql!(tx, checklist::save_item(workspace, &item)).unwrap();
        }
        tx.commit().await.unwrap();
    }
}
