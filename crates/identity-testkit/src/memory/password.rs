//! The rows of passwords.

use identity_core::{
    change::{Entity, PasswordChange, Rejection},
    model::password::{Password, PasswordHash, RetiredPassword},
    value::AccountId,
};

use super::{guard::insert, state::State};

impl State {
    pub(super) fn apply_to_password(&mut self, change: &PasswordChange) -> Result<(), Rejection> {
        match change.clone() {
            PasswordChange::Rehash { id, from, to } => {
                self.password(id, &from)?.hash = to;
                Ok(())
            }
            PasswordChange::Set { id, from, to } => {
                *self.password(id, &from)? = to;
                Ok(())
            }
            PasswordChange::Retire { retired, keep } => self.retire_password(retired, keep),
        }
    }

    fn password(&mut self, id: AccountId, from: &PasswordHash) -> Result<&mut Password, Rejection> {
        let stored = self.accounts.get_mut(&id).filter(|(_, password)| password.hash == *from);
        stored.map(|(_, password)| password).ok_or(Rejection::Changed(Entity::Account))
    }

    fn retire_password(&mut self, retired: RetiredPassword, keep: u32) -> Result<(), Rejection> {
        let account = retired.account;
        if !self.accounts.contains_key(&account) {
            return Err(Rejection::Orphaned(Entity::RetiredPassword));
        }
        insert(&mut self.retired_passwords, retired.id, retired, Entity::RetiredPassword)?;
        let of_account = self.retired_passwords.iter().filter(|(_, retired)| retired.account == account).map(|(id, _)| *id);
        let gone = of_account.rev().skip(usize::try_from(keep).unwrap_or(usize::MAX)).collect::<Vec<_>>();
        self.retired_passwords.retain(|id, _| !gone.contains(id));
        Ok(())
    }
}
