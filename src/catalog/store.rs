//! The functions of the consent store, as far as an application may be let call them.

use crate::catalog::derived::SCHEMA;
use crate::model::names::QualifiedName;

/// What calling a function of the store does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoreCall {
    /// Tells what one person said and how the account stands.
    Reads,
    /// Records what a person says, or what becomes of an account.
    Writes,
}

/// `None`: it is none of those that applications call.
pub fn store_call(name: &QualifiedName) -> Option<StoreCall> {
    if name.schema.as_str() != SCHEMA {
        return None;
    }
    match name.name.as_str() {
        "show" | "status" | "history" => Some(StoreCall::Reads),
        "grant" | "refuse" | "withdraw" | "agree" | "cancel_account" | "reopen_account"
        | "lock" | "unlock" | "notify" | "seen" | "guardian" | "guardian_ended" => {
            Some(StoreCall::Writes)
        }
        _ => None,
    }
}
