//! `cargo xtask bench lists URL`: every list of accounts and invitations, by each combination of what can be asked for, over a database
//! that `seed` wrote.

use std::time::{Duration, Instant};

use identity_core::{
    model::{access::Scope, account::AccountState, invitation::InvitationState},
    port::{AccountQuery, AccountReads as _, Clock as _, InvitationFilter, InvitationQuery, InvitationReads as _},
    value::{RoleKey, Timestamp},
};
use identity_crypto::SystemClock;
use identity_storage::{DatabaseUrl, PoolLimits, Storage};

use crate::{Ran, figure::print};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How often each part is asked for.
const TIMES: usize = 200;
/// A list that takes longer than this is not asked for again.
const TOO_LONG: Duration = Duration::from_secs(2);
const LIMIT: u16 = 25;

pub(crate) async fn run(arguments: &[String]) -> Ran {
    let [url] = arguments else { return Err("say where: lists sqlite:///path/identity.db".into()) };
    let storage = Storage::open(&DatabaseUrl::new(url.clone().into()), PoolLimits::default()).await?;
    storage.migrate().await?;
    let someone = storage.accounts(&accounts(Scope::Everywhere, None, None, None)).await?.items.pop().ok_or("nobody is there")?;
    for scope in [Scope::Everywhere, Scope::Company(someone.company)] {
        // Nearly everybody, a few and one.
        for prefix in [None, Some("p"), Some("person50"), Some(someone.email.canonical())] {
            for state in [None].into_iter().chain(AccountState::ALL.map(Some)) {
                for role in [None, Some("editor"), Some("company_administrator"), Some("operator")] {
                    let role = role.map(RoleKey::parse).transpose()?;
                    let mut query = accounts(scope, state, role, prefix);
                    let mut took = Vec::new();
                    for _ in 0..TIMES {
                        let before = Instant::now();
                        let page = storage.accounts(&query).await?;
                        took.push(before.elapsed());
                        // On and on, and from the beginning again.
                        query.after = page.next;
                        if took.last().is_some_and(|took| *took > TOO_LONG) {
                            break;
                        }
                    }
                    let what = query.role.as_ref().map_or("any role", RoleKey::as_str);
                    report(&format!("accounts, {}, {what}, {:?}, {prefix:?}", name(scope), query.state), &mut took);
                }
            }
            let ended = InvitationState::ALL.map(InvitationFilter::Ended).into_iter().skip(1);
            let filters = [InvitationFilter::Pending, InvitationFilter::Expired].into_iter().chain(ended).map(Some).chain([None]);
            for filter in filters {
                one_of_invitations(&storage, scope, filter, prefix).await?;
            }
        }
    }
    storage.close().await?;
    Ok(())
}

async fn one_of_invitations(
    storage: &Storage,
    scope: Scope,
    filter: Option<InvitationFilter>,
    prefix: Option<&str>,
) -> Result<(), Failure> {
    let now: Timestamp = SystemClock.now();
    let mut query = InvitationQuery { scope, filter, address_prefix: prefix.map(str::to_owned), now, after: None, limit: LIMIT };
    let mut took = Vec::new();
    for _ in 0..TIMES {
        let before = Instant::now();
        let page = storage.invitations(&query).await?;
        took.push(before.elapsed());
        query.after = page.next;
        if took.last().is_some_and(|took| *took > TOO_LONG) {
            break;
        }
    }
    report(&format!("invitations, {}, {filter:?}, {prefix:?}", name(scope)), &mut took);
    Ok(())
}

fn accounts(scope: Scope, state: Option<AccountState>, role: Option<RoleKey>, prefix: Option<&str>) -> AccountQuery {
    AccountQuery { scope, state, role, address_prefix: prefix.map(str::to_owned), after: None, limit: LIMIT }
}

const fn name(scope: Scope) -> &'static str {
    match scope {
        Scope::Everywhere => "all companies",
        Scope::Company(_) => "one company",
    }
}

fn report(name: &str, took: &mut [Duration]) {
    took.sort_unstable();
    let at = (took.len() * 99 / 100).min(took.len().saturating_sub(1));
    let p99 = took.get(at).copied().unwrap_or_default().as_secs_f64() * 1000.0;
    print(&format!("lists: {name}, p99"), &format!("{p99:.2} ms"), "<= 20 ms", p99 <= 20.0);
}
