//! `makegood mail …`

use super::{Answer, Problem, Result};
use crate::config::Config;
use crate::mail::bounce::Classified;
use crate::outreach::Office;
use crate::outreach::bounce_boxes::Found;
use crate::outreach::mail_hold::Release;
use crate::outreach::outbox::{Outbox, Step};
use clap::Subcommand;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

/// Between two looks while the mail server rests.
const NAP: Duration = Duration::from_millis(500);
/// A mail server that is away for longer than this is not waited for, in seconds.
const PATIENCE: i64 = 120;

#[derive(Subcommand)]
pub(super) enum Mail {
    /// Send what is due
    Work {
        /// Send all that is due, then exit
        #[arg(long, required = true)]
        until_empty: bool,
    },
    /// Read what is new in the bounce mailboxes, then exit
    Bounces,
    /// Hold all e-mail of all outages until it is released
    Hold {
        /// Why, for the others
        #[arg(long, value_name = "WHY", default_value = "")]
        because: String,
    },
    /// Say what is held back and would be sent; with --send or --withdraw, release it
    Release {
        /// Send what waits
        #[arg(long, conflicts_with = "withdraw")]
        send: bool,
        /// Withdraw what was queued before the hold: another instance has sent it
        #[arg(long)]
        withdraw: bool,
    },
    /// Say what Makegood makes of bounce messages: one line of JSON a file
    Classify {
        /// Messages as they lie in a mailbox
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

impl Mail {
    pub fn run(self, config: Config) -> Result<Answer> {
        match self {
            Self::Work { .. } => work(&super::office(config, false)?),
            Self::Bounces => bounces(&super::office(config, false)?),
            Self::Hold { because } => hold(&super::office(config, false)?, &because),
            Self::Release { send, withdraw } => {
                let only_reads = !send && !withdraw;
                release(&super::office(config, only_reads)?, send, withdraw)
            }
            Self::Classify { files } => classify(&files),
        }
    }
}

fn bounces(office: &Office) -> Result<Answer> {
    if office.config.bounces.is_empty() {
        let right = "no bounce mailbox is set: set MAKEGOOD_BOUNCES=maildir:/path/to/folder or imaps://user:password@host/INBOX";
        return Err(Problem::Refused(right.to_owned()));
    }
    let mut found = Found::default();
    loop {
        let some = office.take_bounces()?;
        let read = some.read;
        found.add(some);
        if read == 0 {
            break;
        }
    }
    let text = format!(
        "Read {} messages: {} dead addresses, {} that a supervisor decides about, {} that may work another time, {} that cannot be read, {} complaints, {} passed over.",
        found.read, found.hard, found.doubted, found.soft, found.unreadable, found.complaints, found.ignored
    );
    let done = found.troubles.is_empty();
    let lines = [vec![text], found.troubles.clone()].concat();
    Ok(Answer {
        text: lines.join("\n"),
        json: json!(found),
        done,
    })
}

fn hold(office: &Office, because: &str) -> Result<Answer> {
    office.hold_mail(None, because)?;
    let text = "All e-mail is held. `makegood mail release` says what waits.";
    Ok(Answer::new(text, json!({"held": true})))
}

fn release(office: &Office, send: bool, withdraw: bool) -> Result<Answer> {
    let Some(held) = office.mail_hold()? else {
        return Ok(Answer::new("Nothing is held.", json!({"held": false})));
    };
    let mut lines = vec![format!("Held: {}", held.hold.because)];
    let waiting = held.waiting.iter();
    lines.extend(waiting.map(|w| format!("{:>8} {} ({})", w.messages, w.template_key, w.outage)));
    lines.push(format!("{:>8} e-mails wait", held.messages()));
    let how = match (send, withdraw) {
        (true, _) => Release::Send,
        (_, true) => Release::Withdraw,
        _ => {
            lines.push(
                "Nothing was released. Add --send to send them, or --withdraw if they were sent before."
                    .to_owned(),
            );
            let json = json!({"held": true, "because": held.hold.because, "waiting": held.messages(), "released": false});
            return Ok(Answer::new(lines.join("\n"), json));
        }
    };
    let withdrawn = office.release_mail(None, how)?;
    lines.push(format!("Released; {withdrawn} e-mails were withdrawn."));
    let json = json!({"held": false, "waiting": held.messages(), "withdrawn": withdrawn, "released": true});
    Ok(Answer::new(lines.join("\n"), json))
}

/// Needs no database: it only reads the files.
fn classify(files: &[PathBuf]) -> Result<Answer> {
    let mut out = std::io::stdout().lock();
    for file in files {
        let name = file.display().to_string();
        let raw = std::fs::read(file).map_err(Problem::io(&name))?;
        let line = json!(Classified::read(&name, &raw));
        writeln!(out, "{line}").map_err(Problem::io("standard output"))?;
    }
    Ok(Answer::silence())
}

fn work(office: &Office) -> Result<Answer> {
    let outbox = Outbox::open(office)?;
    let worked = until_empty(office, &outbox);
    outbox.close()?;
    let handled = worked?;
    let text = format!(
        "Worked {handled} messages; nothing more is due. To: {}",
        outbox.place()
    );
    Ok(Answer::new(
        text,
        json!({"worked": handled, "to": outbox.place()}),
    ))
}

fn until_empty(office: &Office, outbox: &Outbox) -> Result<usize> {
    let mut worked_at = office.now();
    let mut handled = 0;
    loop {
        match outbox.step()? {
            Step::Worked(0) => {}
            Step::Worked(count) => {
                handled += count;
                worked_at = office.now();
            }
            Step::Held => {
                let told = "all e-mail is held; `makegood mail release` says why and what waits";
                return Err(Problem::Refused(told.to_owned()));
            }
            Step::Idle(next) if next.is_none_or(|at| at > office.now()) => return Ok(handled),
            Step::Resting(until) if until.seconds_since(worked_at) > PATIENCE => {
                let told = format!(
                    "the mail server at {} is away; messages wait for it (worked {handled})",
                    outbox.place()
                );
                return Err(Problem::Refused(told));
            }
            Step::Idle(_) | Step::Resting(_) => std::thread::sleep(NAP),
        }
    }
}
