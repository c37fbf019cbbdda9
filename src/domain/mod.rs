//! Pure values and rules: no input or output, no SQL, no HTTP. Everything here can be tested by calling it.

mod course;

pub mod callback;
pub mod calling_hours;
pub mod charged;
pub mod day_part;
pub mod facts;
pub mod holiday;
pub mod ids;
pub mod mail_id;
pub mod message;
pub mod outcome;
pub mod progress;
pub mod queue;
pub mod retry;
pub mod role;
pub mod score;
pub mod seeded;
pub mod split;
pub mod stage;
pub mod text_enum;
pub mod timestamp;
pub mod trust_code;
pub mod zone;
