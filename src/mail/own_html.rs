//! HTML that an administrator wrote: read piece by piece against a short list of what a letter needs, and written anew
//! from what was understood. Nothing passes as it stands, so nothing that runs, loads or covers the page can.
//!
//! Values in armour (`super::armour`) and, in a draft, names in braces may stand in texts and links.

use super::armour::{armoured, bare, disarmed, is_armour};
use super::markdown::{escaped, reachable};

/// Elements that are closed, and those that are not.
const ELEMENTS: [&str; 23] = [
    "a",
    "b",
    "blockquote",
    "div",
    "em",
    "h2",
    "h3",
    "i",
    "li",
    "ol",
    "p",
    "small",
    "span",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "center",
];
const VOID: [&str; 2] = ["br", "hr"];
/// Attributes that any element may have; `href` is a link's alone.
const ATTRIBUTES: [&str; 11] = [
    "align",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "colspan",
    "dir",
    "lang",
    "role",
    "style",
    "width",
];
/// What no style may say: it would load something, or lie over the rest of the page.
const NO_STYLE: [&str; 5] = ["url", "expression", "import", "behavior", "position"];

/// What is wrong, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub at: usize,
    pub message: String,
}

/// The same HTML, of our own making.
pub(super) fn rewritten(source: &str) -> Result<String, Fault> {
    let source = with_escaped_values(source);
    let mut reader = Reader {
        source: &source,
        at: 0,
        out: String::with_capacity(source.len()),
        open: Vec::new(),
    };
    reader.read()?;
    Ok(bare(&reader.out))
}

/// Values as they are written between tags: `&` and the like as entities, still in their armour.
fn with_escaped_values(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut value = String::new();
    for letter in source.chars() {
        if is_armour(letter) {
            value.push(letter);
            continue;
        }
        if !value.is_empty() {
            out.push_str(&armoured(&escaped(&bare(&std::mem::take(&mut value)))));
        }
        out.push(letter);
    }
    out.push_str(&armoured(&escaped(&bare(&value))));
    out
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    out: String,
    open: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn fault<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault {
            at: self.at,
            message: message.into(),
        })
    }

    fn read(&mut self) -> Result<(), Fault> {
        while let Some(letter) = self.rest().chars().next() {
            let rest = self.rest();
            if let Some(end) = name_in_braces(rest) {
                self.out.push_str(rest.get(..end).unwrap_or_default());
                self.at += end;
            } else if rest.starts_with("<!--") {
                let Some(end) = rest.find("-->") else {
                    return self.fault("this comment has no end; write -->");
                };
                self.at += end + 3;
            } else if letter == '<' {
                self.tag()?;
            } else if letter == '&' && !is_entity(rest) {
                self.out.push_str("&amp;");
                self.at += 1;
            } else {
                match letter {
                    '>' => self.out.push_str("&gt;"),
                    other => self.out.push(other),
                }
                self.at += letter.len_utf8();
            }
        }
        match self.open.last() {
            Some(name) => self.fault(format!("<{name}> is not closed; write </{name}>")),
            None => Ok(()),
        }
    }

    fn tag(&mut self) -> Result<(), Fault> {
        let inside = self.rest().get(1..).unwrap_or_default();
        let (closes, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let written: String = inside.chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = written.to_ascii_lowercase();
        let known = ELEMENTS.iter().chain(&VOID).find(|known| **known == name);
        let Some(known) = known.copied() else {
            return self.fault(match name.as_str() {
                "" => "a < that begins no tag is written &lt;".to_owned(),
                name => format!("<{name}> cannot stand in an e-mail; use {}", ELEMENTS.join(", ")),
            });
        };
        if closes {
            return self.close(known, inside.get(written.len()..).unwrap_or_default());
        }
        let begin = 1 + written.len();
        let (attributes, size) = self.attributes(known, begin)?;
        self.out.push_str(&format!("<{known}{attributes}>"));
        self.at += size;
        if !VOID.contains(&known) {
            self.open.push(known);
        }
        Ok(())
    }

    fn close(&mut self, name: &'static str, after: &str) -> Result<(), Fault> {
        let Some(end) = after
            .find('>')
            .filter(|end| after.get(..*end).is_some_and(|gap| gap.trim().is_empty()))
        else {
            return self.fault(format!("</{name}> is not finished; write >"));
        };
        match self.open.last() {
            Some(open) if *open == name => {
                self.open.pop();
                self.out.push_str(&format!("</{name}>"));
                self.at += 2 + name.len() + end + 1;
                Ok(())
            }
            Some(open) => self.fault(format!("</{name}> stands where </{open}> must come first")),
            None => self.fault(format!("</{name}> closes nothing")),
        }
    }

    /// The attributes from byte `begin` of the tag, rewritten, and the bytes of the whole tag.
    fn attributes(&self, element: &str, begin: usize) -> Result<(String, usize), Fault> {
        let mut out = String::new();
        let mut size = begin;
        loop {
            let rest = self.rest().get(size..).unwrap_or_default();
            let gap = rest.len() - rest.trim_start().len();
            size += gap;
            let rest = rest.trim_start();
            if rest.starts_with('>') {
                return Ok((out, size + 1));
            }
            if rest.starts_with("/>") {
                return Ok((out, size + 2));
            }
            let (Some((name, value, length)), true) = (attribute(rest), gap > 0) else {
                return self.fault(format!(
                    "<{element}> is not finished, or a value has no quotation marks"
                ));
            };
            match checked(element, &name, value) {
                Ok(value) => out.push_str(&format!(" {name}=\"{value}\"")),
                Err(message) => return self.fault(message),
            }
            size += length;
        }
    }
}

/// `name="value"` at the beginning of a text, and its bytes.
fn attribute(text: &str) -> Option<(String, &str, usize)> {
    let named = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name: String = text.chars().take_while(named).collect();
    let after = text.get(name.len()..)?.strip_prefix('=')?;
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = after.get(1..)?;
    let end = value.find(quote)?;
    let length = name.len() + 1 + 1 + end + 1;
    (!name.is_empty()).then(|| Some((name.to_ascii_lowercase(), value.get(..end)?, length)))?
}

/// An attribute's value as it may be written, or what is wrong with it.
fn checked(element: &str, name: &str, value: &str) -> Result<String, String> {
    if name == "href" && element == "a" {
        let address = unescaped(&bare(value));
        return match reachable(&address) {
            Some(_) if !has_braces(value) => Ok(armoured(&escaped(&address))),
            _ if value.trim().starts_with("{{") && value.trim().ends_with("}}") => Ok(value.to_owned()),
            _ => Err("a link begins with https://, mailto: or tel:, or is {{ link }}".to_owned()),
        };
    }
    if !ATTRIBUTES.contains(&name) {
        return Err(format!(
            "{name} cannot stand in an e-mail; use href, {}",
            ATTRIBUTES.join(", ")
        ));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || " :;,.#%-!()/'".contains(c);
    let lower = value.to_ascii_lowercase();
    if !value.chars().all(plain) || NO_STYLE.iter().any(|bad| lower.contains(bad)) {
        return Err(format!(
            "{name} may hold no addresses, names in braces, or styles that lie over the page"
        ));
    }
    Ok(escaped(value))
}

fn has_braces(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// The bytes of a name or a condition in braces at the beginning of a draft's text.
fn name_in_braces(text: &str) -> Option<usize> {
    let end = if text.starts_with("{{") {
        "}}"
    } else if text.starts_with("{%") {
        "%}"
    } else {
        return None;
    };
    text.find(end).map(|at| at + end.len())
}

/// `&nbsp;` or `&#8217;` at the beginning.
fn is_entity(text: &str) -> bool {
    let Some((name, _)) = text.get(1..).and_then(|rest| rest.split_once(';')) else {
        return false;
    };
    let name = name.strip_prefix('#').unwrap_or(name);
    !name.is_empty() && name.len() <= 10 && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// An address as it is, where somebody wrote its `&` as an entity.
fn unescaped(address: &str) -> String {
    let plain = address.replace("&quot;", "\"").replace("&#39;", "'");
    disarmed(
        &plain
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests;
