//! What all listings have in common: the encoding of names, the length of a page, and its two kinds of lines.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::{
    S3Result,
    dto::{CommonPrefix, EncodingType},
};

use crate::{
    objects::{Listed, Page},
    s3::failure::invalid_argument,
};

/// The characters that are percent-encoded in a listing with `encoding-type=url`, as in S3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'*');

/// The number of lines that a page has at most.
const MAX_PAGE: i32 = 1000;

/// How names are written in a response.
#[derive(Clone, Copy)]
pub(super) struct Names {
    encoded: bool,
}

impl Names {
    pub(super) fn of(encoding: Option<&EncodingType>) -> S3Result<Self> {
        match encoding.map(EncodingType::as_str) {
            None => Ok(Self { encoded: false }),
            Some(EncodingType::URL) => Ok(Self { encoded: true }),
            Some(_) => Err(invalid_argument("Invalid Encoding Method specified in Request")),
        }
    }

    pub(super) fn write(self, name: &str) -> String {
        if self.encoded { utf8_percent_encode(name, ENCODED).to_string() } else { name.to_owned() }
    }
}

pub(super) fn limit(max: Option<i32>) -> S3Result<i32> {
    match max {
        None => Ok(MAX_PAGE),
        Some(max) if max < 0 => Err(invalid_argument("max-keys must be an integer between 0 and 2147483647")),
        Some(max) => Ok(max.min(MAX_PAGE)),
    }
}

/// The page's rolled-up prefixes.
pub(super) fn prefixes<T>(names: Names, page: &Page<T>) -> Option<Vec<CommonPrefix>> {
    let prefixes: Vec<_> = page
        .lines
        .iter()
        .filter_map(|line| match line {
            Listed::Prefix(prefix) => Some(CommonPrefix { prefix: Some(names.write(prefix)) }),
            Listed::Item(..) => None,
        })
        .collect();
    (!prefixes.is_empty()).then_some(prefixes)
}

/// The page's items.
pub(super) fn items<T>(page: &Page<T>) -> impl Iterator<Item = (&str, &T)> {
    page.lines.iter().filter_map(|line| match line {
        Listed::Item(key, item) => Some((key.as_str(), item)),
        Listed::Prefix(_) => None,
    })
}
