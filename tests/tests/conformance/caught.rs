//! Each fault makes the checks panic that are about it, with words that name it.

use session_runtime::testing::conformance::{
    concurrency, deadlines, examine, flash, model, numbers, principals, races, records, sizes, swaps,
};

use super::broken::{Broken, Fault};

/// One test for each fault: the check, and what it says.
macro_rules! caught {
    ($($name:ident: $fault:ident by $($check:ident)::+ saying $words:literal;)+) => {$(
        #[test]
        #[should_panic(expected = $words)]
        fn $name() {
            examine(|clock| async { Broken::by(Fault::$fault, clock) }, $($check)::+);
        }
    )+};
}

caught! {
    an_upsert_under_an_unknown_selector: Upserts
        by records::an_unknown_selector_is_an_answer_and_no_error saying "`apply` under an unknown selector";
    an_upsert_after_a_destruction: Upserts
        by records::nothing_revives_a_destroyed_record saying "`apply` after `destroy`";
    a_record_that_comes_back_beside_a_destruction: Rewrites
        by races::a_destroyed_record_stays_destroyed saying "destr";
    a_creation_that_overwrites: CreateOverwrites
        by records::a_taken_selector_is_not_filed_again saying "`create` on a taken selector";
    creations_that_overwrite_one_another: CreateOverwrites
        by concurrency::one_of_many_creations_is_filed saying "64 of 64 creations were filed, not one";
    a_load_of_what_expired: LoadsExpired
        by deadlines::a_record_ends_at_its_deadline saying "a record was loaded at its idle deadline";
    a_load_of_what_was_filed_expired: LoadsExpired
        by deadlines::what_has_expired_counts_as_unknown saying "an expired record was loaded";
    a_touch_that_revives: TouchRevives
        by deadlines::a_touch_revives_nothing saying "at the deadline";
    a_touch_that_lowers_the_deadline: TouchLowers
        by deadlines::the_idle_deadline_only_rises_and_stops_at_the_absolute_one saying "after a touch until";
    a_commit_of_another_epoch: IgnoresEpoch
        by records::a_commit_under_another_epoch_is_superseded saying "on a record of epoch 1";
    rotations_beside_one_another: IgnoresEpoch
        by concurrency::one_of_many_rotations_is_stored saying "rotations stored";
    half_of_a_refused_commit: AppliesHalf
        by records::a_refusal_leaves_the_record_to_the_byte saying "left something behind";
    half_of_refused_additions: AppliesHalf
        by numbers::additions_of_one_commit_stand_or_fall_together saying "a refused commit added something";
    additions_that_get_lost: AddsInSteps
        by concurrency::additions_add_up saying "each addition sees a sum of its own";
    additions_through_floats: AddsAsFloat
        by numbers::integers_never_pass_through_floats saying "9007199254740992 + 1";
    a_swap_that_does_not_compare: SwapsBlindly
        by swaps::a_swap_against_anything_else_is_a_conflict saying "expected Some";
    swaps_that_overwrite_one_another: SwapsBlindly
        by concurrency::one_of_many_swaps_is_stored saying "64 of 64 swaps were stored, not one";
    fields_of_others_that_are_dropped: DropsForeignFields
        by records::a_commit_changes_only_what_it_names saying "assertion";
    writes_of_others_that_are_dropped: DropsForeignFields
        by concurrency::writes_of_different_fields_all_stay saying "64 new fields";
    flash_that_is_consumed_unseen: ConsumesAllFlash
        by flash::consuming_spares_what_was_put_meanwhile saying "assertion";
    a_destruction_by_somebody_else: DestroysAnyones
        by records::destroy_takes_only_what_is_its_owners saying "of another's record";
    a_login_that_is_not_listed: ForgetsLogins
        by principals::a_login_is_listed saying "assertion";
    logins_that_are_not_listed: ForgetsLogins
        by concurrency::logins_at_once_are_all_listed saying "a session that signed in is not listed";
    a_revocation_without_a_generation: KeepsGeneration
        by principals::a_generation_moves_with_revocations_only saying "gave no new generation";
    a_revocation_of_the_present_session: RevokesExcepted
        by principals::revoking_destroys_all_of_one_principal saying "all but one of three";
    a_sweep_without_a_limit: SweepsEverything
        by deadlines::a_sweep_keeps_its_batch_and_spares_the_living saying "a sweep of none";
    keys_that_fall_together: FoldsKeys
        by sizes::every_kind_of_text_is_kept saying "by `apply`";
    a_limit_that_does_not_hold: IgnoresLimit
        by sizes::the_limit_holds_to_the_byte saying "one byte over the limit";
    an_emptied_record_that_stays: KeepsEmptied
        by records::a_record_whose_last_field_is_removed_is_destroyed saying "an emptied record is still there";
    a_deviation_nobody_thought_of: ConsumesAllFlash
        by model::random_commits_do_what_the_reference_says saying "seed";
}
