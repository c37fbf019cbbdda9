//! The `makegood` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    makegood::cli::main()
}
