//! Which node of a cluster holds which keys: pure, from what a node says.

use crc16::{State, XMODEM};
use redis::Value;

/// Host and port of a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
}

impl Address {
    /// Reads `host:port`; an empty host is that of the node that said so.
    pub(super) fn read(text: &str, told_by: &Self) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        Some(Self::new(host, port.parse().ok()?, told_by))
    }

    fn new(host: &str, port: u16, told_by: &Self) -> Self {
        let host = if host.is_empty() || host == "?" { &told_by.host } else { host };
        Self { host: host.to_owned(), port }
    }
}

/// Ranges of slots with their primaries, ordered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Slots(Vec<(u16, u16, Address)>);

impl Slots {
    /// Reads the answer to `CLUSTER SLOTS`; none if it says of no slot where it is.
    pub(super) fn read(answer: &Value, told_by: &Address) -> Option<Self> {
        let Value::Array(ranges) = answer else { return None };
        let mut slots: Vec<_> = ranges.iter().filter_map(|range| read_range(range, told_by)).collect();
        slots.sort_unstable_by_key(|(first, ..)| *first);
        (!slots.is_empty()).then_some(Self(slots))
    }

    /// The primary that holds `key`. Our keys have no braces, so that the whole key counts.
    pub(super) fn primary(&self, key: &[u8]) -> Option<&Address> {
        let slot = State::<XMODEM>::calculate(key) % SLOTS;
        let after = self.0.partition_point(|(first, ..)| *first <= slot);
        let (_, last, address) = self.0.get(after.checked_sub(1)?)?;
        (slot <= *last).then_some(address)
    }

    /// All primaries, some of them repeatedly.
    pub(super) fn primaries(&self) -> impl Iterator<Item = &Address> {
        self.0.iter().map(|(_, _, address)| address)
    }
}

/// First slot, last slot, and nodes, the primary first, as host, port and more.
fn read_range(range: &Value, told_by: &Address) -> Option<(u16, u16, Address)> {
    let Value::Array(parts) = range else { return None };
    let [Value::Int(first), Value::Int(last), Value::Array(primary), ..] = parts.as_slice() else {
        return None;
    };
    let [host, Value::Int(port), ..] = primary.as_slice() else { return None };
    let host = match host {
        Value::BulkString(host) => std::str::from_utf8(host).ok()?,
        Value::SimpleString(host) => host,
        _ => "",
    };
    let address = Address::new(host, u16::try_from(*port).ok()?, told_by);
    Some((u16::try_from(*first).ok()?, u16::try_from(*last).ok()?, address))
}

const SLOTS: u16 = 16_384;

#[cfg(test)]
mod tests {
    use super::*;

    fn address(host: &str, port: u16) -> Address {
        Address { host: host.to_owned(), port }
    }

    fn range(first: i64, last: i64, host: Value, port: i64) -> Value {
        let node = Value::Array(vec![host, Value::Int(port), Value::BulkString(b"id".to_vec())]);
        let replica = Value::Array(vec![Value::BulkString(b"replica".to_vec()), Value::Int(9)]);
        Value::Array(vec![Value::Int(first), Value::Int(last), node, replica])
    }

    #[test]
    fn keys_are_found_on_the_primary_of_their_slot() {
        let host = |host: &str| Value::BulkString(host.into());
        let answer = Value::Array(vec![range(8_192, 16_383, host("b"), 2), range(0, 8_191, Value::Nil, 1)]);
        let slots = Slots::read(&answer, &address("a", 7)).unwrap();
        // The slots that `CLUSTER KEYSLOT` tells: 12182 and 5061.
        assert_eq!(slots.primary(b"foo"), Some(&address("b", 2)));
        assert_eq!(
            slots.primary(b"bar"),
            Some(&address("a", 1)),
            "without a host it is the one that was asked"
        );
        assert_eq!(slots.primaries().count(), 2);
    }

    #[test]
    fn slots_that_nobody_holds_have_no_primary() {
        let some = Value::Array(vec![range(12_183, 16_383, Value::Nil, 1), range(0, 5_060, Value::Nil, 1)]);
        let slots = Slots::read(&some, &address("a", 7)).unwrap();
        assert_eq!((slots.primary(b"foo"), slots.primary(b"bar")), (None, None));
        assert_eq!(Slots::read(&Value::Array(vec![]), &address("a", 7)), None);
        assert_eq!(Slots::read(&Value::Nil, &address("a", 7)), None);
    }

    #[test]
    fn redirections_name_a_node() {
        let told_by = address("a", 7);
        assert_eq!(Address::read("10.0.0.1:80", &told_by), Some(address("10.0.0.1", 80)));
        assert_eq!(Address::read("::1:80", &told_by), Some(address("::1", 80)));
        assert_eq!(Address::read(":80", &told_by), Some(address("a", 80)));
        assert_eq!(Address::read("a", &told_by), None);
    }
}
