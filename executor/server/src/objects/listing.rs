//! Pages of keys in order. Keys with a delimiter are rolled up into common prefixes.

use std::{collections::BTreeMap, ops::Bound};

/// What to list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'a> {
    pub prefix: &'a str,
    pub delimiter: Option<&'a str>,
    /// The page begins after this key or rolled-up prefix.
    pub after: &'a str,
    pub limit: usize,
}

/// One line of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listed<T> {
    Item(String, T),
    Prefix(String),
}

impl<T> Listed<T> {
    fn name(&self) -> &str {
        match self {
            Self::Item(name, _) | Self::Prefix(name) => name,
        }
    }
}

/// A page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub lines: Vec<Listed<T>>,
    /// If more follows, the name after which the next page begins.
    pub next: Option<String>,
}

impl Query<'_> {
    /// Lists `items`. It takes time for each line of the page, but not for each key that a prefix stands for.
    pub(crate) fn page<T: Clone>(&self, items: &BTreeMap<String, T>) -> Page<T> {
        let mut lines: Vec<Listed<T>> = Vec::new();
        let mut from = if self.after >= self.prefix {
            Bound::Excluded(self.after.to_owned())
        } else {
            Bound::Included(self.prefix.to_owned())
        };
        if self.limit == 0 {
            return Page { lines, next: None };
        }
        'seek: loop {
            let range = items.range::<str, _>((from.as_ref().map(String::as_str), Bound::Unbounded));
            for (key, item) in range.take_while(|(key, _)| key.starts_with(self.prefix)) {
                let rolled = self.rolled(key);
                if rolled.is_some_and(|rolled| {
                    rolled <= self.after || lines.last().is_some_and(|last| last.name() == rolled)
                }) {
                    continue;
                }
                if lines.len() == self.limit {
                    let next = lines.last().map(|line| line.name().to_owned());
                    return Page { lines, next };
                }
                let Some(rolled) = rolled else {
                    lines.push(Listed::Item(key.clone(), item.clone()));
                    continue;
                };
                lines.push(Listed::Prefix(rolled.to_owned()));
                if let Some(beyond) = successor(rolled) {
                    from = Bound::Included(beyond);
                    continue 'seek;
                }
            }
            return Page { lines, next: None };
        }
    }

    /// The common prefix that stands for `key`, if the key has the delimiter after the query's own prefix.
    fn rolled<'k>(&self, key: &'k str) -> Option<&'k str> {
        let delimiter = self.delimiter.filter(|delimiter| !delimiter.is_empty())?;
        let at = key[self.prefix.len()..].find(delimiter)?;
        Some(&key[..self.prefix.len() + at + delimiter.len()])
    }
}

/// The smallest string above all those that start with `prefix`, if its last character has a successor.
fn successor(prefix: &str) -> Option<String> {
    let mut chars = prefix.chars();
    let next = char::from_u32(chars.next_back()? as u32 + 1)?;
    Some(format!("{}{next}", chars.as_str()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn items(keys: &[&str]) -> BTreeMap<String, u8> {
        keys.iter().map(|key| ((*key).to_owned(), 0)).collect()
    }

    /// The lines of all pages of `limit` lines.
    fn all(items: &BTreeMap<String, u8>, query: Query<'_>) -> Vec<Listed<u8>> {
        let mut lines = Vec::new();
        let mut after = query.after.to_owned();
        loop {
            let page = Query { after: &after, ..query }.page(items);
            assert!(page.lines.len() <= query.limit);
            lines.extend(page.lines);
            match page.next {
                Some(next) => after = next,
                None => return lines,
            }
        }
    }

    #[test]
    fn prefixes_roll_up_and_start_after_is_exclusive() {
        let items = items(&["a", "b/1", "b/2", "b/c/3", "d", "e/"]);
        let query = Query { prefix: "", delimiter: Some("/"), after: "a", limit: 10 };
        let names: Vec<_> = all(&items, query).iter().map(|line| line.name().to_owned()).collect();
        assert_eq!(names, ["b/", "d", "e/"]);
        let query = Query { prefix: "b/", ..query };
        let lines = all(&items, query);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2], Listed::Prefix("b/c/".into()));
    }

    proptest! {
        #[test]
        fn short_pages_together_equal_one_long_page(
            keys in proptest::collection::vec("[ab/ü]{0,5}", 0..40),
            prefix in "[ab/]{0,2}",
            delimiter in proptest::option::of("[/b]"),
            limit in 1_usize..4,
        ) {
            let items = keys.into_iter().map(|key| (key, 0)).collect();
            let query = Query { prefix: &prefix, delimiter: delimiter.as_deref(), after: "", limit };
            let long = Query { limit: 1000, ..query };
            prop_assert_eq!(all(&items, query), all(&items, long));
        }
    }
}
