//! Setting and removing a picture.

use std::sync::Arc;

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, PictureChange, Unavailable},
    flow::{
        Fault,
        retry::{retry, taken},
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        access::Administrator,
        account::{Account, Picture},
        audit::{Action, Actor, AuditEvent, Subject},
        session::{Client, CurrentUser},
    },
    port::{IdSource, PictureError, Ports, Square},
    value::{AccountId, PictureName},
};

/// Lets one upload in: its permit is consumed.
#[derive(Debug)]
pub struct UploadPermit(());

/// What a signed-in person uploads.
pub struct SetPictureCommand {
    /// The file.
    pub upload: Vec<u8>,
    /// What of it is to be seen; its middle where nothing is said.
    pub square: Option<Square>,
    /// Where the request came from.
    pub client: Client,
}

impl std::fmt::Debug for SetPictureCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SetPictureCommand({} bytes)", self.upload.len())
    }
}

/// Why the picture was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SetPictureError {
    /// The upload is no picture that is kept.
    #[error(transparent)]
    Refused(#[from] RefusedPicture),
    /// The account changed in the meantime.
    #[error("the account has just been changed: try again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What is wrong with an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusedPicture {
    /// It has more than 5 MiB.
    #[error("choose a picture of at most 5 MiB")]
    TooLarge,
    /// It has too many pixels.
    #[error("choose a picture of at most 4096 × 4096 pixels")]
    TooManyPixels,
    /// It is not of a kind that is taken.
    #[error("choose a PNG, JPEG or WebP picture")]
    UnknownType,
    /// It cannot be decoded.
    #[error("the picture is damaged: choose another one")]
    Damaged,
    /// The square is not inside the picture.
    #[error("choose a square inside the picture")]
    SquareOutside,
    /// There are no pictures here.
    #[error("pictures are not taken here")]
    NotOffered,
}

impl RefusedPicture {
    /// The word in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooManyPixels => "too_many_pixels",
            Self::UnknownType => "unknown_type",
            Self::Damaged => "damaged",
            Self::SquareOutside => "square_outside",
            Self::NotOffered => "not_offered",
        }
    }
}

crate::flow::error::fault_from!(SetPictureError);

impl From<PictureError> for SetPictureError {
    fn from(error: PictureError) -> Self {
        let refused = match error {
            PictureError::TooLarge => RefusedPicture::TooLarge,
            PictureError::TooManyPixels => RefusedPicture::TooManyPixels,
            PictureError::UnknownType => RefusedPicture::UnknownType,
            PictureError::Damaged => RefusedPicture::Damaged,
            PictureError::SquareOutside => RefusedPicture::SquareOutside,
            PictureError::NotOffered => RefusedPicture::NotOffered,
            PictureError::Busy { retry_after } => return Fault::Busy { retry_after }.into(),
            PictureError::Unavailable(error) => return error.into(),
        };
        Self::Refused(refused)
    }
}

/// Sets and shows one's picture, and takes it away.
pub struct ManagePicture {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ManagePicture {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Lets somebody upload a picture, or not, before anything of it is read.
    ///
    /// # Errors
    /// [`Fault`]
    pub async fn enter(&self, user: &CurrentUser, client: &Client) -> Result<UploadPermit, Fault> {
        let limits = RateLimits::of(RateLimitedAction::Upload(user.account.id), client, &self.settings.throttle);
        limits.consume(&self.ports, self.ports.clock.now()).await?;
        Ok(UploadPermit(()))
    }

    /// Puts a picture in the place of the one that is there, under a name of its own.
    ///
    /// # Errors
    /// [`SetPictureError`]; nothing was changed.
    pub async fn set(
        &self,
        permit: UploadPermit,
        user: &CurrentUser,
        command: SetPictureCommand,
    ) -> Result<PictureName, SetPictureError> {
        let UploadPermit(()) = permit;
        let bytes = Arc::<[u8]>::from(self.ports.pictures.fit(command.upload, command.square).await?);
        let now = self.ports.clock.now();
        let name = PictureName::from_bytes(IdSource::new(now, self.ports.entropy.as_ref()).salt()?);
        let id = user.account.id;
        let picture = Picture { name: name.clone(), account: id, bytes, created_at: now };
        self.revise(id, &command.client, |_| Some((Some(name.clone()), Change::Picture(PictureChange::Store(picture.clone())))))
            .await?;
        Ok(name)
    }

    /// Takes the picture away; that there is none changes nothing.
    ///
    /// # Errors
    /// [`SetPictureError`]; nothing was changed.
    pub async fn remove(&self, user: &CurrentUser, client: &Client) -> Result<(), SetPictureError> {
        let id = user.account.id;
        let decide =
            |account: &Account| account.profile.picture.as_ref().map(|_| (None, Change::Picture(PictureChange::Remove(id))));
        self.revise(id, client, decide).await
    }

    /// Decides over the account as it is now, and commits; again where it changed meanwhile.
    async fn revise(
        &self,
        id: AccountId,
        client: &Client,
        decide: impl Fn(&Account) -> Option<(Option<PictureName>, Change)>,
    ) -> Result<(), SetPictureError> {
        retry(SetPictureError::Conflict, || async {
            let now = self.ports.clock.now();
            let account = self.ports.store.account(id).await?.filter(Account::is_active).ok_or(SetPictureError::Conflict)?;
            let Some((picture, change)) = decide(&account) else { return Ok(Some(())) };
            let action = if picture.is_some() { Action::PictureChanged } else { Action::PictureRemoved };
            let ids = IdSource::new(now, self.ports.entropy.as_ref());
            let event = ids.event()?;
            let recorded =
                AuditEvent::new(&event, now, action, Actor::Account(id), Subject::Account(id)).from_client(&event, client);
            let revised = Change::Account(AccountChange::Revise { account: account.with_picture(picture), by: None });
            let set = ChangeSet::new(ids.id()?, now, vec![revised, change, Change::Audit(AuditChange::Record(recorded))])?;
            taken(self.ports.store.commit(&set).await, ())
        })
        .await
    }

    /// The picture of that name, for everybody who knows its name.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn show(&self, name: &PictureName) -> Result<Option<Picture>, Unavailable> {
        self.ports.store.picture(name).await
    }

    /// The picture of an account, for its person and for the administrators of its company.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn of(&self, by: &CurrentUser, id: AccountId) -> Result<Option<Picture>, Unavailable> {
        let found = self.ports.store.account(id).await?;
        let administers = |company| Administrator::by_roles(&by.account).is_some_and(|by| by.may_administer(company));
        let found = found.filter(|account| account.id == by.account.id || administers(account.company));
        match found.and_then(|account| account.profile.picture) {
            Some(name) => self.ports.store.picture(&name).await,
            None => Ok(None),
        }
    }
}
