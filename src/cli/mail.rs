//! `makegood mail …`

use super::{Answer, Problem, Result};
use crate::outreach::Office;
use crate::outreach::outbox::{Outbox, Step};
use clap::Subcommand;
use serde_json::json;
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
}

impl Mail {
    pub fn run(self, office: &Office) -> Result<Answer> {
        let Self::Work { .. } = self;
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
}

fn until_empty(office: &Office, outbox: &Outbox) -> Result<usize> {
    let begun = office.now();
    let mut handled = 0;
    loop {
        match outbox.step()? {
            Step::Worked(count) => handled += count,
            Step::Idle(next) if next.is_none_or(|at| at > office.now()) => return Ok(handled),
            Step::Resting(until) if until.seconds_since(begun) > PATIENCE => {
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
