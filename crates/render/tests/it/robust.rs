//! The readers take any text and any bytes: something comes back, and nothing panics or goes on for ever.

use crate::{gallery, of_text};
use memcg_core::run::{Grain, Run};
use memcg_core::schedule::Move;
use memcg_render::{
    Film, Theme, embedded, embedded_in, figure, is_race, paste, race, text_of_bitmap, titles,
};
use proptest::prelude::*;
use std::sync::LazyLock;

const WORLD: &str = "hierarchy:\n  a\n    b\nthreads:\n  k: reclaim /\n  l: reclaim a enough 1 walks 2\n  admin: rmdir a/b; mkdir a/c\ncompare:\n  vz7-nullify\n  v4.4-weak\n";

fn world() -> Run {
    of_text(WORLD).0
}

/// A diagram of two lanes.
static DRAWN: LazyLock<String> = LazyLock::new(|| {
    let moves = "schedule:\n  k x2\n  l to next_live.tryget\n  admin x2\n  l\n  k x3\n  admin\n";
    let (run, scenario) = of_text(&format!("{WORLD}{moves}"));
    race(run, &scenario.schedule, usize::MAX, Grain::Access)
});

/// Whatever it is given, a reader's figures add up and its moves can be played.
fn reads(text: &str) {
    let run = world();
    let read = paste(text, &run);
    assert!(read.n_used <= read.n_lines, "{text:?}");
    assert!(
        read.n_lines == 0 || read.n_used == read.n_lines || !read.problems.is_empty(),
        "{text:?}"
    );
    let n_lines = u32::try_from(text.split('\n').count()).expect("short");
    for place in read.problems.iter().filter_map(|problem| problem.at) {
        assert!(place.start <= place.end && place.end <= text.len(), "{text:?}");
        assert!((1..=n_lines).contains(&place.line), "{text:?}");
    }
    let mut played = run.clone();
    for mv in &read.schedule {
        played.apply(mv);
    }
    let _ = (is_race(text), titles(text));
}

/// Words that make up diagrams, in any order.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "k",
        "l",
        "admin",
        "kworker",
        "CPU0",
        "-----",
        "next() {",
        "}",
        "} -> a",
        "break() {",
        "kill(a/b) {",
        "offline(a/b) {",
        ":63 rcu_read_lock()",
        "next_live:45 tryget(b) -> true",
        "*** UAF ***",
        "* wiped",
        "switch (preempted in next)",
        "…",
        "(why)",
        "mem_cgroup_iter(a, NULL, c)",
        "css_tryget(b) // fails",
        "pos = iter->position",
        "[rmdir b]",
        "rmdir a/b",
        "css_free(b)",
        "vz7-nullify",
        "v4.4-weak",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\t",
        "      ",
        "                        ",
        "> ",
        ">> ",
        "\u{a0}",
        "\u{202e}",
        "ü",
        "(",
        "->",
        ":",
        "[1]",
    ];
    prop_oneof![3 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => ".{0,12}"]
}

/// Wherever a walker is interrupted in a rescan, whose comparison reads one group's serial number twice.
#[test]
fn any_interruption_there_and_back() {
    let both = world();
    let call = |thread: &str| Move::Call { thread: thread.into() };
    for own in both.lanes() {
        let lanes = vec![(own.spec().clone(), own.program().clone())];
        let run = Run::of_programs(both.world().clone(), lanes);
        let mut labels = own.program().labels.clone();
        labels.sort_unstable();
        labels.dedup();
        for label in labels {
            let to = Move::To { thread: "l".into(), label: label.clone(), lane: None };
            let begin = Move::Begin { thread: "kworker".into() };
            let calls = ["admin", "admin", "l"].map(call).to_vec();
            let schedule = [calls, vec![begin, call("l"), to, call("k"), call("l")]].concat();
            for grain in [Grain::Access, Grain::Statement] {
                let text = race(run.clone(), &schedule, usize::MAX, grain);
                let read = paste(&text, &run);
                assert!(read.is_same, "{label}: {:?}\n{text}", read.problems);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "(?s).{0,400}") {
        reads(&text);
    }

    #[test]
    fn any_words(words in proptest::collection::vec(piece(), 0..60), gap in " {0,40}") {
        reads(&words.join(&gap));
    }

    /// A diagram with parts cut out, put in twice, and changed.
    #[test]
    fn damaged_diagrams(cuts in proptest::collection::vec((0_usize..4_000, 0_usize..300, ".{0,3}"), 1..6)) {
        let mut text: Vec<char> = DRAWN.chars().collect();
        for (at, n, put) in cuts {
            let at = at % (text.len() + 1);
            let end = (at + n).min(text.len());
            let put: Vec<char> = if n % 3 == 0 { text[at..end].to_vec() } else { put.chars().collect() };
            text.splice(at..end, put);
        }
        reads(&text.into_iter().collect::<String>());
    }

    /// Whatever threads do, drawn and read back it is the same, access by access and statement by statement.
    #[test]
    fn any_schedule_there_and_back(
        lane in 0_usize..2,
        moves in proptest::collection::vec((0_usize..4, 0_usize..3, any::<prop::sample::Index>()), 0..40),
    ) {
        let both = world();
        let own = both.lane(lane);
        let run = Run::of_programs(both.world().clone(), vec![(own.spec().clone(), own.program().clone())]);
        let labels = &own.program().labels;
        let schedule: Vec<Move> = moves
            .iter()
            .map(|(thread, kind, label)| {
                let thread = ["k", "l", "admin", "kworker"][*thread].to_string();
                match kind {
                    0 => Move::Call { thread },
                    1 => Move::Begin { thread },
                    _ => Move::To { thread, label: label.get(labels).clone(), lane: None },
                }
            })
            .collect();
        for grain in [Grain::Access, Grain::Statement] {
            let text = race(run.clone(), &schedule, usize::MAX, grain);
            let read = paste(&text, &run);
            let nothing = !text.contains('{');
            prop_assert!(read.is_same || nothing, "{:?}\n{}", read.problems, text);
            prop_assert!(read.problems.is_empty() || nothing, "{:?}\n{}", read.problems, text);
        }
    }

    #[test]
    fn any_picture(bytes in proptest::collection::vec(any::<u8>(), 0..300), kind in 0_usize..4) {
        let head: &[u8] = [&b""[..], b"\x89PNG\r\n\x1a\n", b"<svg><memcg:scenario cursor='1'>", b"\x89PNG\r\n\x1a\n\0\0\0\x20iTXtmemcg:scenario\0\0\0\0\0"][kind];
        let all = [head, &bytes].concat();
        let _ = embedded_in(&all);
        let text = String::from_utf8_lossy(&all);
        let _ = (embedded(&text), text_of_bitmap(&text));
    }

    /// A figure that was cut off anywhere holds its scenario or nothing.
    #[test]
    fn figures_that_were_cut_off(at in 0_usize..100_000) {
        static FIGURE: LazyLock<String> = LazyLock::new(|| {
            let (run, scenario) = gallery("one-rmdir");
            let film = Film::at(run, &scenario, 4);
            figure(&film, &film.frames[0], Theme::Light)
        });
        let at = at % FIGURE.len();
        let read = embedded_in(&FIGURE.as_bytes()[..at]);
        prop_assert!(read.is_none() || read == embedded(&FIGURE));
    }
}

/// Texts made to be slow are read in time: each has 400,000 bytes.
#[test]
fn nothing_takes_for_ever() {
    let run = world();
    for piece in [
        "slot\n-\n",
        "a\n-\n",
        "- ",
        "x                ",
        "\t",
        "> ",
        "rmdir b\n",
        "mem_cgroup_iter_update()\n",
        "mem_cgroup_iter(a)\n",
        "                                                css_tryget(b)\n",
        "(((((((((((((",
        "->->->",
        "next() {\n",
    ] {
        let text = piece.repeat(400_000 / piece.len());
        for text in [format!("vz7-nullify\n\nk     admin\n-     -----\n{text}"), text] {
            let read = paste(&text, &run);
            assert!(read.n_used <= read.n_lines, "{piece:?}");
        }
    }
}

/// A text of many lines that all fail ends with a number of messages that can be read.
#[test]
fn nothing_but_mistakes() {
    let line = "                                                :99 tryget(nobody)\nnext() {\n  :98 put(nobody)\n";
    let text = format!(
        "vz7-nullify\n\nk                                               admin\n-                                               -----\n{}",
        line.repeat(20_000)
    );
    let read = paste(&text, &world());
    assert_eq!(read.problems.len(), memcg_scenario::N_DIAGNOSTICS_MAX);
    assert!(read.n_more > 0);
}
