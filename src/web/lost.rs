//! An answer that the database's was needed for, and was lost: where to look whether it was saved.

/// A place to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address.
    pub href: String,
    /// Where the link leads, in words.
    pub link: &'static str,
}

/// Where what was sent to an address can be seen, if it was saved.
pub fn look_at(path: &str) -> Place {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (href, link) = match parts.as_slice() {
        ["outages", slug, rest @ ..] if !rest.is_empty() => {
            let (page, link) = of_outage(rest);
            (format!("/outages/{slug}/{page}"), link)
        }
        ["outages", ..] => ("/outages".to_owned(), "Look at the outages"),
        ["cases", id, ..] => (format!("/cases/{id}"), "Look at the case"),
        ["account", ..] => ("/account".to_owned(), "Look at your account"),
        ["accounts", ..] => ("/accounts".to_owned(), "Look at the accounts"),
        ["outcomes", ..] => ("/outcomes".to_owned(), "Look at the outcomes"),
        ["suppressions", ..] => ("/suppressions".to_owned(), "Look at the suppressions"),
        ["mail-hold", ..] => ("/mail-hold".to_owned(), "Look whether e-mail is held"),
        _ => ("/".to_owned(), "Back to the start"),
    };
    Place { href, link }
}

fn of_outage(rest: &[&str]) -> (String, &'static str) {
    let (page, link) = match rest {
        ["messages", ..] => ("messages", "Look at the mailings"),
        ["imports", id, ..] => return (format!("imports/{id}"), "Look at the import"),
        ["imports" | "reconciliations", ..] => ("imports", "Look at the imports"),
        ["lists", ..] => ("lists", "Look at the call lists"),
        ["paper", ..] => ("paper", "Look at the paper lists"),
        ["letters", ..] => ("letters", "Look at the letters"),
        ["promises", ..] => ("promises", "Look at the promises"),
        ["desk", ..] => ("desk/recent", "Look at your latest outcomes"),
        ["templates", key, language, ..] => {
            return (format!("templates/{key}/{language}"), "Look at the text");
        }
        _ => ("board", "Look at the board"),
    };
    (page.to_owned(), link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::Method;

    #[test]
    fn every_address_where_something_is_done_has_a_page_to_look_at() {
        let all = crate::web::routes().declared();
        let pages: Vec<&str> = all
            .iter()
            .filter(|route| route.method == Method::GET)
            .map(|route| route.path)
            .collect();
        for route in all.iter().filter(|route| route.method != Method::GET) {
            let place = look_at(route.path);
            assert!(
                pages.contains(&place.href.as_str()),
                "{} leads to {place:?}",
                route.path
            );
        }
    }

    #[test]
    fn a_mailing_is_looked_for_among_the_mailings() {
        assert_eq!(
            look_at("/outages/april/messages/send").href,
            "/outages/april/messages"
        );
        assert_eq!(look_at("/outages").href, "/outages");
        assert_eq!(look_at("/cases/7/decisions").href, "/cases/7");
    }
}
