//! The shell between us and a server. A process that is killed cleans nothing up, so another one waits for its end.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

const SCRIPT: &str = include_str!("keeper.sh");
/// A user's path has no programs for administrators.
pub(crate) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

#[derive(Debug)]
pub(crate) struct Keeper {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Keeper {
    /// In a session of its own, so that Ctrl-C reaches us and not the server, and so that the kernel sends it no SIGHUP: that is
    /// what the group of a process that ended gets when it has stopped processes, and the keeper stops what it is going to kill.
    pub(crate) fn start(folder: &Path) -> io::Result<Self> {
        let mut command = Command::new("setsid");
        command.args(["/bin/sh", "-c", SCRIPT, "keeper"]).arg(folder).current_dir(folder);
        command.env_clear().env("PATH", PATH).env("LANG", "C.UTF-8");
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let orders = process.stdin.take();
        let answers = process.stdout.take().map(BufReader::new).ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { process, orders, answers })
    }

    /// Runs a command to its end; whether it succeeded.
    pub(crate) fn run(&mut self, command: &[String]) -> io::Result<bool> {
        self.order(&format!("run {}", typed(command)))
    }

    pub(crate) fn start_server(&mut self, command: &[String]) -> io::Result<()> {
        self.order(&format!("start {}", typed(command))).map(drop)
    }

    pub(crate) fn is_running(&mut self) -> io::Result<bool> {
        self.order("running")
    }

    /// Sends the signal, and waits until the server has ended.
    pub(crate) fn stop_server(&mut self, signal: &str) -> io::Result<()> {
        self.order(&format!("stop {signal}")).map(drop)
    }

    pub(crate) fn kill_server(&mut self) -> io::Result<()> {
        self.order("kill").map(drop)
    }

    fn order(&mut self, line: &str) -> io::Result<bool> {
        let orders = self.orders.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        orders.write_all(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if answer.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(answer.trim_end() == "0") }
    }
}

impl Drop for Keeper {
    /// The end of its input: it kills the server, removes the folder and ends.
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.process.wait();
    }
}

/// The command as a shell reads it.
fn typed(command: &[String]) -> String {
    command.iter().map(|word| format!("'{}'", word.replace('\'', r"'\''"))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_words_that_were_meant() {
        let words = ["printf", "%s|", "it's", "$HOME `id` \"x\"", ""].map(str::to_owned);
        let printed = Command::new("/bin/sh").args(["-c", &typed(&words)]).output().unwrap().stdout;
        assert_eq!(String::from_utf8(printed).unwrap(), "it's|$HOME `id` \"x\"||");
    }

    #[test]
    fn orders_are_answered_and_the_folder_goes_with_the_keeper() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = Keeper::start(folder.path()).unwrap();
        assert!(keeper.run(&["true".to_owned()]).unwrap());
        assert!(!keeper.run(&["false".to_owned()]).unwrap());
        assert!(!keeper.is_running().unwrap());
        keeper.start_server(&["sleep".to_owned(), "1000".to_owned()]).unwrap();
        assert!(keeper.is_running().unwrap());
        keeper.stop_server("TERM").unwrap();
        assert!(!keeper.is_running().unwrap());
        keeper.start_server(&["sleep".to_owned(), "1000".to_owned()]).unwrap();
        keeper.kill_server().unwrap();
        assert!(!keeper.is_running().unwrap());
        drop(keeper);
        assert!(!folder.path().exists());
    }
}
