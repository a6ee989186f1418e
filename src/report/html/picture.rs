//! The map as a drawing: data spaces on the left, instances in the middle, key pairs on the right, each beside its own.
//!
//! What stands out by its colour has a thicker edge and a word as well.

use std::fmt::Write as _;

use super::escape::html;
use super::layout::{INSTANCE_WIDTH, Layout, PAIR_WIDTH, Place, SPACE_WIDTH};
use crate::model::instance::Kind;
use crate::report::map::{self, Map, Node, Pair, Space};
use crate::report::{count, printable};

/// The drawing of a map, or of one of its parts, by number.
#[must_use]
pub(super) fn draw(map: &Map<'_>, part: usize) -> String {
    let layout = Layout::of(map);
    let Layout { width, height, instance_x, space_x, pair_x, .. } = layout;
    let mut out = format!(
        "<div class=\"map\" tabindex=\"0\" role=\"region\" aria-label=\"Map {part}\"><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"map-title-{part}\" aria-describedby=\"map-text-{part}\">\n\
         <title id=\"map-title-{part}\">Instances, their data spaces and key pairs</title>\n<desc id=\"map-text-{part}\">{}</desc>\n",
        html(&described(map))
    );
    let mut heads = vec![(space_x, "data spaces"), (instance_x, "instances")];
    if !map.pairs.is_empty() {
        heads.push((pair_x, "key pairs"));
    }
    for (x, head) in heads {
        let _ = writeln!(out, "<text class=\"head\" x=\"{x}\" y=\"18\">{head}</text>");
    }
    edges(map, &layout, &mut out);
    for (pair, at) in map.pairs.iter().zip(&layout.pairs) {
        draw_pair(pair, pair_x, *at, &mut out);
    }
    for (node, at) in map.instances.iter().zip(&layout.instances) {
        draw_instance(node, (instance_x, space_x), *at, &mut out);
    }
    for (space, at) in map.spaces.iter().zip(&layout.spaces) {
        draw_space(space, space_x, *at, &mut out);
    }
    out + "</svg></div>\n"
}

fn edges(map: &Map<'_>, layout: &Layout, out: &mut String) {
    let mut edge = |class: &str, from: (usize, usize), to: (usize, usize)| {
        let ((x1, y1), (x2, y2)) = (from, to);
        let bend = usize::midpoint(x1, x2);
        let _ = writeln!(
            out,
            "<path class=\"edge {class}\" d=\"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}\"/>"
        );
    };
    for (pair, at) in map.pairs.iter().zip(&layout.pairs) {
        let class = if pair.total > 1 { "common" } else { "key" };
        for user in pair.users.iter().filter_map(|user| layout.instances.get(*user)) {
            let start = (layout.instance_x + INSTANCE_WIDTH, user.middle());
            edge(class, start, (layout.pair_x, at.middle()));
        }
    }
    for (space, at) in map.spaces.iter().zip(&layout.spaces) {
        let class = if space.is_shared { "shared" } else { "own" };
        for user in space.users.iter().filter_map(|user| layout.instances.get(*user)) {
            let end = (layout.instance_x, user.middle());
            edge(class, (layout.space_x + SPACE_WIDTH, at.middle()), end);
        }
        for reader in space.readers.iter().filter_map(|reader| layout.instances.get(*reader)) {
            let end = (layout.instance_x, reader.middle() + 10);
            edge("reads", (layout.space_x + SPACE_WIDTH, at.middle()), end);
        }
    }
}

fn draw_instance(node: &Node<'_>, (x, space_x): (usize, usize), at: Place, out: &mut String) {
    let Place { y, height } = at;
    let (kind, class) = match node.instance.kind.value {
        Kind::Production => ("production", "production"),
        Kind::NonProduction => ("non-production", "other"),
        Kind::Unknown => ("kind unknown", "unknown"),
    };
    let name = &node.instance.name;
    let keys =
        if node.keys.is_empty() { String::new() } else { format!(" · keys: {}", node.keys) };
    let _ = writeln!(
        out,
        "<g class=\"instance {class}\"><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{INSTANCE_WIDTH}\" height=\"{height}\" rx=\"7\"/>\
         <rect class=\"stripe\" x=\"{x}\" y=\"{y}\" width=\"7\" height=\"{height}\" rx=\"3\"/>\
         <svg x=\"{tx}\" y=\"{y}\" width=\"{room}\" height=\"{height}\"><text class=\"name\" y=\"19\">{}</text>\
         <text class=\"small\" y=\"35\">{kind}{keys}</text></svg></g>",
        html(&printable::label(name, 120)),
        html(&printable::label(name, 26)),
        tx = x + 18,
        room = INSTANCE_WIDTH - 26,
    );
    if !node.unknown.is_empty() {
        let (end, middle) = (space_x + SPACE_WIDTH, y + height / 2);
        let _ = writeln!(
            out,
            "<g class=\"nowhere\"><path class=\"edge\" d=\"M{} {middle}H{x}\"/><text class=\"small\" x=\"{end}\" y=\"{}\">{}</text></g>",
            end + 10,
            middle + 4,
            html(&printable::label(&node.unknown, 44)),
        );
    }
}

fn draw_space(space: &Space, x: usize, Place { y, height }: Place, out: &mut String) {
    let class = match (space.is_shared, space.users.is_empty()) {
        (true, _) => " shared",
        (_, true) => " foreign",
        _ => "",
    };
    let kind = match space.types.as_str() {
        "" => "type not set here".to_owned(),
        types => format!("type {}", printable::label(types, 30)),
    };
    let kind = match (space.users.len(), space.readers.len()) {
        (0, _) => "only read; no instance here owns it".to_owned(),
        (_, readers @ 1..) => format!("{kind} · also read by {readers}"),
        (2.., 0) if !space.is_shared => format!("{kind} · one installation"),
        _ => kind,
    };
    let _ = writeln!(
        out,
        "<g class=\"space{class}\"><rect x=\"{x}\" y=\"{y}\" width=\"{SPACE_WIDTH}\" height=\"{height}\" rx=\"14\"/>\
         <text class=\"id\" x=\"{tx}\" y=\"{t1}\">{}</text><text class=\"small\" x=\"{tx}\" y=\"{t2}\">{}</text>",
        html(&space.id),
        html(&kind),
        tx = x + 16,
        t1 = y + 22,
        t2 = y + 39,
    );
    if space.is_shared {
        let words = map::shared_by(space.users.len());
        let (x, y) = (x + 16, y + 58);
        let _ = writeln!(out, "<text class=\"alarm\" x=\"{x}\" y=\"{y}\">⚠ {words}</text>");
    }
    out.push_str("</g>\n");
}

fn draw_pair(pair: &Pair, x: usize, Place { y, height }: Place, out: &mut String) {
    let class = if pair.total > 1 { " common" } else { "" };
    let users = match pair.total {
        1 => String::new(),
        some => format!(" · {some} instances"),
    };
    let _ = writeln!(
        out,
        "<g class=\"pair{class}\"><rect x=\"{x}\" y=\"{y}\" width=\"{PAIR_WIDTH}\" height=\"{height}\" rx=\"7\"/>\
         <text class=\"name\" x=\"{tx}\" y=\"{t1}\">{}{users}</text><text class=\"small\" x=\"{tx}\" y=\"{t2}\">api key <tspan class=\"id\">{}</tspan></text>\
         <text class=\"small\" x=\"{tx}\" y=\"{t3}\">private key <tspan class=\"id\">{}</tspan></text></g>",
        pair.slot.word(),
        html(&pair.api_key),
        html(&pair.private_key),
        tx = x + 14,
        t1 = y + 19,
        t2 = y + 36,
        t3 = y + 51,
    );
}

/// The drawing in words.
fn described(map: &Map<'_>) -> String {
    let names = |users: &[usize]| {
        let nodes = users.iter().filter_map(|user| map.instances.get(*user));
        let names: Vec<String> =
            nodes.take(24).map(|node| printable::label(&node.instance.name, 60)).collect();
        names.join(", ")
    };
    let shared = map.spaces.iter().filter(|space| space.is_shared);
    let shared: Vec<String> = shared
        .map(|space| {
            let by = map::shared_by(space.users.len());
            format!(" Data space {} is {by}: {}.", space.id, names(&space.users))
        })
        .collect();
    format!(
        "{}, {}, {}.{}",
        count(map.instances.len(), "instance"),
        count(map.spaces.len(), "data space"),
        count(map.pairs.len(), "key pair"),
        shared.concat()
    )
}
