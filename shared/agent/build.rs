//! Puts the prompt files into the program, and fails the build when a released one was changed.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let prompts = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../prompts").canonicalize()?;
    println!("cargo::rerun-if-changed={}", prompts.display());
    let lock: toml::Table = fs::read_to_string(prompts.join("lock.toml"))?.parse()?;
    let index = fs::read_to_string(prompts.join("index.toml"))?;

    let mut files = Vec::new();
    for workflow in fs::read_dir(&prompts)? {
        let workflow = workflow?;
        if !workflow.file_type()?.is_dir() {
            continue;
        }
        let name = workflow.file_name().to_string_lossy().into_owned();
        println!("cargo::rerun-if-changed={}", workflow.path().display());
        for file in fs::read_dir(workflow.path())? {
            let path = file?.path();
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let version: u32 = stem
                .strip_prefix('v')
                .and_then(|number| number.parse().ok())
                .ok_or_else(|| format!("{}: a prompt file is named v<N>.md", path.display()))?;
            println!("cargo::rerun-if-changed={}", path.display());
            let text = fs::read_to_string(&path)?;
            let sha256 = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
            let locked =
                lock.get(&name).and_then(|versions| versions.get(&stem)).and_then(|hash| hash.as_str());
            if locked.is_some_and(|locked| locked != sha256) {
                return Err(format!(
                    "prompts/{name}/{stem}.md is released and may not change (its sha256 is now {sha256}, \
                     prompts/lock.toml says {}): put the change into a new version",
                    locked.unwrap_or_default()
                )
                .into());
            }
            files.push((name.clone(), version, sha256, locked.is_some(), text));
        }
    }
    files.sort();

    let mut code = format!("const INDEX: &str = {index:?};\nconst FILES: &[File] = &[\n");
    for (workflow, version, sha256, released, text) in files {
        writeln!(
            code,
            "File {{ workflow: {workflow:?}, version: {version}, sha256: {sha256:?}, released: {released}, text: {text:?} }},"
        )?;
    }
    code.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("prompts.rs"), code)?;
    Ok(())
}
