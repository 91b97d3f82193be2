// src/respond/revocation/manual-provider.ts
var WAITING = { status: "pending", message: null };
var ManualProvider = class {
  name = "the dashboard";
  isManual = true;
  revoke(entries) {
    return Promise.resolve(new Map(entries.map(({ token }) => [token.fingerprint, WAITING])));
  }
  poll() {
    return Promise.resolve(/* @__PURE__ */ new Map());
  }
  close() {
    return Promise.resolve();
  }
};

export {
  ManualProvider
};
