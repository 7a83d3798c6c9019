//! Every flow with its n-th port call failing, for every n: nothing half done, no success that lies, and trying again works.

use std::error::Error;

use identity_core::{
    change::{Change, TermsChange, Unavailable},
    flow::{
        Fault,
        access::{AccessError, DefineEntry},
        account::{AdministrationError, EditAccountError, SetPictureError},
        bootstrap::FirstOperatorError,
        company::CompanyError,
        email_change::{EmailChangeError, EmailChangeLinkError},
        invitation::{AcceptAccessError, AcceptError, DeclineError, InviteError, ManageError, PreviewError},
        onboarding::CloseStepError,
        password::ChangePasswordError,
        privacy::{DeleteAccountError, ExportOwnDataError, UndoDeletionError},
        recovery::{AssistedResetError, PreviewRecoveryError, RecoveryError, ReportError, ResetError},
        registration::{CompleteError, DecisionError, PreviewRegistrationError, RegisterError, VerifyCodeError},
        session::LogInError,
        terms::{AcceptTermsError, PublishTermsError},
    },
    model::{access::GrantableBy, invitation::InvitationState},
};
use identity_testkit::Kit;

use crate::actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, Wanted, World, entry_command, role, seconds};

/// A flow did not do its work because a part of the system was unavailable. Any other reason is a lie here, and panics.
#[derive(Debug)]
pub(crate) struct Stopped;

impl From<Unavailable> for Stopped {
    fn from(error: Unavailable) -> Self {
        assert!(error.source().is_some(), "the operator needs the cause");
        Self
    }
}

macro_rules! stops {
    ($($error:ident),+ $(,)?) => {$(
        impl From<$error> for Stopped {
            fn from(error: $error) -> Self {
                match error {
                    $error::Fault(Fault::Unavailable(unavailable)) => unavailable.into(),
                    other => panic!("an outcome that lies: {other:?}"),
                }
            }
        }
    )+};
}

stops!(
    AcceptAccessError,
    AcceptError,
    AcceptTermsError,
    AdministrationError,
    AccessError,
    ChangePasswordError,
    CompanyError,
    CompleteError,
    DecisionError,
    DeclineError,
    EditAccountError,
    InviteError,
    LogInError,
    ManageError,
    PreviewError,
    PreviewRecoveryError,
    PreviewRegistrationError,
    PublishTermsError,
    RecoveryError,
    RegisterError,
    ReportError,
    ResetError,
    FirstOperatorError,
    VerifyCodeError,
    SetPictureError,
    EmailChangeLinkError,
    EmailChangeError,
    CloseStepError,
    ExportOwnDataError,
    DeleteAccountError,
    UndoDeletionError,
);

impl From<AssistedResetError> for Stopped {
    fn from(error: AssistedResetError) -> Self {
        match error {
            AssistedResetError::Fault(Fault::Unavailable(unavailable)) => unavailable.into(),
            AssistedResetError::Administration(error) => error.into(),
            other => panic!("an outcome that lies: {other:?}"),
        }
    }
}

/// Runs a flow in fresh worlds, failing its first port call, its second, and so on, until it makes no more. A flow that failed
/// says so, has written nothing and sent nothing; once more without a fault, it does its work.
pub(crate) async fn survives_every_fault(
    prepare: impl AsyncFn() -> World,
    flow: impl AsyncFn(&World) -> Result<(), Stopped>,
    done: impl AsyncFn(&World),
) {
    for index in 0.. {
        let world = prepare().await;
        let (commits, mails) = (world.history().len(), world.mails().len());
        world.kit().faults.fail_at(index);
        let outcome = flow(&world).await;
        let (calls, trace) = (world.kit().faults.calls(), world.kit().faults.trace());
        world.kit().faults.none();
        if calls <= index {
            assert!(outcome.is_ok(), "without a fault: {outcome:?}");
            done(&world).await;
            assert!(index > 0, "the flow calls no port at all");
            return;
        }
        assert!(matches!(outcome, Err(Stopped)), "call {index} of {trace:?} failed, and the answer is {outcome:?}");
        assert_eq!(calls, index + 1, "after a fault the flow went on: {trace:?}");
        assert_eq!(world.history().len(), commits, "call {index} of {trace:?} failed, and something was written");
        assert_eq!(world.mails().len(), mails);
        let again = flow(&world).await;
        assert!(again.is_ok(), "call {index} of {trace:?} failed, and then: {again:?}");
        done(&world).await;
    }
}

/// Runs a flow whose commit is applied while its answer is lost.
async fn loses_its_answer(world: &World, flow: impl AsyncFn(&World) -> Result<(), Stopped>) {
    world.stage().lose_the_next_answer();
    let outcome = flow(world).await;
    assert!(matches!(outcome, Err(Stopped)), "{outcome:?}");
}

async fn with_invited_grace() -> World {
    let world = World::new().await;
    world.invited(Wanted::new(GRACE).role("editor")).await;
    world
}

async fn with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world
}

async fn invites(world: &World) -> Result<(), Stopped> {
    Ok(world.met_operator().invites(GRACE).await.map(drop)?)
}

async fn one_invitation_is_pending_and_mailed(world: &World) {
    let company = world.account(OPERATOR).await.company;
    assert!(world.store().pending_invitation(company, GRACE).await.unwrap().is_some());
    assert_eq!(world.delivers().await.len(), 1);
    assert!(world.invitee(GRACE).registers().await.is_ok());
}

#[tokio::test]
async fn setting_up() {
    let flow = async |world: &World| {
        let link = world.flows().first_operator.run().await?.expect("nobody is in");
        world.keeps(link);
        Ok(())
    };
    survives_every_fault(World::empty, flow, async |world| {
        world.visitor(&world.kept()).from(OPERATOR).registers().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn registering_the_first_operator() {
    let prepare = async || {
        let world = World::empty().await;
        let link = world.flows().first_operator.run().await.unwrap().unwrap();
        world.keeps(link);
        world
    };
    let flow = async |world: &World| Ok(world.visitor(&world.kept()).from(OPERATOR).registers().await.map(drop)?);
    survives_every_fault(prepare, flow, async |world| {
        assert!(world.account(OPERATOR).await.is_operator());
        assert!(world.flows().first_operator.run().await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn inviting() {
    survives_every_fault(World::met, invites, one_invitation_is_pending_and_mailed).await;
}

#[tokio::test]
async fn inviting_anew() {
    let prepare = async || {
        let world = World::met().await;
        world.operator().await.invites(GRACE).await.unwrap();
        world
    };
    survives_every_fault(prepare, invites, one_invitation_is_pending_and_mailed).await;
}

#[tokio::test]
async fn resending() {
    let flow = async |world: &World| Ok(world.met_operator().resends(world.kept_invitation()).await.map(drop)?);
    survives_every_fault(World::met_with_invited_grace, flow, async |world| {
        world.visitor(&world.kept()).is_locked_out().await;
        assert_eq!(world.delivers().await.len(), 1);
        assert!(world.invitee(GRACE).registers().await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn revoking() {
    let flow = async |world: &World| Ok(world.met_operator().revokes(world.kept_invitation()).await.map(drop)?);
    survives_every_fault(World::met_with_invited_grace, flow, async |world| world.visitor(&world.kept()).is_locked_out().await)
        .await;
}

#[tokio::test]
async fn moving_the_end() {
    let flow = async |world: &World| {
        let end = world.now() + seconds("P20D");
        Ok(world.met_operator().moves_the_end(world.kept_invitation(), end).await.map(drop)?)
    };
    survives_every_fault(World::met_with_invited_grace, flow, async |world| {
        world.passes("P19D");
        world.visitor(&world.kept()).is_welcome().await;
    })
    .await;
}

#[tokio::test]
async fn registering() {
    let flow = async |world: &World| Ok(world.invitee(GRACE).registers().await.map(drop)?);
    survives_every_fault(with_invited_grace, flow, async |world| {
        let grace = world.account(GRACE).await;
        assert_eq!(grace.roles, [role("editor")].into());
        world.invitee(GRACE).is_locked_out().await;
        assert!(world.logs_in(GRACE, PASSWORD).await.is_ok());
        assert!(
            world
                .changes()
                .iter()
                .any(|change| matches!(change, Change::Terms(TermsChange::Accept(terms)) if terms.account == grace.id))
        );
    })
    .await;
}

#[tokio::test]
async fn registering_with_what_has_to_be_mended() {
    let flow = async |world: &World| match world.invitee(GRACE).agreeing_to(None).registers_with("weak").await {
        Err(AcceptError::Refused(_)) => Ok(()),
        other => Ok(other.map(drop)?),
    };
    survives_every_fault(with_invited_grace, flow, async |world| world.invitee(GRACE).is_welcome().await).await;
}

#[tokio::test]
async fn declining() {
    let flow = async |world: &World| Ok(world.invitee(GRACE).declines().await?);
    survives_every_fault(with_invited_grace, flow, async |world| world.invitee(GRACE).is_locked_out().await).await;
}

#[tokio::test]
async fn looking_and_opening() {
    let flow = async |world: &World| Ok(world.invitee(GRACE).looks().await.map(drop)?);
    survives_every_fault(with_invited_grace, flow, async |_| ()).await;
    let flow = async |world: &World| Ok(world.invitee(GRACE).opens().await.map(drop)?);
    survives_every_fault(with_invited_grace, flow, async |world| {
        let company = world.account(OPERATOR).await.company;
        assert!(world.store().pending_invitation(company, GRACE).await.unwrap().unwrap().opened_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn asking_for_a_new_invitation() {
    let prepare = async || {
        let world = with_invited_grace().await;
        world.passes("P8D");
        world
    };
    let flow = async |world: &World| Ok(world.invitee(GRACE).tries_to_ask_for_a_new_one().await?);
    survives_every_fault(prepare, flow, async |world| assert_eq!(world.delivers().await.len(), 1)).await;
}

#[tokio::test]
async fn logging_in() {
    let flow = async |world: &World| {
        world.keeps(world.logs_in(GRACE, PASSWORD).await?.secret);
        Ok(())
    };
    let done = async |world: &World| {
        assert_eq!(world.sessions_started(), 1, "a session without a success");
        assert!(world.session(&world.kept()).await.is_some());
        assert!(world.hash_of(GRACE).await.expose().starts_with("plain$"));
    };
    survives_every_fault(with_grace, flow, done).await;
    let prepare = async || {
        let world = with_grace().await;
        world.has_an_old_hash(GRACE).await;
        world
    };
    survives_every_fault(prepare, flow, done).await;
}

#[tokio::test]
async fn a_login_that_is_refused() {
    for email in [GRACE, "nobody@example.org"] {
        let flow = async |world: &World| match world.logs_in(email, "Wrong-password-1").await {
            Err(LogInError::Refused) => Ok(()),
            other => Ok(other.map(drop)?),
        };
        survives_every_fault(with_grace, flow, async |world| assert_eq!(world.sessions_started(), 0)).await;
    }
}

async fn with_signed_in_grace() -> World {
    let world = with_grace().await;
    world.keeps(world.logs_in(GRACE, PASSWORD).await.unwrap().secret);
    world.passes("PT2M");
    world
}

#[tokio::test]
async fn checking_a_session() {
    let flow = async |world: &World| {
        assert!(world.flows().check_session.run(&world.kept()).await?.is_some(), "she is signed in");
        Ok(())
    };
    survives_every_fault(with_signed_in_grace, flow, async |_| ()).await;
}

#[tokio::test]
async fn logging_out() {
    let flow = async |world: &World| {
        let found = world.flows().check_session.run(&world.kept()).await?.expect("she is signed in");
        Ok(world.flows().log_out.run(&found).await?)
    };
    let prepare = async || {
        let world = with_signed_in_grace().await;
        world.whoami(&world.kept()).await.unwrap();
        world
    };
    survives_every_fault(prepare, flow, async |world| assert!(world.session(&world.kept()).await.is_none())).await;
}

#[tokio::test]
async fn disabling() {
    let flow = async |world: &World| Ok(world.met_operator().disables(world.carl()).await.map(drop)?);
    survives_every_fault(World::met, flow, async |world| assert!(!world.account(ADMINISTRATOR).await.is_active())).await;
}

#[tokio::test]
async fn opening_a_company_defining_a_role_and_publishing_terms() {
    let flow = async |world: &World| Ok(world.met_operator().tries_to_open_company("Other").await.map(drop)?);
    survives_every_fault(World::met, flow, async |_| ()).await;
    let flow = async |world: &World| {
        let operator = world.met_operator().as_operator();
        let command = entry_command(DefineEntry::Role(role("writer")), GrantableBy::Administrator);
        Ok(world.flows().access.define(&operator, command).await.map(drop)?)
    };
    survives_every_fault(World::met, flow, async |_| ()).await;
    let flow = async |world: &World| Ok(world.met_operator().tries_to_publish_terms("Be kinder.").await.map(drop)?);
    survives_every_fault(World::met, flow, async |world| {
        assert_eq!(world.flows().terms.current().await.unwrap().number, 2);
    })
    .await;
}

/// Two change sets lay the foundation: a fault between them leaves the first, and doing it again completes it.
#[tokio::test]
async fn laying_the_foundation() {
    for index in 0..2 {
        let world = World::bare();
        world.kit().faults.fail_at(index);
        assert!(world.flows().prepare.run(Kit::terms()).await.is_err());
        world.kit().faults.none();
        world.flows().prepare.run(Kit::terms()).await.unwrap();
        assert_eq!(world.flows().access.roles().await.unwrap().len(), 2);
        assert_eq!(world.flows().terms.current().await.unwrap().number, 1);
    }
}

/// At least once, under one Message-ID, and never a mail whose link is not stored.
#[tokio::test]
async fn delivering() {
    for index in 0.. {
        let world = World::new().await;
        world.operator().await.invites(GRACE).await.unwrap();
        world.kit().faults.fail_at(index);
        let outcome = world.works_the_outbox_off().await;
        let (calls, trace) = (world.kit().faults.calls(), world.kit().faults.trace());
        world.kit().faults.none();
        let reached = calls > index;
        let sent = world.links_to(GRACE).len();
        // A mail that is not taken is no fault of the round: the message waits for its next attempt.
        let mail_failed = trace.get(usize::try_from(index).unwrap()) == Some(&"mail");
        assert_eq!(outcome.is_err(), reached && !mail_failed, "call {index} of {trace:?}: {outcome:?}");
        if let Ok(delivered) = &outcome {
            assert_eq!(delivered.sent, sent, "call {index} of {trace:?}");
        }
        for _ in 0..2 {
            world.passes("PT5M");
            world.delivers().await;
        }
        let links = world.links_to(GRACE);
        assert!((1..=2).contains(&links.len()) && links.len() <= sent + 1, "call {index} of {trace:?}: {} letters", links.len());
        let mails = world.mails().into_iter().filter(|mail| mail.to.as_str() == GRACE);
        assert_eq!(mails.map(|mail| mail.id).collect::<std::collections::BTreeSet<_>>().len(), 1);
        for link in &links {
            world.visitor(link).is_welcome().await;
        }
        assert!(world.visitor(&links[0]).registers().await.is_ok());
        if !reached {
            return;
        }
    }
}

// The commit was applied, and its answer was lost.

#[tokio::test]
async fn a_registration_whose_answer_is_lost_is_a_registration() {
    let world = with_invited_grace().await;
    let accounts = world.accounts_opened();
    let flow = async |world: &World| Ok(world.invitee(GRACE).registers().await.map(drop)?);
    loses_its_answer(&world, flow).await;
    world.invitee(GRACE).is_locked_out().await;
    assert_eq!(world.accounts_opened(), accounts + 1);
    assert!(world.logs_in(GRACE, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn an_invitation_whose_answer_is_lost_is_superseded_by_the_next_try() {
    let world = World::met().await;
    loses_its_answer(&world, invites).await;
    invites(&world).await.unwrap();
    one_invitation_is_pending_and_mailed(&world).await;
}

#[tokio::test]
async fn a_link_whose_commit_was_not_answered_is_in_no_mail() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    loses_its_answer(&world, async |world| Ok(world.works_the_outbox_off().await.map(drop)?)).await;
    assert!(world.links_to(GRACE).is_empty());
    world.passes("PT5M");
    assert_eq!(world.delivers().await.len(), 1);
    world.invitee(GRACE).registers().await.unwrap();
    assert_eq!(world.invitation(invitation.id).await.state, InvitationState::Accepted);
}

#[tokio::test]
async fn a_settlement_whose_answer_is_lost_sends_nothing_twice() {
    let world = World::new().await;
    world.operator().await.invites(GRACE).await.unwrap();
    let other = world.clone();
    world.stage().just_before("commit", async move {
        let stage = other.clone();
        other.stage().just_before("commit", async move { stage.stage().lose_the_next_answer() });
    });
    assert!(world.works_the_outbox_off().await.is_err());
    world.passes("P1D");
    assert!(world.delivers().await.is_empty());
    assert_eq!(world.links_to(GRACE).len(), 1);
}

#[tokio::test]
async fn a_login_whose_answer_is_lost_leaves_a_session_that_nobody_can_use() {
    let world = with_grace().await;
    loses_its_answer(&world, async |world| Ok(world.logs_in(GRACE, PASSWORD).await.map(drop)?)).await;
    assert_eq!(world.sessions_started(), 1);
    assert!(world.logs_in(GRACE, PASSWORD).await.is_ok());
}
