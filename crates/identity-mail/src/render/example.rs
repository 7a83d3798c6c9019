//! Mails for tests: what people typed, harmless and hostile, and where each mail leads.

use std::{cell::RefCell, collections::BTreeSet};

use identity_core::{
    model::{
        outbox::{Email, EmailContent},
        registration::Code,
    },
    port::IdSource,
    value::{AccountId, CompanyName, EmailAddress, Language, PersonName, PublicUrl, TimeZone, Timestamp, TokenKind, TokenSecret},
};
use identity_testkit::SeededEntropy;
use secrecy::ExposeSecret as _;

use super::{account, email_change, encode::encoded, invitation, password, registration};

pub(super) const ORIGIN: &str = "https://id.example.org";
pub(super) const CODE: &str = "01234567";

/// A mail and what its parts are to lead to.
pub(super) struct Case {
    pub(super) kind: &'static str,
    pub(super) email: Email,
    pub(super) links: BTreeSet<String>,
}

/// What people typed.
pub(super) struct Typed {
    pub(super) first_name: &'static str,
    pub(super) full_name: &'static str,
    pub(super) company: &'static str,
    pub(super) address: &'static str,
    pub(super) device: &'static str,
}

pub(super) const PLAIN: Typed = Typed {
    first_name: "Grace",
    full_name: "Grace Hopper",
    company: "Acme & Sons",
    address: "grace@example.org",
    device: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
};
pub(super) const HOSTILE: Typed = Typed {
    first_name: "www.evil.example & \"Co\" 'x'",
    full_name: "<b>Eve</b> https://evil.example/x\r\nBcc: eve@evil.example",
    company: "<i>www.evil.example</i>",
    address: "a+www.evil.example/x@sub.evil.example",
    device: "<b>Eve</b> https://evil.example/x",
};

pub(super) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// Makes mails, each with secrets of its own.
pub(super) struct Example<'a> {
    ids: IdSource<'a>,
    language: &'a str,
    pub(super) typed: &'a Typed,
    pub(super) now: Timestamp,
    pub(super) account: AccountId,
}

impl Example<'_> {
    /// A mail, and where it leads beside its secrets.
    pub(super) fn of(
        &self,
        kind: &'static str,
        links: &[&str],
        content: impl FnOnce(&dyn Fn(TokenKind) -> TokenSecret) -> EmailContent,
    ) -> Case {
        let minted = RefCell::new(Vec::new());
        let content = content(&|kind| {
            let secret = self.ids.secret(kind).unwrap();
            minted.borrow_mut().push(PublicUrl::parse(ORIGIN).unwrap().link(&secret).unwrap().expose_secret().to_owned());
            secret
        });
        let links = links.iter().map(|path| format!("{ORIGIN}{path}")).chain(minted.into_inner()).collect();
        let language = Language::parse(self.language).unwrap();
        let (id, written_at) = (self.ids.id().unwrap(), self.ids.now());
        let to = address("to@example.org");
        Case { kind, email: Email { id, to, language, time_zone: TimeZone::default(), written_at, content }, links }
    }

    pub(super) fn first_name(&self) -> PersonName {
        PersonName::parse(self.typed.first_name).unwrap()
    }

    pub(super) fn name(&self) -> String {
        self.typed.full_name.to_owned()
    }

    pub(super) fn company(&self) -> CompanyName {
        CompanyName::parse(self.typed.company).unwrap()
    }

    pub(super) fn address(&self) -> EmailAddress {
        address(self.typed.address)
    }

    pub(super) fn code(&self) -> Option<(Code, Timestamp)> {
        Some((Code::parse(CODE).unwrap(), self.now))
    }

    /// The page of the account for administrators.
    pub(super) fn account_page(&self) -> String {
        format!("/admin/accounts/{}", self.account)
    }

    /// The list of accounts with that address.
    pub(super) fn listed_page(&self) -> String {
        format!("/admin/accounts?q={}", encoded(self.typed.address))
    }
}

/// One mail of each content, at least.
pub(super) fn every(language: &str, typed: &Typed) -> Vec<Case> {
    let entropy = SeededEntropy::new(1);
    let now = Timestamp::from_second(1_795_000_000).unwrap();
    let ids = IdSource::new(now, &entropy);
    let account = ids.id::<AccountId>().unwrap();
    let example = Example { ids, language, typed, now, account };
    let all = [
        invitation::examples::all(&example),
        registration::examples::all(&example),
        password::examples::all(&example),
        email_change::examples::all(&example),
        account::examples::all(&example),
    ];
    all.into_iter().flatten().collect()
}
