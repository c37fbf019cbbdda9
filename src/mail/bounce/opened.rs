//! A message of the bounce mailbox taken apart.

use mail_parser::{Message, MimeHeaders, PartType};

use super::report::{self, Action, Recipient};
use super::{Bounce, Reading, sentences, untidy};
use crate::domain::diagnosis::{Diagnosis, best_status};

/// A message taken apart, as far as bounces need it. All texts are decoded.
pub(super) struct Opened {
    subject: String,
    /// Header names and values in lower case.
    headers: Vec<(String, String)>,
    /// What people are meant to read, before the returned message.
    pub(super) text: String,
    /// The fields of RFC 3464, or what looks like them.
    pub(super) report: String,
    /// The returned message or its header.
    pub(super) returned: String,
    complaint: bool,
    receipt: bool,
}

impl Opened {
    pub(super) fn new(message: &Message<'_>, raw: &[u8]) -> Self {
        let headers = message
            .headers_raw()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_lowercase()));
        let mut opened = Self {
            subject: message.subject().unwrap_or_default().to_lowercase(),
            headers: headers.collect(),
            text: String::new(),
            report: String::new(),
            returned: String::new(),
            complaint: false,
            receipt: false,
        };
        opened.take_parts(message);
        opened.split_returned();
        if opened.report.is_empty() {
            opened.report = report::loose_fields(&opened.text)
                .or_else(|| report::loose_fields(&String::from_utf8_lossy(raw)))
                .unwrap_or_default();
        }
        opened
    }

    fn take_parts(&mut self, message: &Message<'_>) {
        for part in &message.parts {
            let kind = part.content_type().map(|kind| {
                format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_lowercase()
            });
            let kind = kind.unwrap_or_default();
            match (&part.body, kind.as_str()) {
                (_, "message/feedback-report") => self.complaint = true,
                (_, "message/disposition-notification" | "message/global-disposition-notification") => {
                    self.receipt = true;
                }
                (
                    PartType::Binary(bytes) | PartType::InlineBinary(bytes),
                    "message/delivery-status" | "message/global-delivery-status",
                ) => {
                    self.report.push_str(&String::from_utf8_lossy(bytes));
                    self.report.push_str("\n\n");
                }
                (PartType::Text(text) | PartType::Html(text), "message/delivery-status") => {
                    self.report.push_str(text)
                }
                (PartType::Text(text), "text/rfc822-headers") => self.returned.push_str(text),
                (PartType::Text(text), _) => {
                    self.text.push_str(text);
                    self.text.push('\n');
                }
                (PartType::Html(text), _) => self.text.push_str(&without_tags(text)),
                (PartType::Message(inner), _) => self
                    .returned
                    .push_str(&String::from_utf8_lossy(inner.raw_message())),
                _ => {}
            }
        }
    }

    /// Many old servers put the returned message under their own words, in one part.
    fn split_returned(&mut self) {
        if let Some(at) = sentences::start_of_returned(&self.text) {
            let tail = self.text.split_off(at);
            self.returned.push_str(&tail);
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn is_complaint(&self) -> bool {
        let kind = self.header("content-type").unwrap_or_default();
        self.complaint
            || kind.contains("feedback-report")
            || self.text.contains("\"notificationType\":\"Complaint\"")
            || self.text.to_lowercase().contains("\nfeedback-type:")
    }

    /// What a reader's program says of a message that it has (RFC 8098), read or not.
    pub(super) fn is_receipt(&self) -> bool {
        let kind = self.header("content-type").unwrap_or_default();
        self.receipt || kind.contains("disposition-notification")
    }

    /// Whether a person wrote it: it answers something, or does not come from nowhere, as reports do.
    pub(super) fn is_a_letter(&self) -> bool {
        let somebody = !untidy::addresses(self.header("from").unwrap_or_default()).is_empty();
        let comes_from = self.header("return-path").is_some_and(|path| path.contains('@'));
        somebody && !self.is_written_by(&sentences::SERVERS) && (self.answers() || comes_from)
    }

    fn answers(&self) -> bool {
        self.header("in-reply-to").is_some()
            || sentences::ANSWERS
                .iter()
                .any(|start| self.subject.starts_with(start))
    }

    pub(super) fn is_automatic_reply(&self) -> bool {
        let answered = self
            .header("auto-submitted")
            .is_some_and(|value| value.starts_with("auto-replied"));
        let by_subject = sentences::AUTOMATIC_SUBJECTS
            .iter()
            .any(|start| self.subject.starts_with(start));
        let by_header = [
            "x-autoreply",
            "x-autorespond",
            "x-autoresponse",
            "x-auto-response-suppress",
        ];
        let marked = by_header.iter().any(|name| self.header(name).is_some());
        let answers = answered && !self.is_written_by(&sentences::DAEMONS);
        by_subject || answers || (marked && !self.is_written_by(&sentences::SERVERS))
    }

    fn is_written_by(&self, names: &[&str]) -> bool {
        let from = self.header("from").unwrap_or_default();
        names.iter().any(|name| from.contains(name))
    }

    pub(super) fn looks_like_a_bounce(&self) -> bool {
        let by_subject = sentences::BOUNCE_SUBJECTS
            .iter()
            .any(|words| self.subject.contains(words));
        let failed = self.header("x-failed-recipients").is_some();
        failed || by_subject || self.is_by_a_server() || self.says_so_from_nobody()
    }

    /// A postmaster is a person, too, unless a server's code stands in what was written.
    fn is_by_a_server(&self) -> bool {
        let says_so = || {
            let text = self.text.to_lowercase();
            self.text.lines().any(untidy::has_code)
                || sentences::BOUNCE_TEXTS.iter().any(|words| text.contains(words))
        };
        match self.is_written_by(&sentences::PEOPLE) && !self.is_written_by(&sentences::DAEMONS) {
            true => says_so(),
            false => self.is_written_by(&sentences::SERVERS),
        }
    }

    /// The null return path is a server's, but automatic answers use it too.
    fn says_so_from_nobody(&self) -> bool {
        let text = self.text.to_lowercase();
        let says = sentences::BOUNCE_TEXTS.iter().any(|words| text.contains(words));
        says && self.header("return-path").is_some_and(|path| path == "<>")
    }

    pub(super) fn reported(&self, recipients: &[Recipient]) -> Reading {
        let with = |action: Action| recipients.iter().filter(move |one| one.action == action);
        let failed: Vec<&Recipient> = match with(Action::Failed).next() {
            Some(_) => with(Action::Failed).collect(),
            None => with(Action::Delayed).collect(),
        };
        let Some(first) = failed.first() else {
            return Reading::Arrived;
        };
        let said = plain(&first.diagnostic);
        let words = said.unwrap_or(&self.text);
        let status = best_status(first.status.as_deref(), words);
        let diagnosis = Diagnosis {
            status: status.as_deref(),
            words,
            transcript: &self.text,
        };
        let named = failed.iter().map(|one| one.address.clone()).collect();
        let about: Vec<String> = failed.iter().flat_map(|one| one.names.clone()).collect();
        let told = Diagnosis {
            words: said.unwrap_or_else(|| untidy::told(words)),
            ..diagnosis
        };
        Reading::Bounce(Bounce {
            fault: diagnosis.fault(),
            message_id: self.returned_id(),
            delayed: first.action == Action::Delayed,
            ..Bounce::of(named, &about, told)
        })
    }

    pub(super) fn returned_id(&self) -> Option<String> {
        let value = untidy::header_of(&self.returned, "message-id")?;
        let (_, rest) = value.split_once('<')?;
        let (id, _) = rest.split_once('>')?;
        let whole = id.len() < 1_000 && !id.contains(char::is_whitespace);
        whole.then(|| id.to_owned())
    }
}

/// What a server said, without the word that it was one: `smtp; 550 …`; none if it said nothing. What another program said
/// keeps its name.
fn plain(diagnostic: &str) -> Option<&str> {
    let said = match diagnostic.split_once(';') {
        Some((kind, said)) if kind.trim().eq_ignore_ascii_case("smtp") => said,
        _ => diagnostic,
    };
    Some(said.trim()).filter(|said| !said.is_empty())
}

/// LF only: reports come with any line ends, also old Macintosh ones.
pub(super) fn with_lf(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\r' {
            if bytes.peek() != Some(&b'\n') {
                out.push(b'\n');
            }
        } else {
            out.push(byte);
        }
    }
    out
}

fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            _ if inside => {}
            _ => out.push(c),
        }
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&quot;", "\""),
        ("&#64;", "@"),
        ("&amp;", "&"),
    ];
    entities
        .iter()
        .fold(out, |text, (from, to)| text.replace(from, to))
}
