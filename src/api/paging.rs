//! Lists that are too long for one answer: which page of them.

use super::problem::Problem;
use serde::Deserialize;

/// Rows of one page, unless fewer are asked for; and the most.
const USUAL: i64 = 50;
const MOST: i64 = 200;

/// Which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows of a page: 1 to 200, 50 if not said.
    limit: Option<i64>,
}

impl Which {
    /// Where the page begins (0 is the beginning) and how many rows it has.
    pub(super) fn read(&self) -> Result<(i64, i64), Problem> {
        let wrong = || Problem::invalid("cursor", "Send next of the page before as it came.");
        let from = self.cursor.as_deref().unwrap_or("0").parse();
        let from = from.ok().filter(|from: &i64| *from >= 0).ok_or_else(wrong)?;
        match self.limit.unwrap_or(USUAL) {
            limit if (1..=MOST).contains(&limit) => Ok((from, limit)),
            _ => Err(Problem::invalid("limit", format!("Ask for 1 to {MOST} rows."))),
        }
    }
}

/// The cursor of the page after these rows, if there is one.
pub(super) fn after((from, rows): (i64, usize), total: i64) -> Option<String> {
    let seen = from.saturating_add(i64::try_from(rows).unwrap_or(i64::MAX));
    (seen < total).then(|| seen.to_string())
}
