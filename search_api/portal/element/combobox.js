/**
 * The combobox pattern of ARIA on an input and a list: suggestions while typing.
 *
 * Works in a document and in a shadow root alike, as long as both stand in the same one.
 * Nothing is asked for while an input method is composing: "đường" is one request, not six.
 */

// Milliseconds without a keystroke before anything is asked for; a quick typist makes one request.
const PAUSE = 180;

let combos = 0;

export class Combobox {
  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list      an empty element, shown only with suggestions in it
   * @param {HTMLElement} status    a live region that says how many there are
   * @param {(typed: string, signal: AbortSignal) => Promise<string[]>} suggest
   * @param {(text: string) => void} choose
   */
  constructor({ input, list, status, suggest, choose }) {
    Object.assign(this, { input, list, status, suggest, choose });
    this.active = -1;
    this.composing = false;
    list.id ||= `goi-y-${++combos}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Gợi ý");
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }
    this.close();
    input.addEventListener("compositionstart", () => {
      this.composing = true;
      this.stop();
    });
    input.addEventListener("compositionend", () => {
      this.composing = false;
      this.ask();
    });
    input.addEventListener("input", () => this.composing || this.ask());
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.addEventListener("blur", () => this.close());
    // The input keeps its focus, so that a click is not a blur first.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  get options() {
    return [...this.list.children];
  }

  get isOpen() {
    return !this.list.hidden;
  }

  stop() {
    clearTimeout(this.timer);
    this.running?.abort();
  }

  ask() {
    this.stop();
    this.timer = setTimeout(async () => {
      const typed = this.input.value.trim();
      if (!typed) return this.close();
      const running = (this.running = new AbortController());
      try {
        const found = await this.suggest(typed, running.signal);
        if (!running.signal.aborted) this.show(found.filter((text) => text !== typed));
      } catch {
        this.close(); // suggestions are a help; without them the question can still be asked
      }
    }, PAUSE);
  }

  show(found) {
    if (!found.length || !this.input.matches(":focus")) return this.close();
    this.list.replaceChildren(
      ...found.map((text, place) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${place}`;
        option.setAttribute("role", "option");
        option.textContent = text;
        return option;
      }),
    );
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(-1);
    this.status.textContent = `${found.length} gợi ý, chọn bằng mũi tên lên xuống.`;
  }

  close() {
    this.stop();
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.active = -1;
    this.status.textContent = "";
  }

  mark(place) {
    const options = this.options;
    this.active = place;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    if (place < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  }

  take(option) {
    const text = option.textContent;
    this.input.value = text;
    this.close();
    this.choose(text);
  }

  onKey(event) {
    // While composing, the keys belong to the input method (229 where isComposing came too late).
    if (event.isComposing || event.keyCode === 229) return;
    const last = this.options.length - 1;
    if (event.key === "Enter" && this.active < 0) return this.close(); // the form goes its way
    if (event.key === "ArrowDown" && !this.isOpen) this.ask();
    else if (!this.isOpen) return;
    else if (event.key === "ArrowDown") this.mark(this.active === last ? -1 : this.active + 1);
    else if (event.key === "ArrowUp") this.mark(this.active === -1 ? last : this.active - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter") this.take(this.options[this.active]);
    else return;
    event.preventDefault();
  }
}

/** Ask `address` for what goes on from `typed`. */
export async function fetchSuggestions(address, typed, signal) {
  const asked = new URL(address);
  asked.searchParams.set("q", typed);
  const response = await fetch(asked, { signal, headers: { accept: "application/json" } });
  return response.ok ? (await response.json()).suggestions : [];
}
