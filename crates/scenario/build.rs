//! Lists the files of `gallery/` for [`gallery.rs`](src/gallery.rs): a new scenario is one new file.

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("gallery");
    println!("cargo::rerun-if-changed=gallery");
    println!("cargo::rerun-if-changed=build.rs");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<PathBuf>, std::io::Error>>()?;
    files.retain(|file| file.extension().is_some_and(|e| e == "scenario"));
    files.sort();
    let mut items = Vec::new();
    for file in &files {
        let stem = file.file_stem().and_then(|s| s.to_str()).ok_or("a name that is no text")?;
        // `10-name.scenario`: the number is the place in the gallery, the name is for ever.
        let (number, name) = stem.split_once('-').ok_or("a gallery file is NN-name.scenario")?;
        number.parse::<u32>()?;
        let path = file.to_str().ok_or("a path that is no text")?;
        items.push(format!("GalleryItem {{ name: {name:?}, text: include_str!({path:?}) }}"));
    }
    let to = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(to.join("opening.rs"), items.first().ok_or("the gallery is empty")?)?;
    fs::write(to.join("gallery.rs"), format!("&[\n{},\n]\n", items.join(",\n")))?;
    Ok(())
}
