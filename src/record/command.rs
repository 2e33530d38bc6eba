//! What a person can say about files that are kept.

use clap::Subcommand;

use crate::command::value::{FileRef, Fingerprint};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum FileCommand {
    /// Keep a file as evidence
    #[command(
        display_name = "Keep a file",
        after_help = "file keep Scan of March 2026"
    )]
    Keep {
        /// What it shows
        ///
        /// For example: scan of all servers, March 2026.
        shows: String,
        /// The file
        ///
        /// At most 10 MiB. It is kept unchanged, and can be got back by its fingerprint.
        #[arg(long, required = true)]
        file: FileRef,
    },
    /// Get a file that is kept
    #[command(display_name = "Get a file", after_help = "file get 3f1a09bc42de")]
    Get {
        /// Its fingerprint
        ///
        /// Twelve digits, as they stand beside the file's name.
        fingerprint: Fingerprint,
    },
}
