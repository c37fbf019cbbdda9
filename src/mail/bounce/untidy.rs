//! Bounces without a report: the address and the reason are somewhere in the text.

use super::opened::Opened;
use super::{Bounce, sentences};
use crate::domain::diagnosis::{Diagnosis, best_status};

/// Reads the text. `None`: nobody can be found who was not reached.
pub(super) fn read(mail: &Opened) -> Option<Bounce> {
    let recipients = recipients(mail);
    if recipients.is_empty() {
        return None;
    }
    let status = best_status(None, &mail.text);
    let diagnosis = Diagnosis {
        status: status.as_deref(),
        words: &mail.text,
        transcript: &mail.text,
    };
    let about = [addresses(&mail.text), recipients.clone()].concat();
    let told = Diagnosis {
        words: told(&mail.text),
        ..diagnosis
    };
    Some(Bounce {
        fault: diagnosis.fault(),
        message_id: mail.returned_id(),
        ..Bounce::of(recipients, &about, told)
    })
}

/// From the first line on in which a server gives a code; all of it if none does.
pub(super) fn told(text: &str) -> &str {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if has_code(line) {
            return text.get(start..).unwrap_or(text);
        }
        start += line.len();
    }
    text
}

/// Whether there is a reply code such as `550 …` or `552-…`.
pub(super) fn has_code(line: &str) -> bool {
    let is_code = |word: &str| {
        let digits = word
            .get(..3)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let rest = word.get(3..).unwrap_or_default();
        digits.is_some_and(|code| code.starts_with(['4', '5']))
            && (rest.is_empty() || rest.starts_with(['-', ' ']))
    };
    line.split(|c: char| c.is_whitespace() || matches!(c, ':' | ';' | '(' | '<'))
        .any(is_code)
}

fn recipients(mail: &Opened) -> Vec<String> {
    if let Some(listed) = mail.header("x-failed-recipients") {
        return addresses(listed);
    }
    let ours = mail.header("to").map(addresses).unwrap_or_default();
    let (in_text, returned_to) = (
        addresses(&mail.text),
        header_of(&mail.returned, "to").map(addresses).unwrap_or_default(),
    );
    let stranger = |address: &&String| !ours.contains(&address.to_lowercase()) && !is_server(address);
    let strangers = in_text.iter().chain(&returned_to).filter(stranger);
    // A citizen may write to herself, and a server's address may be the one that failed.
    strangers
        .chain(&returned_to)
        .chain(&in_text)
        .take(1)
        .cloned()
        .collect()
}

fn is_server(address: &str) -> bool {
    let lower = address.to_lowercase();
    sentences::SERVERS.iter().any(|name| lower.starts_with(name))
}

/// The value of a header in a returned message, to the end of its folded lines.
pub(super) fn header_of<'a>(returned: &'a str, name: &str) -> Option<&'a str> {
    let mut start = 0;
    for line in returned.split_inclusive('\n') {
        let value = start + name.len() + 1;
        let named = line
            .split_once(':')
            .is_some_and(|(known, _)| known.eq_ignore_ascii_case(name));
        if named {
            let rest = returned.get(value..)?;
            let folded =
                |(at, _): &(usize, &str)| !rest.get(at + 1..).unwrap_or_default().starts_with([' ', '\t']);
            return match rest.match_indices('\n').find(folded) {
                Some((end, _)) => rest.get(..end),
                None => Some(rest),
            };
        }
        start += line.len();
    }
    None
}

/// Everything in a text that looks like an address, in order, once.
pub(super) fn addresses(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let apart = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\'' | ',' | ';' | ':'
            )
    };
    for word in text.split(apart) {
        let word = word.trim_matches(['.', '*', '`', '!', '?']);
        let Some((local, domain)) = word.rsplit_once('@') else {
            continue;
        };
        let fits = !local.is_empty()
            && !local.contains('@')
            && domain.contains('.')
            && !domain.starts_with('.')
            && domain
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
        if fits && !found.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            found.push(word.to_owned());
        }
    }
    found
}
