//! The script of `wlx run`: repeats up to the limits of contract 4, and a check of the contents if the user asks for
//! it.

use std::path::Path;
use std::time::Duration;

use runner_drive::{Course, Script, Word};
use workload_schema::Workload;
use workload_schema::event::Verified;

use crate::session::verified_downloads;

/// Repeats until the workload's limits.
#[derive(Debug)]
pub struct UntilLimits<'a> {
    /// The workload.
    pub workload: &'a Workload,
    /// The files directory.
    pub files_dir: &'a Path,
    /// Whether contents are compared.
    pub verify: bool,
}

impl Script for UntilLimits<'_> {
    fn next(&mut self, course: Course<'_>) -> Word {
        let longest = Duration::from_secs(self.workload.max_repeat_secs());
        let is_in_time = course.repeats == 0 || course.elapsed < longest;
        if course.repeats < self.workload.max_repeat_count() && is_in_time {
            Word::Repeat
        } else if self.verify && drops_downloads(self.workload) && course.hello.verifies_content {
            Word::Verify
        } else {
            Word::End
        }
    }

    async fn look(&mut self) -> Option<Verified> {
        if !self.verify {
            return None;
        }
        let verified = verified_downloads(self.workload, self.files_dir, true).await;
        (verified.tasks > 0 || !verified.errors.is_empty()).then_some(verified)
    }
}

/// Whether the workload has downloads that leave nothing behind.
fn drops_downloads(workload: &Workload) -> bool {
    !workload.on_disk() && workload.tasks().any(|task| task.operation.receives_payload())
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use workload_schema::event::{Hello, PROTOCOL_VERSION};
    use workload_schema::workload::Stop;
    use workload_schema::{DataMedium, Operation};
    use workload_schema::{ObjectKey, Task};

    use super::*;

    fn hello(verifies_content: bool) -> Hello {
        Hello {
            protocol_version: PROTOCOL_VERSION,
            client: "a".to_owned(),
            client_version: "1".to_owned(),
            tasks_in_flight: None,
            connections: None,
            part_size_bytes: None,
            checksum_placement: None,
            buffer_residency: None,
            process_start_timed: false,
            verifies_content,
        }
    }

    fn workload(files_on_disk: bool) -> Workload {
        let key = ObjectKey::new("download/1").expect("a key");
        let task = Task { operation: Operation::Download, key, size: 1 };
        let stop = Stop { max_repeats: NonZeroU64::new(3).unwrap(), max_seconds: NonZeroU64::new(10).unwrap() };
        Workload::of_tasks([task]).unwrap().with_medium(DataMedium::of_files_on_disk(files_on_disk)).with_stop(stop)
    }

    fn word(workload: &Workload, verify: bool, hello: &Hello, repeats: u64, seconds: u64) -> Word {
        let mut script = UntilLimits { workload, files_dir: Path::new("."), verify };
        script.next(Course { hello, repeats, elapsed: Duration::from_secs(seconds) })
    }

    #[test]
    fn repeats_end_at_either_limit_but_there_is_always_one() {
        let (workload, hello) = (workload(false), hello(true));
        assert_eq!(word(&workload, false, &hello, 0, 99), Word::Repeat);
        assert_eq!(word(&workload, false, &hello, 2, 9), Word::Repeat);
        assert_eq!(word(&workload, false, &hello, 2, 10), Word::End);
        assert_eq!(word(&workload, false, &hello, 3, 0), Word::End);
    }

    #[test]
    fn only_downloads_to_ram_are_compared_by_the_client_and_only_by_one_that_can() {
        assert_eq!(word(&workload(false), true, &hello(true), 3, 0), Word::Verify);
        assert_eq!(word(&workload(false), true, &hello(false), 3, 0), Word::End);
        assert_eq!(word(&workload(true), true, &hello(true), 3, 0), Word::End);
    }
}
