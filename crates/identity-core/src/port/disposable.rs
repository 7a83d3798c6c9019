/// Knows the domains of services for disposable mail.
pub trait DisposableDomains: Send + Sync {
    /// Whether a domain (lower-case A-labels) is one of them, or under one of them.
    fn is_disposable(&self, domain: &str) -> bool;
}

/// No list: no domain is one of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDisposableDomains;

impl DisposableDomains for NoDisposableDomains {
    fn is_disposable(&self, _: &str) -> bool {
        false
    }
}
