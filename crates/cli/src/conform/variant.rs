//! Which listing a vector's policy means.

use super::Programs;
use memcg_core::program::Program;
use memcg_core::registry;
use std::sync::Arc;

/// Locks that a variant can be without, as its name ends, and the calls that go.
const LOCKS: [(&str, [&str; 2]); 2] = [
    ("-without-rcu", ["rcu_read_lock();", "rcu_read_unlock();"]),
    ("-without-sched", ["rcu_read_lock_sched();", "rcu_read_unlock_sched();"]),
];

/// The text of a policy; of `x-NAME-without-rcu` and `x-NAME-without-sched`, the listing NAME without these read locks.
pub(super) fn text(policy: &str) -> Result<String, String> {
    let variant = policy.strip_prefix("x-").and_then(|rest| {
        LOCKS.iter().find_map(|(end, calls)| Some((rest.strip_suffix(end)?, calls)))
    });
    let name = variant.map_or(policy, |(name, _)| name);
    let entry = registry::policy(name).ok_or_else(|| format!("there is no policy \"{name}\""))?;
    let goes = |line: &&str| variant.is_some_and(|(_, calls)| calls.contains(&line.trim()));
    Ok(entry.text.lines().filter(|l| !goes(l)).map(|l| format!("{l}\n")).collect())
}

/// The program of a policy on a core, its own if none is named.
pub(super) fn program(
    policy: &str,
    core: Option<&str>,
    programs: &mut Programs,
) -> Result<Arc<Program>, String> {
    let key = (policy.to_string(), core.map(ToString::to_string));
    if let Some(program) = programs.get(&key) {
        return Ok(Arc::clone(program));
    }
    let program = registry::compile_text(&text(policy)?, core).map_err(|e| e.to_string())?;
    let program = Arc::new(program);
    programs.insert(key, Arc::clone(&program));
    Ok(program)
}
