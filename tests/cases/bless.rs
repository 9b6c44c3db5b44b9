//! Writes what is sent into a file of cases, in place of what it said.

/// Width of a blessed line.
const COLUMNS: usize = 98;

/// Puts what is sent in place of `rewritten:` of one case of a file.
pub fn bless(text: &str, name: &str, sent: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let is_name = |line: &&str| {
        let said = line.trim_start().strip_prefix("- name: ");
        said.is_some_and(|said| said.trim_matches(['"', '\'']) == name)
    };
    let start = lines.iter().position(is_name).expect("a case has its own line `- name:`");
    let indent = lines[start].len() - lines[start].trim_start().len() + 2;
    let end = lines[start + 1..]
        .iter()
        .position(|line| line.trim_start().starts_with("- name: "))
        .map_or(lines.len(), |length| start + 1 + length);
    let key = (start..end)
        .find(|i| lines[*i].trim_start().starts_with("rewritten:"))
        .expect("a case to be blessed has a line `rewritten:`");
    let deeper = |line: &&&str| line.len() - line.trim_start().len() > indent;
    let old = lines[key + 1..end].iter().take_while(deeper).count();
    let mut new = vec![format!("{}rewritten: >-", " ".repeat(indent))];
    let mut line = " ".repeat(indent + 2);
    for word in sent.split(' ') {
        if line.trim().is_empty() {
            line.push_str(word);
        } else if line.len() + word.len() < COLUMNS {
            line.push(' ');
            line.push_str(word);
        } else {
            new.push(std::mem::replace(&mut line, format!("{}{word}", " ".repeat(indent + 2))));
        }
    }
    new.push(line);
    lines.splice(key..=key + old, new.iter().map(String::as_str));
    lines.join("\n") + "\n"
}
