//! Every flow over one set of ports, for hosts that want them all.

use std::sync::Arc;

use crate::{
    access::ManageCatalogue,
    account::SwitchAccount,
    company::ManageCompanies,
    installation::{Prepare, SetUp, SweepLapsed},
    invitation::{Accept, ChangeExpiry, Decline, Invite, ListInvitations, PreviewInvitation, RequestRenewal, Resend, Revoke},
    notice::DeliverNotices,
    password::AssessPassword,
    port::Ports,
    session::{CheckSession, LogIn, LogOut},
    settings::Settings,
    terms::PublishTerms,
};

/// Every flow. Each can be had by itself through its own `new`.
pub struct Flows {
    /// Accepts an invitation.
    pub accept: Accept,
    /// Judges a password.
    pub assess_password: AssessPassword,
    /// Defines roles and subscriptions.
    pub catalogue: ManageCatalogue,
    /// Moves the end of an invitation.
    pub change_expiry: ChangeExpiry,
    /// Finds out who is signed in.
    pub check_session: CheckSession,
    /// Opens and renames companies.
    pub companies: ManageCompanies,
    /// Declines an invitation.
    pub decline: Decline,
    /// Works the outbox off.
    pub deliver: DeliverNotices,
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
    pub set_up: SetUp,
    /// Takes away what has lapsed.
    pub sweep_lapsed: SweepLapsed,
    /// Disables and enables accounts.
    pub switch_account: SwitchAccount,
    /// Publishes and shows terms.
    pub terms: PublishTerms,
}

impl Flows {
    /// All flows over these ports.
    #[must_use]
    pub fn new(ports: &Ports, settings: &Arc<Settings>) -> Self {
        let (ports, settings) = (|| ports.clone(), || settings.clone());
        Self {
            accept: Accept::new(ports(), settings()),
            assess_password: AssessPassword::new(ports(), settings()),
            catalogue: ManageCatalogue::new(ports()),
            change_expiry: ChangeExpiry::new(ports(), settings()),
            check_session: CheckSession::new(ports()),
            companies: ManageCompanies::new(ports()),
            decline: Decline::new(ports()),
            deliver: DeliverNotices::new(ports(), settings().delivery),
            invite: Invite::new(ports(), settings()),
            list_invitations: ListInvitations::new(ports()),
            log_in: LogIn::new(ports(), settings()),
            log_out: LogOut::new(ports()),
            prepare: Prepare::new(ports()),
            preview: PreviewInvitation::new(ports()),
            request_renewal: RequestRenewal::new(ports()),
            resend: Resend::new(ports()),
            revoke: Revoke::new(ports()),
            set_up: SetUp::new(ports(), settings()),
            sweep_lapsed: SweepLapsed::new(ports()),
            switch_account: SwitchAccount::new(ports()),
            terms: PublishTerms::new(ports(), settings()),
        }
    }
}
