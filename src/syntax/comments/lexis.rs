//! How comments, quotes and here-documents are written in each format.

/// What a scan for comments must know of a format.
#[derive(Debug)]
pub struct Lexis {
    /// What opens a comment that ends with its line, what may stand before it, and what must not follow.
    pub(super) line: &'static [(&'static str, Before, &'static [&'static str])],
    /// What opens and closes any other comment.
    pub(super) block: Option<(&'static str, &'static str)>,
    /// Longer marks first.
    pub(super) quotes: &'static [Quote],
    pub(super) documents: Documents,
    /// Whether a backslash takes the next character its meaning, outside quotes too.
    pub(super) escapes: bool,
    /// Whether only what stands within PHP's tags is code.
    pub(super) tags: bool,
}

/// What may stand before a comment on its line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Before {
    Anything,
    /// Nothing, a blank, or one of these characters.
    Blank(&'static str),
    /// Nothing but blanks, or one of these characters and blanks.
    Sign(&'static str),
}

/// A kind of string.
#[derive(Debug)]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// Whether a backslash takes the next character its meaning.
    pub(super) escapes: bool,
    /// Whether it may go over lines.
    pub(super) lines: bool,
    /// What opens and closes code in it.
    pub(super) code: &'static [(&'static str, &'static str)],
    /// What it must stand behind, besides blanks; empty for anything.
    pub(super) behind: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Documents {
    None,
    Shell,
    Php,
}

const fn quote(mark: &'static str, escapes: bool, lines: bool) -> Quote {
    Quote { open: mark, close: mark, escapes, lines, code: &[], behind: "" }
}

const C_BLOCK: Option<(&str, &str)> = Some(("/*", "*/"));

const PLAIN: Lexis = Lexis {
    line: &[],
    block: None,
    quotes: &[],
    documents: Documents::None,
    escapes: false,
    tags: false,
};

impl Lexis {
    /// `//`, `#`, `/* */` within PHP's tags.
    pub const PHP: &Self = &Self {
        line: &[("//", Before::Anything, &[]), ("#", Before::Anything, &["["])],
        block: C_BLOCK,
        quotes: &[quote("'", true, true), quote("\"", true, true), quote("`", true, true)],
        documents: Documents::Php,
        tags: true,
        ..PLAIN
    };

    /// `#` at the start of a word; quotes stand at the start of a value.
    pub const DOTENV: &Self = &Self {
        line: &[("#", Before::Blank(""), &[])],
        quotes: &[
            Quote { behind: "=:", ..quote("'", false, true) },
            Quote { behind: "=:", ..quote("\"", true, true) },
            Quote { behind: "=:", ..quote("`", false, true) },
        ],
        ..PLAIN
    };

    /// `//` and `/* */`.
    pub const JSON: &Self = &Self {
        line: &[("//", Before::Anything, &[])],
        block: C_BLOCK,
        quotes: &[quote("\"", true, false), quote("'", true, false)],
        ..PLAIN
    };

    /// `#`.
    pub const TOML: &Self = &Self {
        line: &[("#", Before::Anything, &[])],
        quotes: &[
            quote("\"\"\"", true, true),
            quote("'''", false, true),
            quote("\"", true, false),
            quote("'", false, false),
        ],
        ..PLAIN
    };

    /// `#`, `//` and `/* */`.
    pub const HCL: &Self = &Self {
        line: &[("#", Before::Anything, &[]), ("//", Before::Anything, &[])],
        block: C_BLOCK,
        quotes: &[Quote { code: &[("${", "}"), ("%{", "}")], ..quote("\"", true, false) }],
        documents: Documents::Shell,
        ..PLAIN
    };

    /// `-- `, `#` and `/* */`, but for code in `/*! */`.
    pub const SQL: &Self = &Self {
        line: &[
            ("-- ", Before::Anything, &[]),
            ("--\t", Before::Anything, &[]),
            ("#", Before::Anything, &["{"]),
        ],
        block: C_BLOCK,
        quotes: &[quote("'", true, true), quote("\"", true, true), quote("`", false, true)],
        ..PLAIN
    };

    /// `<!-- -->`, but not in `CDATA`.
    pub const XML: &Self = &Self {
        block: Some(("<!--", "-->")),
        quotes: &[Quote { close: "]]>", ..quote("<![CDATA[", false, true) }],
        ..PLAIN
    };

    /// `#` and `;` at the start of a line; `;` behind a blank, and `#` behind a statement of nginx.
    pub const DIRECTIVES: &Self = &Self {
        line: &[("#", Before::Sign(";{}"), &[]), (";", Before::Blank(""), &[])],
        quotes: &[
            Quote { behind: "=", ..quote("'", true, true) },
            Quote { behind: "=", ..quote("\"", true, true) },
        ],
        ..PLAIN
    };

    /// Ruby and Puppet: `#`.
    pub const ATTRIBUTES: &Self = &Self {
        line: &[("#", Before::Blank(",;)}]"), &[])],
        quotes: &[
            quote("'", true, true),
            Quote { code: &[("#{", "}"), ("${", "}")], ..quote("\"", true, true) },
        ],
        documents: Documents::Shell,
        ..PLAIN
    };

    /// `#`.
    pub const PYTHON: &Self = &Self {
        line: &[("#", Before::Anything, &[])],
        quotes: &[
            quote("\"\"\"", true, true),
            quote("'''", true, true),
            quote("\"", true, false),
            quote("'", true, false),
        ],
        ..PLAIN
    };

    /// `#` at the start of a word, and `<# #>`.
    pub const POWERSHELL: &Self = &Self {
        line: &[("#", Before::Blank(";{}()"), &[])],
        block: Some(("<#", "#>")),
        quotes: &[
            Quote { close: "\n'@", ..quote("@'", false, true) },
            Quote { close: "\n\"@", code: &[("$(", ")")], ..quote("@\"", false, true) },
            quote("'", false, true),
            Quote { code: &[("$(", ")")], ..quote("\"", false, true) },
        ],
        ..PLAIN
    };

    /// `#` at the start of a word.
    pub const SHELL: &Self = &Self {
        line: &[("#", Before::Blank(";"), &[])],
        quotes: &[
            Quote { open: "$'", ..quote("'", true, true) },
            quote("'", false, true),
            Quote { code: &[("$(", ")"), ("${", "}")], ..quote("\"", true, true) },
        ],
        documents: Documents::Shell,
        escapes: true,
        ..PLAIN
    };

    /// `#` at the start of a word; quotes end with their line.
    pub const MAKE: &Self = &Self {
        line: &[("#", Before::Blank(""), &[])],
        quotes: &[quote("'", false, false), quote("\"", true, false)],
        escapes: true,
        ..PLAIN
    };

    /// `#` at the start of a line.
    pub const DOCKER: &Self =
        &Self { line: &[("#", Before::Sign(""), &[])], documents: Documents::Shell, ..PLAIN };

    /// `//` and `/* */`; the scripts within are strings.
    pub const GROOVY: &Self = &Self {
        line: &[("//", Before::Anything, &[])],
        block: C_BLOCK,
        quotes: &[
            quote("'''", true, true),
            quote("\"\"\"", true, true),
            quote("'", true, false),
            Quote { code: &[("${", "}")], ..quote("\"", true, false) },
        ],
        ..PLAIN
    };
}
