//! Reads a trace piece by piece: lines become groups, calls and events.
//!
//! Holds one line and what it has made of the others; the text itself is never kept.

use crate::draft::{Draft, Drafts, path_of, pointer};
use crate::line::{self, Line, Record, after_key, value};
use crate::lines::{LINE_BYTES_MAX, Lines, Whole};
use crate::pointers::{Walks, normal};
use crate::trace::{Call, Pointer, Trace, What};
use crate::trouble::Kind;
use alloc::{format, string::String};

/// Which event or probe a line is.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
enum Probe {
    Mkdir,
    Rmdir,
    Release,
    Rename,
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
    fn of(name: &[u8], rest: &[u8]) -> Option<Self> {
        Some(match name {
            b"cgroup_mkdir" => Self::Mkdir,
            b"cgroup_rmdir" => Self::Rmdir,
            b"cgroup_release" => Self::Release,
            b"cgroup_rename" => Self::Rename,
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

/// Reads a trace that comes in pieces.
#[derive(Debug)]
pub struct Reader {
    lines: Lines,
    work: Work,
}

/// Everything but the line in hand.
#[derive(Debug)]
struct Work {
    drafts: Drafts,
    walks: Walks,
    line: u32,
    time_ns: u64,
    n_begun: u32,
    /// Entries that the header promises, since the last header.
    promised: Option<u64>,
    n_since: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads a trace that is at hand as a whole.
pub fn read(text: &[u8]) -> Trace {
    let mut reader = Reader::new();
    reader.feed(text);
    reader.finish()
}

impl Reader {
    /// A reader at the beginning of a trace.
    pub fn new() -> Self {
        let work = Work {
            drafts: Drafts::new(),
            walks: Walks::default(),
            line: 0,
            time_ns: 0,
            n_begun: 0,
            promised: None,
            n_since: 0,
        };
        Self { lines: Lines::default(), work }
    }

    /// Takes the next bytes, as many as there are.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.work.drafts.facts.n_bytes += bytes.len() as u64;
        let work = &mut self.work;
        self.lines.feed(bytes, |line| work.whole(line, true));
    }

    /// Bytes taken so far.
    pub const fn n_bytes(&self) -> u64 {
        self.work.drafts.facts.n_bytes
    }

    /// Events taken so far.
    pub const fn n_events(&self) -> u32 {
        self.work.drafts.facts.n_events
    }

    /// The text is at its end.
    pub fn finish(mut self) -> Trace {
        let work = &mut self.work;
        if let Some(last) = self.lines.last() {
            work.whole(last, false);
        }
        work.check_promise();
        work.drafts.facts.n_lines = work.line;
        self.work.drafts.finish()
    }
}

impl Work {
    fn whole(&mut self, line: Whole<'_>, is_complete: bool) {
        self.line = self.line.saturating_add(1);
        match line {
            Whole::Line(line) => self.line(line, is_complete),
            Whole::TooLong => {
                let words = || format!("longer than {LINE_BYTES_MAX} bytes: not used");
                self.drafts.troubles.note(Kind::TooLong, self.line, words);
            }
        }
    }

    fn line(&mut self, text: &[u8], is_complete: bool) {
        let line = self.line;
        match line::parse(text) {
            Line::Nothing => {}
            Line::Event(record) => {
                self.n_since += 1;
                self.event(&record, is_complete);
            }
            Line::Garbage if !is_complete => {
                let words = || "the file ends in the middle of this line: not used".into();
                self.drafts.troubles.note(Kind::Truncated, line, words);
            }
            Line::Garbage => {
                let words = || format!("no event of a trace: \"{}\"", shown(text));
                self.drafts.troubles.note(Kind::Garbage, line, words);
            }
            Line::Begins => {
                self.n_begun += 1;
                if self.n_begun > 1 {
                    self.check_promise();
                    let words = || {
                        "another trace begins here: walks under way are not followed over the gap"
                            .into()
                    };
                    self.drafts.troubles.note(Kind::Lost, line, words);
                    self.drafts.lost(self.time_ns, line);
                }
                self.n_since = 0;
            }
            Line::Entries { kept, written } => {
                self.promised = Some(kept);
                if written > kept {
                    let words = || {
                        let n = written - kept;
                        format!(
                            "the kernel wrote {written} entries and kept {kept}: the oldest {n} are gone; give the buffer more room (buffer_size_kb)"
                        )
                    };
                    self.drafts.troubles.note(Kind::Lost, line, words);
                }
            }
            Line::Lost { cpu, n } => {
                let words = || {
                    let n = n.map_or_else(|| "an unknown number of".into(), |n| format!("{n}"));
                    format!(
                        "CPU {cpu} lost {n} events: walks under way and positions are not known from here on"
                    )
                };
                self.drafts.troubles.note(Kind::Lost, line, words);
                self.drafts.lost(self.time_ns, line);
            }
            Line::BufferStarts { cpu } => {
                // At the very beginning this says only which CPU came later.
                if self.n_since > 0 && self.drafts.facts.n_events > 0 {
                    let words = || {
                        format!(
                            "the buffer of CPU {cpu} begins only here: what it did before is not known"
                        )
                    };
                    self.drafts.troubles.note(Kind::Lost, line, words);
                    self.drafts.lost(self.time_ns, line);
                }
            }
        }
    }

    /// The header says how many entries follow.
    fn check_promise(&mut self) {
        let n_read = self.n_since;
        if let Some(promised) = self.promised.take()
            && promised != n_read
        {
            let words = || {
                format!(
                    "the header promises {promised} entries, {n_read} were read: lines are missing, or were added"
                )
            };
            self.drafts.troubles.note(Kind::Lost, 0, words);
        }
    }

    fn event(&mut self, record: &Record<'_>, is_complete: bool) {
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
            let online = drafts.pending.get_mut(caller as usize).and_then(Option::take);
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
        let Some(pending) = drafts.pending.get_mut(caller as usize) else { return };
        if let Some(unnamed) = pending.replace(group) {
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

/// The beginning of a text, for a message.
fn shown(text: &[u8]) -> String {
    const N_SHOWN_MAX: usize = 60;
    let text = text.trim_ascii();
    let mut out = String::from_utf8_lossy(&text[..text.len().min(N_SHOWN_MAX)]).into_owned();
    if text.len() > N_SHOWN_MAX {
        out.push('…');
    }
    out.replace(char::is_control, "·")
}
