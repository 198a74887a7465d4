"use strict";
(() => {
  const FIRST = 50, STEP = 200, PRINTED = 500, MOST_CHOICES = 60;
  // The same characters as in findings.py: they are shown as their codes.
  const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
  const order = new Intl.Collator("en", {numeric: true, sensitivity: "base"});
  const fold = (s) => (/^[\x00-\x7f]*$/.test(s) ? s : s.normalize("NFD").replace(/\p{M}/gu, "").replace(/\u0131/g, "i")).toLowerCase();
  let controls = document.querySelectorAll("[id^='attest-']").length;
  const number = (n) => n.toLocaleString("en-GB");

  // Only text nodes are made from data, never HTML.
  const element = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const visible = (parent, text) => {
    let from = 0;
    for (const hit of text.matchAll(HIDDEN)) {
      parent.append(text.slice(from, hit.index));
      parent.append(element("span", {class: "code"}, "U+" + hit[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0")));
      from = hit.index + hit[0].length;
    }
    parent.append(text.slice(from));
    return parent;
  };
  const foreign = (text) => visible(element("bdi", {}), text);
  // Where the pages of the articles lie, as seen from this page; a notebook has none.
  const beside = document.documentElement.dataset.articles;

  class Data {
    constructor(json) {
      Object.assign(this, json);
      this.starts = [];
    }
    get(key, row) {
      const column = this.columns[key] || this.extra[key];
      return column.c ? column.v[column.c[row]] : column.v[row];
    }
    text(key, row) {
      const value = this.get(key, row);
      return value === null ? "" : Array.isArray(value) ? value.join(", ") : String(value);
    }
    // Offsets count code points, as in the tables; JavaScript counts UTF-16 units.
    at(article, offset) {
      if (this.starts[article] === undefined) {
        const text = this.articles[article].text, starts = [0];
        const beyond = /[\ud800-\udbff]/.test(text);
        if (beyond) for (const letter of text) starts.push(starts[starts.length - 1] + letter.length);
        this.starts[article] = beyond ? starts : null;
      }
      return this.starts[article] ? this.starts[article][offset] : offset;
    }
    // The sentences that hold the words of a row, on one line.
    sentences(row) {
      if (!this.roles.length) return "";
      const article = this.get("article", row), [, , ...sides] = this.get("sentences", row);
      return this.articles[article].text.slice(this.at(article, sides[0]), this.at(article, sides[sides.length - 1])).replace(/\n+/g, " ");
    }
    // The passages of a row: [text, role or ""] pieces; the sentences that hold its words, or with their neighbours.
    pieces(row, wide) {
      const article = this.get("article", row), text = this.articles[article].text;
      const [before, after, ...sentences] = this.get("sentences", row);
      const marks = [];
      const flat = (spans) => spans.flatMap((span) => (typeof span[0] === "number" ? [span] : flat(span)));
      for (const role of this.roles) for (const [a, b] of flat(this.get(role + "_spans", row))) marks.push([a, b, role]);
      marks.sort((x, y) => x[0] - y[0]);
      const made = [], add = (a, b, role) => { if (b > a) made.push([text.slice(this.at(article, a), this.at(article, b)), role]); };
      const spans = [];
      for (let i = 0; i < sentences.length; i += 2) spans.push([sentences[i], sentences[i + 1]]);
      const first = spans[0][0], last = spans[spans.length - 1][1];
      if (wide) add(before, first, "beside");
      (wide ? [[first, last]] : spans).forEach(([start, end], i) => {
        if (i) made.push([" … ", ""]);
        let at = start;
        for (const [a, b, role] of marks) {
          if (b <= at || a >= end) continue;
          add(at, Math.max(a, at), "");
          add(Math.max(a, at), Math.min(b, end), role);
          at = Math.min(b, end);
        }
        add(at, end, "");
      });
      if (wide) add(last, after, "beside");
      return made;
    }
    words(row, wide) {
      const holder = element("bdi", {class: wide ? "passage" : "words"});
      for (const [text, role] of this.pieces(row, wide)) {
        if (!role) visible(holder, text);
        else holder.append(visible(element(role === "beside" ? "span" : "mark", {class: role}), text));
      }
      return holder;
    }
  }

  class Table {
    constructor(section) {
      this.section = section;
      this.data = new Data(JSON.parse(section.querySelector("script[type='application/json']").textContent));
      this.body = section.querySelector("tbody");
      this.rows = Array.from({length: this.data.n}, (_, i) => i);
      this.found = this.rows;
      this.limit = FIRST;
      this.sorted = null;
      this.makeTools();
      this.makeHeads();
      this.show();
      setTimeout(() => this.index(2000), 50);
      // On paper nobody can ask for more rows.
      addEventListener("beforeprint", () => this.shownFor(Math.max(this.limit, PRINTED)));
      addEventListener("afterprint", () => this.shownFor(this.unprinted));
    }
    shownFor(limit) {
      if (this.found.length <= FIRST || limit === undefined) return;
      [this.unprinted, this.limit] = [this.limit, limit];
      this.show();
    }
    index(pause) {
      // What is searched, row by row; done in small parts while the reader looks at the page.
      this.searched = this.searched || [];
      const end = pause ? Math.min(this.searched.length + pause, this.data.n) : this.data.n;
      const shown = [...this.data.view.flatMap((c) => [c.main, ...(c.sub || [])]), ...this.data.details.map((d) => d.key)];
      const keys = [...new Set(shown)].filter((key) => key !== "words");
      for (let row = this.searched.length; row < end; row++) {
        let text = this.data.sentences(row);
        for (const key of keys) text += " " + this.data.text(key, row);
        this.searched.push(fold(text));
      }
      if (end < this.data.n) setTimeout(() => this.index(pause), 5);
    }
    makeTools() {
      const tools = this.section.querySelector(".tools");
      const labelled = (label, control, kind) => {
        control.id = "attest-" + ++controls;
        tools.append(element("span", {class: kind}, element("label", {for: control.id}, label), control));
      };
      this.search = element("input", {type: "search", autocomplete: "off", spellcheck: "false"});
      this.search.addEventListener("input", () => this.filter());
      labelled("Search " + this.data.name, this.search, "wide");
      this.choices = [];
      for (const column of this.data.view) {
        if (!column.filter) continue;
        const counted = new Map();
        for (const row of this.rows) {
          const value = this.data.get(column.filter, row);
          counted.set(value, (counted.get(value) || 0) + 1);
        }
        if (counted.size < 2 || counted.size > MOST_CHOICES) continue;
        const values = [...counted.keys()].sort((a, b) => (a === null) - (b === null) || order.compare(a, b));
        const select = element("select", {}, element("option", {value: ""}, "all"));
        values.forEach((value, i) => {
          const option = element("option", {value: String(i)});
          option.textContent = `${value === null ? "none" : value.replace(HIDDEN, "\ufffd")} (${number(counted.get(value))})`;
          select.append(option);
        });
        select.addEventListener("input", () => this.filter());
        this.choices.push([column.filter, values, select]);
        labelled(column.label, select, "");
      }
      this.status = element("p", {class: "status", role: "status"});
      this.save = element("button", {type: "button"});
      this.saveFound = element("button", {type: "button"});
      this.save.textContent = `Save all ${number(this.data.n)} as CSV`;
      this.save.addEventListener("click", () => this.csv(this.rows));
      this.saveFound.addEventListener("click", () => this.csv(this.found));
      tools.after(element("div", {class: "bar"}, this.status, this.saveFound, this.save));
      this.more = element("button", {type: "button", class: "next"});
      this.more.addEventListener("click", () => {
        const first = this.limit;
        this.limit += STEP;
        this.show();
        const next = this.body.querySelectorAll("tr.row")[first];
        if (next) next.querySelector("button, th, td").focus();
      });
      this.section.append(this.more);
    }
    makeHeads() {
      this.heads = [...this.section.querySelectorAll("thead th")];
      this.heads.forEach((head, i) => {
        const button = element("button", {type: "button"}, head.textContent);
        button.addEventListener("click", () => this.sort(i));
        head.replaceChildren(button);
      });
    }
    sort(i) {
      const same = this.sorted && this.sorted.i === i;
      // First up, then down, then back to the order of the table.
      this.sorted = same ? (this.sorted.sign > 0 ? {i, sign: -1} : null) : {i, sign: 1};
      this.heads.forEach((head, k) => {
        const now = this.sorted && this.sorted.i === k ? (this.sorted.sign > 0 ? "ascending" : "descending") : null;
        if (now) head.setAttribute("aria-sort", now); else head.removeAttribute("aria-sort");
      });
      this.filter();
    }
    filter() {
      const asked = fold(this.search.value).split(/\s+/).filter(Boolean);
      if (asked.length) this.index(0);
      const wanted = this.choices.filter(([, , s]) => s.value).map(([key, values, s]) => [key, values[Number(s.value)]]);
      this.found = this.rows.filter((row) => wanted.every(([key, value]) => this.data.get(key, row) === value)
        && asked.every((word) => this.searched[row].includes(word)));
      if (this.sorted) {
        const column = this.data.view[this.sorted.i], key = column.sort || column.main, sign = this.sorted.sign;
        const values = new Map(this.found.map((row) => [row, this.data.get(key, row)]));
        const compare = (a, b) => (typeof a === "number" ? a - b : order.compare(String(a), String(b)));
        this.found.sort((r, s) => {
          const a = values.get(r), b = values.get(s);
          if (a === null || b === null) return (a === null) - (b === null) || r - s;
          return sign * compare(a, b) || r - s;
        });
      }
      this.limit = FIRST;
      this.show();
    }
    show() {
      const now = this.found.slice(0, this.limit), all = this.found.length;
      this.body.replaceChildren(...now.map((row) => this.row(row)));
      const some = all > now.length ? `; the first ${number(now.length)} are shown` : "";
      const what = this.data.name;
      this.status.textContent = all === this.data.n ? `${number(all)} ${what}${some}` : `${number(all)} of ${number(this.data.n)} ${what}${some}`;
      this.saveFound.hidden = all === this.data.n || !all;
      this.saveFound.textContent = `Save these ${number(all)} as CSV`;
      this.more.hidden = all <= now.length;
      this.more.textContent = `Show ${number(Math.min(STEP, all - now.length))} more`;
    }
    row(row) {
      const line = element("tr", {class: "row", role: "row"});
      this.data.view.forEach((column) => {
        const head = column.head;
        const cell = element(head ? "th" : "td", {role: head ? "rowheader" : "cell", "data-label": column.label, class: column.kind});
        if (head) cell.setAttribute("scope", "row");
        if (column.kind === "words") cell.append(this.data.words(row, false));
        else {
          const value = this.data.get(column.main, row);
          const text = column.kind === "number" && value !== null ? (this.data.floats.includes(column.main) ? value.toFixed(2) : number(value)) : this.data.text(column.main, row);
          const page = head && beside && this.data.extra.page ? this.data.get("page", row) : null;
          cell.append(page ? element("a", {href: `${beside}/${page}`}, foreign(text || column.missing)) : text ? foreign(text) : element("span", {class: "none"}, column.missing || "none"));
        }
        const sub = (column.sub || []).map((key) => this.data.text(key, row)).filter(Boolean);
        if (sub.length) {
          const holder = element("span", {class: "sub"});
          sub.forEach((text, i) => holder.append(i ? " · " : "", foreign(text)));
          cell.append(" ", holder);
        }
        if (column.kind === "words") cell.append(" ", this.opener(row, line));
        line.append(cell);
      });
      return line;
    }
    opener(row, line) {
      const button = element("button", {type: "button", class: "context", "aria-expanded": "false"}, "Context");
      button.addEventListener("click", () => {
        const open = button.getAttribute("aria-expanded") === "true";
        button.setAttribute("aria-expanded", String(!open));
        if (open) line.nextSibling.remove();
        else line.after(this.evidence(row));
      });
      return button;
    }
    evidence(row) {
      const article = this.data.articles[this.data.get("article", row)];
      const list = element("dl", {});
      const say = (label, node) => list.append(element("div", {}, element("dt", {}, label), element("dd", {}, node)));
      for (const {label, key} of this.data.details) {
        const text = this.data.text(key, row);
        if (text) say(label, foreign(text));
      }
      say("Article", foreign([article.title, article.outlet, article.id].filter(Boolean).join(" · ")));
      // The row's place in the page of its article; see links.py.
      const id = this.data.text(this.data.name.slice(0, -1) + "_id", row).replace(/[^A-Za-z0-9]+/g, "-");
      if (beside) say("Whole article", element("a", {href: `${beside}/${article.page}#${id}`}, "These words in the whole article"));
      if (article.url) say("Address", element("a", {href: article.url, rel: "noopener noreferrer"}, foreign(article.url)));
      const cell = element("td", {colspan: String(this.data.view.length), role: "cell"}, element("blockquote", {}, this.data.words(row, true)), list);
      return element("tr", {class: "evidence", role: "row"}, cell);
    }
    csv(rows) {
      // A cell that a spreadsheet would take for a formula gets an apostrophe in front, as in the stored CSV files.
      const plain = (value, key) => {
        if (value === null) return "";
        if (Array.isArray(value)) return "[" + value.map((inner) => (Array.isArray(inner) ? plain(inner) : JSON.stringify(inner))).join(", ") + "]";
        if (Number.isInteger(value) && this.data.floats.includes(key)) return value.toFixed(1);
        return String(value);
      };
      const cell = (value, key) => {
        const text = plain(value, key), guard = typeof value === "string" && /^[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]/.test(text);
        return '"' + (guard ? "'" : "") + text.replace(/"/g, '""') + '"';
      };
      const keys = Object.keys(this.data.columns);
      const lines = [keys.map((key) => cell(key)), ...rows.map((row) => keys.map((key) => cell(this.data.get(key, row), key)))];
      // The mark at the start tells spreadsheets that the file is UTF-8.
      const file = ["\ufeff", ...lines.map((line) => line.join(",") + "\n")];
      const url = URL.createObjectURL(new Blob(file, {type: "text/csv;charset=utf-8"}));
      const link = element("a", {href: url, download: this.data.name + ".csv"});
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    }
  }

  const script = document.currentScript;
  const scope = (script && script.closest(".attest")) || document;
  for (const section of scope.querySelectorAll(".attest-table:not([data-live])")) {
    section.setAttribute("data-live", "");
    new Table(section);
  }
  if (scope === document) addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach((d) => {
    d.open = true;
    addEventListener("afterprint", () => { d.open = false; }, {once: true});
  }));
})();
