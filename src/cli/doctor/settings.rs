//! The settings themselves, and how they fit each other.

use super::finding::Finding;
use crate::config::Config;
use std::net::IpAddr;

pub(super) fn checks(config: &Config) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for unknown in &config.unknown {
        let meant = unknown.meant.as_ref();
        let meant = meant.map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
        let told = format!(
            "there is no setting {}, so it changes nothing{meant}",
            unknown.name
        );
        found.push(Finding::warning("settings", told));
    }
    for origin in config.secrets_in_sight() {
        let told = format!(
            "{0} stands on the command line, where every account of this machine can read it (`ps`); set {0}_FILE to a file \
             that only this account can read",
            origin.setting
        );
        found.push(Finding::warning("settings", told));
    }
    if found.is_empty() {
        found.push(Finding::ok("settings", "all are known"));
    }
    found.push(links(config));
    found
}

/// Where links lead, which citizens open on their own phones.
fn links(config: &Config) -> Finding {
    let url = config
        .base_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", config.listen));
    let here = is_this_machine(host(&url));
    let right = "set MAKEGOOD_BASE_URL to the address that people open, such as https://outreach.agency.gov";
    match (here, config.smtp_url.is_some()) {
        (true, true) => {
            let told = format!("links in e-mails lead to {url}, which is each reader's own machine; {right}");
            Finding::problem("links", told)
        }
        (true, false) => Finding::ok("links", format!("{url}, for people at this machine")),
        (false, _) if config.is_https() => Finding::ok("links", url),
        (false, _) => {
            let told = format!(
                "{url}: passwords and what citizens enter cross the network in the clear, and cookies are not Secure; have a \
                 proxy speak https, or set MAKEGOOD_TLS_CERT and MAKEGOOD_TLS_KEY; then {right}"
            );
            Finding::warning("links", told)
        }
    }
}

/// The host of an address, without its port.
fn host(url: &str) -> &str {
    let place = url.split_once("://").map_or(url, |(_, place)| place);
    let place = place.split('/').next().unwrap_or_default();
    match place.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => place.split(':').next().unwrap_or_default(),
    }
}

/// Whether a name or address leads nowhere but to the machine it is used on.
pub(super) fn is_this_machine(host: &str) -> bool {
    let ip = host.parse::<IpAddr>();
    let name = host.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || ip.is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_back_to_their_reader_are_known() {
        for here in [
            "http://127.0.0.1:8080",
            "https://localhost/x",
            "http://[::1]:80",
            "http://0.0.0.0:8080",
        ] {
            assert!(is_this_machine(host(here)), "{here}");
        }
        for there in [
            "https://outreach.agency.gov",
            "http://10.0.0.7:8080/x",
            "https://localhost.example",
        ] {
            assert!(!is_this_machine(host(there)), "{there}");
        }
    }
}
