//! Files that a script writes from here-documents, `cat > app/etc/env.php <<'PHP'`, and the SQL that it hands to a database.
//!
//! Each is read as a file of its name. Its places are places of the script, and its settings are those of the script's instance, unless the
//! file's name says another.

use super::settle::Found;
use super::targets::tell_apart;
use super::{Reader, Said};
use crate::model::edit::Edit;
use crate::model::setting::Setting;
use crate::recognise::embedded::{Inner, holds_names};
use crate::recognise::value::{Dress, classify};
use crate::recognise::{Contribution, Recognised, dialects, found};
use crate::source::Span;
use crate::syntax::shell::Shell;
use crate::syntax::{Entry, Node, NodeKind, Problem};

impl Reader<'_> {
    /// What the branches around say, with the database that a client is to use.
    fn within_database(&self, around: Option<&Said>) -> Option<Said> {
        let Some(name) = &self.named else { return around.cloned() };
        let mut said = around.cloned().unwrap_or(Said { how: Said::KEYS, names: Vec::new() });
        said.names.extend([Said::PLACE.to_owned(), name.clone()]);
        Some(said)
    }

    /// Reads a file: the first entry is its name and its text, the others are the variables in it that are known.
    pub(super) fn file(&mut self, written: &Node) {
        let [file, known @ ..] = written.entries() else { return };
        let Some(name) = file.key.as_str() else { return };
        let Some(inner) = Inner::of_length(self.source, &file.value, name) else { return };
        let Some(format) = dialects::format(name, inner.source.text()) else { return };
        let mut parsed = format.parse(self.id, inner.source.text());
        if Shell::holds_scripts(format.name()) {
            parsed.documents.iter_mut().for_each(without_files);
        }
        self.files += 1;
        let around = self.branches.said(self.said.as_ref()).into_iter().next().flatten();
        let mut recognised = Recognised::default();
        let contributions = found((&inner.source, self.id), &parsed, self.handed, &mut recognised);
        if holds_names(inner.source.text()) {
            let outer = |problem: Problem| Problem { at: inner.outer(problem.at), ..problem };
            self.problems.extend(parsed.problems.into_iter().map(outer));
        }
        let moved = |edit: Edit| Edit { at: inner.outer(edit.at), ..edit };
        self.edits.extend(recognised.edits.into_iter().map(moved));
        for mut contribution in contributions.into_iter().flatten() {
            contribution.move_to(&|at| inner.outer(at));
            for setting in &mut contribution.settings {
                self.fill(setting, known);
            }
            let inner_names = match &contribution.said {
                None => Some(Vec::new()),
                Some(said) => (said.how == Said::KEYS).then(|| said.names.clone()),
            };
            let own = inner_names.filter(|_| !contribution.is_object && !contribution.is_database);
            let Some(inner_names) = own else {
                if contribution.is_database && contribution.said.is_none() {
                    let said = self.within_database(around.as_ref());
                    self.statements_of(contribution, said);
                    continue;
                }
                contribution.said =
                    contribution.said.or_else(|| self.within_database(around.as_ref()));
                self.written.push(contribution);
                continue;
            };
            let mut names = around.as_ref().map_or_else(Vec::new, |said| said.names.clone());
            names.extend([Said::FILE.to_owned(), name.to_owned()]);
            names.extend(inner_names);
            let said = Some(Said { how: Said::KEYS, names });
            let place = (self.scripts, self.depth);
            let settings = contribution.settings.into_iter();
            let is_run = self.words.is_some();
            self.found.extend(settings.map(|setting| Found {
                is_run,
                setting,
                said: said.clone(),
                around: self.target.words(),
                host: self.target.host(),
                function: None,
                place,
            }));
            self.problems.extend(contribution.problems);
            for mut command in contribution.commands {
                command.script.1 = usize::MAX - self.files;
                self.commands.push(command);
            }
        }
    }

    /// Keeps what statements set, with where the client runs that reads them.
    fn statements_of(&mut self, contribution: Contribution, said: Option<Said>) {
        let Some(setting) = contribution.settings.first().cloned() else {
            self.written.push(Contribution { said, ..contribution });
            return;
        };
        let found = Found {
            is_run: self.words.is_some(),
            setting,
            said: self.cloud.clone().or(said),
            around: self.target.words(),
            host: self.target.host(),
            function: self.function.clone(),
            place: (self.scripts, self.depth),
        };
        self.stated.push((found, contribution));
    }

    /// What statements set, each for whom its command says that it is: by its words, where others set the same.
    pub(super) fn stated(&mut self) -> Vec<Contribution> {
        let (mut found, contributions): (Vec<Found>, Vec<Contribution>) =
            std::mem::take(&mut self.stated).into_iter().unzip();
        tell_apart(&mut found);
        let told = found.into_iter().zip(contributions);
        told.map(|(found, contribution)| Contribution {
            is_on_host: found
                .said
                .as_ref()
                .is_some_and(|said| said.names.iter().any(|name| name == Said::HOST)),
            said: found.said,
            ..contribution
        })
        .collect()
    }

    /// Puts in what a variable is known to hold, where it is all of the value.
    fn fill(&self, setting: &mut Setting, known: &[Entry]) {
        if !setting.has_reference() {
            return;
        }
        let written = self.written(setting.at);
        let lead = written.len() - written.trim_start_matches(['"', '\'']).len();
        let bare = written.trim_matches(['"', '\'']);
        let start = setting.at.span.start as usize + lead;
        let span = Span::new(start, start + bare.len());
        if let Some(entry) = known.iter().find(|entry| entry.key.at.span == span) {
            setting.value = classify(
                setting.parameter,
                &entry.value,
                self.source_of(entry.value.at),
                Dress::Plain,
            );
        }
    }
}

/// Takes out what an inner script writes: one level of files is read.
fn without_files(document: &mut Node) {
    match &mut document.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                without_files(&mut entry.value);
            }
        }
        NodeKind::Sequence(commands) => commands.retain(|command| command.entries().is_empty()),
        _ => {}
    }
}
