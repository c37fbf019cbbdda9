//! One e-mail's fate: its states, what a mail server's answer means for it, and when it is tried again.
//!
//! The promise is Postfix's: no accepted request to send is lost, and a second copy can exist only
//! when nobody can know whether the server took the first one. Such a message is *uncertain*, and a
//! person decides.

mod schedule;

pub use schedule::{Fate, Schedule};

use super::diagnosis::{Diagnosis, Fault, best_status};
use std::fmt;
use std::str::FromStr;

/// Where a message stands. The words are stored, shown and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageState {
    /// Waits for its time.
    Queued,
    /// A worker holds its lease and talks to the mail server.
    Sending,
    /// The mail server answered that it has it.
    Sent,
    /// The server may have taken it before the connection or the process died.
    Uncertain,
    /// A delivery report came back.
    Bounced,
    /// Refused for good, or given up after days.
    Failed,
    /// No longer wanted: the person paid, or the outcome that caused it was undone.
    Withdrawn,
    /// The address must not be written to.
    Suppressed,
}

/// A word that is no message state.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no message state")]
pub struct UnknownState(String);

impl MessageState {
    /// Every state, in the order in which pages list them.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Uncertain,
        Self::Bounced,
        Self::Failed,
        Self::Withdrawn,
        Self::Suppressed,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Uncertain => "uncertain",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
            Self::Suppressed => "suppressed",
        }
    }

    /// Whether the message can still be taken back: nothing of it has gone out.
    pub const fn can_be_withdrawn(self) -> bool {
        matches!(self, Self::Queued)
    }
}

impl fmt::Display for MessageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MessageState {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or_else(|| UnknownState(word.to_owned()))
    }
}

/// How far the conversation with the mail server had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Reaching it, its greeting, EHLO, encryption, login: nothing to do with one message.
    Connection,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, and the text up to the last line.
    Text,
    /// After the final dot, when both sides own the message (RFC 1047).
    Dot,
}

/// What became of one try to hand a message to the mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server has it (2xx to the final dot).
    Sent {
        /// The server's words.
        reply: String,
    },
    /// Not now (4xx): try again later.
    Deferred {
        /// When it said so.
        phase: Phase,
        /// 400 to 499.
        code: u16,
        /// The server's words.
        reply: String,
    },
    /// Never (5xx): final at once.
    Refused {
        /// When it said so.
        phase: Phase,
        /// 500 to 599.
        code: u16,
        /// The server's words.
        reply: String,
    },
    /// The conversation ended before the final dot: the server cannot have the message.
    Unreachable {
        /// How far it came.
        phase: Phase,
        /// What happened and what to do, for an administrator.
        reason: String,
    },
    /// The final dot may have gone out and no answer was seen.
    Uncertain {
        /// What happened.
        reason: String,
    },
    /// The last look before the text said that the message is no longer wanted; nothing was sent.
    Withheld,
}

impl Delivery {
    /// Whether the trouble is the relay's and not this message's: then the whole relay rests, and the
    /// message is not charged with a try.
    pub const fn is_relay_trouble(&self) -> bool {
        match self {
            Self::Unreachable { phase, .. } => matches!(phase, Phase::Connection),
            Self::Deferred { phase, code, .. } => matches!(phase, Phase::Connection) || *code == 421,
            _ => false,
        }
    }

    /// Whether the relay turned us away before it had accepted anything of the message.
    pub const fn came_to_no_message(&self) -> bool {
        match self {
            Self::Unreachable { phase, .. } => matches!(phase, Phase::Connection),
            Self::Deferred { phase, code, .. } => {
                matches!(phase, Phase::Connection) || (*code == 421 && matches!(phase, Phase::Sender))
            }
            _ => false,
        }
    }

    /// Whether the server says of the recipient what a report would say of a dead address. What it says after the text is a
    /// filter's word.
    pub fn names_a_dead_address(&self) -> bool {
        matches!(self, Self::Refused { phase: Phase::Recipient, reply, .. } if fault_of(reply) == Fault::Address)
    }

    /// One line for the message's log, at most 500 characters. It may quote the address: keep it with
    /// the person's data, not in the program's log.
    pub fn words(&self) -> String {
        let line = match self {
            Self::Sent { reply } => reply.clone(),
            Self::Deferred { code, reply, .. } | Self::Refused { code, reply, .. } => {
                format!("{code} {reply}")
            }
            Self::Unreachable { reason, .. } | Self::Uncertain { reason } => reason.clone(),
            Self::Withheld => "no longer wanted".to_owned(),
        };
        let one_line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        one_line.chars().take(500).collect()
    }
}

/// Who is at fault by a server's answer to the recipient's name.
pub fn fault_of(reply: &str) -> Fault {
    let status = best_status(None, reply);
    let said = Diagnosis {
        status: status.as_deref(),
        words: reply,
        transcript: "RCPT TO",
    };
    said.fault()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back_from_its_word() {
        for state in MessageState::ALL {
            assert_eq!(state.as_str().parse::<MessageState>().unwrap(), state);
        }
        assert!("delivered".parse::<MessageState>().is_err());
    }

    #[test]
    fn a_long_reply_of_several_lines_becomes_one_short_line() {
        let reply = format!("first\r\nsecond {}", "x".repeat(900));
        let words = Delivery::Deferred {
            phase: Phase::Dot,
            code: 451,
            reply,
        }
        .words();
        assert!(words.starts_with("451 first second x"));
        assert_eq!(words.chars().count(), 500);
    }
}
