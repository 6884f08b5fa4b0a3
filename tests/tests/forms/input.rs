//! What was typed comes back into the form, but for what never may.

use serde::Serialize;
use serde_json::{Value, json};
use session_runtime::{Input, InputFilter, SessionError};

use super::site::{Site, done};

fn typed() -> Input {
    Input::from_urlencoded(b"name=Ada&email=ada%40example.org&note=&password=hunter2&_csrf=t0ken&_method=PUT")
}

#[tokio::test]
async fn a4_51_a5_55_a6_57_all_input_is_flashed() {
    let site = Site::new();
    site.run(|session| session.flash_input(&typed()).unwrap()).await;
    let old = site.run(|session| session.form("").old_input()).await;
    assert_eq!(*old.as_value(), json!({ "name": "Ada", "email": "ada@example.org", "note": "" }));
    assert!(site.run(|session| session.form("").old_input().is_empty()).await, "it was read");
}

#[tokio::test]
async fn a4_52_a5_56_only_and_except_with_deep_paths() {
    let site = Site::new();
    let input =
        json!({ "name": "Ada", "address": {"city": "London", "zip": "1"}, "items": [{"id": 7, "n": 2}] });
    let copy = input.clone();
    site.run(move |session| {
        let form = session.form("a");
        form.flash_input_only(&copy, &["address.city", "items.0.id"]).unwrap();
        session.form("b").flash_input_except(&copy, &["address.city", "items", "name"]).unwrap();
    })
    .await;
    let old = |name: &'static str| site.run(move |session| session.form(name).old_input().as_value().clone());
    assert_eq!(old("a").await, json!({ "address": {"city": "London"}, "items": [{"id": 7}] }));
    assert_eq!(old("b").await, json!({ "address": {"zip": "1"} }));

    site.run(move |session| {
        session.flash_input_only(&input, &["name"]).unwrap();
        session.form("c").flash_input_except(&input, &["address[city]"]).unwrap();
    })
    .await;
    assert_eq!(old("").await, json!({ "name": "Ada" }));
    let rest = json!({ "name": "Ada", "address": {"zip": "1"}, "items": [{"id": 7, "n": 2}] });
    assert_eq!(old("c").await, rest);

    site.run(move |session| session.flash_input_except(&typed(), &["name", "note"]).unwrap()).await;
    assert_eq!(old("").await, json!({ "email": "ada@example.org" }));
}

#[tokio::test]
async fn a8_25_paths_also_work_at_the_top_level() {
    let site = Site::new();
    let input = Input::from_urlencoded(b"user[name]=Ada&user[age]=36&user.city=London&city=Paris");
    let copy = input.clone();
    site.run(move |session| {
        session.flash_input_only(&input, &["user.name", "city"]).unwrap();
        session.form("rest").flash_input_except(&copy, &["user"]).unwrap();
    })
    .await;
    let (old, rest) =
        site.run(|session| (session.form("").old_input(), session.form("rest").old_input())).await;
    assert_eq!(*old.as_value(), json!({ "user[name]": "Ada", "city": "Paris" }));
    assert_eq!((old.text("user.name"), old.text("user[name]")), ("Ada".to_owned(), "Ada".to_owned()));
    assert_eq!(*rest.as_value(), json!({ "city": "Paris" }));
}

#[tokio::test]
async fn a4_53_t_17_the_original_input_not_the_changed_one() {
    let site = Site::new();
    let fields = [("name", "  Ada "), ("age", "036x")];
    let answer = site
        .post("/account", &fields, |session, request| {
            let input = Input::from_urlencoded(request.body());
            let form = session.form("account").back_to("/account");
            form.accept(&input, input.text("age").parse::<u8>().map_err(|_| [("age", "No number.")]))?;
            Ok(done())
        })
        .await;
    assert_eq!(answer.location(), Some("/account"));
    let old = site.run(|session| session.form("account").old_input()).await;
    assert_eq!((old.text("name"), old.text("age")), ("  Ada ".to_owned(), "036x".to_owned()));
}

#[tokio::test]
async fn a4_59_old_is_empty_text_without_input() {
    let site = Site::new();
    let (text, typed) =
        site.run(|session| (session.form("x").old_text("name"), session.old::<String>("name"))).await;
    assert_eq!((text, typed), (String::new(), None));
    site.run(|session| session.form("x").flash_input(&typed_name()).unwrap()).await;
    assert_eq!(site.run(|session| session.form("x").old_text("missing")).await, "");
}

fn typed_name() -> Value {
    json!({ "name": "Ada" })
}

#[tokio::test]
async fn a4_60_flash_reads_its_key() {
    let site = Site::new();
    site.run(|session| session.flash("saved", "yes").unwrap()).await;
    let flash = site
        .run(|session| {
            let flash = session.flash_messages();
            (
                flash.get_or("saved", String::new()).unwrap(),
                flash.get_or("gone", "nothing".to_owned()).unwrap(),
            )
        })
        .await;
    assert_eq!(flash, ("yes".to_owned(), "nothing".to_owned()));
}

#[tokio::test]
async fn c_18_input_has_a_bag_of_its_own() {
    let site = Site::new();
    site.run(|session| {
        session.put("email", "field").unwrap();
        session.flash("email", "flash").unwrap();
        session.flash_input(&json!({ "email": "input" })).unwrap();
    })
    .await;
    site.run(|session| {
        let flash = session.flash_messages();
        assert_eq!(flash.get::<String>("email").unwrap().as_deref(), Some("flash"));
        assert_eq!(Value::Object(flash.all()), json!({ "email": "flash" }));
        assert_eq!(session.old::<String>("email").as_deref(), Some("input"));
        assert_eq!(session.get::<String>("email").unwrap().as_deref(), Some("field"));
        assert_eq!(Value::Object(session.all()), json!({ "email": "field" }));
    })
    .await;
}

#[tokio::test]
async fn a6_57_the_last_input_call_wins() {
    let site = Site::new();
    site.run(|session| {
        session.flash_input(&json!({ "a": 1, "b": 2 })).unwrap();
        session.flash_input_only(&json!({ "a": 3, "b": 4 }), &["a"]).unwrap();
    })
    .await;
    site.run(|session| session.flash_input(&json!({ "c": 5 })).unwrap()).await;
    let old = site.run(|session| session.form("").old_input()).await;
    assert_eq!(*old.as_value(), json!({ "c": 5 }), "also over what an earlier request left");
}

#[tokio::test]
async fn passwords_csrf_and_method_are_never_flashed_at_any_depth() {
    let site = Site::new();
    let input = json!({
        "name": "Ada", "password": "hunter2", "password_confirmation": "hunter2", "_csrf": "x", "_method": "PUT",
        "user": {"email": "e", "newPassword": "hunter2", "cards": [{"cvc": "1", "holder": "A"}]},
    });
    site.run(move |session| {
        session.flash_input(&input).unwrap();
        session.form("named").flash_input_only(&input, &["name", "password", "user.newPassword"]).unwrap();
    })
    .await;
    let (old, named) =
        site.run(|session| (session.form("").old_input(), session.form("named").old_input())).await;
    let expected = json!({ "name": "Ada", "user": {"email": "e", "cards": [{"holder": "A"}]} });
    assert_eq!(*old.as_value(), expected);
    assert_eq!(*named.as_value(), json!({ "name": "Ada", "user": {} }), "naming it is not allowing it");
}

#[tokio::test]
async fn brackets_arrays_and_case_do_not_help() {
    let site = Site::new();
    let body = b"a=1&PassWord=x&user[password]=x&user[PASSWORD][]=x&password[]=x&password.0=x&cards[0][CVC]=x&_CSRF=x&PIN=x";
    let input = Input::from_urlencoded(body);
    site.run(move |session| session.flash_input(&input).unwrap()).await;
    let old = site.run(|session| session.form("").old_input()).await;
    assert_eq!(*old.as_value(), json!({ "a": "1" }));
}

#[tokio::test]
async fn allow_and_deny_are_configurable() {
    let site = Site::with(|builder| builder.input_filter(InputFilter::default().deny("*iban*").allow("pin")));
    let input = json!({ "iban": "1", "myIban": "2", "pin": "3", "password": "4", "name": "5" });
    site.run(move |session| {
        session.flash_input(&input).unwrap();
        session.form("own").filter(InputFilter::denying_nothing().deny("name")).flash_input(&input).unwrap();
    })
    .await;
    let (old, own) =
        site.run(|session| (session.form("").old_input(), session.form("own").old_input())).await;
    assert_eq!(*old.as_value(), json!({ "pin": "3", "name": "5" }));
    assert_eq!(*own.as_value(), json!({ "iban": "1", "myIban": "2", "pin": "3", "password": "4" }));
}

#[tokio::test]
async fn typed_old_values() {
    let site = Site::new();
    let input = Input::from_urlencoded(b"age=36&bad=many&news=on&tag=a");
    site.run(move |session| session.flash_input(&input).unwrap()).await;
    site.run(|session| {
        assert_eq!(session.old::<u8>("age"), Some(36));
        assert_eq!(session.old::<u8>("bad"), None);
        assert_eq!(session.old::<String>("bad").as_deref(), Some("many"));
        assert_eq!(session.old::<bool>("news"), Some(true));
        assert_eq!(session.old::<Vec<String>>("tag"), Some(vec!["a".to_owned()]));
    })
    .await;
}

#[derive(Serialize)]
struct Contact<'a> {
    name: &'a str,
    address: Address<'a>,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "never written is the point")]
    diary: &'a str,
}

#[derive(Serialize)]
struct Address<'a> {
    city: &'a str,
}

#[tokio::test]
async fn a8_24_a_value_can_opt_out_of_being_flashed() {
    let site = Site::new();
    let contact = Contact { name: "Ada", address: Address { city: "London" }, diary: "secret thoughts" };
    site.run(move |session| session.flash_input(&contact).unwrap()).await;
    let old = site.run(|session| session.form("").old_input()).await;
    assert_eq!(*old.as_value(), json!({ "name": "Ada", "address": {"city": "London"} }));
}

#[tokio::test]
async fn urlencoded_json_and_multipart_text_fields() {
    let site = Site::new();
    let mut multipart = Input::new();
    for (name, value) in [("name", "Ada"), ("address[city]", "London")] {
        multipart.push(name, value);
    }
    let urlencoded = Input::from_urlencoded(b"name=Ada&address%5Bcity%5D=London");
    assert_eq!(multipart, urlencoded);
    let json: Value = serde_json::from_str(r#"{"name":"Ada","address":{"city":"London"}}"#).unwrap();
    site.run(move |session| {
        session.form("multipart").flash_input(&multipart).unwrap();
        session.form("urlencoded").flash_input(&urlencoded).unwrap();
        session.form("json").flash_input(&json).unwrap();
    })
    .await;
    for form in ["multipart", "urlencoded", "json"] {
        let old = site.run(move |session| session.form(form).old_input()).await;
        assert_eq!(
            (old.text("name"), old.text("address.city")),
            ("Ada".to_owned(), "London".to_owned()),
            "{form}"
        );
    }
}

#[tokio::test]
async fn repeated_names_become_lists() {
    let site = Site::new();
    let input = Input::from_urlencoded(b"tag=a&tag=b&one=c&tags[]=d&tags[]=e");
    site.run(move |session| session.flash_input(&input).unwrap()).await;
    let old = site.run(|session| session.form("").old_input()).await;
    assert_eq!(*old.as_value(), json!({ "tag": ["a", "b"], "one": "c", "tags[]": ["d", "e"] }));
    assert_eq!(old.get::<Vec<String>>("tags"), Some(vec!["d".to_owned(), "e".to_owned()]));
    assert_eq!(old.text("tag"), "a");
}

#[tokio::test]
async fn what_is_no_form_is_refused_and_leaves_nothing() {
    let site = Site::new();
    site.run(|session| {
        for refused in [json!("text"), json!(1), json!(null)] {
            let error = session.flash_input(&refused).unwrap_err();
            assert!(matches!(error, SessionError::Unstorable { .. }), "{error}");
        }
    })
    .await;
    assert!(site.is_untouched());
}

#[tokio::test]
async fn a_read_only_session_flashes_no_input() {
    let site = Site::new();
    let error = site.look(|session| session.flash_input(&typed_name()).unwrap_err()).await;
    assert!(matches!(error, SessionError::ReadOnly), "{error}");
}
