//! What is left of a statement once everything without a meaning for access is gone.
//!
//! The grammar's tree has hundreds of shapes; this one has those that decide which columns are
//! read or written and how names are looked up. Names are token numbers: the token stream, not
//! the grammar, says what was written. Made by `lower`, read by `resolve`.

use super::tokens::TokenRange;

/// Number of a token.
pub type Place = usize;

/// A dotted name: one token for each part.
pub type Path = Vec<Place>;

#[derive(Clone, Debug)]
pub enum Statement {
    Query(Query),
    Dml(Box<Dml>),
}

/// A query with what belongs to it as a whole.
#[derive(Clone, Debug)]
pub struct Query {
    pub with: Vec<Cte>,
    pub recursive: bool,
    pub body: Body,
    pub order_by: Vec<Expr>,
    /// LIMIT, OFFSET, FETCH
    pub limits: Vec<Expr>,
    /// Aliases named by `FOR UPDATE OF`.
    pub locked: Vec<Place>,
}

#[derive(Clone, Debug)]
pub struct Cte {
    pub name: Place,
    pub columns: Vec<Place>,
    pub query: Query,
    /// Columns that SEARCH and CYCLE add, each with those it is made of.
    pub added: Vec<(Place, Vec<Place>)>,
}

#[derive(Clone, Debug)]
pub enum Body {
    Select(Box<Select>),
    /// UNION, INTERSECT, EXCEPT
    Set(Box<Body>, Box<Body>),
    Values(Vec<Vec<Expr>>),
    Query(Box<Query>),
    Dml(Box<Dml>),
}

#[derive(Clone, Debug)]
pub struct Select {
    /// The SELECT keyword.
    pub keyword: Place,
    pub distinct_on: Vec<Expr>,
    pub items: Vec<Item>,
    pub from: Vec<FromItem>,
    pub filter: Option<Expr>,
    pub group_by: Vec<Expr>,
    /// GROUP BY lists only expressions: no grouping sets, cube, rollup.
    pub plain_grouping: bool,
    pub having: Option<Expr>,
    /// Named windows: the names they define, and what they are made of.
    pub windows: Vec<Place>,
    pub window_parts: Vec<Expr>,
}

/// One entry of a select list or RETURNING list.
#[derive(Clone, Debug)]
pub enum Item {
    Expr {
        expr: Expr,
        alias: Option<Place>,
    },
    /// `*` or `path.*`; `star` is the token of the star.
    Star {
        path: Path,
        star: Place,
    },
}

#[derive(Clone, Debug)]
pub enum FromItem {
    Relation(Relation),
    Derived {
        lateral: bool,
        query: Box<Query>,
        alias: Option<Alias>,
    },
    /// A function in FROM: what columns it gives is known only to the server.
    Function {
        calls: Vec<Expr>,
        name: Option<Place>,
        alias: Option<Alias>,
        ordinality: bool,
    },
    Join(Box<Join>),
    /// `(a JOIN b) AS x`
    Nested {
        item: Box<FromItem>,
        alias: Option<Alias>,
    },
}

#[derive(Clone, Debug)]
pub struct Relation {
    pub path: Path,
    /// The whole site as written: `ONLY` and its parentheses included, alias not.
    pub range: TokenRange,
    pub only: bool,
    pub alias: Option<Alias>,
    /// TABLESAMPLE stands behind the alias.
    pub sample: Vec<Expr>,
    pub sampled: bool,
}

#[derive(Clone, Debug)]
pub struct Alias {
    pub name: Place,
    pub columns: Vec<Place>,
}

#[derive(Clone, Debug)]
pub struct Join {
    pub left: FromItem,
    pub right: FromItem,
    /// Whether rows of the left and of the right side may be made up of NULL.
    pub nullable: (bool, bool),
    pub on: Option<Expr>,
    pub using: Vec<Place>,
    pub using_alias: Option<Place>,
    pub natural: bool,
}

#[derive(Clone, Debug)]
pub enum Expr {
    /// A column, or a whole row, or a label: only names in scope can tell.
    Column(Path),
    /// `path.*` inside an expression: the whole row.
    Row(Path),
    /// A literal or parameter.
    Constant(Place),
    And(Box<Expr>, Box<Expr>),
    /// `=` as written, nothing else.
    Equal(Box<Expr>, Box<Expr>),
    /// `+` or `-`
    Sum(Box<Expr>, Box<Expr>),
    Paren(Box<Expr>),
    Call(Box<Call>),
    /// `(expr).name`
    Field(Box<Expr>, Place),
    Query(Box<Query>),
    /// Parts that are only combined. `calm`: by comparisons and boolean logic alone, which raise
    /// no error and tell nothing before a row filter has been applied.
    Parts {
        parts: Vec<Expr>,
        calm: bool,
    },
    /// Parts of an operation that may raise an error, but gives NULL without a further look
    /// where one of them is NULL.
    Strict(Vec<Expr>),
}

impl Expr {
    pub fn parts(parts: Vec<Expr>) -> Expr {
        Expr::Parts { parts, calm: false }
    }

    pub fn calm(parts: Vec<Expr>) -> Expr {
        Expr::Parts { parts, calm: true }
    }

    /// The expression without parentheses around the whole of it.
    pub fn bare(&self) -> &Expr {
        match self {
            Expr::Paren(inner) => inner.bare(),
            other => other,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Call {
    pub name: Path,
    pub args: Vec<Expr>,
    /// FILTER, ORDER BY, WITHIN GROUP, OVER
    pub parts: Vec<Expr>,
    /// A window named by OVER.
    pub window: Option<Place>,
    pub form: CallForm,
}

/// What kind of call it is, as far as it is an aggregate's.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum CallForm {
    #[default]
    Plain,
    /// `f(DISTINCT …)`
    Distinct,
    /// `f(…) OVER …`
    Window,
}

#[derive(Clone, Debug)]
pub enum Dml {
    Insert(Insert),
    Update(Update),
    Delete(Delete),
    Merge(Merge),
}

#[derive(Clone, Debug)]
pub struct Insert {
    pub keyword: Place,
    pub target: Path,
    pub alias: Option<Place>,
    pub columns: Vec<Place>,
    /// `None`: DEFAULT VALUES
    pub source: Option<Query>,
    pub conflict: Option<Conflict>,
    pub returning: Vec<Item>,
}

#[derive(Clone, Debug)]
pub struct Conflict {
    pub columns: Vec<Place>,
    pub predicate: Option<Expr>,
    /// The constraint of ON CONSTRAINT.
    pub constraint: Path,
    /// DO UPDATE: assignments and WHERE.
    pub update: Option<(Vec<Assignment>, Option<Expr>)>,
}

#[derive(Clone, Debug)]
pub struct Assignment {
    pub columns: Vec<Place>,
    pub value: Expr,
}

#[derive(Clone, Debug)]
pub struct Update {
    pub keyword: Place,
    pub target: Relation,
    pub assignments: Vec<Assignment>,
    pub from: Vec<FromItem>,
    pub filter: Option<Expr>,
    pub returning: Vec<Item>,
}

#[derive(Clone, Debug)]
pub struct Delete {
    pub keyword: Place,
    pub target: Relation,
    pub using: Vec<FromItem>,
    pub filter: Option<Expr>,
    pub returning: Vec<Item>,
}

#[derive(Clone, Debug)]
pub struct Merge {
    pub keyword: Place,
    pub target: Relation,
    pub source: FromItem,
    pub on: Expr,
    pub clauses: Vec<When>,
    pub returning: Vec<Item>,
}

/// `WHEN [NOT] MATCHED …`
#[derive(Clone, Debug)]
pub struct When {
    /// The WHEN keyword.
    pub keyword: Place,
    pub matched: Matched,
    pub condition: Option<Expr>,
    pub action: Action,
}

/// Which rows there are: those of both sides, or of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Matched {
    Both,
    /// NOT MATCHED [BY TARGET]
    Source,
    /// NOT MATCHED BY SOURCE
    Target,
}

#[derive(Clone, Debug)]
pub enum Action {
    Nothing,
    Delete,
    Update(Vec<Assignment>),
    Insert { columns: Vec<Place>, values: Vec<Expr> },
}
