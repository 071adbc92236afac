//! The invariants of `docs/architecture.md`, each as a test over the source text.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines a source file may have, the tests at its end not counted, unless it is listed in [`FLAT_TABLES`].
const FILE_LINES_MAX: usize = 400;

/// Lines a function may have.
const FUNCTION_LINES_MAX: usize = 60;

/// The same for files that are nothing but tests, which are flat lists.
const TEST_FILE_LINES_MAX: usize = 600;
const TEST_FUNCTION_LINES_MAX: usize = 100;

/// Folders with source of ours.
const SCOPES: &[&str] = &["src", "reference", "saboteurs", "tests"];

/// Files that are one flat list and may be longer, with the reason.
const FLAT_TABLES: &[(&str, &str)] = &[("saboteurs/src/table.rs", "every saboteur")];

/// A rule over the non-test source text: below `scope`, only files below `home` may contain one of `words`.
struct Only {
    words: &'static [&'static str],
    scope: &'static str,
    /// Empty: nowhere.
    home: &'static [&'static str],
    because: &'static str,
}

/// The arrows of the architecture.
const ARROWS: &[Only] = &[
    Only {
        words: &["ssec_reference"],
        scope: "src",
        home: &["src/bundled.rs"],
        because: "suite and reference share no code; one file starts the reference",
    },
    Only {
        words: &[
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "reqwest",
            "tokio_rustls",
        ],
        scope: "src",
        home: &["src/transport"],
        because: "sockets are opened in the transport only",
    },
    Only {
        words: &["granit_parser", "serde_saphyr", "serde_yaml"],
        scope: "src",
        home: &["src/case/yaml"],
        because: "one place names the YAML crate",
    },
    Only {
        words: &[
            "println!",
            "print!(",
            "eprintln!",
            "eprint!(",
            "stdout()",
            "stderr()",
        ],
        scope: "src",
        home: &["src/report", "src/cli", "src/main.rs"],
        because: "the runner emits events; reports and sub-commands print",
    },
    Only {
        words: &["process::exit", "process::abort"],
        scope: "src",
        home: &[],
        because: "the exit code is a value that main returns",
    },
    Only {
        words: &[
            "crate::run",
            "crate::transport",
            "crate::plan",
            "crate::sign",
            "crate::check",
        ],
        scope: "src/report",
        home: &[],
        because: "reports see events and verdicts and cannot influence a run",
    },
    Only {
        words: &["crate::"],
        scope: "src/verdict.rs",
        home: &[],
        because: "grading knows neither requests nor reports",
    },
    Only {
        words: &[
            "crate::run",
            "crate::transport",
            "crate::target",
            "crate::plan",
            "crate::report",
        ],
        scope: "src/case",
        home: &[],
        because: "a case is data; who sends it is not its business",
    },
    Only {
        words: &[
            "use ring",
            "crate::run",
            "crate::transport",
            "crate::sign",
            "crate::report",
        ],
        scope: "src/model",
        home: &[],
        because: "the model predicts by the rules alone, without ciphers and without sockets",
    },
    Only {
        words: &["hyper", "tokio"],
        scope: "reference/src/ssec",
        home: &[],
        because: "the rules are pure: they see a head and decide",
    },
    Only {
        words: &["hyper", "tokio"],
        scope: "reference/src/seal",
        home: &[],
        because: "sealing knows bytes and keys, not the network",
    },
    Only {
        words: &["hyper", "tokio"],
        scope: "reference/src/store",
        home: &[],
        because: "the store knows records and bytes, not the network",
    },
    Only {
        words: &["hyper", "tokio"],
        scope: "reference/src/sigv4",
        home: &[],
        because: "verifying a signature is arithmetic over values",
    },
    Only {
        words: &["SystemTime::now", "now_utc", "now_local"],
        scope: "reference/src",
        home: &["reference/src/clock.rs"],
        because: "time is an argument",
    },
    Only {
        words: &["SystemRandom"],
        scope: "reference/src",
        home: &["reference/src/random.rs"],
        because: "randomness is an argument",
    },
];

/// Types that hold a secret, and what they must therefore not be able to do.
const SECRETS: &[&str] = &["CustomerKey", "ObjectKey"];
const FORBIDDEN_FOR_SECRETS: &[&str] = &["Debug", "Display", "Serialize", "Clone", "Copy"];

#[test]
fn arrows_point_one_way() {
    let mut found = Vec::new();
    for rule in ARROWS {
        for (path, text) in sources(rule.scope) {
            if !rule.home.iter().any(|home| path.starts_with(home)) {
                found.extend(mentions(&path, &text, rule));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_arrow_is_about_something() {
    for rule in ARROWS {
        assert!(
            !sources(rule.scope).is_empty(),
            "{} has no source file",
            rule.scope
        );
    }
}

#[test]
fn neither_reference_nor_saboteurs_depend_on_the_suite() {
    for package in ["reference", "saboteurs"] {
        let manifest = root().join(package).join("Cargo.toml");
        let manifest = fs::read_to_string(manifest).expect("the manifest is there");
        let named: Vec<_> = manifest
            .lines()
            .filter(|line| {
                let name = line.split(['=', '.']).next().unwrap_or_default().trim();
                name == "ssec" || (line.contains("package =") && line.contains("\"ssec\""))
            })
            .collect();
        assert!(named.is_empty(), "{package}: {named:?}");
    }
}

#[test]
fn files_and_functions_stay_small() {
    let mut long = Vec::new();
    for (path, text) in SCOPES.iter().flat_map(|scope| sources(scope)) {
        let (lines_max, function_max) = if path.contains("tests") {
            (TEST_FILE_LINES_MAX, TEST_FUNCTION_LINES_MAX)
        } else {
            (FILE_LINES_MAX, FUNCTION_LINES_MAX)
        };
        let lines = code(&text).lines().count();
        if lines > lines_max && !FLAT_TABLES.iter().any(|(table, _)| *table == path) {
            long.push(format!("{path}: {lines} lines"));
        }
        for (name, lines) in functions(&text) {
            if lines > function_max {
                long.push(format!("{path}: {name} has {lines} lines"));
            }
        }
    }
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

#[test]
fn every_flat_table_is_still_one_that_needs_to_be() {
    for (table, _) in FLAT_TABLES {
        let text = fs::read_to_string(root().join(table)).expect("the table is there");
        assert!(
            code(&text).lines().count() > FILE_LINES_MAX,
            "{table} is short enough now"
        );
    }
}

#[test]
fn secrets_cannot_be_printed_or_copied() {
    let mut found = Vec::new();
    let mut declared = Vec::new();
    for (path, text) in sources("reference/src") {
        for secret in SECRETS {
            declared.extend(
                text.contains(&format!("struct {secret}"))
                    .then_some(*secret),
            );
            let abilities = abilities(&text, secret);
            found.extend(
                abilities
                    .iter()
                    .map(|ability| format!("{path}: {secret} is {ability}")),
            );
        }
    }
    for secret in SECRETS {
        assert!(
            declared.contains(secret),
            "{secret} is not declared any more: rename it here too"
        );
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_checks_see_what_they_look_for() {
    let text =
        "use hyper::body;\n// hyper\nfn a() {\n    x;\n}\n#[cfg(test)]\nmod tests { hyper }\n";
    let rule = Only {
        words: &["hyper"],
        scope: "x",
        home: &[],
        because: "",
    };
    assert_eq!(mentions("x", text, &rule).len(), 1);
    assert_eq!(functions(text), [("a".to_owned(), 3)]);
    let secret = "#[derive(Clone, PartialEq)]\npub struct Secret([u8; 32]);\nimpl fmt::Debug for Secret {}\n";
    assert_eq!(abilities(secret, "Secret"), ["Debug", "Clone"]);
}

/// Lines outside comments and tests that contain a word of the rule.
fn mentions(path: &str, text: &str, rule: &Only) -> Vec<String> {
    let code = text
        .split("\n#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default();
    let code = code.lines().enumerate();
    code.filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| rule.words.iter().any(|word| line.contains(word)))
        .map(|(index, line)| format!("{path}:{}: {} ({})", index + 1, line.trim(), rule.because))
        .collect()
}

/// The text without the tests at its end.
fn code(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default()
}

/// Name and number of lines of every function, by the indentation that rustfmt gives.
fn functions(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut open: Vec<(String, String, usize)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        if let Some(at) = open.iter().rposition(|(_, start, _)| start == indent) {
            let declared_only = body.starts_with(')') && body.ends_with(';');
            if body.starts_with('}') || declared_only {
                let (name, _, start) = open.swap_remove(at);
                found.push((name, index - start + 1));
            }
        }
        if let Some((_, rest)) = body.split_once("fn ")
            && !body.starts_with("//")
            && !body.ends_with(['}', ';'])
            && (body.starts_with("fn ")
                || body.starts_with("pub")
                || body.contains(" fn ") && !body.contains('"'))
        {
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            open.push((name.to_owned(), indent.to_owned(), index));
        }
    }
    found
}

/// Which of the forbidden abilities a type has, derived or by hand.
fn abilities(text: &str, secret: &str) -> Vec<&'static str> {
    let derived = text.find(&format!("struct {secret}")).map_or("", |at| {
        let before = &text[..at];
        let start = before.rfind("\n\n").unwrap_or(0);
        &before[start..]
    });
    let derives: String = derived
        .lines()
        .filter(|line| line.contains("derive"))
        .collect();
    FORBIDDEN_FOR_SECRETS
        .iter()
        .filter(|ability| {
            let by_hand = format!("{ability} for {secret}");
            let word = |c: char| !c.is_alphanumeric();
            text.contains(&by_hand) || derives.split(word).any(|word| word == **ability)
        })
        .copied()
        .collect()
}

/// Every `.rs` file at or below a path, with its text; paths are relative to the root and use `/`.
fn sources(scope: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(scope)];
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder of the project can be listed");
            folders.extend(entries.map(|entry| entry.expect("an entry can be read").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file can be read");
            found.push((relative(&path), text));
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    let path = path.strip_prefix(root()).expect("it is below the root");
    path.to_string_lossy().replace('\\', "/")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
