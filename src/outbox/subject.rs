//! What a message is about. It is worded when it is sent, so that it tells the state of then; a
//! subject with nothing left to say is dropped.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::{App, Result};
use crate::chat::{Card, Content, in_zone};
use crate::command::value::{
    AreaName, AuditName, FileRef, KpiKey, Prose, RecordName, ReportSpan, ReviewName,
};
use crate::kpi::rules::Crossing;
use crate::people::Workspace;
use crate::people::rules::zone_to_name;
use crate::presence;
use crate::record;
use crate::review::command::InputItem;
use crate::schedule::flow::Asking;
use crate::sql;
use crate::status::pinned;
use crate::store::Conn;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Subject {
    /// The living message of an action.
    Action { number: i64 },
    /// In the thread of the message that an action was raised from.
    ActionRaisedHere { number: i64 },
    /// To the new owner of an action.
    ActionAssigned { number: i64, owner: Uuid, by: Uuid },
    /// To who is to look whether an action worked.
    ActionToCheck {
        number: i64,
        verifier: Uuid,
        by: Uuid,
    },
    /// To whoever has a step of an action to do.
    StepPlanned {
        number: i64,
        step: i64,
        owner: Uuid,
        by: Uuid,
    },
    /// How an action is going, in the thread of its living message.
    ActionNoted {
        number: i64,
        by: Uuid,
        note: Prose,
        file: Option<FileRef>,
    },
    /// The living message of an audit.
    Audit { audit: AuditName },
    /// An audit begins: to who answers for what it looks at, or into the channel.
    AuditOpened {
        audit: AuditName,
        person: Option<Uuid>,
    },
    /// To who is asked whether a finding is so, or to who decides about it.
    Finding { number: i64, to: Uuid },
    /// To the new auditor of an audit.
    AuditAssigned {
        audit: AuditName,
        auditor: Uuid,
        by: Uuid,
    },
    /// The report of an audit, in the channel or to one who is to read it.
    AuditReport {
        audit: AuditName,
        person: Option<Uuid>,
    },
    /// To the new owner of areas.
    AreaAssigned { owner: Uuid, by: Uuid },
    /// A month's audit, said on its first working day.
    AuditReminder { nominal: NaiveDateTime, late: bool },
    /// The weekly KPI digest.
    Digest { nominal: NaiveDateTime, late: bool },
    /// To the new owner of an input of a review.
    InputAssigned {
        review: ReviewName,
        item: InputItem,
        owner: Uuid,
        by: Uuid,
    },
    /// A quarter, half-year or year ends without a management review.
    ReviewDue { nominal: NaiveDateTime, late: bool },
    /// All that one person is asked for on a day; `since` is the day they were last asked.
    Reminder {
        person: Uuid,
        nominal: NaiveDateTime,
        since: NaiveDate,
        late: bool,
    },
    /// To someone whose role was changed.
    RoleGiven { person: Uuid, by: Uuid },
    /// To the analyst of a KPI whose value crossed.
    KpiCrossed {
        kpi: KpiKey,
        period: NaiveDate,
        crossing: Crossing,
    },
    /// To somebody who is asked in a survey, or into the channel.
    SurveyAsked {
        kpi: KpiKey,
        period: NaiveDate,
        person: Option<Uuid>,
    },
    /// To who measures a KPI by a survey: what came out.
    SurveyClosed { kpi: KpiKey, period: NaiveDate },
    /// How the ISMS stands, pinned in a channel by the platform's id of it.
    Overview { channel: String },
    /// Nothing is said: the overview of a channel is to be pinned there, or to be so no more.
    Pin { channel: String },
    /// What goes into the thread of the digest.
    DigestDetail,
    /// To the deputy of someone who is away.
    DeputyNamed { person: Uuid, deputy: Uuid },
    /// To those in charge: a person left, and held this.
    PersonLeft { person: Uuid },
    /// To whoever takes over what another held.
    HandedOver {
        from: Uuid,
        to: Uuid,
        by: Uuid,
        records: Vec<RecordName>,
        areas: Vec<AreaName>,
    },
    /// To those in charge: something does not work, or somebody was refused.
    Trouble { key: String },
    /// To who measures a KPI: its source fails since then.
    SourceFails { kpi: KpiKey, since: DateTime<Utc> },
    /// A performance report that was published, in the channel.
    Report {
        span: ReportSpan,
        edition: i64,
        /// When it should have come, if that was a while ago.
        late: Option<NaiveDateTime>,
    },
    /// To one who is to review it.
    ReportToReview {
        span: ReportSpan,
        edition: i64,
        person: Uuid,
    },
    /// A file that is kept, with a sentence: a report, a register.
    File { file: FileRef, comment: String },
}

/// What a message carries: the file it is about, or the subject in words.
pub async fn content(
    app: &App,
    conn: &mut Conn,
    workspace: &Workspace,
    subject: &Subject,
) -> Result<Option<Content>> {
    let Subject::File { file, comment } = subject else {
        let card = word(app, conn, workspace, subject).await?;
        return Ok(card.map(Content::Card));
    };
    let kept = record::files::load(conn, workspace.id, file).await?;
    Ok(Some(Content::File {
        name: kept.name,
        comment: comment.clone(),
        bytes: kept.bytes,
    }))
}

/// Words a subject as things stand now. `None`: there is nothing to say any more. Where its readers
/// live by different clocks it says whose days it means.
pub async fn word(
    app: &App,
    conn: &mut Conn,
    workspace: &Workspace,
    subject: &Subject,
) -> Result<Option<Card>> {
    let Some(card) = say(app, conn, workspace, subject).await? else {
        return Ok(None);
    };
    let zone = zone_of(app, conn, workspace, subject).await?;
    Ok(Some(in_zone(card, zone)))
}

/// The zone of a message that judges days or tells a time, if it has to be named.
async fn zone_of(
    app: &App,
    conn: &mut Conn,
    workspace: &Workspace,
    subject: &Subject,
) -> Result<Option<Tz>> {
    let now = app.clock.now();
    match subject {
        Subject::Reminder { person, .. } => {
            let person = sql!(conn, people::find_person(workspace.id, *person))?;
            let own = person.map_or(workspace.zone, |person| person.zone_in(workspace));
            Ok(zone_to_name(own, [workspace.zone], now))
        }
        // Where it is kept no more it tells of no day.
        Subject::Overview { channel }
            if pinned::Place::of(workspace) != pinned::Place(Some(channel)) =>
        {
            Ok(None)
        }
        Subject::Digest { .. }
        | Subject::Overview { .. }
        | Subject::AuditReminder { .. }
        | Subject::ReviewDue { .. } => {
            let people = sql!(conn, people::list_people(workspace.id))?;
            let readers = people.iter().filter(|person| person.present);
            let zones = readers.map(|person| person.zone_in(workspace));
            Ok(zone_to_name(workspace.zone, zones, now))
        }
        _ => Ok(None),
    }
}

async fn say(
    app: &App,
    conn: &mut Conn,
    workspace: &Workspace,
    subject: &Subject,
) -> Result<Option<Card>> {
    let now = app.clock.now();
    match subject {
        Subject::Action { number } => crate::action::told::living(conn, workspace, *number).await,
        Subject::ActionRaisedHere { number } => {
            crate::action::told::raised_here(conn, workspace, *number).await
        }
        Subject::ActionAssigned { number, owner, by } => {
            crate::action::told::assigned(conn, workspace, *number, (*owner, *by)).await
        }
        Subject::ActionToCheck {
            number,
            verifier,
            by,
        } => crate::action::told::to_check(conn, workspace, *number, (*verifier, *by)).await,
        Subject::StepPlanned {
            number,
            step,
            owner,
            by,
        } => {
            let (which, who) = ((*number, *step), (*owner, *by));
            crate::action::told::step_planned(conn, workspace, which, who).await
        }
        Subject::ActionNoted { by, note, file, .. } => {
            crate::action::told::noted(conn, workspace, *by, note, file.as_ref()).await
        }
        Subject::Audit { audit } => {
            crate::audit::opening::flow::living(conn, workspace, *audit).await
        }
        Subject::AuditOpened { audit, person } => {
            crate::audit::opening::flow::opened(conn, workspace, *audit, *person).await
        }
        Subject::Finding { number, to } => {
            crate::audit::finding::told::word(conn, workspace, (*number, *to), now).await
        }
        Subject::AuditAssigned { audit, auditor, by } => {
            crate::audit::auditor::flow::assigned(conn, workspace, *audit, (*auditor, *by)).await
        }
        Subject::AuditReport { audit, person } => {
            crate::audit::closing::flow::word(conn, workspace, *audit, *person).await
        }
        Subject::AreaAssigned { owner, by } => {
            crate::people::area::flow::assigned(conn, workspace, (*owner, *by)).await
        }
        Subject::AuditReminder { nominal, late } => {
            let late = late.then_some(*nominal);
            crate::audit::flow::reminder(conn, workspace, nominal.date(), late).await
        }
        Subject::Digest { nominal, late } => {
            let late = late.then_some(*nominal);
            crate::kpi::digest::flow::posted(conn, workspace, now, late).await
        }
        Subject::InputAssigned {
            review,
            item,
            owner,
            by,
        } => crate::review::flow::assigned(conn, workspace, (*review, *item), (*owner, *by)).await,
        Subject::ReviewDue { nominal, late } => {
            let late = late.then_some(*nominal);
            crate::review::flow::due(conn, workspace, nominal.date(), late).await
        }
        Subject::Reminder {
            person,
            nominal,
            since,
            late,
        } => {
            let asking = Asking {
                nominal: *nominal,
                since: *since,
                late: *late,
            };
            crate::schedule::flow::reminder(conn, workspace, *person, asking).await
        }
        Subject::RoleGiven { person, by } => {
            crate::people::roles::flow::given(conn, workspace, (*person, *by)).await
        }
        Subject::KpiCrossed { kpi, period, .. } => {
            crate::kpi::analysis::flow::told(conn, workspace, (kpi, *period), now).await
        }
        Subject::SurveyAsked {
            kpi,
            period,
            person,
        } => crate::kpi::survey::round::asked(conn, workspace, (kpi, *period), *person).await,
        Subject::SurveyClosed { kpi, period } => {
            crate::kpi::survey::round::closed(conn, workspace, (kpi, *period)).await
        }
        Subject::Overview { channel } => pinned::word(conn, workspace, channel, now).await,
        Subject::DigestDetail => crate::kpi::digest::flow::in_thread(conn, workspace, now).await,
        Subject::DeputyNamed { person, deputy } => {
            presence::absence::word(conn, workspace, (*person, *deputy), now).await
        }
        Subject::PersonLeft { person } => presence::gone::word(conn, workspace, *person).await,
        Subject::HandedOver {
            from,
            to,
            by,
            records,
            areas,
        } => {
            let what = (records.as_slice(), areas.as_slice());
            presence::handover::word(conn, workspace, (*from, *to, *by), what).await
        }
        Subject::Trouble { key } => presence::trouble::word(conn, workspace, key).await,
        Subject::SourceFails { kpi, since } => {
            crate::kpi::source::health::word(conn, workspace, (kpi, *since)).await
        }
        Subject::Report {
            span,
            edition,
            late,
        } => crate::report::flow::word(conn, workspace, (*span, *edition), (None, *late)).await,
        Subject::ReportToReview {
            span,
            edition,
            person,
        } => {
            let to = (Some(*person), None);
            crate::report::flow::word(conn, workspace, (*span, *edition), to).await
        }
        // Its message is the file itself: see [`content`]; a pin is none.
        Subject::File { .. } | Subject::Pin { .. } => Ok(None),
    }
}
