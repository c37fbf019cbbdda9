//! What the exports' page shows, ready to print.

use askama::Template;

use crate::web::layout::Chrome;

/// What can be exported.
#[derive(Template)]
#[template(path = "exports/list.html")]
pub struct ExportsPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// What can be exported.
    pub exports: Vec<ExportRow>,
}

/// One kind of records.
pub struct ExportRow {
    /// Its name.
    pub name: &'static str,
    /// What a row of it is.
    pub meaning: &'static str,
    /// The formats, each with where it is.
    pub files: Vec<(&'static str, String)>,
}
