//! Load, decide, save and enqueue, in one transaction.

use uuid::Uuid;

use super::rules::Finding;
use crate::app::{Result, UserError};
use crate::command::value::FindingName;
use crate::sql;
use crate::store::Conn;

/// The finding, or an error that says how to find the right one.
pub async fn load(conn: &mut Conn, workspace: Uuid, name: FindingName) -> Result<Finding> {
    match sql!(conn, finding::find_finding(workspace, name.0))? {
        Some(finding) => Ok(finding),
        None => Err(
            UserError::at("finding", format!("There is no {name} here."))
                .button("List audits", "audit list")
                .into(),
        ),
    }
}
