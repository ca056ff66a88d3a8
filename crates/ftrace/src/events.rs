//! What an event means: the kernel's own, the probes of a memcg's life, and the iterator's.

use crate::draft::{Draft, path_of, pointer};
use crate::line::{Record, after_key, value};
use crate::pointers::normal;
use crate::probe::Probe;
use crate::reader::{Work, shown};
use crate::trace::{Call, Pointer, What};
use crate::trouble::Kind;
use alloc::{format, string::String};

impl Work {
    pub(crate) fn event(&mut self, record: &Record<'_>, is_complete: bool) {
        let line = self.line;
        let drafts = &mut self.drafts;
        drafts.facts.n_events = drafts.facts.n_events.saturating_add(1);
        if record.time_ns < self.time_ns {
            let words = || "earlier than the line before; the order of the lines is kept".into();
            drafts.troubles.note(Kind::BackInTime, line, words);
        }
        self.time_ns = record.time_ns;
        let Some(probe) = Probe::of(record.name, record.rest) else { return };
        if drafts.is_full() {
            drafts.event(0, line, 0, What::Lost);
            return;
        }
        let caller = drafts.caller(record.task, record.pid, record.cpu, line);
        // A value at the end of a file that was cut may be cut, too.
        let done = if is_complete {
            match probe {
                Probe::Mkdir | Probe::Rmdir | Probe::Release | Probe::Rename => {
                    self.cgroup(probe, record, caller)
                }
                Probe::Mark => {
                    self.mark(record, caller);
                    Ok(())
                }
                Probe::Enter | Probe::Return | Probe::Break => self.walk(probe, record, caller),
                Probe::Online | Probe::Offline | Probe::Released | Probe::Freed => {
                    self.css(probe, record, caller)
                }
            }
        } else {
            Err("a whole line")
        };
        if let Err(lacks) = done {
            let words = || {
                let (name, rest) = (shown(record.name), shown(record.rest));
                format!("{name} lacks {lacks}, or it cannot be read: \"{rest}\"; not used")
            };
            self.drafts.troubles.note(Kind::Truncated, line, words);
        }
    }

    /// The kernel's own events.
    fn cgroup(
        &mut self,
        probe: Probe,
        record: &Record<'_>,
        caller: u32,
    ) -> Result<(), &'static str> {
        let (line, rest) = (self.line, record.rest);
        let hierarchy = value(rest, b"root").and_then(|v| u32::try_from(v).ok()).ok_or("root=")?;
        let id = value(rest, b"id");
        let path = after_key(rest, b"path").and_then(path_of).ok_or("path=")?;
        if path.is_empty() {
            return Ok(());
        }
        let drafts = &mut self.drafts;
        if probe == Probe::Mkdir {
            let online = drafts.unnamed(caller);
            if let Some(there) = drafts.find(hierarchy, id, &path).filter(|g| Some(*g) != online) {
                let words = || {
                    format!("\"{path}\" is made where one is: the removal of that was not recorded")
                };
                drafts.troubles.note(Kind::Contradiction, line, words);
                self.gone(there, record.time_ns, caller);
            }
            let drafts = &mut self.drafts;
            let group = match online {
                Some(group) => group,
                None => {
                    let group =
                        drafts.add(Draft::new(hierarchy, String::new(), 0, false, line), line);
                    if group == u32::MAX {
                        return Ok(());
                    }
                    drafts.event(record.time_ns, line, caller, What::Create(id_of(group)));
                    group
                }
            };
            drafts.name(group, hierarchy, id, &path, line);
            return Ok(());
        }
        if probe == Probe::Rename {
            let words = || format!("a group is renamed to \"{path}\": it keeps its old name here");
            drafts.troubles.note(Kind::UnknownGroup, line, words);
            return Ok(());
        }
        let group = match drafts.find(hierarchy, id, &path) {
            Some(group) => group,
            None if probe == Probe::Release => {
                let words =
                    || format!("\"{path}\" is released, but nothing was known of it: not used");
                drafts.troubles.note(Kind::UnknownGroup, line, words);
                return Ok(());
            }
            None => {
                let group = drafts.at_path(hierarchy, &path, line);
                if group == u32::MAX {
                    return Ok(());
                }
                drafts.identify(group, hierarchy, id);
                group
            }
        };
        if probe == Probe::Release {
            drafts.forget_id(hierarchy, id);
            // With a probe on the memory's end, that came a moment ago.
            if !core::mem::replace(&mut drafts.groups[group as usize].freed, true) {
                drafts.event(record.time_ns, line, caller, What::Freed(id_of(group)));
            }
            return Ok(());
        }
        let draft = &mut drafts.groups[group as usize];
        if draft.removed {
            drafts
                .troubles
                .note(Kind::Contradiction, line, || format!("\"{path}\" is removed twice"));
            return Ok(());
        }
        draft.removed = true;
        drafts.event(record.time_ns, line, caller, What::Rmdir(id_of(group)));
        Ok(())
    }

    /// `memcg /path`: the task is about to walk the group at this path, which tells its address.
    fn mark(&mut self, record: &Record<'_>, caller: u32) {
        let rest = record.rest.strip_prefix(b"tracing_mark_write: ").unwrap_or(record.rest);
        if let Some(path) = rest.strip_prefix(b"memcg ").and_then(path_of) {
            self.drafts.announce(caller, path);
        }
    }

    /// A group must be gone, although that was not recorded.
    fn gone(&mut self, group: u32, time_ns: u64, caller: u32) {
        let (drafts, line) = (&mut self.drafts, self.line);
        let id = id_of(group);
        let Some(draft) = drafts.groups.get_mut(group as usize) else { return };
        if !draft.removed {
            draft.removed = true;
            drafts.event(time_ns, line, caller, What::Rmdir(id));
        }
        for what in [What::Offline(id), What::Released(id), What::Freed(id)] {
            drafts.event(time_ns, line, caller, what);
        }
    }

    /// Probes of a memcg's life.
    fn css(&mut self, probe: Probe, record: &Record<'_>, caller: u32) -> Result<(), &'static str> {
        let line = self.line;
        let address = value(record.rest, b"css").map(normal).filter(|a| *a != 0).ok_or("css=")?;
        if probe == Probe::Online {
            self.online(address, record, caller);
            return Ok(());
        }
        let drafts = &mut self.drafts;
        let facts = &mut drafts.facts;
        let (count, make): (_, fn(_) -> What) = match probe {
            Probe::Offline => (&mut facts.n_offline, What::Offline),
            Probe::Released => (&mut facts.n_released, What::Released),
            _ => (&mut facts.n_freed, What::Freed),
        };
        *count += 1;
        let group = match drafts.by_address.get(&address) {
            Some(0) => return Ok(()),
            Some(group) => *group,
            None if probe == Probe::Freed => return Ok(()),
            None => self.walks.resolve(drafts, address, 0, line),
        };
        if group == u32::MAX {
            return Ok(());
        }
        drafts.event(record.time_ns, line, caller, make(id_of(group)));
        if probe == Probe::Freed {
            drafts.by_address.remove(&address);
            drafts.groups[group as usize].freed = true;
        }
        Ok(())
    }

    fn online(&mut self, address: u64, record: &Record<'_>, caller: u32) {
        let line = self.line;
        self.drafts.facts.n_online += 1;
        let early = self.walks.introduced(&mut self.drafts, address, line);
        if early.is_none()
            && let Some(there) = self.drafts.by_address.get(&address).copied()
        {
            let words = || {
                format!(
                    "a group comes online at 0x{address:x}, where one is: the end of that was not recorded"
                )
            };
            self.drafts.troubles.note(Kind::Contradiction, line, words);
            if there != 0 {
                self.gone(there, record.time_ns, caller);
            }
        }
        let drafts = &mut self.drafts;
        let group = early.unwrap_or_else(|| {
            let mut draft = Draft::new(u32::MAX, format!("css-{address:x}"), 0, false, line);
            (draft.address, draft.guessed) = (address, true);
            drafts.add(draft, line)
        });
        if group == u32::MAX {
            return;
        }
        drafts.by_address.insert(address, group);
        drafts.event(record.time_ns, line, caller, What::Create(id_of(group)));
        if let Some(unnamed) = drafts.expect_name(caller, group) {
            let address = drafts.groups.get(unnamed as usize).map_or(0, |d| d.address);
            let words = || {
                format!("no cgroup_mkdir names the group at 0x{address:x}: its path is not known")
            };
            drafts.troubles.note(Kind::UnknownGroup, line, words);
        }
    }

    /// The iterator's own probes.
    fn walk(&mut self, probe: Probe, record: &Record<'_>, caller: u32) -> Result<(), &'static str> {
        let (line, rest) = (self.line, record.rest);
        if probe == Probe::Return {
            let value = value(rest, b"ret").map(normal).ok_or("ret=")?;
            self.returns(value, record, caller);
            return Ok(());
        }
        let root = value(rest, b"root").map(normal).ok_or("root=")?;
        let prev = value(rest, b"prev").map(normal).ok_or("prev=")?;
        let cookie = match probe {
            Probe::Enter => value(rest, b"reclaim").map(normal).ok_or("reclaim=")?,
            _ => 0,
        };
        let (drafts, walks) = (&mut self.drafts, &mut self.walks);
        if root != 0 && probe == Probe::Enter {
            drafts.introduce(caller, root, line);
        }
        let root = if root == 0 { 0 } else { walks.resolve(drafts, root, 0, line) };
        if probe == Probe::Break {
            let root = pointer(root);
            drafts.event(record.time_ns, line, caller, What::Break { caller, root });
            return Ok(());
        }
        let prev = match prev {
            0 => Pointer::Null,
            prev => pointer(walks.resolve(drafts, prev, root, line)),
        };
        let at = crate::draft::index(drafts.calls.len());
        let entered = drafts.event(record.time_ns, line, caller, What::Enter(at));
        let root = pointer(root);
        let returned = Pointer::Unknown;
        let call = Call {
            caller,
            root,
            prev,
            cookie,
            returned,
            site: 0,
            entered,
            ended: None,
            overlaps: false,
        };
        drafts.enter(call, line);
        Ok(())
    }

    fn returns(&mut self, value: u64, record: &Record<'_>, caller: u32) {
        let (drafts, line) = (&mut self.drafts, self.line);
        let Some(open) = drafts.open_of(caller) else {
            let words = || "a return whose call was not recorded: not used".into();
            drafts.troubles.note(Kind::Unpaired, line, words);
            return;
        };
        let at = drafts.open.remove(open);
        let call = drafts.calls[at as usize];
        let root = call.root.group().map_or(u32::MAX, |g| g.0);
        let returned = match value {
            0 => None,
            value => Some(self.walks.resolve(drafts, value, root, line)),
        };
        let (is_private, is_fresh) = (call.cookie == 0, call.prev == Pointer::Null);
        if root != u32::MAX && returned != Some(u32::MAX) {
            self.walks.returned(drafts, root, returned, is_private, is_fresh, line);
        }
        let ended = drafts.event(record.time_ns, line, caller, What::Return(at));
        let place = record.rest.strip_prefix(b"(").unwrap_or_default();
        let site = place.split(|b| matches!(b, b'+' | b' ' | b')')).next().unwrap_or_default();
        let site = drafts.site(site);
        let call = &mut drafts.calls[at as usize];
        call.ended = (ended != u32::MAX).then_some(ended);
        call.returned = returned.map_or(Pointer::Null, pointer);
        call.site = site;
    }
}

const fn id_of(group: u32) -> memcg_core::hierarchy::GroupId {
    memcg_core::hierarchy::GroupId(group)
}
