//! The log: lines of text or of JSON on stderr, one event a line whatever it holds.

use super::{Problem, Result};
use crate::config::Config;
use std::io::{self, Write};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

/// Begins to log as the settings say.
pub(super) fn begin(config: &Config) -> Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| Problem::Refused(format!("MAKEGOOD_LOG: {:?}: {error}", config.log)))?;
    let lines = fmt::layer().with_writer(Lines).with_ansi(false);
    let registry = tracing_subscriber::registry().with(filter).with(ours());
    if config.log_json {
        registry.with(lines.json().flatten_event(true)).init();
    } else {
        registry.with(lines.with_target(false)).init();
    }
    std::panic::set_hook(Box::new(|panic| {
        // Where, not with what: a panic's words may quote a record.
        let place = panic
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place, "panicked");
    }));
    Ok(())
}

/// Other people's crates tell no more than at `info`, whatever is asked for: below it they write down what they are
/// given (the database driver each bound value, the phone library each number). The web server's tells of its own threads.
fn ours() -> Targets {
    Targets::new()
        .with_target("makegood", LevelFilter::TRACE)
        .with_target("actix_server", LevelFilter::WARN)
        .with_default(LevelFilter::INFO)
}

/// Writes to stderr with every control character inside a line made visible, so that nothing that was
/// entered can pretend to be a line of its own.
struct Lines;

impl Write for Lines {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(one_line(event).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

fn one_line(event: &[u8]) -> String {
    let text = String::from_utf8_lossy(event);
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let mut told: String = line
        .chars()
        .flat_map(|c| {
            let shown = if c.is_control() {
                c.escape_default().collect()
            } else {
                vec![c]
            };
            shown.into_iter()
        })
        .collect();
    told.push('\n');
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn other_peoples_crates_say_nothing_below_info() {
        for target in ["tokio_postgres::query", "rlibphonenumber", "actix_http", "log"] {
            assert!(ours().would_enable(target, &Level::INFO), "{target}");
            assert!(!ours().would_enable(target, &Level::DEBUG), "{target}");
        }
        assert!(ours().would_enable("makegood::web::log", &Level::TRACE));
    }

    #[test]
    fn an_entered_line_break_makes_no_line() {
        assert_eq!(one_line(b"a\r\nERROR b\x1b[31m\n"), "a\\r\\nERROR b\\u{1b}[31m\n");
    }
}
