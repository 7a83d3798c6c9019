//! The development mailbox: each mail is a file, and nothing leaves the machine.

use std::{
    fs::DirBuilder,
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use identity_core::{
    model::outbox::Email,
    port::{MailError, Mailer},
};
use mail_parser::MessageParser;

use crate::{config::MailSettings, message::compose, render::Renderer};

/// The mailbox cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the development mailbox {folder} cannot be used")]
pub struct MailboxError {
    folder: String,
    #[source]
    source: io::Error,
}

/// Writes each mail as one `.eml` file, named by the message's id, into a folder.
#[derive(Clone, Debug)]
pub struct Mailbox {
    folder: PathBuf,
    renderer: Renderer,
    settings: MailSettings,
}

/// A mail in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMail {
    /// Its file's name without the ending: the message's id.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// Who it is to.
    pub to: String,
    /// When it was written, in seconds since the Unix epoch.
    pub written_at: i64,
}

/// A mail, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMail {
    /// What the list says of it.
    pub head: SentMail,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

impl Mailbox {
    /// Opens the mailbox in a folder, which is made where it is not there.
    ///
    /// # Errors
    /// [`MailboxError`] where the folder cannot be made.
    pub fn open(folder: PathBuf, renderer: Renderer, settings: MailSettings) -> Result<Self, MailboxError> {
        // Mails hold links that work: they are for this program's user alone.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|source| MailboxError { folder: folder.display().to_string(), source })?;
        Ok(Self { folder, renderer, settings })
    }

    /// The newest mails, at most 100, newest first.
    ///
    /// # Errors
    /// [`io::Error`] where the folder cannot be read.
    pub async fn list(&self) -> io::Result<Vec<SentMail>> {
        let mut names = Vec::new();
        let mut files = tokio::fs::read_dir(&self.folder).await?;
        while let Some(file) = files.next_entry().await? {
            let name = file.file_name().to_string_lossy().into_owned();
            names.extend(name.strip_suffix(".eml").map(str::to_owned));
        }
        // Ids are in the order of time.
        names.sort_unstable_by(|one, other| other.cmp(one));
        let mut mails = Vec::new();
        for name in names.iter().take(100) {
            mails.extend(self.read(name).await?.map(|mail| mail.head));
        }
        Ok(mails)
    }

    /// One mail.
    ///
    /// # Errors
    /// [`io::Error`] where the file cannot be read.
    pub async fn read(&self, id: &str) -> io::Result<Option<StoredMail>> {
        if !id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
            return Ok(None);
        }
        let bytes = match tokio::fs::read(self.path(id)).await {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(MessageParser::default().parse(&bytes).map(|message| StoredMail {
            head: SentMail {
                id: id.to_owned(),
                subject: message.subject().unwrap_or_default().to_owned(),
                to: message.to().and_then(|to| to.first()?.address().map(str::to_owned)).unwrap_or_default(),
                written_at: message.date().map_or(0, mail_parser::DateTime::to_timestamp),
            },
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
        }))
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(id).with_extension("eml")
    }
}

/// Whole or not at all, also when the process dies in between: the name appears with the last byte.
async fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("part");
    tokio::fs::write(&unfinished, bytes).await?;
    tokio::fs::rename(&unfinished, path).await
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, email: &Email) -> Result<(), MailError> {
        let rendered = self.renderer.render(email).map_err(|error| MailError::Permanent(Box::new(error)))?;
        let composed = compose(email, rendered, &self.settings).map_err(|error| MailError::Permanent(Box::new(error)))?;
        let path = self.path(&email.id.to_string());
        write(&path, &composed.bytes).await.map_err(|error| MailError::Temporary(Box::new(error)))
    }
}
