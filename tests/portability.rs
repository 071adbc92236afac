//! Every file under `cases/` is the same tree to a second YAML parser, so that others can vendor
//! the cases without ours.

use std::fs;
use std::path::{Path, PathBuf};

use serde_yaml::Value;
use ssec::case::error::Source;
use ssec::case::node::{Node, Tree};
use ssec::case::yaml;

#[test]
fn every_file_is_the_same_tree_to_a_second_parser() {
    let files = yaml_files(Path::new("cases"));
    assert!(files.len() > 20, "only {} files were found", files.len());
    for file in files {
        let text = fs::read_to_string(&file).expect("the file was just listed");
        let name = file.display().to_string();
        let ours = yaml::parse(&Source::new(name.clone(), text.as_str()))
            .unwrap_or_else(|error| panic!("{error}"));
        let theirs: Value =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        if let Err(difference) = compare(&ours, &theirs) {
            panic!("{name}:{difference}");
        }
    }
}

/// What our parser refuses is what others read in their own ways: this keeps the test above from
/// passing because both trees are always the same.
#[test]
fn the_second_parser_is_another_one() {
    let ours = yaml::parse(&Source::new("t", "a: 'yes'\nb: [1, null]\n")).expect("it is YAML");
    for (text, is_same) in [
        ("a: yes\nb: [1, null]\n", true),
        ("a: 'yes'\nb: ['1', null]\n", true),
        ("a: 'no'\nb: [1, null]\n", false),
        ("a: 'yes'\nb: [1, 'null']\n", false),
        ("a: 'yes'\nb: [1]\n", false),
        ("a: 'yes'\nc: [1, null]\n", false),
        ("a: true\nb: [1, null]\n", false),
    ] {
        let theirs: Value = serde_yaml::from_str(text).expect("it is YAML");
        assert_eq!(compare(&ours, &theirs).is_ok(), is_same, "{text}");
    }
}

/// Compares by text: the format does not tell `1` from `"1"`.
fn compare(ours: &Node, theirs: &Value) -> Result<(), String> {
    let is_same = match (&ours.value, theirs) {
        (Tree::Null, Value::Null) => true,
        (Tree::Scalar(text), Value::String(theirs)) => text == theirs,
        (Tree::Scalar(text), Value::Number(theirs)) => *text == theirs.to_string(),
        (Tree::List(items), Value::Sequence(theirs)) => {
            items
                .iter()
                .zip(theirs)
                .try_for_each(|(ours, theirs)| compare(ours, theirs))?;
            items.len() == theirs.len()
        }
        (Tree::Map(entries), Value::Mapping(theirs)) => {
            for ((key, value), (their_key, their_value)) in entries.iter().zip(theirs) {
                compare(key, their_key)?;
                compare(value, their_value)?;
            }
            entries.len() == theirs.len()
        }
        _ => false,
    };
    is_same
        .then_some(())
        .ok_or_else(|| format!("{}: ours {:?}, theirs {theirs:?}", ours.place, ours.value))
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files.extend(yaml_files(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
    files
}
