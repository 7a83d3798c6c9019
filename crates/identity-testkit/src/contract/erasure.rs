//! Erasure: what is personal about an account goes with it in one commit, and nothing else does.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use identity_core::{
    change::{
        AccountChange, AuditChange, Change, EmailChangeChange, Entity, InvitationChange, LinkChange, OnboardingChange,
        OutboxChange, PasswordChange, PictureChange, QuestionChange, RegistrationChange, Rejection, SessionChange, TermsChange,
    },
    model::{
        account::{Account, Deletion, Picture},
        audit::{Action, Actor, AuditEvent, Subject},
        email_change::EmailChangeState,
        invitation::{Invitation, InvitationState},
        link::{LinkPurpose, Token},
        onboarding::Onboarding,
        outbox::{AccountMail, EmailChangeMail, InvitationMail, MailKind, OutboxMessage, PasswordMail, RegistrationMail},
        password::{PasswordHash, RetiredPassword},
        privacy::Tombstone,
        registration::RegistrationState,
        session::Client,
        terms::TermsAcceptance,
    },
    port::Store,
    value::{AccountId, EmailAddress, Language, Note, PersonName, PictureName, Timestamp},
};

use super::{atomic::rejection, guards::refused};
use crate::Fixture;

/// How often each race is run.
const ROUNDS: usize = 20;

fn leaving(account: &Account, erase_at: Timestamp) -> Account {
    account.with_deletion(Some(Deletion { requested_at: account.created_at, erase_at }))
}

fn erase(account: &Account, at: Timestamp) -> Change {
    Change::Account(AccountChange::Erase { id: account.id, version: account.version, at })
}

async fn inhabited(fixture: &Fixture, email: &str, erase_at: Timestamp) -> Account {
    let (_, account) = fixture.inhabited(email).await;
    let account = leaving(&account, erase_at);
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: account.clone(), by: None })]).await;
    account
}

/// By when it came due, and by id where that is the same; what was undone is not in it.
pub async fn accounts_are_erased_when_they_are_due(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 151);
    let mut due = Vec::new();
    for (name, seconds) in [("c", 30), ("a", 10), ("b", 20), ("d", 30), ("later", 61)] {
        due.push(inhabited(&fixture, &format!("{name}@example.org"), fixture.later(seconds)).await);
    }
    let undone = inhabited(&fixture, "undone@example.org", fixture.later(10)).await.with_deletion(None);
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: undone.clone(), by: None })]).await;
    assert_eq!(store.account(undone.id).await.ok().flatten(), Some(undone));
    fixture.inhabited("stays@example.org").await;
    due.sort_by_key(|account| (account.deletion.map(|deletion| deletion.erase_at), account.id));
    due.pop();
    let (mut seen, mut after) = (Vec::new(), None);
    for expected in [3, 1, 0] {
        let part = store.accounts_to_erase(fixture.later(60), after, 3).await;
        let Ok(part) = part else { unreachable!("{part:?}") };
        assert_eq!(part.len(), expected);
        after = part.last().and_then(|last| Some((last.deletion?.erase_at, last.id))).or(after);
        seen.extend(part);
    }
    assert_eq!(seen, due);
    assert_eq!(store.accounts_to_erase(fixture.later(9), None, 3).await.ok(), Some(Vec::new()));
    assert_eq!(store.accounts_to_erase(fixture.later(10), None, 3).await.ok().map(|found| found.len()), Some(1));
}

/// An older version, a time that has not come, a deletion that was undone, nobody.
pub async fn an_erasure_needs_its_version_and_its_time(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 152);
    let ada = inhabited(&fixture, "ada@example.org", fixture.later(10)).await;
    let changed = Rejection::Changed(Entity::Account);
    refused(&fixture, erase(&ada, fixture.later(9)), changed).await;
    refused(
        &fixture,
        Change::Account(AccountChange::Erase { id: ada.id, version: ada.version - 1, at: fixture.later(10) }),
        changed,
    )
    .await;
    refused(
        &fixture,
        Change::Account(AccountChange::Erase { id: fixture.id(), version: ada.version, at: fixture.later(10) }),
        changed,
    )
    .await;
    let undone = ada.with_deletion(None);
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: undone.clone(), by: None })]).await;
    refused(&fixture, erase(&ada, fixture.later(10)), changed).await;
    refused(&fixture, erase(&undone, fixture.later(10)), changed).await;
    assert_eq!(store.account(ada.id).await.ok().flatten(), Some(undone));
    assert_eq!(store.tombstone(ada.id).await.ok(), Some(None));
}

/// Of an undo and an erasure at once, one holds.
pub async fn of_an_undo_and_an_erasure_one_holds(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 153);
    for round in 0..ROUNDS {
        let ada = inhabited(&fixture, &format!("r{round}@example.org"), fixture.now).await;
        let undo = fixture.set(vec![Change::Account(AccountChange::Revise { account: ada.with_deletion(None), by: None })]);
        let erasure = fixture.set(vec![erase(&ada, fixture.now), Change::Audit(AuditChange::Record(fixture.event()))]);
        let (one, other) = (store.clone(), store.clone());
        let undo = tokio::spawn(async move { one.commit(&undo).await });
        let erasure = tokio::spawn(async move { other.commit(&erasure).await });
        let answers = (undo.await.ok(), erasure.await.ok());
        let (Some(undone), Some(erased)) = answers else { unreachable!("{answers:?}") };
        let lost = if undone.is_ok() { &erased } else { &undone };
        assert_eq!(rejection(lost), Rejection::Changed(Entity::Account));
        assert_ne!(undone.is_ok(), erased.is_ok());
        let stays = store.account(ada.id).await.ok().flatten().is_some();
        let is_gone = store.tombstone(ada.id).await.ok().flatten().is_some();
        assert_eq!((stays, is_gone), (undone.is_ok(), erased.is_ok()), "round {round}");
    }
}

fn token(fixture: &Fixture, subject: LinkPurpose, to: &str) -> Token {
    let sent_to = EmailAddress::parse(to).ok();
    Token { subject, sent_to, ..fixture.token(fixture.id(), 1) }
}

fn message(fixture: &Fixture, to: &str, kind: MailKind) -> Option<OutboxMessage> {
    let to = EmailAddress::parse(to).ok()?;
    Some(OutboxMessage::queue(fixture.id(), to, Language::english(), kind, fixture.now))
}

fn event(fixture: &Fixture, subject: AccountId, about: &str) -> Option<AuditEvent> {
    let fresh = fixture.fresh_event();
    let client = Client::new("192.0.2.7".parse().ok(), None);
    let event = AuditEvent::new(&fresh, fixture.now, Action::LoginFailed, Actor::Anonymous, Subject::Account(subject));
    Some(event.concerning(&fresh, &EmailAddress::parse(about).ok()?).from_client(&fresh, &client))
}

/// Where the events of an account came from, as far as that is kept.
async fn networks(store: &Arc<dyn Store>, account: AccountId) -> Vec<Option<IpAddr>> {
    let events = store.events_of(account, None, 200).await.map(|page| page.items).unwrap_or_default();
    events.into_iter().map(|event| event.network).collect()
}

fn acceptance(fixture: &Fixture, account: AccountId) -> TermsAcceptance {
    TermsAcceptance { account, number: 1, language: Language::english(), text_hash: [1; 32], accepted_at: fixture.now }
}

/// A person's rows in every table, under the address that the account has and one that it had; `typed` is how others spell it.
struct Belongings {
    session: identity_core::model::session::Session,
    picture: Picture,
    registration: identity_core::model::registration::Registration,
    change: identity_core::model::email_change::EmailChange,
    invited: Invitation,
    accepted: Invitation,
    sent: Invitation,
    tokens: Vec<Token>,
    messages: Vec<OutboxMessage>,
}

#[expect(clippy::unwrap_used, reason = "fixed texts that parse")]
async fn belongings(fixture: &Fixture, account: &Account, (name, picture): (&str, u8)) -> Belongings {
    let (typed, old) = (format!("{}@EXAMPLE.org", name.to_uppercase()), format!("old-{name}@example.org"));
    let words = |invitation: Invitation| Invitation {
        first_name: Some(PersonName::parse("Ada").unwrap()),
        last_name: Some(PersonName::parse("Lovelace").unwrap()),
        note: Some(Note::parse("Dear Ada").unwrap()),
        ..invitation
    };
    let stranger = fixture.id();
    let invited = words(fixture.invitation(account.company, stranger, &typed));
    let accepted = Invitation {
        account: Some(account.id),
        state: InvitationState::Accepted,
        ..words(fixture.invitation(account.company, stranger, &format!("first-{name}@example.org")))
    };
    let sent = words(fixture.invitation(account.company, account.id, &format!("friend-of-{name}@example.org")));
    let mut change = fixture.email_change(account, account.email.as_str());
    (change.from, change.state) = (EmailAddress::parse(&old).unwrap(), EmailChangeState::Confirmed);
    let mut registration = fixture.registration(&old);
    (registration.state, registration.account) = (RegistrationState::Completed, Some(account.id));
    let session = fixture.session(account.id);
    let picture = Picture {
        name: PictureName::from_bytes([picture; 16]),
        account: account.id,
        bytes: [picture; 9].as_slice().into(),
        created_at: fixture.now,
    };
    let tokens = [
        LinkPurpose::Recovery(account.id),
        LinkPurpose::ResetReport(account.id),
        LinkPurpose::ChangeReport(account.id),
        LinkPurpose::EmailUndo(change.id),
        LinkPurpose::EmailConfirmation(change.id),
        LinkPurpose::Registration(registration.id),
        LinkPurpose::Invitation(invited.id),
    ];
    let tokens = tokens.map(|subject| token(fixture, subject, &old)).to_vec();
    let messages = [
        (typed.as_str(), MailKind::Password(PasswordMail::RecoveryRequested)),
        (old.as_str(), MailKind::Registration(RegistrationMail::ActivationAgain)),
        ("another@example.org", MailKind::EmailChange(EmailChangeMail::Confirmation { change: change.id })),
        ("before@example.org", MailKind::Account(AccountMail::SignedIn { session: session.id })),
        ("before@example.org", MailKind::Password(PasswordMail::Changed { account: account.id })),
        (typed.as_str(), MailKind::Invitation(InvitationMail::Invited { invitation: invited.id, generation: 1 })),
    ];
    let messages = messages.map(|(to, kind)| message(fixture, to, kind).unwrap()).to_vec();
    let retired = RetiredPassword {
        id: fixture.id(),
        account: account.id,
        hash: PasswordHash::from_phc("plain$before".to_owned()),
        retired_at: fixture.now,
    };
    let mut changes = vec![
        Change::Session(SessionChange::Start(session.clone())),
        Change::Picture(PictureChange::Store(picture.clone())),
        Change::Registration(RegistrationChange::Open(registration.clone())),
        Change::EmailChange(EmailChangeChange::Open(change.clone())),
        Change::Onboarding(OnboardingChange::Open(Onboarding {
            account: account.id,
            steps: BTreeMap::new(),
            finished_at: None,
            version: 1,
        })),
        Change::Question(QuestionChange::SetAnswers {
            account: account.id,
            answers: vec![fixture.security_answer(account.id, "book")],
        }),
        Change::Invitation(InvitationChange::Issue(invited.clone())),
        Change::Invitation(InvitationChange::Issue(accepted.clone())),
        Change::Invitation(InvitationChange::Issue(sent.clone())),
        Change::Password(PasswordChange::Retire { retired, keep: 3 }),
        Change::Terms(TermsChange::Accept(acceptance(fixture, account.id))),
        Change::Audit(AuditChange::Record(event(fixture, account.id, &format!("much-before-{name}@example.org")).unwrap())),
    ];
    changes.extend(tokens.iter().cloned().map(LinkChange::Issue).map(Change::Link));
    changes.extend(messages.iter().cloned().map(OutboxChange::Queue).map(Change::Outbox));
    fixture.commit(changes).await;
    Belongings { session, picture, registration, change, invited, accepted, sent, tokens, messages }
}

/// How many of a person's rows are there.
async fn count(store: &Arc<dyn Store>, account: AccountId, rows: &Belongings) -> usize {
    let mut there = vec![
        store.account(account).await.is_ok_and(|found| found.is_some()),
        store.session(rows.session.id).await.is_ok_and(|found| found.is_some()),
        store.picture(&rows.picture.name).await.is_ok_and(|found| found.is_some()),
        store.registration(rows.registration.id).await.is_ok_and(|found| found.is_some()),
        store.email_change(rows.change.id).await.is_ok_and(|found| found.is_some()),
        store.retired_passwords(account, 5).await.is_ok_and(|found| !found.is_empty()),
        store.acceptances_of(account).await.is_ok_and(|found| !found.is_empty()),
        store.onboarding(account).await.is_ok_and(|found| found.is_some()),
        store.security_answers(account).await.is_ok_and(|found| !found.is_empty()),
    ];
    for token in &rows.tokens {
        there.push(store.token_by_digest(&token.digest).await.is_ok_and(|found| found.is_some()));
    }
    for message in &rows.messages {
        there.push(store.message(message.id).await.is_ok_and(|found| found.is_some()));
    }
    there.into_iter().filter(|there| *there).count()
}

/// One's own goes, in every table; of two people in one company, the other keeps everything.
pub async fn what_is_personal_goes_and_nothing_else_does(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 154);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let mut ada = leaving(&ada, fixture.now);
    (ada.profile, ada.preferences) = (fixture.profile(), fixture.preferences());
    let grace = fixture.account(company.id, "grace@example.org");
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: ada.clone(), by: None }), fixture.open(&grace)]).await;
    let (hers, others) = (belongings(&fixture, &ada, ("ada", 1)).await, belongings(&fixture, &grace, ("grace", 2)).await);
    // What somebody tried with her address at another's account, and what she did to another's.
    let tried = event(&fixture, grace.id, "ada@example.org").into_iter().map(AuditChange::Record).map(Change::Audit).collect();
    fixture.commit(tried).await;
    let all = 9 + hers.tokens.len() + hers.messages.len();
    assert_eq!((count(&store, ada.id, &hers).await, count(&store, grace.id, &others).await), (all, all));
    let network = "192.0.2.7".parse::<IpAddr>().ok();
    assert_eq!(networks(&store, ada.id).await, [network]);
    assert_eq!(networks(&store, grace.id).await, [network; 2]);

    let changes = vec![erase(&ada, fixture.later(1)), Change::Audit(AuditChange::Record(fixture.event()))];
    fixture.commit(changes).await;

    assert_eq!((count(&store, ada.id, &hers).await, count(&store, grace.id, &others).await), (0, all));
    let Account { id, company, created_at, .. } = ada;
    let expected = Tombstone { id, company, created_at, erased_at: fixture.later(1) };
    assert_eq!(store.tombstone(id).await.ok().flatten(), Some(expected));
    assert_eq!(store.tombstone(grace.id).await.ok(), Some(None));
    assert_eq!(networks(&store, id).await, [None]);
    assert_eq!(networks(&store, grace.id).await, [None, network]);
    let blank = |invitation: &Invitation, state| Invitation {
        email: None,
        first_name: None,
        last_name: None,
        note: None,
        state,
        version: invitation.version + 1,
        ..invitation.clone()
    };
    for (invitation, stays) in [
        (&hers.invited, blank(&hers.invited, InvitationState::Revoked)),
        (&hers.accepted, blank(&hers.accepted, InvitationState::Accepted)),
        (&hers.sent, Invitation { note: None, version: hers.sent.version + 1, ..hers.sent.clone() }),
        (&others.invited, others.invited.clone()),
        (&others.sent, others.sent.clone()),
    ] {
        assert_eq!(store.invitation(invitation.id).await.ok().flatten(), Some(stays));
    }
    let again = fixture.account(company, "ada@example.org");
    let invited_again = fixture.invitation(company, grace.id, "ada@example.org");
    fixture.commit(vec![fixture.open(&again), Change::Invitation(InvitationChange::Issue(invited_again))]).await;
    let old = fixture.account(company, "old-ada@example.org");
    fixture.commit(vec![fixture.open(&old)]).await;
}

/// Somebody who has the address that an erased account once had keeps what is theirs.
pub async fn an_address_that_is_anothers_by_now_is_left_alone(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 155);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let ada = leaving(&ada, fixture.now);
    let mut change = fixture.email_change(&ada, "ada@example.org");
    let Ok(from) = EmailAddress::parse("shared@example.org") else { unreachable!("it parses") };
    (change.from, change.state, change.undo_until) = (from, EmailChangeState::Undone, fixture.now);
    let heir = fixture.account(company.id, "shared@example.org");
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: ada.clone(), by: None }), fixture.open(&heir)]).await;
    fixture.commit(vec![Change::EmailChange(EmailChangeChange::Open(change))]).await;
    let theirs = message(&fixture, "Shared@example.org", MailKind::Password(PasswordMail::RecoveryRequested));
    let recorded = event(&fixture, heir.id, "shared@example.org").map(AuditChange::Record).map(Change::Audit);
    fixture.commit(theirs.clone().map(OutboxChange::Queue).map(Change::Outbox).into_iter().chain(recorded).collect()).await;
    fixture.commit(vec![erase(&ada, fixture.now)]).await;
    assert_eq!(store.account(heir.id).await.ok().flatten().map(|found| found.id), Some(heir.id));
    let Some(theirs) = theirs else { unreachable!("it parses") };
    assert_eq!(store.message(theirs.id).await.ok().flatten().map(|found| found.id), Some(theirs.id));
    assert_eq!(networks(&store, heir.id).await, ["192.0.2.7".parse().ok()]);
}

/// An address that was given up so long ago that nothing but the log tells of it.
pub async fn addresses_of_long_ago_are_known_by_the_log(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 157);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let ada = leaving(&ada, fixture.now);
    let (grace, heir) = (fixture.account(company.id, "grace@example.org"), fixture.account(company.id, "shared@example.org"));
    let revised = Change::Account(AccountChange::Revise { account: ada.clone(), by: None });
    fixture.commit(vec![revised, fixture.open(&grace), fixture.open(&heir)]).await;
    let told = |action, actor, subject, address: &str| {
        let fresh = fixture.fresh_event();
        let event = AuditEvent::new(&fresh, fixture.now, action, actor, subject);
        EmailAddress::parse(address).ok().map(|address| Change::Audit(AuditChange::Record(event.concerning(&fresh, &address))))
    };
    let (of_ada, about_ada) = (Actor::Account(ada.id), Subject::Account(ada.id));
    let log = [
        told(Action::LoginSucceeded, of_ada, Subject::Session(fixture.id()), "First@example.org"),
        told(Action::EmailChanged, Actor::Anonymous, about_ada.clone(), "second@example.org"),
        told(Action::EmailChangeUndone, Actor::Anonymous, about_ada.clone(), "third@example.org"),
        told(Action::LoginSucceeded, of_ada, Subject::Session(fixture.id()), "shared@example.org"),
        // Neither what was asked for, nor what was done to others, nor what others did, makes an address the account's.
        told(Action::EmailChangeRequested, of_ada, about_ada, "wanted@example.org"),
        told(Action::InvitationIssued, of_ada, Subject::Invitation(fixture.id()), "friend@example.org"),
        told(Action::LoginSucceeded, Actor::Account(grace.id), Subject::Session(fixture.id()), "graces@example.org"),
    ];
    fixture.commit(log.into_iter().flatten().collect()).await;
    let (had, others) = (["first", "second", "third"], ["shared", "wanted", "friend", "graces"]);
    let mut rows = Vec::new();
    for name in had.into_iter().chain(others) {
        let address = format!("{name}@example.org");
        let invited = fixture.invitation(company.id, grace.id, &address);
        let mailed = message(&fixture, &address, MailKind::Password(PasswordMail::RecoveryRequested));
        let registration = fixture.registration(&address);
        let (Some(mailed), Some(tried)) = (mailed, event(&fixture, grace.id, &address)) else { unreachable!("they parse") };
        rows.push((had.contains(&name), invited.id, mailed.id, registration.id));
        let changes = [
            Change::Invitation(InvitationChange::Issue(invited)),
            Change::Outbox(OutboxChange::Queue(mailed)),
            Change::Registration(RegistrationChange::Open(registration)),
        ];
        fixture.commit(changes.into_iter().chain([Change::Audit(AuditChange::Record(tried))]).collect()).await;
    }
    fixture.commit(vec![erase(&ada, fixture.now)]).await;
    for (is_gone, invitation, message, registration) in rows {
        let invitation = store.invitation(invitation).await.ok().flatten();
        assert_eq!(invitation.map(|row| row.email.is_none()), Some(is_gone));
        assert_eq!(store.message(message).await.is_ok_and(|row| row.is_none()), is_gone);
        assert_eq!(store.registration(registration).await.is_ok_and(|row| row.is_none()), is_gone);
    }
    // What was tried at another's account with the addresses, the last one first.
    let network = "192.0.2.7".parse::<IpAddr>().ok();
    let of_grace = networks(&store, grace.id).await;
    assert_eq!(of_grace.into_iter().filter(Option::is_some).collect::<Vec<_>>(), vec![network; others.len()]);
}

/// What an account got and sent, and what it agreed to.
pub async fn what_an_account_takes_along_is_found(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 156);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let (other, grace) = fixture.inhabited("grace@example.org").await;
    let accepted = Invitation {
        account: Some(ada.id),
        state: InvitationState::Accepted,
        ..fixture.invitation(company.id, grace.id, "before@example.org")
    };
    let pending = fixture.invitation(other.id, grace.id, "Ada@example.org");
    let sent = ["x", "y", "z"].map(|name| fixture.invitation(company.id, ada.id, &format!("{name}@example.org")));
    let issued = sent.iter().chain([&accepted, &pending]).cloned().map(InvitationChange::Issue).map(Change::Invitation);
    fixture.commit(issued.collect()).await;
    for number in [2, 1] {
        fixture.commit(vec![Change::Terms(TermsChange::Accept(TermsAcceptance { number, ..acceptance(&fixture, ada.id) }))]).await;
    }
    let mut received = vec![accepted.id, pending.id];
    received.sort();
    let found = store.invitations_received(ada.id, "ada@example.org").await.unwrap_or_default();
    assert_eq!(found.iter().map(|invitation| invitation.id).collect::<Vec<_>>(), received);
    let mut newest_first = sent.iter().map(|invitation| invitation.id).collect::<Vec<_>>();
    newest_first.sort();
    newest_first.reverse();
    let (mut seen, mut after) = (Vec::new(), None);
    for expected in [2, 1] {
        let Ok(part) = store.invitations_sent(ada.id, after, 2).await else { unreachable!("a part") };
        assert_eq!(part.items.len(), expected);
        seen.extend(part.items.iter().map(|invitation| invitation.id));
        after = part.next;
    }
    assert_eq!((seen, after), (newest_first, None));
    let terms = store.acceptances_of(ada.id).await.unwrap_or_default();
    assert_eq!(terms.iter().map(|acceptance| acceptance.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(store.acceptances_of(grace.id).await.ok(), Some(Vec::new()));
}
