//! A network: where a request comes from, or whose word about that is believed.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// All addresses that begin with the same bits: `10.0.0.0/8`, `2001:db8::/64`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// The first address of it.
    first: IpAddr,
    /// How many bits are the same.
    bits: u8,
}

/// Bits of an IPv6 address that one household or office is given: it may use all addresses behind them.
const CUSTOMER: u8 = 64;

impl Network {
    /// The network that a customer of this address has: an IPv4 address itself, of IPv6 all addresses of its /64.
    pub fn of_customer(address: IpAddr) -> Self {
        let address = address.to_canonical();
        let bits = if address.is_ipv4() { 32 } else { CUSTOMER };
        Self::new(address, bits)
    }

    /// Whether an address belongs to it.
    pub fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.first.is_ipv4() && Self::new(address, self.bits) == *self
    }

    fn new(address: IpAddr, bits: u8) -> Self {
        let first = match address {
            IpAddr::V4(v4) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or_default();
                IpAddr::from((u32::from(v4) & mask).to_be_bytes())
            }
            IpAddr::V6(v6) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or_default();
                IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
            }
        };
        Self { first, bits }
    }
}

impl FromStr for Network {
    type Err = String;

    /// Reads one address, or the first of a network and its bits.
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("{text:?} is neither an IP address nor a network such as 10.0.0.0/8");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().map_err(|_| bad())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let address = if bits.is_none() {
            address.to_canonical()
        } else {
            address
        };
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most {
            return Err(format!("{text:?} has more than {most} bits"));
        }
        let network = Self::new(address, bits);
        if network.first == address {
            Ok(network)
        } else {
            Err(format!("{text:?} is no network: did you mean {network}?"))
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_holds_its_addresses_and_no_other() {
        for (text, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.7", "::ffff:192.0.2.7", "::ffff:192.0.2.8"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("fd00::1", "fd00::1", "fd00::2"),
            ("0.0.0.0/0", "8.8.8.8", "fd00::1"),
            ("::/0", "fd00::1", "8.8.8.8"),
        ] {
            assert!(network(text).holds(inside.parse().unwrap()), "{inside} in {text}");
            assert!(
                !network(text).holds(outside.parse().unwrap()),
                "{outside} in {text}"
            );
        }
    }

    #[test]
    fn all_addresses_that_a_customer_may_take_are_one_network() {
        let of = |text: &str| Network::of_customer(text.parse().unwrap());
        assert_eq!(of("2001:db8:0:7::1"), of("2001:db8:0:7:ffff:1:2:3"));
        assert_ne!(of("2001:db8:0:7::1"), of("2001:db8:0:8::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
        assert_eq!(of("2001:db8:0:7::1").to_string(), "2001:db8:0:7::/64");
    }

    #[test]
    fn what_is_no_network_is_told_with_what_would_be_right() {
        let told = |text: &str| text.parse::<Network>().unwrap_err();
        assert!(told("proxy").contains("10.0.0.0/8"));
        assert!(told("10.0.0.0/33").contains("more than 32"));
        assert!(told("10.0.0.9/8").contains("did you mean 10.0.0.0/8?"));
    }
}
