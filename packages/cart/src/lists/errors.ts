import * as Data from "effect/Data"

/** There is no such list. */
export class ListNotFound extends Data.TaggedError("ListNotFound")<{ readonly message: string; readonly list: string }> {
  /** The error about what was looked up. */
  static of(list: string): ListNotFound {
    return new ListNotFound({ list, message: `There is no list "${list}".` })
  }
}

/** The list has as many items as there may be. */
export class ListFull extends Data.TaggedError("ListFull")<{ readonly message: string; readonly list: string; readonly most: number }> {}

/** The link shows nothing, or not any more. */
export class LinkNotFound extends Data.TaggedError("LinkNotFound")<{ readonly message: string; readonly code: string }> {
  /** The error about a code. */
  static of(code: string): LinkNotFound {
    return new LinkNotFound({ code, message: `The link "${code}" shows nothing, or not any more. Ask for a new one.` })
  }
}

/** The link lets others look, and not take over. */
export class LinkReadOnly extends Data.TaggedError("LinkReadOnly")<{ readonly message: string; readonly code: string }> {
  /** The error about a code. */
  static of(code: string): LinkReadOnly {
    return new LinkReadOnly({ code, message: `The link "${code}" is for looking only; its owner can share the cart to be copied.` })
  }
}
