//! A server's words without what is no word of its own: addresses, host names and links. In them anything may stand, and nothing
//! of it says why a message was refused.

/// First labels of the names that Exchange gives to its reasons; they look like host names.
const REASONS: [&str; 3] = ["resolver", "storedrv", "routing"];

/// In small letters, one blank between two words, without addresses, host names, links, and whatever stands alone in brackets
/// or quotes.
pub(super) fn bare(words: &str) -> String {
    let lower = words.to_lowercase().replace(['\u{2019}', '\u{b4}'], "'");
    let unmarked = without_marked(&lower);
    let kept = unmarked.split_whitespace().filter_map(word);
    kept.collect::<Vec<_>>().join(" ")
}

/// Without `<anything>` that holds no blank: an address, a local part, a host, a Message-ID.
fn without_marked(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        kept.push(' ');
        rest = match after.split_once('>') {
            Some((inside, after)) if !inside.contains([' ', '<', '\n']) => after,
            _ => after,
        };
    }
    kept.push_str(rest);
    kept
}

/// A word as it counts; none if it is a name. The sign that ended it stays, so that sentences stay apart.
fn word(word: &str) -> Option<&str> {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_quoted =
        |quote: char| word.starts_with(quote) && word.trim_end_matches(['.', ',', ':', ';']).ends_with(quote);
    let is_name = is_quoted('\'') || is_quoted('"') || word.contains('@') || is_link(word) || is_host(core);
    if !is_name {
        return Some(word);
    }
    let end = word.get(word.len().checked_sub(1)?..)?;
    [":", ";", "."].contains(&end).then_some(end)
}

fn is_link(word: &str) -> bool {
    word.contains("://") || word.contains("www.") || word.starts_with("mailto:")
}

/// Whether a word is a dotted name: `mx1.spamfilter.example`, or the same with a port or an address of the network in it.
fn is_host(word: &str) -> bool {
    let name = word
        .split(['[', '(', ':', '/', '='])
        .find(|part| part.contains('.'))
        .unwrap_or(word);
    let labels: Vec<&str> = name.split('.').collect();
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else {
        return false;
    };
    let fits = |label: &&str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    labels.len() > 1
        && labels.iter().all(fits)
        && last.chars().any(char::is_alphabetic)
        && !REASONS.contains(first)
}
