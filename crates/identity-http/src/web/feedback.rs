//! What the page after a form says of what was done: one of a closed set, in a cookie for one page and one minute. The cookie is
//! sealed with the secret of the browser's session, or of the browser while nobody is signed in, so that nobody else can make a page say
//! that something was done.

use axum::http::{HeaderMap, HeaderValue, Method};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use identity_core::value::{AccountId, PublicUrl, TokenSecret};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::cookies::{header_of, only};
use crate::text::Texts;

/// How long the cookie waits for its page.
const SECONDS: i64 = 60;

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Feedback {
    LoggedOut,
    PasswordConfirmed,
    TermsAccepted,
    ActivationResent,
    ProfileSaved,
    SettingsSaved,
    QuestionsSaved,
    PictureSaved,
    PictureRemoved,
    SessionEnded,
    OtherSessionsEnded,
    EmailChangeCancelled,
    DeletionRequested,
    DeletionCancelled,
    StepSaved,
    StepSkipped,
    InvitationQueued,
    InvitationResent,
    InvitationRevoked,
    ExpiryChanged,
    PasswordChangeRequired,
    AccountUnlocked,
    SessionsEnded,
    AccountDisabled { account: String },
    AccountEnabled,
    CompanyTrusted,
    RegistrationApproved { name: String },
    RegistrationRejected { name: String },
    TermsPublished,
}

/// What a page shows of it.
#[derive(Clone, Debug)]
pub(crate) struct FeedbackView {
    pub(crate) text: String,
    /// The form that takes it back, and what its button says.
    pub(crate) undo: Option<(String, String)>,
}

impl Feedback {
    pub(crate) fn account_disabled(id: AccountId) -> Self {
        Self::AccountDisabled { account: id.to_string() }
    }

    const fn key(&self) -> &'static str {
        match self {
            Self::LoggedOut => "logged-out",
            Self::PasswordConfirmed => "password-confirmed",
            Self::TermsAccepted => "terms-accepted",
            Self::ActivationResent => "activation-resent",
            Self::ProfileSaved => "profile-saved",
            Self::SettingsSaved => "settings-saved",
            Self::QuestionsSaved => "security-questions-saved",
            Self::PictureSaved => "picture-saved",
            Self::PictureRemoved => "picture-removed",
            Self::SessionEnded => "session-ended",
            Self::OtherSessionsEnded => "other-sessions-ended",
            Self::EmailChangeCancelled => "email-change-cancelled",
            Self::DeletionRequested => "deletion-requested",
            Self::DeletionCancelled => "deletion-cancelled",
            Self::StepSaved => "step-saved",
            Self::StepSkipped => "step-was-skipped",
            Self::InvitationQueued => "invitation-queued",
            Self::InvitationResent => "invitation-resent",
            Self::InvitationRevoked => "invitation-revoked",
            Self::ExpiryChanged => "expiry-changed",
            Self::PasswordChangeRequired => "password-change-required",
            Self::AccountUnlocked => "account-unlocked",
            Self::SessionsEnded => "sessions-ended",
            Self::AccountDisabled { .. } => "account-disabled",
            Self::AccountEnabled => "account-enabled",
            Self::CompanyTrusted => "company-trusted",
            Self::RegistrationApproved { .. } => "registration-approved",
            Self::RegistrationRejected { .. } => "registration-rejected",
            Self::TermsPublished => "terms-published",
        }
    }

    /// The words of it, and the form that takes it back where there is one.
    pub(crate) fn view(&self, texts: &Texts) -> FeedbackView {
        let text = match self {
            Self::RegistrationApproved { name } | Self::RegistrationRejected { name } => texts.with(self.key(), &[("name", name)]),
            _ => texts.get(self.key()),
        };
        let undo = match self {
            Self::AccountDisabled { account } => Some((format!("/admin/accounts/{account}/enable"), "enable-account")),
            Self::DeletionRequested => Some(("/account/data/undo".to_owned(), "deletion-undo")),
            _ => None,
        };
        FeedbackView { text, undo: undo.map(|(to, label)| (to, texts.get(label))) }
    }

    /// The cookie that carries it to the next page of a browser that is known by this secret.
    pub(crate) fn keep(&self, seed: &TokenSecret, url: &PublicUrl) -> HeaderValue {
        let said = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default());
        let seal = seal(seed, &said);
        header_of(name(url), format!("{said}.{seal}"), Some(SECONDS), url, None)
    }

    /// Takes the cookie away: it is said once.
    pub(crate) fn forget(url: &PublicUrl) -> HeaderValue {
        header_of(name(url), String::new(), Some(0), url, None)
    }

    /// What the browser was told to say on the page that it opens. A script that fetches a page takes nothing of it.
    pub(crate) fn read(method: &Method, headers: &HeaderMap, seed: &TokenSecret, url: &PublicUrl) -> Option<Self> {
        let opens_page = headers.get("sec-fetch-dest").is_none_or(|destination| destination == "document");
        if *method != Method::GET || !opens_page {
            return None;
        }
        let value = only(headers, &name(url))?;
        let (said, given) = value.split_once('.')?;
        if !bool::from(seal(seed, said).as_bytes().ct_eq(given.as_bytes())) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(said).ok()?).ok()
    }
}

fn name(url: &PublicUrl) -> String {
    format!("{}feedback", if url.is_secure() { "__Host-" } else { "" })
}

fn seal(seed: &TokenSecret, said: &str) -> String {
    URL_SAFE_NO_PAD.encode(seed.derive(&format!("feedback {said}")))
}
