// The tests of figures in other people's pages in one process, so that they share one browser. Called by `cargo xtask test --only docs`.

import "./docs.test.mjs";
import "./docs-page.test.mjs";
import "./docs-file.test.mjs";
import "./docs-drop.test.mjs";
