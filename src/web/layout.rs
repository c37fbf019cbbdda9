//! What stands around every staff page: the top bar, and how the page looks to this person.

use crate::web::look::Look;

/// Who looks at the page.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    /// The name as their colleagues know it.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// May import, split, watch and send.
    pub supervises: bool,
    /// May also manage accounts, outcomes and templates.
    pub administers: bool,
}

impl Viewer {
    /// Two letters for the round mark in the bar: `Maria Delgado` is `MD`.
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace();
        let first = words.next().and_then(|word| word.chars().next());
        let last = words.next_back().and_then(|word| word.chars().next());
        first
            .into_iter()
            .chain(last)
            .flat_map(char::to_uppercase)
            .collect()
    }

    /// The role in words.
    pub fn role(&self) -> &'static str {
        match (self.supervises, self.administers) {
            (_, true) => "Administrator",
            (true, false) => "Supervisor",
            (false, false) => "Caller",
        }
    }
}

/// An outage as the bar names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageTab {
    /// Its part of the address.
    pub slug: String,
    /// Its public name.
    pub name: String,
}

/// The places of the main navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The caller's desk.
    Desk,
    /// The callbacks this caller promised.
    Callbacks,
    /// This caller's latest outcomes.
    Recent,
    /// The supervisor's board.
    Board,
    /// Cases: search and browse.
    Cases,
    /// Call lists and splitting.
    Lists,
    /// Imports of failed and successful transactions.
    Imports,
    /// E-mail: templates, campaigns and the log.
    Messages,
    /// The promise ledger.
    Promises,
}

/// One link of the main navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Its words.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// The page is there, or below it.
    pub current: bool,
    /// Callbacks that are due now; shown when there are any.
    pub due: u32,
}

/// Everything `layout.html` needs. Each page struct has it as its field `chrome`.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    /// Who looks.
    pub viewer: Viewer,
    /// The outage the page is about, if it is about one.
    pub outage: Option<OutageTab>,
    /// The outages to choose from.
    pub outages: Vec<OutageTab>,
    /// Where in the navigation the page stands.
    pub place: Option<Place>,
    /// Callbacks due now: the caller's own for a caller, everybody's for a supervisor.
    pub due_callbacks: u32,
    /// All e-mail is held: a supervisor has to know on every page.
    pub mail_held: bool,
    /// The token every form carries in its hidden field `csrf`.
    pub csrf: String,
    /// Light or dark, size of text, single keys on or off.
    pub look: Look,
}

impl Chrome {
    /// A page for this person, with the session's token.
    pub fn new(viewer: Viewer, csrf: String, look: Look) -> Self {
        Self {
            viewer,
            csrf,
            look,
            ..Self::default()
        }
    }

    /// The page is about this outage, and this is where it stands.
    #[must_use]
    pub fn at(mut self, outage: OutageTab, place: Place) -> Self {
        self.outage = Some(outage);
        self.place = Some(place);
        self
    }

    /// Where the bar of what every supervisor has to see comes from: an outage's board says its own. None for callers.
    pub fn alarms(&self) -> Option<String> {
        let board = self.place == Some(Place::Board);
        let but = self.outage.as_ref().filter(|_| board);
        let address = but.map_or_else(
            || "/alarms".to_owned(),
            |outage| format!("/alarms?but={}", outage.slug),
        );
        (self.viewer.supervises || self.viewer.administers).then_some(address)
    }

    /// The links this person may follow in the current outage; none without an outage.
    pub fn nav(&self) -> Vec<NavItem> {
        let Some(outage) = &self.outage else {
            return Vec::new();
        };
        let places: &[Place] = if self.viewer.supervises || self.viewer.administers {
            &[
                Place::Board,
                Place::Cases,
                Place::Lists,
                Place::Imports,
                Place::Messages,
                Place::Promises,
                Place::Desk,
            ]
        } else {
            &[Place::Desk, Place::Callbacks, Place::Recent]
        };
        places
            .iter()
            .map(|place| self.nav_item(*place, &outage.slug))
            .collect()
    }

    fn nav_item(&self, place: Place, slug: &str) -> NavItem {
        let (label, path, counts_due) = match place {
            Place::Desk => ("My calls", "desk", false),
            Place::Callbacks => ("My callbacks", "desk/callbacks", true),
            Place::Recent => ("Recent", "desk/recent", false),
            Place::Board => ("Board", "board", true),
            Place::Cases => ("Cases", "cases", false),
            Place::Lists => ("Call lists", "lists", false),
            Place::Imports => ("Imports", "imports", false),
            Place::Messages => ("E-mail", "messages", false),
            Place::Promises => ("Promises", "promises", false),
        };
        NavItem {
            label,
            href: format!("/outages/{slug}/{path}"),
            current: self.place == Some(place),
            due: if counts_due { self.due_callbacks } else { 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(name: &str, supervises: bool) -> Viewer {
        Viewer {
            name: name.to_owned(),
            supervises,
            ..Viewer::default()
        }
    }

    #[derive(askama::Template)]
    #[template(source = r#"{% extends "layout.html" %}{% block title %}Calls{% endblock %}{% block main %}<h1>Calls</h1>{% endblock %}"#, ext = "html", blocks = ["main"])]
    struct Sample {
        chrome: Chrome,
    }

    #[test]
    fn a_page_and_its_fragment_come_from_one_template() {
        let outage = OutageTab {
            slug: "apr-14".to_owned(),
            name: "April <14>".to_owned(),
        };
        let look = Look {
            theme: "dark",
            large_text: true,
            keys: false,
        };
        let chrome = Chrome::new(viewer("Ana Ruiz", false), "t0k3n".to_owned(), look).at(outage, Place::Desk);
        let page = Sample { chrome };
        let html = askama::Template::render(&page).unwrap();
        assert!(html.contains("<title>Calls | Makegood</title>"));
        assert!(html.contains(r#"<html lang="en" data-theme="dark" data-text="large" data-keys="off">"#));
        assert!(html.contains("April &#60;14&#62;"), "names are text");
        assert!(html.contains(r#"name="csrf" value="t0k3n""#));
        assert!(!html.contains(" style="), "the policy forbids inline style");
        assert_eq!(page.as_main().to_string().trim(), "<h1>Calls</h1>");
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        for (name, initials) in [
            ("Maria Delgado", "MD"),
            ("Ana de la Cruz", "AC"),
            ("Cher", "C"),
            ("élise østby", "ÉØ"),
            ("", ""),
        ] {
            assert_eq!(viewer(name, false).initials(), initials);
        }
    }

    #[test]
    fn a_caller_sees_her_calls_and_a_supervisor_the_board() {
        let outage = OutageTab {
            slug: "apr-14".to_owned(),
            name: "April 14".to_owned(),
        };
        for (supervises, first) in [(false, "/outages/apr-14/desk"), (true, "/outages/apr-14/board")] {
            let chrome = Chrome::new(viewer("Ana", supervises), String::new(), Look::default());
            assert!(chrome.nav().is_empty(), "no outage, nowhere to go");
            let nav = chrome.at(outage.clone(), Place::Desk).nav();
            assert_eq!(nav[0].href, first);
            assert_eq!(nav.iter().filter(|item| item.current).count(), 1);
        }
    }
}
