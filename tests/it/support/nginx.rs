//! An nginx of one's own, in front of servers of this machine.

use std::{fs, os::unix::fs::chown, path::Path, process::Stdio};

use rustix::process::geteuid;
use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpStream},
    process::Child,
};

use super::{
    browser::{UNPRIVILEGED, unprivileged},
    eventually,
};

const NGINX: &str = "/usr/sbin/nginx";

/// A proxy that runs, and ends with the test.
pub(crate) struct Nginx {
    _process: Child,
    _folder: TempDir,
}

/// A port of the loopback that nobody has now.
pub(crate) async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

impl Nginx {
    /// Serves what stands in its `http` block, which listens on this port.
    pub(crate) async fn start(http: &str, port: u16) -> Self {
        assert!(Path::new(NGINX).exists(), "nginx is not here: run `apt-get install nginx`, or cargo xtask test, which does");
        let folder = tempfile::Builder::new().prefix("nginx-").tempdir().unwrap();
        let place = folder.path().display();
        let temporary =
            ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| format!("{kind}_temp_path {place}/{kind};"));
        // One process, which ends at once when it is told to.
        let text = format!(
            "daemon off;\nmaster_process off;\npid {place}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{}\n{http}\n}}\n",
            temporary.join("\n")
        );
        let file = folder.path().join("nginx.conf");
        fs::write(&file, text).unwrap();
        if geteuid().is_root() {
            chown(folder.path(), Some(UNPRIVILEGED), Some(UNPRIVILEGED)).unwrap();
            chown(&file, Some(UNPRIVILEGED), Some(UNPRIVILEGED)).unwrap();
        }
        let log = folder.path().join("log.txt");
        let mut command = unprivileged(NGINX);
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file).args(["-e", "stderr"]);
        let process = command.stdout(Stdio::null()).stderr(fs::File::create(&log).unwrap()).spawn().expect("nginx starts");
        let listens = async || TcpStream::connect(("127.0.0.1", port)).await.ok();
        eventually(&format!("nginx, which logs to {},", log.display()), listens).await;
        Self { _process: process, _folder: folder }
    }
}
