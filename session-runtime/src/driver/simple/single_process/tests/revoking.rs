//! A store that cannot end a session now, or nothing at all.

use super::*;
use crate::driver::Applicability;

#[tokio::test]
async fn a_session_that_is_out_of_reach_does_not_spare_the_others() {
    let store = Store::new();
    let driver = SingleProcess::new(store.clone());
    for selector in [ONE, TWO] {
        driver.create(&selector, &record(Some(user()), in_seconds(10))).await.unwrap();
    }
    *store.out_of_reach.lock().unwrap() = Some(ONE);
    let error = driver.revoke_all(user().key(), None).await.unwrap_err();
    assert!(matches!(error, DriverError::Unavailable { applied: Applicability::Unknown, .. }), "{error:?}");
    assert_eq!(store.records.lock().unwrap().keys().collect::<Vec<_>>(), [&ONE]);
}

#[tokio::test]
async fn a_store_that_is_away_is_an_error_of_every_call() {
    let store = Store::new();
    let driver = SingleProcess::new(store.clone());
    store.put(ONE, &record(Some(user()), in_seconds(10)));
    driver.apply(&ONE, &set("a")).await.unwrap();
    store.away.store(true, Ordering::SeqCst);
    let (user, record) = (user(), record(None, in_seconds(10)));
    let away = [
        driver.load(&ONE).await.err(),
        driver.create(&TWO, &record).await.err(),
        driver.apply(&ONE, &set("b")).await.err(),
        driver.destroy(&ONE, Owner::Anyone).await.err(),
        driver.revoke_all(user.key(), None).await.err(),
        driver.sweep(1).await.err(),
    ];
    for error in away {
        assert!(matches!(error, Some(DriverError::Unavailable { .. })), "{error:?}");
    }
}
