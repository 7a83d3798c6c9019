//! Mails about registrations.

use crate::{
    model::registration::Code,
    value::{CompanyName, EmailAddress, PersonName, RegistrationId, Timestamp, TokenSecret},
};

super::mail_kinds! {
    /// What happened that a mail about registrations tells of.
    pub enum RegistrationMail {
        /// Somebody signed up with an address, or asked for the mail again.
        Activation { registration: RegistrationId as Registration, generation } = "activation";
        /// Somebody who knows the address asked for the activation mail again.
        ActivationAgain = "activation_again";
        /// A person waits for approval: tell an operator.
        Waits { registration: RegistrationId as Registration } = "registration_waits" switched by RegistrationWaits;
        /// An operator let a person in.
        Approved { registration: RegistrationId as Registration } = "registration_approved";
        /// An operator did not let a person in.
        Rejected { registration: RegistrationId as Registration } = "registration_rejected";
    }
}

/// What a mail about registrations says.
#[derive(Clone, Debug)]
pub enum RegistrationEmail {
    /// Somebody signed up with your address: activate it. A stranger may have typed all of the sign-up, so nothing of it is said.
    Activation {
        /// The secret of the link and until when it works, where mails carry one.
        link: Option<(TokenSecret, Timestamp)>,
        /// The code and until when it works, where mails carry one.
        code: Option<(Code, Timestamp)>,
    },
    /// Somebody signed up with your address, and you have an account.
    AlreadyRegistered {
        /// The account's first name.
        first_name: PersonName,
    },
    /// A person waits for approval.
    Waits {
        /// The person's full name.
        name: String,
        /// The person's address.
        address: EmailAddress,
        /// The company to be opened.
        company: CompanyName,
    },
    /// You are in.
    Approved {
        /// The person's first name.
        first_name: PersonName,
    },
    /// You were not let in.
    Rejected {
        /// The person's first name.
        first_name: PersonName,
    },
}
