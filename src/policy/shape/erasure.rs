//! Reads `erase` of a table and of `subjects`: what stays of a person, and why.

use super::reader::Reader;
use super::types::{At, ErasureShape, ErasureWord, Span};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::yaml::{Node, Value};

const WORDS: [(&str, ErasureWord); 3] =
    [("delete", ErasureWord::Delete), ("mask", ErasureWord::Mask), ("keep", ErasureWord::Keep)];

/// `erase: delete`, or `erase: { use: mask, keep: […], retain: 10 years, from: …, because: … }`
pub fn of_table(reader: &mut Reader<'_>, node: &Node) -> Option<ErasureShape> {
    if !matches!(node.value, Value::Map(_)) {
        let word = reader.word(node, "`erase`", &WORDS)?;
        let shape = ErasureShape::new(word.value);
        if word.value == ErasureWord::Keep {
            reader.missing(node.span, "`erase: keep`", "because");
        }
        return Some(shape);
    }
    const KEYS: &[&str] = &["use", "keep", "retain", "from", "because"];
    let fields = reader.fields(node, "`erase`", KEYS);
    let keep = fields.get("keep").map_or_else(Vec::new, |n| reader.texts(n, "`erase.keep`"));
    let word = fields.get("use").and_then(|n| reader.word(n, "`erase.use`", &WORDS));
    let default = if keep.is_empty() { ErasureWord::Keep } else { ErasureWord::Mask };
    let mut shape = ErasureShape::new(word.map_or(default, |at| at.value));
    shape.keep = keep;
    shape.retain = fields.get("retain").and_then(|node| span(reader, node));
    shape.from = fields.get("from").and_then(|node| reader.name(node, "`erase.from`"));
    shape.because = fields.get("because").and_then(|n| reader.text(n, "`erase.because`"));
    let stays = shape.word == ErasureWord::Keep || !shape.keep.is_empty() || shape.retain.is_some();
    if stays && shape.because.is_none() {
        reader.missing(node.span, "`erase`", "because");
    }
    if shape.from.is_some() && shape.retain.is_none() {
        reader.missing(node.span, "`erase` with `from`", "retain");
    }
    Some(shape)
}

/// `subjects.erase`: category → why its values stay.
pub fn of_categories(reader: &mut Reader<'_>, node: &Node) -> Vec<(At<String>, ErasureShape)> {
    let mut found = Vec::new();
    for (key, value) in reader.entries(node, "`subjects.erase`") {
        let owner = format!("`subjects.erase.{}`", key.text);
        let fields = reader.fields(value, &owner, &["retain", "because"]);
        let category = reader.at(key.text.clone(), key.span);
        let mut shape = ErasureShape::new(ErasureWord::Mask);
        shape.keep = vec![category.clone()];
        shape.retain = fields.get("retain").and_then(|node| span(reader, node));
        shape.because = fields.get("because").and_then(|n| reader.text(n, &owner));
        if shape.because.is_none() {
            reader.missing(key.span, &owner, "because");
        }
        found.push((category, shape));
    }
    found
}

/// `10 years`
fn span(reader: &mut Reader<'_>, node: &Node) -> Option<Span> {
    let text = reader.text(node, "`retain`")?;
    let parsed = parse_span(&text.value);
    if parsed.is_none() {
        let message = format!("`{}` is not a span of time", text.value);
        let label = "write it as `10 years`, `6 months` or `90 days`";
        reader.report(Diagnostic::error("PP008", message).at(&text.place).label(label));
    }
    parsed
}

fn parse_span(text: &str) -> Option<Span> {
    let (number, unit) = text.split_once(' ')?;
    let unit = match unit {
        "year" | "years" => "years",
        "month" | "months" => "months",
        "day" | "days" => "days",
        _ => return None,
    };
    let number = number.parse::<u16>().ok().filter(|number| *number > 0)?;
    Some(Span { number, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time() {
        assert_eq!(parse_span("10 years"), Some(Span { number: 10, unit: "years" }));
        for wrong in ["10", "0 days", "ten years", "10 years ago", "-1 days", "10 weeks"] {
            assert_eq!(parse_span(wrong), None, "{wrong}");
        }
    }
}
