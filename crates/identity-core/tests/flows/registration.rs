//! Signing up by oneself, from the form to the account.

use std::collections::BTreeSet;

use identity_core::{
    change::{Change, CompanyChange, LinkChange, TermsChange},
    flow::{
        invitation::AcceptError,
        registration::{CompleteCommand, CompleteError, PreviewRegistrationError, RegisterCommand, RegisterError},
        submission::Refusal,
    },
    model::{
        Settings,
        audit::{Action, Actor, PersonalKind, Subject},
        link::Token,
        outbox::{EmailContent, RegistrationEmail},
        password::RuleId,
        registration::{AddressVerification, NotAdmitted, RegistrationMode, RegistrationState},
        terms::text_hash,
    },
    value::{CompanyName, CountryCode, Language, PersonName, RoleKey, TokenSecret},
};
use tokio::task::JoinSet;

use crate::{
    actors::{GRACE, OPERATOR, PASSWORD, World, address, role, seconds},
    visitors::{about, candidate, completion, mails, opened, sign_up, sign_up_as},
};

const HEDY: &str = "hedy@example.net";

fn only(domain: &str) -> RegistrationMode {
    RegistrationMode::Domains(BTreeSet::from([domain.to_owned()]))
}

/// Settings under which an address may no longer sign up, with the reason; each is one of the ways to be refused.
type Turn = (NotAdmitted, &'static str, fn(&mut Settings));

const REFUSALS: [Turn; 3] = [
    (NotAdmitted::Closed, HEDY, |settings| settings.registration.mode = RegistrationMode::Closed),
    (NotAdmitted::Domain, HEDY, |settings| settings.registration.mode = only("example.org")),
    (NotAdmitted::Disposable, "hedy@disposable.example", |settings| settings.registration.refuse_disposable = true),
];

async fn lenient() -> World {
    World::new().await.under(|settings| settings.registration.refuse_disposable = false)
}

#[tokio::test]
async fn the_whole_way_from_a_sign_up_to_a_login() {
    let world = World::new().await;
    let command = RegisterCommand { language: Some(Language::parse("ar").unwrap()), ..sign_up(HEDY) };
    let flow = world.signs_up_as(command).await.unwrap();
    assert!(world.find_account(HEDY).await.is_none(), "a person who typed an address has no account by that");

    let mail = world.delivers().await.pop().expect("a mail");
    assert_eq!((mail.to.as_str(), mail.language.as_str(), about(&mail)), (HEDY, "ar", "activation"));
    let mail = world.activation_to(HEDY);
    assert!(mail.link.is_some() && mail.code.is_some(), "either proves the address");

    let link = mail.link.unwrap();
    let page = world.looks_at_registration(&link).await.unwrap();
    assert_eq!((page.registration.email.as_str(), page.terms.number, page.approval), (HEDY, 1, false));
    assert_eq!(page.registration.full_name(), "Grace Hopper");
    assert_eq!((page.registration.company_name.as_str(), page.registration.country.as_str()), ("Navy", "US"));

    let account = opened(world.completes(&link).await.unwrap());
    assert_eq!(account, world.account(HEDY).await, "the answer is what is kept");
    assert_eq!(account.roles, BTreeSet::from([RoleKey::company_administrator()]));
    assert!(account.subscriptions.is_empty() && account.required_actions.is_empty());
    assert_eq!(world.store().company(account.company).await.unwrap().unwrap().name.as_str(), "Navy");
    let registration = world.registration_of(&flow).await;
    assert_eq!((registration.state, registration.account), (RegistrationState::Completed, Some(account.id)));

    let signed_in = world.logs_in("HEDY@example.net", PASSWORD).await.unwrap();
    assert_eq!(world.whoami(&signed_in.secret).await.unwrap().account.id, account.id);
}

#[tokio::test]
async fn an_address_that_may_not_sign_up_is_refused_at_once_and_nothing_is_kept_of_it() {
    for (reason, email, turn) in REFUSALS {
        let world = lenient().await.under(turn);
        let before = world.stage().committed().len();
        for refused in [world.signs_up(email).await.map(drop), world.asks_again_for(email).await] {
            assert!(matches!(&refused, Err(RegisterError::NotAdmitted(why)) if *why == reason), "{reason:?}: {refused:?}");
        }
        assert_eq!(world.stage().committed().len(), before);
        assert!(world.posts().await.is_empty());
    }
}

#[tokio::test]
async fn only_addresses_at_the_listed_domains_sign_up_and_a_sub_domain_is_another() {
    let world = World::new().await.under(|settings| settings.registration.mode = only("example.net"));
    assert!(world.signs_up("Hedy@EXAMPLE.net").await.is_ok());
    for email in ["hedy@mail.example.net", "hedy@example.net.evil.example", "hedy@badexample.net"] {
        let refused = world.signs_up(email).await;
        assert!(matches!(refused, Err(RegisterError::NotAdmitted(NotAdmitted::Domain))), "{email}: {refused:?}");
    }
}

#[tokio::test]
async fn a_person_who_signed_up_before_the_door_was_closed_gets_no_mail_for_it_any_more() {
    for (reason, email, turn) in REFUSALS {
        let world = lenient().await;
        let flow = world.signs_up(email).await.unwrap();
        world.asks_again_for(email).await.unwrap();
        let closed = world.under(turn);
        for refused in [closed.asks_again_by(&flow).await, closed.asks_again_for(email).await] {
            assert!(matches!(&refused, Err(RegisterError::NotAdmitted(why)) if *why == reason), "{reason:?}: {refused:?}");
        }
        assert!(closed.posts().await.is_empty(), "{reason:?}");
    }
}

#[tokio::test]
async fn an_old_link_and_an_old_code_open_nothing_once_the_door_is_closed() {
    for (_, email, turn) in REFUSALS {
        let world = lenient().await;
        let (flow, mail) = world.signed_up(email).await;
        let link = mail.link.unwrap();
        let closed = world.under(turn);
        closed.activates_nothing(&link).await;
        if let Ok(by_code) = closed.types(&flow, &mail.code.unwrap()).await {
            closed.activates_nothing(&by_code).await;
        }
        assert!(world.completes(&link).await.is_ok(), "opened again, the link works as before");
    }
}

#[tokio::test]
async fn a_door_that_is_closed_while_the_person_completes_stays_shut() {
    let world = World::new().await;
    let (_, mail) = world.signed_up(HEDY).await;
    let link = mail.link.unwrap();
    assert!(world.looks_at_registration(&link).await.is_ok());
    let closed = world.under(|settings| settings.registration.mode = RegistrationMode::Closed);
    closed.activates_nothing(&link).await;
    assert!(world.find_account(HEDY).await.is_none());
}

#[tokio::test]
async fn mails_carry_a_link_a_code_or_both_as_the_installation_has_it() {
    for (verification, link, code) in [
        (AddressVerification::Link, true, false),
        (AddressVerification::Code, false, true),
        (AddressVerification::LinkAndCode, true, true),
    ] {
        let world = World::new().await.under(|settings| settings.registration.verification = verification);
        let (flow, mail) = world.signed_up(HEDY).await;
        assert_eq!((mail.link.is_some(), mail.code.is_some()), (link, code), "{verification:?}");
        let secret = match (mail.code, mail.link) {
            (Some(code), _) => world.types(&flow, &code).await.unwrap(),
            (None, Some(link)) => link,
            (None, None) => panic!("nothing proves the address"),
        };
        assert!(world.completes(&secret).await.is_ok(), "{verification:?}");
        world.activates_nothing(&secret).await;
    }
}

#[tokio::test]
async fn what_the_person_behind_the_address_submits_is_what_counts() {
    let world = World::new().await;
    // A stranger typed all of this.
    world.signs_up_as(sign_up_as(HEDY, ("Eve", "Stranger"), "Evil Ltd")).await.unwrap();
    world.posts().await;
    let command = CompleteCommand {
        first_name: PersonName::parse("Hedy").ok(),
        last_name: PersonName::parse("Lamarr").ok(),
        company_name: CompanyName::parse("Frequency Ltd").ok(),
        country: CountryCode::parse("AT").ok(),
        language: Language::parse("ar").ok(),
        ..completion(&world.activation_link(HEDY))
    };
    let account = opened(world.completes_as(command).await.unwrap());
    assert_eq!((account.full_name().as_str(), account.language.as_str()), ("Hedy Lamarr", "ar"));
    assert_eq!(world.store().company(account.company).await.unwrap().unwrap().name.as_str(), "Frequency Ltd");
    let kept = world.registrations().await.pop().unwrap();
    assert_eq!(
        (kept.full_name().as_str(), kept.company_name.as_str(), kept.country.as_str()),
        ("Hedy Lamarr", "Frequency Ltd", "AT")
    );
}

#[tokio::test]
async fn what_is_left_as_it_was_stays_as_it_was() {
    let world = World::new().await;
    world.signed_up(HEDY).await;
    let command = CompleteCommand { last_name: PersonName::parse("Lamarr").ok(), ..completion(&world.activation_link(HEDY)) };
    let account = opened(world.completes_as(command).await.unwrap());
    assert_eq!(account.full_name(), "Grace Lamarr");
    let kept = world.registrations().await.pop().unwrap();
    assert_eq!((kept.company_name.as_str(), kept.country.as_str()), ("Navy", "US"));
}

#[tokio::test]
async fn a_language_that_pages_do_not_exist_in_is_not_written_in() {
    let world = World::new().await;
    let french = || Language::parse("fr").ok();
    world.signs_up_as(RegisterCommand { language: french(), ..sign_up(HEDY) }).await.unwrap();
    assert_eq!(world.delivers().await[0].language.as_str(), "en");
    let command = CompleteCommand { language: french(), ..completion(&world.activation_link(HEDY)) };
    assert_eq!(opened(world.completes_as(command).await.unwrap()).language.as_str(), "en");
}

#[tokio::test]
async fn two_companies_of_one_name_stay_two() {
    let world = World::new().await;
    let taken = world.operator().await.opens_company("Navy").await;
    let mut companies = BTreeSet::from([taken.id]);
    for email in [HEDY, "ida@example.com"] {
        let (_, mail) = world.signed_up(email).await;
        let account = opened(world.completes(&mail.link.unwrap()).await.unwrap());
        assert!(account.is_company_administrator() && !account.is_operator());
        companies.insert(account.company);
    }
    assert_eq!(companies.len(), 3, "a name joined somebody to a company");
}

#[tokio::test]
async fn nobody_is_signed_in_by_completing_a_registration() {
    let world = World::new().await;
    let before = world.sessions_started();
    let (flow, mail) = world.signed_up(HEDY).await;
    let link = world.types(&flow, &mail.code.unwrap()).await.unwrap();
    world.completes(&link).await.unwrap();
    assert_eq!(world.sessions_started(), before);
    assert!(world.session(&link).await.is_none() && world.session(&flow).await.is_none());
}

#[tokio::test]
async fn account_company_terms_and_the_end_of_the_registration_are_one_commit() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let (link, before) = (mail.link.unwrap(), world.history().len());
    let account = opened(world.completes(&link).await.unwrap());
    let history = world.history();
    assert_eq!(history.len(), before + 1);
    let changes = history.last().unwrap().changes();
    assert!(
        changes
            .iter()
            .any(|change| matches!(change, Change::Company(CompanyChange::Open(company)) if company.id == account.company))
    );
    assert!(changes.iter().any(|change| matches!(change, Change::Link(LinkChange::Spend { id, .. }) if *id == link.id())));
    let agreed = changes.iter().find_map(|change| match change {
        Change::Terms(TermsChange::Accept(acceptance)) => Some(acceptance.clone()),
        _ => None,
    });
    let agreed = agreed.expect("the acceptance of the terms is kept");
    assert_eq!((agreed.account, agreed.number, agreed.text_hash), (account.id, 1, text_hash("Be kind.")));
    let created = world.recorded(Action::UserCreated).pop().unwrap();
    let registration = world.registration_of(&flow).await.id;
    assert_eq!((created.actor, created.subject), (Actor::Account(account.id), Subject::Registration(registration)));
    let requested = world.recorded(Action::RegistrationRequested);
    assert_eq!((requested.len(), requested[0].actor), (1, Actor::Anonymous));
    assert_eq!(requested[0].personal[0].kind, PersonalKind::Address);
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_completion_comes_at_once_and_the_link_survives_it() {
    let world = World::new().await;
    let (_, mail) = world.signed_up(HEDY).await;
    let link = mail.link.unwrap();
    let before = world.history().len();
    let command = CompleteCommand {
        password: candidate("grace"),
        password_confirmation: candidate("something else"),
        accepted_terms: None,
        ..completion(&link)
    };
    let refused = world.completes_as(command).await;
    let Err(CompleteError::Refused(refusal)) = refused else { panic!("{refused:?}") };
    let password = vec![RuleId::MinLength, RuleId::Uppercase, RuleId::Digit, RuleId::Special, RuleId::NotPersonal];
    assert_eq!(refusal, Refusal { password, confirmation: true, terms: true, ..Refusal::default() });
    // The words are those of the person as submitted, not as typed by a person who signed up.
    let corrected = CompleteCommand {
        last_name: PersonName::parse("Mnbvq").ok(),
        company_name: CompanyName::parse("Frequency").ok(),
        ..completion(&link)
    };
    let refused = world.completes_as(corrected).await;
    let personal = Refusal { password: vec![RuleId::NotPersonal], ..Refusal::default() };
    assert!(matches!(&refused, Err(CompleteError::Refused(refusal)) if *refusal == personal), "{refused:?}");
    for agreed in [Some(0), Some(2)] {
        let refused = world.completes_as(CompleteCommand { accepted_terms: agreed, ..completion(&link) }).await;
        let terms = Refusal { terms: true, ..Refusal::default() };
        assert!(matches!(&refused, Err(CompleteError::Refused(refusal)) if *refusal == terms), "{refused:?}");
    }
    assert_eq!(world.history().len(), before);
    assert!(world.completes(&link).await.is_ok());
}

#[tokio::test]
async fn looking_at_what_a_link_offers_changes_nothing() {
    let world = World::new().await;
    let (_, mail) = world.signed_up(HEDY).await;
    let before = world.stage().committed().len();
    for _ in 0..3 {
        world.looks_at_registration(mail.link.as_ref().unwrap()).await.unwrap();
    }
    assert_eq!(world.stage().committed().len(), before);
}

#[tokio::test]
async fn every_link_of_a_registration_works_until_it_is_completed_and_then_none() {
    let world = World::new().await;
    let (flow, first) = world.signed_up(HEDY).await;
    world.passes("PT1M");
    world.asks_again_by(&flow).await.unwrap();
    world.posts().await;
    world.passes("PT1M");
    world.asks_again_for(HEDY).await.unwrap();
    world.posts().await;
    let by_code = world.types(&flow, &world.activations_to(HEDY)[1].code.clone().unwrap()).await.unwrap();
    let mut links = world.activations_to(HEDY).into_iter().filter_map(|mail| mail.link).collect::<Vec<_>>();
    links.push(by_code);
    assert_eq!(links.len(), 4);
    for link in &links {
        assert!(world.looks_at_registration(link).await.is_ok(), "a stranger's request killed a link");
    }
    world.completes(&first.link.unwrap()).await.unwrap();
    for link in &links {
        world.activates_nothing(link).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_who_complete_one_registration_at_once_open_one_account_and_one_company() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let links = [mail.link.unwrap(), world.types(&flow, &mail.code.unwrap()).await.unwrap()];
    let companies =
        |world: &World| world.changes().iter().filter(|change| matches!(change, Change::Company(CompanyChange::Open(_)))).count();
    let before = (world.accounts_opened(), companies(&world));
    world.stage().gather("commit", 16);
    let mut crowd = JoinSet::new();
    for at in 0..16 {
        let (world, link) = (world.clone(), links[at % 2].clone());
        crowd.spawn(async move { world.completes(&link).await });
    }
    let answers = crowd.join_all().await;
    assert_eq!(answers.iter().flatten().count(), 1);
    let lost =
        |answer: &Result<_, CompleteError>| matches!(answer, Ok(_) | Err(CompleteError::DeadLink | CompleteError::AddressTaken));
    assert!(answers.iter().all(lost), "{answers:?}");
    assert_eq!((world.accounts_opened(), companies(&world)), (before.0 + 1, before.1 + 1));
}

#[tokio::test]
async fn a_person_who_has_an_account_is_told_so_by_mail_and_the_account_is_untouched() {
    let world = World::new().await;
    world.hires("Grace@example.org").await;
    let before = world.account(GRACE).await;
    let flow = world.signs_up("GRACE@example.org").await.unwrap();
    // At the address as the account has it, in the account's language, and with the account's name.
    assert_eq!(world.posts().await, mails([("Grace@example.org", "already registered")]));
    let mail = world.mails().pop().unwrap();
    assert!(
        matches!(&mail.content, EmailContent::Registration(RegistrationEmail::AlreadyRegistered { first_name }) if first_name.as_str() == "Grace")
    );
    world.asks_again_by(&flow).await.unwrap();
    assert_eq!(world.posts().await, mails([("Grace@example.org", "already registered")]));
    world.asks_again_for("gracE@example.org").await.unwrap();
    assert_eq!(world.posts().await, mails([("Grace@example.org", "already registered")]));
    assert_eq!(world.account(GRACE).await, before);
    assert!(world.logs_in(GRACE, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_disabled_account_gets_no_mail_for_a_sign_up() {
    let world = World::new().await;
    let grace = world.hires(GRACE).await;
    world.operator().await.disables(grace.id).await.unwrap();
    world.signs_up(GRACE).await.unwrap();
    world.asks_again_for(GRACE).await.unwrap();
    assert!(world.posts().await.is_empty());
}

/// INV-13 too: what a stranger asks for changes nothing of the invitation but that it is mailed once more.
#[tokio::test]
async fn a_person_who_is_invited_gets_the_invitation_again_as_it_is() {
    for act in ["sign up", "again by flow", "again by address", "forgot"] {
        let world = World::new().await;
        let (invitation, grace) = world.invited(GRACE).await;
        world.passes("P1D");
        match act {
            "forgot" => world.forgets(GRACE).await.unwrap(),
            "again by address" => world.asks_again_for(GRACE).await.unwrap(),
            "sign up" => drop(world.signs_up(GRACE).await.unwrap()),
            _ => {
                let flow = world.signs_up(GRACE).await.unwrap();
                world.posts().await;
                world.asks_again_by(&flow).await.unwrap();
            }
        }
        assert_eq!(world.posts().await, mails([(GRACE, "invitation")]), "{act}");
        let now = world.invitation(invitation.id).await;
        assert_eq!(
            (now.generation, now.expires_at, now.state, now.inviter, &now.roles),
            (invitation.generation, invitation.expires_at, invitation.state, invitation.inviter, &invitation.roles),
            "{act}"
        );
        assert_eq!(world.entry(&world.link_to(GRACE)).await.expires_at, invitation.expires_at, "{act}");
        grace.is_welcome().await;
        world.invitee(GRACE).registers().await.unwrap();
        grace.is_locked_out().await;
        assert_eq!(world.account(GRACE).await.company, world.account(OPERATOR).await.company);
    }
}

#[tokio::test]
async fn an_invitation_that_expired_or_whose_inviter_is_gone_is_no_invitation() {
    let world = World::new().await;
    world.invited(GRACE).await;
    world.passes("P8D");
    world.forgets(GRACE).await.unwrap();
    assert!(world.posts().await.is_empty(), "an expired invitation is not revived");
    world.signs_up(GRACE).await.unwrap();
    assert_eq!(world.posts().await, mails([(GRACE, "activation")]));

    let world = World::new().await;
    let carl = world.administrator().await;
    carl.invites(GRACE).await.unwrap();
    world.delivers().await;
    world.operator().await.disables(carl.account().id).await.unwrap();
    world.forgets(GRACE).await.unwrap();
    assert!(world.posts().await.is_empty());
}

/// A stranger signed up with her address first.
#[tokio::test]
async fn the_owner_of_an_address_completes_her_own_registration_and_the_strangers_is_dead() {
    let world = World::new().await;
    let stranger = world.signs_up_as(sign_up_as(HEDY, ("Eve", "Stranger"), "Evil Ltd")).await.unwrap();
    world.posts().await;
    let hers_not = world.activation_to(HEDY);
    world.passes("PT1M");
    let flow = world.signs_up_as(sign_up_as(HEDY, ("Hedy", "Lamarr"), "Frequency")).await.unwrap();
    world.posts().await;
    let link = world.types(&flow, &world.activation_to(HEDY).code.unwrap()).await.unwrap();
    let account = opened(world.completes(&link).await.unwrap());
    assert_eq!(account.full_name(), "Hedy Lamarr");
    assert_eq!(world.store().company(account.company).await.unwrap().unwrap().name.as_str(), "Frequency");

    let other = hers_not.link.unwrap();
    let looked = world.looks_at_registration(&other).await;
    assert!(matches!(looked, Err(PreviewRegistrationError::AddressTaken)), "{looked:?}");
    let refused = world.completes(&other).await;
    assert!(matches!(refused, Err(CompleteError::AddressTaken)), "{refused:?}");
    let by_code = world.types(&stranger, &hers_not.code.unwrap()).await;
    if let Ok(link) = by_code {
        let refused = world.completes(&link).await;
        assert!(matches!(refused, Err(CompleteError::AddressTaken)), "{refused:?}");
    }
    assert_eq!(world.account(HEDY).await, account);
    assert!(world.posts().await.is_empty());
    world.asks_again_by(&stranger).await.unwrap();
    assert_eq!(world.posts().await, mails([(HEDY, "already registered")]), "and the flow brings no more links");
}

#[tokio::test]
async fn somebody_who_accepts_an_invitation_while_completing_a_registration_gets_one_account() {
    for invited_first in [true, false] {
        let world = World::new().await;
        let (_, mail) = world.signed_up(GRACE).await;
        let link = mail.link.unwrap();
        let (_, invitee) = world.invited(GRACE).await;
        let before = world.accounts_opened();
        if invited_first {
            world.stage().just_before("commit", async move {
                invitee.registers().await.unwrap();
            });
            let refused = world.completes(&link).await;
            assert!(matches!(refused, Err(CompleteError::AddressTaken)), "{refused:?}");
            assert!(!world.account(GRACE).await.is_company_administrator());
        } else {
            let other = world.clone();
            world.stage().just_before("commit", async move {
                other.completes(&link).await.unwrap();
            });
            let refused = invitee.registers().await;
            assert!(matches!(refused, Err(AcceptError::AddressTaken)), "{refused:?}");
        }
        assert_eq!(world.accounts_opened(), before + 1);
    }
}

#[tokio::test]
async fn a_registration_lapses_with_its_links_and_is_taken_away_a_day_later() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let (registration, link) = (world.registration_of(&flow).await, mail.link.unwrap());
    world.it_is_just_before(registration.expires_at);
    assert!(world.looks_at_registration(&link).await.is_ok());
    world.it_is(registration.expires_at);
    world.activates_nothing(&link).await;
    world.asks_again_by(&flow).await.unwrap();
    world.asks_again_for(HEDY).await.unwrap();
    assert!(world.posts().await.is_empty(), "what has lapsed is not mailed again");
    // A minute has gone by since.
    world.passes("PT23H58M59S");
    world.flows().sweep_lapsed.run().await.unwrap();
    assert_eq!(world.registrations().await.len(), 1);
    world.passes("PT2S");
    world.flows().sweep_lapsed.run().await.unwrap();
    assert!(world.registrations().await.is_empty());
    assert!(world.asks_again_by(&flow).await.is_ok(), "and nobody is told");
    let (_, again) = world.signed_up(HEDY).await;
    assert!(world.completes(&again.link.unwrap()).await.is_ok(), "a person who comes late signs up again");
}

#[tokio::test]
async fn a_registration_lasts_as_long_as_the_last_link_that_was_mailed_for_it() {
    let world = World::new().await;
    let (flow, first) = world.signed_up(HEDY).await;
    world.passes("PT23H");
    world.asks_again_by(&flow).await.unwrap();
    world.posts().await;
    world.passes("PT23H");
    world.activates_nothing(&first.link.unwrap()).await;
    assert!(world.completes(&world.activation_link(HEDY)).await.is_ok());
}

#[tokio::test]
async fn signing_up_reads_nothing_and_takes_the_same_calls_no_matter_who_has_the_address() {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.invited("ida@example.com").await;
    world.signed_up("mary@example.com").await;
    let mut seen = Vec::new();
    for email in [HEDY, GRACE, "ida@example.com", "mary@example.com"] {
        world.kit().faults.none();
        let flow = world.signs_up(email).await.unwrap();
        let signed_up = world.kit().faults.trace();
        world.kit().faults.none();
        world.asks_again_for(email).await.unwrap();
        let again = world.kit().faults.trace();
        world.kit().faults.none();
        world.asks_again_by(&flow).await.unwrap();
        seen.push((signed_up, again, world.kit().faults.trace()));
    }
    for observed in &seen {
        assert_eq!(observed, &seen[0], "an address can be told apart");
    }
    for calls in [&seen[0].0, &seen[0].1] {
        assert!(calls.iter().all(|call| matches!(*call, "entropy" | "commit")), "{calls:?}");
    }
}

#[tokio::test]
async fn a_flow_that_nobody_has_is_answered_like_any_other() {
    let world = World::new().await;
    let (flow, _) = world.signed_up(HEDY).await;
    let unknown = world.clone().logs_in(OPERATOR, PASSWORD).await.unwrap().secret;
    assert!(world.asks_again_by(&unknown).await.is_ok());
    assert!(world.asks_again_by(&flow).await.is_ok());
    assert_eq!(world.posts().await, mails([(HEDY, "activation")]));
}

#[tokio::test]
async fn a_person_who_signed_up_administers_her_own_company_and_nothing_else() {
    let world = World::new().await;
    let (_, mail) = world.signed_up(HEDY).await;
    let hedy = opened(world.completes(&mail.link.unwrap()).await.unwrap());
    let acting = world.acting(HEDY).await;
    let invitation = acting.invites(GRACE).await.unwrap();
    assert_eq!(invitation.company, Some(hedy.company));
    let ada = world.account(OPERATOR).await;
    assert!(acting.disables(ada.id).await.is_err());
    assert_eq!(hedy.roles, BTreeSet::from([role("company_administrator")]));
}

/// Each bond of a link holds by itself: here all the others are sound.
#[tokio::test]
async fn a_link_that_is_over_used_up_of_another_generation_or_for_another_address_activates_nothing() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let sound = world.entry(mail.link.as_ref().unwrap()).await;
    let registration = world.registration_of(&flow).await;
    let link = world.forges(sound.clone()).await.link;
    assert!(world.looks_at_registration(&link).await.is_ok());
    for (bond, forged) in [
        ("its own end", Token { expires_at: world.now(), ..sound.clone() }),
        ("its use", Token { spent_at: Some(world.now()), ..sound.clone() }),
        ("an older generation", Token { generation: 0, ..sound.clone() }),
        ("a later generation", Token { generation: 2, ..sound.clone() }),
        ("the address", Token { sent_to: Some(address("eve@example.net")), ..sound.clone() }),
        ("no address", Token { sent_to: None, ..sound.clone() }),
    ] {
        let link = world.forges(forged).await.link;
        assert!(world.looks_at_registration(&link).await.is_err(), "{bond} does not bind");
        world.activates_nothing(&link).await;
    }
    // A registration that has lapsed, and one that is over, open nothing to a link that would last.
    let lasting = world.forges(Token { expires_at: registration.expires_at + seconds("P9D"), ..sound.clone() }).await.link;
    world.it_is_just_before(registration.expires_at);
    assert!(world.looks_at_registration(&lasting).await.is_ok());
    world.it_is(registration.expires_at);
    world.activates_nothing(&lasting).await;

    let world = World::new().await.under(|settings| settings.registration.approval = true);
    let (flow, mail) = world.signed_up(HEDY).await;
    let link = mail.link.unwrap();
    let sound = world.entry(&link).await;
    world.completes(&link).await.unwrap();
    let generation = world.registration_of(&flow).await.generation;
    let current = world.forges(Token { generation, ..sound }).await.link;
    world.activates_nothing(&current).await;
}

#[tokio::test]
async fn the_page_of_a_sign_up_shows_the_same_at_every_time_no_matter_who_has_the_address() {
    let world = World::new().await;
    world.hires(GRACE).await;
    let known = world.signs_up(GRACE).await.unwrap();
    let unknown = world.signs_up(HEDY).await.unwrap();
    let completed = world.signs_up("joan@example.net").await.unwrap();
    world.posts().await;
    world.completes(&world.activation_link("joan@example.net")).await.unwrap();
    let is_shown = async |flow: &TokenSecret| world.flows().preview_registration.waiting(flow).await.unwrap().is_some();
    for (pause, shown) in [("PT1S", true), ("PT12H", true), ("PT11H30M", true), ("PT1H", false)] {
        world.passes(pause);
        assert_eq!(
            [is_shown(&known).await, is_shown(&unknown).await, is_shown(&completed).await],
            [shown; 3],
            "another {pause} later"
        );
        // Who asks for the mail again learns nothing by it either.
        for flow in [&known, &unknown] {
            world.asks_again_by(flow).await.unwrap();
        }
        world.posts().await;
    }
}

/// The mails of an address are used up; a person who holds the flow tries codes and asks again. What is counted is the same.
#[tokio::test]
async fn tries_of_codes_are_counted_alike_no_matter_who_has_the_address_also_when_no_more_mails_go_out() {
    let world = World::new().await;
    world.hires(GRACE).await;
    let mut tries = Vec::new();
    for email in [GRACE, HEDY] {
        let flow = world.signs_up(email).await.unwrap();
        world.posts().await;
        for _ in 0..4 {
            world.asks_again_by(&flow).await.unwrap();
            world.posts().await;
        }
        for _ in 0..7 {
            world.types(&flow, "00000000").await.unwrap_err();
        }
        world.asks_again_by(&flow).await.unwrap();
        world.posts().await;
        tries.push(world.registration_of(&flow).await.code_tries);
    }
    assert_eq!(tries, [5, 5]);
}
