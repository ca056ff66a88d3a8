//! How far a check has come, on one line of a terminal that is written again every second.

use memcg_core::check::Check;
use memcg_core::words::thousands;
use std::io::{IsTerminal, Write as _, stderr};
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(1);

/// Tells of a check under way, where somebody can be looking.
pub(super) struct Meter {
    is_seen: bool,
    begun: Instant,
    told: Option<Instant>,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self { is_seen: stderr().is_terminal(), begun: Instant::now(), told: None }
    }

    /// Writes the line again, if a second has passed.
    pub(super) fn tell(&mut self, check: &Check) {
        if !self.is_seen || self.told.unwrap_or(self.begun).elapsed() < EVERY {
            return;
        }
        let extent = check.extent();
        let per_second = extent.n_states as u128 * 1000 / self.begun.elapsed().as_millis().max(1);
        let ahead = check.front().map_or(String::new(), |front| {
            format!(
                ", step {} of about {}, about {} states in all",
                front.n_steps_done,
                front.n_steps_longest,
                thousands(front.n_states_about)
            )
        });
        eprint!(
            "\r\x1b[K{} states, {} waiting, {}/s, {} MiB{ahead}",
            thousands(extent.n_states as u64),
            thousands(check.n_waiting() as u64),
            thousands(u64::try_from(per_second).unwrap_or(u64::MAX)),
            check.n_bytes() >> 20
        );
        // Without a terminal any more there is nobody to tell.
        self.is_seen = stderr().flush().is_ok();
        self.told = Some(Instant::now());
    }

    /// Takes the line away.
    pub(super) fn wipe(&mut self) {
        if self.told.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}
