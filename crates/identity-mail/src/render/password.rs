//! Mails about passwords.

use identity_core::{
    model::{outbox::ResetCause, recovery::Reported},
    value::{AccountId, EmailAddress, PersonName, Timestamp, TokenSecret},
};

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
        (cause, password_works): (ResetCause, bool),
    ) -> Content {
        let until = self.texts.moment(expires_at);
        let (kind, why) = match cause {
            ResetCause::Asked => ("reset", "reset-body"),
            ResetCause::Administrator => ("reset", "reset-body-administrator"),
            ResetCause::Reported => ("reset-reported", "reset-reported-body"),
            ResetCause::EmailChangeUndone => ("reset-undone", "reset-undone-body"),
        };
        let password = if password_works { "reset-unchanged" } else { "reset-ended" };
        Content {
            body: vec![self.say(why, &[]), self.say(password, &[])],
            button: self.carry("reset-button", secret),
            condition: Some(self.say("reset-until", &[("until", &until)])),
            report: self.not_me(report),
            ..self.plain(kind, Some(first_name), &[("until", &until)])
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

    pub(super) fn breached(&self, first_name: &PersonName) -> Content {
        Content {
            body: vec![self.say("breached-body", &[]), self.say("breached-next", &[])],
            button: self.log_in(),
            other: self.forgot_password(),
            ..self.plain("breached", Some(first_name), &[])
        }
    }

    pub(super) fn changed(
        &self,
        first_name: &PersonName,
        (changed_at, by_link): (Timestamp, bool),
        report: &TokenSecret,
    ) -> Content {
        let when = self.texts.moment(changed_at);
        let (what, done) = if by_link { ("changed-body-link", "changed-done-link") } else { ("changed-body", "changed-done") };
        Content {
            body: vec![self.say(what, &[("when", &when)]), self.say(done, &[])],
            button: self.log_in(),
            report: self.not_me(report),
            ..self.plain("changed", Some(first_name), &[("when", &when)])
        }
    }

    /// To an administrator.
    pub(super) fn reported(&self, reported: Reported, person: (&str, &EmailAddress), account: AccountId) -> Content {
        match reported {
            Reported::Reset => self.told("reported-link", person, "", account),
            Reported::Change => self.told("reported", person, "", account),
        }
    }

    /// To an administrator.
    pub(super) fn email_undone(&self, person: (&str, &EmailAddress), undone: &EmailAddress, account: AccountId) -> Content {
        self.told("email-undone", person, undone.as_str(), account)
    }

    /// What a person did to keep an account safe, what followed from it, and what is left to an administrator.
    fn told(&self, kind: &str, (name, address): (&str, &EmailAddress), undone: &str, account: AccountId) -> Content {
        let (name, address, undone) = (defuse(name), defuse(address.as_str()), defuse(undone));
        let arguments = [("name", name.as_str()), ("address", &address), ("undone", &undone)];
        Content {
            body: vec![self.say(&format!("{kind}-body"), &arguments), self.say(&format!("{kind}-done"), &arguments)],
            button: self.page("reported-button", &format!("/admin/accounts/{account}")),
            ..self.plain(kind, None, &arguments)
        }
    }
}
