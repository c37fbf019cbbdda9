//! Three hours of the evening, lived through the same verbs that people use: callers claim, citizens
//! answer as field studies say they do, e-mails go out and a few go wrong.

use crate::clock::Clock;
use crate::domain::about::About;
use crate::domain::ids::{CaseId, OutageId};
use crate::domain::message::{Delivery, MessageState, Phase};
use crate::domain::seeded::seeded;
use crate::domain::timestamp::Timestamp;
use crate::mail::Mailer;
use crate::mail::memory::Memory;
use crate::outreach::accounts::User;
use crate::outreach::claim::Claimed;
use crate::outreach::outbox::{Outbox, Step};
use crate::outreach::record::{CallbackFor, Happened};
use crate::outreach::{Office, Result};
use crate::store::messages;
use crate::store::suppressions::{self, Kind};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What a call came to, in percent. Reached 30 % of working numbers at the first try, and of those not
/// reached 62 : 33 : 5 to voicemail, no answer, busy (field studies; see docs).
const OUTCOMES: [(&str, u32); 15] = [
    ("voicemail", 30),
    ("no_answer", 19),
    ("all_set", 19),
    ("will_pay", 6),
    ("call_back", 6),
    ("needs_help", 4),
    ("busy", 3),
    ("wrong_number", 4),
    ("disconnected", 3),
    ("someone_else", 2),
    ("refused", 1),
    ("other_language", 1),
    ("do_not_call", 1),
    ("technical", 1),
    ("deceased", 0),
];
const NOTES: [&str; 6] = [
    "",
    "",
    "",
    "At work until five.",
    "Hard of hearing, speak slowly.",
    "Asked for the website.",
];

/// The outbox works every so many minutes, a part of what is due each time.
const POST_MINUTES: i64 = 15;

/// Lets `minutes` of the evening pass: each caller makes a call about every four minutes.
pub(super) fn pass(
    office: &Office,
    clock: &Clock,
    outage: OutageId,
    callers: &[User],
    minutes: i64,
    seed: u64,
) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(seed);
    for minute in 0..minutes {
        for caller in callers {
            if rng.random_bool(0.25) {
                call(office, outage, caller, &mut rng)?;
            }
        }
        clock.advance_seconds(60);
        if minute >= minutes / 3 && (minute % POST_MINUTES == 0 || minute == minutes - 1) {
            post(office, outage, &mut rng)?;
        }
    }
    Ok(())
}

/// The next call of one caller, to its end.
fn call(office: &Office, outage: OutageId, caller: &User, rng: &mut StdRng) -> Result<()> {
    let Claimed::New(claim) = office.claim_next(caller, outage)? else {
        return Ok(());
    };
    let mut waiting: Vec<CaseId> = office
        .view_of(&claim)?
        .cases
        .iter()
        .map(|(case, _)| case.id)
        .collect();
    let mut said = 0;
    while !waiting.is_empty() {
        said += 1;
        let key = format!("demo-{}-{said}", claim.id);
        let recorded = office.record(caller, claim.id, &key, &happened(office, &waiting, rng))?;
        waiting = recorded.rest;
    }
    Ok(())
}

/// What is said of the number, for all; or of one person, as each is spoken with alone.
fn happened(office: &Office, waiting: &[CaseId], rng: &mut StdRng) -> Happened {
    let outcome = drawn(rng);
    let seeded = seeded();
    let rule = seeded
        .iter()
        .find(|one| one.key == outcome)
        .map(|one| one.rule.about());
    let of_a_person = matches!(rule, Some(About::Person { .. }));
    let note = NOTES
        .get(rng.random_range(0..NOTES.len()))
        .copied()
        .unwrap_or_default();
    Happened {
        outcome: outcome.to_owned(),
        note: note.to_owned(),
        callback_at: (outcome == "call_back").then(|| promised(office.now(), rng)),
        callback_for: if rng.random_bool(0.5) {
            CallbackFor::Me
        } else {
            CallbackFor::Anyone
        },
        language: (outcome == "other_language").then(|| "es".to_owned()),
        cases: waiting.first().filter(|_| of_a_person).map(|first| vec![*first]),
        ..Happened::default()
    }
}

fn drawn(rng: &mut StdRng) -> &'static str {
    let mut left = rng.random_range(0..100);
    for (outcome, percent) in OUTCOMES {
        if left < percent {
            return outcome;
        }
        left -= percent;
    }
    "no_answer"
}

/// From a quarter of an hour to five hours from now: some are due while one looks, some overdue.
fn promised(now: Timestamp, rng: &mut StdRng) -> Timestamp {
    now.plus_minutes(15 * rng.random_range(1..20))
}

/// Part of the apology e-mails meet every fate there is, some bounce, and the rest stay queued.
fn post(office: &Office, outage: OutageId, rng: &mut StdRng) -> Result<()> {
    suppress_some(office, outage)?;
    let answers = (0..900).map(|_| answer(rng.random_range(0..100)));
    let outbox = Outbox::with(office, Mailer::Memory(Memory::answering(answers)))?;
    for _ in 0..8 {
        match outbox.step()? {
            Step::Worked(_) => {}
            Step::Idle(_) | Step::Resting(_) | Step::Held => break,
        }
    }
    outbox.close()?;
    let sent = office
        .db
        .read(|conn| messages::in_state(conn, outage, MessageState::Sent, 12))?;
    for message in sent.iter().filter(|_| rng.random_bool(0.5)) {
        office.note_bounce(message.id, "550 5.1.1 The address does not exist.")?;
    }
    Ok(())
}

/// A few addresses asked not to be written to before the letter reached them.
fn suppress_some(office: &Office, outage: OutageId) -> Result<()> {
    let now = office.now();
    office.db.write(|conn| {
        for message in messages::in_state(conn, outage, MessageState::Queued, 6)? {
            let address = (Kind::Email, message.to_address.as_str());
            suppressions::add(conn, address, "asked by letter", (None, None), now)?;
        }
        Ok(())
    })
}

fn answer(of_hundred: u32) -> Delivery {
    let phase = Phase::Recipient;
    match of_hundred {
        0..=1 => Delivery::Refused {
            phase,
            code: 550,
            reply: "5.1.1 No such person here".to_owned(),
        },
        2..=6 => Delivery::Deferred {
            phase,
            code: 452,
            reply: "4.2.2 The mailbox is full".to_owned(),
        },
        7 => Delivery::Uncertain {
            reason: "The connection ended before the server had answered.".to_owned(),
        },
        _ => Delivery::Sent {
            reply: "250 2.0.0 Ok: queued".to_owned(),
        },
    }
}
