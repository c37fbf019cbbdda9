//! Pure values and rules: no input or output, no SQL, no HTTP. Everything here can be tested by calling it.

mod cells;
mod course;
mod moment_text;
mod month_name;
mod nanp;
#[cfg(test)]
mod news_tests;
#[cfg(test)]
mod progress_properties;
#[cfg(test)]
mod season_tests;
#[cfg(test)]
mod story;
#[cfg(test)]
mod table_tests;

pub mod about;
pub mod account;
pub mod area_code;
pub mod budget;
pub mod callback;
pub mod calling_hours;
pub mod card_number;
pub mod cell;
pub mod chance;
pub mod charged;
pub mod clock_zone;
pub mod contact;
pub mod country_code;
pub mod day_part;
pub mod due_date;
pub mod facts;
pub mod field;
pub mod header;
pub mod help_number;
pub mod holiday;
pub mod hours;
pub mod identity;
pub mod ids;
pub mod import;
pub mod latest;
pub mod mail_id;
pub mod meaning;
pub mod message;
pub mod moment;
pub mod money;
pub mod network;
pub mod outcome;
pub mod outcome_words;
pub mod password_rule;
pub mod pay_address;
pub mod person_name;
pub mod place;
pub mod progress;
pub mod promise;
pub mod public_names;
pub mod queue;
pub mod reading;
pub mod reconcile;
pub mod record;
pub mod refund;
pub mod remedy;
pub mod reply;
pub mod retry;
pub mod role;
pub mod score;
pub mod script;
pub mod search;
pub mod seeded;
pub mod shift;
pub mod skip_reason;
pub mod slot;
pub mod split;
pub mod spreadsheet;
pub mod stage;
pub mod switchboard;
pub mod tax_words;
pub mod terms;
pub mod text_enum;
pub mod timeline;
pub mod timestamp;
pub mod transaction;
pub mod trust_code;
pub mod verdict;
pub mod window;
pub mod words;
pub mod zone;
