//! Lines as commit messages write them: kernel functions, assignments and remarks, in the words of the listings.
//!
//! Knows forms and names, and no machine.

use super::said::is_name;
use alloc::{
    string::{String, ToString},
    vec::Vec,
};

/// Kernel functions, and what the listings call them.
pub(super) const KERNEL: &[(&str, &str)] = &[
    ("mem_cgroup_iter", "next"),
    ("mem_cgroup_iter_break", "break"),
    ("mem_cgroup_iter_load", "load_position"),
    ("mem_cgroup_iter_update", "store_position"),
    ("__mem_cgroup_iter_next", "next_live"),
    ("css_next_descendant_pre", "descendant_after"),
    ("cgroup_next_descendant_pre", "descendant_after"),
    ("mem_cgroup_tryget", "tryget"),
    ("cgroup_rmdir", "rmdir"),
    ("cgroup_destroy_locked", "kill"),
    ("percpu_ref_kill", "kill"),
    ("percpu_ref_kill_and_confirm", "kill"),
    ("kill_css", "kill"),
    ("offline_css", "offline"),
    ("cgroup_offline_fn", "offline"),
    ("css_killed_work_fn", "offline"),
    ("css_release_work_fn", "release"),
    ("css_free_rcu_fn", "free"),
    ("css_free_rwork_fn", "free"),
    ("cgroup_free_rcu", "free"),
    ("kfree", "free"),
    ("cgroup_mkdir", "create"),
    ("create_css", "create"),
    ("mkdir", "create"),
    ("atomic_inc_return", "atomic_inc"),
];

/// Accesses that are written as calls.
const ACCESSES: &[&str] = &[
    "tryget",
    "tryget_online",
    "get",
    "put",
    "rcu_read_lock",
    "rcu_read_unlock",
    "rcu_read_lock_sched",
    "rcu_read_unlock_sched",
    "cmpxchg",
    "xchg",
    "atomic_inc",
    "atomic_add",
    "list_del_rcu",
    "list_add_tail_rcu",
    "call_rcu",
    "call_rcu_sched",
    "queue_work",
];

/// Variables that are the caller's own, so that their fields are no shared state.
const COOKIES: &[&str] = &["reclaim", "cookie"];

/// What a line asks for.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(super) enum Term {
    /// Local work or a remark: no step.
    Local,
    /// A call or function of this name, in the listings' words, with its arguments.
    Named(String, Vec<String>),
    /// An access.
    Access(Wanted),
}

/// An access that is looked for.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(super) struct Wanted {
    /// `tryget(` and the like, or empty.
    pub(super) call: String,
    /// The field, or empty.
    pub(super) field: String,
    /// The field is written.
    pub(super) is_store: bool,
    /// What the line names, which may be groups or variables.
    pub(super) args: Vec<String>,
}

/// What a line says that came of it.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(super) enum Hint {
    Fails,
    Succeeds,
    /// A word that may be a group's name.
    Gets(String),
}

/// A line without its remark, and the remark.
pub(super) fn split_remark(text: &str) -> (&str, &str) {
    let signs = ["//", "/*", "#", "->?", "<-", " ; "];
    let at = signs.iter().filter_map(|sign| text.find(sign)).min();
    let (code, remark) = at.map_or((text, ""), |at| text.split_at(at));
    // `[1]` behind a line is a mark that others refer to.
    let code = code.trim();
    let code = match code.rsplit_once('[') {
        Some((before, mark)) if mark.ends_with(']') && mark.len() <= 3 => before.trim(),
        _ => code,
    };
    (code, remark)
}

/// What a line says of its outcome, behind `->` or in its remark.
pub(super) fn hint(text: &str) -> Option<Hint> {
    let (code, remark) = split_remark(text);
    let result = code.rsplit_once(") -> ").map_or("", |(_, result)| result);
    let words: Vec<String> = [result, remark]
        .iter()
        .flat_map(|part| {
            part.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')))
        })
        .filter(|word| !matches!(*word, "" | "/" | "//" | "-"))
        .map(ToString::to_string)
        .collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let any = |begins: &[&str]| lower.iter().any(|word| begins.iter().any(|b| word.starts_with(b)));
    // "gets root || NULL" says neither.
    if remark.contains("||") || remark.contains(" or ") {
        return None;
    }
    if any(&["fail", "false", "null", "none", "dead"]) {
        return Some(Hint::Fails);
    }
    if any(&["succe", "true", "ok"]) {
        return Some(Hint::Succeeds);
    }
    let gets = lower.iter().position(|w| matches!(w.as_str(), "gets" | "returns" | "is" | "sees"));
    let word = gets
        .and_then(|at| words.get(at + 1))
        .or_else(|| (words.len() == 1).then(|| words.first()).flatten());
    word.map(|word| Hint::Gets(word.clone()))
}

/// Reads a line of code.
pub(super) fn term(text: &str) -> Term {
    let (code, _) = split_remark(text);
    let code = code.trim_end_matches([';', '{', '}']).trim();
    let bracketed = code.strip_prefix('[').and_then(|code| code.strip_suffix(']'));
    let code = bracketed.or_else(|| code.strip_prefix('<')?.strip_suffix('>')).unwrap_or(code);
    if code.is_empty() {
        return Term::Local;
    }
    let (left, right) = assigned(code);
    // The call that is nearest to the left, but for words of the language.
    if let Some((name, args)) = calls(code).into_iter().find(|(name, _)| !is_keyword(name)) {
        let name = ours(&name);
        if ACCESSES.contains(&name.as_str()) {
            let field = fields(code).pop().map_or_else(String::new, |(_, field)| field);
            return Term::Access(Wanted { call: name, field, is_store: false, args });
        }
        return Term::Named(name, args);
    }
    if let Some(target) = left
        && let Some((object, field)) = fields(target).pop()
        && !COOKIES.contains(&object.as_str())
    {
        let args = right.split_whitespace().map(ToString::to_string).collect();
        return Term::Access(Wanted { call: String::new(), field, is_store: true, args });
    }
    let is_changed = code.ends_with("++") || code.ends_with("--");
    let loads = fields(right).into_iter().find(|(object, _)| !COOKIES.contains(&object.as_str()));
    if let Some((object, field)) = loads {
        let args = Vec::from([object]);
        return Term::Access(Wanted { call: String::new(), field, is_store: is_changed, args });
    }
    let words: Vec<&str> = code.split_whitespace().collect();
    match words.as_slice() {
        _ if left.is_some() => Term::Local,
        [first, ..] if is_keyword(first) => Term::Local,
        // `rmdir A`, or a function's bare name.
        [first, rest @ ..] if is_name(first) && rest.len() <= 1 => {
            Term::Named(ours(first), rest.iter().map(ToString::to_string).collect())
        }
        _ => Term::Named(code.to_string(), Vec::new()),
    }
}

fn is_keyword(word: &str) -> bool {
    let words = ["if", "while", "for", "do", "return", "goto", "else", "sizeof", "switch", "loop"];
    words.contains(&word.trim_end_matches([':', ';']))
}

fn ours(name: &str) -> String {
    let known = KERNEL.iter().find(|(kernel, _)| *kernel == name).map(|(_, ours)| *ours);
    let bare = || {
        let bare = name.strip_prefix("mem_cgroup_css_").or_else(|| name.strip_prefix("css_"));
        bare.unwrap_or(name)
    };
    known.unwrap_or_else(bare).to_string()
}

/// The target of an assignment, and what is assigned; without one, everything is on the right.
fn assigned(code: &str) -> (Option<&str>, &str) {
    let bytes = code.as_bytes();
    let is_sign = |at: &usize| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        bytes[*at] == b'='
            && bytes.get(at + 1) != Some(&b'=')
            && !matches!(before, Some(b'=' | b'!' | b'<' | b'>'))
    };
    match (0..bytes.len()).find(is_sign) {
        Some(at) => (Some(code[..at].trim()), code[at + 1..].trim()),
        None => (None, code),
    }
}

/// `object->field`, from left to right.
fn fields(code: &str) -> Vec<(String, String)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = Vec::new();
    for (at, _) in code.match_indices("->") {
        let object = code[..at].rsplit(|c: char| !is_part(c)).next().unwrap_or_default();
        let field = code[at + 2..].split(|c: char| !is_part(c)).next().unwrap_or_default();
        if is_name(field) && !object.is_empty() {
            out.push((object.to_string(), field.to_string()));
        }
    }
    out
}

/// `name(arguments)`, from left to right; also with brackets that do not close.
fn calls(code: &str) -> Vec<(String, Vec<String>)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = Vec::new();
    for (at, _) in code.match_indices('(') {
        let name = code[..at].rsplit(|c: char| !is_part(c)).next().unwrap_or_default();
        if !is_name(name) {
            continue;
        }
        let args = code[at + 1..].split([')', '(']).next().unwrap_or_default();
        let args = args.split(',').map(|arg| arg.trim().to_string()).collect();
        out.push((name.to_string(), args));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, args: &[&str]) -> Term {
        Term::Named(name.into(), args.iter().map(ToString::to_string).collect())
    }

    fn access(call: &str, field: &str, is_store: bool) -> Term {
        Term::Access(Wanted { call: call.into(), field: field.into(), is_store, args: Vec::new() })
    }

    #[test]
    fn lines_of_code() {
        let read = |text| match term(text) {
            Term::Access(wanted) => Term::Access(Wanted { args: Vec::new(), ..wanted }),
            other => other,
        };
        for (text, wanted) in [
            ("mem_cgroup_iter(root, NULL, cookie)", named("next", &["root", "NULL", "cookie"])),
            ("pos = mem_cgroup_iter_load()", named("load_position", &[""])),
            ("css_tryget(pos)   // fails", access("tryget", "", false)),
            ("if (!css_tryget(pos))", access("tryget", "", false)),
            ("pos = iter->position;", access("", "position", false)),
            ("iter->position = A    [1]", access("", "position", true)),
            ("iter->generation++", access("", "generation", true)),
            ("reclaim->generation = iter->generation", access("", "generation", false)),
            ("cmpxchg(&iter->position, A, NULL)", access("cmpxchg", "position", false)),
            ("if (iter->last_dead_count != dead_count)", access("", "last_dead_count", false)),
            ("pos = NULL", Term::Local),
            ("return pos;", Term::Local),
            ("// nothing happens", Term::Local),
            ("[rmdir A]", named("rmdir", &["A"])),
            ("css_offline", named("offline", &[])),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn outcomes() {
        for (text, wanted) in [
            ("css_tryget(pos)  // fails", Some(Hint::Fails)),
            ("css_tryget(pos) -> true", Some(Hint::Succeeds)),
            ("pos = iter->position  /* gets A */", Some(Hint::Gets("A".into()))),
            ("pos = iter->position  // root || NULL", None),
            ("css_put(pos)", None),
        ] {
            assert_eq!(hint(text), wanted, "{text}");
        }
    }
}
