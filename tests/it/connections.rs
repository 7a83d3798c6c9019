//! Connections of clients that do nothing, or not as they should: they cost no more than they may, and keep nobody out.

use std::{
    net::{Ipv4Addr, SocketAddr},
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::support::{Server, eventually, server::command};

fn address_of(server: &Server) -> SocketAddr {
    server.url.strip_prefix("http://").unwrap().parse().unwrap()
}

/// A connection from an address of the loopback network.
async fn from(client: Ipv4Addr, server: &Server) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((client, 0).into()).unwrap();
    socket.connect(address_of(server)).await.unwrap()
}

/// The first line of the answer to a whole request on a fresh connection; empty where the connection was not taken.
async fn status(client: Ipv4Addr, server: &Server) -> String {
    let mut connection = from(client, server).await;
    let _ = connection.write_all(b"GET /healthz HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").await;
    let mut answer = String::new();
    let _ = timeout(Duration::from_secs(20), connection.read_to_string(&mut answer)).await.expect("an answer");
    answer.lines().next().unwrap_or_default().to_owned()
}

const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const OK: &str = "HTTP/1.1 200 OK";

#[tokio::test]
async fn a_body_that_never_comes_is_answered_in_time() {
    let server = Server::start().await;
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut slow = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{{"
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = timeout(Duration::from_secs(40), slow.read(&mut answer)).await.expect("an answer").unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("too-slow"), "{answer}");
}

#[tokio::test]
async fn a_head_that_never_ends_loses_its_connection_and_keeps_nobody_out() {
    let server = Server::with(&[("http.max_connections", "2"), ("http.head_timeout", "PT1S")]).await;
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut slow = Vec::new();
    for head in ["", "GET /healthz HTTP/1.1\r\nHost: here\r\nX-Slow: "] {
        let mut connection = TcpStream::connect(&address).await.unwrap();
        connection.write_all(head.as_bytes()).await.unwrap();
        slow.push(connection);
    }
    for connection in &mut slow {
        let mut answer = Vec::new();
        timeout(Duration::from_secs(20), connection.read_to_end(&mut answer)).await.expect("an end").unwrap();
        assert_eq!(answer, b"");
    }
    assert_eq!(status(HERE, &server).await, OK);
}

#[tokio::test]
async fn silent_connections_do_not_hold_the_stop_up() {
    let mut server = Server::start().await;
    let address = address_of(&server);
    let _silent = TcpStream::connect(&address).await.unwrap();
    let mut idle = TcpStream::connect(&address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    idle.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    let ended =
        timeout(Duration::from_secs(10), server.terminate()).await.expect("an end, long before idle connections have theirs");
    assert_eq!(ended.code(), Some(0));
}

#[tokio::test]
async fn a_client_that_reads_no_answers_loses_its_connection() {
    let server = Server::with(&[("http.write_timeout", "PT1S")]).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(2048).unwrap();
    let mut connection = socket.connect(address_of(&server)).await.unwrap();
    let request = b"GET /login HTTP/1.1\r\nHost: here\r\n\r\n";
    // It asks until nothing is taken from it any more, and reads nothing: then its connection ends.
    let ended = async { while connection.write_all(request).await.is_ok() {} };
    timeout(Duration::from_secs(30), ended).await.expect("an end");
}

#[tokio::test]
async fn a_network_with_its_share_keeps_no_other_out_and_makes_room_for_its_own() {
    let server = Server::with(&[("http.max_connections", "40"), ("http.max_connections_per_network", "20")]).await;
    let mut held = Vec::new();
    for at in 0..200 {
        let mut connection = from(HERE, &server).await;
        let head = if at % 2 == 0 { "" } else { "POST /login HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nx" };
        // It may have been turned away already.
        let _ = connection.write_all(head.as_bytes()).await;
        held.push(connection);
    }
    assert_eq!(status(ELSEWHERE, &server).await, OK);
    // What has waited for a second gives its place up.
    eventually("a place beside the others of the network", async || (status(HERE, &server).await == OK).then_some(())).await;
    assert_eq!(status(ELSEWHERE, &server).await, OK);
}

#[tokio::test]
async fn slow_connections_cost_no_more_memory_than_is_stated() {
    let server = Server::with(&[]).await;
    let resident = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() / 1024
    };
    assert_eq!(status(ELSEWHERE, &server).await, OK);
    let before = resident();
    let head =
        format!("POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX: {}\r\n", "a".repeat(30_000));
    let whole = format!("{head}Content-Length: 32000\r\n\r\n{}", " ".repeat(31_000));
    let mut held = Vec::new();
    for at in 0..400 {
        let mut connection = from(HERE, &server).await;
        connection.write_all(if at % 2 == 0 { &whole } else { &head }.as_bytes()).await.unwrap();
        held.push(connection);
    }
    assert_eq!(status(ELSEWHERE, &server).await, OK);
    // docs/operating.md, "How much memory it takes": 96 KiB each.
    let grown = resident().saturating_sub(before);
    assert!(grown <= 400 * 96 / 1024 + 4, "{grown} MiB more than {before}");
}

#[tokio::test]
async fn heads_that_leave_open_what_is_asked_are_refused() {
    let server = Server::start().await;
    for (head, wanted) in [
        ("GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n", "200"),
        ("GET /healthz HTTP/1.0\r\n\r\n", "200"),
        ("GET /healthz HTTP/1.1\r\n\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: here\r\nHost: here\r\n\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: he re\r\n\r\n", "400"),
        ("GET /healthz HTTP/1.1\nHost: here\n\n", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: here\r\nX: 1\nY: 2\r\n\r\n", "400"),
        ("POST /login HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
        ("POST /login HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "400"),
        ("POST /login HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\na\nbGET /healthz HTTP/1.1\nHost: here\r\n\r\n", "200"),
    ] {
        let mut connection = from(HERE, &server).await;
        connection.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        timeout(Duration::from_secs(10), connection.read_exact(&mut answer)).await.expect("an answer").unwrap();
        assert_eq!(
            answer,
            format!("HTTP/1.1 {wanted}").replace("/1.1", if head.contains("/1.0") { "/1.0" } else { "/1.1" }).as_bytes(),
            "{head:?}"
        );
    }
    let mut connection = from(HERE, &server).await;
    let huge = format!("GET /healthz HTTP/1.1\r\nHost: here\r\nX: {}\r\n\r\n", "a".repeat(40_000));
    // It may end before all of it was taken.
    let _ = connection.write_all(huge.as_bytes()).await;
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");
}

#[tokio::test]
async fn a_log_that_cannot_be_written_stops_nothing() {
    for is_full in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let mut program = command(folder.path(), &[("http.listen", "127.0.0.1:0")]);
        program.stdout(Stdio::piped());
        if is_full {
            program.stderr(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        } else {
            program.stderr(Stdio::piped());
        }
        let mut child = program.spawn().unwrap();
        // Its reader is gone.
        drop(child.stderr.take());
        let mut out = child.stdout.take().unwrap();
        let mut text = Vec::new();
        while !text.ends_with(b"\n") {
            text.push(timeout(Duration::from_secs(20), out.read_u8()).await.expect("it starts").unwrap());
        }
        let text = String::from_utf8(text).unwrap();
        let address = text.trim().strip_prefix("Listening on http://").unwrap();
        for path in ["/healthz", "/login", "/nothing-here"] {
            let mut connection = TcpStream::connect(address).await.unwrap();
            let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
            connection.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            timeout(Duration::from_secs(10), connection.read_to_string(&mut answer)).await.expect("an answer").unwrap();
            assert!(answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.1 404"), "{answer}");
        }
        assert!(child.try_wait().unwrap().is_none(), "it goes on");
    }
}
