//! The troubles an operator can mend: each has one clear line and an exit code of its own, so that
//! whatever supervises the process can tell them apart. README.md lists the codes.

use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::Arc;

use crate::config::ConfigError;
use crate::{app, discord, slack};

/// What a process ended with, when it did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing below: a fault.
    Unexpected,
    Settings,
    Unreachable,
    Locked,
    ReadOnly,
    Full,
    Corrupt,
    /// Another program listens on the port.
    PortTaken,
    /// Slack or Discord does not accept a token.
    TokenRefused,
}

impl Trouble {
    /// 2 is what clap ends with for a wrong command line; 3 and 4 are the findings of `check` and
    /// `verify`.
    pub fn exit_code(self) -> u8 {
        match self {
            Trouble::Unexpected => 1,
            Trouble::Settings => 10,
            Trouble::Unreachable => 11,
            Trouble::Locked => 12,
            Trouble::ReadOnly => 13,
            Trouble::Full => 14,
            Trouble::Corrupt => 15,
            Trouble::PortTaken => 16,
            Trouble::TokenRefused => 17,
        }
    }

    /// What helps, as the end of a sentence.
    fn advice(self) -> Option<&'static str> {
        match self {
            Trouble::Unexpected | Trouble::Settings | Trouble::TokenRefused => None,
            Trouble::Unreachable => Some(
                "the database cannot be reached: check database.url, the password, and that the \
                 server runs",
            ),
            Trouble::Locked => Some(
                "the database is locked by another process: stop that one, or try again when it has \
                 finished",
            ),
            Trouble::ReadOnly => Some(
                "the database is read-only: give this user leave to write the file and its folder",
            ),
            Trouble::Full => {
                Some("the disk is full: make room; nothing that was confirmed is lost")
            }
            Trouble::Corrupt => Some(
                "the database is damaged, or no database of this program: restore the last backup",
            ),
            Trouble::PortTaken => {
                Some("another program listens there: stop it, or choose another port")
            }
        }
    }

    /// Looks for a known trouble among an error and its causes.
    pub fn of(error: &anyhow::Error) -> Trouble {
        error
            .chain()
            .find_map(|cause| {
                if cause.is::<ConfigError>()
                    || cause.is::<slack::SetupError>()
                    || cause.is::<discord::SetupError>()
                    || matches!(
                        cause.downcast_ref(),
                        Some(slack::InstallError::Sealed { .. })
                    )
                {
                    Some(Trouble::Settings)
                } else if cause.is::<slack::RunError>() || cause.is::<discord::RunError>() {
                    Some(Trouble::TokenRefused)
                } else if let Some(app::Error::Fault(error)) = cause.downcast_ref() {
                    // Told apart from what a person did wrong; the causes are inside.
                    Some(Trouble::of(error))
                } else if let Some(error) = cause.downcast_ref::<sqlx::Error>() {
                    of_database(error)
                } else if let Some(error) = cause.downcast_ref::<Arc<sqlx::Error>>() {
                    of_database(error)
                } else if let Some(error) = cause.downcast_ref::<sqlx::migrate::MigrateError>() {
                    of_migration(error)
                } else {
                    cause
                        .downcast_ref::<std::io::Error>()
                        .and_then(|error| of_io(error.kind()))
                }
            })
            .unwrap_or(Trouble::Unexpected)
    }
}

/// The one line that a process ends with.
pub fn line(error: &anyhow::Error) -> String {
    let mut what = String::new();
    for cause in error.chain() {
        let cause = cause.to_string().replace('\n', " ");
        // Many errors end with their cause already.
        if !what.contains(&cause) {
            let joint = if what.is_empty() { "" } else { ": " };
            what = format!("{what}{joint}{cause}");
        }
    }
    match Trouble::of(error).advice() {
        Some(advice) => format!("{advice} ({what})"),
        None => what,
    }
}

fn of_database(error: &sqlx::Error) -> Option<Trouble> {
    match error {
        sqlx::Error::Database(error) => match error.code() {
            Some(code) if code.len() == 5 => of_sqlstate(&code),
            Some(code) => of_sqlite(code.parse().ok()?),
            None => None,
        },
        // The pool tries a refused connection again until its time is up.
        sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_) => Some(Trouble::Unreachable),
        sqlx::Error::Io(error) => of_io(error.kind()).or(Some(Trouble::Unreachable)),
        sqlx::Error::Migrate(error) => of_migration(error),
        _ => error
            .source()
            .and_then(|cause| cause.downcast_ref::<Arc<sqlx::Error>>())
            .and_then(|error| of_database(error)),
    }
}

fn of_migration(error: &sqlx::migrate::MigrateError) -> Option<Trouble> {
    use sqlx::migrate::MigrateError;
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            of_database(error)
        }
        // Tables of a newer program, or someone else's.
        MigrateError::VersionMissing(_)
        | MigrateError::VersionMismatch(_)
        | MigrateError::Dirty(_) => Some(Trouble::Corrupt),
        _ => None,
    }
}

/// SQLite's extended result codes; the low byte is the primary one.
fn of_sqlite(code: i64) -> Option<Trouble> {
    match code & 0xff {
        5 | 6 => Some(Trouble::Locked),
        8 => Some(Trouble::ReadOnly),
        11 | 26 => Some(Trouble::Corrupt),
        13 => Some(Trouble::Full),
        // The WAL index could not grow: the disk, too.
        10 if code == 4874 => Some(Trouble::Full),
        14 => Some(Trouble::Unreachable),
        _ => None,
    }
}

/// PostgreSQL's SQLSTATE, by class where the whole class means the same.
fn of_sqlstate(code: &str) -> Option<Trouble> {
    match code {
        "53100" => Some(Trouble::Full),
        "25006" => Some(Trouble::ReadOnly),
        "55P03" => Some(Trouble::Locked),
        "3D000" | "57P03" | "57P01" | "53300" => Some(Trouble::Unreachable),
        _ if code.starts_with("08") || code.starts_with("28") => Some(Trouble::Unreachable),
        _ if code.starts_with("XX") => Some(Trouble::Corrupt),
        _ => None,
    }
}

fn of_io(kind: ErrorKind) -> Option<Trouble> {
    match kind {
        ErrorKind::AddrInUse => Some(Trouble::PortTaken),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(Trouble::Full),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Some(Trouble::ReadOnly),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_both_databases_are_told_apart() {
        let sqlite = [
            (5, Some(Trouble::Locked)),
            (517, Some(Trouble::Locked)),
            (8, Some(Trouble::ReadOnly)),
            (776, Some(Trouble::ReadOnly)),
            (13, Some(Trouble::Full)),
            (11, Some(Trouble::Corrupt)),
            (26, Some(Trouble::Corrupt)),
            (2067, None),
        ];
        for (code, expected) in sqlite {
            assert_eq!(of_sqlite(code), expected, "{code}");
        }
        let postgres = [
            ("53100", Some(Trouble::Full)),
            ("25006", Some(Trouble::ReadOnly)),
            ("28P01", Some(Trouble::Unreachable)),
            ("3D000", Some(Trouble::Unreachable)),
            ("08006", Some(Trouble::Unreachable)),
            ("XX001", Some(Trouble::Corrupt)),
            ("23505", None),
        ];
        for (code, expected) in postgres {
            assert_eq!(of_sqlstate(code), expected, "{code}");
        }
    }

    #[test]
    fn a_trouble_is_found_below_its_context_and_told_in_one_line() {
        let io = std::io::Error::new(ErrorKind::AddrInUse, "Address in use");
        let error = anyhow::Error::from(io).context("http.listen 127.0.0.1:1");
        assert_eq!(Trouble::of(&error), Trouble::PortTaken);
        assert_eq!(
            line(&error),
            "another program listens there: stop it, or choose another port \
             (http.listen 127.0.0.1:1: Address in use)"
        );
        // A commit shared by several acts gives each the same error.
        let shared = Arc::new(sqlx::Error::PoolTimedOut);
        let error = anyhow::Error::from(sqlx::Error::AnyDriverError(Box::new(shared)));
        assert_eq!(Trouble::of(&error), Trouble::Unreachable);
    }

    #[test]
    fn every_trouble_has_an_exit_code_of_its_own() {
        let all = [
            Trouble::Unexpected,
            Trouble::Settings,
            Trouble::Unreachable,
            Trouble::Locked,
            Trouble::ReadOnly,
            Trouble::Full,
            Trouble::Corrupt,
            Trouble::PortTaken,
            Trouble::TokenRefused,
        ];
        let codes: std::collections::HashSet<u8> = all.iter().map(|t| t.exit_code()).collect();
        assert_eq!(codes.len(), all.len());
        assert!(codes.is_disjoint(&[0, 2, 3, 4].into()));
    }
}
