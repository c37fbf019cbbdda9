//! What became of each payment, where the words of a status are known to nobody.

use super::{asked, failures, header_of};
use crate::domain::field::Field;
use crate::reader::meaning::About;

/// What breaks it: *Estado* is a state of the country, so that a payment that waits is a failure, and nobody is asked what the other
/// word means.
#[test]
fn a_status_that_is_called_as_states_are_is_asked_about() {
    let table = "Momento|Estado|correo|importe\n\
                 2026-11-10T18:42:10-07:00|Colgado|ana@mail.example|1.50\n\
                 2026-11-10T18:43:10-07:00|Pendiente|ben@mail.example|2.50\n\
                 2026-11-10T18:44:10-07:00|Colgado|cleo@mail.example|3.50";
    let understood = failures(table);
    assert_eq!(header_of(&understood, Field::Status), Some("Estado"));
    assert_eq!(
        asked(&understood),
        [
            (About::Status, "--failed Colgado"),
            (About::Status, "--failed Pendiente")
        ]
    );
    let of_places = failures(&table.replace("Colgado", "Jalisco").replace("Pendiente", "Oaxaca"));
    assert_eq!(header_of(&of_places, Field::State), Some("Estado"));
    assert!(of_places.questions.is_empty());
}

/// What breaks it: one code of most rows makes the status a column of codes, so that a payment that came is a failure.
#[test]
fn a_status_of_one_code_and_one_word_is_asked_about() {
    let table = "When|Charge Status|email|amount\n\
                 2026-11-10T18:42:10-07:00|R17|ana@mail.example|1.50\n\
                 2026-11-10T18:43:10-07:00|Money here|ben@mail.example|2.50\n\
                 2026-11-10T18:44:10-07:00|R17|cleo@mail.example|3.50";
    let asked: Vec<_> = failures(table)
        .questions
        .into_iter()
        .map(|question| question.value)
        .collect();
    assert_eq!(asked, [Some("R17".to_owned()), Some("Money here".to_owned())]);
    let codes = failures(&table.replace("Money here", "GATEWAY_17"));
    assert!(codes.questions.is_empty());
}
