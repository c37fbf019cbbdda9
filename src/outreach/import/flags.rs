//! The words of the command line as answers: one a word, or a flag with its value as a question proposes it.

use super::Hints;
use crate::outreach::{Error, Result};

impl Hints {
    /// Takes flags in, each word an element or a flag with its value in one (`--times-in UTC`).
    ///
    /// # Errors
    /// A word is no flag that says something about a file, or has no value.
    pub fn take(&mut self, flags: &[String]) -> Result<()> {
        let mut words = flags.iter().flat_map(|flag| match flag.starts_with("--") {
            true => split(flag),
            false => vec![flag.clone()],
        });
        while let Some(word) = words.next() {
            if word == "--accept-guesses" {
                self.accept_guesses = true;
                continue;
            }
            if word == "--leave-out-others" {
                self.leave_out_others = true;
                continue;
            }
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, words.next()),
            };
            let value = value.ok_or_else(|| Error::invalid("flags", format!("{name} needs a value.")))?;
            self.say(name.trim_start_matches("--"), value)?;
        }
        Ok(())
    }

    /// Takes one flag in, by its name without hyphens in front.
    ///
    /// # Errors
    /// There is no such flag.
    pub fn say(&mut self, name: &str, value: String) -> Result<()> {
        let list = match name.replace('_', "-").as_str() {
            "columns" => return Self::set(&mut self.columns, value),
            "sheet" => return Self::set(&mut self.sheet, value),
            "times-in" => return Self::set(&mut self.times_in, value),
            "map" => &mut self.map,
            "failed" => &mut self.failed,
            "paid" => &mut self.paid,
            "refunded" => &mut self.refunded,
            "leave-out" => &mut self.leave_out,
            "day-first" => &mut self.day_first,
            "month-first" => &mut self.month_first,
            "decimal-comma" => &mut self.decimal_comma,
            "decimal-point" => &mut self.decimal_point,
            "ignore" => &mut self.ignore,
            other => return Err(Error::invalid("flags", format!("There is no flag {other:?}."))),
        };
        list.push(value);
        Ok(())
    }

    fn set(place: &mut Option<String>, value: String) -> Result<()> {
        *place = Some(value);
        Ok(())
    }
}

/// The words of a line as a shell splits it, with single quotes only.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut escaped) = (Vec::new(), None::<String>, false, false);
    for c in line.chars() {
        match c {
            _ if escaped => {
                word.get_or_insert_default().push(c);
                escaped = false;
            }
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if !quoted => escaped = true,
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(flags: &[&str]) -> Hints {
        let mut hints = Hints::default();
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        hints.take(&flags).unwrap();
        hints
    }

    #[test]
    fn flags_are_taken_word_by_word_or_as_a_question_proposes_them() {
        let by_word = taken(&[
            "--map",
            "status=Payment Status",
            "--leave-out",
            "",
            "--times-in",
            "UTC",
        ]);
        let proposed = taken(&[
            "--map 'status=Payment Status'",
            "--leave-out ''",
            "--times-in UTC",
        ]);
        assert_eq!(by_word, proposed);
        assert_eq!(
            (by_word.map, by_word.leave_out),
            (vec!["status=Payment Status".to_owned()], vec![String::new()])
        );
        assert_eq!(taken(&["--failed 'it'\\''s'"]).failed, ["it's"]);
        assert_eq!(taken(&["--failed=-1"]).failed, ["-1"]);
    }

    #[test]
    fn what_is_no_flag_is_told() {
        let mut hints = Hints::default();
        assert!(hints.take(&["--colour red".to_owned()]).is_err());
        assert!(hints.take(&["--paid".to_owned()]).is_err());
    }
}
