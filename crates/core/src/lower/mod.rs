//! Listings to a program: names are resolved, types checked, calls inlined.

mod builtin;
mod expr;
mod stmt;

use crate::listing::ast::{Field, Function, Item, ItemKind, Kind, Listing, Role, Type};
use crate::listing::{Diagnostic, Parsed, Span, nearest, parse};
use crate::program::{
    CompileError, FieldInfo, File, Frame, Instr, LocalInfo, Origin, Pc, Program, Reg, SlotKeys,
    Stage, TrygetRule,
};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

/// Most instructions of a program: inlining must end somewhere.
const INSTRS_MAX: usize = 20_000;

/// What a policy may answer to.
const HOOKS: [&str; 5] = ["alloc", "online", "offline", "released", "free"];

/// Most registers of a call.
const REGS_MAX: usize = 512;

/// File, start of the expression, access.
type LabelKey = (usize, usize, String);

/// A function and the file that holds it.
#[derive(Copy, Clone)]
struct Known<'l> {
    file: usize,
    function: &'l Function,
    span: Span,
}

/// Makes a program of a policy's text, the text of its walking helper if it names one, and a core's text.
///
/// # Errors
/// All that is wrong in any of the texts, in their order.
pub fn compile(policy: &str, walk: Option<&str>, core: &str) -> Result<Program, Vec<CompileError>> {
    let texts: Vec<&str> = [Some(policy), walk, Some(core)].into_iter().flatten().collect();
    let parsed: Vec<Parsed> = texts.iter().map(|text| parse(text)).collect();
    let files: Vec<File> = parsed
        .iter()
        .zip(&texts)
        .map(|(p, text)| File {
            name: p.listing.header.kind().map_or("listing", |(_, name)| name).to_string(),
            text: (*text).to_string(),
            header: p.listing.header.clone(),
        })
        .collect();
    let mut errors = Vec::new();
    for (file, p) in files.iter().zip(&parsed) {
        errors.extend(
            p.diagnostics
                .iter()
                .map(|d| CompileError { file: file.name.clone(), diagnostic: d.clone() }),
        );
    }
    let listings: Vec<&Listing> = parsed.iter().map(|p| &p.listing).collect();
    let mut lower = Lower::new(files, errors);
    lower.declare(&listings);
    lower.program();
    if lower.errors.is_empty() { Ok(lower.out) } else { Err(lower.errors) }
}

/// State of one lowering.
struct Lower<'l> {
    out: Program,
    errors: Vec<CompileError>,
    functions: Vec<Known<'l>>,
    hooks: Vec<Known<'l>>,
    stages: Vec<(Known<'l>, bool)>,
    /// Frames being inlined, innermost last.
    active: Vec<Active>,
    /// First register that is free.
    free: usize,
    /// Labels given to (file, start of the expression, access), so that every inlined copy has the same.
    labels: Vec<(LabelKey, u32)>,
    /// How often a label's text has been used.
    n_labels: Vec<(String, u32)>,
    /// Expression and statement that instructions belong to.
    at: (Span, Span),
    full: bool,
}

/// A function while it is being inlined.
struct Active {
    frame: u32,
    file: usize,
    name: String,
    returns: Type,
    result: Reg,
    /// Instructions that jump to the function's end.
    to_end: Vec<usize>,
    scopes: Vec<Vec<LocalInfo>>,
    labels: Vec<(String, Pc)>,
    gotos: Vec<(usize, String, Span)>,
    loops: Vec<Loop>,
}

#[derive(Default)]
struct Loop {
    to_break: Vec<usize>,
    to_continue: Vec<usize>,
}

impl<'l> Lower<'l> {
    fn new(files: Vec<File>, errors: Vec<CompileError>) -> Self {
        let out = Program {
            files,
            code: Vec::new(),
            origins: Vec::new(),
            frames: Vec::new(),
            labels: vec![String::new()],
            next: 0,
            leave: 0,
            stages: Vec::new(),
            on_last_put: None,
            has_slots: false,
            slot_keys: SlotKeys::default(),
            slot_fields: Vec::new(),
            position: None,
            generation: None,
            memcg_fields: Vec::new(),
            online: None,
            css_id: None,
            cookie_fields: Vec::new(),
            globals: Vec::new(),
            n_regs: 0,
            tryget: TrygetRule::UnlessKilled,
            tryget_online: TrygetRule::UnlessKilled,
        };
        Self {
            out,
            errors,
            functions: Vec::new(),
            hooks: Vec::new(),
            stages: Vec::new(),
            active: Vec::new(),
            free: 0,
            labels: Vec::new(),
            n_labels: Vec::new(),
            at: (Span::default(), Span::default()),
            full: false,
        }
    }

    fn error(&mut self, file: usize, span: Span, message: String, hint: Option<String>) {
        const ERRORS_MAX: usize = 50;
        if self.errors.len() >= ERRORS_MAX {
            return;
        }
        let diagnostic = Diagnostic::new(&self.out.files[file].text, span, message).suggest(hint);
        let error = CompileError { file: self.out.files[file].name.clone(), diagnostic };
        // An inlined function is lowered several times; its mistakes are said once.
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// An error in the function being lowered.
    fn wrong(&mut self, span: Span, message: String) {
        self.wrong_with(span, message, None);
    }

    fn wrong_with(&mut self, span: Span, message: String, hint: Option<String>) {
        let file = self.active.last().map_or(0, |a| a.file);
        self.error(file, span, message, hint);
    }

    /// Collects fields, functions, hooks and stages of all files.
    fn declare(&mut self, listings: &[&'l Listing]) {
        let core = listings.len() - 1;
        for (file, listing) in listings.iter().enumerate().rev() {
            let kind = listing.header.kind().map(|(k, _)| k);
            let expected = match file {
                0 => Kind::Policy,
                _ if file == core => Kind::Core,
                _ => Kind::Walk,
            };
            if kind.is_some_and(|k| k != expected) {
                let word = |kind| match kind {
                    Kind::Policy => "policy",
                    Kind::Core => "core",
                    Kind::Walk => "walk",
                };
                let found = kind.map_or("nothing", word);
                let message = format!("expected a {} here, this is a {found}", word(expected));
                self.error(file, Span::default(), message, None);
            }
            for item in &listing.items {
                self.declare_item(file, file == core, item);
            }
        }
        let rule = |text: &str| match text {
            "while referenced" => TrygetRule::WhileReferenced,
            _ => TrygetRule::UnlessKilled,
        };
        self.out.tryget = rule(listings[core].header.get("tryget"));
        self.out.tryget_online = rule(listings[core].header.get("tryget_online"));
        let index = |fields: &[FieldInfo], name: &str, ty: Type| {
            let at = fields.iter().position(|f| f.name == name && f.ty == ty)?;
            u8::try_from(at).ok()
        };
        self.out.generation = index(&self.out.slot_fields, "generation", Type::Int);
        self.out.online = index(&self.out.memcg_fields, "online", Type::Bool);
        self.out.css_id = index(&self.out.memcg_fields, "css_id", Type::Int);
        let position = self.out.slot_fields.iter().position(|f| f.ty == Type::Memcg);
        self.out.position = position.and_then(|p| u8::try_from(p).ok());
    }

    fn declare_item(&mut self, file: usize, is_core: bool, item: &'l Item) {
        match &item.kind {
            ItemKind::Slot { keys, fields } => {
                self.out.has_slots = true;
                for (key, _) in keys {
                    match key.as_str() {
                        "node" => self.out.slot_keys.node = true,
                        "zone" => self.out.slot_keys.zone = true,
                        "priority" => self.out.slot_keys.priority = true,
                        _ => {}
                    }
                }
                self.declare_fields(file, fields, |out| &mut out.slot_fields);
            }
            ItemKind::Memcg(fields) => {
                self.declare_fields(file, fields, |out| &mut out.memcg_fields);
            }
            ItemKind::Cookie(fields) => {
                self.declare_fields(file, fields, |out| &mut out.cookie_fields);
            }
            ItemKind::Global(field) => {
                self.declare_fields(file, core::slice::from_ref(field), |out| &mut out.globals);
            }
            ItemKind::Function(function) => {
                let known = Known { file, function, span: item.span };
                self.declare_function(known, is_core);
            }
        }
    }

    fn declare_fields(
        &mut self,
        file: usize,
        fields: &[Field],
        of: fn(&mut Program) -> &mut Vec<FieldInfo>,
    ) {
        const FIELDS_MAX: usize = 32;
        for field in fields {
            let reserved = ["parent", "first_child", "next_sibling"];
            let taken = of(&mut self.out).iter().any(|f| f.name == field.name);
            if taken || reserved.contains(&field.name.as_str()) {
                let message = format!("there is a `{}` already", field.name);
                self.error(file, field.span, message, None);
            } else if of(&mut self.out).len() >= FIELDS_MAX {
                let message = format!("at most {FIELDS_MAX} fields are possible");
                self.error(file, field.span, message, None);
            } else {
                of(&mut self.out).push(FieldInfo { name: field.name.clone(), ty: field.ty });
            }
        }
    }

    fn declare_function(&mut self, known: Known<'l>, is_core: bool) {
        let f = known.function;
        let one_group = matches!(f.params.as_slice(), [p] if p.ty == Type::Memcg);
        let mistake = match f.role {
            Role::Hook if is_core => Some("a hook belongs in a policy"),
            Role::Stage { .. } if !is_core => Some("a stage belongs in a core"),
            Role::Hook | Role::Stage { .. } if !one_group => {
                Some("hooks and stages take one `memcg *`")
            }
            Role::Hook if !HOOKS.contains(&f.name.as_str()) => {
                Some("the hooks are `alloc`, `online`, `offline`, `released` and `free`")
            }
            Role::Plain if builtin::is_builtin(&f.name) => Some("this name is a primitive's"),
            _ => None,
        };
        if let Some(mistake) = mistake {
            self.error(known.file, known.span, mistake.to_string(), None);
            return;
        }
        let taken = match f.role {
            Role::Plain => insert(&mut self.functions, known),
            Role::Hook => insert(&mut self.hooks, known),
            Role::Stage { on_last_put } => {
                let taken = self.stages.iter().any(|(k, _)| k.function.name == f.name);
                self.stages.push((known, on_last_put));
                taken
            }
        };
        if taken {
            let message = format!("`{}` is defined twice", f.name);
            self.error(known.file, known.span, message, None);
        }
    }

    /// Lowers `next`, `break` and the stages.
    fn program(&mut self) {
        let stages = self.stages.clone();
        for (known, on_last_put) in &stages {
            if *on_last_put {
                self.out.on_last_put = u8::try_from(self.out.stages.len()).ok();
            }
            let name = known.function.name.clone();
            self.out.stages.push(Stage { name, pc: 0 });
        }
        for (at, (known, _)) in stages.iter().enumerate() {
            self.out.stages[at].pc = self.entry(*known);
        }
        for needed in ["create", "kill", "free"] {
            if self.out.stage(needed).is_none() {
                let core = self.out.files.len() - 1;
                let message = format!("a core needs a stage `{needed}`");
                self.error(core, Span::default(), message, None);
            }
        }
        self.out.next =
            self.iterator("next", Type::Memcg, &[Type::Memcg, Type::Memcg, Type::Cookie]);
        self.out.leave = self.iterator("break", Type::Void, &[Type::Memcg, Type::Memcg]);
        // What no entry calls is checked all the same.
        for known in self.functions.clone() {
            if !self.out.frames.iter().any(|f| f.function == known.function.name) {
                self.entry(known);
            }
        }
    }

    fn iterator(&mut self, name: &str, returns: Type, params: &[Type]) -> Pc {
        let Some(known) = find(&self.functions, name) else {
            let message = format!("a policy needs a function `{name}`");
            self.error(0, Span::default(), message, None);
            return 0;
        };
        let types: Vec<Type> = known.function.params.iter().map(|p| p.ty).collect();
        if known.function.returns != returns || types != params {
            let params: Vec<String> = params.iter().map(|t| t.prefix().to_string()).collect();
            let message =
                format!("`{name}` is `{}{name}({})`", returns.prefix(), params.join(", "));
            self.error(known.file, known.span, message, None);
        }
        self.entry(known)
    }

    /// Lowers a function as an entry: its parameters are registers 0, 1 and so on.
    fn entry(&mut self, known: Known<'l>) -> Pc {
        self.free = known.function.params.len();
        self.note_regs();
        let pc = self.pc();
        let args: Vec<Reg> = (0..known.function.params.len()).map(reg).collect();
        let result = self.alloc();
        self.inline(known, &args, result);
        self.emit(Instr::Return(result));
        pc
    }

    /// Lowers a call in place: `args` become the parameters' registers.
    fn inline(&mut self, known: Known<'l>, args: &[Reg], result: Reg) {
        if self.full {
            // An error already, and calls of calls may be without number.
            return;
        }
        let f = known.function;
        let frame = u32::try_from(self.out.frames.len()).unwrap_or(u32::MAX);
        let params: Vec<LocalInfo> = f
            .params
            .iter()
            .zip(args)
            .map(|(p, reg)| LocalInfo { name: p.name.clone(), ty: p.ty, reg: *reg })
            .collect();
        self.out.frames.push(Frame {
            function: f.name.clone(),
            file: known.file,
            caller: self.active.last().map(|a| a.frame),
            locals: params.clone(),
        });
        self.active.push(Active {
            frame,
            file: known.file,
            name: f.name.clone(),
            returns: f.returns,
            result,
            to_end: Vec::new(),
            scopes: vec![params],
            labels: Vec::new(),
            gotos: Vec::new(),
            loops: Vec::new(),
        });
        let (free, at) = (self.free, self.at);
        self.emit(Instr::Const(result, 0));
        self.stmts(&f.body);
        let done = self.active.pop();
        let end = self.pc();
        if let Some(done) = done {
            for jump in done.to_end {
                self.patch(jump, end);
            }
            for (jump, label, span) in done.gotos {
                match done.labels.iter().find(|(name, _)| *name == label) {
                    Some((_, target)) => self.patch(jump, *target),
                    None => {
                        let hint =
                            nearest(&label, done.labels.iter().map(|(name, _)| name.as_str()))
                                .map(|l| format!("did you mean `{l}`?"));
                        let message = format!("`{}` has no label `{label}`", f.name);
                        self.error(known.file, span, message, hint);
                    }
                }
            }
        }
        (self.free, self.at) = (free, at);
    }

    fn pc(&self) -> Pc {
        Pc::try_from(self.out.code.len()).unwrap_or(Pc::MAX)
    }

    /// Adds an instruction and gives its place.
    fn emit(&mut self, instr: Instr) -> usize {
        let place = self.out.code.len();
        if place >= INSTRS_MAX {
            if !self.full {
                self.full = true;
                let message = format!("inlined, this makes more than {INSTRS_MAX} instructions");
                self.wrong(self.at.0, message);
            }
            return place - 1;
        }
        let file = self.active.last().map_or(0, |a| a.file);
        let text = &self.out.files[file].text;
        let (stmt, expr) = self.at;
        let line = text.get(..expr.start).map_or(1, |t| t.matches('\n').count() + 1);
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.out.code.push(instr);
        self.out.origins.push(Origin {
            frame: self.active.last().map_or(0, |a| a.frame),
            line: narrow(line),
            stmt: (narrow(stmt.start), narrow(stmt.end)),
            expr: (narrow(expr.start), narrow(expr.end)),
            label: 0,
        });
        place
    }

    fn patch(&mut self, jump: usize, target: Pc) {
        match &mut self.out.code[jump] {
            Instr::Jump(to) | Instr::JumpIf(_, to) | Instr::JumpUnless(_, to) => *to = target,
            // Only when the code is full, which is an error already.
            _ => {}
        }
    }

    fn alloc(&mut self) -> Reg {
        let at = self.free;
        self.free += 1;
        self.note_regs();
        if self.free > REGS_MAX && !self.full {
            self.full = true;
            self.wrong(self.at.0, format!("a call needs more than {REGS_MAX} registers"));
        }
        reg(at.min(REGS_MAX))
    }

    fn note_regs(&mut self) {
        self.out.n_regs = self.out.n_regs.max(self.free.min(REGS_MAX + 1) + 1);
    }
}

/// The function with this name.
fn find<'l>(functions: &[Known<'l>], name: &str) -> Option<Known<'l>> {
    functions.iter().rev().find(|k| k.function.name == name).copied()
}

/// Adds a function; whether its name was taken.
fn insert<'l>(functions: &mut Vec<Known<'l>>, known: Known<'l>) -> bool {
    let taken = find(functions, &known.function.name).is_some();
    functions.push(known);
    taken
}

fn reg(at: usize) -> Reg {
    Reg::try_from(at).unwrap_or(Reg::MAX)
}
