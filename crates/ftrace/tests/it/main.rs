//! Traces as text in, values and words out.

mod bad_input;
mod finer;
mod import;
mod reading;
mod replay;
#[cfg(not(target_arch = "wasm32"))]
mod robust;

use memcg_ftrace::Trace;
use std::fmt::Write as _;
use std::io::Read as _;

/// A trace by hand: a line is `task-pid event`, a microsecond apart.
pub(crate) fn text(lines: &[&str]) -> String {
    let mut out = String::from("# tracer: nop\n#\n");
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("CPU") || line.starts_with('#') {
            let _ = writeln!(out, "{line}");
            continue;
        }
        let (who, event) = line.split_once(' ').expect("task and event");
        let _ = writeln!(out, "{who:>20}   [000] .....     1.{at:06}: {event}");
    }
    out
}

/// Calls by hand: what the probes print.
pub(crate) fn enter(who: &str, root: u32, prev: u32) -> String {
    format!(
        "{who} iter_in: (mem_cgroup_iter+0x4/0x210) root=0x{root:x} prev=0x{prev:x} reclaim=0xc0{who_id}",
        who_id = &who[who.len() - 1..]
    )
}

pub(crate) fn returns(who: &str, group: u32) -> String {
    format!("{who} iter_out: (shrink_node+0x1b1/0xcc0 <- mem_cgroup_iter) ret=0x{group:x}")
}

/// A group made with its memcg at an address.
pub(crate) fn make(path: &str, address: u32) -> [String; 2] {
    [
        format!("mkdir-9 online: (mem_cgroup_css_online+0x4/0x1b0) css=0x{address:x}"),
        format!("mkdir-9 cgroup_mkdir: root=0 id={address} level=1 path=/{path}"),
    ]
}

pub(crate) fn read(lines: &[String]) -> Trace {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    memcg_ftrace::read(text(&lines).as_bytes())
}

/// The troubles of a trace, a line each.
pub(crate) fn troubles(trace: &Trace) -> String {
    let kept = trace.troubles.kept().iter();
    kept.fold(String::new(), |all, t| all + &format!("{:?}: {t}\n", t.kind))
}

/// Groups as paths, with what is known of them.
pub(crate) fn groups(trace: &Trace) -> String {
    let mut out = String::new();
    for group in trace.groups.iter().skip(1) {
        let parent = group.parent.map_or_else(String::new, |p| trace.group_words(p));
        let before = if group.before { " before" } else { "" };
        let guessed = if group.guessed { " guessed" } else { "" };
        let _ = writeln!(out, "{} below {parent}{before}{guessed}", group.words());
    }
    out
}

/// The recorded trace of a 6.12 kernel.
pub(crate) fn recorded() -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../conformance/traces/linux-6.12-machine-slice.ftrace.txt.gz"
    );
    let file = std::fs::File::open(path).expect("in the tree");
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut text).expect("gzip");
    text
}
