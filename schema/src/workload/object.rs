//! The objects of a workload.

use indexmap::IndexSet;

use crate::ObjectKey;

/// An object at the store. If data is on disk, also the file with the same relative path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Object {
    /// Its key.
    pub key: ObjectKey,
    /// Its size in bytes.
    pub size: u64,
}

/// The position of an object in the list of its workload. It has four bytes, as every step holds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectIndex(u32);

/// There are more objects than an [`ObjectIndex`] can distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a workload has at most 4,294,967,295 objects")]
pub struct TooManyObjects;

/// Distinct objects in the order in which they were added.
///
/// One key with two sizes makes two objects. A hand-written workload may do that; the checks of contract 3 report it.
#[derive(Debug, Clone, Default)]
pub struct ObjectSet {
    objects: IndexSet<Object>,
}

impl ObjectSet {
    /// Adds an object unless it is there already. Returns its position.
    pub fn insert(&mut self, object: Object) -> Result<ObjectIndex, TooManyObjects> {
        let (place, _) = self.objects.insert_full(object);
        u32::try_from(place).map(ObjectIndex).map_err(|_| TooManyObjects)
    }

    /// The objects as a list.
    pub(super) fn into_objects(self) -> Vec<Object> {
        self.objects.into_iter().collect()
    }
}

impl ObjectIndex {
    /// The position in the list of objects, from 0.
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
