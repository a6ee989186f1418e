//! What a command sets is kept for whom it says, or the branches around it.

use super::branches;
use super::chosen::Choice;
use super::reader::Reader;
use super::settle::Found;
use crate::model::setting::{Setting, Value};
use crate::recognise::Said;
use crate::recognise::value::{Dress, classify};

impl Reader<'_> {
    /// Adds a setting for whom a command or the branches say; one that is a variable of the branches before, for each of them.
    pub(super) fn add(&mut self, setting: Option<Setting>, said: Option<Said>) {
        let place = (self.scripts, self.depth);
        let Some(setting) = setting else { return };
        let around = self.target.words();
        let is_run = self.words.is_some();
        let (host, function) = (self.target.host(), self.function.clone());
        let mut choices = self.chosen.of(self.written(setting.at));
        if let Some(words) = &self.words {
            // Of arms that are left, those for the words that it is run for.
            let is_run = |name: &String| {
                words.contains(name) || matches!(name.as_str(), Said::CASE | branches::COLLECTION)
            };
            choices.retain_mut(|choice| {
                choice.said.retain(|said| said.iter().flat_map(|said| &said.names).all(is_run));
                !choice.said.is_empty()
            });
        }
        let choices: Vec<(Value, Choice)> = if setting.has_reference() {
            let value = |choice: Choice| {
                let source = self.source_of(choice.value.at);
                (classify(setting.parameter, &choice.value, source, Dress::Plain), choice)
            };
            choices.into_iter().map(value).collect()
        } else {
            Vec::new()
        };
        let mut found = |setting: &Setting, said: Vec<Option<Said>>| {
            let found = |said| Found {
                setting: setting.clone(),
                said,
                around: around.clone(),
                host: host.clone(),
                function: function.clone(),
                is_run,
                place,
            };
            self.found.extend(said.into_iter().map(found));
        };
        if !choices.is_empty() {
            for (value, choice) in choices {
                found(&Setting { value, at: choice.value.at, ..setting.clone() }, choice.said);
            }
            return;
        }
        // The key of an item says whose it is, as far as nothing else does.
        let item = self.chosen.item_at(setting.at).filter(|_| setting.value.literal().is_some());
        if let (Some(item), None, true) = (item, &said, self.words.is_none()) {
            let said = item.said.clone();
            found(&setting, said);
            return;
        }
        let said = match said {
            Some(said) => vec![Some(said)],
            None => self.branches.said(self.said.as_ref()),
        };
        found(&setting, said);
    }
}
