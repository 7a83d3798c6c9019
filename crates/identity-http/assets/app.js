// Nicer, never needed. Stores nothing, takes its words from the page, sends nothing but new passwords to be judged.
"use strict";

const lang = document.documentElement.lang || undefined;
const hidden = "visually-hidden";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function add(parent, tag, className, role) {
  const element = parent.appendChild(document.createElement(tag));
  element.className = className;
  if (role) element.role = role;
  return element;
}

// Password rules, told while typing: what can be counted at once, the rest by the server.
const classes = { uppercase: /\p{Lu}/u, lowercase: /\p{Ll}/u, digit: /\p{Nd}/u, special: /[^\p{Lu}\p{Ll}\p{Nd}]/u };
const personal = ["first_name", "last_name", "company_name", "email"];

// undefined where only the server can tell
function holds({ rule, min }, password, fields) {
  const text = password.normalize("NFKC");
  switch (rule) {
    case "min_length": return [...text].length >= min;
    case "confirmation": return password !== "" && password === fields.password_confirmation?.value;
    default: return classes[rule]?.test(text);
  }
}

// undefined where it cannot tell now
async function judge({ check, words }, password, fields) {
  const own = personal.filter((name) => fields[name]?.value).map((name) => [name, fields[name].value]);
  try {
    const answer = await fetch(check, {
      method: "POST",
      credentials: "omit",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...Object.fromEntries(own), words: JSON.parse(words), password }),
    });
    if (answer.ok) return await answer.json();
  } catch {
    // without a network the rules stay open
  }
}

function watchRules(list) {
  const input = document.getElementById(list.dataset.for);
  const fields = input.form.elements;
  const strength = document.getElementById("password-strength");
  const [meter, word, advice] = strength.children;
  const scores = JSON.parse(strength.dataset.scores), advices = JSON.parse(strength.dataset.advice);
  const region = add(list.parentNode, "p", hidden, "status");
  const plural = new Intl.PluralRules(lang);
  const rules = all("[data-rule]", list).map((item) => [item, item.querySelector("span") ?? add(item, "span", hidden)]);
  let timer;

  const mark = (item, note, met) => {
    item.classList.toggle("is-met", met === true);
    item.classList.remove("is-broken");
    note.textContent = met === undefined ? "" : ` (${met ? list.dataset.met : list.dataset.unmet})`;
  };
  const measured = ({ score = -1, advice: ids = [] } = {}) => {
    meter.value = score + 1;
    word.textContent = scores[score] ?? "";
    advice.textContent = advices[ids.at(-1)] ?? ""; // the last is of this password, the first of any
  };
  const tell = () => {
    const left = rules.filter(([item, note]) => note.textContent && !item.classList.contains("is-met")).length;
    const text = list.getAttribute(`data-left-${plural.select(left)}`) ?? list.dataset.leftOther;
    const count = left ? text.replace("{n}", left.toLocaleString(lang)) : list.dataset.done;
    region.textContent = strength.hidden ? count : `${count}. ${meter.ariaLabel}: ${word.textContent}. ${advice.textContent}`;
  };

  input.form.addEventListener("input", ({ target }) => {
    const password = input.value;
    if (target !== input && !password) return;
    for (const [item, note] of rules) {
      const met = holds(item.dataset, password, fields);
      if (met !== undefined || !password) mark(item, note, met);
    }
    strength.hidden = !password; // now, and not with the answer: nothing may move under a finger
    if (!password) measured();
    clearTimeout(timer);
    const mine = timer = setTimeout(async () => {
      const judged = password ? await judge(list.dataset, password, fields) : undefined;
      if (mine !== timer) return; // typed on since
      for (const [item, note] of rules) {
        const { rule } = item.dataset;
        if (holds(item.dataset, password, fields) === undefined) {
          mark(item, note, judged && rule !== "not_reused" ? !judged.broken_rules.includes(rule) : undefined);
        }
      }
      strength.hidden = !judged;
      measured(judged?.strength);
      tell();
    }, 400);
  });
}

function revealToggle(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const region = add(button.parentNode, "span", hidden, "status");
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.ariaPressed = visible;
  };
  button.ariaLabel = button.title = button.dataset.toggle;
  button.hidden = false;
  button.addEventListener("click", () => {
    show(input.type === "password");
    region.textContent = input.type === "text" ? button.dataset.shown : button.dataset.hidden;
  });
  input.form.addEventListener("submit", () => show(false)); // or browsers would not keep it
}

// Sent once; again after going back, or after 15 seconds.
const sent = new Set();

function release() {
  for (const form of sent) for (const button of all("[data-held]", form)) button.disabled = button.toggleAttribute("data-held");
  sent.clear();
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  // later, or the value of the pressed button would be lost
  setTimeout(() => {
    for (const button of all("button:not([type=button]):enabled", form)) button.disabled = button.toggleAttribute("data-held");
  });
  setTimeout(release, 15000);
});
addEventListener("pageshow", release);

const units = { year: 31536000, month: 2592000, day: 86400, hour: 3600, minute: 60, second: 1 };

function relativeTime(time) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  const unit = Object.keys(units).find((name) => Math.abs(seconds) >= units[name]) ?? "second";
  const exact = time.title = time.textContent;
  time.textContent = "";
  const near = add(time, "span", "");
  near.ariaHidden = true;
  near.textContent = new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(Math.round(seconds / units[unit]), unit);
  add(time, "span", hidden).textContent = exact;
}

addEventListener("keydown", (event) => {
  const search = document.querySelector("[data-slash]");
  if (!search || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  event.preventDefault();
  search.focus();
});

// Counts down until a mail can be asked for again; the server counts too.
function wait(button) {
  const label = button.textContent;
  let left = Number(button.dataset.wait);
  const tick = () => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? button.dataset.waiting.replace("{n}", left.toLocaleString(lang)) : label;
    if (left-- > 0) setTimeout(tick, 1000);
  };
  tick();
}

// Copies a text; where that fails, it is selected, to be copied by hand.
function copyButton(button) {
  const text = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  const region = add(button.parentNode, "span", hidden, "status");
  const tell = (words) => region.textContent = button.textContent = words;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      getSelection().selectAllChildren(text);
      if (!document.execCommand("copy")) return;
    }
    tell(button.dataset.copied);
    setTimeout(() => tell(label), 3000);
  });
}

// What is under way: fetched again, less and less often, until it is done or a few minutes have passed.
function follow(parts) {
  let pause = 2000;
  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href);
        const page = answer.ok && !answer.redirected && new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!page) return;
        parts = parts.filter((part) => {
          const now = page.getElementById(part.id);
          if (!now) return false;
          const goesOn = "underWay" in now.dataset;
          const word = (of) => of.querySelector(".state")?.textContent;
          if (goesOn && word(now) === word(part)) return true;
          part.replaceChildren(...now.childNodes);
          all("time[data-relative]", part).forEach(relativeTime);
          if (!goesOn) delete part.dataset.underWay;
          return goesOn;
        });
      } catch {
        return;
      }
    }
    pause *= 1.3;
    if (parts.length && pause < 40000) setTimeout(look, pause);
  };
  if (parts.length) setTimeout(look, pause);
}

// The square of a picture that is kept, moved by dragging or arrow keys, made smaller by the slider.
function cropper(input) {
  const box = document.getElementById(input.dataset.crop);
  const canvas = box.querySelector("canvas");
  const zoom = box.querySelector("[type=range]");
  const { x, y, size } = input.form.elements;
  let picture, middle, side, from;
  const within = (value, room) => Math.min(Math.max(value, side / 2), room - side / 2);
  const show = () => {
    const { width, height } = picture;
    side = Math.max(1, Math.round(Math.min(width, height) * (1 - zoom.value / 125)));
    middle = [within(middle[0], width), within(middle[1], height)];
    const [left, top] = middle.map((value) => Math.floor(value - side / 2));
    [x.value, y.value, size.value] = [left, top, side];
    const canvas2d = canvas.getContext("2d");
    canvas2d.clearRect(0, 0, canvas.width, canvas.height);
    canvas2d.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
    // where a circle is shown of it
    canvas2d.strokeStyle = "#fff9";
    canvas2d.lineWidth = 2;
    canvas2d.beginPath();
    canvas2d.arc(canvas.width / 2, canvas.height / 2, canvas.width / 2 - 1, 0, 2 * Math.PI);
    canvas2d.stroke();
  };
  const move = (right, down, wide) => {
    middle = [middle[0] - right * side / wide, middle[1] - down * side / wide];
    show();
  };
  input.addEventListener("change", async () => {
    x.value = y.value = size.value = "";
    box.hidden = true;
    try {
      picture = await createImageBitmap(input.files[0]);
    } catch {
      return; // the server says what is wrong with it
    }
    middle = [picture.width / 2, picture.height / 2];
    zoom.value = 0;
    box.hidden = false;
    show();
  });
  zoom.addEventListener("input", show);
  canvas.addEventListener("pointerdown", (event) => {
    from = event;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    move(event.clientX - from.clientX, event.clientY - from.clientY, canvas.clientWidth);
    from = event;
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { from = undefined; });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step, 20);
  });
}

// Offers the time zone of this device.
function offerZone(button) {
  const input = document.getElementById(button.dataset.zone);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const offer = () => button.hidden = !zone || input.value === zone;
  button.textContent = button.dataset.label.replace("{n}", zone);
  button.addEventListener("click", () => {
    input.value = zone;
    input.focus();
    offer();
  });
  input.addEventListener("input", offer);
  offer();
}

// The time zone of this device, for a new account.
function ownZone(input) {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

all("[data-own-zone]").forEach(ownZone);
all("[data-copy]").forEach(copyButton);
all("[data-for]").forEach(watchRules);
all("[data-crop]").forEach(cropper);
all("[data-zone]").forEach(offerZone);
all("[data-wait]").forEach(wait);
all("[data-toggle]").forEach(revealToggle);
all("time[data-relative]").forEach(relativeTime);
follow(all("[data-under-way]"));
document.querySelector("[data-summary]")?.focus();
