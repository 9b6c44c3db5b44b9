//! Looks for governed tables in the grammar's own tree of a text, wherever a table can stand.
//!
//! The tree is walked by way of its debug text, which shows every field of every node: no form of
//! the grammar can be forgotten, and nothing of the judge is used.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

const GOVERNED: [&str; 6] = ["users", "orders", "wallets", "identity_docs", "accounts", "viewers"];
/// Read by what was put in, and by nothing else.
const INTERNAL: [&str; 2] = ["privacy_choices", "policy_seen"];

/// A node of the debug text: a name with fields, or a bare word.
#[derive(Debug, Default)]
struct Node {
    name: String,
    /// Name of the field, or nothing in a tuple or list.
    children: Vec<(String, Node)>,
}

impl Node {
    fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|(field, _)| field == name).map(|(_, node)| node)
    }

    fn contains(&self, word: &str) -> bool {
        self.name == word || self.children.iter().any(|(_, child)| child.contains(word))
    }
}

/// The first reference to a governed or internal table that stands where a client's could.
pub fn bare_references(text: &str) -> Result<(), String> {
    let text = text.strip_prefix("COPY ").unwrap_or(text);
    let text = text.strip_suffix(" TO STDOUT").unwrap_or(text);
    let statements = Parser::new(&PostgreSqlDialect {})
        .with_recursion_limit(500)
        .try_with_sql(text)
        .and_then(|mut parser| parser.parse_statements())
        .map_err(|error| format!("{error} in {text}"))?;
    let debug = format!("{statements:?}");
    let mut reader = Reader { text: debug.as_bytes(), at: 0 };
    let tree = reader.node();
    walk(&tree, &mut Vec::new())
}

fn walk<'n>(node: &'n Node, above: &mut Vec<&'n Node>) -> Result<(), String> {
    if let Some(table) = table(node) {
        check(&table, node, above)?;
    }
    above.push(node);
    let result = node.children.iter().try_for_each(|(_, child)| walk(child, above));
    above.pop();
    result
}

/// The last name of a table of FROM, of the target of a write or of TABLE.
fn table(node: &Node) -> Option<String> {
    let name = match node.name.as_str() {
        "Table" => node.child("name").or_else(|| node.child("table_name"))?,
        "TableName" => node,
        _ => return None,
    };
    let mut idents = Vec::new();
    words(name, &mut idents);
    idents.last().cloned()
}

fn words(node: &Node, out: &mut Vec<String>) {
    if node.name == "Ident"
        && let Some(value) = node.child("value")
    {
        out.push(value.name.trim_matches('"').to_ascii_lowercase());
    }
    node.children.iter().for_each(|(_, child)| words(child, out));
}

fn check(table: &str, node: &Node, above: &[&Node]) -> Result<(), String> {
    let (governed, internal) = (GOVERNED.contains(&table), INTERNAL.contains(&table));
    if !governed && !internal {
        return Ok(());
    }
    let bare = |why: &str| Err(format!("{table} stands bare: {why}"));
    let mut alias = Vec::new();
    node.child("alias").into_iter().for_each(|alias_node| words(alias_node, &mut alias));
    let Some(at) = above.iter().rposition(|node| node.name == "Select") else {
        return bare("not in a select");
    };
    let select = above[at];
    let from = select.child("from").map_or(0, |from| from.children.len());
    let joins = select
        .child("from")
        .and_then(|from| from.children.first())
        .and_then(|(_, item)| item.child("joins"))
        .map_or(1, |joins| joins.children.len());
    if from != 1 || joins != 0 {
        return bare("beside others");
    }
    let filtered = select.child("selection").is_some_and(|s| s.name != "None");
    let holder = above[..at].iter().rev().map(|node| node.name.as_str());
    let holder =
        holder.clone().find(|name| ["Derived", "Exists", "Subquery", "Cte"].contains(name));
    match (holder, alias.first().map(String::as_str)) {
        (Some("Derived"), Some("t")) if governed => {
            let asks = |node: &Node| {
                node.contains("\"privacy_choices\"") && node.contains("\"by_guardian\"")
            };
            // A table joined to the person's row may leave the question to that.
            let selects = above[..at].iter().rev().filter(|node| node.name == "Select");
            let beside = selects.filter_map(|node| node.child("from")).next();
            let asked = select.child("selection").is_some_and(asks) || beside.is_some_and(asks);
            if asked { Ok(()) } else { bare("without the question about its person") }
        }
        (Some("Exists"), Some("p")) if table == "users" && filtered => Ok(()),
        (Some("Exists"), Some("c" | "v")) if internal && filtered => Ok(()),
        (holder, alias) => bare(&format!("in {holder:?} as {alias:?}")),
    }
}

/// Reads what `{:?}` writes.
struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn blanks(&mut self) {
        while self.peek() == b' ' {
            self.at += 1;
        }
    }

    fn node(&mut self) -> Node {
        self.blanks();
        let mut node = Node { name: self.word(), children: Vec::new() };
        self.blanks();
        let close = match self.peek() {
            b'{' => b'}',
            b'(' => b')',
            b'[' => b']',
            _ => return node,
        };
        self.at += 1;
        loop {
            self.blanks();
            match self.peek() {
                0 => return node,
                b',' => self.at += 1,
                c if c == close => {
                    self.at += 1;
                    return node;
                }
                _ => {
                    let before = self.at;
                    let field = self.field();
                    node.children.push((field, self.node()));
                    // A sign of no meaning here, as in the middle of a span.
                    self.at += usize::from(self.at == before);
                }
            }
        }
    }

    fn field(&mut self) -> String {
        let before = self.at;
        let word = self.word();
        if self.peek() == b':' && self.text.get(self.at + 1) == Some(&b' ') {
            self.at += 2;
            return word;
        }
        self.at = before;
        String::new()
    }

    fn word(&mut self) -> String {
        let start = self.at;
        let quote = self.peek();
        if quote == b'"' || quote == b'\'' {
            self.at += 1;
            while self.peek() != quote && self.peek() != 0 {
                self.at += if self.peek() == b'\\' { 2 } else { 1 };
            }
            self.at += 1;
        } else {
            while self.peek().is_ascii_alphanumeric() || matches!(self.peek(), b'_' | b'.' | b'-') {
                self.at += 1;
            }
        }
        String::from_utf8_lossy(&self.text[start..self.at.min(self.text.len())]).into_owned()
    }
}
