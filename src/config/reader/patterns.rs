//! `[not-instances]`, `[[instances-from]]`, and where the patterns of declared files stand.

use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::{Entry, Reader};
use crate::config::{Config, Files, Placed};
use crate::declared::Pattern;
use crate::declared::captures::{BadCapture, Captured};
use crate::declared::globs::Globs;
use crate::source::Span;

impl Reader<'_> {
    /// Patterns of declared files: each is kept with its place, since one that matches nothing is told.
    pub(super) fn declared_globs(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Globs> {
        let globs = self.globs(key, value)?;
        for item in value.get_ref().as_array().into_iter().flatten() {
            let DeValue::String(text) = item.get_ref() else { continue };
            if let Ok(files) = Globs::parse(&[text.as_ref()]) {
                let at = Span::new(item.span().start, item.span().end);
                let files = Files::Of(files);
                self.patterns.push(Placed { pattern: text.to_string(), files, at });
            }
        }
        Some(globs)
    }

    /// The files that make no instance.
    pub(super) fn not_instances(&mut self, (key, value): Entry<'_, '_>) -> Globs {
        let mut files = Globs::default();
        for (key, value) in self.table(key, value).into_iter().flatten() {
            if key.get_ref() != "files" {
                self.unknown_key(key, &["files"]);
                continue;
            }
            files = self.declared_globs(key, value).unwrap_or_default();
            for item in value.get_ref().as_array().into_iter().flatten() {
                if let DeValue::String(text) = item.get_ref() {
                    let at = Span::new(item.span().start, item.span().end);
                    self.places.insert(Config::denied_key(text), at);
                }
            }
        }
        files
    }

    /// The patterns that declare many instances at once.
    pub(super) fn instances_from(&mut self, (key, value): Entry<'_, '_>) -> Vec<Pattern> {
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, "a list of tables", value, "write `[[instances-from]]`");
            return Vec::new();
        };
        items.iter().filter_map(|item| self.instance_pattern(key, item)).collect()
    }

    fn instance_pattern(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Pattern> {
        let table = self.table(key, value)?;
        let (mut files, mut name, mut account, mut kind) = (None, None, None, None);
        let before = self.errors.len();
        for (key, value) in table {
            let text = |text: Option<String>| text.map(|text| (text, value.span()));
            match key.get_ref().as_ref() {
                "files" => files = text(self.text(key, value)),
                "name" => name = text(self.text(key, value)),
                "account" => account = text(self.text(key, value)),
                "kind" => kind = self.kind(key, value),
                _ => self.unknown_key(key, &["account", "files", "kind", "name"]),
            }
        }
        let (Some((files, files_at)), Some((name, name_at))) = (files, name) else {
            if self.errors.len() == before {
                let help =
                    "write `files = \"brands/{brand}/{env}/**\"` and `name = \"{brand}-{env}\"`";
                self.error(value.span(), "a pattern of instances needs `files` and `name`", help);
            }
            return None;
        };
        let account_text = account.as_ref().map(|(text, _)| text.as_str());
        match Captured::parse(&files, &name, account_text) {
            Ok(captured) => {
                let at = Span::new(files_at.start, files_at.end);
                let of_it = Files::Naming(captured.clone());
                self.patterns.push(Placed { pattern: files, files: of_it, at });
                Some(Pattern { files: captured, kind })
            }
            Err(bad) => {
                let (at, message, help) = match bad {
                    BadCapture::Pattern(message, help) => (files_at, message, help),
                    BadCapture::Name(message, help) => (name_at, message, help),
                    BadCapture::Account(message, help) => {
                        (account.map_or(name_at, |(_, at)| at), message, help)
                    }
                };
                self.error(at, message, help);
                None
            }
        }
    }
}
