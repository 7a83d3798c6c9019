//! Pictures. The name decides which one is meant: it is kept as bytes.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, PictureChange, Unavailable},
    model::account::Picture,
    port::PictureReads,
    value::{AccountId, PictureName},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};

use crate::{
    Storage,
    convert::{micros, time},
    entity::rows::pictures::{ActiveModel, Column, Entity as Pictures},
    error::{Failure, insert_failure, unavailable},
};

const TABLE: &str = "pictures";

#[async_trait]
impl PictureReads for Storage {
    async fn picture(&self, name: &PictureName) -> Result<Option<Picture>, Unavailable> {
        let only = Column::Name.eq(name.as_str().as_bytes());
        let found = Pictures::find().filter(only).one(&self.reads).await.map_err(unavailable)?;
        let read = |row: crate::entity::rows::pictures::Model| {
            Ok(Picture {
                name: name.clone(),
                account: AccountId::from_uuid(row.account_id),
                bytes: row.bytes.into(),
                created_at: time(row.created_at, TABLE)?,
            })
        };
        found.map(read).transpose()
    }
}

/// Applies a change of a picture.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &PictureChange) -> Result<(), Failure> {
    match change {
        PictureChange::Store(picture) => store(savepoint, picture).await,
        PictureChange::Remove(account) => remove(savepoint, *account).await,
    }
}

async fn store(savepoint: &DatabaseTransaction, picture: &Picture) -> Result<(), Failure> {
    remove(savepoint, picture.account).await?;
    let row = ActiveModel {
        name: Set(picture.name.as_str().into()),
        account_id: Set(*picture.account.as_uuid()),
        bytes: Set(picture.bytes.to_vec()),
        created_at: Set(micros(picture.created_at)),
    };
    let inserted = Pictures::insert(row).exec_without_returning(savepoint).await;
    inserted.map_err(|error| insert_failure(error, Entity::Picture, None))?;
    Ok(())
}

async fn remove(savepoint: &DatabaseTransaction, account: AccountId) -> Result<(), Failure> {
    Pictures::delete_many().filter(Column::AccountId.eq(*account.as_uuid())).exec(savepoint).await?;
    Ok(())
}
