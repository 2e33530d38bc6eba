//! What the grammar is told about the speaker's world, so that it can read `me`, `friday` and
//! `@ann`, and suggest what exists.

use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use super::value::{ActionName, AuditName, FindingName, KpiKey, ReviewName};

/// The speaker's today and the names around them.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The date in the speaker's zone.
    pub today: NaiveDate,
    pub zone: Tz,
    /// Who `me` is.
    pub speaker: Uuid,
    pub people: Vec<KnownPerson>,
    /// Those who left, for what may still be said about them.
    pub gone: Vec<KnownPerson>,
    /// Actions with their titles, audits and reviews: for suggestions only. One that is not in
    /// here may exist all the same.
    pub actions: Vec<(ActionName, String)>,
    pub audits: Vec<AuditName>,
    /// Findings that are not closed, with what they say.
    pub findings: Vec<(FindingName, String)>,
    pub reviews: Vec<ReviewName>,
    /// All KPIs, paused ones too; or none, and then any key is taken for one.
    pub kpis: Vec<KpiKey>,
}

/// A person who can be named.
#[derive(Debug, Clone, Default)]
pub struct KnownPerson {
    pub id: Uuid,
    /// The platform's id, as in `<@U123>`.
    pub platform_id: String,
    /// As in `Ann Smith`.
    pub name: String,
    /// As in `@ann`, if the platform has such.
    pub handle: Option<String>,
}
