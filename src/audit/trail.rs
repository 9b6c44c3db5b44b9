//! Reading the audit trail: line by line through the files of a log and those set aside before
//! them, oldest first. A line torn by a crash is the reader's to pass over.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// The longest line that is read, in bytes; longer ones are counted as skipped.
const MAX_LINE_BYTES: usize = 16 << 20;

/// Lines of several files.
pub struct Trail {
    /// Still to be read, the next one last.
    files: Vec<PathBuf>,
    open: Option<BufReader<File>>,
    line: Vec<u8>,
    skipped: u64,
}

impl Trail {
    /// The files, each preceded by those that were set aside for it.
    pub fn over(files: &[PathBuf]) -> io::Result<Trail> {
        let mut all: Vec<PathBuf> = Vec::new();
        for file in files {
            for one in set_aside(file)?.into_iter().chain([file.clone()]) {
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
        all.reverse();
        Ok(Trail { files: all, open: None, line: Vec::new(), skipped: 0 })
    }

    /// The next line that is not empty, without its end. `None`: there are no more.
    pub fn next_line(&mut self) -> io::Result<Option<&[u8]>> {
        loop {
            let Some(reader) = &mut self.open else {
                let Some(path) = self.files.pop() else { return Ok(None) };
                let named = |error: io::Error| {
                    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
                };
                self.open =
                    Some(BufReader::with_capacity(1 << 16, File::open(&path).map_err(named)?));
                continue;
            };
            match read_line(reader, &mut self.line)? {
                Line::End => self.open = None,
                Line::TooLong => self.skipped += 1,
                Line::Read if self.line.is_empty() => {}
                Line::Read => return Ok(Some(&self.line)),
            }
        }
    }

    /// Lines that were too long to be lines of a trail.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }
}

enum Line {
    Read,
    TooLong,
    End,
}

fn read_line(reader: &mut BufReader<File>, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let (mut any, mut long) = (false, false);
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(match (any, long) {
                (false, _) => Line::End,
                (true, true) => Line::TooLong,
                (true, false) => Line::Read,
            });
        }
        any = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        long |= line.len() + part.len() > MAX_LINE_BYTES;
        if !long {
            line.extend_from_slice(part);
        }
        let used = end.map_or(buffer.len(), |end| end + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(if long { Line::TooLong } else { Line::Read });
        }
    }
}

/// `audit-20261125T024653Z.jsonl` and the like beside `audit.jsonl`, oldest first.
fn set_aside(file: &Path) -> io::Result<Vec<PathBuf>> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(parent.unwrap_or(Path::new(".")))? {
        let path = file.with_file_name(entry?.file_name());
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let aside = name.strip_prefix(&stem).and_then(|rest| rest.strip_prefix('-'));
        if aside.is_some_and(is_moment) && path.extension() == file.extension() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// `20261125T024653Z`, perhaps with a number behind it.
fn is_moment(text: &str) -> bool {
    let (moment, number) = text.split_once('-').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = moment.strip_suffix('Z').and_then(|moment| moment.split_once('T'));
    parts.is_some_and(|(day, time)| digits(day) && digits(time)) && digits(number)
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::*;

    #[test]
    fn files_set_aside_come_first_and_torn_lines_are_lines() {
        let scratch = Scratch::new("trail");
        let write = |name: &str, text: &str| {
            std::fs::write(scratch.path().join(name), text).unwrap();
        };
        let path = scratch.file();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let end = path.extension().map_or(String::new(), |e| format!(".{}", e.to_str().unwrap()));
        write(&format!("{stem}-20260102T000000Z{end}"), "b\nc");
        write(&format!("{stem}-20260101T000000Z{end}"), "a\n\n");
        write(&format!("{stem}-operators{end}"), "x\n");
        std::fs::write(&path, "d\n{\"torn").unwrap();
        let mut trail = Trail::over(&[path.clone(), path]).unwrap();
        let mut lines = Vec::new();
        while let Some(line) = trail.next_line().unwrap() {
            lines.push(String::from_utf8(line.to_vec()).unwrap());
        }
        assert_eq!(lines, ["a", "b", "c", "d", "{\"torn"]);
    }
}
