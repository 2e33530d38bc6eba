//! Load, decide, save and enqueue, in one transaction.

use uuid::Uuid;

use crate::app::{Ctx, Result};
use crate::chat::Text;
use crate::store::{Conn, Tx};

/// An audit was put into the year's programme or changed in it, for a reason: an approved programme is
/// to be approved anew.
pub async fn changed(_ctx: &Ctx, _tx: &mut Tx, _year: i32, _reason: &str) -> Result<()> {
    Ok(())
}

/// Why a year's programme does not stand, if it does not: it was not approved, or changed since.
pub async fn doubt(_conn: &mut Conn, _workspace: Uuid, _year: i32) -> Result<Option<Text>> {
    Ok(None)
}
