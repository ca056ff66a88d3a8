//! Lists of paths: `find -type d`, and `lscgroup`, whose paths have controllers before them.
//!
//! Where the tree's root is has to be found out: a path says where a file system is mounted.

use super::{Line, sink::Sink};
use alloc::{string::String, vec::Vec};
use memcg_core::hierarchy::GroupId;

/// The hierarchies of cgroup v1, as they are mounted below `/sys/fs/cgroup`.
const CONTROLLERS: [&str; 17] = [
    "blkio",
    "cpu",
    "cpu,cpuacct",
    "cpuacct",
    "cpuacct,cpu",
    "cpuset",
    "devices",
    "freezer",
    "hugetlb",
    "memory",
    "misc",
    "net_cls",
    "net_cls,net_prio",
    "perf_event",
    "pids",
    "rdma",
    "systemd",
];

/// Directories where file systems are mounted: a list that is all below one has its root there.
const PLACES: [&str; 9] = ["cgroup", "dev", "home", "host", "media", "mnt", "run", "sys", "tmp"];

/// Files of a cgroup, which `find` prints without `-type d`.
fn is_control_file(name: &str) -> bool {
    const PREFIXES: [&str; 17] = [
        "blkio.",
        "cgroup.",
        "cpu.",
        "cpuacct.",
        "cpuset.",
        "devices.",
        "freezer.",
        "hugetlb.",
        "io.",
        "irq.",
        "memory.",
        "misc.",
        "net_cls.",
        "net_prio.",
        "perf_event.",
        "pids.",
        "rdma.",
    ];
    const UNITS: [&str; 5] = [".slice", ".service", ".scope", ".mount", ".socket"];
    if matches!(name, "tasks" | "notify_on_release" | "release_agent") {
        return true;
    }
    PREFIXES.iter().any(|p| name.starts_with(p)) && !UNITS.iter().any(|u| name.ends_with(u))
}

/// A path of a list: its parts, and whether it starts at the root of the file system.
struct Path<'l, 't> {
    line: &'l Line<'t>,
    text: &'l str,
    absolute: bool,
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".")
}

pub(super) fn find(lines: &[Line<'_>], sink: &mut Sink) {
    let mut paths: Vec<Path<'_, '_>> = Vec::with_capacity(lines.len());
    let mut n_files = 0_usize;
    for line in lines {
        let text = line.text.trim_start();
        if text.starts_with("find: ") || text.starts_with("$ ") || text.contains(" -type d") {
            sink.not_read(line.span, "this is no path");
            continue;
        }
        if text.rsplit('/').next().is_some_and(is_control_file) {
            n_files += 1;
            if n_files == 1 {
                sink.not_read(line.span, "a file of a cgroup, as others below it; add -type d");
            }
            continue;
        }
        paths.push(Path { line, text, absolute: text.starts_with('/') });
    }
    let root = Root::of(&paths);
    let only = root.is_v1.then(|| root.preferred(&paths)).flatten();
    let mut relative = String::new();
    let (mut other, mut n_others) = (None, 0);
    for path in &paths {
        let mut rest = parts(path.text);
        if path.absolute {
            let above = rest.by_ref().take(root.n_parts).count();
            if root.is_v1 && above == root.n_parts {
                let controller = rest.next();
                if only.is_some() && controller.is_some() && controller != only {
                    other.get_or_insert(path.line.span);
                    n_others += 1;
                    continue;
                }
            }
        }
        relative.clear();
        for part in rest {
            if !relative.is_empty() {
                relative.push('/');
            }
            relative.push_str(part);
        }
        if relative.is_empty() {
            sink.root();
        } else {
            sink.group(GroupId::ROOT, &relative, path.line.span);
        }
    }
    sink.others(other, n_others);
}

/// Where the absolute paths of a list have the root cgroup.
struct Root {
    /// So many parts lie above it.
    n_parts: usize,
    /// Whether the next part is a hierarchy of cgroup v1.
    is_v1: bool,
}

impl Root {
    fn of(paths: &[Path<'_, '_>]) -> Self {
        let mut absolute = paths.iter().filter(|path| path.absolute);
        let Some(first) = absolute.next() else { return Self { n_parts: 0, is_v1: false } };
        let mut common: Vec<&str> = parts(first.text).collect();
        for path in absolute {
            let n = common.iter().zip(parts(path.text)).take_while(|(a, b)| **a == *b).count();
            common.truncate(n);
        }
        let mount = common.iter().position(|part| part.starts_with("cgroup"));
        let n_parts = match mount {
            Some(at) => at + 1,
            None if common.first().is_some_and(|part| PLACES.contains(part)) => common.len(),
            None => 0,
        };
        let mut below = paths
            .iter()
            .filter(|path| path.absolute)
            .filter_map(|path| parts(path.text).nth(n_parts))
            .peekable();
        let is_v1 = mount.is_some()
            && below.peek().is_some()
            && below.all(|part| CONTROLLERS.contains(&part) || part == "unified");
        Self { n_parts, is_v1 }
    }

    /// The hierarchy to take: that of the memory controller if it is there, else all.
    fn preferred<'l>(&self, paths: &[Path<'l, '_>]) -> Option<&'l str> {
        let mut below = paths.iter().filter_map(|path| parts(path.text).nth(self.n_parts));
        below.find(|part| *part == "memory")
    }
}

/// Splits a line of `lscgroup` into controllers and path.
pub(super) fn controllers(line: &str) -> Option<(&str, &str)> {
    let (controllers, path) = line.trim_start().split_once(":/")?;
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ',' | '=' | '-');
    (!controllers.is_empty() && controllers.chars().all(known)).then_some((controllers, path))
}

pub(super) fn lscgroup(lines: &[Line<'_>], sink: &mut Sink) {
    let is_memory = |controllers: &str| controllers.split(',').any(|c| c == "memory");
    let has_memory =
        lines.iter().filter_map(|line| controllers(&line.text)).any(|(c, _)| is_memory(c));
    let (mut other, mut n_others) = (None, 0);
    for line in lines {
        let Some((controllers, path)) = controllers(&line.text) else {
            sink.not_read(line.span, "a line is written controllers:/path");
            continue;
        };
        if has_memory && !is_memory(controllers) {
            other.get_or_insert(line.span);
            n_others += 1;
            continue;
        }
        if parts(path).next().is_none() {
            sink.root();
        } else {
            sink.group(GroupId::ROOT, path, line.span);
        }
    }
    sink.others(other, n_others);
}
