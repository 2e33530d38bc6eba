//! The grammar: what a person can say, from any face.
//!
//! [`Command`] is one clap derive; each room declares its part in its own `command.rs`. Everything
//! else is read off that declaration: what typed text means ([`parse`]), which form completes it
//! ([`parse_form`], [`form`]), [`help`] and [`completions`].
//!
//! Text is cut into words (`words`), the first of them lead to a command (`catalog`), the others
//! go to its arguments (`draft`). The type of an argument says how its words are read (`kind`):
//! `friday` becomes a date (`dates`), `@ann` a person (`names`). Only then does clap put the
//! command together. What is missing or wrong comes back as [`Misread`]: a form that keeps what was
//! typed, or a card with the nearest command.
//!
//! To add a command, declare it: comments are labels and hints, `display_name` is the title of its
//! form, `after_help` its examples. The tests hold all of it to the limits of the platforms.

mod catalog;
mod complete;
mod dates;
mod draft;
mod help;
mod kind;
mod known;
mod misread;
mod names;
mod parse;
pub mod tree;
pub mod value;
mod words;

pub use catalog::paths;
pub use complete::{Completion, completions, suggest};
pub use help::help;
pub use known::{Known, KnownPerson};
pub use misread::Misread;
pub use names::{nearest, one_of};
pub use parse::{
    Spread, begun, files, form, is_begun, leads_to, mentions, parse, parse_form, spread, subject,
};
pub use words::{quoted, typed};

use clap::{Args, Parser};

use crate::action::command::ActionCommand;
use crate::audit::auditor::command::AuditorCommand;
use crate::audit::checklist::command::ChecklistCommand;
use crate::audit::command::AuditCommand;
use crate::kpi::command::{DigestCommand, KpiCommand};
use crate::kpi::inspection::command::InspectionCommand;
use crate::kpi::source::command::SourceCommand;
use crate::kpi::survey::command::SurveyCommand;
use crate::kpi::token::command::TokenCommand;
use crate::people::area::command::AreaCommand;
use crate::people::command::SettingsCommand;
use crate::people::roles::command::RoleCommand;
use crate::people::setup::command::SetupCommand;
use crate::presence::command::{GoAway, HandOver, LinkMyself};
use crate::record::command::FileCommand;
use crate::report::command::ReportCommand;
use crate::review::command::ReviewCommand;
use value::{DueDate, Prose, RecordName};

/// Everything a person can say to the bot.
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(
    name = "isms",
    no_binary_name = true,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub enum Command {
    /// How to use me
    #[command(
        display_name = "Help",
        after_help = "help\nhelp action\nhelp action new"
    )]
    Help {
        /// What about
        topic: Vec<String>,
    },
    /// How the management system stands
    #[command(display_name = "Status", after_help = "status")]
    Status,
    /// Everything that waits for me
    #[command(display_name = "Mine", visible_alias = "todo", after_help = "mine")]
    Mine,
    /// Where I stand: what waits for me, and what comes next
    #[command(display_name = "Home", after_help = "home")]
    Home,
    /// Corrective actions
    #[command(subcommand, display_name = "Actions", visible_alias = "actions")]
    Action(ActionCommand),
    /// KPIs and their values
    #[command(subcommand, display_name = "KPIs", visible_alias = "kpis")]
    Kpi(KpiCommand),
    /// Where the values of KPIs come from
    #[command(subcommand, display_name = "Sources", visible_alias = "sources")]
    Source(SourceCommand),
    /// Programs that may send values
    #[command(subcommand, display_name = "Tokens", visible_alias = "tokens")]
    Token(TokenCommand),
    /// KPIs measured by asking people
    #[command(subcommand, display_name = "Surveys", visible_alias = "surveys")]
    Survey(SurveyCommand),
    /// KPIs measured by a checklist
    #[command(
        subcommand,
        display_name = "Inspections",
        visible_alias = "inspections"
    )]
    Inspection(InspectionCommand),
    /// The weekly KPI digest
    #[command(subcommand, display_name = "Digest")]
    Digest(DigestCommand),
    /// Internal audits
    #[command(subcommand, display_name = "Audits", visible_alias = "audits")]
    Audit(AuditCommand),
    /// Management reviews
    #[command(subcommand, display_name = "Reviews", visible_alias = "reviews")]
    Review(ReviewCommand),
    /// Reports and registers as files
    #[command(subcommand, display_name = "Reports", visible_alias = "reports")]
    Report(ReportCommand),
    /// Files that are kept as evidence
    #[command(subcommand, display_name = "Files", visible_alias = "files")]
    File(FileCommand),
    /// Be reminded later, with a reason
    Snooze(SnoozeReminders),
    /// Be away for a while, with a deputy
    Away(GoAway),
    /// Be back before the day you said
    #[command(display_name = "Back", after_help = "back")]
    Back,
    /// Be the same person here and in another place
    Link(LinkMyself),
    /// Give all that one person holds to another
    Handover(HandOver),
    /// How this workspace is set up
    #[command(subcommand, display_name = "Settings")]
    Settings(SettingsCommand),
    /// Who has which role
    #[command(subcommand, display_name = "Roles", visible_alias = "roles")]
    Role(RoleCommand),
    /// Who is responsible for what
    #[command(subcommand, display_name = "Areas", visible_alias = "areas")]
    Area(AreaCommand),
    /// Set up a new workspace, step by step
    #[command(subcommand, display_name = "Set-up", visible_alias = "set-up")]
    Setup(SetupCommand),
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Snooze reminders",
    after_help = "snooze CA-12 friday Waiting for the supplier"
)]
pub struct SnoozeReminders {
    /// What about
    ///
    /// For example: CA-12, MR-2026-Q4, phishing-click-rate.
    pub record: RecordName,
    /// Until when
    ///
    /// For example: tomorrow, friday, in 2 weeks.
    pub until: DueDate,
    /// Why not now
    pub reason: Prose,
}

impl Command {
    /// It names a record but says nothing new about it: time to open its form. A button that raises
    /// an action only proposes it: who clicks sees the form first.
    pub fn wants_form(&self, clicked: bool) -> bool {
        match self {
            Command::Action(ActionCommand::New(_)) => clicked,
            Command::Action(ActionCommand::Update(update)) => update.is_empty(),
            Command::Kpi(KpiCommand::Import(import)) => import.file.is_none(),
            Command::Settings(SettingsCommand::Set(change)) => change.is_empty(),
            Command::Survey(SurveyCommand::Answer(given)) => given.is_empty(),
            Command::Inspection(InspectionCommand::Check(check)) => clicked && check.wants_note(),
            Command::Audit(AuditCommand::Checklist(ChecklistCommand::Check(said))) => {
                said.wants_form()
            }
            Command::Audit(AuditCommand::Question(said)) => said.wants_form(),
            Command::Setup(step) => step.is_empty(),
            Command::Kpi(KpiCommand::Analyse(said)) => said.is_empty(),
            _ => false,
        }
    }

    /// The words that lead to this command, as in `action new`. They never change while the
    /// command exists: rights and the log refer to them.
    pub fn path(&self) -> &'static str {
        match self {
            Command::Help { .. } => "help",
            Command::Status => "status",
            Command::Mine => "mine",
            Command::Action(action) => match action {
                ActionCommand::New(_) => "action new",
                ActionCommand::List(_) => "action list",
                ActionCommand::Show { .. } => "action show",
                ActionCommand::Update(_) => "action update",
                ActionCommand::Analyse(_) => "action analyse",
                ActionCommand::Step(_) => "action step",
                ActionCommand::StepDone { .. } => "action step-done",
                ActionCommand::Note(_) => "action note",
                ActionCommand::Assign { .. } => "action assign",
                ActionCommand::Extend { .. } => "action extend",
                ActionCommand::Done(_) => "action done",
                ActionCommand::Verifier { .. } => "action verifier",
                ActionCommand::Verify { .. } => "action verify",
                ActionCommand::Reopen { .. } => "action reopen",
                ActionCommand::Cancel { .. } => "action cancel",
                ActionCommand::Reassign(_) => "action reassign",
            },
            Command::Kpi(kpi) => match kpi {
                KpiCommand::New(_) => "kpi new",
                KpiCommand::List => "kpi list",
                KpiCommand::Show { .. } => "kpi show",
                KpiCommand::Record(_) => "kpi record",
                KpiCommand::Correct { .. } => "kpi correct",
                KpiCommand::Import(_) => "kpi import",
                KpiCommand::Chart { .. } => "kpi chart",
                KpiCommand::Pause { .. } => "kpi pause",
                KpiCommand::Resume { .. } => "kpi resume",
                KpiCommand::Limits { .. } => "kpi limits",
                KpiCommand::Analyse(_) => "kpi analyse",
            },
            Command::Source(source) => match source {
                SourceCommand::List => "source list",
                SourceCommand::Manual { .. } => "source manual",
                SourceCommand::Push { .. } => "source push",
                SourceCommand::Prometheus(_) => "source prometheus",
                SourceCommand::Http(_) => "source http",
                SourceCommand::Derived { .. } => "source derived",
                SourceCommand::Try { .. } => "source try",
                SourceCommand::Webhook(_) => "source webhook",
            },
            Command::Token(token) => match token {
                TokenCommand::New(_) => "token new",
                TokenCommand::List => "token list",
                TokenCommand::Revoke { .. } => "token revoke",
            },
            Command::Survey(survey) => match survey {
                SurveyCommand::New(_) => "survey new",
                SurveyCommand::Send { .. } => "survey send",
                SurveyCommand::Answer(_) => "survey answer",
                SurveyCommand::Close { .. } => "survey close",
                SurveyCommand::Show { .. } => "survey show",
            },
            Command::Inspection(inspection) => match inspection {
                InspectionCommand::New { .. } => "inspection new",
                InspectionCommand::Start { .. } => "inspection start",
                InspectionCommand::Check(_) => "inspection check",
                InspectionCommand::Show { .. } => "inspection show",
                InspectionCommand::Finish { .. } => "inspection finish",
            },
            Command::Digest(digest) => match digest {
                DigestCommand::Now => "digest now",
                DigestCommand::Preview => "digest preview",
            },
            Command::Audit(audit) => match audit {
                AuditCommand::Plan { .. } => "audit plan",
                AuditCommand::List { .. } => "audit list",
                AuditCommand::Show { .. } => "audit show",
                AuditCommand::Auditor(auditor) => match auditor {
                    AuditorCommand::Assign(_) => "audit assign",
                    AuditorCommand::Team(_) => "audit team",
                    AuditorCommand::Guest(_) => "audit guest",
                    AuditorCommand::Auditors => "audit auditors",
                },
                AuditCommand::Start { .. } => "audit start",
                AuditCommand::Finish { .. } => "audit finish",
                AuditCommand::Checklist(command) => command.path(),
                AuditCommand::Finding(command) => command.path(),
                AuditCommand::Question(command) => command.path(),
            },
            Command::Review(review) => match review {
                ReviewCommand::Schedule { .. } => "review schedule",
                ReviewCommand::List => "review list",
                ReviewCommand::Show { .. } => "review show",
                ReviewCommand::Input(_) => "review input",
                ReviewCommand::Assign { .. } => "review assign",
                ReviewCommand::Start { .. } => "review start",
                ReviewCommand::Sign { .. } => "review sign",
            },
            Command::Report(report) => match report {
                ReportCommand::Performance(_) => "report performance",
                ReportCommand::Actions(_) => "report actions",
                ReportCommand::Audit { .. } => "report audit",
                ReportCommand::Get { .. } => "report get",
                ReportCommand::Reviewed { .. } => "report reviewed",
            },
            Command::File(file) => match file {
                FileCommand::Keep { .. } => "file keep",
                FileCommand::Get { .. } => "file get",
            },
            Command::Snooze(_) => "snooze",
            Command::Home => "home",
            Command::Away(_) => "away",
            Command::Back => "back",
            Command::Link(_) => "link",
            Command::Handover(_) => "handover",
            Command::Settings(settings) => match settings {
                SettingsCommand::Show => "settings show",
                SettingsCommand::Mine { .. } => "settings mine",
                SettingsCommand::Set(_) => "settings set",
            },
            Command::Role(role) => match role {
                RoleCommand::List => "role list",
                RoleCommand::Grant(_) => "role grant",
                RoleCommand::Revoke { .. } => "role revoke",
            },
            Command::Area(area) => match area {
                AreaCommand::List => "area list",
                AreaCommand::Assign { .. } => "area assign",
            },
            Command::Setup(step) => step.path(),
        }
    }
}

#[cfg(test)]
mod tests;
