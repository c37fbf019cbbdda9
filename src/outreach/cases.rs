//! Browsing the citizens of an outage.

use super::rulebook::Rulebook;
use super::{Error, Office, Result};
use crate::domain::ids::{CallListId, OutageId};
use crate::domain::stage::{Resolution, Stage};
use crate::store::call_lists;
use crate::store::case_files;

pub use crate::store::call_lists::CallList;
pub use crate::store::cases::Case;

/// Which citizens. What is none does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A stage, or the resolution of a closed case.
    pub state: Option<State>,
    /// A call list, or the pool.
    pub list: Option<OnList>,
    /// A language's code.
    pub language: Option<String>,
}

/// A stage or a resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// What a case waits for.
    Stage(Stage),
    /// Why it is closed.
    Resolution(Resolution),
}

/// Where a household is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnList {
    /// On a list.
    List(CallListId),
    /// On nobody's.
    Pool,
}

impl State {
    /// From its word.
    pub fn read(word: &str) -> Option<Self> {
        let stage = || word.parse().map(Self::Stage).ok();
        word.parse().map(Self::Resolution).ok().or_else(stage)
    }
}

/// One page of citizens.
#[derive(Clone, Debug)]
pub struct CasePage {
    /// All that the filter finds.
    pub total: i64,
    /// Those of this page, each with the list its household is on.
    pub cases: Vec<(Case, Option<CallListId>)>,
    /// The outage's lists.
    pub lists: Vec<CallList>,
    /// The languages there are; none is not known.
    pub languages: Vec<Option<String>>,
}

impl Office {
    /// The citizens that a filter finds, those due first; `offset` of them are left out, up to `limit` shown.
    pub fn cases(&self, outage: OutageId, filter: &Filter, offset: i64, limit: i64) -> Result<CasePage> {
        let rows = rows(filter);
        self.db.read(|conn| {
            let published = Rulebook::open(conn, outage)?.outage.published_import_id;
            let key = (outage, published);
            let (total, found) = case_files::page(conn, key, &rows, (offset.max(0), limit))?;
            let homes: Vec<_> = found.iter().filter_map(|case| case.household_id).collect();
            let on = case_files::lists_of(conn, &homes)?;
            let list = |case: &Case| on.iter().find(|(id, _)| Some(*id) == case.household_id)?.1;
            let cases = found
                .into_iter()
                .map(|case| (list(&case), case))
                .map(|(list, case)| (case, list));
            Ok::<_, Error>(CasePage {
                total,
                cases: cases.collect(),
                lists: call_lists::all(conn, outage)?,
                languages: case_files::languages(conn, outage, published)?,
            })
        })
    }
}

fn rows(filter: &Filter) -> case_files::Filter<'_> {
    let (stage, resolution) = match filter.state {
        Some(State::Stage(stage)) => (Some(stage.as_str()), None),
        Some(State::Resolution(resolution)) => (None, Some(resolution.as_str())),
        None => (None, None),
    };
    case_files::Filter {
        stage,
        resolution,
        list: filter.list.map(|list| match list {
            OnList::List(id) => Some(id),
            OnList::Pool => None,
        }),
        language: filter.language.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_stage_or_a_resolution() {
        assert_eq!(State::read("tried"), Some(State::Stage(Stage::Tried)));
        assert_eq!(State::read("paid"), Some(State::Resolution(Resolution::Paid)));
        assert_eq!(State::read("sleeping"), None);
    }
}
