//! Files that are named after what they are about: topics of a folder's instance, and steps of one database.

use super::words::Words;
use crate::syntax::file_name;

/// The folder of a file that is named after what it is about: in `ConfigImportExport`'s folders of environments, and in the folder of a group
/// or host of Ansible's, whose files are read together.
#[must_use]
pub fn folder_of_topics(path: &str) -> Option<&str> {
    let (folder, _) = path.rsplit_once('/')?;
    let parts: Vec<&str> = folder.split('/').collect();
    let is_store = parts.windows(3).any(|three| matches!(three, ["config", "store", _]));
    let is_group = matches!(parts.as_slice(), [.., "group_vars" | "host_vars", _]);
    (is_store || is_group || is_step(path)).then_some(folder)
}

/// Whether a file is one of several steps that one database takes: `V7__repair_saas.sql`, `20260131_connect.sql`.
///
/// Sources: the Flyway documentation, *Migrations*; the Rails guide, *Active Record Migrations*.
fn is_step(path: &str) -> bool {
    let name = file_name(path);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let is_flyway = name.strip_prefix(['V', 'U', 'R']).is_some_and(|rest| {
        let number = rest.bytes().take_while(|byte| byte.is_ascii_digit() || b"._".contains(byte));
        rest.get(..number.count()).is_some_and(|number| number.ends_with("__"))
    });
    let is_dated = digits(name) > 1
        && name.get(digits(name)..).is_some_and(|rest| rest.starts_with(['_', '-']));
    let is_sql = name.to_ascii_lowercase().ends_with(".sql");
    is_sql && (is_flyway || is_dated) && Words::of_path(name).environment.is_none()
}
