use std::path::Path;

use identity::Installation;
use identity_core::{
    flow::{
        Flows,
        invitation::{AcceptCommand, InviteCommand},
        session::LogInCommand,
    },
    model::{access::Administrator, custom_field::RawInput, password::Candidate, session::Client},
    value::{CompanyName, EmailAddress, PersonName, TokenKind, TokenSecret},
};
use identity_testkit::RecordingMailer;
use secrecy::ExposeSecret as _;
use serde_json::json;
use tokio::net::TcpListener;

use super::*;
use crate::{
    embedding::json_store,
    support::{
        api::{Api, PASSWORD, token_of},
        eventually,
    },
};

/// The host over the file in a folder, as after a start of its process.
async fn open(folder: &Path, mailer: &RecordingMailer) -> (Installation, Flows) {
    let store = json_store::open(folder).unwrap();
    let builder = identity("https://id.acme.example", Arc::new(store), Arc::new(mailer.clone()));
    let installation = builder.open().await.unwrap();
    let flows = Flows::new(&installation.ports, &installation.settings);
    (installation, flows)
}

fn accepting(secret: TokenSecret, first_name: &str) -> AcceptCommand {
    AcceptCommand {
        secret,
        email: None,
        company_name: None,
        first_name: PersonName::parse(first_name).unwrap(),
        last_name: PersonName::parse("Example").unwrap(),
        password: Candidate::new(PASSWORD).unwrap(),
        password_confirmation: Candidate::new(PASSWORD).unwrap(),
        accepted_terms: Some(1),
        language: None,
        time_zone: None,
        fields: RawInput::new(),
        client: Client::default(),
    }
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

#[tokio::test]
async fn who_was_invited_through_a_host_is_signed_in_after_the_file_was_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = RecordingMailer::default();
    let (installation, flows) = open(folder.path(), &mailer).await;
    let link = installation.first_operator().await.unwrap().expect("there is no operator yet");
    let secret = TokenSecret::parse(TokenKind::Invitation, token_of(link.expose_secret())).unwrap();
    let first = AcceptCommand {
        email: Some(address("ada@acme.example")),
        company_name: Some(CompanyName::parse("Acme").unwrap()),
        ..accepting(secret, "Ada")
    };
    let ada = flows.accept.run(first).await.unwrap();
    let login = |email: &str, device: Option<TokenSecret>| LogInCommand {
        replaces: None,
        email: address(email),
        password: Candidate::new(PASSWORD).unwrap(),
        remember: false,
        device,
        client: Client::default(),
    };
    let session = flows.log_in.run(login(ada.account.email.as_str(), Some(ada.device))).await.unwrap().secret;
    let ada = flows.check_session.run(&session).await.unwrap().expect("Ada is logged in");

    let invitation = InviteCommand {
        email: address("Grace@acme.example"),
        first_name: None,
        last_name: None,
        roles: [].into(),
        subscriptions: [].into(),
        language: None,
        company: None,
        lifetime: None,
        note: None,
    };
    flows.invite.run(&Administrator::of(&ada).unwrap(), &invitation).await.unwrap();
    assert_eq!(flows.deliver.run(|| false).await.unwrap().sent, 1);
    let secret = mailer.last_secret().unwrap();
    flows.accept.run(accepting(secret, "Grace")).await.unwrap();
    let session = flows.log_in.run(login("grace@acme.example", None)).await.unwrap().secret;
    let before = flows.check_session.run(&session).await.unwrap().expect("Grace is signed in");

    drop((installation, flows));
    let (installation, flows) = open(folder.path(), &mailer).await;
    assert!(installation.first_operator().await.unwrap().is_none(), "there is an operator");
    let after = flows.check_session.run(&session).await.unwrap().expect("Grace is still signed in");
    assert_eq!((&after, after.account.email.as_str()), (&before, "Grace@acme.example"));
}

#[tokio::test]
async fn a_host_serves_its_own_routes_and_the_api_and_sends_mail() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = RecordingMailer::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let store = Arc::new(json_store::open(folder.path()).unwrap());
    let identity = identity(&url, store, Arc::new(mailer.clone())).start().await.unwrap();
    let link = identity.first_operator().expect("there is no operator yet").to_owned();
    let host = identity.serve(listener, routes(&identity));
    let people = async {
        let stranger = Api::new(&url);
        let first = json!({ "email": "ada@acme.example", "first_name": "Ada", "company_name": "Acme" });
        stranger.accepts(token_of(&link), first).await.expect(201);
        let ada = stranger.logs_in("ada@acme.example", PASSWORD).await;
        ada.invites("grace@acme.example").await;
        eventually("a mail", async || mailer.last_secret()).await;
        assert_eq!(reports(&url, stranger.token()).await.0, 401);
        assert_eq!(reports(&url, ada.token()).await, (200, "The reports of Ada Hopper".to_owned()));
        identity.stop();
    };
    tokio::join!(host, people);
    identity.close().await;
}

#[tokio::test]
async fn what_a_host_forgot_is_said_when_it_starts() {
    let nothing = Identity::builder("Acme", "http://127.0.0.1:4002");
    assert_eq!(nothing.start().await.err().unwrap().line(), "say where data is kept: database(\"…\") or store(…)");
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}", folder.path().join("acme.db").display());
    let kept = |url| Identity::builder("Acme", url).database(&file);
    let no_mail = kept("http://127.0.0.1:4002").start().await.err().unwrap();
    assert_eq!(no_mail.line(), "say where mail goes: dev_mailbox(\"…\"), smtp(…) or mailer(…)");
    let mailed = |url| kept(url).dev_mailbox(folder.path().join("mail"));
    let address = mailed("http://id.example.org").start().await.err().unwrap();
    assert!(address.line().starts_with("http://id.example.org is no public address: "), "{}", address.line());
    let support = mailed("http://127.0.0.1:4002").support("nobody").start().await.err().unwrap();
    assert!(support.line().starts_with("nobody is no address for mail: "), "{}", support.line());
}

#[tokio::test]
async fn a_host_on_a_database_has_everything_by_default() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let file = format!("sqlite://{}", folder.path().join("acme.db").display());
    let start = async || {
        let builder = Identity::builder("Acme", &url).database(&file).dev_mailbox(folder.path().join("mail"));
        // On a task of its own, as a host may do it.
        tokio::spawn(builder.start()).await.unwrap().unwrap()
    };
    let identity = start().await;
    let link = identity.first_operator().expect("there is no operator yet").to_owned();
    let serving = tokio::spawn({
        let identity = identity.clone();
        async move { identity.serve(listener, Router::new()).await }
    });
    let first = json!({ "email": "ada@acme.example", "first_name": "Ada", "company_name": "Acme" });
    Api::new(&url).accepts(token_of(&link), first).await.expect(201);
    identity.stop();
    serving.await.unwrap();
    identity.close().await;
    let again = start().await;
    assert_eq!(again.first_operator(), None, "the database has kept the operator");
    again.close().await;
}

async fn reports(url: &str, token: Option<&str>) -> (u16, String) {
    let request = crate::support::client().build().unwrap().get(format!("{url}/reports"));
    let answer = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}
