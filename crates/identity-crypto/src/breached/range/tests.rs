use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use super::*;

/// The digest of `password` begins with 5BAA6 and goes on so.
const SUFFIX: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
const OTHER: &str = "003D68EB55068C33ACE09247EE4C639306B";

/// A server that hears requests, and answers each with the same bytes. It never hangs up by itself.
async fn server(answer: String) -> (RangeService, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/range", listener.local_addr().unwrap());
    let (heard, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, heard.clone(), answer.clone()));
        }
    });
    (RangeService::new(&base, "identity-test/1").unwrap(), requests)
}

/// Ends where the client hangs up.
async fn serve(mut stream: TcpStream, heard: mpsc::UnboundedSender<String>, answer: String) -> Option<()> {
    loop {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.ok()?);
        }
        heard.send(String::from_utf8(request).unwrap()).ok()?;
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn password() -> Candidate {
    Candidate::new("password").unwrap()
}

async fn error(answer: String) -> RangeError {
    let (service, _requests) = server(answer).await;
    assert!(!service.is_breached(&password()).await);
    service.ask(&password()).await.unwrap_err()
}

#[tokio::test]
async fn five_digits_leave_and_nothing_else() {
    let (service, mut requests) = server(ok(&format!("{OTHER}:3\r\n{SUFFIX}:52256179\r\n"))).await;
    assert!(service.is_breached(&password()).await);
    let request = requests.recv().await.unwrap().to_ascii_lowercase();
    assert!(request.starts_with("get /range/5baa6 http/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nadd-padding: true\r\n"), "{request}");
    assert!(request.contains("\r\nuser-agent: identity-test/1\r\n"), "{request}");
    assert!(!request.contains("1e4c9") && !request.contains("password"), "{request}");
    service.check().await.unwrap();
}

#[tokio::test]
async fn padding_and_others_do_not_count() {
    let (service, _requests) = server(ok(&format!("{OTHER}:3\r\n{SUFFIX}:0"))).await;
    assert!(!service.is_breached(&password()).await);
    assert!(!service.ask(&password()).await.unwrap());
    assert!(matches!(service.check().await, Err(RangeError::Ignorant)));
}

#[tokio::test]
async fn what_is_no_range_is_no_breach() {
    for garbage in ["", "<html>", "1E4C:7", SUFFIX, &format!("{SUFFIX}:many"), &format!("{OTHER}:1\n\n")] {
        assert!(matches!(error(ok(garbage)).await, RangeError::Form), "{garbage:?}");
    }
    let status = error("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n".to_owned()).await;
    assert!(matches!(status, RangeError::Status(StatusCode::INTERNAL_SERVER_ERROR)));
    assert!(matches!(error("SSH-2.0-OpenSSH\r\n".to_owned()).await, RangeError::Http(_)));
    let endless = ok(&format!("{OTHER}:1\r\n").repeat(MAX_ANSWER_LEN / 35));
    assert!(matches!(error(endless).await, RangeError::TooLong));
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let (elsewhere, mut requests) = server(ok(&format!("{SUFFIX}:9"))).await;
    let moved = format!("HTTP/1.1 302 Found\r\nLocation: {}5BAA6\r\nContent-Length: 0\r\n\r\n", elsewhere.base);
    assert!(matches!(error(moved).await, RangeError::Status(StatusCode::FOUND)));
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn a_service_that_does_not_answer_costs_a_second() {
    // Silence, and an answer that stops in its middle.
    for answer in [String::new(), format!("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{SUFFIX}:1\r\n")] {
        let (service, _requests) = server(answer).await;
        let asked = timeout(Duration::from_millis(1800), service.ask(&password())).await.unwrap();
        assert!(matches!(asked, Err(RangeError::TooSlow)), "{asked:?}");
    }
}

#[tokio::test]
async fn what_goes_wrong_is_told_without_the_digest() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    let service = RangeService::new(&closed, "identity-test/1").unwrap();
    assert!(!service.is_breached(&password()).await);
    let error = service.ask(&password()).await.unwrap_err();
    let told = format!("{error} {error:?}").to_ascii_uppercase();
    assert!(matches!(error, RangeError::Http(_)) && !told.contains("5BAA6") && !told.contains(SUFFIX), "{told}");
}

#[test]
fn addresses_are_secure() {
    for base in
        [PWNED_PASSWORDS, "https://hashes.example.org", "http://127.0.0.1:8081/range", "http://localhost/", "http://[::1]:9/"]
    {
        assert!(client::base(base).unwrap().as_str().ends_with('/'), "{base}");
    }
    for base in
        ["http://hashes.example.org/", "ftp://127.0.0.1/", "hashes", "https://ada:secret@example.org/", "https://example.org/?a"]
    {
        assert!(matches!(RangeService::new(base, "identity-test/1"), Err(RangeSetupError::Url)), "{base}");
    }
}
