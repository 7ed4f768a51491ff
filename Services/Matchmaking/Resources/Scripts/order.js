"use strict";

// Lets a finger or a mouse move the entries of a list. The buttons beside them do the same and stay: without this file
// nothing is missing. The new order is sent with the list's form, and the answer shows what was saved.
(() => {
  const list = document.querySelector("ol[data-movable]");
  if (!list || list.children.length < 2) return;

  const order = () => [...list.children].map((entry) => entry.dataset.id).join(" ");
  const middle = (entry) => {
    const box = entry.getBoundingClientRect();
    return box.top + box.height / 2;
  };

  let isSaving = false;

  function save() {
    isSaving = true;
    const form = list.closest("form");
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "order";
    field.value = order();
    form.append(field);
    form.requestSubmit();
  }

  function drag(entry, handle, start) {
    if (isSaving || !start.isPrimary || start.button !== 0) return;
    start.preventDefault();
    const before = [...list.children];
    handle.setPointerCapture(start.pointerId);
    entry.classList.add("moving");

    // The neighbours move, and never the entry itself: taken out of the page it would lose the pointer.
    const move = (event) => {
      const place = entry.offsetTop;
      let previous = entry.previousElementSibling;
      while (previous && event.clientY < middle(previous)) {
        entry.after(previous);
        previous = entry.previousElementSibling;
      }
      let next = entry.nextElementSibling;
      while (next && event.clientY > middle(next)) {
        entry.before(next);
        next = entry.nextElementSibling;
      }
      if (entry.offsetTop !== place) entry.scrollIntoView({ block: "nearest" });
    };
    const end = (event) => {
      for (const [name, listener] of listeners) handle.removeEventListener(name, listener);
      entry.classList.remove("moving");
      if (event.type === "pointercancel") list.append(...before);
      else if (before.some((old, place) => list.children[place] !== old)) save();
    };
    const listeners = [["pointermove", move], ["pointerup", end], ["pointercancel", end]];
    for (const [name, listener] of listeners) handle.addEventListener(name, listener);
  }

  for (const entry of list.children) {
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.setAttribute("aria-hidden", "true");
    handle.textContent = "⠿";
    handle.addEventListener("pointerdown", (event) => drag(entry, handle, event));
    entry.prepend(handle);
  }
})();
