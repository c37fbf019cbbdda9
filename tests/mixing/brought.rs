//! An export on its way into an office, by the command line or as an upload: answered as it truly is, and the list that comes
//! of it.

use super::answers::Answers;
use super::file::Export;
use super::scene::{End, Payment, instant};
use super::town::Failure;
use makegood::domain::ids::{ImportId, OutageId};
use makegood::domain::person_name::folded;
use makegood::outreach::export::{Format, What};
use makegood::outreach::import::{
    Hints, ImportKind, ImportOptions, ImportState, Received, Report, Status, Then,
};
use makegood::outreach::outages::NewOutageTexts;
use makegood::outreach::{Office, Result};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

/// So many rounds of questions are answered.
const ROUNDS: usize = 6;
/// From the start of the outage to the failure of each person of a reconciliation, in seconds.
const APART: i64 = 61;

/// The office into which one export is brought, and the outage that it is about.
pub struct Brought<'a> {
    office: &'a Office,
    folder: PathBuf,
    outage: OutageId,
    pub export: &'a Export,
}

impl<'a> Brought<'a> {
    pub fn new(office: &'a Office, folder: PathBuf, (seed, export): (u64, &'a Export)) -> Result<Self> {
        let around = export.around();
        let entered = NewOutageTexts {
            slug: format!("mixed-{seed}"),
            name: format!("Mixed {seed}"),
            start: around.window.start.rfc3339(),
            end: around.window.end.rfc3339(),
            tz: export.scene.zone.to_string(),
            account_format: export.scene.has_format.then(|| "T-0000000".to_owned()),
            ..NewOutageTexts::default()
        };
        Ok(Self {
            outage: office.create_outage(&entered, None)?.id,
            office,
            folder,
            export,
        })
    }

    fn imports(&self, (name, text): (&str, &str), kind: ImportKind, flags: &[String]) -> Result<Report> {
        let mut hints = Hints::default();
        hints.take(flags)?;
        let options = ImportOptions {
            kind,
            hints,
            ..ImportOptions::default()
        };
        let path = self.folder.join(name);
        std::fs::write(&path, text)?;
        self.office.import_file(self.outage, &path, &options, &mut |_| {})
    }

    /// Brings the export, with true answers to all that is asked; the answers that it took.
    pub fn brings(&self) -> Result<(Report, Answers)> {
        let (text, kind) = (self.export.text(), self.export.scene.kind);
        let mut answers = Answers::default();
        let mut report = self.imports(("export.csv", &text), kind, &[])?;
        for _ in 0..ROUNDS {
            match report.status {
                Status::NeedsAnswers => {
                    let asked = report.questions.iter();
                    asked.for_each(|question| answers.answer(self.export, question));
                }
                Status::Refused => answers.explain(self.export),
                _ => break,
            }
            report = self.imports(("export.csv", &text), kind, &answers.flags())?;
        }
        Ok((report, answers))
    }

    /// The same as an upload, answered where it waits, as a person does on the page and a program over HTTP.
    pub fn uploads(&self) -> Result<(Report, Answers)> {
        let (text, kind) = (self.export.text(), self.export.scene.kind);
        let received = self
            .office
            .receive(self.outage, kind, "export.csv", None, text.as_bytes())?;
        let Received::New(id) = received else {
            panic!("it is new")
        };
        let mut answers = Answers::default();
        let mut layout = self.office.inspect_import(id, &Hints::default())?;
        for _ in 0..ROUNDS {
            let asked = layout.questions.iter();
            asked.for_each(|question| answers.answer(self.export, question));
            match layout.problem() {
                Some(_) => answers.explain(self.export),
                None if layout.questions.is_empty() => break,
                None => {}
            }
            layout = self.office.answer_import(id, &answers.flags())?;
        }
        self.office.start_import(id, Hints::default(), Then::Publish)?;
        Ok((self.waits_for(id)?, answers))
    }

    /// The report of an upload once it counts, or what became of it otherwise.
    fn waits_for(&self, id: ImportId) -> Result<Report> {
        for _ in 0..1_000 {
            let import = self.office.import(id)?;
            let report = import.told().unwrap_or_else(|| Report::empty(id, ""));
            match import.state() {
                ImportState::Published => return Ok(report),
                ImportState::Refused | ImportState::Discarded => {
                    let status = Status::Refused;
                    return Ok(Report { status, ..report });
                }
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
        panic!("it is not read after twenty seconds")
    }

    /// The failures of all people but the last, as they were imported before a reconciliation.
    pub fn fails(&self) -> Result<Vec<Failure>> {
        let scene = &self.export.scene;
        let mut text = "timestamp,account_id,given_name,family_name,email,phone\n".to_owned();
        let mut failures = Vec::new();
        for (number, person) in scene.people.iter().enumerate().skip(1) {
            let payment = Payment {
                person: number,
                at: scene.start + APART * number as i64,
                settled: 0,
                end: End::Failed,
                cents: 0,
                tells: (true, true),
                order: 0,
            };
            let mut told = self.export.told(&payment);
            let account = told
                .account
                .get_or_insert_with(|| format!("T-{}", person.account));
            let at = instant(payment.at);
            text += &format!(
                "{},{account},{},{},{},{}\n",
                at.rfc3339(),
                person.given,
                person.family,
                person.email,
                person.phone
            );
            told.email = (!person.email.is_empty()).then(|| person.email.clone());
            told.phone = (!person.phone.is_empty()).then(|| format!("+1{}", person.phone));
            told.name = folded(person.given, person.family);
            failures.push(Failure { told, at });
        }
        let report = self.imports(("failures.csv", &text), ImportKind::Failed, &[])?;
        assert_eq!(
            (report.status, report.accepted),
            (Status::Applied, failures.len() as u64)
        );
        Ok(failures)
    }

    /// The list as it is exported.
    pub fn list(&self) -> Result<Vec<Value>> {
        let mut out = Vec::new();
        self.office
            .export(self.outage, What::Cases, Format::Ndjson, &mut out)?;
        let lines = String::from_utf8(out).unwrap();
        Ok(lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect())
    }
}
