//! Invented exports: headers, zones, statuses, orders of columns and decoys, mixed at random over a truth that is known. Nobody
//! wrong is accepted without a question, true answers lead to the truth, and nine of ten files take one question at most
//! (docs/reader.md).

mod answers;
mod brought;
mod clock;
mod decoys;
mod dice;
mod file;
mod flags;
mod imported;
mod scene;
mod town;
mod twofold;
mod verdict;
mod words;

use dice::Dice;
use file::Export;
use verdict::{Verdict, judge};

/// Seed and number of files, unless the environment says otherwise (`MAKEGOOD_MIXING_SEED`, `MAKEGOOD_MIXING_FILES`).
const SEED: u64 = 12;
const FILES: u64 = 1_000;
/// So many of those that are wrong are listed.
const LISTED: usize = 120;

/// What came of many files, by what it was.
#[derive(Default)]
struct Tally {
    files: u64,
    at_most_one: u64,
    without: u64,
    wrong: Vec<(u64, String)>,
    wrong_answered: Vec<(u64, String)>,
}

impl Tally {
    fn count(&mut self, seed: u64, verdict: Verdict) {
        self.files += 1;
        if verdict.questions > 0 {
            println!("ASKED {seed} {} {:?}", verdict.questions, verdict.about);
        }
        self.at_most_one += u64::from(verdict.questions <= 1);
        self.without += u64::from(verdict.questions == 0);
        self.wrong.extend(verdict.wrong.map(|wrong| (seed, wrong)));
        let answered = verdict
            .wrong_answered
            .map(|wrong| (seed, format!("{wrong}, after {:?}", verdict.about)));
        self.wrong_answered.extend(answered);
    }

    fn join(&mut self, other: Self) {
        self.files += other.files;
        self.at_most_one += other.at_most_one;
        self.without += other.without;
        self.wrong.extend(other.wrong);
        self.wrong_answered.extend(other.wrong_answered);
    }
}

/// A number that the environment may say.
#[allow(clippy::disallowed_methods)] // no setting of the program
fn said(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// Tests of a build with broken variants leave the guard out that the environment names, and have to fail.
fn leave_out() {
    #[cfg(feature = "broken-variants")]
    #[allow(clippy::disallowed_methods)] // no setting of the program
    if let Ok(name) = std::env::var("MAKEGOOD_BROKEN") {
        makegood::broken::choose(&name).unwrap();
    }
}

/// Lets the recogniser understand so many files, on as many threads as there are cores.
fn mix(first: u64, files: u64) -> Tally {
    let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get() as u64);
    let mixed = |thread: u64| {
        let mut tally = Tally::default();
        for seed in (first + thread..first + files).step_by(threads as usize) {
            tally.count(seed, judge(&Export::any(&mut Dice::new(seed))));
        }
        tally
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || mixed(thread)))
            .collect();
        let mut all = Tally::default();
        for thread in running {
            all.join(thread.join().unwrap());
        }
        all
    })
}

/// What went wrong, the first of it with its file.
fn shown(wrong: &[(u64, String)]) -> String {
    let lines = wrong
        .iter()
        .take(LISTED)
        .map(|(seed, why)| format!("\n{seed}: {why}"));
    let seed = wrong.first().map_or(0, |(seed, _)| *seed);
    let first = Export::any(&mut Dice::new(seed)).text();
    format!(
        "{} wrong{}\nThe first again: MAKEGOOD_MIXING_SEED={seed} MAKEGOOD_MIXING_FILES=1\n{first}",
        wrong.len(),
        lines.collect::<String>()
    )
}

#[test]
fn of_a_thousand_mixed_exports_none_is_wrong() {
    leave_out();
    let (seed, files) = (
        said("MAKEGOOD_MIXING_SEED", SEED),
        said("MAKEGOOD_MIXING_FILES", FILES),
    );
    let tally = mix(seed, files);
    let share = |part: u64| part as f64 * 100.0 / tally.files as f64;
    println!(
        "{} mixed exports: {:.1} % without a question, {:.1} % with at most one; wrong: {} without a question, {} after true answers",
        tally.files,
        share(tally.without),
        share(tally.at_most_one),
        tally.wrong.len(),
        tally.wrong_answered.len()
    );
    let wrong = [tally.wrong, tally.wrong_answered].concat();
    assert!(wrong.is_empty(), "{}", shown(&wrong));
    assert!(files < 100 || share(tally.at_most_one) >= 90.0);
}
