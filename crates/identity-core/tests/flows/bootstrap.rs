//! The first minutes of an installation.

use std::sync::{Arc, Mutex};

use identity_core::{
    flow::{invitation::AcceptError, submission::Refusal},
    model::audit::Action,
    value::InvitationId,
};
use identity_testkit::Kit;

use crate::actors::{GRACE, OPERATOR, PASSWORD, World};

#[tokio::test]
async fn the_set_up_link_makes_the_first_operator_in_the_company_that_the_form_names() {
    let world = World::empty().await;
    let link = world.flows().first_operator.run().await.unwrap().expect("nobody is in yet");
    let visitor = world.visitor(&link).named("Ada", "Byron").from("Ada@Example.org").company("Engines Ltd");

    let page = visitor.looks().await.unwrap();
    assert!(page.email.is_none() && page.company.is_none() && page.inviter.is_none());
    let ada = visitor.registers_with(PASSWORD).await.unwrap();

    assert_eq!((ada.email.as_str(), ada.full_name().as_str()), ("Ada@example.org", "Ada Byron"));
    assert!(ada.is_operator() && ada.subscriptions.is_empty());
    assert_eq!(world.store().company(ada.company).await.unwrap().unwrap().name.as_str(), "Engines Ltd");
    assert_eq!(world.logs_in(OPERATOR, PASSWORD).await.unwrap().account.id, ada.id);
}

#[tokio::test]
async fn the_first_company_is_named_by_the_operators_domain_where_the_form_names_none() {
    let world = World::new().await;
    let company = world.account(OPERATOR).await.company;
    assert_eq!(world.store().company(company).await.unwrap().unwrap().name.as_str(), "example.org");
}

#[tokio::test]
async fn the_set_up_needs_an_address() {
    let world = World::empty().await;
    let link = world.flows().first_operator.run().await.unwrap().unwrap();
    let refused = world.visitor(&link).registers().await;
    assert!(matches!(refused, Err(AcceptError::Refused(Refusal { email: true, terms: false, .. }))), "{refused:?}");
    assert!(world.visitor(&link).from(OPERATOR).registers().await.is_ok(), "the link survives what can be mended");
}

#[tokio::test]
async fn a_new_set_up_link_replaces_the_older_one_and_none_is_made_once_an_operator_is_in() {
    let world = World::empty().await;
    let older = world.flows().first_operator.run().await.unwrap().unwrap();
    let newer = world.flows().first_operator.run().await.unwrap().unwrap();
    world.visitor(&older).from(OPERATOR).is_locked_out().await;
    world.visitor(&newer).from(OPERATOR).registers().await.unwrap();
    world.visitor(&newer).from("eve@example.org").is_locked_out().await;
    assert!(world.flows().first_operator.run().await.unwrap().is_none());
}

#[tokio::test]
async fn a_set_up_link_that_was_left_to_expire_is_replaced() {
    let world = World::empty().await;
    let link = world.flows().first_operator.run().await.unwrap().unwrap();
    world.passes("P7D");
    world.visitor(&link).from(OPERATOR).is_locked_out().await;
    let next = world.flows().first_operator.run().await.unwrap().unwrap();
    assert!(world.visitor(&next).from(OPERATOR).registers().await.is_ok());
}

#[tokio::test]
async fn the_set_up_cannot_be_declined() {
    let world = World::empty().await;
    let link = world.flows().first_operator.run().await.unwrap().unwrap();
    assert!(world.visitor(&link).declines().await.is_err());
    world.visitor(&link).is_welcome().await;
}

/// Two replicas start: one looks for an operator, and before it goes on the other's link is used.
#[tokio::test]
async fn no_set_up_link_is_made_for_an_installation_that_gets_its_operator_this_very_moment() {
    for moment in ["invitation", "commit"] {
        let world = World::empty().await;
        let link = world.flows().first_operator.run().await.unwrap().unwrap();
        let first = world.visitor(&link).from(OPERATOR);
        world.stage().just_before(moment, async move {
            first.registers().await.unwrap();
        });
        let second = world.flows().first_operator.run().await;
        assert!(!matches!(second, Ok(Some(_))), "before {moment}: a second operator could register");
    }
}

#[tokio::test]
async fn two_replicas_that_start_at_once_leave_one_set_up_link_that_works() {
    let world = World::empty().await;
    let (other, first) = (world.clone(), Arc::new(Mutex::new(None)));
    let kept = first.clone();
    world.stage().just_before("commit", async move {
        *kept.lock().unwrap() = other.flows().first_operator.run().await.unwrap();
    });
    // The slower one begins again, as if it had started later: both start, and the newest link works.
    let newest = world.flows().first_operator.run().await.unwrap().unwrap();
    let first = first.lock().unwrap().take().unwrap();
    world.visitor(&first).is_locked_out().await;
    assert!(world.visitor(&newest).from(OPERATOR).registers().await.is_ok());
}

#[tokio::test]
async fn preparing_again_changes_nothing() {
    let world = World::new().await;
    let second = world.operator().await.publishes_terms("Be kinder.").await;
    let before = (world.flows().access.roles().await.unwrap(), world.flows().terms.versions().await.unwrap());
    world.passes("P1D");
    world.flows().prepare.run(Kit::terms()).await.unwrap();
    let after = (world.flows().access.roles().await.unwrap(), world.flows().terms.versions().await.unwrap());
    assert_eq!(before, after);
    assert_eq!(world.flows().terms.current().await.unwrap(), second);
}

#[tokio::test]
async fn a_sweep_leaves_what_can_still_be_asked_for() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    let session = world.logs_in(OPERATOR, PASSWORD).await.unwrap().secret;
    assert_eq!(world.flows().sweep_lapsed.run().await.unwrap(), 0, "all of it is of today");
    // The link ends after a week, and for a month more a person who holds it can ask for a new one.
    world.passes("P36D");
    assert!(world.flows().sweep_lapsed.run().await.unwrap() > 0, "sessions and ids of change sets");
    assert!(world.session(&session).await.is_none());
    grace.asks_for_a_new_one().await;
    assert_eq!(world.recorded(Action::InvitationRenewalRequested).len(), 1);
    world.passes("P2D");
    assert!(world.flows().sweep_lapsed.run().await.unwrap() > 0);
    grace.asks_for_a_new_one().await;
    assert_eq!(world.recorded(Action::InvitationRenewalRequested).len(), 1, "nothing is known of the link any more");
}

#[tokio::test]
async fn what_was_mailed_is_known_for_ninety_days_and_what_waits_for_longer() {
    let world = World::new().await;
    let (invitation, _) = world.invited(GRACE).await;
    assert!(world.knows_of_its_mail(invitation.id).await);
    world.passes("P90D");
    world.flows().sweep_lapsed.run().await.unwrap();
    assert!(world.knows_of_its_mail(invitation.id).await, "it was settled 90 days ago, and not before that");
    world.forgets(GRACE).await.unwrap();
    world.passes("PT1S");
    assert!(world.flows().sweep_lapsed.run().await.unwrap() > 0);
    assert!(!world.knows_of_its_mail(invitation.id).await);
    world.passes("P91D");
    world.flows().sweep_lapsed.run().await.unwrap();
    assert_eq!(world.works_the_outbox_off().await.unwrap().claimed, 1, "what nobody has sent yet is still to be sent");
}

impl World {
    /// Whether it is still shown how the mail of an invitation went.
    async fn knows_of_its_mail(&self, invitation: InvitationId) -> bool {
        let shown = self.flows().list_invitations.one(self.operator().await.proof(), invitation).await.unwrap();
        shown.unwrap().0.delivery.is_some()
    }
}

#[tokio::test]
async fn where_an_invitation_may_last_longer_so_does_what_is_known_of_its_mail() {
    let world = World::new().await.under(|settings| settings.max_invitation_lifetime = "P100D".parse().unwrap());
    let (invitation, _) = world.invited(GRACE).await;
    // And a month for its link, which may still ask for a new one.
    world.passes("P130D");
    world.flows().sweep_lapsed.run().await.unwrap();
    assert!(world.knows_of_its_mail(invitation.id).await);
    world.passes("PT1S");
    world.flows().sweep_lapsed.run().await.unwrap();
    assert!(!world.knows_of_its_mail(invitation.id).await);
}
