//! Settings that decide the order of calls are changed while an import is on its way.

use super::repeated::snapshot;
use super::{Desk, data};
use makegood::domain::ids::ImportId;
use makegood::domain::score::Weights;
use makegood::outreach::import::{Hints, ImportKind, ImportOptions, ImportState, Progress, Received, Then};
use std::time::{Duration, Instant};

impl Desk {
    /// Reads a file up to the yes of a person.
    fn checks(&self, name: &str) -> ImportId {
        let file = std::fs::File::open(data(name)).unwrap();
        let received = self
            .office
            .receive(self.outage, ImportKind::Failed, name, None, file);
        let Received::New(id) = received.unwrap() else {
            panic!("it is new")
        };
        self.office
            .start_import(id, Hints::default(), Then::Check)
            .unwrap();
        let began = Instant::now();
        while self.office.import(id).unwrap().state() != ImportState::Checked {
            assert!(began.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(20));
        }
        id
    }

    fn weighs(&self, no_email: i64) {
        let weights = Weights {
            no_email,
            ..Weights::default()
        };
        self.office.set_weights(self.outage, &weights, None).unwrap();
        self.refreshes();
    }

    /// The background work, until it has nothing to look at any more.
    fn refreshes(&self) {
        while self.office.refresh_calls().unwrap() {}
    }
}

/// What breaks it: new calls that were put in order by the weights of when the file began to be read.
#[test]
fn an_import_during_which_the_weights_changed_comes_in_by_the_new_ones() {
    let (desk, beside) = (Desk::open(), Desk::open());
    for desk in [&desk, &beside] {
        desk.imports("quirks/00_base.csv");
    }
    let mut changed = false;
    let mut on_the_way = |_: &Progress| {
        if !std::mem::replace(&mut changed, true) {
            desk.weighs(90_000);
        }
    };
    let (file, options) = (data("small.csv"), ImportOptions::default());
    desk.office
        .import_file(desk.outage, &file, &options, &mut on_the_way)
        .unwrap();
    assert!(changed);
    desk.refreshes();

    beside.weighs(90_000);
    beside.imports("small.csv");
    assert_eq!(snapshot(&desk), snapshot(&beside));
}

#[test]
fn an_import_during_which_nothing_was_changed_has_nobody_looked_at_again() {
    let desk = Desk::open();
    desk.weighs(90_000);
    let id = desk.checks("small.csv");
    desk.office.publish_import(id).unwrap();
    assert_eq!(desk.office.refreshing(desk.outage).unwrap(), None);
}
