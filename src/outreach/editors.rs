//! Who stands for an outcome that is not, or not any more, what its caller recorded.

use super::Result;
use super::accounts::User;
use crate::db::Conn;
use crate::domain::ids::UserId;
use crate::store::attempts::Attempt;
use crate::store::users;
use std::collections::{BTreeMap, BTreeSet};

/// Those who changed attempts or took them back, by id.
#[derive(Clone, Debug, Default)]
pub struct Editors(BTreeMap<UserId, User>);

impl Editors {
    /// Those of these attempts.
    pub(super) fn of<'a>(conn: &mut Conn, attempts: impl Iterator<Item = &'a Attempt>) -> Result<Self> {
        let ids = attempts.flat_map(|attempt| [attempt.changed_by, attempt.taken_back_by]);
        Self::with_ids(conn, ids.flatten())
    }

    /// These people.
    pub(super) fn with_ids(conn: &mut Conn, ids: impl Iterator<Item = UserId>) -> Result<Self> {
        let ids: BTreeSet<UserId> = ids.collect();
        let ids: Vec<UserId> = ids.into_iter().collect();
        let found = users::with_ids(conn, &ids)?;
        Ok(Self(found.into_iter().map(|user| (user.id, user)).collect()))
    }

    /// The name of one of them.
    pub fn name(&self, id: Option<UserId>) -> Option<&str> {
        self.0.get(&id?).map(|user| user.name.as_str())
    }

    /// The address of one of them.
    pub fn email(&self, id: Option<UserId>) -> Option<&str> {
        self.0.get(&id?).map(|user| user.email.as_str())
    }
}
