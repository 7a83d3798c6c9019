//! One's own profile and settings, and what they change.

use std::collections::BTreeMap;

use identity_core::{
    flow::account::{Edit, EditAccountCommand, EditAccountError, RefusedEdit},
    model::{
        account::{Preferences, Profile},
        audit::{Action, Actor, AuditEvent, PersonalKind, Subject},
        outbox::{
            AccountEmail, AccountMail, DeclaredKind, EmailContent, InvitationEmail, MailKind, NotificationKind, PasswordMail,
        },
        session::{Client, CurrentUser},
    },
    value::{Language, NotificationKey, PersonName, PhoneNumber, ProfileText, TimeZone},
};

use crate::{
    actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, World},
    faults::survives_every_fault,
    visitors::{about, another, completion, mails},
};

async fn with_grace() -> (World, CurrentUser) {
    let world = World::new().await;
    world.hires(GRACE).await;
    let signed_in = world.signed_in(GRACE).await;
    world.posts().await;
    (world, signed_in)
}

fn text(text: &str) -> ProfileText {
    ProfileText::parse(text).unwrap()
}

fn zone(name: &str) -> TimeZone {
    TimeZone::parse(name).unwrap()
}

fn arabic() -> Language {
    Language::parse("ar").unwrap()
}

fn named(first: &str, last: &str) -> EditAccountCommand {
    let name = |text: &str| Some(PersonName::parse(text).unwrap());
    EditAccountCommand { first_name: name(first), last_name: name(last), ..EditAccountCommand::default() }
}

fn switched<const N: usize>(kinds: [(NotificationKey, bool); N]) -> EditAccountCommand {
    EditAccountCommand { notifications: BTreeMap::from(kinds), ..EditAccountCommand::default() }
}

fn whole() -> EditAccountCommand {
    EditAccountCommand {
        phone: Edit::Set("+49 30 123456".to_owned()),
        department: Edit::Set(text("Research")),
        job_title: Edit::Set(text("Rear admiral")),
        language: Edit::Set(arabic()),
        time_zone: Edit::Set(zone("Asia/Dubai")),
        notifications: BTreeMap::from([(NotificationKind::SignIns.key(), false)]),
        client: Client::new("192.0.2.7".parse().ok(), None),
        ..named("Amazing", "Grace")
    }
}

impl World {
    async fn edits(&self, by: &CurrentUser, command: EditAccountCommand) -> Result<(), EditAccountError> {
        self.flows().edit_account.run(by, command).await.map(drop)
    }

    fn edits_recorded(&self) -> Vec<AuditEvent> {
        [Action::ProfileChanged, Action::SettingsChanged].into_iter().flat_map(|action| self.recorded(action)).collect()
    }
}

#[tokio::test]
async fn everything_of_ones_own_is_changed_in_one_commit_and_recorded_by_name() {
    let (world, grace) = with_grace().await;
    let before = world.history().len();
    let answered = world.flows().edit_account.run(&grace, whole()).await.unwrap();
    assert_eq!(world.history().len(), before + 1);
    let kept = world.account(GRACE).await;
    assert_eq!(kept, answered);
    assert_eq!(kept.full_name(), "Amazing Grace");
    let profile = &kept.profile;
    assert_eq!(profile.phone.as_ref().map(PhoneNumber::as_str), Some("+4930123456"));
    assert_eq!((&profile.department, &profile.job_title), (&Some(text("Research")), &Some(text("Rear admiral"))));
    assert_eq!((&kept.language, &kept.preferences.time_zone), (&arabic(), &zone("Asia/Dubai")));
    assert_eq!(kept.preferences.silenced, [NotificationKind::SignIns.key()].into());
    // Nothing else moved.
    assert_eq!((&kept.roles, &kept.email, kept.recovery), (&grace.account.roles, &grace.account.email, grace.account.recovery));
    let events = world.edits_recorded();
    let said = events.iter().map(|event| (event.action, event.actor, event.subject.clone())).collect::<Vec<_>>();
    let entry = |fields: &str| Subject::Entry(fields.to_owned());
    let actor = Actor::Account(kept.id);
    let expected = [
        (Action::ProfileChanged, actor, entry("first_name,last_name,phone,department,job_title")),
        (Action::SettingsChanged, actor, entry("language,time_zone,notifications")),
    ];
    assert_eq!(said, expected);
    let personal = events.iter().flat_map(|event| &event.personal).map(|field| field.kind).collect::<Vec<_>>();
    assert_eq!(personal, [PersonalKind::Network; 2], "an event keeps none of the values");
}

#[tokio::test]
async fn what_is_not_named_stays_and_what_is_cleared_goes() {
    let (world, grace) = with_grace().await;
    world.edits(&grace, whole()).await.unwrap();
    world.edits(&grace, EditAccountCommand { department: Edit::Set(text("Navy")), ..EditAccountCommand::default() }).await.unwrap();
    let kept = world.account(GRACE).await;
    assert_eq!((kept.profile.department, kept.profile.job_title), (Some(text("Navy")), Some(text("Rear admiral"))));
    let cleared = EditAccountCommand {
        phone: Edit::Clear,
        department: Edit::Clear,
        job_title: Edit::Clear,
        language: Edit::Clear,
        time_zone: Edit::Clear,
        ..switched([(NotificationKind::SignIns.key(), true)])
    };
    let grace = world.is_here(world.account(GRACE).await);
    world.edits(&grace, cleared).await.unwrap();
    let kept = world.account(GRACE).await;
    assert_eq!((kept.profile, kept.preferences), (Profile::default(), Preferences::default()));
    assert_eq!(kept.language, Language::english());
    assert_eq!(kept.first_name.as_str(), "Amazing");
}

#[tokio::test]
async fn what_is_so_already_is_not_written() {
    let (world, grace) = with_grace().await;
    world.edits(&grace, whole()).await.unwrap();
    let (before, version) = (world.history().len(), world.account(GRACE).await.version);
    let again = world.signed_in(GRACE).await;
    let logged_in = world.history().len();
    world.edits(&again, whole()).await.unwrap();
    world.edits(&again, EditAccountCommand::default()).await.unwrap();
    assert!(logged_in > before);
    assert_eq!((world.history().len(), world.account(GRACE).await.version), (logged_in, version));
}

#[tokio::test]
async fn everything_that_has_to_be_mended_comes_at_once_and_nothing_is_written() {
    let (world, grace) = with_grace().await;
    let before = world.history().len();
    let waits = NotificationKind::RegistrationWaits.key();
    for phone in ["030 123456", "+", "call me"] {
        let command = EditAccountCommand {
            phone: Edit::Set(phone.to_owned()),
            language: Edit::Set(Language::parse("tlh").unwrap()),
            ..switched([(waits.clone(), false), (NotificationKind::SignIns.key(), false)])
        };
        let refused = world.edits(&grace, command).await;
        let Err(EditAccountError::Refused(refused)) = refused else { panic!("{refused:?}") };
        // Who waits for approval is told to operators: for Grace there is no such kind.
        assert_eq!(refused, RefusedEdit { phone: true, language: true, notifications: vec![waits.clone()], fields: Vec::new() });
    }
    assert_eq!(world.history().len(), before);
}

#[tokio::test]
async fn kinds_that_the_host_declares_are_kept_for_it() {
    let (world, grace) = with_grace().await;
    let news = NotificationKey::parse("news").unwrap();
    let refused = world.edits(&grace, switched([(news.clone(), false)])).await;
    assert!(matches!(refused, Err(EditAccountError::Refused(_))), "{refused:?}");
    let world = world.under(|settings| settings.notifications = vec![DeclaredKind { key: news.clone(), label: None }]);
    world.edits(&grace, switched([(news.clone(), false)])).await.unwrap();
    assert_eq!(world.account(GRACE).await.preferences.silenced, [news].into());
}

#[tokio::test]
async fn rights_that_change_while_a_profile_is_saved_are_neither_lost_nor_in_the_way() {
    let world = World::new().await;
    let carl = world.signed_in(ADMINISTRATOR).await;
    assert!(carl.account.is_company_administrator());
    let other = world.clone();
    world.stage().just_before("commit", async move {
        other.strips(ADMINISTRATOR).await;
    });
    world.edits(&carl, whole()).await.unwrap();
    let kept = world.account(ADMINISTRATOR).await;
    assert!(!kept.is_company_administrator(), "the older rights came back");
    assert_eq!(kept.full_name(), "Amazing Grace");
}

#[tokio::test]
async fn an_account_that_is_disabled_while_its_profile_is_saved_stays_as_it_was() {
    let (world, grace) = with_grace().await;
    let (ada, id) = (world.operator().await, grace.account.id);
    world.stage().just_before("commit", async move {
        ada.disables(id).await.unwrap();
    });
    let refused = world.edits(&grace, whole()).await;
    assert!(matches!(refused, Err(EditAccountError::Conflict)), "{refused:?}");
    assert_eq!(world.account(GRACE).await.full_name(), grace.account.full_name());
    assert!(world.edits_recorded().is_empty());
}

#[tokio::test]
async fn saving_a_profile_survives_every_fault() {
    let prepare = async || {
        let world = World::new().await;
        world.hires(GRACE).await;
        let secret = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
        let signed_in = world.whoami(&secret).await.unwrap();
        world.keeps_signed_in(signed_in);
        world
    };
    let flow = async |world: &World| Ok(world.edits(&world.kept_user(), whole()).await?);
    survives_every_fault(prepare, flow, async |world| {
        assert_eq!(world.account(GRACE).await.full_name(), "Amazing Grace");
        assert_eq!(world.edits_recorded().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_login_in_a_new_browser_is_told_and_one_in_a_known_browser_is_not() {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.posts().await;
    let before = world.news().len();
    let client = || Client::new("192.0.2.7".parse().ok(), Some("Test/1.0"));
    let first = world.tries(GRACE, PASSWORD, (None, client())).await.unwrap();
    let when = world.now();
    world.passes("PT1M");
    world.posts().await;
    let mails = world.news().split_off(before);
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    let EmailContent::Account(AccountEmail::SignedIn { at, client: told, report, .. }) = &mail.content else { panic!("{mail:?}") };
    assert_eq!((mail.to.as_str(), *at, told), (GRACE, when, &client()));
    assert!(world.tries(GRACE, PASSWORD, (first.device.as_ref(), client())).await.unwrap().device.is_none());
    world.tries(GRACE, "Wrong-password-1", (None, client())).await.unwrap_err();
    world.posts().await;
    assert_eq!(world.news().len(), before + 1);
    // "This wasn't me" ends the password, and every session.
    world.reports(report).await.unwrap();
    assert!(world.session(&first.secret).await.is_none());
    assert!(world.guesses(GRACE, PASSWORD).await.is_err());
}

#[tokio::test]
async fn the_first_login_of_the_browser_that_registered_is_no_news_and_that_of_another_one_is() {
    for approval in [false, true] {
        let world = World::met().await.under(|settings| settings.registration.approval = approval);
        let by_invitation = world.invited(GRACE).await.1.registers_in_a_browser(PASSWORD).await.unwrap().device;
        let link = world.signed_up("hedy@example.net").await.1.link.unwrap();
        let by_sign_up = world.completes_in_a_browser(completion(&link)).await.unwrap().device;
        if approval {
            let ada = world.operator().await;
            for waiting in ada.sees_waiting().await {
                ada.approves(waiting.id).await.unwrap();
            }
        }
        world.posts().await;
        world.passes("PT1M");
        for (email, device) in [(GRACE, by_invitation), ("hedy@example.net", by_sign_up)] {
            let before = world.news().len();
            let own = world.tries(email, PASSWORD, (Some(&device), Client::default())).await.unwrap();
            assert!(own.device.is_none(), "it is known by what it keeps");
            world.posts().await;
            assert_eq!(world.news().len(), before, "{email}");
            world.guesses(email, PASSWORD).await.unwrap();
            world.posts().await;
            let told = world.news().split_off(before);
            assert!(matches!(told.as_slice(), [mail] if about(mail) == "signed in"), "{told:?}");
        }
    }
}

#[tokio::test]
async fn a_person_who_logs_out_at_once_does_not_keep_the_mail_back() {
    let (world, grace) = with_grace().await;
    let before = world.news().len();
    let thief = world.signed_in(GRACE).await;
    world.flows().log_out.run(&thief).await.unwrap();
    world.posts().await;
    let EmailContent::Account(AccountEmail::SignedIn { client, .. }) = &world.news()[before].content else {
        panic!("another mail")
    };
    assert_eq!(client, &Client::default());
    assert_eq!(world.news()[before].to, grace.account.email);
}

#[tokio::test]
async fn logins_without_end_fill_no_mailbox() {
    let (world, _) = with_grace().await;
    let before = world.news().len();
    for _ in 0..30 {
        world.guesses(GRACE, PASSWORD).await.unwrap();
        world.posts().await;
    }
    assert!(world.news().len() - before < 10, "{}", world.news().len() - before);
}

#[tokio::test]
async fn inviters_are_told_who_accepted() {
    let world = World::new().await;
    let before = world.news().len();
    world.hires(GRACE).await;
    let mails = world.news().split_off(before);
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    let EmailContent::Invitation(InvitationEmail::Accepted { name, address, .. }) = &mail.content else { panic!("{mail:?}") };
    let grace = world.account(GRACE).await;
    assert_eq!((mail.to.as_str(), name, address), (OPERATOR, &grace.full_name(), &grace.email));
}

#[tokio::test]
async fn what_was_switched_off_is_dropped_when_it_is_to_be_sent() {
    let (world, _) = with_grace().await;
    let ada = world.signed_in(OPERATOR).await;
    world.posts().await;
    let before = world.news().len();
    // Both are queued before anything is switched off.
    let visitor = world.invited("dora@example.org").await.1;
    assert_eq!(world.news().len(), before);
    visitor.registers_with(PASSWORD).await.unwrap();
    let queued = world.signed_in(GRACE).await;
    world.edits(&queued, switched([(NotificationKind::SignIns.key(), false)])).await.unwrap();
    world.edits(&ada, switched([(NotificationKind::InvitationAccepted.key(), false)])).await.unwrap();
    world.posts().await;
    assert_eq!(world.news().len(), before);
    // What keeps the account safe cannot be switched off.
    let signed_in = world.signed_in(GRACE).await;
    world.changes_password_of(&signed_in, PASSWORD, &another(1)).await.unwrap();
    assert_eq!(world.posts().await, mails([(GRACE, "password changed")]));
}

#[test]
fn messages_that_keep_accounts_safe_are_of_no_kind() {
    let account = identity_core::value::AccountId::from_uuid(uuid::Uuid::nil());
    for kind in [
        MailKind::Password(PasswordMail::Changed { account }),
        MailKind::Account(AccountMail::SecurityQuestionsChanged { account }),
        MailKind::Password(PasswordMail::ChangeRequired { account }),
        MailKind::Password(PasswordMail::Temporary { account }),
        MailKind::Password(PasswordMail::AccessReported { account }),
        MailKind::Password(PasswordMail::RecoveryRequested),
    ] {
        assert_eq!(kind.notification(), None, "{kind:?}");
    }
    assert_eq!(NotificationKind::ALL.map(|kind| kind.key().to_string()), ["sign_ins", "invitation_accepted", "registration_waits"]);
}

#[tokio::test]
async fn mails_are_written_as_the_reader_wants_them_when_they_are_sent() {
    let (world, grace) = with_grace().await;
    world.changes_password_of(&grace, PASSWORD, &another(1)).await.unwrap();
    let fresh = world.is_here(world.account(GRACE).await);
    world.edits(&fresh, whole()).await.unwrap();
    world.posts().await;
    let mail = world.mails().pop().unwrap();
    assert_eq!((mail.language, mail.time_zone), (arabic(), zone("Asia/Dubai")));
    world.passes("PT1M");
    world.signed_up("hedy@example.net").await;
    let mail = world.mails().pop().unwrap();
    assert_eq!(mail.time_zone, TimeZone::default(), "strangers are written to in UTC");
}
