/** What the page does beyond reading: filters and the choice of colours. It runs in a browser and touches no network. */

export const SCRIPT = `
(() => {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  root.classList.add("scripted");

  const theme = byId("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const nameTheme = () => { theme.textContent = isDark() ? "Light colours" : "Dark colours"; };
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme(); });
  system.addEventListener("change", nameTheme);
  nameTheme();

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });

  const form = byId("filters");
  if (form === null) return;
  const tokens = [...document.querySelectorAll("article.token")];
  const lanes = new Map([...document.querySelectorAll("li[data-lane]")].map((lane) => [lane.dataset.lane, lane]));
  const texts = new Map();
  const textOf = (token) => {
    if (!texts.has(token)) texts.set(token, token.textContent.toLowerCase());
    return texts.get(token);
  };
  const apply = () => {
    const wanted = new FormData(form);
    const words = String(wanted.get("search") || "").toLowerCase().split(/\\s+/).filter((word) => word !== "");
    let shown = 0;
    for (const token of tokens) {
      const isWanted =
        ["plane", "verdict", "confidence", "allowed"].every((name) => {
          const value = wanted.get(name);
          return value === null || value === "" || token.dataset[name] === value;
        }) && words.every((word) => textOf(token).includes(word));
      token.hidden = !isWanted;
      const lane = lanes.get(token.id);
      if (lane) lane.hidden = !isWanted;
      if (isWanted) shown += 1;
    }
    byId("shown").textContent = shown === tokens.length
      ? "All " + tokens.length + " shown"
      : shown + " of " + tokens.length + " shown";
  };
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
`;
