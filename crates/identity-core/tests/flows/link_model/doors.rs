//! Every link at every door.

use identity_core::{
    flow::{
        email_change::EmailChangeLinkError,
        invitation::{AcceptAccessError, AcceptError, DeclineError, PreviewError, Way},
        recovery::{PreviewRecoveryError, ReportError, ResetError},
        registration::{CompleteError, PreviewRegistrationError, VerifyCodeError},
    },
    model::{recovery::Reported, session::CurrentUser},
    value::TokenSecret,
};

use super::{
    links::{About, Door, DoorTo},
    pair::Pair,
};
use crate::{actors::OPERATOR, visitors::another};

impl Pair {
    /// Every flow that looks: the link's own says what the rule says, and the others that it is dead.
    pub(super) async fn opens_its_own_door_alone(&self, link: usize) {
        let (secret, expected) = (&self.links[link], &self.model.links[link]);
        for door in DoorTo::ALL {
            let shown = match door {
                DoorTo::Registration => self.registration_shown(secret).await,
                DoorTo::Invitation => self.invitation_shown(link).await,
                DoorTo::Recovery => self.recovery_shown(link).await,
                DoorTo::Report => self.report_shown(link).await,
                DoorTo::Confirmation => self.confirmation_shown(link).await,
                DoorTo::Undo => self.undo_shown(link).await,
            };
            let rule = if expected.about.door() == door { self.model.shows(expected) } else { Door::Shut };
            assert_eq!(shown, rule, "link {link} to {door:?}: {expected:?}");
        }
    }

    async fn registration_shown(&self, secret: &TokenSecret) -> Door {
        match self.world.looks_at_registration(secret).await {
            Ok(_) => Door::Open,
            Err(PreviewRegistrationError::AddressTaken) => Door::Taken,
            Err(PreviewRegistrationError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        }
    }

    /// A person who has an account is sent to the login, or to another address.
    async fn invitation_shown(&self, link: usize) -> Door {
        match self.world.visitor(&self.links[link]).looks().await {
            Ok(shown) => {
                let owner = self.model.owner(self.model.links[link].to).map(|owner| self.model.accounts[owner].invited);
                let way = owner.map_or(Way::Register, |invited| if invited { Way::SignIn } else { Way::Elsewhere });
                assert_eq!(shown.way, way, "link {link}");
                Door::Open
            }
            Err(PreviewError::DeadLink(_)) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn recovery_shown(&self, link: usize) -> Door {
        match self.world.flows().preview_recovery.run(&self.links[link]).await {
            Ok(shown) => {
                let About::Recovery(of) = self.model.links[link].about else { return Door::Open };
                let account = &self.model.accounts[of];
                assert_eq!((shown.email.as_str(), shown.question.is_some()), (account.address, account.answered.is_some()));
                Door::Open
            }
            Err(PreviewRecoveryError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn report_shown(&self, link: usize) -> Door {
        match self.world.flows().report_access.preview(&self.links[link]).await {
            Ok(shown) => {
                let is_change = matches!(self.model.links[link].about, About::ChangeReport(_));
                assert_eq!(shown.reported == Reported::Change, is_change, "link {link}");
                Door::Open
            }
            Err(ReportError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn confirmation_shown(&self, link: usize) -> Door {
        match self.world.flows().confirm_email_change.preview(&self.links[link]).await {
            Ok(shown) => {
                assert_eq!(shown.to.as_str(), self.model.links[link].to, "link {link}");
                Door::Open
            }
            Err(EmailChangeLinkError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn undo_shown(&self, link: usize) -> Door {
        match self.world.flows().undo_email_change.preview(&self.links[link]).await {
            Ok(shown) => {
                assert_eq!(shown.from.as_str(), self.model.links[link].to, "link {link}");
                Door::Open
            }
            Err(EmailChangeLinkError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        }
    }

    /// Every flow that acts, for every link that is another's; and the secrets that are no links at all.
    pub(super) async fn no_link_acts_at_another_door(&self) {
        let ada = self.world.signed_in(OPERATOR).await;
        let before = self.world.history().len();
        for (secret, link) in self.links.iter().zip(&self.model.links) {
            for door in DoorTo::ALL.into_iter().filter(|door| *door != link.about.door()) {
                self.does_nothing_at(door, secret, &ada).await;
            }
        }
        for secret in self.flows.iter().chain(&self.sessions) {
            for door in DoorTo::ALL {
                self.does_nothing_at(door, secret, &ada).await;
            }
        }
        for secret in self.links.iter().chain(&self.sessions) {
            assert!(matches!(self.world.types(secret, "12345678").await, Err(VerifyCodeError::Wrong)));
        }
        for secret in self.links.iter().chain(&self.flows) {
            assert!(self.world.session(secret).await.is_none());
        }
        assert_eq!(self.world.history().len(), before, "a link that is another's changed something");
    }

    async fn does_nothing_at(&self, door: DoorTo, secret: &TokenSecret, ada: &CurrentUser) {
        match door {
            DoorTo::Registration => assert!(matches!(self.world.completes(secret).await, Err(CompleteError::DeadLink))),
            DoorTo::Invitation => {
                let visitor = self.world.visitor(secret).from(OPERATOR);
                assert!(matches!(visitor.registers().await, Err(AcceptError::DeadLink)));
                assert!(matches!(visitor.takes(ada).await, Err(AcceptAccessError::DeadLink)));
                assert!(matches!(visitor.declines().await, Err(DeclineError::DeadLink)));
                visitor.asks_for_a_new_one().await;
            }
            DoorTo::Recovery => {
                assert!(matches!(self.world.resets(secret, &another(0)).await, Err(ResetError::DeadLink)));
            }
            DoorTo::Report => assert!(matches!(self.world.reports(secret).await, Err(ReportError::DeadLink))),
            DoorTo::Confirmation => {
                assert!(matches!(self.world.confirms(secret).await, Err(EmailChangeLinkError::DeadLink)));
            }
            DoorTo::Undo => assert!(matches!(self.world.undoes(secret).await, Err(EmailChangeLinkError::DeadLink))),
        }
    }

    /// Every link that was ever mailed, the newest first.
    pub(super) async fn each_link_acts_at_its_own_door_as_it_should(&mut self) {
        for link in (0..self.links.len()).rev() {
            match self.model.links[link].about.door() {
                DoorTo::Registration => self.completes(link).await,
                DoorTo::Invitation => self.registers(link).await,
                DoorTo::Recovery => self.resets(link, true).await,
                DoorTo::Report => self.reports(link).await,
                DoorTo::Confirmation => self.confirms(link).await,
                DoorTo::Undo => self.undoes(link).await,
            }
        }
    }
}
