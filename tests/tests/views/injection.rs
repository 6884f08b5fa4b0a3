//! Text of strangers in every place of a page: it stays text.

use askama::Template;
use minijinja::context;
use session_runtime::{Errors, FormView, Input, View};

use session_tests::stage::STORIES_ON;

use super::html::shape;
use super::site::{Site, render};

/// What strangers write, and as long a text as nobody expects.
fn attacks() -> Vec<String> {
    // A cookie holds no more.
    let long = if std::env::var(STORIES_ON).is_ok_and(|on| on == "cookie") { 300 } else { 3_500 };
    let written = [
        "<script>alert(1)</script>",
        "\"><img onerror=alert(1) src=x>",
        "' onfocus='alert(1)' autofocus='",
        "\" onfocus=\"alert(1)\" autofocus=\"",
        "&amp;&lt;b&gt;",
        "</textarea><b>",
        "--><b>",
        "{{ 1234 * 5678 }}",
        "{% raw %}",
        "\u{2028}<b>\u{2029}",
        "\0<b>\0",
        "\u{feff}<\u{200b}b>",
        "`><b>",
        "javascript:alert(1)",
    ];
    written.into_iter().map(ToOwned::to_owned).chain([format!("<b>{}</b>", "x\"'".repeat(long))]).collect()
}

/// Every place: text, attributes in both kinds of quotes, a text area, ids and what refers to them.
const PAGE: &str = r#"<p>{{ flash(key) }}</p><p id="{{ key }}" title='{{ flash(key) }}'></p>
{% for name, value in flash()|items %}<i id="{{ name }}" class='{{ name }}'>{{ value }}</i>{% endfor %}
{% for name, value in session|items %}<u id='{{ name }}'>{{ value }}</u>{% endfor %}
<form method="post" action="{{ action }}">{{ csrf_field() }}
<label for="{{ field }}">{{ field }}</label>
<input id='{{ field }}' name="{{ field }}" value="{{ old(field, form=form) }}" placeholder='{{ old(field, form=form) }}'>
<textarea name="{{ field }}">{{ old(field, form=form) }}</textarea>
{% for message in errors(field, form=form) %}<em title="{{ message }}" class='{{ message }}'>{{ message }}</em>{% endfor %}
{% for name, messages in errors(form=form)|items %}<b id="{{ name }}">{{ messages|join }}</b>{% endfor %}
{% for message in general_errors(form=form) %}<s>{{ message }}</s>{% endfor %}
<q title="{{ error_for(field, form=form) }}">{{ has_error(field, form=form) }}</q></form>"#;

#[derive(Template)]
#[template(
    source = r#"<p>{{ view.flash_text(key) }}</p><p id="{{ key }}" title='{{ view.flash_text(key) }}'></p>
{% for name in names %}<i id="{{ name }}" class='{{ name }}'></i>{% endfor %}
<form method="post" action="{{ form.action("/") }}">{{ view.csrf_field().unwrap()|safe }}
<label for="{{ field }}">{{ field }}</label>
<input id='{{ field }}' name="{{ field }}" value="{{ form.old(field) }}" placeholder='{{ form.old(field) }}'>
<textarea name="{{ field }}">{{ form.old(field) }}</textarea>
{% for message in form.errors_for(field) %}<em title="{{ message }}" class='{{ message }}'>{{ message }}</em>{% endfor %}
{% for message in form.general() %}<s>{{ message }}</s>{% endfor %}</form>"#,
    ext = "html"
)]
struct Page<'p> {
    view: View,
    form: FormView,
    names: Vec<String>,
    key: &'p str,
    field: &'p str,
}

/// What of a page a stranger has written.
#[derive(Clone, Debug)]
struct Words {
    key: String,
    flash: String,
    field: String,
    value: String,
    message: String,
    form: String,
    instance: String,
    stored: String,
}

impl Words {
    fn harmless() -> Self {
        let word = || "word".to_owned();
        Self {
            key: word(),
            flash: word(),
            field: word(),
            value: word(),
            message: word(),
            form: word(),
            instance: word(),
            stored: word(),
        }
    }

    /// The harmless words with `attack` in one place after the other.
    fn with(attack: &str) -> Vec<Self> {
        let place = |put: fn(&mut Self) -> &mut String| {
            let mut words = Self::harmless();
            attack.clone_into(put(&mut words));
            words
        };
        vec![
            place(|words| &mut words.key),
            place(|words| &mut words.flash),
            place(|words| &mut words.field),
            place(|words| &mut words.value),
            place(|words| &mut words.message),
            place(|words| &mut words.form),
            place(|words| &mut words.instance),
            place(|words| &mut words.stored),
        ]
    }
}

/// The page with these words, from either engine.
async fn pages(site: &Site, words: &Words) -> [String; 2] {
    let fill = |words: &Words, session: &session_runtime::UntypedSession| {
        let Words { key, flash, field, value, message, form, instance, stored } = words.clone();
        session.clear().unwrap();
        session.flash(&key, flash).unwrap();
        session.put(&stored, stored.as_str()).unwrap();
        let form = session.form(&form).instance(&instance);
        let mut input = Input::default();
        input.push(field.as_str(), value);
        form.flash_input(&input).unwrap();
        let mut errors = Errors::new();
        errors.add(field, message.as_str()).add_general(message);
        form.flash_errors(errors).unwrap();
    };
    site.run(|session| fill(words, session)).await;
    let by_minijinja = site.run(|session| {
        let view = session.view();
        let form = view.form(&words.form).instance(&words.instance);
        let action = form.action("/");
        let context = context! { session => view, form => form, key => &words.key, field => &words.field, action => action };
        render(PAGE, context).unwrap()
    });
    let by_minijinja = by_minijinja.await;
    site.run(|session| fill(words, session)).await;
    let by_askama = site.run(|session| {
        let view = session.view();
        let form = view.form(&words.form).instance(&words.instance);
        Page {
            names: view.flash_all().keys().cloned().collect(),
            view,
            form,
            key: &words.key,
            field: &words.field,
        }
        .render()
        .unwrap()
    });
    [by_minijinja, by_askama.await]
}

#[tokio::test]
async fn text_of_strangers_stays_text_wherever_it_stands() {
    let site = Site::new();
    let harmless = pages(&site, &Words::harmless()).await;
    let shapes = harmless.each_ref().map(|page| shape(page));
    for page in &harmless {
        // Else the attacks would be shown nowhere.
        assert!(page.matches("word").count() > 12, "{page}");
    }
    for attack in attacks() {
        for words in Words::with(&attack) {
            let pages = pages(&site, &words).await;
            for (page, expected) in pages.iter().zip(&shapes) {
                assert_eq!(shape(page), *expected, "{words:.300?}\n{page:.2000}");
                assert!(!page.contains("7006652"), "a template in a value is not carried out");
            }
        }
    }
}

#[tokio::test]
async fn what_is_shown_is_what_was_written() {
    let site = Site::new();
    for attack in attacks() {
        let words = Words { value: attack.clone(), ..Words::harmless() };
        for page in pages(&site, &words).await {
            assert!(plain(&page).matches(attack.as_str()).count() >= 3, "{attack:.60}: {page:.3000}");
        }
    }
}

/// The text that the character references of a page stand for.
fn plain(page: &str) -> String {
    let mut pieces = page.split('&');
    let mut plain = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (reference, rest) = piece.split_once(';').unwrap();
        plain.push(match reference {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            other => {
                let number = other.strip_prefix('#').unwrap();
                let number = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                char::from_u32(number.unwrap()).unwrap()
            }
        });
        plain.push_str(rest);
    }
    plain
}
