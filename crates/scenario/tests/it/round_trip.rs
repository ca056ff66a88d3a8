//! Whatever can be written is read back as it was.

use memcg_core::{
    condition::{LIVES, Mode, Slot, Subject, Term, Value, Watch},
    hierarchy::{GroupId, Hierarchy},
    schedule::{LaneSpec, Move},
    world::{Cookie, Preemption, Until},
};
use memcg_scenario::{
    Comparison, ConditionText, Expectation, Measure, OpText, RoleText, Scenario, ThreadText, Verb,
    WatchText, parse, print, print_compact,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// Names as mean as the rules allow.
pub(crate) fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        select(vec![
            "ct-101",
            "ct#2",
            "#x",
            "a b",
            "x;y",
            "q\"q",
            "back\\slash",
            "a:b",
            "ü日",
            "\u{a0}",
            "begin",
            "..."
        ])
        .prop_map(String::from),
        "\\PC{1,8}"
            .prop_filter("rules of cgroupfs", |n| { memcg_core::hierarchy::check_name(n).is_ok() }),
    ]
}

fn identifier() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9._-]{0,12}".prop_filter("x3 is a number of calls", |n| {
        !n.starts_with('x') && n != "begin" && n != "to" && n != "on" && n != "in"
    })
}

fn tree() -> impl Strategy<Value = Hierarchy> {
    vec((any::<prop::sample::Index>(), name()), 0..24).prop_map(|groups| {
        let mut tree = Hierarchy::new();
        for (parent, name) in groups {
            let parent = GroupId(u32::try_from(parent.index(tree.n_groups())).expect("small"));
            // A name that is taken is a group less.
            let _ = tree.add(parent, &name);
        }
        tree
    })
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![Just("/".to_string()), vec(name(), 1..4).prop_map(|parts| parts.join("/"))]
}

fn role() -> impl Strategy<Value = RoleText> {
    let cookie = (0..64u8, 1..9u8, 0..13u8, 0..13u8).prop_map(|(node, n_zones, a, b)| Cookie {
        node,
        n_zones,
        priority_from: a.max(b),
        priority_to: a.min(b),
    });
    let until = prop_oneof![
        option::of(1..u32::MAX).prop_map(Until::Rounds),
        (1..u32::MAX).prop_map(Until::Calls),
        (1..u32::MAX, option::of(1..u32::MAX))
            .prop_map(|(n_visits, n_walks)| Until::Visits { n_visits, n_walks }),
    ];
    let op = (select(Verb::ALL.to_vec()), path()).prop_map(|(verb, group)| OpText { verb, group });
    prop_oneof![
        (path(), option::of(cookie), until).prop_map(|(root, cookie, until)| RoleText::Reclaimer {
            root,
            cookie,
            until
        }),
        vec(op, 0..8).prop_map(RoleText::Admin),
    ]
}

fn lane() -> impl Strategy<Value = LaneSpec> {
    (identifier(), option::of(identifier())).prop_map(|(policy, core)| LaneSpec { policy, core })
}

fn one_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        name().prop_map(|thread| Move::Call { thread }),
        name().prop_map(|thread| Move::Begin { thread }),
        (name(), identifier(), option::of(lane())).prop_map(|(thread, label, lane)| Move::To {
            thread,
            label,
            lane: lane.map(|l| l.to_string()),
        }),
        (identifier(), path()).prop_map(|(stage, group)| Move::Work { stage, group }),
    ]
}

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::AtMost,
    Comparison::More,
    Comparison::AtLeast,
];

fn expectation() -> impl Strategy<Value = Expectation> {
    let what = (select(Measure::ALL.to_vec()), option::of(path()));
    (lane(), what, select(COMPARISONS.to_vec()), any::<u32>()).prop_map(
        |(lane, (measure, group), comparison, number)| {
            let group = group.filter(|_| measure == Measure::Visits);
            Expectation { lane, measure, group, comparison, number }
        },
    )
}

fn term() -> impl Strategy<Value = Term<String, String>> {
    let part = || option::of(any::<u8>());
    let subject = prop_oneof![
        select(Measure::ALL.to_vec()).prop_map(Subject::Measure),
        path().prop_map(Subject::Visits),
        path().prop_map(Subject::Refs),
        path().prop_map(Subject::Life),
        (path(), part(), part(), part()).prop_map(|(root, node, zone, priority)| {
            Subject::Position(Slot { root, node, zone, priority })
        }),
        name().prop_map(Subject::Held),
        name().prop_map(Subject::Returned),
        name().prop_map(Subject::Place),
    ];
    let group = prop_oneof![
        Just(Value::None),
        Just(Value::Group("none".to_string())),
        path().prop_map(Value::Group)
    ];
    let what =
        (subject, select(COMPARISONS.to_vec()), any::<u32>(), group, identifier(), 0..7usize);
    what.prop_map(|(subject, comparison, number, group, label, life)| {
        let value = match &subject {
            Subject::Measure(_) | Subject::Visits(_) | Subject::Refs(_) => Value::Number(number),
            Subject::Life(_) => Value::Life(LIVES[life].0),
            Subject::Position(_) | Subject::Held(_) | Subject::Returned(_) => group,
            Subject::Place(_) => Value::Label(label),
        };
        let is_ordered = matches!(value, Value::Number(_) | Value::Life(_));
        let comparison = if is_ordered { comparison } else { Comparison::NotEqual };
        Term { subject, comparison, value }
    })
}

fn condition() -> impl Strategy<Value = ConditionText> {
    let any = prop_oneof![vec(vec(term(), 1..3), 1..4), vec(vec(term(), 8..9), 1..2)];
    (select(Mode::ALL.to_vec()), any).prop_map(|(mode, any)| ConditionText { mode, any })
}

fn watch() -> impl Strategy<Value = WatchText> {
    prop_oneof![
        term().prop_map(|term| Watch::Value(term.subject)),
        condition().prop_map(|condition| {
            Watch::Holds(ConditionText { mode: Mode::Always, ..condition })
        }),
    ]
}

prop_compose! {
    pub(crate) fn scenario()(
        title in ".{0,12}",
        notes in vec("(?s).{0,20}", 0..3),
        full in any::<bool>(),
        use_hierarchy in any::<bool>(),
        hierarchy in tree(),
        threads in vec((name(), role()), 0..6),
        lanes in vec(lane(), 0..4),
        schedule in vec((one_move(), 1..4usize), 0..12),
        expectations in vec(expectation(), 0..4),
        checks in vec(condition(), 0..4),
        watches in vec(watch(), 0..4),
    ) -> Scenario {
        let mut scenario = Scenario {
            title,
            notes,
            preemption: if full { Preemption::Full } else { Preemption::None },
            use_hierarchy,
            hierarchy,
            expectations,
            checks,
            watches,
            ..Scenario::default()
        };
        for (name, role) in threads {
            if name != "..." && !scenario.threads.iter().any(|t| t.name == name) {
                scenario.threads.push(ThreadText { name, role });
            }
        }
        for lane in lanes {
            if !scenario.lanes.contains(&lane) {
                scenario.lanes.push(lane);
            }
        }
        for (one, n) in schedule {
            scenario.schedule.extend(std::iter::repeat_n(one, n));
        }
        scenario
    }
}

proptest! {
    #[test]
    fn canonical_text_reads_back(s in scenario()) {
        let text = print(&s);
        let parsed = parse(&text);
        prop_assert_eq!(&parsed.scenario, &s, "{}", text);
        prop_assert_eq!(print(&parsed.scenario), text);
    }

    #[test]
    fn compact_text_reads_back(s in scenario()) {
        let text = print_compact(&s);
        prop_assert_eq!(parse(&text).scenario, s, "{}", text);
    }

    #[test]
    fn nothing_panics(text in "(?s).{0,200}") {
        let parsed = parse(&text);
        let _ = parsed.scenario.world();
    }

    /// Soup of the words of the language: what is read prints to a text that reads the same.
    #[test]
    fn any_soup_settles(words in vec(select(vec![
        "hierarchy:", "threads:", "schedule:", "expect:", "compare:", "note:", "scenario:", "view:",
        "\n", "\n ", "\n  ", "\n\t", "a", "b/c", "a#2", "\"x y\"", "\"", "t:", "t", "reclaim", "mkdir",
        "rmdir", ";", "/", "private", "node", "3", "priority", "12..0", "x3", "begin", "to", "in",
        "on", "kworker", "free", "rounds", ">=", "#", "\\", "\r\n",
    ]), 0..60)) {
        let text = words.join(" ").replace("\n  ", "\n ").replace("\n ", "\n");
        for text in [words.join(" "), text, words.concat()] {
            let s = parse(&text).scenario;
            let _ = s.world();
            let printed = print(&s);
            prop_assert_eq!(&parse(&printed).scenario, &s, "{}", printed);
        }
    }

    /// Edits never panic, and what they leave reads back.
    #[test]
    fn edits_keep_it_sound(s in scenario(), at in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), new in name(), which in 0..5) {
        let mut s = s;
        let id = |at: prop::sample::Index| GroupId(u32::try_from(at.index(s.hierarchy.n_groups())).expect("small"));
        let (id, other) = (id(at), id(to));
        let _ = match which {
            0 => s.rename_group(id, &new).ok(),
            1 => s.move_group(id, other).ok(),
            2 => s.remove_group(id).ok(),
            3 => s.add_group(id, &new).ok().map(|(_, edit)| edit),
            _ => s.threads.first().map(|t| t.name.clone()).map(|name| s.remove_thread(&name)),
        };
        prop_assert_eq!(parse(&print(&s)).scenario, s);
    }
}
