//! The prep plan: `NAME.prep.json`, each object on one line and each key once.

use std::io::{self, Write};

use super::Keys;
use super::json_text::push_string;
use super::record::{Record, RecordGroup, list_length, write_list};
use crate::plan::{BucketRules, VERSION};
use crate::{Checksum, DataMedium, WorkloadDigest, WorkloadName};

/// What separates the two lists.
const BETWEEN: &[u8] = b",\n    \"uploads\": ";
/// The end of the file after both lists.
const END: &[u8] = b"\n}\n";

/// The fields of the file before its objects.
#[derive(Debug, Clone, Copy)]
pub struct PrepHead<'a> {
    /// Name of the workload that the plan belongs to.
    pub workload: &'a WorkloadName,
    /// Digest of the compiled workload that the plan belongs to.
    pub workload_digest: &'a WorkloadDigest,
    /// Where the client's data comes from and goes to.
    pub medium: DataMedium,
    /// Checksum algorithm that objects to download must have.
    pub checksum: Option<Checksum>,
    /// Lifecycle rules of the bucket.
    pub bucket: &'a BucketRules,
}

/// Consecutive objects that differ at most in the number in their key.
#[derive(Debug, Clone, Copy)]
pub struct ObjectGroup<'a> {
    /// Their keys.
    pub keys: Keys<'a>,
    /// Size of each object in bytes.
    pub size: u64,
}

impl PrepHead<'_> {
    fn text(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        let checksum = self.checksum.map_or("null".to_owned(), |checksum| format!("\"{checksum}\""));
        write!(out, "{{\n    \"version\": {VERSION},\n    \"workload\": ").expect("memory");
        push_string(&mut out, self.workload.as_str());
        write!(
            out,
            ",\n    \"workloadDigest\": \"{}\",\n    \"filesOnDisk\": {},\n    \"checksum\": {checksum},\n    \"bucket\": {{\n        \"abortIncompleteMultipartDays\": {},\n        \"expirePrefix\": ",
            self.workload_digest,
            self.medium.files_on_disk(),
            self.bucket.abort_incomplete_multipart_days,
        )
        .expect("memory");
        push_string(&mut out, &self.bucket.expire_prefix);
        write!(out, ",\n        \"expireDays\": {}\n    }},\n    \"downloads\": ", self.bucket.expire_days)
            .expect("memory");
        out
    }
}

impl RecordGroup for ObjectGroup<'_> {
    fn keys(&self) -> &Keys<'_> {
        &self.keys
    }

    fn set(&self, record: &mut Record) {
        record.set(format_args!("        {{\"key\": "), &self.keys, format_args!(", \"size\": {}}}", self.size));
    }
}

/// Writes the file that consists of `head`, the objects to download and the objects to upload.
pub fn write<'a>(
    head: &PrepHead<'_>,
    downloads: impl IntoIterator<Item = ObjectGroup<'a>>,
    uploads: impl IntoIterator<Item = ObjectGroup<'a>>,
    out: &mut impl Write,
) -> io::Result<()> {
    out.write_all(&head.text())?;
    write_list(downloads, out)?;
    out.write_all(BETWEEN)?;
    write_list(uploads, out)?;
    out.write_all(END)
}

/// The length in bytes of what [`write`] writes for the same arguments.
pub fn length<'a>(
    head: &PrepHead<'_>,
    downloads: impl IntoIterator<Item = ObjectGroup<'a>>,
    uploads: impl IntoIterator<Item = ObjectGroup<'a>>,
) -> u64 {
    let frame = head.text().len() + BETWEEN.len() + END.len();
    list_length(downloads).saturating_add(list_length(uploads)).saturating_add(frame as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeySeries, ObjectKey, PrepPlan};

    #[test]
    fn objects_stand_one_a_line_and_are_read_back() {
        let name = WorkloadName::new("w").unwrap();
        let digest = WorkloadDigest::of(b"");
        let bucket = BucketRules::default();
        let (medium, checksum) = (DataMedium::Memory, Some(Checksum::Crc32));
        let head = PrepHead { workload: &name, workload_digest: &digest, medium, checksum, bucket: &bucket };
        let (series, one) = (KeySeries::new("a/", 10), ObjectKey::new("b").unwrap());
        let downloads =
            [ObjectGroup { keys: Keys::Series(&series), size: 3 }, ObjectGroup { keys: Keys::one(&one), size: 4 }];
        let mut text = Vec::new();
        write(&head, downloads, [], &mut text).unwrap();
        assert_eq!(length(&head, downloads, []), text.len() as u64);
        let plan: PrepPlan = serde_json::from_slice(&text).unwrap();
        assert_eq!((plan.downloads.len(), plan.uploads.len()), (11, 0));
        assert_eq!((plan.files_on_disk, plan.checksum, &plan.workload_digest), (false, checksum, &digest));
        insta::assert_snapshot!(String::from_utf8(text).unwrap());
    }
}
