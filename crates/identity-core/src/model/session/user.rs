//! Who is logged in and free to act: a type that the core alone hands out.

use std::ops::Deref;

use super::SignedIn;
use crate::model::{Settings, account::RequiredAction};

/// A person who is logged in and has nothing to do first: no temporary password to replace, no overdue terms to accept, no security
/// questions to answer. What people do in their account takes one, and permissions are made from one
/// ([`Administrator::of`](crate::model::access::Administrator::of)). It is as of one read: a commit guards what it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentUser(SignedIn);

/// A person who is logged in, and has to do something before anything else.
#[derive(Clone, Debug)]
pub struct PendingUser {
    /// The session and its account.
    pub signed_in: SignedIn,
    /// What has to be done first.
    pub first: RequiredAction,
}

impl CurrentUser {
    /// The person behind a session that was checked, if there is nothing to do first under these settings.
    ///
    /// # Errors
    /// [`PendingUser`] with the first thing to do.
    pub fn of(signed_in: SignedIn, settings: &Settings) -> Result<Self, Box<PendingUser>> {
        let first = settings.required_of(&signed_in.account).next();
        match first {
            Some(first) => Err(Box::new(PendingUser { signed_in, first })),
            None => Ok(Self(signed_in)),
        }
    }
}

impl Deref for CurrentUser {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl From<CurrentUser> for SignedIn {
    fn from(user: CurrentUser) -> Self {
        user.0
    }
}
