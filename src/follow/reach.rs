//! Which files give names to which: by the folders that a tool looks in, and by what a document says it is for.
//!
//! A file asks for the names of the folders around it, so that no file is held against every name.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobMatcher, GlobSet};

use super::calls::PARAMETERS;
use super::filling;
use super::groups::may_be_inventory;
use super::meant::meant;
use super::names::{Space, is_ruby, is_terraform};
use super::provided::{self, Provided};
use super::rename::Wanted;
use super::roles::{Giving, Plays};
use super::roots::{around, is_of_plays, roles_around, root_of_plays, root_of_stages};
use super::running::runs_commands;
use super::seeker::{
    Seeker, chart_of, is_assignments, is_compose, is_image, is_nomad, is_php, may_run_php, tool_of,
};
use super::spelt::Spelt;
use super::terragrunt;
use super::want::want;
use crate::recognise::Deployment;
use crate::recognise::handed::Tool;
use crate::resolve::conventions::{beneath, extension, is_assigned, parent};
use crate::source::Source;
use crate::syntax::{Node, beside, file_name};

/// How a file stands to what looks for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    /// It is this file.
    Itself,
    /// It stands in this folder.
    In,
    /// It stands in this folder or beneath it.
    Beneath,
    /// It stands beneath this folder, and in no chart.
    Outside,
    /// It says that it is for this folder or file.
    For,
    /// It runs commands and stands in this folder, or is a pipeline of the tree's.
    Run,
}

/// Who looks where.
#[derive(Debug, Default)]
pub struct Reach {
    seekers: Vec<Seeker>,
    places: BTreeMap<Tie, BTreeMap<String, Vec<usize>>>,
    /// The folders of charts.
    charts: BTreeSet<String>,
    /// The other names under which charts are taken in, by their own.
    aliases: BTreeMap<String, BTreeSet<String>>,
    /// The charts that take others in from beside them, by these: their folders, and what they call them.
    parents: BTreeMap<String, BTreeSet<(String, String)>>,
    /// Folders whose variables objects give, by the names of these, each with the folder beneath which such an object stands.
    substitutes: BTreeMap<String, Vec<(String, String)>>,
    /// The modules that get inputs from files which others include.
    pub included: BTreeMap<String, terragrunt::Given>,
    /// The files that others name to decode them.
    pub decoded: GlobSet,
    /// The files of variables that objects are made of, each with the names of these.
    pub generated: BTreeMap<String, BTreeSet<String>>,
    /// What plays of Ansible's give to what they use.
    pub plays: Plays,
    /// In what names are looked up.
    spaces: BTreeSet<Space>,
}

/// How many names a file is asked for.
const MOST_ASKED: usize = 1_000;

impl Reach {
    /// Knows the charts of a tree.
    #[must_use]
    pub fn of<'p>(paths: impl Iterator<Item = &'p str>) -> Self {
        let charts = paths.filter(|path| file_name(path) == "Chart.yaml").map(parent);
        Self { charts: charts.map(str::to_owned).collect(), ..Self::default() }
    }

    /// Knows under which other names the chart of the file at `path` takes others in, and where those stand.
    ///
    /// Source: the Helm documentation, *Charts*, `dependencies`: `alias`, `repository: file://…`.
    pub fn add_dependencies(&mut self, path: &str, document: &Node) {
        for taken in document.get("dependencies").map(Node::items).unwrap_or_default() {
            let text = |key: &str| taken.get(key).and_then(Node::as_str).map(str::to_owned);
            let Some(name) = text("name") else { continue };
            let repository = text("repository");
            let beside_it = repository.as_deref().and_then(|at| at.strip_prefix("file://"));
            if let Some(chart) = beside_it.and_then(|folder| beside(path, folder)) {
                let parents = self.parents.entry(chart).or_default();
                let alias = text("alias").unwrap_or_else(|| name.clone());
                parents.insert((parent(path).to_owned(), alias));
            } else if let Some(alias) = text("alias") {
                self.aliases.entry(name).or_default().insert(alias);
            }
        }
    }

    /// The names by which the chart of a file of values takes in the chart that looks for one, from beside it.
    fn taken_as(&self, seeker: &Seeker, path: &str) -> Vec<&str> {
        let chart = chart_of(&seeker.path);
        let is_of_values = seeker.name.space == Space::Values && beneath(chart, path).is_none();
        let parents = self.parents.get(chart).filter(|_| is_of_values).into_iter().flatten();
        let its = parents.filter(|(folder, _)| beneath(folder, path).is_some());
        its.map(|(_, name)| name.as_str()).collect()
    }

    /// Knows that objects beneath the folder of the file at `path` give the variables of what is deployed.
    pub fn add_substitution(&mut self, path: &str, deployment: &Deployment) {
        let Some(folder) = &deployment.folder else { return };
        for object in &deployment.variables {
            let place = (parent(path).to_owned(), folder.clone());
            self.substitutes.entry(object.clone()).or_default().push(place);
        }
    }

    fn aliases(&self, seeker: &Seeker) -> impl Iterator<Item = &String> {
        let is_of_chart = seeker.name.space == Space::Values;
        let chart = file_name(chart_of(&seeker.path));
        self.aliases.get(chart).filter(|_| is_of_chart).into_iter().flatten()
    }

    /// The folders whose variables an object gives, with the key above them.
    fn given(&self, path: &str, document: &Node) -> Vec<(String, Vec<String>)> {
        let name = document.get("metadata").and_then(|about| about.get("name")?.as_str());
        let places = name.and_then(|name| self.substitutes.get(name)).into_iter().flatten();
        let near = places.filter(|(folder, _)| beneath(folder, path).is_some());
        let ways = near.flat_map(|(_, applied)| {
            ["data", "stringData"].map(|key| (applied.clone(), vec![key.to_owned()]))
        });
        let included = self.included.get(path).into_iter().flatten();
        ways.chain(included.map(|(module, key)| (module.clone(), vec![(*key).to_owned()])))
            .collect()
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.seekers.is_empty()
    }

    /// The keys at which the names that are looked for have their values.
    #[must_use]
    pub fn spelt(&self) -> Spelt {
        Spelt::of(self.seekers.iter().map(|seeker| seeker.name.key()))
    }

    /// Adds what looks for a name, under the next number.
    pub fn add(&mut self, seeker: Seeker) {
        let number = self.seekers.len();
        for (tie, place) in self.ties(&seeker) {
            self.places.entry(tie).or_default().entry(place).or_default().push(number);
        }
        self.spaces.insert(seeker.name.space);
        self.seekers.push(seeker);
    }

    fn ties(&self, seeker: &Seeker) -> Vec<(Tie, String)> {
        let mut ties = self.ties_of_space(seeker);
        let tool = tool_of(seeker).filter(|tool| *tool != Tool::Job);
        if seeker.files.is_empty() && tool.is_some() {
            let folders = around(parent(&seeker.path));
            ties.extend(folders.map(|outer| (Tie::Run, outer.to_owned())));
        }
        ties
    }

    fn ties_of_space(&self, seeker: &Seeker) -> Vec<(Tie, String)> {
        let path = seeker.path.as_str();
        let folder = parent(path);
        let tie = |tie, place: &str| (tie, place.to_owned());
        if !seeker.files.is_empty() {
            let fixed = |glob: &GlobMatcher| tie(Tie::Beneath, fixed_folder(glob.glob().glob()));
            return seeker.files.iter().map(fixed).collect();
        }
        match seeker.name.space {
            Space::Values => {
                let chart = chart_of(path);
                let whole = format!("/{chart}/");
                let charts = whole.find("/charts/").or_else(|| whole.find("/chart/"));
                let root = charts.and_then(|at| chart.get(..at)).map_or(chart, |it| it);
                let mut ties = vec![tie(Tie::Beneath, chart), tie(Tie::For, chart)];
                ties.push(tie(Tie::Outside, root.trim_end_matches('/')));
                // What Helmfile fills stands in no chart: its environments are named beside it.
                if extension(path) == "gotmpl" && !self.charts.contains(chart) {
                    ties.push(tie(Tie::Outside, parent(chart)));
                }
                // `helm/env/prod.yaml` beside the chart `helm/shop`.
                if root == chart && chart.contains('/') {
                    ties.push(tie(Tie::Outside, parent(chart)));
                }
                let outer = around(chart).skip(1).filter(|outer| self.charts.contains(*outer));
                ties.extend(outer.map(|outer| tie(Tie::In, outer)));
                let parents = self.parents.get(chart).into_iter().flatten();
                ties.extend(parents.map(|(outer, _)| tie(Tie::Beneath, outer)));
                ties
            }
            Space::Variable => vec![tie(Tie::Beneath, folder), tie(Tie::For, folder)],
            Space::Local => vec![tie(Tie::In, folder)],
            Space::Environment => {
                let mut ties = vec![tie(Tie::Itself, path), tie(Tie::Beneath, folder)];
                ties.push(tie(Tie::For, path));
                let root = path.split_once("app/etc/").map(|(root, _)| root.trim_end_matches('/'));
                let root = root.or_else(|| {
                    path.split_once("config/store/").map(|(root, _)| root.trim_end_matches('/'))
                });
                ties.extend(root.map(|root| tie(Tie::Beneath, root)));
                ties.extend(around(folder).skip(1).map(|outer| tie(Tie::In, outer)));
                ties.extend(around(folder).map(|outer| tie(Tie::For, outer)));
                ties
            }
            Space::Play => {
                let mut ties = vec![tie(Tie::Itself, path), tie(Tie::For, path)];
                ties.push(tie(Tie::Beneath, root_of_plays(path)));
                ties.extend(roles_around(path).map(|role| tie(Tie::For, role)));
                ties
            }
            Space::Input => vec![tie(Tie::For, path), tie(Tie::Itself, path)],
            Space::Stage => {
                let root = root_of_stages(path);
                let mut ties = vec![tie(Tie::Itself, path)];
                ties.extend(["config", "config/deploy"].map(|folder| {
                    (Tie::In, format!("{root}/{folder}").trim_start_matches('/').to_owned())
                }));
                ties
            }
            Space::Template => vec![tie(Tie::Itself, path), tie(Tie::Beneath, parent(folder))],
            Space::Object => vec![tie(Tie::Beneath, parent(folder))],
            Space::Read => {
                // What a unit finds in the folders above it.
                let above = around(folder).skip(1).map(|outer| tie(Tie::In, outer));
                std::iter::once(tie(Tie::Beneath, parent(folder))).chain(above).collect()
            }
            // Which files these are, the expression says.
            Space::Decoded => Vec::new(),
            Space::Output => vec![tie(Tie::Itself, path)],
        }
    }

    /// Whether a file may give a name that is looked for, by its path alone.
    #[must_use]
    pub fn may_give(&self, path: &str) -> bool {
        let is_yaml = extension(path) == "yaml";
        let seeks = |space: Space| self.spaces.contains(&space);
        if self.is_idle() {
            return false;
        }
        self.near(path).any(|number| self.gives_by_path(number, path))
            || self.decoded.is_match(path)
            || is_terraform(path) && [Space::Variable, Space::Environment].into_iter().any(seeks)
            || is_terraform(path) && seeks(Space::Values)
            || is_yaml && seeks(Space::Play) && self.plays.may_give(path)
            || is_yaml && seeks(Space::Input)
            || is_yaml && seeks(Space::Values)
            || is_yaml && seeks(Space::Environment) && file_name(path) != "values.yaml"
    }

    /// Those that look at a place.
    fn at(&self, tie: Tie, place: &str) -> impl Iterator<Item = &usize> {
        self.places.get(&tie).and_then(|places| places.get(place)).into_iter().flatten()
    }

    /// Those that look in the folders around a file.
    fn near<'r>(&'r self, path: &'r str) -> impl Iterator<Item = usize> + 'r {
        let at = |tie, place| self.at(tie, place);
        let folder = parent(path);
        let own = at(Tie::Itself, path).chain(at(Tie::In, folder));
        let is_of_chart = around(folder).any(|outer| self.charts.contains(outer));
        let outside = around(folder).filter(move |_| !is_of_chart);
        let outside = outside.flat_map(move |outer| at(Tie::Outside, outer));
        let around = around(folder).flat_map(move |outer| at(Tie::Beneath, outer));
        let run = at(Tie::Run, if is_pipeline(path) { "" } else { folder });
        let run = run.filter(move |_| runs_commands(path));
        own.chain(around).chain(outside).chain(run).copied().take(MOST_ASKED)
    }

    /// What a document of a file is asked for; and whether what is found stays where it stands.
    #[must_use]
    pub fn wanted(&self, source: &Source, document: &Node) -> Wanted {
        let (path, text) = (source.path(), source.text());
        let mut wanted = Wanted::default();
        let is_filling = text.contains(filling::PROGRAM);
        for number in self.near(path).filter(|number| self.gives_by_path(*number, path)) {
            let Some(seeker) = self.seekers.get(number) else { continue };
            let is_of_shell = tool_of(seeker) == Some(Tool::Envsubst) && runs_commands(path);
            if is_of_shell && !is_filling {
                continue;
            }
            if self.generates(seeker, path) {
                wanted.want_variable(seeker.name.key().to_owned(), number);
            }
            let names = self.taken_as(seeker, path);
            for name in &names {
                let way = std::iter::once(*name).chain(seeker.name.path.iter().map(String::as_str));
                let way: Vec<String> = way.map(str::to_owned).collect();
                if names.len() > 1 {
                    wanted.want_kept(way, number);
                } else {
                    wanted.want(way, number);
                }
            }
            if !names.is_empty() {
                // What all charts have stands under a key of its own.
                if seeker.name.path.first().is_some_and(|first| first == "global") {
                    wanted.want(seeker.name.path.clone(), number);
                }
                continue;
            }
            want(&mut wanted, number, seeker, path, document);
            for alias in self.aliases(seeker) {
                let way = std::iter::once(alias).chain(&seeker.name.path).cloned().collect();
                wanted.want_kept(way, number);
            }
        }
        for (place, prefix) in meant(source, document).into_iter().chain(self.given(path, document))
        {
            for number in self.at(Tie::For, &place) {
                let Some(seeker) = self.seekers.get(*number) else { continue };
                let is_its = match prefix.first().map(String::as_str) {
                    Some("module" | "inputs" | "locals") => seeker.name.space == Space::Variable,
                    Some("jobs") => seeker.name.space == Space::Input,
                    Some("spec") => match prefix.last().map(String::as_str) {
                        Some("valuesObject" | "values") => seeker.name.space == Space::Values,
                        _ => seeker.name.space == Space::Environment,
                    },
                    _ if prefix.last().is_some_and(|last| last == PARAMETERS) => {
                        seeker.name.space == Space::Input
                    }
                    _ => seeker.name.space == Space::Environment,
                };
                let way: Vec<String> = prefix.iter().chain(&seeker.name.path).cloned().collect();
                if is_its && seeker.name.space == Space::Values {
                    // A parameter that Argo CD sets: `name: saas.space`.
                    wanted.want_variable(seeker.name.path.join("."), *number);
                }
                match prefix.last() {
                    // Of each object that a set makes by its template, the value is its own.
                    Some(last) if is_its && (last == PARAMETERS || is_of_set(&prefix)) => {
                        wanted.want_kept(way, *number);
                    }
                    _ if is_its => wanted.want(way, *number),
                    _ => {}
                }
            }
        }
        self.of_plays(&mut wanted, path, document);
        for Provided { place, space, variables, only } in provided::of(source, document) {
            for &number in self.at(Tie::For, &place) {
                let name = self.seekers.get(number).map(|seeker| &seeker.name);
                let Some(name) = name.filter(|name| name.space == space) else { continue };
                match only {
                    None => wanted.want_in(variables, &name.path, number),
                    Some((only, key)) if name.path.join(".") == only => {
                        wanted.want_in(variables, &[key.to_owned()], number);
                    }
                    Some(_) => {}
                }
            }
        }
        wanted
    }

    /// Asks for what plays hand what they use, each for what it is for.
    fn of_plays(&self, wanted: &mut Wanted, path: &str, document: &Node) {
        if !self.spaces.contains(&Space::Play) {
            return;
        }
        for Giving { variables, within, places } in self.plays.given(path, document) {
            let used = places.iter().flat_map(|place| self.at(Tie::For, place));
            let is_in_it = |number: &&usize| {
                let seeker = self.seekers.get(**number);
                seeker.is_some_and(|seeker| {
                    let at = seeker.at;
                    at.source == within.at.source && at.span.within(within.at.span)
                })
            };
            for &number in used.chain(self.at(Tie::Itself, path).filter(is_in_it)) {
                let seeker = self.seekers.get(number);
                if let Some(seeker) = seeker.filter(|one| one.name.space == Space::Play) {
                    wanted.want_in(variables, &seeker.name.path, number);
                }
            }
        }
    }

    /// Whether an object in which a key is looked for is made of a file of variables.
    fn generates(&self, seeker: &Seeker, path: &str) -> bool {
        let object = seeker.name.path.first().filter(|_| seeker.name.space == Space::Object);
        let made = self.generated.get(path);
        object.zip(made).is_some_and(|(object, made)| made.contains(object))
    }

    /// Whether a file near enough is of the kind that gives a name.
    fn gives_by_path(&self, number: usize, path: &str) -> bool {
        let Some(seeker) = self.seekers.get(number) else { return false };
        let is_yaml = extension(path) == "yaml";
        let name = file_name(path);
        if !seeker.files.is_empty() {
            return seeker.files.iter().any(|glob| glob.is_match(path));
        }
        let tool = tool_of(seeker).filter(|tool| *tool != Tool::Job);
        if tool.is_some() && path != seeker.path && runs_commands(path) {
            return true;
        }
        match seeker.name.space {
            Space::Values => {
                (is_yaml || extension(path) == "gotmpl")
                    && !path.starts_with("templates/")
                    && !path.contains("/templates/")
                    && name != "Chart.yaml"
            }
            Space::Variable => {
                let is_beside = parent(path) == parent(&seeker.path);
                let is_variables = extension(path) == "hcl" && is_nomad(&seeker.path);
                is_assigned(path) || is_variables || is_terraform(path) && is_beside
            }
            Space::Local => is_terraform(path),
            Space::Read => extension(path) == "hcl" && path != seeker.path,
            // What a script's own lines give its variables, its reader knows: the last of them need not hold.
            Space::Environment => {
                path == seeker.path && (!is_script(name) || is_image(path))
                    || is_assignments(name)
                    || is_image(&seeker.path) && is_compose(path)
                    || is_php(&seeker.path) && may_run_php(path)
            }
            Space::Play => path == seeker.path || is_of_plays(path) || may_be_inventory(path),
            Space::Object => is_yaml || self.generates(seeker, path),
            Space::Stage => is_ruby(path),
            Space::Input => path == seeker.path && path.contains(".circleci/"),
            Space::Template => path == seeker.path || extension(path) == "json",
            Space::Output => path == seeker.path,
            Space::Decoded => false,
        }
    }
}

/// Whether keys lead into the template of an `ApplicationSet`.
fn is_of_set(way: &[String]) -> bool {
    way.iter().map(String::as_str).take(2).eq(["spec", "template"])
}

/// Whether a file is a pipeline that runs in the root of the tree, wherever it stands.
fn is_pipeline(path: &str) -> bool {
    [".github/", ".gitlab/", ".circleci/"].iter().any(|folder| path.starts_with(folder))
}

/// The folder of a glob before its first wildcard.
fn fixed_folder(glob: &str) -> &str {
    let end = glob.find(['*', '?', '[', '{']).unwrap_or(glob.len());
    parent(glob.get(..end).unwrap_or_default())
}

/// Whether a file is a script of a shell, by its name.
fn is_script(name: &str) -> bool {
    matches!(extension(name), "sh" | "bash" | "zsh" | "ksh" | "command") || !name.contains('.')
}
