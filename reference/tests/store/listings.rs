//! Listings: pages of any size make the same whole, also while things are deleted.

use super::*;

fn keys() -> impl Strategy<Value = Vec<String>> {
    let key = prop::collection::vec(prop::sample::select(vec!["a", "b", "/", "ä", "//"]), 1..5);
    prop::collection::vec(key.prop_map(|parts| parts.concat()), 0..14)
}

fn text_or_nothing() -> impl Strategy<Value = String> {
    let text = ["", "a", "a/", "/", "ab", "ä", "zz", "a//", "b/a"];
    prop::sample::select(text.map(str::to_owned).to_vec())
}

/// What a listing must show: keys and common prefixes, in order.
fn naive(keys: &[String], prefix: &str, delimiter: &str, after: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = keys
        .iter()
        .filter_map(|key| {
            let rest = key.strip_prefix(prefix)?;
            match rest.split_once(delimiter).filter(|_| !delimiter.is_empty()) {
                Some((head, _)) => Some(format!("{prefix}{head}{delimiter}")),
                None => Some(key.clone()),
            }
        })
        .filter(|name| after.is_none_or(|after| name.as_str() > after))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The names on a page, and where the next one begins.
type Names = (Vec<String>, Option<(String, Option<String>)>);

/// All names of a listing by pages of `max`, merged in order.
fn paged(
    max: usize,
    mut after: Option<String>,
    mut page: impl FnMut(Option<&str>, Option<&str>, usize) -> Names,
) -> Vec<String> {
    let (mut all, mut id) = (Vec::new(), None);
    loop {
        let (names, next) = page(after.as_deref(), id.as_deref(), max);
        assert!(names.len() <= max);
        all.extend(names);
        let Some((key, next_id)) = next else {
            return all;
        };
        (after, id) = (Some(key), next_id);
        assert!(all.len() < 10_000, "the listing does not end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pages_of_any_size_make_the_same_listing(
        keys in keys(),
        prefix in text_or_nothing(),
        delimiter in text_or_nothing(),
        after in prop::option::of(text_or_nothing()),
    ) {
        let store = store(Versioning::Unversioned);
        keys.iter().for_each(|key| drop(put(&store, key, "x")));
        let expected = naive(&keys, &prefix, &delimiter, after.as_deref());
        for max in 1..=expected.len() + 1 {
            let listed = paged(max, after.clone(), |after, _, max| {
                let delimiter = Some(delimiter.as_str());
                let query = Query { prefix: &prefix, delimiter, after, max: Some(max) };
                let page = store.list_objects(BUCKET, query).expect("listed");
                let mut names = page.common_prefixes;
                names.extend(page.items.iter().map(|version| version.key.clone()));
                names.sort();
                (names, page.next.map(|next| (next.key, next.id)))
            });
            prop_assert_eq!(&listed, &expected, "pages of {}", max);
        }
    }

    #[test]
    fn versions_and_uploads_go_on_within_a_key(keys in keys(), delimiter in text_or_nothing()) {
        let store = store(Versioning::Enabled);
        for (n, key) in keys.iter().chain(&keys).enumerate() {
            if n % 3 == 2 { delete(&store, key); } else { put(&store, key, "x"); }
            upload(&store, key, &[]);
        }
        let all = Query { delimiter: Some(&delimiter), ..Query::default() };
        let (whole, _) = version_names(&store, all, None);
        let (uploads, _) = upload_names(&store, all, None);
        for max in 1..=whole.len() + 1 {
            let pages = Query { delimiter: Some(&delimiter), max: Some(max), ..Query::default() };
            let listed = paged(max, None, |after, id, _| version_names(&store, Query { after, ..pages }, id));
            prop_assert_eq!(sorted(&listed), sorted(&whole), "pages of {}", max);
            let listed = paged(max, None, |after, id, _| upload_names(&store, Query { after, ..pages }, id));
            prop_assert_eq!(sorted(&listed), sorted(&uploads), "pages of {}", max);
        }
    }
}

fn sorted(names: &[String]) -> Vec<String> {
    let mut names = names.to_vec();
    names.sort();
    names
}

fn version_names(store: &Store, query: Query<'_>, after: Option<&str>) -> Names {
    let after = after.map(|id| VersionId::parse(id).expect("our own id"));
    let page = store
        .list_versions(BUCKET, query, after.as_ref())
        .expect("listed");
    let named = page
        .items
        .iter()
        .map(|(version, current)| format!("{} {} {current}", version.key, version.id));
    let names = named.chain(page.common_prefixes.iter().cloned()).collect();
    (names, page.next.map(|next| (next.key, next.id)))
}

fn upload_names(store: &Store, query: Query<'_>, after: Option<&str>) -> Names {
    let page = store.list_uploads(BUCKET, query, after).expect("listed");
    let named = page
        .items
        .iter()
        .map(|upload| format!("{} {}", upload.key, upload.id));
    let names = named.chain(page.common_prefixes.iter().cloned()).collect();
    (names, page.next.map(|next| (next.key, next.id)))
}

/// How a stranger's suite cleans up: list a page, delete it, go on behind it.
#[test]
fn deleting_each_page_before_the_next_empties_the_bucket() {
    for max in 1..6 {
        let store = store(Versioning::Enabled);
        for key in ["a", "b", "a", "a"] {
            put(&store, key, "x");
            delete(&store, key);
        }
        let (mut key, mut id) = (None::<String>, None);
        loop {
            let query = Query {
                after: key.as_deref(),
                max: Some(max),
                ..Query::default()
            };
            let page = store
                .list_versions(BUCKET, query, id.as_ref())
                .expect("listed");
            for (version, _) in &page.items {
                store
                    .delete_object(BUCKET, &version.key, Some(&version.id), allow)
                    .expect("deleted");
            }
            let Some(next) = page.next else { break };
            id = next.id.map(|id| VersionId::parse(&id).expect("our own id"));
            key = Some(next.key);
        }
        assert_eq!(versions(&store), [], "pages of {max}");
    }
}

#[test]
fn a_page_of_nothing_ends_the_listing() {
    let store = store(Versioning::Unversioned);
    put(&store, "a", "x");
    let page = store.list_objects(
        BUCKET,
        Query {
            max: Some(0),
            ..Query::default()
        },
    );
    let page = page.expect("listed");
    assert!(page.items.is_empty() && page.next.is_none());
}

#[test]
fn parts_are_paged_by_number() {
    let store = store(Versioning::Unversioned);
    let id = upload(&store, "a", &["1", "2", "3"]);
    store
        .put_part(BUCKET, "a", &id, part(&store, 10_000, "last"))
        .expect("a part");
    for (after, max, numbers, more) in [
        (0, 1000, &[1, 2, 3, 10_000][..], false),
        (0, 2, &[1, 2], true),
        (2, 2, &[3, 10_000], false),
        (3, 1, &[10_000], false),
        (10_000, 1, &[], false),
        (u16::MAX, 1, &[], false),
        (0, 0, &[], false),
    ] {
        let (parts, truncated) = store
            .list_parts(BUCKET, "a", &id, after, max)
            .expect("listed");
        let listed: Vec<u16> = parts.iter().map(|part| part.number).collect();
        assert_eq!(
            (listed.as_slice(), truncated),
            (numbers, more),
            "after {after}, {max}"
        );
    }
}
