//! A made-up monorepo of Magento shops: what such a tree holds, in such proportions, the same on every run.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// How many files [`write`] writes.
pub const FILES: usize = 20_000;

/// How many shops a tree of few instances has, each with two.
pub const FEW: usize = 25;

/// The same of one with many instances.
#[allow(dead_code, reason = "not every benchmark has two trees")]
pub const MANY: usize = 167;
const MEDIAN_BYTES: f64 = 3_400.0;
const SPREAD: f64 = 0.9;

const WORDS: [&str; 48] = [
    "Magento",
    "Catalog",
    "Checkout",
    "Payment",
    "Customer",
    "Quote",
    "Sales",
    "Store",
    "Config",
    "Product",
    "Collection",
    "Repository",
    "Interface",
    "Factory",
    "Model",
    "Resource",
    "Block",
    "Helper",
    "Plugin",
    "Observer",
    "Setup",
    "Data",
    "Api",
    "Url",
    "Layout",
    "Price",
    "Tax",
    "Shipping",
    "Address",
    "Item",
    "Option",
    "Stock",
    "Index",
    "Cache",
    "Email",
    "Template",
    "Admin",
    "User",
    "Role",
    "Session",
    "Request",
    "Response",
    "Result",
    "Page",
    "Media",
    "Image",
    "Search",
    "Category",
];

const SNAKES: [&str; 67] = [
    "entity_id",
    "store_id",
    "payment_method",
    "is_active",
    "created_at",
    "updated_at",
    "base_url",
    "customer_group_id",
    "items_count",
    "price_type",
    "shipping_method",
    "tax_class_id",
    "quote_id",
    "increment_id",
    "grand_total",
    "is_visible",
    "sort_order",
    "attribute_code",
    "backend_model",
    "source_model",
    "website_id",
    "additional_information",
    "address_type",
    "cache_lifetime",
    "attribute_set_id",
    "customer_email",
    "base_currency_code",
    "discount_amount",
    "subtotal_incl_tax",
    "cart_item_id",
    "region_code",
    "street_line",
    "postcode_validation",
    "email_template",
    "admin_user",
    "frontend_label",
    "default_value",
    "option_type_id",
    "row_total",
    "weee_tax_applied",
    "product_sku",
    "qty_ordered",
    "visibility_filter",
    "url_key",
    "meta_title",
    "short_description",
    "special_from_date",
    "news_to_date",
    "media_gallery",
    "swatch_image",
    "small_image",
    "page_layout",
    "custom_design",
    "layout_update_xml",
    "cms_block",
    "root_category_id",
    "reset_token",
    "confirmation_key",
    "session_lifetime",
    "cookie_path",
    "csp_report",
    "page_size",
    "search_query",
    "stock_status",
    "min_sale_qty",
    "backorders_allowed",
    "services_config",
];

/// Writes the tree into an empty folder and returns its size in bytes.
#[allow(dead_code, reason = "not every benchmark has a folder")]
pub fn write(root: &Path, shops: usize) -> io::Result<u64> {
    let mut total = 0;
    each(shops, &mut |path, content| {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        total += content.len() as u64;
        fs::write(path, content)
    })?;
    Ok(total)
}

/// Hands over every file of the tree, path and content.
pub fn each(shops: usize, take: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for number in 0..FILES {
        let (path, content) = if number < shops * 2 {
            settings(number, &mut random)
        } else {
            other(number, shops, &mut random)
        };
        take(&path, &content)?;
    }
    Ok(())
}

/// One of the few files that deploy something: an `env.php` or Helm values of a shop.
fn settings(number: usize, random: &mut Random) -> (String, Vec<u8>) {
    let shop = number / 2;
    let data_space =
        format!("{:08x}-0000-4000-8000-{:012x}", random.below(u64::from(u32::MAX)), number);
    if number.is_multiple_of(2) {
        let path = format!("shops/shop{shop}/production/app/etc/env.php");
        let text = format!(
            "<?php\nreturn [\n    'backend' => ['frontName' => 'admin'],\n    'system' => [\n        'default' => [\n            'services_connector' => [\n                'services_id' => [\n                    'project_id' => 'project{shop}',\n                    'environment_id' => '{data_space}',\n                    'environment' => 'Production',\n                ],\n            ],\n        ],\n    ],\n];\n"
        );
        return (path, text.into_bytes());
    }
    let path = format!("shops/shop{shop}/chart/values-staging.yaml");
    let text = format!(
        "replicaCount: 2\nimage:\n  repository: registry.example.com/shop{shop}\nenv:\n  - name: CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID\n    value: {data_space}\n  - name: CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT\n    value: Testing\n"
    );
    (path, text.into_bytes())
}

fn other(number: usize, shops: usize, random: &mut Random) -> (String, Vec<u8>) {
    let length = if number.is_multiple_of(400) { 200_000 } else { random.length() };
    let (shop, module) = (random.below(shops as u64), random.below(20));
    let (word, kind) = (random.word(), random.below(100));
    let module = format!("shops/shop{shop}/app/code/Acme/Module{module}");
    let (path, line): (String, fn(&mut Random, &mut String)) = match kind {
        0..46 => (format!("{module}/Model/{word}{number}.php"), php),
        46..56 => (format!("{module}/etc/{word}{number}.xml"), xml),
        56..64 => (format!("{module}/view/frontend/web/js/{word}{number}.js"), script),
        64..70 => (format!("{module}/view/frontend/web/css/{word}{number}.less"), style),
        70..77 => (format!("{module}/i18n/{word}{number}.json"), json),
        77..87 => (format!("k8s/shop{shop}/{word}{number}.yaml"), yaml),
        87..92 => (format!("{module}/docs/{word}{number}.md"), prose),
        _ => {
            return (
                format!("{module}/view/frontend/web/images/{word}{number}.png"),
                random.bytes(length),
            );
        }
    };
    let mut text = String::from(if path.contains(".php") {
        "<?php\ndeclare(strict_types=1);\n\n"
    } else {
        ""
    });
    while text.len() < length {
        line(random, &mut text);
    }
    if path.contains(".json") {
        text = format!("{{\n{}\n}}\n", text.trim_end().trim_end_matches(','));
    }
    (path, text.into_bytes())
}

fn add(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes any text");
}

fn php(random: &mut Random, out: &mut String) {
    let (a, b, c) = (random.word(), random.word(), random.snake());
    match random.below(4) {
        0 => add(out, format_args!("use Magento\\{a}\\Api\\{b}Interface;\n")),
        1 => add(
            out,
            format_args!(
                "    /**\n     * Get {c} of {a}\n     *\n     * @param {b}Interface ${c}\n     * @return string|null\n     */\n"
            ),
        ),
        2 => add(
            out,
            format_args!(
                "    public function get{a}{b}(int ${c}): ?{b}\n    {{\n        return $this->{c}[self::{}] ?? null;\n    }}\n\n",
                c.to_uppercase()
            ),
        ),
        _ => add(
            out,
            format_args!(
                "        $this->{c} = $this->scopeConfig->getValue('{}/{}/{c}');\n",
                a.to_lowercase(),
                b.to_lowercase()
            ),
        ),
    }
}

fn xml(random: &mut Random, out: &mut String) {
    let (a, b, c) = (random.word(), random.word(), random.snake());
    add(
        out,
        format_args!(
            "    <type name=\"Magento\\{a}\\Model\\{b}\">\n        <plugin name=\"{c}\" type=\"Acme\\{b}\\Plugin\\{a}\" sortOrder=\"10\"/>\n    </type>\n"
        ),
    );
}

fn script(random: &mut Random, out: &mut String) {
    let (a, b, c) = (random.word(), random.word(), random.snake());
    add(
        out,
        format_args!(
            "define(['jquery', 'Magento_{a}/js/{b}'], function ($, view) {{ 'use strict'; return view.extend({{ {c}: ko.observable('{b}') }}); }});\n"
        ),
    );
}

fn style(random: &mut Random, out: &mut String) {
    let (a, b) = (random.word(), random.word());
    add(
        out,
        format_args!(
            ".{}-{} {{\n    margin: 0 auto {}px;\n    color: @color-gray{};\n}}\n",
            a.to_lowercase(),
            b.to_lowercase(),
            random.below(40),
            random.below(90)
        ),
    );
}

fn json(random: &mut Random, out: &mut String) {
    let (a, b, c) = (random.word(), random.word(), random.snake());
    add(
        out,
        format_args!(
            "    \"{c}\": {{\"label\": \"{a} {b}\", \"url\": \"https:\\/\\/example.com\\/{b}\", \"html\": \"\\u003cb\\u003e\"}},\n"
        ),
    );
}

fn yaml(random: &mut Random, out: &mut String) {
    let (a, c) = (random.word().to_lowercase(), random.snake());
    add(
        out,
        format_args!(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {a}\n  labels: {{app.kubernetes.io/name: {a}}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: {a}\n          image: registry.example.com/{a}:1.{}\n          env:\n            - name: {}\n              value: \"{}\"\n",
            random.below(90),
            c.to_uppercase(),
            random.below(9000)
        ),
    );
}

fn prose(random: &mut Random, out: &mut String) {
    for _ in 0..12 {
        let word = random.word();
        add(out, format_args!("{word} "));
    }
    out.push('\n');
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let at = usize::try_from(self.below(words.len() as u64)).unwrap_or_default();
        words.get(at).copied().unwrap_or_default()
    }

    fn word(&mut self) -> &'static str {
        self.pick(&WORDS)
    }

    /// A name with underscores; once in a while one that the sift must take for a setting's.
    fn snake(&mut self) -> &'static str {
        if self.below(5_000) == 0 { "payment_methods" } else { self.pick(&SNAKES) }
    }

    /// A file's length, log-normal: the sum of twelve uniform numbers is near enough to a normal one.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most a few megabytes"
    )]
    fn length(&mut self) -> usize {
        let mut uniform = || {
            f64::from(u32::try_from(self.below(1 << 20)).unwrap_or_default()) / f64::from(1 << 20)
        };
        let normal = std::iter::repeat_with(&mut uniform).take(12).sum::<f64>() - 6.0;
        (MEDIAN_BYTES * (normal * SPREAD).exp()) as usize
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.next().to_le_bytes()).flatten().take(length).collect()
    }
}
