//! The objects of a workload.

use indexmap::IndexSet;

use crate::ObjectKey;

/// An object at the store, and with data on disk the file of the same relative path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Object {
    /// Its key.
    pub key: ObjectKey,
    /// Its size in bytes.
    pub size: u64,
}

/// The place of an object among those of its workload. Four bytes, as a step has one and there may be millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectIndex(u32);

/// More objects than an [`ObjectIndex`] can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a workload has at most 4,294,967,295 objects")]
pub struct TooManyObjects;

/// Distinct objects in the order in which they were added.
///
/// Two sizes of one key are two objects: a hand-written workload may say so, and the checks of contract 3 report it.
#[derive(Debug, Clone, Default)]
pub struct ObjectSet {
    objects: IndexSet<Object>,
}

impl ObjectSet {
    /// Adds an object unless it is known, and gives its place.
    pub fn insert(&mut self, object: Object) -> Result<ObjectIndex, TooManyObjects> {
        let (place, _) = self.objects.insert_full(object);
        u32::try_from(place).map(ObjectIndex).map_err(|_| TooManyObjects)
    }

    /// The objects without the index that kept them distinct.
    pub(super) fn into_objects(self) -> Vec<Object> {
        self.objects.into_iter().collect()
    }
}

impl ObjectIndex {
    /// The place in a list of objects.
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_objects_are_one_and_two_sizes_of_a_key_are_two() {
        let object = |key: &str, size| Object { key: ObjectKey::new(key).unwrap(), size };
        let mut set = ObjectSet::default();
        let places = [("a", 1), ("b", 1), ("a", 1), ("a", 2)].map(|(key, size)| set.insert(object(key, size)).unwrap());
        assert_eq!(places.map(ObjectIndex::place), [0, 1, 0, 2]);
        assert_eq!(set.into_objects(), [object("a", 1), object("b", 1), object("a", 2)]);
    }
}
