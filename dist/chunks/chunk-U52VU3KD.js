// src/core/errors.ts
var KeyrecallError = class extends Error {
  code;
  hint;
  constructor(code, message, options = {}) {
    super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
    this.name = "KeyrecallError";
    this.code = code;
    this.hint = options.hint;
  }
};
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
function systemCodeOf(error) {
  if (typeof error !== "object" || error === null || !("code" in error)) return void 0;
  return typeof error.code === "string" ? error.code : void 0;
}

export {
  KeyrecallError,
  messageOf,
  systemCodeOf
};
