//! How long a session goes on, for pages and scripts that say so.

use std::time::Duration;

use serde_json::json;

use super::site::Site;

#[tokio::test]
async fn row_31_time_left_and_stale() {
    let site = Site::new();
    let fresh = site
        .run(|session| (session.view().expires_in(), session.view().is_stale(), session.view().is_fresh()));
    assert_eq!(fresh.await, (None, false, true));
    site.run(|session| session.theme().set("dark").unwrap()).await;
    site.clock.advance(Duration::from_secs(600));
    let left = site.run(|session| (session.view().expires_in(), session.view().is_stale())).await;
    assert_eq!(left, (Some(Duration::from_secs(2 * 3_600 - 600)), false));
    site.clock.advance(Duration::from_secs(3 * 3_600));
    let gone = site.run(|session| (session.view().expires_in(), session.view().is_stale())).await;
    assert_eq!(gone, (None, true));
}

#[tokio::test]
async fn the_time_left_is_there_for_templates_and_scripts() {
    let site = Site::new();
    let left = "{{ expires_in() }}{% if expires_in() is none %} no session{% endif %}";
    assert!(site.page(left).await.ends_with(" no session"));
    let facts = async || site.run(|session| json!(session.view().facts())).await;
    assert_eq!(
        facts().await,
        json!({ "expires_in": null, "remembered": false, "signed_in": false, "fresh": true, "stale": false })
    );
    site.run(|session| {
        session.user().login(7).unwrap();
        session.remember_me(true).unwrap();
    })
    .await;
    site.clock.advance(Duration::from_secs(600));
    let seconds = 30 * 24 * 3_600 - 600;
    assert_eq!(
        facts().await,
        json!({ "expires_in": seconds, "remembered": true, "signed_in": true, "fresh": false, "stale": false })
    );
    assert_eq!(site.page(left).await, seconds.to_string());
    assert!(site.run(|session| session.view().is_remembered()).await);
    site.clock.advance(Duration::from_secs(seconds));
    assert_eq!(
        facts().await,
        json!({ "expires_in": null, "remembered": false, "signed_in": false, "fresh": true, "stale": true })
    );
}
