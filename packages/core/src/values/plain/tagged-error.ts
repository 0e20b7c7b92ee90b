/**
 * An error with a tag and typed fields, and nothing else at run time: it is thrown, refused with (`yield* fail(…)`), matched by `_tag` and
 * written as JSON like any other tagged error, without a library behind it.
 */
export const TaggedError = <const Tag extends string>(
  tag: Tag
): new <A extends { readonly message: string }>(fields: A) => Error & Readonly<A> & { readonly _tag: Tag } => {
  class Base extends Error {
    readonly _tag = tag
    constructor(fields: { readonly message: string }) {
      super(fields.message)
      Object.assign(this, fields)
    }
    toJSON(): object {
      return { ...this, message: this.message }
    }
  }
  Base.prototype.name = tag
  const made: object = Base
  return made as ReturnType<typeof TaggedError<Tag>>
}
