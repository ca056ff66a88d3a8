//! Which event or probe a line is.

/// The events and probes that are read.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Probe {
    Mkdir,
    Rmdir,
    Release,
    Rename,
    Mark,
    Enter,
    Return,
    Break,
    Online,
    Offline,
    Released,
    Freed,
}

impl Probe {
    /// By its name, or, for a probe with another name, by the function that it is in.
    pub(crate) fn of(name: &[u8], rest: &[u8]) -> Option<Self> {
        Some(match name {
            b"cgroup_mkdir" => Self::Mkdir,
            b"cgroup_rmdir" => Self::Rmdir,
            b"cgroup_release" => Self::Release,
            b"cgroup_rename" => Self::Rename,
            b"tracing_mark_write" | b"print" => Self::Mark,
            b"iter_in" => Self::Enter,
            b"iter_out" => Self::Return,
            b"brk" => Self::Break,
            b"online" => Self::Online,
            b"offline" => Self::Offline,
            b"released" => Self::Released,
            b"cssfree" => Self::Freed,
            _ => {
                let place = rest.strip_prefix(b"(")?;
                let place = &place[..place.iter().position(|b| *b == b')')?];
                if place.ends_with(b"<- mem_cgroup_iter") {
                    return Some(Self::Return);
                }
                match place.split(|b| *b == b'+').next()? {
                    b"mem_cgroup_iter" => Self::Enter,
                    b"mem_cgroup_iter_break" => Self::Break,
                    b"mem_cgroup_css_online" => Self::Online,
                    b"mem_cgroup_css_offline" => Self::Offline,
                    b"mem_cgroup_css_released" => Self::Released,
                    b"mem_cgroup_css_free" => Self::Freed,
                    _ => return None,
                }
            }
        })
    }
}
