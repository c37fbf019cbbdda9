//! Where a request comes from: the other end of the connection, or what a proxy we trust says.

use crate::domain::network::Network;
use crate::outreach::Office;
use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The network that guesses are counted for.
pub(super) fn source(office: &Office, request: &HttpRequest) -> Network {
    let peer = request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let hops = hops(request.headers());
    Network::of_customer(farthest(peer, &hops, &office.config.trusted_proxies))
}

/// Who handed the request on, the nearest last, as proxies write it: `X-Forwarded-For`, or the standard's `Forwarded` where no
/// proxy wrote the other. A hop that says no address is `None`.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let entries = |name: &str| -> Vec<String> {
        let values = headers.get_all(name).filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .map(str::to_owned)
            .collect()
    };
    let usual = entries("x-forwarded-for");
    if usual.is_empty() {
        entries("forwarded")
            .iter()
            .map(|hop| address(node(hop)))
            .collect()
    } else {
        usual.iter().map(|hop| address(hop)).collect()
    }
}

/// Whom an element of `Forwarded` was received from: `for=192.0.2.60;proto=https`.
fn node(element: &str) -> &str {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let mut received = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    received.next().map_or("", |(_, node)| node)
}

/// An address as proxies write it: `192.0.2.60`, `192.0.2.60:4711`, `2001:db8::1`, `[2001:db8::1]:4711`, or one of these in quotes.
fn address(written: &str) -> Option<IpAddr> {
    let plain = written.trim().trim_matches('"');
    let with_port = || plain.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let in_brackets = || plain.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    plain.parse().ok().or_else(with_port).or_else(in_brackets)
}

/// The last address that none of our proxies has: anybody can write what stands before it.
fn farthest(peer: IpAddr, hops: &[Option<IpAddr>], trusted: &[Network]) -> IpAddr {
    let mut source = peer;
    for hop in hops.iter().rev() {
        if !trusted.iter().any(|proxy| proxy.holds(source)) {
            break;
        }
        let Some(address) = hop else {
            break;
        };
        source = *address;
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    /// Where a request from the proxy 10.0.0.1 comes from, all of 10.0.0.0/8 being trusted.
    fn from(header: &'static str, value: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.append(HeaderName::from_static(header), HeaderValue::from_static(value));
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        farthest("10.0.0.1".parse().unwrap(), &hops(&headers), &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let hops: Vec<_> = ["6.6.6.6", "203.0.113.9"].map(address).to_vec();
        let itself = [Network::of_customer(proxy)];
        assert_eq!(farthest(proxy, &hops, &[]), proxy);
        assert_eq!(farthest(proxy, &hops, &itself).to_string(), "203.0.113.9");
        assert_eq!(farthest(proxy, &[None], &itself), proxy);
    }

    #[test]
    fn proxies_write_addresses_in_many_ways() {
        for written in [
            "203.0.113.77",
            "203.0.113.77:4711",
            "\"203.0.113.77:4711\"",
            "6.6.6.6, 203.0.113.77 , 10.2.3.4",
            "unknown, 203.0.113.77",
        ] {
            assert_eq!(from("x-forwarded-for", written), "203.0.113.77", "{written}");
        }
        for written in [
            "2001:db8::1",
            "[2001:db8::1]:4711",
            "[2001:db8::1]",
            "\"[2001:db8::1]:4711\"",
        ] {
            assert_eq!(from("x-forwarded-for", written), "2001:db8::1", "{written}");
        }
        assert_eq!(from("x-forwarded-for", "nonsense"), "10.0.0.1");
    }

    #[test]
    fn the_standards_header_counts_too() {
        for written in [
            "for=203.0.113.77;proto=https;by=10.0.0.1",
            "proto=https; For=\"203.0.113.77:4711\"",
            "for=6.6.6.6, for=203.0.113.77, for=10.9.9.9",
        ] {
            assert_eq!(from("forwarded", written), "203.0.113.77", "{written}");
        }
        assert_eq!(from("forwarded", "for=\"[2001:db8::1]:4711\""), "2001:db8::1");
        assert_eq!(from("forwarded", "for=_hidden"), "10.0.0.1");
        assert_eq!(from("forwarded", "by=203.0.113.77"), "10.0.0.1");
    }
}
