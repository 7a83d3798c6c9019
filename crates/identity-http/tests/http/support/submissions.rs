//! Good answers, as programs and pages send them.

use super::{OTHER_PASSWORD, PASSWORD, SIGNING_UP};
use serde_json::Value;
use serde_json::json;

/// Good answers of an invitee.
pub(crate) fn registration(token: &str) -> Value {
    json!({
        "token": token,
        "first_name": "Grace",
        "last_name": "Hopper",
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "accept_terms": 1,
    })
}

/// Good answers of somebody who signs up.
pub(crate) fn sign_up(email: &str) -> Value {
    json!({ "first_name": "Nina", "last_name": "Simons", "company_name": "Newco", "country": "DE", "email": email, "language": "en" })
}

/// Good answers of somebody who completes a sign-up.
pub(crate) fn completion(token: &str) -> Value {
    json!({ "token": token, "password": PASSWORD, "password_confirmation": PASSWORD, "accept_terms": 1 })
}

/// Good answers of somebody who sets a new password by a link.
pub(crate) fn reset(token: &str) -> Value {
    json!({ "token": token, "password": OTHER_PASSWORD, "password_confirmation": OTHER_PASSWORD })
}

/// Good answers of somebody who changes the password.
pub(crate) fn change() -> Value {
    json!({ "current_password": PASSWORD, "password": OTHER_PASSWORD, "password_confirmation": OTHER_PASSWORD })
}

/// What an administrator says who mails a link to a new password.
pub(crate) fn assisted(method: &str) -> Value {
    json!({ "method": method, "identity_check": { "method": "video_call", "note": "Seen and known for years" } })
}

/// Good answers of an invitee, as the page sends them.
pub(crate) const REGISTRATION: [(&str, &str); 5] = [
    ("first_name", "Ida"),
    ("last_name", "Rhodes"),
    ("password", PASSWORD),
    ("password_confirmation", PASSWORD),
    ("accept_terms", "1"),
];

/// Good answers of somebody who signs up, as the page sends them.
pub(crate) const SIGN_UP: [(&str, &str); 5] =
    [("first_name", "Nina"), ("last_name", "Simons"), ("company_name", "Newco"), ("country", "DE"), ("email", SIGNING_UP)];

/// Good answers of somebody who completes a sign-up, as the page sends them.
pub(crate) const ACTIVATION: [(&str, &str); 8] = [
    ("first_name", "Nina"),
    ("last_name", "Simons"),
    ("company_name", "Newco"),
    ("country", "DE"),
    ("email", SIGNING_UP),
    ("password", PASSWORD),
    ("password_confirmation", PASSWORD),
    ("accept_terms", "1"),
];
