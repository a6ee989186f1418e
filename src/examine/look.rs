//! What one file gives, once it is read: parsed and recognised.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::discover::File;
use crate::model::setting::Secret;
use crate::read::Content;
use crate::read::gzip::{BROKEN, unpacked_name};
use crate::recognise::secret::{is_public_der, places};
use crate::recognise::{self, Recognised, console, dialects, program};
use crate::sift::{Sifted, sift};
use crate::source::{Location, Part, Source, SourceId, Span};
use crate::syntax::attributes::Attributes;
use crate::syntax::json::Json;
use crate::syntax::php::Php;
use crate::syntax::program::Program;
use crate::syntax::sql::Sql;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format, Node, NodeKind, Problem, format_of};

/// What one file gave. A copy costs nothing.
#[derive(Clone, Default)]
pub(super) struct Look {
    pub fate: Fate,
    pub source: Option<Arc<Source>>,
    pub recognised: Option<Arc<Recognised>>,
    /// Where it names the connector, if no reader of it gives a setting.
    pub silent: Option<Location>,
}

impl Look {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.source.is_none() && self.recognised.is_none()
    }

    /// What counts of a file that earlier commits held: its secrets, and whether it could be read at all.
    pub fn secrets_alone(self) -> Self {
        let found = self.recognised.map(Arc::unwrap_or_clone).map(|found| Recognised {
            secrets: found.secrets,
            problems: found.problems.into_iter().filter(Problem::is_of_whole_file).collect(),
            ..Recognised::default()
        });
        let recognised = found.filter(|found| *found != Recognised::default()).map(Arc::new);
        Self { source: self.source.filter(|_| recognised.is_some()), recognised, ..self }
    }
}

/// How far a file was read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Fate {
    #[default]
    Unread,
    Gone,
    Pointer,
    Packed,
    Read,
    Parsed,
}

impl Fate {
    /// The fates of contents that need not be read again.
    const KNOWN: [(u8, Self); 3] = [(b'r', Self::Read), (b'p', Self::Packed), (b'P', Self::Parsed)];

    pub fn of_known(code: u8) -> Option<Self> {
        Self::KNOWN.into_iter().find(|(known, _)| *known == code).map(|(_, fate)| fate)
    }

    pub fn known(self) -> Option<u8> {
        Self::KNOWN.into_iter().find(|(_, fate)| *fate == self).map(|(code, _)| code)
    }
}

/// What the content of a file gives.
pub(super) fn look(file: &File, id: SourceId, content: Content) -> Look {
    match content {
        Content::Skipped => Look { fate: Fate::Gone, ..Look::default() },
        Content::Pointer => Look { fate: Fate::Pointer, ..Look::default() },
        Content::Packed => Look { fate: Fate::Packed, ..Look::default() },
        Content::Store { bytes } => guard(id, || look_at_store(file, id, bytes)),
        Content::Clean => Look { fate: Fate::Read, ..Look::default() },
        Content::Unread { reason } => {
            Look { recognised: Some(Arc::new(unread(id, reason))), ..Look::default() }
        }
        Content::Text { bytes, sifted } => {
            guard(id, || look_at_text(id, Source::new(file.name.clone(), bytes), sifted))
        }
        Content::Parts { parts } => guard(id, || {
            let source = Source::of_parts(file.name.clone(), parts);
            let sifted = sift(&file.name, source.text().as_bytes());
            look_at_text(id, source, sifted)
        }),
        Content::Unpacked { parts, is_broken } => {
            guard(id, || look_at_unpacked(file, id, parts, is_broken))
        }
    }
}

fn guard(id: SourceId, look: impl FnOnce() -> Look) -> Look {
    catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|_| {
        let reason = "made a reader of this tool fail; please report it".to_owned();
        let recognised = Some(Arc::new(unread(id, reason)));
        Look { fate: Fate::Read, recognised, ..Look::default() }
    })
}

/// A key in bytes has no lines that anybody could be shown; what is neither that nor public is closed.
fn look_at_store(file: &File, id: SourceId, bytes: Vec<u8>) -> Look {
    if let Some(secret) = places::in_bytes(&bytes, id) {
        let source = Source::unpacked(file.name.clone(), Vec::new());
        let recognised = Recognised { secrets: vec![secret], ..Recognised::default() };
        return Look {
            fate: Fate::Read,
            source: Some(Arc::new(source)),
            recognised: Some(Arc::new(recognised)),
            ..Look::default()
        };
    }
    let sifted = sift(&file.name, &bytes);
    let is_open = is_public_der(&bytes);
    let look = look_at_text(id, Source::new(file.name.clone(), bytes), sifted);
    let fate = if is_open || look.recognised.is_some() { look.fate } else { Fate::Packed };
    Look { fate, ..look }
}

/// Only of a dump more is read than its private keys.
fn look_at_unpacked(file: &File, id: SourceId, parts: Vec<Part>, is_broken: bool) -> Look {
    let name = unpacked_name(&file.name);
    let source = Source::unpacked(name.to_owned(), parts);
    let sifted = sift(name, source.text().as_bytes());
    let sifted = if Sql.claims(name) {
        sifted
    } else {
        Sifted { secrets: sifted.secrets, ..Sifted::default() }
    };
    let mut look = look_at_text(id, source, sifted);
    let secrets = look.recognised.iter_mut().flat_map(|found| &mut Arc::make_mut(found).secrets);
    for secret in secrets {
        places::pack(secret);
        if !Sql.claims(name) {
            // What is in an archive has lines that nobody sees.
            secret.at = Location::new(id, 0, 0);
        }
    }
    if is_broken && Sql.claims(name) {
        let problem = Problem { at: Location::new(id, 0, 0), message: BROKEN.to_owned() };
        Arc::make_mut(look.recognised.get_or_insert_default()).problems.push(problem);
    }
    look
}

fn look_at_text(id: SourceId, source: Source, sifted: Sifted) -> Look {
    let path = source.path();
    let format =
        if sifted.settings { dialects::format(path, source.text()) } else { format_of(path) };
    let format = format.filter(|_| sifted.settings || sifted.perhaps);
    let is_code = format.is_some_and(|format| format.is(&Php));
    // What is not read of a program that runs commands stands in texts that no command has.
    let is_program = format.is_some_and(|format| Program::holds_programs(format.name()));
    // Of a file that no reader knows, what it names may be set. Of a task of Deployer's and of Ruby, lines are read that assign.
    let is_unknown = format.is_none()
        || is_program
        || is_code && source.text().contains("namespace Deployer")
        || format.is_some_and(|format| format.is(&Attributes));
    let may_be_silent = sifted.settings && !dialects::is_prose(path);
    let parsed = format.map(|format| format.parse(id, source.text()));
    let named = may_be_silent.then(|| {
        if is_program {
            let documents = parsed.as_ref().map_or(&[][..], |parsed| &parsed.documents);
            let at = program::unread(&source, documents).next();
            at.map(|at| at.span)
        } else if is_unknown {
            dialects::names_connector(source.text())
        } else if is_code {
            dialects::names_in_program(source.text())
        } else {
            let passed_over =
                format.and_then(|format| dialects::passes_over(format, source.text()));
            passed_over.or_else(|| dialects::names_value(source.text()))
        }
    });
    let named = named.flatten();
    let mut recognised = parsed
        .as_ref()
        .map_or_else(Recognised::default, |parsed| recognise::read(&source, id, parsed));
    // A program whose result is known gives what that holds, but for what is computed in it.
    let computes =
        |node: &Node| named.is_some_and(|named| named.overlaps(node.at.span) && holds(node, named));
    let is_followed = is_code
        && !is_unknown
        && parsed.as_ref().is_some_and(|parsed| {
            !parsed.documents.is_empty() && !parsed.documents.iter().any(computes)
        });
    let has_settings = recognised.contributions.iter().any(|found| !found.is_keyring());
    if !sifted.settings && !has_settings {
        // A file that may hold anything, and in which nothing was found, hides no setting that we know of where it is broken; where a dump
        // breaks off, what followed is not known.
        let ends = |problem: &Problem| {
            source
                .text()
                .get(problem.at.span.range().end..)
                .is_some_and(|rest| rest.trim().is_empty())
        };
        let is_dump = format.is_some_and(|format| format.is(&Sql));
        recognised.problems.retain(|problem| is_dump && ends(problem));
    }
    if sifted.secrets {
        recognised.secrets = places::in_text(&source, id);
    }
    if let Some(parsed) = parsed.filter(|_| format.is_some_and(holds_workspaces)) {
        add_apart(parsed.documents.iter().flat_map(console::secrets), &mut recognised.secrets);
    }
    let bare = places::at_settings(&source, &recognised.contributions, &recognised.secrets);
    recognised.secrets.extend(bare);
    recognised.secrets.sort_by_key(|secret| secret.at);
    for found in &mut recognised.contributions {
        found.settings.shrink_to_fit();
    }
    // Most files give one, and a list that grew holds room for four.
    recognised.contributions.shrink_to_fit();
    let is_empty = recognised == Recognised::default();
    let gives = |found: &recognise::Contribution| {
        !found.settings.is_empty() || !found.opaque.is_empty() || !found.includes.is_empty()
    };
    // Of what cannot be read whole, that is told.
    let is_told = is_followed || !is_unknown && !recognised.problems.is_empty();
    let is_silent = !is_told
        && !recognised.contributions.iter().any(gives)
        && recognised.edits.is_empty()
        && recognised.storefronts.is_empty();
    let idle = std::mem::take(&mut recognised.idle);
    // The names of objects are known without the text.
    let silent = named.filter(|_| is_silent).map(|span| Location { source: id, span });
    let is_kept = recognised != Recognised::default() || sifted.remarks || silent.is_some();
    recognised.idle = idle;
    Look {
        fate: if format.is_some() { Fate::Parsed } else { Fate::Read },
        source: is_kept.then(|| Arc::new(source)),
        recognised: (!is_empty).then(|| Arc::new(recognised)),
        silent,
    }
}

/// Whether a place is in what only running the program would tell.
fn holds(node: &Node, place: Span) -> bool {
    match &node.kind {
        NodeKind::Expression => node.at.span.overlaps(place),
        NodeKind::Mapping(entries) => entries.iter().any(|entry| holds(&entry.value, place)),
        NodeKind::Sequence(items) | NodeKind::OneOf(items) => {
            items.iter().any(|item| holds(item, place))
        }
        NodeKind::Scalar(_) | NodeKind::Null => false,
    }
}

fn holds_workspaces(format: &dyn Format) -> bool {
    format.is(&Json) || format.is(&Yaml)
}

/// Adds the secrets that stand where none is known, of several at one place the first.
fn add_apart(found: impl Iterator<Item = Secret>, secrets: &mut Vec<Secret>) {
    for secret in found {
        if !secrets.iter().any(|known| known.at.span.overlaps(secret.at.span)) {
            secrets.push(secret);
        }
    }
}

fn unread(id: SourceId, reason: String) -> Recognised {
    let problem = Problem { at: Location::new(id, 0, 0), message: reason };
    Recognised { problems: vec![problem], ..Recognised::default() }
}
