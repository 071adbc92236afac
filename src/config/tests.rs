//! Target files: what they say, and what is refused and where.

use super::*;

fn read(text: &str) -> Result<Config, Vec<String>> {
    let config = Config::read(&Source::new("ssec.toml", text));
    config.map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let errors = read(text).expect_err("it is refused");
    assert_eq!(errors.first().map(String::as_str), Some(expected));
}

#[test]
fn a_target_says_how_to_reach_it() {
    let text = "# Ours.\n[target.minio]\nendpoint = \"https://127.0.0.1:9000\"\nrate = \"50/s\"\njobs = 4\n\
                features = { post-form = \"no\", copy = true }\n[target.other]\nendpoint = 'https://h'\n";
    let config = read(text).expect("it can be read");
    assert_eq!(config.names().collect::<Vec<_>>(), ["minio", "other"]);
    let minio = config.target("minio").expect("it is there");
    let values: Vec<_> = minio
        .settings
        .iter()
        .map(|(name, at)| (*name, at.value.as_str()))
        .collect();
    assert_eq!(
        values,
        [
            ("endpoint", "https://127.0.0.1:9000"),
            ("jobs", "4"),
            ("rate", "50/s")
        ]
    );
    let features: Vec<_> = minio
        .features
        .iter()
        .map(|(name, at)| (*name, at.value))
        .collect();
    assert_eq!(features, [("copy", true), ("post-form", false)]);
    assert_eq!(config.at(minio.settings["rate"].place), "ssec.toml:4");
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    refused(
        "[target.\"é\"]\nendpoint = \"https://h\"\n",
        "ssec.toml:1:9: `é` is no name of a target\n  |\n1 | [target.\"é\"]\n  |         ^^^\n  = letters, digits and `-._`",
    );
    refused(
        "[target.a]\nendpoint = \"https://h\"\nregoin = \"x\"\n",
        "ssec.toml:3:1: a target has no field `regoin`\n  |\n3 | regoin = \"x\"\n  | ^^^^^^\n  = did you mean `region`?\n  \
         = allowed: endpoint, http-endpoint, region, addressing, ca-file, insecure, profile, bucket, gate, baseline, \
         rate, jobs, timeout, retries, features",
    );
    refused(
        "[target.a]\nendpoint = \"localhost:9000\"\n",
        "ssec.toml:2:12: `localhost:9000` is no endpoint: an endpoint begins with https:// or http://\n  |\n\
         2 | endpoint = \"localhost:9000\"\n  |            ^^^^^^^^^^^^^^^^",
    );
    refused(
        "[target.a]\nendpoint = \"https://h\"\njobs = 0\n",
        "ssec.toml:3:8: `0` is no jobs: a number from 1 to 256\n  |\n3 | jobs = 0\n  |        ^",
    );
    refused(
        "[target.a]\nregion = \"x\"\n",
        "ssec.toml:1:1: a target needs the field `endpoint`\n  |\n1 | [target.a]\n  | ^^^^^^^^^^",
    );
    refused(
        "a = 1\na = 2\n",
        "ssec.toml:2:1: this is not TOML: duplicate key\n  |\n2 | a = 2\n  | ^",
    );
}

#[test]
fn a_feature_has_a_known_name_and_an_answer() {
    let with = |features: &str| {
        format!("[target.a]\nendpoint = \"https://h\"\nfeatures = {{ {features} }}\n")
    };
    let unknown = read(&with("coppy = \"no\"")).expect_err("there is no such feature");
    assert!(
        unknown[0].contains("3:14: there is no feature `coppy`"),
        "{unknown:?}"
    );
    assert!(unknown[0].contains("did you mean `copy`?"), "{unknown:?}");
    let unclear = read(&with("copy = \"perhaps\"")).expect_err("that is no answer");
    assert!(unclear[0].contains("`perhaps` is no answer"), "{unclear:?}");
    assert_eq!(feature("copy=no"), Ok(("copy", false)));
    assert!(feature("copy").is_err() && feature("copy=x").is_err() && feature("x=no").is_err());
}

#[test]
fn no_setting_is_for_a_secret() {
    for setting in SETTINGS {
        let secret = ["key", "secret", "token", "password"]
            .iter()
            .any(|word| setting.name.contains(word));
        assert!(!secret && !setting.says.is_empty(), "{setting:?}");
    }
}
