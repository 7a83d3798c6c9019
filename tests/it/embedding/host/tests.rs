use std::path::Path;

use identity_core::{
    flow::{
        invitation::{AcceptCommand, InviteCommand},
        session::LogInCommand,
    },
    model::{access::Administrator, custom_field::Typed, password::Candidate, session::Client},
    value::{CompanyName, PersonName},
};
use identity_testkit::RecordingMailer;
use serde_json::json;
use tokio::sync::oneshot;

use super::*;
use crate::{
    embedding::json_store::JsonStore,
    support::{
        api::{Api, PASSWORD, token_of},
        eventually,
    },
};

/// The host over the file in a folder, as after a start of its process.
fn start(folder: &Path, mailer: &RecordingMailer) -> (Arc<Flows>, Ports) {
    let store = JsonStore::open(folder).unwrap();
    let ports = ports(Arc::new(store), Arc::new(mailer.clone())).unwrap();
    let settings = Arc::new(settings("https://id.acme.example").unwrap());
    (Arc::new(Flows::new(&ports, &settings)), ports)
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
        fields: Typed::new(),
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
    let (flows, ports) = start(folder.path(), &mailer);
    let secret = begin(&flows).await.unwrap().expect("there is no operator yet");
    let first = AcceptCommand {
        email: Some(address("ada@acme.example")),
        company_name: Some(CompanyName::parse("Acme").unwrap()),
        ..accepting(secret, "Ada")
    };
    let ada = flows.accept.run(first).await.unwrap();
    let login = |email: &str, device: Option<TokenSecret>| LogInCommand {
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

    drop((flows, ports));
    let (flows, _ports) = start(folder.path(), &mailer);
    assert!(begin(&flows).await.unwrap().is_none(), "there is an operator");
    let after = flows.check_session.run(&session).await.unwrap().expect("Grace is still signed in");
    assert_eq!((&after, after.account.email.as_str()), (&before, "Grace@acme.example"));
}

#[tokio::test]
async fn a_host_serves_its_own_routes_and_the_api_and_sends_mail() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = RecordingMailer::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let ports = ports(Arc::new(JsonStore::open(folder.path()).unwrap()), Arc::new(mailer.clone())).unwrap();
    let ((show, shown), (stop, stopped)) = (oneshot::channel(), watch::channel(false));
    let host = run(ports, settings(&url).unwrap(), listener, |link| show.send(link.to_owned()).unwrap(), stopped);
    let people = async {
        let stranger = Api::new(&url);
        let first = json!({ "email": "ada@acme.example", "first_name": "Ada", "company_name": "Acme" });
        stranger.accepts(token_of(&shown.await.unwrap()), first).await.expect(201);
        let ada = stranger.logs_in("ada@acme.example", PASSWORD).await;
        ada.invites("grace@acme.example").await;
        eventually("a letter", async || mailer.last_secret()).await;
        assert_eq!(reports(&url, stranger.token()).await.0, 401);
        assert_eq!(reports(&url, ada.token()).await, (200, "The reports of Ada Hopper".to_owned()));
        stop.send(true).unwrap();
    };
    let (ended, ()) = tokio::join!(host, people);
    ended.unwrap();
}

async fn reports(url: &str, token: Option<&str>) -> (u16, String) {
    let request = crate::support::client().build().unwrap().get(format!("{url}/reports"));
    let answer = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}
