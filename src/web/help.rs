//! The keys, on a page of their own and in a dialog on the desk.

use askama::Template;

use super::layout::Chrome;

/// All keys.
#[derive(Template)]
#[template(path = "help/keys.html", blocks = ["main"])]
pub struct KeysPage {
    /// What stands around the page.
    pub chrome: Chrome,
    /// Two columns of parts.
    pub columns: Vec<Vec<KeyPart>>,
}

/// Keys under one heading.
#[derive(Clone, Debug)]
pub struct KeyPart {
    /// `Every call`
    pub heading: String,
    /// The keys.
    pub keys: Vec<Key>,
}

/// One key.
#[derive(Clone, Debug)]
pub struct Key {
    /// What it does.
    pub does: String,
    /// What to press, together.
    pub press: Vec<String>,
}

const FINISH: [(&str, &str); 6] = [
    ("Save and next call", "Ctrl Enter"),
    ("Undo the last outcome", "U"),
    ("Skip, with a reason", "S"),
    ("Write a note", "N"),
    ("Leave a field", "Esc"),
    ("Next call, when none is on the desk", "Enter"),
];
const LOOK: [(&str, &str); 6] = [
    ("Dial the number", "D"),
    ("Voicemail or live script", "V"),
    ("Next language of the script", "L"),
    ("Find a person", "/"),
    ("Call a supervisor to your desk", "H"),
    ("This list", "?"),
];

const OFFICE: [(&str, &str); 3] = [
    ("Find a client; Enter ticks the first", "F"),
    ("Tick all who are open", "A"),
    ("Untick them", "C"),
];

impl KeysPage {
    /// The fixed keys and those of the outcomes, given as label and key.
    pub fn new<'a>(chrome: Chrome, outcomes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let columns = vec![
            vec![part("What happened", outcomes)],
            vec![
                part("Call", LOOK),
                part("Finish and fix", FINISH),
                part("An office", OFFICE),
            ],
        ];
        Self { chrome, columns }
    }
}

fn part<'a>(heading: &str, keys: impl IntoIterator<Item = (&'a str, &'a str)>) -> KeyPart {
    let key = |(does, press): (&str, &str)| Key {
        does: does.to_owned(),
        press: press.split(' ').map(str::to_owned).collect(),
    };
    KeyPart {
        heading: heading.to_owned(),
        keys: keys.into_iter().map(key).collect(),
    }
}
