//! The API does what its OpenAPI document says: Schemathesis makes requests up from it, good and bad ones, and checks each answer.

use std::path::Path;

use crate::support::{Server, api::Api};

/// Requests of each kind for each operation.
const EXAMPLES: &str = "40";

async fn try_everything(server: &Server, session: Option<&Api>, rest: &[&str]) {
    let mut command = identity_testbed::schemathesis().unwrap();
    // What it keeps of a run goes with it.
    let folder = tempfile::tempdir().unwrap();
    command.current_dir(folder.path());
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/schemathesis.toml");
    command.arg("--config-file").arg(config).arg("run").arg(format!("{}/openapi.json", server.url));
    command.args(["--url", &server.url, "--checks", "all", "--phases", "examples,coverage,fuzzing"]);
    command.args(["--max-examples", EXAMPLES, "--continue-on-failure", "--seed", "1", "--no-color"]);
    command.args(session.and_then(|api| api.token()).map(|token| format!("--header=Authorization: Bearer {token}")));
    command.args(rest);
    let ended = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains("generated"), "nothing was tried: {said}");
}

#[tokio::test]
async fn the_document_holds_for_strangers() {
    let server = Server::start().await;
    try_everything(&server, None, &[]).await;
}

#[tokio::test]
async fn the_document_holds_for_an_operator() {
    let server = Server::start().await;
    let operator = server.first_operator().await;
    // Both end the session that the others need.
    let ending = ["log_out", "end_own_session"];
    try_everything(&server, Some(&operator), &ending.map(|id| ["--exclude-operation-id", id]).concat()).await;
    operator.get("/sessions/current").await.expect(200);
    try_everything(&server, Some(&operator), &ending.map(|id| ["--include-operation-id", id]).concat()).await;
}
