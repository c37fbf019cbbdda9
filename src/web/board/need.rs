//! "Needs you now": what waits for the supervisor, each with the page where it is put right.

use crate::domain::ids::ImportId;
use crate::web::show::count::counted;

/// Something only the supervisor can put right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Need {
    /// What is the matter.
    pub what: String,
    /// What it means.
    pub why: String,
    /// The word on its button.
    pub act: &'static str,
    /// Where the button leads.
    pub href: String,
}

/// The counts that can call for the supervisor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Callbacks whose time has passed.
    pub callbacks_late: i64,
    /// When the oldest of them was promised for, and whose it is.
    pub oldest_callback: String,
    /// Citizens at stage *needs supervisor*.
    pub needs_supervisor: i64,
    /// Households on nobody's list.
    pub pool: i64,
    /// Callers may take from the pool.
    pub pool_open: bool,
    /// Imports read and waiting for confirmation.
    pub imports_to_confirm: i64,
    /// Rows that were rejected by published imports and neither mended nor set aside.
    pub rejected: i64,
    /// The latest import that has such rows.
    pub to_mend_in: Option<ImportId>,
    /// What stands in the way at the mail server.
    pub mail_trouble: Option<String>,
    /// Reasons for which too many e-mails came back to be believed.
    pub mail_questions: i64,
    /// E-mails whose fate is not known.
    pub mail_uncertain: i64,
    /// E-mails that came back or failed for good.
    pub mail_bounced: i64,
    /// Citizens who were to get a letter.
    pub letters: i64,
}

impl Waiting {
    /// The lines to show, most urgent first; `base` is the outage's address.
    pub fn needs(&self, base: &str) -> Vec<Need> {
        [
            self.late_callbacks(base),
            self.supervisor(base),
            self.imports(base),
            self.mail_stands(base),
            self.questions(base),
            self.uncertain(base),
            self.pool(base),
            self.rejected(base),
            self.bounced(base),
            self.letters(base),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn late_callbacks(&self, base: &str) -> Option<Need> {
        let verb = if self.callbacks_late == 1 { "is" } else { "are" };
        need(
            self.callbacks_late,
            format!(
                "{} {verb} overdue",
                counted(self.callbacks_late, "callback", "callbacks")
            ),
            format!("Oldest promised for {}", self.oldest_callback),
            "Review",
            format!("{base}/cases?stage=callback"),
        )
    }

    fn supervisor(&self, base: &str) -> Option<Need> {
        need(
            self.needs_supervisor,
            format!(
                "{} for a supervisor",
                counted(self.needs_supervisor, "case is", "cases are")
            ),
            "Callers passed them on to you, or skipped them five times".to_owned(),
            "Open",
            format!("{base}/cases?stage=needs_supervisor"),
        )
    }

    fn imports(&self, base: &str) -> Option<Need> {
        need(
            self.imports_to_confirm,
            format!(
                "{} for you",
                counted(self.imports_to_confirm, "import waits", "imports wait")
            ),
            "Nobody can be called from it before you confirm".to_owned(),
            "Check",
            format!("{base}/imports"),
        )
    }

    fn mail_stands(&self, base: &str) -> Option<Need> {
        let trouble = self.mail_trouble.as_ref()?;
        Some(Need {
            what: "E-mail does not go out".to_owned(),
            why: trouble.clone(),
            act: "Open",
            href: format!("{base}/messages"),
        })
    }

    fn questions(&self, base: &str) -> Option<Need> {
        need(
            self.mail_questions,
            "Many e-mails came back for one reason".to_owned(),
            "Nobody more is held to be gone for it before you decide".to_owned(),
            "Decide",
            format!("{base}/messages"),
        )
    }

    fn uncertain(&self, base: &str) -> Option<Need> {
        need(
            self.mail_uncertain,
            format!(
                "{} uncertain",
                counted(self.mail_uncertain, "e-mail is", "e-mails are")
            ),
            "The mail server may have taken it before the connection ended".to_owned(),
            "Decide",
            format!("{base}/messages?state=uncertain"),
        )
    }

    fn pool(&self, base: &str) -> Option<Need> {
        let why = if self.pool_open {
            "Callers take them when their own list is done"
        } else {
            "Nobody calls them until they are dealt"
        };
        need(
            self.pool,
            format!("{} on no list", counted(self.pool, "call is", "calls are")),
            why.to_owned(),
            "Split",
            format!("{base}/lists/split"),
        )
    }

    fn rejected(&self, base: &str) -> Option<Need> {
        let place = self.to_mend_in.map(|import| format!("/{import}/rejects"));
        need(
            self.rejected,
            format!("{} rejected", counted(self.rejected, "row was", "rows were")),
            "Correct them, or set them aside".to_owned(),
            "Review",
            format!("{base}/imports{}", place.unwrap_or_default()),
        )
    }

    fn bounced(&self, base: &str) -> Option<Need> {
        need(
            self.mail_bounced,
            format!(
                "{} back",
                counted(self.mail_bounced, "e-mail came", "e-mails came")
            ),
            "Those with a phone stay on a call list".to_owned(),
            "Review",
            format!("{base}/messages?state=bounced"),
        )
    }

    fn letters(&self, base: &str) -> Option<Need> {
        need(
            self.letters,
            format!("{} to be sent", counted(self.letters, "letter is", "letters are")),
            "These citizens have no phone and no e-mail that works".to_owned(),
            "Open",
            format!("{base}/letters"),
        )
    }
}

fn need(count: i64, what: String, why: String, act: &'static str, href: String) -> Option<Need> {
    (count > 0).then_some(Need { what, why, act, href })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_waiting_needs_nobody() {
        assert!(Waiting::default().needs("/outages/a").is_empty());
    }

    #[test]
    fn late_callbacks_come_first_and_count_themselves() {
        let waiting = Waiting {
            callbacks_late: 1,
            oldest_callback: "7:20 p.m., Sam Fitzgerald".into(),
            pool: 12,
            ..Waiting::default()
        };
        let needs = waiting.needs("/outages/a");
        assert_eq!(needs[0].what, "1 callback is overdue");
        assert_eq!(needs[1].what, "12 calls are on no list");
        assert_eq!(needs[1].href, "/outages/a/lists/split");
    }
}
