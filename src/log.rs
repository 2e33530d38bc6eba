//! Structured logs on standard error, as text for people or one JSON object a line for collectors.
//!
//! What may not be in them: secrets, Slack's connection tickets, what people wrote. Libraries say
//! such things at DEBUG, and slack-morphism at WARN and ERROR too (whole events, the socket's
//! address with its ticket). So libraries are heard from WARN up, slack-morphism not at all (the
//! Slack room reports its failures itself), and every line passes a last filter for what looks
//! like a token.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Level, Log, LogFormat};

/// Sends everything that is logged from now on to standard error. Called once. `libraries` is the
/// level from which they are heard: a command that ends soon has one line of its own to say.
pub fn start(log: Log, libraries: Level) {
    let filter = EnvFilter::new(directives(log, libraries));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Masked(io::stderr))
        .with_ansi(false);
    // A second start (in a test) leaves the first in place.
    let _ = match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        // A literal message can hold no data; a formatted one might.
        let why = panic.payload().downcast_ref::<&'static str>().copied();
        tracing::error!(place, why, "panic");
    }));
}

fn directives(log: Log, libraries: Level) -> String {
    let libraries = libraries.min(Level::Warn);
    format!("{libraries},isms_bot={},slack_morphism=off", log.level)
}

/// Writes lines with what looks like a token taken out.
struct Masked<M>(M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Masked<M> {
    type Writer = MaskedWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        MaskedWriter(self.0.make_writer())
    }
}

struct MaskedWriter<W>(W);

impl<W: Write> Write for MaskedWriter<W> {
    /// The subscriber hands over one whole line at a time.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0
            .write_all(mask(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// How tokens, socket tickets and passwords in URLs begin.
const MARKS: [&str; 6] = ["xoxb-", "xoxp-", "xoxe", "xapp-", "ticket=", "Bearer "];

/// The line with everything after a mark, up to the next character that no token holds, replaced.
fn mask(line: &str) -> String {
    let mut masked = line.to_owned();
    for mark in MARKS {
        let mut from = 0;
        while let Some(found) = masked[from..].find(mark) {
            let start = from + found + mark.len();
            let is_token = |c: char| c.is_ascii_alphanumeric() || "-_.%+/=".contains(c);
            let end = masked[start..]
                .find(|c| !is_token(c))
                .map_or(masked.len(), |length| start + length);
            masked.replace_range(start..end, "…");
            from = start;
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_token_is_masked() {
        let table = [
            ("nothing here\n", "nothing here\n"),
            ("token=xoxb-1-a failed", "token=xoxb-… failed"),
            (
                "connect wss://w/link/?ticket=ab-12%3D&app_id=3: \"xapp-1-A\"",
                "connect wss://w/link/?ticket=…&app_id=3: \"xapp-…\"",
            ),
            ("xoxb-1 and xoxb-2", "xoxb-… and xoxb-…"),
            ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ];
        for (line, expected) in table {
            assert_eq!(mask(line), expected);
        }
    }

    #[test]
    fn libraries_stay_quiet_however_loud_the_bot_is_asked_to_be() {
        let log = Log {
            level: Level::Trace,
            format: LogFormat::Text,
        };
        assert_eq!(
            directives(log, Level::Trace),
            "warn,isms_bot=trace,slack_morphism=off"
        );
    }
}
