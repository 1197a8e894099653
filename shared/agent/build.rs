//! Puts the prompt files into the program, and fails the build when a released one was changed.

#[path = "src/prompt/tree.rs"]
mod tree;

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use tree::Tree;

fn main() -> Result<(), Box<dyn Error>> {
    let prompts = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../prompts").canonicalize()?;
    println!("cargo::rerun-if-changed={}", prompts.display());
    let tree = Tree::read(&prompts)?;
    if let Some((place, problem)) = tree.stray.first() {
        return Err(format!("{place}: {problem}").into());
    }

    let mut code = format!("const INDEX: &str = {:?};\nconst FILES: &[File] = &[\n", tree.index);
    for file in &tree.files {
        if let Some(problem) = file.broken_lock() {
            return Err(format!("{}: {problem}", file.place).into());
        }
        writeln!(
            code,
            "File {{ workflow: {:?}, version: {}, sha256: {:?}, released: {}, text: {:?} }},",
            file.workflow,
            file.version,
            file.sha256,
            file.locked.is_some(),
            file.text
        )?;
    }
    code.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("prompts.rs"), code)?;
    Ok(())
}
