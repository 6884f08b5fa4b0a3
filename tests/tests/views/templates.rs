//! What a page shows of the session.

use askama::Template;
use minijinja::context;
use serde_json::json;
use session_runtime::{FormView, Markup, View};

use super::site::{Site, render};

#[tokio::test]
async fn a4_56_a5_59_a6_61_the_view_shows_session_flash_and_old() {
    let site = Site::new();
    site.run(|session| {
        session.login(7_u64).unwrap();
        session.put("profile.email", "ada@example.org").unwrap();
        session.cart().set(vec!["tea".to_owned(), "cups".to_owned()]).unwrap();
        session.flash("notice", "Saved.").unwrap();
        session.flash("counts", json!({"saved": 3})).unwrap();
        session.flash_input(&json!({"name": "Ada", "tags": ["x", "y"], "password": "secret"})).unwrap();
        session.flash_errors([("name", "Too short."), ("name", "Too plain.")]).unwrap();
    })
    .await;
    let page = site
        .page(
            r#"{{ session.profile.email }} {{ session.cart|join("+") }} [{{ session.gone }}] {{ flash("notice") }} {{ flash("counts.saved") }}
               {{ old("name") }} {{ old("tags") }} [{{ old("password") }}] {{ errors("name")|join(" ") }} {{ "cart" in session }}"#,
        )
        .await;
    assert_eq!(
        page.split_whitespace().collect::<Vec<_>>().join(" "),
        "ada@example.org tea+cups [] Saved. 3 Ada x [] Too short. Too plain. True"
    );
    // Shown is read: the next page has none of it.
    assert_eq!(site.page(r#"[{{ flash("notice") }}{{ old("name") }}{{ errors("name")|join }}]"#).await, "[]");
}

#[tokio::test]
async fn a6_61_the_view_is_current_after_clear() {
    let site = Site::new();
    let (before, after) = site
        .run(|session| {
            session.put("a", 1).unwrap();
            let view = session.view();
            let before = (view.get("a"), view.has("a"));
            session.clear().unwrap();
            session.put("b", 2).unwrap();
            (before, (view.get("a"), view.has("a"), view.get("b")))
        })
        .await;
    assert_eq!(before, (Some(json!(1)), true));
    assert_eq!(after, (None, false, Some(json!(2))));
}

#[tokio::test]
async fn a6_62_a_flash_value_of_false_or_empty_list() {
    let site = Site::new();
    for (value, text) in [(json!(false), "false"), (json!([]), "[]"), (json!(0), "0"), (json!(""), "")] {
        let flashed = value.clone();
        site.run(|session| session.flash("x", flashed).unwrap()).await;
        let shown = site.run(|session| (session.view().flash("x"), session.view().flash_text("x"))).await;
        assert_eq!(shown, (Some(value.clone()), text.to_owned()));
        site.run(|session| session.flash("x", value).unwrap()).await;
        // A value that is there is no reason for the default.
        assert_eq!(site.page(r#"{{ flash("x", "default") }}"#).await.to_lowercase(), text);
    }
    assert_eq!(site.page(r#"{{ flash("x", "default") }}|{{ flash("x") }}"#).await, "default|");
}

#[tokio::test]
async fn a6_62_to_65_the_tags_as_functions() {
    let site = Site::new();
    site.run(|session| {
        let form = session.form("contact");
        form.flash_input(&json!({"email": "x", "empty": ""})).unwrap();
        form.flash_errors([("email", "No address."), ("email", "Too short."), ("text", "Empty.")]).unwrap();
        let mut general = session_runtime::Errors::new();
        general.add_general("Try again.");
        form.flash_errors(general).unwrap();
        session.form("other").flash_errors([("email", "Other.")]).unwrap();
    })
    .await;
    let page = site
        .page(
            r#"{{ has_error("email", form="contact") }},{{ has_error("name", form="contact") }},{{ has_error("email") }};
{{ error_for("email", form="contact") }},[{{ error_for("name", form="contact") }}];
{{ errors("email", form="contact")|length }},{{ errors("name", form="contact")|length }};
{% for field, messages in errors(form="contact")|items %}{{ field }}={{ messages|join("+") }} {% endfor %};
{{ general_errors(form="contact")|join }};
{{ old("email", "d", form="contact") }},[{{ old("empty", "d", form="contact") }}],{{ old("none", "d", form="contact") }}"#,
        )
        .await;
    assert_eq!(
        page.lines().collect::<Vec<_>>(),
        [
            "True,False,False;",
            "No address.,[];",
            "2,0;",
            "email=No address.+Too short. text=Empty. ;",
            "Try again.;",
            "x,[],d",
        ]
    );
    // The other form was not shown, and waits.
    assert_eq!(site.page(r#"{{ error_for("email", form="other") }}"#).await, "Other.");
}

#[tokio::test]
async fn the_instance_of_a_form_is_handed_over_as_a_view_of_it() {
    let site = Site::new();
    site.run(|session| session.form("line").instance("2").flash_errors([("amount", "Too many.")]).unwrap())
        .await;
    let template = r#"{{ error_for("amount", form=one) }}|{{ error_for("amount", form=two) }}"#;
    let page = site
        .run(|session| {
            let view = session.view();
            let form = session.form("line").instance("1");
            let (one, two) = (view.form_of(&form), view.form("line").instance("2"));
            assert_eq!(two.action("/lines"), "/lines?_form=2");
            render(template, context! { session => view, one => one, two => two }).unwrap()
        })
        .await;
    assert_eq!(page, "|Too many.");
}

#[tokio::test]
async fn mistakes_in_a_template_are_told() {
    let site = Site::new();
    site.run(|session| {
        let fails = |template: &str| {
            let error = render(template, context! { session => session.view() }).unwrap_err();
            format!("{error:#}")
        };
        assert!(fails(r#"{{ old("x", form=7) }}"#).contains("neither a name nor a view"));
        assert!(fails(r#"{{ old("x", from="contact") }}"#).contains("from"));
        assert!(fails("{{ has_error() }}").contains("missing"));
    })
    .await;
}

#[tokio::test]
async fn a_template_without_the_session_says_so() {
    for call in
        [r#"flash("x")"#, r#"old("x")"#, "errors()", "csrf_token()", "csrf_field()", r#"has_error("x")"#]
    {
        for context in [context! {}, context! { session => "text" }] {
            let error = render(&format!("{{{{ {call} }}}}"), context).unwrap_err();
            assert!(error.to_string().contains("session => session.view()"), "{call}: {error}");
        }
    }
}

#[tokio::test]
async fn macros_find_the_session_or_get_it_as_an_argument() {
    let site = Site::new();
    for template in [
        r#"{% from "fields.html" import given %}{{ given("email", session) }}"#,
        r#"{% from "fields.html" import found %}{{ found("email") }}"#,
        r#"{% import "fields.html" as fields %}{{ fields.found("email") }}"#,
        r#"{% macro own(name) %}<i>{{ error_for(name) }}</i>{% endmacro %}{{ own("email") }}"#,
    ] {
        site.run(|session| session.flash_errors([("email", "Wrong.")]).unwrap()).await;
        assert_eq!(site.page(template).await.trim(), "<i>Wrong.</i>", "{template}");
    }
}

#[tokio::test]
async fn g_32_csrf_token_in_templates() {
    let site = Site::new();
    let page = site.page("{{ csrf_token() }} {{ csrf_field() }}").await;
    let (token, field) = page.split_once(' ').unwrap();
    let value = field.strip_prefix(r#"<input type="hidden" name="_csrf" value=""#).unwrap();
    let value = value.strip_suffix(r#"">"#).unwrap();
    assert_ne!(token, value, "masked anew");
    let named = site
        .run(|session| {
            assert!(session.accepts_csrf_token(token) && session.accepts_csrf_token(value));
            session.view().csrf_field_named("a\"b").unwrap().to_string()
        })
        .await;
    assert!(named.contains(r#"name="a&quot;b""#), "{named}");
}

#[tokio::test]
async fn secrets_stay_out() {
    let site = Site::new();
    site.run(|session| {
        session.login(7_u64).unwrap();
        session.pin().set("1234").unwrap();
        session.theme().set("dark").unwrap();
    })
    .await;
    let page = site
        .page(r#"{{ session }} {{ session.pin }} {{ session["pin"] }} {{ session|items }} {{ session.user }} {{ "pin" in session }}"#)
        .await;
    assert!(!page.contains("1234") && page.contains("dark") && page.ends_with("False"), "{page}");
    site.run(|session| {
        let view = session.view();
        assert_eq!((view.get("pin"), view.get("pin.x"), view.has("pin")), (None, None, false));
        assert!(!view.all().contains_key("pin") && !format!("{view:?}").contains("1234"));
        assert_eq!((view.user(), view.get("theme")), (Some(json!(7)), Some(json!("dark"))));
    })
    .await;
}

#[tokio::test]
async fn looking_at_a_view_stores_nothing() {
    let site = Site::new();
    let modified = site
        .run(|session| {
            let view = session.view();
            let _ = (view.all(), view.flash_all(), view.errors(), view.old("x"), view.csrf_token().unwrap());
            session.is_modified()
        })
        .await;
    assert!(!modified);
}

#[derive(Template)]
#[template(
    source = r#"{{ view.flash_text("notice") }}|{{ form.old("email") }}|{% if form.has_error("email") %}{{ form.errors_for("email").join(" ") }}{% endif %}|{{ form.general().join(" ") }}|{{ csrf|safe }}"#,
    ext = "html"
)]
struct Page {
    view: View,
    form: FormView,
    csrf: Markup,
}

#[tokio::test]
async fn askama_and_minijinja_show_the_same() {
    let site = Site::new();
    let fill = |session: &session_runtime::UntypedSession| {
        session.flash("notice", "Saved & sent.").unwrap();
        let form = session.form("contact");
        form.flash_input(&json!({"email": "<x>"})).unwrap();
        form.flash_errors([("email", "No <address>."), ("email", "Short.")]).unwrap();
        let mut general = session_runtime::Errors::new();
        general.add_general("Try \"again\".");
        form.flash_errors(general).unwrap();
    };
    site.run(|session| fill(session)).await;
    let by_askama = site
        .run(|session| {
            let view = session.view();
            let page = Page { form: view.form("contact"), csrf: view.csrf_field().unwrap(), view };
            page.render().unwrap()
        })
        .await;
    site.run(|session| fill(session)).await;
    let by_minijinja = site
        .page(
            r#"{{ flash("notice") }}|{{ old("email", form="contact") }}|{% if has_error("email", form="contact") %}{{ errors("email", form="contact")|join(" ") }}{% endif %}|{{ general_errors(form="contact")|join(" ") }}|{{ csrf_field() }}"#,
        )
        .await;
    // The engines write quotation marks in different numbers, and each token has a mask of its own.
    let plain = |page: &str| {
        let page =
            page.replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&").replace("&#34;", "\"");
        let page =
            page.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        let start = page.find("value=\"").unwrap() + 7;
        format!("{}{}", &page[..start], &page[start + 43..])
    };
    assert_eq!(plain(&by_askama), plain(&by_minijinja));
    assert!(!by_askama.contains("<x>") && !by_minijinja.contains("<x>"));
    assert!(plain(&by_askama).starts_with("Saved & sent.|<x>|No <address>. Short.|Try \"again\".|<input"));
}
