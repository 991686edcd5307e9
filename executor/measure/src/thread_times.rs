//! CPU time of each thread of some processes, to the nanosecond: whether one thread holds up all the others.

use std::collections::HashMap;
use std::fs;

/// Threads by process and thread number, with the nanoseconds that each has run.
#[derive(Debug, Clone, Default)]
pub struct ThreadTimes(HashMap<(u32, u32), u64>);

/// What threads did between two moments. Threads that ended in between are not in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThreadsUsage {
    /// CPU seconds of all of them.
    pub all_seconds: f64,
    /// CPU seconds of the busiest.
    pub busiest_seconds: f64,
}

impl ThreadTimes {
    /// Reads the threads of `processes`.
    pub fn of(processes: impl IntoIterator<Item = u32>) -> Self {
        let mut times = HashMap::new();
        for process in processes {
            let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { continue };
            for thread in threads.flatten() {
                let number = thread.file_name().to_str().and_then(|name| name.parse().ok());
                // The first number is the time on a core; proc(5) has it for kernels with scheduler statistics.
                let ran = fs::read_to_string(thread.path().join("schedstat")).ok();
                let ran = ran.and_then(|text| text.split_whitespace().next()?.parse().ok());
                if let (Some(number), Some(ran)) = (number, ran) {
                    times.insert((process, number), ran);
                }
            }
        }
        Self(times)
    }

    /// What was done since `earlier`; none where the system does not say.
    pub fn since(&self, earlier: &Self) -> Option<ThreadsUsage> {
        let ran = self.0.iter().map(|(thread, now)| now.saturating_sub(earlier.0.get(thread).copied().unwrap_or(0)));
        let (mut all, mut busiest) = (0, None);
        for nanoseconds in ran {
            all += nanoseconds;
            busiest = busiest.max(Some(nanoseconds));
        }
        Some(ThreadsUsage { all_seconds: all as f64 / 1e9, busiest_seconds: busiest? as f64 / 1e9 })
    }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn the_busiest_thread_is_found() {
        let this = std::process::id();
        let (start_work, may_work) = mpsc::channel::<()>();
        let (done, finished) = mpsc::channel::<()>();
        let (leave, may_leave) = mpsc::channel::<()>();
        let worker = std::thread::spawn(move || {
            may_work.recv().unwrap();
            let start = Instant::now();
            while start.elapsed() < Duration::from_millis(60) {
                black_box((0..10_000_u64).sum::<u64>());
            }
            done.send(()).unwrap();
            let _ = may_leave.recv();
        });
        let before = ThreadTimes::of([this]);
        start_work.send(()).unwrap();
        finished.recv().unwrap();
        let usage = ThreadTimes::of([this]).since(&before).unwrap();
        drop(leave);
        worker.join().unwrap();
        assert!(usage.busiest_seconds > 0.005 && usage.busiest_seconds <= usage.all_seconds, "{usage:?}");
        assert!(ThreadTimes::of([]).since(&before).is_none());
    }
}
