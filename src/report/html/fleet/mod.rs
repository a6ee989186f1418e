//! One page on a fleet: which repositories are connected by what, worst first, and which were not read whole.
//!
//! Whole in itself, without a script; names are escaped, and keys go by their names. The same facts give the same page.

mod connected;
mod lists;

use std::collections::BTreeSet;

use super::{STYLE, embedded, escape, hash};
use connected::Connected;
pub use connected::{Fleet, Repository, Tie, Use};

impl Fleet {
    /// The page; `snapshot` is what the moment is called.
    #[must_use]
    pub fn page(&self, snapshot: &str) -> String {
        let style = embedded(STYLE);
        let policy = format!(
            "default-src 'none'; style-src '{}'; base-uri 'none'; form-action 'none'",
            hash(&style)
        );
        let connected = self.connected();
        let version = env!("CARGO_PKG_VERSION");
        let mut out = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex, nofollow\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>commerce-lint: fleet</title>\n<style>{style}</style>\n</head>\n<body>\n\
             <header><p class=\"tool\">commerce-lint {version} · {}</p><h1>Fleet</h1>\n\
             <p class=\"lead\">Which repositories of a fleet are connected by what, worst first. Two installations in one data space mix their \
             data; whoever has one private key can act as all who use it. A key is named by its fingerprint, and no secret is on this page.</p>\
             </header>\n<main>\n",
            escape::name(snapshot)
        );
        out.push_str(&self.strip(&connected));
        out.push_str(&lists::ties(self, &connected));
        out.push_str(&lists::repositories(self, &connected));
        out.push_str(&lists::unread(self));
        out.push_str("</main>\n</body>\n</html>\n");
        out
    }

    /// The figures on top.
    fn strip(&self, connected: &[Connected<'_>]) -> String {
        let tied: BTreeSet<usize> =
            connected.iter().flat_map(|(_, users)| users.keys().copied()).collect();
        let is_space = |(tie, _): &&Connected<'_>| matches!(tie, Tie::DataSpace(_));
        let spaces = connected.iter().filter(is_space).count();
        let unread = self.0.iter().filter(|of| of.flaw.is_some()).count();
        let figures = [
            ("calm", "repositories", self.0.len(), ["repository", "repositories"]),
            ("error", "ties", spaces, ["shared data space", "shared data spaces"]),
            ("error", "ties", connected.len() - spaces, ["shared key", "shared keys"]),
            ("warning", "repositories", tied.len(), ["connected", "connected"]),
            ("warning", "unread", unread, ["not read whole", "not read whole"]),
        ];
        let figure = |(class, anchor, number, [one, many]): (&str, &str, usize, [&str; 2])| {
            let words = if number == 1 { one } else { many };
            let class = if number == 0 { "" } else { class };
            format!("<a class=\"figure {class}\" href=\"#{anchor}\"><b>{number}</b> {words}</a>\n")
        };
        let figures = figures.map(figure).concat();
        format!("<nav class=\"strip\" aria-label=\"Summary\">\n{figures}</nav>\n")
    }
}
