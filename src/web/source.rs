//! Where a request comes from: the other end of the connection, or what a proxy we trust says.

use crate::outreach::Office;
use actix_web::HttpRequest;
use std::net::IpAddr;

/// The network address that sign-in failures are counted for.
pub(super) fn source(office: &Office, request: &HttpRequest) -> String {
    let Some(peer) = request.peer_addr().map(|peer| peer.ip()) else {
        return String::new();
    };
    let forwarded = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok());
    let forwarded: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
    farthest(peer, &forwarded, &office.config.trusted_proxies).to_string()
}

/// The last address that none of our proxies has: anybody can write what stands before it.
fn farthest(peer: IpAddr, forwarded: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let mut source = peer;
    for hop in forwarded.iter().rev() {
        if !trusted.contains(&source) {
            break;
        }
        let Ok(address) = hop.trim().parse() else {
            break;
        };
        source = address;
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let forwarded = ["6.6.6.6", " 203.0.113.9"];
        assert_eq!(farthest(proxy, &forwarded, &[]), proxy);
        assert_eq!(farthest(proxy, &forwarded, &[proxy]).to_string(), "203.0.113.9");
        assert_eq!(farthest(proxy, &["nonsense"], &[proxy]), proxy);
    }
}
