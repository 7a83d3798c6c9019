//! Choosing a company among many.

use identity_core::{
    change::{Change, ChangeSet, CompanyChange},
    model::company::Company,
    port::{Clock as _, IdSource},
    value::{CompanyId, CompanyName},
};
use serde_json::json;

use crate::{
    html::tags,
    support::{ADMINISTRATOR, Answer, MEMBER, OPERATOR, World},
};

/// So many companies are opened after the first one; the oldest and the newest.
async fn with_companies(world: &World, count: usize) -> (CompanyId, CompanyId) {
    let mut ids = Vec::new();
    for number in 0..count {
        let now = world.kit.clock.now();
        let source = IdSource::new(now, world.kit.ports.entropy.as_ref());
        let company = Company {
            id: source.id().unwrap(),
            name: CompanyName::parse(&format!("Company No. {number:03}")).unwrap(),
            created_at: now,
            is_trusted: true,
            version: 1,
        };
        ids.push(company.id);
        let set = ChangeSet::new(source.id().unwrap(), now, vec![Change::Company(CompanyChange::Open(company))]).unwrap();
        world.store().commit(&set).await.unwrap();
        world.passes("PT1S");
    }
    (ids[0], *ids.last().unwrap())
}

/// What the form would send for that field as it stands.
fn sent(page: &Answer, field: &str) -> Vec<String> {
    let named = tags(&page.body).into_iter().filter(|tag| tag.attribute("name") == Some(field));
    let is_on = |kind: Option<&str>, checked: bool| !matches!(kind, Some("radio" | "checkbox")) || checked;
    let on = named.filter(|tag| is_on(tag.attribute("type"), tag.attribute("checked").is_some()));
    on.filter_map(|tag| tag.attribute("value").map(str::to_owned)).collect()
}

fn offered(page: &Answer) -> Vec<String> {
    let radios = tags(&page.body).into_iter().filter(|tag| tag.attribute("name") == Some("company_id"));
    radios.filter_map(|tag| tag.attribute("value").map(str::to_owned)).collect()
}

async fn invited_to(world: &World, email: &str, company: CompanyId) -> bool {
    world.store().pending_invitation(company, email).await.unwrap().is_some()
}

#[tokio::test]
async fn an_operator_who_does_not_look_invites_to_the_own_company_however_many_there_are() {
    for count in [1, 30, 250] {
        let world = World::new().await;
        with_companies(&world, count).await;
        let own = world.company_id(OPERATOR).await;
        let mut ada = world.browser_of(OPERATOR).await;
        let page = ada.get("/admin/invitations/new").await.expect(200);
        let chosen = if page.body.contains("<select class=\"input\" id=\"company_id\"") {
            let selected = page.body.split("id=\"company_id\"").nth(1).unwrap().split(" selected").next().unwrap().to_owned();
            vec![selected.rsplit("value=\"").next().unwrap().trim_end_matches('"').to_owned()]
        } else {
            sent(&page, "company_id")
        };
        assert_eq!(chosen, [own.to_string()], "among {count}");
        let form = [("email", "new@acme.example"), ("company_id", chosen[0].as_str())];
        ada.submit("/admin/invitations/new", &form).await.expect(303);
        assert!(invited_to(&world, "new@acme.example", own).await);
    }
}

#[tokio::test]
async fn any_company_is_found_by_its_name_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let (oldest, _) = with_companies(&world, 250).await;
    let mut ada = world.browser_of(OPERATOR).await;
    let page = ada.get("/admin/invitations/new").await.expect(200);
    assert_eq!(offered(&page).len(), 1, "the own company alone, before a search");
    let own = offered(&page).remove(0);
    let form = [
        ("email", "new@acme.example"),
        ("first_name", "Nora"),
        ("note", "Welcome aboard"),
        ("roles", "editor"),
        ("company_id", own.as_str()),
        ("company_q", " company no. 000 "),
        ("company_searched", ""),
        ("company_search", "true"),
    ];
    let found = ada.submit("/admin/invitations/new", &form).await.expect(200);
    assert_eq!(offered(&found), [own.clone(), oldest.to_string()]);
    assert_eq!(sent(&found, "company_id").join(","), own, "nothing is chosen but by a person");
    assert_eq!(sent(&found, "email"), ["new@acme.example"]);
    assert_eq!(sent(&found, "first_name"), ["Nora"]);
    assert_eq!(sent(&found, "roles"), ["editor"]);
    assert!(found.body.contains(">Welcome aboard</textarea>"));
    let picked = oldest.to_string();
    let form = [
        ("email", "new@acme.example"),
        ("company_id", picked.as_str()),
        ("company_q", "company no. 000"),
        ("company_searched", "company no. 000"),
    ];
    ada.submit("/admin/invitations/new", &form).await.expect(303);
    assert!(invited_to(&world, "new@acme.example", oldest).await);
}

#[tokio::test]
async fn an_invitation_to_another_company_does_not_say_that_its_inviter_is_of_it() {
    let world = World::new().await;
    let (other, _) = with_companies(&world, 1).await;
    let mut ada = world.browser_of(OPERATOR).await;
    let form = [("email", "new@other.example"), ("company_id", &other.to_string())];
    ada.submit("/admin/invitations/new", &form).await.expect(303);
    world.delivers().await;
    let mut invitee = world.browser();
    let to = invitee.opens(&world.link_to("new@other.example")).await;
    let page = invitee.get(&to).await.expect(200).body;
    assert!(page.contains("Ada Lovelace invites you to Company No. 000."), "{page}");
}

#[tokio::test]
async fn a_name_that_was_typed_and_not_searched_for_invites_nobody_yet() {
    let world = World::new().await;
    let (oldest, _) = with_companies(&world, 40).await;
    let own = world.company_id(OPERATOR).await;
    let mut ada = world.browser_of(OPERATOR).await;
    let chosen = own.to_string();
    let form = [("email", "new@acme.example"), ("company_id", chosen.as_str()), ("company_q", "No. 000"), ("company_searched", "")];
    let page = ada.submit("/admin/invitations/new", &form).await.expect(200);
    assert!(offered(&page).contains(&oldest.to_string()));
    assert!(!invited_to(&world, "new@acme.example", own).await);
    let form = [("email", "x"), ("company_id", chosen.as_str()), ("company_q", "Nowhere"), ("company_searched", "")];
    let none = ada.submit("/admin/invitations/new", &form).await.expect(200).body;
    assert!(none.contains("Nowhere") && none.contains("role=\"status\""), "{none}");
}

#[tokio::test]
async fn the_list_of_accounts_is_narrowed_to_any_company_by_its_name() {
    let world = World::new().await;
    let (oldest, _) = with_companies(&world, 250).await;
    let mut ada = world.browser_of(OPERATOR).await;
    let page = ada.get("/admin/accounts").await.expect(200).body;
    assert!(page.contains("name=\"company_q\"") && !page.contains(&oldest.to_string()));
    let found = ada.get("/admin/accounts?q=g&role=editor&company_q=NO.+000").await.expect(200).body;
    let to = format!("href=\"/admin/accounts?state=all&amp;q=g&amp;role=editor&amp;company_id={oldest}\"");
    assert!(found.contains(&to), "{found}");
    let own = world.company_id(OPERATOR).await;
    let narrowed = ada.get(&format!("/admin/accounts?company_id={own}")).await.expect(200).body;
    assert!(narrowed.contains(MEMBER) && narrowed.contains("aria-current=\"true\""), "{narrowed}");
}

#[tokio::test]
async fn an_administrator_of_one_company_chooses_none() {
    let world = World::new().await;
    with_companies(&world, 40).await;
    let mut carl = world.browser_of(crate::support::ADMINISTRATOR).await;
    for path in ["/admin/invitations/new", "/admin/accounts", "/admin/accounts?company_q=company"] {
        let page = carl.get(path).await.expect(200).body;
        assert!(!page.contains("company_q") && !page.contains("Company No."), "{path}");
    }
}

#[tokio::test]
async fn the_invite_form_of_a_new_company_asks_for_no_note_until_an_operator_trusts_the_company() {
    let world = World::new().await;
    world.has_signed_up(ADMINISTRATOR).await;
    let mut carl = world.browser_of(ADMINISTRATOR).await;
    let page = carl.get("/admin/invitations/new").await.expect(200).body;
    assert!(page.contains("Your company is new") && !page.contains("name=\"note\""), "{page}");
    let noted = json!({ "email": "new@acme.example", "note": "Call now" });
    let api = world.api().logs_in(ADMINISTRATOR).await;
    assert_eq!(api.post("/invitations", noted.clone()).await.expect(422).codes("note"), ["company_not_trusted"]);
    let mut ada = world.browser_of(OPERATOR).await;
    let account = format!("/admin/accounts/{}", world.account_id(ADMINISTRATOR).await);
    assert!(ada.get(&account).await.expect(200).body.contains("Trust this company"));
    ada.submit(&format!("{account}/trust-company"), &[]).await.expect(303);
    assert!(!ada.get(&account).await.expect(200).body.contains("Trust this company"));
    assert!(carl.get("/admin/invitations/new").await.expect(200).body.contains("name=\"note\""));
    api.post("/invitations", noted).await.expect(201);
}
