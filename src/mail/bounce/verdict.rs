//! Whether an address is dead. Only what is about the address itself is hard: a full mailbox, a block
//! or a policy passes, and the citizen may still be reached there.

/// Reasons that pass, although many servers give them codes like 5.1.1.
const PASSING: [&str; 33] = [
    "mailbox full",
    "mailbox is full",
    "mailbox size",
    "over quota",
    "quota exceeded",
    "exceeded storage",
    "exceeded its storage",
    "storage allocation",
    "insufficient system storage",
    "disk quota",
    "overquota",
    "inbox is full",
    "out of storage",
    "message too large",
    "message size",
    "spam",
    "blocked",
    "blacklist",
    "blocklist",
    "block list",
    "rate limit",
    "too many",
    "dmarc",
    "spf ",
    "dkim",
    "greylist",
    "try again later",
    "temporarily",
    "relaying",
    "relay access",
    "reverse dns",
    "recipient preferences",
    "after mail from",
];

/// The sender's address is at fault, or the mailbox is only disabled.
const PASSING_CODES: [&str; 3] = ["5.1.7", "5.1.8", "5.2.1"];

/// Mailbox or domain do not exist (RFC 3463, RFC 7505).
const DEAD_CODES: [&str; 6] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"];

/// What filters say too.
const UNKNOWN: [&str; 2] = ["user unknown", "unknown user"];

/// The mailbox or the domain does not exist.
const DEAD: [&str; 61] = [
    "no such user",
    "unknown recipient",
    "recipient unknown",
    "no such recipient",
    "unknown address",
    "address unknown",
    "no such address",
    "unknown local",
    "does not exist",
    "doesn't exist",
    "no longer exists",
    "not exist",
    "invalid recipient",
    "invalid mailbox",
    "invalid address",
    "no mailbox here",
    "no such mailbox",
    "mailbox not found",
    "mailbox unavailable",
    "user not found",
    "recipient not found",
    "account not found",
    "not a valid mailbox",
    "not a known user",
    "no user",
    "unknown mailbox",
    "bad destination",
    "bad address",
    "addressee unknown",
    "user doesn't",
    "isn't a valid",
    "address not found",
    "unrouteable address",
    "host unknown",
    "unknown host",
    "host not found",
    "domain not found",
    "domain name not found",
    "unable to find domain",
    "no such domain",
    "name or service not known",
    "nullmx",
    "null mx",
    "does not accept mail",
    "can't find any host",
    "couldn't find any host",
    "no mx",
    "has moved",
    "moved to",
    "not listed in",
    "not in my",
    "this user is not",
    "rejected: access denied",
    "domain is not reachable",
    "no smtp service",
    "name is not recognized",
    "no valid recipients",
    "invalid final delivery",
    "account or domain may not exist",
    "5.1.0 address rejected",
    "recipient address rejected.",
];

/// The status in the text where the field is missing or says nothing: a server up the way knew more.
pub(super) fn best_status(field: Option<&str>, diagnosis: &str) -> Option<String> {
    let plain = |status: &&str| is_status(status) && !status.ends_with(".0.0");
    field
        .filter(plain)
        .map(str::to_owned)
        .or_else(|| status_in(diagnosis))
        .or_else(|| field.map(str::to_owned))
}

fn status_in(text: &str) -> Option<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    words
        .map(|word| word.trim_end_matches('.'))
        .find(|word| is_status(word) && !word.ends_with(".0.0"))
        .map(str::to_owned)
}

fn is_status(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let digits =
        |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.as_slice(), ["4" | "5", detail, code] if digits(detail) && digits(code))
}

/// Whether the server took the recipient and refused the text: then *user unknown* without a code of
/// its own is a filter's word.
fn refused_the_text(transcript: &str) -> bool {
    let words = transcript
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let signs = [
        "in reply to end of data",
        "in reply to data",
        ">>> data <<< 5",
        "smtp command data",
    ];
    signs.iter().any(|sign| words.contains(sign))
}

/// Whether the address is dead: by its status, else by the server's words. `transcript` is what the
/// server wrote for people.
pub(super) fn is_hard(status: Option<&str>, diagnosis: &str, transcript: &str) -> bool {
    let words = diagnosis.to_lowercase();
    let says = |list: &[&str]| list.iter().any(|sentence| words.contains(sentence));
    let status = status.unwrap_or_default();
    let unknown = UNKNOWN.iter().any(|sentence| words.contains(sentence));
    if says(&PASSING) || PASSING_CODES.contains(&status) || words.trim_start().starts_with("x-unix") {
        return false;
    }
    if status.starts_with('4') {
        return status == "4.1.1" && unknown;
    }
    DEAD_CODES.contains(&status) || says(&DEAD) || (unknown && !refused_the_text(transcript))
}
