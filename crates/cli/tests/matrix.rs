//! The matrix: its cells say what single checks say, its bounds are told, and its worlds can be printed.

mod common;

use common::{memcg, memcg_with_input};
use expect_test::expect;
use serde_json::Value;

fn json(args: &[&str]) -> Value {
    let told = memcg(&[&["matrix", "--json"], args].concat());
    assert_eq!((told.status, told.err.as_str()), (0, ""), "{args:?}");
    serde_json::from_str(&told.out).expect("JSON")
}

/// Two bugs of history and their cures in the smallest worlds.
#[test]
fn the_smallest_worlds() {
    let policies = ["v3.10rc-pinned", "v3.10-dead-count", "v3.13-dead-count", "v3.16-dead-count"];
    let properties = ["safety", "returned", "leak", "call-returns", "walk-ends"];
    let asked = policies.iter().flat_map(|policy| ["--policy", policy]);
    let asked = asked.chain(properties.iter().flat_map(|property| ["--only", property]));
    let args: Vec<&str> =
        ["matrix", "--quick", "--grace", "rcu"].into_iter().chain(asked).collect();
    let told = memcg(&args);
    assert_eq!((told.status, told.err.as_str()), (0, ""));
    let table = told.out.split_once("\n\n").expect("a table and what it means").0;
    expect![[r#"
        policy                        grace  safety  returned  leak      call-returns  walk-ends  worlds decided
        v3.10rc-pinned on percpu-ref  rcu    holds   holds     0:0:b1:1  holds         holds      35 of 35
        v3.10-dead-count              rcu    holds   holds     holds     holds         0:1:w:1    35 of 35
        v3.13-dead-count              rcu    -       -         0:1:w:1   0:1:w:1       -          3 of 35
        v3.16-dead-count              rcu    holds   holds     holds     holds         holds      35 of 35
    "#]].assert_eq(&format!("{table}\n"));
}

/// What a cell says is what a check of the printed world says, and its link opens the same.
#[test]
fn a_world_that_fails_can_be_printed_and_checked() {
    let family = ["--groups", "2", "--threads", "3", "--only", "safety"];
    let matrix = json(&[&family[..], &["--policy", "rhel7-dead-count"]].concat());
    let cells = matrix["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 3);
    let mut n_failing = 0;
    for cell in cells {
        let text = |key: &str| cell[key].as_str().expect("text");
        for failing in cell["failing"].as_array().expect("a list") {
            n_failing += 1;
            let world = failing["world"].as_str().expect("a name");
            let of = ["--policy", text("policy"), "--grace", text("grace")];
            let printed = memcg(&[&["matrix", "--world", world], &of[..]].concat());
            assert_eq!(printed.status, 0, "{}", printed.err);
            let only = failing["property"].as_str().expect("a name");
            let check = memcg_with_input(&["check", "-", "--json", "--only", only], &printed.out);
            assert_eq!((check.status, check.err.as_str()), (1, ""));
            let verdicts: Value = serde_json::from_str(&check.out).expect("JSON");
            assert_eq!(verdicts[0]["name"], failing["name"]);
            assert_eq!(verdicts[0]["n_steps"], failing["steps"]);
            let link = failing["link"].as_str().expect("a link");
            assert_eq!(memcg(&["link", "decode", link]).status, 0, "{link}");
            assert_eq!(memcg(&["run", link, "--moves"]).status, 0, "{link}");
        }
    }
    assert_eq!(n_failing, 2, "torn pairs, but where a removal waits for RCU readers");
}

/// The committed file says what a new run says, in the part of the family that is quick to look at.
#[test]
fn the_committed_file_is_true() {
    let file: Value =
        serde_json::from_str(include_str!("../../../docs/matrix.json")).expect("JSON");
    let list = |of: &Value| of.as_array().expect("a list").clone();
    let states = file["states"].to_string();
    let mut args = vec!["--quick", "--states", &states];
    let names = list(&file["properties"]);
    args.extend(names.iter().flat_map(|p| ["--only", p["name"].as_str().expect("a name")]));
    let quick = json(&args);
    let is_quick =
        |of: &Value| of["groups"].as_u64() <= Some(3) && of["threads"].as_u64() <= Some(2);
    let sizes: Vec<Value> = list(&file["sizes"]).into_iter().filter(is_quick).collect();
    assert_eq!(Value::from(sizes), quick["sizes"]);
    let (old, new) = (list(&file["cells"]), list(&quick["cells"]));
    assert_eq!(old.len(), new.len(), "every policy is in the file");
    let mut n_same = 0;
    for (old, new) in old.iter().zip(&new) {
        let place = |of: &Value| [of["policy"].clone(), of["core"].clone(), of["grace"].clone()];
        assert_eq!(place(old), place(new));
        let known = |property: &Value| {
            let all = list(&old["failing"]);
            all.into_iter()
                .find(|f| f["property"] == *property)
                .expect("found in the whole family too")
        };
        let found = list(&new["failing"]);
        for failing in list(&old["failing"]).iter().filter(|f| is_quick(f)) {
            assert!(found.iter().any(|f| f["property"] == failing["property"]), "{failing}");
        }
        for failing in found.iter().filter(|f| is_quick(&known(&f["property"]))) {
            let mut was = known(&failing["property"]);
            // The whole family has other worlds before it.
            was["undecided_before"] = failing["undecided_before"].clone();
            assert_eq!(was, *failing);
            n_same += 1;
        }
    }
    assert!(n_same > 30, "{n_same}");
}

/// A bound leaves worlds open and never makes something hold.
#[test]
fn a_bound_is_told() {
    let args = ["--groups", "2", "--policy", "vz7-nullify", "--grace", "rcu", "--states", "300"];
    let matrix = json(&args);
    let numbers = |of: &Value| -> Vec<u64> {
        of.as_array().expect("a list").iter().filter_map(Value::as_u64).collect()
    };
    let worlds: Vec<u64> = matrix["sizes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|s| s["worlds"].as_u64())
        .collect();
    let decided = numbers(&matrix["cells"][0]["decided"]);
    assert_eq!(decided.len(), worlds.len());
    assert!(decided.iter().sum::<u64>() < worlds.iter().sum::<u64>());
    let told = memcg(&[&["matrix"], &args[..]].concat());
    let row = told.out.lines().nth(1).expect("a row");
    assert!(!row.contains("holds") && row.contains(" of "), "{row}");
    assert_eq!(json(&args), matrix, "the same twice");
}

#[test]
fn bad_input() {
    for bad in [
        &["matrix", "--policy", "vz7-nulify"][..],
        &["matrix", "--grace", "some"],
        &["matrix", "--groups", "6"],
        &["matrix", "--states", "0"],
        &["matrix", "--world", "0:0:w:2"],
        &["matrix", "--world", "0:0:w:1", "--policy", "nothing"],
        &["matrix", "one-rmdir"],
    ] {
        let told = memcg(bad);
        assert_eq!((told.status, told.out.as_str()), (2, ""), "{bad:?}");
        assert!(!told.err.is_empty(), "{bad:?}");
    }
}
