// Styles of the element, and what it is made of. The files of this folder are joined by web/finish.sh into
// memcg-playground.js, inside a function.

// What memcg_render::Theme::Auto puts into a figure's own style element, which a strict policy does not allow: a test compares them.
const DARK = ".mg{fill:#14171b;}.mi{fill:#e8ebef;}.mm{fill:#a3adb8;}.mo{fill:#14171b;stroke:#e8ebef;}.mr{stroke:#5c6672;}.mh{stroke:#262c33;}.mp{fill:#7db4f5;}.mq{fill:#0e1217;}.mt{fill:#1b2c42;stroke:#7db4f5;}.mu{fill:#cfe3fb;}.mb{fill:#ff8a80;}.mw{fill:#ffb068;}.md{fill:#1c2127;}.mv{fill:#5f7591;}.mc{stroke:#e8ebef;}";

const FIGURE = `
memcg-playground { display: block; margin: 1em 0; }
memcg-playground figure { margin: 0; }
memcg-playground svg { display: block; height: auto; max-width: 100%; }
memcg-playground .memcg-figure { overflow-x: auto; }
memcg-playground pre { overflow-x: auto; max-width: 100%; }
@media (max-width: 40rem) { memcg-playground .memcg-figure svg { min-width: 34rem; } }
@media not print { ${DARK.replaceAll(".m", 'memcg-playground[data-shade="dark"] .m')} }`;

const FRAME = `
:host { display: block; }
:host([hidden]) { display: none; }
.stage { position: relative; }
.stage[data-live] slot { display: none; }
.live { display: block; box-sizing: border-box; width: 100%; border: 1px solid; border-color: color-mix(in srgb, currentColor 30%, transparent); border-radius: 6px; overflow: hidden; }
.stage:not([data-live]) .live { position: absolute; inset: 0 0 auto; visibility: hidden; pointer-events: none; }
.stage:not([data-live]) ~ .twin { display: none; }
.bar { display: flex; flex-wrap: wrap; gap: .5em 1em; align-items: center; margin: .5em 0; font-size: .9em; }
.bar:empty, p:empty { display: none; }
button { font: inherit; color: inherit; background: none; border: 1px solid; border-radius: 6px; padding: .35em .9em; min-height: 2.2em; cursor: pointer; }
button:focus-visible { outline: 2px solid; outline-offset: 2px; }
a { color: inherit; }
p { margin: .3em 0; overflow-wrap: anywhere; }
.why { font-size: .9em; padding-left: .7em; border-left: 3px solid; border-color: color-mix(in srgb, currentColor 40%, transparent); }
@media print { .stage slot { display: block !important; } .live, .bar, .twin { display: none !important; } }`;

/// A sheet by its rules: made once, however many figures there are. No policy on styles speaks of these.
const sheet = (rules) => {
  const made = new CSSStyleSheet();
  made.replaceSync(rules);
  return made;
};
const sheets = { figure: sheet(FIGURE), frame: sheet(FRAME), dark: sheet(DARK.replaceAll(".m", '[data-theme="dark"] .m')) };

const make = (name, properties = {}, attributes = {}) => {
  const element = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
