//! Why a client is refused. Safe by make-up: names from the client's own text, rule ids and
//! places, never a data value, a consent state or another role's name.

use super::ruling::RuleRef;

/// A five-character SQLSTATE (PostgreSQL manual, appendix A).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SqlState(pub &'static str);

impl SqlState {
    pub const PROTOCOL_VIOLATION: SqlState = SqlState("08P01");
    pub const CONNECTION_FAILURE: SqlState = SqlState("08006");
    pub const FEATURE_NOT_SUPPORTED: SqlState = SqlState("0A000");
    pub const INVALID_PARAMETER_VALUE: SqlState = SqlState("22023");
    pub const CHARACTER_NOT_IN_REPERTOIRE: SqlState = SqlState("22021");
    pub const INVALID_AUTHORIZATION: SqlState = SqlState("28000");
    pub const SERIALIZATION_FAILURE: SqlState = SqlState("40001");
    pub const SYNTAX_ERROR: SqlState = SqlState("42601");
    pub const INSUFFICIENT_PRIVILEGE: SqlState = SqlState("42501");
    pub const AMBIGUOUS_COLUMN: SqlState = SqlState("42702");
    pub const UNDEFINED_COLUMN: SqlState = SqlState("42703");
    pub const UNDEFINED_TABLE: SqlState = SqlState("42P01");
    pub const TOO_MANY_CONNECTIONS: SqlState = SqlState("53300");
    pub const CONFIGURATION_LIMIT_EXCEEDED: SqlState = SqlState("53400");
    pub const PROGRAM_LIMIT_EXCEEDED: SqlState = SqlState("54000");
    pub const STATEMENT_TOO_COMPLEX: SqlState = SqlState("54001");
    pub const ADMIN_SHUTDOWN: SqlState = SqlState("57P01");
    pub const CANNOT_CONNECT_NOW: SqlState = SqlState("57P03");
    pub const IO_ERROR: SqlState = SqlState("58030");
    pub const INTERNAL_ERROR: SqlState = SqlState("XX000");
}

/// The closed set of reasons, also the label of `pgpurpose_block_reasons_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The role may not claim the purpose.
    Role,
    /// No purpose declared.
    NoPurpose,
    /// The declared purpose is not in the rules.
    UnknownPurpose,
    /// A column the purpose does not cover.
    Column,
    /// A relation, column or category nobody classified.
    Unlisted,
    /// A relation that is read by the proxy only, or a closed part of the server's catalog.
    Internal,
    /// A write the purpose does not cover, or one that would carry data away from its label.
    Write,
    /// `only_one_person`: the statement does not pin one person.
    OnePerson,
    /// `needs`: evidence is missing, or is not such as the rules ask for.
    Needs,
    /// A purpose token is missing, not valid, no longer valid, or made for something else.
    Token,
    /// A rule of `rules:`.
    Rule,
    /// A function or operator that is not trusted.
    Function,
    /// The statement could not be parsed.
    Unparsable,
    /// Parsed, but not analysed.
    Unsupported,
    /// Names that do not resolve.
    UnknownName,
    /// Too long, too deep, too many.
    Limit,
    /// The audit record could not be written.
    Audit,
    /// The wire protocol was broken.
    Protocol,
    /// Judged under a purpose, rules or catalog that no longer hold.
    Stale,
    /// The server described a result that shows what it may not.
    SecondLine,
    /// A fault of ours.
    Internals,
}

impl Reason {
    pub const ALL: [Reason; 21] = [
        Reason::Role,
        Reason::NoPurpose,
        Reason::UnknownPurpose,
        Reason::Column,
        Reason::Unlisted,
        Reason::Internal,
        Reason::Write,
        Reason::OnePerson,
        Reason::Needs,
        Reason::Token,
        Reason::Rule,
        Reason::Function,
        Reason::Unparsable,
        Reason::Unsupported,
        Reason::UnknownName,
        Reason::Limit,
        Reason::Audit,
        Reason::Protocol,
        Reason::Stale,
        Reason::SecondLine,
        Reason::Internals,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Role => "role",
            Reason::NoPurpose => "no_purpose",
            Reason::UnknownPurpose => "unknown_purpose",
            Reason::Column => "column",
            Reason::Unlisted => "unlisted",
            Reason::Internal => "internal",
            Reason::Write => "write",
            Reason::OnePerson => "only_one_person",
            Reason::Needs => "needs",
            Reason::Token => "token",
            Reason::Rule => "rule",
            Reason::Function => "function",
            Reason::Unparsable => "unparsable",
            Reason::Unsupported => "unsupported",
            Reason::UnknownName => "unknown_name",
            Reason::Limit => "limit",
            Reason::Audit => "audit",
            Reason::Protocol => "protocol",
            Reason::Stale => "stale",
            Reason::SecondLine => "second_line",
            Reason::Internals => "internal_error",
        }
    }
}

/// One refusal, in the fields of an ErrorResponse (PostgreSQL manual, 55.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    pub sqlstate: SqlState,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    /// Character of the client's text the error points at, from 1.
    pub position: Option<usize>,
    pub schema: Option<String>,
    pub table: Option<String>,
    pub column: Option<String>,
    pub constraint: Option<String>,
    /// The line that decided.
    pub rule: Option<RuleRef>,
}

impl Refusal {
    pub fn new(reason: Reason, sqlstate: SqlState, message: impl Into<String>) -> Refusal {
        Refusal {
            reason,
            sqlstate,
            message: message.into(),
            detail: None,
            hint: None,
            position: None,
            schema: None,
            table: None,
            column: None,
            constraint: None,
            rule: None,
        }
    }

    pub fn detail(mut self, text: impl Into<String>) -> Refusal {
        self.detail = Some(text.into());
        self
    }

    pub fn hint(mut self, text: impl Into<String>) -> Refusal {
        self.hint = Some(text.into());
        self
    }

    pub fn at(mut self, position: usize) -> Refusal {
        self.position = Some(position);
        self
    }

    pub fn rule(mut self, rule: RuleRef) -> Refusal {
        self.constraint = Some(rule.id.clone());
        self.rule = Some(rule);
        self
    }

    pub fn on_table(mut self, schema: &str, table: &str) -> Refusal {
        self.schema = Some(schema.to_owned());
        self.table = Some(table.to_owned());
        self
    }

    pub fn on_column(mut self, column: &str) -> Refusal {
        self.column = Some(column.to_owned());
        self
    }
}
