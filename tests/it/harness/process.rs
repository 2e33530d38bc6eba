//! The program as an operator runs it: a process of its own with settings of its own.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A folder to run in, and variables; nothing of who runs the tests is passed on.
pub struct Machine {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// How a process ended and what it said.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Machine {
    /// With free ports and a database of its own in its folder.
    pub fn new() -> Self {
        Machine {
            folder: tempfile::tempdir().expect("a temporary folder"),
            variables: Vec::new(),
        }
        .with("ISMS_HTTP__LISTEN", "127.0.0.1:0")
        .with("ISMS_PLAYGROUND__LISTEN", "127.0.0.1:0")
    }

    pub fn with(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        let value = value.as_ref().to_string_lossy().into_owned();
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value));
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into its folder.
    pub fn file(self, name: &str, bytes: &[u8]) -> Self {
        std::fs::write(self.folder().join(name), bytes).expect("a file");
        self
    }

    pub fn program() -> &'static str {
        env!("CARGO_BIN_EXE_isms-bot")
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(Machine::program(), arguments).output();
        output.expect("the program starts").into()
    }

    /// Runs a shell script in a mount namespace of its own, where it may mount what it likes.
    pub fn run_where_it_may_mount(&self, script: &str) -> Ended {
        let arguments = ["--user", "--map-root-user", "--mount", "sh", "-c", script];
        let output = self.command("unshare", &arguments).output();
        output.expect("unshare of util-linux starts").into()
    }

    /// Starts the program and lets it run.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(Machine::program(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Ended {
            // A signal is no code.
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
