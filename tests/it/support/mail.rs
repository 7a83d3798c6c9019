//! Mails, as they arrive.

use std::path::Path;

use mail_parser::MessageParser;

/// A mail.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) message_id: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

impl Mail {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let message = MessageParser::default().parse(bytes).expect("a mail");
        Self {
            message_id: message.message_id().unwrap_or_default().to_owned(),
            to: message.to().and_then(|to| to.first()?.address().map(str::to_owned)).unwrap_or_default(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
        }
    }

    /// The one link of the mail that carries a token.
    pub(crate) fn link(&self) -> String {
        self.text.lines().find(|line| line.starts_with("http") && line.contains("/register/")).expect("a link").trim().to_owned()
    }
}

/// The mails in a folder, oldest first.
pub(crate) fn in_folder(folder: &Path) -> Vec<Mail> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths = files
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect::<Vec<_>>();
    paths.sort();
    paths.iter().map(|path| Mail::parse(&std::fs::read(path).unwrap())).collect()
}
