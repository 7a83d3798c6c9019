//! What the holder of an invitation's link does.

use identity_core::{
    change::Unavailable,
    flow::invitation::{
        AcceptAccessCommand, AcceptAccessError, AcceptCommand, AcceptDone, AcceptError, AcceptedAccess, DeclineError, Preview,
        PreviewError,
    },
    model::{
        account::Account,
        custom_field::RawInput,
        password::Candidate,
        session::{Client, CurrentUser},
        terms::TermsNumber,
    },
    value::{CompanyName, Language, PersonName, TokenSecret},
};

use super::{PASSWORD, World, address};

/// The holder of a link, in front of the registration page.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(super) world: World,
    pub(crate) link: TokenSecret,
    pub(super) name: (&'static str, &'static str),
    pub(super) email: Option<&'static str>,
    pub(super) company: Option<&'static str>,
    pub(super) confirmation: Option<&'static str>,
    pub(super) agrees_to: Option<TermsNumber>,
    pub(super) answers: RawInput,
}

impl Visitor {
    /// Answers the operator's fields.
    pub(crate) fn answering(self, answers: RawInput) -> Self {
        Self { answers, ..self }
    }

    pub(crate) fn named(self, first: &'static str, last: &'static str) -> Self {
        Self { name: (first, last), ..self }
    }

    /// Fills in an address, where the form asks for one.
    pub(crate) fn from(self, email: &'static str) -> Self {
        Self { email: Some(email), ..self }
    }

    /// Fills in a company's name, where the form asks for one.
    pub(crate) fn company(self, name: &'static str) -> Self {
        Self { company: Some(name), ..self }
    }

    pub(crate) fn confirming(self, password: &'static str) -> Self {
        Self { confirmation: Some(password), ..self }
    }

    pub(crate) fn agreeing_to(self, terms: Option<TermsNumber>) -> Self {
        Self { agrees_to: terms, ..self }
    }

    pub(crate) async fn registers(&self) -> Result<Account, AcceptError> {
        self.registers_with(PASSWORD).await
    }

    pub(crate) async fn registers_with(&self, password: &str) -> Result<Account, AcceptError> {
        Ok(self.registers_in_a_browser(password).await?.account)
    }

    /// Registers, and keeps what the browser is to be known by.
    pub(crate) async fn registers_in_a_browser(&self, password: &str) -> Result<AcceptDone, AcceptError> {
        let command = AcceptCommand {
            secret: self.link.clone(),
            email: self.email.map(address),
            company_name: self.company.map(|name| CompanyName::parse(name).unwrap()),
            first_name: PersonName::parse(self.name.0).unwrap(),
            last_name: PersonName::parse(self.name.1).unwrap(),
            password: Candidate::new(password).unwrap(),
            password_confirmation: Candidate::new(self.confirmation.unwrap_or(password)).unwrap(),
            accepted_terms: self.agrees_to,
            language: Some(Language::english()),
            time_zone: None,
            fields: self.answers.clone(),
            client: Client::default(),
        };
        self.world.flows().accept.run(command).await
    }

    /// Looks, as a GET does.
    pub(crate) async fn looks(&self) -> Result<Preview, PreviewError> {
        self.world.flows().preview.run(&self.link).await
    }

    /// Looks, and is noticed.
    pub(crate) async fn opens(&self) -> Result<Preview, PreviewError> {
        self.world.flows().preview.open(&self.link).await
    }

    /// Agrees, with the account that is signed in.
    pub(crate) async fn takes(&self, signed_in: &CurrentUser) -> Result<AcceptedAccess, AcceptAccessError> {
        let command = AcceptAccessCommand { secret: self.link.clone(), accepted_terms: self.agrees_to, client: Client::default() };
        self.world.flows().accept_access.run(signed_in, command).await
    }

    pub(crate) async fn declines(&self) -> Result<(), DeclineError> {
        self.world.flows().decline.run(&self.link, &Client::default()).await
    }

    pub(crate) async fn asks_for_a_new_one(&self) {
        self.tries_to_ask_for_a_new_one().await.unwrap();
    }

    pub(crate) async fn tries_to_ask_for_a_new_one(&self) -> Result<(), Unavailable> {
        self.world.flows().request_renewal.run(&self.link, &Client::default()).await
    }

    /// The link opens nothing: not the page, not the account, not the answer "no".
    pub(crate) async fn is_locked_out(&self) {
        let accounts = self.world.accounts_opened();
        let commits = self.world.history().len();
        let looked = self.looks().await;
        assert!(matches!(looked, Err(PreviewError::DeadLink(_))), "{looked:?}");
        let opened = self.opens().await;
        assert!(matches!(opened, Err(PreviewError::DeadLink(_))), "{opened:?}");
        let declined = self.declines().await;
        assert!(matches!(declined, Err(DeclineError::DeadLink)), "{declined:?}");
        let registered = self.registers().await;
        assert!(matches!(registered, Err(AcceptError::DeadLink)), "{registered:?}");
        assert_eq!(
            (self.world.accounts_opened(), self.world.history().len()),
            (accounts, commits),
            "a dead link changed something"
        );
    }

    /// The link opens the page.
    pub(crate) async fn is_welcome(&self) {
        let looked = self.looks().await;
        assert!(looked.is_ok(), "{looked:?}");
    }
}
