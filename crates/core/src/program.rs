//! A policy on a core, lowered to micro-steps: what a machine runs.
//!
//! Every call is inlined, so a thread's state is one program counter and a few registers.
//! Values are unsigned 32-bit words; a group or slot is its number plus one, none is 0.

use crate::listing::{Diagnostic, Header, ast::Type};
use alloc::{string::String, vec::Vec};
use core::fmt;

/// A register of a call.
pub type Reg = u16;

/// Address of an instruction.
pub type Pc = u32;

/// A word of shared memory, given the word that addresses its object.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Place {
    /// Field of a slot.
    Slot(u8),
    /// Extra field of a group.
    Memcg(u8),
    /// A global; the base is not used.
    Global(u8),
    /// A group's parent.
    Parent,
    /// Head of a group's list of children.
    FirstChild,
    /// A group's own next pointer on its parent's list.
    NextSibling,
}

/// What is done to a word, all at once.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Action {
    /// Read.
    Load {
        /// Takes the value.
        dst: Reg,
    },
    /// Write.
    Store {
        /// The value.
        src: Reg,
    },
    /// Write if the word is as expected; gives what was there.
    Cmpxchg {
        /// Takes what was there.
        dst: Reg,
        /// Expected.
        old: Reg,
        /// Written if so.
        new: Reg,
    },
    /// Write, and give what was there.
    Xchg {
        /// Takes what was there.
        dst: Reg,
        /// Written.
        src: Reg,
    },
    /// Add, and give the sum.
    Add {
        /// Takes the sum.
        dst: Reg,
        /// Added, wrapping.
        amount: u32,
    },
}

/// One access to shared state: what ends a micro-step.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Touch {
    /// A word.
    Word {
        /// Which word of the object.
        place: Place,
        /// Register that addresses the object.
        base: Reg,
        /// What is done.
        action: Action,
    },
    /// Take a reference unless that is too late.
    Tryget {
        /// Takes whether it succeeded.
        dst: Reg,
        /// The group.
        css: Reg,
        /// The kind that also fails on groups that are not online.
        online: bool,
    },
    /// Take a reference whatever the state.
    Get {
        /// The group.
        css: Reg,
    },
    /// Drop a reference; the last one queues the core's stage `on last put`.
    Put {
        /// The group.
        css: Reg,
    },
    /// From now on tryget fails as the core's header says.
    Kill {
        /// The group.
        css: Reg,
    },
    /// Last on the parent's list.
    ListAdd {
        /// The group.
        css: Reg,
    },
    /// Off the parent's list; the own next pointer stays.
    ListDel {
        /// The group.
        css: Reg,
    },
    /// Enter an RCU read-side section.
    RcuLock,
    /// Leave it.
    RcuUnlock,
    /// Enter an RCU-sched read-side section.
    SchedLock,
    /// Leave it.
    SchedUnlock,
    /// A grace period begins; the stage follows it.
    CallRcu {
        /// Waits for RCU-sched readers (and, without preemption, for RCU readers too).
        sched: bool,
        /// Stage, an index into [`Program::stages`].
        stage: u8,
        /// The group.
        css: Reg,
    },
    /// The stage is put on the queue.
    QueueWork {
        /// Stage.
        stage: u8,
        /// The group.
        css: Reg,
    },
    /// The memory is given back.
    Free {
        /// The group.
        css: Reg,
    },
    /// Look into the table of ids: the smallest that no group has.
    NewId {
        /// Takes the id.
        dst: Reg,
    },
    /// Look into the table of ids: the group at or below the root with the smallest id from this one on.
    NextById {
        /// Takes the group.
        dst: Reg,
        /// First id that counts.
        id: Reg,
        /// Root of the walk.
        root: Reg,
    },
}

/// An instruction.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Instr {
    /// `dst = value`
    Const(Reg, u32),
    /// `dst = src`
    Copy(Reg, Reg),
    /// `dst = a op b`
    Binary(crate::listing::ast::BinaryOp, Reg, Reg, Reg),
    /// Go on there.
    Jump(Pc),
    /// Go on there if the register is not 0.
    JumpIf(Reg, Pc),
    /// Go on there if the register is 0.
    JumpUnless(Reg, Pc),
    /// `dst =` the slot of this root for the thread's cookie.
    SlotOf(Reg, Reg),
    /// `dst =` the first slot (in order of number) of this root that follows the slot in `dst`, which is 0 at first.
    NextSlot(Reg, Reg),
    /// `dst = ` field of the thread's cookie.
    CookieLoad(Reg, u8),
    /// Field of the thread's cookie `= src`.
    CookieStore(u8, Reg),
    /// `dst =` whether a walk below this group sees more than it.
    UseHierarchy(Reg, Reg),
    /// `dst =` the global root.
    GlobalRoot(Reg),
    /// The same thread goes on with a stage for a group.
    ContinueWith(u8, Reg),
    /// An access to shared state.
    Touch(Touch),
    /// The call is over; the register holds what it returns.
    Return(Reg),
}

/// What an instruction belongs to.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Origin {
    /// Index into [`Program::frames`].
    pub frame: u32,
    /// Line in the frame's file, from 1.
    pub line: u32,
    /// Bytes of the statement in that file.
    pub stmt: (u32, u32),
    /// Bytes of the expression.
    pub expr: (u32, u32),
    /// Index into [`Program::labels`]; only for accesses.
    pub label: u32,
}

/// A function as inlined in one place.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Frame {
    /// The function's name.
    pub function: String,
    /// Index into [`Program::files`].
    pub file: usize,
    /// The frame it was called from.
    pub caller: Option<u32>,
    /// Parameters and locals.
    pub locals: Vec<LocalInfo>,
}

/// A parameter or local of a frame.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct LocalInfo {
    /// Name.
    pub name: String,
    /// Type.
    pub ty: Type,
    /// Register.
    pub reg: Reg,
}

/// A field of a slot, group or cookie, or a global.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct FieldInfo {
    /// Name.
    pub name: String,
    /// Type.
    pub ty: Type,
}

/// A stage of a group's life.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Stage {
    /// Name.
    pub name: String,
    /// First instruction.
    pub pc: Pc,
}

/// A file that the program was made from.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct File {
    /// Name of the listing.
    pub name: String,
    /// Text.
    pub text: String,
    /// Header.
    pub header: Header,
}

/// What tells slots apart beside their root.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub struct SlotKeys {
    /// The NUMA node.
    pub node: bool,
    /// The zone.
    pub zone: bool,
    /// The reclaim priority.
    pub priority: bool,
}

/// Until when `tryget` succeeds.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum TrygetRule {
    /// Fails once the group is killed.
    #[default]
    UnlessKilled,
    /// Succeeds while any reference is left.
    WhileReferenced,
}

/// A policy on a core.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Program {
    /// Files: the policy, the walking helper, the core.
    pub files: Vec<File>,
    /// Instructions.
    pub code: Vec<Instr>,
    /// One per instruction.
    pub origins: Vec<Origin>,
    /// Inlined functions.
    pub frames: Vec<Frame>,
    /// Labels of accesses: `function.access`, with `~2` and so on when a function has several alike.
    pub labels: Vec<String>,
    /// Entry of `next`.
    pub next: Pc,
    /// Entry of `break`.
    pub leave: Pc,
    /// Stages of the core.
    pub stages: Vec<Stage>,
    /// Index of the stage that the last put queues.
    pub on_last_put: Option<u8>,
    /// Whether slots exist (a policy may keep none).
    pub has_slots: bool,
    /// What tells them apart.
    pub slot_keys: SlotKeys,
    /// Their fields.
    pub slot_fields: Vec<FieldInfo>,
    /// The slot field that is the position: the first that points to a group.
    pub position: Option<u8>,
    /// The slot field called `generation`.
    pub generation: Option<u8>,
    /// The field of a cookie called `generation`: that which its walker has seen in the slot.
    pub cookie_generation: Option<u8>,
    /// Extra fields of groups: the core's, then the policy's.
    pub memcg_fields: Vec<FieldInfo>,
    /// The field of groups called `online`.
    pub online: Option<u8>,
    /// The field of groups called `css_id`, the table of ids.
    pub css_id: Option<u8>,
    /// Fields of a cookie.
    pub cookie_fields: Vec<FieldInfo>,
    /// Globals.
    pub globals: Vec<FieldInfo>,
    /// Registers a call needs.
    pub n_regs: usize,
    /// Rule of `tryget`.
    pub tryget: TrygetRule,
    /// Rule of `tryget_online`, beside the field `online`.
    pub tryget_online: TrygetRule,
}

impl Program {
    /// The policy's header.
    pub fn policy(&self) -> &Header {
        &self.files[0].header
    }

    /// The core's header.
    pub fn core(&self) -> &Header {
        &self.files[self.files.len() - 1].header
    }

    /// The stage with this name.
    pub fn stage(&self, name: &str) -> Option<u8> {
        let at = self.stages.iter().position(|s| s.name == name)?;
        u8::try_from(at).ok()
    }

    /// Whether the thread that ran this stage goes on with another one at once (`continue_with`).
    pub fn goes_on(&self, stage: u8) -> bool {
        let from = self.stages.get(stage as usize).map_or(0, |s| s.pc as usize);
        let own = self.code[from..].iter().take_while(|i| !matches!(i, Instr::Return(_)));
        own.into_iter().any(|i| matches!(i, Instr::ContinueWith(..)))
    }

    /// Label of the access at this address.
    pub fn label(&self, pc: Pc) -> &str {
        &self.labels[self.origins[pc as usize].label as usize]
    }

    /// Whether any access has this label.
    pub fn has_label(&self, label: &str) -> bool {
        self.labels.iter().any(|l| l == label)
    }
}

/// Why listings do not make a program.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct CompileError {
    /// Name of the listing.
    pub file: String,
    /// What is wrong there.
    pub diagnostic: Diagnostic,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.diagnostic)
    }
}
