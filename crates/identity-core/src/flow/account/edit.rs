//! One's own profile and settings.

use std::{collections::BTreeMap, ops::ControlFlow, sync::Arc};

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, Entity, Rejection},
    flow::{Fault, retry::retry_from},
    model::{
        Settings,
        account::{Account, CustomFieldValues, Preferences, Profile},
        audit::{Action, Actor, AuditEvent, Subject},
        custom_field::{FieldPlace, Fields, RawInput, WrongAnswer},
        session::{Client, CurrentUser},
    },
    port::{IdSource, Ports},
    value::{Language, NotificationKey, PersonName, PhoneNumber, ProfileText, TimeZone},
};

/// What becomes of a field that may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Edit<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is emptied.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Edit<T> {
    fn over(self, held: Option<T>) -> Option<T> {
        match self {
            Self::Keep => held,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The edit of what comes of the value.
    ///
    /// # Errors
    /// That of the reading.
    pub fn read<U, E>(self, read: impl FnOnce(T) -> Result<U, E>) -> Result<Edit<U>, E> {
        Ok(match self {
            Self::Keep => Edit::Keep,
            Self::Clear => Edit::Clear,
            Self::Set(value) => Edit::Set(read(value)?),
        })
    }
}

/// What a person changes of the own account; what is not named stays as it is.
#[derive(Clone, Debug, Default)]
pub struct EditAccountCommand {
    /// First name.
    pub first_name: Option<PersonName>,
    /// Last name.
    pub last_name: Option<PersonName>,
    /// The phone number, as it was typed.
    pub phone: Edit<String>,
    /// The department.
    pub department: Edit<ProfileText>,
    /// The job title.
    pub job_title: Edit<ProfileText>,
    /// The language of pages and mails; emptied, it is the installation's.
    pub language: Edit<Language>,
    /// The time zone; emptied, it is UTC.
    pub time_zone: Edit<TimeZone>,
    /// For kinds of notifications, whether they are to be mailed; kinds that are not named stay as they are.
    pub notifications: BTreeMap<NotificationKey, bool>,
    /// Answers to the operator's fields of the profile; those that are not named stay, an empty one is taken back.
    pub fields: RawInput,
    /// Where the request came from.
    pub client: Client,
}

/// What has to be mended, all at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusedEdit {
    /// There can be no such phone number.
    pub phone: bool,
    /// Pages and mails don't exist in the language.
    pub language: bool,
    /// Kinds of notifications that there are not, or not for this account.
    pub notifications: Vec<NotificationKey>,
    /// Answers to the operator's fields that cannot be kept.
    pub fields: Vec<WrongAnswer>,
}

/// Why the account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditAccountError {
    /// Something has to be mended.
    #[error("something has to be mended")]
    Refused(RefusedEdit),
    /// The account was changed again and again in the meantime, or may not be used any more.
    #[error("the account has just been changed: look again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(EditAccountError);

/// Changes the profile and the settings of the person who is signed in.
pub struct EditAccount {
    ports: Ports,
    settings: Arc<Settings>,
}

impl EditAccount {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Changes what is named, and answers the account as it is then. Where that is what is there already, nothing is written.
    ///
    /// # Errors
    /// [`EditAccountError`]; nothing was changed.
    pub async fn run(&self, user: &CurrentUser, command: EditAccountCommand) -> Result<Account, EditAccountError> {
        let now = self.ports.clock.now();
        let account = user.account.clone();
        let client = command.client.clone();
        let judged = self.validate(&account, command).map_err(EditAccountError::Refused)?;
        let (judged, client) = (&judged, &client);
        retry_from(account, EditAccountError::Conflict, |account| async move {
            let (next, changed) = edited(&account, judged, &self.settings);
            let ids = IdSource::new(now, self.ports.entropy.as_ref());
            let mut changes = Vec::new();
            for (action, fields) in changed.into_iter().filter(|(_, fields)| !fields.is_empty()) {
                let fresh = ids.event()?;
                let event = AuditEvent::new(&fresh, now, action, Actor::Account(account.id), Subject::Entry(fields.join(",")));
                changes.push(Change::Audit(AuditChange::Record(event.from_client(&fresh, client))));
            }
            if changes.is_empty() {
                return Ok(ControlFlow::Break(account));
            }
            changes.push(Change::Account(AccountChange::Revise { account: next.clone(), by: None }));
            match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
                Ok(()) => Ok(ControlFlow::Break(next)),
                // Its rights, say: they are another's to change, and what is here is made over them.
                Err(CommitError::Rejected(Rejection::Changed(Entity::Account))) => {
                    Ok(ControlFlow::Continue(self.usable(&account).await?))
                }
                Err(CommitError::Rejected(_)) => Err(EditAccountError::Conflict),
                Err(CommitError::Unavailable(error)) => Err(error.into()),
            }
        })
        .await
    }

    /// Says what has to be mended of an edit that can't be read as a whole: nothing of it is made.
    #[must_use]
    pub fn check(&self, user: &CurrentUser, command: EditAccountCommand) -> RefusedEdit {
        self.validate(&user.account, command).err().unwrap_or_default()
    }

    fn validate(&self, account: &Account, command: EditAccountCommand) -> Result<Validated, RefusedEdit> {
        let phone = command.phone.read(|typed| self.ports.phone_numbers.read(&typed).ok_or(()));
        let language = command.language.read(|language| self.settings.spoken(&language).ok_or(()));
        let known = self.settings.switchable(account);
        let unknown = command.notifications.keys().filter(|key| !known.contains(key)).cloned().collect::<Vec<_>>();
        let wrong =
            self.settings.fields.amended(FieldPlace::Profile, &account.profile.answers, &command.fields).err().unwrap_or_default();
        match (phone, language) {
            (Ok(phone), Ok(language)) if unknown.is_empty() && wrong.is_empty() => Ok(Validated {
                first_name: command.first_name,
                last_name: command.last_name,
                phone,
                department: command.department,
                job_title: command.job_title,
                language,
                time_zone: command.time_zone,
                notifications: command.notifications,
                fields: command.fields,
            }),
            (phone, language) => {
                Err(RefusedEdit { phone: phone.is_err(), language: language.is_err(), notifications: unknown, fields: wrong })
            }
        }
    }

    /// The account as it is now, if its person may use it and has nothing to do first.
    async fn usable(&self, account: &Account) -> Result<Account, EditAccountError> {
        let found = self.ports.store.account(account.id).await?;
        found.filter(|found| self.settings.may_go_on(found)).ok_or(EditAccountError::Conflict)
    }
}

/// An edit that is good in itself.
struct Validated {
    first_name: Option<PersonName>,
    last_name: Option<PersonName>,
    phone: Edit<PhoneNumber>,
    department: Edit<ProfileText>,
    job_title: Edit<ProfileText>,
    language: Edit<Language>,
    time_zone: Edit<TimeZone>,
    notifications: BTreeMap<NotificationKey, bool>,
    fields: RawInput,
}

/// The answers with those that were judged to be good: none is wrong any more, whatever was there before.
fn amended(fields: &Fields, before: &CustomFieldValues, typed: &RawInput) -> CustomFieldValues {
    fields.amended(FieldPlace::Profile, before, typed).unwrap_or_else(|_| before.clone())
}

/// Names of fields, under what is recorded of them.
type Changed = [(Action, Vec<&'static str>); 2];

/// The account with the edit made, and the names of the fields that are other than before.
fn edited(account: &Account, edit: &Validated, settings: &Settings) -> (Account, Changed) {
    let mut silenced = account.preferences.silenced.clone();
    for (key, wanted) in &edit.notifications {
        if *wanted {
            silenced.remove(key)
        } else {
            silenced.insert(key.clone())
        };
    }
    let next = Account {
        first_name: edit.first_name.clone().unwrap_or_else(|| account.first_name.clone()),
        last_name: edit.last_name.clone().unwrap_or_else(|| account.last_name.clone()),
        language: edit.language.clone().over(Some(account.language.clone())).unwrap_or_else(|| settings.default_language()),
        profile: Profile {
            phone: edit.phone.clone().over(account.profile.phone.clone()),
            department: edit.department.clone().over(account.profile.department.clone()),
            job_title: edit.job_title.clone().over(account.profile.job_title.clone()),
            answers: amended(&settings.fields, &account.profile.answers, &edit.fields),
            ..account.profile.clone()
        },
        preferences: Preferences {
            time_zone: edit.time_zone.clone().over(Some(account.preferences.time_zone.clone())).unwrap_or_default(),
            silenced,
        },
        version: account.version.saturating_add(1),
        ..account.clone()
    };
    let (was, is) = (&account.profile, &next.profile);
    let profile = [
        ("first_name", next.first_name != account.first_name),
        ("last_name", next.last_name != account.last_name),
        ("phone", is.phone != was.phone),
        ("department", is.department != was.department),
        ("job_title", is.job_title != was.job_title),
        ("fields", is.answers != was.answers),
    ];
    let settings = [
        ("language", next.language != account.language),
        ("time_zone", next.preferences.time_zone != account.preferences.time_zone),
        ("notifications", next.preferences.silenced != account.preferences.silenced),
    ];
    let names =
        |fields: &[(&'static str, bool)]| fields.iter().filter(|(_, is_changed)| *is_changed).map(|(name, _)| *name).collect();
    (next, [(Action::ProfileChanged, names(&profile)), (Action::SettingsChanged, names(&settings))])
}
