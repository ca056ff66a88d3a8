//! Statements to instructions.

use super::{Loop, Lower};
use crate::listing::Span;
use crate::listing::ast::{BinaryOp, Body, Expr, ExprKind, Stmt, StmtKind, Type};
use crate::program::{Action, Instr, LocalInfo, Pc, Place, Reg, Touch};
use alloc::{format, string::ToString, vec::Vec};

impl Lower<'_> {
    pub(super) fn stmts(&mut self, stmts: &[Stmt]) {
        let free = self.free;
        if let Some(active) = self.active.last_mut() {
            active.scopes.push(Vec::new());
        }
        for stmt in stmts {
            self.stmt(stmt);
        }
        if let Some(active) = self.active.last_mut() {
            active.scopes.pop();
        }
        self.free = free;
    }

    fn body(&mut self, body: &Body) {
        self.stmts(&body.stmts);
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let outer = self.at;
        // A block's own span is its head: what belongs to it is the condition, not the body.
        self.at = (head(stmt), head(stmt));
        match &stmt.kind {
            StmtKind::Local { ty, name, init } => self.local(stmt, *ty, name, init.as_ref()),
            StmtKind::Assign { target, value } => self.assign(target, value),
            StmtKind::Bump { target, down } => self.bump(target, *down),
            StmtKind::Expr(e) => {
                let free = self.free;
                self.value(e);
                self.free = free;
            }
            StmtKind::If { cond, then, other } => {
                let to_else = self.jump_unless(cond);
                self.body(then);
                if let Some(other) = other {
                    let to_end = self.emit(Instr::Jump(0));
                    self.land(&to_else);
                    self.body(other);
                    self.land(&[to_end]);
                } else {
                    self.land(&to_else);
                }
            }
            StmtKind::While { cond, body } => {
                let top = self.pc();
                let out = self.jump_unless(cond);
                let done = self.looped(body);
                self.land_at(&done.to_continue, top);
                self.emit(Instr::Jump(top));
                self.land(&out);
                self.land(&done.to_break);
            }
            StmtKind::DoWhile { body, cond } => {
                let top = self.pc();
                let done = self.looped(body);
                self.land(&done.to_continue);
                let out = self.jump_unless(cond);
                self.emit(Instr::Jump(top));
                self.land(&out);
                self.land(&done.to_break);
            }
            StmtKind::ForEachSlot { var, of, body } => self.for_each_slot(stmt, var, of, body),
            StmtKind::ForEachChild { var, of, body } => {
                let links = (Place::FirstChild, Place::NextSibling);
                self.for_each_linked(stmt, var, of, body, links);
            }
            StmtKind::ForEachAncestor { var, of, body } => {
                self.for_each_linked(stmt, var, of, body, (Place::Parent, Place::Parent));
            }
            StmtKind::Return(value) => self.return_stmt(stmt, value.as_ref()),
            StmtKind::Goto(label) => {
                let jump = self.emit(Instr::Jump(0));
                if let Some(active) = self.active.last_mut() {
                    active.gotos.push((jump, label.clone(), stmt.span));
                }
            }
            StmtKind::Label(label) => self.label_stmt(label, stmt.span),
            StmtKind::Break | StmtKind::Continue => self.leave_loop(stmt),
        }
        self.at = outer;
    }

    fn local(&mut self, stmt: &Stmt, ty: Type, name: &str, init: Option<&Expr>) {
        let reg = self.alloc();
        match init {
            Some(e) => self.value_into(e, ty, reg),
            None => {
                self.emit(Instr::Const(reg, 0));
            }
        }
        let info = LocalInfo { name: name.to_string(), ty, reg };
        let Some(active) = self.active.last_mut() else { return };
        let taken = active.scopes.iter().flatten().any(|l| l.name == name);
        if let Some(scope) = active.scopes.last_mut() {
            scope.push(info.clone());
        }
        let frame = active.frame as usize;
        self.out.frames[frame].locals.push(info);
        if taken {
            self.wrong(stmt.span, format!("there is a local `{name}` already"));
        }
        if ty == Type::Void {
            self.wrong(stmt.span, format!("`{name}` cannot be void"));
        }
    }

    fn assign(&mut self, target: &Expr, value: &Expr) {
        let free = self.free;
        match &target.kind {
            ExprKind::Name(name) => match self.find_local(name) {
                Some(local) => self.value_into(value, local.ty, local.reg),
                None => self.store(target, value),
            },
            _ => self.store(target, value),
        }
        self.free = free;
    }

    /// Assigns to something that is not a local.
    fn store(&mut self, target: &Expr, value: &Expr) {
        let Some(cell) = self.cell(target) else {
            return;
        };
        let (src, ty) = self.value(value);
        self.check_type(value, ty, cell.ty);
        self.write_cell(target, &cell, src);
    }

    fn bump(&mut self, target: &Expr, down: bool) {
        let free = self.free;
        let (op, one) = (if down { BinaryOp::Sub } else { BinaryOp::Add }, self.alloc());
        if let ExprKind::Name(name) = &target.kind
            && let Some(local) = self.find_local(name)
        {
            self.check_type(target, local.ty, Type::Int);
            self.emit(Instr::Const(one, 1));
            self.emit(Instr::Binary(op, local.reg, local.reg, one));
        } else if let Some(cell) = self.cell(target) {
            self.check_type(target, cell.ty, Type::Int);
            let value = self.alloc();
            self.read_cell(target, &cell, value);
            self.emit(Instr::Const(one, 1));
            self.emit(Instr::Binary(op, value, value, one));
            self.write_cell(target, &cell, value);
        }
        self.free = free;
    }

    fn looped(&mut self, body: &Body) -> Loop {
        if let Some(active) = self.active.last_mut() {
            active.loops.push(Loop::default());
        }
        self.body(body);
        self.active.last_mut().and_then(|a| a.loops.pop()).unwrap_or_default()
    }

    fn loop_var(&mut self, stmt: &Stmt, var: &str, ty: Type) -> Reg {
        match self.find_local(var) {
            Some(local) if local.ty == ty => local.reg,
            _ => {
                self.wrong(stmt.span, format!("`{var}` is not a local `{}`", ty.prefix()));
                self.alloc()
            }
        }
    }

    fn for_each_slot(&mut self, stmt: &Stmt, var: &str, of: &Expr, body: &Body) {
        let reg = self.loop_var(stmt, var, Type::Slot);
        let root = self.value_of(of, Type::Memcg);
        self.emit(Instr::Const(reg, 0));
        let top = self.pc();
        self.emit(Instr::NextSlot(reg, root));
        let out = self.emit(Instr::JumpUnless(reg, 0));
        let done = self.looped(body);
        self.land_at(&done.to_continue, top);
        self.emit(Instr::Jump(top));
        self.land(&[out]);
        self.land(&done.to_break);
    }

    /// A loop along pointers: the first from the group, the others from the loop's local.
    fn for_each_linked(
        &mut self,
        stmt: &Stmt,
        var: &str,
        of: &Expr,
        body: &Body,
        (first, rest): (Place, Place),
    ) {
        let reg = self.loop_var(stmt, var, Type::Memcg);
        let base = self.value_of(of, Type::Memcg);
        let load = Action::Load { dst: reg };
        self.touch(of, Touch::Word { place: first, base, action: load }, "");
        let top = self.pc();
        let out = self.emit(Instr::JumpUnless(reg, 0));
        let done = self.looped(body);
        self.land(&done.to_continue);
        self.touch(of, Touch::Word { place: rest, base: reg, action: load }, "");
        self.emit(Instr::Jump(top));
        self.land(&[out]);
        self.land(&done.to_break);
    }

    fn return_stmt(&mut self, stmt: &Stmt, value: Option<&Expr>) {
        let Some((returns, result)) = self.active.last().map(|a| (a.returns, a.result)) else {
            return;
        };
        match value {
            Some(e) if returns != Type::Void => {
                let free = self.free;
                self.value_into(e, returns, result);
                self.free = free;
            }
            Some(_) => self.wrong(stmt.span, "this function returns nothing".to_string()),
            None if returns == Type::Void => {}
            None => self.wrong(stmt.span, "this function returns a value".to_string()),
        }
        let jump = self.emit(Instr::Jump(0));
        if let Some(active) = self.active.last_mut() {
            active.to_end.push(jump);
        }
    }

    fn label_stmt(&mut self, label: &str, span: Span) {
        let pc = self.pc();
        let Some(active) = self.active.last_mut() else { return };
        let taken = active.labels.iter().any(|(name, _)| name == label);
        active.labels.push((label.to_string(), pc));
        if taken {
            self.wrong(span, format!("there is a label `{label}` already"));
        }
    }

    fn leave_loop(&mut self, stmt: &Stmt) {
        let jump = self.emit(Instr::Jump(0));
        let inner = self.active.last_mut().and_then(|a| a.loops.last_mut());
        match (inner, &stmt.kind) {
            (Some(inner), StmtKind::Break) => inner.to_break.push(jump),
            (Some(inner), _) => inner.to_continue.push(jump),
            (None, _) => self.wrong(stmt.span, "there is no loop around this".to_string()),
        }
    }

    pub(super) fn land(&mut self, jumps: &[usize]) {
        let here = self.pc();
        self.land_at(jumps, here);
    }

    fn land_at(&mut self, jumps: &[usize], target: Pc) {
        for jump in jumps {
            self.patch(*jump, target);
        }
    }
}

/// What of a statement is its own: up to the end of its condition.
fn head(stmt: &Stmt) -> Span {
    let end = match &stmt.kind {
        StmtKind::If { cond, .. } | StmtKind::While { cond, .. } => cond.span.end,
        StmtKind::DoWhile { cond, .. } => return cond.span,
        StmtKind::ForEachSlot { of, .. }
        | StmtKind::ForEachChild { of, .. }
        | StmtKind::ForEachAncestor { of, .. } => of.span.end,
        _ => stmt.span.end,
    };
    Span { start: stmt.span.start, end }
}
