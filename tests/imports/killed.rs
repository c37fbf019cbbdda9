//! The program is killed in the middle of an import, again and again, and runs out of disk.
//!
//! Method (reliability 1): an import is started as a process of its own and killed (SIGKILL) at a random
//! moment of the time it needs. Whatever is found after that is either nothing or all of it. In the end it
//! is what an undisturbed run gives, ids and times aside. `MAKEGOOD_TEST_KILLS=200` kills 200 times.

use super::repeated::snapshot;
use super::{Desk, data, json};
use crate::harness::{Ran, program, run};
use makegood::outreach::import::{Import, ImportState};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Kills of each kind of file, unless the environment says how many.
const KILLS: usize = 6;
const SECRET: &str = "a key for tests and for nothing else";

impl Desk {
    /// The program on this desk's database.
    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .env("MAKEGOOD_DATA_DIR", self.database.folder())
            .env("MAKEGOOD_DATABASE_URL", self.database.url())
            .env("MAKEGOOD_SECRET_KEY", SECRET)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn published(&self) -> Vec<Import> {
        let imports = self.office.imports(self.outage).unwrap();
        imports
            .into_iter()
            .filter(|import| import.state() == ImportState::Published)
            .collect()
    }
}

fn kills() -> usize {
    #[allow(clippy::disallowed_methods)] // no setting of the program
    let told = std::env::var("MAKEGOOD_TEST_KILLS");
    told.map_or(KILLS, |told| told.parse().unwrap())
}

/// Kills a command at random moments; after each kill there is what was `before` or what comes `after`.
/// What came to count in spite of the kill is taken back for the next round.
fn survives(desk: &Desk, command: [&str; 4], (before, after): (&[String], &[String]), needs: Duration) {
    let (mut nothing, mut all) = (0, 0);
    let published = desk.published().len();
    for round in 0..kills() {
        let mut child = desk.program(&command).spawn().unwrap();
        let millis = u64::try_from(needs.as_millis()).unwrap();
        std::thread::sleep(Duration::from_millis(rand::random_range(0..=millis)));
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        let counts = desk.published().len() > published;
        if !counts {
            assert_eq!(snapshot(desk), before, "round {round}: half an import is seen");
        }
        desk.office.tidy_imports().unwrap(); // as every start does
        assert_eq!(
            snapshot(desk),
            if counts { after } else { before },
            "round {round}"
        );
        if counts {
            let latest = desk.published().into_iter().map(|import| import.id).max();
            desk.office.undo_import(latest.unwrap()).unwrap();
            all += 1;
        } else {
            nothing += 1;
        }
    }
    println!(
        "{} killed: {nothing} left nothing, {all} were there whole",
        command[0]
    );
}

fn timed(desk: &Desk, command: [&str; 4]) -> Duration {
    let began = Instant::now();
    assert!(desk.program(&command).status().unwrap().success());
    began.elapsed()
}

/// What would break it: rows that count before all are there, a batch that is not swept, a publishing in
/// two transactions.
#[test]
fn an_import_that_is_killed_at_any_moment_is_there_whole_or_not_at_all() {
    let truth = json("set_2000/truth.json");
    let (failed, successes) = (data("set_2000/failed.csv"), data("set_2000/successes.csv"));
    let import = ["import", "--outage", "april", failed.to_str().unwrap()];
    let reconcile = ["reconcile", "--outage", "april", successes.to_str().unwrap()];

    let undisturbed = Desk::with_window(&truth["window"]);
    let empty = snapshot(&undisturbed);
    let needs = timed(&undisturbed, import);
    let imported = snapshot(&undisturbed);
    let needs_to_reconcile = timed(&undisturbed, reconcile);
    let reconciled = snapshot(&undisturbed);

    let desk = Desk::with_window(&truth["window"]);
    survives(&desk, import, (&empty, &imported), needs);
    timed(&desk, import);
    assert_eq!(snapshot(&desk), imported);
    survives(&desk, reconcile, (&imported, &reconciled), needs_to_reconcile);
    timed(&desk, reconcile);
    assert_eq!(snapshot(&desk), reconciled);
    desk.office.tidy_imports().unwrap();
    let uploads = desk.office.config.uploads_dir();
    let left: Vec<_> = std::fs::read_dir(uploads).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Runs a script with a small disk of its own at `$DISK`, where this machine lets us make one.
fn on_a_small_disk(script: &str) -> Option<Ran> {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mounted = |rest: &str| {
        let script = format!("mount -t tmpfs -o size=24m none \"$DISK\" && {{ {rest}\n}}");
        let mut command = Command::new("unshare");
        command
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
            .env("DISK", &disk)
            .env("MAKEGOOD_DATA_DIR", &disk)
            .env("MAKEGOOD_SECRET_KEY", SECRET)
            .env("MAKEGOOD", env!("CARGO_BIN_EXE_makegood"));
        command
    };
    let possible = mounted("true").stderr(Stdio::null()).status();
    if !possible.is_ok_and(|status| status.success()) {
        return None;
    }
    Some(run(&mut mounted(script), ""))
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_str().unwrap())
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let truth = json("set_2000/truth.json");
    let (small, large) = (
        quoted(&data("quirks/00_base.csv")),
        quoted(&data("set_2000/failed.csv")),
    );
    let script = format!(
        r#"$MAKEGOOD outage create --slug april --name April --start {start} --end {end} --tz America/Denver || exit 10
        $MAKEGOOD import --outage april {small} >&2 || exit 11
        $MAKEGOOD export cases --outage april --format csv > "$DISK/../before.csv" || exit 12
        free=$(df --output=avail -k "$DISK" | tail -n 1)
        head -c "$((free - 600))k" /dev/zero > "$DISK/filler" || exit 13
        $MAKEGOOD import --outage april {large} 2> "$DISK/../said" && exit 14
        $MAKEGOOD export cases --outage april --format csv > "$DISK/../full.csv" || exit 15
        cmp "$DISK/../before.csv" "$DISK/../full.csv" || exit 16
        rm "$DISK/filler"
        $MAKEGOOD import --outage april {large} >&2 || exit 17
        cat "$DISK/../said""#,
        start = truth["window"]["start"].as_str().unwrap(),
        end = truth["window"]["end_exclusive"].as_str().unwrap(),
    );
    let Some(ran) = on_a_small_disk(&script) else {
        eprintln!("NOT CHECKED: this machine lets nobody mount a small disk (unshare --user --mount)");
        return;
    };
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("disk is full"), "{ran:?}");
}
