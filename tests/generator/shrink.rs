//! Makes a statement that fails smaller: whatever can go, goes.

/// How often a smaller statement is tried.
const ATTEMPTS: usize = 300;

/// The smallest statement found of which `fails` still holds. Pieces are cut out blindly: what is
/// no longer a statement fails alike everywhere, and is not taken.
pub fn shrink(sql: &str, mut fails: impl FnMut(&str) -> bool) -> String {
    let mut tokens = tokens(sql);
    let mut left = ATTEMPTS;
    let mut try_it = |candidate: &[String]| {
        left = left.saturating_sub(1);
        left > 0 && fails(&candidate.join(" "))
    };
    loop {
        let before = tokens.len();
        let mut size = tokens.len() / 2;
        while size > 0 {
            let mut start = 0;
            while start + size <= tokens.len() {
                let cut = &tokens[start..start + size];
                let rest = [&tokens[..start], &tokens[start + size..]].concat();
                match is_balanced(cut) && try_it(&rest) {
                    true => tokens = rest,
                    false => start += 1.max(size / 2),
                }
            }
            size /= 2;
        }
        for start in 0..tokens.len() {
            let Some(end) = closing(&tokens, start) else { continue };
            let inner = tokens[start + 1..end].to_vec();
            for put in [inner, vec!["1".to_owned()], vec!["NULL".to_owned()]] {
                let candidate = [&tokens[..start], &put, &tokens[end + 1..]].concat();
                if candidate.len() < tokens.len() && try_it(&candidate) {
                    tokens = candidate;
                    break;
                }
            }
        }
        if tokens.len() == before {
            return tokens.join(" ");
        }
    }
}

fn is_balanced(tokens: &[String]) -> bool {
    let mut depth = 0;
    tokens.iter().all(|token| {
        depth += i32::from(token == "(") - i32::from(token == ")");
        depth >= 0
    }) && depth == 0
}

/// Where the parenthesis closes that opens at `start`.
fn closing(tokens: &[String], start: usize) -> Option<usize> {
    if tokens.get(start)? != "(" {
        return None;
    }
    let mut depth = 0;
    tokens.iter().enumerate().skip(start).find_map(|(at, token)| {
        depth += i32::from(token == "(") - i32::from(token == ")");
        (depth == 0).then_some(at)
    })
}

fn tokens(sql: &str) -> Vec<String> {
    let class = |c: char| match c {
        c if c.is_whitespace() => 0,
        '(' | ')' | ',' | ';' | '[' | ']' => 1,
        c if c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '"') => 2,
        _ => 3,
    };
    let mut tokens: Vec<String> = Vec::new();
    let mut last = 0;
    let mut quoted = false;
    for c in sql.chars() {
        let now = if c == '\'' { 4 } else { class(c) };
        match tokens.last_mut() {
            Some(token) if quoted || (now == last && now > 1) => token.push(c),
            _ if now > 0 => tokens.push(c.to_string()),
            _ => {}
        }
        quoted ^= c == '\'';
        last = now;
    }
    tokens
}

#[test]
fn what_does_not_matter_goes() {
    let sql = "SELECT a, 'it''s' FROM t WHERE (x::text = 'y' AND f(1 / (b - 3)) > 0) ORDER BY 1";
    let shrunk = shrink(sql, |smaller| smaller.contains("b - 3") && smaller.contains("'it''s'"));
    assert_eq!(shrunk, "'it''s' b - 3");
}
