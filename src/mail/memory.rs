//! A mailer for tests: keeps what it is given and answers as it was told.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::build::Sealed;
use crate::domain::message::Delivery;

/// Takes every message, unless answers were laid in beforehand.
#[derive(Default)]
pub struct Memory {
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    sent: Vec<Sealed>,
    answers: VecDeque<Delivery>,
}

impl Memory {
    /// Gives these answers first, one a message, and then accepts.
    pub fn answering(answers: impl IntoIterator<Item = Delivery>) -> Self {
        Self {
            inside: Mutex::new(Inside {
                sent: Vec::new(),
                answers: answers.into_iter().collect(),
            }),
        }
    }

    /// Keeps the message unless the laid-in answer is another than *sent*.
    pub fn deliver(&self, sealed: &Sealed, last_look: &mut dyn FnMut() -> bool) -> Delivery {
        if !last_look() {
            return Delivery::Withheld;
        }
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = || Delivery::Sent {
            reply: "2.0.0 taken".to_owned(),
        };
        let answer = inside.answers.pop_front().unwrap_or_else(taken);
        if matches!(answer, Delivery::Sent { .. }) {
            inside.sent.push(sealed.clone());
        }
        answer
    }

    /// Everything accepted so far, oldest first.
    pub fn sent(&self) -> Vec<Sealed> {
        self.inside
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .sent
            .clone()
    }
}
