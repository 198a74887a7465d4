"use strict";
(() => {
  // The row that the address names, or whose number was chosen, shows its words alone.
  const choose = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    const ref = target && (target.matches(".ref") ? target : target.querySelector(".ref"));
    const name = !ref ? "" : target === ref ? ref.getAttribute("href").slice(3) : id.slice(2);
    document.body.classList.toggle("chosen", Boolean(name));
    for (const mark of document.querySelectorAll("main mark")) mark.classList.toggle("on", Boolean(name) && mark.dataset.of.split(" ").includes(name));
    for (const item of document.querySelectorAll(".line li")) item.classList.toggle("on", item.id === "n-" + name);
  };
  addEventListener("hashchange", choose);
  // Escape shows all rows again.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !location.hash) return;
    history.replaceState(null, "", location.pathname);
    choose();
  });
  choose();
})();
