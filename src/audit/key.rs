//! The key of the audit trail: it makes what stands for a person in a line, and signs receipts.
//!
//! A bare hash of an id could be undone by trying all ids, and the id itself would make the trail
//! a second store of personal data that outlives an erasure. With the key gone, so is the link.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::fault::AuditFault;
use crate::model::person::PersonId;

/// Read by the proxy's own user only.
const MODE: u32 = 0o600;
/// Of a key we make ourselves.
const KEY_BYTES: usize = 32;
/// Bytes of a hash that are kept: enough to tell all people of the world apart.
const HASH_BYTES: usize = 16;
/// What a hash is made for, so that none can pass for another.
const SUBJECT: &[u8] = b"pgpurpose subject\0";
const RECEIPT: &[u8] = b"pgpurpose receipt\0";

/// A key with its inner state worked out. Never printed.
#[derive(Clone)]
pub struct AuditKey {
    subjects: Hmac<Sha256>,
    receipts: Hmac<Sha256>,
}

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

impl AuditKey {
    pub fn new(text: &str) -> AuditKey {
        let start = |purpose: &[u8]| {
            // INVARIANT: HMAC takes a key of any length.
            let mut mac = Hmac::<Sha256>::new_from_slice(text.as_bytes()).expect("any length");
            mac.update(purpose);
            mac
        };
        AuditKey { subjects: start(SUBJECT), receipts: start(RECEIPT) }
    }

    /// The key kept beside an audit file; made where there is none.
    pub fn beside(audit_file: &Path) -> Result<AuditKey, AuditFault> {
        let path = path_beside(audit_file);
        if !path.exists() {
            make(&path).map_err(|error| fault(&path, &error.to_string()))?;
        }
        let mut keys = AuditKey::read(&path)?;
        Ok(keys.swap_remove(0))
    }

    /// Every key of a file, one a line, the one in use first: what an older key has hashed is
    /// still found when its line is kept below the new one.
    pub fn read(path: &Path) -> Result<Vec<AuditKey>, AuditFault> {
        let text =
            std::fs::read_to_string(path).map_err(|error| fault(path, &error.to_string()))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let keys: Vec<AuditKey> = lines.map(AuditKey::new).collect();
        if keys.is_empty() { Err(fault(path, "it is empty")) } else { Ok(keys) }
    }

    /// What stands for a person in an audit line: hexadecimal digits.
    pub fn subject(&self, id: &PersonId) -> String {
        let mut mac = self.subjects.clone();
        mac.update(id.expose().as_bytes());
        hexadecimal(mac.finalize().into_bytes().iter().take(HASH_BYTES))
    }

    /// Signs a receipt.
    pub fn sign(&self, text: &[u8]) -> String {
        let mut mac = self.receipts.clone();
        mac.update(text);
        hexadecimal(mac.finalize().into_bytes().iter())
    }

    /// Whether a signature is that of the text, found in constant time.
    pub fn verifies(&self, text: &[u8], signature: &str) -> bool {
        let mut mac = self.receipts.clone();
        mac.update(text);
        bytes_of(signature).is_some_and(|bytes| mac.verify_slice(&bytes).is_ok())
    }
}

/// `audit.key` beside `audit.jsonl`.
pub fn path_beside(audit_file: &Path) -> PathBuf {
    audit_file.with_extension("key")
}

/// Written whole under another name first: two proxies that start at once find one key.
fn make(path: &Path) -> io::Result<()> {
    let random: [u8; KEY_BYTES] = rand::random();
    let aside = path.with_extension(format!("key-{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(&aside)?;
    file.write_all(format!("{}\n", hexadecimal(random.iter())).as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&aside, path);
    std::fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
        }
    }
}

fn fault(path: &Path, reason: &str) -> AuditFault {
    AuditFault::Key { path: path.to_owned(), reason: reason.to_owned() }
}

fn hexadecimal<'b>(bytes: impl Iterator<Item = &'b u8>) -> String {
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let pairs = (0..text.len()).step_by(2).map(|at| text.get(at..at + 2));
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::*;
    use crate::model::person::IdKind;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_read_by_its_owner_only() {
        let scratch = Scratch::new("key");
        let id = IdKind::Integer.from_text("5").unwrap();
        let first = AuditKey::beside(&scratch.file()).unwrap().subject(&id);
        assert_eq!(AuditKey::beside(&scratch.file()).unwrap().subject(&id), first);
        let path = path_beside(&scratch.file());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(first.len(), 32);
        let other = Scratch::new("other-key");
        assert_ne!(AuditKey::beside(&other.file()).unwrap().subject(&id), first);
    }

    #[test]
    fn keys_of_before_are_kept_below() {
        let scratch = Scratch::new("keys");
        let path = scratch.path().join("keys");
        std::fs::write(&path, "new\n\nold\n").unwrap();
        assert_eq!(AuditKey::read(&path).unwrap().len(), 2);
        std::fs::write(&path, "\n").unwrap();
        assert!(AuditKey::read(&path).is_err());
    }

    #[test]
    fn a_signature_holds_for_its_text_and_key_only() {
        let key = AuditKey::new("k");
        let signature = key.sign(b"text");
        assert!(key.verifies(b"text", &signature));
        assert!(!key.verifies(b"other", &signature));
        assert!(!AuditKey::new("l").verifies(b"text", &signature));
        assert!(!key.verifies(b"text", &signature[..62]) && !key.verifies(b"text", "zz"));
        let id = IdKind::Text.from_text("text").unwrap();
        assert_ne!(key.subject(&id), signature[..32]);
    }
}
