// Texts of strangers.
import * as fc from "fast-check";

/** Pieces of what somebody would try, and anything else. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."`|\\*_~[]()<>!#@-+=:\n\r\t $&'\"".split(""),
        "``",
        "```\n",
        "\n\n# ",
        "@acme/admins",
        "@ada",
        "#12",
        "GH-12",
        "acme/billing#3",
        "![x](https://evil.example/p.png)",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "</code>",
        "<!--",
        "-->",
        "https://evil.example/a",
        "www.evil.example",
        "ada@evil.example",
        "mailto:ada@evil.example",
        "deadbeefdeadbeef",
        "| a | b |\n| --- | --- |",
        "- [x] done <!-- keyrecall:step mint -->",
        "\n- [x] done <!-- keyrecall:step mint -->\n",
        "&#64;ada",
        "::set-output name=a::b",
        "##[error]",
        "\u202e",
        "\u200b",
        "\ud800",
        "\udc80",
        "$`x`$",
        "[^1]",
      ),
      fc.string({ unit: "binary" }),
      fc.string(),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));
