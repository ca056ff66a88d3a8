//! Which listings a vector's policy and core mean.

use super::Programs;
use memcg_core::program::Program;
use memcg_core::{listing, lower, registry};
use std::sync::Arc;

/// Locks that a variant can be without, as its name ends, and the calls that go.
const LOCKS: [(&str, [&str; 2]); 2] = [
    ("-without-rcu", ["rcu_read_lock();", "rcu_read_unlock();"]),
    ("-without-sched", ["rcu_read_lock_sched();", "rcu_read_unlock_sched();"]),
];

/// The recorded races were made with an exchange that lets others in between its load and its store. See
/// `conformance/README.md`, "What the recording does otherwise".
const EXCHANGE: &str = "
memcg *exchange_in_two(slot *iter, memcg *old, memcg *new)
{
	memcg *seen = iter->position;

	if (seen == old)
		iter->position = new;
	return seen;
}
";

/// How the threads of a vector were run.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(super) enum Recording {
    /// Whole calls: nobody can come between.
    Calls,
    /// Races, on this core if not the policy's own; `rcu`: a kill waits for RCU readers; `exchange`: as it was recorded, or
    /// the kernel's.
    Races { core: Option<&'static str>, rcu: bool, exchange: Exchange },
}

/// How a slot's position is exchanged.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(crate) enum Exchange {
    /// A load and a store, as in the recording.
    InTwo,
    /// One access, as in the kernel.
    InOne,
}

/// The text of a policy; of `x-NAME-without-rcu` and `x-NAME-without-sched`, the listing NAME without these read locks.
pub(super) fn text(policy: &str) -> Result<String, String> {
    let variant = policy.strip_prefix("x-").and_then(|rest| {
        LOCKS.iter().find_map(|(end, calls)| Some((rest.strip_suffix(end)?, calls)))
    });
    let name = variant.map_or(policy, |(name, _)| name);
    let entry = registry::policy(name).ok_or_else(|| format!("there is no policy \"{name}\""))?;
    let goes = |line: &&str| variant.is_some_and(|(_, calls)| calls.contains(&line.trim()));
    Ok(entry.text.split_inclusive('\n').filter(|l| !goes(l)).collect())
}

/// What the recording calls a fault. Its accesses are slots, counters, list pointers and references (`conformance/README.md`); a
/// group's flag is none. A walker that goes on from a freed group looks whether it has left its list, and takes its list
/// pointer next: the first of the two is an access here, the second there.
pub(super) fn recorded_name(name: String) -> String {
    if name == "UAF gone" { "UAF sibling".into() } else { name }
}

/// The program that a vector was recorded of.
pub(super) fn program(
    policy: &str,
    recording: Recording,
    programs: &mut Programs,
) -> Result<Arc<Program>, String> {
    let key = (policy.to_string(), recording);
    if let Some(program) = programs.get(&key) {
        return Ok(Arc::clone(program));
    }
    let program = Arc::new(compile(&text(policy)?, recording)?);
    programs.insert(key, Arc::clone(&program));
    Ok(program)
}

fn compile(text: &str, recording: Recording) -> Result<Program, String> {
    let Recording::Races { core, rcu, exchange } = recording else {
        return registry::compile_text(text, None).map_err(|e| e.to_string());
    };
    let header = listing::header(text);
    let name = core.unwrap_or_else(|| header.get("core"));
    let core = registry::core(name).ok_or_else(|| format!("there is no core \"{name}\""))?;
    let core =
        if rcu { core.text.replace("call_rcu_sched(", "call_rcu(") } else { core.text.to_string() };
    let walk = registry::walks().iter().find(|w| w.name == header.get("walk")).map(|w| w.text);
    let mut text = match exchange {
        Exchange::InTwo => text.replace("cmpxchg(iter->position,", "exchange_in_two(iter,"),
        Exchange::InOne => text.to_string(),
    };
    if text.contains("exchange_in_two(") {
        text.push_str(EXCHANGE);
    }
    lower::compile(&text, walk, &core).map_err(|e| registry::LaneError::Compile(e).to_string())
}
