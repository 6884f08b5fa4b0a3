//! What the server does when its memory is full: it must refuse writes, and never throw sessions away.

use redis::Value;

use super::link::Link;

/// Warns unless every server that can be asked refuses writes when it is full.
pub(super) async fn check(link: &Link) {
    let mut command = redis::cmd("INFO");
    command.arg("memory");
    match link.ask(&command).await {
        Ok(answer) => {
            let evicting = found(&answer).into_iter().find(|policy| policy != "noeviction");
            if let Some(policy) = evicting {
                tracing::warn!(
                    target: "session",
                    policy,
                    "redis throws sessions away when its memory is full: set `maxmemory-policy noeviction`"
                );
            }
        }
        Err(failure) => {
            let cause = failure.cause();
            tracing::debug!(target: "session", %cause, "what redis does when its memory is full cannot be read");
        }
    }
}

/// The policies named in an answer, of one server or of many.
fn found(answer: &Value) -> Vec<String> {
    match answer {
        Value::Map(nodes) => nodes.iter().flat_map(|(_, info)| found(info)).collect(),
        Value::Array(parts) => parts.iter().flat_map(found).collect(),
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
    fn policies_are_found_in_the_answer_of_one_server_and_of_many() {
        let info = |policy| Value::VerbatimString {
            format: redis::VerbatimFormat::Text,
            text: format!("# Memory\r\nused_memory:1\r\nmaxmemory_policy:{policy}\r\n"),
        };
        assert_eq!(found(&info("allkeys-lru")), ["allkeys-lru"]);
        let node = Value::BulkString(b"127.0.0.1:7000".to_vec());
        let nodes = Value::Map(vec![(node.clone(), info("noeviction")), (node, info("volatile-ttl"))]);
        assert_eq!(found(&nodes), ["noeviction", "volatile-ttl"]);
        assert!(found(&Value::Nil).is_empty());
    }
}
