//! One occurrence of a config path, and a private key found in text.

use super::fingerprint::Fingerprint;
use super::parameter::Parameter;
use super::uuid::fold_uuid;
use crate::source::Location;

/// The index of a setting in [`Inventory::settings`](super::inventory::Inventory::settings).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettingId(pub u32);

/// Where Magento reads a value for. The connector's paths are read at default scope only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole installation.
    Default,
    /// One website, by code.
    Website(String),
    /// One store view, by code.
    Store(String),
}

/// Magento's layers, low to high: a value in a higher layer wins, a blank one too.
///
/// Source: `Magento\Framework\App\Config` and the deployment guide, *Configuration precedence*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// A module's `etc/config.xml`.
    Module,
    /// `core_config_data`.
    Database,
    /// `app/etc/config.php`.
    ConfigPhp,
    /// `app/etc/env.php`.
    EnvPhp,
    /// `CONFIG__…` environment variables.
    Variable,
}

impl Layer {
    /// All layers, low to high.
    pub const ALL: [Self; 5] =
        [Self::Module, Self::Database, Self::ConfigPhp, Self::EnvPhp, Self::Variable];

    /// The word of rules.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Database => "database",
            Self::ConfigPhp => "config.php",
            Self::EnvPhp => "env.php",
            Self::Variable => "variable",
        }
    }
}

/// The way a setting is delivered, low to high where two deliver to the same layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// A module's `etc/config.xml`.
    ModuleDefault,
    /// A document that names config paths and that some tool brings into the database.
    Document,
    /// `config/store/…`, imported into the database by `ConfigImportExport`.
    ConfigImportExport,
    /// A row of `core_config_data` in SQL.
    Sql,
    /// `config:set` without a lock, and its like: a row of `core_config_data`.
    ConfigSet,
    /// `app/etc/config.php`.
    ConfigPhp,
    /// `config:set --lock-config`.
    LockConfig,
    /// `app/etc/env.php`.
    EnvPhp,
    /// `config:set --lock-env`, `config:sensitive:set`, `config:env:set`.
    LockEnv,
    /// A dotenv file.
    Dotenv,
    /// `.magento.app.yaml`: a variable of every environment of the project.
    CloudApplication,
    /// The `data` of a `ConfigMap` or Secret, or a generator of one.
    ConfigMap,
    /// A variable set in a workload, a service or a pipeline.
    Environment,
    /// `magento-cloud variable:create`: a variable set in the console or by its command.
    CloudVariable,
}

impl Carrier {
    /// All carriers, low to high.
    pub const ALL: [Self; 14] = [
        Self::ModuleDefault,
        Self::Document,
        Self::ConfigImportExport,
        Self::Sql,
        Self::ConfigSet,
        Self::ConfigPhp,
        Self::LockConfig,
        Self::EnvPhp,
        Self::LockEnv,
        Self::Dotenv,
        Self::CloudApplication,
        Self::ConfigMap,
        Self::Environment,
        Self::CloudVariable,
    ];

    /// Whether what a script runs writes it.
    #[must_use]
    pub fn is_of_commands(self) -> bool {
        matches!(self, Self::Sql | Self::ConfigSet | Self::LockConfig | Self::LockEnv)
    }

    /// The word of rules.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ModuleDefault => "module-default",
            Self::Document => "document",
            Self::ConfigImportExport => "config-import-export",
            Self::Sql => "sql",
            Self::ConfigSet => "config-set",
            Self::ConfigPhp => "config.php",
            Self::LockConfig => "lock-config",
            Self::EnvPhp => "env.php",
            Self::LockEnv => "lock-env",
            Self::Dotenv => "dotenv",
            Self::CloudApplication => "cloud-application",
            Self::ConfigMap => "config-map",
            Self::Environment => "environment",
            Self::CloudVariable => "cloud-variable",
        }
    }

    /// The layer it delivers to.
    #[must_use]
    pub fn layer(self) -> Layer {
        match self {
            Self::ModuleDefault => Layer::Module,
            Self::Document | Self::ConfigImportExport | Self::Sql | Self::ConfigSet => {
                Layer::Database
            }
            Self::ConfigPhp | Self::LockConfig => Layer::ConfigPhp,
            Self::EnvPhp | Self::LockEnv => Layer::EnvPhp,
            Self::Dotenv
            | Self::CloudApplication
            | Self::ConfigMap
            | Self::Environment
            | Self::CloudVariable => Layer::Variable,
        }
    }
}

/// What stands at a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text that is not a secret.
    Literal(String),
    /// A literal at a secret setting, or private key material anywhere; at a private-key setting, why Magento cannot sign with it.
    Secret(Fingerprint, Option<Flaw>),
    /// What anybody may see, in the place of a private key: it was put into the wrong field.
    Public(Public),
    /// An empty string or null: it wins over lower layers all the same.
    Blank,
    /// A value kept elsewhere: a variable, a vault, an encrypted file.
    Reference,
    /// Magento ciphertext. Nonces are random: unequal ciphertexts can hold one value.
    Ciphertext {
        /// Which key of `crypt/key` it takes, counted from 0; none where that is no number a list can have.
        key_version: Option<u32>,
    },
    /// Text that waits to be replaced: `CHANGEME`, `<…>`, the nil UUID.
    Placeholder,
    /// What a form shows in the place of a secret, saved as the value: `******`.
    Masked,
    /// Code whose result we do not know.
    Unknown,
    /// One of several: which, only running the code would tell. Where one of them is unknown, it may be anything.
    OneOf(Vec<Possible>),
}

/// What a setting may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Possible {
    /// What stands there.
    pub value: Value,
    /// Where it stands.
    pub at: Location,
}

impl Value {
    /// The text of a literal.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        if let Self::Literal(text) = self { Some(text) } else { None }
    }

    /// Whether it is what will be there: no code decides, and nothing outside the tree does.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Reference | Self::Unknown | Self::OneOf(_))
    }

    /// Whether there is a value that can be meant: none that stands for another.
    #[must_use]
    pub fn is_real(&self) -> bool {
        !matches!(self, Self::Blank | Self::Placeholder | Self::Masked)
    }

    /// Whether no output may show what stands there.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        matches!(self, Self::Secret(..) | Self::Public(_))
    }

    /// Whether there is a value, known or not.
    #[must_use]
    pub fn is_present(&self) -> bool {
        !matches!(self, Self::Blank)
    }
}

/// What stands in the place of a private key and is none, nor any other secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Public {
    /// The other half of a key pair.
    Key,
    /// A certificate, or a request for one.
    Certificate,
    /// 32 hexadecimal digits, as an api key has.
    Digits,
    /// A UUID, as a data space has.
    Identifier,
    /// What keys are made with.
    Parameters,
}

impl Public {
    /// What it is, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Key => "a public key",
            Self::Certificate => "a certificate",
            Self::Digits => "32 hexadecimal digits, as an api key",
            Self::Identifier => "a UUID, as a data space",
            Self::Parameters => "the parameters of a key",
        }
    }
}

/// Why Magento cannot sign with what stands in the place of a private key: it takes PKCS#8 in PEM, with its line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// It is no key.
    NoKey,
    /// It is damaged, or cut short.
    Damaged,
    /// A passphrase protects it.
    Encrypted,
    /// It is a key in another form: PKCS#1, SEC1, OpenSSH.
    Form,
    /// Its line breaks are written with backslashes.
    Escaped,
    /// It has no line breaks.
    OneLine,
    /// It has no markers.
    Markers,
    /// Something is around it: base64, hexadecimal digits.
    Packed,
}

impl Flaw {
    /// What is wrong, in words that follow "is".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoKey => "no private key",
            Self::Damaged => "a damaged private key",
            Self::Encrypted => "a private key behind a passphrase",
            Self::Form => "a private key in another form than PKCS#8",
            Self::Escaped => "a private key with `\\n` in the place of line breaks",
            Self::OneLine => "a private key on one line",
            Self::Markers => "a private key without its markers",
            Self::Packed => "a private key in another text around it",
        }
    }

    /// The same in two or three words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NoKey => "no key",
            Self::Damaged => "damaged",
            Self::Encrypted => "encrypted",
            Self::Form => "not PKCS#8",
            Self::Escaped => "no line breaks",
            Self::OneLine => "on one line",
            Self::Markers => "no markers",
            Self::Packed => "packed",
        }
    }
}

/// One occurrence of a config path with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What it configures.
    pub parameter: Parameter,
    /// For which scope.
    pub scope: Scope,
    /// How it is delivered.
    pub carrier: Carrier,
    /// What stands there.
    pub value: Value,
    /// Where the value stands.
    pub at: Location,
    /// Where its name stands.
    pub key_at: Location,
}

impl Setting {
    /// Moves its places, and those of all that it may be.
    pub fn move_to(&mut self, outer: &dyn Fn(Location) -> Location) {
        (self.at, self.key_at) = (outer(self.at), outer(self.key_at));
        if let Value::OneOf(possible) = &mut self.value {
            for one in possible {
                one.at = outer(one.at);
            }
        }
    }

    /// What can stand there, each with its place: one value, unless code decides among several.
    pub fn possible(&self) -> impl Iterator<Item = (&Value, Location)> {
        let (one, several) = match &self.value {
            Value::OneOf(several) => (None, several.as_slice()),
            value => (Some((value, self.at)), &[][..]),
        };
        one.into_iter().chain(several.iter().map(|possible| (&possible.value, possible.at)))
    }

    /// Whether what is kept elsewhere can stand there, alone or beside a default.
    #[must_use]
    pub fn has_reference(&self) -> bool {
        self.possible().any(|(value, _)| *value == Value::Reference)
    }

    /// The text that stands there where nothing gives what is kept elsewhere, and its place: `${X:-id}`.
    #[must_use]
    pub fn default(&self) -> Option<(&str, Location)> {
        let mut texts = self.possible().filter_map(|(value, at)| Some((value.literal()?, at)));
        let is_one = self.possible().count() == 2 && self.has_reference();
        texts.next().filter(|_| is_one)
    }

    /// The name of the value, where it is known.
    #[must_use]
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        match &self.value {
            Value::Secret(fingerprint, _) => Some(*fingerprint),
            Value::Literal(text) => {
                let text = fold_uuid(text).unwrap_or_else(|| text.trim().to_owned());
                let is_key = matches!(self.parameter, Parameter::ApiKey(_));
                let domain = if is_key { "api key" } else { "value" };
                Some(Fingerprint::of(domain, text.as_bytes()))
            }
            _ => None,
        }
    }
}

/// What a secret found in a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// A private key.
    PrivateKey,
    /// A text in the place of one that nothing can read as a key.
    Text,
    /// A password of one program for another.
    ClientSecret,
}

/// Private key material found in a file, or another secret that is known by its looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// All of its text, marker to marker.
    pub at: Location,
    /// What it is.
    pub kind: SecretKind,
    /// What kind of key it is, in words: "PKCS#8 private key".
    pub form: String,
    /// What is wrong with it, in words, where nothing can use it as it stands: "without its first line".
    pub damage: Option<String>,
    /// How it is dressed, in words, where it is not plain: "base64".
    pub encoding: Option<String>,
    /// Whether a passphrase protects it.
    pub encrypted: bool,
    /// The key's name: equal for one key in two dresses.
    pub fingerprint: Fingerprint,
}
