//! What the server does when its memory is full: it must refuse writes, and never throw sessions away.

use redis::Value;

use super::link::Link;

/// Warns unless every server that can be asked refuses writes when it is full.
pub(super) async fn check(link: &Link) {
    let mut command = redis::cmd("INFO");
    command.arg("memory");
    for answer in link.ask_all(&command).await {
        match answer {
            Ok(answer) => warn(&answer),
            Err(failure) => {
                let cause = failure.cause();
                tracing::debug!(target: "session", event = "redis.policy_unknown", %cause, "what redis does when it is full cannot be read");
            }
        }
    }
}

fn warn(answer: &Value) {
    if let Some(policy) = found(answer).into_iter().find(|policy| policy != "noeviction") {
        tracing::warn!(
            target: "session", event = "redis.evicts",
            policy,
            "redis throws sessions away when its memory is full: set `maxmemory-policy noeviction`"
        );
    }
}

/// The policy named in an answer.
fn found(answer: &Value) -> Vec<String> {
    match answer {
        Value::BulkString(text) => policies(&String::from_utf8_lossy(text)),
        Value::VerbatimString { text, .. } => policies(text),
        _ => Vec::new(),
    }
}

fn policies(info: &str) -> Vec<String> {
    let policy = |line: &str| Some(line.strip_prefix("maxmemory_policy:")?.trim().to_owned());
    info.lines().filter_map(policy).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_found_in_either_kind_of_text() {
        let text = "# Memory\r\nused_memory:1\r\nmaxmemory_policy:allkeys-lru\r\n";
        let verbatim = Value::VerbatimString { format: redis::VerbatimFormat::Text, text: text.to_owned() };
        for answer in [verbatim, Value::BulkString(text.into())] {
            assert_eq!(found(&answer), ["allkeys-lru"]);
        }
        assert!(found(&Value::Nil).is_empty());
    }
}
