//! The contract: what every store does, as clauses over the port. `contract!` names each clause as a test.

pub mod answers;
pub mod atomic;
pub mod email_changes;
pub mod erasure;
pub mod guards;
pub mod lists;
pub mod onboarding;
pub mod outbox;
pub mod passwords;
pub mod pictures;
pub mod races;
pub mod reads;
pub mod registrations;
pub mod throttles;

use tokio::runtime::Builder;

/// Runs a clause on threads enough for a race. The runtime is this crate's: `contract!` asks for none where it is written.
///
/// # Panics
/// Where the clause does not hold.
#[expect(clippy::unwrap_used, reason = "a test without threads has failed")]
pub fn run(clause: impl Future<Output = ()>) {
    Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap().block_on(clause);
}

/// How many clauses there are, as their sources have them.
#[must_use]
pub fn clauses() -> usize {
    let sources = [
        include_str!("answers.rs"),
        include_str!("atomic.rs"),
        include_str!("email_changes.rs"),
        include_str!("erasure.rs"),
        include_str!("guards.rs"),
        include_str!("lists.rs"),
        include_str!("onboarding.rs"),
        include_str!("outbox.rs"),
        include_str!("passwords.rs"),
        include_str!("pictures.rs"),
        include_str!("races.rs"),
        include_str!("reads.rs"),
        include_str!("registrations.rs"),
        include_str!("throttles.rs"),
    ];
    sources.iter().map(|source| source.matches("\npub async fn ").count()).sum()
}

/// Makes one named test of each clause, in a module of that name. `$fresh` is an expression of a future, evaluated for each clause,
/// that answers `(store, guard)`: an empty, migrated `Arc<dyn Store>`, and whatever is to be dropped after it, such as its folder;
/// `()` where there is nothing.
#[macro_export]
macro_rules! contract {
    ($name:ident, $fresh:expr) => {
        mod $name {
            use super::*;

            $crate::contract!(@clauses $fresh;
                atomic::all_changes_of_a_set_hold_together,
                atomic::a_rejected_set_leaves_no_trace,
                atomic::an_update_before_a_failed_guard_is_taken_back,
                atomic::applying_a_set_again_answers_the_same,
                atomic::a_rejected_set_may_be_applied_later,
                atomic::the_order_given_never_alters_the_answer,
                guards::ids_keys_and_numbers_are_taken_once,
                guards::an_address_has_one_account,
                guards::addresses_are_compared_byte_by_byte,
                guards::one_invitation_of_a_company_is_pending_for_an_address,
                guards::older_versions_are_refused,
                guards::roles_and_subscriptions_are_as_they_were_read,
                guards::a_link_is_spent_once_and_in_time,
                guards::children_need_their_parents,
                guards::an_opening_is_noted_once,
                races::one_link_has_one_winner,
                races::one_address_has_one_winner,
                races::one_version_has_one_winner,
                races::what_is_required_stands_until_the_commit,
                races::a_bucket_has_as_many_winners_as_permits,
                races::a_code_has_as_many_tries_as_it_may,
                races::one_attempt_has_one_winner,
                races::opposite_orders_never_fail,
                races::a_rejected_neighbour_takes_nobody_along,
                races::no_message_is_claimed_twice,
                outbox::a_message_is_claimed_settled_and_gone,
                outbox::a_lease_that_ends_is_taken_over,
                outbox::a_lease_is_renewed_by_its_claim_alone,
                outbox::a_retry_waits_for_its_time,
                outbox::what_is_returned_is_due_at_once_and_counts_as_no_attempt,
                outbox::every_mail_kind_is_read_back,
                reads::what_is_written_is_read_back,
                reads::an_account_is_revised_in_place,
                reads::a_session_is_read_with_its_account,
                reads::a_session_is_of_an_epoch_of_its_account,
                reads::lists_go_on_where_they_stopped,
                reads::a_search_by_address_goes_on_where_it_stopped,
                reads::lists_show_what_is_asked_for,
                reads::the_newest_open_invitation_of_an_address_is_found,
                reads::links_are_found_by_what_they_are_about,
                reads::the_other_sessions_end_and_one_stays,
                reads::the_terms_in_force_are_the_newest_effective,
                reads::a_sweep_takes_what_has_lapsed,
                reads::the_first_holder_of_a_role_is_active_and_there,
                lists::accounts_are_listed_newest_first,
                lists::accounts_are_found_by_the_beginning_of_an_address,
                lists::the_holders_of_a_role_are_active_and_there,
                passwords::a_password_is_read_back_with_its_end,
                passwords::a_password_takes_the_place_of_the_one_that_was_read,
                passwords::the_newest_of_the_passwords_before_are_kept,
                registrations::a_registration_is_read_back_as_it_was_written,
                registrations::a_registration_has_an_id_and_a_flow_of_its_own,
                registrations::a_registration_advances_from_the_version_that_was_read,
                registrations::a_code_takes_the_place_of_the_one_that_was_read,
                registrations::a_code_is_tried_so_often_and_no_more,
                registrations::the_newest_open_registration_of_an_address_is_found,
                registrations::registrations_are_listed_by_state_oldest_first,
                throttles::turns_are_counted_as_the_core_counts_them,
                throttles::a_turn_that_is_refused_takes_the_others_back,
                throttles::an_attempt_counts_from_what_was_read,
                throttles::a_bucket_is_reset_and_emptied,
                reads::the_newest_acceptance_of_an_account_is_found,
                email_changes::a_change_of_address_is_read_back_as_it_was_written,
                email_changes::one_change_of_an_account_is_pending,
                email_changes::an_account_is_given_an_address_that_is_free,
                email_changes::an_address_is_kept_for_an_undo,
                email_changes::an_address_that_is_given_up_goes_to_one_account,
                email_changes::an_undo_takes_what_came_after_it,
                email_changes::a_session_is_proved_under_the_secret_that_was_read,
                email_changes::the_sessions_of_an_account_are_listed,
                email_changes::the_events_of_an_account_are_listed,
                pictures::a_picture_is_read_back_by_its_name,
                pictures::an_account_has_one_picture,
                pictures::a_picture_stands_with_its_account_or_not_at_all,
                onboarding::a_first_login_is_read_back_as_it_was_written,
                onboarding::a_first_login_is_advanced_from_what_was_read,
                answers::security_answers_are_read_back_by_their_places,
                answers::security_answers_take_the_place_of_all_before,
                answers::a_security_answer_is_noted_by_the_hash_that_was_verified,
                erasure::accounts_are_erased_when_they_are_due,
                erasure::an_erasure_needs_its_version_and_its_time,
                erasure::of_an_undo_and_an_erasure_one_holds,
                erasure::what_is_personal_goes_and_nothing_else_does,
                erasure::an_address_that_is_anothers_by_now_is_left_alone,
                erasure::what_an_account_takes_along_is_found,
                erasure::addresses_of_long_ago_are_known_by_the_log,
                outbox::settled_messages_are_swept_and_no_others,
                lists::accounts_are_listed_by_a_role_that_they_hold,
            );
        }
    };
    (@clauses $fresh:expr; $($group:ident::$clause:ident),+ $(,)?) => {
        $(
            #[test]
            fn $clause() {
                $crate::contract::run(async {
                    let (store, _guard) = $fresh.await;
                    $crate::contract::$group::$clause(store).await;
                });
            }
        )+

        /// Every clause that there is runs on this store.
        #[test]
        fn every_clause_is_named() {
            let clauses = [$(stringify!($clause)),+];
            println!("{} clauses of the contract on {}", clauses.len(), stringify!($fresh));
            assert_eq!(clauses.len(), $crate::contract::clauses());
        }
    };
}
