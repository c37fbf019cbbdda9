//! Files made to hurt: refused in words, or read with every record in a bin, in little memory. Each is
//! imported by the program itself, whose memory is watched.

use crate::harness::{App, package, workbook};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// What a program may take at its peak, in kB.
const PEAK: u64 = 256 << 10;
const HEADER: &str = "transaction_id,timestamp,account_id,email,memo\n";
const ROW: &str = "1,2026-04-15T18:45:00-06:00,T-0000001,a@example.com,x\n";

struct Night {
    app: App,
    folder: tempfile::TempDir,
}

/// What the program said, and the most memory it took, in kB.
struct Said {
    json: Value,
    peak: u64,
}

/// The outage these files are of.
fn begins(app: &App) {
    let outage = [
        "outage",
        "create",
        "--slug",
        "april",
        "--name",
        "April",
        "--tz",
        "America/Denver",
    ];
    let window = [
        "--start",
        "2026-04-15T18:40",
        "--end",
        "2026-04-15T19:00",
        "--account-format",
        "T-0000000",
    ];
    app.runs(&[&outage[..], &window[..]].concat()).ends_with(0);
}

impl Night {
    async fn begins() -> Self {
        let app = App::start().await;
        begins(&app);
        Self {
            app,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self, name: &str, write: impl FnOnce(&mut dyn Write)) -> PathBuf {
        let path = self.folder.path().join(name);
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        write(&mut file);
        file.flush().unwrap();
        path
    }

    fn import(&self, path: &Path) -> Said {
        let arguments = ["--json", "import", "--outage", "april", path.to_str().unwrap()];
        let mut child = self
            .app
            .program()
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let status = PathBuf::from(format!("/proc/{}/status", child.id()));
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let told = std::fs::read_to_string(&status).unwrap_or_default();
            let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let size = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            peak = size.unwrap_or(peak).max(peak);
            std::thread::sleep(Duration::from_millis(2));
        }
        let mut out = String::new();
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        let json = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}"));
        Said { json, peak }
    }

    /// It is refused with these words.
    fn refuses(&self, path: &Path, words: &str) {
        let said = self.import(path);
        assert_eq!(said.json["status"], "refused", "{}", said.json);
        let reason = said.json["reason"].as_str().unwrap();
        assert!(reason.contains(words), "{reason}");
        assert!(said.peak < PEAK, "{} kB", said.peak);
    }

    /// It is read; so many records are accepted and so many malformed.
    fn reads(&self, path: &Path, accepted: u64, malformed: u64) {
        let said = self.import(path);
        assert_eq!(said.json["status"], "applied", "{}", said.json);
        let told = (&said.json["accepted"], &said.json["rejected"]["malformed"]);
        assert_eq!(
            told,
            (&Value::from(accepted), &Value::from(malformed)),
            "{}",
            said.json
        );
        assert!(said.peak < PEAK, "{} kB", said.peak);
    }
}

fn rows_with(cells: &str) -> String {
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |text: &str| {
        format!(
            "<row>{}</row>",
            text.trim().split(',').map(cell).collect::<String>()
        )
    };
    format!("{}{}{cells}", row(HEADER), row(ROW))
}

#[tokio::test]
async fn text_that_would_take_all_memory_is_read_in_little() {
    let night = Night::begins().await;
    let text = |name: &str, between: &dyn Fn(&mut dyn Write)| {
        night.file(name, |file| {
            file.write_all(HEADER.as_bytes()).unwrap();
            between(file);
            file.write_all(ROW.as_bytes()).unwrap();
        })
    };
    let megabyte = |byte: u8| vec![byte; 1 << 20];
    let field = text("field.csv", &|file| {
        write!(file, "2,2026-04-15T18:45:00-06:00,T-0000001,a@example.com,").unwrap();
        (0..10).for_each(|_| file.write_all(&megabyte(b'x')).unwrap());
        writeln!(file).unwrap();
    });
    night.reads(&field, 2, 0);
    let commas = text("commas.csv", &|file| {
        (0..100).for_each(|_| file.write_all(&megabyte(b',')).unwrap());
        writeln!(file).unwrap();
    });
    let told = night.import(&commas);
    assert!(told.peak < PEAK, "{} kB", told.peak);
    assert_eq!(told.json["rows"], 2, "{}", told.json);
}

#[tokio::test]
async fn a_quote_left_open_in_a_large_file_is_an_error_with_its_line() {
    let night = Night::begins().await;
    let path = night.file("open.csv", |file| {
        let long = format!(
            "2,2026-04-15T18:45:00-06:00,T-0000001,a@example.com,{}\n",
            "x".repeat(20_000)
        );
        file.write_all(HEADER.as_bytes()).unwrap();
        file.write_all(ROW.as_bytes()).unwrap();
        file.write_all(b"3,2026-04-15T18:45:00-06:00,T-0000002,b@example.com,\"open\n")
            .unwrap();
        (0..1_200).for_each(|_| file.write_all(long.as_bytes()).unwrap());
    });
    let rejects = night.folder.path().join("rejects.csv");
    let said = night.app.runs(&[
        "--json",
        "import",
        "--outage",
        "april",
        path.to_str().unwrap(),
        "--rejects",
        rejects.to_str().unwrap(),
    ]);
    let said = said.ends_with(0).json();
    assert_eq!(
        (&said["rows"], &said["rejected"]["malformed"]),
        (&Value::from(1_202), &Value::from(1))
    );
    let listed = std::fs::read_to_string(rejects).unwrap();
    assert!(
        listed.lines().any(|line| line.starts_with("3,malformed")),
        "{listed}"
    );
}

#[tokio::test]
async fn workbooks_that_would_unpack_without_end_are_refused() {
    let night = Night::begins().await;
    let write = |name: &str, bytes: &[u8]| night.file(name, |file| file.write_all(bytes).unwrap());
    let padding = " ".repeat(32 << 20);
    let bomb = workbook(&[("Bomb", &format!("{padding}{}", rows_with("")))]);
    night.refuses(&write("bomb.xlsx", &bomb), "unpacks to more");
    let inner = workbook(&[("Failed", &rows_with(""))]);
    let nested = package(&[("failed.xlsx", &inner), ("more.zip", &bomb)]);
    night.refuses(&write("nested.xlsx", &nested), "not a workbook");
    let locked = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 4096]].concat();
    night.refuses(&write("locked.xlsx", &locked), "password");
    let mut flagged = inner.clone();
    let entry = flagged
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    flagged[entry + 8] |= 1;
    night.refuses(&write("flagged.xlsx", &flagged), "password");
    night.reads(&write("sound.xlsx", &inner), 1, 0);
}

#[tokio::test]
async fn workbooks_whose_cells_are_out_of_order_are_refused() {
    let night = Night::begins().await;
    let cell = |place: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>1</t></is></c>");
    for (name, places) in [
        ("rows.xlsx", ["A9", "A8"]),
        ("columns.xlsx", ["E3", "A3"]),
        ("twice.xlsx", ["A3", "A3"]),
    ] {
        let row = |place: &str| format!("<row r=\"{}\">{}</row>", &place[1..], cell(place));
        let bytes = workbook(&[("Failed", &rows_with(&places.map(row).concat()))]);
        night.refuses(
            &night.file(name, |file| file.write_all(&bytes).unwrap()),
            "damaged",
        );
    }
}

#[tokio::test]
async fn workbooks_with_far_and_many_cells_are_read_in_little_memory() {
    let night = Night::begins().await;
    let write = |name: &str, rows: &str| {
        let bytes = workbook(&[("Failed", &rows_with(rows))]);
        night.file(name, |file| file.write_all(&bytes).unwrap())
    };
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    night.reads(&write("far.xlsx", far), 1, 1);
    let mut many = String::new();
    for row in 0..20_000 {
        let cells = (0..40).fold(String::new(), |mut cells, cell| {
            let _ = write!(cells, "<c><v>{}</v></c>", row * 40 + cell);
            cells
        });
        let _ = write!(many, "<row>{cells}</row>");
    }
    night.reads(&write("many.xlsx", &many), 0, 20_000);
    let entities = "<row><c t=\"inlineStr\"><is><t>&lol9;&lol9;</t></is></c></row>";
    let said = night.import(&write("entities.xlsx", entities));
    assert!(
        said.peak < PEAK && said.json["status"] != "already_imported",
        "{}",
        said.json
    );
}

#[tokio::test]
async fn an_upload_without_end_is_refused_where_the_limit_is() {
    let app = App::start_with(|flags| flags.upload_limit = Some("1MiB".to_owned())).await;
    begins(&app);
    let eve = app.supervisor("Eve").await;
    let endless = vec![b'x'; 3 << 20];
    eve.uploads("/outages/april/imports", "endless.csv", endless)
        .await
        .is(422)
        .says("larger than 1 MB");
    let left = std::fs::read_dir(app.folder().join("uploads")).map_or(0, Iterator::count);
    assert_eq!(left, 0);
}
