//! What work costs, in processor time of the thread that does it: waiting for a processor is no cost of the work.

use std::time::Duration;

/// What this costs once.
pub fn spent(work: impl FnOnce()) -> Duration {
    let before = now();
    work();
    now().saturating_sub(before)
}

/// The least of many runs: what it costs when nothing else is in the way.
pub fn least(mut work: impl FnMut()) -> Duration {
    (0..60).map(|_| spent(&mut work)).min().unwrap_or_default()
}

#[cfg(unix)]
fn now() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}

#[cfg(not(unix))]
fn now() -> Duration {
    static BEGIN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    BEGIN.elapsed()
}
