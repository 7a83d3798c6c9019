//! Which rate limits a request consumes permits of, before anything is done for it.

use crate::{
    change::{Change, ChangeSet, CommitError, Rejection, ThrottleChange, Unavailable},
    flow::Fault,
    model::{
        session::Client,
        throttle::{Bucket, Rate, ThrottleSettings},
    },
    port::{IdSource, Ports},
    value::{AccountId, CompanyId, EmailAddress, SignedDuration, Timestamp, TokenDigest},
};

/// What somebody does, of which only so much is allowed in a time.
#[derive(Clone, Copy)]
pub(crate) enum RateLimitedAction<'a> {
    LogIn,
    SignUp(&'a EmailAddress),
    /// A sign-up, or the same again, by the holder of its flow.
    SignUpWithFlow(&'a EmailAddress, &'a TokenDigest),
    Recovery(&'a EmailAddress),
    /// A link or a code is used.
    Link,
    /// A password is judged without setting it.
    Check,
    /// An administrator invites.
    Invite(AccountId),
    /// An administrator of a company that is not trusted invites.
    InviteToUntrusted(CompanyId),
    /// Somebody asks for another address.
    EmailChange(AccountId),
    /// A picture is uploaded.
    Upload(AccountId),
    /// Somebody takes their data along.
    Export(AccountId),
}

/// The rate limits of one request: a permit of each, or the request does not take place.
pub(crate) struct RateLimits(Vec<(Bucket, Rate)>);

impl RateLimits {
    pub(crate) fn of(action: RateLimitedAction<'_>, client: &Client, settings: &ThrottleSettings) -> Self {
        if !settings.enabled {
            return Self(Vec::new());
        }
        let network = |kind, rate| Bucket::network(kind, client).map(|bucket| (bucket, rate));
        let address = |kind, address| Some((Bucket::requests_for(kind, address), settings.requests_per_address));
        let limits = match action {
            RateLimitedAction::LogIn => [network("login", settings.logins_per_network), None, None],
            RateLimitedAction::SignUp(email) => {
                [network("sign-up", settings.sign_ups_per_network), address("sign-up", email), None]
            }
            RateLimitedAction::SignUpWithFlow(email, flow) => [
                network("sign-up", settings.sign_ups_per_network),
                address("sign-up", email),
                Some((Bucket::sendings_of(flow), settings.mails_per_flow)),
            ],
            RateLimitedAction::Recovery(email) => {
                [network("recovery", settings.recoveries_per_network), address("recovery", email), None]
            }
            RateLimitedAction::Link => [network("link", settings.links_per_network), None, None],
            RateLimitedAction::Check => [network("check", settings.checks_per_network), None, None],
            RateLimitedAction::Invite(account) => {
                let bucket = Bucket::of("invitations", account.as_uuid().as_bytes());
                [Some((bucket, settings.invitations_per_account)), None, None]
            }
            RateLimitedAction::InviteToUntrusted(company) => {
                let bucket = Bucket::of("invitations of company", company.as_uuid().as_bytes());
                [Some((bucket, settings.invitations_per_untrusted_company)), None, None]
            }
            RateLimitedAction::EmailChange(account) => {
                let bucket = Bucket::of("email changes", account.as_uuid().as_bytes());
                [Some((bucket, settings.email_changes_per_account)), None, None]
            }
            RateLimitedAction::Upload(account) => {
                let bucket = Bucket::of("pictures", account.as_uuid().as_bytes());
                [Some((bucket, settings.pictures_per_account)), None, None]
            }
            RateLimitedAction::Export(account) => {
                let bucket = Bucket::of("exports", account.as_uuid().as_bytes());
                [Some((bucket, settings.exports_per_account)), None, None]
            }
        };
        Self(limits.into_iter().flatten().collect())
    }

    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

    /// The changes that consume the permits, for the commit of what they allow.
    pub(crate) fn changes(&self, at: Timestamp) -> impl Iterator<Item = Change> {
        self.0
            .iter()
            .map(move |(bucket, rate)| Change::Throttle(ThrottleChange::ConsumePermit { bucket: *bucket, rate: *rate, at }))
    }

    /// Consumes the permits in a commit of their own, before work that they bound.
    pub(crate) async fn consume(&self, ports: &Ports, now: Timestamp) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { self.consume_with(ports, now, Vec::new()).await }
    }

    /// Consumes the permits in one commit with what they allow.
    pub(crate) async fn consume_with(&self, ports: &Ports, now: Timestamp, changes: Vec<Change>) -> Result<(), Fault> {
        let ids = IdSource::new(now, ports.entropy.as_ref());
        let set = ChangeSet::new(ids.id()?, now, self.changes(now).chain(changes).collect())?;
        match ports.store.commit(&set).await {
            Ok(()) => Ok(()),
            Err(CommitError::Rejected(Rejection::Throttled)) => Err(self.exceeded(ports, now).await?),
            Err(CommitError::Rejected(rejection)) => Err(Unavailable::new("throttle", rejection).into()),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    /// What to answer where one of them was refused.
    pub(crate) async fn exceeded(&self, ports: &Ports, now: Timestamp) -> Result<Fault, Unavailable> {
        let mut longest = SignedDuration::from_secs(1);
        for (bucket, rate) in &self.0 {
            if let Some(stored) = ports.store.throttle(bucket).await? {
                longest = longest.max(stored.free_at.duration_since(now) - rate.tolerance());
            }
        }
        Ok(Fault::RateLimited { retry_after: longest })
    }
}
