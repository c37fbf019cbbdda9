//! Pure values and rules: no input or output, no SQL, no HTTP. Everything here can be tested by calling it.

pub mod ids;
pub mod mail_id;
pub mod message;
pub mod timestamp;
