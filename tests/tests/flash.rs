//! Stories about flash: what one request leaves for a later one, on the driver that the environment names.
//!
//! Each is named after the items of the feature list that it tells. Items that stories of `stories.rs` tell already:
//!
//! | item | story |
//! |---|---|
//! | A4-46: a failed request leaves flash | `stories::flash::a4_46_a_failed_request_leaves_flash_for_the_next` |
//! | A4-58, A5-58, G-66: reflash keeps all | `stories::flash::a4_58_a5_58_g_66_kept_flash_lives_for_one_more_request_and_new_flash_wins_over_it` |
//! | A5-44, A6-44, C-16: read-only sees and leaves | `stories::flash::a5_44_a6_44_c_16_a_read_only_request_sees_flash_and_leaves_it` |
//! | A6-53, T-10: consuming never destroys | `stories::flash::t_10_a6_53_consuming_flash_never_destroys_the_session` |
//! | G-62, C-15: not visible in its own request | `stories::flash::g_62_c_15_flash_is_read_by_the_next_request_once` |
//! | G-64: `now` stores nothing | `stories::flash::g_64_now_shows_a_message_to_this_request_only_and_stores_nothing` |
//! | C-15: flash is no field | `stories::flash::c_15_flash_is_no_field` |
//! | C-16: a request that does not load | `stories::flash::c_16_a_request_that_does_not_load_the_session_eats_no_flash` |
//! | row 48: put while other flash is consumed | `stories::flash::row_48_flash_that_is_put_while_other_flash_is_consumed_survives` |
//! | row 48: an explicit commit consumes nothing | `stories::flash::consumption_is_one_write_and_an_explicit_commit_does_not_consume` |
//!
//! How long entries wait, on every driver: `flash::an_entry_keeps_how_long_it_waits` of the conformance kit. Bags of forms,
//! which are flash under reserved keys: the unit tests of the session's bags.
//!
//! Without counterpart: A4-57 (`__flash__old`) and A5-62 (writers of the store), since nothing of flash is a field.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed step is a failed story")]

mod flash {
    mod budget;
    mod client;
    mod consumption;
    mod keeping;
    mod precedence;
    mod reading;
    mod stage;
    mod until_read;
}
