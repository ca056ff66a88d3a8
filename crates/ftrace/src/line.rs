//! One line of a trace, as the kernel and trace-cmd write them. Knows no state: what a line means is the reader's.

/// An event as written: who, when, what.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) struct Record<'l> {
    pub(crate) task: &'l [u8],
    pub(crate) pid: u32,
    pub(crate) cpu: u32,
    pub(crate) time_ns: u64,
    pub(crate) name: &'l [u8],
    pub(crate) rest: &'l [u8],
}

/// What a line is.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Line<'l> {
    Event(Record<'l>),
    /// Events of a CPU were dropped here, how many if known.
    Lost {
        cpu: u32,
        n: Option<u64>,
    },
    /// A CPU's buffer begins only here: earlier events of it are gone.
    BufferStarts {
        cpu: u32,
    },
    /// `# tracer:`: a trace begins.
    Begins,
    /// Entries in the buffer and entries written.
    Entries {
        kept: u64,
        written: u64,
    },
    /// Comments, blank lines, and what trace-cmd says before the events.
    Nothing,
    Garbage,
}

/// Whether a text's first lines are those of a trace, so that importers can tell.
pub fn looks_like_a_trace(text: &[u8]) -> bool {
    let first = &text[..text.len().min(16 * 1024)];
    let lines = first.split(|b| *b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l));
    lines.take(60).any(|line| matches!(parse(line), Line::Event(_) | Line::Begins))
}

/// Takes a line apart.
pub(crate) fn parse(line: &[u8]) -> Line<'_> {
    let text = line.trim_ascii();
    match text {
        [] => return Line::Nothing,
        [b'#', b'#', ..] if contains(text, b"buffer started") => {
            let cpu = find(text, b"CPU").and_then(|at| number(text[at + 3..].trim_ascii_start()));
            let cpu = cpu.and_then(|(n, _)| u32::try_from(n).ok());
            return Line::BufferStarts { cpu: cpu.unwrap_or(0) };
        }
        [b'#', rest @ ..] => return header(rest.trim_ascii_start()),
        _ => {}
    }
    if let Some(after) = text.strip_prefix(b"CPU") {
        return about_a_cpu(after);
    }
    if text.starts_with(b"cpus=") || text.starts_with(b"version = ") {
        return Line::Nothing;
    }
    event(line).map_or(Line::Garbage, Line::Event)
}

fn header(rest: &[u8]) -> Line<'_> {
    if rest.starts_with(b"tracer:") {
        return Line::Begins;
    }
    let numbers = rest.strip_prefix(b"entries-in-buffer/entries-written:").and_then(|rest| {
        let (kept, rest) = number(rest.trim_ascii_start())?;
        let (written, _) = number(rest.strip_prefix(b"/")?)?;
        Some((kept, written))
    });
    numbers.map_or(Line::Nothing, |(kept, written)| Line::Entries { kept, written })
}

/// `CPU:1 [LOST 5 EVENTS]`, `CPU:1 [5 EVENTS DROPPED]`, `CPU 1 is empty`.
fn about_a_cpu(after: &[u8]) -> Line<'_> {
    let after = after.strip_prefix(b":").unwrap_or(after).trim_ascii_start();
    let Some((cpu, after)) = number(after) else { return Line::Garbage };
    let cpu = u32::try_from(cpu).unwrap_or(u32::MAX);
    if contains(after, b"is empty") {
        return Line::Nothing;
    }
    if !contains(after, b"LOST") && !contains(after, b"DROPPED") {
        return Line::Garbage;
    }
    let n = after.iter().position(u8::is_ascii_digit).and_then(|at| number(&after[at..]));
    Line::Lost { cpu, n: n.map(|(n, _)| n) }
}

/// `task-pid (tgid) [cpu] flags time: name: rest`. A task's name may hold spaces, brackets and dashes, so the first
/// bracket that everything fits around is taken.
fn event(line: &[u8]) -> Option<Record<'_>> {
    let mut from = 0;
    while let Some(at) = find(&line[from..], b" [") {
        let at = from + at;
        if let Some(record) = around(line, at) {
            return Some(record);
        }
        from = at + 2;
        // A task's name has 15 bytes at most: the bracket stands near the beginning.
        if from > 96 {
            break;
        }
    }
    None
}

fn around(line: &[u8], at: usize) -> Option<Record<'_>> {
    let (cpu, rest) = number(&line[at + 2..])?;
    let rest = rest.strip_prefix(b"]")?;
    let mut who = line[..at].trim_ascii();
    if who.ends_with(b")")
        && let Some(open) = who.iter().rposition(|b| *b == b'(')
    {
        who = who[..open].trim_ascii_end();
    }
    let dash = who.iter().rposition(|b| *b == b'-')?;
    let (pid, after) = number(&who[dash + 1..])?;
    if !after.is_empty() {
        return None;
    }
    let mut rest = rest.trim_ascii_start();
    let time = match time(rest) {
        Some(time) => time,
        None => {
            // The flags: irqs off, need resched, and so on.
            let n = rest.iter().position(|b| *b == b' ')?;
            rest = rest[n..].trim_ascii_start();
            time(rest)?
        }
    };
    let (time_ns, rest) = time;
    let rest = rest.trim_ascii_start();
    let colon = rest.iter().position(|b| matches!(b, b':' | b' '))?;
    let (name, rest) = rest.split_at(colon);
    let rest = rest.strip_prefix(b":")?;
    Some(Record {
        task: &who[..dash],
        pid: u32::try_from(pid).ok()?,
        cpu: u32::try_from(cpu).ok()?,
        time_ns,
        name,
        rest: rest.trim_ascii(),
    })
}

/// `15.932587:` in nanoseconds, and what follows. A clock that counts has no point: its counts are taken as they are.
fn time(text: &[u8]) -> Option<(u64, &[u8])> {
    let (whole, rest) = number(text)?;
    if let Some(rest) = rest.strip_prefix(b":") {
        return Some((whole, rest));
    }
    let rest = rest.strip_prefix(b".")?;
    let n_digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut fraction = 0_u64;
    let digits = rest[..n_digits].iter().map(|digit| u64::from(digit - b'0'));
    for digit in digits.chain(core::iter::repeat(0)).take(9) {
        fraction = fraction * 10 + digit;
    }
    let rest = rest[n_digits..].strip_prefix(b":")?;
    Some((whole.checked_mul(1_000_000_000)?.checked_add(fraction)?, rest))
}

/// Decimal digits at the beginning, and what follows.
pub(crate) fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let n_digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut value = 0_u64;
    for digit in &text[..n_digits] {
        value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
    }
    (n_digits > 0).then_some((value, &text[n_digits..]))
}

/// What follows `key=`, to the end of the text.
pub(crate) fn after_key<'l>(rest: &'l [u8], key: &[u8]) -> Option<&'l [u8]> {
    let mut from = 0;
    while let Some(at) = find(&rest[from..], key) {
        let at = from + at;
        from = at + key.len();
        if (at == 0 || rest[at - 1] == b' ') && rest.get(from) == Some(&b'=') {
            return Some(&rest[from + 1..]);
        }
    }
    None
}

/// The number of `key=`: hexadecimal after `0x`, else decimal, and negative ones as the machine has them.
pub(crate) fn value(rest: &[u8], key: &[u8]) -> Option<u64> {
    let text = after_key(rest, key)?;
    let text = text.split(|b| *b == b' ').next()?;
    if let Some(digits) = text.strip_prefix(b"0x").or_else(|| text.strip_prefix(b"0X")) {
        if digits.is_empty() || digits.len() > 16 {
            return None;
        }
        return digits.iter().try_fold(0_u64, |value, digit| {
            char::from(*digit).to_digit(16).map(|digit| value << 4 | u64::from(digit))
        });
    }
    let (digits, is_negative) = match text.strip_prefix(b"-") {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let (value, rest) = number(digits)?;
    rest.is_empty().then_some(if is_negative { value.wrapping_neg() } else { value })
}

pub(crate) fn contains(text: &[u8], word: &[u8]) -> bool {
    find(text, word).is_some()
}

pub(crate) fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|b| *b == first) {
        if text[from + at..].starts_with(word) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::String};
    use expect_test::expect;

    fn told(line: &str) -> String {
        match parse(line.as_bytes()) {
            Line::Event(r) => {
                let text = |bytes| core::str::from_utf8(bytes).expect("ASCII");
                let (task, name, rest) = (text(r.task), text(r.name), text(r.rest));
                format!("{task}|{}|{}|{}|{name}|{rest}", r.pid, r.cpu, r.time_ns)
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn lines_of_all_writers() {
        let lines = [
            "           mkdir-171     [000] d..1.    15.971694: cgroup_mkdir: root=0 path=/a b",
            "     kworker/0:1-11      (     11) [001] .....    22.867951: offline: (f+0x4/0x80) css=0xff",
            "  Web-1 [2] x-99      [001] 1.5: iter_out: (a <- b) ret=0x0",
            "           mkdir-171   [000]    15.932587123: cgroup_mkdir:         root=0",
            "<idle>-0 [003] 77: x:",
            "CPU:1 [LOST 5 EVENTS]",
            "CPU:1 [LOST EVENTS]",
            "CPU:0 [12 EVENTS DROPPED]",
            "##### CPU 1 buffer started ####",
            "# entries-in-buffer/entries-written: 10/20   #P:2",
            "# tracer: nop",
            "cpus=2",
            "hello",
            "x-1 [000] d..1. 1.0",
        ];
        let all: String = lines.iter().map(|l| told(l) + "\n").collect();
        expect![[r#"
            mkdir|171|0|15971694000|cgroup_mkdir|root=0 path=/a b
            kworker/0:1|11|1|22867951000|offline|(f+0x4/0x80) css=0xff
            Web-1 [2] x|99|1|1500000000|iter_out|(a <- b) ret=0x0
            mkdir|171|0|15932587123|cgroup_mkdir|root=0
            <idle>|0|3|77|x|
            Lost { cpu: 1, n: Some(5) }
            Lost { cpu: 1, n: None }
            Lost { cpu: 0, n: Some(12) }
            BufferStarts { cpu: 1 }
            Entries { kept: 10, written: 20 }
            Begins
            Nothing
            Garbage
            Garbage
        "#]]
        .assert_eq(&all);
    }

    #[test]
    fn values_of_all_widths() {
        let rest =
            b"(f+0x4) root=0xc1234567 prev=0x0 n=-1 bad=0xzz big=0x12345678901234567 proot=1";
        let of = |key: &str| value(rest, key.as_bytes());
        assert_eq!(of("root"), Some(0xc123_4567));
        assert_eq!(of("prev"), Some(0));
        assert_eq!(of("n"), Some(u64::MAX));
        assert_eq!((of("bad"), of("big"), of("none")), (None, None, None));
    }
}
