//! An answer of the server, read whole.

use reqwest::header::HeaderMap;

/// Status, headers and body.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Page {
    pub(super) async fn read(answer: reqwest::Response) -> Self {
        Self {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: answer.text().await.unwrap(),
        }
    }

    /// Insists on a status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Insists on words in the body.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(
            self.body.contains(words),
            "{words:?} does not stand in:\n{}",
            self.body
        );
        self
    }

    /// Where it leads.
    #[track_caller]
    pub fn leads_to(&self) -> &str {
        self.header("location")
    }

    /// A header's value.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .unwrap_or_else(|| panic!("no {name} among {:?}", self.headers))
            .to_str()
            .unwrap()
    }

    /// The value of a hidden field.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self
            .body
            .split_once(&start)
            .unwrap_or_else(|| panic!("no field {name} in:\n{}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }

    /// What stands between two texts, the first time.
    #[track_caller]
    pub fn between(&self, before: &str, after: &str) -> &str {
        let from = self.body.split_once(before).map(|(_, rest)| rest);
        let found = from
            .and_then(|rest| rest.split_once(after))
            .map(|(found, _)| found);
        found.unwrap_or_else(|| panic!("no {before}…{after} in {}", self.body))
    }

    /// What the choice sends whose label begins with these words.
    #[track_caller]
    pub fn pressed(&self, label: &str) -> String {
        let (before, _) = self
            .body
            .split_once(&format!(">{label}"))
            .unwrap_or_else(|| panic!("no choice {label} in:\n{}", self.body));
        let (_, value) = before.rsplit_once("value=\"").unwrap();
        value.split('"').next().unwrap().to_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}
