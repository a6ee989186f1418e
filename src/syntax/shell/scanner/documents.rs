//! Here-documents: text that a command reads, which is a script where a shell reads it.

use std::ops::Range;

use super::{FILLER, Scanner, Variables, Word, nested};

/// How many here-documents without an end are searched for theirs.
const MAX_OPEN_DOCUMENTS: usize = 64;

/// A here-document whose text starts on the next line.
pub struct Document {
    end: String,
    is_literal: bool,
    /// The index of the command that reads it.
    reader: usize,
}

impl Scanner<'_, '_> {
    /// Notes the here-document that ends with a word.
    pub fn announce(&mut self, word: &Word) {
        let end = unquoted(self.words.slice(word.at.clone()));
        let reader = self.commands.nodes.len();
        self.documents.push(Document { end, is_literal: word.is_quoted, reader });
    }

    /// Passes the here-documents that start on this line; what a shell reads is a script.
    pub fn here_documents(&mut self, start: usize) -> usize {
        let mut at = start;
        for document in std::mem::take(&mut self.documents) {
            let Some(body) = self.body(at, &document.end) else { continue };
            let readers = self.commands.nodes.get(document.reader..).unwrap_or_default();
            let is_script = readers.is_empty() || readers.iter().any(nested::reads_a_script);
            let inner = body.clone();
            at = self.words.line_end(body.end).saturating_add(1).min(self.words.text.len());
            if !is_script {
                continue;
            }
            if document.is_literal {
                self.nested(inner, &mut Variables::default(), None);
            } else {
                let mut variables = self.variables.clone();
                self.nested(inner, &mut variables, Some(nested::Quote::Document));
            }
        }
        at
    }

    /// The lines before the one that is a here-document's end.
    fn body(&mut self, start: usize, end: &str) -> Option<Range<usize>> {
        if self.missing.len() >= MAX_OPEN_DOCUMENTS || self.missing.contains_key(end) {
            return None;
        }
        let mut at = start;
        for line in self.words.slice(start..self.words.text.len()).split_inclusive('\n') {
            if line.trim_matches(|c: char| c.is_whitespace() || c == FILLER) == end {
                return Some(start..at);
            }
            at += line.len();
        }
        self.missing.insert(end.to_owned(), start);
        None
    }
}

fn unquoted(text: &str) -> String {
    text.chars().filter(|c| !matches!(*c, '\'' | '"' | '\\' | FILLER)).collect()
}
