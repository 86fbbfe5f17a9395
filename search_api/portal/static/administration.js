// The administrators' page: everything comes from /v1 with their key, and is put in as text.

const KEPT = "kehoach-key";
const POLL = 700; // milliseconds between two looks at jobs that are being worked on

const at = (id) => document.getElementById(id);
const words = new Map([...document.querySelectorAll("data.word")].map((d) => [d.value, d.textContent]));
let key = sessionStorage.getItem(KEPT) || "";
let timer = 0;

function say(text) {
  at("message").textContent = text;
}

async function ask(path, method = "GET") {
  const response = await fetch(path, { method, headers: { Authorization: `Bearer ${key}` } });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail || answer.title);
  return answer;
}

// Does what a button says; a refusal is told, and the button can be pressed again.
async function attempt(work, button) {
  if (button) button.disabled = true;
  try {
    await work();
  } catch (error) {
    say(error.message);
  } finally {
    if (button) button.disabled = false;
  }
}

function made(template, fill) {
  const item = at(template).content.firstElementChild.cloneNode(true);
  fill((selector, text) => {
    const part = item.querySelector(selector);
    part.textContent = text;
    part.hidden = !text;
    return part;
  }, item);
  return item;
}

function button(label, work, second = false) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.className = second ? "second" : "";
  made.addEventListener("click", () => attempt(work, made));
  return made;
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

const day = (iso) => (iso ? iso.slice(0, 10).split("-").reverse().join("/") : "");
const moment = (iso) => new Date(iso).toLocaleString("vi-VN");

async function enter() {
  const jobs = await ask("/v1/jobs");
  sessionStorage.setItem(KEPT, key);
  at("key-form").hidden = true;
  at("desk").hidden = false;
  say("");
  showJobs(jobs);
  await Promise.all([showPlans(), showRemarks()]);
}

async function follow() {
  clearTimeout(timer);
  showJobs(await ask("/v1/jobs"));
}

let settled = "";
function showJobs({ jobs }) {
  at("no-jobs").hidden = jobs.length > 0;
  at("jobs").replaceChildren(...jobs.map(jobItem));
  if (jobs.some((job) => ["queued", "reading", "indexing"].includes(job.state))) {
    timer = setTimeout(() => attempt(follow), POLL);
  }
  const done = jobs.filter((job) => job.state === "done").map((job) => job.id).join();
  if (settled !== done) attempt(showPlans);
  settled = done;
}

function jobItem(job) {
  return made("job", (put, item) => {
    item.classList.add(job.state);
    put(".name", job.name);
    put(".task", `${words.get(`task-${job.task}`)} ${moment(job.created_at)}`);
    put(".state", words.get(`state-${job.state}`));
    put(".reason", job.reason || "");
    const progress = item.querySelector("progress");
    progress.hidden = !["reading", "indexing"].includes(job.state);
    progress.setAttribute("aria-label", words.get(`state-${job.state}`));
    if (job.total) Object.assign(progress, { max: job.total, value: job.done });
    const actions = item.querySelector(".actions");
    if (job.state === "waiting") actions.append(button("Xem và duyệt", () => show(job.id)));
    if (job.state === "done" && job.task !== "withdraw") {
      const link = element("a", "Mở kế hoạch");
      link.href = `/plan/${encodeURIComponent(job.plan_id)}`;
      actions.append(link);
    }
  });
}

async function show(id) {
  const job = await ask(`/v1/jobs/${id}`);
  const { plan, rows } = job;
  const facts = [
    ["Tệp", job.name],
    ["Số, ký hiệu", plan.number],
    ["Tên kế hoạch", plan.title],
    ["Cơ quan ban hành", plan.issuer],
    ["Tỉnh", plan.province],
    ["Ngày ban hành", day(plan.issued_on)],
    ["Thời kỳ", plan.period && [...new Set([plan.period.first, plan.period.last])].join("–")],
    ["Người ký", plan.signatory && plan.signatory.name],
    ["Căn cứ", plan.bases.map((basis) => basis.place.text).join("\n")],
    ["Nơi nhận", plan.recipients.map((place) => place.text).join("; ")],
  ];
  at("facts").replaceChildren(
    ...facts.flatMap(([name, value]) => [element("dt", name), element("dd", value || "–", "said")]),
  );
  at("notes").replaceChildren(
    ...plan.notes.map((note) => {
      const item = element("li", ` ${note.message}`);
      item.prepend(element("span", words.get(`severity-${note.severity}`), `severity-${note.severity}`));
      return item;
    }),
  );
  at("sections").replaceChildren(...plan.sections.flatMap((section) => outline(section, 0)));
  at("note-count").textContent = plan.notes.length;
  at("section-count").textContent = at("sections").children.length;
  at("row-count").textContent = rows.length;
  table(rows);
  at("decide").replaceChildren(
    button("Duyệt, đưa vào kho", () => decide(id, "approve")),
    button("Bỏ", () => decide(id, "reject"), true),
  );
  at("understood").hidden = false;
  at("understood").focus();
  at("understood").scrollIntoView();
}

function outline(section, depth) {
  const item = element("li", [section.locator, section.title].filter(Boolean).join(". "));
  item.className = `depth-${Math.min(depth, 3)}`;
  return [item, ...section.children.flatMap((child) => outline(child, depth + 1))];
}

function table(rows) {
  const headers = [...new Set(rows.flatMap((row) => row.cells.map((cell) => cell.header)))];
  const line = (name, texts) => {
    const made = document.createElement("tr");
    made.append(...texts.map((text) => element(name, text)));
    return made;
  };
  const head = line("th", headers);
  for (const cell of head.children) cell.scope = "col";
  at("rows").tHead.replaceChildren(head);
  at("rows").tBodies[0].replaceChildren(
    ...rows.map((row) =>
      line("td", headers.map((header) =>
        row.cells.filter((cell) => cell.header === header).map((cell) => cell.text).join("\n"))),
    ),
  );
}

async function decide(id, verb) {
  await ask(`/v1/jobs/${id}/${verb}`, "POST");
  at("understood").hidden = true;
  say(verb === "approve" ? "Đã duyệt, đang lập chỉ mục." : "Đã bỏ.");
  await follow();
  at("jobs-title").scrollIntoView();
}

async function showPlans() {
  const { plans } = await ask("/v1/plans");
  at("plans").replaceChildren(...plans.map(planItem));
}

function planItem(plan) {
  return made("plan", (put, item) => {
    put(".name", plan.title || plan.id).href = plan.url.replace("/v1/plans/", "/plan/");
    const about = [plan.number, plan.province, day(plan.issued_on), `tệp ${plan.source.name}`];
    put(".about", about.filter(Boolean).join(" · "));
    const name = plan.number || plan.title;
    item.querySelector(".actions").append(
      named(button("Đọc lại", () => change(`${plan.url}/reread`, "POST"), true), `Đọc lại ${name}`),
      named(button("Gỡ", () => withdraw(plan, name), true), `Gỡ ${name}`),
    );
  });
}

function named(made, label) {
  made.setAttribute("aria-label", label);
  return made;
}

async function withdraw(plan, name) {
  if (confirm(`Gỡ kế hoạch ${name} khỏi kho? Tệp vẫn còn; gửi lại tệp thì có lại.`)) {
    await change(plan.url, "DELETE");
  }
}

async function change(path, method) {
  await ask(path, method);
  await follow();
  at("jobs-title").scrollIntoView();
}

async function showRemarks() {
  const { remarks, total } = await ask("/v1/feedback");
  at("no-remarks").hidden = total > 0;
  at("remark-count").textContent = total || "";
  at("remarks").replaceChildren(
    ...remarks.map((remark) =>
      made("remark", (put) => {
        put(".verdict", words.get(`verdict-${remark.verdict}`));
        put(".about", [moment(remark.at), remark.caller, remark.citation].filter(Boolean).join(" · "));
        put(".question", remark.question);
        put(".comment", remark.comment);
      }),
    ),
  );
}

// Only XMLHttpRequest tells how much of a file has gone out.
function send(file) {
  const label = element("p", file.name);
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", file.name);
  bar.max = 1;
  bar.value = 0;
  at("sending").append(label, bar);
  const form = new FormData();
  form.append("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", "/v1/plans");
  request.setRequestHeader("Authorization", `Bearer ${key}`);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener("loadend", () => {
    label.remove();
    bar.remove();
    if (request.status === 202) {
      say(`Đã gửi ${file.name}.`);
    } else {
      let detail = "Không gửi được tệp: mất kết nối.";
      try {
        detail = JSON.parse(request.responseText).detail;
      } catch {
        // what came is no document of ours; the sentence above stands
      }
      say(`${file.name}: ${detail}`);
    }
    attempt(follow);
  });
  request.send(form);
}

at("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  key = at("key").value.trim();
  attempt(enter, event.submitter);
});
at("file").addEventListener("change", () => {
  for (const file of at("file").files) send(file);
  at("file").value = "";
});
for (const type of ["dragover", "dragleave", "drop"]) {
  at("drop").addEventListener(type, (event) => {
    event.preventDefault();
    at("drop").classList.toggle("over", type === "dragover");
    if (type === "drop") for (const file of event.dataTransfer.files) send(file);
  });
}
at("leave").addEventListener("click", () => {
  sessionStorage.removeItem(KEPT);
  location.reload();
});
if (key) attempt(enter);
