//! The primitives of the language.

use super::Lower;
use crate::listing::ast::{Expr, ExprKind, Type};
use crate::listing::nearest;
use crate::program::{Action, Instr, Reg, Touch};
use alloc::{format, string::ToString, vec::Vec};

/// Names of all primitives, in the order of `docs/listings.md`.
pub(super) const BUILTINS: [&str; 30] = [
    "tryget",
    "tryget_online",
    "get",
    "put",
    "kill",
    "free",
    "list_add_tail_rcu",
    "list_del_rcu",
    "rcu_read_lock",
    "rcu_read_unlock",
    "rcu_read_lock_sched",
    "rcu_read_unlock_sched",
    "call_rcu",
    "call_rcu_sched",
    "queue_work",
    "continue_with",
    "cmpxchg",
    "xchg",
    "atomic_inc",
    "atomic_add",
    "atomic_inc_return",
    "smp_rmb",
    "smp_wmb",
    "smp_mb",
    "new_id",
    "next_by_id",
    "slot_of",
    "use_hierarchy",
    "global_root",
    "barrier",
];

pub(super) fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(&name)
}

impl Lower<'_> {
    /// Lowers a call of a primitive; `None` if the name is not one.
    pub(super) fn builtin(&mut self, e: &Expr, name: &str, args: &[Expr]) -> Option<(Reg, Type)> {
        let void = (0, Type::Void);
        let simple = match name {
            "rcu_read_lock" => Some(Touch::RcuLock),
            "rcu_read_unlock" => Some(Touch::RcuUnlock),
            "rcu_read_lock_sched" => Some(Touch::SchedLock),
            "rcu_read_unlock_sched" => Some(Touch::SchedUnlock),
            _ => None,
        };
        if let Some(touch) = simple {
            self.check_args(e, args, 0);
            self.touch(e, touch, name);
            return Some(void);
        }
        let result = match name {
            "smp_rmb" | "smp_wmb" | "smp_mb" | "barrier" => {
                // The machine is sequentially consistent: a barrier is there for the reader.
                self.check_args(e, args, 0);
                void
            }
            "tryget" | "tryget_online" => {
                let css = self.group_arg(e, args);
                let dst = self.alloc();
                let online = name == "tryget_online";
                self.touch(e, Touch::Tryget { dst, css, online }, name);
                (dst, Type::Bool)
            }
            "get" => self.on_group(e, args, name, |css| Touch::Get { css }),
            "put" => self.on_group(e, args, name, |css| Touch::Put { css }),
            "kill" => self.on_group(e, args, name, |css| Touch::Kill { css }),
            "free" => self.on_group(e, args, name, |css| Touch::Free { css }),
            "list_add_tail_rcu" => self.on_group(e, args, name, |css| Touch::ListAdd { css }),
            "list_del_rcu" => self.on_group(e, args, name, |css| Touch::ListDel { css }),
            "call_rcu" | "call_rcu_sched" | "queue_work" | "continue_with" => {
                self.later(e, name, args)
            }
            "cmpxchg" | "xchg" => self.exchange(e, name, args),
            "atomic_inc" | "atomic_inc_return" | "atomic_add" => self.atomic(e, name, args),
            "slot_of" => {
                self.check_args(e, args, 2);
                let [root, cookie] = args else { return Some((self.alloc(), Type::Slot)) };
                let root = self.value_of(root, Type::Memcg);
                self.value_of(cookie, Type::Cookie);
                if !self.out.has_slots {
                    self.wrong(e.span, "this policy has no slots".to_string());
                }
                let dst = self.alloc();
                self.emit(Instr::SlotOf(dst, root));
                (dst, Type::Slot)
            }
            "new_id" => {
                self.check_args(e, args, 0);
                self.needs_ids(e);
                let dst = self.alloc();
                self.touch(e, Touch::NewId { dst }, name);
                (dst, Type::Int)
            }
            "next_by_id" => {
                self.check_args(e, args, 2);
                let [id, root] = args else { return Some((self.alloc(), Type::Memcg)) };
                self.needs_ids(e);
                let id = self.value_of(id, Type::Int);
                let root = self.value_of(root, Type::Memcg);
                let dst = self.alloc();
                self.touch(e, Touch::NextById { dst, id, root }, name);
                (dst, Type::Memcg)
            }
            "use_hierarchy" => {
                let root = self.group_arg(e, args);
                let dst = self.alloc();
                self.emit(Instr::UseHierarchy(dst, root));
                (dst, Type::Bool)
            }
            "global_root" => {
                self.check_args(e, args, 0);
                let dst = self.alloc();
                self.emit(Instr::GlobalRoot(dst));
                (dst, Type::Memcg)
            }
            _ => return None,
        };
        Some(result)
    }

    fn on_group(
        &mut self,
        e: &Expr,
        args: &[Expr],
        name: &str,
        touch: fn(Reg) -> Touch,
    ) -> (Reg, Type) {
        let css = self.group_arg(e, args);
        self.touch(e, touch(css), name);
        (0, Type::Void)
    }

    fn group_arg(&mut self, e: &Expr, args: &[Expr]) -> Reg {
        self.check_args(e, args, 1);
        match args.first() {
            Some(group) => self.value_of(group, Type::Memcg),
            None => self.alloc(),
        }
    }

    fn exchange(&mut self, e: &Expr, name: &str, args: &[Expr]) -> (Reg, Type) {
        let compares = name == "cmpxchg";
        self.check_args(e, args, if compares { 3 } else { 2 });
        let (target, old, new) = match args {
            [target, old, new] if compares => (target, Some(old), new),
            [target, new] if !compares => (target, None, new),
            _ => return (self.alloc(), Type::Unknown),
        };
        let Some(cell) = self.shared_cell(target) else { return (self.alloc(), Type::Unknown) };
        let old = old.map(|old| self.value_of(old, cell.ty));
        let src = self.value_of(new, cell.ty);
        let dst = self.alloc();
        let action = match old {
            Some(old) => Action::Cmpxchg { dst, old, new: src },
            None => Action::Xchg { dst, src },
        };
        self.touch_cell(e, &cell, action, name);
        (dst, cell.ty)
    }

    fn needs_ids(&mut self, e: &Expr) {
        if self.out.css_id.is_none() {
            self.wrong(e.span, "ids need a memcg field `int css_id`".to_string());
        }
    }

    fn atomic(&mut self, e: &Expr, name: &str, args: &[Expr]) -> (Reg, Type) {
        let is_add = name == "atomic_add";
        self.check_args(e, args, if is_add { 2 } else { 1 });
        let (target, amount) = match args {
            [amount, target] if is_add => match amount.kind {
                ExprKind::Number(n) => (target, n),
                _ => {
                    self.wrong(amount.span, "the amount is a number".to_string());
                    (target, 0)
                }
            },
            [target] if !is_add => (target, 1),
            _ => return (self.alloc(), Type::Unknown),
        };
        let Some(cell) = self.shared_cell(target) else { return (self.alloc(), Type::Unknown) };
        self.check_type(target, cell.ty, Type::Int);
        let dst = self.alloc();
        self.touch_cell(e, &cell, Action::Add { dst, amount }, "atomic");
        let ty = if name == "atomic_inc_return" { Type::Int } else { Type::Void };
        (dst, ty)
    }

    /// `call_rcu(stage, css)` and the other ways to go on with a stage.
    fn later(&mut self, e: &Expr, name: &str, args: &[Expr]) -> (Reg, Type) {
        self.check_args(e, args, 2);
        let [Expr { kind: ExprKind::Name(stage), span }, css] = args else {
            self.wrong(e.span, format!("written `{name}(stage, memcg)`"));
            return (0, Type::Void);
        };
        let css = self.value_of(css, Type::Memcg);
        let Some(stage) = self.out.stage(stage) else {
            let names: Vec<_> = self.out.stages.iter().map(|s| s.name.as_str()).collect();
            let hint = nearest(stage, names).map(|s| format!("did you mean `{s}`?"));
            let message = format!("there is no stage `{stage}`");
            self.wrong_with(*span, message, hint);
            return (0, Type::Void);
        };
        match name {
            "call_rcu" => self.touch(e, Touch::CallRcu { sched: false, stage, css }, name),
            "call_rcu_sched" => self.touch(e, Touch::CallRcu { sched: true, stage, css }, name),
            "queue_work" => self.touch(e, Touch::QueueWork { stage, css }, name),
            _ => {
                self.emit(Instr::ContinueWith(stage, css));
            }
        }
        (0, Type::Void)
    }

    pub(super) fn check_args(&mut self, e: &Expr, args: &[Expr], n: usize) {
        if args.len() != n {
            let s = if n == 1 { "" } else { "s" };
            let message = format!("this takes {n} argument{s}, not {}", args.len());
            self.wrong(e.span, message);
        }
    }
}
