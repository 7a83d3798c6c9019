//! What lets somebody in, or keeps them out: passwords, registrations and their codes, throttles.

use identity_core::{
    change::{Entity, Rejection},
    model::{
        password::{Password, PasswordHash, RetiredPassword},
        question::SecurityAnswer,
        registration::{IssuedCode, Registration},
        throttle::{Bucket, Rate, Throttle},
    },
    value::{AccountId, RegistrationId, Timestamp},
};

use super::{
    rows::Counter,
    state::{State, is_next},
};

impl State {
    /// Guard: the stored hash is `from`.
    pub(super) fn replace_password(
        &mut self,
        account: AccountId,
        from: &PasswordHash,
        write: impl FnOnce(&mut Password),
    ) -> Result<(), Rejection> {
        let guard = |stored: &Password| stored.hash == *from;
        self.passwords.change(&account, |stored| guard(&stored.password), |stored| write(&mut stored.password))
    }

    pub(super) fn retire_password(&mut self, retired: &RetiredPassword, keep: u32) -> Result<(), Rejection> {
        self.retired_passwords.insert(retired.clone())?;
        self.accounts.get(&retired.account).ok_or(Rejection::Orphaned(Entity::RetiredPassword))?;
        let of_account = self.retired_passwords.rows().rev().filter(|other| other.account == retired.account);
        let gone = of_account.skip(count(keep)).map(|other| other.id).collect::<Vec<_>>();
        self.retired_passwords.retain(|other| !gone.contains(&other.id));
        Ok(())
    }

    pub(super) fn set_answers(&mut self, account: AccountId, answers: &[SecurityAnswer]) -> Result<(), Rejection> {
        self.security_answers.retain(|kept| kept.account != account);
        for answer in answers {
            self.accounts.get(&account).ok_or(Rejection::Orphaned(Entity::SecurityAnswer))?;
            self.security_answers.insert(answer.clone())?;
        }
        Ok(())
    }

    pub(super) fn open_registration(&mut self, registration: &Registration) -> Result<(), Rejection> {
        if self.registrations.rows().any(|other| other.flow == registration.flow) {
            return Err(Rejection::Exists(Entity::Registration));
        }
        self.registrations.insert(registration.clone())
    }

    /// The code and how often one was tried are not written.
    pub(super) fn advance_registration(&mut self, next: &Registration) -> Result<(), Rejection> {
        let write = |stored: &mut Registration| {
            *stored = Registration { code: stored.code.take(), code_tries: stored.code_tries, ..next.clone() };
        };
        self.registrations.change(&next.id, |stored| is_next(stored.version, next.version), write)
    }

    pub(super) fn replace_code(
        &mut self,
        id: &RegistrationId,
        from: Option<&PasswordHash>,
        to: Option<&IssuedCode>,
    ) -> Result<(), Rejection> {
        let guard = |stored: &Registration| stored.code.as_ref().map(|code| &code.hash) == from;
        self.registrations.change(id, guard, |stored| (stored.code, stored.code_tries) = (to.cloned(), 0))
    }

    pub(super) fn try_code(&mut self, id: &RegistrationId, limit: u32) -> Result<(), Rejection> {
        let tried = self.registrations.change(id, |stored| stored.code_tries < limit, |stored| stored.code_tries += 1);
        tried.map_err(|_| Rejection::CodeSpent)
    }

    pub(super) fn consume_permit(&mut self, bucket: Bucket, rate: &Rate, at: Timestamp) -> Result<(), Rejection> {
        let throttle = Throttle::turned(self.throttle(&bucket).as_ref(), at, rate).ok_or(Rejection::Throttled)?;
        self.throttles.put(Counter { bucket, throttle });
        Ok(())
    }

    pub(super) fn count_attempt(&mut self, bucket: Bucket, from: Option<Throttle>, to: Throttle) -> Result<(), Rejection> {
        if self.throttle(&bucket) != from {
            return Err(Rejection::Changed(Entity::Throttle));
        }
        self.throttles.put(Counter { bucket, throttle: to });
        Ok(())
    }

    pub(super) fn throttle(&self, bucket: &Bucket) -> Option<Throttle> {
        self.throttles.get(bucket).map(|counter| counter.throttle)
    }
}

/// A number of rows, as iterators count.
pub(super) fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
