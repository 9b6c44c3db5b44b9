//! Receipts of what was done about a person: plain JSON, signed with the key of the audit trail.
//! Whoever has the key can check one without a database.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::record::OperatorLog;
use crate::audit::AuditKey;
use crate::cli::exit::{Exit, say};

/// What was done. The order of fields is that of the signed text.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub what: String,
    /// RFC 3339, UTC.
    pub time: String,
    /// Keyed hash of the person's id.
    pub subject: String,
    pub database: String,
    /// Hash of the rules.
    pub rules: String,
    pub os_user: String,
    pub role: String,
    pub tables: Vec<ReceiptTable>,
    /// Materialized views filled anew.
    pub refreshed: Vec<String>,
    /// Status in the consent store; none where it is not installed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub store: Option<String>,
}

/// Rows of one table.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptTable {
    pub table: String,
    pub deleted: u64,
    pub masked: u64,
    pub kept: u64,
    /// Rows of others that referred to what went.
    pub detached: u64,
    /// Why rows were kept, and for how long.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub because: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retain: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    receipt: Receipt,
    /// HMAC-SHA-256, hexadecimal.
    signature: String,
}

impl Receipt {
    /// Of an erasure, by whoever runs it.
    pub fn of_erasure(log: &OperatorLog, rules: &str) -> Receipt {
        Receipt {
            what: "erasure".to_owned(),
            time: jiff::Timestamp::now().to_string(),
            subject: log.subject.clone(),
            database: log.database.clone(),
            rules: rules.to_owned(),
            os_user: log.os_user.clone(),
            role: log.role.clone(),
            tables: Vec::new(),
            refreshed: Vec::new(),
            store: None,
        }
    }

    pub fn signed(&self, key: &AuditKey) -> anyhow::Result<String> {
        let signature = key.sign(&serde_json::to_vec(self)?);
        let signed = Signed { receipt: self.clone(), signature };
        Ok(format!("{}\n", serde_json::to_string_pretty(&signed)?))
    }
}

#[derive(Args, Debug)]
pub struct Verify {
    /// The receipt
    receipt: PathBuf,
    /// Key of the audit trail
    #[arg(long, default_value = "audit.key", value_name = "FILE")]
    key: PathBuf,
}

impl Verify {
    /// Exit 0: signed with this key, and unchanged. 1: not. 2: cannot be read.
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let keys = AuditKey::read(&self.key)?;
        let shown = self.receipt.display();
        let text = std::fs::read_to_string(&self.receipt)
            .with_context(|| format!("cannot read {shown}"))?;
        let signed: Result<Signed, _> = serde_json::from_str(&text);
        let holds = signed.as_ref().is_ok_and(|signed| {
            let text = serde_json::to_vec(&signed.receipt).unwrap_or_default();
            keys.iter().any(|key| key.verifies(&text, &signed.signature))
        });
        match signed {
            Ok(Signed { receipt, .. }) if holds => {
                say(&format!("the receipt of {} is genuine\n", receipt.time));
                Ok(Exit::Yes)
            }
            _ => {
                say("the receipt is not genuine, or was signed with another key\n");
                Ok(Exit::No)
            }
        }
    }
}
