//! Lists of accounts.

use std::sync::Arc;

use identity_core::{
    change::{Change, CompanyChange},
    model::{
        access::Scope,
        account::{Account, AccountState},
    },
    port::{AccountQuery, Store},
    value::{AccountId, CompanyId, RoleKey},
};

use crate::Fixture;

fn query(scope: Scope) -> AccountQuery {
    AccountQuery { scope, state: None, role: None, address_prefix: None, after: None, limit: 3 }
}

/// All parts, one after the other.
async fn in_parts(store: &Arc<dyn Store>, query: &AccountQuery) -> Vec<Account> {
    let (mut after, mut seen) = (query.after, Vec::new());
    loop {
        let page = store.accounts(&AccountQuery { after, ..query.clone() }).await;
        let Ok(page) = page else { unreachable!("{page:?}") };
        assert!(page.items.len() <= query.limit.into());
        seen.extend(page.items);
        assert!(seen.len() < 100, "it comes to an end");
        after = page.next;
        if after.is_none() {
            return seen;
        }
    }
}

/// Accounts with these addresses, one second after the other. Every third is disabled; every second holds something.
async fn people(fixture: &mut Fixture, company: CompanyId, addresses: &[&str]) -> Vec<Account> {
    let mut people = Vec::new();
    for (address, number) in addresses.iter().zip(0..) {
        fixture.now = fixture.later(1);
        let mut account = fixture.account(company, address);
        if number % 3 == 2 {
            account.state = AccountState::Disabled;
        }
        if number % 2 == 0 {
            account.roles = [RoleKey::operator(), RoleKey::company_administrator()].into();
        }
        fixture.commit(vec![fixture.open(&account)]).await;
        people.push(account);
    }
    people
}

/// Newest first, part by part, each with what it holds; of all companies or of one, in any state or in one.
pub async fn accounts_are_listed_newest_first(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 131);
    let (here, elsewhere) = (fixture.company(), fixture.company());
    fixture
        .commit(vec![Change::Company(CompanyChange::Open(here.clone())), Change::Company(CompanyChange::Open(elsewhere.clone()))])
        .await;
    let mut mine =
        people(&mut fixture, here.id, &["c@x.example", "a@x.example", "b@x.example", "e@x.example", "d@x.example"]).await;
    let mut all = mine.clone();
    all.extend(people(&mut fixture, elsewhere.id, &["a@y.example", "g@y.example", "f@y.example"]).await);
    mine.reverse();
    all.reverse();
    let in_state = |state: AccountState, accounts: &[Account]| {
        accounts.iter().filter(|account| account.state == state).cloned().collect::<Vec<_>>()
    };
    for (scope, expected) in [(Scope::Everywhere, &all), (Scope::Company(here.id), &mine)] {
        for limit in [1, 2, 5, 200] {
            let query = AccountQuery { limit, ..query(scope) };
            assert_eq!(in_parts(&store, &query).await, *expected);
            for state in [AccountState::Active, AccountState::Disabled] {
                let query = AccountQuery { state: Some(state), ..query.clone() };
                assert_eq!(in_parts(&store, &query).await, in_state(state, expected));
            }
        }
    }
    assert_eq!(in_parts(&store, &query(Scope::Company(fixture.company().id))).await, Vec::new());
}

/// By the beginning of an address, in the order of addresses, byte by byte.
pub async fn accounts_are_found_by_the_beginning_of_an_address(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 132);
    let (here, elsewhere) = (fixture.company(), fixture.company());
    fixture
        .commit(vec![Change::Company(CompanyChange::Open(here.clone())), Change::Company(CompanyChange::Open(elsewhere.clone()))])
        .await;
    let addresses = ["nb@x.example", "na@x.example", "m@x.example", "n@x.example", "n%c@x.example", "Nd@x.example", "o@x.example"];
    let mut mine = people(&mut fixture, here.id, &addresses).await;
    let mut all = mine.clone();
    all.extend(people(&mut fixture, elsewhere.id, &["nab@y.example", "na@y.example", "z@y.example", "nc@y.example"]).await);
    let by_address = |account: &Account| account.email.canonical().to_owned();
    mine.sort_by_key(by_address);
    all.sort_by_key(by_address);
    for (scope, everyone) in [(Scope::Everywhere, &all), (Scope::Company(here.id), &mine)] {
        for prefix in ["n", "na", "na@x.example", "n%", "n_", "N", ""] {
            for state in [None, Some(AccountState::Active), Some(AccountState::Disabled)] {
                let is_one = |account: &&Account| {
                    account.email.canonical().starts_with(prefix) && state.is_none_or(|state| account.state == state)
                };
                let expected = everyone.iter().filter(is_one).cloned().collect::<Vec<_>>();
                for limit in [1, 2, 200] {
                    let query = AccountQuery { state, address_prefix: Some(prefix.to_owned()), limit, ..query(scope) };
                    assert_eq!(in_parts(&store, &query).await, expected, "{query:?}");
                }
            }
        }
    }
    let nowhere = AccountQuery { address_prefix: Some("n".to_owned()), after: Some(fixture.id()), ..query(Scope::Everywhere) };
    assert_eq!(in_parts(&store, &nowhere).await, Vec::new(), "nothing comes after an account that is not there");
}

/// Those that are active, the longest there first, no more than are asked for.
pub async fn the_holders_of_a_role_are_active_and_there(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 133);
    let (here, elsewhere) = (fixture.company(), fixture.company());
    fixture
        .commit(vec![Change::Company(CompanyChange::Open(here.clone())), Change::Company(CompanyChange::Open(elsewhere.clone()))])
        .await;
    let addresses = ["e@x.example", "d@x.example", "c@x.example", "b@x.example", "a@x.example"];
    let mine = people(&mut fixture, here.id, &addresses).await;
    let others = people(&mut fixture, elsewhere.id, &["a@y.example", "b@y.example"]).await;
    let role = RoleKey::company_administrator();
    let ids = |accounts: &[&Account]| accounts.iter().map(|account| account.id).collect::<Vec<AccountId>>();
    let accounts_with_role = async |company, limit| {
        let found = store.accounts_with_role(&role, company, limit).await.ok();
        found.map(|found| found.iter().map(|account| account.id).collect::<Vec<_>>())
    };
    let ([first, _, disabled, _, last], [other, _]) = (mine.as_slice(), others.as_slice()) else { unreachable!("seven of them") };
    assert!(!disabled.is_active() && disabled.roles.contains(&role));
    assert_eq!(accounts_with_role(Some(here.id), 200).await, Some(ids(&[first, last])));
    assert_eq!(accounts_with_role(None, 200).await, Some(ids(&[first, last, other])));
    assert_eq!(accounts_with_role(None, 2).await, Some(ids(&[first, last])));
    assert_eq!(accounts_with_role(Some(fixture.company().id), 200).await, Some(Vec::new()));
    let found = store.accounts_with_role(&role, Some(here.id), 1).await.ok();
    assert_eq!(found.as_deref(), Some(std::slice::from_ref(first)), "each with everything that it holds");
    assert_eq!(store.first_account_with_role(&role, Some(here.id)).await.ok().flatten().as_ref(), Some(first));
}

/// Those that hold a role, disabled ones too: newest first, or by the beginning of an address.
pub async fn accounts_are_listed_by_a_role_that_they_hold(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 134);
    let (here, elsewhere) = (fixture.company(), fixture.company());
    fixture
        .commit(vec![Change::Company(CompanyChange::Open(here.clone())), Change::Company(CompanyChange::Open(elsewhere.clone()))])
        .await;
    let addresses = ["nb@x.example", "na@x.example", "m@x.example", "n@x.example", "nd@x.example", "o@x.example", "nc@x.example"];
    let mut all = people(&mut fixture, here.id, &addresses).await;
    all.extend(people(&mut fixture, elsewhere.id, &["nab@y.example", "z@y.example", "nx@y.example"]).await);
    all.reverse();
    let states = [None, Some(AccountState::Active), Some(AccountState::Disabled)];
    for role in [RoleKey::operator(), RoleKey::company_administrator()] {
        for scope in [Scope::Everywhere, Scope::Company(here.id), Scope::Company(elsewhere.id)] {
            for (state, prefix) in states.into_iter().flat_map(|state| [(state, None), (state, Some("n"))]) {
                let is_one = |account: &&Account| {
                    account.roles.contains(&role)
                        && (scope == Scope::Everywhere || scope == Scope::Company(account.company))
                        && state.is_none_or(|state| account.state == state)
                        && prefix.is_none_or(|prefix| account.email.canonical().starts_with(prefix))
                };
                let mut expected = all.iter().filter(is_one).cloned().collect::<Vec<_>>();
                if prefix.is_some() {
                    expected.sort_by_key(|account| account.email.canonical().to_owned());
                }
                for limit in [1, 2, 200] {
                    let (role, address_prefix) = (Some(role.clone()), prefix.map(str::to_owned));
                    let query = AccountQuery { state, role, address_prefix, limit, ..query(scope) };
                    assert_eq!(in_parts(&store, &query).await, expected, "{query:?}");
                }
            }
        }
    }
    let Ok(nobodys) = RoleKey::parse("nobodys") else { unreachable!("a key") };
    assert_eq!(in_parts(&store, &AccountQuery { role: Some(nobodys), ..query(Scope::Everywhere) }).await, Vec::new());
    // From where a holder would stand who is not there.
    let (role, after) = (Some(RoleKey::operator()), all.iter().find(|account| account.roles.is_empty()).map(|account| account.id));
    let behind = all.iter().filter(|account| Some(account.id) < after && !account.roles.is_empty()).cloned();
    let query = AccountQuery { role, after, ..query(Scope::Everywhere) };
    assert_eq!(in_parts(&store, &query).await, behind.collect::<Vec<_>>());
}
