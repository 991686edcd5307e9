//! The cheapest requests that find existing objects: a LIST of a prefix covers a thousand keys, a HEAD covers one.

use super::wanted::Wanted;

/// Keys per page of a listing.
const PAGE: usize = 1000;
/// Keys that are listed one page after the other.
const STRETCH: usize = 10 * PAGE;

/// A request (or a run of pages) that covers some of the wanted objects, which are sorted by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup<'a> {
    /// List the keys below `prefix` (empty or ending in `/`) that sort after `after`.
    List { prefix: &'a str, after: Option<&'a str>, wanted: &'a [Wanted] },
    /// Ask for one object with a HEAD.
    Head(&'a Wanted),
}

/// The lookups with the fewest requests, if the bucket holds nothing but wanted objects.
pub(super) fn plan(wanted: &[Wanted]) -> Vec<Lookup<'_>> {
    let mut lookups = Vec::new();
    plan_below(wanted, &mut lookups);
    lookups
}

/// Splits long listings, so that their pages need not wait for each other. Only for stores that list in order.
pub(super) fn side_by_side(lookups: Vec<Lookup<'_>>) -> Vec<Lookup<'_>> {
    let split = |lookup| match lookup {
        Lookup::List { prefix, after: None, wanted } if wanted.len() > STRETCH => {
            let before = (1..).map_while(|stretch| wanted.get(stretch * STRETCH - 1)).map(|wanted| wanted.key.as_str());
            let after = std::iter::once(None).chain(before.map(Some));
            wanted.chunks(STRETCH).zip(after).map(|(wanted, after)| Lookup::List { prefix, after, wanted }).collect()
        }
        whole => vec![whole],
    };
    lookups.into_iter().flat_map(split).collect()
}

/// Plans the sorted `wanted`, appends the lookups to `lookups`, and returns their number of requests.
fn plan_below<'a>(wanted: &'a [Wanted], lookups: &mut Vec<Lookup<'a>>) -> usize {
    let [first, .., last] = wanted else {
        lookups.extend(wanted.iter().map(Lookup::Head));
        return wanted.len();
    };
    let prefix = common_folder(first.key.as_str(), last.key.as_str());
    let pages = wanted.len().div_ceil(PAGE);
    let already = lookups.len();
    let mut apart = 0;
    for folder in wanted.chunk_by(|a, b| below(a, prefix).0 == below(b, prefix).0 && below(a, prefix).1) {
        apart += plan_below(folder, lookups);
    }
    if pages >= apart {
        return apart;
    }
    lookups.truncate(already);
    lookups.push(Lookup::List { prefix, after: None, wanted });
    pages
}

/// The longest prefix ending in `/` that both keys have; as the keys between are sorted, they have it too.
fn common_folder<'a>(first: &'a str, last: &str) -> &'a str {
    let common = first.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
    let end = first.as_bytes()[..common].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    &first[..end]
}

/// The next part of a key below `prefix`, and whether that is a folder.
fn below<'a>(wanted: &'a Wanted, prefix: &str) -> (&'a str, bool) {
    let rest = &wanted.key.as_str()[prefix.len()..];
    rest.split_once('/').map_or((rest, false), |(folder, _)| (folder, true))
}

#[cfg(test)]
mod tests {
    use workload_schema::{ObjectKey, Operation};

    use super::*;
    use crate::prep::Need;

    fn wanted(groups: &[(&str, usize)]) -> Vec<Wanted> {
        let mut all: Vec<Wanted> = groups
            .iter()
            .flat_map(|(folder, count)| (1..=*count).map(move |i| format!("{folder}/{i:05}")))
            .map(|key| Wanted {
                key: ObjectKey::new(key).unwrap(),
                need: Need { operation: Operation::Download, size: 1, checksum: None, on_disk: false },
            })
            .collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }

    fn planned(groups: &[(&str, usize)]) -> String {
        let wanted = wanted(groups);
        let lookups = side_by_side(plan(&wanted)).into_iter().map(|lookup| match lookup {
            Lookup::List { prefix, after: None, wanted } => format!("LIST {prefix} for {}", wanted.len()),
            Lookup::List { prefix, after: Some(after), wanted } => {
                format!("LIST {prefix} after {after} for {}", wanted.len())
            }
            Lookup::Head(wanted) => format!("HEAD {}", wanted.key),
        });
        lookups.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_long_listing_is_walked_side_by_side() {
        assert_eq!(
            planned(&[("d/many", 20_001)]),
            "LIST d/many/ for 10000, LIST d/many/ after d/many/10000 for 10000, LIST d/many/ after d/many/20000 for 1"
        );
        assert_eq!(planned(&[("d/many", 20_000)]).matches("LIST").count(), 2);
    }

    #[test]
    fn whichever_is_fewer_requests_is_taken() {
        assert_eq!(planned(&[]), "");
        assert_eq!(planned(&[("download/5GiB-1x", 1)]), "HEAD download/5GiB-1x/00001");
        assert_eq!(planned(&[("download/5GiB-10x", 10)]), "LIST download/5GiB-10x/ for 10");
        assert_eq!(planned(&[("d/256KiB", 10_000)]), "LIST d/256KiB/ for 10000");
        assert_eq!(
            planned(&[("d/a", 1), ("other/b", 1)]),
            "LIST  for 2",
            "one page of the whole bucket is fewer than two HEADs"
        );
        let singles: Vec<String> = (0..50).map(|i| format!("d/{i}")).collect();
        let singles: Vec<(&str, usize)> = singles.iter().map(|folder| (folder.as_str(), 1)).collect();
        assert_eq!(planned(&singles), "LIST d/ for 50");
        assert_eq!(planned(&[("d/a", 1000), ("d/b", 1000)]), "LIST d/a/ for 1000, LIST d/b/ for 1000");
        assert_eq!(planned(&[("d/a", 999), ("d/b", 1)]), "LIST d/ for 1000");
    }
}
