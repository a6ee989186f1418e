//! What belongs to one installation alone: its database, its folder, its address. Of two sections that name other databases each is an
//! installation, whatever they are called; two that name one database are parts of one.
//!
//! Read off the text around settings, by the names that the variables of Magento's images, its `env.php` and servers have for them.
//!
//! Sources: the Magento documentation, *Environment variables*; the documentation of nginx, Apache, systemd,
//! Supervisor and Capistrano.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::conventions::{Base, extension, is_assigned, parent, range};
use super::vocabulary::{self, is_idle};
use super::words::{is_number, tokens};
use crate::source::SourceId;
use crate::sources::Sources;
use crate::syntax::file_name;

/// The file that makes a folder an application of Adobe Commerce Cloud.
const CLOUD: &str = ".magento.app.yaml";

/// How much of a text is looked at.
const MOST: usize = 64 * 1024;

/// A name of what belongs to an installation, and what it is given.
static GIVEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?xi)
        (?: ^ | [\s"'{\[(,:@$>] )
        (?:
            (?: (?P<website> mage_run_code )
              | (?P<database> (?:\w+_)?(?:db|database|mysql|mariadb)[_-]?(?:name|database) | dbname | database | \w+_db )
              | (?P<server> (?:\w+_)?(?:db|database|mysql|mariadb)[_-]?host )
              | (?P<root> document_?root | docroot | (?:mage(?:nto)?_|app_|web_?)?root | (?:set)?deploy_?(?:to|path) | workingdirectory | chdir | directory | cd )
              | (?P<host> (?:\w+_)?(?:domain|base_?-?url|virtual_host) | server_?name | (?:set)?hostname | host | mage(?:nto)?_host | server )
            )
            ["']?
            (?: \s* (?: => | [:=,(] ) \s* (?: ["']? value ["']? \s* [:=] \s* )?
              | \s+ ["']? value ["']? \s* [:=] \s*
              | (?P<blank> [\x20\t]+ )
            )
            ["']? (?P<value> [\w./:@+-]+ )
          | [\w-]+ @ (?P<login> [\w-]+ (?: \. [\w-]+ )+ )
          | (?P<installed> (?: / [\w.-]+ )+ ) /bin/magento
        )"#,
    )
    .ok()
});

/// Words by which servers of one database are told apart.
const COPIES: [&str; 12] = [
    "primary",
    "secondary",
    "master",
    "slave",
    "replica",
    "reader",
    "writer",
    "read",
    "write",
    "ro",
    "rw",
    "standby",
];

/// The last words of folders that every installation has.
const EVERYWHERE: [&str; 8] =
    ["html", "public", "htdocs", "httpdocs", "releases", "shared", "home", "mnt"];

/// What belongs to one installation, as a text names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belongings {
    databases: BTreeSet<String>,
    servers: BTreeSet<String>,
    roots: BTreeSet<String>,
    hosts: BTreeSet<String>,
    /// The websites and views of stores that it runs.
    websites: BTreeSet<String>,
}

impl Belongings {
    /// What a text names; what a variable would tell is not known.
    pub fn of(text: &str) -> Self {
        let mut found = Self::default();
        let end = (0..=MOST.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        let text = text.get(..end.unwrap_or(0)).unwrap_or_default();
        let Some(given) = GIVEN.as_ref() else { return found };
        for captures in given.captures_iter(text) {
            let has = |name: &str| captures.name(name).is_some();
            if let Some(login) = captures.name("login") {
                found.hosts.extend(host(login.as_str()));
                continue;
            }
            if let Some(root) = captures.name("installed") {
                found.roots.insert(root.as_str().to_ascii_lowercase());
                continue;
            }
            let Some(value) = captures.name("value") else { continue };
            // What goes on with a variable is not known.
            let behind = text.get(value.end()..).unwrap_or_default();
            if behind.starts_with(['$', '{', '<', '%', '*']) {
                continue;
            }
            let value = value.as_str().trim_end_matches(['.', ':', '/']).to_ascii_lowercase();
            // A sentence has blanks, too.
            if has("blank") && (has("database") || has("server")) {
                continue;
            }
            if has("website") {
                found.websites.insert(value);
            } else if has("database") {
                let is_name = !value.is_empty() && !value.contains(['/', ':']);
                found.databases.extend(Some(value).filter(|_| is_name));
            } else if has("server") {
                found.servers.insert(value);
            } else if has("root") {
                found.roots.extend(Some(value).filter(|root| root.starts_with('/')));
            } else {
                found.hosts.extend(host(&value));
            }
        }
        found
    }

    /// Takes in what another text names.
    pub fn add(&mut self, other: Self) {
        self.databases.extend(other.databases);
        self.servers.extend(other.servers);
        self.roots.extend(other.roots);
        self.hosts.extend(other.hosts);
        self.websites.extend(other.websites);
    }

    /// Whether both belong to one installation; none where they do not tell.
    pub fn are_of_one(&self, other: &Self) -> Option<bool> {
        self.database(other)
            .or_else(|| self.root(other))
            .or_else(|| self.website(other))
            .or_else(|| self.address(other))
    }

    /// Two websites that are run of one database or in one folder are of one installation, whatever their addresses.
    ///
    /// Source: the Magento documentation, *Set up multiple websites, stores, and store views*: `MAGE_RUN_CODE`.
    fn website(&self, other: &Self) -> Option<bool> {
        let is_with = |own: &BTreeSet<String>, theirs: &BTreeSet<String>| !own.is_disjoint(theirs);
        let is_one = !self.websites.is_empty()
            && !other.websites.is_empty()
            && self.websites != other.websites
            && (is_with(&self.databases, &other.databases) || is_with(&self.roots, &other.roots));
        is_one.then_some(true)
    }

    /// Whether both are told which website of an installation they run, each another: of one installation, if they set the same.
    pub fn are_websites(&self, other: &Self) -> bool {
        !self.websites.is_empty() && !other.websites.is_empty() && self.websites != other.websites
    }

    fn database(&self, other: &Self) -> Option<bool> {
        let (own, theirs) = rest(&self.servers, &other.servers);
        let are_copies = |names: &[&String]| {
            names.iter().any(|name| tokens(name).any(|word| COPIES.contains(&word)))
        };
        let is_other_server =
            !own.is_empty() && !theirs.is_empty() && !are_copies(&own) && !are_copies(&theirs);
        let is_known = !self.databases.is_empty() && !other.databases.is_empty();
        if is_known && self.databases.is_disjoint(&other.databases) {
            return Some(false);
        }
        let is_one = is_known
            && self.databases == other.databases
            && self.databases.iter().any(|name| is_telling(name));
        if is_one && !is_other_server {
            return Some(true);
        }
        is_other_server.then_some(false)
    }

    fn root(&self, other: &Self) -> Option<bool> {
        if self.roots.is_empty() || other.roots.is_empty() {
            return None;
        }
        let telling = |roots: &BTreeSet<String>| -> BTreeSet<String> {
            let words = roots.iter().flat_map(|root| root.split('/')).flat_map(tokens);
            words.filter(|word| is_of_folder(word)).map(str::to_owned).collect()
        };
        let (own, theirs) = (telling(&self.roots), telling(&other.roots));
        if self.roots == other.roots {
            // Each of two machines can have its shop in one folder.
            let is_one = own.iter().any(|word| !is_idle(word)) && self.address(other).is_none();
            return is_one.then_some(true);
        }
        if !self.roots.is_disjoint(&other.roots) {
            return None;
        }
        let (own, theirs) = rest(&own, &theirs);
        let is_part = |words: &[&String]| words.iter().all(|word| vocabulary::is_role(word));
        (!is_part(&own) && !is_part(&theirs)).then_some(false)
    }

    fn address(&self, other: &Self) -> Option<bool> {
        let (own, theirs) = rest(&self.hosts, &other.hosts);
        let is_other = !own.is_empty()
            && !theirs.is_empty()
            && own.iter().all(|one| theirs.iter().all(|two| are_other_shops(one, two)));
        is_other.then_some(false)
    }
}

/// What each of two sets has alone.
fn rest<'s>(
    one: &'s BTreeSet<String>,
    other: &'s BTreeSet<String>,
) -> (Vec<&'s String>, Vec<&'s String>) {
    (one.difference(other).collect(), other.difference(one).collect())
}

/// Whether the name of a database says more than what it is.
fn is_telling(name: &str) -> bool {
    tokens(name)
        .any(|word| !is_idle(word) && !is_number(word) && vocabulary::environment(word).is_none())
}

/// Whether a word of a folder's path tells it from that of other installations.
fn is_of_folder(word: &str) -> bool {
    !vocabulary::is_format(word)
        && !is_number(word)
        && vocabulary::environment(word).is_none()
        && !EVERYWHERE.contains(&word)
        && !matches!(word, "www" | "app" | "magento" | "magento2" | "release")
}

/// The host of an address that anybody can open: `https://www.acme.com/` and `www.acme.com`.
fn host(value: &str) -> Option<String> {
    let value = value.split_once("://").map_or(value, |(_, rest)| rest);
    let host = value.split(['/', ':']).next()?.to_ascii_lowercase();
    let last = host.rsplit('.').next()?;
    let is_name = host.contains('.')
        && !last.is_empty()
        && last.bytes().all(|letter| letter.is_ascii_alphabetic());
    is_name.then_some(host)
}

/// Whether two hosts are of two shops: `hotel.net` beside `room.net`; `acme.at` beside `acme.ch` need not be, and `web.acme.net` beside
/// `cron.acme.net` are machines of one.
fn are_other_shops(one: &str, two: &str) -> bool {
    let domain = |host: &str| -> Option<(Vec<String>, String)> {
        let mut labels: Vec<String> = host.split('.').map(str::to_owned).collect();
        labels.pop()?;
        // `acme.co.uk`
        if labels.len() > 1
            && labels.last().is_some_and(|last| matches!(last.as_str(), "co" | "com"))
        {
            labels.pop();
        }
        let domain = labels.pop()?;
        Some((labels, domain))
    };
    let Some(((one, own), (two, theirs))) = domain(one).zip(domain(two)) else { return false };
    if own != theirs {
        // `acme-cron.net` beside `acme.net`.
        let words = |domain: &str, other: &str| -> Vec<String> {
            let own = tokens(domain).filter(|word| !tokens(other).any(|known| known == *word));
            own.map(str::to_owned).collect()
        };
        let (one, two) = (words(&own, &theirs), words(&theirs, &own));
        let is_kin = one.len() < tokens(&own).count();
        let is_part = |words: &[String]| words.iter().all(|word| is_idle(word));
        return !is_kin || !is_part(&one) && !is_part(&two);
    }
    let is_shop = |labels: &[String], others: &[String]| {
        let words = labels.iter().flat_map(|label| tokens(label));
        let others: Vec<&str> = others.iter().flat_map(|label| tokens(label)).collect();
        let mut words = words.filter(|word| !others.contains(word));
        words.any(|word| {
            let stem = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
            stem.len() > 2 && !is_idle(stem) && vocabulary::environment(stem).is_none()
        })
    };
    is_shop(&one, &two) && is_shop(&two, &one)
}

/// What whole files say of their installation: found once a file, however many parts it has.
#[derive(Debug, Default)]
pub struct Spaces(BTreeMap<SourceId, Space>);

/// What a whole file says of its installation.
#[derive(Clone, Debug, Default)]
pub struct Space {
    /// The one folder that it serves or works in.
    pub root: Option<String>,
    /// The project that it is.
    pub project: Option<String>,
    /// Whether it is the `env.php` of a repository for Adobe Commerce Cloud, where every branch deploys it as it deploys `config.php`.
    pub is_of_cloud: bool,
    /// Whether it is a configuration of Terraform's that nothing beneath it gives variables: it is applied as it is.
    pub is_alone: bool,
}

impl Spaces {
    /// What the files say of which there are contributions.
    pub fn of(files: impl Iterator<Item = SourceId>, sources: &Sources) -> Self {
        let files: BTreeSet<SourceId> = files.collect();
        let of_env = |file: &SourceId| Base::of_cloud(sources.path(*file));
        let described = sources.paths().filter(|(_, path)| file_name(path) == CLOUD);
        let described = described.map(|(_, path)| parent(path));
        let clouds: BTreeSet<&str> = if files.iter().any(|file| of_env(file).is_some()) {
            described.collect()
        } else {
            BTreeSet::new()
        };
        let plan = |path| Base::of(path).filter(Base::is_of_terraform);
        let mut given: Vec<&str> = Vec::new();
        if files.iter().any(|file| plan(sources.path(*file)).is_some()) {
            let is_of_variables =
                |path: &&str| is_assigned(path) || file_name(path) == "terragrunt.hcl";
            given.extend(sources.paths().map(|(_, path)| path).filter(is_of_variables));
            given.sort_unstable();
        }
        let said = files.into_iter().filter_map(|file| {
            let (path, text) = (sources.path(file), sources.get(file)?.text());
            let root = document_root(path, text).map(str::to_owned);
            let project = project(path, text).map(str::to_owned);
            let is_of_cloud = of_env(&file).is_some_and(|base| clouds.contains(base.folder()));
            let is_alone = plan(path).is_some_and(|base| {
                let (from, to) = range(&given, |path| path, base.folder());
                !given.iter().take(to).skip(from).any(|path| base.is_given_by(path))
            });
            let is_known = root.is_some() || project.is_some() || is_of_cloud || is_alone;
            is_known.then_some((file, Space { root, project, is_of_cloud, is_alone }))
        });
        Self(said.collect())
    }

    /// What a file says.
    pub fn get(&self, file: SourceId) -> Space {
        self.0.get(&file).cloned().unwrap_or_default()
    }
}

/// The one folder that all hosts of a web server's file serve, or that a pool or a unit works in.
fn document_root<'t>(path: &str, text: &'t str) -> Option<&'t str> {
    if !matches!(extension(path), "conf" | "vhost" | "service") {
        return None;
    }
    let mut roots = text.lines().filter_map(|line| {
        let line = line.trim_start();
        let rest = ["root", "DocumentRoot", "chdir", "WorkingDirectory"]
            .iter()
            .find_map(|key| line.strip_prefix(key));
        let rest = rest?.strip_prefix([' ', '\t', '='])?.trim_start_matches([' ', '\t', '=', '"']);
        rest.split([' ', '\t', ';', '"']).next().filter(|root| root.starts_with('/'))
    });
    let first = roots.next()?;
    roots.all(|other| other == first).then_some(first)
}

/// The name of the project that a compose file is.
///
/// Source: the Compose specification, *Version and name top-level elements*.
fn project<'t>(path: &str, text: &'t str) -> Option<&'t str> {
    if !file_name(path).contains("compose") {
        return None;
    }
    let name = text.lines().find_map(|line| line.strip_prefix("name:"))?;
    Some(name.trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_a_folder_or_an_address_tells() {
        let tell = |one: &str, two: &str| Belongings::of(one).are_of_one(&Belongings::of(two));
        for (one, two, expected) in [
            ("DB_NAME=hotel\n", "DB_NAME=room\n", Some(false)),
            ("- name: DB_NAME\n  value: hotel\n", "- name: DB_NAME\n  value: room\n", Some(false)),
            ("'dbname' => 'teahouse',", "'dbname' => 'teahouse',", Some(true)),
            ("MYSQL_DATABASE: magento", "MYSQL_DATABASE: magento", None),
            ("DB_HOST: main-db", "DB_HOST: store-db", Some(false)),
            ("DB_HOST: db-primary", "DB_HOST: db-replica", None),
            ("-- Host: db1    Database: hotel", "-- Host: db1    Database: room", Some(false)),
            ("DB_NAME=${DB_NAME}", "DB_NAME=hotel", None),
            ("directory=/srv/hotel/current", "directory=/srv/room/current", Some(false)),
            ("root /var/www/html;", "root /var/www/html;", None),
            ("root /srv/hotel/pub;", "root /srv/hotel/pub;", Some(true)),
            ("set :deploy_to, '/srv/blue'", "set :deploy_to, '/srv/green'", None),
            ("VIRTUAL_HOST: www.tea.net", "VIRTUAL_HOST: www.coffee.net", Some(false)),
            ("ssh deploy@hotel.net x", "ssh deploy@room.net x", Some(false)),
            ("server_name acme.at;", "server_name acme.ch;", None),
            ("host: web.acme.net", "host: cron.acme.net", None),
            (
                "DB_NAME: magento\nMAGE_RUN_CODE: de",
                "DB_NAME: magento\nMAGE_RUN_CODE: fr",
                Some(true),
            ),
            ("DB_NAME: tea\nMAGE_RUN_CODE: de", "DB_NAME: hats\nMAGE_RUN_CODE: fr", Some(false)),
            ("MAGE_RUN_CODE: de", "MAGE_RUN_CODE: fr", None),
            (
                "set $MAGE_ROOT /var/www/html;\nfastcgi_param MAGE_RUN_CODE de;",
                "set $MAGE_ROOT /var/www/html;\nfastcgi_param MAGE_RUN_CODE fr;",
                Some(true),
            ),
            ("host('web1.acme.net')", "host('cron1.acme.net')", None),
            ("domain = \"kiwi.acme.net\"", "domain = \"plum.acme.net\"", Some(false)),
            ("base_url: https://a.net/", "base_url: https://a.net/", None),
            ("->setDeployPath('/srv/hotel')", "->setDeployPath('/srv/room')", Some(false)),
            ("server 'hotel.net', user: 'x'", "server 'room.net', user: 'x'", Some(false)),
            ("php /srv/hotel/bin/magento a", "php /srv/room/bin/magento a", Some(false)),
            ("the database of one", "the database for two", None),
        ] {
            assert_eq!(tell(one, two), expected, "{one} {two}");
        }
    }
}
