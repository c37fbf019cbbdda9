//! Statements whose text is always the same, for what every call does. Diesel prepares an `UPDATE` anew each time it
//! runs; these are prepared once for a connection.

use diesel::backend::Backend;
use diesel::expression::{AsExpression, Expression};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{SingleValue, SqlType, Untyped};
use diesel::{QueryResult, RunQueryDsl};

/// A statement with a question mark for each value, and the values.
pub struct Fixed<'a, DB: Backend> {
    text: &'static str,
    values: Vec<Box<dyn QueryFragment<DB> + 'a>>,
}

/// A statement without its values yet.
pub fn fixed<'a, DB: Backend>(text: &'static str) -> Fixed<'a, DB> {
    Fixed {
        text,
        values: Vec::new(),
    }
}

impl<'a, DB: Backend> Fixed<'a, DB> {
    /// The value of the next question mark, of an SQL type.
    pub fn bind<ST, T>(mut self, value: T) -> Self
    where
        ST: SqlType + SingleValue,
        T: AsExpression<ST>,
        T::Expression: Expression + QueryFragment<DB> + 'a,
    {
        self.values.push(Box::new(value.as_expression()));
        self
    }
}

impl<DB: Backend> QueryFragment<DB> for Fixed<'_, DB> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut texts = self.text.split('?');
        out.push_sql(texts.next().unwrap_or_default());
        for (value, text) in self.values.iter().zip(texts) {
            value.walk_ast(out.reborrow())?;
            out.push_sql(text);
        }
        Ok(())
    }
}

/// Told apart by the text.
impl<DB: Backend> QueryId for Fixed<'_, DB> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// Its rows are told by the names of their columns.
impl<DB: Backend> Query for Fixed<'_, DB> {
    type SqlType = Untyped;
}

impl<C, DB: Backend> RunQueryDsl<C> for Fixed<'_, DB> {}
