//! What people do for themselves: sign up, type a code, forget a password, change it, say that it was somebody else. And what an
//! administrator does for them.

use identity_core::{
    change::{Change, RegistrationChange},
    flow::{
        account::AdministrationError,
        password::{ChangePasswordCommand, ChangePasswordError},
        recovery::{AssistedResetError, PreviewRecoveryError, RecoveryError, ReportError, ResetCommand, ResetDone, ResetError},
        registration::{
            CompleteCommand, CompleteDone, CompleteError, Completed, DecisionError, PreviewRegistrationError, RegisterCommand,
            RegisterError, RegistrationPreview, VerifyCodeError,
        },
        session::{LogInCommand, LogInError, LoggedIn},
    },
    model::{
        account::Account,
        custom_field::RawInput,
        outbox::{
            AccountEmail, Email, EmailChangeEmail, EmailContent, InvitationEmail, PasswordEmail, RegistrationEmail, ResetCause,
        },
        password::Candidate,
        recovery::{CheckMethod, IdentityCheck, Reported},
        registration::{Registration, RegistrationState},
        session::{Client, SignedIn},
    },
    port::RegistrationQuery,
    value::{AccountId, CompanyName, CountryCode, Language, PersonName, RegistrationId, TokenSecret},
};

use crate::actors::{Admin, PASSWORD, World, address};

/// Another password that keeps every rule, and another one for each number.
pub(crate) fn another(number: usize) -> String {
    format!("Kx{number}-mnbvq!w")
}

/// A password that the policy of the tests accepts, and that is no password of anybody.
pub(crate) const WRONG: &str = "Wrong-pass-1!";

pub(crate) fn candidate(text: &str) -> Candidate {
    Candidate::new(text).unwrap()
}

/// A client at that address.
pub(crate) fn at(network: &str) -> Client {
    Client::new(Some(network.parse().unwrap()), Some("Test/1.0"))
}

/// What a mail to somebody who signed up brought.
#[derive(Clone)]
pub(crate) struct ActivationMail {
    pub(crate) link: Option<TokenSecret>,
    pub(crate) code: Option<String>,
}

/// What a mail to somebody who forgot the password brought.
#[derive(Clone)]
pub(crate) struct ResetMail {
    pub(crate) link: TokenSecret,
    pub(crate) report: TokenSecret,
    pub(crate) cause: ResetCause,
    pub(crate) password_works: bool,
}

impl World {
    // Mail.

    pub(crate) fn mails_to(&self, email: &str) -> Vec<Email> {
        self.mails().into_iter().filter(|mail| mail.to.as_str() == email).collect()
    }

    /// The activation mails to an address, the newest last.
    pub(crate) fn activations_to(&self, email: &str) -> Vec<ActivationMail> {
        let mails = self.mails_to(email).into_iter().filter_map(|mail| match mail.content {
            EmailContent::Registration(RegistrationEmail::Activation { link, code }) => {
                Some(ActivationMail { link: link.map(|(secret, _)| secret), code: code.map(|(code, _)| code.expose().to_owned()) })
            }
            _ => None,
        });
        mails.collect()
    }

    pub(crate) fn activation_to(&self, email: &str) -> ActivationMail {
        self.activations_to(email).pop().expect("an activation mail")
    }

    pub(crate) fn activation_link(&self, email: &str) -> TokenSecret {
        self.activation_to(email).link.expect("a link in an activation mail")
    }

    /// The mails with a link to a new password to an address, the newest last.
    pub(crate) fn resets_to(&self, email: &str) -> Vec<ResetMail> {
        let mails = self.mails_to(email).into_iter().filter_map(|mail| match mail.content {
            EmailContent::Password(PasswordEmail::Reset { secret, report, cause, password_works, .. }) => {
                Some(ResetMail { link: secret, report, cause, password_works })
            }
            _ => None,
        });
        mails.collect()
    }

    pub(crate) fn reset_to(&self, email: &str) -> ResetMail {
        self.resets_to(email).pop().expect("a mail with a link to a new password")
    }

    /// "This wasn't me" in the mails that say that a password was set, the newest last.
    pub(crate) fn change_reports_to(&self, email: &str) -> Vec<TokenSecret> {
        let mails = self.mails_to(email).into_iter().filter_map(|mail| match mail.content {
            EmailContent::Password(PasswordEmail::Changed { report, .. })
            | EmailContent::Password(PasswordEmail::Temporary { report, .. })
            | EmailContent::Account(AccountEmail::SecurityQuestionsChanged { report, .. }) => Some(report),
            _ => None,
        });
        mails.collect()
    }

    /// What the mails of the next rounds are about, with their addresses, until there is no more to send.
    pub(crate) async fn posts(&self) -> Vec<(String, &'static str)> {
        let before = self.mails().len();
        while self.works_the_outbox_off().await.unwrap().claimed > 0 {}
        let mails = self.mails().split_off(before);
        mails.iter().map(|mail| (mail.to.as_str().to_owned(), about(mail))).collect()
    }

    // Signing up.

    pub(crate) async fn signs_up(&self, email: &str) -> Result<TokenSecret, RegisterError> {
        self.signs_up_as(sign_up(email)).await
    }

    pub(crate) async fn signs_up_as(&self, command: RegisterCommand) -> Result<TokenSecret, RegisterError> {
        self.flows().register.run(command).await
    }

    /// Somebody signs up and the mail is delivered; the flow and what the mail brought.
    pub(crate) async fn signed_up(&self, email: &str) -> (TokenSecret, ActivationMail) {
        let flow = self.signs_up(email).await.unwrap();
        self.posts().await;
        (flow, self.activation_to(email))
    }

    /// Asks for the mail again, after the pause that there is between two.
    pub(crate) async fn asks_again_by(&self, flow: &TokenSecret) -> Result<(), RegisterError> {
        self.passes("PT1M");
        self.flows().resend_activation.by_flow(flow, &Client::default()).await
    }

    pub(crate) async fn asks_again_for(&self, email: &str) -> Result<(), RegisterError> {
        self.flows().resend_activation.by_address(address(email), None, &Client::default()).await
    }

    pub(crate) async fn types(&self, flow: &TokenSecret, code: &str) -> Result<TokenSecret, VerifyCodeError> {
        self.flows().verify_code.run(flow, code, &Client::default()).await
    }

    pub(crate) async fn looks_at_registration(&self, link: &TokenSecret) -> Result<RegistrationPreview, PreviewRegistrationError> {
        self.flows().preview_registration.run(link).await
    }

    /// Completes a registration with what was typed at the sign-up.
    pub(crate) async fn completes(&self, link: &TokenSecret) -> Result<Completed, CompleteError> {
        self.completes_as(completion(link)).await
    }

    pub(crate) async fn completes_as(&self, command: CompleteCommand) -> Result<Completed, CompleteError> {
        Ok(self.completes_in_a_browser(command).await?.completed)
    }

    /// Completes a registration, and keeps what the browser is to be known by.
    pub(crate) async fn completes_in_a_browser(&self, command: CompleteCommand) -> Result<CompleteDone, CompleteError> {
        self.flows().complete_registration.run(command).await
    }

    /// An activation link opens nothing.
    pub(crate) async fn activates_nothing(&self, link: &TokenSecret) {
        let (accounts, commits) = (self.accounts_opened(), self.history().len());
        let looked = self.looks_at_registration(link).await;
        assert!(matches!(looked, Err(PreviewRegistrationError::DeadLink)), "{looked:?}");
        let completed = self.completes(link).await;
        assert!(matches!(completed, Err(CompleteError::DeadLink)), "{completed:?}");
        assert_eq!((self.accounts_opened(), self.history().len()), (accounts, commits), "a dead link changed something");
    }

    /// Every registration that was ever opened, as it is now, the oldest first; those that were swept are not there.
    pub(crate) async fn registrations(&self) -> Vec<Registration> {
        let mut found = Vec::new();
        for change in self.changes() {
            if let Change::Registration(RegistrationChange::Open(opened)) = change {
                found.extend(self.store().registration(opened.id).await.unwrap());
            }
        }
        found
    }

    pub(crate) async fn registration_of(&self, flow: &TokenSecret) -> Registration {
        self.store().registration_by_flow(&flow.digest()).await.unwrap().expect("a registration")
    }

    // Recovering.

    pub(crate) async fn forgets(&self, email: &str) -> Result<(), RecoveryError> {
        self.flows().request_recovery.run(address(email), None, &Client::default()).await
    }

    /// Somebody asks for a new password and the mail is delivered.
    pub(crate) async fn has_forgotten(&self, email: &str) -> ResetMail {
        self.forgets(email).await.unwrap();
        self.posts().await;
        self.reset_to(email)
    }

    pub(crate) async fn resets(&self, link: &TokenSecret, password: &str) -> Result<ResetDone, ResetError> {
        let command = ResetCommand {
            secret: link.clone(),
            password: candidate(password),
            confirmation: candidate(password),
            answer: None,
            client: Client::default(),
        };
        self.flows().reset_password.run(command).await
    }

    pub(crate) async fn reports(&self, report: &TokenSecret) -> Result<Reported, ReportError> {
        self.flows().report_access.run(report, &Client::default()).await
    }

    /// Whether a link to a new password works.
    pub(crate) async fn recovers(&self, link: &TokenSecret) -> bool {
        match self.flows().preview_recovery.run(link).await {
            Ok(_) => true,
            Err(PreviewRecoveryError::DeadLink) => false,
            Err(PreviewRecoveryError::Fault(error)) => panic!("{error:?}"),
        }
    }

    /// A link to a new password opens nothing.
    pub(crate) async fn recovers_nothing(&self, link: &TokenSecret) {
        let commits = self.history().len();
        assert!(!self.recovers(link).await);
        let reset = self.resets(link, &another(99)).await;
        assert!(matches!(reset, Err(ResetError::DeadLink)), "{reset:?}");
        assert_eq!(self.history().len(), commits, "a dead link changed something");
    }

    // Signing in.

    pub(crate) async fn tries(
        &self,
        email: &str,
        password: &str,
        (device, client): (Option<&TokenSecret>, Client),
    ) -> Result<LoggedIn, LogInError> {
        let (email, password) = (address(email), candidate(password));
        self.flows()
            .log_in
            .run(LogInCommand { replaces: None, email, password, remember: false, device: device.cloned(), client })
            .await
    }

    /// Tries a password from nowhere in particular.
    pub(crate) async fn guesses(&self, email: &str, password: &str) -> Result<LoggedIn, LogInError> {
        self.tries(email, password, (None, Client::default())).await
    }

    pub(crate) async fn changes_password(
        &self,
        session: &TokenSecret,
        current: &str,
        password: &str,
    ) -> Result<(), ChangePasswordError> {
        let signed_in = self.session(session).await.expect("somebody who is logged in");
        self.changes_password_of(&signed_in, current, password).await
    }

    pub(crate) async fn changes_password_of(
        &self,
        signed_in: &SignedIn,
        current: &str,
        password: &str,
    ) -> Result<(), ChangePasswordError> {
        let command = ChangePasswordCommand {
            current: Some(candidate(current)),
            password: candidate(password),
            confirmation: candidate(password),
            client: Client::default(),
        };
        self.flows().change_password.run(signed_in, command).await
    }

    /// How often a hash was compared since the calls were last counted from zero.
    pub(crate) fn verifications(&self) -> usize {
        self.kit().faults.trace().into_iter().filter(|call| *call == "verify").count()
    }
}

/// What a mail is about, in a word.
pub(crate) const fn about(mail: &Email) -> &'static str {
    match mail.content {
        EmailContent::Invitation(InvitationEmail::Invited { .. }) => "invitation",
        EmailContent::Invitation(InvitationEmail::RenewalRequested { .. }) => "renewal requested",
        EmailContent::Registration(RegistrationEmail::Activation { .. }) => "activation",
        EmailContent::Registration(RegistrationEmail::AlreadyRegistered { .. }) => "already registered",
        EmailContent::Registration(RegistrationEmail::Waits { .. }) => "registration waits",
        EmailContent::Registration(RegistrationEmail::Approved { .. }) => "registration approved",
        EmailContent::Registration(RegistrationEmail::Rejected { .. }) => "registration rejected",
        EmailContent::Password(PasswordEmail::Reset { cause: ResetCause::Asked | ResetCause::Administrator, .. }) => "reset",
        EmailContent::Password(PasswordEmail::Reset { cause: ResetCause::Reported, .. }) => "reset after a report",
        EmailContent::Password(PasswordEmail::Reset { cause: ResetCause::EmailChangeUndone, .. }) => {
            "reset after an undone address"
        }
        EmailContent::Password(PasswordEmail::Temporary { .. }) => "temporary password",
        EmailContent::Password(PasswordEmail::ChangeRequired { .. }) => "password change required",
        EmailContent::Password(PasswordEmail::Breached { .. }) => "password breached",
        EmailContent::Password(PasswordEmail::Changed { by_link: false, .. }) => "password changed",
        EmailContent::Password(PasswordEmail::Changed { by_link: true, .. }) => "password reset",
        EmailContent::Password(PasswordEmail::AccessReported { reported: Reported::Reset, .. }) => "reset reported",
        EmailContent::Password(PasswordEmail::AccessReported { reported: Reported::Change, .. }) => "access reported",
        EmailContent::EmailChange(EmailChangeEmail::Undone { .. }) => "address undone",
        EmailContent::Invitation(InvitationEmail::AccessOffered { .. }) => "access offered",
        EmailContent::Invitation(InvitationEmail::AccessGranted { .. }) => "access granted",
        EmailContent::EmailChange(EmailChangeEmail::Confirmation { .. }) => "confirm address",
        EmailContent::EmailChange(EmailChangeEmail::Announced { .. }) => "address announced",
        EmailContent::EmailChange(EmailChangeEmail::Changed { .. }) => "address changed",
        EmailContent::Account(AccountEmail::SignedIn { .. }) => "signed in",
        EmailContent::Invitation(InvitationEmail::Accepted { .. }) => "invitation accepted",
        EmailContent::Account(AccountEmail::SecurityQuestionsChanged { is_first: true, .. }) => "security questions set",
        EmailContent::Account(AccountEmail::SecurityQuestionsChanged { is_first: false, .. }) => "security questions changed",
        EmailContent::Account(AccountEmail::DeletionRequested { .. }) => "deletion requested",
        EmailContent::Account(AccountEmail::DeletionUndone { with_address: false, .. }) => "deletion undone",
        EmailContent::Account(AccountEmail::DeletionUndone { with_address: true, .. }) => "deletion undone with the address",
    }
}

/// What is expected of [`World::posts`].
pub(crate) fn mails<const N: usize>(expected: [(&str, &'static str); N]) -> Vec<(String, &'static str)> {
    expected.into_iter().map(|(to, about)| (to.to_owned(), about)).collect()
}

/// Grace Hopper of the company Navy, in the United States.
pub(crate) fn sign_up(email: &str) -> RegisterCommand {
    sign_up_as(email, ("Grace", "Hopper"), "Navy")
}

pub(crate) fn sign_up_as(email: &str, (first, last): (&str, &str), company: &str) -> RegisterCommand {
    RegisterCommand {
        email: address(email),
        first_name: PersonName::parse(first).unwrap(),
        last_name: PersonName::parse(last).unwrap(),
        company_name: CompanyName::parse(company).unwrap(),
        country: CountryCode::parse("US").unwrap(),
        language: None,
        fields: RawInput::new(),
        client: Client::default(),
    }
}

/// The terms agreed to, the usual password, and everything else as it was typed at the sign-up.
pub(crate) fn completion(link: &TokenSecret) -> CompleteCommand {
    CompleteCommand {
        secret: link.clone(),
        first_name: None,
        last_name: None,
        company_name: None,
        country: None,
        password: candidate(PASSWORD),
        password_confirmation: candidate(PASSWORD),
        accepted_terms: Some(1),
        language: Some(Language::english()),
        time_zone: None,
        fields: None,
        client: Client::default(),
    }
}

/// The account that a completed registration opened.
pub(crate) fn opened(completed: Completed) -> Account {
    match completed {
        Completed::Account(account) => *account,
        Completed::AwaitingApproval => panic!("an operator decides"),
    }
}

pub(crate) fn check() -> IdentityCheck {
    IdentityCheck::new(CheckMethod::VideoCall, "Knew the number of the badge").unwrap()
}

impl Admin {
    pub(crate) async fn mails_a_reset(&self, id: AccountId) -> Result<(), AssistedResetError> {
        self.world().flows().reset_for_somebody.by_link(self.proof(), id, &check()).await
    }

    /// Sets a temporary password; answers it as it is shown.
    pub(crate) async fn sets_a_temporary_password(&self, id: AccountId) -> Result<String, AssistedResetError> {
        let set = self.world().flows().reset_for_somebody.by_temporary_password(self.proof(), id, &check()).await;
        set.map(|(shown, _)| shown.expose().to_owned())
    }

    pub(crate) async fn requires_a_new_password(&self, id: AccountId) -> Result<Account, AdministrationError> {
        self.world().flows().account_security.require_password_change(self.proof(), id).await
    }

    pub(crate) async fn ends_sessions(&self, id: AccountId) -> Result<(), AdministrationError> {
        self.world().flows().account_security.end_sessions(self.proof(), id).await
    }

    pub(crate) async fn unlocks(&self, id: AccountId) -> Result<(), AdministrationError> {
        self.world().flows().account_security.unlock(self.proof(), id).await
    }

    pub(crate) async fn approves(&self, id: RegistrationId) -> Result<Account, DecisionError> {
        self.world().flows().decide_registration.approve(&self.as_operator(), id).await
    }

    pub(crate) async fn rejects(&self, id: RegistrationId) -> Result<Registration, DecisionError> {
        self.world().flows().decide_registration.reject(&self.as_operator(), id).await
    }

    /// Who waits for approval, the longest first.
    pub(crate) async fn sees_waiting(&self) -> Vec<Registration> {
        let query = RegistrationQuery { state: RegistrationState::AwaitingApproval, after: None, limit: 200 };
        self.world().flows().decide_registration.list(&self.as_operator(), &query).await.unwrap().items
    }
}
