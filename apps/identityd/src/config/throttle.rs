//! `[throttle]`: how often something may be tried.

use anyhow::{Error, anyhow};
use identity_core::model::throttle::{Rate, ThrottleSettings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::{Number, Text};

/// A limit as it is written, of one as the domain has it.
trait Limit {
    type Domain;

    fn written(domain: Self::Domain) -> Self;
    fn domain(&self) -> Self::Domain;
}

impl Limit for Text<Rate> {
    type Domain = Rate;

    fn written(domain: Rate) -> Self {
        Self(domain)
    }

    fn domain(&self) -> Rate {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> Limit for Number<MIN, MAX> {
    type Domain = u32;

    fn written(domain: u32) -> Self {
        Self::new(domain)
    }

    fn domain(&self) -> u32 {
        self.get()
    }
}

/// Each key with the field of [`ThrottleSettings`] that it sets and takes its default from.
macro_rules! limits {
    ($($table:ident: $name:ident { $($(#[$doc:meta])* $key:ident: $kind:ty = $($field:ident).+;)* })*) => {
        /// How often something may be tried. A rate is a number and a duration: `30/PT1M` is 30 a minute. See
        /// [throttles](operating.md#throttles).
        #[derive(Debug, Deserialize, Serialize, JsonSchema)]
        #[serde(default, deny_unknown_fields, expecting = "a table")]
        pub(super) struct Throttle {
            /// Whether anything is limited. `false` only where `http.listen` is the loopback.
            enabled: bool,
            $($table: $name,)*
        }

        $(
            #[derive(Debug, Deserialize, Serialize, JsonSchema)]
            #[serde(default, deny_unknown_fields, expecting = "a table")]
            struct $name { $($(#[$doc])* $key: $kind,)* }

            impl Default for $name {
                fn default() -> Self {
                    let standard = ThrottleSettings::default();
                    Self { $($key: Limit::written(standard.$($field).+),)* }
                }
            }
        )*

        impl Default for Throttle {
            fn default() -> Self {
                Self { enabled: ThrottleSettings::default().enabled, $($table: $name::default(),)* }
            }
        }

        impl Throttle {
            pub(super) fn settings(&self, is_loopback: bool) -> Result<ThrottleSettings, Error> {
                if !self.enabled && !is_loopback {
                    return Err(anyhow!("throttle.enabled: throttles can be off only where http.listen is the loopback"));
                }
                let mut settings = ThrottleSettings { enabled: self.enabled, ..ThrottleSettings::default() };
                $($(settings.$($field).+ = self.$table.$key.domain();)*)*
                Ok(settings)
            }
        }
    };
}

limits! {
    login: Login {
        /// How many passwords for one address may follow each other without a pause.
        free: Number<1, 100> = login.free;
        /// How many wrong passwords for one address there may be in a row (NIST SP 800-63B-4 §3.2.2).
        most: Number<1, 100> = login.most;
        /// Logins from one network.
        per_network: Text<Rate> = logins_per_network;
    }
    sign_up: SignUp {
        /// Sign-ups from one network.
        per_network: Text<Rate> = sign_ups_per_network;
    }
    recovery: Recovery {
        /// Forgotten passwords from one network.
        per_network: Text<Rate> = recoveries_per_network;
    }
    link: Link {
        /// Uses of links and codes from one network.
        per_network: Text<Rate> = links_per_network;
    }
    code: Code {
        /// How often a code may be tried (ASVS 5.0 V6.6.3).
        tries: Number<1, 10> = code_tries;
    }
    request: Request {
        /// Sign-ups for one address, and apart from them forgotten passwords.
        per_address: Text<Rate> = requests_per_address;
    }
    mail: Mail {
        /// Mails of one kind to one address that strangers can cause.
        per_address: Text<Rate> = mails_per_address;
        /// Invitations and links to a new password that administrators send to one address.
        by_administrators_per_address: Text<Rate> = administrators_mails_per_address;
        /// Mails that one sign-up asks for.
        per_flow: Text<Rate> = mails_per_flow;
    }
    password_check: PasswordCheck {
        /// Passwords that are judged for one network without setting any.
        per_network: Text<Rate> = checks_per_network;
    }
    invitation: Invitation {
        /// Invitations by one administrator. Sending one again counts.
        per_account: Text<Rate> = invitations_per_account;
        /// Invitations by all administrators of a company that somebody opened by signing up, until an operator trusts it. See
        /// [letting people sign up](operating.md#letting-people-sign-up).
        per_untrusted_company: Text<Rate> = invitations_per_untrusted_company;
    }
    email_change: EmailChange {
        /// Requests for another address by one account.
        per_account: Text<Rate> = email_changes_per_account;
    }
    picture: Picture {
        /// Pictures uploaded by one person.
        per_account: Text<Rate> = pictures_per_account;
    }
    export: Export {
        /// How often one person takes their data along.
        per_account: Text<Rate> = exports_per_account;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::typed::TextValue as _;

    #[test]
    fn a_default_reads_back_as_what_it_is() {
        let standard = ThrottleSettings::default();
        for rate in [standard.logins_per_network, standard.invitations_per_account, standard.invitations_per_untrusted_company] {
            assert_eq!(Rate::read(&rate.show()), Ok(rate));
        }
        assert_eq!(Throttle::default().settings(false).unwrap(), standard);
    }
}
