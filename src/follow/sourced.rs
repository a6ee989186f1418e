//! The files that scripts take in by names with holes: `. "$(dirname "$0")/conf/$1.conf"`.
//!
//! Source: POSIX, *Shell Command Language*, `dot`. One of them is read for each run.

use globset::GlobMatcher;

use super::reach::matcher;

/// The files that a script may take in; none where it names no such.
#[must_use]
pub fn files(path: &str, text: &str) -> Vec<GlobMatcher> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit('.').next().unwrap_or_default();
    let is_makefile = extension == "mk" || name.to_ascii_lowercase().starts_with("makefile");
    let is_script = is_makefile || matches!(extension, "sh" | "bash" | "zsh");
    let including: &[&str] =
        if is_makefile { &["include ", "-include ", "sinclude "] } else { &[". ", "source "] };
    let lines = text.lines().filter(|_| is_script);
    let named = lines.filter_map(|line| {
        let line = line.trim_start();
        let rest = including.iter().find_map(|word| line.strip_prefix(word))?;
        glob(rest)
    });
    named.filter_map(|glob| matcher(&glob)).collect()
}

/// A file's name with a hole as a glob: what stands before the last folders that are written is passed over.
fn glob(written: &str) -> Option<String> {
    let written = written.split([';', '#', '&']).next()?.trim().trim_matches(['"', '\'']);
    let mut parts: Vec<String> = Vec::new();
    let mut holes = 0;
    for part in written.rsplit('/') {
        let hole = part.find('$');
        // Of a hole in front, nobody knows how deep it is.
        let is_front = part.contains([')', '"']) && !part.starts_with("$(") || part == "..";
        if is_front || part.is_empty() || part == "." || hole.is_some() && parts.len() > 1 {
            break;
        }
        match hole {
            None => parts.push(part.to_owned()),
            Some(at) => {
                let (before, rest) = part.split_at(at);
                let end = rest.find(['.', '-', '}', ')']).map_or(rest.len(), |end| {
                    end + usize::from(rest.get(end..).is_some_and(|r| r.starts_with(['}', ')'])))
                });
                parts.push(format!("{before}*{}", rest.get(end..).unwrap_or_default()));
                holes += 1;
            }
        }
    }
    parts.reverse();
    let is_told = parts.iter().any(|part| !part.starts_with('*') || part.len() > 1);
    (holes == 1 && is_told).then(|| format!("**/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_stands_for_any_name() {
        for (written, expected) in [
            ("\"$(dirname \"$0\")/conf/$1.conf\"", Some("**/conf/*.conf")),
            ("conf/${ENV}.sh", Some("**/conf/*.sh")),
            ("\"$ROOT/envs/$ENVIRONMENT/vars.sh\"", Some("**/envs/*/vars.sh")),
            ("./conf/settings-$1.env", Some("**/conf/settings-*.env")),
            ("conf/common.sh", None),
            ("\"$1\"", None),
        ] {
            assert_eq!(glob(written).as_deref(), expected, "{written}");
        }
    }
}
