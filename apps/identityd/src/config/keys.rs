//! Every key there is.

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A text that may hold a secret; also from a file named by the key with `_file` after it.
    Secret,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// Several texts: a list in a file, separated by commas in the environment.
    List,
    /// Several tables: `[[key]]` in a file, a TOML array of inline tables in the environment.
    Tables,
}

/// A key of the configuration.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its dotted name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
}

const fn key(name: &'static str, kind: Kind) -> Key {
    Key { name, kind }
}

/// Every key there is; any other is refused by name.
pub const KEYS: &[Key] = &[
    key("data_dir", Kind::Text),
    key("languages", Kind::List),
    key("branding.product_name", Kind::Text),
    key("http.listen", Kind::Text),
    key("http.public_url", Kind::Text),
    key("http.trusted_proxies", Kind::List),
    key("http.max_connections", Kind::Number),
    key("http.max_connections_per_network", Kind::Number),
    key("http.head_timeout", Kind::Text),
    key("http.write_timeout", Kind::Text),
    key("http.drain", Kind::Text),
    key("database.url", Kind::Secret),
    key("database.max_connections", Kind::Number),
    key("log.format", Kind::Text),
    key("mail.transport", Kind::Text),
    key("mail.smtp.url", Kind::Secret),
    key("mail.smtp.ca_file", Kind::Text),
    key("mail.from", Kind::Text),
    key("mail.from_name", Kind::Text),
    key("mail.support", Kind::Text),
    key("mail.lease", Kind::Text),
    key("session.idle", Kind::Text),
    key("session.absolute", Kind::Text),
    key("session.remember", Kind::Text),
    key("invitation.expires_in", Kind::Text),
    key("invitation.max_expires_in", Kind::Text),
    key("registration.mode", Kind::Text),
    key("registration.domains", Kind::List),
    key("registration.verification", Kind::Text),
    key("registration.approval", Kind::Switch),
    key("registration.approval_expires_in", Kind::Text),
    key("registration.refuse_disposable", Kind::Switch),
    key("activation.expires_in", Kind::Text),
    key("activation.code_expires_in", Kind::Text),
    key("reset.expires_in", Kind::Text),
    key("reset.temporary_expires_in", Kind::Text),
    key("reset.report_expires_in", Kind::Text),
    key("password.preset", Kind::Text),
    key("password.min_length", Kind::Number),
    key("password.uppercase", Kind::Switch),
    key("password.lowercase", Kind::Switch),
    key("password.digit", Kind::Switch),
    key("password.special", Kind::Switch),
    key("password.blocklist", Kind::Text),
    key("password.min_score", Kind::Number),
    key("password.history", Kind::Number),
    key("password.breached.source", Kind::Text),
    key("password.breached.url", Kind::Text),
    key("password.breached.file", Kind::Text),
    key("password.hash.memory_kib", Kind::Number),
    key("password.hash.iterations", Kind::Number),
    key("password.hash.threads", Kind::Number),
    key("password.hash.max_wait", Kind::Text),
    key("picture.threads", Kind::Number),
    key("throttle.enabled", Kind::Switch),
    key("throttle.login.free", Kind::Number),
    key("throttle.login.most", Kind::Number),
    key("throttle.login.per_network", Kind::Text),
    key("throttle.sign_up.per_network", Kind::Text),
    key("throttle.recovery.per_network", Kind::Text),
    key("throttle.link.per_network", Kind::Text),
    key("throttle.code.tries", Kind::Number),
    key("throttle.request.per_address", Kind::Text),
    key("throttle.mail.per_address", Kind::Text),
    key("throttle.mail.by_administrators_per_address", Kind::Text),
    key("throttle.mail.per_flow", Kind::Text),
    key("throttle.password_check.per_network", Kind::Text),
    key("throttle.invitation.per_account", Kind::Text),
    key("throttle.invitation.per_untrusted_company", Kind::Text),
    key("fields", Kind::Tables),
    key("session.cookie_domain", Kind::Text),
    key("http.return_to_origins", Kind::List),
    key("http.start_url", Kind::Text),
    key("security.contact", Kind::Text),
    key("security.expires", Kind::Text),
    key("session.reauthenticate_after", Kind::Text),
    key("email_change.expires_in", Kind::Text),
    key("email_change.undo_expires_in", Kind::Text),
    key("throttle.email_change.per_account", Kind::Text),
    key("throttle.picture.per_account", Kind::Text),
    key("notifications.kinds", Kind::List),
    key("setup.enabled", Kind::Switch),
    key("setup.left_out", Kind::List),
    key("setup.tutorial", Kind::Text),
    key("setup.steps", Kind::Tables),
    key("security_questions.enabled", Kind::Switch),
    key("security_questions.questions", Kind::Tables),
    key("security_questions.required_answers", Kind::Number),
    key("security_questions.required", Kind::Switch),
    key("deletion.enabled", Kind::Switch),
    key("deletion.grace", Kind::Text),
    key("throttle.export.per_account", Kind::Text),
    key("password.peppers", Kind::Secret),
];
