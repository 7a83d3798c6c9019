//! Domains of services for disposable mail, from the list of the crate mailchecker.

use std::{collections::HashSet, sync::LazyLock};

use identity_core::port::DisposableDomains;

static LISTED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| mailchecker::blacklist().into_iter().collect());

/// Knows the domains that the list has, and everything under them.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListedDomains;

impl DisposableDomains for ListedDomains {
    fn is_disposable(&self, domain: &str) -> bool {
        let parents = domain.match_indices('.').filter_map(|(at, _)| domain.get(at + 1..));
        std::iter::once(domain).chain(parents).any(|domain| LISTED.contains(domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_domains_and_what_is_under_them_are_found() {
        for domain in ["mailinator.com", "mail.mailinator.com", "guerrillamail.com"] {
            assert!(ListedDomains.is_disposable(domain), "{domain}");
        }
        for domain in ["gmail.com", "example.org", "mailinator.com.example", "com", "mailinator.com.example.org"] {
            assert!(!ListedDomains.is_disposable(domain), "{domain}");
        }
    }

    #[test]
    fn the_list_is_as_domains_are_compared() {
        let odd = LISTED.iter().filter(|domain| {
            !domain.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
        });
        assert!(odd.count() * 100 < LISTED.len(), "most of the list could never be found");
        assert!(LISTED.len() > 10_000);
    }
}
