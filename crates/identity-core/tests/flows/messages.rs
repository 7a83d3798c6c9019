//! Which mail follows from what happened, decided when it is sent.

use identity_core::{
    model::{
        audit::{Action, Subject},
        link::LinkPurpose,
        outbox::{EmailContent, PasswordEmail},
    },
    value::SignedDuration,
};

use crate::{
    actors::{ADMINISTRATOR, GRACE, OPERATOR, World},
    stage::Weather,
    visitors::{another, mails},
};

const HEDY: &str = "hedy@example.net";

async fn with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    world
}

#[tokio::test]
async fn somebody_who_was_disabled_before_the_mail_was_sent_gets_none() {
    let world = with_grace().await;
    let (ada, carl, grace) = (world.operator().await, world.administrator().await, world.account(GRACE).await.id);
    let link = world.has_forgotten(GRACE).await.link;
    world.resets(&link, &another(1)).await.unwrap();
    carl.requires_a_new_password(grace).await.unwrap();
    carl.sets_a_temporary_password(grace).await.unwrap();
    carl.mails_a_reset(grace).await.unwrap();
    world.forgets(GRACE).await.unwrap();
    world.signs_up(GRACE).await.unwrap();
    ada.disables(grace).await.unwrap();
    assert!(world.posts().await.is_empty());
    ada.enables(grace).await.unwrap();
    assert!(world.posts().await.is_empty(), "and none later");
}

#[tokio::test]
async fn an_administrator_who_was_demoted_before_the_mail_was_sent_learns_of_no_report() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    world.reports(&mail.report).await.unwrap();
    world.strips(ADMINISTRATOR).await;
    assert!(world.posts().await.is_empty());
    // From then on the operators are asked.
    world.passes("PT1M");
    let mail = world.has_forgotten(GRACE).await;
    world.reports(&mail.report).await.unwrap();
    assert_eq!(world.posts().await, mails([(OPERATOR, "reset reported")]));
}

#[tokio::test]
async fn who_waits_is_said_to_no_operator_once_it_was_decided() {
    let world = World::new().await.under(|settings| settings.registration.approval = true);
    let (flow, mail) = world.signed_up(HEDY).await;
    world.completes(&mail.link.unwrap()).await.unwrap();
    let waiting = world.registration_of(&flow).await.id;
    world.operator().await.rejects(waiting).await.unwrap();
    assert_eq!(world.posts().await, mails([(HEDY, "registration rejected")]));
}

#[tokio::test]
async fn a_mail_for_a_registration_that_was_completed_meanwhile_is_not_sent() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    world.asks_again_by(&flow).await.unwrap();
    world.completes(&mail.link.unwrap()).await.unwrap();
    assert!(world.posts().await.is_empty());
}

#[tokio::test]
async fn a_registration_that_is_completed_while_its_mail_is_written_is_not_mailed_again() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    world.asks_again_by(&flow).await.unwrap();
    let (other, link) = (world.clone(), mail.link.unwrap());
    world.stage().just_before("commit", async move {
        other.completes(&link).await.unwrap();
    });
    world.posts().await;
    assert_eq!(world.activations_to(HEDY).len(), 1, "a link that never worked was mailed");
}

#[tokio::test]
async fn every_link_is_stored_with_its_end_before_its_mail_is_sent() {
    let world = with_grace().await;
    world.weather(Weather::Refusal);
    world.forgets(GRACE).await.unwrap();
    world.signs_up(HEDY).await.unwrap();
    let before = world.recorded(Action::LinkCreated).len();
    world.posts().await;
    assert_eq!(world.recorded(Action::LinkCreated).len(), before + 2);
    world.weather(Weather::Fair);
    world.passes("PT1M");
    let mail = world.has_forgotten(GRACE).await;
    let (link, report) = (world.entry(&mail.link).await, world.entry(&mail.report).await);
    let grace = world.account(GRACE).await;
    assert_eq!((link.subject, report.subject), (LinkPurpose::Recovery(grace.id), LinkPurpose::ResetReport(grace.id)));
    assert_eq!((link.generation, link.sent_to.as_ref()), (grace.recovery.generation, Some(&grace.email)));
    let ends = (link.expires_at.duration_since(world.now()), report.expires_at.duration_since(world.now()));
    assert_eq!(ends, (SignedDuration::from_hours(1), SignedDuration::from_hours(30 * 24)));
    let EmailContent::Password(PasswordEmail::Reset { expires_at, .. }) = world.mails().pop().unwrap().content else {
        panic!("another mail")
    };
    assert_eq!(expires_at, link.expires_at, "the mail says how long the link works");
    assert_eq!(world.recorded(Action::LinkCreated).pop().unwrap().subject, Subject::Account(grace.id));
}

#[tokio::test]
async fn a_mail_that_was_sent_twice_has_two_links_that_work_until_one_is_used() {
    let world = with_grace().await;
    world.forgets(GRACE).await.unwrap();
    world.sends_but_does_not_settle().await;
    world.passes("PT5M");
    world.posts().await;
    let links = world.resets_to(GRACE).into_iter().map(|mail| mail.link).collect::<Vec<_>>();
    assert_eq!(links.len(), 2);
    for link in &links {
        assert!(world.recovers(link).await);
    }
    world.resets(&links[0], &another(1)).await.unwrap();
    world.recovers_nothing(&links[1]).await;
}

#[tokio::test]
async fn one_mail_that_cannot_be_prepared_holds_no_other_up() {
    let world = with_grace().await;
    world.forgets(GRACE).await.unwrap();
    world.signs_up(HEDY).await.unwrap();
    world.stage().fails("account_by_address");
    assert!(world.works_the_outbox_off().await.is_err());
    assert_eq!(world.mails_to(GRACE).len() + world.mails_to(HEDY).len(), 2, "the invitation of before, and one of the two");
    world.passes("PT5M");
    assert_eq!(world.posts().await.len(), 1);
}

#[tokio::test]
async fn a_message_about_a_changed_password_says_when_it_was_changed_however_late_it_comes() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    let changed = world.now();
    world.resets(&mail.link, &another(1)).await.unwrap();
    world.passes("PT3H");
    world.posts().await;
    let EmailContent::Password(PasswordEmail::Changed { changed_at, report, .. }) = world.mails().pop().unwrap().content else {
        panic!("another mail")
    };
    assert_eq!(changed_at, changed);
    assert_eq!(world.entry(&report).await.expires_at, world.now() + SignedDuration::from_hours(30 * 24));
}
