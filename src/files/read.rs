//! Reading a store, and seeing cheaply whether it has changed since.

use super::beside::{kept_beside, second_names};
use super::disk::{self, Stamp};
use super::error::{FileError, file_name, reason};
use super::fault;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::thread::ScopedJoinHandle;

/// A file that has been read.
#[derive(Debug)]
pub struct Opened {
    /// All of it, in one allocation of its size.
    pub bytes: Vec<u8>,
    /// How the file stood when these bytes were in it.
    pub stamp: Stamp,
    /// Could [`super::replace`] replace it, as far as can be told beforehand? Otherwise why not, as a sentence
    /// without its full stop: "store.xml is read-only for you".
    pub writable: Result<(), String>,
}

/// How a file stands in comparison with an earlier look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing speaks for a change. It is no proof: only the bytes are.
    Same,
    /// The file or its attributes were touched, or another file has its name.
    Touched,
    /// There is no file of this name, or it cannot be looked at.
    Gone,
}

/// A text position is 32 bits wide.
const MAX_LENGTH: u64 = u32::MAX as u64;

/// How often a file that changes while it is read is read again.
const ATTEMPTS: usize = 5;

/// Reads a regular file, following symbolic links. Never waits for one that is none (a FIFO, a terminal).
///
/// # Errors
/// Every [`FileError`] but `Exists` and those of the state folder.
pub fn read(path: &Path) -> Result<Opened, FileError> {
    read_watched(path, &|_| true)
}

/// As [`read`]; tells how many bytes more are read, and stops when `tick` says no: that is an error of kind
/// [`io::ErrorKind::Interrupted`].
///
/// # Errors
/// As [`read`].
pub fn read_watched(path: &Path, tick: Tick<'_>) -> Result<Opened, FileError> {
    for _ in 0..ATTEMPTS {
        let mut file = open_regular(path).map_err(|error| not_opened(path, error))?;
        let (bytes, stamp) = match read_steadily(&mut file, tick) {
            Ok(Some(read)) => read,
            Ok(None) => continue,
            Err(error) => return Err(file_error("read", path, error)),
        };
        return Ok(Opened { bytes, stamp, writable: check_writable(path) });
    }
    Err(FileError::Unsteady { path: path.to_owned() })
}

fn not_opened(path: &Path, error: ReadError) -> FileError {
    let is_missing = matches!(&error, ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound);
    match kept_beside(path).filter(|_| is_missing) {
        Some(kept) => FileError::Interrupted { path: path.to_owned(), kept },
        None => file_error("open", path, error),
    }
}

/// Opens a file that is too long to be read as a whole; it is a regular one.
///
/// # Errors
/// As [`read`].
pub fn open(path: &Path) -> Result<File, FileError> {
    open_regular(path).map_err(|error| not_opened(path, error))
}

/// Looks whether the file was touched since `stamp` was taken.
pub fn look(path: &Path, stamp: &Stamp) -> Look {
    match Stamp::at(path) {
        Ok(now) if now == *stamp => Look::Same,
        Ok(_) => Look::Touched,
        Err(_) => Look::Gone,
    }
}

/// Do both paths lead to one file, now? Neither needs to be there.
pub fn same(one: &Path, other: &Path) -> bool {
    one == other || disk::same_file(one, other)
}

/// Told how many bytes more are done; says whether to go on. Called from several threads.
type Tick<'t> = &'t (dyn Fn(usize) -> bool + Sync);

/// Bytes between two ticks: a moment, even over a slow network.
const TICK: usize = 1 << 20;

/// Fills `part` with the bytes from `offset` on.
fn read_part(file: &File, part: &mut [u8], offset: u64, tick: Tick<'_>) -> io::Result<()> {
    let mut at = offset;
    for piece in part.chunks_mut(TICK) {
        disk::read_exact_at(file, piece, at)?;
        at += piece.len() as u64;
        if !tick(piece.len()) {
            return Err(ErrorKind::Interrupted.into());
        }
    }
    Ok(())
}

/// Why a file could not be opened or read.
pub(super) enum ReadError {
    NotAFile(&'static str),
    TooLarge(u64),
    Io(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> ReadError {
        ReadError::Io(error)
    }
}

fn file_error(doing: &'static str, path: &Path, error: ReadError) -> FileError {
    let path = path.to_owned();
    match error {
        ReadError::NotAFile(what) => FileError::NotAFile { path, what },
        ReadError::TooLarge(length) => FileError::TooLarge { path, length },
        ReadError::Io(source) => FileError::Io { doing, path, source },
    }
}

/// Opens a regular file. Looks before it opens, because opening a device can already do something; and looks
/// again at what it has opened.
pub(super) fn open_regular(path: &Path) -> Result<File, ReadError> {
    fault::point("stat")?;
    check_regular(&std::fs::metadata(path)?)?;
    fault::point("open")?;
    let file = disk::open_to_read(path)?;
    check_regular(&file.metadata()?)?;
    Ok(file)
}

fn check_regular(metadata: &Metadata) -> Result<(), ReadError> {
    if metadata.is_file() { Ok(()) } else { Err(ReadError::NotAFile(kind_word(metadata))) }
}

fn kind_word(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() { "a folder" } else { disk::special_file(metadata).unwrap_or("something else") }
}

/// Reads the whole file from its start. `None`: it changed meanwhile, the bytes may be a mixture.
pub(super) fn read_steadily(file: &mut File, tick: Tick<'_>) -> Result<Option<(Vec<u8>, Stamp)>, ReadError> {
    let before = file.metadata()?;
    let stamp = Stamp::of(file)?;
    fault::point("read")?;
    if before.len() > MAX_LENGTH {
        return Err(ReadError::TooLarge(before.len()));
    }
    let length = usize::try_from(before.len()).map_err(|_| ReadError::TooLarge(before.len()))?;
    let bytes =
        if length < WORTH_THREADS { read_to_end(file, length)? } else { read_in_pieces(file, length, tick)? };
    let unchanged = Stamp::of(file)? == stamp && bytes.len() == length;
    Ok(unchanged.then_some((bytes, stamp)))
}

/// Does the file hold exactly these bytes? Not when it changed meanwhile: what was compared may be a mixture.
pub(super) fn holds(file: &File, bytes: &[u8]) -> io::Result<bool> {
    let before = Stamp::of(file)?;
    if file.metadata()?.len() != bytes.len() as u64 {
        return Ok(false);
    }
    let same = if bytes.len() < WORTH_THREADS {
        holds_at(file, bytes, 0)?
    } else {
        let piece = bytes.len().div_ceil(threads());
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0u64..)
                .zip(bytes.chunks(piece))
                .map(|(number, part)| scope.spawn(move || holds_at(file, part, number * piece as u64)))
                .collect();
            readers.into_iter().try_fold(true, |same, reader| joined(reader).map(|part| part && same))
        })?
    };
    Ok(same && Stamp::of(file)? == before)
}

/// Are these the bytes from `offset` on? Compared in pieces that stay in the processor's cache, without a copy of
/// all of them in memory.
fn holds_at(file: &File, bytes: &[u8], mut offset: u64) -> io::Result<bool> {
    const PIECE: usize = 1 << 17;
    let mut piece = vec![0; bytes.len().min(PIECE)];
    for expected in bytes.chunks(PIECE) {
        let piece = piece.get_mut(..expected.len()).unwrap_or_default();
        match disk::read_exact_at(file, piece, offset) {
            Ok(()) if piece == expected => offset += expected.len() as u64,
            Ok(()) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Smaller files are read by one thread: starting another would take longer.
const WORTH_THREADS: usize = 4 << 20;

/// How many threads read a large file.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(4)
}

/// What a reading thread found.
fn joined<T>(reader: ScopedJoinHandle<'_, io::Result<T>>) -> io::Result<T> {
    reader.join().unwrap_or_else(|_| Err(io::Error::other("a reading thread ended early")))
}

fn read_to_end(file: &mut File, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Exactly, because growing by doubling would take up to twice the memory. `read_to_end` asks for no more
    // room when the file is as long as it said.
    bytes.try_reserve_exact(length).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads by several threads: most of the time of reading what is in the page cache goes into making memory for it.
/// Shorter than asked for when the file has become shorter.
fn read_in_pieces(file: &File, length: usize, tick: Tick<'_>) -> io::Result<Vec<u8>> {
    // Ask first, because `vec!` would end the program where there is no memory.
    Vec::<u8>::new().try_reserve_exact(length).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    let mut bytes = vec![0; length];
    let piece = length.div_ceil(threads());
    let read = std::thread::scope(|scope| {
        let readers: Vec<_> = (0u64..)
            .zip(bytes.chunks_mut(piece))
            .map(|(number, part)| scope.spawn(move || read_part(file, part, number * piece as u64, tick)))
            .collect();
        readers.into_iter().try_for_each(joined)
    });
    match read {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => bytes.clear(),
        other => other?,
    }
    Ok(bytes)
}

/// Why the file cannot be replaced, as far as can be told without trying.
pub(super) fn check_writable(path: &Path) -> Result<(), String> {
    let name = file_name(path);
    let real = path.canonicalize().map_err(|error| format!("{name}: {}", reason(&error)))?;
    let names = disk::open_to_read(&real)
        .and_then(|file| {
            let names = disk::names(&file)?;
            // A save removes those that an earlier one has left.
            let left = if names > 1 { second_names(&real, &file).len() } else { 0 };
            Ok(names.saturating_sub(left as u64))
        })
        .map_err(|error| format!("{name}: {}", reason(&error)))?;
    if names > 1 {
        return Err(hard_links(&name, names));
    }
    disk::may_write(&real).map_err(|error| not_permitted(&name, &error))?;
    let folder = real.parent().unwrap_or(&real);
    disk::may_add_to(folder).map_err(|error| {
        format!(
            "{} takes no new file, and a save puts one in place of {name} ({})",
            folder.display(),
            reason(&error)
        )
    })
}

pub(super) fn hard_links(name: &str, names: u64) -> String {
    format!("{name} has {names} names (hard links), and a save would part them")
}

pub(super) fn not_permitted(name: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => format!("{name} is read-only for you"),
        _ => format!("{name} cannot be written: {}", reason(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::with_plan;
    use super::*;
    use std::fs;

    #[test]
    fn takes_one_allocation_of_the_right_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.xml");
        for length in [0, 1, 8192, 10_000_001] {
            fs::write(&path, vec![b'x'; length]).unwrap();
            let opened = read(&path).unwrap();
            assert_eq!((opened.bytes.len(), opened.bytes.capacity()), (length, length));
        }
    }

    #[test]
    fn compares_every_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.xml");
        // By one thread and by several; a length that no piece divides.
        for length in [0, 1, 300_001, WORTH_THREADS + 300_001] {
            let bytes: Vec<u8> = (0u8..251).cycle().take(length).collect();
            fs::write(&path, &bytes).unwrap();
            let file = File::open(&path).unwrap();
            assert!(holds(&file, &bytes).unwrap(), "{length}");
            let mut other = bytes.clone();
            for at in [0, length / 2, length / 2 + 1, length.saturating_sub(1)] {
                let Some(byte) = other.get_mut(at) else { continue };
                *byte ^= 1;
                assert!(!holds(&file, &other).unwrap(), "{at} of {length}");
                other.clone_from(&bytes);
            }
            other.push(0);
            assert!(!holds(&file, &other).unwrap(), "longer than {length}");
            assert_eq!(
                holds(&file, bytes.split_last().map_or(&[], |(_, shorter)| shorter)).unwrap(),
                length == 0
            );
        }
    }

    #[test]
    fn sees_that_a_file_was_touched_replaced_or_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.xml");
        fs::write(&path, "one").unwrap();
        let opened = read(&path).unwrap();
        assert_eq!(opened.writable, Ok(()));
        assert_eq!(look(&path, &opened.stamp), Look::Same);
        fs::write(&path, "other").unwrap();
        assert_eq!(look(&path, &opened.stamp), Look::Touched);
        fs::remove_file(&path).unwrap();
        assert_eq!(look(&path, &opened.stamp), Look::Gone);
    }

    #[test]
    fn a_folder_or_nothing_is_a_clear_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with(": a folder, not a file"), "{error}");
        let error = read(&folder.path().join("none.xml")).unwrap_err().to_string();
        assert!(
            error.starts_with("could not open ") && error.ends_with("none.xml: it does not exist"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn never_waits_for_a_fifo_or_device() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        let status = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(status.success());
        for (path, what) in [(fifo.as_path(), "a FIFO"), (Path::new("/dev/zero"), "a device")] {
            let error = read(path).unwrap_err().to_string();
            assert!(error.ends_with(&format!(": {what}, not a file")), "{error}");
        }
        // One that takes the file's place between the look and the open.
        let store = folder.path().join("s.xml");
        fs::write(&store, "x").unwrap();
        let (from, to) = (fifo.clone(), store.clone());
        let plan = move |operation| if operation == "open" { fs::rename(&from, &to) } else { Ok(()) };
        assert!(with_plan(plan, || read(&store)).unwrap_err().to_string().ends_with("a FIFO, not a file"));
    }

    #[cfg(unix)]
    #[test]
    fn says_why_a_file_could_not_be_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.xml");
        fs::write(&path, "x").unwrap();
        fs::hard_link(&path, folder.path().join("second")).unwrap();
        let why = read(&path).unwrap().writable.unwrap_err();
        assert_eq!(why, "s.xml has 2 names (hard links), and a save would part them");
    }

    #[test]
    fn a_large_file_is_told_about_and_left_when_told_to() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.xml");
        let bytes: Vec<u8> = (0..WORTH_THREADS + 77).map(|at| u8::try_from(at % 251).unwrap()).collect();
        fs::write(&path, &bytes).unwrap();
        let done = AtomicUsize::new(0);
        let count = |more| done.fetch_add(more, Ordering::Relaxed) < usize::MAX;
        assert!(read_watched(&path, &count).unwrap().bytes == bytes);
        assert_eq!(done.into_inner(), bytes.len());
        let error = read_watched(&path, &|_| false).unwrap_err();
        assert!(matches!(error, FileError::Io { source, .. } if source.kind() == ErrorKind::Interrupted));
    }

    #[test]
    fn one_file_by_two_paths() {
        let folder = tempfile::tempdir().unwrap();
        let [store, other, none] = ["a.xml", "b.xml", "none.xml"].map(|name| folder.path().join(name));
        fs::write(&store, "x").unwrap();
        fs::write(&other, "x").unwrap();
        let detour = folder.path().join(".").join("a.xml");
        assert!(same(&store, &detour) && same(&none, &none));
        assert!(!same(&store, &other) && !same(&store, &none));
        #[cfg(unix)]
        {
            let link = folder.path().join("link.xml");
            std::os::unix::fs::symlink("a.xml", &link).unwrap();
            assert!(same(&store, &link) && !same(&other, &link));
        }
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.xml");
        let (writer, mut reads) = (path.clone(), 0);
        let plan = move |operation| {
            reads += usize::from(operation == "read");
            if operation == "read" && reads < 3 { fs::write(&writer, "x".repeat(reads * 10)) } else { Ok(()) }
        };
        fs::write(&path, "x").unwrap();
        assert_eq!(with_plan(plan, || read(&path)).unwrap().bytes, [b'x'; 20]);

        let (writer, mut length) = (path.clone(), 0);
        let plan = move |operation| {
            length += 1;
            if operation == "read" { fs::write(&writer, "y".repeat(length)) } else { Ok(()) }
        };
        assert!(matches!(with_plan(plan, || read(&path)), Err(FileError::Unsteady { .. })));
    }
}
