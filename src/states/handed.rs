//! `check - --stdin-path FILE`: a text that takes the place of one file.

use std::path::Path;

use crate::discover::given::Texts;
use crate::error::Error;
use crate::{discover, fault, read};

/// The text that comes by standard input, and the file that it stands for.
///
/// # Errors
/// Where the one is given without the other, or the file does not lie in this folder.
pub fn handed_over(tree: &Path, file: Option<&Path>) -> Result<Option<Texts>, Error> {
    let is_input = tree == Path::new("-");
    let unreadable = |why: &str| Error::Unreadable { path: "-".into(), why: why.into() };
    let Some(file) = file else {
        let why = "it is standard input, of which `--stdin-path` says the file that it stands for";
        return if is_input { Err(unreadable(why)) } else { Ok(None) };
    };
    if !is_input {
        return Err(unreadable("`--stdin-path` is for `check -`, which takes a text from it"));
    }
    let name = discover::spelt_within(Path::new("."), file);
    let name = name.map(|name| name.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"));
    let bytes = read::input::text().map_err(|why| unreadable(&fault::reason(&why)))?;
    let mut texts = Texts::default();
    if name.is_some_and(|name| texts.put(&name, &bytes)) {
        Ok(Some(texts))
    } else {
        let path = file.display().to_string();
        Err(Error::Unreadable { path, why: "it does not lie in this folder".into() })
    }
}
