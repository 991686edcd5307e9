//! Merges plans key by key and notes where they contradict each other.
//!
//! The statements of all plans go into one list that is sorted by key once, without one allocation per key.

use workload_schema::naming::UPLOAD_PREFIX;
use workload_schema::plan::BucketRules;
use workload_schema::workload::Tasks;
use workload_schema::{ByteSize, Checksum, ObjectKey, Operation, PrepPlan, WorkloadName};

use super::clash::{ClashRule, Clashes};
use super::error::PrepError;
use super::work::{Need, PrepWork};
use workload_library::LoadedWorkload;

impl PrepWork {
    /// Merges the plans of `workloads`; all clashes of contract 3 are reported together.
    pub fn of(workloads: &[LoadedWorkload]) -> Result<Self, PrepError> {
        let mut merge = Merge::default();
        for workload in workloads {
            merge.add(workload.plan()?, workload.workload.tasks());
        }
        Ok(merge.finish()?)
    }
}

/// What one workload states about a key.
#[derive(Debug)]
struct Stated {
    key: ObjectKey,
    need: Need,
    workload: usize,
}

/// A merge in progress.
#[derive(Debug, Default)]
struct Merge {
    names: Vec<WorkloadName>,
    stated: Vec<Stated>,
    rules: Option<(BucketRules, usize)>,
    clashes: Clashes,
}

impl Merge {
    /// Adds the plan of a workload with its `tasks`, which may name a key more often than the plan does, and
    /// then with other sizes.
    fn add(&mut self, plan: PrepPlan, tasks: Tasks<'_>) {
        let workload = self.names.len();
        self.names.push(plan.workload);
        self.add_rules(plan.bucket, workload);
        let repeats = tasks.len() > plan.uploads.len() + plan.downloads.len();
        let checksum_of = |operation: Operation| plan.checksum.filter(|_| operation.reads());
        let need =
            |operation, size| Need { operation, size, checksum: checksum_of(operation), on_disk: plan.files_on_disk };
        self.stated.reserve(plan.uploads.len() + plan.downloads.len());
        for (operation, objects) in [(Operation::Upload, plan.uploads), (Operation::Download, plan.downloads)] {
            for object in objects {
                self.check_prefix(operation, &object.key, workload);
                self.stated.push(Stated { key: object.key, need: need(operation, object.size), workload });
            }
        }
        if repeats {
            let again = tasks.map(|task| (task.key.clone(), need(task.operation, task.size)));
            self.stated.extend(again.map(|(key, need)| Stated { key, need, workload }));
        }
    }

    /// The merged plans, if they do not contradict each other.
    fn finish(mut self) -> Result<PrepWork, Clashes> {
        // A stable sort: for each key, the workload that was selected first stays first.
        self.stated.sort_by(|a, b| a.key.cmp(&b.key));
        let (names, clashes) = (&self.names, &mut self.clashes);
        self.stated.dedup_by(|later, first| {
            let same_key = later.key == first.key;
            if same_key {
                note_clashes(clashes, names, first, later);
                first.need.on_disk |= later.need.on_disk;
            }
            same_key
        });
        self.check_folders();
        let needs = self.stated.into_iter().map(|stated| (stated.key, stated.need)).collect();
        PrepWork::checked(needs, self.rules.map(|(rules, _)| rules), self.clashes)
    }

    fn add_rules(&mut self, rules: BucketRules, workload: usize) {
        match &self.rules {
            None => self.rules = Some((rules, workload)),
            Some((first, by)) if *first != rules => {
                let example = || format!("{} and {}", in_words(first), in_words(&rules));
                let names = &self.names;
                self.clashes.add(ClashRule::TwoRules, (*by, &names[*by]), (workload, &names[workload]), example);
            }
            Some(_) => {}
        }
    }

    fn check_prefix(&mut self, operation: Operation, key: &ObjectKey, workload: usize) {
        let rule = match (operation, key.as_str().starts_with(UPLOAD_PREFIX)) {
            (Operation::Upload, false) => ClashRule::UploadOutsidePrefix,
            (Operation::Download, true) => ClashRule::DownloadBelowPrefix,
            _ => return,
        };
        let name = &self.names[workload];
        self.clashes.add(rule, (workload, name), (workload, name), || key.to_string());
    }

    /// On disk, `a` cannot be a file while `a/b` is one.
    fn check_folders(&mut self) {
        let on_disk: Vec<&Stated> = self.stated.iter().filter(|stated| stated.need.on_disk).collect();
        let mut last_folder = "";
        for stated in &on_disk {
            let key = stated.key.as_str();
            // Neighbours mostly share their folder: look it up once.
            let folder = key.rfind('/').map_or("", |slash| &key[..slash]);
            if folder == last_folder {
                continue;
            }
            last_folder = folder;
            let ancestors = key.match_indices('/').map(|(slash, _)| &key[..slash]);
            for ancestor in ancestors {
                let Ok(at) = on_disk.binary_search_by(|other| other.key.as_str().cmp(ancestor)) else { continue };
                let other = on_disk[at];
                let first = (other.workload, &self.names[other.workload]);
                let second = (stated.workload, &self.names[stated.workload]);
                self.clashes.add(ClashRule::FileIsFolder, first, second, || format!("{ancestor} and {key}"));
            }
        }
    }
}

/// Notes where `later` contradicts what was stated `first` about the same key.
fn note_clashes(clashes: &mut Clashes, names: &[WorkloadName], first: &Stated, later: &Stated) {
    let by = (first.workload, &names[first.workload]);
    let mut clash = |rule, example: &dyn Fn() -> String| {
        clashes.add(rule, by, (later.workload, &names[later.workload]), example);
    };
    let (key, need, other) = (&first.key, &first.need, &later.need);
    if need.operation != other.operation {
        clash(ClashRule::BothActions, &|| key.to_string());
    }
    if need.size != other.size {
        clash(ClashRule::TwoSizes, &|| two_sizes(key, need.size, other.size));
    }
    if need.operation == other.operation && need.checksum != other.checksum {
        clash(ClashRule::TwoChecksums, &|| {
            format!("{key} ({} and {})", or_none(need.checksum), or_none(other.checksum))
        });
    }
}

fn two_sizes(key: &ObjectKey, first: u64, second: u64) -> String {
    let in_units = (ByteSize(first).to_string(), ByteSize(second).to_string());
    // Sizes that round to the same text are given in bytes.
    if in_units.0 == in_units.1 {
        return format!("{key} ({first} and {second} bytes)");
    }
    format!("{key} ({} and {})", in_units.0, in_units.1)
}

fn or_none(checksum: Option<Checksum>) -> &'static str {
    checksum.map_or("none", Checksum::as_str)
}

fn in_words(rules: &BucketRules) -> String {
    format!(
        "[expire {} after {} days, abort incomplete uploads after {}]",
        rules.expire_prefix, rules.expire_days, rules.abort_incomplete_multipart_days
    )
}

#[cfg(test)]
mod tests {
    use workload_schema::{DataMedium, Task, Workload, WorkloadDigest};

    use super::*;

    fn tasks(operation: Operation, keys: impl IntoIterator<Item = String>, size: u64) -> Vec<Task> {
        keys.into_iter().map(|key| Task { operation, key: ObjectKey::new(key).unwrap(), size }).collect()
    }

    fn merged(workloads: &[(&str, Option<Checksum>, bool, Vec<Task>)]) -> Result<PrepWork, Clashes> {
        let mut merge = Merge::default();
        for (name, checksum, files_on_disk, tasks) in workloads {
            let medium = DataMedium::of_files_on_disk(*files_on_disk);
            let workload = Workload::of_tasks(tasks.clone()).unwrap().with_medium(medium).with_checksum(*checksum);
            let plan = PrepPlan::of(WorkloadName::new(*name).unwrap(), WorkloadDigest::of(b""), &workload);
            merge.add(plan, workload.tasks());
        }
        merge.finish()
    }

    fn range(prefix: &str, count: usize) -> Vec<String> {
        (1..=count).map(|i| format!("{prefix}/{i:04}")).collect()
    }

    #[test]
    fn every_clash_is_told_in_one_go_and_families_are_grouped() {
        use Operation::{Download, Upload};
        let one = |key: &str| [key.to_owned()];
        let mut twice = tasks(Upload, one("upload/twice/1"), 5);
        twice.extend(tasks(Upload, one("upload/twice/1"), 6));
        let clashes = merged(&[
            ("a", None, true, tasks(Upload, range("upload/many", 1000), 1 << 10)),
            ("b", None, false, tasks(Upload, range("upload/many", 900), 2 << 10)),
            ("c", Some(Checksum::Crc32), true, tasks(Download, one("download/one/1"), 7)),
            ("d", None, true, tasks(Download, one("download/one/1"), 7)),
            ("e", None, false, tasks(Download, one("upload/many/0001"), 1 << 10)),
            ("f", None, false, tasks(Upload, one("elsewhere/1"), 1)),
            ("g", None, true, twice),
            ("h", None, true, tasks(Upload, one("upload/many/0001/inside"), 1)),
        ])
        .unwrap_err();
        insta::assert_snapshot!(clashes, @r"
        the selected workloads contradict each other; nothing was changed
          keys to upload start with upload/, so that they can expire: f: elsewhere/1
          keys to download do not start with upload/, where they would expire: e: upload/many/0001
          a key is either uploaded or downloaded: a and e: upload/many/0001
          a key has one size: a and b: upload/many/0001 (1 KiB and 2 KiB), upload/many/0002 (1 KiB and 2 KiB), upload/many/0003 (1 KiB and 2 KiB) and 897 more
          a key has one size: g: upload/twice/1 (5 bytes and 6 bytes)
          a key to download has one checksum algorithm: c and d: download/one/1 (CRC32 and none)
          the path of a file on disk is not the folder of another: a and h: upload/many/0001 and upload/many/0001/inside
        hint: prepare them one at a time in buckets of their own, or change a key in their sources
        ");
    }

    #[test]
    fn the_same_key_on_disk_and_in_ram_and_repeats_are_fine() {
        let keys = || range("upload/5GiB-1x", 1);
        let repeated = std::iter::repeat_n("upload/5GiB-1x/0001".to_owned(), 100);
        let work = merged(&[
            ("upload-5GiB-1x-ram", None, false, tasks(Operation::Upload, keys(), 5 << 30)),
            ("upload-5GiB-1x", None, true, tasks(Operation::Upload, keys(), 5 << 30)),
            ("upload-max-throughput", None, false, tasks(Operation::Upload, repeated, 5 << 30)),
        ])
        .unwrap();
        assert_eq!(
            work.upload_files().map(|(key, size)| (key.as_str(), size)).collect::<Vec<_>>(),
            [("upload/5GiB-1x/0001", 5 << 30)]
        );
        assert_eq!(work.objects().count(), 0);
        assert_eq!(work.rules(), Some(&BucketRules::default()));
    }

    #[test]
    fn uploads_may_have_two_checksums() {
        let keys = || range("upload/x", 2);
        let work = merged(&[
            ("a", Some(Checksum::Sha256), false, tasks(Operation::Upload, keys(), 1)),
            ("b", None, false, tasks(Operation::Upload, keys(), 1)),
        ]);
        assert_eq!(work.unwrap().needs().count(), 2);
    }
}
