//! The fields of a record.

use std::collections::BTreeMap;
use std::fmt;

use crate::value::Key;

use super::parts::Field;

/// Fields by key, in the order of the keys, as a map would have them; all in one allocation, since most records have few
/// and each request reads and drops one.
///
/// `Debug` shows keys and sizes, never a value.
///
/// ```
/// use session_runtime::record::{Field, Fields};
/// use session_runtime::{JsonText, Key};
///
/// let field = |json| Field { json: JsonText::parse(json).unwrap(), survives_logout: false };
/// let fields: Fields = [("b", "2"), ("a", "1")].map(|(key, json)| (Key::from(key), field(json))).into_iter().collect();
/// assert_eq!(fields.keys().map(Key::as_str).collect::<Vec<_>>(), ["a", "b"]);
/// assert_eq!(fields.get("b").unwrap().json.as_str(), "2");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(Key, Field)>);

impl Fields {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// None yet, with room for so many.
    #[must_use]
    pub fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The field under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Field> {
        let (_, field) = self.0.get(self.place(key).ok()?)?;
        Some(field)
    }

    /// Whether there is a field under `key`.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_ok()
    }

    /// Puts a field under `key`; the one that was there.
    pub fn insert(&mut self, key: Key, field: Field) -> Option<Field> {
        // Who inserts in order, as readers do, is not searched for.
        if self.0.last().is_none_or(|(last, _)| last.as_str() < key.as_str()) {
            self.0.push((key, field));
            return None;
        }
        match self.place(key.as_str()) {
            Ok(place) => self.0.get_mut(place).map(|(_, old)| std::mem::replace(old, field)),
            Err(place) => {
                self.0.insert(place, (key, field));
                None
            }
        }
    }

    /// Takes the field under `key` away.
    pub fn remove(&mut self, key: &str) -> Option<Field> {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Takes all away but those that are `kept`.
    pub fn retain(&mut self, kept: impl Fn(&Field) -> bool) {
        self.0.retain(|(_, field)| kept(field));
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Keys and fields, ordered by key.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Key, &Field)> + Clone {
        self.0.iter().map(|(key, field)| (key, field))
    }

    /// The keys, in order.
    #[must_use]
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Key> {
        self.0.iter().map(|(key, _)| key)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Field> {
        let place = self.place(key).ok()?;
        self.0.get_mut(place).map(|(_, field)| field)
    }

    /// Where `key` is, or would be. Most keys of a few differ in length already.
    fn place(&self, key: &str) -> Result<usize, usize> {
        if self.0.len() <= FEW
            && let Some(place) = self.0.iter().position(|(other, _)| other.as_str() == key)
        {
            return Ok(place);
        }
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(key))
    }
}

const FEW: usize = 8;

/// Of several under one key the last one stays.
impl FromIterator<(Key, Field)> for Fields {
    fn from_iter<I: IntoIterator<Item = (Key, Field)>>(fields: I) -> Self {
        let mut fields: Vec<_> = fields.into_iter().collect();
        let in_order = fields.is_sorted_by(|(one, _), (next, _)| one.as_str() < next.as_str());
        if !in_order {
            // Stable, so that the last of a key comes first after it is turned around.
            fields.reverse();
            fields.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
            fields.dedup_by(|(one, _), (other, _)| one == other);
        }
        Self(fields)
    }
}

impl<const N: usize> From<[(Key, Field); N]> for Fields {
    fn from(fields: [(Key, Field); N]) -> Self {
        fields.into_iter().collect()
    }
}

impl From<BTreeMap<Key, Field>> for Fields {
    fn from(fields: BTreeMap<Key, Field>) -> Self {
        fields.into_iter().collect()
    }
}

impl IntoIterator for Fields {
    type Item = (Key, Field);
    type IntoIter = std::vec::IntoIter<(Key, Field)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Fields {
    type Item = (&'a Key, &'a Field);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (Key, Field)>, fn(&'a (Key, Field)) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, field)| (key, field))
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests;
