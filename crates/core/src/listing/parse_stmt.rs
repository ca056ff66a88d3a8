//! Tokens to statements.

use super::Span;
use super::ast::{Body, Expr, Stmt, StmtKind, Trivia};
use super::lex::TokenKind;
use super::parse::{DEPTH_MAX, Lost, Parser, Read};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

impl Parser<'_> {
    /// Statements up to and with the closing brace, and the comments before it.
    pub(super) fn block(&mut self) -> (Vec<Stmt>, Vec<String>) {
        let mut stmts = Vec::new();
        loop {
            if self.is("}") {
                let tail = self.trivia().before;
                self.bump();
                return (stmts, tail);
            }
            if self.peek().kind == TokenKind::End {
                let _: Read<()> = self.expect("}", "at the end of the block");
                return (stmts, Vec::new());
            }
            match self.stmt() {
                Ok(stmt) => stmts.push(stmt),
                Err(Lost) => self.skip_stmt(),
            }
        }
    }

    fn skip_stmt(&mut self) {
        let mut depth = 0_usize;
        while self.peek().kind != TokenKind::End {
            match self.peek().text {
                "}" if depth == 0 => return,
                "{" => depth += 1,
                "}" if depth == 1 => {
                    self.bump();
                    return;
                }
                "}" => depth -= 1,
                ";" if depth == 0 => {
                    self.bump();
                    return;
                }
                _ => {}
            }
            self.bump();
        }
    }

    fn stmt(&mut self) -> Read<Stmt> {
        if self.depth >= DEPTH_MAX {
            self.fail::<()>(format!("statements nest at most {DEPTH_MAX} deep"))?;
        }
        self.depth += 1;
        let trivia = self.trivia();
        let span = self.span();
        let kind = self.stmt_kind();
        self.depth -= 1;
        let trivia = Trivia { behind: self.behind(), ..trivia };
        let end = self.tokens[self.at.saturating_sub(1)].span.end;
        Ok(Stmt { trivia, span: Span { start: span.start, end: end.max(span.start) }, kind: kind? })
    }

    fn stmt_kind(&mut self) -> Read<StmtKind> {
        let second = self.peek_second().text;
        match self.peek().text {
            "if" => self.if_stmt(),
            "while" => {
                self.bump();
                let cond = self.condition()?;
                Ok(StmtKind::While { cond, body: self.body()? })
            }
            "do" => {
                self.bump();
                let body = self.body()?;
                self.expect("while", "after the body of `do`")?;
                let cond = self.condition()?;
                self.expect(";", "after the condition")?;
                Ok(StmtKind::DoWhile { body, cond })
            }
            "for_each_slot" => {
                let (var, of, body) = self.for_each()?;
                Ok(StmtKind::ForEachSlot { var, of, body })
            }
            "for_each_child" => {
                let (var, of, body) = self.for_each()?;
                Ok(StmtKind::ForEachChild { var, of, body })
            }
            "for_each_ancestor" => {
                let (var, of, body) = self.for_each()?;
                Ok(StmtKind::ForEachAncestor { var, of, body })
            }
            "return" => {
                self.bump();
                let value = if self.is(";") { None } else { Some(self.expr()?) };
                self.expect(";", "after the returned value")?;
                Ok(StmtKind::Return(value))
            }
            "goto" => {
                self.bump();
                let (label, _) = self.word("a label")?;
                self.expect(";", "after the label")?;
                Ok(StmtKind::Goto(label))
            }
            "break" => {
                self.bump();
                self.expect(";", "after `break`")?;
                Ok(StmtKind::Break)
            }
            "continue" => {
                self.bump();
                self.expect(";", "after `continue`")?;
                Ok(StmtKind::Continue)
            }
            _ if second == ":" && self.peek().kind == TokenKind::Word => {
                let label = self.bump().to_string();
                self.bump();
                Ok(StmtKind::Label(label))
            }
            _ if self.is_type() => {
                let ty = self.ty("a type")?;
                let (name, _) = self.word("the local's name")?;
                let init = if self.eat("=") { Some(self.expr()?) } else { None };
                self.expect(";", "after the local")?;
                Ok(StmtKind::Local { ty, name, init })
            }
            _ => self.assign_or_call(),
        }
    }

    fn assign_or_call(&mut self) -> Read<StmtKind> {
        let target = self.expr()?;
        let kind = if self.eat("=") {
            StmtKind::Assign { target, value: self.expr()? }
        } else if self.eat("++") {
            StmtKind::Bump { target, down: false }
        } else if self.eat("--") {
            StmtKind::Bump { target, down: true }
        } else {
            StmtKind::Expr(target)
        };
        self.expect(";", "at the end of the statement")?;
        Ok(kind)
    }

    fn condition(&mut self) -> Read<Expr> {
        self.expect("(", "before the condition")?;
        let cond = self.expr()?;
        self.expect(")", "after the condition")?;
        Ok(cond)
    }

    fn for_each(&mut self) -> Read<(String, Expr, Body)> {
        self.bump();
        self.expect("(", "(a loop is written `for_each_… (local, memcg)`)")?;
        let (var, _) = self.word("the local that takes each")?;
        self.expect(",", "(a loop is written `for_each_… (local, memcg)`)")?;
        let of = self.expr()?;
        self.expect(")", "(a loop is written `for_each_… (local, memcg)`)")?;
        Ok((var, of, self.body()?))
    }

    fn if_stmt(&mut self) -> Read<StmtKind> {
        self.bump();
        let cond = self.condition()?;
        let then = self.body()?;
        let other = if self.eat("else") { Some(self.body()?) } else { None };
        Ok(StmtKind::If { cond, then, other })
    }

    fn body(&mut self) -> Read<Body> {
        if self.eat("{") {
            let (stmts, tail) = self.block();
            return Ok(Body { braces: true, stmts, tail });
        }
        Ok(Body { braces: false, stmts: vec![self.stmt()?], tail: Vec::new() })
    }
}
