//! What is wrong with a form, from the request that says so to the page that shows it.

use std::collections::{BTreeMap, HashMap};

use garde::Validate as _;
use session_runtime::Errors;
use validator::Validate as _;

use super::site::Site;

#[tokio::test]
async fn a4_54_errors_from_a_map_and_from_a_list() {
    let site = Site::new();
    site.run(|session| {
        session.form("list").flash_errors([("email", "bad"), ("name", "empty")]).unwrap();
        session.form("vec").flash_errors(vec![("email".to_owned(), "bad".to_owned())]).unwrap();
        session.form("tree").flash_errors(BTreeMap::from([("email", vec!["bad", "long"])])).unwrap();
        session.form("map").flash_errors(HashMap::from([("email", "bad")])).unwrap();
        session.form("text").flash_errors("closed").unwrap();
    })
    .await;
    site.run(|session| {
        let errors = |form: &str| session.form(form).errors();
        assert_eq!(errors("list").fields().map(|(field, _)| field).collect::<Vec<_>>(), ["email", "name"]);
        assert_eq!(errors("vec").of("email"), ["bad"]);
        assert_eq!(errors("tree").of("email"), ["bad", "long"]);
        assert_eq!(errors("map").of("email"), ["bad"]);
        assert_eq!(errors("text").general(), ["closed"]);
    })
    .await;
}

#[tokio::test]
async fn a4_61_a6_65_errors_are_readable_as_a_whole() {
    let site = Site::new();
    let mut errors = Errors::new();
    errors.add("email", "bad").add("name", "empty").add("email", "long").add_general("closed");
    let sent = errors.clone();
    site.run(move |session| session.flash_errors(sent).unwrap()).await;
    assert_eq!(site.run(|session| session.errors()).await, errors);
    assert_eq!(site.run(|session| session.errors()).await, Errors::new(), "read once");
}

#[tokio::test]
async fn a4_62_has_errors() {
    let site = Site::new();
    assert!(site.run(|session| session.errors().is_empty()).await);
    site.run(|session| session.flash_errors("closed").unwrap()).await;
    let errors = site.run(|session| session.errors()).await;
    assert!(!errors.is_empty() && !errors.has("email"));
    assert_eq!(errors.len(), 1);
}

#[tokio::test]
async fn a4_63_a6_63_a6_64_the_first_message_of_a_field_and_all_of_them() {
    let site = Site::new();
    site.run(|session| session.flash_errors([("email", "bad"), ("email", "long")]).unwrap()).await;
    let errors = site.run(|session| session.errors()).await;
    assert_eq!((errors.first("email"), errors.first("name")), (Some("bad"), None));
    assert_eq!(errors.of("email"), ["bad", "long"]);
    assert!(errors.of("name").is_empty());
}

#[tokio::test]
async fn a4_64_an_empty_message_is_a_message() {
    let site = Site::new();
    site.run(|session| session.flash_errors([("email", "")]).unwrap()).await;
    let errors = site.run(|session| session.errors()).await;
    assert!(errors.has("email"));
    assert_eq!(errors.first("email"), Some(""));
}

#[tokio::test]
async fn a6_66_errors_accumulate() {
    let site = Site::new();
    site.run(|session| {
        session.flash_errors([("email", "bad")]).unwrap();
        session.flash_errors([("email", "long"), ("name", "empty")]).unwrap();
        session.flash_errors("closed").unwrap();
    })
    .await;
    let errors = site.run(|session| session.errors()).await;
    assert_eq!(errors.of("email"), ["bad", "long"]);
    assert_eq!((errors.first("name"), errors.general()), (Some("empty"), &["closed".to_owned()][..]));
    site.run(|session| session.flash_errors("first").unwrap()).await;
    site.run(|session| session.flash_errors("second").unwrap()).await;
    assert_eq!(site.run(|session| session.errors()).await.general(), ["second"], "of one request only");
}

#[tokio::test]
async fn a6_63_t_18_field_names_with_dots_are_literal_and_paths() {
    let site = Site::new();
    site.run(|session| session.flash_errors([("items[0].name", "a"), ("user.email", "b")]).unwrap()).await;
    let errors = site.run(|session| session.errors()).await;
    for field in ["items.0.name", "items[0].name", "items[0][name]"] {
        assert_eq!(errors.first(field), Some("a"), "{field}");
    }
    assert_eq!(errors.first("user[email]"), Some("b"));
    assert!(!errors.has("items") && !errors.has("user"));
}

#[tokio::test]
async fn c_19_one_bag_per_form_and_general_messages() {
    let site = Site::new();
    site.run(|session| {
        session.form("login").flash_errors("Wrong name or password.").unwrap();
        session.form("search").flash_errors([("q", "Too short.")]).unwrap();
    })
    .await;
    let (login, search, other) = site
        .run(|session| {
            (session.form("login").errors(), session.form("search").errors(), session.form("other").errors())
        })
        .await;
    assert_eq!(login.general(), ["Wrong name or password."]);
    assert!(login.fields().next().is_none());
    assert_eq!(search.first("q"), Some("Too short."));
    assert!(search.general().is_empty() && other.is_empty());
}

#[derive(validator::Validate)]
struct Order {
    #[validate(email(message = "Not an address."))]
    email: String,
    #[validate(nested)]
    address: Address,
    #[validate(nested)]
    items: Vec<Item>,
}

#[derive(validator::Validate)]
struct Address {
    #[validate(length(min = 2))]
    city: String,
}

#[derive(validator::Validate)]
struct Item {
    #[validate(range(min = 1, message = "At least one."))]
    count: u32,
}

#[tokio::test]
async fn validator_nested_and_lists() {
    let site = Site::new();
    let order = Order {
        email: "nobody".to_owned(),
        address: Address { city: "X".to_owned() },
        items: vec![Item { count: 1 }, Item { count: 0 }],
    };
    let wrong = order.validate().unwrap_err();
    site.run(move |session| session.flash_errors(wrong).unwrap()).await;
    let errors = site.run(|session| session.errors()).await;
    assert_eq!(errors.first("email"), Some("Not an address."));
    assert_eq!(errors.first("address.city"), Some("length"), "a rule without a message says its name");
    assert_eq!(errors.first("items[1].count"), Some("At least one."));
    assert_eq!(errors.len(), 3);
}

#[derive(garde::Validate)]
struct Booking {
    #[garde(length(min = 3))]
    name: String,
    #[garde(dive)]
    guests: Vec<Guest>,
}

#[derive(garde::Validate)]
struct Guest {
    #[garde(range(max = 120))]
    age: u32,
}

#[tokio::test]
async fn garde_nested_and_lists() {
    let site = Site::new();
    let booking = Booking { name: "A".to_owned(), guests: vec![Guest { age: 3 }, Guest { age: 500 }] };
    let report = booking.validate().unwrap_err();
    site.run(move |session| session.flash_errors(report).unwrap()).await;
    let errors = site.run(|session| session.errors()).await;
    assert_eq!(errors.first("name"), Some("length is lower than 3"));
    assert_eq!(errors.first("guests.1.age"), Some("greater than 120"));
    assert_eq!(errors.len(), 2);
}
