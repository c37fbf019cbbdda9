//! How a delimited file is written.

use serde::{Deserialize, Serialize};

/// Delimiter, quoting and line ends of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// Between two cells; an ASCII character.
    pub delimiter: char,
    /// Round a cell that holds a delimiter or a line end; `None` when quotes mean nothing.
    pub quote: Option<char>,
    /// Whether a backslash takes the meaning from the next character. A doubled quote is one quote either way.
    pub backslash: bool,
    /// What ends a line.
    pub line_end: LineEnd,
    /// Whether a blank stands behind every delimiter and is part of it (`a, b, c`).
    #[serde(default)]
    pub blank_behind: bool,
}

/// What ends a line outside quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnd {
    /// LF, with or without CR before it.
    Lf,
    /// CR alone (old Macs, some mainframes), or with LF behind it.
    Cr,
    /// CR, LF and CR LF, all in one file: it was put together from several.
    Any,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: ',',
            quote: Some('"'),
            backslash: false,
            line_end: LineEnd::Lf,
            blank_behind: false,
        }
    }
}

impl LineEnd {
    /// The usual end of lines in this text.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let lone = bytes
            .iter()
            .enumerate()
            .filter(|(at, byte)| **byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
        if lone.count() > feeds { Self::Cr } else { Self::Lf }
    }

    /// Whether a byte ends a line; the other half of CR LF is dropped.
    pub const fn is(self, byte: u8) -> bool {
        match self {
            Self::Lf => byte == b'\n',
            Self::Cr => byte == b'\r',
            Self::Any => matches!(byte, b'\n' | b'\r'),
        }
    }

    /// Whether an LF behind a CR belongs to the same end.
    pub const fn takes_both(self) -> bool {
        matches!(self, Self::Cr | Self::Any)
    }

    /// How many lines end in a text.
    pub fn count(self, text: &str) -> usize {
        let ends = text.bytes().filter(|byte| self.is(*byte)).count();
        match self {
            Self::Any => ends - text.matches("\r\n").count(),
            Self::Lf | Self::Cr => ends,
        }
    }
}

impl Dialect {
    /// For the report: `comma`, `semicolon, quotes '`.
    pub fn describe(&self) -> String {
        let name = match self.delimiter {
            ',' => "comma".to_owned(),
            ';' => "semicolon".to_owned(),
            '\t' => "tab".to_owned(),
            ' ' => "blank".to_owned(),
            '|' => "vertical bar".to_owned(),
            other => other.to_string(),
        };
        let name = if self.blank_behind {
            name + " and blank"
        } else {
            name
        };
        match self.quote {
            Some('"') => name,
            Some(quote) => format!("{name}, quotes {quote}"),
            None => format!("{name}, no quotes"),
        }
    }
}
