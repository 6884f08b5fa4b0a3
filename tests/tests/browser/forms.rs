//! Forms: what is wrong with them beside their fields, each in its tab, and only from our own pages.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::story::{Told, story};
use super::visitor::Visitor;

#[tokio::test]
async fn a_refused_letter_keeps_what_was_written_but_for_the_pin() -> Told {
    story("letter", async |visitor: Visitor| {
        visitor.open("/contact").await?;
        visitor.photograph("empty").await?;
        fill_letter(&visitor, "Ada", "ada at home").await?;
        visitor.fill("pin", "12345").await?;
        visitor.press("send").await?;
        assert_eq!(visitor.path().await?, "/contact");
        assert_eq!(visitor.text("email-error").await?, "This is no address that we could write to.");
        assert_eq!(visitor.text("pin-error").await?, "The PIN has four digits.");
        assert!(!visitor.shows("name-error").await?);
        assert_eq!(visitor.value("name").await?, "Ada");
        assert_eq!(visitor.value("email").await?, "ada at home");
        assert_eq!(visitor.value("message").await?, "Is \"<Sencha>\" & co. in stock?");
        assert_eq!(visitor.value("pin").await?, "");
        visitor.photograph("refused").await?;

        visitor.fill("email", "ada@tea.example").await?;
        visitor.press("send").await?;
        assert_eq!(visitor.text("notice").await?, "Thank you, Ada. We will answer soon.");
        assert_eq!(visitor.value("message").await?, "");
        visitor.photograph("sent").await?;
        visitor.reload().await?;
        assert!(!visitor.shows("notice").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn forms_in_two_tabs_do_not_mix() -> Told {
    story("two-forms", async |first: Visitor| {
        first.open("/").await?;
        first.press("add-sencha").await?;
        first.sign_in("Ada").await?;
        // Two letters and an order, each in its tab.
        first.open("/contact").await?;
        let second = first.another_tab().await?;
        second.open("/contact").await?;
        let order = first.another_tab().await?;
        order.open("/checkout").await?;

        first.come_back().await?;
        fill_letter(&first, "One", "one@tea").await?;
        first.press("send").await?;
        second.come_back().await?;
        fill_letter(&second, "", "two@tea.example").await?;
        second.press("send").await?;
        order.come_back().await?;
        order.fill("name", "Three").await?;
        order.press("send").await?;

        assert_eq!(order.text("street-error").await?, "Please tell us street and number.");
        assert_eq!(order.value("name").await?, "Three");
        assert!(!order.shows("email-error").await?);
        for (tab, wrong, right, name) in [(&first, "email", "name", "One"), (&second, "name", "email", "")] {
            tab.come_back().await?;
            assert!(tab.shows(&format!("{wrong}-error")).await?);
            assert!(!tab.shows(&format!("{right}-error")).await?);
            assert_eq!(tab.value("name").await?, name);
        }
        second.photograph("second").await
    })
    .await
}

/// The first of two tabs comes to its errors after the second one has been to its own.
#[tokio::test]
async fn what_is_wrong_waits_for_its_own_page() -> Told {
    story("waiting", async |visitor: Visitor| {
        visitor.open("/contact").await?;
        fill_letter(&visitor, "", "one@tea.example").await?;
        assert_eq!(visitor.fetch(&visitor.action().await?, Some("form.sheet")).await?, 0);
        let form = visitor.action().await?;
        let other = visitor.another_tab().await?;
        for path in ["/contact", "/login", "/cart"] {
            other.open(path).await?;
            assert!(!other.shows("name-error").await?, "{path}");
        }
        other.open(&form).await?;
        assert_eq!(other.text("name-error").await?, "Please tell us your name.");
        other.reload().await?;
        assert!(!other.shows("name-error").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_scripts_fetch_in_the_background_takes_no_notice_away() -> Told {
    story("background", async |visitor: Visitor| {
        visitor.open("/").await?;
        assert_eq!(visitor.fetch("/cart/add", Some(".tea.sencha form")).await?, 0);
        for path in ["/style.css", "/icon.svg"] {
            assert_eq!(visitor.fetch(path, None).await?, 200);
        }
        assert_eq!(visitor.fetch("/nothing", None).await?, 404);
        visitor.open("/cart").await?;
        assert_eq!(visitor.text("notice").await?, "Sencha Asatsuyu is in your cart.");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() -> Told {
    story("forged", async |visitor: Visitor| {
        visitor.open("/").await?;
        visitor.press("add-sencha").await?;
        let forger = TcpListener::bind("127.0.0.1:0").await?;
        // Another site: the shop is visited by its number.
        let address = format!("http://localhost:{}/", forger.local_addr()?.port());
        let page = format!(
            "<!doctype html><form method=post action='{}/cart/add'><input name=product value=oolong></form>\
             <script>document.forms[0].submit()</script>",
            visitor.shop()
        );
        let serving = tokio::spawn(serve(forger, page));
        visitor.visit_forger(&address).await?;
        serving.abort();
        assert_eq!(visitor.text("status").await?, "403");
        assert!(visitor.source().await?.contains("That did not come from here"));
        visitor.photograph("refused").await?;
        visitor.open("/cart").await?;
        assert_eq!(visitor.text("in-cart").await?, "1");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn signing_in_leads_back_to_where_one_wanted_to_go() -> Told {
    story("deep-link", async |visitor: Visitor| {
        visitor.open("/").await?;
        visitor.press("add-oolong").await?;
        visitor.open("/checkout?from=mail").await?;
        assert_eq!(visitor.path().await?, "/login");
        assert_eq!(visitor.text("notice").await?, "Please sign in first.");
        visitor.fill("name", "Ada").await?;
        visitor.press("send").await?;
        assert_eq!(visitor.path().await?, "/checkout");
        visitor.photograph("checkout").await?;
        for (field, text) in [("name", "Ada"), ("street", "1 Leaf Lane"), ("town", "12345 Teatown")] {
            visitor.fill(field, text).await?;
        }
        visitor.press("send").await?;
        assert_eq!(visitor.text("notice").await?, "Thank you. Your teas are as good as in 12345 Teatown.");
        assert_eq!(visitor.text("in-cart").await?, "0");
        Ok(())
    })
    .await
}

async fn fill_letter(visitor: &Visitor, name: &str, email: &str) -> Told {
    visitor.fill("name", name).await?;
    visitor.fill("email", email).await?;
    visitor.fill("message", "Is \"<Sencha>\" & co. in stock?").await
}

/// One page, whatever is asked.
async fn serve(listener: TcpListener, page: String) -> std::io::Result<()> {
    loop {
        let (mut client, _) = listener.accept().await?;
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            page.len()
        );
        // One read is the whole of a browser's question.
        let _ = client.read(&mut [0; 4_096]).await?;
        client.write_all(format!("{head}{page}").as_bytes()).await?;
    }
}
