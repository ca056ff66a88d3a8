//! Writes a scenario: the canonical text for people, and the shortest one for links.
//!
//! Either reads back as the same scenario.

use crate::{
    scenario::{COOKIE_DEFAULT, ConditionText, OpText, RoleText, Scenario, ThreadText, WatchText},
    word::{write_line, write_quoted, write_word},
};
use alloc::{format, string::String, vec::Vec};
use core::fmt::Write;
use memcg_core::{
    condition::{Rename, Subject},
    hierarchy::{GroupId, Hierarchy},
    schedule::{LaneSpec, Move},
    world::{Cookie, Preemption, Until},
};

/// Operations of one thread stay on its line up to this many characters.
const LINE_CHARS_MAX: usize = 88;

/// The canonical text.
pub fn print(scenario: &Scenario) -> String {
    Printer { out: String::new(), compact: false }.scenario(scenario)
}

/// The shortest text that reads back as the scenario, as links carry it.
pub fn print_compact(scenario: &Scenario) -> String {
    Printer { out: String::new(), compact: true }.scenario(scenario)
}

/// A condition as it stands in a text.
pub(crate) fn written(condition: &ConditionText) -> String {
    condition.renamed(&mut Quotes).map_or_else(String::new, |quoted| format!("{quoted}"))
}

/// What is watched, as it stands in a text.
pub(crate) fn written_watch(watch: &WatchText) -> String {
    watch.renamed(&mut Quotes).map_or_else(String::new, |quoted| format!("{quoted}"))
}

/// What a comparison looks at, as it stands in a text.
pub(crate) fn written_subject(subject: &Subject<String, String>) -> String {
    subject.renamed(&mut Quotes).map_or_else(String::new, |quoted| format!("{quoted}"))
}

/// Names get quotes where they need them.
struct Quotes;

impl Rename<String, String, String, String> for Quotes {
    fn group(&mut self, path: &String) -> Option<String> {
        let mut out = String::new();
        // A bare word would be no group.
        if path == "none" {
            write_quoted(&mut out, path);
        } else {
            write_word(&mut out, path);
        }
        Some(out)
    }

    fn thread(&mut self, name: &String) -> Option<String> {
        let mut out = String::new();
        write_word(&mut out, name);
        Some(out)
    }
}

struct Printer {
    out: String,
    compact: bool,
}

impl Printer {
    fn scenario(mut self, scenario: &Scenario) -> String {
        if !scenario.title.is_empty() {
            self.free("scenario", &scenario.title);
        }
        for note in &scenario.notes {
            self.free("note", note);
        }
        match scenario.preemption {
            Preemption::None if self.compact => {}
            Preemption::None => self.out.push_str("preemption: none\n"),
            Preemption::Full => self.header("preemption", Some("full")),
        }
        if !scenario.use_hierarchy {
            self.header("use_hierarchy", Some("off"));
        }
        if scenario.hierarchy.n_groups() > 1 {
            self.header("hierarchy", None);
            self.hierarchy(&scenario.hierarchy);
        }
        if !scenario.threads.is_empty() {
            self.header("threads", None);
            for thread in &scenario.threads {
                self.thread(thread);
            }
        }
        if !scenario.lanes.is_empty() {
            self.header("compare", None);
            for lane in &scenario.lanes {
                self.indent(1);
                self.lane(lane);
                self.out.push('\n');
            }
        }
        if !scenario.schedule.is_empty() {
            self.header("schedule", None);
            self.schedule(&scenario.schedule);
        }
        if !scenario.expectations.is_empty() {
            self.header("expect", None);
            for e in &scenario.expectations {
                self.indent(1);
                self.lane(&e.lane);
                let _ = write!(self.out, " {}", e.measure.word());
                if let Some(group) = &e.group {
                    self.out.push_str(" of ");
                    write_word(&mut self.out, group);
                }
                let _ = writeln!(self.out, " {} {}", e.comparison.sign(), e.number);
            }
        }
        if !scenario.checks.is_empty() {
            self.header("check", None);
            for condition in &scenario.checks {
                self.indent(1);
                let _ = writeln!(self.out, "{}", written(condition));
            }
        }
        if !scenario.watches.is_empty() {
            self.header("watch", None);
            for watch in &scenario.watches {
                self.indent(1);
                let _ = writeln!(self.out, "{}", written_watch(watch));
            }
        }
        self.out
    }

    fn free(&mut self, key: &str, text: &str) {
        self.out.push_str(key);
        self.out.push_str(if self.compact { ":" } else { ": " });
        write_line(&mut self.out, text);
        self.out.push('\n');
    }

    /// A header; a blank line comes before one that opens a section.
    fn header(&mut self, key: &str, value: Option<&str>) {
        if value.is_none() && !self.compact && !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push_str(key);
        self.out.push(':');
        if let Some(value) = value {
            self.out.push_str(if self.compact { "" } else { " " });
            self.out.push_str(value);
        }
        self.out.push('\n');
    }

    fn indent(&mut self, depth: usize) {
        let width = if self.compact { depth } else { 2 * depth };
        self.out.extend(core::iter::repeat_n(' ', width));
    }

    /// Groups in the order of creation: below the line above where it is an ancestor, by path
    /// elsewhere.
    fn hierarchy(&mut self, tree: &Hierarchy) {
        let mut open: Vec<GroupId> = Vec::new();
        for id in tree.ids().skip(1) {
            let parent = tree.parent(id).unwrap_or(GroupId::ROOT);
            // Ids grow along a line of descent.
            let depth = if parent == GroupId::ROOT {
                Some(0)
            } else {
                open.binary_search(&parent).ok().map(|at| at + 1)
            };
            open.truncate(depth.unwrap_or(0));
            self.indent(1 + open.len());
            match depth {
                Some(_) => write_word(&mut self.out, tree.name(id)),
                None => write_word(&mut self.out, &tree.path(id)),
            }
            self.out.push('\n');
            open.push(id);
        }
    }

    fn thread(&mut self, thread: &ThreadText) {
        self.indent(1);
        write_word(&mut self.out, &thread.name);
        self.out.push(':');
        match &thread.role {
            RoleText::Reclaimer { root, cookie, until } => {
                self.out.push_str(if self.compact { "reclaim " } else { " reclaim " });
                write_word(&mut self.out, root);
                self.cookie(*cookie);
                self.until(*until);
                self.out.push('\n');
            }
            RoleText::Admin(ops) => self.ops(ops),
        }
    }

    fn ops(&mut self, ops: &[OpText]) {
        let written: Vec<String> = ops
            .iter()
            .map(|op| {
                let mut out = String::from(op.verb.word());
                out.push(' ');
                write_word(&mut out, &op.group);
                out
            })
            .collect();
        let n_chars: usize = written.iter().map(|op| op.chars().count() + 2).sum();
        if self.compact || n_chars <= LINE_CHARS_MAX || ops.len() <= 1 {
            for (at, op) in written.iter().enumerate() {
                let between = if at > 0 { ";" } else { "" };
                self.out.push_str(between);
                self.out.push_str(if self.compact { "" } else { " " });
                self.out.push_str(op);
            }
            self.out.push('\n');
            return;
        }
        self.out.push('\n');
        for op in &written {
            self.indent(2);
            self.out.push_str(op);
            self.out.push('\n');
        }
    }

    fn cookie(&mut self, cookie: Option<Cookie>) {
        let Some(cookie) = cookie else {
            self.out.push_str(" private");
            return;
        };
        let Cookie { node, n_zones, priority_from, priority_to } = cookie;
        let default = COOKIE_DEFAULT;
        let all = !self.compact;
        if all || node != default.node {
            let _ = write!(self.out, " node {node}");
        }
        if all || n_zones != default.n_zones {
            let _ = write!(self.out, " zones {n_zones}");
        }
        if all || (priority_from, priority_to) != (default.priority_from, default.priority_to) {
            let _ = write!(self.out, " priority {priority_from}");
            if priority_to != priority_from {
                let _ = write!(self.out, "..{priority_to}");
            }
        }
    }

    fn until(&mut self, until: Until) {
        let all = !self.compact;
        match until {
            Until::Rounds(Some(n)) => {
                let _ = write!(self.out, " rounds {n}");
            }
            Until::Rounds(None) if all => self.out.push_str(" rounds forever"),
            Until::Rounds(None) => {}
            Until::Calls(n) => {
                let _ = write!(self.out, " calls {n}");
            }
            Until::Visits { n_visits, n_walks } => {
                let _ = write!(self.out, " enough {n_visits}");
                match n_walks {
                    Some(n) => {
                        let _ = write!(self.out, " walks {n}");
                    }
                    None if all => self.out.push_str(" walks forever"),
                    None => {}
                }
            }
        }
    }

    fn lane(&mut self, lane: &LaneSpec) {
        write_word(&mut self.out, &lane.policy);
        if let Some(core) = &lane.core {
            self.out.push_str(" on ");
            write_word(&mut self.out, core);
        }
    }

    fn schedule(&mut self, moves: &[Move]) {
        let mut rest = moves;
        while let [first, ..] = rest {
            self.indent(1);
            let mut n = 1;
            match first {
                Move::Call { thread } => {
                    n = rest.iter().take_while(|one| *one == first).count();
                    write_word(&mut self.out, thread);
                    if n > 1 {
                        let _ = write!(self.out, " x{n}");
                    }
                }
                Move::Begin { thread } => {
                    write_word(&mut self.out, thread);
                    self.out.push_str(" begin");
                }
                Move::To { thread, label, lane } => {
                    write_word(&mut self.out, thread);
                    self.out.push_str(" to ");
                    write_word(&mut self.out, label);
                    if let Some(lane) = lane {
                        self.out.push_str(" in ");
                        self.out.push_str(lane);
                    }
                }
                Move::Work { stage, group } => {
                    write_word(&mut self.out, first.thread());
                    self.out.push(' ');
                    write_word(&mut self.out, stage);
                    self.out.push(' ');
                    write_word(&mut self.out, group);
                }
            }
            self.out.push('\n');
            rest = &rest[n..];
        }
    }
}
