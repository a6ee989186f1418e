//! Storefronts: the identifiers that a page shows to every visitor.
//!
//! Source: Adobe's *Commerce storefront* documentation, the headers of `config.json` (`Magento-Environment-Id`, `x-api-key`) and the
//! older rows of `configs.json` (`commerce-environment-id`); `commerce-endpoint` of a storefront of Commerce Optimizer.

use std::collections::BTreeSet;

use crate::model::storefront::{PublicCopy, Shown, optimizer};
use crate::model::uuid::{fold_uuid, is_uuid};
use crate::syntax::Node;

/// What is left of the names of a data space without their prefixes.
const DATA_SPACE: &str = "environment-id";

/// What is left of the names of a public key.
const API_KEY: &str = "api-key";

/// What the names of addresses end with.
const ENDPOINT: &str = "endpoint";

/// The copies of identifiers in a document; of a Commerce Optimizer that several addresses name, the first.
#[must_use]
pub fn copies(document: &Node) -> Vec<PublicCopy> {
    let mut copies = Vec::new();
    read(document, &mut copies);
    let is_key = |copy: &PublicCopy| matches!(copy.shown, Shown::ApiKey(_));
    if copies.iter().all(is_key) {
        return Vec::new();
    }
    let mut tenants = BTreeSet::new();
    copies.retain(|copy| match &copy.shown {
        Shown::Tenant(tenant) => tenants.insert(tenant.clone()),
        _ => true,
    });
    copies
}

fn read(node: &Node, copies: &mut Vec<PublicCopy>) {
    let pair = || Some((node.get("key")?.as_str()?, node.get("value")?));
    copies.extend(pair().and_then(|(name, value)| copy(name, value)));
    for entry in node.entries() {
        copies.extend(entry.key.as_str().and_then(|name| copy(name, &entry.value)));
        read(&entry.value, copies);
    }
    node.items().iter().for_each(|item| read(item, copies));
}

fn copy(name: &str, value: &Node) -> Option<PublicCopy> {
    let name = name.to_ascii_lowercase();
    let text = value.as_str()?.trim();
    let shown = if name.ends_with(DATA_SPACE) && is_uuid(text) {
        Shown::DataSpace(fold_uuid(text)?)
    } else if name.ends_with(API_KEY) && is_api_key(text) {
        Shown::ApiKey(text.to_ascii_lowercase())
    } else if name.ends_with(ENDPOINT) {
        Shown::Tenant(optimizer(text)?.tenant.to_owned())
    } else {
        return None;
    };
    Some(PublicCopy { at: value.at, shown, text: text.to_owned(), instance: None })
}

fn is_api_key(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::syntax::{Format as _, json::Json};

    fn shown(text: &str) -> Vec<Shown> {
        let parsed = Json.parse(SourceId(0), text);
        parsed.documents.iter().flat_map(copies).map(|copy| copy.shown).collect()
    }

    const SPACE: &str = "5a1f6c1e-6d0b-4a57-9a35-2f4f0a9c8d11";
    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn identifiers_stand_in_headers_and_in_rows() {
        let both = [Shown::DataSpace(SPACE.into()), Shown::ApiKey(KEY.into())];
        let headers = format!(
            r#"{{"public":{{"default":{{"headers":{{"cs":{{"Magento-Environment-Id":"{SPACE}","x-api-key":"{KEY}"}}}}}}}}}}"#
        );
        assert_eq!(shown(&headers), both);
        let rows = format!(
            r#"{{"data":[{{"key":"commerce-environment-id","value":"{SPACE}"}},{{"key":"commerce-x-api-key","value":"{KEY}"}}]}}"#
        );
        assert_eq!(shown(&rows), both);
    }

    #[test]
    fn an_optimizer_is_named_by_the_endpoint_and_once() {
        let endpoint = "https://na1-sandbox.api.commerce.adobe.com/Xk3Tenant9/graphql";
        let text = format!(
            r#"{{"public":{{"default":{{"commerce-core-endpoint":"{endpoint}","commerce-endpoint":"{endpoint}"}}}}}}"#
        );
        assert_eq!(shown(&text), [Shown::Tenant("Xk3Tenant9".into())]);
        assert_eq!(shown(&text.replace("api.commerce", "shop")), []);
        assert_eq!(shown(&text.replace("-endpoint", "-docs")), []);
    }

    #[test]
    fn other_documents_with_keys_are_no_storefronts() {
        assert_eq!(shown(&format!(r#"{{"x-api-key":"{KEY}","environment-id":"prod"}}"#)), []);
    }
}
