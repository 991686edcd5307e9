//! Lists objects (with both versions of the call), object versions, and multipart uploads that are under way.

mod objects;
mod page;
mod uploads;

pub(super) use objects::{objects, objects_v2, versions};
pub(super) use uploads::uploads;
