//! Random sequences of what people do with links, codes, passwords, addresses and accounts, against the flows and against a small
//! pure model of the links: a link opens what its rule allows and nothing else, and both agree after every act. The rules are the
//! tables of `docs/security.md`.

mod access;
mod acts;
mod addresses;
mod agreement;
mod doors;
mod joining;
mod leaving;
mod links;
mod mails;
mod model;
mod pair;

use proptest::prelude::*;

use self::{acts::acts, pair::Pair};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn links_and_their_model_agree_after_every_act(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut pair = Pair::new().await;
            for act in acts {
                pair.takes(act).await;
                pair.agrees().await;
            }
            pair.no_link_acts_at_another_door().await;
            pair.a_person_who_knows_the_password_and_the_address_is_let_in().await;
            pair.each_link_acts_at_its_own_door_as_it_should().await;
            pair.agrees().await;
            pair.nothing_happened_twice();
        });
    }
}
