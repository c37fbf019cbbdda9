//! What somebody who knows the truth answers to what is asked of an export.

use super::clock::Says;
use super::file::Export;
use super::scene::End;
use makegood::domain::field::Field;
use makegood::domain::meaning::{Meaning, status_key};
use makegood::outreach::import::{About, Question};
use makegood::reader::{Hints, flag};

/// Answers, in the reader's words.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    pub hints: Hints,
}

impl Answers {
    fn map(&mut self, field: Field, header: &str) {
        let said = (field, header.to_owned());
        if !self.hints.map.contains(&said) {
            self.hints.map.push(said);
        }
    }

    fn ignore(&mut self, header: &str) {
        if !self.hints.ignore.iter().any(|ignored| ignored == header) {
            self.hints.ignore.push(header.to_owned());
        }
    }

    fn means(&mut self, value: &str, meaning: Meaning) {
        self.hints.statuses.push((value.to_owned(), meaning));
    }

    /// Answers one question.
    pub fn answer(&mut self, export: &Export, question: &Question) {
        match (question.about, question.value.as_deref()) {
            (About::Clock, _) if export.clock.says == Says::Nobody => {
                self.hints.times_in = Some(export.clock.zone.to_string());
            }
            (About::Status, Some(value)) => self.status(export, question, value),
            (About::OrderOfDay, _) => {
                self.hints
                    .orders
                    .push((question.column.clone(), export.clock.order()));
            }
            (About::Decimal, _) => {
                self.hints
                    .decimals
                    .push((question.column.clone(), export.decimal));
            }
            _ => self.columns(export, question),
        }
    }

    fn status(&mut self, export: &Export, question: &Question, value: &str) {
        let is = |(word, _): &&(String, Meaning)| status_key(word) == status_key(value);
        match export.statuses.iter().find(is) {
            Some((_, meaning)) => self.means(value, *meaning),
            None => self.ignore(&question.column),
        }
    }

    /// Which columns hold what the answers speak of; a column that truly holds nothing of the kind is left out.
    fn columns(&mut self, export: &Export, question: &Question) {
        let mut fields: Vec<Field> = Vec::new();
        for choice in &question.choices {
            for said in choice.flag.split("--map ").skip(1) {
                let name = said.trim_start_matches('\'').split('=').next().unwrap();
                fields.extend(name.parse::<Field>());
            }
        }
        if fields.contains(&Field::Timestamp) || fields.contains(&Field::Date) {
            fields.extend([Field::Timestamp, Field::Date, Field::Time]);
        }
        let asked = export
            .columns
            .iter()
            .find(|column| column.header == question.column);
        let mut found = false;
        for field in fields.iter().copied() {
            if let Some(column) = export.column(field) {
                self.map(field, &column.header);
                found = true;
            }
        }
        if !found && asked.is_none_or(|column| column.holds.is_none_or(|holds| !fields.contains(&holds))) {
            self.ignore(&question.column);
        }
        self.others(export, question);
    }

    /// Each column of which it is offered that it is not read, if it truly holds nothing of what is offered.
    fn others(&mut self, export: &Export, question: &Question) {
        let offered = |said: &str| question.choices.iter().any(|choice| choice.flag.contains(said));
        for column in &export.columns {
            let as_it_is = |holds: Field| offered(&flag("--map", &format!("{holds}={}", column.header)));
            if offered(&flag("--ignore", &column.header)) && !column.holds.is_some_and(as_it_is) {
                self.ignore(&column.header);
            }
        }
    }

    /// Says what every column holds, for a file of which nothing else would be understood.
    pub fn explain(&mut self, export: &Export) {
        for column in &export.columns {
            if let Some(field) = column.holds {
                self.map(field, &column.header);
            }
        }
        if export.clock.says == Says::Nobody {
            self.hints.times_in = Some(export.clock.zone.to_string());
        }
    }
}

/// What a payment's end is called.
pub fn meaning(end: End) -> Meaning {
    match end {
        End::Failed => Meaning::Failed,
        End::Paid => Meaning::Paid,
        End::Refunded => Meaning::Refunded,
        End::Open => Meaning::LeftOut,
    }
}
