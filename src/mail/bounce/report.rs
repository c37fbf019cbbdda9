//! The fields of a delivery report (RFC 3464).

/// What the server did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Failed,
    Delayed,
    Delivered,
}

/// One recipient of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recipient {
    pub(super) address: String,
    /// Every address by which the fields name them: before and after forwarding.
    pub(super) names: Vec<String>,
    pub(super) action: Action,
    pub(super) status: Option<String>,
    pub(super) diagnostic: String,
}

/// The recipients named in the fields; blocks are parted by empty lines.
pub(super) fn recipients(report: &str) -> Vec<Recipient> {
    let mut found: Vec<Recipient> = Vec::new();
    for block in report.split("\n\n") {
        let Some(recipient) = recipient(&fields(block)) else {
            continue;
        };
        if !found.iter().any(|known| known.address == recipient.address) {
            found.push(recipient);
        }
    }
    found
}

fn recipient(fields: &[(String, String)]) -> Option<Recipient> {
    let field = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    let named = ["final-recipient", "original-recipient", "x-actual-recipient"];
    let names: Vec<String> = named
        .iter()
        .filter_map(|name| field(name).and_then(address))
        .collect();
    let address = names.first()?.clone();
    let action = match field("action").unwrap_or("failed").trim().to_ascii_lowercase() {
        action if action.starts_with("delayed") => Action::Delayed,
        action
            if ["delivered", "relayed", "expanded"]
                .iter()
                .any(|good| action.starts_with(good)) =>
        {
            Action::Delivered
        }
        _ => Action::Failed,
    };
    let status = field("status")
        .and_then(|status| status.split_whitespace().next())
        .map(str::to_owned);
    Some(Recipient {
        address,
        names,
        action,
        status,
        diagnostic: field("diagnostic-code").unwrap_or_default().to_owned(),
    })
}

/// Name in lower case and value of each field; a line that begins with a blank continues the one before.
fn fields(block: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        match (
            line.starts_with([' ', '\t']),
            line.split_once(':'),
            fields.last_mut(),
        ) {
            (true, _, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (false, Some((name, value)), _) => {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            }
            _ => {}
        }
    }
    fields
}

/// The address of `rfc822; <ana@example.com>`, in any of the ways in which it is written.
fn address(value: &str) -> Option<String> {
    let typed = value.split_once(';').map_or(value, |(_, address)| address);
    let plain = typed.trim().trim_matches(['<', '>', ' ']);
    let plain = plain
        .split(['<', '>', ' ', '('])
        .find(|word| word.contains('@'))
        .unwrap_or(plain);
    (!plain.is_empty() && !plain.contains(char::is_whitespace)).then(|| plain.to_owned())
}

/// The fields where a broken message hides them in a text part: from the first one to the end of
/// its paragraph.
pub(super) fn loose_fields(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("\nfinal-recipient:")?;
    let start = text.get(..=at)?.rfind("\n\n").map_or(0, |blank| blank + 2);
    let rest = text.get(start..)?;
    let relevant: Vec<&str> = rest
        .split("\n\n")
        .take_while(|block| block.to_ascii_lowercase().contains("-recipient:"))
        .collect();
    Some(relevant.join("\n\n"))
}
