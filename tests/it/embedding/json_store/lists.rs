//! Lists: what is asked for, in which order, and a part of it.

use identity_core::{
    model::{access::Scope, account::Account, invitation::Invitation},
    port::{AccountQuery, InvitationFilter, InvitationQuery, Page},
    value::{AccountId, EmailAddress, InvitationId},
};

/// A part of a list: as many as were asked for, and where it goes on if there is more.
pub(super) fn page<T, Id>(mut found: impl Iterator<Item = T>, limit: u16, id: impl Fn(&T) -> Id) -> Page<T, Id> {
    let items = found.by_ref().take(limit.into()).collect::<Vec<_>>();
    let next = found.next().and(items.last()).map(id);
    Page { items, next }
}

pub(super) fn is_invitation_asked_for(invitation: &Invitation, query: &InvitationQuery) -> bool {
    let in_scope = match query.scope {
        Scope::Everywhere => invitation.company.is_some(),
        Scope::Company(company) => invitation.company == Some(company),
    };
    let in_filter = query.filter.is_none_or(|filter| match filter {
        InvitationFilter::Pending => invitation.is_open(query.now),
        InvitationFilter::Expired => invitation.is_expired(query.now),
        InvitationFilter::Ended(state) => invitation.state == state,
    });
    in_scope && in_filter && starts_with(invitation.email.as_ref(), query.address_prefix.as_deref())
}

pub(super) fn is_account_asked_for(account: &Account, query: &AccountQuery) -> bool {
    let in_scope = match query.scope {
        Scope::Everywhere => true,
        Scope::Company(company) => account.company == company,
    };
    let in_state = query.state.is_none_or(|state| account.state == state);
    let holds = query.role.as_ref().is_none_or(|role| account.roles.contains(role));
    in_scope && in_state && holds && starts_with(Some(&account.email), query.address_prefix.as_deref())
}

fn starts_with(email: Option<&EmailAddress>, prefix: Option<&str>) -> bool {
    prefix.is_none_or(|prefix| email.is_some_and(|email| email.canonical().starts_with(prefix)))
}

/// What is listed newest first, or by address.
pub(super) trait Listed {
    type Id: Ord;

    fn id(&self) -> Self::Id;
    fn canonical(&self) -> Option<&str>;
}

impl Listed for Account {
    type Id = AccountId;

    fn id(&self) -> AccountId {
        self.id
    }

    fn canonical(&self) -> Option<&str> {
        Some(self.email.canonical())
    }
}

impl Listed for Invitation {
    type Id = InvitationId;

    fn id(&self) -> InvitationId {
        self.id
    }

    fn canonical(&self) -> Option<&str> {
        self.email.as_ref().map(EmailAddress::canonical)
    }
}

/// In the order of the list, what comes after the cursor.
pub(super) fn listed<'a, T: Listed>(
    asked_for: impl DoubleEndedIterator<Item = &'a T>,
    by_address: bool,
    after: Option<T::Id>,
) -> Vec<&'a T> {
    if !by_address {
        return asked_for.rev().filter(|row| after.as_ref().is_none_or(|after| row.id() < *after)).collect();
    }
    let mut found = asked_for.collect::<Vec<_>>();
    // Oldest first as they come, which a stable order keeps.
    found.sort_by_key(|row| row.canonical());
    match after {
        None => found,
        Some(after) => found.into_iter().skip_while(|row| row.id() != after).skip(1).collect(),
    }
}
