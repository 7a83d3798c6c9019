//! Changing one's own address: asking, confirming, undoing, and two changes at once.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use identity_core::{
    flow::{
        Fault,
        email_change::{EmailChangeCommand, EmailChangeError, EmailChangeLinkError},
    },
    model::{
        account::RequiredAction,
        audit::Action,
        email_change::EmailChangeState,
        outbox::{EmailChangeEmail, EmailContent},
        session::{Client, CurrentUser},
        throttle::Rate,
    },
    value::{SignedDuration, TokenSecret},
};

use crate::{
    actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, World, address, seconds},
    faults::survives_every_fault,
    visitors::{WRONG, another, candidate, mails},
};

const NEW: &str = "hopper@example.net";
const NEWER: &str = "admiral@example.net";

impl World {
    pub(crate) async fn sits_down(&self, email: &str) -> (CurrentUser, TokenSecret) {
        let secret = self.logs_in(email, PASSWORD).await.unwrap().secret;
        (self.whoami(&secret).await.unwrap(), secret)
    }

    pub(crate) async fn asks_for(&self, signed_in: &CurrentUser, email: &str, password: &str) -> Result<(), EmailChangeError> {
        let command = EmailChangeCommand { email: address(email), current: candidate(password), client: Client::default() };
        self.flows().request_email_change.run(signed_in, command).await
    }

    pub(crate) async fn confirms(&self, link: &TokenSecret) -> Result<(), EmailChangeLinkError> {
        self.flows().confirm_email_change.run(link, &Client::default()).await
    }

    pub(crate) async fn undoes(&self, link: &TokenSecret) -> Result<(), EmailChangeLinkError> {
        self.flows().undo_email_change.run(link, &Client::default()).await
    }

    /// The links that confirm an address, the newest last.
    pub(crate) fn confirmations_to(&self, email: &str) -> Vec<TokenSecret> {
        let links = self.mails_to(email).into_iter().filter_map(|mail| match mail.content {
            EmailContent::EmailChange(EmailChangeEmail::Confirmation { secret, .. }) => Some(secret),
            _ => None,
        });
        links.collect()
    }

    /// The links that undo a change, the newest last.
    pub(crate) fn undos_to(&self, email: &str) -> Vec<TokenSecret> {
        let links = self.mails_to(email).into_iter().filter_map(|mail| match mail.content {
            EmailContent::EmailChange(EmailChangeEmail::Announced { undo, .. }) => Some(undo),
            EmailContent::EmailChange(EmailChangeEmail::Changed { undo, .. }) => undo.map(|(undo, _)| undo),
            _ => None,
        });
        links.collect()
    }

    async fn confirm_is_dead(&self, link: &TokenSecret) {
        assert!(matches!(self.flows().confirm_email_change.preview(link).await, Err(EmailChangeLinkError::DeadLink)));
        assert!(matches!(self.confirms(link).await, Err(EmailChangeLinkError::DeadLink)));
    }

    async fn undo_is_dead(&self, link: &TokenSecret) {
        assert!(matches!(self.flows().undo_email_change.preview(link).await, Err(EmailChangeLinkError::DeadLink)));
        assert!(matches!(self.undoes(link).await, Err(EmailChangeLinkError::DeadLink)));
    }

    /// What was queued at one time goes out in any order.
    async fn sorted_posts(&self) -> Vec<(String, &'static str)> {
        let mut posts = self.posts().await;
        posts.sort();
        posts
    }

    async fn has(&self, email: &str) -> bool {
        self.store().account_by_address(email).await.unwrap().is_some()
    }
}

async fn with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    world
}

/// Grace asked for another address, and the mails are out: the link that confirms it.
async fn asked() -> (World, CurrentUser, TokenSecret) {
    asked_in(with_grace().await).await
}

async fn asked_in(world: World) -> (World, CurrentUser, TokenSecret) {
    let (grace, _) = world.sits_down(GRACE).await;
    world.asks_for(&grace, NEW, PASSWORD).await.unwrap();
    assert_eq!(world.sorted_posts().await, mails([(GRACE, "address announced"), (NEW, "confirm address")]));
    let link = world.confirmations_to(NEW).pop().unwrap();
    world.passes("PT1M");
    (world, grace, link)
}

#[tokio::test]
async fn the_whole_way_from_asking_to_a_login_with_the_new_address() {
    let world = with_grace().await;
    let (other, _) = world.sits_down(GRACE).await;
    let (grace, acting) = world.sits_down(GRACE).await;
    let before = world.account(GRACE).await;
    world.asks_for(&grace, NEW, PASSWORD).await.unwrap();
    assert_eq!(world.account(GRACE).await, before, "asking changes nothing of the account");
    world.posts().await;
    let pending = world.flows().pending_email_change.find(&grace).await.unwrap().unwrap();
    assert_eq!((pending.to.as_str(), pending.expires_at), (NEW, world.now() + SignedDuration::from_hours(24)));
    let link = world.confirmations_to(NEW).pop().unwrap();
    let shown = world.flows().confirm_email_change.preview(&link).await.unwrap();
    assert_eq!((shown.to.as_str(), shown.first_name.as_str()), (NEW, "Grace"));
    world.confirms(&link).await.unwrap();
    let after = world.account(NEW).await;
    assert_eq!((after.id, after.recovery.generation), (before.id, before.recovery.generation + 1));
    assert!(!world.has(GRACE).await);
    assert!(world.guesses(GRACE, PASSWORD).await.is_err());
    assert!(world.guesses(NEW, PASSWORD).await.is_ok());
    assert!(world.session(&acting).await.is_some(), "the session that asked stays");
    let sessions = world.store().sessions_of(before.id, world.now()).await.unwrap();
    assert!(sessions.iter().all(|session| session.id != other.session.id), "the others end");
    assert_eq!(world.sorted_posts().await, mails([(GRACE, "address changed"), (NEW, "address changed")]));
    assert_eq!((world.undos_to(GRACE).len(), world.undos_to(NEW).len()), (2, 0), "only the old address undoes");
    world.confirm_is_dead(&link).await;
    assert_eq!(world.recorded(Action::EmailChanged).len(), 1);
}

#[tokio::test]
async fn a_link_confirms_in_its_time_and_no_later() {
    for (passed, works) in [("PT23H59M", true), ("P1D", false)] {
        let (world, _, link) = asked().await;
        world.it_is(world.now() + seconds(passed) - SignedDuration::from_mins(1));
        assert_eq!(world.flows().confirm_email_change.preview(&link).await.is_ok(), works, "{passed}");
        assert_eq!(world.confirms(&link).await.is_ok(), works, "{passed}");
    }
}

#[tokio::test]
async fn nothing_is_asked_for_without_the_password_and_guesses_are_counted() {
    let world = with_grace().await;
    let (grace, _) = world.sits_down(GRACE).await;
    assert!(matches!(world.asks_for(&grace, "GRACE@example.org", PASSWORD).await, Err(EmailChangeError::Same)));
    for _ in 0..5 {
        assert!(matches!(world.asks_for(&grace, NEW, WRONG).await, Err(EmailChangeError::WrongPassword)));
    }
    assert!(matches!(world.asks_for(&grace, NEW, PASSWORD).await, Err(EmailChangeError::Fault(Fault::RateLimited { .. }))));
    assert!(world.posts().await.is_empty());
    assert!(world.flows().pending_email_change.find(&grace).await.unwrap().is_none());
}

#[tokio::test]
async fn an_account_asks_so_often_and_no_more() {
    let world = with_grace().await.under(|settings| {
        settings.throttle.email_changes_per_account = Rate::per(2, SignedDuration::from_hours(1));
    });
    let (grace, _) = world.sits_down(GRACE).await;
    for _ in 0..2 {
        world.asks_for(&grace, NEW, PASSWORD).await.unwrap();
    }
    assert!(matches!(world.asks_for(&grace, NEW, PASSWORD).await, Err(EmailChangeError::Fault(Fault::RateLimited { .. }))));
}

#[tokio::test]
async fn asking_takes_the_same_calls_and_is_answered_the_same_no_matter_who_has_the_new_address() {
    let world = with_grace().await;
    let (grace, _) = world.sits_down(GRACE).await;
    let mut seen = Vec::new();
    for email in [NEW, OPERATOR] {
        world.kit().faults.none();
        world.asks_for(&grace, email, PASSWORD).await.unwrap();
        world.flows().pending_email_change.cancel(&grace, &Client::default()).await.unwrap();
        seen.push((world.kit().faults.trace(), world.history().last().unwrap().changes().len()));
    }
    assert_eq!(seen[0], seen[1]);
    assert!(!seen[0].0.contains(&"account_by_address"), "{seen:?}");
    world.asks_for(&grace, OPERATOR, PASSWORD).await.unwrap();
    let posted = world.posts().await;
    assert!(posted.iter().all(|(to, about)| to == GRACE && *about == "address announced"), "{posted:?}");
}

#[tokio::test]
async fn a_newer_change_takes_the_place_of_the_older() {
    let (world, grace, older) = asked().await;
    world.asks_for(&grace, NEWER, PASSWORD).await.unwrap();
    world.posts().await;
    world.confirm_is_dead(&older).await;
    let newer = world.confirmations_to(NEWER).pop().unwrap();
    world.confirms(&newer).await.unwrap();
    assert!(world.has(NEWER).await && !world.has(NEW).await);
}

#[tokio::test]
async fn what_is_taken_back_is_confirmed_by_nobody() {
    let (world, grace, link) = asked().await;
    world.flows().pending_email_change.cancel(&grace, &Client::default()).await.unwrap();
    world.flows().pending_email_change.cancel(&grace, &Client::default()).await.unwrap();
    assert!(world.flows().pending_email_change.find(&grace).await.unwrap().is_none());
    world.confirm_is_dead(&link).await;
    // A person who got the announcement still says that it was somebody else.
    world.undoes(&world.undos_to(GRACE)[0]).await.unwrap();
}

/// The rule of hijacked accounts: nothing that an attacker left waiting survives.
#[tokio::test]
async fn a_change_that_waits_dies_with_the_password_and_with_the_account() {
    for end in ["change", "reset", "this wasn't me", "by an administrator", "disabled and enabled"] {
        let (world, grace, link) = asked().await;
        let id = grace.account.id;
        match end {
            "change" => {
                let command = identity_core::flow::password::ChangePasswordCommand {
                    current: Some(candidate(PASSWORD)),
                    password: candidate(&another(1)),
                    confirmation: candidate(&another(1)),
                    client: Client::default(),
                };
                world.flows().change_password.run(&grace, command).await.unwrap();
            }
            "reset" => {
                let mail = world.has_forgotten(GRACE).await;
                world.resets(&mail.link, &another(1)).await.unwrap();
            }
            "this wasn't me" => {
                let mail = world.has_forgotten(GRACE).await;
                world.reports(&mail.report).await.unwrap();
            }
            "by an administrator" => world.operator().await.mails_a_reset(id).await.unwrap(),
            _ => {
                world.operator().await.disables(id).await.unwrap();
                world.confirm_is_dead(&link).await;
                world.operator().await.enables(id).await.unwrap();
            }
        }
        world.confirm_is_dead(&link).await;
        assert!(world.has(GRACE).await && !world.has(NEW).await, "{end}");
    }
}

#[tokio::test]
async fn an_address_that_somebody_has_by_now_is_confirmed_by_nobody() {
    let (world, _, link) = asked().await;
    world.hires(NEW).await;
    assert!(matches!(world.confirms(&link).await, Err(EmailChangeLinkError::DeadLink)));
    assert!(world.has(GRACE).await);
}

/// Before and after the confirmation, after a change of the password too.
#[tokio::test]
async fn an_undo_gives_the_address_back_and_ends_all_access() {
    for (confirmed, reset) in [(false, false), (true, false), (true, true)] {
        let (world, grace, link) = asked().await;
        if confirmed {
            world.confirms(&link).await.unwrap();
            world.posts().await;
        }
        let owner = if confirmed { NEW } else { GRACE };
        let password = if reset {
            let mail = world.has_forgotten(owner).await;
            world.resets(&mail.link, &another(1)).await.unwrap();
            world.posts().await;
            another(1)
        } else {
            PASSWORD.to_owned()
        };
        let attacker = world.logs_in(owner, &password).await.unwrap();
        world.passes("P6D");
        for undo in world.undos_to(GRACE) {
            assert_eq!(world.flows().undo_email_change.preview(&undo).await.unwrap().from.as_str(), GRACE);
        }
        let undo = world.undos_to(GRACE)[0].clone();
        world.undoes(&undo).await.unwrap();
        let account = world.account(GRACE).await;
        assert_eq!(account.id, grace.account.id);
        assert!(account.required_actions.contains(&RequiredAction::ChangePassword));
        assert!(world.session(&attacker.secret).await.is_none(), "a session survived");
        assert!(world.store().sessions_of(account.id, world.now()).await.unwrap().is_empty());
        assert!(world.guesses(GRACE, &password).await.is_err() && world.guesses(NEW, &password).await.is_err());
        world.confirm_is_dead(&link).await;
        for undo in world.undos_to(GRACE) {
            world.undo_is_dead(&undo).await;
        }
        let posted = world.posts().await;
        assert!(posted.contains(&(GRACE.to_owned(), "reset after an undone address")), "{posted:?}");
        assert!(posted.contains(&(ADMINISTRATOR.to_owned(), "address undone")), "{posted:?}");
        let told = world.mails_to(ADMINISTRATOR).pop().unwrap().content;
        let EmailContent::EmailChange(EmailChangeEmail::Undone { address, undone, .. }) = told else { panic!("another mail") };
        assert_eq!((address.as_str(), undone.as_str()), (GRACE, NEW));
        let mail = world.reset_to(GRACE);
        assert!(!mail.password_works);
        world.resets(&mail.link, &another(2)).await.unwrap();
        assert!(world.guesses(GRACE, &another(2)).await.is_ok());
        assert_eq!(world.recorded(Action::EmailChangeUndone).len(), 1);
    }
}

#[tokio::test]
async fn an_undo_works_for_a_week_and_not_while_the_account_is_disabled() {
    for (passed, works) in [("P6DT23H", true), ("P7D", false)] {
        let (world, grace, link) = asked().await;
        world.confirms(&link).await.unwrap();
        world.posts().await;
        let undo = world.undos_to(GRACE).pop().unwrap();
        world.operator().await.disables(grace.account.id).await.unwrap();
        world.undo_is_dead(&undo).await;
        world.operator().await.enables(grace.account.id).await.unwrap();
        world.passes(passed);
        assert_eq!(world.undoes(&undo).await.is_ok(), works, "{passed}");
    }
}

/// The older undo wins: a person who was there first gets the account, and the other cannot take that back.
#[tokio::test]
async fn a_person_who_undoes_the_first_change_undoes_those_after_it() {
    let (world, grace, link) = asked().await;
    world.confirms(&link).await.unwrap();
    world.posts().await;
    let attacker = world.logs_in(NEW, PASSWORD).await.unwrap();
    let attacker = world.whoami(&attacker.secret).await.unwrap();
    world.asks_for(&attacker, NEWER, PASSWORD).await.unwrap();
    world.posts().await;
    world.confirms(&world.confirmations_to(NEWER)[0]).await.unwrap();
    world.posts().await;
    let (older, newer) = (world.undos_to(GRACE), world.undos_to(NEW));
    world.undoes(&older[0]).await.unwrap();
    assert_eq!(world.account(GRACE).await.id, grace.account.id);
    for undo in newer {
        world.undo_is_dead(&undo).await;
    }
}

/// A person who took the account over asked for its deletion, and read the mail about it.
#[tokio::test]
async fn an_undo_takes_back_a_deletion_that_was_asked_for_since_and_none_from_before() {
    for (since, confirmed) in [(true, true), (true, false), (false, true)] {
        let world = with_grace().await;
        let (owner, _) = world.sits_down(GRACE).await;
        if !since {
            world.leaves(&owner).await.unwrap();
            world.posts().await;
        }
        world.passes("PT1M");
        let (world, attacker, link) = asked_in(world).await;
        if confirmed {
            world.confirms(&link).await.unwrap();
        }
        if since {
            world.leaves(&attacker).await.unwrap();
        }
        world.posts().await;
        world.undoes(&world.undos_to(GRACE)[0]).await.unwrap();
        assert_eq!(world.account(GRACE).await.deletion.is_none(), since);
        let told = world.posts().await.contains(&(GRACE.to_owned(), "deletion undone with the address"));
        assert_eq!((told, world.recorded(Action::DeletionUndone).len()), (since, usize::from(since)));
        world.passes("P30D");
        assert_eq!(world.erases().await.accounts, u32::from(!since));
    }
}

/// No other account moves to it meanwhile; afterwards one may.
#[tokio::test]
async fn the_old_address_is_kept_for_the_undo() {
    let (world, _, link) = asked().await;
    world.confirms(&link).await.unwrap();
    world.posts().await;
    let (operator, _) = world.sits_down(OPERATOR).await;
    world.asks_for(&operator, GRACE, PASSWORD).await.unwrap();
    assert!(world.posts().await.iter().all(|(to, _)| to != GRACE), "a link went to an address that is kept");
    world.passes("P7D");
    let (operator, _) = world.sits_down(OPERATOR).await;
    world.asks_for(&operator, GRACE, PASSWORD).await.unwrap();
    world.posts().await;
    world.confirms(&world.confirmations_to(GRACE).pop().unwrap()).await.unwrap();
}

/// A successor who has its mailbox by now is told until when it could go back, and has it by registering. Then the undo is over.
#[tokio::test]
async fn a_person_who_has_the_mailbox_of_the_old_address_may_register_with_it() {
    for invited in [true, false] {
        let (world, _, link) = asked().await;
        world.confirms(&link).await.unwrap();
        world.posts().await;
        let undo = world.undos_to(GRACE).pop().unwrap();
        let until = Some(world.now() + SignedDuration::from_hours(7 * 24));
        if invited {
            let (_, visitor) = world.invited(GRACE).await;
            assert_eq!(visitor.looks().await.unwrap().address_undo_until, until);
            visitor.registers_with(PASSWORD).await.unwrap();
        } else {
            world.signed_up(GRACE).await;
            let link = world.activation_link(GRACE);
            assert_eq!(world.looks_at_registration(&link).await.unwrap().address_undo_until, until);
            world.completes(&link).await.unwrap();
        }
        assert!(matches!(world.undoes(&undo).await, Err(EmailChangeLinkError::DeadLink)), "invited: {invited}");
        assert_ne!(world.account(GRACE).await.id, world.account(NEW).await.id, "invited: {invited}");
    }
}

// Two at once, in every order of their calls.

/// Without throttles, whose calls come before everything that is decided: what is left is what two changes have in common.
async fn uncounted() -> World {
    with_grace().await.under(|settings| settings.throttle.enabled = false)
}

type Act = Pin<Box<dyn Future<Output = bool>>>;

/// Runs two acts, one call of a port after the other: `first` says whose turn it is, as far as it goes; then the first goes on.
/// Answers what they answered, and whose turns there were when both still had some.
fn interleaved(first: &[bool], mut acts: [Act; 2]) -> ([bool; 2], Vec<bool>) {
    let mut context = Context::from_waker(Waker::noop());
    let (mut answers, mut turns) = ([None, None], Vec::new());
    while answers.iter().any(Option::is_none) {
        let both = answers.iter().all(Option::is_none);
        let of_second = if both { first.get(turns.len()).copied().unwrap_or(false) } else { answers[0].is_some() };
        if both {
            turns.push(of_second);
        }
        let act = usize::from(of_second);
        if let Poll::Ready(answer) = acts[act].as_mut().poll(&mut context) {
            answers[act] = Some(answer);
        }
    }
    (answers.map(Option::unwrap), turns)
}

/// Every order there is, by going back to the last turn that was not tried the other way.
async fn in_every_order<F: Future<Output = (World, [Act; 2])>>(
    prepare: impl Fn() -> F,
    check: impl AsyncFn(&World, [bool; 2]),
) -> usize {
    let (mut order, mut count) = (Vec::new(), 0);
    loop {
        let (world, acts) = prepare().await;
        world.stage().goes_by_steps();
        let (answers, mut turns) = interleaved(&order, acts);
        check(&world, answers).await;
        count += 1;
        while turns.last() == Some(&true) {
            turns.pop();
        }
        if turns.pop().is_none() {
            return count;
        }
        turns.push(true);
        order = turns;
    }
}

fn asking(world: &World, signed_in: &CurrentUser, email: &'static str) -> Act {
    let (world, signed_in) = (world.clone(), signed_in.clone());
    Box::pin(async move { world.asks_for(&signed_in, email, PASSWORD).await.is_ok() })
}

fn confirming(world: &World, link: &TokenSecret) -> Act {
    let (world, link) = (world.clone(), link.clone());
    Box::pin(async move { world.confirms(&link).await.is_ok() })
}

/// Every link confirms the address that it was mailed to or nothing, and nobody shares an address.
async fn each_confirms_its_own(world: &World, people: &[identity_core::value::AccountId]) {
    world.posts().await;
    for email in [NEW, NEWER] {
        for link in world.confirmations_to(email) {
            if world.confirms(&link).await.is_ok() {
                assert!(world.has(email).await, "a link to {email} confirmed another address");
            }
        }
    }
    let mut addresses = Vec::new();
    for id in people {
        addresses.push(world.store().account(*id).await.unwrap().unwrap().email.canonical().to_owned());
    }
    addresses.sort();
    addresses.dedup();
    assert_eq!(addresses.len(), people.len(), "{addresses:?}");
}

/// B-7: two requests of one account at once. Whichever is left waiting, a link confirms the address it went to.
#[tokio::test]
async fn two_requests_in_every_order_of_their_calls_leave_one_that_is_what_its_mail_says() {
    let orders = in_every_order(
        async || {
            let world = uncounted().await;
            let (grace, _) = world.sits_down(GRACE).await;
            let acts = [asking(&world, &grace, NEW), asking(&world, &grace, NEWER)];
            world.keeps_signed_in(grace);
            (world, acts)
        },
        async |world, answers| {
            assert!(answers.contains(&true), "both were refused");
            let grace = world.kept_user();
            let pending = world.flows().pending_email_change.find(&grace).await.unwrap().unwrap();
            world.posts().await;
            let (waits, over) = if pending.to.as_str() == NEW { (NEW, NEWER) } else { (NEWER, NEW) };
            for link in world.confirmations_to(over) {
                world.confirm_is_dead(&link).await;
            }
            let link = world.confirmations_to(waits).pop().unwrap();
            world.confirms(&link).await.unwrap();
            assert_eq!(world.account(waits).await.id, grace.account.id);
            assert!(!world.has(over).await && !world.has(GRACE).await);
        },
    )
    .await;
    assert!(orders >= 20, "only {orders}");
}

/// A link is confirmed while its account asks for another address.
#[tokio::test]
async fn a_confirmation_and_a_request_in_every_order_of_their_calls_move_to_what_was_mailed() {
    let orders = in_every_order(
        async || {
            let (world, grace, link) = asked_in(uncounted().await).await;
            let acts = [confirming(&world, &link), asking(&world, &grace, NEWER)];
            world.keeps_signed_in(grace);
            (world, acts)
        },
        async |world, [confirmed, _]| {
            assert_eq!(world.has(NEW).await, confirmed);
            assert_eq!(world.has(GRACE).await, !confirmed);
            each_confirms_its_own(world, &[world.kept_user().account.id]).await;
        },
    )
    .await;
    assert!(orders >= 20, "only {orders}");
}

/// Two accounts confirm one address.
#[tokio::test]
async fn two_confirmations_in_every_order_of_their_calls_never_share_an_address() {
    let orders = in_every_order(
        async || {
            let (world, grace, link) = asked_in(uncounted().await).await;
            let (operator, _) = world.sits_down(OPERATOR).await;
            world.asks_for(&operator, NEW, PASSWORD).await.unwrap();
            world.posts().await;
            let links = world.confirmations_to(NEW);
            let acts = [confirming(&world, &link), confirming(&world, &links[1])];
            world.keeps_signed_in(grace);
            (world, acts)
        },
        async |world, answers| {
            assert!(answers[0] != answers[1], "{answers:?}");
            let (grace, owner) = (world.kept_user().account.id, world.account(NEW).await.id);
            assert_eq!(owner == grace, answers[0]);
        },
    )
    .await;
    assert!(orders >= 20, "only {orders}");
}

/// The old address undoes a change in the moment in which it is confirmed.
#[tokio::test]
async fn an_undo_and_a_confirmation_in_every_order_of_their_calls_end_at_the_old_address() {
    in_every_order(
        async || {
            let (world, _, link) = asked_in(uncounted().await).await;
            let (undoing, undo) = (world.clone(), world.undos_to(GRACE)[0].clone());
            let undone: Act = Box::pin(async move { undoing.undoes(&undo).await.is_ok() });
            let acts = [confirming(&world, &link), undone];
            (world, acts)
        },
        async |world, [_, undone]| {
            assert!(undone);
            let account = world.account(GRACE).await;
            assert!(account.required_actions.contains(&RequiredAction::ChangePassword));
            assert!(world.store().sessions_of(account.id, world.now()).await.unwrap().is_empty());
            let changes = world.store().pending_email_change(account.id).await.unwrap();
            assert!(changes.is_none_or(|change| change.state != EmailChangeState::Pending));
        },
    )
    .await;
}

/// A met Grace in a session, who asked for another address; the link that confirms it is kept.
async fn kept() -> World {
    let (world, grace, link) = asked().await;
    world.meets(GRACE).await;
    world.keeps_signed_in(grace);
    world.keeps(link);
    world
}

#[tokio::test]
async fn confirming_survives_every_fault() {
    let flow = async |world: &World| Ok(world.confirms(&world.kept()).await?);
    survives_every_fault(kept, flow, async |world| {
        assert!(world.has(NEW).await && !world.has(GRACE).await);
        world.confirm_is_dead(&world.kept()).await;
        assert_eq!(world.sorted_posts().await, mails([(GRACE, "address changed"), (NEW, "address changed")]));
    })
    .await;
}

#[tokio::test]
async fn undoing_survives_every_fault() {
    let prepare = async || {
        let world = kept().await;
        world.confirms(&world.kept()).await.unwrap();
        world.posts().await;
        world.passes("PT1M");
        world
    };
    let flow = async |world: &World| Ok(world.undoes(&world.undos_to(GRACE)[0]).await?);
    survives_every_fault(prepare, flow, async |world| {
        assert!(world.has(GRACE).await && !world.has(NEW).await);
        for undo in world.undos_to(GRACE) {
            world.undo_is_dead(&undo).await;
        }
        assert!(world.posts().await.contains(&(GRACE.to_owned(), "reset after an undone address")));
    })
    .await;
}

#[tokio::test]
async fn looking_and_taking_back_survive_every_fault() {
    let looks = async |world: &World| Ok(world.flows().confirm_email_change.preview(&world.kept()).await.map(drop)?);
    survives_every_fault(kept, looks, async |_| ()).await;
    let looks = async |world: &World| Ok(world.flows().undo_email_change.preview(&world.undos_to(GRACE)[0]).await.map(drop)?);
    survives_every_fault(kept, looks, async |_| ()).await;
    let cancels =
        async |world: &World| Ok(world.flows().pending_email_change.cancel(&world.kept_user(), &Client::default()).await?);
    survives_every_fault(kept, cancels, async |world| world.confirm_is_dead(&world.kept()).await).await;
}

#[tokio::test]
async fn asking_survives_every_fault() {
    let prepare = async || {
        let world = with_grace().await;
        world.meets(GRACE).await;
        world.keeps_signed_in(world.sits_down(GRACE).await.0);
        world
    };
    let flow = async |world: &World| Ok(world.asks_for(&world.kept_user(), NEW, PASSWORD).await?);
    survives_every_fault(prepare, flow, async |world| {
        assert_eq!(world.sorted_posts().await, mails([(GRACE, "address announced"), (NEW, "confirm address")]));
        world.confirms(&world.confirmations_to(NEW)[0]).await.unwrap();
    })
    .await;
}
