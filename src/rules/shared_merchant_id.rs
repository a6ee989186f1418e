//! See `rules/shared-merchant-id.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::wording::{list, quoted};
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Setting;
use crate::rule::{Check, Context, Finding};

/// One merchant in two data spaces.
pub struct SharedMerchantId;

/// Where a merchant stands, in which instance, with which data space.
struct Use<'a> {
    setting: &'a Setting,
    user: &'a Instance,
    space: String,
}

impl Check for SharedMerchantId {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut merchants: BTreeMap<(Slot, String), Vec<Use<'_>>> = BTreeMap::new();
        for instance in &cx.now.instances {
            let Some(space) = cx.now.data_space(instance) else { continue };
            let scoped = instance.scoped.iter().map(|((parameter, _), found)| (*parameter, found));
            let all = instance.settings.iter().map(|(parameter, found)| (*parameter, found));
            for (parameter, found) in all.chain(scoped) {
                let Parameter::MerchantId(slot) = parameter else { continue };
                let setting = cx.now.setting(found.winner);
                let Some(id) = setting.value.literal() else { continue };
                let users = merchants.entry((slot, id.trim().to_owned())).or_default();
                users.push(Use { setting, user: instance, space: space.clone() });
            }
        }
        for users in merchants.into_values() {
            let spaces: BTreeSet<&String> = users.iter().map(|of| &of.space).collect();
            let installations: BTreeSet<&String> =
                users.iter().map(|of| &of.user.same_as).collect();
            if spaces.len() > 1 && installations.len() > 1 {
                findings.extend(finding(users));
            }
        }
    }
}

fn finding(mut users: Vec<Use<'_>>) -> Option<Finding> {
    users.sort_by_key(|of| (of.user.kind.value == Kind::Production, of.setting.at));
    let Use { setting: first, user, .. } = users.first()?;
    let all: BTreeSet<&String> = users.iter().map(|of| &of.user.name).collect();
    let message = format!(
        "`{}` is the same in {}, which have data spaces of their own",
        first.parameter.name(),
        list(all.iter().map(|name| quoted(name)))
    );
    let help = format!(
        "onboard {} to Payment Services anew, which gives it a merchant of its own: a merchant belongs to one data space, and in the other its payments fail or are booked for the wrong shop",
        quoted(&user.name)
    );
    let finding = Finding::new(first.at, message)
        .label(format!("in {}", quoted(&user.name)))
        .help(help)
        .of(all.into_iter().cloned());
    Some(users.iter().skip(1).fold(finding, |finding, of| {
        finding.see(of.setting.at, format!("in {}", quoted(&of.user.name)))
    }))
}
