//! Appending whole lines to the audit file.
//!
//! After an error nothing of the lines is left behind, so that what a client was refused for is
//! not on record as done; where even that fails, the next lines begin on a line of their own.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::fault::AuditFault;

/// Read and written by the proxy's own user only.
const MODE: u32 = 0o600;
/// Files set aside within one second get a number; more than this many is not believable.
const MAX_SAME_SECOND: u32 = 1_000;
/// How often it is looked whether the file is still there.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Brings everything appended so far to the disk; may run while others append.
pub type Flush = Box<dyn FnOnce() -> io::Result<()> + Send>;

/// What lines are appended to. A seam: tests put a failing medium here.
pub trait Medium: Send {
    /// Appends whole lines, all or nothing.
    fn append(&mut self, lines: &[u8]) -> io::Result<()>;
    fn flush(&self) -> Flush;
    /// Opens the path anew: the file may have been moved away by a log rotation.
    fn reopen(&mut self) -> Result<(), AuditFault>;
}

/// The audit file. Holds the file's lock while it lives: two writers would cut into each other.
#[derive(Debug)]
pub struct AuditFile {
    path: PathBuf,
    rotate_bytes: u64,
    /// Size at which the file is set aside; later than `rotate_bytes` after a failed attempt.
    rotate_at: u64,
    file: Arc<File>,
    /// The file may end inside a line.
    torn: bool,
    /// Its size and when it was last looked at; `None`: it has to be.
    looked: Option<(u64, Instant)>,
}

impl AuditFile {
    pub fn open(path: &Path, rotate_bytes: u64) -> Result<AuditFile, AuditFault> {
        let file = open_locked(path)?;
        let failed = |error: io::Error| open_fault(path, &error);
        let torn = ends_inside_a_line(&file).map_err(failed)?;
        sync_directory(path).map_err(failed)?;
        let (path, file, rotate_at) = (path.to_owned(), Arc::new(file), rotate_bytes);
        Ok(AuditFile { path, rotate_bytes, rotate_at, file, torn, looked: None })
    }

    /// Sets the full file aside as `audit-20261125T024653Z.jsonl` and begins a new one.
    fn rotate(&mut self) -> io::Result<()> {
        self.file.sync_data()?;
        let aside = free_name(&self.path)?;
        std::fs::rename(&self.path, &aside)?;
        match AuditFile::open(&self.path, self.rotate_bytes) {
            Ok(new) => {
                *self = new;
                Ok(())
            }
            Err(fault) => {
                // The open file goes on under its old name.
                std::fs::rename(&aside, &self.path)?;
                Err(io::Error::other(fault))
            }
        }
    }
}

impl AuditFile {
    /// The end of the file to append to, after a removed or full file has been replaced.
    fn make_room(&mut self) -> io::Result<u64> {
        if let Some((length, looked)) = self.looked
            && length < self.rotate_at
            && looked.elapsed() < LOOK_EVERY
        {
            return Ok(length);
        }
        let length = self.look()?;
        self.looked = Some((length, Instant::now()));
        Ok(length)
    }

    fn look(&mut self) -> io::Result<u64> {
        let about = self.file.metadata()?;
        if about.nlink() == 0 {
            self.reopen().map_err(io::Error::other)?;
        } else if about.is_file() && about.len() >= self.rotate_at {
            // A file that grows on is better than a statement refused.
            if let Err(error) = self.rotate() {
                tracing::warn!(%error, "audit file could not be set aside, it grows on");
                self.rotate_at = about.len().saturating_add(self.rotate_bytes);
            }
        } else {
            return Ok(about.len());
        }
        Ok(self.file.metadata()?.len())
    }
}

impl Medium for AuditFile {
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let start = self.make_room()?;
        let looked = self.looked.take();
        let mut file: &File = &self.file;
        if self.torn {
            file.write_all(b"\n")?;
            self.torn = false;
        }
        let result = file.write_all(lines);
        if result.is_ok() {
            let length = start.saturating_add(u64::try_from(lines.len()).unwrap_or(u64::MAX));
            self.looked = looked.map(|(_, at)| (length, at));
        } else {
            let undone = self.file.metadata().and_then(|now| match now.len() > start {
                true => self.file.set_len(start),
                false => Ok(()),
            });
            self.torn = undone.is_err() || ends_inside_a_line(&self.file).unwrap_or(true);
        }
        result
    }

    fn flush(&self) -> Flush {
        let file = Arc::clone(&self.file);
        Box::new(move || file.sync_data())
    }

    fn reopen(&mut self) -> Result<(), AuditFault> {
        self.file.sync_data().map_err(|error| open_fault(&self.path, &error))?;
        // The same file opened twice would refuse its own lock.
        if let (Ok(ours), Ok(there)) = (self.file.metadata(), std::fs::metadata(&self.path))
            && (ours.dev(), ours.ino()) == (there.dev(), there.ino())
        {
            return Ok(());
        }
        *self = AuditFile::open(&self.path, self.rotate_bytes)?;
        Ok(())
    }
}

fn open_fault(path: &Path, error: &io::Error) -> AuditFault {
    AuditFault::Open { path: path.to_owned(), reason: error.to_string() }
}

fn open_locked(path: &Path) -> Result<File, AuditFault> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).mode(MODE);
    let file = options.open(path).map_err(|error| open_fault(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(AuditFault::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(open_fault(path, &error)),
    }
}

/// A crash or a full disk may have left part of a line at the end.
fn ends_inside_a_line(file: &File) -> io::Result<bool> {
    let about = file.metadata()?;
    if !about.is_file() || about.len() == 0 {
        return Ok(false);
    }
    let mut file = file;
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != [b'\n'])
}

/// A new name in a directory is on the disk only when the directory is.
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

fn free_name(path: &Path) -> io::Result<PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let extension = path.extension().map(|e| format!(".{}", e.to_string_lossy()));
    let extension = extension.unwrap_or_default();
    let time = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    for number in 0..MAX_SAME_SECOND {
        let number = if number == 0 { String::new() } else { format!("-{number}") };
        let aside = path.with_file_name(format!("{stem}-{time}{number}{extension}"));
        if !aside.exists() {
            return Ok(aside);
        }
    }
    Err(io::Error::other("too many files were set aside within one second"))
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_torn_last_line_is_closed() {
        let scratch = Scratch::new("torn");
        let path = scratch.file();
        std::fs::write(&path, "{\"a\":1}\n{\"b\"").unwrap();
        let mut file = AuditFile::open(&path, 1 << 20).unwrap();
        file.append(b"{\"c\":3}\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"a\":1}\n{\"b\"\n{\"c\":3}\n");
    }

    #[test]
    fn only_the_owner_reads_and_only_one_process_writes() {
        let scratch = Scratch::new("mode");
        let path = scratch.file();
        let file = AuditFile::open(&path, 1 << 20).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(AuditFile::open(&path, 1), Err(AuditFault::Locked { .. })));
        drop(file);
        AuditFile::open(&path, 1 << 20).unwrap();
    }

    #[test]
    fn a_full_file_is_set_aside_whole() {
        let scratch = Scratch::new("rotate");
        let path = scratch.file();
        let mut file = AuditFile::open(&path, 20).unwrap();
        for _ in 0..7 {
            file.append(b"0123456789\n").unwrap();
        }
        let mut sizes: Vec<u64> = std::fs::read_dir(scratch.path())
            .unwrap()
            .map(|f| f.unwrap().metadata().unwrap().len())
            .collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [11, 22, 22, 22]);
    }

    #[test]
    fn a_file_moved_or_removed_is_begun_anew() {
        let scratch = Scratch::new("moved");
        let path = scratch.file();
        let mut file = AuditFile::open(&path, 1 << 20).unwrap();
        file.append(b"1\n").unwrap();
        file.reopen().unwrap();
        std::fs::rename(&path, scratch.path().join("aside")).unwrap();
        file.reopen().unwrap();
        file.append(b"2\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "2\n");
        std::fs::remove_file(&path).unwrap();
        std::thread::sleep(LOOK_EVERY);
        file.append(b"3\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "3\n");
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let mut file = AuditFile {
            path: PathBuf::from("/dev/full"),
            rotate_bytes: 1,
            rotate_at: 1,
            file: Arc::new(OpenOptions::new().append(true).open("/dev/full").unwrap()),
            looked: None,
            torn: false,
        };
        let error = file.append(b"1\n").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
