//! `Diagnostic`: a mistake in a rule file, with its place, for the author of the rules.
//!
//! It carries the text of the file, so that it can be printed with the line and a marker
//! wherever it ends up: in `check`, in the log of a failed reload, in a test.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// One file of a rule directory, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// As it is to be printed: `rules/purposes.yaml`.
    pub path: String,
    pub text: String,
}

/// A stretch of text in a rule file.
#[derive(Clone)]
pub struct Place {
    pub file: Arc<SourceFile>,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// Bytes of the file's text.
    pub bytes: Range<usize>,
}

impl Place {
    /// `rules/purposes.yaml:29`
    pub fn line_ref(&self) -> String {
        format!("{}:{}", self.file.path, self.line)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.path, self.line, self.column)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The rules cannot be used as they are.
    Error,
    /// They can, but probably do not mean what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A mistake in a rule file.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// `PP012`; the list is in `rules/README.md`.
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub place: Option<Place>,
    /// Stands under the marker.
    pub label: Option<String>,
    pub notes: Vec<String>,
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Error, message.into())
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Warning, message.into())
    }

    pub fn hint(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Note, message.into())
    }

    fn new(code: &'static str, severity: Severity, message: String) -> Diagnostic {
        Diagnostic {
            code,
            severity,
            message,
            place: None,
            label: None,
            notes: Vec::new(),
            help: None,
        }
    }

    pub fn at(mut self, place: &Place) -> Diagnostic {
        self.place = Some(place.clone());
        self
    }

    pub fn label(mut self, text: impl Into<String>) -> Diagnostic {
        self.label = Some(text.into());
        self
    }

    pub fn note(mut self, text: impl Into<String>) -> Diagnostic {
        self.notes.push(text.into());
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// Adds "did you mean" where one of `known` is close to what was written.
    pub fn suggest<'k>(
        mut self,
        written: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Diagnostic {
        if let Some(best) = nearest(written, known) {
            self.help = Some(format!("did you mean `{best}`?"));
        }
        self
    }

    pub fn is_note(&self) -> bool {
        self.severity == Severity::Note
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// One line: `rules/purposes.yaml:29:31: error[PP012]: unknown category …`.
    pub fn one_line(&self) -> String {
        let place = self.place.as_ref().map_or(String::new(), |p| format!("{p}: "));
        format!("{place}{}[{}]: {}", self.severity.as_str(), self.code, self.message)
    }

    /// With the line it speaks of and a marker under it; `color` adds terminal colours.
    pub fn render(&self, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let mut group = level
            .primary_title(self.message.as_str())
            .id(self.code)
            .elements(Vec::<annotate_snippets::Message<'_>>::new());
        if let Some(place) = &self.place {
            let mut annotation = AnnotationKind::Primary.span(place.bytes.clone());
            if let Some(label) = &self.label {
                annotation = annotation.label(label.as_str());
            }
            group = group.element(
                Snippet::source(place.file.text.as_str())
                    .path(place.file.path.as_str())
                    .annotation(annotation),
            );
        }
        for note in &self.notes {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

/// The name most like `written`, where one is like it at all.
fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(written, name), name))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// Jaro-Winkler likeness from which a name is worth proposing.
const LIKENESS_MIN: f64 = 0.82;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_line_and_a_marker() {
        let text = "purposes:\n  survey: { data: { basic.emial: allow } }\n".to_owned();
        let at = text.find("basic.emial").unwrap();
        let place = Place {
            file: Arc::new(SourceFile { path: "rules/purposes.yaml".to_owned(), text }),
            line: 2,
            column: at - 9,
            bytes: at..at + "basic.emial".len(),
        };
        let shown = Diagnostic::error("PP012", "unknown category `basic.emial`")
            .at(&place)
            .label("no such field in `basic`")
            .suggest("basic.emial", ["basic.email", "basic.name"])
            .render(false);
        for part in [
            "error[PP012]: unknown category `basic.emial`",
            "--> rules/purposes.yaml:2:21",
            "^^^^^^^^^^^ no such field in `basic`",
            "did you mean `basic.email`?",
        ] {
            assert!(shown.contains(part), "{part} missing in\n{shown}");
        }
    }

    #[test]
    fn proposes_nothing_far_fetched() {
        assert_eq!(nearest("zebra", ["basic", "network"]), None);
    }
}
