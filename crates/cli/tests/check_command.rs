//! What `memcg check` says: verdicts in words and in JSON, why a reduction was not used, what is refused.

mod common;

use common::{memcg, memcg_with_input};
use expect_test::expect;

/// Exit statuses, and that a bound is never a proof.
#[test]
fn what_the_command_says() {
    let holds = memcg(&["check", "bias-core-nullify", "--policy", "vz7-nullify"]);
    assert_eq!((holds.status, holds.err.as_str()), (0, ""));
    assert!(holds.out.contains("complete: 610 states"), "{}", holds.out);
    let broken = memcg(&["check", "bias-core-nullify", "--states", "400", "--json"]);
    assert_eq!(broken.status, 1, "broken beats bound");
    let verdicts: serde_json::Value = serde_json::from_str(&broken.out).expect("JSON");
    assert_eq!(verdicts[0]["verdict"], "bounded");
    assert_eq!(verdicts[0]["complete"], serde_json::Value::Null);
    assert_eq!(verdicts[1]["verdict"], "broken");
    let bounded =
        memcg(&["check", "bias-core-nullify", "--policy", "vz7-nullify", "--states", "100"]);
    assert_eq!(bounded.status, 3);
    assert!(!bounded.out.contains("holds"), "{}", bounded.out);
    for bad in [
        &["check", "bias-core-nullify", "--policy", "vz7-nulify"][..],
        &["check", "bias-core-nullify", "--grace", "some"],
        &["check", "bias-core-nullify", "--states", "0"],
        &["check", "bias-core-nullify", "--only", "speed"],
        &["check", "no-such-scenario"],
    ] {
        let told = memcg(bad);
        assert_eq!(told.status, 2, "{bad:?}");
        assert!(!told.err.is_empty(), "{bad:?}");
    }
}

/// Some runs are not all, which the verdict says, as it does of reductions.
#[test]
fn some_runs_and_reductions_are_told() {
    let lane = ["check", "bias-core-nullify", "--policy", "vz7-nullify"];
    for (only, words) in
        [("--preemptions", "at most 1 preemption were"), ("--drawn", "drawn by lot")]
    {
        let told = memcg(&[&lane[..], &[only, "1"]].concat());
        assert_eq!(told.status, 3, "{only}");
        assert!(told.out.contains(words) && !told.out.contains("holds"), "{}", told.out);
    }
    assert_eq!(memcg(&[&lane[..], &["--preemptions", "256"]].concat()).status, 2);
    let found = memcg(&["check", "bias-core-nullify", "--preemptions", "9"]);
    assert_eq!(found.status, 1, "{}", found.out);
    let equal = ["check", "stale-group", "--policy", "v6.12-unpinned", "--only", "safety"];
    for (option, words) in [(None, "taken for each other"), (Some("--no-symmetry"), "told apart")] {
        let args: Vec<&str> = equal.into_iter().chain(option).collect();
        let told = memcg(&args);
        assert!(told.status == 0 && told.out.contains(words), "{}", told.out);
    }
    let cut = memcg(&[&lane[..], &["--states", "100"]].concat());
    assert!(cut.out.contains("every schedule of up to"), "{}", cut.out);
}

/// The counter-example is a scenario of its own that comes out as it says.
#[test]
fn a_counter_example_can_be_pasted() {
    for (name, policy) in
        [("bias-core-nullify", "vz7-nullify:bias"), ("leak-after-break", "v3.19-pinned")]
    {
        let told = memcg(&["check", name, "--policy", policy, "--ascii"]);
        assert_eq!(told.status, 1);
        assert!(told.out.contains("switch ("), "a race diagram: {}", told.out);
        let told = memcg(&["check", name, "--policy", policy, "--json"]);
        let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
        let text = verdicts[0]["scenario"].as_str().expect("a scenario");
        let run = memcg_with_input(&["run", "-", "--moves"], text);
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
        assert!(run.out.contains("holds (1)") || run.out.contains("holds (2)"), "{}", run.out);
    }
}

/// What `--grace` makes of the seed's policy.
#[test]
fn graces() {
    let status = |grace| {
        memcg(&["check", "bias-core-nullify", "--policy", "vz7-nullify", "--grace", grace]).status
    };
    assert_eq!([status("rcu"), status("sched-only"), status("none")], [0, 0, 1]);
}

const CONDITIONS: &str = "hierarchy:
  ct-101
  ct-102
threads:
  kswapd0: reclaim / rounds 1
  direct1: reclaim / rounds 1
compare:
  v5.3-weak
  v6.12-unpinned
check:
  always visits of ct-101 <= 1
  sometimes rounds >= 1
  sometimes rounds >= 3
  eventually visits >= 3
";

/// A scenario's conditions: counter-examples and witnesses are scenarios that come out as they say.
#[test]
fn conditions_are_checked() {
    let told = memcg_with_input(&["check", "-", "--json"], CONDITIONS);
    assert_eq!(told.status, 1, "{}", told.err);
    let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    assert_eq!(verdicts[0]["property"], "condition");
    assert_eq!(verdicts[0]["replays"], true);
    assert_eq!(verdicts[0]["conditions"][0]["verdict"], "broken");
    let text = verdicts[0]["scenario"].as_str().expect("a scenario");
    assert!(text.contains("check:\n  always visits of ct-101 <= 1"), "{text}");
    // Nothing comes to three rounds, which only a complete search can say, and there is no schedule for it.
    let lane = ["check", "-", "--policy", "v6.12-unpinned"];
    let seen = ["--only", "condition:2", "--only", "condition:3", "--json"];
    let told = memcg_with_input(&[&lane[..], &seen].concat(), CONDITIONS);
    let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    let never = &verdicts[0];
    assert_eq!(never["name"], "condition");
    let words = never["words"].as_str().expect("words");
    assert_eq!(words, "\"sometimes rounds >= 3\" does not hold: no run comes to it");
    assert_eq!((never["scenario"].as_str(), never["link"].as_str()), (None, None));
    let witness = &never["conditions"][0]["witness"];
    assert_eq!(never["conditions"][0]["verdict"], "holds");
    let text = witness["scenario"].as_str().expect("a scenario");
    let counted = format!("{text}\nexpect:\n  v6.12-unpinned rounds = 1\n");
    let run = memcg_with_input(&["run", "-"], &counted);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
    let told = memcg_with_input(&[&lane[..], &["--only", "condition:4"]].concat(), CONDITIONS);
    assert_eq!(told.status, 0, "{}", told.out);
    let left_out = "not looked at: safety, returned, leak, call-returns, walk-ends, coverage, double-visits, \
                    restarts, condition:1, condition:2, condition:3";
    assert!(told.out.contains(left_out), "{}", told.out);
    let few = ["--only", "condition:2", "--witnesses"];
    let told = memcg_with_input(&[&lane[..], &few].concat(), CONDITIONS);
    assert!(told.status == 0 && told.out.contains("all was seen in"), "{}", told.out);
    assert!(
        told.out.contains("\nscenario: v6.12-unpinned: sometimes rounds >= 1\n"),
        "{}",
        told.out
    );
    let drawn = [&lane[..], &["--only", "condition:3", "--drawn", "1000"]].concat();
    assert_eq!(memcg_with_input(&drawn, CONDITIONS).status, 3);
}

/// Options that do not go together, and names of nothing, are refused with their reason.
#[test]
fn what_does_not_fit_is_refused() {
    let lane = ["check", "bias-core-nullify", "--policy", "vz7-nullify"];
    for (options, words) in [
        (
            &["--drawn", "9", "--only", "walk-ends"][..],
            "--drawn keeps no graph of states, which walk-ends needs",
        ),
        (&["--drawn", "9", "--preemptions", "1"], "do not go together: both say which runs"),
        (&["--rounds", "2", "--calls", "1"], "do not go together: both say where"),
        (&["--only", "leak", "--also", "coverage"], "give one of them"),
        (&["--restarts", "2"], "--also restarts"),
        (&["--only", "condition"], "has no condition"),
        (&["--only", "condition:1"], "of the scenario's 0 conditions none"),
        (&["--only", "coverege"], "did you mean \"coverage\"?"),
        (&["--only", "condition:0"], "not \"condition:0\""),
    ] {
        let told = memcg(&[&lane[..], options].concat());
        assert_eq!(told.status, 2, "{options:?}: {}", told.out);
        assert!(told.err.contains(words), "{options:?}: {}", told.err);
    }
    let told = memcg(&[&lane[..], &["--drawn", "9", "--json"]].concat());
    assert_eq!(told.status, 3);
    let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    let left_out = ["call-returns", "walk-ends", "coverage", "double-visits", "restarts"];
    assert_eq!(verdicts[0]["not_looked_at"], serde_json::json!(left_out));
}

/// How two threads that do the same are searched with these options: in words, and as programs are told.
fn without(cookie: &str, options: &[&str]) -> String {
    let text = format!(
        "hierarchy:
  a
threads:
  k0: reclaim / {cookie} calls 2
  k1: reclaim / {cookie} calls 2
compare:
  v6.12-unpinned
check:
  always kept = 0
  sometimes place of k0 = next.css_tryget
  always refs of a <= 9
"
    );
    let said = memcg_with_input(&[&["check", "-"], options].concat(), &text);
    let words = said.out.lines().find_map(|line| line.split_once(" steps")?.1.split_once("; "));
    let words = words.unwrap_or_else(|| panic!("{options:?}: {}", said.out)).1;
    let json = memcg_with_input(&[&["check", "-", "--json"], options].concat(), &text);
    let verdicts: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    let extent = &verdicts[0]["extent"];
    format!("{words}\n  {} {}\n", extent["reductions"], extent["without"])
}

/// A person, a condition, rounds: each is told for what it switched off.
#[test]
fn why_a_reduction_was_not_used_is_told() {
    let (shared, private) = ("node 0 zones 1 priority 12", "private");
    let mut out = String::new();
    for (cookie, options) in [
        (shared, &["--only", "condition:1"][..]),
        (shared, &["--only", "condition:1", "--unreduced", "--no-symmetry"]),
        (shared, &["--only", "condition:2"]),
        (shared, &["--only", "condition:3"]),
        (shared, &["--only", "coverage"]),
        (private, &["--only", "coverage"]),
    ] {
        out += &without(cookie, options);
    }
    expect![[r#"
        commuting accesses merged; equal threads taken for each other
          ["commuting","symmetry"] {}
        no access merged, as was asked; equal threads told apart, as was asked
          [] {"commuting":"asked","symmetry":"asked"}
        no access merged, as condition 2 looks at a thread's place, which merged accesses pass over; equal threads told apart, as condition 2 names one
          [] {"commuting":"condition:2","symmetry":"condition:2"}
        no access merged, as condition 3 looks at references, which merged accesses change; equal threads taken for each other
          ["symmetry"] {"commuting":"condition:3"}
        commuting accesses merged; equal threads taken for each other
          ["commuting","symmetry"] {}
        commuting accesses merged; equal threads told apart, as each has rounds of its own, which are asked about
          ["commuting"] {"symmetry":"rounds"}
    "#]].assert_eq(&out);
}

/// A policy that drops one reference too many breaks what the reduction rests on, which shows only on the way.
#[test]
fn a_void_reduction_is_told() {
    let text = memcg_core::registry::policy("vz7-nullify").expect("a policy").text;
    let put = "\tif (prev && prev != root)\n\t\tput(prev);\n";
    assert_eq!(text.matches(put).count(), 2);
    let file = std::env::temp_dir().join(format!("memcg-void-{}.policy", std::process::id()));
    std::fs::write(&file, text.replace(put, &format!("{put}{put}"))).expect("written");
    let path = file.to_str().expect("a path of letters");
    let text = "hierarchy:\n  a\nthreads:\n  k0: reclaim / node 0 zones 1 priority 12 calls 2\n";
    let args = ["check", "-", "--listing", path, "--only", "walk-ends"];
    let said = memcg_with_input(&args, text);
    let words =
        "no access merged, as the policy breaks what that rests on: the search was made again";
    assert!(said.status == 0 && said.out.contains(words), "{}{}", said.out, said.err);
    let json = memcg_with_input(&[&args[..], &["--json"]].concat(), text);
    std::fs::remove_file(&file).expect("removed");
    let verdicts: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(verdicts[0]["extent"]["without"], serde_json::json!({ "commuting": "void" }));
}

/// A label or a position that a lane's policy does not have is said with its place, and beside the verdict it spoils.
#[test]
fn what_a_policy_does_not_have_is_told() {
    let text = "hierarchy:
  a
threads:
  k0: reclaim / node 0 zones 1 priority 12 calls 1
compare:
  v6.12-unpinned
  v3.3-css-id
check:
  sometimes kept = 1 or place of k0 = next.trygot
  sometimes position of / = a
watch:
  position of /
  rounds
  place of k0 = next.css_id
";
    let args = ["check", "-", "--only", "condition"];
    let told = memcg_with_input(&args, text);
    assert_eq!(told.status, 1, "warnings are no mistakes");
    expect![[r#"
        -:9:25: warning: v6.12-unpinned has no access "next.trygot"; did you mean "next.tryget"?
        -:9:25: warning: v3.3-css-id has no access "next.trygot"; did you mean "next.tryget"?
        -:10:13: warning: slots of v3.3-css-id hold no pointer to a group: a position is always none
        -:12:3: warning: slots of v3.3-css-id hold no pointer to a group: a position is always none
        -:14:3: warning: v6.12-unpinned has no access "next.css_id"
    "#]]
    .assert_eq(&told.err);
    let verdicts: Vec<&str> = told
        .out
        .lines()
        .filter(|line| line.contains("condition ") || line.contains("warning"))
        .collect();
    expect![[r#"
        v6.12-unpinned: broken: condition (what the scenario checks holds)
          complete: 7 states, 6 steps; no access merged, as condition 1 looks at a thread's place, which merged accesses pass over
          condition 1, sometimes kept = 1 or place of k0 = next.trygot: broken
          warning: v6.12-unpinned has no access "next.trygot"; did you mean "next.tryget"?
          condition 2, sometimes position of / = a: not decided
        v3.3-css-id: broken: condition (what the scenario checks holds)
          complete: 9 states, 8 steps; no access merged, as condition 1 looks at a thread's place, which merged accesses pass over
          condition 1, sometimes kept = 1 or place of k0 = next.trygot: broken
          warning: v3.3-css-id has no access "next.trygot"; did you mean "next.tryget"?
          condition 2, sometimes position of / = a: not decided
          warning: slots of v3.3-css-id hold no pointer to a group: a position is always none
    "#]].assert_eq(&(verdicts.join("\n") + "\n"));
    let json = memcg_with_input(&[&args[..], &["--json"]].concat(), text);
    let verdicts: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    expect![[r#"
        []
        ["slots of v3.3-css-id hold no pointer to a group: a position is always none"]
    "#]]
    .assert_eq(&format!(
        "{}\n{}\n",
        verdicts[0]["conditions"][1]["warnings"], verdicts[1]["conditions"][1]["warnings"]
    ));
    // A scenario that has no text has no places.
    let link = memcg_with_input(&["link", "encode", "-"], text).out;
    let told = memcg(&["run", link.trim()]);
    assert!(told.err.starts_with("warning: v6.12-unpinned has no access"), "{}", told.err);
}
