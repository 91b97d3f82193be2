// src/report/entry.ts
function entryOf({ container }) {
  return container.map((step) => step.includes(":") ? `!${step.slice(step.indexOf(":") + 1)}` : "").join("");
}
function formatsOf({ container }) {
  return container.map((step) => step.replace(/:.*$/s, ""));
}

export {
  entryOf,
  formatsOf
};
