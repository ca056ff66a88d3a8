//! The matrix as a page: `docs/matrix.json`, which `memcg matrix --json` has made, as a table; what fails opens its counter-example.

use crate::gallery::{escaped, head};
use memcg_core::registry;
use memcg_core::words::thousands;
use serde::Deserialize;
use std::fmt::Write as _;

pub(crate) const TITLE: &str = "Matrix of the memcg playground";
pub(crate) const DESCRIPTION: &str = "Every version of the kernel's memory cgroup iterator held to a family of small worlds: which property fails, and the smallest world that shows it";

const MADE: &str = include_str!("../../../docs/matrix.json");

#[derive(Deserialize, Debug)]
struct Matrix {
    states: u64,
    properties: Vec<Property>,
    sizes: Vec<Size>,
    cells: Vec<Cell>,
}

#[derive(Deserialize, Debug)]
struct Property {
    name: String,
    words: String,
}

#[derive(Deserialize, Debug)]
struct Size {
    groups: u64,
    threads: u64,
    worlds: u64,
}

#[derive(Deserialize, Debug)]
struct Cell {
    policy: String,
    core: Option<String>,
    grace: String,
    failing: Vec<Failing>,
    decided: Vec<u64>,
}

#[derive(Deserialize, Debug)]
struct Failing {
    property: String,
    name: String,
    words: String,
    world: String,
    groups: u64,
    threads: u64,
    steps: u64,
    undecided_before: u64,
    link: Option<String>,
}

/// The page; `version` is that of the files it loads.
///
/// # Errors
/// What is wrong with the file.
pub(crate) fn page(version: &str, has_book: bool) -> Result<String, String> {
    let matrix: Matrix =
        serde_json::from_str(MADE).map_err(|why| format!("docs/matrix.json: {why}"))?;
    let mut out = head(TITLE, DESCRIPTION, version);
    matrix.opening(&mut out, has_book);
    out.push_str("<main>\n<table class=\"matrix\">\n<thead><tr><th scope=\"col\">grace</th>");
    for property in &matrix.properties {
        let Property { name, words } = property;
        let _ =
            write!(out, "<th scope=\"col\" title=\"{}\">{}</th>", escaped(words), escaped(name));
    }
    out.push_str("<th scope=\"col\">worlds decided</th></tr></thead>\n");
    for same in matrix.in_order().chunk_by(|one, next| one.policy == next.policy) {
        matrix.policy(&mut out, same);
    }
    out.push_str("</table>\n");
    matrix.sizes(&mut out);
    out.push_str("</main>\n</body>\n</html>\n");
    Ok(out)
}

/// The first year of a policy, and its title.
fn told(policy: &str) -> (u32, String) {
    let header = registry::policy(policy).map(registry::Entry::header);
    let Some(header) = header else { return (0, String::new()) };
    (header.history().map_or(0, |history| history.from), header.get("title").to_string())
}

impl Matrix {
    fn n_worlds(&self) -> u64 {
        self.sizes.iter().map(|size| size.worlds).sum()
    }

    /// The cells of older policies first.
    fn in_order(&self) -> Vec<&Cell> {
        let mut cells: Vec<&Cell> = self.cells.iter().collect();
        cells.sort_by_cached_key(|cell| (told(&cell.policy).0, cell.policy.clone()));
        cells
    }

    fn opening(&self, out: &mut String, has_book: bool) {
        let n_fail = self.cells.iter().filter(|cell| !cell.failing.is_empty()).count();
        let _ = write!(
            out,
            "<header class=\"shelf__head\">\n<h1>Matrix</h1>\n<p>Each version of the iterator, under each way a removal can \
             wait, held to {} small worlds: trees of up to 5 cgroups, 1 to 3 reclaimers, 1 or 2 removals. What fails \
             names the smallest world that shows it; a click opens the schedule in the playground. In {n_fail} of {} rows \
             something fails.</p>\n<p class=\"shelf__ways\"><a class=\"button button--primary\" href=\"index.html\">Open the \
             playground</a> <a class=\"button\" href=\"gallery.html\">Gallery</a>",
            thousands(self.n_worlds()),
            self.cells.len(),
        );
        if has_book {
            out.push_str(" <a class=\"button\" href=\"book/matrix.html\">How to read it</a>");
        }
        out.push_str("</p>\n</header>\n");
    }

    fn policy(&self, out: &mut String, cells: &[&Cell]) {
        let policy = &cells[0].policy;
        let (year, title) = told(policy);
        let _ = writeln!(
            out,
            "<tbody>\n<tr class=\"matrix__policy\"><th scope=\"rowgroup\" colspan=\"{}\"><code>{}</code> \
             <span>{year}, {}</span></th></tr>",
            self.properties.len() + 2,
            escaped(policy),
            escaped(&title),
        );
        for cell in cells {
            self.row(out, cell);
        }
        out.push_str("</tbody>\n");
    }

    fn row(&self, out: &mut String, cell: &Cell) {
        let core = cell
            .core
            .as_ref()
            .map_or(String::new(), |core| format!(" <small>on {}</small>", escaped(core)));
        let _ = write!(out, "<tr><th scope=\"row\">{}{core}</th>", escaped(&cell.grace));
        let n_decided: u64 = cell.decided.iter().sum();
        for property in &self.properties {
            let label = format!("<span class=\"matrix__label\">{}</span>", escaped(&property.name));
            let failing = cell.failing.iter().find(|failing| failing.property == property.name);
            let _ = match failing {
                Some(failing) => {
                    write!(out, "<td class=\"matrix__bad\">{label}{}</td>", failing.told())
                }
                None if n_decided == self.n_worlds() => {
                    write!(out, "<td class=\"matrix__ok\">{label}holds</td>")
                }
                None => write!(out, "<td>{label}nothing found</td>"),
            };
        }
        let _ = writeln!(
            out,
            "<td><span class=\"matrix__label\">worlds decided</span>{}</td></tr>",
            thousands(n_decided)
        );
    }

    /// How far the rows came, size by size.
    fn sizes(&self, out: &mut String) {
        let _ = write!(
            out,
            "<h2 class=\"matrix__head\">How far it looked</h2>\n<p class=\"shelf__key\">The worlds of one size may have {} states \
             together, larger ones are left undecided; “nothing found” speaks of the worlds that were decided, and is \
             no proof for the others. Once a property has failed in a row, it is asked no more there. Smaller worlds than a \
             named one were all decided, unless it says how many were not. Groups count the global root, threads the reclaimers and who \
             removes.</p>\n<table class=\"matrix matrix--sizes\">\n<thead><tr><th scope=\"col\">groups</th><th scope=\"col\">threads</th>\
             <th scope=\"col\">worlds</th><th scope=\"col\">decided in a row, from</th><th scope=\"col\">to</th></tr></thead>\n<tbody>\n",
            thousands(self.states)
        );
        for (at, size) in self.sizes.iter().enumerate() {
            let decided = || self.cells.iter().filter_map(|cell| cell.decided.get(at).copied());
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                size.groups,
                size.threads,
                thousands(size.worlds),
                thousands(decided().min().unwrap_or_default()),
                thousands(decided().max().unwrap_or_default()),
            );
        }
        out.push_str("</tbody>\n</table>\n");
    }
}

impl Failing {
    fn told(&self) -> String {
        let Self { name, words, world, groups, threads, steps, undecided_before, .. } = self;
        let what = if *name == self.property { "fails" } else { name };
        let (what, words, world) = (escaped(what), escaped(words), escaped(world));
        let open = match undecided_before {
            0 => String::new(),
            n => format!("<br>{} smaller undecided", thousands(*n)),
        };
        let size = format!(
            "<small title=\"{groups} groups, {threads} threads\"><code>{world}</code> {steps} steps{open}</small>"
        );
        match &self.link {
            Some(link) => {
                format!(
                    "<a href=\"index.html#{}\" title=\"{words}\">{what}</a>{size}",
                    escaped(link)
                )
            }
            None => format!("<span title=\"{words}\">{what}</span>{size}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memcg_core::replay;
    use memcg_core::run::Run;
    use memcg_scenario::link;

    /// Every link opens the world that the cell names, under its policy, and comes to what was found.
    #[test]
    fn what_fails_opens_its_counter_example() {
        let matrix: Matrix = serde_json::from_str(MADE).expect("the file is sound");
        let page = page("7", false).expect("the file is sound");
        let mut n_links = 0;
        for cell in &matrix.cells {
            assert_eq!(cell.decided.len(), matrix.sizes.len());
            for failing in &cell.failing {
                let fragment = failing.link.as_deref().expect("a link");
                n_links += 1;
                assert!(page.contains(&format!("index.html#{}\"", escaped(fragment))));
                let shared = link::decode(fragment).shared.expect("sound");
                let scenario = shared.scenario;
                assert_eq!(scenario.lanes.len(), 1);
                assert_eq!(
                    (&scenario.lanes[0].policy, &scenario.lanes[0].core),
                    (&cell.policy, &cell.core)
                );
                let n_groups = scenario.hierarchy.n_groups() as u64;
                assert_eq!(
                    (n_groups, scenario.threads.len() as u64),
                    (failing.groups, failing.threads)
                );
                let run = Run::new(scenario.world().0, &scenario.lanes).expect("runs");
                assert_eq!(
                    Some(replay::prove(run, &scenario.schedule)),
                    shared.proof,
                    "{}",
                    failing.world
                );
            }
        }
        assert!(n_links > 40 && !page.contains("book/"), "{n_links}");
        assert!(super::page("7", true).expect("sound").contains("book/matrix.html"));
    }

    #[test]
    fn every_policy_and_grace_has_a_row() {
        let matrix: Matrix = serde_json::from_str(MADE).expect("the file is sound");
        assert_eq!(matrix.cells.len(), registry::policies().len() * 3);
        let page = page("7", false).expect("the file is sound");
        for entry in registry::policies() {
            assert!(page.contains(&format!("<code>{}</code>", entry.name)), "{}", entry.name);
        }
    }
}
