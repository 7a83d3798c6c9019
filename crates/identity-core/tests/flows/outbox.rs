//! What becomes of mail.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use identity_core::{
    change::{AccountChange, Change, InvitationChange, OutboxChange},
    flow::outbox::DeliverOutbox,
    model::{
        audit::{Action, Actor, Subject},
        outbox::{Email, retry_after},
    },
    port::{Delivery, MailError, Mailer, Ports},
    value::{InvitationId, OutboxMessageId, RoleKey, SignedDuration},
};
use identity_testkit::{Fixture, Kit};
use mockall::mock;

use crate::{
    actors::{ADMINISTRATOR, GRACE, World},
    stage::Weather,
};

async fn delivery_of(world: &World, id: InvitationId) -> Delivery {
    world.operator().await.sees(id).await.expect("an invitation").delivery.expect("a message")
}

fn ids(mails: &[identity_core::model::outbox::Email]) -> BTreeSet<OutboxMessageId> {
    mails.iter().map(|mail| mail.id).collect()
}

#[tokio::test]
async fn a_mail_is_sent_once() {
    let world = World::new().await;
    let (invitation, _) = world.invited(GRACE).await;
    assert_eq!(delivery_of(&world, invitation.id).await.state.as_str(), "sent");
    world.passes("P1D");
    assert!(world.delivers().await.is_empty());
}

#[tokio::test]
async fn a_mail_that_fails_for_now_is_tried_again_later_and_later_under_the_same_message_id() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    let message = delivery_of(&world, invitation.id).await.message;
    world.weather(Weather::Storm);
    for attempt in 1..=3 {
        world.delivers().await;
        let delivery = delivery_of(&world, invitation.id).await;
        assert_eq!((delivery.state.as_str(), delivery.attempts), ("queued", attempt));
        assert!(delivery.last_error.unwrap().contains("451 try again later"));
        let due = world.now() + retry_after(attempt);
        world.it_is_just_before(due);
        assert_eq!(world.works_the_outbox_off().await.unwrap().claimed, 0, "too early");
        world.it_is(due);
    }
    world.weather(Weather::Fair);
    let mails = world.delivers().await;
    assert_eq!(ids(&mails), BTreeSet::from([message]));
    let delivery = delivery_of(&world, invitation.id).await;
    assert_eq!((delivery.state.as_str(), delivery.attempts, delivery.last_error), ("sent", 4, None));
    assert!(world.invitee(GRACE).registers().await.is_ok());
}

#[tokio::test]
async fn a_mail_that_keeps_failing_is_given_up_and_recorded() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    world.weather(Weather::Storm);
    for _ in 0..10 {
        world.delivers().await;
        world.passes("PT4H");
    }
    let delivery = delivery_of(&world, invitation.id).await;
    assert_eq!((delivery.state.as_str(), delivery.attempts), ("failed", 5));
    assert_eq!(world.recorded(Action::MessageFailed).len(), 1);
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up_at_once_and_recorded() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    world.weather(Weather::Refusal);
    world.delivers().await;
    let delivery = delivery_of(&world, invitation.id).await;
    assert_eq!((delivery.state.as_str(), delivery.attempts), ("failed", 1));
    assert!(delivery.last_error.unwrap().contains("550 no such mailbox"), "the operator sees why");
    let event = world.recorded(Action::MessageFailed).pop().unwrap();
    assert_eq!((event.actor, event.subject), (Actor::System, Subject::OutboxMessage(delivery.message)));
    world.weather(Weather::Fair);
    world.passes("P1D");
    assert!(world.delivers().await.is_empty());
    world.operator().await.resends(invitation.id).await.unwrap();
    assert_eq!(world.delivers().await.len(), 1, "resending is another mail");
}

#[tokio::test]
async fn what_can_never_be_prepared_is_given_up_and_recorded() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    for attempt in 1..=5 {
        world.stage().fails("invitation");
        assert!(world.works_the_outbox_off().await.is_err(), "attempt {attempt}");
        world.passes("PT5M");
    }
    assert_eq!(world.works_the_outbox_off().await.unwrap().claimed, 1);
    let delivery = delivery_of(&world, invitation.id).await;
    assert_eq!(delivery.state.as_str(), "failed");
    assert_eq!(world.recorded(Action::MessageFailed).len(), 1);
    world.passes("P1D");
    assert_eq!(world.works_the_outbox_off().await.unwrap().claimed, 0);
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_begins_nothing_more_and_gives_back_what_it_claimed() {
    let world = World::new().await;
    let ada = world.operator().await;
    for email in ["a@example.net", "b@example.net", "c@example.net"] {
        ada.invites(email).await.unwrap();
    }
    let asked = AtomicUsize::new(0);
    let after_the_first = || asked.fetch_add(1, Ordering::Relaxed) > 0;
    let delivered = world.flows().deliver.run(after_the_first).await.unwrap();
    assert_eq!((delivered.claimed, delivered.sent), (3, 1));
    let delivered = world.works_the_outbox_off().await.unwrap();
    assert_eq!((delivered.claimed, delivered.sent), (2, 2), "the next worker need not wait for the lease to end");
}

#[tokio::test]
async fn one_mailbox_that_refuses_holds_nobody_else_up() {
    let world = World::new().await;
    let ada = world.operator().await;
    for email in ["a@example.net", "b@example.net", "c@example.net"] {
        ada.invites(email).await.unwrap();
    }
    world.weather(Weather::Refusal);
    let delivered = world.works_the_outbox_off().await.unwrap();
    assert_eq!((delivered.claimed, delivered.sent), (3, 0));
}

#[tokio::test]
async fn what_was_revoked_or_replaced_before_it_was_sent_is_dropped() {
    let world = World::new().await;
    let ada = world.operator().await;
    let revoked = ada.invites(GRACE).await.unwrap();
    ada.revokes(revoked.id).await.unwrap();
    let replaced = ada.invites("hedy@example.org").await.unwrap();
    ada.resends(replaced.id).await.unwrap();
    let mails = world.delivers().await;
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["hedy@example.org"]);
    assert_eq!(delivery_of(&world, revoked.id).await.state.as_str(), "dropped");
    assert!(world.invitee("hedy@example.org").registers().await.is_ok());
}

#[tokio::test]
async fn an_invitation_that_is_revoked_while_its_mail_is_written_is_not_mailed() {
    for retried in [false, true] {
        let world = World::new().await;
        let ada = world.operator().await;
        let invitation = ada.invites(GRACE).await.unwrap();
        if retried {
            world.weather(Weather::Storm);
            world.delivers().await;
            world.weather(Weather::Fair);
            world.passes("PT15S");
        }
        world.stage().just_before("commit", async move {
            ada.revokes(invitation.id).await.unwrap();
        });
        assert!(world.delivers().await.is_empty(), "retried: {retried}: a link that never worked was mailed");
        assert_eq!(delivery_of(&world, invitation.id).await.state.as_str(), "dropped");
    }
}

#[tokio::test]
async fn nothing_is_sent_for_an_inviter_who_was_disabled_or_demoted() {
    for demoted in [false, true] {
        let world = World::new().await;
        let carl = world.administrator().await;
        let invitation = carl.invites(GRACE).await.unwrap();
        if demoted {
            world.strips(ADMINISTRATOR).await;
        } else {
            world.operator().await.disables(carl.account().id).await.unwrap();
        }
        assert!(world.delivers().await.is_empty());
        assert_eq!(delivery_of(&world, invitation.id).await.state.as_str(), "dropped");
    }
}

#[tokio::test]
async fn a_worker_that_dies_after_it_sent_leads_to_the_same_message_again_when_its_lease_is_over() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    world.sends_but_does_not_settle().await;
    assert_eq!(delivery_of(&world, invitation.id).await.state.as_str(), "leased");
    world.passes("PT4M59S");
    assert_eq!(world.works_the_outbox_off().await.unwrap().claimed, 0, "the lease holds");
    world.passes("PT1S");
    let again = world.delivers().await;
    assert_eq!(world.mails().iter().filter(|mail| mail.to.as_str() == GRACE).count(), 2);
    assert_eq!(ids(&again), BTreeSet::from([delivery_of(&world, invitation.id).await.message]), "the same Message-ID");
    assert_eq!(delivery_of(&world, invitation.id).await.state.as_str(), "sent");
}

#[tokio::test]
async fn a_worker_that_is_at_work_keeps_what_it_claimed() {
    let world = World::new().await;
    world.operator().await.invites(GRACE).await.unwrap();
    let worker = &world.flows().deliver;
    let claim = worker.claim().await.unwrap();
    for renewal in 1..=3 {
        world.passes("PT4M59S");
        assert!(worker.renew(&claim).await.unwrap(), "renewal {renewal}");
        assert_eq!(world.works_the_outbox_off().await.unwrap().claimed, 0, "renewal {renewal}");
    }
    world.passes("PT4M59S");
    let delivered = worker.work_off(&claim, || false).await.unwrap();
    assert_eq!((delivered.claimed, delivered.sent), (1, 1));
    assert!(!worker.renew(&claim).await.unwrap(), "nothing is left to renew");
}

#[tokio::test]
async fn a_worker_that_is_stuck_loses_what_it_claimed() {
    let world = World::new().await;
    world.operator().await.invites(GRACE).await.unwrap();
    let worker = &world.flows().deliver;
    let claim = worker.claim().await.unwrap();
    for _ in 0..3 {
        world.passes("PT5M");
        assert!(worker.renew(&claim).await.unwrap());
    }
    world.passes("PT1S");
    assert!(!worker.renew(&claim).await.unwrap(), "nothing was settled for more than 15 minutes");
    world.passes("PT4M59S");
    assert_eq!(world.works_the_outbox_off().await.unwrap().sent, 1, "another worker sends it");
    let late = worker.work_off(&claim, || false).await.unwrap();
    assert_eq!(late.sent, 0, "and the first begins nothing more");
}

#[tokio::test]
async fn a_worker_that_comes_back_after_its_lease_does_not_undo_what_another_did() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    world.weather(Weather::Storm);
    let slow = world.clone();
    // While the first worker waits for the mail server, its lease ends and another delivers.
    world.stage().just_before("commit", async move {
        let other = slow.clone();
        slow.stage().just_before("commit", async move {
            other.passes("PT5M");
            other.weather(Weather::Fair);
            other.delivers().await;
        });
    });
    world.works_the_outbox_off().await.unwrap();
    assert_eq!(delivery_of(&world, invitation.id).await.state.as_str(), "sent");
    world.passes("P1D");
    assert_eq!(world.works_the_outbox_off().await.unwrap().claimed, 0);
}

#[tokio::test]
async fn the_digest_of_a_link_is_kept_before_its_mail_is_sent() {
    let world = World::new().await;
    world.operator().await.invites(GRACE).await.unwrap();
    world.weather(Weather::Refusal);
    world.delivers().await;
    assert_eq!(world.recorded(Action::LinkCreated).len(), 2, "one for the administrator of this world, one for Grace");
}

#[tokio::test]
async fn a_backlog_is_worked_off_in_batches_the_longest_waiting_first() {
    let world = World::new().await;
    let ada = world.operator().await;
    for at in 0..25 {
        ada.invites(format!("a{at:02}@example.net").as_str()).await.unwrap();
        world.passes("PT1S");
    }
    let first = world.delivers().await;
    let second = world.delivers().await;
    let addresses = first.iter().chain(&second).map(|mail| mail.to.as_str().to_owned()).collect::<Vec<_>>();
    assert_eq!((first.len(), second.len()), (20, 5));
    assert!(addresses.is_sorted(), "{addresses:?}");
}

mock! {
    Refusing {}

    #[async_trait]
    impl Mailer for Refusing {
        async fn send(&self, mail: &Email) -> Result<(), MailError>;
    }
}

#[tokio::test]
async fn a_mail_system_that_refuses_for_good_is_asked_once_however_often_the_worker_runs() {
    let mut mailer = MockRefusing::new();
    mailer.expect_send().times(1).returning(|_| Err(MailError::Permanent("no such mailbox".into())));
    let kit = Kit::new();
    let worker = DeliverOutbox::new(Ports { mailer: Arc::new(mailer), ..kit.ports.clone() }, kit.settings.clone());
    let fixture = Fixture::new(kit.ports.store.clone(), 3);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let ada_administers = ada.with_roles([RoleKey::company_administrator()].into());
    let invitation = fixture.invitation(company.id, ada.id, GRACE);
    let message = fixture.message(invitation.id);
    fixture
        .commit(vec![
            Change::Account(AccountChange::Revise { account: ada_administers, by: None }),
            Change::Invitation(InvitationChange::Issue(invitation)),
            Change::Outbox(OutboxChange::Queue(message.clone())),
        ])
        .await;
    for _ in 0..3 {
        worker.run(|| false).await.unwrap();
        kit.clock.advance(SignedDuration::from_hours(24));
    }
    let read = kit.ports.store.message(message.id).await.unwrap().unwrap();
    assert_eq!((read.state.as_str(), read.attempts), ("failed", 1));
}
