//! Random sequences of what people do with links, codes and passwords, against the flows and against a small pure model of the
//! ledger: a link opens what its rule allows and nothing else, and both agree after every act.

mod acts;
mod doors;
mod links;
mod model;
mod pair;

use proptest::prelude::*;

use self::{acts::steps, pair::Pair};

const PEOPLE: [&str; 2] = ["hedy@example.net", "Ida@example.com"];
/// The address that the operator asked for.
const MOVED: &str = "ada@engines.example";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn links_and_the_model_of_the_ledger_agree_after_every_act(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut pair = Pair::new().await;
            for step in steps {
                pair.takes(step).await;
                pair.agrees().await;
            }
            pair.no_link_acts_at_another_door().await;
            pair.nothing_happened_twice();
        });
    }
}
