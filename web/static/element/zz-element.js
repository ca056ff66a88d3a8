// <memcg-playground>: a figure that is on a page anyway comes to life. docs/embedding.md describes it.
//
//   <script defer src="https://…/memcg-playground.js"></script>
//   <memcg-playground><figure><svg>…</svg><pre>…</pre></figure></memcg-playground>
//
// What stands inside the element is the figure for everybody whom the engine does not reach: it is left as it is, and comes back
// in print. The engine is asked for when the reader asks (or when="view"): figure.js beside this file, one for all figures of the
// page, each drawn in a shadow root of its own; or embed.html in a frame, where it is of another origin or `frame` says so. Where
// WebAssembly cannot be, memcg-player.js plays the steps that an author's tool has put beside the figure.
// It writes no style and no script into the page, keeps nothing and never moves the focus. No module, so that it also runs from a file.
// The last of the files of this folder: web/finish.sh joins them into memcg-playground.js, inside a function, and puts the version for
// every `?v=0`.

const VERSION = 1;
const HEIGHT_PX = 560;
const HEIGHT_PX_MAX = 1600;
const CONNECT_EVERY_MS = 1000;
const STATE_EVERY_MS = 100;
const FETCH_BYTES_MAX = 1 << 20;

class MemcgPlayground extends HTMLElement {
  static observedAttributes = ["theme", "step", "height"];
  #parts;
  #high = new CSSStyleSheet();
  #frame;
  #origin;
  /// A figure that is drawn in this page, by the engine or by the player.
  #figure;
  #isReady = false;
  /// How often it was started or stopped: what was begun before is of no interest.
  #turn = 0;
  #isAsked = false;
  #endings = [];

  connectedCallback() {
    figures.add(this);
    watchTheme();
    const root = this.getRootNode();
    if (!root.adoptedStyleSheets.includes(sheets.figure)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheets.figure];
    if (!this.#parts) this.#build();
    this.shade();
    // The parser may not have come to what is inside yet.
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.#look(), { once: true });
    else this.#look();
  }

  disconnectedCallback() {
    figures.delete(this);
    this.stop();
  }

  attributeChangedCallback(name) {
    if (!this.#parts) return;
    if (name === "theme") this.shade();
    if (name === "height") this.#size();
    if (name === "step" && this.#isReady) this.#goto();
  }

  /// Sends the figure a message of docs/embedding.md; false as long as there is none.
  send(type, more = {}) {
    if (!this.#isReady) return false;
    this.#post({ type, ...more });
    return true;
  }

  /// The figure as it is (docs/page-api.md); nothing for one in a frame, which answers messages, or one that is not alive.
  state() {
    return this.#isReady ? this.#figure?.state() : undefined;
  }

  /// Brings the engine. It answers by the events memcg-ready, memcg-state and memcg-failed.
  async start() {
    if (this.#isAsked) return;
    this.#isAsked = true;
    // Not disabled: the keyboard may be on it.
    this.#parts.button.textContent = "Wait no longer";
    this.#say("Loading the model…");
    const turn = ++this.#turn;
    try {
      const engine = this.#engine();
      const framed = this.hasAttribute("frame") || engine.origin !== new URL(HERE).origin;
      const none = engine.protocol === "file:" ? "browsers load no program from a file, as this page was" : !framed && whyNoWasm();
      if (none) return await this.#still(none, turn);
      const coming = framed || this.#coming(engine);
      const fragment = await this.#fragment();
      if (turn !== this.#turn) return;
      if (framed) this.#inFrame(engine, fragment);
      else await this.#inPage(await coming, fragment, turn);
    } catch (error) {
      if (turn === this.#turn) await this.#still(error.message, turn);
    }
  }

  /// Back to the figure as it came.
  stop() {
    this.#stop();
    const { button, stage } = this.#parts;
    delete stage.dataset.live;
    button.textContent = "Step through it";
    this.#say("");
  }

  shade() {
    const wanted = this.getAttribute("theme");
    const shade = wanted === "light" || wanted === "dark" ? wanted : shadeBehind(this);
    if (this.dataset.shade === shade) return;
    this.dataset.shade = shade;
    this.#post({ type: "theme", theme: shade });
  }

  #build() {
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheets.frame, this.#high];
    const button = make("button", { type: "button", textContent: "Step through it" }, { part: "button" });
    const parts = {
      stage: make("div", { className: "stage" }, { part: "stage" }),
      caption: make("p", {}, { part: "caption" }),
      bar: make("div", { className: "bar" }, { part: "bar" }),
      button,
      status: make("span", {}, { role: "status" }),
      why: make("p", { className: "why" }, { part: "why", role: "status" }),
    };
    button.addEventListener("click", () => (this.#isAsked ? this.stop() : this.start()));
    parts.stage.append(make("slot"));
    parts.bar.append(button, parts.status);
    shadow.append(parts.stage, parts.caption, parts.bar, parts.why);
    this.#parts = parts;
    this.#size();
  }

  /// Looks at what is inside, once it is there.
  #look() {
    if (!this.isConnected) return;
    const inside = this.querySelector("figcaption")?.textContent.trim();
    const { caption } = this.#parts;
    caption.textContent = this.getAttribute("caption") || inside || "";
    // A caption inside is hidden with the figure, so its twin is shown in its place.
    caption.classList.toggle("twin", Boolean(inside));
    if (this.getAttribute("alt")) {
      for (const svg of this.querySelectorAll("svg[role=img]")) svg.setAttribute("aria-label", this.getAttribute("alt"));
    }
    for (const svg of this.querySelectorAll("svg[viewBox]")) {
      // As wide as it was drawn; without this program it is as wide as the page, for it cannot be scrolled there.
      svg.setAttribute("width", svg.viewBox.baseVal.width);
    }
    for (const part of this.querySelectorAll(".memcg-figure, pre")) {
      // What is scrolled can be scrolled by keys as well.
      if (!part.hasAttribute("tabindex")) part.tabIndex = 0;
    }
    if (this.getAttribute("when") === "view" && !this.#isAsked) {
      const observer = new IntersectionObserver((seen) => {
        if (!seen.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        this.start();
      }, { rootMargin: "200px" });
      observer.observe(this);
      this.#endings.push(() => observer.disconnect());
    }
  }

  #name() {
    return this.getAttribute("alt") || this.getAttribute("caption") || this.querySelector("figcaption, svg title")?.textContent.trim() || "memcg playground";
  }

  /// The engine's page; the folder it is in holds the others of its files.
  #engine() {
    const src = this.getAttribute("src") ?? "";
    const [address, anchor = ""] = src.split("#");
    const beside = this.getAttribute("engine") ?? (isLink(anchor) && address ? new URL(".", new URL(address, document.baseURI)).href : HERE);
    const engine = new URL("embed.html", new URL(beside, document.baseURI));
    if (!/^(https?|file):$/.test(engine.protocol)) throw new Error(`the playground cannot be at ${engine.protocol}`);
    return engine;
  }

  /// The link to what is shown, without its `#`.
  async #fragment() {
    const src = (this.getAttribute("src") ?? "").trim();
    const anchor = src.includes("#") ? src.slice(src.indexOf("#") + 1) : src;
    if (isLink(anchor)) return anchor;
    const how = {
      policies: (this.getAttribute("policy") ?? "").split(",").map((name) => name.trim()).filter(Boolean),
      step: this.#step(),
      flag: { steppable: "step", editable: "edit" }[this.getAttribute("mode")],
    };
    if (src) {
      const from = new URL(src, document.baseURI);
      if (from.origin !== location.origin) throw new Error(`a scenario is only loaded from this page's own origin, not from ${from.origin}`);
      const answer = await fetch(from).catch((error) => { throw new Error(`${from.pathname} could not be loaded: ${error.message}`); });
      if (!answer.ok) throw new Error(`${from.pathname} could not be loaded: ${answer.status}`);
      const text = await answer.text();
      if (text.length > FETCH_BYTES_MAX) throw new Error(`${from.pathname} is too long for a figure`);
      return linkOf(text, how);
    }
    const inside = this.querySelector('script[type="text/x-memcg"], .memcg-scenario');
    if (inside) return linkOf(inside.textContent, how);
    // Every figure of ours holds its scenario; a parser of HTML makes one name of prefix and name.
    const held = [...this.querySelectorAll("svg metadata *")].find((element) => element.nodeName === "memcg:scenario");
    if (!held) throw new Error("it names no scenario: neither src, nor a text or a figure of ours inside");
    if (held.getAttribute("link") && !how.policies.length) return held.getAttribute("link");
    return linkOf(held.textContent, { ...how, step: this.hasAttribute("step") ? how.step : Number(held.getAttribute("cursor")) || 0 });
  }

  #step() {
    const step = Number(this.getAttribute("step") ?? 0);
    return Number.isInteger(step) && step >= 0 ? step : 0;
  }

  #goto() {
    if (this.hasAttribute("step")) this.#post({ type: "goto", step: this.#step() });
  }

  #size(natural) {
    const asked = this.getAttribute("height");
    const px = Math.min(Math.max(Number.parseInt(asked, 10) || natural || HEIGHT_PX, 120), HEIGHT_PX_MAX);
    // Neither a style element nor an attribute: no policy on styles speaks of it.
    this.#high.replaceSync(`.live { height: ${px}px; }`);
  }

  /// An element for a figure in the page, in a shadow root of its own: no style of the page is in it.
  #box(name) {
    const box = make("div", { className: "live" }, { role: "group", "aria-label": this.#name() });
    const root = make("div", { className: name }, { "data-theme": this.dataset.shade });
    box.attachShadow({ mode: "open" }).append(root);
    this.#parts.stage.append(box);
    this.#endings.push(() => box.remove());
    return root;
  }

  /// The parts of the engine, all asked for at once.
  #coming(engine) {
    const root = this.#box("figure-root");
    const link = make("link", { rel: "stylesheet", href: new URL("figure.css?v=0", engine).href });
    const styled = new Promise((done, failed) => {
      link.onload = done;
      link.onerror = () => failed(new Error("its style sheet did not come"));
    });
    root.before(link);
    const coming = Promise.all([engineAt(engine.href), styled]).then(([{ mount }]) => ({ mount, root, engine }));
    // Whoever awaits it hears of it; nobody may.
    coming.catch(() => {});
    return coming;
  }

  async #inPage({ mount, root, engine }, fragment, turn) {
    const wanted = { fragment, theme: this.dataset.shade, mode: this.getAttribute("mode") ?? undefined };
    const stopped = (why) => {
      engines.delete(engine.href);
      this.#fail(why);
    };
    const figure = await mount(root, wanted, () => this.#later(), stopped);
    if (turn !== this.#turn) return figure.end();
    this.#figure = figure;
    this.#endings.push(() => figure.end());
    this.#ready({ height: figure.height(), state: figure.state() });
  }

  /// Without an engine: what was recorded, if it is in the page, and why no more.
  async #still(why, turn) {
    const data = this.querySelector(".memcg-steps");
    if (!data) return this.#fail(why);
    try {
      const folder = this.#engine().href;
      const play = await playerAt(folder);
      if (turn !== this.#turn) return;
      this.#unbox();
      const root = this.#box("player");
      root.getRootNode().adoptedStyleSheets = [sheets.dark];
      this.#figure = play(root, JSON.parse(data.textContent), () => this.#later());
      const at = this.querySelector("svg metadata [cursor]")?.getAttribute("cursor");
      this.#figure.goto(this.hasAttribute("step") || !at ? this.#step() : Number(at));
      this.#endings.push(this.#figure.end);
      this.#ready({ height: this.#figure.height(), state: this.#figure.state() });
      this.#say(`Only what was recorded can be played: ${tidy(why)}.`, "why");
    } catch {
      if (turn === this.#turn) this.#fail(why);
    }
  }

  #waits = false;
  #told = "";
  #later() {
    if (this.#waits || !this.#isReady) return;
    this.#waits = true;
    setTimeout(() => {
      this.#waits = false;
      if (this.#isReady && this.#figure) this.#tell();
    }, STATE_EVERY_MS);
  }

  #tell(always) {
    const { title, cursor, nMoves, branch, playing, sentence, lanes } = this.#figure.state();
    const state = { title, cursor, nMoves, branch, playing, sentence, lanes: lanes.map(({ lane, counters, fault }) => ({ lane, counters, fault })) };
    const text = JSON.stringify(state);
    if (always || text !== this.#told) this.#hear({ type: "state", state });
    this.#told = text;
  }

  #inFrame(engine, fragment) {
    this.#origin = engine.origin;
    this.#listen(engine);
    this.#frame = make("iframe", { title: this.#name(), referrerPolicy: "no-referrer", className: "live" });
    this.#frame.src = `${engine.href}#${fragment}`;
    this.#parts.stage.append(this.#frame);
  }

  #listen(engine) {
    const refused = (event) => {
      if (event.blockedURI.startsWith(engine.origin) && /^(frame|child|default)-src/.test(event.effectiveDirective)) {
        this.#still(`this page's security policy does not allow it (frame-src ${engine.origin})`, this.#turn);
      }
    };
    const heard = (event) => {
      if (event.source === this.#frame?.contentWindow && event.origin === this.#origin && event.data?.memcg === VERSION) this.#hear(event.data);
    };
    const listen = (target, type, act) => {
      target.addEventListener(type, act);
      this.#endings.push(() => target.removeEventListener(type, act));
    };
    listen(document, "securitypolicyviolation", refused);
    listen(window, "message", heard);
    // The document in the frame listens before its load event; one that is not ours never answers.
    let n_asked = 0;
    const timer = setInterval(() => this.#frame && "loaded" in this.#frame.dataset && ask(), CONNECT_EVERY_MS);
    const ask = () => {
      if (this.#isReady || "heard" in this.#frame.dataset) return clearInterval(timer);
      if (n_asked++ > 3) {
        // An answer that comes later is welcome all the same.
        this.#say(`The figure stays as it is: ${engine.host} does not answer. It may be out of reach, or this browser offline.`, "why");
      }
      this.#post({ type: "connect", theme: this.dataset.shade });
    };
    this.#endings.push(() => clearInterval(timer));
    queueMicrotask(() => this.#frame?.addEventListener("load", (event) => {
      event.target.dataset.loaded = "";
      ask();
    }));
  }

  #post(message) {
    if (this.#figure) return this.#act(message);
    try {
      this.#frame?.contentWindow?.postMessage({ memcg: VERSION, ...message }, this.#origin);
    } catch { /* A frame that shows an error has another origin, and no ears. */ }
  }

  /// The same messages, to a figure in the page.
  #act({ type, text, step, on, theme }) {
    const figure = this.#figure;
    if (type === "theme") return figure.theme(theme);
    if (type === "load" && figure.load) figure.load(String(text));
    else if (type === "goto" && Number.isInteger(step) && step >= 0) figure.goto(step);
    else if (type === "play") figure.play(on === true);
    else if (type !== "state") return console.warn(`memcg-playground: ${String(type)} is not possible here`);
    this.#tell(true);
  }

  #hear(message) {
    if (this.#frame) this.#frame.dataset.heard = "";
    if (message.type === "loading") this.#say("Loading the model…");
    if (message.type === "ready") this.#ready(message);
    if (message.type === "failed") this.#still(message.why, this.#turn);
    if (message.type === "state") this.dispatchEvent(new CustomEvent("memcg-state", { detail: message.state, bubbles: true }));
    if (message.type === "refused") console.warn(`memcg-playground: ${String(message.of)}: ${String(message.why)}`);
  }

  #ready(message) {
    this.#isReady = true;
    if (this.getAttribute("height") === "auto") this.#size(Math.round(Number(message.height)) || 0);
    this.#goto();
    const { button, stage } = this.#parts;
    stage.dataset.live = "";
    button.textContent = "Show the figure again";
    this.#say("");
    this.dispatchEvent(new CustomEvent("memcg-ready", { detail: message.state, bubbles: true }));
  }

  #fail(why) {
    this.stop();
    this.#parts.button.textContent = "Try again";
    this.#say(`The figure stays as it is: ${tidy(why)}.`, "why");
    this.dispatchEvent(new CustomEvent("memcg-failed", { detail: String(why), bubbles: true }));
  }

  #say(words, where = "status") {
    for (const part of ["status", "why"]) this.#parts[part].textContent = part === where ? words : "";
  }

  #unbox() {
    for (const end of this.#endings.splice(0)) end();
    this.#figure = undefined;
    this.#frame?.remove();
    this.#frame = undefined;
    this.#isReady = false;
  }

  #stop() {
    this.#unbox();
    this.#turn++;
    this.#isAsked = false;
  }
}

const tidy = (why) => String(why).replace(/\.$/, "").slice(0, 400);

customElements.define("memcg-playground", MemcgPlayground);
