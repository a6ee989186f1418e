//! What a makefile takes in: other files, and what definitions come to.
//!
//! Sources: the GNU Make manual, *Including Other Makefiles*, *The eval Function*.

use std::rc::Rc;

use super::evaluate::Made;
use super::functions::words;
use super::statements::split;
use super::values::{Context, Held, Raw, Value, inner};
use crate::syntax::shell::runs::symbol::Piece;

impl<'a> Made<'a> {
    /// Takes files in.
    pub fn include(&mut self, written: &Raw<'a>, context: &Context<'a>) {
        let is_asked = written.text.matches('$').count() == 1;
        let context = &Context { is_asked, ..context.clone() };
        let Some(named) = self.scope.expand(written, context) else { return self.lose() };
        let Some(known) = named.known() else {
            if let Some(files) = self.file.and_then(|file| file.files) {
                let mut compared = self.scope.compared.borrow_mut();
                let start = match named.pieces.first() {
                    Some(Piece::Text(text)) => text.trim_start_matches("./"),
                    _ => "",
                };
                let folder = files.folder(written.id);
                let above = if folder.is_empty() { String::new() } else { format!("{folder}/") };
                let mut symbol = named.pieces.clone();
                if let Some(Piece::Text(text)) = symbol.first_mut() {
                    *text = format!("{above}{start}");
                } else {
                    symbol.insert(0, Piece::Text(above.clone()));
                }
                for path in files.starting(&format!("{above}{start}")) {
                    compared.file(&symbol, path, written.text);
                }
            }
            return self.lose();
        };
        for name in words(&known) {
            let files = self.file.and_then(|file| file.files);
            let file = files.and_then(|files| files.named(written.id, name));
            match file {
                Some((id, source)) => {
                    let text = source.text();
                    let unit = Raw { id, start: 0, text, arguments: None, is_doubled: false };
                    self.read(&unit, &Context::default());
                }
                None => self.lose(),
            }
        }
    }

    /// Takes what is assigned for unknown: it may be assigned again.
    fn lose(&mut self) {
        for variable in self.scope.variables.values_mut().filter(|variable| !variable.is_firm) {
            variable.held = Held::Default;
        }
    }

    /// What an expansion on a line of its own does.
    pub fn template(&mut self, written: &Raw<'a>, context: &Context<'a>) {
        let Some(rest) = written.text.trim().strip_prefix('$') else {
            self.is_open = true;
            return;
        };
        let inside = inner(rest).and_then(|range| rest.get(range)).unwrap_or_default();
        let (name, behind) = inside.split_once([' ', '\t']).unwrap_or((inside, ""));
        let parts: Vec<Raw<'a>> =
            split(behind.trim(), ',').into_iter().map(|part| written.within(part.trim())).collect();
        match (name, parts.as_slice()) {
            ("error", _) => self.is_dead = true,
            ("info" | "warning", _) => {}
            ("foreach", [name, list, _, ..]) => {
                let list = self.scope.expand(list, context).and_then(|list| list.known());
                let Some(list) = list else {
                    self.is_open = true;
                    return;
                };
                let start = list_body(behind, written);
                for word in words(&list) {
                    let mut context = context.clone();
                    context.locals.insert(name.text.to_owned(), Value::text(word));
                    self.template(&start, &context);
                }
            }
            ("eval", _) => self.eval(&written.within(behind.trim()), context),
            _ => self.is_open = true,
        }
    }

    /// Reads what a definition comes to as a part of the makefile.
    fn eval(&mut self, written: &Raw<'a>, context: &Context<'a>) {
        let inside = written.text.strip_prefix('$').and_then(|rest| rest.get(inner(rest)?));
        let called = inside.map(|inside| inside.strip_prefix("call ").unwrap_or(inside));
        let parts: Vec<Raw<'a>> = called
            .map(|called| split(called, ','))
            .into_iter()
            .flatten()
            .map(|part| written.within(part))
            .collect();
        let arguments: Option<Vec<Value>> =
            parts.iter().map(|part| self.scope.expand(part, context)).collect();
        let body = parts.first().and_then(|name| self.scope.variables.get(name.text.trim()));
        let body = body.and_then(|variable| match &variable.held {
            Held::Recursive(texts) if texts.len() == 1 => texts.first().cloned(),
            _ => None,
        });
        let (Some(arguments), Some(body)) = (arguments, body) else {
            self.lose();
            self.is_open = true;
            return;
        };
        let body = Raw { arguments: Some(Rc::new(arguments)), is_doubled: true, ..body };
        self.read(&body, context);
    }
}

/// The body of a loop: what stands behind its second comma.
fn list_body<'a>(behind: &'a str, written: &Raw<'a>) -> Raw<'a> {
    let trimmed = behind.trim();
    let before: usize = split(trimmed, ',').iter().take(2).map(|part| part.len() + 1).sum();
    written.within(trimmed.get(before..).unwrap_or_default().trim())
}
