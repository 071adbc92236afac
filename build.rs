//! Lists the case files, so that the binary carries them: `cases/**/*.yaml` as (path, text) pairs.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=cases");
    println!("cargo:rerun-if-changed=build.rs");
    let root = Path::new("cases");
    let mut paths = Vec::new();
    walk(root, &mut paths)?;
    paths.sort();
    let mut list = String::from("&[\n");
    for path in paths {
        let full = fs::canonicalize(root.join(&path))?;
        writeln!(list, "    ({path:?}, include_str!({:?})),", full.display())
            .expect("a string takes everything");
    }
    list.push(']');
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("cases.rs"), list)
}

/// Adds the paths of the YAML files below a folder, relative to `cases/`, with `/` between names.
fn walk(folder: &Path, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, paths)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let names: Vec<_> = path
                .components()
                .skip(1)
                .map(|part| part.as_os_str().to_string_lossy())
                .collect();
            paths.push(names.join("/"));
        }
    }
    Ok(())
}
