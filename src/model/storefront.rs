//! What storefronts show: copies of the identifiers of their instances.

use crate::source::Location;

/// An identifier that a storefront sends along.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// A data space, folded.
    DataSpace(String),
    /// The public half of a key pair, in lower case.
    ApiKey(String),
    /// The tenant of a Commerce Optimizer whose catalog is asked for.
    Tenant(String),
}

/// A copy of an identifier in the configuration of a storefront; not a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicCopy {
    /// Where it stands.
    pub at: Location,
    /// What it is.
    pub shown: Shown,
    /// The text that it stands in.
    pub text: String,
    /// The name of the instance that the storefront's path names, if it names one of the tree.
    pub instance: Option<String>,
}

/// What an address of Commerce Optimizer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Optimizer<'a> {
    /// Whose catalog it is.
    pub tenant: &'a str,
    /// Whether it is a sandbox.
    pub is_sandbox: bool,
}

/// Reads an address of Commerce Optimizer: `https://<region>[-sandbox].api.commerce.adobe.com/<tenant>`, whatever follows.
///
/// Source: Adobe's page *Commerce Optimizer connector*.
#[must_use]
pub fn optimizer(address: &str) -> Option<Optimizer<'_>> {
    let address = address.trim();
    let (scheme, rest) = address.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let (host, path) = rest.split_once('/').filter(|_| is_web)?;
    let host = host.to_ascii_lowercase();
    let region = host.strip_suffix(".api.commerce.adobe.com")?;
    let tenant = path.split(['/', '?', '#']).next()?;
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_one = !tenant.is_empty() && tenant.bytes().all(is_word) && !region.contains('.');
    is_one.then_some(Optimizer { tenant, is_sandbox: region.ends_with("-sandbox") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_whose_optimizer_it_is() {
        let read = |address| optimizer(address).map(|found| (found.tenant, found.is_sandbox));
        for (address, expected) in [
            (
                "https://na1-sandbox.api.commerce.adobe.com/Xk3Tenant9/graphql",
                Some(("Xk3Tenant9", true)),
            ),
            (" HTTPS://NA1.api.commerce.adobe.com/Lm5Tenant2 ", Some(("Lm5Tenant2", false))),
            ("https://na1.api.commerce.adobe.com/", None),
            ("https://na1.api.commerce.adobe.com/<your-instance-id>/graphql", None),
            ("https://na1.api.commerce.adobe.com/${TENANT}/graphql", None),
            ("https://na1.api.commerce.adobe.com.example.com/Lm5Tenant2", None),
            ("https://shop.example.com/graphql", None),
        ] {
            assert_eq!(read(address), expected, "{address}");
        }
    }
}
