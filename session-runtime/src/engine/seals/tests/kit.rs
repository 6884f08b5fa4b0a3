//! The parts of the driver kit that apply to sealed sessions, on a driver whose store is a browser's jar: every record
//! goes through seal and chunks, and comes back out of a request's headers.
//!
//! Not here: the principal index, since a jar lists nothing; what the browser decides, concurrency; records of more than
//! 128 KiB. What takes their place is in the stories of the cookie driver.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderValue;

use crate::config::{CookieConfig, Cookies, Policy};
use crate::driver::{Created, Driver, DriverError, Members, Nothing, Owner};
use crate::random::SystemRandom;
use crate::record::{Applied, Commit, PrincipalKey, Verdict};
use crate::testing::ManualClock;
use crate::testing::conformance::{
    deadlines, examine, flash, model, numbers, privilege, records, sizes, swaps,
};
use crate::token::Selector;

use crate::record::Record;

use super::*;

struct Jar {
    core: Core,
    cookies: Mutex<HashMap<Selector, HeaderMap>>,
}

impl Jar {
    fn new(clock: ManualClock) -> Self {
        let cookies = Cookies::new(&CookieConfig::default()).unwrap();
        let seals = Seals {
            keys: KeyRing::ephemeral().unwrap(),
            purpose: Purpose::cookie(cookies.name()),
            max_bytes: 128 << 10,
            checked: false,
            guarded: false,
        };
        let core = Core {
            driver: Arc::new(Nothing),
            seals: Some(seals),
            policy: Policy::default(),
            cookies,
            visitors: crate::engine::Visitors::new(&CookieConfig::default(), None).unwrap(),
            clock: Arc::new(clock),
            random: Arc::new(SystemRandom::default()),
            teller: crate::observe::Teller::default(),
            credentials: None,
            endings: crate::engine::Endings::default(),
            detached: tokio::sync::watch::Sender::new(0),
        };
        Self { core, cookies: Mutex::default() }
    }

    fn seals(&self) -> &Seals {
        self.core.seals.as_ref().unwrap()
    }

    fn opened(&self, headers: &HeaderMap) -> Record {
        let presented = self.seals().read(&self.core, headers);
        presented.sessions().next().expect("what was sealed opens").record.clone()
    }

    /// The lines of the answer as the next request presents them.
    fn sealed(&self, selector: &Selector, record: &Record) -> Result<HeaderMap, DriverError> {
        let stored = Stored { token: Token::naming(*selector), record: record.clone(), generation: 0 };
        let lines =
            self.seals().seal(&self.core, &stored, self.core.now()).map_err(DriverError::unavailable)?;
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = line.to_str().unwrap();
            let (pair, _) = line.split_once(';').unwrap();
            headers.append(COOKIE, HeaderValue::from_str(pair).unwrap());
        }
        Ok(headers)
    }

    fn jar(&self) -> std::sync::MutexGuard<'_, HashMap<Selector, HeaderMap>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Driver for Jar {
    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        let record = self.jar().get(selector).map(|headers| self.opened(headers));
        Ok(record.filter(|record| !record.is_expired(self.core.now())))
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        let sealed = self.sealed(selector, record)?;
        let mut jar = self.jar();
        if jar.contains_key(selector) {
            return Ok(Created::Taken);
        }
        jar.insert(*selector, sealed);
        Ok(Created::Filed)
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let mut jar = self.jar();
        let Some(record) = jar.get(selector).map(|headers| self.opened(headers)) else {
            return Ok(Applied::Gone);
        };
        match record.apply(commit) {
            Verdict::Leave(answer) => Ok(answer),
            Verdict::Destroy => {
                jar.remove(selector);
                Ok(Applied::Emptied)
            }
            Verdict::Store(record, sums) => {
                jar.insert(*selector, self.sealed(selector, &record)?);
                Ok(Applied::Stored(sums))
            }
        }
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        let mut jar = self.jar();
        let Some(record) = jar.get(selector).map(|headers| self.opened(headers)) else {
            return Ok(false);
        };
        if owner.owns(&record) {
            jar.remove(selector);
        }
        Ok(owner.owns(&record) && !record.is_expired(self.core.now()))
    }

    async fn members(&self, _: &PrincipalKey) -> Result<Members, DriverError> {
        Ok(Members::default())
    }

    async fn revoke_all(&self, _: &PrincipalKey, _: Option<&Selector>) -> Result<usize, DriverError> {
        Ok(0)
    }

    async fn sweep(&self, _: usize) -> Result<usize, DriverError> {
        Ok(0)
    }
}

macro_rules! applies {
    ($($topic:ident: [$($check:ident),+ $(,)?])+) => {$($(
        #[test]
        fn $check() {
            examine(|clock| async { Jar::new(clock) }, $topic::$check);
        }
    )+)+};
}

applies! {
    records: [
        an_unknown_selector_is_an_answer_and_no_error,
        a_record_reads_back_as_it_was_filed,
        a_taken_selector_is_not_filed_again,
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
    ]
    deadlines: [
        a_touch_moves_the_idle_deadline_only,
        the_idle_deadline_only_rises_and_stops_at_the_absolute_one,
        a_record_ends_at_its_deadline,
        a_touch_revives_nothing,
        a_commit_is_judged_at_its_own_time,
    ]
    sizes: [
        the_limit_holds_to_the_byte,
        what_adds_nothing_passes_over_the_limit,
        every_kind_of_text_is_kept,
        every_shape_of_json_is_kept,
        a_thousand_flash_entries_are_one_commit,
    ]
    model: [random_commits_do_what_the_reference_says]
}
