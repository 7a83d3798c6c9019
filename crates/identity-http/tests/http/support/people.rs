//! The people in it, and what they do.

use super::{
    ADMINISTRATOR, INVITED, MEMBER, NEW_ADDRESS, OPERATOR, OTHER_ADMINISTRATOR, PASSWORD, SIGNING_UP, WAITING,
    api::Api,
    mails::text,
    submissions::{completion, sign_up},
    world::World,
};
use identity_core::change::AccountChange;
use identity_core::change::Change;
use identity_core::change::ChangeSet;
use identity_core::change::CompanyChange;
use identity_core::change::OnboardingChange;
use identity_core::flow::session::LogInCommand;
use identity_core::model::company::Company;
use identity_core::model::onboarding::Onboarding;
use identity_core::model::password::Candidate;
use identity_core::model::registration::Registration;
use identity_core::model::registration::RegistrationState;
use identity_core::model::session::Client;
use identity_core::port::Clock as _;
use identity_core::port::IdSource;
use identity_core::port::RegistrationQuery;
use identity_core::value::AccountId;
use identity_core::value::CompanyId;
use identity_core::value::EmailAddress;
use identity_core::value::InvitationId;
use identity_core::value::RoleKey;
use identity_core::value::SessionId;
use identity_core::value::TokenKind;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;

/// What a session of nobody in the test is known by.
pub(super) const TABLET: &str = "Tablet/1.0";

impl World {
    pub(super) async fn people_move_in(&self) {
        let link = self.first_operator_link().await;
        let but = json!({ "email": OPERATOR, "first_name": "Ada", "last_name": "Lovelace", "company_name": "Acme" });
        self.api().accepts(&link, but).await.expect(201);
        let ada = self.api().logs_in(OPERATOR).await;
        ada.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
        ada.post("/subscriptions", json!({ "key": "news", "name": "News", "grantable_by": "administrator" })).await.expect(201);
        let other = ada.post("/companies", json!({ "name": "Other" })).await.expect(201).json();
        self.hires(&ada, json!({ "email": ADMINISTRATOR, "roles": ["company_administrator"] })).await;
        self.hires(&ada, json!({ "email": MEMBER })).await;
        let olga = json!({ "email": OTHER_ADMINISTRATOR, "roles": ["company_administrator"], "company_id": other["id"] });
        self.hires(&ada, olga).await;
        ada.post("/invitations", json!({ "email": INVITED })).await.expect(201);
        self.delivers().await;
        for email in [OPERATOR, ADMINISTRATOR, MEMBER, OTHER_ADMINISTRATOR] {
            self.knows_the_way(email).await;
        }
        self.kit.faults.none();
    }

    /// Somebody has been here for long: the login leads them to no onboarding.
    pub(crate) async fn knows_the_way(&self, email: &str) {
        let (now, ids) = (self.kit.clock.now(), IdSource::new(self.kit.clock.now(), self.kit.ports.entropy.as_ref()));
        let account = self.account_id(email).await;
        let onboarding = Onboarding { account, steps: BTreeMap::new(), finished_at: Some(now), version: 1 };
        let set = ChangeSet::new(ids.id().unwrap(), now, vec![Change::Onboarding(OnboardingChange::Open(onboarding))]).unwrap();
        self.store().commit(&set).await.unwrap();
    }

    async fn hires(&self, by: &Api, invitation: Value) {
        let email = invitation["email"].as_str().unwrap().to_owned();
        by.post("/invitations", invitation).await.expect(201);
        self.delivers().await;
        self.api().accepts(&self.link_to(&email), json!({})).await.expect(201);
    }

    /// The token of a new link for the first operator.
    pub(crate) async fn first_operator_link(&self) -> String {
        text(&Box::new(self.kit.flows()).first_operator.run().await.unwrap().expect("no operator yet"))
    }

    /// Somebody signs up and the mail goes out; the flow.
    pub(crate) async fn signs_up(&self, email: &str) -> String {
        let answer = self.api().post("/registrations", sign_up(email)).await.expect(202).json();
        self.delivers().await;
        answer["flow"].as_str().unwrap().to_owned()
    }

    /// The link of an invitation for the operator, who has an account.
    pub(crate) async fn offered(&self) -> String {
        if self.find_mailed(TokenKind::Invitation, OPERATOR).is_none() {
            self.offers(OPERATOR).await;
        }
        self.link_to(OPERATOR)
    }

    /// The company's administrator offers somebody who is in a role and a subscription; the link in the mail.
    pub(crate) async fn offers(&self, email: &str) -> String {
        let carl = self.api().logs_in(ADMINISTRATOR).await;
        let invitation = json!({ "email": email, "roles": ["editor"], "subscriptions": ["news"] });
        carl.post("/invitations", invitation).await.expect(201);
        self.delivers().await;
        self.link_to(email)
    }

    /// Ada publishes terms; their number.
    pub(crate) async fn publishes_terms(&self, grace: Option<&str>) -> u64 {
        let ada = self.api().logs_in(OPERATOR).await;
        let terms = json!({ "grace": grace, "texts": { "en": "Be *kinder*." } });
        ada.post("/terms", terms).await.expect(201).json()["version"].as_u64().unwrap()
    }

    /// The activation link of a sign-up.
    pub(crate) async fn activation(&self) -> String {
        if self.find_mailed(TokenKind::Activation, SIGNING_UP).is_none() {
            self.signs_up(SIGNING_UP).await;
        }
        self.mailed(TokenKind::Activation, SIGNING_UP)
    }

    /// The member asks for a new password, and has the mail.
    pub(crate) async fn recovery(&self) -> String {
        if self.find_mailed(TokenKind::Recovery, MEMBER).is_none() {
            self.forgets(MEMBER).await;
        }
        self.mailed(TokenKind::Recovery, MEMBER)
    }

    /// "This wasn't me" of the same mail.
    pub(crate) async fn report(&self) -> String {
        self.recovery().await;
        self.mailed(TokenKind::Report, MEMBER)
    }

    /// The link that confirms a new address of Grace, as of the only time that she asked for one.
    pub(crate) async fn confirmation(&self) -> String {
        if let Some(link) = self.find_mailed(TokenKind::EmailConfirmation, NEW_ADDRESS) {
            return link;
        }
        self.asks_for_new_address(MEMBER).await;
        self.delivers().await;
        self.mailed(TokenKind::EmailConfirmation, NEW_ADDRESS)
    }

    pub(crate) async fn asks_for_new_address(&self, email: &str) {
        let person = self.api().logs_in(email).await;
        person.post("/me/email-change", json!({ "email": NEW_ADDRESS, "current_password": PASSWORD })).await.expect(202);
    }

    /// The link that undoes it.
    pub(crate) async fn undo(&self) -> String {
        self.confirmation().await;
        self.mailed(TokenKind::EmailUndo, MEMBER)
    }

    /// A session of somebody, other than those of the test.
    pub(crate) async fn session_id(&self, email: &str) -> SessionId {
        let account = self.account_id(email).await;
        let sessions = self.store().sessions_of(account, self.kit.clock.now()).await.unwrap();
        match sessions.iter().find(|session| session.client.device.as_deref() == Some(TABLET)) {
            Some(tablet) => tablet.id,
            None => {
                let command = LogInCommand {
                    replaces: None,
                    email: EmailAddress::parse(email).unwrap(),
                    password: Candidate::new(PASSWORD).unwrap(),
                    remember: false,
                    device: None,
                    client: Client::new(None, Some(TABLET)),
                };
                Box::new(self.kit.flows()).log_in.run(command).await.unwrap().session.id
            }
        }
    }

    /// Somebody asks for a new password for an address, and the mail goes out.
    pub(crate) async fn forgets(&self, email: &str) {
        self.api().post("/password-resets", json!({ "email": email })).await.expect(202);
        self.delivers().await;
    }

    /// Somebody waits to be let in, or waited.
    pub(crate) async fn waiting(&self) -> Registration {
        for state in [RegistrationState::AwaitingApproval, RegistrationState::Completed, RegistrationState::Rejected] {
            if let Some(found) = self.registration(WAITING, state).await {
                return found;
            }
        }
        self.applies(WAITING).await
    }

    /// Somebody signs up where an operator decides.
    pub(crate) async fn applies(&self, email: &str) -> Registration {
        let strict = self.with(|settings| settings.registration.approval = true);
        strict.signs_up(email).await;
        let token = strict.mailed(TokenKind::Activation, email);
        strict.api().post("/registrations/complete", completion(&token)).await.expect(202);
        strict.delivers().await;
        self.registration(email, RegistrationState::AwaitingApproval).await.expect("it waits")
    }

    /// The registration of that address in that state.
    pub(crate) async fn registration(&self, email: &str, state: RegistrationState) -> Option<Registration> {
        let query = RegistrationQuery { state, after: None, limit: 200 };
        self.store().registrations(&query).await.unwrap().items.into_iter().find(|found| found.email.as_str() == email)
    }

    /// Somebody sets a picture; the path under which it is served.
    pub(crate) async fn sets_picture(&self, email: &str) -> String {
        let answer = self.api().logs_in(email).await.put("/me/picture", json!("picture of me")).await.expect(200);
        answer.json()["picture"].as_str().unwrap().to_owned()
    }

    /// Makes somebody an operator, too.
    pub(crate) async fn promotes(&self, email: &str) {
        let account = self.store().account(self.account_id(email).await).await.unwrap().unwrap();
        let mut roles = account.roles.clone();
        roles.insert(RoleKey::operator());
        let now = self.kit.clock.now();
        let revised = Change::Account(AccountChange::Revise { account: account.with_roles(roles), by: None });
        let id = IdSource::new(now, self.kit.ports.entropy.as_ref()).id().unwrap();
        self.store().commit(&ChangeSet::new(id, now, vec![revised]).unwrap()).await.unwrap();
    }

    /// The company of somebody is as if they had opened it by signing up.
    pub(crate) async fn has_signed_up(&self, email: &str) {
        let company = self.store().company(self.company_id(email).await).await.unwrap().unwrap();
        let revised = Company { is_trusted: false, version: company.version + 1, ..company };
        let now = self.kit.clock.now();
        let id = IdSource::new(now, self.kit.ports.entropy.as_ref()).id().unwrap();
        self.store()
            .commit(&ChangeSet::new(id, now, vec![Change::Company(CompanyChange::Revise(revised))]).unwrap())
            .await
            .unwrap();
    }

    /// Ada requires a new password of somebody.
    pub(crate) async fn requires_change(&self, email: &str) {
        let ada = self.api().logs_in(OPERATOR).await;
        let id = self.account_id(email).await;
        ada.send("POST", &format!("/accounts/{id}/require-password-change"), None).await.expect(204);
    }

    pub(crate) async fn account_id(&self, email: &str) -> AccountId {
        let address = EmailAddress::parse(email).unwrap();
        self.store().account_by_address(address.canonical()).await.unwrap().expect("an account").id
    }

    pub(crate) async fn company_id(&self, email: &str) -> CompanyId {
        let id = self.account_id(email).await;
        self.store().account(id).await.unwrap().unwrap().company
    }

    /// The pending invitation of that address to the first company.
    pub(crate) async fn invitation_id(&self, email: &str) -> InvitationId {
        let company = self.company_id(OPERATOR).await;
        let address = EmailAddress::parse(email).unwrap();
        self.store().pending_invitation(company, address.canonical()).await.unwrap().expect("a pending invitation").id
    }
}
