//! The API's types. Every request refuses fields it does not know; every answer is written out field by field.

mod access;
mod account;
mod company;
mod field;
mod invitation;
mod me;
mod onboarding;
mod password;
mod privacy;
mod read;
mod recovery;
mod registration;
pub(crate) mod schema;
mod secret;
mod security;
mod security_question;
mod session;
mod terms;
mod whole;

#[cfg(test)]
pub(crate) use whole::optional_version;

pub(crate) use access::{AccessEntry, AccessList, DefineEntry, ReviseEntry};
pub(crate) use account::{Account, AccountDetails, AccountPage};
pub(crate) use company::{Company, CompanyPage, NameCompany};
pub(crate) use field::{AnswerValue, FieldList, answers, typed};
pub(crate) use invitation::{
    AcceptAccess, AcceptInvitation, AcceptedAccess, AcceptedInvitation, ChangeInvitation, Invitation, InvitationPage, Invite,
    LinkToken, Preview, invitation_filter,
};
pub(crate) use me::{EditAccount, Me};
pub(crate) use onboarding::{CloseStep, Onboarding};
pub(crate) use password::{CheckPassword, CheckedPassword, PasswordPolicy};
pub(crate) use privacy::{Deletion, Exported};
pub(crate) use read::{FieldErrors, Reader, Unread};
pub(crate) use recovery::{AssistedReset, AssistedResetDone, ChangePassword, CompleteReset, RequestReset, new_password};
pub(crate) use registration::{
    CompleteRegistration, CompletedRegistration, Registration, RegistrationPage, ResendActivation, SignUp, SignedUp, VerifiedCode,
    VerifyCode,
};
pub(crate) use secret::Secret;
pub(crate) use security::{EmailChange, OwnEvent, OwnEventPage, OwnSession, OwnSessions, Reauthenticate, RequestEmailChange};
pub(crate) use security_question::{
    AssistedResetWithAnswer, CompleteResetWithAnswer, ResetMethod, SecurityQuestionList, SetSecurityAnswers,
};
pub(crate) use session::{CurrentSession, LogIn, LoggedIn};
pub(crate) use terms::{AcceptTerms, PublishTerms, Terms, TermsList, TermsStanding, TermsText};

use serde::Deserialize;
use utoipa::IntoParams;

/// Where a list goes on, and how much of it is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// `next_cursor` of the part before.
    pub(crate) cursor: Option<String>,
    /// The most rows, from 1 to 200; 50 where nothing is said.
    pub(crate) limit: Option<u16>,
}
