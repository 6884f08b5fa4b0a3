//! The macro that makes tests of the checks.

/// Proves that a driver keeps the contract of [`Driver`](crate::drivers::Driver): expands to a module with one test
/// for each clause of it.
///
/// The second argument gives a fresh driver on an empty store each time it is called: a closure or the path of an
/// async function that takes a [`ManualClock`](crate::testing::ManualClock), which the driver should take its time
/// from. Where a store has its own time, removes expired records by itself, or can be opened by several processes, the
/// closure gives a [`Subject`](crate::testing::conformance::Subject) that says so.
///
/// `driver_conformance!(one_test module, make)` runs all checks in one test, one after the other, and names those that
/// failed: for stores that take long to start and are shared by all of them.
///
/// The only dependency that this needs is `session-runtime` with its feature `testing`.
///
/// ```
/// use session_runtime::driver_conformance;
/// use session_runtime::drivers::MemoryDriver;
///
/// driver_conformance!(memory, |clock| async { MemoryDriver::new().with_clock(clock) });
/// ```
#[macro_export]
macro_rules! driver_conformance {
    (one_test $module:ident, $make:expr $(,)?) => {
        $crate::driver_conformance! { @all one_test $module, $make; }
    };
    ($module:ident, $make:expr $(,)?) => {
        $crate::driver_conformance! { @all tests $module, $make; }
    };
    (@all $kind:ident $module:ident, $make:expr;) => {
        $crate::driver_conformance! {
            @$kind $module, $make;
            records: [
                an_unknown_selector_is_an_answer_and_no_error,
                a_record_reads_back_as_it_was_filed,
                a_taken_selector_is_not_filed_again,
                nothing_revives_a_destroyed_record,
                a_commit_changes_only_what_it_names,
                an_empty_commit_changes_nothing,
                clear_comes_before_the_other_changes,
                the_class_of_a_field_is_stored_with_it,
                a_refusal_leaves_the_record_to_the_byte,
                a_commit_under_another_epoch_is_superseded,
                a_record_whose_last_field_is_removed_is_destroyed,
                destroy_takes_only_what_is_its_owners,
                sums_are_answered_in_the_order_of_the_commit,
            ]
            privilege: [
                a_rotation_replaces_the_verifier_in_place,
                a_login_is_stored_and_dated,
            ]
            numbers: [
                every_integer_type_counts_to_its_bounds,
                integers_never_pass_through_floats,
                absence_and_null_count_as_the_start_value,
                what_is_no_number_is_not_added_to,
                floats_add_in_their_own_width,
                additions_of_one_commit_stand_or_fall_together,
            ]
            swaps: [
                a_swap_against_what_is_there_is_stored,
                a_swap_against_anything_else_is_a_conflict,
                the_second_of_two_swaps_conflicts,
            ]
            flash: [
                entries_are_numbered_in_order,
                consuming_spares_what_was_put_meanwhile,
                a_commit_never_consumes_what_it_puts,
                ids_are_not_given_twice,
                consuming_never_destroys,
                an_entry_keeps_how_long_it_waits,
            ]
            seen: [
                what_was_seen_overwrites_nothing,
                what_was_seen_decides_nothing,
            ]
            csrf_keys: [
                a_csrf_key_is_kept_to_the_byte,
                a_rotation_with_a_csrf_key_replaces_it,
                a_rotation_without_a_csrf_key_keeps_it,
            ]
            deadlines: [
                a_touch_moves_the_idle_deadline_only,
                the_idle_deadline_only_rises_and_stops_at_the_absolute_one,
                a_record_ends_at_its_deadline,
                a_touch_revives_nothing,
                a_commit_is_judged_at_its_own_time,
                what_has_expired_counts_as_unknown,
                an_expired_record_never_shows_through_a_new_one,
                a_sweep_keeps_its_batch_and_spares_the_living,
                a_sweep_goes_by_the_present_deadline,
                the_end_of_time_is_a_deadline,
                clocks_may_differ_by_seconds,
            ]
            renewals: [
                a_renewal_keeps_epoch_and_privilege,
                of_many_renewals_one_counts,
                the_losers_change_nothing,
                a_confirmation_is_made_once,
                what_was_retired_is_kept_to_the_byte,
                a_privilege_change_ends_the_renewal,
            ]
            lifetimes: [
                new_deadlines_replace_the_old,
                a_longer_life_stays_listed,
                a_shorter_life_is_swept_at_its_end,
                what_is_said_of_a_life_is_kept,
                a_touch_notes_when,
                the_expired_are_told_for_a_while_or_unknown,
            ]
            principals: [
                a_stranger_has_no_sessions,
                a_login_is_listed,
                a_login_again_is_listed_once,
                a_session_follows_its_last_login,
                a_login_that_failed_owns_nothing,
                a_destroyed_session_is_listed_no_more,
                revoking_destroys_all_of_one_principal,
                a_generation_moves_with_revocations_only,
                a_session_in_use_stays_listed,
                an_expired_session_is_his_no_more,
                a_login_after_an_ending_is_listed,
                a_session_with_a_principal_is_not_emptied,
            ]
            concurrency: [
                additions_add_up,
                additions_stop_at_the_bound,
                one_of_many_creations_is_filed,
                one_of_many_swaps_is_stored,
                replayed_swaps_lose_nothing,
                writes_of_different_fields_all_stay,
                flash_is_neither_lost_nor_doubled,
                one_of_many_rotations_is_stored,
                touches_never_lower_one_another,
                logins_at_once_are_all_listed,
            ]
            crowds: [
                commits_of_every_kind_at_once_all_count,
                one_of_many_logins_is_stored,
                a_list_beside_logins_loses_none,
                sweeps_at_once_count_each_record_once,
            ]
            endings: [
                endings_are_remembered_alike,
                one_of_many_destructions_counts,
                one_of_many_emptyings_counts,
                revocations_at_once_count_each_session_once,
            ]
            cancellation: [
                a_commit_that_is_given_up_is_whole_or_nothing,
                a_creation_that_is_given_up_is_whole_or_nothing,
                a_login_that_is_given_up_is_listed_if_stored,
                a_destruction_that_is_given_up_is_whole_or_nothing,
            ]
            races: [
                a_reader_sees_whole_commits,
                a_destroyed_record_stays_destroyed,
                emptying_spares_what_came_first,
                no_login_outlives_a_revocation,
            ]
            sizes: [
                the_limit_holds_to_the_byte,
                what_adds_nothing_passes_over_the_limit,
                every_kind_of_text_is_kept,
                every_shape_of_json_is_kept,
                long_keys_and_values_are_kept,
                ten_thousand_fields_are_one_commit,
                a_thousand_flash_entries_are_one_commit,
            ]
            reopening: [
                what_was_stored_is_there_after_a_restart,
                the_index_is_there_after_a_restart,
                two_processes_see_each_other,
                additions_of_two_processes_add_up,
            ]
            damage: [
                a_damaged_record_is_corrupt_and_stays,
                a_sweep_leaves_what_is_damaged,
                a_damaged_record_stands_in_nobodys_way,
            ]
            room: [
                a_full_store_keeps_what_it_has,
            ]
            limits: [
                admission_is_counted,
                a_listed_session_is_admitted_again,
                the_dead_do_not_count,
                an_admission_tells_the_generation,
                a_crowd_names_the_oldest_logins,
                a_crowd_reads_the_generation,
            ]
            devices: [
                facts_of_a_device_are_kept,
                a_login_after_a_longer_life_outlives_the_old_deadline_in_the_index,
            ]
            model: [
                random_commits_do_what_the_reference_says,
            ]
        }
    };
    (@one_test $module:ident, $make:expr; $($topic:ident: [$($check:ident),+ $(,)?])+) => {
        mod $module {
            // What `$make` names is named where the macro was called.
            #[allow(unused_imports)]
            use super::*;

            #[::core::prelude::v1::test]
            fn keeps_the_contract() {
                let mut failed = ::std::vec::Vec::new();
                $($(
                    let check = || {
                        $crate::testing::conformance::examine($make, $crate::testing::conformance::$topic::$check);
                    };
                    if ::std::panic::catch_unwind(::std::panic::AssertUnwindSafe(check)).is_err() {
                        failed.push(::core::concat!(::core::stringify!($topic), "::", ::core::stringify!($check)));
                    }
                )+)+
                ::core::assert!(failed.is_empty(), "checks that failed, with their reasons above: {failed:#?}");
            }
        }
    };
    (@tests $module:ident, $make:expr; $($topic:ident: [$($check:ident),+ $(,)?])+) => {
        mod $module {
            // What `$make` names is named where the macro was called.
            #[allow(unused_imports)]
            use super::*;

            $($(
                #[::core::prelude::v1::test]
                fn $check() {
                    $crate::testing::conformance::examine($make, $crate::testing::conformance::$topic::$check);
                }
            )+)+
        }
    };
}

#[cfg(test)]
mod tests {
    /// The macro's list would otherwise forget a check that is added later.
    #[test]
    fn every_check_is_made_a_test() {
        let listed = include_str!("macros.rs");
        let topics = [
            include_str!("records.rs"),
            include_str!("privilege.rs"),
            include_str!("numbers.rs"),
            include_str!("swaps.rs"),
            include_str!("flash.rs"),
            include_str!("seen.rs"),
            include_str!("csrf_keys.rs"),
            include_str!("deadlines.rs"),
            include_str!("renewals.rs"),
            include_str!("lifetimes.rs"),
            include_str!("principals.rs"),
            include_str!("concurrency.rs"),
            include_str!("crowds.rs"),
            include_str!("endings.rs"),
            include_str!("cancellation.rs"),
            include_str!("damage.rs"),
            include_str!("room.rs"),
            include_str!("races.rs"),
            include_str!("sizes.rs"),
            include_str!("reopening.rs"),
            include_str!("limits.rs"),
            include_str!("devices.rs"),
            include_str!("model.rs"),
        ];
        for topic in topics {
            for line in topic.lines().filter_map(|line| line.strip_prefix("pub async fn ")) {
                let name = line.split(['<', '(']).next().unwrap_or_default();
                assert!(listed.contains(&format!(" {name},\n")), "`{name}` is not in the list of the macro");
            }
        }
    }
}
