/** Something that git's formats do not allow, in a file of the store. The message says what, the thrower's caller where. */
export class Damage extends Error {
  override readonly name = "Damage";
}

/** Something that is allowed and that this reader leaves to git. */
export class NotForUs extends Error {
  override readonly name = "NotForUs";
}
