// Comfort only: every page works without this file.
"use strict";

function button(label, className) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = label;
  return made;
}

// Passwords can be looked at while they are typed.
for (const input of document.querySelectorAll("input[data-show]")) {
  const toggle = button(input.dataset.show, "button secondary");
  const name = document.querySelector(`label[for="${input.id}"]`).textContent.trim();
  const say = (label) => {
    toggle.textContent = label;
    toggle.setAttribute("aria-label", `${label}: ${name}`);
  };
  say(input.dataset.show);
  toggle.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    say(hidden ? input.dataset.hide : input.dataset.show);
  });
  input.form.addEventListener("submit", () => { input.type = "password"; });
  input.after(toggle);
}

// Addresses and numbers to pass on: one click selects, one button copies.
for (const input of document.querySelectorAll("input[data-copy]")) {
  input.addEventListener("focus", () => input.select());
  if (!navigator.clipboard) continue;
  const copy = button(input.dataset.copy, "button secondary");
  const said = document.createElement("span");
  said.className = "hidden";
  said.setAttribute("role", "status");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(input.value);
    copy.textContent = said.textContent = input.dataset.copied;
    setTimeout(() => {
      copy.textContent = input.dataset.copy;
      said.textContent = "";
    }, 3000);
  });
  input.after(copy, said);
}

// What belongs on paper can be printed from where it stands.
for (const place of document.querySelectorAll("[data-print]")) {
  const print = button(place.dataset.print, "button secondary");
  print.addEventListener("click", () => window.print());
  place.append(print);
}

// Files that are too large are named before they travel.
for (const input of document.querySelectorAll("input[data-largest]")) {
  input.addEventListener("change", () => {
    const large = [...input.files].find((file) => file.size > input.dataset.largest);
    input.setCustomValidity(large ? `${input.dataset.tooLarge} ${large.name}` : "");
    input.reportValidity();
  });
}

// A button pressed twice in a hurry sends its form once.
for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = -Infinity;
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - sent < 2000) event.preventDefault();
    else sent = event.timeStamp;
  });
}

// What the service is still working on is looked at again; when it is done, the page is.
const unfinished = document.querySelector("[data-again]");
async function lookAgain() {
  const answer = await fetch(location.href).catch(() => null);
  const text = answer?.ok ? await answer.text() : "";
  const now = new DOMParser().parseFromString(text, "text/html").querySelector("[data-again]");
  if (answer?.ok && !now) location.reload();
  else if (now) unfinished.replaceChildren(...now.childNodes);
  setTimeout(lookAgain, Number(unfinished.dataset.again));
}
if (unfinished) setTimeout(lookAgain, Number(unfinished.dataset.again));

// Browsers that don't focus the summary of errors by themselves. A link within the page leaves its
// mark in the address, which the form then posts to: the answer would focus that instead.
document.getElementById("error-summary")?.focus();
addEventListener("hashchange", () => {
  history.replaceState(null, "", location.pathname + location.search);
});

// The language menu closes as menus do.
const menu = document.querySelector("details.languages");
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
