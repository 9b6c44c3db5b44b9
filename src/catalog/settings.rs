//! Settings of the server that a client may not change, and those the proxy has to follow.
//!
//! Reviewed against PostgreSQL 14 to 18 and its bundled extensions. What changes plans, formats,
//! limits or the server's own log is open: the text that is forwarded means the same under it.

/// Why a setting may not take a value. `None`: it may. The value `None` is not known yet.
pub fn forbidden_setting(name: &str, value: Option<&str>) -> Option<&'static str> {
    let is = |values: &[&str]| {
        value.is_some_and(|value| values.contains(&value.to_ascii_lowercase().as_str()))
    };
    match name {
        "standard_conforming_strings" if !is(ON) => {
            Some("string constants would be read differently")
        }
        "backslash_quote" => Some("quotes would be read differently"),
        "transform_null_equals" if !is(OFF) => {
            Some("comparisons with NULL would be read differently")
        }
        "debug_print_parse" | "debug_print_rewritten" | "debug_print_plan" if !is(OFF) => {
            Some("plans would be shown")
        }
        // Below "notice" the server tells the client how many rows it met and what it planned.
        "client_min_messages" if !is(&["notice", "info", "warning", "error", "fatal", "panic"]) => {
            Some("the server would tell what it met on its way")
        }
        "session_preload_libraries" | "local_preload_libraries" if !is(&[""]) => {
            Some("code would run beside every statement")
        }
        // Of an extension that prints plans with what was filtered out.
        _ if name.starts_with("auto_explain.") => Some("plans would be shown"),
        _ => None,
    }
}

/// Whether `set_config` of a setting must be a statement of its own: the proxy follows it, it
/// belongs to an extension or a client, or not every value of it is open.
pub fn is_followed(name: &str) -> bool {
    const FOLLOWED: [&str; 6] = [
        "search_path",
        "role",
        "session_authorization",
        "client_encoding",
        "session_replication_role",
        "standard_conforming_strings",
    ];
    name.contains('.') || FOLLOWED.contains(&name) || forbidden_setting(name, None).is_some()
}

const ON: &[&str] = &["on", "true", "yes", "1", "t", "y"];
const OFF: &[&str] = &["off", "false", "no", "0", "f", "n"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_a_gap_is_forbidden_and_the_rest_is_not() {
        let forbidden = |name, value| forbidden_setting(name, Some(value)).is_some();
        for (name, value) in [
            ("standard_conforming_strings", "off"),
            ("standard_conforming_strings", "o"),
            ("backslash_quote", "on"),
            ("client_min_messages", "debug5"),
            ("client_min_messages", "LOG"),
            ("client_min_messages", "default"),
            ("debug_print_plan", "tru"),
            ("auto_explain.log_analyze", "on"),
            ("session_preload_libraries", "auto_explain"),
        ] {
            assert!(forbidden(name, value), "{name} {value}");
        }
        for (name, value) in [
            ("standard_conforming_strings", "on"),
            ("client_min_messages", "Warning"),
            ("client_min_messages", "error"),
            ("debug_print_plan", "off"),
            ("row_security", "off"),
            ("session_replication_role", "replica"),
            ("enable_seqscan", "off"),
            ("plan_cache_mode", "force_custom_plan"),
            ("statement_timeout", "10s"),
            ("bytea_output", "escape"),
            ("intervalstyle", "iso_8601"),
            ("xmloption", "document"),
            ("log_statement", "all"),
        ] {
            assert!(!forbidden(name, value), "{name} {value}");
        }
        assert!(is_followed("client_min_messages") && is_followed("app.user"));
        assert!(!is_followed("statement_timeout") && !is_followed("application_name"));
    }
}
