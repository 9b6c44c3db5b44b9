//! `pgpurpose masks`: the built-in masks in a line each.

use std::fmt::Write as _;

use crate::model::ruling::Mask;

const ALL: [Mask; 8] = [
    Mask::Initial,
    Mask::Year,
    Mask::City,
    Mask::Last4,
    Mask::Email,
    Mask::Subnet,
    Mask::Bucket,
    Mask::Fixed,
];

/// Name, what is left of a value, example.
fn row(mask: Mask) -> (&'static str, &'static str, &'static str) {
    match mask {
        Mask::Initial => ("initial", "first letter of each word", "Anna Berg → A. B."),
        Mask::Year => ("year", "date cut to 1 January of its year", "1990-06-23 → 1990-01-01"),
        Mask::City => {
            ("city", "last part between commas without a digit", "5 High St, Bath → Bath")
        }
        Mask::Last4 => ("last4", "last four characters", "+8613812345678 → ***5678"),
        Mask::Email => {
            ("email", "first character and domain", "anna@example.com → a***@example.com")
        }
        Mask::Subnet => ("subnet", "network /24 (IPv4) or /48 (IPv6)", "10.1.2.3 → 10.1.2.0/24"),
        Mask::Bucket => ("bucket", "number cut to its leading digit", "4711 → 4000"),
        Mask::Fixed => ("fixed", "nothing", "anything → ***"),
    }
}

pub fn table() -> String {
    let mut text = String::from("mask     what is left                              example\n");
    for mask in ALL {
        let (name, left, example) = row(mask);
        let _ = writeln!(text, "{name:<8} {left:<41} {example}");
    }
    text.push_str(
        "\nA mask keeps the column's type and length, gives NULL for NULL and never fails.\n\
         A value not longer than what would be left is masked whole.\n\
         Exact results: rules/README.md\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mask_has_one_line() {
        assert_eq!(table().lines().filter(|line| line.contains('→')).count(), ALL.len());
        assert!(table().lines().all(|line| line.chars().count() <= 100));
    }
}
