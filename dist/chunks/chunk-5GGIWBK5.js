// src/core/exit-code.ts
var ExitCode = {
  clean: 0,
  found: 1,
  usage: 2,
  incomplete: 3,
  responseFailed: 4,
  stillLive: 5,
  bug: 70,
  interrupted: 130
};
var PRECEDENCE = [130, 70, 2, 5, 1, 4, 3, 0];
function strongestExitCode(codes) {
  const held = new Set(codes);
  return PRECEDENCE.find((code) => held.has(code)) ?? ExitCode.clean;
}

export {
  ExitCode,
  strongestExitCode
};
