//! Mails about passwords, and getting back in without one.

use identity_core::{
    model::{
        outbox::{PasswordEmail, ResetCause},
        recovery::Reported,
    },
    value::{AccountId, EmailAddress, PersonName, Timestamp, TokenSecret},
};

use super::{
    content::{Content, Writer},
    defuse::defuse,
};

impl Writer<'_> {
    pub(super) fn about_password(&self, content: &PasswordEmail) -> Content {
        match content {
            PasswordEmail::Reset { first_name, secret, expires_at, report, cause, password_works } => {
                self.reset(first_name, (secret, *expires_at), report, (*cause, *password_works))
            }
            PasswordEmail::Temporary { first_name, report } => self.temporary(first_name, report),
            PasswordEmail::ChangeRequired { first_name } => self.change_required(first_name),
            PasswordEmail::Breached { first_name } => self.breached(first_name),
            PasswordEmail::Changed { first_name, changed_at, by_link, report } => {
                self.changed(first_name, (*changed_at, *by_link), report)
            }
            PasswordEmail::AccessReported { reported, name, address, account } => {
                self.reported(*reported, (name, address), *account)
            }
        }
    }

    fn reset(
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

    fn temporary(&self, first_name: &PersonName, report: &TokenSecret) -> Content {
        Content {
            body: vec![self.say("temporary-body", &[]), self.say("temporary-once", &[])],
            button: self.log_in(),
            report: self.not_me(report),
            ..self.plain("temporary", Some(first_name), &[])
        }
    }

    fn change_required(&self, first_name: &PersonName) -> Content {
        Content {
            body: vec![self.say("required-body", &[]), self.say("required-next", &[])],
            button: self.log_in(),
            other: self.forgot_password(),
            ..self.plain("required", Some(first_name), &[])
        }
    }

    fn breached(&self, first_name: &PersonName) -> Content {
        Content {
            body: vec![self.say("breached-body", &[]), self.say("breached-next", &[])],
            button: self.log_in(),
            other: self.forgot_password(),
            ..self.plain("breached", Some(first_name), &[])
        }
    }

    fn changed(&self, first_name: &PersonName, (changed_at, by_link): (Timestamp, bool), report: &TokenSecret) -> Content {
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
    fn reported(&self, reported: Reported, person: (&str, &EmailAddress), account: AccountId) -> Content {
        match reported {
            Reported::Reset => self.told("reported-link", person, "", account),
            Reported::Change => self.told("reported", person, "", account),
        }
    }

    /// What a person did to keep an account safe, what followed from it, and what is left to an administrator.
    pub(super) fn told(&self, kind: &str, (name, address): (&str, &EmailAddress), undone: &str, account: AccountId) -> Content {
        let (name, address, undone) = (defuse(name), defuse(address.as_str()), defuse(undone));
        let arguments = [("name", name.as_str()), ("address", &address), ("undone", &undone)];
        Content {
            body: vec![self.say(&format!("{kind}-body"), &arguments), self.say(&format!("{kind}-done"), &arguments)],
            button: self.page("reported-button", &format!("/admin/accounts/{account}")),
            ..self.plain(kind, None, &arguments)
        }
    }
}

#[cfg(test)]
pub(super) mod examples {
    use identity_core::{
        model::{
            outbox::{EmailContent, PasswordEmail, ResetCause},
            recovery::Reported,
        },
        value::{TokenKind, TokenSecret},
    };

    use super::super::example::{Case, Example};

    /// One mail of each content, for the tests of what holds for every mail.
    pub(in crate::render) fn all(example: &Example<'_>) -> Vec<Case> {
        let reset = |cause, password_works| {
            move |secret: &dyn Fn(TokenKind) -> TokenSecret| {
                EmailContent::Password(PasswordEmail::Reset {
                    first_name: example.first_name(),
                    secret: secret(TokenKind::Recovery),
                    expires_at: example.now,
                    report: secret(TokenKind::Report),
                    cause,
                    password_works,
                })
            }
        };
        let changed = |by_link| {
            move |secret: &dyn Fn(TokenKind) -> TokenSecret| {
                EmailContent::Password(PasswordEmail::Changed {
                    first_name: example.first_name(),
                    changed_at: example.now,
                    by_link,
                    report: secret(TokenKind::Report),
                })
            }
        };
        let reported = |reported| {
            move |_: &dyn Fn(TokenKind) -> TokenSecret| {
                EmailContent::Password(PasswordEmail::AccessReported {
                    reported,
                    name: example.name(),
                    address: example.address(),
                    account: example.account,
                })
            }
        };
        vec![
            example.of("reset", &[], reset(ResetCause::Asked, true)),
            example.of("reset of a dead password", &[], reset(ResetCause::Asked, false)),
            example.of("reset by an administrator", &[], reset(ResetCause::Administrator, true)),
            example.of("reset after a report", &[], reset(ResetCause::Reported, false)),
            example.of("reset after an undone address", &[], reset(ResetCause::EmailChangeUndone, false)),
            example.of("temporary", &["/login"], |secret| {
                EmailContent::Password(PasswordEmail::Temporary {
                    first_name: example.first_name(),
                    report: secret(TokenKind::Report),
                })
            }),
            example.of("required", &["/login", "/forgot-password"], |_| {
                EmailContent::Password(PasswordEmail::ChangeRequired { first_name: example.first_name() })
            }),
            example.of("breached", &["/login", "/forgot-password"], |_| {
                EmailContent::Password(PasswordEmail::Breached { first_name: example.first_name() })
            }),
            example.of("changed", &["/login"], changed(false)),
            example.of("changed by a link", &["/login"], changed(true)),
            example.of("reported", &[&example.account_page()], reported(Reported::Change)),
            example.of("reset reported", &[&example.account_page()], reported(Reported::Reset)),
        ]
    }
}
