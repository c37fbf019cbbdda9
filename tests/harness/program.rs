//! The program itself, run with a command line.

use super::App;
use std::io::Write;
use std::process::{Command, Stdio};

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Insists on the exit code.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl App {
    /// The program on this app's database, ready to be given arguments.
    pub fn program(&self) -> Command {
        let mut command = program();
        command
            .env("MAKEGOOD_DATA_DIR", self.database.folder())
            .env("MAKEGOOD_DATABASE_URL", self.database.url())
            .env("MAKEGOOD_SECRET_KEY", "a key for tests and for nothing else");
        command
    }

    /// The URL of this app's database, without whatever a test has put between.
    pub fn program_url(&self) -> String {
        self.database.url()
    }

    /// Runs the program on this app's database.
    pub fn runs(&self, arguments: &[&str]) -> Ran {
        run(self.program().args(arguments), "")
    }

    /// The same with something on standard input.
    pub fn runs_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        run(self.program().args(arguments), input)
    }
}

/// The program with an environment that holds no settings.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makegood"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MAKEGOOD_")) {
        command.env_remove(name);
    }
    command
}

/// Runs a command to its end.
pub fn run(command: &mut Command, input: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
