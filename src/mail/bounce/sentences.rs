//! The sentences that mail servers write. All in lower case.

/// Local parts from which servers write.
pub(super) const SERVERS: [&str; 9] = [
    "mailer-daemon",
    "post_master",
    "mailerdaemon",
    "postmaster",
    "mail-daemon",
    "mdaemon",
    "mailadmin",
    "mail delivery",
    "mailer_daemon",
];

/// Those of them who never write for a person.
pub(super) const DAEMONS: [&str; 3] = ["mailer-daemon", "mailerdaemon", "mailer_daemon"];

/// Those behind which there may be a person.
pub(super) const PEOPLE: [&str; 3] = ["postmaster", "post_master", "mailadmin"];

/// Beginnings of the subjects of answers.
pub(super) const ANSWERS: [&str; 8] = ["re:", "aw:", "sv:", "fw:", "fwd:", "rv:", "res:", "antw:"];

/// Subjects of bounces.
pub(super) const BOUNCE_SUBJECTS: [&str; 29] = [
    "undeliver",
    "undelivered",
    "returned mail",
    "returned message",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "failed delivery",
    "failure notice",
    "failure notification",
    "mail delivery",
    "message delivery",
    "could not be delivered",
    "unable to deliver",
    "non-delivery",
    "nondeliverable",
    "delivery report",
    "delivery error",
    "delivery notification",
    "mail could not",
    "mail failure",
    "mail system error",
    "user unknown",
    "error mail",
    "error sending your mail",
    "メールエラー",
    "エラー通知",
    "配信不能",
    "配達不能",
];

/// What bounces say when their subject does not.
pub(super) const BOUNCE_TEXTS: [&str; 6] = [
    "could not be delivered",
    "was not delivered",
    "did not reach the following",
    "permanent fatal errors",
    "delivery problems",
    "error: invalid user address",
];

/// Beginnings of automatic answers' subjects.
pub(super) const AUTOMATIC_SUBJECTS: [&str; 10] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto:",
    "out of office",
    "vacation",
    "away ",
    "autorespon",
    "auto respon",
];

const RETURNED: [&str; 20] = [
    "--- below this line is a copy of the message",
    "----- original message -----",
    "--- original message",
    "------ this is a copy of the message",
    "----- unsent message follows -----",
    "--- below the next line is a copy of the message",
    "----- original message follows",
    "received: from ",
    "original message follows",
    "-----original message-----",
    "--- unsent message below ---",
    "original message headers",
    "your original message",
    "the header of the original message",
    "content-type: message/rfc822",
    "here is a copy of the first part",
    "---- begin original",
    "the first 50 lines",
    "message header follow",
    "original mail header",
];

/// Where the returned message begins in a text.
pub(super) fn start_of_returned(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    RETURNED.iter().filter_map(|words| lower.find(words)).min()
}
