//! Mails about what happens around an account.

use identity_core::{
    model::session::Client,
    value::{CompanyName, EmailAddress, PersonName, Timestamp, TokenSecret},
};

use super::{
    content::{Content, Writer},
    defuse::defuse,
    invitation::encoded,
};

impl Writer<'_> {
    /// What a browser says of itself is whatever somebody made it say: only names that are known are said again.
    pub(super) fn signed_in(&self, first_name: &PersonName, at: Timestamp, client: &Client, report: &TokenSecret) -> Content {
        let when = self.texts.moment(at);
        let device = self.device(client.device.as_deref());
        let network = client.address.map_or_else(|| self.say("signed-in-unknown", &[]), |address| address.to_string());
        let arguments = [("when", when.as_str()), ("device", &device), ("network", &network)];
        Content {
            body: vec![
                self.say("signed-in-body", &arguments),
                self.say("signed-in-details", &arguments),
                self.say("signed-in-fine", &[]),
            ],
            button: self.page("signed-in-button", "/account"),
            report: self.not_me(report),
            ..self.plain("signed-in", Some(first_name), &arguments)
        }
    }

    pub(super) fn questions_changed(
        &self,
        first_name: &PersonName,
        (changed_at, is_first): (Timestamp, bool),
        report: &TokenSecret,
    ) -> Content {
        let when = self.texts.moment(changed_at);
        let kind = if is_first { "questions-set" } else { "questions-changed" };
        Content {
            button: self.page("questions-changed-button", "/account/security"),
            report: self.not_me(report),
            ..self.plain(kind, Some(first_name), &[("when", &when)])
        }
    }

    /// To the inviter.
    pub(super) fn accepted(&self, name: &str, address: &EmailAddress, company: &CompanyName) -> Content {
        let (name, shown, company) = (defuse(name), defuse(address.as_str()), defuse(company.as_str()));
        Content {
            button: self.page("accepted-button", &format!("/admin/accounts?q={}", encoded(address.as_str()))),
            ..self.plain("accepted", None, &[("name", &name), ("address", &shown), ("company", &company)])
        }
    }

    fn device(&self, user_agent: Option<&str>) -> String {
        let known = |names: &[(&str, &'static str)]| {
            let agent = user_agent.unwrap_or_default();
            names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
        };
        match (known(&BROWSERS), known(&SYSTEMS)) {
            (Some(browser), Some(system)) => self.say("signed-in-device", &[("browser", browser), ("system", system)]),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => self.say("signed-in-unknown", &[]),
        }
    }
}

/// What a browser says of itself, and its name; those that say the names of others too come first.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];
