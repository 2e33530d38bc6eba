//! Load, decide, save and enqueue, in one transaction.

use uuid::Uuid;

use super::rules::Team;
use crate::app::Result;
use crate::audit::rules::Audit;
use crate::store::Conn;

/// Who carries out an audit.
pub async fn team(_conn: &mut Conn, _workspace: Uuid, audit: &Audit) -> Result<Team> {
    Ok(Team {
        persons: audit.auditor.into_iter().collect(),
        guests: Vec::new(),
    })
}
