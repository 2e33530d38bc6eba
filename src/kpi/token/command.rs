//! What a person can say about tokens.

use clap::{Args, Subcommand};

use crate::command::value::TokenName;

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum TokenCommand {
    /// Let a program send values
    New(NewToken),
    /// List the programs that may send values
    #[command(
        display_name = "List tokens",
        visible_alias = "ls",
        after_help = "token list"
    )]
    List,
    /// Let a program send no more
    #[command(display_name = "Revoke a token", after_help = "token revoke scanner")]
    Revoke {
        /// Token
        name: TokenName,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "New token",
    after_help = "token new scanner\n\
                  token new scanner critical-patches-in-time incidents\n\
                  token new grc --risks"
)]
pub struct NewToken {
    /// Name
    ///
    /// What sends: scanner, siem, backup.
    pub name: TokenName,
    /// KPIs it may send
    ///
    /// Their keys, with spaces between. Empty means every KPI that programs send.
    pub kpis: Vec<String>,
    /// For the risk register
    ///
    /// Then it is good for no KPI.
    #[arg(long)]
    pub risks: bool,
}
