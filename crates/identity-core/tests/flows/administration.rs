//! Who may do what, and what becomes of it when they may no longer.

use identity_core::{
    flow::{
        access::{AccessError, DefineEntry},
        account::AdministrationError,
        company::{CompanyCommand, CompanyError},
        invitation::{AcceptError, InviteError, ManageError},
    },
    model::{
        access::{GrantableBy, Operator},
        audit::Action,
    },
    value::{CompanyName, RoleKey},
};

use crate::actors::{ADMINISTRATOR, Admin, GRACE, OPERATOR, PASSWORD, Wanted, World, entry_command, role, seconds};

#[tokio::test]
async fn a_company_administrator_grants_only_what_administrators_may() {
    let world = World::new().await;
    let carl = world.administrator().await;
    let before = world.history().len();
    for key in ["operator", "auditor"] {
        let refused = carl.invites(Wanted::new(GRACE).role("editor").role(key)).await;
        assert!(matches!(&refused, Err(InviteError::Roles(keys)) if *keys == [role(key)]), "{refused:?}");
    }
    let refused = carl.invites(Wanted::new(GRACE).subscription("press").subscription("news")).await;
    assert!(matches!(&refused, Err(InviteError::Subscriptions(keys)) if keys.len() == 1), "{refused:?}");
    assert_eq!(world.history().len(), before);
    let wanted = Wanted::new(GRACE).role("editor").role("company_administrator").subscription("news");
    assert!(carl.invites(wanted).await.is_ok());
}

#[tokio::test]
async fn a_company_administrator_invites_into_no_other_company_and_learns_nothing_of_it() {
    let world = World::new().await;
    let other = world.operator().await.opens_company("Other").await;
    world.hires(Wanted::new("olga@example.net").company(other.id)).await;
    let carl = world.administrator().await;
    let refused = carl.invites(Wanted::new(GRACE).company(other.id)).await;
    assert!(matches!(refused, Err(InviteError::UnknownCompany)), "{refused:?}");
    // Whether Olga has an account is not Carl's to know: his invitation is issued like any other.
    assert!(carl.invites("olga@example.net").await.is_ok());
}

#[tokio::test]
async fn a_company_administrator_neither_sees_nor_touches_other_companies_invitations() {
    let world = World::new().await;
    let ada = world.operator().await;
    let other = ada.opens_company("Other").await;
    world.passes("PT1S");
    let theirs = ada.invites(Wanted::new("theirs@example.net").company(other.id)).await.unwrap();
    world.passes("PT1S");
    let ours = ada.invites("ours@example.net").await.unwrap();
    let carl = world.administrator().await;
    assert_eq!(carl.lists(None).await, ["ours@example.net", ADMINISTRATOR]);
    assert_eq!(ada.lists(None).await, ["ours@example.net", "theirs@example.net", ADMINISTRATOR]);
    assert!(carl.sees(theirs.id).await.is_none() && carl.sees(ours.id).await.is_some());
    let before = world.history().len();
    let end = world.now() + seconds("P1D");
    for refused in [carl.resends(theirs.id).await, carl.revokes(theirs.id).await, carl.moves_the_end(theirs.id, end).await] {
        assert!(matches!(refused, Err(ManageError::NotFound)), "{refused:?}");
    }
    assert_eq!(world.history().len(), before);
}

#[tokio::test]
async fn the_set_up_is_in_no_list_and_nobody_administers_it() {
    let world = World::new().await;
    let ada = world.operator().await;
    let first_operator = identity_core::model::invitation::Invitation::SET_UP;
    assert!(ada.sees(first_operator).await.is_none());
    for refused in [ada.resends(first_operator).await, ada.revokes(first_operator).await] {
        assert!(matches!(refused, Err(ManageError::NotFound)), "{refused:?}");
    }
}

#[tokio::test]
async fn an_inviter_who_is_disabled_or_demoted_before_the_invitee_registers_lets_nobody_in() {
    for demoted in [false, true] {
        let world = World::new().await;
        let carl = world.administrator().await;
        carl.invites(Wanted::new(GRACE).role("editor")).await.unwrap();
        world.delivers().await;
        if demoted {
            world.strips(ADMINISTRATOR).await;
        } else {
            world.operator().await.disables(carl.account().id).await.unwrap();
        }
        world.invitee(GRACE).is_locked_out().await;
    }
}

#[tokio::test]
async fn an_inviter_who_is_disabled_or_demoted_while_the_invitee_registers_lets_nobody_in() {
    for demoted in [false, true] {
        let world = World::new().await;
        let carl = world.administrator().await;
        carl.invites(GRACE).await.unwrap();
        world.delivers().await;
        let (other, ada) = (world.clone(), world.operator().await);
        world.stage().just_before("commit", async move {
            if demoted {
                other.strips(ADMINISTRATOR).await;
            } else {
                ada.disables(carl.account().id).await.unwrap();
            }
        });
        let refused = world.invitee(GRACE).registers().await;
        assert!(matches!(refused, Err(AcceptError::DeadLink)), "{refused:?}");
        assert!(world.find_account(GRACE).await.is_none());
    }
}

#[tokio::test]
async fn an_inviter_who_may_no_longer_grant_a_role_lets_nobody_in_with_it() {
    let world = World::new().await;
    world.administrator().await.invites(Wanted::new(GRACE).role("editor")).await.unwrap();
    world.delivers().await;
    let grace = world.invitee(GRACE);
    grace.is_welcome().await;
    world.operator().await.reserves_role("editor").await;
    grace.is_locked_out().await;
}

#[tokio::test]
async fn what_is_reserved_while_an_invitation_with_it_is_decided_is_not_granted() {
    // Inviting, sending again, and registering: each decides over the roles that its commit requires.
    for act in ["invite", "resend", "register"] {
        let world = World::new().await;
        let (carl, ada) = (world.administrator().await, world.operator().await);
        let wanted = || Wanted::new(GRACE).role("editor").subscription("news");
        let reserves = |ada: Admin| async move { ada.reserves_role("editor").await };
        if act == "invite" {
            world.stage().just_before("commit", reserves(ada));
            let refused = carl.invites(wanted()).await;
            assert!(matches!(&refused, Err(InviteError::Roles(roles)) if *roles == [role("editor")]), "{refused:?}");
            continue;
        }
        let invitation = carl.invites(wanted()).await.unwrap();
        world.delivers().await;
        world.stage().just_before("commit", reserves(ada));
        if act == "resend" {
            let refused = carl.resends(invitation.id).await;
            assert!(matches!(refused, Err(ManageError::Conflict)), "{refused:?}");
        } else {
            let refused = world.invitee(GRACE).registers().await;
            assert!(matches!(refused, Err(AcceptError::DeadLink)), "{refused:?}");
            assert!(world.find_account(GRACE).await.is_none());
        }
    }
}

#[tokio::test]
async fn a_role_that_is_only_renamed_while_the_invitee_registers_is_granted() {
    let world = World::new().await;
    world.administrator().await.invites(Wanted::new(GRACE).role("editor")).await.unwrap();
    world.delivers().await;
    let ada = world.operator().await;
    world.stage().just_before("commit", async move { ada.renames_role("editor").await });
    assert!(world.invitee(GRACE).registers().await.unwrap().roles.contains(&role("editor")));
}

#[tokio::test]
async fn two_operators_who_revise_one_entry_do_not_overwrite_each_other() {
    let world = World::new().await;
    let (one, other) = (world.operator().await, world.operator().await);
    world.stage().just_before("commit", async move { other.reserves_role("editor").await });
    let refused = one.tries_to_rename_role("editor").await;
    assert!(matches!(refused, Err(AccessError::Conflict)), "{refused:?}");
}

#[tokio::test]
async fn an_operator_who_became_a_company_administrator_grants_no_more_than_one() {
    let world = World::new().await;
    world.hires(Wanted::new("olga@example.org").role("operator").role("company_administrator")).await;
    world.acting("olga@example.org").await.invites(Wanted::new(GRACE).role("auditor")).await.unwrap();
    world.delivers().await;
    world.keeps_only(["company_administrator"], "olga@example.org").await;
    world.invitee(GRACE).is_locked_out().await;
}

#[tokio::test]
async fn a_person_who_was_disabled_or_demoted_a_moment_ago_cannot_act_any_more() {
    for demoted in [false, true] {
        let world = World::new().await;
        let carl = world.administrator().await;
        let (invitation, _) = world.invited(GRACE).await;
        if demoted {
            world.strips(ADMINISTRATOR).await;
        } else {
            world.operator().await.disables(carl.account().id).await.unwrap();
        }
        let before = world.history().len();
        let refused = carl.invites("hedy@example.org").await;
        assert!(matches!(refused, Err(InviteError::Conflict)), "{refused:?}");
        let end = world.now() + seconds("P1D");
        for refused in
            [carl.resends(invitation.id).await, carl.revokes(invitation.id).await, carl.moves_the_end(invitation.id, end).await]
        {
            assert!(matches!(refused, Err(ManageError::Conflict)), "{refused:?}");
        }
        let colleague = world.account(OPERATOR).await.company;
        let renamed = CompanyCommand::Rename(colleague, CompanyName::parse("Mine").unwrap());
        let refused = world.flows().companies.run(carl.proof(), renamed).await;
        assert!(matches!(refused, Err(CompanyError::Conflict)), "{refused:?}");
        assert_eq!(world.history().len(), before);
        assert!(world.delivers().await.is_empty());
    }
}

#[tokio::test]
async fn a_person_who_resends_an_invitation_answers_for_it() {
    let world = World::new().await;
    let carl = world.administrator().await;
    let invitation = carl.invites(GRACE).await.unwrap();
    world.delivers().await;
    world.operator().await.disables(carl.account().id).await.unwrap();
    world.invitee(GRACE).is_locked_out().await;
    let adopted = world.operator().await.resends(invitation.id).await.unwrap();
    assert_eq!(adopted.inviter, Some(world.account(OPERATOR).await.id));
    world.delivers().await;
    assert_eq!(world.invitee(GRACE).looks().await.unwrap().inviter.as_deref(), Some("Ada Byron"));
    assert!(world.invitee(GRACE).registers().await.is_ok());
}

#[tokio::test]
async fn an_administrator_cannot_adopt_what_he_could_not_grant() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(Wanted::new(GRACE).role("auditor")).await;
    let refused = world.administrator().await.resends(invitation.id).await;
    assert!(matches!(refused, Err(ManageError::CannotGrant)), "{refused:?}");
    grace.is_welcome().await;
}

#[tokio::test]
async fn nothing_can_be_done_with_an_invitation_that_is_over() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    grace.registers().await.unwrap();
    let ada = world.operator().await;
    let end = world.now() + seconds("P1D");
    for refused in [ada.resends(invitation.id).await, ada.revokes(invitation.id).await, ada.moves_the_end(invitation.id, end).await]
    {
        assert!(matches!(refused, Err(ManageError::NotPending(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn nobody_disables_the_account_they_act_with() {
    let world = World::new().await;
    for admin in [world.operator().await, world.administrator().await] {
        let refused = admin.disables(admin.account().id).await;
        assert!(matches!(refused, Err(AdministrationError::OwnAccount)), "{refused:?}");
    }
}

#[tokio::test]
async fn of_two_operators_who_disable_each_other_at_once_one_stays() {
    let world = World::new().await;
    let olga = world.hires(Wanted::new("olga@example.org").role("operator")).await;
    let (ada, other) = (world.operator().await, world.acting("olga@example.org").await);
    let first = ada.account().id;
    world.stage().just_before("commit", async move {
        other.disables(first).await.unwrap();
    });
    let refused = ada.disables(olga.id).await;
    assert!(matches!(refused, Err(AdministrationError::Conflict)), "{refused:?}");
    assert!(world.store().first_account_with_role(&RoleKey::operator(), None).await.unwrap().is_some());
}

#[tokio::test]
async fn a_company_administrator_switches_colleagues_but_no_operator_and_no_stranger() {
    let world = World::new().await;
    let (ada, carl) = (world.operator().await, world.administrator().await);
    let other = ada.opens_company("Other").await;
    let stranger = world.hires(Wanted::new("olga@example.net").company(other.id)).await;
    let colleague = world.hires(GRACE).await;
    let refused = carl.disables(ada.account().id).await;
    assert!(matches!(refused, Err(AdministrationError::NotAllowed)), "{refused:?}");
    let refused = carl.disables(stranger.id).await;
    assert!(matches!(refused, Err(AdministrationError::NotFound)), "{refused:?}");
    carl.disables(colleague.id).await.unwrap();
    assert!(world.logs_in(GRACE, PASSWORD).await.is_err());
    carl.disables(colleague.id).await.unwrap();
    carl.enables(colleague.id).await.unwrap();
    assert!(world.logs_in(GRACE, PASSWORD).await.is_ok());
    assert_eq!((world.recorded(Action::AccountDisabled).len(), world.recorded(Action::AccountEnabled).len()), (1, 1));
}

#[tokio::test]
async fn only_operators_open_companies_and_run_the_installation() {
    let world = World::new().await;
    let carl = world.administrator().await;
    let opened = CompanyCommand::Open(CompanyName::parse("Mine").unwrap());
    let refused = world.flows().companies.run(carl.proof(), opened).await;
    assert!(matches!(refused, Err(CompanyError::NotAllowed)), "{refused:?}");
    assert!(Operator::of(&world.is_here(carl.account().clone())).is_none());
    let own = world.flows().companies.list(carl.proof(), None, 200).await.unwrap();
    world.operator().await.opens_company("Other").await;
    assert_eq!(world.flows().companies.list(carl.proof(), None, 200).await.unwrap(), own);
}

#[tokio::test]
async fn who_may_grant_the_built_in_roles_cannot_be_changed() {
    let world = World::new().await;
    let operator = world.operator().await.as_operator();
    let lowered = entry_command(DefineEntry::Role(RoleKey::operator()), GrantableBy::Administrator);
    let refused = world.flows().access.revise(&operator, lowered.clone()).await;
    assert!(matches!(refused, Err(AccessError::BuiltIn)), "{refused:?}");
    let refused = world.flows().access.define(&operator, lowered).await;
    assert!(matches!(refused, Err(AccessError::KeyTaken)), "{refused:?}");
    let absent = entry_command(DefineEntry::Role(role("absent")), GrantableBy::Operator);
    let refused = world.flows().access.revise(&operator, absent).await;
    assert!(matches!(refused, Err(AccessError::NotFound)), "{refused:?}");
}
