//! The throughput of the disk of the files directory, and of the page cache in front of it.
//!
//! The file has no name, so nothing is left of it whatever ends this process.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{Advice, fadvise};
use synthetic_content::Content;

use run_records::analysis::calibration::DiskLimit;
use run_records::results::Spread;

/// Fewest and most rounds. Rounds beyond the fewest run only while there is time.
const ROUNDS: (usize, usize) = (3, 5);
const TIME: Duration = Duration::from_secs(6);
/// Bytes per call.
const BLOCK: usize = 1 << 20;

/// Measures the disk that `folder` is on with a file of `size` bytes; `None` if `stopped` says so.
pub fn measure(folder: &Path, size: u64, stopped: &impl Fn() -> bool) -> io::Result<Option<DiskLimit>> {
    let began = Instant::now();
    let (mut written, mut read, mut cached) = (Vec::new(), Vec::new(), Vec::new());
    while written.len() < ROUNDS.0 || (written.len() < ROUNDS.1 && began.elapsed() < TIME) {
        let file = tempfile::tempfile_in(folder)?;
        let (Some(write), Some(first), Some(again)) = (
            timed(size, || write(&file, size, stopped))?,
            {
                forget(&file)?;
                timed(size, || self::read(&file, size, stopped))?
            },
            timed(size, || self::read(&file, size, stopped))?,
        ) else {
            return Ok(None);
        };
        written.push(write);
        read.push(first);
        cached.push(again);
    }
    let spread = |values: Vec<f64>| Spread::of(values).expect("there are rounds");
    Ok(Some(DiskLimit {
        size_bytes: size,
        write_bytes_per_second: spread(written),
        read_bytes_per_second: spread(read),
        cached_bytes_per_second: spread(cached),
    }))
}

/// Throughput of `work` on `size` bytes, in bytes/s; `None` if it was stopped.
fn timed(size: u64, work: impl FnOnce() -> io::Result<bool>) -> io::Result<Option<f64>> {
    let began = Instant::now();
    let done = work()?;
    Ok(done.then(|| size as f64 / began.elapsed().as_secs_f64()))
}

fn write(file: &File, size: u64, stopped: &impl Fn() -> bool) -> io::Result<bool> {
    // No disk can compress or deduplicate these bytes.
    let content = Content::of_key("calibrate");
    let mut at = 0;
    for frame in content.frames(0, size, BLOCK) {
        if stopped() {
            return Ok(false);
        }
        file.write_all_at(&frame, at)?;
        at += frame.len() as u64;
    }
    file.sync_all()?;
    Ok(true)
}

/// Drops the file from the page cache. It is on the disk by now.
fn forget(file: &File) -> io::Result<()> {
    Ok(fadvise(file, 0, None, Advice::DontNeed)?)
}

fn read(file: &File, size: u64, stopped: &impl Fn() -> bool) -> io::Result<bool> {
    let mut block = vec![0_u8; BLOCK];
    let mut at = 0;
    while at < size {
        if stopped() {
            return Ok(false);
        }
        match file.read_at(&mut block, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            bytes => at += bytes as u64,
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let limit = measure(folder.path(), (3 << 20) + 5, &|| false).unwrap().expect("nobody stopped it");
        assert!(limit.write_bytes_per_second.low > 0.0 && limit.cached_bytes_per_second.low > 0.0, "{limit:?}");
        assert!((ROUNDS.0..=ROUNDS.1).contains(&limit.read_bytes_per_second.n));
        assert_eq!(measure(folder.path(), 1 << 20, &|| true).unwrap(), None);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
