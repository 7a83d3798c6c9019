//! Every flow over one set of ports, for hosts that want them all.

use std::sync::Arc;

use crate::{
    flow::{
        access::ManageAccess,
        account::{AccountSecurity, DisableAccount, EditAccount, ListAccounts, ManagePicture},
        audit::ListOwnEvents,
        bootstrap::{FirstOperator, Prepare, SweepLapsed},
        company::ManageCompanies,
        email_change::{ConfirmEmailChange, PendingEmailChange, RequestEmailChange, UndoEmailChange},
        invitation::{
            Accept, AcceptAccess, ChangeExpiry, Decline, Invite, ListInvitations, PreviewInvitation, RequestRenewal, Resend, Revoke,
        },
        onboarding::ManageOnboarding,
        outbox::DeliverOutbox,
        password::{AssessPassword, ChangePassword},
        privacy::{DeleteAccount, EraseAccounts, ExportOwnData},
        question::{ListSecurityQuestions, SetSecurityAnswers},
        recovery::{PreviewRecovery, ReportAccess, RequestRecovery, ResetForSomebody, ResetPassword},
        registration::{CompleteRegistration, DecideRegistration, PreviewRegistration, Register, ResendActivation, VerifyCode},
        session::{CheckSession, LogIn, LogOut, ManageSessions, Reauthenticate},
        terms::{AcceptTerms, PublishTerms},
    },
    model::Settings,
    port::Ports,
};

/// Every flow. Each can be had by itself through its own `new`.
pub struct Flows {
    /// Accepts an invitation.
    pub accept: Accept,
    /// Judges a password.
    pub assess_password: AssessPassword,
    /// Defines roles and subscriptions.
    pub access: ManageAccess,
    /// Moves the end of an invitation.
    pub change_expiry: ChangeExpiry,
    /// Finds out who is signed in.
    pub check_session: CheckSession,
    /// Opens and renames companies.
    pub companies: ManageCompanies,
    /// Declines an invitation.
    pub decline: Decline,
    /// Works the outbox off.
    pub deliver: DeliverOutbox,
    /// Issues an invitation.
    pub invite: Invite,
    /// Looks invitations up.
    pub list_invitations: ListInvitations,
    /// Signs in.
    pub log_in: LogIn,
    /// Signs out.
    pub log_out: LogOut,
    /// Lays an installation's foundation.
    pub prepare: Prepare,
    /// Shows what a link offers.
    pub preview: PreviewInvitation,
    /// Asks for a new invitation.
    pub request_renewal: RequestRenewal,
    /// Sends an invitation again.
    pub resend: Resend,
    /// Takes an invitation back.
    pub revoke: Revoke,
    /// Makes the first operator's link.
    pub first_operator: FirstOperator,
    /// Takes away what has lapsed.
    pub sweep_lapsed: SweepLapsed,
    /// Disables and enables accounts.
    pub disable_account: DisableAccount,
    /// Publishes and shows terms.
    pub terms: PublishTerms,
    /// Changes one's own password.
    pub change_password: ChangePassword,
    /// Completes a registration.
    pub complete_registration: CompleteRegistration,
    /// Lets people in who wait for approval, or not.
    pub decide_registration: DecideRegistration,
    /// Looks accounts up.
    pub list_accounts: ListAccounts,
    /// Shows what a link to a new password opens.
    pub preview_recovery: PreviewRecovery,
    /// Shows what an activation link offers.
    pub preview_registration: PreviewRegistration,
    /// Requires a new password, ends sessions, lets an address try again.
    pub account_security: AccountSecurity,
    /// Signs somebody up.
    pub register: Register,
    /// Takes "this wasn't me".
    pub report_access: ReportAccess,
    /// Asks for a link to a new password.
    pub request_recovery: RequestRecovery,
    /// Asks for the activation mail again.
    pub resend_activation: ResendActivation,
    /// Resets a password for somebody.
    pub reset_for_somebody: ResetForSomebody,
    /// Sets a new password by a mailed link.
    pub reset_password: ResetPassword,
    /// Exchanges a code for an activation link.
    pub verify_code: VerifyCode,
    /// Accepts an invitation with an account that is there.
    pub accept_access: AcceptAccess,
    /// Accepts the terms in force.
    pub accept_terms: AcceptTerms,
    /// Lists and ends one's own sessions.
    pub sessions: ManageSessions,
    /// Takes the password again.
    pub reauthenticate: Reauthenticate,
    /// Lists the security events of one's own account.
    pub own_events: ListOwnEvents,
    /// Asks for another address.
    pub request_email_change: RequestEmailChange,
    /// Shows and takes back the change of address that waits.
    pub pending_email_change: PendingEmailChange,
    /// Confirms a change of address.
    pub confirm_email_change: ConfirmEmailChange,
    /// Undoes a change of address.
    pub undo_email_change: UndoEmailChange,
    /// Sets and shows the picture of a person.
    pub picture: ManagePicture,
    /// Changes one's own profile and settings.
    pub edit_account: EditAccount,
    /// Leads newcomers through the onboarding.
    pub onboarding: ManageOnboarding,
    /// Lists which security questions a person has answered.
    pub security_questions: ListSecurityQuestions,
    /// Sets the answers to security questions.
    pub set_security_answers: SetSecurityAnswers,
    /// Collects one's own data.
    pub export_own_data: ExportOwnData,
    /// Asks for the deletion of one's own account, and takes that back.
    pub delete_account: DeleteAccount,
    /// Erases the accounts whose time has come.
    pub erase_accounts: EraseAccounts,
}

impl Flows {
    /// All flows over these ports.
    #[must_use]
    pub fn new(ports: &Ports, settings: &Arc<Settings>) -> Self {
        let (ports, settings) = (|| ports.clone(), || settings.clone());
        Self {
            accept: Accept::new(ports(), settings()),
            assess_password: AssessPassword::new(ports(), settings()),
            access: ManageAccess::new(ports()),
            change_expiry: ChangeExpiry::new(ports(), settings()),
            check_session: CheckSession::new(ports(), settings()),
            companies: ManageCompanies::new(ports()),
            decline: Decline::new(ports()),
            deliver: DeliverOutbox::new(ports(), settings()),
            invite: Invite::new(ports(), settings()),
            list_invitations: ListInvitations::new(ports()),
            log_in: LogIn::new(ports(), settings()),
            log_out: LogOut::new(ports()),
            prepare: Prepare::new(ports()),
            preview: PreviewInvitation::new(ports()),
            request_renewal: RequestRenewal::new(ports()),
            resend: Resend::new(ports(), settings()),
            revoke: Revoke::new(ports()),
            first_operator: FirstOperator::new(ports(), settings()),
            sweep_lapsed: SweepLapsed::new(ports(), settings()),
            disable_account: DisableAccount::new(ports()),
            terms: PublishTerms::new(ports(), settings()),
            change_password: ChangePassword::new(ports(), settings()),
            complete_registration: CompleteRegistration::new(ports(), settings()),
            decide_registration: DecideRegistration::new(ports()),
            list_accounts: ListAccounts::new(ports()),
            preview_recovery: PreviewRecovery::new(ports(), settings()),
            preview_registration: PreviewRegistration::new(ports(), settings()),
            account_security: AccountSecurity::new(ports()),
            register: Register::new(ports(), settings()),
            report_access: ReportAccess::new(ports(), settings()),
            request_recovery: RequestRecovery::new(ports(), settings()),
            resend_activation: ResendActivation::new(ports(), settings()),
            reset_for_somebody: ResetForSomebody::new(ports(), settings()),
            reset_password: ResetPassword::new(ports(), settings()),
            verify_code: VerifyCode::new(ports(), settings()),
            accept_access: AcceptAccess::new(ports(), settings()),
            accept_terms: AcceptTerms::new(ports()),
            sessions: ManageSessions::new(ports(), settings()),
            reauthenticate: Reauthenticate::new(ports(), settings()),
            own_events: ListOwnEvents::new(ports()),
            request_email_change: RequestEmailChange::new(ports(), settings()),
            pending_email_change: PendingEmailChange::new(ports()),
            confirm_email_change: ConfirmEmailChange::new(ports(), settings()),
            undo_email_change: UndoEmailChange::new(ports(), settings()),
            picture: ManagePicture::new(ports(), settings()),
            edit_account: EditAccount::new(ports(), settings()),
            onboarding: ManageOnboarding::new(ports(), settings()),
            security_questions: ListSecurityQuestions::new(ports(), settings()),
            set_security_answers: SetSecurityAnswers::new(ports(), settings()),
            export_own_data: ExportOwnData::new(ports(), settings()),
            delete_account: DeleteAccount::new(ports(), settings()),
            erase_accounts: EraseAccounts::new(ports()),
        }
    }
}
