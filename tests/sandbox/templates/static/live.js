// Keeps the open page up to date: when the number from /events grows, fetch the fragment again and swap it in.
(() => {
  const main = document.querySelector("main[data-fragment]");
  const note = document.getElementById("live");
  if (!main || !window.EventSource) return;
  let shown = document.body.dataset.version;
  let busy = false;
  let wanted = shown;

  const refresh = async () => {
    if (busy || wanted === shown) return;
    busy = true;
    const version = wanted;
    try {
      const answer = await fetch(main.dataset.fragment, { headers: { accept: "text/html" } });
      if (answer.ok) swap(await answer.text());
      shown = version;
    } catch {
      // The next number brings another try.
    }
    busy = false;
    if (wanted !== shown) refresh();
  };

  const swap = (html) => {
    const next = document.createElement("main");
    next.innerHTML = html;
    if (next.innerHTML === main.dataset.before) return;
    const opened = new Map([...main.querySelectorAll("details[id]")].map((box) => [box.id, box.open]));
    const focus = document.activeElement?.closest("main") ? document.activeElement.getAttribute("href") : null;
    const changed = main.dataset.before !== undefined || next.textContent.trim() !== main.textContent.trim();
    main.dataset.before = next.innerHTML;
    main.replaceChildren(...next.childNodes);
    for (const [id, open] of opened) {
      const box = document.getElementById(id);
      if (box) box.open = open;
    }
    if (focus) [...main.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === focus)?.focus();
    if (changed) note.textContent = `Updated ${new Date().toLocaleTimeString()}`;
  };

  const source = new EventSource("/events");
  source.onmessage = (event) => {
    wanted = event.data;
    refresh();
  };
  source.onopen = () => note.classList.remove("off");
  source.onerror = () => {
    note.textContent = "Not connected";
    note.classList.add("off");
  };
})();
