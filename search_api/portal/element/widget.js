/**
 * <kehoach-search>: a question box with cited answers, for any page of any site.
 *
 *   <script type="module" src="https://…/widget.js"></script>
 *   <kehoach-search province="Kiên Giang"></kehoach-search>
 *
 * Everything lives in a shadow root with styles of its own: the page around it neither shows in
 * here nor is touched from here. What stands between the tags is shown where scripts are blocked.
 */

import { LitElement, css, html, nothing } from "lit";
import { Combobox, fetchSuggestions } from "./combobox.js";

const HERE = new URL("./", import.meta.url);

// Citations shown before the reader is sent to the full page.
const SHOWN = 5;

const VERDICTS = {
  answered: "Trả lời",
  partial: "Trả lời một phần",
  not_found: "Không tìm thấy",
};

class KehoachSearch extends LitElement {
  static properties = {
    /** Names of provinces, parted by commas; every question is about them alone. */
    province: {},
    /** Years, parted by commas. */
    year: {},
    /** What the box is called. */
    label: {},
    /** Where the questions go; by default where this script came from. */
    server: {},
    _state: { state: true },
  };

  // What a page must not take away is important in here: that wins over its own. The names with
  // an underscore are nobody else's, so that a page may set ours from variables of its own.
  static styles = css`
    :host {
      all: initial !important;
      display: block !important;
      color-scheme: inherit !important;
      --_accent: var(--kehoach-accent, #0f5c63);
      --_accent-ink: var(--kehoach-accent-ink, #fff);
      --_paper: var(--kehoach-paper, #fff);
      --_ink: var(--kehoach-ink, #1d2426);
      --_quiet: var(--kehoach-quiet, #55625f);
      --_line: var(--kehoach-line, #d9dcd6);
      --_wash: var(--kehoach-wash, #e8f0ef);
      --_radius: var(--kehoach-radius, 0.5rem);
    }
    @supports (color: light-dark(#000, #fff)) {
      :host {
        --_accent: var(--kehoach-accent, light-dark(#0f5c63, #7cc5c9));
        --_accent-ink: var(--kehoach-accent-ink, light-dark(#fff, #0b1a1c));
        --_paper: var(--kehoach-paper, light-dark(#fff, #1a2224));
        --_ink: var(--kehoach-ink, light-dark(#1d2426, #e6eae8));
        --_quiet: var(--kehoach-quiet, light-dark(#55625f, #a3b0ad));
        --_line: var(--kehoach-line, light-dark(#d9dcd6, #33403f));
        --_wash: var(--kehoach-wash, light-dark(#e8f0ef, #213032));
      }
    }
    :host([hidden]) {
      display: none !important;
    }
    * {
      box-sizing: border-box;
    }
    .all {
      color: var(--_ink);
      background: var(--_paper);
      border: 1px solid var(--_line);
      border-radius: var(--_radius);
      padding: 1rem;
      font: 1rem/1.55 var(--kehoach-font, "Segoe UI", "Noto Sans", Roboto, Arial, sans-serif);
      overflow-wrap: break-word;
    }
    label {
      display: block;
      color: var(--_quiet);
      font-size: 0.9rem;
      margin-bottom: 0.25rem;
    }
    .box {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
    }
    .typed {
      flex: 1 1 14rem;
      min-width: 0;
      position: relative;
    }
    input,
    button {
      font: inherit;
      border-radius: var(--_radius);
      padding: 0.55rem 0.9rem;
    }
    input {
      width: 100%;
      color: var(--_ink);
      background: var(--_paper);
      border: 1px solid var(--_quiet);
    }
    ::placeholder {
      color: var(--_quiet);
      opacity: 1;
    }
    button {
      border: 1px solid transparent;
      background: var(--_accent);
      color: var(--_accent-ink);
      font-weight: 600;
      cursor: pointer;
    }
    button.plain {
      background: none;
      color: var(--_accent);
      padding: 0.1rem 0;
      font-weight: 400;
      text-decoration: underline;
      text-align: left;
    }
    :focus-visible {
      outline: 3px solid var(--_accent);
      outline-offset: 2px;
    }
    ul,
    ol {
      list-style: none;
      margin: 0;
      padding: 0;
    }
    .suggestions {
      position: absolute;
      inset: calc(100% + 0.2rem) 0 auto;
      z-index: 1;
      max-height: 18rem;
      overflow-y: auto;
      padding: 0.25rem;
      background: var(--_paper);
      border: 1px solid var(--_quiet);
      border-radius: var(--_radius);
      box-shadow: 0 6px 20px rgb(0 0 0 / 0.2);
    }
    [role="option"] {
      padding: 0.4rem 0.6rem;
      border-radius: calc(var(--_radius) / 2);
      cursor: pointer;
    }
    [role="option"]:hover,
    [aria-selected="true"] {
      background: var(--_wash);
    }
    [aria-selected="true"] {
      outline: 2px solid var(--_accent);
      outline-offset: -2px;
    }
    [hidden] {
      display: none !important;
    }
    .unseen {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .verdict {
      margin: 1rem 0 0.25rem;
      font-weight: 600;
      color: var(--_accent);
    }
    p {
      margin: 0 0 0.5rem;
    }
    .answer {
      white-space: pre-line;
    }
    .quiet {
      color: var(--_quiet);
      font-size: 0.9rem;
    }
    li.citation {
      border-left: 3px solid var(--_line);
      padding-left: 0.75rem;
      margin-block: 0.75rem;
    }
    blockquote {
      margin: 0;
    }
    a {
      color: var(--_accent);
    }
    .more {
      display: inline-block;
      padding-block: 0.2rem;
    }
  `;

  constructor() {
    super();
    this.label = "Hỏi về kế hoạch của tỉnh";
    this._state = { is: "idle" };
  }

  get base() {
    return this.server ? new URL(this.server.replace(/\/*$/, "/")) : HERE;
  }

  get filters() {
    const list = (text) =>
      (text ?? "")
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean);
    return { province: list(this.province), year: list(this.year).map(Number) };
  }

  /** The full page with the same question and filters. */
  page(question) {
    const address = new URL(this.base);
    if (question) address.searchParams.set("q", question);
    for (const [name, values] of Object.entries(this.filters)) {
      for (const value of values) address.searchParams.append(name, value);
    }
    return address.href;
  }

  firstUpdated() {
    const find = (selector) => this.renderRoot.querySelector(selector);
    this.input = find("input");
    new Combobox({
      input: this.input,
      list: find(".suggestions"),
      status: find(".count"),
      suggest: (typed, signal) => fetchSuggestions(new URL("v1/suggest", this.base), typed, signal),
      choose: () => this.ask(),
    });
  }

  async ask(asTyped = false) {
    const question = this.input.value.trim();
    if (!question) return;
    this.running?.abort();
    const running = (this.running = new AbortController());
    this._state = { is: "busy" };
    let state;
    try {
      const response = await fetch(new URL("v1/ask", this.base), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ question, filters: this.filters, as_typed: asTyped }),
        signal: running.signal,
      });
      const body = await response.json();
      state = response.ok ? { is: "said", answer: body } : { is: "failed", why: body.detail };
    } catch {
      state = { is: "failed", why: "Chưa kết nối được với máy chủ tra cứu." };
    }
    if (!running.signal.aborted) this._state = { ...state, question };
  }

  render() {
    return html`<div class="all" part="all">
      <form
        part="form"
        role="search"
        action=${this.page()}
        @submit=${(event) => {
          event.preventDefault();
          this.ask();
        }}
      >
        <label for="q">${this.label}</label>
        <div class="box">
          <div class="typed">
            <input
              id="q"
              part="input"
              name="q"
              type="search"
              required
              maxlength="1000"
              spellcheck="false"
              enterkeyhint="search"
              placeholder="Ví dụ: đơn vị nào chủ trì …?"
            />
            <ul class="suggestions"></ul>
            <span class="unseen count" role="status"></span>
          </div>
          <button part="button">Hỏi</button>
        </div>
      </form>
      <p class="unseen told" role="status">${this.told}</p>
      ${this.said}
    </div>`;
  }

  /** What a screen reader says when something has come. */
  get told() {
    const { is, answer, why } = this._state;
    if (is === "busy") return "Đang tra cứu…";
    if (is === "failed") return why;
    return is === "said" ? `${VERDICTS[answer.status]}: ${answer.answer}` : "";
  }

  get said() {
    const { is, answer, why, question } = this._state;
    if (is === "busy") return html`<p class="quiet" aria-hidden="true">Đang tra cứu…</p>`;
    if (is === "failed") {
      return html`<p class="verdict">Chưa trả lời được</p>
        <p>${why}</p>
        ${this.more("Mở trang tra cứu", question)}`;
    }
    if (is !== "said") return nothing;
    const { corrected } = answer.interpretation;
    const shown = answer.citations.length
      ? answer.citations
      : answer.alternatives.map((other) => other.citation);
    return html`<section part="answer" aria-label="Câu trả lời">
      <p class="verdict">${VERDICTS[answer.status]}</p>
      ${corrected
        ? html`<p class="quiet">
            Đang trả lời cho: <em>${corrected}</em>.
            <button class="plain" type="button" @click=${() => this.ask(true)}>
              Hỏi đúng như đã gõ
            </button>
          </p>`
        : nothing}
      <p class="answer">${answer.answer}</p>
      ${shown.length
        ? html`<p class="quiet">${answer.citations.length ? "Trích dẫn" : "Gần nhất với câu hỏi"}</p>
            <ol>
              ${shown.slice(0, SHOWN).map((citation) => this.cited(citation))}
            </ol>`
        : nothing}
      ${this.more("Xem đầy đủ trên trang tra cứu", answer.question)}
    </section>`;
  }

  cited(citation) {
    const anchor = citation.kind === "plan" ? "#trich" : new URL(citation.url, HERE).hash;
    const place = new URL(
      `plan/${encodeURIComponent(citation.plan_id)}?from=${citation.start}&to=${citation.end}${anchor}`,
      this.base,
    );
    const about = [citation.province, citation.plan_number && `số ${citation.plan_number}`];
    return html`<li class="citation">
      <blockquote>${citation.quote.replaceAll("\t", " | ")}</blockquote>
      <a href=${place.href} target="_blank" rel="noopener"
        >${citation.label}<span class="unseen"> (mở thẻ mới)</span></a
      >
      <span class="quiet">${about.filter(Boolean).join(" · ") || citation.plan_title}</span>
    </li>`;
  }

  more(text, question) {
    return html`<a class="more" href=${this.page(question)} target="_blank" rel="noopener"
      >${text}<span class="unseen"> (mở thẻ mới)</span></a
    >`;
  }
}

// A page may load the script twice.
if (!customElements.get("kehoach-search")) customElements.define("kehoach-search", KehoachSearch);
