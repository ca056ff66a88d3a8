//! Rules about what may be named where, which no compiler checks.
//!
//! Each rule is one function over one file and an ordinary test as well, so `cargo test` keeps them all.

mod files;
mod rules;

use crate::say::{self, Failure, Outcome};
use crate::setup::root;
use files::File;
use rules::RULES;

/// `cargo xtask tidy`: every rule over every file of the checkout.
pub(crate) fn report() -> Outcome<()> {
    let files = files::tracked(&root())?;
    say::heading("Tidiness");
    let mut n_found = 0;
    for rule in RULES {
        let found = broken(rule.look, &files);
        let mark = if found.is_empty() { "ok" } else { "NO" };
        say::line(&format!("  {mark}  {}: {}", rule.name, rule.says));
        for place in &found {
            say::note(place);
        }
        n_found += found.len();
    }
    if n_found == 0 {
        return Ok(());
    }
    Err(Failure::new(format!("{n_found} places are not as the rules say"))
        .advice("crates/xtask/src/tidy/rules.rs says what each rule is for and what is exempt."))
}

/// `path:line: what` for every place that breaks one rule.
fn broken(look: rules::Look, files: &[File]) -> Vec<String> {
    let names = rules::Names::of(files);
    let mut found = Vec::new();
    for file in files {
        for (line, what) in look(file, &names) {
            found.push(format!("{}:{line}: {what}", file.path));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(name: &str) {
        let files = files::tracked(&root()).expect("the checkout can be read");
        assert!(files.len() > 20, "only {} files: the list is wrong", files.len());
        let rule = RULES.iter().find(|rule| rule.name == name).expect("a rule of that name");
        let found = broken(rule.look, &files);
        assert!(found.is_empty(), "{}:\n  {}", rule.says, found.join("\n  "));
    }

    #[test]
    fn no_host_of_a_registry_and_no_path_of_one_machine() {
        holds("places");
    }

    #[test]
    fn no_code_names_a_policy() {
        holds("policies");
    }

    #[test]
    fn only_the_effects_name_the_browser() {
        holds("browser");
    }

    #[test]
    fn every_rust_file_says_what_it_is() {
        holds("opening");
    }

    #[test]
    fn the_core_is_a_pure_function() {
        holds("core");
    }

    #[test]
    fn every_page_keeps_the_same_policy() {
        holds("csp");
    }

    #[test]
    fn one_version_of_each_tool() {
        holds("versions");
    }
}
