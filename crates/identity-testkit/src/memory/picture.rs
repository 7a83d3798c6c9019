//! The rows of pictures.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, PictureChange, Rejection, Unavailable},
    model::account::Picture,
    port::PictureReads,
    value::PictureName,
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_picture(&mut self, change: &PictureChange) -> Result<(), Rejection> {
        match change.clone() {
            PictureChange::Store(picture) => {
                self.pictures.retain(|_, stored| stored.account != picture.account);
                if !self.accounts.contains_key(&picture.account) {
                    return Err(Rejection::Orphaned(Entity::Picture));
                }
                insert(&mut self.pictures, picture.name.clone(), picture, Entity::Picture)
            }
            PictureChange::Remove(account) => {
                self.pictures.retain(|_, picture| picture.account != account);
                Ok(())
            }
        }
    }
}

#[async_trait]
impl<P: Persist> PictureReads for MemoryStore<P> {
    async fn picture(&self, name: &PictureName) -> Result<Option<Picture>, Unavailable> {
        Ok(self.read("picture")?.pictures.get(name).cloned())
    }
}
