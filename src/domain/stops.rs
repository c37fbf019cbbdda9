//! Numbers that must not be called, and for whom: *do not call* is one person's wish, and a number may be shared.
//!
//! The rule is product §5: a wish holds for its person at every number. The number is not dialled for the others either,
//! unless it was asked and is not their wish; they go on by another number, else in writing.

use super::timestamp::Timestamp;

/// One standing wish, or a supervisor's word, about one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The number, E.164.
    pub phone: String,
    /// Since when.
    pub at: Timestamp,
    /// Whose wish it is, by identity key; none: nobody's in particular.
    pub person: Option<String>,
    /// Who shares the number and has not wished it, by identity key.
    pub spares: Vec<String>,
}

/// What stops mean for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callable {
    /// Their numbers that may be dialled, in order; all of them where none may, for a promise asked for later.
    pub phones: Vec<String>,
    /// Since when they must not be called at all.
    pub stopped_at: Option<Timestamp>,
}

/// Which of these numbers may be dialled for a person.
pub fn callable(stops: &[Stop], person: &str, phones: Vec<String>) -> Callable {
    let own = stops.iter().filter(|stop| stop.person.as_deref() == Some(person));
    if let Some(at) = own.map(|stop| stop.at).min() {
        return Callable {
            phones,
            stopped_at: Some(at),
        };
    }
    let stopped = |phone: &String| {
        let on_it = stops.iter().filter(|stop| stop.phone == *phone);
        let meant = on_it.filter(|stop| !stop.spares.iter().any(|spared| spared == person));
        meant.map(|stop| stop.at).min()
    };
    let since: Option<Vec<Timestamp>> = phones.iter().map(stopped).collect();
    match since.and_then(|all| all.into_iter().max()) {
        Some(last) => Callable {
            phones,
            stopped_at: Some(last),
        },
        None => Callable {
            phones: phones
                .into_iter()
                .filter(|phone| stopped(phone).is_none())
                .collect(),
            stopped_at: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "+13035550101";
    const OWN: &str = "+17205550199";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    fn wish(phone: &str, person: Option<&str>, spares: &[&str]) -> Stop {
        Stop {
            phone: phone.to_owned(),
            at: at(1),
            person: person.map(str::to_owned),
            spares: spares.iter().map(|&one| one.to_owned()).collect(),
        }
    }

    fn of(stops: &[Stop], person: &str, phones: &[&str]) -> (Vec<String>, Option<Timestamp>) {
        let phones = phones.iter().map(|&phone| phone.to_owned()).collect();
        let callable = callable(stops, person, phones);
        (callable.phones, callable.stopped_at)
    }

    #[test]
    fn a_wish_holds_for_its_person_at_every_number() {
        let stops = [wish(HOME, Some("A:1"), &["A:2"])];
        assert_eq!(of(&stops, "A:1", &[OWN]).1, Some(at(1)));
    }

    #[test]
    fn others_at_the_number_are_called_elsewhere_or_not_at_all() {
        let stops = [wish(HOME, Some("A:1"), &[])];
        assert_eq!(of(&stops, "A:2", &[HOME, OWN]), (vec![OWN.to_owned()], None));
        assert_eq!(of(&stops, "A:2", &[HOME]), (vec![HOME.to_owned()], Some(at(1))));
    }

    #[test]
    fn whose_wish_it_is_not_is_called_there() {
        let stops = [wish(HOME, Some("A:1"), &["A:2"])];
        assert_eq!(of(&stops, "A:2", &[HOME]), (vec![HOME.to_owned()], None));
        assert_eq!(of(&stops, "A:3", &[HOME]).1, Some(at(1)), "nobody asked them");
    }

    #[test]
    fn who_has_no_number_is_not_stopped() {
        assert_eq!(of(&[], "A:1", &[]), (Vec::new(), None));
    }
}
