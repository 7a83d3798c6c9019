//! E-mail addresses: one mailbox in dot-atom form, compared by a canonical spelling.

use std::{fmt, str::FromStr};

use crate::value::pasted::{trim, with_narrow_forms};

/// Why a text is not an address that mail can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was given.
    #[error("enter an e-mail address")]
    Empty,
    /// Longer than 254 octets (RFC 5321 §4.5.3.1.3), or the part before the `@` longer than 64.
    #[error("the address is longer than mail systems allow: at most 64 characters before the @ and 254 in all")]
    TooLong,
    /// Not of the form `name@example.org`.
    #[error("the address needs the form name@example.org")]
    Form,
    /// The part before the `@` holds something other than ASCII letters, digits, dots and ``#$&'*+-/=?^_`{|}~``, or reads as something
    /// else than a name.
    #[error("the part before the @ can hold letters a to z, digits, dots, and #$&'*+-/=?^_`{{|}}~ only")]
    LocalPart,
    /// The part after the `@` is no domain name.
    #[error("the part after the @ is not a domain name such as example.org")]
    Domain,
}

/// One mailbox: `local@domain` without comments, quoting or display name (a subset of RFC 5322 `addr-spec`).
///
/// The local part is kept as it was typed, for sending. The domain is kept as lower-case A-labels (IDNA 2008, UTS 46).
/// [`canonical`](Self::canonical) is what addresses are compared by: the local part lower-cased as ASCII too.
/// A local part outside ASCII is refused, so look-alike twins can never meet in a comparison.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress {
    address: String,
    canonical: String,
}

const MAX_LOCAL: usize = 64;
const MAX_ADDRESS: usize = 254;
const MAX_LABEL: usize = 63;

impl EmailAddress {
    /// Reads one address as people type and paste it: with white space, invisible marks or quotes around it, as `mailto:` link, as
    /// `Name <name@example.org>`, with a comment or the full stop of a sentence behind it, or with full-width signs.
    ///
    /// # Errors
    /// [`EmailError`] says which part to mend.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        // Before any work on it: IDNA on a long text is slow. An A-label is at most four times its U-label's octets.
        if text.len() > MAX_ADDRESS * 4 {
            return Err(EmailError::TooLong);
        }
        let narrow = with_narrow_forms(text);
        let address = Self::stored(&meant(&narrow))?;
        if reads_as_something_else(address.local_part()) {
            return Err(EmailError::LocalPart);
        }
        Ok(address)
    }

    /// Reads an address as it was kept: one that an earlier version took stays readable.
    ///
    /// # Errors
    /// [`EmailError`] where it is no address.
    pub fn stored(text: &str) -> Result<Self, EmailError> {
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::Form)?;
        if local.is_empty() || domain.is_empty() || domain.contains('@') {
            return Err(EmailError::Form);
        }
        if local.len() > MAX_LOCAL {
            return Err(EmailError::TooLong);
        }
        if local.split('.').any(|atom| atom.is_empty() || !atom.bytes().all(is_atext)) {
            return Err(EmailError::LocalPart);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| EmailError::Domain)?;
        if !is_host(&domain) {
            return Err(EmailError::Domain);
        }
        let address = format!("{local}@{domain}");
        if address.len() > MAX_ADDRESS {
            return Err(EmailError::TooLong);
        }
        let canonical = address.to_ascii_lowercase();
        Ok(Self { address, canonical })
    }

    /// The address that mail is sent to.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// The spelling that decides whether two addresses are the same.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The part before the `@`, as it was typed.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.address.split_once('@').map_or("", |(local, _)| local)
    }

    /// The domain, as lower-case A-labels.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.address.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// The address in what was pasted.
fn meant(text: &str) -> String {
    let text = without_name(link_target(trim(text)));
    let text = trim(text.strip_suffix(['.', ',', ';']).unwrap_or(text));
    // A comment behind it (RFC 5322 §3.2.2).
    let comment = text.strip_suffix(')').and_then(|text| text.split_once('('));
    let text = between_quotes(comment.map_or(text, |(address, _)| trim(address)));
    let Some((local, domain)) = text.split_once('@') else { return text.to_owned() };
    // White space around the sign is none of the address (RFC 5322 §4.4), and quotes say nothing where none are needed (RFC 5321
    // §4.1.2).
    let (local, domain) = (trim(local), trim(domain));
    let local = local.strip_prefix('"').and_then(|local| local.strip_suffix('"')).unwrap_or(local);
    format!("{local}@{domain}")
}

/// The address of a `mailto:` link, without what the link says of the mail (RFC 6068).
fn link_target(text: &str) -> &str {
    const SCHEME: &str = "mailto:";
    let is_link = text.get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME));
    let target = text.get(SCHEME.len()..).filter(|_| is_link);
    target.map_or(text, |target| target.split_once('?').map_or(target, |(address, _)| address))
}

/// The address of `Name <address>`. A name in quotes may hold anything (RFC 5322 §3.4); of two addresses without quotes none is meant.
fn without_name(text: &str) -> &str {
    let Some(text) = text.strip_suffix('>') else { return text };
    let quoted = text.strip_prefix('"').and_then(|text| text.split_once('"')).map(|(_, rest)| trim(rest));
    let named = match quoted {
        Some(rest) => rest.strip_prefix('<'),
        None => text.split_once('<').filter(|(name, _)| !name.contains(['@', ',', ';'])).map(|(_, address)| address),
    };
    named.filter(|address| !address.contains('<')).map_or(text, trim)
}

/// What stands between quotes of one kind, as some programs copy an address.
fn between_quotes(text: &str) -> &str {
    const PAIRS: [(char, char); 5] = [('\'', '\''), ('"', '"'), ('‘', '’'), ('“', '”'), ('«', '»')];
    let inner = |(open, close)| text.strip_prefix(open).and_then(|text| text.strip_suffix(close));
    PAIRS.into_iter().find_map(inner).map_or(text, trim)
}

/// Whether a mail system may take a local part for something else: an encoded word (RFC 2047), which some decode although it has no
/// place there, or a route over another host (`user%host` and `host!user`, which Postfix rewrites where nothing else is said:
/// `allow_percent_hack`, `swap_bangpath`).
fn reads_as_something_else(local: &str) -> bool {
    local.contains("=?") || local.contains(['%', '!'])
}

const fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~')
}

fn is_host(domain: &str) -> bool {
    let labels = domain.split('.').collect::<Vec<_>>();
    let top_is_no_number = labels.last().is_some_and(|top| top.bytes().any(|byte| byte.is_ascii_alphabetic()));
    labels.len() >= 2
        && top_is_no_number
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= MAX_LABEL
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

impl FromStr for EmailAddress {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        Self::parse(text)
    }
}

/// Hides the address: debug output ends in logs, and logs hold no addresses.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accepts_mailboxes_and_keeps_how_they_were_typed() {
        for (typed, kept, canonical) in [
            ("Ada.Lovelace+news@Example.ORG", "Ada.Lovelace+news@example.org", "ada.lovelace+news@example.org"),
            ("a@bücher.example", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
            ("o'brien@mail.example.com", "o'brien@mail.example.com", "o'brien@mail.example.com"),
            ("{x}~|y`^_z@a-b.cd", "{x}~|y`^_z@a-b.cd", "{x}~|y`^_z@a-b.cd"),
            (" \u{feff}ada@example.org\r\n", "ada@example.org", "ada@example.org"),
            ("\u{202a}ada@example.org\u{202c}", "ada@example.org", "ada@example.org"),
            ("MAILTO:ada@example.org", "ada@example.org", "ada@example.org"),
            ("Ada Lovelace <ada@example.org>", "ada@example.org", "ada@example.org"),
            ("\"Lovelace (Ada)\" < ada@example.org >", "ada@example.org", "ada@example.org"),
            ("<ada@example.org>", "ada@example.org", "ada@example.org"),
            ("ada@example.org.", "ada@example.org", "ada@example.org"),
            ("ada@example.org,", "ada@example.org", "ada@example.org"),
            ("ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ada@example.org", "ada@example.org"),
            ("ada@example。org", "ada@example.org", "ada@example.org"),
            ("\"Lovelace, Ada\" <ada@example.org>", "ada@example.org", "ada@example.org"),
            ("\"ada@example.org\" <ada@example.org>", "ada@example.org", "ada@example.org"),
            ("ada@example.org (Ada Lovelace)", "ada@example.org", "ada@example.org"),
            ("mailto:ada@example.org?subject=Welcome", "ada@example.org", "ada@example.org"),
            ("'ada@example.org'", "ada@example.org", "ada@example.org"),
            ("“ada@example.org”", "ada@example.org", "ada@example.org"),
            ("\"ada\"@example.org", "ada@example.org", "ada@example.org"),
            ("ada @ example.org", "ada@example.org", "ada@example.org"),
        ] {
            let address = EmailAddress::parse(typed).unwrap();
            assert_eq!((address.as_str(), address.canonical()), (kept, canonical));
        }
    }

    #[test]
    fn refuses_everything_that_is_not_exactly_one_plain_mailbox() {
        let long_local = format!("{}@example.org", "a".repeat(65));
        let long_domain = format!("a@{}.org", "b.".repeat(130));
        for (text, error) in [
            ("", EmailError::Empty),
            ("ada", EmailError::Form),
            ("@example.org", EmailError::Form),
            ("ada@", EmailError::Form),
            ("a@b@example.org", EmailError::Form),
            ("a@x.org,b@y.org", EmailError::Form),
            ("\"a b\"@example.org", EmailError::LocalPart),
            ("a(comment)@example.org", EmailError::LocalPart),
            ("Ada, Bob <ada@example.org>", EmailError::LocalPart),
            ("b@evil.example <ada@example.org>", EmailError::Form),
            ("\"Ada\" b@evil.example <ada@example.org>", EmailError::Form),
            ("\"ada@example.org", EmailError::LocalPart),
            ("Ada <ada@example.org> <b@evil.example>", EmailError::Form),
            ("=?utf-8?q?a?=@example.org", EmailError::LocalPart),
            ("=?utf-8?q?b=40evil.example?=@example.org", EmailError::LocalPart),
            ("b%evil.example@example.org", EmailError::LocalPart),
            ("evil.example!b@example.org", EmailError::LocalPart),
            ("ada@example.org?bcc=b@evil.example", EmailError::Form),
            ("ada..l@example.org", EmailError::LocalPart),
            (".ada@example.org", EmailError::LocalPart),
            ("mıke@example.org", EmailError::LocalPart),
            ("mìke@example.org", EmailError::LocalPart),
            ("ada \r\nBcc: x@example.org", EmailError::LocalPart),
            ("ada@exa mple.org", EmailError::Domain),
            ("ada@localhost", EmailError::Domain),
            ("ada@[127.0.0.1]", EmailError::Domain),
            ("ada@127.0.0.1", EmailError::Domain),
            ("ada@-example.org", EmailError::Domain),
            ("ada@example.org..", EmailError::Domain),
            ("ada@example..org", EmailError::Domain),
            ("ada@xn--example-.org", EmailError::Domain),
            ("ada@exa_mple.org", EmailError::Domain),
            (&long_local, EmailError::TooLong),
            (&long_domain, EmailError::Domain),
        ] {
            assert_eq!(EmailAddress::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn debug_output_holds_no_address() {
        assert!(!format!("{:?}", EmailAddress::parse("ada@example.org").unwrap()).contains("ada"));
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_parses_again_to_itself(text in "\\PC{0,20}@\\PC{0,20}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address.clone()));
                prop_assert!(address.as_str().is_ascii());
                prop_assert!(!address.as_str().contains(|c: char| c.is_control() || c == ' ' || c == '"'));
            }
        }

        #[test]
        fn plain_addresses_are_accepted(local in "[a-zA-Z0-9+_-]{1,64}", domain in "[a-z0-9]{1,20}\\.[a-z]{2,10}") {
            let text = format!("{local}@{domain}");
            let canonical = text.to_ascii_lowercase();
            let address = EmailAddress::parse(&text).unwrap();
            prop_assert_eq!(address.canonical(), canonical);
        }
    }
}
