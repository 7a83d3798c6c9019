//! The edges of the program: what it says when something is in the way, how it stops, and what it leaves behind.

use std::{
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use crate::support::{
    Api, Server,
    api::{PASSWORD, token_of},
    database::Store,
    eventually,
    server::command,
};

/// Settings by their keys.
type Settings<'a> = &'a [(&'a str, &'a str)];

/// Runs the program to its end, which is near.
async fn run(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut program = command(folder, settings);
    program.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    timeout(Duration::from_secs(10), program.output()).await.expect("it ends by itself").unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// It fails with one line that says all these words, and nothing else.
#[track_caller]
fn says(output: &Output, words: &[&str]) {
    let line = text(&output.stderr);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{line}");
    assert!(line.starts_with("identityd: ") && line.ends_with('\n') && line.lines().count() == 1, "{line:?}");
    assert!(!line.contains("panicked") && !line.contains("RUST_BACKTRACE") && !line.contains(".rs:"), "{line}");
    for word in words {
        assert!(line.contains(word), "{line:?} does not say {word}");
    }
    assert_eq!(text(&output.stdout), "", "{line}");
}

#[tokio::test]
async fn what_is_in_the_way_is_said_on_one_line_that_names_the_key_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (file, taken) = (file.to_str().unwrap(), taken.local_addr().unwrap().to_string());
    let directory = format!("sqlite://{}", folder.path().display());
    let cases: [(Settings<'_>, &[&str]); 22] = [
        (&[("database.url", &directory)], &["database.url", "directory", "must name a file"]),
        (&[("database.url", "oracle://ada:canary@db/identity")], &["database.url", "use sqlite://", "postgres://", "mysql://"]),
        (&[("database.url", "postgres://ada:canary@db")], &["database.url", "name a database"]),
        (&[("database.url", "postgres://ada:canary@127.0.0.1:1/x")], &["postgres://127.0.0.1:1/x", "refused"]),
        (&[("database.url", "mariadb://ada:canary@127.0.0.1:1/x")], &["mysql://127.0.0.1:1/x", "refused"]),
        (&[("database.url", "sqlite::memory:")], &["database.url", "name one"]),
        (&[("database.url", "sqlite:///no/such/folder/identity.db")], &["database.url", "/no/such/folder"]),
        (&[("data_dir", file)], &["data_dir", "is a file", "name a folder"]),
        (&[("http.listen", &taken)], &["http.listen", &taken, "in use"]),
        (&[("http.listen", "here")], &["http.listen"]),
        (&[("http.listen", "0.0.0.0:0")], &["mail.transport", "loopback"]),
        (&[("http.listne", "127.0.0.1:0")], &["IDENTITY_HTTP__LISTNE", "http.listen is the nearest"]),
        (&[("password.hash.memory_kib", "4096")], &["password.hash", "at least", "19456 KiB with 2"]),
        (&[("http.public_url", "https://id.example.org")], &["mail.transport", "use smtp"]),
        (&[("http.public_url", "http://id.example.org")], &["http.public_url"]),
        (&[("http.max_connections", "0")], &["http.max_connections", "from 1"]),
        (
            &[
                ("http.listen", "0.0.0.0:0"),
                ("mail.transport", "smtp"),
                ("mail.smtp.url", "smtps://mail"),
                ("mail.from", "id@a.example"),
            ],
            &["http.public_url is needed", "not on the loopback"],
        ),
        (&[("database.url_file", "/no/such/secret")], &["database.url", "/no/such/secret"]),
        (&[("mail.transport", "smtp")], &["mail.smtp.url is needed"]),
        (&[("mail.transport", "pigeon")], &["mail.transport", "use mailbox or smtp"]),
        (&[("log.format", "xml")], &["log.format", "use text or json"]),
        (&[("invitation.expires_in", "P60D")], &["invitation.expires_in", "invitation.max_expires_in"]),
    ];
    for (settings, words) in cases {
        let mut settings = settings.to_vec();
        if !settings.iter().any(|(key, _)| *key == "http.listen") {
            settings.push(("http.listen", "127.0.0.1:0"));
        }
        let output = run(folder.path(), &settings, &[]).await;
        says(&output, words);
        assert!(!text(&output.stderr).contains("canary"), "a password is said");
    }
}

#[tokio::test]
async fn a_configuration_that_cannot_be_read_is_said_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("identity.toml");
    for (content, words) in [
        ("[http\n", ["identity.toml", "line 1"]),
        ("[http]\nlistne = \"127.0.0.1:0\"\n", ["http.listne", "identity.toml, line 2"]),
        ("colour = \"red\"\n", ["colour", "docs/configuration.md"]),
        ("[http]\nlisten = 8080\n", ["identity.toml, line 2", "0.0.0.0:8080"]),
        ("[password]\nmin_length = 4\n", ["password.min_length", "from 8 to 64"]),
        ("a = 1\na = 2\n", ["identity.toml", "line 2"]),
    ] {
        std::fs::write(&file, content).unwrap();
        says(&run(folder.path(), &[], &["serve"]).await, &words);
    }
    says(&run(folder.path(), &[], &["--config", "/no/such.toml"]).await, &["/no/such.toml", "cannot be read"]);
}

#[tokio::test]
async fn a_command_line_that_cannot_be_read_is_said_on_one_line_too() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, word) in
        [(&["sevre"][..], "sevre"), (&["--colour"], "--colour"), (&["serve", "twice"], "twice"), (&["--config"], "--config")]
    {
        says(&run(folder.path(), &[], arguments).await, &[word, "--help"]);
    }
    for arguments in [["--help"], ["--version"]] {
        let output = run(folder.path(), &[], &arguments).await;
        assert!(output.status.success() && text(&output.stdout).contains("identityd"), "{output:?}");
        assert_eq!(text(&output.stderr), "");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
}

/// What the doctor found: the first word of each line.
fn findings(output: &Output) -> Vec<String> {
    let text = text(&output.stdout);
    text.lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_doctor_says_what_a_fresh_folder_lacks_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &[], &["doctor"]).await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the doctor changes nothing");
    assert_eq!(output.status.code(), Some(1));
    assert!(findings(&output).iter().all(|word| ["ok", "warn", "FAIL"].contains(&word.as_str())), "{output:?}");
    assert!(text(&output.stdout).contains("run identityd migrate"), "{output:?}");
    run(folder.path(), &[], &["migrate"]).await;
    let output = run(folder.path(), &[], &["doctor"]).await;
    assert!(output.status.success() && text(&output.stdout).contains("there is no administrator yet"), "{output:?}");
    assert_eq!(text(&output.stderr), "");
}

#[tokio::test]
async fn the_doctor_warns_of_a_shared_session_and_of_a_contact_that_ended() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        ("http.public_url", "http://id.sso.localhost:8080"),
        ("session.cookie_domain", "sso.localhost"),
        ("security.contact", "mailto:security@example.org"),
        ("security.expires", "2020-01-01T00:00:00Z"),
    ];
    let said = text(&run(folder.path(), &settings, &["doctor"]).await.stdout);
    assert!(said.contains("warn  session.cookie_domain") && said.contains("FAIL  security.expires"), "{said}");
}

#[tokio::test]
async fn the_doctor_finds_nothing_wrong_with_an_installation_that_runs() {
    let server = Server::start().await;
    let operator = server.first_operator().await;
    operator.post("/terms", json!({ "texts": { "en": "Be kind.", "ar": "كن لطيفا." } })).await.expect(201);
    let output = run(server.folder(), &[("http.public_url", &server.url)], &["doctor"]).await;
    assert!(output.status.success(), "{output:?}");
    let said = text(&output.stdout);
    for good in ["the database is up to date", "there is an administrator", "version 2 of the terms is in force"] {
        assert!(said.contains(&format!("ok    {good}")), "{said}");
    }
    let output = run(server.folder(), &[("http.public_url", &server.url), ("password.preset", "middling")], &["doctor"]).await;
    says(&output, &["password.preset", "classic or nist"]);
}

#[tokio::test]
async fn to_check_the_migrations_applies_none() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("identity.db");
    for _ in 0..2 {
        let output = run(folder.path(), &[], &["migrate", "--check"]).await;
        assert!(output.status.success(), "{output:?}");
        assert!(text(&output.stdout).starts_with("Would make the database"), "{output:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "something was made");
    }
    let output = run(folder.path(), &[], &["migrate"]).await;
    assert!(text(&output.stdout).starts_with("Applied: m0001"), "{output:?}");
    let before = std::fs::read(&database).unwrap();
    for arguments in [&["migrate", "--check"][..], &["migrate"]] {
        let output = run(folder.path(), &[], arguments).await;
        assert_eq!(text(&output.stdout), "The database is up to date.\n");
        assert!(std::fs::read(&database).unwrap() == before, "{arguments:?} changed the database");
    }
}

#[tokio::test]
async fn a_fresh_first_administrators_link_ends_the_older_one() {
    let server = Server::start().await;
    let settings = [("http.public_url", server.url.as_str())];
    let older = server.first_operator_link.clone().unwrap();
    let output = run(server.folder(), &settings, &["first-operator"]).await;
    assert!(output.status.success(), "{output:?}");
    let said = text(&output.stdout);
    let link = said.strip_prefix("First administrator: ").unwrap().strip_suffix('\n').unwrap();
    assert!(link.starts_with(&format!("{}/register/idinv_", server.url)) && !link.contains(char::is_whitespace), "{said:?}");
    assert!(!text(&output.stderr).contains("idinv_"), "the logs hold the link");
    let preview = async |link: &str| server.api().post("/invitations/preview", json!({ "token": token_of(link) })).await;
    assert_eq!(preview(&older).await.problem(), "dead-link");
    preview(link).await.expect(200);
    let ada = json!({ "email": "ada@acme.example", "first_name": "Ada", "last_name": "Lovelace" });
    server.api().accepts(token_of(link), ada).await.expect(201);
    let output = run(server.folder(), &settings, &["first-operator"]).await;
    assert!(output.status.success() && !text(&output.stdout).contains("http"), "{output:?}");
}

#[tokio::test]
async fn told_to_stop_it_takes_nothing_new_finishes_what_is_under_way_and_ends_well() {
    let mut server = Server::start().await;
    server.first_operator().await;
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let body = json!({ "email": "ada@acme.example", "password": PASSWORD }).to_string();
    let (first, second) = body.split_at(10);
    let mut under_way = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    under_way.write_all(head.as_bytes()).await.unwrap();
    let mut continues = [0; 25];
    under_way.read_exact(&mut continues).await.unwrap();
    assert_eq!(&continues, b"HTTP/1.1 100 Continue\r\n\r\n", "its handler reads the body now");
    under_way.write_all(first.as_bytes()).await.unwrap();
    let finishes = async {
        eventually("refusing new connections", async || TcpStream::connect(&address).await.is_err().then_some(())).await;
        under_way.write_all(second.as_bytes()).await.unwrap();
        let mut answer = String::new();
        under_way.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let (ended, answer) = tokio::join!(server.terminate(), finishes);
    assert!(answer.starts_with("HTTP/1.1 201") && answer.contains("\"token\""), "{answer}");
    assert_eq!(ended.code(), Some(0));
    server.restart().await;
    server.api().logs_in("ada@acme.example", PASSWORD).await;
}

#[tokio::test]
async fn variables_of_others_may_be_anything_and_ours_are_text() {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};
    let folder = tempfile::tempdir().unwrap();
    let nonsense = || OsString::from_vec(vec![0xff]);
    let others = command(folder.path(), &[]).env("FOO", nonsense()).args(["migrate", "--check"]).output().await.unwrap();
    assert!(others.status.success(), "{others:?}");
    let ours = command(folder.path(), &[]).env("IDENTITY_HTTP__LISTEN", nonsense()).arg("doctor").output().await.unwrap();
    let line = String::from_utf8_lossy(&ours.stderr).into_owned();
    assert!(!ours.status.success() && line.lines().count() == 1 && line.contains("IDENTITY_HTTP__LISTEN"), "{line}");
}

/// A secret, in every form in which it could have been written down.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut forms = vec![bytes.to_vec(), hex(bytes).into_bytes(), hex(bytes).to_uppercase().into_bytes()];
    let encoded = url::form_urlencoded::byte_serialize(bytes).collect::<String>();
    forms.push(encoded.into_bytes());
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for shift in 0..3 {
            // What surrounds it decides on the outermost characters.
            let encoded = engine.encode([vec![0; shift], bytes.to_vec()].concat());
            forms.push(encoded.as_bytes()[shift + usize::from(shift > 0)..encoded.len() - 2].to_vec());
        }
    }
    // The 32 bytes of a token, too.
    if let Some(raw) = secret.split_once('_').and_then(|(_, text)| URL_SAFE_NO_PAD.decode(text).ok()).filter(|raw| raw.len() == 32)
    {
        forms.extend([
            secret.split_once('_').unwrap().1.as_bytes().to_vec(),
            hex(&raw).into_bytes(),
            format!("{raw:?}").into_bytes(),
            raw,
        ]);
    }
    forms
}

#[test]
fn a_secret_is_found_in_every_form_in_which_it_could_have_been_written_down() {
    let token = format!("idses_{}", URL_SAFE_NO_PAD.encode([0xfb; 32]));
    let is_in = |place: &str| forms(&token).iter().any(|form| place.as_bytes().windows(form.len()).any(|window| window == form));
    for place in [
        format!("token={token} status=200"),
        STANDARD_NO_PAD.encode(format!("a:{token} b")),
        STANDARD_NO_PAD.encode(format!("Bearer {token}")),
        URL_SAFE_NO_PAD.encode(format!("xy{token}")),
        token.bytes().map(|byte| format!("{byte:02X}")).collect(),
        "fb".repeat(32),
        format!("{:?}", vec![0xfb_u8; 32]),
    ] {
        assert!(is_in(&place), "{place}");
    }
    assert!(!is_in("idses_ and nothing more"));
}

#[track_caller]
fn holds_none(place: &str, content: &[u8], secrets: &[(&str, String)]) {
    for (what, secret) in secrets {
        for form in forms(secret) {
            let found = content.windows(form.len()).position(|window| window == form);
            assert!(found.is_none(), "{place} holds {what} as {:?}", String::from_utf8_lossy(&form));
        }
    }
}

/// Signs up, forgets, resets, changes and reports, by everything that carries a secret; which those were.
async fn every_other_secret(server: &Server, operator: &Api) -> Vec<(&'static str, String)> {
    let (email, password, newer) = ("marmoset-42@newco.example", "Wm4-canary-walrus", "Jt8-canary-lantern");
    let api = server.api();
    let flow = api.signs_up(email).await;
    let mail = server.mail_to(email).await;
    let (activation, code) = (token_of(&mail.link_to("activate")).to_owned(), mail.code().unwrap());
    api.post("/registrations/verify-code", json!({ "flow": flow, "code": "00000000" })).await.expect(422);
    let by_code = api.post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await.expect(200);
    let by_code = by_code["token"].as_str().unwrap().to_owned();
    let but = json!({ "password": password, "password_confirmation": password });
    let account = api.completes(&by_code, but).await.expect(201)["account"]["id"].as_str().unwrap().to_owned();
    api.forgets(email).await;
    let mail = server.mail_about(email, "eset").await;
    let (reset, report) = (token_of(&mail.link_to("reset-password")).to_owned(), token_of(&mail.link_to("not-me")).to_owned());
    api.resets(&reset, newer).await.expect(204);
    api.post("/password-resets/report", json!({ "token": report })).await.expect(204);
    let signed_in = api.post("/sessions", json!({ "email": email, "password": newer })).await.expect(201);
    let device = signed_in["device"].as_str().unwrap().to_owned();
    let check = json!({ "method": "in_person", "note": "Stood at the desk" });
    let body = json!({ "method": "temporary_password", "identity_check": check });
    let temporary = operator.post(&format!("/accounts/{account}/password-reset"), body).await.expect(202);
    let temporary = temporary["temporary_password"].as_str().unwrap().to_owned();
    let again = json!({ "email": email, "password": temporary, "device": device });
    api.post("/sessions", again).await.expect(201);
    vec![
        ("the flow of a sign-up", flow),
        ("an activation link's token", activation),
        // Eight digits alone may stand in any time.
        ("a code", format!("\"{code}\"")),
        ("the token of a code", by_code),
        ("a reset link's token", reset),
        ("the token of a report", report),
        ("a device", device),
        ("a temporary password", temporary),
        ("a password that was replaced", password.to_owned()),
        ("a password that took its place", newer.to_owned()),
    ]
}

async fn leaves_no_secret_behind(store: Store, settings: &[(&str, &str)]) {
    let database = store.fresh().await;
    let own = [("database.url", database.url.as_str()), ("registration.mode", "open")];
    let mut server = Server::with(&[&own, settings].concat()).await;
    let first_operator = token_of(server.first_operator_link.as_deref().unwrap()).to_owned();
    let operator = server.first_operator().await;
    let (email, password, wrong) = ("marmoset-41@acme.example", "Qv9-canary-obelisk", "Kx3-canary-mistake");
    operator.invites(email).await;
    let link = token_of(&server.mail_to(email).await.link()).to_owned();
    let stranger = server.api();
    let browser = crate::support::client().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    // Everything that could end in a log: paths, queries, headers and bodies, right and wrong.
    for path in [
        format!("/register/{link}"),
        format!("/register/{link}/decline"),
        format!("/nowhere/{link}"),
        format!("/login?return_to={link}&email={email}"),
    ] {
        browser.get(format!("{}{path}", server.url)).header("cookie", format!("session={link}")).send().await.unwrap();
    }
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs([("email", email), ("password", wrong)]).finish();
    let form = browser.post(format!("{}/login", server.url)).header("content-type", "application/x-www-form-urlencoded").body(form);
    form.send().await.unwrap();
    stranger.post("/sessions", json!({ "email": email, "password": wrong })).await.expect(401);
    stranger.post("/sessions", json!({ "email": { "x": email }, "password": wrong })).await.expect(422);
    stranger.post("/sessions", json!({ "email": email, "password": wrong, wrong: email })).await.expect(422);
    stranger.post("/password-policy/check", json!({ "password": wrong, "email": email })).await.expect(200);
    let but = json!({ "password": password, "password_confirmation": wrong });
    stranger.accepts(&link, but).await.expect(422);
    stranger.accepts(&link, json!({ "password": password, "password_confirmation": password })).await.expect(201);
    let session = stranger.post("/sessions", json!({ "email": email, "password": password })).await.expect(201);
    let session = session["token"].as_str().unwrap().to_owned();
    stranger.with_token(&session).get("/sessions/current").await.expect(200);
    stranger.with_token(&session).get(&format!("/invitations?q={session}")).await.expect(403);
    operator.post("/invitations", json!({ "email": email })).await.expect(201);
    let others = every_other_secret(&server, &operator).await;
    let ended = server.terminate().await;
    assert_eq!(ended.code(), Some(0));
    let mut secrets = vec![
        ("the first operator's token", first_operator),
        ("the link's token", link),
        ("the session's token", session),
        ("the password", password.to_owned()),
        ("a wrong password", wrong.to_owned()),
        ("the operator's password", PASSWORD.to_owned()),
    ];
    secrets.extend(others);
    let log = server.log_with("answered").await.into_bytes();
    holds_none("the log", &log, &secrets);
    holds_none("the log", &log, &[("an address", "marmoset-4".to_owned()), ("an address", "ada@acme.example".to_owned())]);
    if let Some((_, password)) = database.url.split_once('@').and_then(|(before, _)| before.rsplit_once(':')) {
        holds_none("the log", &log, &[("the database's password", password.to_owned())]);
    }
    let hashes = database.column("SELECT password FROM accounts").await;
    assert!(hashes.len() >= 2 && hashes.iter().all(|hash| hash.starts_with("$argon2id$")), "{hashes:?}");
    let Some(folder) = database.folder() else { return };
    let mut databases = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("identity.db") {
            holds_none(&path.display().to_string(), &std::fs::read(&path).unwrap(), &secrets);
            databases += 1;
        }
    }
    assert!(databases > 0, "there is no database");
}

#[tokio::test]
async fn a_journey_leaves_no_secret_and_no_address_in_the_log_and_only_digests_in_the_database() {
    leaves_no_secret_behind(Store::Sqlite, &[]).await;
}

#[tokio::test]
async fn not_even_the_most_talkative_log_holds_a_secret_or_an_address() {
    leaves_no_secret_behind(Store::Sqlite, &[("RUST_LOG", "trace"), ("log.format", "json")]).await;
}

#[tokio::test]
async fn not_even_the_most_talkative_log_holds_what_goes_to_postgres() {
    leaves_no_secret_behind(Store::Postgres, &[("RUST_LOG", "trace")]).await;
}

#[tokio::test]
async fn not_even_the_most_talkative_log_holds_what_goes_to_mariadb() {
    leaves_no_secret_behind(Store::MariaDb, &[("RUST_LOG", "trace")]).await;
}
