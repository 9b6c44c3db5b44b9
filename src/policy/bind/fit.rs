//! Which mask fits which type. A mask keeps the type of its column, so a text mask on a number
//! cannot be; such a column is hidden instead, and `check` says so.

use crate::model::ruling::Mask;

/// `base_type` is `pg_type.typname`, `category` is `pg_type.typcategory`, domains resolved.
pub fn fits(mask: Mask, base_type: &str, category: char) -> bool {
    let text = category == 'S' && base_type != "char";
    match mask {
        Mask::Initial | Mask::City | Mask::Last4 | Mask::Email | Mask::Fixed => text,
        Mask::Year => matches!(base_type, "date" | "timestamp" | "timestamptz"),
        Mask::Subnet => text || matches!(base_type, "inet" | "cidr"),
        Mask::Bucket => matches!(
            base_type,
            "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" | "money"
        ),
    }
}
