//! The command line: `isms-bot --help` tells it; the rooms behind it are in `isms_bot::operator`.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    isms_bot::operator::main(isms_bot::operator::CommandLine::parse())
}
