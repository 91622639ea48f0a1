/* The run widget, in JupyterLab and on pages without a kernel. run_views/widget.py says what there is to see; this draws it, and
   tells the kernel what a person does. Text goes in as text; markup only from views/. */
const SVG = "http://www.w3.org/2000/svg", MOST = 5000, FLOOD = 1500, BLOCK = 50, NONE = {};
const chosen = new Map(); // by run what its reader chose: JupyterLab makes views anew at any time
let words = NONE; // icons, verbs and the like: the same for every run

/* A tree that is compared with what stands: what did not change is not touched, so focus, selection and scroll stay.
   h("p.pk-meta", {title}, kids ...): properties may be left out; kids that change order need a `key`. */
const blank = (x) => x === null || x === undefined || x === false || x === "";
function h(name, p, ...kids) {
  if (p === null || typeof p !== "object" || p.k || Array.isArray(p)) { kids.unshift(p); p = NONE; }
  const [t, ...names] = name.split("."), k = [];
  if (names.length) p = { ...p, class: [...names, p.class || []].flat(2).join(" ") };
  kids.forEach((kid, i) => [].concat(kid).forEach((x, j) => {
    if (blank(x)) return;
    const v = x.k ? x : { t: "", p: NONE, k: [], text: String(x) };
    v.key = `${i}.${v.p.key ?? j}${v.t}`;
    k.push(v);
  }));
  return { t, p, k };
}
const s = (...all) => ({ ...h(...all), svg: true });
const from = (x) => !Array.isArray(x) ? x : x[0] === "icon" ? icon(x[1].state) : h(x[0], x[1], ...x.slice(2).map(from));
function grow(v) {
  v.d = v.t ? v.svg ? document.createElementNS(SVG, v.t) : document.createElement(v.t) : document.createTextNode(v.text);
  dress(v.d, NONE, v.p);
  if (v.t) fit(v.d, [], v.k);
  return v.d;
}
function dress(d, was, now) {
  for (const k in { ...was, ...now }) {
    const x = now[k];
    if (was[k] === x || k === "key") continue;
    if (k === "style") d.style.cssText = x || "";
    else if (k === "html") d.innerHTML = x;
    else if (k === "own") d.append(x);
    else if (blank(x)) d.removeAttribute(k);
    else d.setAttribute(k, x === true ? "" : x);
  }
}
function fit(parent, was, now) {
  const old = new Map(was.map((v) => [v.key, v]));
  now.forEach((v) => {
    const o = old.get(v.key);
    if (!o) return;
    old.delete(v.key);
    v.d = o.d;
    if (v.t) { dress(v.d, o.p, v.p); fit(v.d, o.k, v.k); } else if (v.text !== o.text) v.d.data = v.text;
  });
  old.forEach((v) => v.d.remove());
  now.forEach((v, i) => {
    const d = v.d || grow(v);
    if (parent.childNodes[i] !== d) parent.insertBefore(d, parent.childNodes[i] || null);
  });
}

const clock = () => performance.now();
const art = (state) => `pk-${words.same[state] || state}`;
const icon = (state) => s("svg.pk-i", { class: art(state), "aria-hidden": "true" }, s("use", { href: "#" + art(state) }));
const many = (n, one) => `${n.toLocaleString("en")}\u00a0${one}${n === 1 ? "" : "s"}`;
const plain = (body) => typeof body === "string" ? body : body.map((p) => p[1]).join("");
function duration(t) {
  const n = Math.round(t), pad = (x) => String(x | 0).padStart(2, "0");
  return t < 9.95 ? `${Math.max(0, t).toFixed(1)}s` : n < 60 ? `${n}s` : n < 3600 ? `${n / 60 | 0}m\u00a0${pad(n % 60)}s` : `${n / 3600 | 0}h\u00a0${pad(n % 3600 / 60)}m`;
}
function sprite() {
  if (document.getElementById("pk-success")) return;
  document.body.append(grow(s("svg.pk-sprite", { "aria-hidden": "true", width: 0, height: 0 }, Object.entries(words.icons).map(([name, parts]) =>
    s("symbol", { id: `pk-${name}`, viewBox: "0 0 16 16" }, parts.map(([kind, d, dashes]) => s("path", { class: `pk-${kind}`, d, "stroke-dasharray": dashes })))))));
}

/* The log: drawn ten times a second, at most MOST lines; it follows only a reader at its end. */
function Log(said) {
  const el = grow(h("div.pk-log", { role: "log", "aria-live": "off", "aria-label": "log", tabindex: 0 }));
  let waiting = [], frame = 0, last = 0, count = 0, fold = null, block = null, room = 0;
  const log = { el, more: false, last: 0, end: true, live: true };
  const part = (name, text, kind) => { const d = document.createElement(name); if (kind) d.className = kind; d.textContent = text; return d; };
  function line([n, , seconds, body, , marks]) {
    const row = part("div", "", `pk-line${marks.includes("d") ? " pk-hit" : ""}${marks.includes("r") ? " pk-runner" : ""}`), text = part("span", typeof body === "string" ? body : "");
    row.dataset.n = n;
    if (typeof body !== "string") text.append(...body.map(([kind, x]) => part("span", x, kind)));
    if (marks.includes("c")) text.append(part("em", " … the rest of this line is in the whole log", "pk-meta"));
    row.append(part("a", n), part("time", seconds === null ? "" : `+${seconds.toFixed(1)}s`), text);
    return row;
  }
  function put(l) {
    const group = l[4];
    if (group !== (fold ? fold.group : "")) {
      block = null;
      fold = group ? { group, size: 0, begun: l[2], time: h("span.pk-num", " ") } : null;
      if (fold) el.append(fold.box = grow(h("details.pk-fold.pk-group", h("summary", h("b", group), fold.time))));
    }
    if (!block || !room) { (fold ? fold.box : el).append(block = part("div", "", "pk-block")); room = BLOCK; }
    block.append(line(l));
    room--; count++;
    if (!fold) return;
    fold.size++;
    if (l[5].includes("d")) fold.box.open = true;
    fold.time.d.textContent = fold.begun === null ? many(fold.size, "line") : duration(l[2] - fold.begun);
  }
  function trim() {
    for (let top; count > MOST && (top = el.querySelector(".pk-block")) && top !== block;) {
      count -= top.childElementCount;
      if (!log.more) { log.more = true; said(); }
      const box = top.parentElement;
      top.remove();
      if (box !== el && !box.querySelector(".pk-block")) box.remove();
    }
  }
  function flush() {
    frame = 0; last = clock();
    if (log.end && waiting.length > FLOOD) { log.show(waiting.slice(-FLOOD), 0, true); return; }
    waiting.slice(-MOST).forEach(put);
    waiting = [];
    trim();
    if (log.end) el.scrollTop = el.scrollHeight;
  }
  log.add = (lines) => {
    if (log.live) for (const l of lines) if (l[0] > log.last) { waiting.push(l); log.last = l[0]; }
    if (waiting.length) frame ||= setTimeout(requestAnimationFrame, last + 100 - clock(), flush);
  };
  log.show = (lines, at, more) => {
    clearTimeout(frame);
    frame = count = log.last = 0; waiting = []; block = fold = null; log.end = log.live = !at; log.more = !!more;
    el.replaceChildren();
    lines.forEach(put);
    if (lines.length) log.last = lines[lines.length - 1][0];
    trim();
    const row = at && el.querySelector(`[data-n="${at}"]`);
    if (row) { row.classList.add("pk-at"); const box = row.closest("details"); if (box) box.open = true; row.scrollIntoView({ block: "center" }); } else el.scrollTop = el.scrollHeight;
    said();
  };
  el.addEventListener("scroll", () => { const end = el.scrollHeight - el.scrollTop - el.clientHeight < 24; if (end !== log.end) { log.end = end; said(); } }, { passive: true });
  return log;
}

/* Pictures of what there is to see. */
const aim = (act, on) => ({ "data-do": act, tabindex: on ? 0 : -1, "aria-current": on && "true" });
const timed = (see, t) => typeof t === "number" ? duration(see.now - t) : t;
function graph({ shape, state, still, job: mine, ...see }) {
  const [w, high] = shape.size, path = new Set(state.path.map((i) => shape.jobs[i].id)), ahead = state.at && !state.doing ? shape.legs[state.at[0]][1] : -1;
  const look = Object.fromEntries(shape.jobs.map((job, i) => [job.id, state.jobs[i].state]));
  const edges = shape.edges.map(([a, b, d, on = path.has(a) && path.has(b)]) => [on, s("path.pk-edge", { key: a + ">" + b, d, class: [on ? "pk-crit" : [], ["queued", "skipped"].includes(look[b]) ? "pk-dash" : []] })]);
  const nodes = [], list = [];
  shape.jobs.forEach((job, i) => {
    const now = state.jobs[i], [x, y, wide, tall] = job.box, time = timed(see, now.time), next = i === ahead && now.state === "queued", kind = next ? "pk-next" : [], says = [now.word, time, now.stop && "breakpoint", next && "next"].filter(Boolean);
    const props = aim(`job:${i}`, i === mine), label = `${job.id}: ${says.join(", ")}`;
    nodes.push(s("g.pk-node", { ...props, key: job.id, class: [art(now.state), kind], role: "button", "aria-label": label }, s("title", label),
      s("rect.pk-box", { x, y, width: wide, height: tall, rx: 8 }),
      now.usual && s("rect.pk-progress", { x: x + 8, y: y + tall - 4, width: (wide - 16) * Math.min(1, Math.max(0, (see.now - now.time) / now.usual)), height: 2 }),
      s("use", { href: "#" + art(now.state), x: x + 12, y: y + 8, width: 16, height: 16 }),
      s("text.pk-name", { x: x + 36, y: y + 21 }, job.name), s("text.pk-sub", { x: x + 36, y: y + 38 }, now.word), s("text.pk-sub.pk-end", { x: x + wide - 12, y: y + 38 }, time),
      (now.marks || []).map((row, j) => s("g", { transform: `translate(${x + 12} ${y + 50 + 22 * j})` }, row.map(([kind, d]) => s("path", { class: kind, d })))),
      !still && s("circle.pk-stop-at", { cx: x, cy: y + 24, r: 12, "data-do": `stop:${job.id}` }, s("title", "breakpoint (b)")),
      now.stop && s("circle.pk-stop", { cx: x, cy: y + 24, r: 5 })));
    list.push(h("li", { key: job.id }, h("button.pk-plain", { ...props, class: kind }, icon(now.state), h("b", job.id), h("span", says.join(" · ")), h("small", job.needs))));
  });
  return h("div.pk-graph.pk-rove", s("svg", { viewBox: `-6 0 ${w + 8} ${high}`, style: `max-width:${w + 8}px`, role: "group", "aria-label": "job graph" }, edges.sort((a, b) => a[0] - b[0]).map((e) => e[1]), nodes), h("ol.pk-graph-list", list));
}
function waterfall(see) {
  const { shape, state } = see, rows = state.bars.map(([leg, crit, parts]) => {
    const [look, time] = state.legs[leg], last = look === "running" ? parts.length - 1 : -1;
    return { leg, crit, look, time, parts: parts.map(([kind, start, size], i) => [kind, start, i === last ? size + see.now - state.now : size]) };
  });
  const total = Math.max(.1, ...rows.flatMap((r) => r.parts.map((p) => p[1] + p[2]))), step = words.ticks.find((t) => total / t <= 8) || total / 8, at = (x) => `${(100 * x / total).toFixed(2)}%`, ticks = [];
  for (let t = 0, i = 0; t <= .92 * total; t = ++i * step) ticks.push(h("i", { style: `left:${at(t)}` }, !i ? "0" : t >= 1 && t < 60 ? `${t}s` : duration(t)));
  return [h("p.pk-key", state.key.map((k) => h("span", { key: k }, h(`i.k-${k}`), words.parts[k]))),
    h("div.pk-wf.pk-rove", h("div.pk-wf-row.pk-wf-axis", h("span"), h("span.pk-wf-track", ticks), h("span")), rows.map(({ leg, crit, look, time, parts }) => h("div.pk-wf-row", { key: leg, class: [art(look), crit ? "pk-crit" : []] },
      h("button.pk-wf-name.pk-plain", { ...aim(`leg:${leg}`, leg === see.leg), title: `${shape.legs[leg][0]}: ${look}` }, icon(look), h("span", shape.legs[leg][0])),
      h("span.pk-wf-track", { style: `--pk-step:${at(step)}` }, parts.map(([kind, start, size]) => h(`i.pk-wf-${kind}`, { style: `left:${at(start)};width:max(2px,${at(size)})`, title: `${words.parts[kind]} ${duration(size)}` }))), h("span.pk-num", timed(see, time)))))];
}
function matrix(see) {
  const { corner, columns, rows } = see.grid;
  const cell = (i) => {
    if (i === null) return h("td.pk-none");
    const [look, t] = see.state.legs[i], time = timed(see, t), label = `${see.shape.legs[i][0]}: ${look}${time && ", " + time}`;
    return h("td", { class: art(look) }, h("button", { ...aim(`leg:${i}`, i === see.leg), "aria-label": label, title: label }, icon(look), h("span", time || look)));
  };
  return h("div.pk-scroll.pk-rove", h("table.pk-matrix", h("thead", h("tr", h("th", { scope: "col" }, corner), columns.map((c) => h("th", { scope: "col" }, c)))),
    h("tbody", rows.map(([name, cells]) => h("tr", h("th", { scope: "row" }, name), cells.map(cell))))));
}

function render({ model, el }) {
  const still = !!model.still, view = Math.random().toString(36).slice(2), get = (k) => model.get(k) || NONE, ui = { ...chosen.get(get("state").id) };
  let alive = false, gone, late, pressed, ours, held, got = clock(), tree = [], frame = 0, asked = "", wait, found, file, shell, whole, see = NONE, state = NONE, shape = NONE, story = NONE;
  const later = () => { frame ||= requestAnimationFrame(draw); }, send = (op, more) => { if (!still) model.send({ op, view, ...more }); };
  const log = Log(later), box = grow(h("div.pk.pk-run", { tabindex: -1, "data-lm-suppress-shortcuts": true }));
  const kept = () => get("tail")[see.name] || [], input = (name) => box.querySelector(`input[name=${name}]`);

  /* What is chosen: by the reader, else what matters. A reader who is inside is not led elsewhere. */
  function look() {
    state = get("state"); shape = get("shape");
    const legs = shape.legs || [], inside = box.querySelector(".pk-run-body :focus"), wanted = ui.tab || (inside ? see.tab : state.tab);
    const picked = legs.findIndex((l) => l[0] === (ui.leg || (inside && see.name))), leg = picked < 0 ? state.focus ?? 0 : picked, [name, job] = legs[leg] || [];
    story = get("legs")[name] || { steps: [], why: NONE, panels: [] };
    const auto = name === see.name && !log.end ? see.step : story.step, step = story.steps.some((x) => x[0] === ui.step) ? ui.step : auto;
    const goes = alive && typeof state.clock === "number", now = (state.now || 0) + (goes ? (clock() - got) / 1000 : 0);
    const grid = shape.grids?.find((g) => g.job === shape.jobs[job].id), ahead = !state.doing && state.at?.[0] === leg ? state.at[1] : null;
    const tabs = [["log", "Log"], grid && ["matrix", "Matrix"], state.bars?.length && ["waterfall", "Waterfall"], ...story.panels].filter(Boolean);
    see = { state, shape, leg, name, job, step, goes, now, grid, ahead, tabs, still, tab: tabs.some((t) => t[0] === wanted) ? wanted : "log" };
  }
  /* Its lines at hand, with those of all that it brought. */
  function mine() {
    const all = story.steps, at = all.findIndex((x) => x[0] === see.step), inside = new Set([see.step]);
    for (let i = at + 1; at >= 0 && i < all.length && all[i][1] > all[at][1]; i++) inside.add(all[i][0]);
    return kept().filter((l) => inside.has(l[1]));
  }
  function follow() {
    const key = `${see.name}/${see.step}`;
    if (key === asked) return;
    asked = key; found = null;
    log.show(mine());
    send("watch", { leg: see.name, step: see.step });
  }

  const can = (verb) => alive && !pressed && state.can.includes(verb);
  const head = () => h("header.pk-run-head", icon(state.state), h("b", state.title), h("span.pk-run-says", { role: "status", title: state.says }, state.says), h("span.pk-num.pk-run-clock", timed(see, state.clock)));
  const bar = () => h("div.pk-run-bar", { role: "toolbar", "aria-label": "run" }, words.verbs.map(([verb, name, key]) => verb ? h("button.pk-btn", { class: verb === state.likely ? "pk-main" : [], "data-do": `verb:${verb}`, "aria-disabled": !can(verb) && "true", "aria-keyshortcuts": key },
    state.names[verb] || name, h("kbd", key)) : h("i")), h("code.pk-meta.pk-run-beat", gone && !alive ? "no kernel: run the cell again" : story.place));
  const line = () => shell && state.at && h("div.pk-run-shell", h("label", "$", h("input", { name: "shell", autocomplete: "off", placeholder: `command in ${see.shape.legs[(see.state.at || [see.leg])[0]][0]}` })), shell.lines && h("pre.pk-log", { tabindex: 0 }, shell.lines.join("\n")));
  const steps = () => h("div.pk-run-side", h("p.pk-run-leg", see.name, h("small", story.says)), h("ol.pk-steps.pk-rove", story.steps.map(([n, depth, name, look, t, stop]) =>
    h("li", { key: n, class: art(look) }, h("button", { ...aim(`step:${n}`, n === see.step), class: n === see.ahead && "pk-next", style: depth && `padding-left:${8 + 16 * depth}px`,
      title: `${name}: ${look}${n === see.ahead ? ", next" : ""}${stop ? ", breakpoint" : ""}` }, icon(look), h("b", name, stop && h("i.pk-dot")), h("span.pk-num", timed(see, t)))))));
  function hits() {
    const word = new RegExp(`(${found.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")})`, "i"), marked = (text) => text.split(word).map((x, i) => i % 2 ? h("mark", x) : x);
    return h("div.pk-log.pk-found", { tabindex: 0 }, found.lines.map(([n, , seconds, body]) => h("div.pk-line", { key: n }, h("button.pk-plain", { "data-do": `at:${see.leg}:${n}` }, n), h("time", seconds === null ? "" : `+${seconds.toFixed(1)}s`), h("span", marked(plain(body))))));
  }
  function logs() {
    const total = story.lines || 0, named = `whole log, ${many(total, "line")}`, link = get("files")[see.name], here = see.ahead === see.step, next = (here || (see.ahead !== null && !ui.step && state.likely === "step")) && state.upcoming, act = (what, name) => h("button.pk-plain.pk-link", { "data-do": what + ":" }, name);
    return [state.failures.map(from), h("pre.pk-why", !here && story.why[see.step]), from(next), !here && h("div.pk-tools", h("input", { type: "search", name: "find", placeholder: "Find in the log" }), h("span.pk-meta", { role: "status" }, found && many(found.total, "line")),
      !found && alive && log.more && act("before", "earlier"), !found && !(log.end && log.live) && act("end", "to the end"), total > 0 && (link ? h("a.pk-meta", { href: link }, named) : alive && act("whole", whole ? "fetching" : named))),
      found && hits(), h("div.pk-run-log", { hidden: !!(found || here), own: log.el })];
  }
  function draw() {
    frame = 0;
    look();
    const panels = { matrix, waterfall }, panel = story.panels.find((p) => p[0] === see.tab);
    const now = h("div", ...(state.title ? [head(), !still && bar(), state.trouble && h("p.pk-run-trouble", { role: "alert" }, state.trouble), line(), graph(see), h("div.pk-run-body", steps(), h("div.pk-run-main",
      h("div.pk-tabs.pk-rove", { role: "tablist" }, see.tabs.map(([id, name]) => h("button", { key: id, role: "tab", id: `${view}-${id}`, "data-do": `tab:${id}`, tabindex: id === see.tab ? 0 : -1, "aria-selected": String(id === see.tab), "aria-controls": view }, name))),
      h("div.pk-panel", { role: "tabpanel", id: view, "aria-labelledby": `${view}-${see.tab}` }, h("div", { hidden: see.tab !== "log" }, ...logs()), see.tab !== "log" && h("div", { key: see.tab }, panel ? [from(panel[2]), see.tab === "files" && file && from(file)] : panels[see.tab](see))))),
    ] : [h("p.pk-empty", "No run yet. Press ▶ in this cell, or call ", h("code", 'pk.start("ci.yml")'), ".")])).k;
    fit(box, tree, now);
    tree = now;
    if (!state.title) return;
    follow();
    if (log.end && see.tab === "log") log.el.scrollTop = log.el.scrollHeight;
  }

  /* What a reader does. */
  const target = () => shape.jobs[see.job].legs.length > 1 ? see.name : shape.jobs[see.job].id, pick = (i) => { ui.leg = shape.legs[i][0]; ui.step = file = null; };
  const acts = {
    job(i) { const { legs } = shape.jobs[i]; pick(legs.find((l) => state.legs[l][0] === state.jobs[i].state) ?? legs[0]); if (legs.length > 1) ui.tab = "matrix"; },
    leg(i) { pick(i); if (see.tab !== "waterfall") ui.tab = "log"; },
    step(n) { ui.leg = see.name; ui.step = +n; ui.tab = "log"; },
    tab(id) { ui.tab = id; },
    stop(where) { if (alive) send("stop", { where }); },
    verb(verb) {
      if (!can(verb)) return;
      if (verb === "shell") { shell ||= NONE; draw(); input("shell").focus(); return; }
      const waits = state.legs[see.leg][0] === "queued" && see.leg !== state.at?.[0];
      send("do", { verb, argument: verb === "until" ? target() + (ui.step ? `/${ui.step}` : "") : verb === "skip" && waits ? target() : "" });
      pressed = true; ui.leg = ui.step = null;
      if (box.querySelector(".pk-run-body :focus")) box.focus();
    },
    at(leg, n) {
      pick(leg); ui.tab = "log"; found = null;
      if (alive) { send("at", { leg: ui.leg, line: +n }); return; }
      look();
      ui.step = kept().find((l) => l[0] === +n)?.[1];
      draw();
      log.show(mine(), n);
    },
    end() { asked = ""; }, before() { send("before", { leg: see.name, step: see.step, line: +log.el.querySelector(".pk-line").dataset.n }); },
    whole() { whole = []; send("whole", { leg: see.name }); },
    open(...what) { send("open", { what: what.join(":") }); },
  };
  function find(text) {
    if (text && alive) { send("find", { leg: see.name, text }); return; }
    const lines = text ? kept().filter((l) => plain(l[3]).toLowerCase().includes(text.toLowerCase())) : null;
    found = lines && { text, lines: lines.slice(0, 500), total: lines.length };
    later();
  }
  function click(e) {
    const hit = e.target.closest("[data-do]");
    if (!hit) return;
    const [act, ...rest] = hit.dataset.do.split(":");
    acts[act](...rest);
    draw();
  }
  function press(e) {
    const { key, target: { tagName, name, value } } = e, typing = tagName === "INPUT", on = e.target.closest("[data-do]"), rove = e.target.closest(".pk-rove");
    if (name === "shell" && key === "Enter" && value) { send("do", { verb: "shell", argument: value }); e.target.value = ""; shell = { lines: ["$ " + value] }; draw(); }
    if (typing && key === "Escape") { if (name === "shell") shell = null; else { e.target.value = ""; found = null; } draw(); box.focus(); }
    if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key], verb = words.verbs.find((v) => v[2] === key);
    if (arrow && rove && on) move(on, rove, ...arrow);
    else if ((key === "Enter" || key === " ") && on && tagName !== "BUTTON") click(e);
    else if (verb) acts.verb(verb[0]);
    else if (key === "b") { const [kind, n] = on ? on.dataset.do.split(":") : []; acts.stop(kind === "job" ? shape.jobs[n].id : shape.jobs[see.job].id + (kind === "step" ? `/${n}` : "")); }
    else if (key === "/") { ui.tab = "log"; draw(); input("find")?.focus(); }
    else return;
    e.preventDefault();
  }
  function move(on, rove, dx, dy) {
    const a = on.getBoundingClientRect();
    let best = null, least = Infinity;
    for (const to of rove.querySelectorAll("[data-do]:not(circle)")) {
      const b = to.getBoundingClientRect(), x = b.left - a.left, y = b.top - a.top, along = x * dx + y * dy, far = along + 3 * Math.abs(x * dy + y * dx);
      if (b.width && along > 4 && far < least) [best, least] = [to, far];
    }
    best?.focus();
  }
  const type = (e) => { if (e.target.name === "find") { clearTimeout(wait); wait = setTimeout(find, 150, e.target.value); } };

  /* What the kernel says. */
  const heard = {
    here() { alive = true; pressed = false; got = clock(); }, who() { send("sync"); },
    lines(m) { if (`${m.leg}/${m.step}` === asked) log.add(m.lines); },
    log(m) { if (m.at) { ui.leg = m.leg; ui.step = m.step; asked = `${m.leg}/${m.step}`; draw(); } if (`${m.leg}/${m.step}` === asked) log.show(m.lines, m.at, m.more); },
    found(m) { found = input("find")?.value ? m : null; }, shell(m) { shell = m; }, open(m) { file = m.tree; },
    whole(m) {
      whole?.push(m.text);
      if (!whole || !m.done) return;
      const href = URL.createObjectURL(new Blob(whole, { type: "text/plain" }));
      whole = null;
      grow(h("a", { href, download: m.name })).click();
      setTimeout(URL.revokeObjectURL, 60000, href);
    },
  };
  const hear = (m) => { if (!m.view || m.view === view) { heard[m.op]?.(m); later(); } }, said = () => { pressed = false; got = clock(); later(); }, mourn = () => { gone = !alive; draw(); }, lost = () => { alive = false; mourn(); clearTimeout(late); late = setTimeout(send, 6000, "sync"); };
  const events = [["change:state", said], ["change:shape", later], ["change:legs", later], ["change:tail", later], ["msg:custom", hear], ["comm_live_update", lost]];
  const beat = setInterval(() => { if (see.goes && !document.hidden) draw(); }, 1000);
  events.forEach(([name, f]) => model.on(name, f));
  box.onclick = click; box.onkeydown = press; box.oninput = type;
  /* A notebook shown again gives its cell the keys: back to who had them. */
  const seen = (e) => { if (box.closest(".jp-Notebook")?.contains(e.target)) ours = box.contains(e.target); };
  const eye = new IntersectionObserver(([x]) => {
    if (!x.isIntersecting) held = ours && box.closest(".lm-mod-hidden");
    else if (held) { held = false; setTimeout(() => box.focus({ preventScroll: true }), 200); }
  });
  document.addEventListener("focusin", seen);
  eye.observe(box);
  words = get("words");
  sprite();
  draw();
  el.append(box);
  if (ui.focus) box.querySelector(ui.focus)?.focus({ preventScroll: true });
  send("sync");
  late = setTimeout(mourn, 3000);
  return () => {
    const on = box.contains(document.activeElement) && document.activeElement.dataset.do;
    chosen.set(state.id, { ...ui, focus: on && `[data-do="${CSS.escape(on)}"]` });
    events.forEach(([name, f]) => model.off(name, f));
    clearInterval(beat); clearTimeout(wait); clearTimeout(late); eye.disconnect(); document.removeEventListener("focusin", seen); log.show([]); cancelAnimationFrame(frame);
    send("close");
    box.remove();
  };
}

export default { render };
