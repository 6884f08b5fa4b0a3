//! Each fault makes the checks panic that are about it, with words that name it.

use session_runtime::testing::conformance::{
    cancellation, concurrency, crowds, csrf_keys, damage, deadlines, devices, endings, examine, flash,
    lifetimes, limits, model, numbers, principals, privilege, races, records, renewals, reopening, room,
    seen, sizes, swaps,
};

use super::broken::subject;
use super::fault::Fault;

/// One test for each fault: the check, and what it says.
macro_rules! caught {
    ($($name:ident: $fault:ident by $($check:ident)::+ saying $words:literal;)+) => {$(
        #[test]
        #[should_panic(expected = $words)]
        fn $name() {
            examine(|clock| async { subject(Some(Fault::$fault), clock) }, $($check)::+);
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
    a_late_write_over_a_later_one: WritesLate
        by cancellation::a_commit_that_is_given_up_is_whole_or_nothing saying "undid a later one";
    half_of_a_commit_that_was_given_up: AppliesFieldByField
        by cancellation::a_commit_that_is_given_up_is_whole_or_nothing saying "half of a commit";
    a_lock_that_is_left_behind: StaysLocked
        by cancellation::a_commit_that_is_given_up_is_whole_or_nothing saying "`apply` failed";
    half_of_a_record_that_was_given_up: CreatesInSteps
        by cancellation::a_creation_that_is_given_up_is_whole_or_nothing saying "half of a record";
    a_login_that_was_given_up_and_is_not_listed: IndexesLate
        by cancellation::a_login_that_is_given_up_is_listed_if_stored saying "stored, and not listed";
    a_destruction_that_was_given_up_and_is_not_listed: UnlistsFirst
        by cancellation::a_destruction_that_is_given_up_is_whole_or_nothing saying "a session that is not listed";
    commits_that_overwrite_one_another: Rewrites
        by crowds::commits_of_every_kind_at_once_all_count saying "commits";
    additions_beside_other_commits: AddsInSteps
        by crowds::commits_of_every_kind_at_once_all_count saying "additions beside other commits";
    flash_of_others_that_is_consumed: ConsumesAllFlash
        by crowds::commits_of_every_kind_at_once_all_count saying "entry of flash";
    logins_beside_one_another: IgnoresEpoch
        by crowds::one_of_many_logins_is_stored saying "of 64 logins under one epoch";
    a_list_that_cleans_too_early: CleansYoung
        by crowds::a_list_beside_logins_loses_none saying "a session that signed in beside a list";
    sweeps_that_count_twice: SweepsInSteps
        by crowds::sweeps_at_once_count_each_record_once saying "40 records have expired";
    destructions_that_count_twice: DestroysInSteps
        by endings::one_of_many_destructions_counts saying "destructions of one session";
    emptyings_that_count_twice: KeepsEmptied
        by endings::one_of_many_emptyings_counts saying "of 64 removals of the last field";
    revocations_that_count_twice: RevokesInSteps
        by endings::revocations_at_once_count_each_session_once saying "sessions that 64 revocations";
    a_revocation_at_once_without_a_generation: KeepsGeneration
        by endings::revocations_at_once_count_each_session_once saying "the generation after 64 revocations";
    an_ending_that_is_forgotten: ForgetsEmptied
        by endings::endings_are_remembered_alike saying "all or none must be";
    an_ending_that_is_never_forgotten: NeverForgets
        by endings::endings_are_remembered_alike saying "for more than an hour";
    a_commit_from_a_slow_clock: RefusesPast
        by deadlines::clocks_may_differ_by_seconds saying "a commit that fits must be stored";
    a_deadline_that_wraps: WrapsDeadlines
        by deadlines::the_end_of_time_is_a_deadline saying "a record that never ends by itself";
    expired_sessions_that_count: CountsExpired
        by principals::an_expired_session_is_his_no_more saying "expired sessions were counted as revoked";
    a_login_after_a_revocation_that_is_not_listed: ShunsRevoked
        by principals::a_login_after_an_ending_is_listed saying "after 1 endings of each kind";
    a_damaged_record_that_reads_as_absent: DamagedIsAbsent
        by damage::a_damaged_record_is_corrupt_and_stays saying "`load` of a damaged record must say";
    a_damaged_record_that_is_replaced: ReplacesDamaged
        by damage::a_damaged_record_is_corrupt_and_stays saying "`create` of a damaged record must say";
    a_damaged_record_that_is_told: RepeatsDamaged
        by damage::a_damaged_record_is_corrupt_and_stays saying "repeats what is stored";
    a_damaged_record_that_is_swept: SweepsDamaged
        by damage::a_sweep_leaves_what_is_damaged saying "`load` of a damaged record must say";
    a_sweep_that_stops: SweepStopsAtDamaged
        by damage::a_sweep_leaves_what_is_damaged saying "`sweep` failed";
    a_revocation_that_stops: RevokeStopsAtDamaged
        by damage::a_damaged_record_stands_in_nobodys_way saying "`revoke_all` beside a damaged record";
    a_damaged_record_that_hides_others: DamageHidesOthers
        by damage::a_damaged_record_stands_in_nobodys_way saying "beside a damaged one are not listed";
    a_record_that_is_lost_for_want_of_room: LosesWhatGrows
        by room::a_full_store_keeps_what_it_has saying "a commit that found no room changed the record";
    a_session_that_makes_room: EvictsOwned
        by room::a_full_store_keeps_what_it_has saying "`create` in a full store";
    an_ending_that_needs_room: EndsNothingWhenFull
        by room::a_full_store_keeps_what_it_has saying "`destroy` failed";
    an_index_that_is_lost: RestartLosesIndex
        by reopening::the_index_is_there_after_a_restart saying "the index after a restart";
    a_generation_that_is_lost: RestartForgetsGenerations
        by reopening::what_was_stored_is_there_after_a_restart saying "a generation after a restart";
    a_session_that_a_restart_revives: RestartRevives
        by reopening::what_was_stored_is_there_after_a_restart saying "came back with a restart";
    additions_beyond_the_bound: AddsInSteps
        by concurrency::additions_stop_at_the_bound saying "of 64 additions to 223";
    updates_that_get_lost: SwapsBlindly
        by concurrency::replayed_swaps_lose_nothing saying "each of 64 updates";
    flash_that_gets_lost: Rewrites
        by concurrency::flash_is_neither_lost_nor_doubled saying "assertion";
    touches_that_lower_one_another: TouchLowers
        by concurrency::touches_never_lower_one_another saying "assertion";
    a_touch_that_moves_data: DropsForeignFields
        by deadlines::a_touch_moves_the_idle_deadline_only saying "a touch moves the idle deadline and nothing else";
    a_commit_under_the_clock_of_the_store: JudgesByItsClock
        by deadlines::a_commit_is_judged_at_its_own_time saying "assertion";
    an_expired_record_that_keeps_its_place: KeepsExpired
        by deadlines::an_expired_record_never_shows_through_a_new_one saying "an expired record takes a place";
    a_sweep_by_a_former_deadline: SweepsInSteps
        by deadlines::a_sweep_goes_by_the_present_deadline saying "one record has expired, and 0 were removed";
    flash_under_one_number: NumbersFlashAnew
        by flash::entries_are_numbered_in_order saying "assertion";
    flash_under_a_former_number: NumbersFlashAnew
        by flash::ids_are_not_given_twice saying "round 1";
    bounds_of_integers_through_floats: AddsAsFloat
        by numbers::every_integer_type_counts_to_its_bounds saying "up to the last value";
    a_login_that_failed_and_upserts: Upserts
        by principals::a_login_that_failed_owns_nothing saying "assertion";
    half_of_a_commit_that_is_seen: AppliesFieldByField
        by races::a_reader_sees_whole_commits saying "half of a commit was seen";
    emptying_beside_writes: Rewrites
        by races::emptying_spares_what_came_first saying "a write";
    an_empty_commit_that_clears: DropsForeignFields
        by records::an_empty_commit_changes_nothing saying "assertion";
    a_class_that_is_forgotten: ForgetsClass
        by records::the_class_of_a_field_is_stored_with_it saying "`survives_logout` of a field";
    a_verifier_that_is_forgotten: ForgetsVerifier
        by privilege::a_rotation_replaces_the_verifier_in_place saying "after a rotation";
    a_login_that_proves: DatesLogins
        by privilege::a_login_is_stored_and_dated saying "only `authenticated` dates a proof";
    sums_in_another_order: SortsSums
        by records::sums_are_answered_in_the_order_of_the_commit saying "assertion";
    values_that_are_written_anew: WritesJsonAnew
        by sizes::every_shape_of_json_is_kept saying "the text of a value changed";
    keys_that_are_cut: CutsKeys
        by sizes::long_keys_and_values_are_kept saying "long keys that begin alike";
    a_thousand_entries_of_which_64_go: ConsumesAllFlash
        by sizes::a_thousand_flash_entries_are_one_commit saying "assertion";
    a_swap_after_a_clear: DropsForeignFields
        by swaps::a_swap_against_what_is_there_is_stored saying "a swap of";
    a_second_swap_that_is_stored: SwapsBlindly
        by swaps::the_second_of_two_swaps_conflicts saying "assertion";
    flash_that_is_consumed_as_it_is_put: ConsumesAfterPut
        by flash::a_commit_never_consumes_what_it_puts saying "assertion";
    flash_whose_consumption_destroys: EmptiesWithoutFields
        by flash::consuming_never_destroys saying "no record where a live one must be";
    a_null_that_is_no_number: RefusesNull
        by numbers::absence_and_null_count_as_the_start_value saying "with start";
    additions_to_anything: AddsToAnything
        by numbers::what_is_no_number_is_not_added_to saying "an addition to";
    floats_that_are_rounded: RoundsFloats
        by numbers::floats_add_in_their_own_width saying "as f64";
    everybody_for_a_stranger: ListsEveryone
        by principals::a_stranger_has_no_sessions saying "a stranger has 1 sessions";
    a_session_that_is_listed_twice: ListsTwice
        by principals::a_login_again_is_listed_once saying "lists one session twice";
    a_revocation_by_a_former_principal: RevokesFormer
        by principals::a_session_follows_its_last_login saying "by its former principal";
    a_destruction_that_leaves_the_session: DestroysNothing
        by principals::a_destroyed_session_is_listed_no_more saying "assertion";
    a_session_in_use_that_is_lost: ListsUntilFirstDeadline
        by principals::a_session_in_use_stays_listed saying "a live session was lost";
    a_session_with_a_principal_that_is_emptied: EmptiesWithoutFields
        by principals::a_session_with_a_principal_is_not_emptied saying "assertion";
    a_generation_that_is_raised_late: RaisesLate
        by races::no_login_outlives_a_revocation saying "began before a revocation outlived it";
    flash_that_is_not_filed: FilesNoFlash
        by records::a_record_reads_back_as_it_was_filed saying "as it was filed";
    a_clear_that_comes_last: ClearsLast
        by records::clear_comes_before_the_other_changes saying "an addition starts anew";
    a_limit_for_what_adds_nothing: LimitsEverything
        by sizes::what_adds_nothing_passes_over_the_limit saying "over the limit, and adding nothing";
    a_bound_for_commits: BoundsCommits
        by sizes::ten_thousand_fields_are_one_commit saying "`apply` failed";
    a_creation_that_was_given_up_and_is_not_listed: IndexesLate
        by cancellation::a_creation_that_is_given_up_is_whole_or_nothing saying "stored, and not listed";
    flash_that_does_not_know_how_long_it_waits: ForgetsHowLong
        by flash::an_entry_keeps_how_long_it_waits saying "how long entries wait, after `apply`";
    what_was_seen_swapped_against: OverwritesWithSeen
        by seen::what_was_seen_decides_nothing saying "a swap against what was seen";
    a_refusal_by_what_was_seen: BelievesSeen
        by seen::what_was_seen_overwrites_nothing saying "an addition to what was stored meanwhile";
    an_epoch_that_was_seen: BelievesSeen
        by seen::what_was_seen_decides_nothing saying "under the epoch that is stored";
    a_key_of_forms_that_is_cut: CutsCsrfKey
        by csrf_keys::a_csrf_key_is_kept_to_the_byte saying "the key of forms after `create`";
    a_key_of_forms_that_outlives_a_rotation: KeepsCsrfKey
        by csrf_keys::a_rotation_with_a_csrf_key_replaces_it saying "after a rotation that names another";
    a_key_of_forms_that_every_rotation_replaces: ReplacesCsrfKey
        by csrf_keys::a_rotation_without_a_csrf_key_keeps_it saying "after a rotation that names none";
    a_life_that_is_not_shortened: KeepsDeadlines
        by lifetimes::a_shorter_life_is_swept_at_its_end saying "a life was over early, and 0 were swept";
    a_renewal_that_raises_the_epoch: RaisesWithRenewals
        by renewals::a_renewal_keeps_epoch_and_privilege saying "the epoch after a renewal";
    a_renewal_of_what_was_renewed: RenewsLate
        by renewals::of_many_renewals_one_counts saying "of 64 renewals were stored, not one";
    a_renewal_of_a_verifier_that_is_no_more: RenewsLate
        by renewals::the_losers_change_nothing saying "a renewal of a verifier that is no more";
    what_was_refused_with_a_renewal: KeepsRestOfRenewals
        by renewals::the_losers_change_nothing saying "a renewal that was refused";
    a_grace_that_begins_again_and_again: MovesConfirmations
        by renewals::a_confirmation_is_made_once saying "a grace that began is not begun again";
    retired_verifiers_that_are_forgotten: ForgetsRetired
        by renewals::what_was_retired_is_kept_to_the_byte saying "after 2 renewals";
    a_renewal_across_a_change_of_privilege: KeepsRenewals
        by renewals::a_privilege_change_ends_the_renewal saying "from before a change of privilege";
    deadlines_that_stay_with_a_login: KeepsDeadlines
        by lifetimes::new_deadlines_replace_the_old saying "after a login that begins them anew";
    a_longer_life_that_is_not_listed: ListsUntilFirstDeadline
        by lifetimes::a_longer_life_stays_listed saying "listed after its former deadline";
    a_life_that_is_forgotten: ForgetsLifetimes
        by lifetimes::what_is_said_of_a_life_is_kept saying "what was said of a session's life";
    a_touch_that_notes_nothing: ForgetsSeen
        by lifetimes::a_touch_notes_when saying "when a session was last seen";
    an_expiry_of_what_never_was: CallsAllExpired
        by lifetimes::the_expired_are_told_for_a_while_or_unknown saying "the fate of what never was";
    a_limit_that_is_none: AdmitsEveryone
        by limits::admission_is_counted saying "a fourth of 3 was admitted";
    a_limit_that_counts_the_session_itself: CountsItself
        by limits::a_listed_session_is_admitted_again saying "a login again counted twice";
    a_limit_that_counts_the_dead: CountsTheDead
        by limits::the_dead_do_not_count saying "a destroyed session counted";
    an_admission_without_the_generation: AdmitsWithoutGeneration
        by limits::an_admission_tells_the_generation saying "a revocation moved no generation";
    a_crowd_of_the_newest: NamesNewest
        by limits::a_crowd_names_the_oldest_logins saying "beyond 0 of 4";
    a_crowd_without_the_generation: CrowdWithoutGeneration
        by limits::a_crowd_reads_the_generation saying "beyond 0 of 2";
    a_device_that_is_forgotten: ForgetsDevices
        by devices::facts_of_a_device_are_kept saying "what is known of the device of login 0";
    a_list_that_goes_by_the_deadline_before_the_login: ListsUntilFirstDeadline
        by devices::a_login_after_a_longer_life_outlives_the_old_deadline_in_the_index
        saying "after the deadline before the login";
}
