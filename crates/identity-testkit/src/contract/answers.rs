//! Security answers: a whole set of an account, and which of them were given.

use std::sync::Arc;

use identity_core::{
    change::{Change, Entity, QuestionChange, Rejection},
    model::{password::PasswordHash, question::SecurityAnswer},
    port::Store,
    value::{AccountId, QuestionKey},
};

use super::{atomic::rejection, guards::refused};
use crate::Fixture;

fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_phc(format!("plain${text}"))
}

async fn stored(fixture: &Fixture, account: AccountId) -> Vec<SecurityAnswer> {
    fixture.store.security_answers(account).await.unwrap_or_default()
}

/// By their places, whatever their keys and the order in which they came; those of others stay.
pub async fn security_answers_are_read_back_by_their_places(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store, 141);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let answers = ["street", "book", "a-car_2"].map(|key| fixture.security_answer(ada.id, key));
    let answers = (0..).zip(answers).map(|(place, answer)| SecurityAnswer { place, ..answer }).collect::<Vec<_>>();
    let hers = vec![fixture.security_answer(grace.id, "book")];
    let mixed = [1, 2, 0].into_iter().filter_map(|at| answers.get(at).cloned()).collect();
    fixture
        .commit(vec![
            Change::Question(QuestionChange::SetAnswers { account: ada.id, answers: mixed }),
            Change::Question(QuestionChange::SetAnswers { account: grace.id, answers: hers.clone() }),
        ])
        .await;
    assert_eq!(stored(&fixture, ada.id).await, answers);
    assert_eq!(stored(&fixture, grace.id).await, hers);
    assert_eq!(stored(&fixture, fixture.id()).await, Vec::new());
}

/// Nothing is left of those before; none takes all away.
pub async fn security_answers_take_the_place_of_all_before(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store, 142);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let hers = vec![fixture.security_answer(grace.id, "book")];
    fixture.commit(vec![Change::Question(QuestionChange::SetAnswers { account: grace.id, answers: hers.clone() })]).await;
    for keys in [["street", "book"].as_slice(), &["book", "car", "dog"], &["dog"], &[], &[]] {
        let answers = (0..).zip(keys).map(|(place, key)| SecurityAnswer {
            place,
            hash: hash(&format!("{place} of {}", keys.len())),
            ..fixture.security_answer(ada.id, key)
        });
        let answers = answers.collect::<Vec<_>>();
        fixture.commit(vec![Change::Question(QuestionChange::SetAnswers { account: ada.id, answers: answers.clone() })]).await;
        assert_eq!(stored(&fixture, ada.id).await, answers);
    }
    let nobody = fixture.id();
    let nobodys = vec![fixture.security_answer(nobody, "book")];
    let nobodys =
        fixture.try_commit(vec![Change::Question(QuestionChange::SetAnswers { account: nobody, answers: nobodys })]).await;
    assert_eq!(rejection(&nobodys), Rejection::Orphaned(Entity::SecurityAnswer));
    assert_eq!(stored(&fixture, grace.id).await, hers);
}

/// The one that was verified, and no other; the person who verified an older one is refused.
#[expect(clippy::unwrap_used, reason = "fixed texts that parse")]
pub async fn a_security_answer_is_noted_by_the_hash_that_was_verified(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store, 143);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let answers = |account| {
        let of = |(place, key)| SecurityAnswer { place, hash: hash("same"), ..fixture.security_answer(account, key) };
        (0..).zip(["street", "book"]).map(of).collect::<Vec<_>>()
    };
    for account in [ada.id, grace.id] {
        fixture.commit(vec![Change::Question(QuestionChange::SetAnswers { account, answers: answers(account) })]).await;
    }
    let note = |account, question: &str, from: &str, seconds| {
        Change::Question(QuestionChange::NoteAnswer {
            account,
            question: QuestionKey::parse(question).unwrap(),
            from: hash(from),
            at: fixture.later(seconds),
        })
    };
    fixture.commit(vec![note(ada.id, "book", "same", 1)]).await;
    fixture.commit(vec![note(ada.id, "book", "same", 2)]).await;
    let changed = Rejection::Changed(Entity::SecurityAnswer);
    refused(&fixture, note(ada.id, "book", "other", 3), changed).await;
    refused(&fixture, note(ada.id, "car", "same", 3), changed).await;
    refused(&fixture, note(fixture.id(), "book", "same", 3), changed).await;
    let times = stored(&fixture, ada.id).await.into_iter().map(|answer| answer.given_at).collect::<Vec<_>>();
    assert_eq!(times, [None, Some(fixture.later(2))]);
    assert_eq!(stored(&fixture, grace.id).await, answers(grace.id));
}
