//! The syntax tree of a listing, with all that is needed to print it back.

use super::Span;
use alloc::{boxed::Box, string::String, vec::Vec};

/// The `key: value` lines at the top.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Header {
    /// Keys and values in order.
    pub entries: Vec<(String, String)>,
}

impl Header {
    /// The value of a key, empty if absent.
    pub fn get(&self, key: &str) -> &str {
        self.entries.iter().find(|(k, _)| k == key).map_or("", |(_, v)| v)
    }

    /// What the listing is and its name.
    pub fn kind(&self) -> Option<(Kind, &str)> {
        let (key, value) = self.entries.first()?;
        let kind = match key.as_str() {
            "policy" => Kind::Policy,
            "core" => Kind::Core,
            "walk" => Kind::Walk,
            _ => return None,
        };
        Some((kind, value))
    }
}

/// What a listing describes.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Kind {
    /// An iterator policy.
    Policy,
    /// A cgroup core: how a group is made, referenced and removed.
    Core,
    /// Helpers that walk the tree, shared by policies.
    Walk,
}

/// A whole listing.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Listing {
    /// Header lines.
    pub header: Header,
    /// What follows.
    pub items: Vec<Item>,
    /// Comments after the last item.
    pub tail: Vec<String>,
}

/// Comment lines and a blank line before something, and a comment behind it.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Trivia {
    /// A blank line comes first.
    pub blank: bool,
    /// Comment lines before, without the slashes.
    pub before: Vec<String>,
    /// Comment at the end of the line, without the slashes.
    pub behind: Option<String>,
}

/// Something at the top level.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Item {
    /// Comments.
    pub trivia: Trivia,
    /// Where its name stands.
    pub span: Span,
    /// What it is.
    pub kind: ItemKind,
}

/// Kinds of items.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum ItemKind {
    /// `slot per root, node { … }`: the shared positions.
    Slot {
        /// What tells slots apart: `root`, `node`, `zone`, `priority`.
        keys: Vec<(String, Span)>,
        /// Fields.
        fields: Vec<Field>,
    },
    /// `memcg { … }`: extra fields of every group.
    Memcg(Vec<Field>),
    /// `cookie { … }`: what the caller keeps over a walk; not shared.
    Cookie(Vec<Field>),
    /// `global int x;`
    Global(Field),
    /// A function, hook or stage.
    Function(Function),
}

/// A field or a parameter.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Field {
    /// Comments.
    pub trivia: Trivia,
    /// Type.
    pub ty: Type,
    /// Name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
}

/// Types of values.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Type {
    /// Nothing.
    Void,
    /// True or false.
    Bool,
    /// An unsigned 32-bit number that wraps.
    Int,
    /// A group or none.
    Memcg,
    /// A slot or none.
    Slot,
    /// A cookie or none.
    Cookie,
    /// Of something that is wrong and has been reported; fits everywhere.
    Unknown,
}

impl Type {
    /// As written before a name, with the star of a pointer.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Void => "void ",
            Self::Bool => "bool ",
            Self::Int => "int ",
            Self::Memcg => "memcg *",
            Self::Slot => "slot *",
            Self::Cookie => "cookie *",
            Self::Unknown => "",
        }
    }
}

/// What sort of function it is.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Role {
    /// Called by others, or `next` and `break` of a policy.
    Plain,
    /// `hook NAME`: a policy's answer to something the core does.
    Hook,
    /// `stage NAME`: a part of a group's life, in a core.
    Stage {
        /// `on last put`: queued for the worker when the last reference is dropped.
        on_last_put: bool,
    },
}

/// A function.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Function {
    /// Sort.
    pub role: Role,
    /// Return type.
    pub returns: Type,
    /// Name.
    pub name: String,
    /// Parameters.
    pub params: Vec<Field>,
    /// Statements.
    pub body: Vec<Stmt>,
    /// Comments before the closing brace.
    pub tail: Vec<String>,
}

/// A statement.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Stmt {
    /// Comments.
    pub trivia: Trivia,
    /// Where.
    pub span: Span,
    /// What.
    pub kind: StmtKind,
}

/// The body of an `if` or loop.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Body {
    /// Whether braces stand around it.
    pub braces: bool,
    /// Statements.
    pub stmts: Vec<Stmt>,
    /// Comments before the closing brace.
    pub tail: Vec<String>,
}

/// Kinds of statements.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum StmtKind {
    /// `memcg *pos = NULL;`
    Local {
        /// Type.
        ty: Type,
        /// Name.
        name: String,
        /// First value.
        init: Option<Expr>,
    },
    /// `a = b;`, `x->f = e;`
    Assign {
        /// Where to.
        target: Expr,
        /// What.
        value: Expr,
    },
    /// `x->f++;` or `x->f--;`
    Bump {
        /// What.
        target: Expr,
        /// Down instead of up.
        down: bool,
    },
    /// A call.
    Expr(Expr),
    /// `if (…) … else …`
    If {
        /// Condition.
        cond: Expr,
        /// Then.
        then: Body,
        /// Else; an `else if` is a body without braces that holds one `if`.
        other: Option<Body>,
    },
    /// `while (…) …`
    While {
        /// Condition.
        cond: Expr,
        /// Body.
        body: Body,
    },
    /// `do … while (…);`
    DoWhile {
        /// Body.
        body: Body,
        /// Condition.
        cond: Expr,
    },
    /// `for_each_slot (iter, memcg) …`: every slot whose root is the group.
    ForEachSlot {
        /// Local that takes each slot.
        var: String,
        /// The group.
        of: Expr,
        /// Body.
        body: Body,
    },
    /// `for_each_child (child, memcg) …`: along the list pointers.
    ForEachChild {
        /// Local that takes each child.
        var: String,
        /// The group.
        of: Expr,
        /// Body.
        body: Body,
    },
    /// `for_each_ancestor (parent, memcg) …`: from the parent up to the global root.
    ForEachAncestor {
        /// Local that takes each ancestor.
        var: String,
        /// The group.
        of: Expr,
        /// Body.
        body: Body,
    },
    /// `return e;`
    Return(Option<Expr>),
    /// `goto label;`
    Goto(String),
    /// `label:`
    Label(String),
    /// `break;`
    Break,
    /// `continue;`
    Continue,
}

/// An expression.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Expr {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: ExprKind,
}

/// Kinds of expressions.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum ExprKind {
    /// `NULL`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(u32),
    /// A local or global.
    Name(String),
    /// `a->f`
    Field(Box<Expr>, String),
    /// `f(a, b)`
    Call(String, Vec<Expr>),
    /// `hook offline(css)`
    Hook(String, Vec<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `a op b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `c ? a : b`
    Ternary(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `(a)`
    Paren(Box<Expr>),
}

/// Operators between two values.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum BinaryOp {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `+`
    Add,
    /// `-`
    Sub,
}

impl BinaryOp {
    /// As written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Add => "+",
            Self::Sub => "-",
        }
    }

    /// How tightly it binds; more is tighter.
    pub const fn binds(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Eq | Self::Ne => 3,
            Self::Lt | Self::Le | Self::Gt | Self::Ge => 4,
            Self::Add | Self::Sub => 5,
        }
    }
}
