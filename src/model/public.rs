//! What of a text that stands at a public setting may be shown: what has the look of what the setting takes, and of an address where it
//! leads. Whatever else somebody put there is not known to be public.

use std::ops::Range;

use super::parameter::Parameter;
use super::uuid::fold_uuid;

/// The words that Adobe's own lists have: nobody's secret.
pub const WORDS: [&str; 11] = [
    "production",
    "testing",
    "sandbox",
    "magento_jwt",
    "ims_tech_acct",
    "0",
    "1",
    "true",
    "false",
    "yes",
    "no",
];

/// The words for slots, methods and types of data spaces: nobody's secret where one of them is to be chosen.
pub const SLOTS: [&str; 3] = ["production", "testing", "sandbox"];

/// What a public setting takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    ApiKey,
    Uuid,
    Word,
    Organization,
    /// A text of nobody's choice but the user's, at a setting of the connector that is known to hold no secret.
    Any,
    /// What stands at a setting of others is nobody's to show.
    Foreign,
}

fn look(parameter: Parameter) -> Look {
    use Parameter as P;
    match parameter {
        P::ApiKey(_) | P::ReadOnlyApiKey => Look::ApiKey,
        P::DataSpace | P::AlternateDataSpace | P::ReadOnlyDataSpace => Look::Uuid,
        P::ActiveSlot
        | P::DataSpaceType
        | P::PaymentMethod
        | P::CredentialsType
        | P::AlternateDataSpaceEnabled
        | P::PaymentsActive
        | P::ExporterType => Look::Word,
        P::Organization => Look::Organization,
        P::Misspelt(miss) => P::from_path(miss.meant).map_or(Look::Foreign, look),
        P::Project
        | P::ProjectName
        | P::DataSpaceName
        | P::Gateway(_)
        | P::MerchantId(_)
        | P::ExporterClient
        | P::ExporterOrganization
        | P::ExporterTenant
        | P::ExporterUrl
        | P::ExporterStudio
        | P::EventInstance
        | P::EventProvider => Look::Any,
        _ => Look::Foreign,
    }
}

/// Whether a parameter takes texts of one look, so that it is known of any text whether it is one.
#[must_use]
pub fn has_look(parameter: Parameter) -> bool {
    !matches!(look(parameter), Look::Any | Look::Foreign)
}

/// Whether a parameter is known to take no secret: one of the connector's own, and no path that somebody's rule asks for.
#[must_use]
pub fn is_ours(parameter: Parameter) -> bool {
    !parameter.is_secret() && look(parameter) != Look::Foreign
}

/// Whether a text has the form of an api key: 32 hexadecimal digits.
#[must_use]
pub fn is_api_key(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The places of a text that may be shown: all of it, the parts of an address that say where it leads, or nothing.
#[must_use]
pub fn parts(parameter: Parameter, text: &str) -> Vec<Range<usize>> {
    let is_word = || WORDS.contains(&text.to_ascii_lowercase().as_str());
    let is_fit = match look(parameter) {
        Look::ApiKey => is_api_key(text),
        Look::Uuid => fold_uuid(text).is_some(),
        Look::Word | Look::Foreign => is_word(),
        Look::Organization => text.ends_with("@AdobeOrg") && !text.contains(char::is_whitespace),
        Look::Any => {
            return address(text).unwrap_or_else(|| std::iter::once(0..text.len()).collect());
        }
    };
    is_fit.then_some(0..text.len()).into_iter().collect()
}

/// What of a text may be shown, with an ellipsis for the rest.
///
/// # Errors
/// What shape it has, where nothing of it may be shown.
pub fn shown(parameter: Parameter, text: &str) -> Result<String, String> {
    let parts = parts(parameter, text);
    if parts.is_empty() {
        return Err(shape(text));
    }
    let mut out = String::new();
    let mut from = 0;
    for part in parts.into_iter().chain(std::iter::once(text.len()..text.len())) {
        if from < part.start {
            out.push('…');
        }
        from = part.end;
        out.push_str(text.get(part).unwrap_or_default());
    }
    Ok(out)
}

/// The shape of a text that is not shown.
#[must_use]
pub fn shape(text: &str) -> String {
    let count = text.chars().count();
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let letters = if is_hexadecimal { "hexadecimal digit" } else { "character" };
    format!("a text of {count} {letters}{}", if count == 1 { "" } else { "s" })
}

/// Of an address its scheme, and its host, port and path: neither who logs in there nor what is asked for. None for what is no address.
#[must_use]
pub fn address(text: &str) -> Option<Vec<Range<usize>>> {
    let is_scheme =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '.' | '-');
    let colon = text.find("://").filter(|&at| at > 0)?;
    text.get(..colon)?.chars().all(is_scheme).then_some(())?;
    let start = colon + 3;
    let rest = text.get(start..)?;
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let login = rest.get(..authority)?.rfind('@').unwrap_or_default();
    let host = rest.get(login..authority)?.trim_start_matches('@');
    let is_host = |letter: char| {
        letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '[' | ']')
    };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.len() <= 5 => (name, port),
        _ => (host, ""),
    };
    let is_sound = port.bytes().all(|byte| byte.is_ascii_digit())
        && (name.chars().all(is_host) || name.starts_with('[') && name.ends_with(']'));
    let path = rest.get(authority..)?;
    // An `@` behind a slash ends a login that nobody encoded.
    if !is_sound || path.contains('@') && host.contains(':') {
        return Some(std::iter::once(0..start).collect());
    }
    let ends = |letter: char| matches!(letter, '?' | '#' | ';') || letter.is_ascii_whitespace();
    let end = path.find(ends);
    // The sign that something follows is shown, too.
    let end = start + authority + end.map_or(path.len(), |at| at + 1);
    Some(vec![0..start, start + login..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::name::Name;
    use crate::model::parameter::Slot;

    #[test]
    fn of_an_address_only_where_it_leads_is_shown() {
        for (written, expected) in [
            ("https://commerce.adobe.io/", "https://commerce.adobe.io/"),
            ("http://proxy:8080/a/b?token=x&pw=y", "http://proxy:8080/a/b?…"),
            ("http://proxy.example#x", "http://proxy.example#…"),
            ("http://u:p@proxy.example:1/x", "http://…@proxy.example:1/x"),
            ("http://token@[::1]:80/x;s=1", "http://…@[::1]:80/x;…"),
            ("http://u:p/w@proxy.example/", "http://…"),
            ("http://a b/", "http://…"),
        ] {
            let shown = shown(Parameter::Gateway(Slot::Production), written);
            assert_eq!(shown.as_deref(), Ok(expected), "{written}");
        }
        assert_eq!(address("no address"), None);
    }

    #[test]
    fn what_does_not_look_like_what_belongs_there_is_not_shown() {
        let id = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11";
        assert_eq!(shown(Parameter::DataSpace, id).as_deref(), Ok(id));
        let key = Parameter::ApiKey(Slot::Sandbox);
        assert_eq!(shown(key, "hunter2!xyz"), Err("a text of 11 characters".into()));
        assert_eq!(shown(key, &"0f".repeat(15)), Err("a text of 30 hexadecimal digits".into()));
        assert_eq!(shown(Parameter::DataSpaceType, "TESTING").as_deref(), Ok("TESTING"));
        assert!(shown(Parameter::ActiveSlot, "hunter2").is_err());
        assert_eq!(shown(Parameter::ProjectName, "My shop").as_deref(), Ok("My shop"));
        let foreign = Parameter::Watched(Name::of("smtp/general/host").expect("it is short"));
        for hidden in ["hunter2", "https://hooks.example/T0/hunter2", "4711"] {
            assert!(shown(foreign, hidden).is_err(), "{hidden}");
        }
        assert_eq!(shown(foreign, "Yes").as_deref(), Ok("Yes"));
    }
}
