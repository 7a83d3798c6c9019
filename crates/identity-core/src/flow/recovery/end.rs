//! What follows where somebody says that access was another's.

use crate::{
    change::{Change, OutboxChange, PasswordChange, SessionChange, ThrottleChange, Unavailable},
    flow::outbox::RECOVERY_MAILS,
    model::{
        account::Account,
        outbox::{MailKind, OutboxMessage},
        throttle::Bucket,
    },
    port::{AccountWithPassword, EntropyError, IdSource, Ports},
    value::{EmailAddress, RoleKey},
};

/// The most administrators that are told.
const TOLD: u16 = 20;

/// The password lets nobody in any more, every session ends, and a link to a new password is mailed to an address; the kind says why.
pub(crate) fn access_ended(
    owner: &AccountWithPassword,
    (to, kind): (&EmailAddress, MailKind),
    ids: &IdSource<'_>,
) -> Result<[Change; 4], EntropyError> {
    let (now, account, password) = (ids.now(), &owner.account, &owner.password);
    let link = OutboxMessage::queue(ids.id()?, to.clone(), account.language.clone(), kind, now);
    Ok([
        Change::Password(PasswordChange::Set { id: account.id, from: password.hash.clone(), to: password.ended(now) }),
        Change::Session(SessionChange::EndAll(account.id)),
        Change::Outbox(OutboxChange::Queue(link)),
        // What strangers had mailed before does not keep this link back.
        Change::Throttle(ThrottleChange::Empty(Bucket::mails_to(RECOVERY_MAILS, to))),
    ])
}

/// Tells the administrators of the account's company, else the operators; never the person. The kind says what happened.
pub(crate) async fn administrators_told(
    ports: &Ports,
    account: &Account,
    kind: MailKind,
    ids: &IdSource<'_>,
) -> Result<Vec<Change>, Unavailable> {
    let store = &ports.store;
    let mut told = store.accounts_with_role(&RoleKey::company_administrator(), Some(account.company), TOLD).await?;
    told.retain(|administrator| administrator.id != account.id);
    if told.is_empty() {
        told = store.accounts_with_role(&RoleKey::operator(), None, TOLD).await?;
        told.retain(|operator| operator.id != account.id);
    }
    let messages = told.into_iter().map(|administrator| {
        Ok(Change::Outbox(OutboxChange::Queue(OutboxMessage::queue(
            ids.id()?,
            administrator.email,
            administrator.language,
            kind,
            ids.now(),
        ))))
    });
    messages.collect()
}
