//! What a mail server's refusal means: who is at fault, and whether the address is dead.
//!
//! Whose fault it is decides first: a wrong name of ours, our sender or our DNS is no citizen's dead address. Then the code,
//! then the words; and never what stands in addresses, host names or links. It is one judgment, whether the server says so in
//! the conversation or in a report that comes back.

mod bare;
mod ours;
mod sentences;

use bare::bare;

/// Who or what stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The mailbox or its domain does not exist: nobody will ever be reached there.
    Address,
    /// We are not let in: our name, our address, our DNS, or our mail goes round in a circle. It would be said of everybody.
    Ours,
    /// Anything else: a full mailbox, a block, a policy. It passes, and the citizen may still be reached there.
    Passing,
}

/// What a server said of one recipient.
#[derive(Clone, Copy, Debug)]
pub struct Diagnosis<'a> {
    /// Enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<&'a str>,
    /// Its own words.
    pub words: &'a str,
    /// What was written for people around them: it says at which command the server refused.
    pub transcript: &'a str,
}

impl Diagnosis<'_> {
    /// Who is at fault.
    pub fn fault(&self) -> Fault {
        let (words, status) = (bare(self.words), self.status.unwrap_or_default());
        let said = Said::of(&words);
        if ours::CODES.contains(&status) || said.any(&ours::SENTENCES) {
            return Fault::Ours;
        }
        if self.is_dead(status, &said) {
            return Fault::Address;
        }
        Fault::Passing
    }

    fn is_dead(&self, status: &str, said: &Said<'_>) -> bool {
        let unknown = said.any(&sentences::UNKNOWN);
        let is_a_program = said.words.starts_with("x-unix");
        if is_a_program || is_only_a_link(self.words, said.words) {
            return false;
        }
        let plainly = unknown || said.any(&sentences::GONE);
        if sentences::DEAD_CODES.contains(&status) && plainly && !said.any(&sentences::FULL) {
            return true;
        }
        if said.any(&sentences::PASSING) || said.any(&sentences::FULL) {
            return false;
        }
        if status.starts_with('4') {
            return status == "4.1.1" && unknown;
        }
        if sentences::DISABLED_CODES.contains(&status) {
            return said.any(&sentences::GONE) || (unknown && refused_the_recipient(self.transcript));
        }
        sentences::DEAD_CODES.contains(&status)
            || said.any(&sentences::DEAD)
            || said.any(&sentences::GONE)
            || (unknown && !refused_the_text(self.transcript))
    }

    /// What the words come down to: the same for everybody who is refused for the same reason. No names, no numbers; at most
    /// [`LONGEST_CAUSE`] characters.
    pub fn cause(&self) -> String {
        let words = bare(self.words);
        let own = words.split_once(" said: ").map_or(words.as_str(), |(_, own)| own);
        let own = own.split_once("(in reply to").map_or(own, |(own, _)| own);
        let plain = own
            .split(|c: char| c.is_whitespace() || c == '-')
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.chars().all(|c| c.is_alphabetic() || "._/'".contains(c)) && !word.is_empty());
        let words = plain.collect::<Vec<_>>().join(" ");
        let status = self.status.unwrap_or_default();
        let cause = [status, &words].join(" ");
        let cause: String = cause.trim().chars().take(LONGEST_CAUSE).collect();
        match cause.as_str() {
            "" => "no reason".to_owned(),
            _ => cause.trim_end().to_owned(),
        }
    }
}

/// One cause is said of too many if it is said of so many messages of an outage …
pub const MANY: i64 = 20;
/// … and of more than one in so many of those that were written.
pub const ONE_IN: i64 = 20;

/// Longest cause, in characters.
pub const LONGEST_CAUSE: usize = 120;

/// Words without names, to be searched for sentences.
struct Said<'a> {
    words: &'a str,
}

impl<'a> Said<'a> {
    const fn of(words: &'a str) -> Self {
        Self { words }
    }

    /// Whether one of these sentences begins anywhere, at the beginning of a word.
    fn any(&self, sentences: &[&str]) -> bool {
        sentences.iter().any(|sentence| self.says(sentence))
    }

    fn says(&self, sentence: &str) -> bool {
        self.words.match_indices(sentence).any(|(at, _)| {
            let before = self.words.get(..at).and_then(|text| text.chars().next_back());
            before.is_none_or(|c| !c.is_alphanumeric())
        })
    }
}

/// Whether a link stands for all words: so are blocks explained.
fn is_only_a_link(words: &str, bare: &str) -> bool {
    words.contains("://") && !bare.contains(char::is_alphabetic)
}

/// Whether the server took the recipient and refused the text: then *user unknown* without a code of its own is a filter's
/// word.
fn refused_the_text(transcript: &str) -> bool {
    let lower = transcript.to_lowercase();
    let words = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    sentences::AT_THE_TEXT.iter().any(|sign| words.contains(sign))
}

/// Whether the server refused the recipient's name itself: then *user unknown* means what it says.
fn refused_the_recipient(transcript: &str) -> bool {
    let lower = transcript.to_lowercase();
    sentences::AT_THE_RECIPIENT
        .iter()
        .any(|sign| lower.contains(sign))
}

/// The status in the text where the field is missing or says nothing: a server up the way knew more.
pub fn best_status(field: Option<&str>, words: &str) -> Option<String> {
    let plain = |status: &&str| is_status(status) && !status.ends_with(".0.0");
    let field_says = field.filter(plain).map(str::to_owned);
    field_says
        .or_else(|| status_in(words))
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

#[cfg(test)]
mod tests;
