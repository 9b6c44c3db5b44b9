//! `Telemetry`: one method an event. Handles are made ahead, so that an event on the way of a
//! statement costs a few look-ups and additions and no allocation.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use metrics::{
    Counter, Gauge, Histogram, counter, describe_counter, describe_gauge, describe_histogram,
    gauge, histogram, with_local_recorder,
};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use super::labels::{Labels, group};
use super::series::{PurposeSeries, Series};
use crate::judge::{Judgement, Verdict};
use crate::model::access::Access;
use crate::model::record::JudgedPart;
use crate::model::refusal::Reason;

/// Upper bounds in seconds: judging takes microseconds, the server may take long.
const DECISION_BUCKETS_S: [f64; 10] =
    [10e-6, 25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 5e-3, 25e-3, 100e-3];
const STATEMENT_BUCKETS_S: [f64; 10] =
    [250e-6, 1e-3, 2.5e-3, 10e-3, 25e-3, 0.1, 0.25, 1.0, 10.0, 60.0];

/// Every counter of the process.
pub struct Telemetry {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    series: ArcSwap<Series>,
    fixed: Fixed,
    /// The series that says which rules are in force; set to 0 when others are.
    rules_info: Mutex<Option<Gauge>>,
}

/// Series without a label from the rules.
struct Fixed {
    clients: Gauge,
    upstreams: Gauge,
    authentication_failures: Counter,
    bytes_to_server: Counter,
    bytes_to_client: Counter,
    rows: Counter,
    decision_seconds: Histogram,
    statement_seconds: Histogram,
    cache_hits: Counter,
    cache_misses: Counter,
    audit_ok: Counter,
    audit_errors: Counter,
    audit_last_write: Gauge,
    reloads_ok: Counter,
    reloads_failed: Counter,
    last_reload: Gauge,
    unclassified_columns: Gauge,
    second_line_alarms: Counter,
}

impl Default for Telemetry {
    fn default() -> Telemetry {
        Telemetry::new()
    }
}

impl std::fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Telemetry").finish_non_exhaustive()
    }
}

impl Telemetry {
    /// Counters without rules yet; every series that needs none stands at 0.
    pub fn new() -> Telemetry {
        let recorder = builder().build_recorder();
        let (fixed, series) = with_local_recorder(&recorder, || {
            describe();
            let revision = option_env!("PGPURPOSE_REVISION").unwrap_or("unknown");
            let version = env!("CARGO_PKG_VERSION");
            gauge!("pgpurpose_build_info", "version" => version, "revision" => revision).set(1);
            (Fixed::register(), Series::register(&Labels::default()))
        });
        let (handle, series) = (recorder.handle(), ArcSwap::from_pointee(series));
        Telemetry { recorder, handle, series, fixed, rules_info: Mutex::default() }
    }

    /// The text exposition format of Prometheus.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Folds what histograms have collected; to be called every few seconds.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// Other rules are in force: their purposes, roles and rules get series of their own.
    /// `version`: of the policy they carry out.
    pub fn rules_loaded(&self, labels: &Labels, hash: &str, version: Option<u32>) {
        let version = version.map_or_else(|| "none".to_owned(), |number| number.to_string());
        let (series, info) = with_local_recorder(&self.recorder, || {
            let labels_of_info = [("version", version.clone()), ("hash", hash.to_owned())];
            let info = gauge!("pgpurpose_rules_info", &labels_of_info);
            (Series::register(labels), info)
        });
        self.series.store(Arc::new(series));
        let mut current = self.rules_info.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = current.take() {
            old.set(0);
        }
        info.set(1);
        *current = Some(info);
        self.fixed.reloads_ok.increment(1);
        self.fixed.last_reload.set(now_seconds());
        tracing::info!(hash, version, "rules are in force");
    }

    /// The rules on the disk do not hold; those in force stay.
    pub fn reload_failed(&self) {
        self.fixed.reloads_failed.increment(1);
        tracing::error!("rules could not be loaded; those in force stay");
    }

    /// Columns of governed tables that no category was given.
    pub fn unclassified_columns(&self, count: usize) {
        self.fixed.unclassified_columns.set(u32::try_from(count).unwrap_or(u32::MAX));
    }

    pub fn client_connected(&self) {
        self.fixed.clients.increment(1);
    }

    pub fn client_disconnected(&self) {
        self.fixed.clients.decrement(1);
    }

    pub fn upstream_connected(&self) {
        self.fixed.upstreams.increment(1);
    }

    pub fn upstream_disconnected(&self) {
        self.fixed.upstreams.decrement(1);
    }

    pub fn authentication_failed(&self) {
        self.fixed.authentication_failures.increment(1);
    }

    pub fn relayed(&self, to_server_bytes: usize, to_client_bytes: usize) {
        self.fixed.bytes_to_server.increment(to_u64(to_server_bytes));
        self.fixed.bytes_to_client.increment(to_u64(to_client_bytes));
    }

    /// A text was judged, or its judgement looked up.
    pub fn judged(&self, judgement: &Judgement, access: &Access, took: Duration, cached: bool) {
        let fixed = &self.fixed;
        fixed.decision_seconds.record(took.as_secs_f64());
        let cache = if cached { &fixed.cache_hits } else { &fixed.cache_misses };
        cache.increment(1);
        let series = self.series.load();
        let Some(purpose) = series.purpose(&access.purpose) else { return };
        let refused = matches!(judgement.verdict, Verdict::Refuse(_));
        for judged in &judgement.statements {
            let part = judged.record.as_deref();
            // A refusal is counted where it is told: the session refuses too.
            if !refused {
                count_decision(purpose, part);
            }
            if let Some(part) = part {
                count_record(&series, purpose, part);
            }
        }
    }

    /// A statement was refused, by the judge or by the session itself.
    pub fn refused(&self, reason: Reason, access: &Access) {
        let series = self.series.load();
        if let Some(purpose) = series.purpose(&access.purpose) {
            add(purpose.blocks.get(&reason));
            add(purpose.decisions.get("block"));
        }
        if reason == Reason::NoPurpose {
            add(series.role(access.role.as_str()));
        }
    }

    /// A result was stopped that would have shown what it may not.
    pub fn alarmed(&self) {
        self.fixed.second_line_alarms.increment(1);
    }

    pub fn statement_ended(&self, rows: u64, took: Duration) {
        self.fixed.rows.increment(rows);
        self.fixed.statement_seconds.record(took.as_secs_f64());
    }

    pub fn audit_written(&self, records: u64) {
        self.fixed.audit_ok.increment(records);
        self.fixed.audit_last_write.set(now_seconds());
    }

    pub fn audit_failed(&self, records: u64) {
        self.fixed.audit_errors.increment(records);
    }
}

fn count_decision(purpose: &PurposeSeries, part: Option<&JudgedPart>) {
    match part {
        None => add(purpose.decisions.get("allow")),
        Some(part) if part.observed => {
            // The client's own text was forwarded, whatever was decided.
            add(purpose.decisions.get("allow"));
            add(purpose.observed.get(part.decision));
        }
        Some(part) => add(purpose.decisions.get(part.decision)),
    }
}

fn count_record(series: &Series, purpose: &PurposeSeries, part: &JudgedPart) {
    for (category, treatment) in &part.categories {
        let treatments = purpose.categories.get(group(category));
        add(treatments.and_then(|all| all.get(group(treatment))));
    }
    for filter in &part.filters {
        add(series.filters.get(filter));
    }
    for rule in &part.rules {
        add(series.rule(rule.split_whitespace().next().unwrap_or(rule)));
    }
}

fn add(counter: Option<&Counter>) {
    if let Some(counter) = counter {
        counter.increment(1);
    }
}

fn builder() -> PrometheusBuilder {
    let buckets = [
        ("pgpurpose_decision_duration_seconds", DECISION_BUCKETS_S),
        ("pgpurpose_upstream_duration_seconds", STATEMENT_BUCKETS_S),
    ];
    let mut builder = PrometheusBuilder::new();
    for (name, bounds) in buckets {
        // INVARIANT: setting buckets fails for an empty list only.
        builder = builder
            .set_buckets_for_metric(Matcher::Full(name.to_owned()), &bounds)
            .expect("bounds are given");
    }
    builder
}

impl Fixed {
    fn register() -> Fixed {
        let bytes = |direction| counter!("pgpurpose_bytes_total", "direction" => direction);
        let cache =
            |result| counter!("pgpurpose_statement_cache_requests_total", "result" => result);
        let audit =
            |result| counter!("pgpurpose_audit_events_total", "sink" => "file", "result" => result);
        let reload = |result| counter!("pgpurpose_rules_reload_total", "result" => result);
        Fixed {
            clients: gauge!("pgpurpose_client_connections"),
            upstreams: gauge!("pgpurpose_upstream_connections"),
            authentication_failures: counter!("pgpurpose_auth_failures_total"),
            bytes_to_server: bytes("to_server"),
            bytes_to_client: bytes("to_client"),
            rows: counter!("pgpurpose_rows_returned_total"),
            decision_seconds: histogram!("pgpurpose_decision_duration_seconds"),
            statement_seconds: histogram!("pgpurpose_upstream_duration_seconds"),
            cache_hits: cache("hit"),
            cache_misses: cache("miss"),
            audit_ok: audit("ok"),
            audit_errors: audit("error"),
            audit_last_write: gauge!("pgpurpose_audit_last_write_timestamp_seconds"),
            reloads_ok: reload("ok"),
            reloads_failed: reload("error"),
            last_reload: gauge!("pgpurpose_rules_last_reload_timestamp_seconds"),
            unclassified_columns: gauge!("pgpurpose_unclassified_columns"),
            second_line_alarms: counter!("pgpurpose_second_line_alarms_total"),
        }
    }
}

fn describe() {
    describe_gauge!("pgpurpose_build_info", "Always 1; the labels tell what is running");
    describe_gauge!("pgpurpose_rules_info", "1 for the rules in force, told by their hash");
    describe_counter!("pgpurpose_statements_total", "Statements by what was decided");
    describe_counter!("pgpurpose_block_reasons_total", "Refused statements by reason");
    describe_counter!("pgpurpose_category_access_total", "Uses of a group of data categories");
    describe_counter!("pgpurpose_rule_hits_total", "Statements a rule had a say in");
    describe_counter!("pgpurpose_observed_total", "What would have been decided, if not observing");
    describe_counter!("pgpurpose_person_filters_total", "Statements given a condition on people");
    describe_counter!("pgpurpose_undeclared_total", "Refused for want of a purpose, by role");
    describe_counter!("pgpurpose_auth_failures_total", "Logins the server refused");
    describe_counter!("pgpurpose_rows_returned_total", "Rows the server reported");
    describe_counter!("pgpurpose_bytes_total", "Bytes relayed");
    describe_counter!("pgpurpose_statement_cache_requests_total", "Judgements looked up");
    describe_counter!("pgpurpose_rules_reload_total", "Attempts to load the rules");
    describe_counter!("pgpurpose_audit_events_total", "Audit records by what became of them");
    describe_counter!("pgpurpose_second_line_alarms_total", "Results stopped at the last moment");
    describe_gauge!("pgpurpose_client_connections", "Clients connected");
    describe_gauge!("pgpurpose_upstream_connections", "Connections to the server");
    describe_gauge!("pgpurpose_rules_last_reload_timestamp_seconds", "When rules were last loaded");
    describe_gauge!("pgpurpose_audit_last_write_timestamp_seconds", "Last record written");
    describe_gauge!("pgpurpose_unclassified_columns", "Governed columns without a category");
    describe_histogram!("pgpurpose_decision_duration_seconds", "Time to judge one text");
    describe_histogram!("pgpurpose_upstream_duration_seconds", "Time the server took");
}

fn now_seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

fn to_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Judged;
    use crate::model::access::{DeclaredBy, SearchPath};
    use crate::model::privacy::Purpose;
    use crate::sql::Rewritten;

    fn access(purpose: &str) -> Access {
        Access {
            role: "app".into(),
            address: None,
            purpose: Purpose::new(purpose),
            declared: DeclaredBy::Session,
            search_path: SearchPath(Vec::new()),
            variables: Arc::default(),
            client_encoding: Arc::from("UTF8"),
            token: Default::default(),
            types_declared: false,
        }
    }

    fn telemetry() -> Telemetry {
        let telemetry = Telemetry::new();
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let labels = Labels {
            purposes: set(&["ads", "provide"]),
            categories: set(&["basic", "basic.email"]),
            roles: set(&["app"]),
            rules: set(&["purposes.ads"]),
        };
        telemetry.rules_loaded(&labels, "abc", Some(3));
        telemetry
    }

    fn judgement(part: JudgedPart) -> Judgement {
        let judged = Judged {
            statement: "SELECT",
            record: Some(std::sync::Arc::new(part)),
            ..Judged::default()
        };
        let verdict = Verdict::Forward(Rewritten::unchanged(""));
        Judgement { verdict, statements: vec![judged] }
    }

    fn masked() -> JudgedPart {
        JudgedPart {
            decision: "mask",
            categories: [("basic.email".to_owned(), "mask.email".to_owned())].into(),
            filters: vec!["consent"],
            rules: vec!["purposes.ads rules/purposes.yaml:3".to_owned()],
            ..JudgedPart::default()
        }
    }

    #[track_caller]
    fn assert_has(text: &str, line: &str) {
        assert!(text.lines().any(|found| found == line), "no {line:?} in\n{text}");
    }

    #[test]
    fn every_series_stands_at_zero_before_its_first_event() {
        let text = telemetry().render();
        assert_has(&text, r#"pgpurpose_statements_total{decision="block",purpose="ads"} 0"#);
        assert_has(
            &text,
            r#"pgpurpose_block_reasons_total{reason="no_purpose",purpose="undeclared"} 0"#,
        );
        assert_has(&text, r#"pgpurpose_audit_events_total{sink="file",result="error"} 0"#);
        assert_has(&text, r#"pgpurpose_undeclared_total{role="other"} 0"#);
    }

    #[test]
    fn a_judgement_is_counted_once_in_each_family() {
        let telemetry = telemetry();
        let took = Duration::from_micros(30);
        telemetry.judged(&judgement(masked()), &access("ads"), took, true);
        let text = telemetry.render();
        assert_has(&text, r#"pgpurpose_statements_total{decision="mask",purpose="ads"} 1"#);
        assert_has(
            &text,
            r#"pgpurpose_category_access_total{category="basic",treatment="mask",purpose="ads"} 1"#,
        );
        assert_has(&text, r#"pgpurpose_person_filters_total{reason="consent"} 1"#);
        assert_has(&text, r#"pgpurpose_rule_hits_total{rule="purposes.ads"} 1"#);
        assert_has(&text, r#"pgpurpose_statement_cache_requests_total{result="hit"} 1"#);
        assert_has(&text, r#"pgpurpose_decision_duration_seconds_bucket{le="0.00005"} 1"#);
    }

    #[test]
    fn a_client_cannot_make_a_series() {
        let telemetry = telemetry();
        let before = telemetry.render().lines().count();
        telemetry.judged(&judgement(masked()), &access("x\"y"), Duration::ZERO, false);
        telemetry.refused(Reason::UnknownPurpose, &access("anything"));
        let text = telemetry.render();
        assert_has(&text, r#"pgpurpose_statements_total{decision="block",purpose="unknown"} 1"#);
        assert_has(&text, r#"pgpurpose_statements_total{decision="mask",purpose="unknown"} 1"#);
        assert_eq!(text.lines().count(), before);
    }

    #[test]
    fn a_label_below_a_purpose_counts_as_the_purpose() {
        let telemetry = telemetry();
        telemetry.refused(Reason::Column, &access("ads.anything"));
        let line = r#"pgpurpose_block_reasons_total{reason="column",purpose="ads"} 1"#;
        assert_has(&telemetry.render(), line);
    }

    #[test]
    fn observing_counts_what_would_have_been() {
        let telemetry = telemetry();
        let part = JudgedPart { observed: true, decision: "block", ..JudgedPart::default() };
        telemetry.judged(&judgement(part), &access("ads"), Duration::ZERO, false);
        let text = telemetry.render();
        assert_has(&text, r#"pgpurpose_observed_total{decision="block",purpose="ads"} 1"#);
        assert_has(&text, r#"pgpurpose_statements_total{decision="block",purpose="ads"} 0"#);
    }

    #[test]
    fn other_rules_take_the_place_of_the_first() {
        let telemetry = telemetry();
        telemetry.rules_loaded(&Labels::default(), "def", None);
        let text = telemetry.render();
        assert_has(&text, r#"pgpurpose_rules_info{version="3",hash="abc"} 0"#);
        assert_has(&text, r#"pgpurpose_rules_info{version="none",hash="def"} 1"#);
    }
}
