//! Mails, as they arrive.

use std::{collections::BTreeSet, path::Path};

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

    /// The link of an invitation's mail.
    pub(crate) fn link(&self) -> String {
        self.link_to("register")
    }

    /// The link of the mail that leads to a page and carries a token.
    pub(crate) fn link_to(&self, page: &str) -> String {
        let page = format!("/{page}/");
        let found = self.text.split_whitespace().find(|word| word.starts_with("http") && word.contains(&page));
        found.unwrap_or_else(|| panic!("no link to {page} in: {}", self.text)).to_owned()
    }

    /// Every address of this server that the mail leads to.
    pub(crate) fn links(&self, server: &str) -> BTreeSet<String> {
        let html = self.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let links = self.text.split_whitespace().chain(html).filter(|link| link.starts_with(server));
        links.map(|link| link.replace("&amp;", "&")).collect()
    }

    /// The code that the mail brings, if it brings one.
    pub(crate) fn code(&self) -> Option<String> {
        let is_group = |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        self.text.lines().find_map(|line| {
            let groups = line.split_whitespace().collect::<Vec<_>>();
            (groups.len() == 2 && groups.iter().all(is_group)).then(|| groups.concat())
        })
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
