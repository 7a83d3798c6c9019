//! One's own data: taken along, deleted with a time of grace, and erased.

use identity_core::{
    change::{AccountChange, Change},
    flow::{
        Fault,
        account::{Edit, EditAccountCommand, SetPictureCommand},
        privacy::{DeleteAccountError, Erased, ExportOwnDataError, UndoDeletionError},
        session::LogInError,
    },
    model::{
        account::Account,
        audit::{Action, Actor, By, Subject},
        invitation::InvitationState,
        outbox::{AccountEmail, EmailContent},
        session::{Client, CurrentUser},
        throttle::Rate,
    },
    value::{PersonName, ProfileText, SignedDuration},
};

use crate::{
    actors::{GRACE, OPERATOR, PASSWORD, Wanted, World, role, seconds},
    faults::survives_every_fault,
    visitors::{at, mails},
};

const HEDY: &str = "hedy@example.net";

impl World {
    async fn takes_along(&self, who: &CurrentUser) -> Result<identity_core::flow::privacy::OwnData, ExportOwnDataError> {
        self.flows().export_own_data.run(who, &at("192.0.2.9")).await
    }

    pub(crate) async fn leaves(&self, who: &CurrentUser) -> Result<identity_core::model::account::Deletion, DeleteAccountError> {
        self.flows().delete_account.request(who, &at("192.0.2.9")).await
    }

    pub(crate) async fn stays(&self, who: &CurrentUser) -> Result<(), UndoDeletionError> {
        self.flows().delete_account.undo(who, &at("192.0.2.9")).await
    }

    pub(crate) async fn erases(&self) -> Erased {
        self.flows().erase_accounts.run().await.unwrap()
    }

    fn erasures(&self) -> usize {
        self.changes().iter().filter(|change| matches!(change, Change::Account(AccountChange::Erase { .. }))).count()
    }
}

async fn with_grace() -> (World, CurrentUser) {
    let world = World::new().await;
    world.hires(Wanted::new(GRACE).note("Dear Grace")).await;
    world.passes("PT1M");
    let (grace, _) = world.sits_down(GRACE).await;
    world.posts().await;
    (world, grace)
}

/// Every session but the kept one is over, so she signs in again.
async fn again(world: &World) -> CurrentUser {
    world.sits_down(GRACE).await.0
}

#[tokio::test]
async fn what_is_kept_of_a_person_is_collected_and_nothing_of_others() {
    let (world, grace) = with_grace().await;
    let nobody = Client::default();
    let command = EditAccountCommand {
        first_name: Some(PersonName::parse("Amazing").unwrap()),
        phone: Edit::Set("+49 30 123456".to_owned()),
        job_title: Edit::Set(ProfileText::parse("Admiral").unwrap()),
        ..EditAccountCommand::default()
    };
    world.flows().edit_account.run(&grace, command).await.unwrap();
    let permit = world.flows().picture.enter(&grace, &nobody).await.unwrap();
    let picture = SetPictureCommand { upload: b"picture".to_vec(), square: None, client: nobody };
    world.flows().picture.set(permit, &grace, picture).await.unwrap();
    world.asks_for(&grace, HEDY, PASSWORD).await.unwrap();
    world.sits_down(OPERATOR).await;

    let data = world.takes_along(&grace).await.unwrap();

    assert_eq!((data.account.first_name.as_str(), data.account.email.as_str()), ("Amazing", GRACE));
    assert_eq!(data.account.profile.phone.as_ref().map(ToString::to_string).as_deref(), Some("+4930123456"));
    assert_eq!(data.picture.map(|picture| picture.bytes.to_vec()), Some(b"fitted middle of picture".to_vec()));
    assert!(data.company.is_some());
    assert_eq!(data.email_change.map(|change| change.to.as_str().to_owned()).as_deref(), Some(HEDY));
    assert_eq!(data.terms.iter().map(|acceptance| acceptance.number).collect::<Vec<_>>(), [1]);
    assert_eq!(data.sessions.iter().map(|session| session.id).collect::<Vec<_>>(), [grace.session.id]);
    let [received] = data.invitations_received.as_slice() else { panic!("{:?}", data.invitations_received) };
    assert_eq!(
        (received.state, received.note.as_ref().map(ToString::to_string).as_deref()),
        (InvitationState::Accepted, Some("Dear Grace"))
    );
    assert!(data.invitations_sent.is_empty());
    assert!(data.events.iter().any(|event| (event.action, event.by) == (Action::LoginSucceeded, By::Oneself)));
    let (operator, _) = world.sits_down(OPERATOR).await;
    let theirs = world.takes_along(&operator).await.unwrap();
    assert!(theirs.invitations_sent.iter().any(|sent| sent.id == received.id));
    let recorded = world.recorded(Action::OwnDataExported);
    assert_eq!(recorded[0].actor, Actor::Account(grace.account.id));
    assert!(recorded[0].personal.iter().any(|field| field.value == "192.0.2.9"));
}

#[tokio::test]
async fn all_of_a_long_list_is_taken_along() {
    let (world, _) = with_grace().await;
    for number in 0..205 {
        world.operator().await.invites(format!("n{number}@example.net").as_str()).await.unwrap();
    }
    let (operator, _) = world.sits_down(OPERATOR).await;
    let data = world.takes_along(&operator).await.unwrap();
    // Grace and the administrator were invited, too.
    assert_eq!(data.invitations_sent.len(), 207);
}

#[tokio::test]
async fn taking_along_and_leaving_ask_for_the_password_of_a_moment_ago() {
    let (world, grace) = with_grace().await;
    world.passes("PT5M");
    let before = world.history().len();
    assert!(matches!(world.takes_along(&grace).await, Err(ExportOwnDataError::NotProved)));
    assert!(matches!(world.leaves(&grace).await, Err(DeleteAccountError::NotProved)));
    assert_eq!(world.history().len(), before);
}

#[tokio::test]
async fn data_is_taken_along_so_often_and_no_more() {
    let (world, _) = with_grace().await;
    let world = world.under(|settings| settings.throttle.exports_per_account = Rate::per(2, SignedDuration::from_hours(1)));
    let grace = again(&world).await;
    for _ in 0..2 {
        world.takes_along(&grace).await.unwrap();
    }
    let refused = world.takes_along(&grace).await;
    assert!(
        matches!(refused, Err(ExportOwnDataError::Fault(Fault::RateLimited { retry_after })) if retry_after == seconds("PT30M")),
        "{refused:?}"
    );
    let (operator, _) = world.sits_down(OPERATOR).await;
    assert!(world.takes_along(&operator).await.is_ok(), "others have permits of their own");
    assert_eq!(world.recorded(Action::OwnDataExported).len(), 3);
}

#[tokio::test]
async fn a_deletion_is_mailed_ends_other_sessions_and_is_undone_by_a_person_who_signs_in() {
    let (world, grace) = with_grace().await;
    let (_, on_phone) = world.sits_down(GRACE).await;
    world.posts().await;
    let deletion = world.leaves(&grace).await.unwrap();
    assert_eq!(deletion.erase_at, world.now().checked_add(seconds("P30D")).unwrap());
    assert!(world.session(&on_phone).await.is_none());
    assert_eq!(world.account(GRACE).await.deletion, Some(deletion));
    assert_eq!(world.posts().await, mails([(GRACE, "deletion requested")]));
    let told = world.mails().pop().unwrap();
    assert!(
        matches!(told.content, EmailContent::Account(AccountEmail::DeletionRequested { erase_at, .. }) if erase_at == deletion.erase_at)
    );
    world.passes("PT1M");
    assert_eq!(world.leaves(&grace).await.unwrap(), deletion, "asking again moves nothing");
    assert!(world.posts().await.is_empty());

    world.passes("P29D");
    assert_eq!(world.erases().await, Erased::default());
    let grace = again(&world).await;
    world.posts().await;
    world.stays(&grace).await.unwrap();
    world.stays(&grace).await.unwrap();
    assert_eq!(world.account(GRACE).await.deletion, None);
    assert_eq!(world.posts().await, mails([(GRACE, "deletion undone")]));
    world.passes("P2D");
    assert_eq!(world.erases().await, Erased::default());
    for (action, times) in [(Action::DeletionRequested, 1), (Action::DeletionUndone, 1), (Action::AccountErased, 0)] {
        let recorded = world.recorded(action);
        assert_eq!(recorded.len(), times, "{action:?}");
        assert!(recorded.iter().all(|event| event.actor == Actor::Account(grace.account.id)));
    }
}

#[tokio::test]
async fn a_mail_about_what_is_over_is_not_sent() {
    let (world, grace) = with_grace().await;
    world.leaves(&grace).await.unwrap();
    world.stays(&grace).await.unwrap();
    assert_eq!(world.posts().await, mails([(GRACE, "deletion undone")]));
    world.stays(&grace).await.unwrap();
    world.leaves(&grace).await.unwrap();
    world.stays(&grace).await.unwrap();
    world.leaves(&grace).await.unwrap();
    let posts = world.posts().await;
    assert!(posts.iter().all(|(_, about)| *about == "deletion requested"), "{posts:?}");
}

#[tokio::test]
async fn after_the_time_of_grace_the_account_is_gone_and_its_address_free() {
    let (world, grace) = with_grace().await;
    world.leaves(&grace).await.unwrap();
    world.passes("P30D");
    assert_eq!(world.erases().await, Erased { accounts: 1, kept: 0 });
    assert_eq!(world.erases().await, Erased::default());
    let id = grace.account.id;
    assert!(world.find_account(GRACE).await.is_none() && world.store().account(id).await.unwrap().is_none());
    assert!(matches!(world.logs_in(GRACE, PASSWORD).await, Err(LogInError::Refused)));
    let stone = world.store().tombstone(id).await.unwrap().unwrap();
    assert_eq!((stone.company, stone.created_at, stone.erased_at), (grace.account.company, grace.account.created_at, world.now()));
    let [erased] = <[_; 1]>::try_from(world.recorded(Action::AccountErased)).unwrap();
    assert_eq!((erased.actor, &erased.subject, erased.personal.len()), (Actor::System, &Subject::Account(id), 0));
    assert!(world.posts().await.is_empty(), "nobody is written to any more");
    world.has_forgotten_nothing(GRACE).await;
    let new = world.hires(GRACE).await;
    assert_ne!(new.id, id);
    assert!(world.logs_in(GRACE, PASSWORD).await.is_ok());
}

impl World {
    async fn has_forgotten_nothing(&self, email: &str) {
        self.forgets(email).await.unwrap();
        assert!(self.posts().await.is_empty());
    }
}

#[tokio::test]
async fn without_a_time_of_grace_it_goes_with_the_next_round() {
    let (world, _) = with_grace().await;
    let world = world.under(|settings| settings.deletion.grace = None);
    let grace = again(&world).await;
    assert_eq!(world.leaves(&grace).await.unwrap().erase_at, world.now());
    assert_eq!(world.erases().await, Erased { accounts: 1, kept: 0 });
}

#[tokio::test]
async fn a_disabled_account_goes_when_its_time_has_come() {
    let (world, grace) = with_grace().await;
    world.leaves(&grace).await.unwrap();
    world.operator().await.disables(grace.account.id).await.unwrap();
    assert!(world.posts().await.is_empty());
    assert!(matches!(world.stays(&grace).await, Err(UndoDeletionError::Conflict)));
    world.passes("P30D");
    assert_eq!(world.erases().await, Erased { accounts: 1, kept: 0 });
}

#[tokio::test]
async fn deletion_can_be_switched_off_and_what_was_asked_for_stands() {
    let (world, grace) = with_grace().await;
    world.leaves(&grace).await.unwrap();
    let world = world.under(|settings| settings.deletion.enabled = false);
    let (operator, _) = world.sits_down(OPERATOR).await;
    assert!(matches!(world.leaves(&operator).await, Err(DeleteAccountError::NotOffered)));
    world.stays(&grace).await.unwrap();
    assert_eq!(world.account(GRACE).await.deletion, None);
}

async fn promoted(world: &World) -> CurrentUser {
    let grace = world.account(GRACE).await;
    let revised = grace.with_roles([role("operator")].into());
    world.store().commit(&set(world, vec![Change::Account(AccountChange::Revise { account: revised, by: None })])).await.unwrap();
    again(world).await
}

fn set(world: &World, changes: Vec<Change>) -> identity_core::change::ChangeSet {
    let ids = identity_core::port::IdSource::new(world.now(), world.kit().ports.entropy.as_ref());
    identity_core::change::ChangeSet::new(ids.id().unwrap(), world.now(), changes).unwrap()
}

#[tokio::test]
async fn an_installation_keeps_an_operator() {
    let (world, _) = with_grace().await;
    let (operator, _) = world.sits_down(OPERATOR).await;
    assert!(matches!(world.leaves(&operator).await, Err(DeleteAccountError::LastOperator)));
    let grace = promoted(&world).await;
    world.leaves(&operator).await.unwrap();
    assert!(matches!(world.leaves(&grace).await, Err(DeleteAccountError::LastOperator)), "the other one leaves");
    world.stays(&operator).await.unwrap();
    world.leaves(&grace).await.unwrap();
    // The one who stayed is switched off meanwhile by the one who leaves.
    let grace = again(&world).await;
    let by = identity_core::model::access::Administrator::of(&grace).unwrap();
    world
        .flows()
        .disable_account
        .run(&by, operator.account.id, identity_core::model::account::AccountState::Disabled)
        .await
        .unwrap();
    world.passes("P30D");
    assert_eq!(world.erases().await, Erased { accounts: 0, kept: 1 });
    assert!(world.find_account(GRACE).await.is_some());
    let by = identity_core::model::access::Administrator::of(&again(&world).await).unwrap();
    world.flows().disable_account.run(&by, operator.account.id, identity_core::model::account::AccountState::Active).await.unwrap();
    assert_eq!(world.erases().await, Erased { accounts: 1, kept: 0 });
}

#[tokio::test]
async fn of_two_operators_who_leave_at_once_one_stays() {
    let (world, _) = with_grace().await;
    let grace = promoted(&world).await;
    let (operator, _) = world.sits_down(OPERATOR).await;
    world.stage().gather("accounts_with_role", 2);
    let (one, other) = tokio::join!(world.leaves(&operator), world.leaves(&grace));
    let refused = [&one, &other].into_iter().filter(|answer| matches!(answer, Err(DeleteAccountError::LastOperator))).count();
    assert_eq!((refused, one.is_ok() || other.is_ok()), (1, true), "{one:?} {other:?}");
}

#[tokio::test]
async fn an_undo_between_the_look_and_the_commit_wins() {
    let (world, grace) = with_grace().await;
    world.leaves(&grace).await.unwrap();
    world.passes("P30D");
    let grace = again(&world).await;
    let other = world.clone();
    world.stage().just_before("commit", async move { other.stays(&grace).await.unwrap() });
    assert_eq!(world.erases().await, Erased::default());
    assert_eq!((world.account(GRACE).await.deletion, world.erasures()), (None, 0));
    let grace = again(&world).await;
    world.leaves(&grace).await.unwrap();
    world.passes("P30D");
    let grace = again(&world).await;
    let other = world.clone();
    world.stage().just_before("commit", async move { assert_eq!(other.erases().await.accounts, 1) });
    assert!(matches!(world.stays(&grace).await, Err(UndoDeletionError::Conflict)), "it came too late");
    assert!(world.find_account(GRACE).await.is_none());
}

#[tokio::test]
async fn many_that_are_due_go_in_one_round() {
    let (world, grace) = with_grace().await;
    let mut leaving = Vec::new();
    for number in 0..120 {
        let email = identity_core::value::EmailAddress::parse(&format!("n{number}@example.net")).unwrap();
        let ids = identity_core::port::IdSource::new(world.now(), world.kit().ports.entropy.as_ref());
        let deletion = Some(identity_core::model::account::Deletion { requested_at: world.now(), erase_at: world.now() });
        leaving.push(Account { id: ids.id().unwrap(), email, deletion, version: 1, ..grace.account.clone() });
    }
    let password = world.store().credential(grace.account.id).await.unwrap().unwrap().password;
    let open = |account: Account| Change::Account(AccountChange::Open { account, password: password.clone(), granted_by: None });
    world.store().commit(&set(&world, leaving.into_iter().map(open).collect())).await.unwrap();
    assert_eq!(world.erases().await, Erased { accounts: 120, kept: 0 });
    assert!(world.find_account(GRACE).await.is_some() && world.find_account("n7@example.net").await.is_none());
}

// Faults: the n-th port call fails, for every n.

async fn prepared() -> World {
    let (world, _) = with_grace().await;
    world.keeps_signed_in(again(&world).await);
    world
}

#[tokio::test]
async fn taking_along() {
    let flow = async |world: &World| Ok(world.takes_along(&world.kept_user()).await.map(drop)?);
    survives_every_fault(prepared, flow, async |world| assert_eq!(world.recorded(Action::OwnDataExported).len(), 1)).await;
}

#[tokio::test]
async fn leaving_and_staying() {
    let flow = async |world: &World| Ok(world.leaves(&world.kept_user()).await.map(drop)?);
    survives_every_fault(prepared, flow, async |world| assert!(world.account(GRACE).await.deletion.is_some())).await;
    let operators = async || {
        let world = prepared().await;
        world.keeps_signed_in(promoted(&world).await);
        world
    };
    survives_every_fault(operators, flow, async |world| assert!(world.account(GRACE).await.deletion.is_some())).await;
    let left = async || {
        let world = prepared().await;
        world.leaves(&world.kept_user()).await.unwrap();
        world
    };
    let flow = async |world: &World| Ok(world.stays(&world.kept_user()).await?);
    survives_every_fault(left, flow, async |world| assert!(world.account(GRACE).await.deletion.is_none())).await;
}

#[tokio::test]
async fn erasing() {
    let due = async || {
        let world = prepared().await;
        promoted(&world).await;
        world.leaves(&world.kept_user()).await.unwrap();
        world.passes("P30D");
        world
    };
    let flow = async |world: &World| Ok(world.flows().erase_accounts.run().await.map(drop)?);
    survives_every_fault(due, flow, async |world| assert!(world.find_account(GRACE).await.is_none())).await;
}

#[tokio::test]
async fn an_erasure_whose_answer_is_lost_is_an_erasure() {
    let (world, grace) = with_grace().await;
    world.leaves(&grace).await.unwrap();
    world.passes("P30D");
    world.stage().lose_the_next_answer();
    assert!(world.flows().erase_accounts.run().await.is_err());
    assert!(world.find_account(GRACE).await.is_none());
    assert_eq!(world.erases().await, Erased::default());
    assert_eq!(world.recorded(Action::AccountErased).len(), 1);
}

#[tokio::test]
async fn an_address_that_was_given_up_long_ago_is_erased_with_the_account() {
    let (world, grace) = with_grace().await;
    // Somebody declines what was sent to her address.
    let (declined, visitor) = world.invited(Wanted::new(GRACE).note("Dear Grace")).await;
    visitor.declines().await.unwrap();
    world.asks_for(&grace, HEDY, PASSWORD).await.unwrap();
    world.posts().await;
    world.confirms(&world.confirmations_to(HEDY).pop().unwrap()).await.unwrap();
    world.posts().await;
    // Past the undo and a month nothing is left of the change.
    world.passes("P38D");
    world.flows().sweep_lapsed.run().await.unwrap();
    let address = identity_core::value::EmailAddress::parse(GRACE).unwrap();
    assert_eq!(world.store().address_undo_until(address.canonical(), None, world.now()).await.unwrap(), None);
    let (hedy, _) = world.sits_down(HEDY).await;
    assert!(world.takes_along(&hedy).await.unwrap().email_change.is_none());
    assert!(world.invitation(declined.id).await.email.is_some());
    world.leaves(&hedy).await.unwrap();
    world.passes("P30D");
    assert_eq!(world.erases().await, Erased { accounts: 1, kept: 0 });
    let stays = world.invitation(declined.id).await;
    assert_eq!((stays.email, stays.note, stays.state), (None, None, InvitationState::Declined));
    // What is left of the mails to that address: nothing, though none is old enough for the sweep.
    let mails = world.mails();
    let to_grace = mails.iter().filter(|mail| mail.to.as_str() == GRACE).map(|mail| mail.id).collect::<Vec<_>>();
    assert!(to_grace.len() > 3);
    for message in to_grace {
        assert!(world.store().message(message).await.unwrap().is_none());
    }
}
