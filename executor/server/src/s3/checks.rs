//! Checks that several operations make of their requests.

use s3s::{S3Result, dto::ServerSideEncryption, s3_error};

use super::failure::invalid_argument;

/// The largest part number that S3 has.
const MAX_PART_NUMBER: u32 = 10_000;

/// Refuses every version except `null`, because buckets here are not versioned.
pub(super) fn refuse_version(version: Option<&str>) -> S3Result<()> {
    match version {
        None | Some("null") => Ok(()),
        Some(_) => Err(s3_error!(NoSuchVersion, "The specified version does not exist.")),
    }
}

/// Refuses encryption with any key but the server's own. That one changes nothing that a client sees, but a client that
/// asks for another key would wrongly believe that its object is encrypted with it.
pub(super) fn refuse_encryption(customer_key: bool, kind: Option<&ServerSideEncryption>) -> S3Result<()> {
    if customer_key || kind.is_some_and(|kind| kind.as_str() != ServerSideEncryption::AES256) {
        return Err(s3_error!(NotImplemented, "Encryption with keys of your own is not implemented"));
    }
    Ok(())
}

/// A part number within the bounds of S3.
pub(super) fn part_number(number: i32) -> S3Result<u32> {
    let number = u32::try_from(number).ok().filter(|number| is_part_number(*number));
    number.ok_or_else(|| invalid_argument("Part number must be an integer between 1 and 10000, inclusive"))
}

/// Whether S3 has parts of that number.
pub(super) fn is_part_number(number: u32) -> bool {
    (1..=MAX_PART_NUMBER).contains(&number)
}
