//! What is a change between two states of a tree and what is not, through the whole pipeline but git.

mod states;

use std::fs;
use std::path::Path;

use commerce_lint::source::Location;

use states::*;

const SPACE: &str = "5a1f6c1e-6d0b-4a57-9a35-2f4f0a9c8d11";
const OTHER: &str = "c7e2b0d4-3f18-4b6a-8e59-71d0a6b3f422";
const KEY: &str = "7d9f2c4be81a4f0d93c65a0b1e7f8842";
const NEW_KEY: &str = "19c0e7a52b364d8fa1d2407c95be6630";
const PROD: &str = "deploy/.env.prod";
const STAGING: &str = "deploy/.env.staging";

const DATA_SPACE: &str = "services_connector/services_id/environment_id";
const PROJECT: &str = "services_connector/services_id/project_id";
const LABEL: &str = "services_connector/services_id/environment_name";
const API_KEY: &str = "services_connector/services_connector_integration/production_api_key";
const PRIVATE_KEY: &str =
    "services_connector/services_connector_integration/production_private_key";
const SLOT: &str = "magento_saas/environment";
const PAYMENTS: &str = "payment/payment_methods/method";

const DATA_SPACE_CHANGE: &str = "production-data-space-change";
const PROJECT_CHANGE: &str = "production-project-change";
const TOGETHER: &str = "key-and-data-space-change";
const KEY_CHANGE: &str = "production-key-change";
const PARTIAL: &str = "partial-key-rotation";
const HALF: &str = "half-rotated-key-pair";
const SLOT_CHANGE: &str = "production-slot-change";
const DEMOTED: &str = "production-demoted";

/// What is found where one file of production changes.
fn in_production(before: &[(&str, &str)], now: &[(&str, &str)]) -> Vec<String> {
    broken(&[(PROD, &dotenv(before))], &[(PROD, &dotenv(now))])
}

const NOTHING: [&str; 0] = [];

#[test]
fn another_data_space_none_and_a_blank_one_are_changes() {
    let before = [(DATA_SPACE, SPACE), (PROJECT, "retail")];
    for now in [
        &[(DATA_SPACE, OTHER), (PROJECT, "retail")][..],
        &[(DATA_SPACE, ""), (PROJECT, "retail")],
        &[(PROJECT, "retail")],
    ] {
        assert_eq!(in_production(&before, now), [DATA_SPACE_CHANGE], "{now:?}");
    }
    for now in [
        &[(DATA_SPACE, SPACE), (PROJECT, "wholesale")][..],
        &[(DATA_SPACE, SPACE), (PROJECT, "")],
        &[(DATA_SPACE, SPACE)],
    ] {
        assert_eq!(in_production(&before, now), [PROJECT_CHANGE], "{now:?}");
    }
    assert_eq!(in_production(&before, &[]), [DATA_SPACE_CHANGE, PROJECT_CHANGE]);
}

/// A text that waits to be replaced finds no data, and was none where it was there before.
#[test]
fn a_placeholder_in_the_place_of_an_id_is_a_loss() {
    for text in ["CHANGEME", "TODO", "<data space id>"] {
        let (is, project) = ([(DATA_SPACE, text)], [(PROJECT, text)]);
        assert_eq!(in_production(&[(DATA_SPACE, SPACE)], &is), [DATA_SPACE_CHANGE], "{text}");
        assert_eq!(in_production(&[(PROJECT, "retail")], &project), [PROJECT_CHANGE], "{text}");
        assert_eq!(in_production(&is, &[(DATA_SPACE, SPACE)]), NOTHING, "{text}");
        assert_eq!(in_production(&is, &[(DATA_SPACE, "TBD")]), NOTHING, "{text}");
        assert_eq!(in_production(&[(API_KEY, KEY)], &[(API_KEY, text)]), NOTHING, "{text}");
    }
    let (before, now) = (dotenv(&[(DATA_SPACE, SPACE)]), dotenv(&[(DATA_SPACE, "TODO")]));
    assert_eq!(
        told(&[(PROD, &before)], &[(PROD, &now)]),
        format!(
            "{PROD}:2: data space `{SPACE}` of `production` was replaced by a placeholder [production-data-space-change]\n  {PROD}:2: now a placeholder\n  \
             1f0c2ab:{PROD}:2: before\n"
        )
    );
}

/// Where production moves and gets another data space at once, its lines or its place tell which one it was.
#[test]
fn production_that_moves_and_changes_at_once_is_told() {
    let text = |shop: &str, space: &str| {
        format!("HOST={shop}\nDB={shop}\n{}", dotenv(&[(DATA_SPACE, space)]))
    };
    let staging = dotenv(&[(DATA_SPACE, "0d9e1c7a-52f4-4b3a-9c68-7e1f2a3b4c5d")]);
    let staging = ("d/staging/.env", staging.as_str());
    let (one, other) = (text("shop", SPACE), text("shop", OTHER));
    let moved = [DATA_SPACE_CHANGE, DEMOTED];
    assert_eq!(broken(&[("d/prod/.env", &one), staging], &[("d/eu/.env", &other), staging]), moved);
    // Of one line, nothing is the same but its place.
    let line = |space: &str| dotenv(&[(DATA_SPACE, space)]).replace("APP=shop\n", "");
    let (was, is) = (line(SPACE), line(OTHER));
    assert_eq!(broken(&[("d/prod/.env", &was), staging], &[("d/eu/.env", &is), staging]), moved);
    // Not where it becomes a test, or where several come.
    let uat = [("d/uat/.env", &*is), staging];
    assert_eq!(broken(&[("d/prod/.env", &was), staging], &uat), [DEMOTED]);
    let third = line("2d7c1b9e-4f60-4a8d-b3c5-8e1f0a6d7b24");
    let several = [("d/eu/.env", &*is), ("d/us/.env", &third), staging];
    assert_eq!(broken(&[("d/prod/.env", &was), staging], &several), [DEMOTED]);
    // Of several, each by its lines.
    let (de, fr) = (text("de", SPACE), text("fr", "2d7c1b9e-4f60-4a8d-b3c5-8e1f0a6d7b24"));
    let (eu, us) = (text("fr", "2d7c1b9e-4f60-4a8d-b3c5-8e1f0a6d7b24"), text("de", OTHER));
    let before = [("d/de/prod/.env", &*de), ("d/fr/prod/.env", &fr)];
    let now = [("d/eu/prod/.env", &*eu), ("d/us/prod/.env", &us)];
    let (_, found) = found(&before, &now);
    let told: Vec<&str> = found.iter().map(|found| &*found.finding.message).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with(&format!("data space of `de-production` changed from `{SPACE}`")),
        "{told:?}"
    );
}

#[test]
fn what_says_the_same_or_says_nothing_is_no_change() {
    let pem = key("rsa-pkcs8.pem");
    let ciphertext = "0:3:4mY2bJmZ0cQ1r8Xw5s7u9vAeGhKkNnPpSsVvYyBbEeHh";
    let other_ciphertext = "0:3:9rT6bJmZ0cQ1r8Xw5s7u9vAeGhKkNnPpSsVvYyBbEeHh";
    let upper = format!("{{{}}}", SPACE.to_uppercase());
    let cases: [(Tree<'_>, Tree<'_>); 12] = [
        (&[(DATA_SPACE, SPACE)], &[(DATA_SPACE, &upper)]),
        (&[(DATA_SPACE, SPACE), (LABEL, "Main")], &[(DATA_SPACE, SPACE), (LABEL, "Retail")]),
        (&[(PROJECT, "retail")], &[(PROJECT, "retail"), (DATA_SPACE, SPACE)]),
        (&[(PROJECT, "retail"), (DATA_SPACE, "")], &[(PROJECT, "retail"), (DATA_SPACE, SPACE)]),
        (&[(DATA_SPACE, SPACE)], &[(DATA_SPACE, "${SPACE}")]),
        (&[(DATA_SPACE, "${SPACE}")], &[(DATA_SPACE, SPACE)]),
        (&[(DATA_SPACE, "${SPACE}")], &[(DATA_SPACE, "${OTHER}")]),
        (&[(DATA_SPACE, "not-a-uuid")], &[(DATA_SPACE, "not-a-uuid ")]),
        (&[(PRIVATE_KEY, ciphertext)], &[(PRIVATE_KEY, other_ciphertext)]),
        (&[(PRIVATE_KEY, &pem)], &[(PRIVATE_KEY, ciphertext)]),
        (&[(PRIVATE_KEY, "${KEY}")], &[(PRIVATE_KEY, ciphertext)]),
        (&[(DATA_SPACE, SPACE), (API_KEY, KEY)], &[(DATA_SPACE, SPACE), (API_KEY, "${KEY}")]),
    ];
    for (before, now) in cases {
        assert_eq!(in_production(before, now), NOTHING, "{before:?} {now:?}");
    }
}

#[test]
fn only_production_is_guarded() {
    let (before, now) = (dotenv(&[(DATA_SPACE, SPACE)]), dotenv(&[(DATA_SPACE, OTHER)]));
    assert_eq!(broken(&[(STAGING, &before)], &[(STAGING, &now)]), NOTHING);
    assert_eq!(broken(&[], &[(PROD, &now)]), NOTHING);
}

#[test]
fn a_value_that_moves_to_another_layer_or_file_is_no_change() {
    let (variable, php) = (dotenv(&[(DATA_SPACE, SPACE)]), env_php(&format!("'{SPACE}'")));
    let file = "app/etc/env.prod.php";
    assert_eq!(broken(&[(file, &php)], &[(PROD, &variable)]), NOTHING);
    assert_eq!(broken(&[(file, &php)], &[(file, &env_php("null")), (PROD, &variable)]), NOTHING);
    // A file of another name, and one whose name has other words.
    assert_eq!(broken(&[(PROD, &variable)], &[("ops/prod.env", &variable)]), NOTHING);
    assert_eq!(broken(&[(PROD, &variable)], &[("deploy/eu/.env.prod", &variable)]), NOTHING);
    // A value that was overridden is lost, or the one that overrides changes.
    let both = [(file, php.as_str()), (PROD, &variable)];
    assert_eq!(broken(&both, &[(PROD, &variable)]), NOTHING);
    let other = dotenv(&[(DATA_SPACE, OTHER)]);
    assert_eq!(broken(&both, &[(file, &php), (PROD, &other)]), [DATA_SPACE_CHANGE]);
    assert_eq!(broken(&[(file, &php)], &[(file, &php), (PROD, &other)]), [DATA_SPACE_CHANGE]);
}

#[test]
fn a_base_file_far_away_changes_production() {
    let values = |space: &str| format!("saas:\n  {DATA_SPACE}: {space}\n");
    let own = format!("saas:\n  {PROJECT}: retail\n");
    let tree =
        |base: &str| [("chart/values.yaml", values(base)), ("chart/values-prod.yaml", own.clone())];
    let (before, now) = (tree(SPACE), tree(OTHER));
    let before = lent(&before);
    let now = lent(&now);
    assert_eq!(
        told(&before, &now),
        format!(
            "chart/values.yaml:2: data space of `production` changed from `{SPACE}` to `{OTHER}` [production-data-space-change]\n  \
             chart/values.yaml:2: now\n  1f0c2ab:chart/values.yaml:2: before\n"
        )
    );
}

#[test]
fn what_is_removed_is_told_at_what_remains() {
    let before = dotenv(&[(DATA_SPACE, SPACE), (PROJECT, "retail")]);
    let beside = dotenv(&[(PROJECT, "retail")]);
    let removed = format!(
        "data space `{SPACE}` of `production` was removed [production-data-space-change]\n"
    );
    assert_eq!(
        told(&[(PROD, &before)], &[(PROD, &beside)]),
        format!("{PROD}:2: {removed}  {PROD}:2: removed beside this\n  1f0c2ab:{PROD}:2: before\n")
    );
    // The file is gone and another of the instance is left.
    let (php, alone) = ("app/etc/env.prod.php", dotenv(&[(DATA_SPACE, SPACE)]));
    let payments = "<?php\nreturn ['system' => ['default' => ['payment' => ['payment_methods' => ['method' => 'production']]]]];\n";
    assert_eq!(
        told(&[(PROD, &alone), (php, payments)], &[(php, payments)]),
        format!("{php}:1: {removed}  {php}:1: no longer set\n  1f0c2ab:{PROD}:2: before\n")
    );
    // The file is there and holds nothing.
    assert_eq!(
        told(&[(PROD, &alone)], &[(PROD, "APP=shop\n")]),
        format!("{PROD}:1: {removed}  {PROD}:1: no longer set\n  1f0c2ab:{PROD}:2: before\n")
    );
}

#[test]
fn what_may_come_from_elsewhere_or_cannot_be_read_is_not_removed() {
    let workload = |env: &str| {
        format!(
            "kind: Deployment\nmetadata: {{name: shop}}\nspec: {{template: {{spec: {{containers: [{{name: php, {env}}}]}}}}}}\n"
        )
    };
    let variable = format!("CONFIG__DEFAULT__{}", DATA_SPACE.to_uppercase().replace('/', "__"));
    let plain = workload(&format!("env: [{{name: {variable}, value: {SPACE}}}]"));
    let secret = workload("envFrom: [{secretRef: {name: magento}}]");
    let path = "k8s/prod/deployment.yaml";
    assert_eq!(broken(&[(path, &plain)], &[(path, &secret)]), NOTHING);
    let php = env_php(&format!("'{SPACE}'"));
    let broken_php = php.replace("return [", "return [[[;");
    let file = "app/etc/env.prod.php";
    assert_eq!(broken(&[(file, &php)], &[(file, &broken_php)]), NOTHING);
}

#[test]
fn keys_that_change_alone_or_together_with_the_data_space() {
    let before = [(API_KEY, KEY), (PRIVATE_KEY, "${KEY}"), (DATA_SPACE, SPACE)];
    let rotated = [(API_KEY, NEW_KEY), (PRIVATE_KEY, "${KEY}"), (DATA_SPACE, SPACE)];
    assert_eq!(in_production(&before, &rotated), [KEY_CHANGE]);
    let both = [(API_KEY, NEW_KEY), (PRIVATE_KEY, "${KEY}"), (DATA_SPACE, OTHER)];
    assert_eq!(in_production(&before, &both), [TOGETHER]);
    let removed = [(PRIVATE_KEY, "${KEY}")];
    assert_eq!(in_production(&before, &removed), [DATA_SPACE_CHANGE, KEY_CHANGE]);
    // The keys of the slot that is not in use.
    let sandbox = "services_connector/services_connector_integration/sandbox_api_key";
    assert_eq!(in_production(&[(sandbox, KEY)], &[(sandbox, NEW_KEY)]), NOTHING);
    let in_use = [(sandbox, KEY), (SLOT, "sandbox")];
    assert_eq!(in_production(&in_use, &[(sandbox, NEW_KEY), (SLOT, "sandbox")]), [KEY_CHANGE]);
}

#[test]
fn a_key_pair_that_is_rotated_by_half() {
    let pem = key("rsa-pkcs8.pem");
    let escaped = pem.replace('\n', "\\n");
    let other = key("ec-pkcs8.pem");
    let before = [(API_KEY, KEY), (PRIVATE_KEY, pem.as_str())];
    assert_eq!(in_production(&before, &[(API_KEY, NEW_KEY), (PRIVATE_KEY, &pem)]), [HALF]);
    assert_eq!(in_production(&before, &[(API_KEY, KEY), (PRIVATE_KEY, &other)]), [HALF]);
    assert_eq!(in_production(&before, &[(API_KEY, NEW_KEY), (PRIVATE_KEY, &other)]), [KEY_CHANGE]);
    assert_eq!(in_production(&before, &[(API_KEY, KEY), (PRIVATE_KEY, &escaped)]), NOTHING);
    let (old, new) = (dotenv(&before), dotenv(&[(API_KEY, NEW_KEY), (PRIVATE_KEY, &pem)]));
    assert_eq!(broken(&[(STAGING, &old)], &[(STAGING, &new)]), [HALF]);
}

#[test]
fn a_key_that_is_rotated_in_some_instances_of_an_account() {
    let (old, new) = (dotenv(&[(API_KEY, KEY)]), dotenv(&[(API_KEY, NEW_KEY)]));
    let reference = dotenv(&[(API_KEY, "${KEY}")]);
    let before = [(PROD, old.as_str()), (STAGING, &old)];
    assert_eq!(broken(&before, &[(PROD, &new), (STAGING, &new)]), [KEY_CHANGE]);
    assert_eq!(broken(&before, &[(PROD, &new), (STAGING, &reference)]), [KEY_CHANGE]);
    assert_eq!(
        told(&before, &[(PROD, &old), (STAGING, &new)]),
        format!(
            "{PROD}:2: `production_api_key` changed in `staging`, but not in `production` [partial-key-rotation]\n  {PROD}:2: still the old key\n  \
             {STAGING}:2: the new key\n  1f0c2ab:{STAGING}:2: before\n"
        )
    );
    assert_eq!(broken(&before, &[(PROD, &new), (STAGING, &old)]), [PARTIAL, KEY_CHANGE]);
    // Two accounts have nothing to do with each other.
    let two = [("shops/acme/.env.prod", old.as_str()), ("shops/globex/.env.staging", &old)];
    assert_eq!(broken(&two, &[two[0], (two[1].0, &new)]), NOTHING);
}

/// What production shared with another installation is not to be put back.
#[test]
fn what_ends_a_sharing_is_not_sent_back() {
    let both = |space: &'static str, project: &'static str, key: &'static str| {
        dotenv(&[(DATA_SPACE, space), (PROJECT, project), (API_KEY, key)])
    };
    let shared = both(OTHER, "staging", KEY);
    let helps = |now: &str| {
        let before = [(PROD, shared.as_str()), (STAGING, &shared)];
        let (_, found) = found(&before, &[(PROD, now), (STAGING, &shared)]);
        found.into_iter().map(|found| found.finding.help).collect::<Vec<_>>()
    };
    let apart = helps(&both(SPACE, "retail", KEY));
    assert_eq!(apart.len(), 2, "{apart:?}");
    assert!(apart.iter().all(|help| help.starts_with("go on, since `staging` used")), "{apart:?}");
    let together = helps(&both(SPACE, "retail", NEW_KEY));
    assert!(
        together.iter().any(|help| help.contains("since `staging` used the same one")),
        "{together:?}"
    );
    assert!(!together.iter().any(|help| help.contains("or neither")), "{together:?}");
}

#[test]
fn a_slot_that_is_switched() {
    let with = |slot: &'static str| [(DATA_SPACE, SPACE), (SLOT, slot)];
    let without = [(DATA_SPACE, SPACE)];
    assert_eq!(in_production(&with("production"), &with("sandbox")), [SLOT_CHANGE]);
    assert_eq!(in_production(&without, &with("sandbox")), [SLOT_CHANGE]);
    assert_eq!(in_production(&with("sandbox"), &without), [SLOT_CHANGE]);
    assert_eq!(in_production(&without, &with("production")), NOTHING);
    assert_eq!(in_production(&with("production"), &without), NOTHING);
    assert_eq!(in_production(&with("production"), &with("Production ")), NOTHING);
    assert_eq!(in_production(&with("production"), &with("${SLOT}")), NOTHING);
    let with = |method: &'static str| [(DATA_SPACE, SPACE), (PAYMENTS, method)];
    assert_eq!(in_production(&with("production"), &with("sandbox")), [SLOT_CHANGE]);
    assert_eq!(in_production(&with("sandbox"), &with("production")), [SLOT_CHANGE]);
    assert_eq!(in_production(&with("production"), &without), [SLOT_CHANGE]);
    assert_eq!(in_production(&without, &with("production")), NOTHING);
    assert_eq!(in_production(&without, &with("sandbox")), NOTHING);
}

#[test]
fn payments_that_are_switched_at_a_store() {
    let tree = |default: &str, store: &str| {
        let method =
            |value: &str| format!("['payment' => ['payment_methods' => ['method' => {value}]]]");
        let store = if store.is_empty() { "[]".to_owned() } else { method(store) };
        format!(
            "<?php\nreturn ['system' => [\n'default' => {},\n'stores' => ['de' => {store}],\n]];\n",
            method(default)
        )
    };
    let path = "app/etc/env.prod.php";
    let of = |before: (&str, &str), now: (&str, &str)| {
        let (before, now) = (tree(before.0, before.1), tree(now.0, now.1));
        let (sources, found) = found(&[(path, &before)], &[(path, &now)]);
        let line = |at: Location| sources.positions(at).0.line;
        let texts = found
            .iter()
            .map(|one| format!("{}: {}", line(one.finding.primary.at), one.finding.message));
        texts.collect::<Vec<_>>()
    };
    let (live, test) = ("'production'", "'sandbox'");
    let switched = "switched from `production` to `sandbox`";
    let at_store = format!("4: payments at store `de` of `production` {switched}");
    assert_eq!(of((live, live), (live, test)), std::slice::from_ref(&at_store));
    assert_eq!(of((live, ""), (live, test)), [at_store]);
    assert_eq!(of((live, live), (live, "")), NOTHING);
    assert_eq!(of((live, test), (live, "getenv('X')")), NOTHING);
    let everywhere = format!("3: payments of `production` {switched}");
    assert_eq!(of((live, live), (test, live)), [everywhere]);
}

#[test]
fn production_that_is_gone_or_is_production_no_longer() {
    let text = dotenv(&[(DATA_SPACE, SPACE)]);
    let staging = dotenv(&[(DATA_SPACE, OTHER)]);
    let before = [(PROD, text.as_str()), (STAGING, &staging)];
    assert_eq!(
        told(&before, &[(STAGING, &staging)]),
        format!(
            "1f0c2ab:{PROD}:2: `production` was production and is gone [production-demoted]\n  1f0c2ab:{PROD}:2: \n"
        )
    );
    let uat = "deploy/.env.uat";
    assert_eq!(
        told(&before, &[(uat, &text), (STAGING, &staging)]),
        format!(
            "{uat}:2: `production` was production and, as `uat`, is non-production now [production-demoted]\n  {uat}:2: \n  1f0c2ab:{PROD}:2: before\n"
        )
    );
    let declared = format!("[instances.shop]\nfiles = [\"{PROD}\"]\nkind = \"non-production\"\n");
    let now = [("commerce-lint.toml", declared.as_str()), before[0], before[1]];
    assert_eq!(broken(&before, &now), [DEMOTED]);
    assert_eq!(broken(&before, &[("ops/live.env", &text), (STAGING, &staging)]), NOTHING);
}

#[test]
fn an_instance_that_gets_another_name_is_known_again() {
    let typed = |space: &str| {
        format!(
            "saas:\n  {DATA_SPACE}: {space}\n  services_connector/services_id/environment: Production\n"
        )
    };
    let (one, other) = (typed(SPACE), typed(OTHER));
    let staging = format!("saas:\n  {DATA_SPACE}: 0d9e1c7a-52f4-4b3a-9c68-7e1f2a3b4c5d\n");
    let (plain, prod) = ("chart/values.yaml", "chart/values-prod.yaml");
    // A tree of one instance gets a second one, and a base.
    let split = [("chart/values-staging.yaml", staging.as_str()), (prod, &one), (plain, "a: b\n")];
    assert_eq!(broken(&[(plain, &one)], &split), NOTHING);
    let beside = [("chart/values-staging.yaml", staging.as_str()), (plain, &one)];
    assert_eq!(
        told(&[(plain, &one)], &beside),
        format!(
            "{plain}:1: `unnamed` was production and is no instance of its own any more [production-demoted]\n  {plain}:1: \n  {plain}:2: before\n"
        )
    );
    let changed = [split[0], (prod, &other), split[2]];
    assert_eq!(broken(&[(plain, &one)], &changed), [DATA_SPACE_CHANGE]);
    // Another shop comes in, and the first one gets its own folder.
    let shops = [("acme/env.prod.yaml", one.as_str()), ("globex/env.prod.yaml", &other)];
    assert_eq!(broken(&[("env.prod.yaml", &one)], &shops), NOTHING);
    assert_eq!(broken(&shops, &[("env.prod.yaml", &one), shops[1]]), NOTHING);
    // A declaration gives it another name and keeps its file.
    let declared =
        "[instances.shop-eu]\nfiles = [\"chart/values-prod.yaml\"]\nkind = \"production\"\n";
    let now = [("commerce-lint.toml", declared), (prod, &one)];
    assert_eq!(broken(&[(prod, &one)], &now), NOTHING);
    let now = [("commerce-lint.toml", declared), (prod, &other)];
    assert_eq!(broken(&[(prod, &one)], &now), [DATA_SPACE_CHANGE]);
    // One file has parts for several instances.
    let parts =
        |prod: &str| format!("environments:\n  staging:\n    {DATA_SPACE}: {OTHER}\n{prod}");
    let both = parts(&format!("  prod:\n    {DATA_SPACE}: {SPACE}\n"));
    let all = "deploy/all.yaml";
    assert_eq!(broken(&[(all, &both)], &[(all, &parts(""))]), [DEMOTED]);
}

#[test]
fn one_installation_under_two_names_counts_once() {
    let declared = "[instances.blue]\nfiles = [\"deploy/blue.env\"]\nkind = \"production\"\n[instances.green]\nfiles = [\"deploy/green.env\"]\nsame-as = \"blue\"\n";
    let tree = |space| {
        [
            ("commerce-lint.toml", declared.to_owned()),
            ("deploy/blue.env", dotenv(&[(DATA_SPACE, space)])),
            ("deploy/green.env", dotenv(&[(DATA_SPACE, space)])),
        ]
    };
    let (before, now) = (tree(SPACE), tree(OTHER));
    let before = lent(&before);
    let now = lent(&now);
    let (_, findings) = found(&before, &now);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].finding.related.len(), 3);
    assert_eq!(broken(&before, &before[..2]), NOTHING);
}

#[test]
fn files_that_only_get_longer_by_a_line_break_change_nothing() {
    let trees = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/trees");
    let mut count = 0;
    for tree in fs::read_dir(trees).expect("the trees are readable") {
        let tree = tree.expect("its entries are readable").path();
        if !tree.is_dir() {
            continue;
        }
        let mut before = texts(&tree);
        before.retain(|(path, _)| path != "commerce-lint.toml");
        let now: Vec<(String, String)> =
            before.iter().map(|(path, text)| (path.clone(), format!("{text}\n"))).collect();
        let told = told(&lent(&before), &lent(&now));
        assert_eq!(told, "", "{}", tree.display());
        count += 1;
    }
    assert!(count > 100, "{count} trees");
}
