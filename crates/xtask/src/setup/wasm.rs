//! A Rust toolchain that compiles for the browser and for a bare machine.
//!
//! Either rustup's, when it has the target or may fetch it, or Debian's compiler with a standard library
//! built once from Debian's own source: some networks carry packages but no rustup downloads.

use super::{Environment, apt, cache, path_with};
use crate::run::Run;
use crate::say::{self, Failure, Outcome, at};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

const TARGET: &str = "wasm32-unknown-unknown";
/// The target that proves the core needs no operating system.
pub(crate) const BARE_TARGET: &str = "x86_64-unknown-none";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const DEBIAN_LINKER: &str = "/usr/lib/llvm-22/bin/wasm-ld";

/// How to call cargo so that it compiles for the browser.
#[derive(Debug, Clone)]
pub(crate) struct Toolchain {
    pub(crate) cargo: PathBuf,
    pub(crate) env: Environment,
    /// Folders its programs come from, before the rest of the path.
    folders: Vec<PathBuf>,
    /// Whether the bare target's `core` must be built from source as well.
    pub(crate) build_bare_core: bool,
    /// What Debian's compiler says of itself, if it is that.
    debian: Option<String>,
}

impl Toolchain {
    /// Flags for a published program: small, without words for its panics, which end it where they are. A standard library
    /// made so is built once, from Debian's source; rustup's comes as it is.
    pub(crate) fn small_flags(&self) -> Outcome<OsString> {
        let mut flags = OsString::new();
        if let Some(version) = &self.debian {
            flags.push("--sysroot ");
            flags.push(sysroot(version, Std::Small)?);
            flags.push(" -Zunstable-options -Cpanic=immediate-abort");
        }
        flags.push(" -Zlocation-detail=none -Zfmt-debug=none");
        Ok(flags)
    }

    /// Whether programs come out as small as they can: their size is judged only then.
    pub(crate) const fn is_small(&self) -> bool {
        self.debian.is_some()
    }

    /// The environment in which the tools of `folders` are found as well.
    pub(crate) fn env_with(&self, folders: &[PathBuf]) -> Environment {
        let first: Vec<PathBuf> = folders.iter().chain(&self.folders).cloned().collect();
        let mut env = self.env.clone();
        env.push(("PATH".to_owned(), Some(path_with(&first))));
        env
    }
}

/// Finds or makes the toolchain.
pub(crate) fn toolchain() -> Outcome<Toolchain> {
    static MADE: OnceLock<Toolchain> = OnceLock::new();
    if let Some(made) = MADE.get() {
        return Ok(made.clone());
    }
    let mut toolchain = if with_rustup(TARGET) { rustup() } else { debian()? };
    // Builds for the browser keep their own folder, so that they never wait for native ones.
    let folder = super::root().join("target/wasm");
    toolchain.env.push(("CARGO_TARGET_DIR".to_owned(), Some(folder.into())));
    Ok(MADE.get_or_init(|| toolchain).clone())
}

/// Whether the compiler on the path has `target`, fetching it where rustup is allowed to.
fn with_rustup(target: &str) -> bool {
    let ask = || {
        let run = Run::new("ask", "rustc").args(["--print", "target-libdir", "--target", target]);
        run.silently().is_some_and(|folder| Path::new(folder.trim()).is_dir())
    };
    if ask() {
        say::already(&format!("Rust's standard library for {target}"));
        return true;
    }
    // Some machines forbid rustup to install anything; the variable says so and is not ours to override.
    let allowed = std::env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0");
    if !allowed || super::find(&["rustup"]).is_none() {
        return false;
    }
    let add =
        Run::new(format!("rustup target {target} added"), "rustup").args(["target", "add", target]);
    match add.quietly() {
        Ok(_) => ask(),
        Err(failure) => {
            say::note(&format!("rustup could not add {target}; trying Debian's compiler instead."));
            say::note(failure.to_string().lines().nth(1).unwrap_or_default());
            false
        }
    }
}

fn rustup() -> Toolchain {
    let build_bare_core = !with_rustup(BARE_TARGET);
    Toolchain {
        cargo: "cargo".into(),
        env: Vec::new(),
        folders: Vec::new(),
        build_bare_core,
        debian: None,
    }
}

fn debian() -> Outcome<Toolchain> {
    let present =
        ["/usr/bin/rustc", "/usr/bin/cargo", DEBIAN_LINKER, "/usr/lib/rustlib/src/rust/library"];
    let here = present.iter().all(|path| Path::new(path).exists());
    // Debian 12 also has a much older compiler under the same name.
    if here && debian_rustc().is_some_and(|version| version.contains("release: 1.9")) {
        say::already(&format!("Debian packages {}", DEBIAN_PACKAGES.join(" ")));
    } else {
        apt::install(
            &DEBIAN_PACKAGES,
            &format!(
                "install rustup, then `rustup target add {TARGET}`; or set PATH to a Rust that has it."
            ),
        )?;
    }
    let version = debian_rustc().ok_or_else(|| Failure::new("/usr/bin/rustc does not run"))?;
    let sysroot = sysroot(&version, Std::Usual)?;
    let mut env = debian_env();
    let mut flags = OsString::from("--sysroot ");
    flags.push(&sysroot);
    env.push((rustflags(), Some(flags)));
    let folders = vec!["/usr/bin".into()];
    let cargo = "/usr/bin/cargo".into();
    Ok(Toolchain { cargo, env, folders, build_bare_core: true, debian: Some(version) })
}

fn debian_rustc() -> Option<String> {
    Run::new("ask", "/usr/bin/rustc").args(["-vV"]).silently()
}

fn rustflags() -> String {
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS".to_owned()
}

/// Everything a child calls must be Debian's: cargo itself, and what Trunk or cargo calls in turn.
fn debian_env() -> Environment {
    let set = |name: &str, value: &str| (name.to_owned(), Some(OsString::from(value)));
    let unset = |name: &str| (name.to_owned(), None);
    vec![
        set("CARGO", "/usr/bin/cargo"),
        set("RUSTC", "/usr/bin/rustc"),
        set("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER),
        ("PATH".to_owned(), Some(path_with(&["/usr/bin".into()]))),
        unset("RUSTUP_TOOLCHAIN"),
        unset("LD_LIBRARY_PATH"),
    ]
}

/// How the standard library is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Std {
    /// For tests and development.
    Usual,
    /// For what is published.
    Small,
}

impl Std {
    const fn name(self) -> &'static str {
        match self {
            Self::Usual => "",
            Self::Small => "-small",
        }
    }

    /// Fat link-time optimisation needs the bitcode.
    const fn flags(self) -> &'static str {
        match self {
            Self::Usual => "-C embed-bitcode=yes",
            Self::Small => {
                "-C embed-bitcode=yes -Copt-level=z -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none"
            }
        }
    }

    const fn features(self) -> &'static str {
        match self {
            Self::Usual => "-Zbuild-std-features=",
            Self::Small => "-Zbuild-std-features=optimize_for_size",
        }
    }
}

/// A folder laid out like the compiler's own, with a standard library for the browser in it.
fn sysroot(version: &str, std: Std) -> Outcome<PathBuf> {
    let key = key(version) + std.name();
    let sysroot = cache().join("sysroot").join(&key);
    let what = format!("standard library for {TARGET} ({key})");
    if sysroot.join("ready").exists() {
        say::already(&what);
        return Ok(sysroot);
    }
    let started = Instant::now();
    let work = cache().join("sysroot").join(format!("{key}.build"));
    let built = build_std(&work, std)?;
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let _ = fs::remove_dir_all(&sysroot);
    fs::create_dir_all(&libraries).map_err(at(&libraries))?;
    for entry in fs::read_dir(&built).map_err(at(&built))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_library = Path::new(&name).extension().is_some_and(|ending| ending == "rlib");
        if is_library && !name.starts_with("libempty-") {
            fs::copy(entry.path(), libraries.join(&name)).map_err(at(&entry.path()))?;
        }
    }
    link_host_libraries(version, &sysroot)?;
    // Whatever was compiled against another standard library cannot be linked to this one.
    if std == Std::Usual {
        let _ = fs::remove_dir_all(super::root().join("target/wasm").join(TARGET));
    }
    fs::write(sysroot.join("ready"), "").map_err(at(&sysroot))?;
    let _ = fs::remove_dir_all(&work);
    say::done(&format!("{what} laid out"), started.elapsed());
    Ok(sysroot)
}

fn build_std(work: &Path, std: Std) -> Outcome<PathBuf> {
    let source = work.join("src");
    fs::create_dir_all(&source).map_err(at(&source))?;
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
                    [profile.release]\npanic = \"abort\"\n\n[workspace]\n";
    fs::write(work.join("Cargo.toml"), manifest).map_err(at(work))?;
    fs::write(source.join("lib.rs"), "").map_err(at(&source))?;
    let target_dir = work.join("target");
    Run::new("standard library compiled from Debian's source", "/usr/bin/cargo")
        .expect("2 minutes, once")
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,test"])
        .args([std.features()])
        .envs(&debian_env())
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &target_dir)
        .env(&rustflags(), std.flags())
        .dir(work)
        .advice("Cargo fetches a few crates for this: is the crates registry reachable?")
        .quietly()?;
    Ok(target_dir.join(TARGET).join("release/deps"))
}

#[cfg(unix)]
fn link_host_libraries(version: &str, sysroot: &Path) -> Outcome<()> {
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let link = sysroot.join("lib/rustlib").join(host);
    let original = Path::new("/usr/lib/rustlib").join(host);
    std::os::unix::fs::symlink(&original, &link).map_err(at(&link))
}

#[cfg(not(unix))]
fn link_host_libraries(_: &str, _: &Path) -> Outcome<()> {
    Err(Failure::new("Debian's compiler is only for Debian; install rustup"))
}

/// `rustc -vV` → `1.96.0-ac68faa20`.
fn key(version: &str) -> String {
    let field =
        |name| version.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("unknown");
    let commit: String = field("commit-hash: ").chars().take(9).collect();
    format!("{}-{commit}", field("release: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sysroot_belongs_to_one_compiler() {
        let said = "rustc 1.96.0\ncommit-hash: ac68faa20c58cbcc\nhost: x\nrelease: 1.96.0\n";
        assert_eq!(key(said), "1.96.0-ac68faa20");
    }
}
