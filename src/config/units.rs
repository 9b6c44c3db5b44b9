//! Quantities as an operator writes them, with the unit behind the number as in PostgreSQL's own
//! configuration (manual, 20.1.1): `250ms`, `30s`, `5min`, `1h`; `64kB`, `16MB`, `1GB`.

use std::time::Duration;

/// A duration; a bare number is refused, since nobody can tell its unit.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split_unit(text)?;
    let ms = match unit {
        "ms" => number,
        "s" => number.saturating_mul(1_000),
        "min" => number.saturating_mul(60_000),
        "h" => number.saturating_mul(3_600_000),
        _ => return Err(format!("\"{text}\" is not a duration; write it as 250ms, 30s, 5min, 1h")),
    };
    Ok(Duration::from_millis(ms))
}

pub fn show_duration(duration: Duration) -> String {
    let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    match ms {
        0 => "0s".to_owned(),
        ms if ms % 3_600_000 == 0 => format!("{}h", ms / 3_600_000),
        ms if ms % 60_000 == 0 => format!("{}min", ms / 60_000),
        ms if ms % 1_000 == 0 => format!("{}s", ms / 1_000),
        ms => format!("{ms}ms"),
    }
}

/// A size in bytes.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let (number, unit) = split_unit(text)?;
    let shift = match unit {
        "B" => 0,
        "kB" => 10,
        "MB" => 20,
        "GB" => 30,
        _ => return Err(format!("\"{text}\" is not a size; write it as 64kB, 16MB, 1GB")),
    };
    number.checked_mul(1 << shift).ok_or_else(|| format!("\"{text}\" is too large"))
}

pub fn show_bytes(bytes: u64) -> String {
    for (unit, shift) in [("GB", 30), ("MB", 20), ("kB", 10)] {
        if bytes > 0 && bytes.trailing_zeros() >= shift {
            return format!("{}{unit}", bytes >> shift);
        }
    }
    format!("{bytes}B")
}

/// YAML 1.2's booleans and the words PostgreSQL takes for them.
pub fn parse_switch(text: &str) -> Result<bool, String> {
    match text {
        "true" | "on" | "yes" => Ok(true),
        "false" | "off" | "no" => Ok(false),
        _ => Err(format!("\"{text}\" is neither true nor false")),
    }
}

pub fn parse_count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err(format!("\"{text}\" is not a whole number above 0")),
        Ok(number) => Ok(number),
    }
}

fn split_unit(text: &str) -> Result<(u64, &str), String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number = number.parse().map_err(|_| format!("\"{text}\" does not begin with a number"))?;
    Ok((number, unit.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_shown_as_they_are_written() {
        for text in ["250ms", "30s", "5min", "1h"] {
            assert_eq!(show_duration(parse_duration(text).unwrap()), text);
        }
        for text in ["17B", "64kB", "16MB", "1GB"] {
            assert_eq!(show_bytes(parse_bytes(text).unwrap()), text);
        }
        assert_eq!(parse_duration("90 s").unwrap(), Duration::from_secs(90));
    }

    #[test]
    fn a_number_without_its_unit_is_refused() {
        assert!(parse_duration("30").is_err());
        assert!(parse_duration("s").is_err());
        assert!(parse_duration("-1s").is_err());
        assert!(parse_bytes("16").is_err());
        assert!(parse_bytes("99999999999GB").is_err());
        assert!(parse_count("0").is_err());
        assert!(parse_switch("maybe").is_err());
    }
}
