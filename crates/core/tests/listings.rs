//! The listing language: mistakes with place, cause and suggestion; text in, text out.

use expect_test::{Expect, expect};
use memcg_core::listing::{parse, print};
use memcg_core::registry::{self, LaneError, compile_text};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const GOOD: &str = "\
policy: sample
core: bias

slot per root {
	memcg *position;
	int generation;
}

cookie {
	int generation;
}

memcg *next(memcg *root, memcg *prev, cookie *reclaim)
{
	slot *iter = slot_of(root, reclaim);

	if (iter->position)
		return NULL;
	iter->position = root;
	return root;
}

void break(memcg *root, memcg *prev)
{
}
";

/// All mistakes of a listing, one a line.
fn mistakes(text: &str) -> String {
    match compile_text(text, None) {
        Ok(_) => "none\n".into(),
        Err(LaneError::Compile(errors)) => {
            errors.iter().fold(String::new(), |all, e| format!("{all}{e}\n"))
        }
        Err(other) => format!("{other}\n"),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a snapshot is written in place")]
fn check(change: (&str, &str), expected: Expect) {
    assert!(GOOD.contains(change.0), "the sample has {:?}", change.0);
    expected.assert_eq(&mistakes(&GOOD.replace(change.0, change.1)));
}

#[test]
fn the_sample_is_sound() {
    assert_eq!(mistakes(GOOD), "none\n");
    assert_eq!(print(&parse(GOOD).listing), GOOD);
}

#[test]
fn unknown_names_come_with_the_nearest() {
    check(
        ("iter->position = root", "iter->positon = root"),
        expect![[r#"
        sample:19:2: a slot has no field `positon`; did you mean `position`?
    "#]],
    );
    check(
        ("if (iter->position)", "if (itr->position)"),
        expect![[r#"
            sample:17:6: there is no local `itr`; did you mean `iter`?
        "#]],
    );
    check(
        ("slot_of(root", "slotof(root"),
        expect![[r#"
            sample:15:15: there is no function `slotof`; did you mean `slot_of`?
        "#]],
    );
    check(
        ("core: bias", "core: bais"),
        expect![[r#"
            there is no core "bais"; did you mean "bias"?
        "#]],
    );
    check(
        ("slot per root {", "slot per root, nod {"),
        expect![[r#"
        sample:4:16: slots cannot be told apart by `nod`; did you mean `node`?
    "#]],
    );
}

#[test]
fn types_are_checked() {
    check(
        ("iter->position = root", "iter->position = 3"),
        expect![[r#"
        sample:19:19: expected `memcg *` here, this is `int`
    "#]],
    );
    check(
        ("iter->position = root", "iter->generation = NULL"),
        expect![[r#"
        sample:19:21: expected `int` here, this is `NULL`
    "#]],
    );
    check(
        ("\treturn root;", "\treturn iter;"),
        expect![[r#"
        sample:20:9: expected `memcg *` here, this is `slot *`
    "#]],
    );
    check(
        ("if (iter->position)", "if (put(root))"),
        expect![[r#"
        sample:17:6: this gives no value
    "#]],
    );
    check(
        ("iter->position = root", "root->parent = root"),
        expect![[r#"
        sample:19:2: `parent` changes only through list_add_tail_rcu and list_del_rcu
    "#]],
    );
}

#[test]
fn several_mistakes_are_told_at_once() {
    check(
        (
            "\tif (iter->position)\n\t\treturn NULL;\n",
            "\tif (iter->position\n\t\treturn;\n\tgoto out;\n\twhile (1 {\n\t}\n",
        ),
        expect![[r#"
            sample:18:3: expected `)` after the condition, found `return`
            sample:20:11: expected `)` after the condition, found `{`
            sample:19:2: `next` has no label `out`
        "#]],
    );
}

#[test]
fn calls_end() {
    check(
        (
            "void break(memcg *root, memcg *prev)\n{\n",
            "void break(memcg *root, memcg *prev)\n{\n\tbreak(root, prev);\n\tloop(root);\n}\n\nvoid loop(memcg *css)\n{\n\tloop(css);\n",
        ),
        expect![[r#"
            sample:25:7: expected `;` after `break`, found `(`
            sample:31:2: `loop` calls itself; write a loop
        "#]],
    );
}

#[test]
fn what_is_missing_is_said() {
    expect![[r#"
        there is no core ""
    "#]]
    .assert_eq(&mistakes(""));
    expect![[r#"
        x:1:1: a policy needs a function `next`
        x:1:1: a policy needs a function `break`
    "#]]
    .assert_eq(&mistakes("policy: x\ncore: bias\n"));
    expect![[r#"
        x:4:1: hooks and stages take one `memcg *`
        x:1:1: a policy needs a function `next`
        x:1:1: a policy needs a function `break`
    "#]]
    .assert_eq(&mistakes("policy: x\ncore: bias\n\nhook offlne(int x)\n{\n}\n"));
    let deep = format!(
        "policy: x\ncore: bias\n\nvoid break(memcg *a, memcg *b)\n{{\n{}}}\n",
        "if (a) ".repeat(10_000)
    );
    assert!(mistakes(&deep).contains("nest at most"), "{}", mistakes(&deep));
    let long = "x".repeat(300_000);
    assert!(mistakes(&format!("policy: x\ncore: bias\n\n{long}")).contains("at most 200000 bytes"));
}

/// Whatever is cut off, swapped or doubled in a listing: no panic, and print(parse(x)) is stable.
#[test]
fn damaged_listings_never_panic() {
    for entry in registry::policies() {
        let text = entry.text;
        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for step in (0..bounds.len()).step_by(37) {
            let at = bounds[step];
            let cut = &text[..at];
            let _ = compile_text(cut, None);
            let swapped = format!("{}{}", &text[at..], cut);
            let once = print(&parse(&swapped).listing);
            assert_eq!(print(&parse(&once).listing), once, "{} from {at}", entry.name);
            let mut without = text.to_string();
            without.remove(at);
            let _ = compile_text(&without, None);
        }
    }
}

/// Every function calls the one before it twice: 2^40 calls, if all were inlined.
#[test]
fn calls_of_calls_without_number_are_refused() {
    let mut text = GOOD.replace("{\n}\n", "{\n\tf40();\n}\n");
    text.push_str("\nvoid f0(void)\n{\n}\n");
    text.extend(
        (1..=40).map(|n| format!("\nvoid f{n}(void)\n{{\n\tf{0}();\n\tf{0}();\n}}\n", n - 1)),
    );
    let said = mistakes(&text);
    assert!(said.contains("inlined, this makes more than 20000 instructions"), "{said}");
}
