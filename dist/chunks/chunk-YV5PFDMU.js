// src/core/container-steps.ts
function entryNamesOf(steps) {
  return steps.flatMap((step) => step.includes(":") ? [step.slice(step.indexOf(":") + 1)] : []);
}
function formatsOf(steps) {
  return steps.map((step) => step.replace(/:.*$/s, ""));
}

export {
  entryNamesOf,
  formatsOf
};
