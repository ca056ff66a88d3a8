//! Expressions to instructions: every field of shared state is an access of its own.

use super::builtin::BUILTINS;
use super::{Known, Lower};
use crate::listing::Span;
use crate::listing::ast::{BinaryOp, Expr, ExprKind, Type};
use crate::listing::nearest;
use crate::program::{Action, Instr, LocalInfo, Place, Reg, Touch};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

/// Something that can be read or written and is not a local.
pub(super) struct Cell {
    pub(super) ty: Type,
    name: String,
    kind: CellKind,
}

enum CellKind {
    Shared {
        place: Place,
        base: Reg,
    },
    Cookie(u8),
    /// The parent and the list pointers change only through primitives.
    ReadOnly {
        place: Place,
        base: Reg,
    },
}

impl<'l> Lower<'l> {
    pub(super) fn find_local(&self, name: &str) -> Option<LocalInfo> {
        let active = self.active.last()?;
        active.scopes.iter().rev().flatten().find(|l| l.name == name).cloned()
    }

    /// Says so if the types differ; none fits every pointer.
    pub(super) fn check_type(&mut self, e: &Expr, found: Type, wanted: Type) {
        let null = matches!(bare(e).kind, ExprKind::Null);
        let known = found != Type::Unknown && wanted != Type::Unknown;
        let fits = !known
            || found == wanted
            || (null && matches!(wanted, Type::Memcg | Type::Slot | Type::Cookie));
        if !fits {
            let (wanted, found) = (wanted.prefix().trim_end(), found.prefix().trim_end());
            let found = if null { "NULL" } else { found };
            self.wrong(e.span, format!("expected `{wanted}` here, this is `{found}`"));
        }
    }

    /// The expression's value in some register, of the wanted type.
    pub(super) fn value_of(&mut self, e: &Expr, wanted: Type) -> Reg {
        let (reg, ty) = self.value(e);
        self.check_type(e, ty, wanted);
        reg
    }

    /// The expression's value in this register.
    pub(super) fn value_into(&mut self, e: &Expr, wanted: Type, dst: Reg) {
        let src = self.value_of(e, wanted);
        self.emit(Instr::Copy(dst, src));
    }

    /// The expression's value and type.
    pub(super) fn value(&mut self, e: &Expr) -> (Reg, Type) {
        match &e.kind {
            ExprKind::Null => (self.constant(0), Type::Memcg),
            ExprKind::Bool(b) => (self.constant(u32::from(*b)), Type::Bool),
            ExprKind::Number(n) => (self.constant(*n), Type::Int),
            ExprKind::Paren(inner) => self.value(inner),
            ExprKind::Name(name) => match self.find_local(name) {
                Some(local) => (local.reg, local.ty),
                None => self.cell_value(e),
            },
            ExprKind::Field(..) => self.cell_value(e),
            ExprKind::Call(name, args) => self.call(e, name, args),
            ExprKind::Hook(name, args) => {
                let known = super::find(&self.hooks, name);
                if !super::HOOKS.contains(&name.as_str()) {
                    self.wrong(e.span, format!("there is no hook `{name}`"));
                }
                match known {
                    Some(known) => self.inline_call(e, known, args),
                    None => {
                        for arg in args {
                            self.value(arg);
                        }
                        (0, Type::Void)
                    }
                }
            }
            ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..)
            | ExprKind::Not(_)
            | ExprKind::Ternary(..) => self.choice(e),
            ExprKind::Binary(op, a, b) => self.binary(e, *op, a, b),
        }
    }

    fn constant(&mut self, value: u32) -> Reg {
        let dst = self.alloc();
        self.emit(Instr::Const(dst, value));
        dst
    }

    fn binary(&mut self, e: &Expr, op: BinaryOp, a: &Expr, b: &Expr) -> (Reg, Type) {
        let (x, x_ty) = self.value(a);
        let (y, y_ty) = self.value(b);
        let dst = self.alloc();
        let equality = matches!(op, BinaryOp::Eq | BinaryOp::Ne);
        if equality {
            // Either side may be NULL.
            if matches!(bare(a).kind, ExprKind::Null) {
                self.check_type(a, x_ty, y_ty);
            } else {
                self.check_type(b, y_ty, x_ty);
            }
        } else {
            self.check_type(a, x_ty, Type::Int);
            self.check_type(b, y_ty, Type::Int);
        }
        let outer = self.at.1;
        self.at.1 = e.span;
        self.emit(Instr::Binary(op, dst, x, y));
        self.at.1 = outer;
        let number = matches!(op, BinaryOp::Add | BinaryOp::Sub);
        (dst, if number { Type::Int } else { Type::Bool })
    }

    /// `&&`, `||`, `!` and `?:` by jumps, since what is not needed must not be touched.
    fn choice(&mut self, e: &Expr) -> (Reg, Type) {
        let dst = self.alloc();
        let (cond, yes_no) = match &e.kind {
            ExprKind::Ternary(c, yes, no) => (c.as_ref(), Some((yes, no))),
            _ => (e, None),
        };
        let to_no = self.jump_unless(cond);
        let ty = match yes_no {
            Some((yes, _)) => {
                let (reg, ty) = self.value(yes);
                self.emit(Instr::Copy(dst, reg));
                ty
            }
            None => {
                self.emit(Instr::Const(dst, 1));
                Type::Bool
            }
        };
        let to_end = self.emit(Instr::Jump(0));
        self.land(&to_no);
        match yes_no {
            Some((_, no)) => self.value_into(no, ty, dst),
            None => {
                self.emit(Instr::Const(dst, 0));
            }
        }
        self.land(&[to_end]);
        (dst, ty)
    }

    /// Jumps (to be landed) taken when the condition does not hold.
    pub(super) fn jump_unless(&mut self, cond: &Expr) -> Vec<usize> {
        match &cond.kind {
            ExprKind::Paren(inner) => self.jump_unless(inner),
            ExprKind::Not(inner) => self.jump_if(inner),
            ExprKind::Binary(BinaryOp::And, a, b) => {
                let mut jumps = self.jump_unless(a);
                jumps.extend(self.jump_unless(b));
                jumps
            }
            ExprKind::Binary(BinaryOp::Or, a, b) => {
                let yes = self.jump_if(a);
                let jumps = self.jump_unless(b);
                self.land(&yes);
                jumps
            }
            _ => {
                let free = self.free;
                let reg = self.truth(cond);
                let jump = self.emit(Instr::JumpUnless(reg, 0));
                self.free = free;
                vec![jump]
            }
        }
    }

    fn jump_if(&mut self, cond: &Expr) -> Vec<usize> {
        match &cond.kind {
            ExprKind::Paren(inner) => self.jump_if(inner),
            ExprKind::Not(inner) => self.jump_unless(inner),
            ExprKind::Binary(BinaryOp::Or, a, b) => {
                let mut jumps = self.jump_if(a);
                jumps.extend(self.jump_if(b));
                jumps
            }
            ExprKind::Binary(BinaryOp::And, a, b) => {
                let no = self.jump_unless(a);
                let jumps = self.jump_if(b);
                self.land(&no);
                jumps
            }
            _ => {
                let free = self.free;
                let reg = self.truth(cond);
                let jump = self.emit(Instr::JumpIf(reg, 0));
                self.free = free;
                vec![jump]
            }
        }
    }

    /// A value used as a condition: everything but nothing has a truth.
    fn truth(&mut self, e: &Expr) -> Reg {
        let (reg, ty) = self.value(e);
        if ty == Type::Void {
            self.wrong(e.span, "this gives no value".to_string());
        }
        reg
    }

    fn call(&mut self, e: &Expr, name: &str, args: &[Expr]) -> (Reg, Type) {
        if let Some(result) = self.builtin(e, name, args) {
            return result;
        }
        let Some(known) = super::find(&self.functions, name) else {
            let names = self.functions.iter().map(|k| k.function.name.as_str()).chain(BUILTINS);
            let hint = nearest(name, names).map(|n| format!("did you mean `{n}`?"));
            self.wrong_with(e.span, format!("there is no function `{name}`"), hint);
            return (self.alloc(), Type::Unknown);
        };
        self.inline_call(e, known, args)
    }

    fn inline_call(&mut self, e: &Expr, known: Known<'l>, args: &[Expr]) -> (Reg, Type) {
        let f = known.function;
        let result = self.alloc();
        self.check_args(e, args, f.params.len());
        let mut regs = Vec::new();
        for (param, arg) in f.params.iter().zip(args) {
            // A copy: the callee may assign to its parameter.
            let reg = self.alloc();
            self.value_into(arg, param.ty, reg);
            regs.push(reg);
        }
        if regs.len() < f.params.len() {
            return (result, f.returns);
        }
        if self.active.iter().any(|a| a.name == f.name && a.file == known.file) {
            let message = format!("`{}` calls itself; write a loop", f.name);
            self.wrong(e.span, message);
            return (result, f.returns);
        }
        self.inline(known, &regs, result);
        (result, f.returns)
    }

    fn cell_value(&mut self, e: &Expr) -> (Reg, Type) {
        match self.cell(e) {
            Some(cell) => {
                let dst = self.alloc();
                self.read_cell(e, &cell, dst);
                (dst, cell.ty)
            }
            None => (self.alloc(), Type::Unknown),
        }
    }

    /// What a name or a field stands for; an error if nothing.
    pub(super) fn cell(&mut self, e: &Expr) -> Option<Cell> {
        match &e.kind {
            ExprKind::Paren(inner) => self.cell(inner),
            ExprKind::Name(name) => {
                let at = self.out.globals.iter().position(|g| g.name == *name);
                if let Some(at) = at {
                    let place = Place::Global(u8::try_from(at).ok()?);
                    let ty = self.out.globals[at].ty;
                    let kind = CellKind::Shared { place, base: 0 };
                    return Some(Cell { ty, name: name.clone(), kind });
                }
                let locals: Vec<String> = self.active.last().map_or_else(Vec::new, |a| {
                    a.scopes.iter().flatten().map(|l| l.name.clone()).collect()
                });
                let hint = nearest(name, locals.iter().map(String::as_str))
                    .map(|n| format!("did you mean `{n}`?"));
                self.wrong_with(e.span, format!("there is no local `{name}`"), hint);
                None
            }
            ExprKind::Field(base, field) => {
                let (base, ty) = self.value(base);
                self.field_cell(e.span, base, ty, field)
            }
            _ => {
                self.wrong(e.span, "this cannot be assigned to".to_string());
                None
            }
        }
    }

    fn field_cell(&mut self, span: Span, base: Reg, ty: Type, field: &str) -> Option<Cell> {
        let name = field.to_string();
        let (fields, built_in) = match ty {
            Type::Memcg => (&self.out.memcg_fields, true),
            Type::Slot => (&self.out.slot_fields, false),
            Type::Cookie => (&self.out.cookie_fields, false),
            Type::Unknown => return None,
            _ => {
                self.wrong(span, format!("`->{field}` needs a pointer before it"));
                return None;
            }
        };
        let at = fields.iter().position(|f| f.name == field);
        if let Some((at, index)) = at.and_then(|at| Some((at, u8::try_from(at).ok()?))) {
            let field_ty = fields[at].ty;
            let kind = match ty {
                Type::Memcg => CellKind::Shared { place: Place::Memcg(index), base },
                Type::Slot => CellKind::Shared { place: Place::Slot(index), base },
                _ => CellKind::Cookie(index),
            };
            return Some(Cell { ty: field_ty, name, kind });
        }
        let place = match field {
            "parent" if built_in => Place::Parent,
            "first_child" if built_in => Place::FirstChild,
            "next_sibling" if built_in => Place::NextSibling,
            _ => {
                let mut names: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
                if built_in {
                    names.extend(["parent", "first_child", "next_sibling"]);
                }
                let hint = nearest(field, names).map(|n| format!("did you mean `{n}`?"));
                let owner = ty.prefix().trim_end_matches([' ', '*']);
                let message = format!("a {owner} has no field `{field}`");
                self.wrong_with(span, message, hint);
                return None;
            }
        };
        Some(Cell { ty: Type::Memcg, name, kind: CellKind::ReadOnly { place, base } })
    }

    /// A cell that `cmpxchg` and its like can work on.
    pub(super) fn shared_cell(&mut self, e: &Expr) -> Option<Cell> {
        let cell = self.cell(e)?;
        if matches!(cell.kind, CellKind::Shared { .. }) {
            return Some(cell);
        }
        self.wrong(e.span, "this is not a field of a slot or memcg".to_string());
        None
    }

    pub(super) fn read_cell(&mut self, e: &Expr, cell: &Cell, dst: Reg) {
        let load = Action::Load { dst };
        match cell.kind {
            CellKind::Shared { place, base } | CellKind::ReadOnly { place, base } => {
                self.touch(e, Touch::Word { place, base, action: load }, &cell.name);
            }
            CellKind::Cookie(field) => {
                self.emit(Instr::CookieLoad(dst, field));
            }
        }
    }

    pub(super) fn write_cell(&mut self, e: &Expr, cell: &Cell, src: Reg) {
        match cell.kind {
            CellKind::Shared { place, base } => {
                let action = Action::Store { src };
                let what = format!("{}=", cell.name);
                self.touch(e, Touch::Word { place, base, action }, &what);
            }
            CellKind::Cookie(field) => {
                self.emit(Instr::CookieStore(field, src));
            }
            CellKind::ReadOnly { .. } => {
                let message = format!(
                    "`{}` changes only through list_add_tail_rcu and list_del_rcu",
                    cell.name
                );
                self.wrong(e.span, message);
            }
        }
    }

    pub(super) fn touch_cell(&mut self, e: &Expr, cell: &Cell, action: Action, how: &str) {
        if let CellKind::Shared { place, base } = cell.kind {
            let what = format!("{how}-{}", cell.name);
            self.touch(e, Touch::Word { place, base, action }, &what);
        }
    }

    /// An access: the end of a micro-step, with its label.
    pub(super) fn touch(&mut self, e: &Expr, touch: Touch, what: &str) {
        let what = match (what, touch) {
            ("", Touch::Word { place: Place::Parent, .. }) => "parent",
            ("", Touch::Word { place: Place::FirstChild, .. }) => "first_child",
            ("", Touch::Word { place: Place::NextSibling, .. }) => "next_sibling",
            _ => what,
        };
        let outer = self.at.1;
        self.at.1 = e.span;
        let label = self.label(e.span, what);
        let place = self.emit(Instr::Touch(touch));
        self.out.origins[place].label = label;
        self.at.1 = outer;
    }

    fn label(&mut self, span: Span, what: &str) -> u32 {
        let Some(active) = self.active.last() else { return 0 };
        let key = (active.file, span.start, what.to_string());
        if let Some((_, label)) = self.labels.iter().find(|(k, _)| *k == key) {
            return *label;
        }
        let text = format!("{}.{what}", active.name);
        let n = match self.n_labels.iter_mut().find(|(t, _)| *t == text) {
            Some((_, n)) => {
                *n += 1;
                *n
            }
            None => {
                self.n_labels.push((text.clone(), 1));
                1
            }
        };
        let text = if n == 1 { text } else { format!("{text}~{n}") };
        let label = u32::try_from(self.out.labels.len()).unwrap_or(u32::MAX);
        self.out.labels.push(text);
        self.labels.push((key, label));
        label
    }
}

/// An expression without the parentheses around it.
fn bare(e: &Expr) -> &Expr {
    match &e.kind {
        ExprKind::Paren(inner) => bare(inner),
        _ => e,
    }
}
