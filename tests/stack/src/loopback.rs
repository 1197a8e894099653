//! The guard before every AWS address of a test.

use url::{Host, Url};

/// The address, if it is an address of this machine's loopback, given as a number: a name could be anything.
///
/// # Panics
/// If it is not: no test may reach AWS.
#[must_use]
pub fn loopback_endpoint(address: &str) -> Url {
    let url = Url::parse(address).unwrap_or_else(|error| panic!("{address:?} is no address: {error}"));
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    };
    assert!(
        loopback && url.scheme() == "http",
        "tests talk to AWS emulators on loopback only, not to {address}"
    );
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_passes() {
        for good in ["http://127.0.0.1:4566", "http://[::1]:4566/"] {
            assert_eq!(loopback_endpoint(good).as_str().trim_end_matches('/'), good.trim_end_matches('/'));
        }
        for bad in [
            "https://sqs.us-east-1.amazonaws.com",
            "http://localhost:4566",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "https://127.0.0.1:4566",
            "",
        ] {
            assert!(std::panic::catch_unwind(|| loopback_endpoint(bad)).is_err(), "{bad}");
        }
    }
}
