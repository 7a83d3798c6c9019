//! Judging a password before anything is done with it.

use std::sync::Arc;

use async_trait::async_trait;
use identity_core::{
    flow::password::AssessPassword,
    model::{
        Settings,
        password::{Candidate, ContextWords, PasswordPolicy, RuleId},
    },
    port::{BreachedPasswords, Ports},
};
use identity_testkit::Kit;

/// A source that must not be asked.
struct Untouched;

#[async_trait]
impl BreachedPasswords for Untouched {
    async fn is_breached(&self, _candidate: &Candidate) -> bool {
        panic!("it was asked")
    }
}

async fn broken(ports: Ports, settings: Settings, password: &str) -> Vec<RuleId> {
    let assess = AssessPassword::new(ports, Arc::new(settings));
    assess.run(&Candidate::new(password).unwrap(), &ContextWords::default()).await.unwrap().broken
}

#[tokio::test]
async fn breached_passwords_are_refused_where_the_policy_says_so() {
    let kit = Kit::new();
    let mut settings = (*kit.settings).clone();
    settings.password_policy = PasswordPolicy { breached: true, ..settings.password_policy };
    assert_eq!(broken(kit.ports.clone(), settings.clone(), "Zr7-breached!").await, [RuleId::NotBreached]);
    assert_eq!(broken(kit.ports, settings, "Zr7-mnbvq!").await, []);
}

#[tokio::test]
async fn where_the_policy_says_nothing_of_breaches_nobody_is_asked() {
    let kit = Kit::new();
    let ports = Ports { breached: Arc::new(Untouched), ..kit.ports };
    assert_eq!(broken(ports, (*kit.settings).clone(), "Zr7-breached!").await, []);
}
