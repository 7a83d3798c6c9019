//! The smallest host: `cargo run -p identity --example minimal`, then open the link that it prints.

use std::error::Error;

use axum::Router;
use identity::Identity;
use tokio::net::TcpListener;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the operator reads the link")]
async fn main() -> Result<(), Box<dyn Error>> {
    let identity =
        Identity::builder("Acme", "http://127.0.0.1:4002").database("sqlite://acme.db").dev_mailbox("mail").start().await?;
    if let Some(link) = identity.first_operator() {
        println!("{link}");
    }
    identity.serve(TcpListener::bind("127.0.0.1:4002").await?, Router::new()).await;
    Ok(())
}
