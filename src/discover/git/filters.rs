//! Files that git keeps encrypted, by a `filter` of `.gitattributes`: the folder has what nobody gets who has the repository. No filter is run.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use memchr::memmem;

use super::calls::{finish, not_run, records};
use super::error::GitError;
use super::id::ObjectId;
use super::objects::Blob;
use super::repository::Repository;
use crate::discover::File;
use crate::discover::file::bytes_of;

/// The largest file whose form is looked at, in bytes: no configuration is larger.
const LARGEST: u64 = 1 << 20;

/// What OpenSSL's `enc -a` begins with: `Salted__` in base64.
const SALTED: &[u8] = b"U2FsdGVkX1";

/// Whether a content is no text, or one that OpenSSL encrypted.
fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.contains(&0) || std::str::from_utf8(bytes).is_err() || bytes.starts_with(SALTED)
}

/// Where attributes stand.
const ATTRIBUTES: &str = ".gitattributes";

/// What git is called for, in the words of an error.
const WHAT: &str = "tell the attributes of files";

impl Repository {
    /// The places of the files that a filter changes on their way and of which git keeps no text; `kept` are their blobs. That of Git LFS is
    /// none of them: it keeps as a whole what it keeps elsewhere.
    ///
    /// # Errors
    /// Where git does not tell.
    pub(super) fn encrypted(
        &self,
        files: &[File],
        kept: &[Option<&[u8]>],
    ) -> Result<Vec<usize>, GitError> {
        let blob = |place: usize| ObjectId::parse(kept.get(place).copied().flatten()?);
        let filtered = self.filtered(files)?.into_iter();
        let (places, blobs): (Vec<usize>, Vec<ObjectId>) =
            filtered.filter_map(|place| Some((place, blob(place)?))).unzip();
        let mut encrypted = Vec::new();
        if !places.is_empty() {
            let ids: Vec<&ObjectId> = blobs.iter().collect();
            self.blobs(&ids, LARGEST, &mut |at, blob| {
                if let (Blob::Bytes(bytes), Some(place)) = (blob, places.get(at))
                    && is_encrypted(bytes)
                {
                    encrypted.push(*place);
                }
            })?;
        }
        Ok(encrypted)
    }

    /// The places of the files that have a filter.
    fn filtered(&self, files: &[File]) -> Result<Vec<usize>, GitError> {
        if !self.has_filters(files) {
            return Ok(Vec::new());
        }
        let mut child = self
            .converse(&["check-attr", "-z", "--stdin", "filter"])
            .map_err(|error| not_run(&error))?;
        let input = child.stdin.take();
        let paths: Vec<u8> =
            files.iter().flat_map(|file| [bytes_of(&file.path), b"\0"].concat()).collect();
        let output = std::thread::scope(|scope| {
            // It answers while it reads.
            let asking = std::thread::Builder::new().spawn_scoped(scope, move || {
                // Where git is gone, its exit code tells.
                let _ = input.map(|mut input| input.write_all(&paths));
            });
            if let Err(error) = asking {
                let _ = child.kill();
                return Err(not_run(&error));
            }
            finish(Ok(child), WHAT)
        })?;
        // `<path>`, `filter`, `<value>`: of each file, in their order.
        let values: Vec<&[u8]> = records(&output.stdout)?.skip(2).step_by(3).collect();
        if values.len() != files.len() {
            return Err(GitError::Cut);
        }
        let is_one = |value: &[u8]| !matches!(value, b"unspecified" | b"unset" | b"lfs");
        let places = values.into_iter().enumerate().filter(|(_, value)| is_one(value));
        Ok(places.map(|(place, _)| place).collect())
    }

    /// Whether any attributes name a filter: most repositories have none, and asking takes a while.
    fn has_filters(&self, files: &[File]) -> bool {
        let named = files
            .iter()
            .filter(|file| file.path.file_name().is_some_and(|name| name == ATTRIBUTES))
            .map(|file| self.folder.join(&file.path));
        let above = self.folder.ancestors().take_while(|folder| folder.starts_with(&self.top));
        let above = above.map(|folder| folder.join(ATTRIBUTES));
        let Some(own) = self.own_folder() else { return true };
        let mut all = named.chain(above).chain([own.join("info/attributes")]);
        all.any(|path| {
            let found = path.symlink_metadata().ok().filter(fs::Metadata::is_file);
            found.is_some_and(|found| found.len() > LARGEST || names_filter(&path))
        })
    }
}

/// Whether a file has the word for filters; one that cannot be read may.
fn names_filter(path: &Path) -> bool {
    fs::read(path).map_or(true, |text| memmem::find(&text, b"filter").is_some())
}
