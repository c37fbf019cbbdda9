//! Prints what the reader makes of files: for each file named on standard input one line of JSON with
//! its header, its records and what it is unsure of, or why it is refused. `scripts/bench reader`
//! scores it.

use std::fs::File;
use std::io::{BufRead, Write};

use makegood::domain::record::Flaw;
use makegood::reader::{Around, Error, Hints, inspect, records};
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        let told = table(&path).unwrap_or_else(|error| json!({ "refused": error.to_string() }));
        writeln!(out, "{told}")?;
    }
    out.flush()
}

/// Records of another table below the first are told apart, and left out here.
fn table(path: &str) -> Result<Value, Error> {
    let layout = inspect(&mut File::open(path)?, &Hints::default(), &Around::unknown())?;
    let header: Option<Vec<&str>> = layout.header_line.map(|_| {
        let names = layout.columns.iter().map(|column| column.header.as_str());
        names.collect()
    });
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in records(File::open(path)?, &layout)? {
        let record = record?;
        if record.flaw() != Some(Flaw::OtherTable) {
            rows.push(record.cells().map(str::to_owned).collect());
        }
    }
    let doubts: Vec<String> = layout.doubts.iter().map(ToString::to_string).collect();
    Ok(json!({ "header": header, "records": rows, "read_as": layout.describe(), "doubts": doubts }))
}
