//! Where mail goes, and who it comes from.

use std::time::Duration;

use identity_core::value::EmailAddress;
use secrecy::SecretString;

/// What every mail says of its sender.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The sender's address.
    pub from: EmailAddress,
    /// The sender's name.
    pub from_name: String,
    /// Whom to ask for help.
    pub support: EmailAddress,
}

/// How the connection to an SMTP server is secured. There is no unsecured one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Plain at first, then STARTTLS, which must be offered (RFC 3207).
    StartTls,
    /// TLS from the start (RFC 8314).
    Tls,
}

/// An SMTP server.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its host, whose name the certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: SmtpSecurity,
    /// User and password for AUTH.
    pub login: Option<(String, SecretString)>,
    /// Certificates (PEM) to trust beside the public ones.
    pub extra_roots: Option<Vec<u8>>,
    /// The most time for each step: connecting, and sending one mail.
    pub timeout: Duration,
}

/// The URL of an SMTP server is not usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailConfigError {
    /// Neither of the two forms.
    #[error("expected smtps://user:password@host:465 or smtp://user:password@host:587?tls=required")]
    Form,
    /// Plain SMTP.
    #[error("mail is not sent without TLS: use smtps://…, or smtp://…?tls=required for STARTTLS")]
    Unsecured,
    /// A user without a password or the other way round.
    #[error("the URL names a user or a password, but not both")]
    HalfLogin,
}

impl SmtpSettings {
    /// Reads `smtps://user:password@host:465` or `smtp://user:password@host:587?tls=required`. User and password are
    /// percent-encoded; STARTTLS is required also where the URL does not say so.
    ///
    /// # Errors
    /// [`MailConfigError`] says which form is expected.
    pub fn parse(url: &str) -> Result<Self, MailConfigError> {
        let (scheme, rest) = url.split_once("://").ok_or(MailConfigError::Form)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let security = match (scheme, query) {
            ("smtps", "") => SmtpSecurity::Tls,
            ("smtp", "" | "tls=required") => SmtpSecurity::StartTls,
            ("smtp", _) => return Err(MailConfigError::Unsecured),
            _ => return Err(MailConfigError::Form),
        };
        let (login, place) = match rest.trim_end_matches('/').rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, rest.trim_end_matches('/')),
        };
        let login = login
            .map(|login| {
                let (user, password) = login.split_once(':').ok_or(MailConfigError::HalfLogin)?;
                let (user, password) = (decode(user)?, decode(password)?);
                if user.is_empty() || password.is_empty() {
                    Err(MailConfigError::HalfLogin)
                } else {
                    Ok((user, SecretString::from(password)))
                }
            })
            .transpose()?;
        let default_port = if security == SmtpSecurity::Tls { 465 } else { 587 };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| MailConfigError::Form)?),
            None => (place, default_port),
        };
        if host.is_empty() || host.contains(|character: char| character.is_whitespace() || character == '/') {
            return Err(MailConfigError::Form);
        }
        Ok(Self { host: host.to_owned(), port, security, login, extra_roots: None, timeout: Duration::from_secs(20) })
    }
}

fn decode(text: &str) -> Result<String, MailConfigError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).ok_or(MailConfigError::Form);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).map_err(|_| MailConfigError::Form)?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| MailConfigError::Form)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn reads_both_forms() {
        let settings = SmtpSettings::parse("smtps://ada:p%40ss%3A@mail.example.org:465").unwrap();
        let login = settings.login.unwrap();
        assert_eq!((settings.host.as_str(), settings.port, settings.security), ("mail.example.org", 465, SmtpSecurity::Tls));
        assert_eq!((login.0.as_str(), login.1.expose_secret()), ("ada", "p@ss:"));
        let settings = SmtpSettings::parse("smtp://mail.example.org?tls=required").unwrap();
        assert_eq!((settings.port, settings.security, settings.login.is_none()), (587, SmtpSecurity::StartTls, true));
    }

    #[test]
    fn refuses_what_is_not_secure_or_not_whole() {
        for (url, error) in [
            ("smtp://host?tls=none", MailConfigError::Unsecured),
            ("mail.example.org", MailConfigError::Form),
            ("smtp://", MailConfigError::Form),
            ("smtp://host:port", MailConfigError::Form),
            ("smtp://ada@host", MailConfigError::HalfLogin),
            ("smtp://ada:@host", MailConfigError::HalfLogin),
            ("smtp://a%zz:b@host", MailConfigError::Form),
        ] {
            assert_eq!(SmtpSettings::parse(url).unwrap_err(), error, "{url}");
        }
    }
}
