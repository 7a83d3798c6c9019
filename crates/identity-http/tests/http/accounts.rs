//! The people who are in, and what administrators do for them.

use identity_core::{
    model::outbox::{EmailContent, PasswordEmail},
    value::TokenKind,
};
use serde_json::{Value, json};

use crate::{
    html::{is_wrong, tags},
    support::{ADMINISTRATOR, Answer, MEMBER, OPERATOR, OTHER_ADMINISTRATOR, OTHER_PASSWORD, PASSWORD, World, assisted, reset},
};

fn emails(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    list["items"].as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap().to_owned()).collect()
}

/// The forms of a page, by where they lead.
fn forms(page: &str) -> Vec<String> {
    let forms = tags(page).into_iter().filter(|tag| tag.name == "form" && tag.attribute("method") == Some("post"));
    forms.filter_map(|tag| tag.attribute("action").map(str::to_owned)).collect()
}

#[tokio::test]
async fn administrators_see_the_accounts_of_their_company_and_operators_all_of_them() {
    let world = World::new().await;
    for (who, everybody) in [
        (OPERATOR, vec![ADMINISTRATOR, MEMBER, OPERATOR, OTHER_ADMINISTRATOR]),
        (ADMINISTRATOR, vec![ADMINISTRATOR, MEMBER, OPERATOR]),
        (OTHER_ADMINISTRATOR, vec![OTHER_ADMINISTRATOR]),
    ] {
        let api = world.api().logs_in(who).await;
        let mut found = emails(&api.get("/accounts").await.expect(200));
        found.sort();
        let mut expected = everybody.clone();
        expected.sort_unstable();
        assert_eq!(found, expected, "{who}");
        let page = world.browser_of(who).await.get("/admin/accounts").await.expect(200).body;
        let rows = page.split("<tbody").nth(1).unwrap();
        for email in [OPERATOR, ADMINISTRATOR, MEMBER, OTHER_ADMINISTRATOR] {
            assert_eq!(rows.contains(email), everybody.contains(&email), "{email} in the list of {who}");
        }
        // By the beginning of an address, or by what does not occur.
        assert_eq!(emails(&api.get("/accounts?q=GRACE%40").await.expect(200)).is_empty(), who == OTHER_ADMINISTRATOR);
        assert!(emails(&api.get("/accounts?q=%25").await.expect(200)).is_empty(), "{who}");
        assert!(emails(&api.get("/accounts?q=race").await.expect(200)).is_empty(), "{who}");
    }
}

#[tokio::test]
async fn the_list_is_had_in_parts() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    for query in ["", "&q=", "&state=active", "&role=company_administrator", "&role=company_administrator&q="] {
        let whole = emails(&ada.get(&format!("/accounts?limit=200{query}")).await.expect(200));
        let (mut found, mut cursor) = (Vec::new(), String::new());
        for _ in 0..10 {
            let part = ada.get(&format!("/accounts?limit=1{query}{cursor}")).await.expect(200);
            found.extend(emails(&part));
            match part.json()["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found, whole, "{query}");
    }
}

#[tokio::test]
async fn states_are_told_apart() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let id = world.account_id(MEMBER).await;
    ada.send("POST", &format!("/accounts/{id}/disable"), None).await.expect(204);
    assert_eq!(emails(&ada.get("/accounts?state=disabled").await.expect(200)), [MEMBER]);
    assert!(!emails(&ada.get("/accounts?state=active").await.expect(200)).contains(&MEMBER.to_owned()));
    let page = world.browser_of(OPERATOR).await.get("/admin/accounts?state=disabled").await.expect(200).body;
    let rows = page.split("<tbody").nth(1).unwrap();
    assert!(rows.contains(MEMBER) && !rows.contains(ADMINISTRATOR), "{rows}");
}

#[tokio::test]
async fn details_say_what_holds_somebody_up_and_unlocking_forgets_it() {
    for on_page in [false, true] {
        let world = World::new().await;
        let ada = world.api().logs_in(OPERATOR).await;
        let id = world.account_id(MEMBER).await;
        let details = ada.get(&format!("/accounts/{id}")).await.expect(200).json();
        assert_eq!((&details["failed_logins"], &details["locked_until"]), (&json!(0), &Value::Null));
        assert_eq!((&details["company_name"], &details["required_actions"]), (&json!("Acme"), &json!([])));
        let login = json!({ "email": MEMBER, "password": "wrong" });
        for _ in 0..5 {
            world.api().post("/sessions", login.clone()).await.expect(401);
        }
        world.api().post("/sessions", json!({ "email": MEMBER, "password": PASSWORD })).await.expect(429);
        let details = ada.get(&format!("/accounts/{id}")).await.expect(200).json();
        assert_eq!((&details["failed_logins"], &details["locked_until"]), (&json!(5), &json!("2026-01-05T09:00:01Z")));
        let mut browser = world.browser_of(OPERATOR).await;
        let page = browser.get(&format!("/admin/accounts/{id}")).await.expect(200).body;
        assert!(page.contains("2026-01-05T09:00:01Z") && forms(&page).contains(&format!("/admin/accounts/{id}/unlock")), "{page}");
        if on_page {
            browser.submit(&format!("/admin/accounts/{id}/unlock"), &[]).await.expect(303);
        } else {
            ada.send("POST", &format!("/accounts/{id}/unlock"), None).await.expect(204);
        }
        let details = ada.get(&format!("/accounts/{id}")).await.expect(200).json();
        assert_eq!((&details["failed_logins"], &details["locked_until"]), (&json!(0), &Value::Null));
        world.api().logs_in(MEMBER).await;
    }
}

#[tokio::test]
async fn ending_sessions_ends_all_of_them_and_nothing_else() {
    for on_page in [false, true] {
        let world = World::new().await;
        let (one, two) = (world.api().logs_in(MEMBER).await, world.api().logs_in(MEMBER).await);
        let ada = world.api().logs_in(OPERATOR).await;
        let id = world.account_id(MEMBER).await;
        if on_page {
            let path = format!("/admin/accounts/{id}");
            let answer = world.browser_of(ADMINISTRATOR).await.submit(&format!("{path}/end-sessions"), &[]).await.expect(303);
            assert_eq!(answer.header("location"), path);
        } else {
            ada.send("POST", &format!("/accounts/{id}/end-sessions"), None).await.expect(204);
        }
        for gone in [one, two] {
            gone.get("/sessions/current").await.expect(401);
        }
        ada.get("/sessions/current").await.expect(200);
        world.api().logs_in(MEMBER).await;
    }
}

#[tokio::test]
async fn accounts_are_disabled_and_enabled_on_their_page() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    let path = format!("/admin/accounts/{}", world.account_id(MEMBER).await);
    let mut carl = world.browser_of(ADMINISTRATOR).await;
    carl.submit(&format!("{path}/disable"), &[]).await.expect(303);
    grace.get("/sessions/current").await.expect(401);
    world.browser().logs_in(MEMBER, PASSWORD).await.expect(401);
    let page = carl.get(&path).await.expect(200).body;
    let acts = forms(&page).into_iter().filter(|form| form.starts_with("/admin/")).collect::<Vec<_>>();
    // Beside what was done, and among the acts.
    assert_eq!(acts, [format!("{path}/enable"), format!("{path}/enable")]);
    carl.submit(&format!("{path}/enable"), &[]).await.expect(303);
    grace.get("/sessions/current").await.expect(401);
    world.browser().logs_in(MEMBER, PASSWORD).await.expect(303);
}

/// Everything that can be done to an account.
const ACTS: [&str; 6] = ["disable", "enable", "unlock", "end-sessions", "require-password-change", "password-reset"];

#[tokio::test]
async fn nobody_acts_on_their_own_account_nor_a_company_administrator_on_an_operator() {
    let world = World::new().await;
    for (who, whose) in [(OPERATOR, OPERATOR), (ADMINISTRATOR, ADMINISTRATOR), (ADMINISTRATOR, OPERATOR)] {
        let api = world.api().logs_in(who).await;
        let mut browser = world.browser_of(who).await;
        let id = world.account_id(whose).await;
        api.get(&format!("/accounts/{id}")).await.expect(200);
        let page = browser.get(&format!("/admin/accounts/{id}")).await.expect(200).body;
        assert!(!forms(&page).iter().any(|form| form.starts_with("/admin/")), "{who} is offered something of {whose}: {page}");
        for act in ACTS {
            let body = (act == "password-reset").then(|| assisted("temporary_password"));
            world.listens();
            let answer = api.send("POST", &format!("/accounts/{id}/{act}"), body.as_ref()).await.expect(403);
            assert_eq!(answer.problem(), "forbidden", "{act} by {who}");
            let form = [("method", "temporary_password"), ("identity_check.method", "other"), ("identity_check.note", "Seen")];
            let (act, fields): (_, &[_]) = if act == "password-reset" { ("reset", &form) } else { (act, &[]) };
            browser.submit(&format!("/admin/accounts/{id}/{act}"), fields).await.expect(403);
            world.heard_no_effect(act);
        }
    }
}

#[tokio::test]
async fn requiring_a_new_password_is_told_by_mail() {
    for on_page in [false, true] {
        let world = World::new().await;
        let id = world.account_id(MEMBER).await;
        if on_page {
            let path = format!("/admin/accounts/{id}/require-password-change");
            world.browser_of(ADMINISTRATOR).await.submit(&path, &[]).await.expect(303);
        } else {
            world.requires_change(MEMBER).await;
        }
        world.delivers().await;
        let last = world.mails_to(MEMBER).pop().unwrap();
        assert!(matches!(last.content, EmailContent::Password(PasswordEmail::ChangeRequired { .. })), "{last:?}");
        let ada = world.api().logs_in(OPERATOR).await;
        let details = ada.get(&format!("/accounts/{id}")).await.expect(200).json();
        assert_eq!(details["required_actions"], json!(["change_password"]));
        let page = world.browser_of(OPERATOR).await.get(&format!("/admin/accounts/{id}")).await.expect(200).body;
        assert!(page.contains("Has to choose a new password"), "{page}");
    }
}

#[tokio::test]
async fn an_administrator_has_a_link_mailed_and_older_ones_die() {
    for on_page in [false, true] {
        let world = World::new().await;
        let older = world.recovery().await;
        let session = world.api().logs_in(MEMBER).await;
        let id = world.account_id(MEMBER).await;
        let body = if on_page {
            let form = [
                ("method", "link"),
                ("identity_check.method", "call_back"),
                ("identity_check.note", "Called back at the known number"),
            ];
            let mut carl = world.browser_of(ADMINISTRATOR).await;
            carl.submit(&format!("/admin/accounts/{id}/reset"), &form).await.expect(202).body
        } else {
            let carl = world.api().logs_in(ADMINISTRATOR).await;
            let answer = carl.post(&format!("/accounts/{id}/password-reset"), assisted("link")).await.expect(202);
            assert_eq!(answer.json(), json!({}));
            answer.body
        };
        world.delivers().await;
        let token = world.mailed(TokenKind::Recovery, MEMBER);
        assert!(token != older && !body.contains("idrec_"), "the administrator learns nothing of the link");
        world.api().post("/password-resets/complete", reset(&older)).await.expect(410);
        // Until it is used everything stays as it is.
        session.get("/sessions/current").await.expect(200);
        world.api().logs_in(MEMBER).await;
        world.api().post("/password-resets/complete", reset(&token)).await.expect(204);
        world.api().logs_in_with(MEMBER, OTHER_PASSWORD).await;
    }
}

#[tokio::test]
async fn a_reset_for_somebody_says_how_the_person_was_recognised() {
    let world = World::new().await;
    let id = world.account_id(MEMBER).await;
    let carl = world.api().logs_in(ADMINISTRATOR).await;
    let mut browser = world.browser_of(ADMINISTRATOR).await;
    let path = format!("/accounts/{id}/password-reset");
    let check = |method: &str, note: &str| json!({ "method": "link", "identity_check": { "method": method, "note": note } });
    let long = "a".repeat(201);
    for (body, field) in [
        (check("by_heart", "Seen"), "identity_check.method"),
        (check("other", ""), "identity_check.note"),
        (check("other", &long), "identity_check.note"),
        (json!({ "method": "by_magic", "identity_check": { "method": "other", "note": "Seen" } }), "method"),
    ] {
        world.listens();
        assert_eq!(carl.post(&path, body).await.expect(422).codes(field), ["invalid"]);
        world.heard_no_effect(field);
    }
    for (method, note, field) in [
        ("", "Seen", "identity_check.method"),
        ("other", "", "identity_check.note"),
        ("other", long.as_str(), "identity_check.note"),
    ] {
        world.listens();
        let form = [("method", "link"), ("identity_check.method", method), ("identity_check.note", note)];
        let page = browser.submit(&format!("/admin/accounts/{id}/reset"), &form).await.expect(422).body;
        assert!(is_wrong(&page, field), "{field}: {page}");
        world.heard_no_effect(field);
    }
    carl.post(&path, check("document", &"a".repeat(200))).await.expect(202);
}

#[tokio::test]
async fn a_disabled_account_gets_no_new_password_by_an_administrator() {
    let world = World::new().await;
    let id = world.account_id(MEMBER).await;
    let ada = world.api().logs_in(OPERATOR).await;
    ada.send("POST", &format!("/accounts/{id}/disable"), None).await.expect(204);
    let mut browser = world.browser_of(OPERATOR).await;
    for method in ["link", "temporary_password"] {
        world.listens();
        let answer = ada.post(&format!("/accounts/{id}/password-reset"), assisted(method)).await.expect(409);
        assert_eq!(answer.problem(), "account-disabled");
        let form = [("method", method), ("identity_check.method", "other"), ("identity_check.note", "Seen")];
        browser.submit(&format!("/admin/accounts/{id}/reset"), &form).await.expect(409);
        world.heard_no_effect(method);
    }
}

#[tokio::test]
async fn the_registrations_that_wait_are_had_in_parts() {
    let world = World::new().await;
    for email in ["a@newco.example", "b@newco.example", "c@newco.example"] {
        world.applies(email).await;
        world.passes("PT1S");
    }
    let ada = world.api().logs_in(OPERATOR).await;
    let (mut found, mut cursor) = (Vec::new(), String::new());
    for _ in 0..5 {
        let part = ada.get(&format!("/registrations?limit=1{cursor}")).await.expect(200);
        found.extend(emails(&part));
        match part.json()["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, ["a@newco.example", "b@newco.example", "c@newco.example"], "a person who has waited longest comes first");
    let whole = ada.get("/registrations?state=awaiting_approval").await.expect(200);
    assert!(!whole.body.contains("plain$") && !whole.body.contains("idflw_") && !whole.body.contains("code"), "{}", whole.body);
}

/// The options of a choice on a page, by value; the chosen one first.
fn options(page: &str, of: &str) -> Vec<String> {
    let Some((_, rest)) = page.split_once(&format!("<select class=\"input\" id=\"{of}\"")) else { return Vec::new() };
    let (choice, _) = rest.split_once("</select>").unwrap();
    let mut options = tags(choice).into_iter().filter(|tag| tag.name == "option").collect::<Vec<_>>();
    options.sort_by_key(|tag| tag.attribute("selected").is_none());
    options.iter().filter_map(|tag| tag.attribute("value").map(str::to_owned)).collect()
}

#[tokio::test]
async fn accounts_are_found_by_role_and_by_company() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let company_of = async |email: &str| {
        let found = ada.get(&format!("/accounts?q={email}")).await.expect(200).json();
        found["items"][0]["company_id"].as_str().unwrap().to_owned()
    };
    let (acme, other) = (company_of(OPERATOR).await, company_of(OTHER_ADMINISTRATOR).await);
    assert_ne!(acme, other);
    let everybody = [ADMINISTRATOR, MEMBER, OPERATOR, OTHER_ADMINISTRATOR];
    for (who, query, expected) in [
        (OPERATOR, "role=operator".to_owned(), vec![OPERATOR]),
        (OPERATOR, "role=company_administrator".to_owned(), vec![ADMINISTRATOR, OTHER_ADMINISTRATOR]),
        (OPERATOR, "role=company_administrator&q=carl".to_owned(), vec![ADMINISTRATOR]),
        (OPERATOR, "role=company_administrator&state=disabled".to_owned(), vec![]),
        (OPERATOR, "role=nobodys".to_owned(), vec![]),
        (OPERATOR, format!("company_id={other}"), vec![OTHER_ADMINISTRATOR]),
        (OPERATOR, format!("company_id={acme}"), vec![ADMINISTRATOR, MEMBER, OPERATOR]),
        (OPERATOR, format!("company_id={acme}&role=company_administrator"), vec![ADMINISTRATOR]),
        (OPERATOR, format!("company_id={other}&role=operator"), vec![]),
        (ADMINISTRATOR, format!("company_id={acme}"), vec![ADMINISTRATOR, MEMBER, OPERATOR]),
        // What is of another company is not there, whether or not there is such a company.
        (ADMINISTRATOR, format!("company_id={other}"), vec![]),
        (ADMINISTRATOR, "company_id=01890a5d-ac96-774b-bcce-b302099a8057".to_owned(), vec![]),
        (ADMINISTRATOR, "role=company_administrator".to_owned(), vec![ADMINISTRATOR]),
        (OTHER_ADMINISTRATOR, format!("company_id={acme}&role=operator"), vec![]),
    ] {
        let api = world.api().logs_in(who).await;
        let mut found = emails(&api.get(&format!("/accounts?{query}")).await.expect(200));
        found.sort();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{who}: {query}");
        let page = world.browser_of(who).await.get(&format!("/admin/accounts?{query}")).await.expect(200).body;
        let rows = page.split_once("<tbody").map(|(_, rows)| rows).unwrap_or_default();
        for email in everybody {
            assert_eq!(rows.contains(email), expected.contains(&email), "{email} on the page of {who}: {query}");
        }
    }
    for (query, field) in [("role=No%20role", "role"), ("company_id=acme", "company_id")] {
        let refused = ada.get(&format!("/accounts?{query}")).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["field"], field);
    }
}

#[tokio::test]
async fn the_page_offers_roles_and_to_operators_companies_and_keeps_what_was_chosen() {
    let world = World::new().await;
    let mut ada = world.browser_of(OPERATOR).await;
    let page = ada.get("/admin/accounts").await.expect(200).body;
    assert!(options(&page, "role").contains(&"company_administrator".to_owned()));
    let companies = options(&page, "company_id");
    assert_eq!((companies.len(), companies[0].as_str()), (3, ""), "any, or one of two");
    let chosen = format!("/admin/accounts?state=active&q=c&role=company_administrator&company_id={}", companies[2]);
    let page = ada.get(&chosen).await.expect(200).body;
    assert_eq!(options(&page, "role")[0], "company_administrator");
    assert_eq!(options(&page, "company_id")[0], companies[2]);
    let kept = format!("q=c&amp;role=company_administrator&amp;company_id={}", companies[2]);
    for state in ["all", "active", "disabled"] {
        assert!(page.contains(&format!("href=\"/admin/accounts?state={state}&amp;{kept}\"")), "{page}");
    }
    let carl = world.browser_of(ADMINISTRATOR).await.get("/admin/accounts").await.expect(200).body;
    assert!(!options(&carl, "role").is_empty() && options(&carl, "company_id").is_empty());
    // From somebody's page to everybody of the same company, for those who see several.
    let (id, link) = (world.account_id(MEMBER).await, "href=\"/admin/accounts?company_id=");
    assert!(ada.get(&format!("/admin/accounts/{id}")).await.expect(200).body.contains(link));
    let mut carl = world.browser_of(ADMINISTRATOR).await;
    assert!(!carl.get(&format!("/admin/accounts/{id}")).await.expect(200).body.contains(link));
}

#[tokio::test]
async fn roles_and_subscriptions_are_listed_in_parts_like_everything() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    for number in 0..3 {
        let entry = json!({ "key": format!("extra_{number}"), "name": "Extra", "grantable_by": "operator" });
        ada.post("/roles", entry.clone()).await.expect(201);
        ada.post("/subscriptions", entry).await.expect(201);
    }
    for (list, all) in [
        ("/roles", &["company_administrator", "editor", "extra_0", "extra_1", "extra_2", "operator"][..]),
        ("/subscriptions", &["extra_0", "extra_1", "extra_2", "news"]),
    ] {
        let whole = ada.get(list).await.expect(200).json();
        assert_eq!(whole["items"].as_array().unwrap().len(), all.len(), "{whole}");
        assert!(whole["next_cursor"].is_null() && whole["items"][0]["name"].is_string(), "{whole}");
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let part = ada.get(&format!("{list}?limit=2{cursor}")).await.expect(200).json();
            found.extend(part["items"].as_array().unwrap().iter().map(|entry| entry["key"].as_str().unwrap().to_owned()));
            let Some(next) = part["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(found, all);
        assert_eq!(ada.get(&format!("{list}?limit=0")).await.expect(422).codes("limit"), ["invalid"]);
        ada.get(&format!("{list}?cursor=%20")).await.expect(422);
    }
}
