//! Mails about invitations for somebody who has an account.

use identity_core::value::{AccessText, CompanyName, EmailAddress, Note, PersonName, Timestamp, TokenSecret};

use super::{
    content::{Content, Quote, Writer},
    defuse::defuse,
};

/// Who offers what to whom.
pub(super) struct Offer<'a> {
    pub(super) first_name: &'a PersonName,
    /// Name and address.
    pub(super) by: (&'a str, &'a EmailAddress),
    pub(super) company: &'a CompanyName,
    pub(super) offered: &'a [AccessText],
    pub(super) note: Option<&'a Note>,
}

impl Writer<'_> {
    /// Names of roles and subscriptions as one text.
    fn named(&self, names: &[AccessText]) -> String {
        let separator = self.say("list-separator", &[]);
        names.iter().map(|name| defuse(&name.to_string())).collect::<Vec<_>>().join(&separator)
    }

    pub(super) fn access_offered(&self, offer: &Offer<'_>, (secret, expires_at): (&TokenSecret, Timestamp)) -> Content {
        let (inviter, company) = (defuse(offer.by.0), defuse(offer.company.as_str()));
        let (until, offered) = (self.texts.moment(expires_at), self.named(offer.offered));
        let arguments = [
            ("inviter", inviter.as_str()),
            ("company", &company),
            ("until", &until),
            ("address", offer.by.1.as_str()),
            ("offered", &offered),
        ];
        let mut body = vec![self.say("access-offered-body", &arguments)];
        if !offered.is_empty() {
            body.push(self.say("access-offered-what", &arguments));
        }
        Content {
            body,
            quote: offer.note.map(|note| Quote {
                introduction: self.say("invitation-note", &arguments),
                lines: defuse(note.as_str()).lines().map(str::to_owned).collect(),
            }),
            button: self.carry("access-offered-button", secret),
            condition: Some(self.say("invitation-until", &arguments)),
            ..self.plain("access-offered", Some(offer.first_name), &arguments)
        }
    }

    pub(super) fn access_granted(
        &self,
        first_name: &PersonName,
        inviter: &str,
        granted: &[AccessText],
        granted_at: Timestamp,
    ) -> Content {
        let (inviter, granted, when) = (defuse(inviter), self.named(granted), self.texts.moment(granted_at));
        let arguments = [("inviter", inviter.as_str()), ("granted", &granted), ("when", &when)];
        let mut body = vec![self.say("access-granted-body", &arguments)];
        if !granted.is_empty() {
            body.push(self.say("access-granted-what", &arguments));
        }
        Content { body, button: self.log_in(), ..self.plain("access-granted", Some(first_name), &arguments) }
    }
}
