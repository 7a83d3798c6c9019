//! A rendered mail as a MIME message.

use std::time::{Duration, SystemTime};

use identity_core::model::outbox::Email;
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{Header, HeaderName, HeaderValue},
    },
};

use crate::{config::MailSettings, render::Rendered};

/// Why a mail could not be made into a message. Trying again would not help.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A layout could not be filled.
    #[error("the mail could not be rendered")]
    Render(#[from] askama::Error),
    /// The mail library does not take an address that the core took.
    #[error("the mail library refuses an address")]
    Address(#[from] lettre::address::AddressError),
    /// The mail library could not build the message.
    #[error("the message could not be built")]
    Build(#[from] lettre::error::Error),
    /// A control character where a header's line would break.
    #[error("a header would hold a control character")]
    Control,
}

/// A message, ready to be sent or kept.
pub(crate) struct Composed {
    pub(crate) envelope: Envelope,
    pub(crate) bytes: Vec<u8>,
}

/// Tells other machines not to answer (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

pub(crate) fn compose(email: &Email, rendered: Rendered, settings: &MailSettings) -> Result<Composed, ComposeError> {
    // The library panics at a line break in a name, and loses the header at a NUL.
    if [&settings.from_name, &rendered.subject].iter().any(|text| text.chars().any(char::is_control)) {
        return Err(ComposeError::Control);
    }
    let from = settings.from.as_str().parse::<Address>()?;
    let to = email.to.as_str().parse::<Address>()?;
    let envelope = Envelope::new(Some(from.clone()), vec![to.clone()])?;
    let written = u64::try_from(email.written_at.as_second()).unwrap_or(0);
    let message = Message::builder()
        .from(Mailbox::new(Some(settings.from_name.clone()), from))
        .to(Mailbox::new(None, to))
        .subject(rendered.subject)
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(written))
        .message_id(Some(format!("<{}@{}>", email.id, settings.from.domain())))
        .header(AutoSubmitted)
        .multipart(
            MultiPart::alternative().singlepart(SinglePart::plain(rendered.text)).singlepart(SinglePart::html(rendered.html)),
        )?;
    Ok(Composed { envelope, bytes: message.formatted() })
}
