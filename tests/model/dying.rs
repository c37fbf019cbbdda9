//! A process that dies in the middle of a verb: at one of its statements the thread panics, the connection is
//! gone, and the database takes the transaction back. And what all threads send can be listened to.

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, Once};

thread_local! {
    /// Statements that this thread still sends before it dies; none: it lives.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The texts of what was sent since somebody listens, without the values that were bound.
static HEARD: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// What a thread dies of.
struct Death;

struct Watch;

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::StartQuery { query, .. } = event else {
            return;
        };
        if let Some(heard) = HEARD.lock().unwrap().as_mut() {
            let told = query.to_string();
            heard.push(told.split("-- binds:").next().unwrap_or_default().to_owned());
        }
        match LEFT.get() {
            Some(0) => {
                LEFT.set(None); // what is sent while it unwinds goes through
                resume_unwind(Box::new(Death)); // a panic that the hook does not tell
            }
            left => LEFT.set(left.map(|left| left - 1)),
        }
    }
}

/// Makes every connection that is opened from now on watch its thread.
pub fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_default_instrumentation(|| Some(Box::new(Watch))).unwrap());
}

/// Does something, and dies when it sends its statement number `nth`, counted from 0. None: it died; what it
/// answers otherwise had fewer statements.
pub fn at_statement<T>(nth: u32, verb: impl FnOnce() -> T) -> Option<T> {
    LEFT.set(Some(nth));
    let done = catch_unwind(AssertUnwindSafe(verb));
    LEFT.set(None);
    match done {
        Ok(done) => Some(done),
        Err(cause) if cause.is::<Death>() => None,
        Err(cause) => resume_unwind(cause),
    }
}

/// From now on what is sent is listened to.
pub fn listen() {
    *HEARD.lock().unwrap() = Some(Vec::new());
}

/// The statements that were sent since.
pub fn heard() -> Vec<String> {
    HEARD.lock().unwrap().take().unwrap_or_default()
}
