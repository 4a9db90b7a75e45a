// Passkeys: the one thing that needs a script. Each form asks its question (`data-challenge`), has
// the browser answer it, and is then sent as any other form.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function question(form) {
  const answer = await fetch(form.dataset.challenge, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const options = await answer.json();
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: named(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: named(options.allowCredentials) }),
  };
}

// What the service reads, by the names of WebAuthn Level 3, section 5.1.8.
function written(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const said = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: { ...Object.fromEntries(said), transports: response.getTransports?.() ?? [] },
  });
}

let waiting; // the browser answers one question at a time

async function answer(form, options = {}) {
  waiting?.abort();
  waiting = new AbortController();
  const { signal } = waiting;
  const publicKey = await question(form);
  signal.throwIfAborted();
  const credential = await navigator.credentials[form.dataset.ceremony]({ publicKey, signal, ...options });
  form.elements.credential.value = written(credential);
  if (form.dataset.action) form.action = form.dataset.action;
  form.submit();
}

async function offer(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  await answer(form, { mediation: "conditional" }).catch(() => {}); // an offer may be ignored
}

function prepare(form) {
  const failure = form.querySelector("[data-failure]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failure.hidden = true;
    await answer(form).catch(() => { failure.hidden = false; });
  });
  if ("conditional" in form.dataset) offer(form);
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-without-passkeys]").forEach((each) => { each.hidden = true; });
  document.querySelectorAll("form.passkey").forEach(prepare);
}
