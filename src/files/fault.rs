//! The place where tests make a file operation fail, or let another program act at that moment.
//!
//! Every operation that a save, a backup or the journal asks of the file system passes [`point`] first. Outside
//! tests it is nothing. In a test, the plan of the running thread sees each operation by its name and may
//! return the error that the operation shall have, or do what another program could do just then.

use std::io;

#[cfg(not(test))]
#[inline]
#[allow(clippy::unnecessary_wraps)] // The same signature as in tests, where it fails.
pub(super) fn point(_operation: &'static str) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
pub(super) use planned::point;
#[cfg(test)]
pub(crate) use planned::with_plan;

/// The raw errors that a file system may give.
#[cfg(all(test, unix))]
pub(super) const ERRNOS: [i32; 6] = [5, 13, 22, 28, 30, 122]; // EIO EACCES EINVAL ENOSPC EROFS EDQUOT (Linux)
/// `ERROR_ACCESS_DENIED`, `_WRITE_PROTECT`, `_GEN_FAILURE`, `_SHARING_VIOLATION`, `_LOCK_VIOLATION`, `_DISK_FULL`,
/// `_IO_DEVICE`, and the three of `ReplaceFileW`.
#[cfg(all(test, windows))]
pub(super) const ERRNOS: [i32; 10] = [5, 19, 31, 32, 33, 112, 1117, 1175, 1176, 1177];

#[cfg(test)]
mod planned {
    use super::io;
    use std::cell::RefCell;

    type Plan = Box<dyn FnMut(&'static str) -> io::Result<()>>;

    thread_local! {
        static PLAN: RefCell<Option<Plan>> = const { RefCell::new(None) };
    }

    pub fn point(operation: &'static str) -> io::Result<()> {
        // The plan is taken out while it runs: it may itself use the functions of this module.
        let Some(mut plan) = PLAN.take() else { return Ok(()) };
        let answer = plan(operation);
        PLAN.set(Some(plan));
        answer
    }

    /// Runs `work` with `plan` in force on this thread.
    pub fn with_plan<T>(
        plan: impl FnMut(&'static str) -> io::Result<()> + 'static,
        work: impl FnOnce() -> T,
    ) -> T {
        PLAN.set(Some(Box::new(plan)));
        let result = work();
        PLAN.set(None);
        result
    }
}
