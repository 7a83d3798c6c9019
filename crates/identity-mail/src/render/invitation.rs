//! Mails about invitations.

use identity_core::{
    model::outbox::InvitationEmail,
    value::{AccessText, CompanyName, EmailAddress, Note, PersonName, Timestamp, TokenSecret},
};

use super::{
    content::{Content, Quote, Writer},
    defuse::defuse,
    encode::encoded,
};

/// Who offers what to whom.
struct Offer<'a> {
    first_name: &'a PersonName,
    /// Name and address.
    by: (&'a str, &'a EmailAddress),
    company: &'a CompanyName,
    offered: &'a [AccessText],
    note: Option<&'a Note>,
}

impl Writer<'_> {
    pub(super) fn about_invitation(&self, content: &InvitationEmail) -> Content {
        match content {
            InvitationEmail::Invited { first_name, inviter, inviter_address, company, note, secret, expires_at } => {
                let by = (inviter.as_str(), inviter_address);
                self.invitation(first_name.as_ref(), by, company, note.as_ref(), (secret, *expires_at))
            }
            InvitationEmail::RenewalRequested { invitee, company } => self.renewal(invitee, company),
            InvitationEmail::AccessOffered { first_name, inviter, inviter_address, company, offered, note, secret, expires_at } => {
                let offer = Offer { first_name, by: (inviter, inviter_address), company, offered, note: note.as_ref() };
                self.access_offered(&offer, (secret, *expires_at))
            }
            InvitationEmail::AccessGranted { first_name, inviter, granted, granted_at } => {
                self.access_granted(first_name, inviter, granted, *granted_at)
            }
            InvitationEmail::Accepted { name, address, company } => self.accepted(name, address, company),
        }
    }

    fn invitation(
        &self,
        first_name: Option<&PersonName>,
        (inviter, inviter_address): (&str, &EmailAddress),
        company: &CompanyName,
        note: Option<&Note>,
        (secret, expires_at): (&TokenSecret, Timestamp),
    ) -> Content {
        let (inviter, company, until) = (defuse(inviter), defuse(company.as_str()), self.texts.moment(expires_at));
        let arguments =
            [("inviter", inviter.as_str()), ("company", &company), ("until", &until), ("address", inviter_address.as_str())];
        Content {
            quote: note.map(|note| Quote {
                introduction: self.say("invitation-note", &arguments),
                lines: defuse(note.as_str()).lines().map(str::to_owned).collect(),
            }),
            button: self.carry("invitation-button", secret),
            condition: Some(self.say("invitation-until", &arguments)),
            ..self.plain("invitation", first_name, &arguments)
        }
    }

    fn renewal(&self, invitee: &EmailAddress, company: &CompanyName) -> Content {
        let (address, company) = (invitee.as_str(), defuse(company.as_str()));
        Content {
            button: self.page("renewal-button", &format!("/admin/invitations?q={}", encoded(address))),
            ..self.plain("renewal", None, &[("address", address), ("company", &company)])
        }
    }

    /// Names of roles and subscriptions as one text.
    fn named(&self, names: &[AccessText]) -> String {
        let separator = self.say("list-separator", &[]);
        names.iter().map(|name| defuse(&name.to_string())).collect::<Vec<_>>().join(&separator)
    }

    fn access_offered(&self, offer: &Offer<'_>, (secret, expires_at): (&TokenSecret, Timestamp)) -> Content {
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

    fn access_granted(&self, first_name: &PersonName, inviter: &str, granted: &[AccessText], granted_at: Timestamp) -> Content {
        let (inviter, granted, when) = (defuse(inviter), self.named(granted), self.texts.moment(granted_at));
        let arguments = [("inviter", inviter.as_str()), ("granted", &granted), ("when", &when)];
        let mut body = vec![self.say("access-granted-body", &arguments)];
        if !granted.is_empty() {
            body.push(self.say("access-granted-what", &arguments));
        }
        Content { body, button: self.log_in(), ..self.plain("access-granted", Some(first_name), &arguments) }
    }

    /// To the inviter.
    fn accepted(&self, name: &str, address: &EmailAddress, company: &CompanyName) -> Content {
        let (name, shown, company) = (defuse(name), defuse(address.as_str()), defuse(company.as_str()));
        Content {
            button: self.page("accepted-button", &format!("/admin/accounts?q={}", encoded(address.as_str()))),
            ..self.plain("accepted", None, &[("name", &name), ("address", &shown), ("company", &company)])
        }
    }
}

#[cfg(test)]
pub(super) mod examples {
    use identity_core::{
        model::outbox::{EmailContent, InvitationEmail},
        value::{AccessText, TokenKind},
    };

    use super::super::example::{Case, Example, address};

    /// One mail of each content, for the tests of what holds for every mail.
    pub(in crate::render) fn all(example: &Example<'_>) -> Vec<Case> {
        vec![
            example.of("invitation", &[], |secret| {
                EmailContent::Invitation(InvitationEmail::Invited {
                    first_name: Some(example.first_name()),
                    inviter: example.name(),
                    inviter_address: address("ada@acme.example"),
                    company: example.company(),
                    note: None,
                    secret: secret(TokenKind::Invitation),
                    expires_at: example.now,
                })
            }),
            example.of("renewal", &["/admin/invitations?q=grace%40example.org"], |_| {
                EmailContent::Invitation(InvitationEmail::RenewalRequested {
                    invitee: address("grace@example.org"),
                    company: example.company(),
                })
            }),
            example.of("access offered", &[], |secret| {
                EmailContent::Invitation(InvitationEmail::AccessOffered {
                    first_name: example.first_name(),
                    inviter: example.name(),
                    inviter_address: address("ada@acme.example"),
                    company: example.company(),
                    offered: ["Editor", "News"].iter().filter_map(|name| AccessText::parse(name).ok()).collect(),
                    note: None,
                    secret: secret(TokenKind::Invitation),
                    expires_at: example.now,
                })
            }),
            example.of("access granted", &["/login"], |_| {
                EmailContent::Invitation(InvitationEmail::AccessGranted {
                    first_name: example.first_name(),
                    inviter: example.name(),
                    granted: AccessText::parse(example.typed.company).into_iter().collect(),
                    granted_at: example.now,
                })
            }),
            example.of("accepted", &[&example.listed_page()], |_| {
                EmailContent::Invitation(InvitationEmail::Accepted {
                    name: example.name(),
                    address: example.address(),
                    company: example.company(),
                })
            }),
        ]
    }
}
