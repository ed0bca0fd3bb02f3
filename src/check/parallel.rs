//! Work split over the machine's processors.

use std::num::NonZero;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// For fewer objects a thread costs more than it saves.
const WORTH_A_THREAD: usize = 1024;

/// Objects that a thread takes at a time: enough to be worth the taking, few enough that no thread is left waiting
/// for another that met all the long lists of members.
const CHUNK: usize = 256;

/// `work` for each chunk of `0..count`; the results in the order of the chunks.
pub(super) fn chunks<T: Send>(count: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    // Even asking how many processors there are takes longer than checking a small store.
    let threads = match count / WORTH_A_THREAD {
        0 | 1 => 1,
        worth => thread::available_parallelism().map_or(1, NonZero::get).min(worth),
    };
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(CHUNK, Ordering::Relaxed);
            if start >= count {
                return done;
            }
            done.push((start, work(start..count.min(start + CHUNK))));
        }
    };
    let mut all = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut all = take();
        for other in others {
            all.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        all
    });
    all.sort_unstable_by_key(|(start, _)| *start);
    all.into_iter().map(|(_, result)| result).collect()
}

/// `work` on each of a few things, at once where they are made of enough objects.
pub(super) fn each<A: Send, T: Send, const N: usize>(
    count: usize,
    inputs: [A; N],
    work: impl Fn(A) -> T + Sync,
) -> [T; N] {
    if count < WORTH_A_THREAD {
        return inputs.map(work);
    }
    thread::scope(|scope| {
        let running = inputs.map(|input| scope.spawn(|| work(input)));
        running.map(|running| running.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_once_and_in_order() {
        for count in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * WORTH_A_THREAD + 7] {
            let all: Vec<usize> = chunks(count, Vec::from_iter).concat();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
    }
}
