//! Every link at every door.

use std::collections::BTreeMap;

use identity_core::{
    change::Change,
    email_change::{EmailChangeLinkError},
    invitation::{AcceptAccessError, AcceptError, PreviewError},
    recovery::{PreviewRecoveryError, ReportError, Reported, ResetError},
    registration::{CompleteError, PreviewRegistrationError, VerifyCodeError},
    value::TokenSecret,
};

use super::{
    links::{About, Door, Link},
    pair::Pair,
};
use crate::{actors::OPERATOR, visitors::another};

impl Pair {
    /// Every flow that looks, for every link: its own says what the rule says, and the others that it is dead.
    pub(super) async fn opens_its_own_door_alone(&self, secret: &TokenSecret, link: &Link) {
        let (own, shut) = (self.model.door(link), Door::Shut);
        let registration = match self.world.looks_at_registration(secret).await {
            Ok(_) => Door::Open,
            Err(PreviewRegistrationError::AddressTaken) => Door::Taken,
            Err(PreviewRegistrationError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        };
        let recovery = match self.world.flows().preview_recovery.run(secret).await {
            Ok(_) => Door::Open,
            Err(PreviewRecoveryError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        };
        let (report, reported) = match self.world.flows().report_access.preview(secret).await {
            Ok((reported, _)) => (Door::Open, Some(reported)),
            Err(ReportError::DeadLink) => (Door::Shut, None),
            Err(other) => panic!("{other:?}"),
        };
        let expected = match link.about {
            About::Registration(_) => (&own, &shut, &shut),
            About::Recovery(_) => (&shut, &own, &shut),
            About::ResetReport(_) | About::ChangeReport(_) => (&shut, &shut, &own),
        };
        assert_eq!((&registration, &recovery, &report), expected, "{link:?}");
        let is_change = matches!(link.about, About::ChangeReport(_));
        assert!(reported.is_none_or(|reported| (reported == Reported::Change) == is_change), "{link:?}");
        let confirmed = self.world.flows().confirm_email_change.preview(secret).await;
        assert!(matches!(confirmed, Err(EmailChangeLinkError::DeadLink)), "{link:?} is taken for a confirmation");
        let undone = self.world.flows().undo_email_change.preview(secret).await;
        assert!(matches!(undone, Err(EmailChangeLinkError::DeadLink)), "{link:?} is taken for an undo");
        let invited = self.world.visitor(secret).looks().await;
        assert!(matches!(invited, Err(PreviewError::DeadLink)), "{link:?} is taken for an invitation");
    }

    /// Every flow that acts, for every link that is another's; and the secrets that are no links at all.
    pub(super) async fn no_link_acts_at_another_door(&self) {
        let ada = self.world.signed_in(OPERATOR).await;
        let before = self.world.history().len();
        for (secret, link) in self.secrets.iter().zip(&self.model.links) {
            if !matches!(link.about, About::Registration(_)) {
                assert!(matches!(self.world.completes(secret).await, Err(CompleteError::DeadLink)), "{link:?}");
            }
            if !matches!(link.about, About::Recovery(_)) {
                assert!(matches!(self.world.resets(secret, &another(0)).await, Err(ResetError::DeadLink)), "{link:?}");
            }
            if !matches!(link.about, About::ResetReport(_) | About::ChangeReport(_)) {
                assert!(matches!(self.world.reports(secret).await, Err(ReportError::DeadLink)), "{link:?}");
            }
        }
        let all = self.secrets.iter().chain(&self.flows).chain(&self.sessions);
        for secret in all.clone().chain([&self.invitation, &self.undo]) {
            assert!(matches!(self.world.confirms(secret).await, Err(EmailChangeLinkError::DeadLink)));
        }
        for secret in all.clone().chain([&self.invitation, &self.confirmation]) {
            assert!(matches!(self.world.undoes(secret).await, Err(EmailChangeLinkError::DeadLink)));
        }
        for secret in all.clone().chain([&self.confirmation, &self.undo]) {
            assert!(matches!(self.world.visitor(secret).registers().await, Err(AcceptError::DeadLink)));
            assert!(matches!(self.world.visitor(secret).takes(&ada).await, Err(AcceptAccessError::DeadLink)));
            let code = self.world.types(secret, "12345678").await;
            assert!(matches!(code, Err(VerifyCodeError::Wrong)));
        }
        for secret in self.flows.iter().chain(&self.sessions).chain([&self.invitation, &self.confirmation, &self.undo]) {
            assert!(matches!(self.world.completes(secret).await, Err(CompleteError::DeadLink)));
            assert!(matches!(self.world.resets(secret, &another(0)).await, Err(ResetError::DeadLink)));
            assert!(matches!(self.world.reports(secret).await, Err(ReportError::DeadLink)));
        }
        let others = self.world.visitor(&self.invitation).takes(&ada).await;
        assert!(matches!(others, Err(AcceptAccessError::WrongAccount | AcceptAccessError::DeadLink)), "{others:?}");
        for secret in self.secrets.iter().chain(&self.flows).chain([&self.invitation, &self.confirmation, &self.undo]) {
            assert!(self.world.whoami(secret).await.is_none());
        }
        assert_eq!(self.world.history().len(), before, "a link that is another's changed something");
    }

    /// Each link was used at most once, and each address has at most one account.
    pub(super) fn nothing_happened_twice(&self) {
        let (mut spent, mut accounts) = (BTreeMap::new(), BTreeMap::new());
        for change in self.world.changes() {
            match change {
                Change::SpendToken { id, .. } => *spent.entry(id).or_insert(0) += 1,
                Change::OpenAccount { account, .. } => {
                    *accounts.entry(account.email.canonical().to_owned()).or_insert(0) += 1;
                }
                _ => {}
            }
        }
        assert!(spent.values().chain(accounts.values()).all(|times| *times == 1), "{accounts:?}");
        for link in self.secrets.iter().zip(&self.model.links).filter(|(_, link)| link.used) {
            assert_eq!(spent.get(&link.0.id()), Some(&1), "{:?}", link.1);
        }
    }
}
