//! Procore's environments and hosts, and the question which addresses may be asked at all.
//!
//! The bearer token goes to a host only if [`Hosts::is_procore`] says yes. Nothing here resolves names.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// One of Procore's environments. Tokens and credentials never cross from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Production; on-demand sandboxes are companies of production.
    Production,
    /// The developer sandbox.
    Sandbox,
    /// The monthly sandbox, a copy of production renewed each month.
    Monthly,
    /// The federal zone.
    Federal,
}

/// Where the API and the login are. The fields are open so that a gateway or a stand-in can replace them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// Base of every API path, e.g. `https://api.procore.com`.
    pub api: Url,
    /// Base of `/oauth/token`, e.g. `https://login.procore.com`.
    pub login: Url,
}

impl Hosts {
    /// The hosts of an environment. Procore docs: the table of development environments, and the federal zone.
    pub fn of(environment: Environment) -> Hosts {
        let (api, login) = match environment {
            Environment::Production => ("https://api.procore.com", "https://login.procore.com"),
            Environment::Sandbox => ("https://sandbox.procore.com", "https://login-sandbox.procore.com"),
            Environment::Monthly => {
                ("https://api-monthly.procore.com", "https://login-sandbox-monthly.procore.com")
            }
            Environment::Federal => ("https://api.procoregov.com", "https://login.procoregov.com"),
        };
        Hosts { api: literal(api), login: literal(login) }
    }

    /// Whether our bearer token may be shown to this address: `https` on a host of Procore's, or the very
    /// origin that is configured as the API.
    pub fn is_procore(&self, url: &Url) -> bool {
        url.origin() == self.api.origin() || is_procore_domain(url)
    }

    /// Whether the configured API is a stand-in on this machine.
    pub(crate) fn on_this_machine(&self) -> bool {
        is_loopback(&self.api)
    }

    /// Whether a file may be fetched from this address. A URL stands in a record, and a redirect in an
    /// answer: neither may lead into the network this process runs in. A *name* that resolves to an inner
    /// address is stopped by TLS, since nothing inside holds a certificate for it; hence never plain `http`.
    pub(crate) fn admits(&self, url: &Url) -> Result<(), &'static str> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address carries credentials");
        }
        if url.origin() == self.api.origin() {
            return Ok(());
        }
        if is_loopback(url) && self.on_this_machine() && matches!(url.scheme(), "http" | "https") {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err("the address is not https");
        }
        match url.host() {
            Some(Host::Domain(name)) if is_inner_name(name) => Err("the address is of an inner network"),
            Some(Host::Ipv4(ip)) if is_inner_v4(ip) => Err("the address is of an inner network"),
            Some(Host::Ipv6(ip)) if is_inner_v6(ip) => Err("the address is of an inner network"),
            Some(_) => Ok(()),
            None => Err("the address has no host"),
        }
    }

    /// What is wrong with a configured base, if anything: secrets go there, so plain `http` is for loopback only.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        for base in [&self.api, &self.login] {
            let safe = base.scheme() == "https" || (base.scheme() == "http" && is_loopback(base));
            if !safe {
                return Some("the API and login addresses must be https, or http on this machine");
            }
            if base.cannot_be_a_base() || base.query().is_some() || base.fragment().is_some() {
                return Some("the API and login addresses must be plain base URLs without query or fragment");
            }
            if !base.username().is_empty() || base.password().is_some() {
                return Some("the API and login addresses must not carry credentials");
            }
        }
        None
    }
}

#[expect(clippy::expect_used, reason = "eight literals, each of them parsed by a test")]
fn literal(url: &str) -> Url {
    Url::parse(url).expect("a literal URL")
}

fn is_procore_domain(url: &Url) -> bool {
    let Some(Host::Domain(host)) = url.host() else {
        return false;
    };
    let ours = |domain: &str| {
        host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    url.scheme() == "https" && url.port().is_none() && (ours("procore.com") || ours("procoregov.com"))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn is_inner_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    !name.contains('.') || [".localhost", ".local", ".internal"].iter().any(|suffix| name.ends_with(suffix))
}

fn is_inner_v4(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    let shared_by_carriers = first == 100 && (64..128).contains(&second);
    first == 0
        || shared_by_carriers
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || first >= 240
}

fn is_inner_v6(ip: Ipv6Addr) -> bool {
    if let Some(v4) = ip.to_ipv4() {
        return is_inner_v4(v4) || ip.is_loopback(); // mapped (::ffff:…) and the old compatible form, :: and ::1 with it
    }
    let [first, second, .., high, low] = ip.segments();
    if (first, second) == (0x64, 0xff9b) {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        return is_inner_v4(Ipv4Addr::new(a, b, c, d)); // NAT64
    }
    ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn every_environment_has_its_hosts() {
        for (name, api, login) in [
            ("production", "https://api.procore.com/", "https://login.procore.com/"),
            ("sandbox", "https://sandbox.procore.com/", "https://login-sandbox.procore.com/"),
            ("monthly", "https://api-monthly.procore.com/", "https://login-sandbox-monthly.procore.com/"),
            ("federal", "https://api.procoregov.com/", "https://login.procoregov.com/"),
        ] {
            let environment: Environment = serde_json::from_value(name.into()).unwrap();
            let hosts = Hosts::of(environment);
            assert_eq!((hosts.api.as_str(), hosts.login.as_str()), (api, login), "{name}");
            assert!(hosts.is_procore(&hosts.api) && hosts.is_procore(&hosts.login), "{name}");
            assert_eq!(hosts.fault(), None, "{name}");
        }
    }

    #[test]
    fn the_token_is_for_procore_alone() {
        let real = Hosts::of(Environment::Production);
        let stand_in = Hosts { api: url("http://127.0.0.1:4000"), login: url("http://127.0.0.1:4000") };
        for (address, of_real, of_stand_in) in [
            ("https://api.procore.com/rest/v1.0/me", true, true),
            ("https://storage.procore.com/a.pdf?sig=1", true, true),
            ("https://procore.com/", true, true),
            ("https://API.Procore.COM/", true, true),
            ("https://api.procoregov.com/", true, true),
            ("http://api.procore.com/", false, false),
            ("https://api.procore.com:8443/", false, false),
            ("https://evilprocore.com/", false, false),
            ("https://procore.com.evil.example/", false, false),
            ("https://api.procore.com@evil.example/", false, false),
            ("https://evil.example/?u=api.procore.com", false, false),
            ("https://evil.example/procore.com", false, false),
            ("ftp://api.procore.com/", false, false),
            ("http://127.0.0.1:4000/files/1", false, true),
            ("https://127.0.0.1:4000/files/1", false, false),
            ("http://127.0.0.1:4001/files/1", false, false),
            ("http://localhost:4000/files/1", false, false),
        ] {
            assert_eq!(real.is_procore(&url(address)), of_real, "{address}");
            assert_eq!(stand_in.is_procore(&url(address)), of_stand_in, "{address} with a stand-in");
        }
    }

    #[test]
    fn no_file_address_leads_inside() {
        let real = Hosts::of(Environment::Production);
        for address in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0.0.0.0/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.64.0.1/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[ff02::1]/",
            "https://localhost/",
            "https://a.localhost/",
            "https://metadata.google.internal/",
            "https://router/",
            "http://files.example/",
            "file:///etc/passwd",
            "data:text/plain,x",
            "https://user:pass@files.example/",
            "https://user@api.procore.com/",
        ] {
            assert!(real.admits(&url(address)).is_err(), "{address}");
        }
        for address in [
            "https://files.example/a.pdf",
            "https://api.procore.com/a.pdf",
            "https://8.8.8.8/",
            "https://172.32.0.1/",
            "https://100.128.0.1/",
            "https://[2606:4700::1]/",
            "https://[64:ff9b::808:808]/",
        ] {
            assert_eq!(real.admits(&url(address)), Ok(()), "{address}");
        }
    }

    #[test]
    fn a_stand_in_may_name_other_ports_of_this_machine_but_no_other_machine() {
        let stand_in = Hosts { api: url("http://localhost:4000"), login: url("http://localhost:4000") };
        for (address, fine) in [
            ("http://localhost:4000/f", true),
            ("http://127.0.0.1:9/f", true),
            ("http://10.0.0.1/f", false),
            ("https://10.0.0.1/f", false),
            ("http://files.example/f", false),
            ("https://files.example/f", true),
            ("ftp://127.0.0.1/f", false),
        ] {
            assert_eq!(stand_in.admits(&url(address)).is_ok(), fine, "{address}");
        }
    }

    #[test]
    fn secrets_are_never_sent_in_the_clear() {
        for (api, login, fine) in [
            ("https://gateway.example/procore", "https://gateway.example/login", true),
            ("http://127.0.0.1:1", "http://localhost:1", true),
            ("http://gateway.example", "https://login.procore.com", false),
            ("https://api.procore.com", "http://10.0.0.1", false),
            ("https://u:p@api.procore.com", "https://login.procore.com", false),
            ("https://api.procore.com?x=1", "https://login.procore.com", false),
        ] {
            assert_eq!(Hosts { api: url(api), login: url(login) }.fault().is_none(), fine, "{api} {login}");
        }
    }
}
