//! Steps that were made before, by the parts that they were made from: a direct-mapped table of bounded size, in which
//! a later step takes the place of an earlier one.

use super::index::{finish, mix};
use super::space::{Event, Transition, Wrong};
use crate::hierarchy::GroupId;
use crate::machine::ThreadId;
use crate::picture::Returned;
use alloc::{vec, vec::Vec};

/// Steps that are remembered at first, and at most.
const BITS: (u32, u32) = (12, 21);

/// Who steps from where: thread, item of the worker, and the two parts.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) struct Key {
    local: u32,
    shared: u32,
    thread: u8,
    item: u8,
}

/// No thread has this number.
const NONE: Key = Key { local: 0, shared: 0, thread: u8::MAX, item: 0 };

impl Key {
    #[inline]
    pub(super) fn new(thread: ThreadId, local: u32, shared: u32, item: u8) -> Self {
        Self { local, shared, thread: u8::try_from(thread).unwrap_or(u8::MAX), item }
    }

    #[inline]
    fn hash(self) -> u32 {
        let by = u64::from(self.item) << 8 | u64::from(self.thread);
        finish(mix(by, u64::from(self.local) << 32 | u64::from(self.shared)))
    }
}

/// A key and what it leads to, in 24 bytes: the table is as large as a cache, or larger.
#[derive(Copy, Clone, Debug)]
struct Cell {
    from_local: u32,
    from_shared: u32,
    thread: u8,
    item: u8,
    /// What came of it, what is wrong with that, whether there is another item.
    bits: u8,
    local: u32,
    shared: u32,
    /// The group that was returned, or a fault's number.
    value: u32,
}

/// What came of a step, and what is wrong with what was returned; then whether there is more.
const STEPPED: u8 = 1;
const NOTHING: u8 = 2;
const FAULT: u8 = 3;
const GROUP: u8 = 4;
const MORE: u8 = 8;

impl Cell {
    fn new(key: Key, made: Transition) -> Self {
        let (kind, value) = match (made.event, made.wrong) {
            (Event::None, _) => (0, 0),
            (Event::Stepped, _) => (STEPPED, 0),
            (Event::Returned(Returned::Nothing), _) => (NOTHING, 0),
            (Event::Fault(fault), _) => (FAULT, fault),
            (Event::Returned(Returned::Group(group)), wrong) => {
                let wrong = match wrong {
                    None => 0,
                    Some(Wrong::Freed(_)) => 1,
                    Some(Wrong::NotOnline(_)) => 2,
                    Some(Wrong::Outside(_)) => 3,
                };
                (GROUP + wrong, group.0)
            }
        };
        let bits = kind | if made.has_more { MORE } else { 0 };
        Self {
            from_local: key.local,
            from_shared: key.shared,
            thread: key.thread,
            item: key.item,
            bits,
            local: made.local,
            shared: made.shared,
            value,
        }
    }

    #[inline]
    fn key(&self) -> Key {
        let (local, shared) = (self.from_local, self.from_shared);
        Key { local, shared, thread: self.thread, item: self.item }
    }

    #[inline]
    fn read(&self) -> Transition {
        let group = GroupId(self.value);
        let (event, wrong) = match self.bits & 7 {
            0 => (Event::None, None),
            STEPPED => (Event::Stepped, None),
            NOTHING => (Event::Returned(Returned::Nothing), None),
            FAULT => (Event::Fault(self.value), None),
            kind => {
                let wrong = match kind {
                    GROUP => None,
                    5 => Some(Wrong::Freed(group)),
                    6 => Some(Wrong::NotOnline(group)),
                    _ => Some(Wrong::Outside(group)),
                };
                (Event::Returned(Returned::Group(group)), wrong)
            }
        };
        let has_more = self.bits & MORE != 0;
        Transition { local: self.local, shared: self.shared, event, has_more, wrong }
    }
}

/// The table.
#[derive(Clone, Debug)]
pub(super) struct Memo {
    cells: Vec<Cell>,
    bits: u32,
    /// Steps that were put in since it has this size.
    n_put: usize,
}

impl Memo {
    pub(super) fn new() -> Self {
        Self { cells: empty(BITS.0), bits: BITS.0, n_put: 0 }
    }

    #[inline]
    fn at(&self, key: Key) -> usize {
        (key.hash() >> (32 - self.bits)) as usize
    }

    #[inline]
    pub(super) fn get(&self, key: Key) -> Option<Transition> {
        let cell = &self.cells[self.at(key)];
        (cell.key() == key).then(|| cell.read())
    }

    pub(super) fn put(&mut self, key: Key, made: Transition) {
        self.n_put += 1;
        if self.n_put * 2 > self.cells.len() && self.bits < BITS.1 {
            self.resize(BITS.1.min(self.bits + 2));
        }
        let at = self.at(key);
        self.cells[at] = Cell::new(key, made);
    }

    /// As large as it can be.
    pub(super) fn widen(&mut self) {
        self.resize(BITS.1);
    }

    fn resize(&mut self, bits: u32) {
        self.bits = bits;
        self.n_put = 0;
        let known = core::mem::replace(&mut self.cells, empty(bits));
        for cell in known.into_iter().filter(|cell| cell.key() != NONE) {
            let at = self.at(cell.key());
            self.cells[at] = cell;
        }
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.cells.len() * size_of::<Cell>()
    }
}

fn empty(bits: u32) -> Vec<Cell> {
    let none = Transition { local: 0, shared: 0, event: Event::None, has_more: false, wrong: None };
    vec![Cell::new(NONE, none); 1 << bits]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever a step comes to is read as it was put in, also when the table has grown.
    #[test]
    fn steps_are_remembered() {
        let group = GroupId(300);
        let returned = Event::Returned(Returned::Group(group));
        let kinds = [
            (Event::None, None),
            (Event::Stepped, None),
            (Event::Returned(Returned::Nothing), None),
            (Event::Fault(70_000), None),
            (returned, None),
            (returned, Some(Wrong::Freed(group))),
            (returned, Some(Wrong::NotOnline(group))),
            (returned, Some(Wrong::Outside(group))),
        ];
        assert_eq!(size_of::<Cell>(), 24);
        let mut memo = Memo::new();
        let mut n_found = 0;
        for at in 0..6000_u32 {
            let (event, wrong) = kinds[at as usize % kinds.len()];
            let made = Transition { local: at, shared: 1, event, has_more: at % 3 == 0, wrong };
            memo.put(Key::new(1, at, 2, 3), made);
        }
        for at in 0..6000_u32 {
            assert!(memo.get(Key::new(1, at, 2, 4)).is_none());
            let Some(made) = memo.get(Key::new(1, at, 2, 3)) else { continue };
            n_found += 1;
            let wanted = kinds[at as usize % kinds.len()];
            assert_eq!((made.local, made.event, made.wrong), (at, wanted.0, wanted.1));
            assert_eq!(made.has_more, at % 3 == 0);
        }
        // Some have taken the place of others.
        assert!(n_found > 3000 && memo.n_bytes() > 12_000 * size_of::<Cell>(), "{n_found}");
    }
}
