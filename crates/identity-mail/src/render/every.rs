//! What holds for every mail, in every language.

use std::collections::BTreeSet;

use identity_core::{
    model::{outbox::Email, registration::Code},
    value::{PublicUrl, TimeZone},
};

use super::{
    Rendered, Renderer,
    example::{CODE, Case, HOSTILE, ORIGIN, PLAIN, address, every},
};
use crate::{config::MailSettings, message::compose};

const SHOWN_CODE: &str = "0123\u{a0}4567";
const LANGUAGES: [&str; 2] = ["en", "ar"];

fn settings() -> MailSettings {
    MailSettings { from: address("id@acme.example"), from_name: "Identity".to_owned(), support: address("help@acme.example") }
}

fn render(email: &Email) -> Rendered {
    let public_url = PublicUrl::parse(ORIGIN).unwrap();
    Renderer::new("Identity".to_owned(), public_url, settings()).render(email).unwrap()
}

/// The mail of a kind, rendered.
fn one(language: &str, kind: &str) -> Rendered {
    render(&every(language, &PLAIN).into_iter().find(|case| case.kind == kind).unwrap().email)
}

/// What every `href` leads to.
fn targets(html: &str) -> BTreeSet<String> {
    html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Every word that is a link.
fn links(text: &str) -> BTreeSet<String> {
    text.split_whitespace().filter(|word| word.contains("://")).map(str::to_owned).collect()
}

/// A content that no example shows would be sent as nobody has seen it.
#[test]
fn every_content_has_an_example() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../identity-core/src/model/outbox/mail");
    let sources = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let shown = every("en", &PLAIN).into_iter().map(|case| format!("{:?}", case.email.content)).collect::<Vec<_>>();
    let mut declared = 0;
    for source in sources {
        for content in source.split("pub enum ").skip(1) {
            let (name, body) = content.split_once(" {\n").unwrap();
            let Some(aggregate) = name.strip_suffix("Email") else { continue };
            let body = body.split_once("\n}\n").unwrap().0;
            let names = body.lines().filter_map(|line| {
                let name = line.strip_prefix("    ")?.split(|character: char| !character.is_alphanumeric()).next()?;
                name.starts_with(char::is_uppercase).then_some(name)
            });
            for name in names {
                declared += 1;
                let is_shown = |shown: &String| {
                    shown.strip_prefix(&format!("{aggregate}({name}")).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
                };
                assert!(shown.iter().any(is_shown), "{aggregate}Email::{name} has no example");
            }
        }
    }
    assert!(declared > 20, "{declared}");
}

#[test]
fn every_mail_has_all_its_texts() {
    for language in LANGUAGES {
        for Case { kind, email, .. } in every(language, &PLAIN) {
            let mail = render(&email);
            for part in [&mail.subject, &mail.text, &mail.html] {
                assert!(!part.is_empty(), "{kind} in {language}");
                for left_over in ["Unknown local", "{$", "{ $", "{{", "$"] {
                    assert!(!part.contains(left_over), "{kind} in {language}: {part}");
                }
            }
            assert!(!mail.text.contains("\n\n\n"), "{kind} in {language}: {}", mail.text);
            let preheader = mail.html.split("color:#f6f4ef\">").nth(1).unwrap().split('<').next().unwrap();
            assert!(preheader.chars().count() > 10 && !mail.text.contains(preheader), "{kind} in {language}: {preheader}");
        }
    }
}

#[test]
fn every_mail_says_that_nobody_asks_for_a_password_and_whom_to_ask() {
    for (language, never) in LANGUAGES.into_iter().zip(["Nobody from Identity will ever ask for your password", "لن يطلب منك أحد"])
    {
        for Case { kind, email, .. } in every(language, &PLAIN) {
            let mail = render(&email);
            for part in [&mail.text, &mail.html] {
                assert!(part.contains(never) && part.contains("help@acme.example"), "{kind} in {language}: {part}");
            }
            assert!(mail.html.contains(" href=\"mailto:help@acme.example\""), "{kind} in {language}");
        }
    }
}

#[test]
fn every_mail_leads_where_it_should_and_nowhere_else() {
    for language in LANGUAGES {
        for typed in [PLAIN, HOSTILE] {
            for Case { kind, email, links: expected } in every(language, &typed) {
                let mail = render(&email);
                assert_eq!(links(&mail.text), expected, "{kind} in {language}");
                let mut html = targets(&mail.html);
                assert!(html.remove("mailto:help@acme.example"), "{kind} in {language}");
                assert_eq!(html, expected, "{kind} in {language}");
                assert!(expected.iter().all(|link| link.starts_with(&format!("{ORIGIN}/"))), "{kind}");
            }
        }
    }
}

#[test]
fn secrets_stand_in_their_links_alone_and_a_code_in_the_activation_mail_alone() {
    for language in LANGUAGES {
        for Case { kind, email, links } in every(language, &PLAIN) {
            let mail = render(&email);
            let by_code = kind == "activation by code" || kind == "activation by both";
            for part in [&mail.text, &mail.html] {
                let around = links.iter().fold(part.clone(), |part, link| part.replace(link, ""));
                assert!(!around.contains("idact_") && !around.contains("idrec_"), "{kind} in {language}: {around}");
                assert!(!around.contains("idrep_") && !around.contains("idinv_"), "{kind} in {language}: {around}");
                assert!(!around.contains("idcnf_") && !around.contains("idund_"), "{kind} in {language}: {around}");
                assert_eq!(around.matches(SHOWN_CODE).count(), usize::from(by_code), "{kind} in {language}: {around}");
            }
            assert!(!mail.subject.contains("0123") && !mail.subject.contains("id.example"), "{kind} in {language}");
        }
    }
}

#[test]
fn what_strangers_typed_is_text_in_every_mail() {
    for language in LANGUAGES {
        for Case { kind, email, links } in every(language, &HOSTILE) {
            let mail = render(&email);
            assert!(!mail.subject.contains(char::is_control), "{kind}: {:?}", mail.subject);
            assert!(!mail.html.contains("<b>Eve") && !mail.html.contains("<i>") && !mail.html.contains("& \"Co\""), "{kind}");
            for part in [&mail.text, &mail.html, &mail.subject] {
                let others = links.iter().fold(part.clone(), |part, link| part.replace(link, ""));
                assert!(!others.contains("evil.example") && !others.contains("https://evil"), "{kind} in {language}: {others}");
                assert!(!others.contains("@evil") && !others.contains("@sub."), "{kind} in {language}: {others}");
            }
        }
    }
}

#[test]
fn a_mail_is_known_by_its_message() {
    for Case { kind, email, .. } in LANGUAGES.into_iter().flat_map(|language| every(language, &HOSTILE)) {
        let composed = compose(&email, render(&email), &settings()).unwrap();
        let message = mail_parser::MessageParser::default().parse(&composed.bytes).unwrap();
        assert_eq!(message.message_id(), Some(format!("{}@acme.example", email.id).as_str()), "{kind}");
        assert!(message.bcc().is_none(), "{kind}");
    }
}

#[test]
fn buttons_bear_the_words_that_people_are_told_to_look_for() {
    for (kind, subject, button) in [
        ("activation", "Activate your registration at Identity", "Activate Registration"),
        ("activation by both", "Activate your registration at Identity", "Activate Registration"),
        ("already registered", "You already have an account at Identity", "Log In"),
        ("waits", "Grace Hopper waits to be let in", "See registrations"),
        ("approved", "You are in: log in to Identity", "Log In"),
        ("reset", "Reset your password", "Reset Password"),
        ("reset by an administrator", "Reset your password", "Reset Password"),
        ("temporary", "A temporary password was set for you", "Log In"),
        ("required", "Choose a new password", "Log In"),
        ("reset of a dead password", "Reset your password", "Reset Password"),
        ("reset after a report", "Your account is secured: choose a new password", "Reset Password"),
        ("reset after an undone address", "Address change undone: choose a new password", "Reset Password"),
        ("breached", "Your password is known from a data leak", "Log In"),
        ("changed", "Your password was changed", "Log In"),
        ("changed by a link", "Your password was changed", "Log In"),
        ("reported", "Check the account of Grace Hopper", "Check the account"),
        ("reset reported", "Grace Hopper did not ask for a new password", "Check the account"),
        ("address undone", "Grace Hopper undid a change of the e-mail address", "Check the account"),
        ("questions set", "Your security questions were set", "Check your account"),
        ("questions changed", "Your security questions were changed", "Check your account"),
        ("signed in", "New sign-in to Identity", "Check your account"),
        ("accepted", "Grace Hopper has accepted your invitation", "See the account"),
        ("invitation", "Grace Hopper invites you to Acme & Sons", "Register Account"),
        ("access offered", "Grace Hopper gives you access to Acme & Sons", "See the invitation"),
        ("access granted", "Your access at Identity has changed", "Log In"),
        ("confirm address", "Confirm your new e-mail address", "Confirm address"),
        ("address changed, to the new", "Your e-mail address was changed", "Log In"),
        ("deletion requested", "Your account will be erased", "Log In"),
        ("deletion undone", "Your account stays", "Log In"),
    ] {
        let mail = one("en", kind);
        assert_eq!(mail.subject, subject);
        assert_eq!(mail.html.matches(&format!(">{button}</a>")).count(), 1, "{kind}: {}", mail.html);
        assert!(mail.text.contains(&format!("\n{button}:\n{ORIGIN}/")), "{kind}: {}", mail.text);
        assert_eq!(mail.html.matches("class=\"button\"").count(), 1, "one purpose, one button: {kind}");
    }
    for kind in
        ["activation by code", "rejected", "address announced", "address changed, to the old", "deletion undone with the address"]
    {
        assert_eq!(one("en", kind).html.matches("class=\"button\"").count(), 0, "{kind}");
    }
}

#[test]
fn every_end_and_every_change_has_its_time() {
    for (language, time) in LANGUAGES.into_iter().zip(["18 November 2026, 11:06 UTC", "نوفمبر"]) {
        for kind in [
            "activation",
            "activation by code",
            "activation by both",
            "reset",
            "changed",
            "invitation",
            "access offered",
            "access granted",
        ] {
            let mail = one(language, kind);
            let times = usize::from(kind == "activation by both") + 1;
            assert_eq!(mail.text.matches(time).count(), times, "{kind} in {language}: {}", mail.text);
        }
    }
}

#[test]
fn a_code_is_one_text_from_left_to_right() {
    for language in LANGUAGES {
        let mail = one(language, "activation by both");
        let before = mail.html.split(SHOWN_CODE).next().unwrap();
        let tag = before.rsplit('<').next().unwrap();
        assert!(tag.starts_with("span dir=\"ltr\"") && tag.contains("user-select:all"), "{tag}");
        assert!(mail.text.contains(&format!("\n    {SHOWN_CODE}\n")), "{}", mail.text);
        // Pasted as it stands, it is the code.
        assert_eq!(Code::parse(SHOWN_CODE).unwrap().expose(), CODE);
    }
}

#[test]
fn an_address_that_is_not_proven_is_told_nothing_that_somebody_typed() {
    for kind in ["activation", "activation by code", "activation by both", "confirm address"] {
        for (language, greeting) in LANGUAGES.into_iter().zip(["Hello,\n", "مرحبًا،\n"]) {
            let mail = one(language, kind);
            assert!(mail.text.contains(greeting), "{kind} in {language}: {}", mail.text);
            for part in [&mail.subject, &mail.text, &mail.html] {
                assert!(!["Grace", "Hopper", "Acme"].iter().any(|typed| part.contains(typed)), "{kind} in {language}: {part}");
            }
        }
        assert!(one("en", kind).text.contains("Ignore this mail"));
    }
}

#[test]
fn a_person_who_did_not_do_it_finds_what_to_do() {
    for kind in [
        "reset",
        "reset of a dead password",
        "reset by an administrator",
        "reset after a report",
        "reset after an undone address",
        "temporary",
        "changed",
        "changed by a link",
        "questions set",
        "questions changed",
        "signed in",
    ] {
        let mail = one("en", kind);
        assert!(mail.text.contains("This wasn't me:\nhttps://id.example.org/not-me/idrep_"), "{kind}: {}", mail.text);
        assert!(mail.text.contains("administrators are told"), "{kind}: {}", mail.text);
    }
    for kind in ["address announced", "address changed, to the old"] {
        let mail = one("en", kind);
        assert!(mail.text.contains("Undo the change:\nhttps://id.example.org/undo-email/idund_"), "{kind}: {}", mail.text);
        assert!(mail.text.contains("18 November 2026, 11:06 UTC") && mail.text.contains("administrators are told"), "{kind}");
    }
    assert!(!one("en", "address changed, to the new").text.contains("undo"));
    assert!(one("en", "reset").text.contains("Your password stays as it is until you set a new one."));
    assert!(!one("en", "reset").text.contains("An administrator"));
    assert!(one("en", "reset by an administrator").text.contains("An administrator, who was asked for it"));
    assert!(one("en", "already registered").text.contains("There is nothing to do"));
    assert!(one("en", "access offered").text.contains("Grace Hopper gives you more access to Acme & Sons, with the account"));
    assert!(one("en", "access offered").text.contains("You get: Editor, News."));
    assert!(one("en", "access granted").text.contains("You got: Acme & Sons."));
    assert!(one("en", "reported").text.contains("Grace Hopper (grace@\u{2060}example.\u{2060}org) says"));
}

#[test]
fn every_mail_says_what_happened_and_nothing_that_did_not() {
    const ASKED: &str = "asked for a new password";
    const UNCHANGED: &str = "Your password stays as it is";
    const DEAD: &str = "The password that you had no longer works";
    for (kind, said, not_said) in [
        ("reset", [ASKED, UNCHANGED], [DEAD, "told us"]),
        ("reset of a dead password", [ASKED, DEAD], [UNCHANGED, "told us"]),
        ("reset by an administrator", ["An administrator", UNCHANGED], [ASKED, DEAD]),
        ("reset after a report", ["You told us that somebody else may have used your account", DEAD], [ASKED, UNCHANGED]),
        ("reset after an undone address", ["You undid the change of the e-mail address", DEAD], [ASKED, UNCHANGED]),
        ("required", ["An administrator asks you", "Forgot password"], ["leak", "known"]),
        ("breached", ["known from a data leak", "at a login with this password"], ["administrator", ASKED]),
        ("changed", ["was changed on", "All other sessions were ended"], ["with a link that", "All sessions"]),
        ("changed by a link", ["with a link that we mailed to this address", "All sessions were ended"], ["other sessions", ASKED]),
        ("reset reported", ["they did not ask for it", "Nothing else was changed"], ["no longer works, every session", "undid"]),
        ("reported", ["a login to the account", "The password no longer works"], ["Nothing else was changed", "undid"]),
        ("address undone", ["and undid it", "The password no longer works"], ["asked for", "security answers"]),
        ("questions set", ["were set for your account", "deleted"], ["changed", "Earlier answers"]),
        ("questions changed", ["were changed on", "Earlier answers no longer count"], ["were set", ASKED]),
        ("deletion undone", ["Your account stays as it was", "nothing more to do"], ["no longer works", "address, and"]),
        (
            "deletion undone with the address",
            ["You undid a change of its e-mail address", "The password no longer works"],
            ["stays as it was", "nothing more to do"],
        ),
    ] {
        let text = one("en", kind).text.replace('\n', " ");
        assert!(said.iter().all(|said| text.contains(said)), "{kind}: {text}");
        assert!(!not_said.iter().any(|said| text.contains(said)), "{kind}: {text}");
    }
    let undone = one("en", "address undone").text;
    assert!(undone.contains("grace@\u{2060}example.\u{2060}org"), "{undone}");
}

#[test]
fn a_sign_in_is_told_with_its_time_its_device_and_its_network() {
    let mail = one("en", "signed in");
    assert!(
        mail.text.contains("When: 18 November 2026, 11:06 UTC. Device: Firefox on Windows. Network: 192.0.2.7."),
        "{}",
        mail.text
    );
    let hostile = every("en", &HOSTILE).into_iter().find(|case| case.kind == "signed in").unwrap();
    assert!(render(&hostile.email).text.contains("Device: not known."));
}

#[test]
fn times_are_told_as_the_readers_clocks_show_them() {
    let mut email = every("en", &PLAIN).into_iter().find(|case| case.kind == "changed").unwrap().email;
    email.time_zone = TimeZone::parse("Asia/Tokyo").unwrap();
    let mail = render(&email);
    assert!(mail.text.contains("18 November 2026, 20:06 JST") && !mail.text.contains("UTC"), "{}", mail.text);
}
