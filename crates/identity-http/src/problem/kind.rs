//! Every kind of problem, once.

use axum::http::StatusCode;

/// Declares the kinds: the status, the name in `urn:identity:problem:…`, and the title.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $status:ident $name:literal $title:literal;)+) => {
        /// What went wrong. The names never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum ProblemKind { $($(#[doc = $doc])+ $kind,)+ }

        impl ProblemKind {
            /// All of them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$kind,)+];

            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status,)+ }
            }

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)+ }
            }

            /// The same for people.
            pub(crate) const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title,)+ }
            }
        }
    };
}

kinds! {
    /// The body is no JSON object, no form, or not all of it came.
    Malformed = BAD_REQUEST "malformed" "The body cannot be read";
    /// The body came more slowly than 1 KiB a second.
    TooSlow = BAD_REQUEST "too-slow" "The body came too slowly";
    /// There is no valid session.
    NotSignedIn = UNAUTHORIZED "not-signed-in" "Not signed in";
    /// The address or the password is wrong; nobody is told which.
    LoginRefused = UNAUTHORIZED "login-refused" "Login refused";
    /// The person may not do this.
    Forbidden = FORBIDDEN "forbidden" "Not allowed";
    /// A required action comes first.
    RequiredAction = FORBIDDEN "required-action" "Something has to be done first";
    /// The password has to be given again first.
    ReauthenticationRequired = FORBIDDEN "reauthentication-required" "Say your password again";
    /// The registration waits for an operator.
    AwaitingApproval = FORBIDDEN "awaiting-approval" "Waiting for approval";
    /// Only invited people can register.
    RegistrationClosed = FORBIDDEN "registration-closed" "Nobody can sign up here";
    /// The invitation is for another address than that of the account.
    WrongAccount = FORBIDDEN "wrong-account" "The invitation is for another address";
    /// There is nothing, or nothing that the person may see.
    NotFound = NOT_FOUND "not-found" "Not found";
    /// The route has no such method.
    MethodNotAllowed = METHOD_NOT_ALLOWED "method-not-allowed" "Not this method";
    /// Somebody else has just changed it.
    Conflict = CONFLICT "conflict" "It has changed in the meantime";
    /// The address belongs to an account.
    AccountExists = CONFLICT "account-exists" "This address has an account";
    /// The account is disabled.
    AccountDisabled = CONFLICT "account-disabled" "The account is disabled";
    /// The account belongs to another company than the invitation.
    OtherCompany = CONFLICT "other-company" "The account belongs to another company";
    /// The invitation is accepted, declined, revoked, expired or superseded.
    NotPending = CONFLICT "not-pending" "The invitation is over";
    /// The registration is approved or rejected.
    NotWaiting = CONFLICT "not-waiting" "It does not wait for approval";
    /// The last operator cannot leave.
    LastOperator = CONFLICT "last-operator" "The installation needs an operator";
    /// A role or a subscription has this key.
    KeyTaken = CONFLICT "key-taken" "The key is taken";
    /// Other terms than the accepted ones are in force.
    TermsChanged = CONFLICT "terms-changed" "Another version of the terms is in force";
    /// The link is unknown, expired, used, revoked or replaced.
    DeadLink = GONE "dead-link" "This link does not work any more";
    /// The body has more bytes than the route takes.
    TooLarge = PAYLOAD_TOO_LARGE "too-large" "The body is too large";
    /// The body is not declared as JSON.
    NotJson = UNSUPPORTED_MEDIA_TYPE "not-json" "The body is not JSON";
    /// The body is not declared as a form.
    NotAForm = UNSUPPORTED_MEDIA_TYPE "not-a-form" "The body is not a form";
    /// The picture is of a type that is not taken.
    NotAPicture = UNSUPPORTED_MEDIA_TYPE "not-a-picture" "The body is not a picture that is taken";
    /// Fields are not valid; `errors` names each.
    InvalidRequest = UNPROCESSABLE_ENTITY "invalid-request" "The request is not valid";
    /// A rate limit is exceeded.
    Throttled = TOO_MANY_REQUESTS "throttled" "Too many requests";
    /// A defect of ours.
    Internal = INTERNAL_SERVER_ERROR "internal" "Something went wrong";
    /// Too many passwords wait to be hashed.
    Busy = SERVICE_UNAVAILABLE "busy" "Too busy";
    /// The work took too long.
    TooLong = SERVICE_UNAVAILABLE "too-long" "It took too long";
    /// The database does not work.
    Unavailable = SERVICE_UNAVAILABLE "unavailable" "Temporarily unavailable";
}
