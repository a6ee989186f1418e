//! Several variables in one value: a line of systemd or supervisord, JSON in base64.

use super::Reader;
use crate::model::setting::Setting;
use crate::recognise::embedded::Inner;
use crate::recognise::value::Dress;
use crate::source::{Location, Span};
use crate::syntax::{Node, NodeKind, format_of};

impl Reader<'_> {
    /// Reads the variables in one text, as systemd and supervisord have them: `Environment=CONFIG__A=b`, `environment=CONFIG__A="b",C="d"`;
    /// says whether there are any.
    pub(super) fn read_environment(&mut self, value: &Node) -> bool {
        let Some(text) = value.as_str().filter(|text| text.contains("CONFIG__")) else {
            return false;
        };
        let written = self.source.slice(value.at.span).to_owned();
        let start = value.at.span.start as usize;
        let mut is_read = false;
        let pieces = text.split([',', ' ']).map(|piece| piece.trim_matches(['"', '\'']));
        for piece in pieces.filter(|piece| piece.starts_with("CONFIG__")) {
            let at = written.find(piece).map(|at| Span::new(start + at, start + at + piece.len()));
            let at = at.map_or(value.at, |span| Location { span, ..value.at });
            let text = piece.replacen("=\"", "=", 1).replacen("='", "=", 1);
            is_read |= self.read_assignment(&Node::new(at, NodeKind::Scalar(text)));
        }
        is_read
    }

    /// Reads variables that Cloud hands on as JSON in base64.
    pub(super) fn read_packed(&mut self, value: &Node) {
        let name = "variables.json";
        let Some(inner) = Inner::of(self.source, value, name, Dress::Base64) else { return };
        let Some(format) = format_of(name) else { return };
        let parsed = format.parse(value.at.source, inner.source.text());
        let mut reader = Reader::new(&inner.source, self.carrier, self.variables);
        reader.depth = self.depth + 1;
        parsed.documents.iter().for_each(|document| reader.read(document));
        self.contexts.extend(reader.contexts);
        let outer = |setting: Setting| Setting { at: value.at, key_at: value.at, ..setting };
        self.settings.extend(reader.settings.into_iter().map(outer));
    }
}
