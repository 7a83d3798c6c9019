//! Letters about passwords.

use identity_core::value::{AccountId, EmailAddress, PersonName, Timestamp, TokenSecret};

use super::{
    content::{Content, Writer},
    defuse::defuse,
};

impl Writer<'_> {
    pub(super) fn reset(
        &self,
        first_name: &PersonName,
        (secret, expires_at): (&TokenSecret, Timestamp),
        report: &TokenSecret,
        by_administrator: bool,
    ) -> Content {
        let until = self.texts.moment(expires_at);
        let why = if by_administrator { "reset-body-administrator" } else { "reset-body" };
        Content {
            body: vec![self.say(why, &[]), self.say("reset-unchanged", &[])],
            button: self.carry("reset-button", secret),
            condition: Some(self.say("reset-until", &[("until", &until)])),
            report: self.not_me(report),
            ..self.plain("reset", Some(first_name), &[("until", &until)])
        }
    }

    pub(super) fn temporary(&self, first_name: &PersonName, report: &TokenSecret) -> Content {
        Content {
            body: vec![self.say("temporary-body", &[]), self.say("temporary-once", &[])],
            button: self.log_in(),
            report: self.not_me(report),
            ..self.plain("temporary", Some(first_name), &[])
        }
    }

    pub(super) fn change_required(&self, first_name: &PersonName) -> Content {
        Content {
            body: vec![self.say("required-body", &[]), self.say("required-next", &[])],
            button: self.log_in(),
            other: self.forgot_password(),
            ..self.plain("required", Some(first_name), &[])
        }
    }

    pub(super) fn changed(&self, first_name: &PersonName, changed_at: Timestamp, report: &TokenSecret) -> Content {
        let when = self.texts.moment(changed_at);
        Content {
            body: vec![self.say("changed-body", &[("when", &when)]), self.say("changed-done", &[])],
            button: self.log_in(),
            report: self.not_me(report),
            ..self.plain("changed", Some(first_name), &[("when", &when)])
        }
    }

    /// To an administrator.
    pub(super) fn reported(&self, name: &str, address: &EmailAddress, account: AccountId) -> Content {
        let (name, address) = (defuse(name), defuse(address.as_str()));
        let arguments = [("name", name.as_str()), ("address", &address)];
        Content {
            body: vec![self.say("reported-body", &arguments), self.say("reported-done", &arguments)],
            button: self.page("reported-button", &format!("/admin/accounts/{account}")),
            ..self.plain("reported", None, &arguments)
        }
    }
}
