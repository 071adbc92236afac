//! `but` over a step: tree over tree, field by field. Knows which fields merge inwards.

use super::values::{TRIPLE, is_omitted};
use crate::case::node::{Node, Tree};
use crate::case::triple::AES256;

/// The request with its defect: `but` laid over the step's own fields.
///
/// - A field of `but` takes the place of the step's; `null` takes it away.
/// - `headers`, `query`, `metadata` and `fields` merge name by name (headers in any case), and
///   `sign`, `wire`, `policy` and `checksum` field by field.
/// - A triple given as a key's name takes the place of the whole triple. A triple given as a
///   mapping merges field by field; an MD5 that nobody states is that of the key finally sent, or
///   of the step's own key where the key is omitted.
pub(super) fn merge(step: &Node, but: &Node) -> Node {
    let mut merged: Vec<(Node, Node)> = step.entries().unwrap_or_default().to_vec();
    for (key, defect) in but.entries().unwrap_or_default() {
        let name = key.scalar().unwrap_or_default();
        let at = merged
            .iter()
            .position(|(own, _)| own.scalar() == Some(name));
        let value = match at.map(|at| &merged[at].1) {
            Some(own) => merge_field(name, own, defect),
            None => defect.clone(),
        };
        match at {
            Some(at) => merged[at].1 = value,
            None => merged.push((key.clone(), value)),
        }
    }
    step.with(Tree::Map(merged))
}

/// The fields that `but` changes, such as `object` or `sse_c.md5`.
///
/// What is stated as it already was is no change.
pub(super) fn changes(step: &Node, but: &Node) -> Vec<String> {
    let mut changed = Vec::new();
    for (key, defect) in but.entries().unwrap_or_default() {
        let name = key.scalar().unwrap_or_default();
        let own = step.get(name);
        match (merges_inwards(name), defect.entries()) {
            (true, Some(entries)) => {
                let own = own.map(|own| stated(name, own));
                let is_new = |(key, value): &&(Node, Node)| {
                    let same = own
                        .as_ref()
                        .and_then(|own| find(own, key, name == "headers"));
                    same.is_none_or(|same| !is_same(same, value))
                };
                let inner = entries
                    .iter()
                    .filter(is_new)
                    .filter_map(|(key, _)| key.scalar());
                changed.extend(inner.map(|inner| format!("{name}.{inner}")));
            }
            _ if own.is_some_and(|own| is_same(own, defect)) => {}
            _ => changed.push(name.to_owned()),
        }
    }
    changed
}

fn merges_inwards(name: &str) -> bool {
    matches!(
        name,
        "sse_c"
            | "source_sse_c"
            | "headers"
            | "query"
            | "metadata"
            | "fields"
            | "sign"
            | "wire"
            | "policy"
            | "checksum"
    )
}

fn merge_field(name: &str, own: &Node, defect: &Node) -> Node {
    let own = normal(name, own);
    let (true, Some(defects), Some(entries)) =
        (merges_inwards(name), defect.entries(), own.entries())
    else {
        return defect.clone();
    };
    let mut merged = entries.to_vec();
    for (key, value) in defects {
        let ignores_case = name == "headers";
        match merged
            .iter_mut()
            .find(|(own, _)| is_same_name(own, key, ignores_case))
        {
            Some(entry) => *entry = (key.clone(), value.clone()),
            None => merged.push((key.clone(), value.clone())),
        }
    }
    let merged = defect.with(Tree::Map(merged));
    if name.ends_with("sse_c") {
        keep_md5_of_omitted_key(&own, merged)
    } else {
        merged
    }
}

/// Where the key is omitted, an MD5 that nobody states is that of the step's own key.
fn keep_md5_of_omitted_key(own: &Node, merged: Node) -> Node {
    let key_is_omitted = merged.get("key").is_some_and(is_omitted);
    match (&merged.value, own.get("key")) {
        (Tree::Map(entries), Some(key)) if key_is_omitted && merged.get("md5").is_none() => {
            let mut entries = entries.clone();
            entries.push((key.with(Tree::Scalar("md5".to_owned())), key.clone()));
            merged.with(Tree::Map(entries))
        }
        _ => merged,
    }
}

/// The long form of a field that has a short one, so that a mapping can be laid over it.
fn normal(name: &str, own: &Node) -> Node {
    let field = match name {
        "sse_c" | "source_sse_c" => TRIPLE[0],
        "checksum" => "algorithm",
        "sign" => "method",
        _ => return own.clone(),
    };
    match own.value {
        Tree::Scalar(_) => {
            let key = own.with(Tree::Scalar(field.to_owned()));
            own.with(Tree::Map(vec![(key, own.clone())]))
        }
        Tree::Null => own.with(Tree::Map(Vec::new())),
        Tree::List(_) | Tree::Map(_) => own.clone(),
    }
}

/// The long form, with the parts of a triple that go without saying.
fn stated(name: &str, own: &Node) -> Node {
    let own = normal(name, own);
    let (Tree::Map(entries), true) = (&own.value, name.ends_with("sse_c")) else {
        return own;
    };
    let mut entries = entries.clone();
    let mut add = |field: &str, value: Option<Node>| {
        if let (None, Some(value)) = (own.get(field), value) {
            entries.push((own.with(Tree::Scalar(field.to_owned())), value));
        }
    };
    add("md5", own.get("key").cloned());
    add("algorithm", Some(own.with(Tree::Scalar(AES256.to_owned()))));
    own.with(Tree::Map(entries))
}

fn find<'n>(own: &'n Node, key: &Node, ignores_case: bool) -> Option<&'n Node> {
    own.entries()?
        .iter()
        .find(|(name, _)| is_same_name(name, key, ignores_case))
        .map(|(_, value)| value)
}

fn is_same_name(one: &Node, other: &Node, ignores_case: bool) -> bool {
    match (one.scalar(), other.scalar()) {
        (Some(one), Some(other)) if ignores_case => one.eq_ignore_ascii_case(other),
        (one, other) => one == other,
    }
}

/// Whether two nodes say the same, wherever they stand.
pub(super) fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Tree::Null, Tree::Null) => true,
        (Tree::Scalar(one), Tree::Scalar(other)) => one == other,
        (Tree::List(one), Tree::List(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(one, other))
        }
        (Tree::Map(one), Tree::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|((a, b), (c, d))| is_same(a, c) && is_same(b, d))
        }
        _ => false,
    }
}
