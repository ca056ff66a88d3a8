//! The rules themselves. Each looks at one file and tells the places that break it, with what is wrong.

use super::files::File;
use crate::setup::{root, tools};
use std::collections::BTreeSet;

/// What a rule finds: line and what is wrong there.
pub(crate) type Found = Vec<(usize, String)>;
/// A rule's eye.
pub(crate) type Look = fn(&File, &Names) -> Found;

/// A rule.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) says: &'static str,
    pub(crate) look: Look,
}

/// Every rule; each has a test of its own in the parent.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "places",
        says: "no host of a package registry, no path of one machine",
        look: places,
    },
    Rule { name: "policies", says: "no code names a particular policy", look: policies },
    Rule {
        name: "browser",
        says: "in web/, only the effects and bin/ name the browser",
        look: browser,
    },
    Rule { name: "opening", says: "every Rust file opens with what it is", look: opening },
    Rule { name: "core", says: "core and ftrace know no clock, float, hasher or std", look: core },
    Rule { name: "csp", says: "every page has the same content security policy", look: csp },
    Rule {
        name: "versions",
        says: "tools and crates of wasm-bindgen have one version",
        look: versions,
    },
];

/// What the rules must know of other files.
#[derive(Debug)]
pub(crate) struct Names {
    policies: BTreeSet<String>,
    csp: String,
}

impl Names {
    /// Reads the names of policies off the folder that lists them, and the policy off index.html.
    pub(crate) fn of(files: &[File]) -> Self {
        let stem = |file: &File| {
            let name = file.path.strip_prefix("crates/core/listings/policies/")?;
            // A name may have dots of its own.
            Some(name.rsplit_once('.')?.0.to_owned())
        };
        let csp = files.iter().find(|file| file.path == "index.html").and_then(policy_of);
        Self { policies: files.iter().filter_map(stem).collect(), csp: csp.unwrap_or_default() }
    }
}

fn places(file: &File, _: &Names) -> Found {
    // Written in pieces, so that this file keeps its own rule.
    let hosts = [
        concat!("registry.", "npmjs"),
        concat!("static.", "crates.io"),
        concat!("index.", "crates.io"),
        concat!("files.", "pythonhosted"),
        concat!("deb.", "debian.org"),
        concat!("\"resolved\"", ": \"http"),
    ];
    let homes =
        [concat!("/home", "/"), concat!("/Users", "/"), concat!("/root/", "."), "C:\\Users"];
    let here = root().display().to_string();
    if file.path == "Cargo.lock" {
        return Found::new();
    }
    mentions(file.lines(), |line| {
        let all = hosts.iter().chain(&homes).copied().chain([here.as_str()]);
        all.filter(|place| line.contains(place)).map(|place| format!("names `{place}`")).collect()
    })
}

fn policies(file: &File, names: &Names) -> Found {
    let code = file.path.starts_with("crates/") || file.path.starts_with("web/");
    let may = file.path.contains("/listings/")
        || [".scenario", ".md", ".txt", ".expected"]
            .iter()
            .any(|ending| file.path.ends_with(ending));
    if !code || may {
        return Found::new();
    }
    mentions(file.lines_outside_tests(), |line| {
        let found = names.policies.iter().filter(|policy| has_word(line, policy));
        found.map(|policy| format!("names the policy `{policy}`")).collect()
    })
}

fn browser(file: &File, _: &Names) -> Found {
    let Some(path) = file.path.strip_prefix("web/src/") else { return Found::new() };
    if !file.is_rust() || path.starts_with("effect") || path.starts_with("bin/") {
        return Found::new();
    }
    let types = ["web_sys", "js_sys", "gloo", "wasm_bindgen", "serde_wasm_bindgen"];
    mentions(file.code(), |line| {
        types
            .iter()
            .filter(|name| has_word(line, name))
            .map(|name| format!("names `{name}`"))
            .collect()
    })
}

fn opening(file: &File, _: &Names) -> Found {
    if !file.is_rust() || file.text.starts_with("//! ") {
        return Found::new();
    }
    vec![(1, "begins with something else than a `//!` line".to_owned())]
}

fn core(file: &File, _: &Names) -> Found {
    let pure = ["crates/core/src/", "crates/ftrace/src/"];
    if !file.is_rust() || !pure.iter().any(|folder| file.path.starts_with(folder)) {
        return Found::new();
    }
    let foreign = ["f32", "f64", "HashMap", "HashSet", "Instant", "SystemTime"];
    mentions(file.code(), |line| {
        let mut found: Vec<String> = foreign
            .iter()
            .filter(|name| has_word(line, name))
            .map(|name| format!("names `{name}`"))
            .collect();
        if line.contains("std::") && !line.contains("core::std::") {
            found.push("names `std::`".to_owned());
        }
        found
    })
}

fn csp(file: &File, names: &Names) -> Found {
    if file.path.contains('/') || !file.ends_in("html") {
        return Found::new();
    }
    match policy_of(file) {
        Some(policy) if policy == names.csp => Found::new(),
        _ => vec![(1, "has not the content security policy of index.html".to_owned())],
    }
}

fn policy_of(file: &File) -> Option<String> {
    let (_, rest) = file.text.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn versions(file: &File, _: &Names) -> Found {
    let wanted: &[String] = match file.path.as_str() {
        "Cargo.toml" => &[format!("wasm-bindgen = \"={}\"", tools::WASM_BINDGEN)],
        "Trunk.toml" => &[
            format!("wasm_bindgen = \"{}\"", tools::WASM_BINDGEN),
            format!("wasm_opt = \"version_{}\"", tools::BINARYEN),
        ],
        _ => &[],
    };
    let missing = wanted.iter().filter(|line| !file.text.contains(line.as_str()));
    missing.map(|line| (1, format!("does not say `{line}`, as crates/xtask does"))).collect()
}

fn mentions<'a>(
    lines: impl Iterator<Item = (usize, &'a str)>,
    look: impl Fn(&str) -> Vec<String>,
) -> Found {
    lines.flat_map(|(n, line)| look(line).into_iter().map(move |what| (n, what))).collect()
}

/// Whether `word` stands alone in the line, not as a part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back().is_some_and(joins);
        let after = line[start + word.len()..].chars().next().is_some_and(joins);
        !before && !after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned(), is_test: path.contains("/tests/") }
    }

    fn look(rule: Look, path: &str, text: &str) -> Vec<usize> {
        let listing = file("crates/core/listings/policies/old-way.listing", "");
        let dotted = file("crates/core/listings/policies/v1.2-way.listing", "");
        let names = Names::of(&[
            listing,
            dotted,
            file("index.html", "http-equiv=\"Content-Security-Policy\" content=\"x\""),
        ]);
        rule(&file(path, text), &names).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn a_policy_is_named_only_where_it_may() {
        let text =
            "//! x\nfind(\"old-way\");\nlet old_way = very-old-way;\n\"v1\" \"v1.2-way\"\n\"v1\"\n";
        assert_eq!(look(policies, "crates/core/src/a.rs", text), [2, 4]);
        assert_eq!(look(policies, "crates/core/tests/a.rs", text), []);
        assert_eq!(look(policies, "docs/a.md", text), []);
    }

    #[test]
    fn the_browser_is_named_only_by_the_effects() {
        let text = "//! x\nuse web_sys::Window;\n";
        assert_eq!(look(browser, "web/src/view.rs", text), [2]);
        assert_eq!(look(browser, "web/src/effect/dom.rs", text), []);
        assert_eq!(look(browser, "web/src/bin/app.rs", text), []);
    }

    #[test]
    fn the_core_does_without() {
        let text = "//! x\n// std:: in words\nuse std::mem;\nlet a: f64 = 0.0;\nlet my_f64 = 1;\n";
        assert_eq!(look(core, "crates/core/src/a.rs", text), [3, 4]);
    }

    #[test]
    fn a_path_of_one_machine_is_seen() {
        let text = format!("fine\ncd {}/crates\n", root().display());
        assert_eq!(look(places, "docs/a.md", &text), [2]);
    }

    #[test]
    fn pages_agree_on_their_policy() {
        assert_eq!(look(csp, "embed.html", "none"), [1]);
        assert_eq!(
            look(csp, "embed.html", "http-equiv=\"Content-Security-Policy\" content=\"x\""),
            []
        );
    }
}
