//! The same application behind a real server of hyper, spoken to byte by byte.

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

use super::site::{ACTS, Guard, Site, Visits as _};

/// A connection to a server with the application, and a token of the visitor who holds `cookie`.
pub(crate) struct Wire {
    stream: DuplexStream,
    pub(crate) token: String,
    cookie: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    body: String,
}

impl Wire {
    pub(crate) async fn to(guard: impl FnOnce(Guard) -> Guard) -> Self {
        let site = Site::guarded(guard);
        let token = site.browser.form().await;
        let cookie = site.browser.jar().cookie("__Host-csrf").unwrap();
        let cookie = format!("__Host-csrf={}", cookie.value());
        let (stream, end) = tokio::io::duplex(1 << 20);
        let app = site.app();
        tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(end), app).await });
        Self { stream, token, cookie }
    }

    /// Sends the head of a POST with these headers.
    pub(crate) async fn head(&mut self, headers: &[&str]) {
        let cookie = format!("cookie: {}", self.cookie);
        let acts = format!("{ACTS}: read");
        let lines = ["POST / HTTP/1.1", "host: shop.example", &cookie, &acts, "te: trailers"];
        let head = [&lines, headers, &["\r\n"]].concat().join("\r\n");
        self.send(&head).await;
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// A whole request with a length.
    pub(crate) async fn post(&mut self, media: &str, body: &str) -> Reply {
        let (media, length) = (format!("content-type: {media}"), format!("content-length: {}", body.len()));
        self.head(&[&media, &length]).await;
        self.send(body).await;
        self.reply().await
    }

    /// The same in chunks, whose length nobody announces, with trailers.
    pub(crate) async fn post_chunks(&mut self, media: &str, chunks: &[&str], trailers: &str) -> Reply {
        self.head(&[&format!("content-type: {media}"), "transfer-encoding: chunked"]).await;
        for chunk in chunks {
            self.send(&format!("{:x}\r\n{chunk}\r\n", chunk.len())).await;
        }
        self.send(&format!("0\r\n{trailers}\r\n")).await;
        self.reply().await
    }

    pub(crate) async fn reply(&mut self) -> Reply {
        let mut text = Vec::new();
        let head_end = loop {
            if let Some(end) = text.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            assert_ne!(self.stream.read_buf(&mut text).await.unwrap(), 0, "closed before it answered");
        };
        let head = String::from_utf8(text[..head_end].to_vec()).unwrap().to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.unwrap().parse().unwrap();
        while text.len() < head_end + length {
            assert_ne!(self.stream.read_buf(&mut text).await.unwrap(), 0, "closed in the middle");
        }
        let body = String::from_utf8(text[head_end..head_end + length].to_vec()).unwrap();
        Reply { status: head.split(' ').nth(1).unwrap().parse().unwrap(), body }
    }
}

impl Reply {
    pub(crate) fn says(&self, what: &str) -> Value {
        let said: Value = serde_json::from_str(&self.body).unwrap();
        said[what].clone()
    }
}
