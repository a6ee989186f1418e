//! Tables of an inventory, each made when it is first asked for: who asks for every setting asks no instance in turn.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::instance::Instance;
use super::parameter::Parameter;
use super::setting::{Setting, SettingId};
use crate::source::SourceId;

/// Tables of an inventory. They are no part of what it says.
#[derive(Debug, Default)]
pub struct Lookups {
    readers: OnceLock<BTreeMap<SourceId, Vec<usize>>>,
    settings: OnceLock<BTreeMap<(SourceId, Parameter), Vec<SettingId>>>,
    names: OnceLock<BTreeMap<String, usize>>,
}

impl Clone for Lookups {
    /// A copy of an inventory is made to be changed, and makes its own.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Lookups {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Lookups {}

impl Lookups {
    /// The instances that read a file, by index.
    pub(super) fn reading(&self, instances: &[Instance], source: SourceId) -> &[usize] {
        let readers = self.readers.get_or_init(|| {
            let mut readers: BTreeMap<SourceId, Vec<usize>> = BTreeMap::new();
            for (index, instance) in instances.iter().enumerate() {
                for feed in &instance.feeds {
                    let known = readers.entry(feed.source).or_default();
                    if known.last() != Some(&index) {
                        known.push(index);
                    }
                }
            }
            readers
        });
        readers.get(&source).map_or(&[], Vec::as_slice)
    }

    /// The settings of a parameter that stand in a file.
    pub(super) fn standing(
        &self,
        all: &[Setting],
        (source, parameter): (SourceId, Parameter),
    ) -> &[SettingId] {
        let settings = self.settings.get_or_init(|| {
            let mut settings: BTreeMap<(SourceId, Parameter), Vec<SettingId>> = BTreeMap::new();
            for (id, setting) in (0..).map(SettingId).zip(all) {
                settings.entry((setting.at.source, setting.parameter)).or_default().push(id);
            }
            settings
        });
        settings.get(&(source, parameter)).map_or(&[], Vec::as_slice)
    }

    /// The place of the instance with a name.
    pub(super) fn index_of(&self, instances: &[Instance], name: &str) -> Option<usize> {
        let names = self.names.get_or_init(|| {
            let names = instances.iter().enumerate().rev();
            names.map(|(index, instance)| (instance.name.clone(), index)).collect()
        });
        names.get(name).copied()
    }
}
